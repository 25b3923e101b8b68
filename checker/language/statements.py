"""Chains of equations as statements: which line claims, defines or updates what, and its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sympy import Expr, Symbol

from checker.calculus.context import Range
from checker.calculus.functions import elementary, standard
from checker.language import names
from checker.language.anew import likely_anew, target_anew
from checker.language.boldness import plain_twin, two_letters
from checker.language.calls import WORDS
from checker.language.captions import is_caption
from checker.language.definitions import Defined, define, mentions
from checker.language.desk import Desk
from checker.language.differentials import held_fixed, unclear
from checker.language.faults import Misread, unreadable
from checker.language.integers import integers_in
from checker.language.lost import lose, refused, why_not_wrong
from checker.language.operators import both_bound_and_free
from checker.language.own_entries import take_entries
from checker.language.reading import LAYOUTS, Fault, ReadStatement, Side
from checker.language.repeated import kept_letters, repeated_in, summed_in_silence
from checker.language.sides import Chain, Part, lower_sides, side_terms
from checker.language.surface import Derivative, Factors, Group, Name, Number, Scripted, Terms, Tree
from checker.language.symbols import Entry, Redeclared, names_in
from checker.language.targets import Target, target_of
from checker.language.twofold import note_second_definition, twofold, word_of_letters
from checker.language.unsaid import doubt, unsure_shape
from checker.language.upstream import gradient_named
from checker.language.walk import descend

EQUALITIES = frozenset({"=", ":=", "\\equiv", "\\coloneqq", "\\triangleq"})


UPDATES = frozenset({"\\leftarrow", "+=", "-=", "*=", "\\gets"})


_WHY_NOT = {
    "\\approx": "an approximation is not judged",
    "\\propto": "a proportionality is not judged",
    "\\sim": "a statement about a distribution or an order of growth is not judged",
    "\\to": "a limit or a mapping is not judged",
    "\\mapsto": "a mapping is not judged",
    "\\in": "a membership is not judged; in a sentence that begins with Let it declares a shape",
}


def why_not(relation: str | None) -> str:
    if relation in ("<", "\\le", ">", "\\ge", "\\ll", "\\gg", "\\ne"):
        return f"an inequality ({relation}) is not judged; only equations are"
    return _WHY_NOT.get(relation or "", f"the relation {relation} is not judged; only equations are")


@dataclass(frozen=True)
class Origin:
    """What a claim was read from: its chain, and the state of the reading at its place."""

    desk: Desk
    chain: Chain


@dataclass(frozen=True)
class Equation:
    """Two sides as terms, with their free indices; a side without a term has its fault.

    ``rows`` and ``columns`` are those of the indices that stand for the slots of an array.
    """

    left: Expr | Fault
    right: Expr | Fault
    indices: Mapping[Symbol, Range]
    rows: tuple[Symbol, ...] = ()
    columns: tuple[Symbol, ...] = ()


def lower_equation(desk: Desk, chain: Chain, layout: str) -> Equation:
    """A chain of two sides in one layout."""
    found = side_terms(desk, chain, lower_sides(desk, chain, layout))
    left, right = (judged(desk, term, part) for term, part in zip(found.terms, chain.parts, strict=True))
    return Equation(left, right, found.indices, *found.open)


def read_chain(desk: Desk, chain: Chain) -> ReadStatement:
    """A chain of equations as a claim, a definition or an update."""
    if (
        len(chain.parts) > 2
        and isinstance(chain.parts[0].tree, Name | Scripted)
        and is_caption(desk, chain.parts[1].tree)
    ):
        chain = replace(chain, parts=(chain.parts[0], *chain.parts[2:]))
    parts = chain.parts
    start = parts[0].ends[0]
    updated = _update(desk, chain)
    if updated is not None:
        return _listed(desk, chain, "update", updated)
    set_out = take_entries(desk, parts[0].tree, parts[1].tree, start)
    if set_out is not None and len(parts) > 2:
        rest = replace(chain, parts=(parts[0], *parts[2:]))
        if new_target(desk, rest) is not None:
            return read_chain(desk, rest)  # what it is made of comes after
    if set_out is not None:
        return claim(desk, chain, start, defining=True, defined=set_out, fault=None)
    target = new_target(desk, chain) or target_anew(desk, chain)
    if target is not None and gradient_named(desk, chain):
        return claim(desk, chain, start, defining=False, defined=None, fault=None)
    if target is not None:
        return _definition(desk, chain, target, start)
    return claim(desk, chain, start, defining=False, defined=None, fault=None)


def _listed(desk: Desk, chain: Chain, kind: str, message: str) -> ReadStatement:
    start = chain.parts[0].ends[0]
    fault = Fault("undecided", "outside", start, chain.parts[-1].ends[1], message)
    sides = tuple(Side(p.latex, *p.ends, terms=dict.fromkeys(LAYOUTS, fault)) for p in chain.parts)
    return ReadStatement(
        desk.new_id(chain.id, start),
        kind,
        start,
        sides,
        context=desk.table.context(),
        expectations=chain.expectations,
        message=message,
    )


def listed(desk: Desk, chain: Chain, message: str) -> ReadStatement:
    """A chain that is not judged."""
    return _listed(desk, chain, "skipped", message)


# --------------------------------------------------------------------------- updates and definitions


def _update(desk: Desk, chain: Chain) -> str | None:
    """Why a chain is an update of a variable, not an equation; None where it is none."""
    head, second = chain.parts[0], chain.parts[1]
    name = _base(head.tree)
    if second.relation in UPDATES:
        return f"an update of {name or 'a variable'}, not an equation: listed, not judged"
    if name is None:
        return None
    known = name in desk.table.definitions or name in desk.table.functions
    if second.relation == ":=" and known:
        return f"{name} gets a new value here: an update, listed and not judged"
    if len(chain.parts) == 2 and _steps_on(head.tree, second.tree):
        return f"{name} stands on both sides: an update, listed and not judged"
    return None


def _base(tree: Tree) -> str | None:
    if isinstance(tree, Scripted) and isinstance(tree.base, Name):
        return tree.base.name
    return names.spell(tree)


def _steps_on(head: Tree, right: Tree) -> bool:
    """``w = w - \\eta g``: the name itself is a term of the right side."""
    if not isinstance(right, Terms) or not isinstance(head, (Name, Scripted)):
        return False
    return any(sign > 0 and same_tree(head, term) for term, sign in zip(right.terms, right.signs, strict=True))


def same_tree(left: object, right: object) -> bool:
    """Whether two trees are the same but for their places."""
    if type(left) is not type(right):
        return False
    if isinstance(left, Tree):
        fields = [f for f in left.__dataclass_fields__ if f not in ("span", "style")]
        return all(same_tree(getattr(left, f), getattr(right, f)) for f in fields)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(same_tree(a, b) for a, b in zip(left, right, strict=True))
    return left == right


def new_target(desk: Desk, chain: Chain) -> Target | None:
    """What a chain defines, if its head is a name that has no meaning yet."""
    head, second = chain.parts[0], chain.parts[1]
    target = target_of(desk, head.tree, second.tree, chain.conditions)
    if target is None or not target.name or _is_kronecker(head.tree, desk):
        return None
    table = desk.table
    if target.name in table.signatures and target.parameters is not None:
        return target
    if target.name in table.depends or target.name in table.definitions or target.name in table.functions:
        return None
    if target.parameters is not None:
        known = target.name in table.elementwise or desk_function(desk, target.name)
        return None if known else target
    if target.name in table.also:
        return None
    entry = table.entries.get(target.name)
    if entry is not None and (entry.kind != "tensor" or _is_fixed_element(entry, target) or _is_diagonal(target)):
        return None
    if not target.above and (entry is None or not entry.family) and _says_something_of_itself(second.tree, target):
        return None
    return None if _reserved(target.name, entry is not None) else target


def _says_something_of_itself(right: Tree, target: Target) -> bool:
    """``x_i = \\sum_j \\delta_{ij} x_j`` claims something of x; ``h_t`` by ``h_{t-1}`` is a definition."""
    return mentions(right, target.name) and not any(_is_shifted(x, target.name) for x in descend(right))


def _is_shifted(tree: Tree, name: str) -> bool:
    """``h_{t-1}``: a name may be defined by itself at another place."""
    if not isinstance(tree, Scripted) or not isinstance(tree.base, Name) or tree.base.name != name:
        return False
    return any(isinstance(p, Terms) for p in (*tree.subscripts, *tree.superscripts))


def _is_fixed_element(entry: Entry, target: Target) -> bool:
    """``x_1`` of a declared vector: its value is claimed, not defined (``a_0`` of a labelled name is defined)."""
    parts = (*target.above, *target.below)
    letters = [x for part in parts for x in names.letters_in(part)]
    return bool(parts) and not letters and entry.family == 0


def _is_diagonal(target: Target) -> bool:
    """``A_{ii} = 0`` claims something of the diagonal of a declared A; it defines nothing."""
    letters = [x for part in (*target.above, *target.below) for x in names.letters_in(part)]
    return len(set(letters)) < len(letters)


def desk_function(desk: Desk, name: str) -> bool:
    return elementary(name) is not None or standard(name) is not None or name in WORDS or name in ("max", "min")


def _is_kronecker(tree: Tree, desk: Desk) -> bool:
    if not isinstance(tree, Scripted) or _base(tree) != "\\delta" or "\\delta" in desk.table.entries:
        return False
    return not names.is_label(tree) and len(names.slot_parts(tree.subscripts, 2)) == 2


def _reserved(name: str, declared: bool) -> bool:
    return not declared and name in ("e", "\\pi", "I", "\\mathbf{1}", "\\mathbf{0}", "\\infty")


def _definition(desk: Desk, chain: Chain, target: Target, start: int) -> ReadStatement:
    head, second = chain.parts[0], chain.parts[1]
    latex = f"{head.latex} {second.relation} {second.latex}"
    try:
        defined = define(desk, target, head.tree, second.tree, chain.conditions, start, latex)
    except Misread as problem:
        formula = head.formula if _inside(problem.span, head.tree.span) else second.formula
        lose(desk, head.tree, start)
        return _faulty_definition(desk, chain, target, desk.fault(problem, formula), start)
    except Redeclared as problem:
        again = unreadable("syntax", head.tree, redeclared_message(desk, problem))
        return _faulty_definition(desk, chain, target, desk.fault(again, head.formula), start)
    if len(chain.parts) == 2:
        return defined_statement(desk, chain, defined, start)
    return claim(desk, chain, start, defining=True, defined=defined.name, fault=None)


def redeclared_message(desk: Desk, problem: Redeclared) -> str:
    line = desk.lines.place(problem.first)[0]
    return (
        f"{problem.name} was declared or defined differently under the same heading (line {line}); "
        "use another letter or a new heading"
    )


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _faulty_definition(desk: Desk, chain: Chain, target: Target, fault: Fault, start: int) -> ReadStatement:
    """A definition that cannot be read or cannot fit; what it defines stays undefined."""
    if len(chain.parts) > 2:
        desk.table.dropped.setdefault(target.name, target.name)
    sides = [Side(p.latex, *p.ends, terms=dict.fromkeys(LAYOUTS, fault)) for p in chain.parts]
    sides[1] = replace(sides[1], definition=True)
    return ReadStatement(
        desk.new_id(chain.id, start),
        "definition",
        start,
        tuple(sides),
        context=desk.table.context(),
        expectations=chain.expectations,
        defined=target.name,
        fault=fault,
    )


def defined_statement(desk: Desk, chain: Chain, defined: Defined, start: int) -> ReadStatement:
    """A definition of one line."""
    head, second = chain.parts[0], chain.parts[1]
    sides = (
        Side(head.latex, *head.ends, terms=dict.fromkeys(LAYOUTS, defined.head)),
        Side(second.latex, *second.ends, terms=dict(defined.bodies), definition=True),
    )
    indices = {**defined.indices, **integers_in(desk, list(defined.bodies.values()))}
    return ReadStatement(
        desk.new_id(chain.id, start),
        "definition",
        start,
        sides,
        indices=indices,
        context=desk.table.context(),
        expectations=chain.expectations,
        message=chain.message or f"definition, line {desk.lines.place(start)[0]}",
        defined=defined.name,
    )


def _doubt(desk: Desk, chain: Chain, found: Sequence[Expr | Fault], n: int) -> str | None:
    head, term, part = found[0], found[n], chain.parts[n]
    if isinstance(term, Fault):
        return None
    if _is_worked(part.tree) and any(names_in(other) for other in found if not isinstance(other, Fault)):
        return "worked numbers stand here for letters, and nothing says which; they are not judged"
    twice = None if desk.table.summation else _twice(desk, chain, part)
    if twice is not None:
        return (
            f"the indices {twice} stand twice in a product and not on the left side; if they are summed, "
            f"write \\sum_{{{twice}}}, or say that the summation convention holds"
        )
    if n == len(chain.parts) - 1 and _is_set_to_zero(chain):
        return (
            "the derivative may be set to zero here, which is a condition and no claim; write it in a line of its own"
        )
    again = _defines_again(desk, chain) or _said_in_passing(desk, chain.parts[0].tree)
    if again is not None:
        return again
    known_sides = [side for side in (head, term) if not isinstance(side, Fault)]
    several = twofold(desk.table, known_sides) or word_of_letters(chain.parts)
    if several is not None:
        return several
    open_ = unclear(desk.table, [p.tree for p in chain.parts])
    if open_ is not None:
        return open_
    twin = plain_twin(desk.table, [chain.parts[0].tree, part.tree])
    if twin is not None:
        return two_letters(twin)
    known = None if isinstance(head, Fault) else head
    lost = why_not_wrong(desk, term) or (why_not_wrong(desk, known) if known is not None else None)
    return lost or doubt(desk.table, known, term) or unsure_shape(desk.table, desk.inference.ranks, known, term)


def _said_in_passing(desk: Desk, head: Tree) -> str | None:
    """Why an equation about a name may only seem wrong: prose gave the name its meaning, and may have meant less."""
    for name, (_, place) in sorted(desk.table.soft.items()):
        if isinstance(head, Name) and head.name == name:
            line = desk.lines.place(place)[0]
            return (
                f"line {line} says in passing what {name} is, and this does not follow from it; if it is a new "
                f'meaning, write "Let ${name} = …$"'
            )
    return None


def _is_set_to_zero(chain: Chain) -> bool:
    """``\\partial J / \\partial w = X^\\top (X w - y) = 0``"""
    head, last = chain.parts[0].tree, chain.parts[-1].tree
    return len(chain.parts) > 2 and isinstance(head, Derivative) and isinstance(last, Number) and last.value == 0


def _defines_again(desk: Desk, chain: Chain) -> str | None:
    """``g(z) = \\tanh(z)`` after ``g(z) = \\sigma(z)``: in the form of a definition, so it may be one."""
    head, second = chain.parts[0], chain.parts[1]
    if len(chain.parts) > 2:
        return None
    target = target_of(desk, head.tree, second.tree, chain.conditions)
    anew = likely_anew(desk, chain)
    if anew is not None:
        return f"{anew.name} has another definition in an earlier section; if this replaces it, give it another name"
    match head.tree:
        case Factors(factors=(Name() as name, Group(kind="("))) if name.name in desk.table.arguments:
            return _another(name.name)
    if target is None or target.parameters is None or target.name not in desk.table.functions:
        return None
    if not all(isinstance(p, Name) for p in target.parameters):
        return None
    own = {str(p) for p in desk.table.functions[target.name].parameters}
    if all(p.name not in own and _is_declared(desk, p.name) for p in target.parameters if isinstance(p, Name)):
        return None  # h(b) for a number b that was declared: a value of h
    return _another(target.name)


def _is_declared(desk: Desk, name: str) -> bool:
    entry = desk.table.entries.get(name)
    return entry is not None and entry.origin == "declared"


def _another(name: str) -> str:
    return f"{name} has another definition above, and this may be a second one; give it another name"


def _twice(desk: Desk, chain: Chain, part: Part) -> str | None:
    """Letters that a line seems to sum over, or was read as summing over, though nothing says so."""
    head = chain.parts[0].tree
    if not desk.silent:
        return summed_in_silence(head, part.tree)
    kept = kept_letters([p.tree for p in chain.parts])
    return " ".join(repeated_in(part.tree, kept) or repeated_in(head, kept)) or None


def _is_worked(tree: Tree) -> bool:
    """``0.5 - 0.1 * 0``: numbers only, with a decimal among them."""
    nodes = list(descend(tree))
    decimal = any(isinstance(node, Number) and "." in node.text for node in nodes)
    return decimal and not any(isinstance(node, (Name, Derivative)) for node in nodes)


def judged(desk: Desk, term: Expr | Fault, part: Part) -> Expr | Fault:
    """The term of a side, unless it rests on a name that has no meaning."""
    return term if isinstance(term, Fault) else refused(desk, term, part.ends) or term


def _under_a_condition() -> str:
    return "this is claimed under a condition on a whole array, which cannot be honoured, and fails without it"


def claim(
    desk: Desk, chain: Chain, start: int, defining: bool, defined: str | None, fault: Fault | None
) -> ReadStatement:
    note_second_definition(desk.table, chain.parts[0].tree)
    first = lower_sides(desk, chain, LAYOUTS[0])
    per_layout = {LAYOUTS[0]: side_terms(desk, chain, first)}
    note = both_bound_and_free([p.tree for p in chain.parts])
    if desk.silent and any(_twice(desk, chain, p) for p in chain.parts):
        note = "read with the summation convention, which the document uses without saying so"
    if first.env.layout_matters:
        taken = frozenset(str(s) for s in per_layout[LAYOUTS[0]].indices)
        per_layout[LAYOUTS[1]] = side_terms(desk, chain, lower_sides(desk, chain, LAYOUTS[1], taken))
    else:
        per_layout[LAYOUTS[1]] = per_layout[LAYOUTS[0]]
    here = desk.marked()
    sides = []
    fixed = held_fixed(desk.table, [p.tree for p in chain.parts])
    found = per_layout[desk.main_layout].terms
    for n, part in enumerate(chain.parts):
        by_layout = {x: judged(desk, per_layout[x].terms[n], part) for x in LAYOUTS}
        steps = {x: per_layout[x].steps[n] for x in LAYOUTS if n in per_layout[x].steps}
        sides.append(
            Side(
                part.latex,
                *part.ends,
                terms=by_layout,
                definition=defining and n == 1,
                step=steps,
                doubt=_under_a_condition if first.passed_over else partial(_doubt, here, chain, found, n),
                provided=fixed,
            )
        )
    indices = {**per_layout[LAYOUTS[1]].indices, **per_layout[LAYOUTS[0]].indices}
    context = desk.table.context()
    return ReadStatement(
        desk.new_id(chain.id, start),
        "claim",
        start,
        tuple(sides),
        indices=indices,
        context=context,
        expectations=chain.expectations,
        message="; ".join(m for m in (chain.message, note) if m) or None,
        defined=defined,
        fault=fault,
        source=Origin(here, chain),
    )
