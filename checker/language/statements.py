"""Chains of equations as statements: which line claims, defines or updates what, and its terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Integer, Symbol

from checker.calculus import matrices, terms
from checker.calculus.context import Claim, Range
from checker.calculus.functions import elementary, standard
from checker.calculus.matrices import Array
from checker.calculus.shapes import ONE, ShapeError, UnknownSize, is_hole
from checker.documents.model import Formula
from checker.language import names
from checker.language.calls import WORDS
from checker.language.conditions_said import Restrictions, guarded, letters_of, narrow, restrictions
from checker.language.definitions import Defined, Target, define, mentions, target_of
from checker.language.desk import Desk, place
from checker.language.environment import Environment
from checker.language.faults import Misread, unreadable
from checker.language.integers import integers_in
from checker.language.operators import both_bound_and_free
from checker.language.reading import LAYOUTS, Fault, ReadStatement, Side
from checker.language.sentences import Condition
from checker.language.surface import Name, Scripted, Terms, Tree
from checker.language.symbols import Entry, Redeclared
from checker.language.walk import descend


@dataclass(frozen=True)
class Part:
    """One side of a chain, with the formula it stands in."""

    relation: str | None
    tree: Tree
    formula: Formula

    @property
    def latex(self) -> str:
        start, end = self.tree.span
        return self.formula.text[start:end].strip()

    @property
    def ends(self) -> tuple[int, int]:
        return place(self.formula, self.tree.span)


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


# ---------------------------------------------------------------------------------------- one chain


@dataclass(frozen=True)
class Chain:
    """The sides of one statement; ``conditions`` stand beside the formula."""

    parts: tuple[Part, ...]
    conditions: tuple[Condition, ...]
    id: str | None
    expectations: tuple[tuple[str, str | None], ...]
    message: str | None = None


@dataclass(frozen=True)
class Origin:
    """What a claim was read from: its chain, and the state of the reading at its place."""

    desk: Desk
    chain: Chain


def lower_equation(
    desk: Desk, chain: Chain, layout: str
) -> tuple[Expr | Fault, Expr | Fault, Mapping[Symbol, Range]]:
    """A chain of two sides as terms with their free indices, in one layout."""
    found = _terms(desk, chain, _lower_sides(desk, chain, layout))
    left, right = found.terms
    return left, right, found.indices


def read_chain(desk: Desk, chain: Chain) -> ReadStatement:
    """A chain of equations as a claim, a definition or an update."""
    parts = chain.parts
    start = parts[0].ends[0]
    updated = _update(desk, chain)
    if updated is not None:
        return _listed(desk, chain, "update", updated)
    target = _new_target(desk, chain)
    if target is not None:
        return _definition(desk, chain, target, start)
    return _claim(desk, chain, start, defining=False, defined=None, fault=None)


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


def _new_target(desk: Desk, chain: Chain) -> Target | None:
    """What a chain defines, if its head is a name that has no meaning yet."""
    head, second = chain.parts[0], chain.parts[1]
    target = target_of(desk, head.tree, second.tree, chain.conditions)
    if target is None or not target.name or _is_kronecker(head.tree, desk):
        return None
    table = desk.table
    if target.name in table.depends or target.name in table.definitions or target.name in table.functions:
        return None
    if target.parameters is not None:
        known = target.name in table.elementwise or desk_function(desk, target.name)
        return None if known else target
    entry = table.entries.get(target.name)
    if entry is not None and (entry.kind != "tensor" or _is_fixed_element(entry, target)):
        return None
    if mentions(second.tree, target.name) and not target.above and (entry is None or not entry.family):
        if not any(_is_shifted(x, target.name) for x in descend(second.tree)):
            return None  # x_i = \sum_j \delta_{ij} x_j claims something of x
    return None if _reserved(target.name, entry is not None) else target


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


def desk_function(desk: Desk, name: str) -> bool:
    return elementary(name) is not None or standard(name) is not None or name in WORDS


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
        return _faulty_definition(desk, chain, target, desk.fault(problem, formula), start)
    except Redeclared as problem:
        again = unreadable("syntax", head.tree, redeclared_message(desk, problem))
        return _faulty_definition(desk, chain, target, desk.fault(again, head.formula), start)
    if len(chain.parts) == 2:
        return defined_statement(desk, chain, defined, start)
    return _claim(desk, chain, start, defining=True, defined=defined.name, fault=None)


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


# ------------------------------------------------------------------------------------------- claims


@dataclass
class _Lowered:
    """The sides of a chain in one layout."""

    env: Environment
    values: list[Array | Misread]
    ranges: dict[Symbol, Range]
    guards: list[Expr]


def _claim(
    desk: Desk, chain: Chain, start: int, defining: bool, defined: str | None, fault: Fault | None
) -> ReadStatement:
    first = _lower_sides(desk, chain, LAYOUTS[0])
    per_layout = {LAYOUTS[0]: _terms(desk, chain, first)}
    note = both_bound_and_free([p.tree for p in chain.parts])
    if first.env.layout_matters:
        taken = frozenset(str(s) for s in per_layout[LAYOUTS[0]].indices)
        per_layout[LAYOUTS[1]] = _terms(desk, chain, _lower_sides(desk, chain, LAYOUTS[1], taken))
    else:
        per_layout[LAYOUTS[1]] = per_layout[LAYOUTS[0]]
    sides = []
    for n, part in enumerate(chain.parts):
        by_layout = {x: per_layout[x].terms[n] for x in LAYOUTS}
        steps = {x: per_layout[x].steps[n] for x in LAYOUTS if n in per_layout[x].steps}
        sides.append(Side(part.latex, *part.ends, terms=by_layout, definition=defining and n == 1, step=steps))
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
        source=Origin(desk.marked(), chain),
    )


def _lower_sides(desk: Desk, chain: Chain, layout: str, taken: frozenset[str] = frozenset()) -> _Lowered:
    """The sides in one layout; ``taken`` are letters that the other layout has given to its slots."""
    env = desk.environment([p.tree for p in chain.parts], layout, taken)
    stated = _restricted(env, chain)
    values: list[Array | Misread] = []
    for n, part in enumerate(chain.parts):
        env.indices.side = n
        values.append(_attempt(env, part))
    _unify_shapes(env, values)
    for name, extent in (stated.ranges if not isinstance(stated, Misread) else {}).items():
        symbol = terms.index(name)
        if symbol in env.indices.free:
            env.indices.ranges[symbol] = env.indices.stated[symbol] = extent
    ranges = _conclude(env, values)
    if isinstance(stated, Misread):
        values[-1] = stated
        return _Lowered(env, values, ranges, [])
    return _Lowered(env, values, ranges, narrow(env.indices, ranges, stated.guards))


def _restricted(env: Environment, chain: Chain) -> Restrictions | Misread:
    try:
        env.letters |= frozenset(letters_of(chain.conditions))
        return restrictions(env, chain.conditions)
    except Misread as problem:
        return problem


def _attempt(env: Environment, part: Part) -> Array | Misread:
    try:
        return env.lower(env, part.tree)
    except Misread as problem:
        return problem
    except ShapeError as error:
        return Misread("wrong", "shape", part.tree.span, str(error))
    except RecursionError:
        return Misread("unreadable", "syntax", part.tree.span, "this formula is nested too deeply")


def _unify_shapes(env: Environment, values: Sequence[Array | Misread]) -> None:
    """Fill holes and unknown shapes from the sides they are equated with."""
    arrays = [v for v in values if isinstance(v, Array)]
    model = next((a for a in arrays if not a.any_shape), None)
    if model is None:
        return
    for array in arrays:
        if array.any_shape:
            matrices.adopted(array, model)
        else:
            matrices.could_be_same(env.work, array.rows, model.rows) and matrices.fits(env.work, array, model)


def _conclude(env: Environment, values: list[Array | Misread]) -> dict[Symbol, Range]:
    """The ranges of the free letters; a side that leaves a range loses its value, the others keep theirs."""
    for _ in range(len(values) + 1):
        try:
            return env.indices.conclude()
        except Misread as problem:
            side = env.indices.blamed
            values[side] = problem
            env.indices.forget(side)
    return {}


@dataclass(frozen=True)
class _Terms:
    terms: list[Expr | Fault]
    steps: Mapping[int, Claim]
    indices: dict[Symbol, Range]


def _terms(desk: Desk, chain: Chain, lowered: _Lowered) -> _Terms:
    env, values = lowered.env, lowered.values
    head = values[0]
    model = _model(head, values)
    if model is None:
        return _Terms([_failed(desk, chain, n, v) for n, v in enumerate(values)], {}, {})
    slots = [env.sizes.resolve(r) for r in model.slots]
    letters = tuple(Integer(1) if r == ONE else env.work.letters.fresh() for r in slots)
    found: list[Expr | Fault] = []
    steps: dict[int, Claim] = {}
    for n, value in enumerate(values):
        entry = _side_term(desk, chain, lowered, n, value, model, letters)
        found.append(entry)
        if n > 1 and isinstance(entry, Fault) and entry.reason == "shape" and isinstance(value, Array):
            step = _step(lowered, values[n - 1], value)
            if step is not None:
                steps[n] = step
    indices = dict(lowered.ranges)
    open_slots = zip(letters, slots, strict=True)
    indices.update((x, r) for x, r in open_slots if isinstance(x, Symbol) and not is_hole(r))
    indices.update(integers_in(desk, [t for t in found if isinstance(t, Expr)]))
    return _Terms(found, steps, indices)


def _model(head: Array | Misread, values: Sequence[Array | Misread]) -> Array | None:
    """The side whose shape the others must have: the head, unless it is a bare 0."""
    if isinstance(head, Misread):
        head = next((v for v in values if isinstance(v, Array)), head)
    if isinstance(head, Misread):
        return None
    if head.any_shape:
        return next((v for v in values if isinstance(v, Array) and not v.any_shape), head)
    return head


def _failed(desk: Desk, chain: Chain, n: int, value: Array | Misread) -> Expr | Fault:
    assert isinstance(value, Misread)
    return desk.fault(value, chain.parts[n].formula)


def _side_term(
    desk: Desk,
    chain: Chain,
    lowered: _Lowered,
    n: int,
    value: Array | Misread,
    model: Array,
    letters: tuple[Expr, ...],
) -> Expr | Fault:
    part = chain.parts[n]
    if isinstance(value, Misread):
        return desk.fault(value, part.formula)
    try:
        if not matrices.fits(lowered.env.work, value, model):
            raise Misread("wrong", "shape", part.tree.span, _misfit(lowered, chain, model, value, part))
        shaped = matrices.shaped_like(lowered.env.work, value, model)
        return guarded(shaped.entry(letters), lowered.guards)
    except Misread as problem:
        return desk.fault(problem, part.formula)
    except ShapeError as error:
        return desk.fault(Misread("wrong", "shape", part.tree.span, str(error)), part.formula)
    except UnknownSize:
        return desk.fault(_unknown_size(part), part.formula)


def _unknown_size(part: Part) -> Misread:
    message = (
        "the size of a vector of ones, an identity or a unit vector is not determined here; write \\mathbf{1}_n or I_n"
    )
    return Misread("unreadable", "ambiguous-shape", part.tree.span, message)


def _misfit(lowered: _Lowered, chain: Chain, model: Array, value: Array, part: Part) -> str:
    work = lowered.env.work
    left, right = matrices.describe(work, model), matrices.describe(work, value)
    message = f"{chain.parts[0].latex} is {left}, but {part.latex} is {right}"
    if matrices.is_number(work, model) and not matrices.is_number(work, value):
        free = "".join(str(s) for s in lowered.ranges)
        return f"{message}; name the element on this side as well, such as ({part.latex})_{{{free or 'i'}}}"
    if not model.solid and not value.solid and not matrices.is_number(work, value):
        turned = matrices.transposed(work, value)
        if matrices.could_be_same(work, turned.rows, model.rows) and matrices.could_be_same(
            work, turned.columns, model.columns
        ):
            return f"{message}; its transpose would fit"
    return message


def _step(lowered: _Lowered, before: Array | Misread, value: Array) -> Claim | None:
    """The line against the one before it, where only the head does not fit."""
    work = lowered.env.work
    if isinstance(before, Misread) or not matrices.fits(work, value, before):
        return None
    letters = work.letters.several(len(before.slots))
    try:
        left = before.entry(letters)
        right = matrices.shaped_like(work, value, before).entry(letters)
    except (Misread, UnknownSize, ShapeError):
        return None
    indices = dict(lowered.ranges)
    indices.update((x, work.sizes.resolve(r)) for x, r in zip(letters, before.slots, strict=True))
    return Claim(left, right, indices)
