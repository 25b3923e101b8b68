"""What a declaring sentence does to the symbol table: one function per kind of saying."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Symbol, oo

from checker.calculus import terms
from checker.calculus.context import Definition, Hypothesis, Range
from checker.calculus.functions import elementary, standard
from checker.calculus.shapes import INTEGERS, upto
from checker.language import names
from checker.language.conditions import compare
from checker.language.conditions_said import letters_of, restrictions
from checker.language.definitions import Defined, define, target_of
from checker.language.desk import Desk
from checker.language.elements import index_expression, size_expression
from checker.language.environment import Environment
from checker.language.faults import outside, unreadable
from checker.language.hypotheses import suppose_property, suppose_relation
from checker.language.operators import range_end
from checker.language.sentences import Condition, Piece, Saying
from checker.language.surface import (
    Call,
    Ellipsis_,
    Factors,
    Group,
    Hole,
    Name,
    Number,
    Relation,
    Row,
    Scripted,
    Terms,
    Tree,
)
from checker.language.survey import finite_values
from checker.language.symbols import Entry

Outcome = Defined | list[Hypothesis] | None


def take_in(desk: Desk, saying: Saying, start: int) -> Outcome:
    """Do what is said; raises ``Misread`` or ``Redeclared`` where it cannot be done."""
    if saying.problem is not None:
        raise saying.problem
    return APPLY[saying.kind](desk, saying, start)


# ----------------------------------------------------------------------------------- names and slots


def _name(tree: Tree | None, piece: Piece) -> str:
    spelled = names.spell(tree) if tree is not None else None
    if spelled is None and isinstance(tree, Call) and tree.scripts is None:
        return tree.function.name
    if spelled is None:
        raise unreadable("syntax", tree or Tree(piece.span), "a name is expected here")
    return spelled


def _heads(piece: Piece) -> list[Tree]:
    """The names in ``A, B \\in …`` or in a bare list."""
    head = piece.head
    if isinstance(head, Group) and head.kind == ",":
        return list(head.items)
    if isinstance(head, Relation):
        return list(head.operands[:1])
    return [head] if head is not None else []


def _enter(desk: Desk, entry: Entry) -> None:
    known = desk.table.entries.get(entry.name)
    if known is None or known.heading < desk.table.heading or known.origin == "inferred":
        desk.inference.declared(entry.name)
    desk.table.declare(entry)


# ------------------------------------------------------------------------------------------- shapes


def _shape(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``X \\in \\mathbb{R}^{m \\times n}``, with names before it that share the set."""
    *others, last = saying.pieces
    kind = _set_of(last.rows[1].tree)
    result: list[Hypothesis] = []
    for piece in (*others, last):
        for head in _heads(piece):
            result += _member(desk, head, kind, last, saying.conditions, start)
    return result or None


def _sized(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*A is an* $m \\times n$ *matrix*: the size is the bare formula."""
    tree = saying.arguments[0].head
    assert tree is not None
    kind = _set_of(tree) if _is_set(tree) else ("R", _dimensions((tree,)))
    result: list[Hypothesis] = []
    for piece in saying.pieces:
        for head in _heads(piece):
            result += _member(desk, head, kind, piece, saying.conditions, start)
    return result or None


def _is_set(tree: Tree) -> bool:
    base = tree.base if isinstance(tree, Scripted) else tree
    return isinstance(base, Name) and base.name in ("\\mathbb{R}", "\\R")


def _signature(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``f: \\mathbb{R} \\to \\mathbb{R}``: an unknown function of numbers; other signatures are passed over."""
    piece = saying.pieces[0]
    trees = [row.tree for row in piece.rows]
    plain = [isinstance(t, Name) and t.name in ("\\mathbb{R}", "\\R") for t in trees[1:]]
    if len(plain) == 2 and all(plain):
        return _elementwise(desk, Saying("elementwise", (Piece(piece.formula, piece.rows[:1]),)), start)
    return None


def _set_of(tree: Tree | None) -> tuple[str, tuple[Tree, ...]]:
    """``("R", dimensions)``, ``("Z", ())``, ``("N", ())``, ``("list", items)``, ``("interval", ends)``."""
    match tree:
        case Name(name="\\mathbb{R}" | "\\R"):
            return "R", ()
        case Name(name="\\mathbb{Z}"):
            return "Z", ()
        case Name(name="\\mathbb{N}"):
            return "N", ()
        case Scripted(base=Name(name="\\mathbb{R}" | "\\R")):
            return ("R+" if tree.subscripts else "R"), _dimensions(tree.superscripts)
        case Scripted(base=Name(name="\\mathbb{N}" | "\\mathbb{Z}")) if not tree.superscripts:
            return "N", ()
        case Group(kind="{", items=items):
            return "list", items
        case Group(kind="(" | "[" | "[)" | "(]", items=items) if len(items) == 2:
            return "interval" + tree.kind, items
        case _:
            raise outside(
                tree or Tree((0, 0)),
                "this set is not understood; write \\mathbb{R}, \\mathbb{R}^{n} or \\mathbb{R}^{m \\times n}",
            )


def _dimensions(parts: Sequence[Tree]) -> tuple[Tree, ...]:
    if len(parts) != 1:
        return tuple(parts)
    part = parts[0]
    if isinstance(part, Factors) and "\\times" in part.operators:
        return _split_times(part)
    return (part,)


def _split_times(part: Factors) -> tuple[Tree, ...]:
    runs: list[list[Tree]] = [[part.factors[0]]]
    for operator, factor in zip(part.operators, part.factors[1:], strict=True):
        if operator == "\\times":
            runs.append([factor])
        else:
            runs[-1].append(factor)
    return tuple(r[0] if len(r) == 1 else Factors(part.span, tuple(r), ("",) * (len(r) - 1)) for r in runs)


def _member(
    desk: Desk,
    head: Tree,
    kind: tuple[str, tuple[Tree, ...]],
    piece: Piece,
    conditions: Sequence[Condition],
    start: int,
) -> list[Hypothesis]:
    which, parts = kind
    if which == "N":
        return _as_integer(desk, head, [_lower_end(Integer(1))], conditions, start) or []
    if which == "Z":
        return _as_integer(desk, head, [], conditions, start) or []
    if which == "list":
        return _listed(desk, head, parts, conditions, start)
    dimensions = parts if which in ("R", "R+") else ()
    for _letter, tree in _expanded(head, conditions):
        _enter(desk, _entry(desk, tree, dimensions, conditions, start))
    return _bounds_of(desk, head, which, parts, piece, conditions)


def _expanded(head: Tree, conditions: Sequence[Condition]) -> list[tuple[str, Tree]]:
    """``W^{(r)}`` for r = 1, 2 is two names."""
    for condition in conditions:
        found = finite_values(condition.tree)
        if found is not None:
            return [(value.text, substitute(head, found[0], value)) for value in found[1]]
    return [("", head)]


def substitute(tree: Tree, letter: str, value: Number) -> Tree:
    """The tree with a number in place of a letter."""
    if isinstance(tree, Name):
        return replace(value, span=tree.span) if tree.name == letter else tree
    changes: dict[str, Any] = {}
    for name in tree.__dataclass_fields__:
        old = getattr(tree, name)
        if isinstance(old, Tree):
            changes[name] = substitute(old, letter, value)
        elif isinstance(old, tuple) and any(isinstance(x, (Tree, tuple)) for x in old):
            changes[name] = tuple(_substitute_in(x, letter, value) for x in old)
    return replace(tree, **changes) if changes else tree


def _substitute_in(item: object, letter: str, value: Number) -> object:
    if isinstance(item, Tree):
        return substitute(item, letter, value)
    if isinstance(item, tuple):
        return tuple(_substitute_in(x, letter, value) for x in item)
    return item


def _entry(desk: Desk, head: Tree, dimensions: Sequence[Tree], conditions: Sequence[Condition], start: int) -> Entry:
    """The entry of a declared name; letters in its scripts that run are slots."""
    target = _declared_target(desk, head, dimensions, conditions)
    if target is None:
        raise unreadable("syntax", head, "a name is expected before \\in")
    name, above, below = target
    env = desk.environment([head, *dimensions], desk.main_layout)
    stated = restrictions(env, conditions)
    outer, parameters = _outer_slots(desk, env, (*above, *below), stated.ranges)
    for parameter in parameters:
        if isinstance(parameter, Symbol) and parameter.is_integer:
            env.bound[str(parameter)] = parameter
            extent = stated.ranges.get(str(parameter))
            if extent is not None:
                env.indices.ranges[parameter] = extent
    inner = tuple(upto(_size(desk, env, d)) for d in dimensions)
    whole = bool(inner) or above
    family = len(outer) if whole or _endless(outer) else 0
    entry = Entry(
        name,
        slots=outer + inner,
        family=family,
        above=len(above),
        labels=len(above) or (family if inner else 0),
        parameters=parameters,
        start=start + head.span[0],
        heading=desk.table.heading,
    )
    return _merged(desk, entry)


def _endless(outer: tuple[Range, ...]) -> bool:
    return any(r.lower == -oo or r.upper == oo for r in outer)


def _declared_target(
    desk: Desk, head: Tree, dimensions: Sequence[Tree], conditions: Sequence[Condition]
) -> tuple[str, tuple[Tree, ...], tuple[Tree, ...]] | None:
    if not isinstance(head, Scripted) or not isinstance(head.base, Name):
        spelled = names.spell(head)
        return None if spelled is None else (spelled, (), ())
    root = head.base.name + "'" * head.primes
    above: tuple[Tree, ...] = ()
    if head.superscripts:
        running = [x for part in head.superscripts for x in names.letters_in(part)]
        if root in desk.survey.families or (running and not names.is_label(head)):
            above = tuple(head.superscripts)
        else:
            spelled = names.spell_parts(head.superscripts)
            if spelled is None:
                return None
            root = names.with_scripts(root, "", spelled, head.brackets)
    if not head.subscripts:
        return root, above, ()
    if _subscript_runs(desk, head, root, dimensions, conditions):
        return root, above, names.slot_parts(head.subscripts, None)
    below = names.spell_parts(head.subscripts)
    return None if below is None else (names.with_scripts(root, below), above, ())


def _subscript_runs(
    desk: Desk, head: Scripted, root: str, dimensions: Sequence[Tree], conditions: Sequence[Condition]
) -> bool:
    """Whether a declared name's subscript is a slot: its letter is given a range, shifted, or counts a size."""
    entry = desk.table.entries.get(root)
    if entry is not None and entry.family > entry.above:
        return True
    letters = [x for part in head.subscripts for x in names.letters_in(part)]
    if any(names.is_concrete(p) for p in head.subscripts) or not letters:
        return root in desk.survey.stepped and all(isinstance(p, Number) for p in head.subscripts)
    stated = letters_of(conditions)
    inside = {x for d in dimensions for x in names.letters_in(d) if _is_script_letter(d, x)}
    return all(x in stated or x in inside or root in desk.survey.stepped or _declared_index(desk, x) for x in letters)


def _is_script_letter(tree: Tree, letter: str) -> bool:
    match tree:
        case Scripted():
            return any(letter in names.letters_in(p) for p in tree.subscripts)
        case Factors():
            return any(_is_script_letter(f, letter) for f in tree.factors)
        case Terms():
            return any(_is_script_letter(t, letter) for t in tree.terms)
        case Group():
            return any(_is_script_letter(t, letter) for t in tree.items)
        case _:
            return False


def _declared_index(desk: Desk, letter: str) -> bool:
    entry = desk.table.entries.get(letter)
    return entry is not None and entry.kind == "index"


def _outer_slots(
    desk: Desk, env: Environment, parts: Sequence[Tree], stated: Mapping[str, Range]
) -> tuple[tuple[Range, ...], tuple[Symbol, ...]]:
    slots: list[Range] = []
    parameters: list[Symbol] = []
    for part in parts:
        if isinstance(part, Name) and not part.upright and (part.name in stated or not _is_fixed(desk, part.name)):
            parameters.append(terms.index(part.name))
            slots.append(_range_of(desk, part.name, stated))
        else:
            place = index_expression(env, part)
            parameters.append(Symbol("_"))
            slots.append(Range(place, place))
    return tuple(slots), tuple(parameters)


def _is_fixed(desk: Desk, letter: str) -> bool:
    entry = desk.table.entries.get(letter)
    return entry is not None and entry.kind == "size"


def _range_of(desk: Desk, letter: str, stated: Mapping[str, Range]) -> Range:
    if letter in stated:
        return stated[letter]
    entry = desk.table.entries.get(letter)
    if entry is not None and entry.kind == "index" and entry.values is not None:
        return entry.values
    return desk.sizes.hole()


def _merged(desk: Desk, entry: Entry) -> Entry:
    """A further slice of a labelled name (h_0 beside h_t) widens the range of its label."""
    known = desk.table.entries.get(entry.name)
    if known is None or not entry.family or known.slots is None or entry.slots is None or known.family != entry.family:
        return entry
    if known.heading < desk.table.heading or len(known.slots) != len(entry.slots):
        return entry
    slots = [
        _union(desk, a, b) if n < entry.family else a
        for n, (a, b) in enumerate(zip(known.slots, entry.slots, strict=True))
    ]
    desk.table.put(replace(known, slots=tuple(slots), parameters=_letters_first(known, entry)))
    return desk.table.entries[entry.name]


def _letters_first(known: Entry, entry: Entry) -> tuple[Symbol, ...]:
    return tuple(b if str(a) == "_" else a for a, b in zip(known.parameters, entry.parameters, strict=True))


def _union(desk: Desk, left: Range, right: Range) -> Range:
    left, right = desk.sizes.resolve(left), desk.sizes.resolve(right)
    lower = left.lower if desk.sizes.nonnegative(right.lower - left.lower) else right.lower
    upper = left.upper if desk.sizes.nonnegative(left.upper - right.upper) else right.upper
    return Range(lower, upper)


def _size(desk: Desk, env: Environment, tree: Tree) -> Expr:
    """A dimension; ``n_k`` with the letter of a label is one of a family of sizes."""
    if isinstance(tree, Scripted) and isinstance(tree.base, Name) and tree.base.name in desk.survey.counts:
        return _counted(desk, env, tree, tree.base.name)
    match tree:
        case Terms():
            return sum((s * _size(desk, env, t) for t, s in zip(tree.terms, tree.signs, strict=True)), start=Integer(0))
        case Group(kind="(", items=(inner,)):
            return _size(desk, env, inner)
        case _:
            return size_expression(env, tree)


def _counted(desk: Desk, env: Environment, tree: Scripted, name: str) -> Expr:
    parts = names.slot_parts(tree.subscripts, 1)
    place = index_expression(env, parts[0])
    ends = _ends(env, place)
    known = desk.table.entries.get(name)
    slot = Range(*ends) if ends is not None else INTEGERS
    if known is not None and known.kind == "sizes" and known.slots:
        slot = _union(desk, known.slots[0], slot) if ends is not None else known.slots[0]
    if known is None or known.kind != "sizes" or known.slots != (slot,):
        entry = Entry(
            name,
            kind="sizes",
            slots=(slot,),
            family=1,
            labels=1,
            integer=True,
            values=Range(Integer(1), oo),
            origin="inferred",
            heading=desk.table.heading,
        )
        desk.table.put(entry)
    return terms.element(name, place)


def _ends(env: Environment, place: Expr) -> tuple[Expr, Expr] | None:
    letters = [s for s in place.free_symbols if s in env.indices.ranges]
    if not letters:
        return None if any(not s.is_positive for s in place.free_symbols) else (place, place)
    extent = env.indices.ranges[letters[0]]
    return place.xreplace({letters[0]: extent.lower}), place.xreplace({letters[0]: extent.upper})


def _listed(
    desk: Desk, head: Tree, items: Sequence[Tree], conditions: Sequence[Condition], start: int
) -> list[Hypothesis]:
    """``y \\in \\{1, \\dots, K\\}``: an integer.  Other lists of numbers are left alone as real values."""
    if any(isinstance(i, Ellipsis_) for i in items):
        env = desk.environment([head, *items], desk.main_layout)
        extent = Range(range_end(env, items[0]), range_end(env, items[-1]))
        _as_integer(desk, head, [extent], conditions, start)
        return []
    _enter(desk, _entry(desk, head, (), conditions, start))
    return []


def _bounds_of(
    desk: Desk, head: Tree, which: str, parts: Sequence[Tree], piece: Piece, conditions: Sequence[Condition]
) -> list[Hypothesis]:
    """``x \\in (0, 1)`` and ``x \\in \\mathbb{R}_{>0}`` say inequalities as well."""
    span = piece.span
    zero = Number(span, Fraction(0), "0")
    if which == "R+":
        positive = Piece(piece.formula, (Row(None, head, span), Row(">", zero, span)))
        return suppose_relation(desk, positive, conditions)
    if not which.startswith("interval"):
        return []
    low = "<" if which[8] == "(" else "\\le"
    high = {"(": "<", "[": "\\le", "[)": "<", "(]": "\\le"}[which[8:]]
    rows = (Row(None, parts[0], span), Row(low, head, span), Row(high, parts[1], span))
    return suppose_relation(desk, Piece(piece.formula, rows), conditions)


# ------------------------------------------------------------------------------------------ integers


def _integer(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*k is an integer*, with the bounds that the same sentence gives (``1 \\le k \\le L``)."""
    said: list[Hypothesis] = []
    for piece in saying.pieces:
        bounds = [] if piece.is_bare else _bounds(desk, piece, saying.conditions)
        bounds += [b for p in saying.arguments for b in _bounds(desk, p, saying.conditions)]
        if saying.kind == "positive integer":
            bounds.append(_lower_end(Integer(1)))
        for head in _integer_heads(desk, piece):
            said += _as_integer(desk, head, bounds, saying.conditions, start) or []
    return said or None


def _integer_heads(desk: Desk, piece: Piece) -> list[Tree]:
    if piece.is_bare:
        return _heads(piece)
    return [row.tree for row in piece.rows if row.tree is not None and _is_plain_name(row.tree)][:1]


def _is_plain_name(tree: Tree) -> bool:
    return isinstance(tree, (Name, Scripted)) and names.spell(tree) is not None


def _lower_end(end: Expr) -> Range:
    return Range(end, oo)


def _bounds(desk: Desk, piece: Piece, conditions: Sequence[Condition]) -> list[Range]:
    """The bounds that a chain of comparisons gives the integer in it."""
    trees = [row.tree for row in piece.rows if row.tree is not None]
    env = desk.environment(trees, desk.main_layout)
    heads = _integer_heads(desk, piece)
    middle = next((n for n, t in enumerate(trees) if heads and t is heads[0]), None)
    if middle is None:
        return []
    found: list[Range] = []
    for n, row in enumerate(piece.rows[1:]):
        operator = str(row.relation)
        if n == middle and operator in ("<", "\\le", ">", "\\ge"):
            end = range_end(env, trees[n + 1])
            found.append(_one_sided(operator, end))
        elif n + 1 == middle and operator in ("<", "\\le", ">", "\\ge"):
            flipped = {"<": ">", "\\le": "\\ge", ">": "<", "\\ge": "\\le"}[operator]
            found.append(_one_sided(flipped, range_end(env, trees[n])))
    return found


def _one_sided(operator: str, end: Expr) -> Range:
    match operator:
        case "<":
            return Range(-oo, end - 1)
        case "\\le":
            return Range(-oo, end)
        case ">":
            return Range(end + 1, oo)
        case _:
            return Range(end, oo)


def _as_integer(
    desk: Desk, head: Tree, bounds: Sequence[Range], conditions: Sequence[Condition], start: int
) -> list[Hypothesis] | None:
    extent = INTEGERS
    for bound in bounds:
        extent = Range(
            bound.lower if extent.lower == -oo else extent.lower, bound.upper if extent.upper == oo else extent.upper
        )
    if isinstance(head, Scripted) and letters_of(conditions):
        entry = _entry(desk, head, (), conditions, start)
        if entry.slots:
            values = extent if extent.lower != -oo or extent.upper != oo else None
            _enter(desk, replace(entry, integer=True, values=values))
            return None
    name = names.spell(head)
    if name is None:
        raise unreadable("syntax", head, "a name is expected here")
    if extent.upper == oo and isinstance(extent.lower, Integer) and extent.lower >= 1:
        _enter(desk, Entry(name, kind="size", start=start, heading=desk.table.heading))
        desk.sizes.floors[terms.size(name)] = int(extent.lower)
        return _size_floor(desk, head, extent.lower)
    stated = extent if extent.lower != -oo or extent.upper != oo else None
    _enter(desk, Entry(name, kind="index", slots=(), values=stated, start=start, heading=desk.table.heading))
    return None


def _size_floor(desk: Desk, head: Tree, lower: Integer) -> list[Hypothesis] | None:
    if lower <= 1:
        return None
    name = str(names.spell(head))
    said = Hypothesis(f"{name} \\ge {lower}", relation=compare("\\ge", terms.size(name), lower))
    desk.table.suppose(said)
    return [said]


def _range(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``k = 1, \\dots, K``: a letter that is an index from here on."""
    piece = saying.pieces[0]
    head, listed = piece.rows[0].tree, piece.rows[1].tree
    assert isinstance(head, Name)
    assert isinstance(listed, Group)
    env = desk.environment([listed], desk.main_layout)
    found = restrictions(env, [Condition(Relation(piece.span, (head, listed), ("=",)), piece.formula)])
    entry = Entry(
        head.name, kind="index", values=found.ranges[head.name], start=start + head.span[0], heading=desk.table.heading
    )
    _enter(desk, entry)
    return None


# --------------------------------------------------------------------------------- words about names


def _real(desk: Desk, saying: Saying, start: int) -> Outcome:
    said: list[Hypothesis] = []
    for piece in saying.pieces:
        if not piece.is_bare:
            continue
        for head in _heads(piece):
            _enter(desk, _entry(desk, head, (), saying.conditions, start))
            if saying.kind == "positive":
                said += _bounds_of(desk, head, "R+", (), piece, saying.conditions)
    return said or None


def _sequence(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``u_t`` *is a sequence over all integers* t: its letters run over all integers, its labels where they say."""
    for piece in saying.pieces:
        for head in _heads(piece):
            _enter(desk, _sequence_entry(desk, head, start))
    return None


def _sequence_entry(desk: Desk, head: Tree, start: int) -> Entry:
    if not isinstance(head, Scripted) or not isinstance(head.base, Name):
        name = names.spell(head)
        if name is None:
            raise unreadable("syntax", head, "a name such as u_t is expected here")
        return Entry(name, slots=(INTEGERS,), family=1, start=start, heading=desk.table.heading)
    labels = tuple(head.superscripts) if names.is_label(head) else ()
    below = names.slot_parts(head.subscripts, None) or (Hole(head.span),)
    slots = [_range_of(desk, str(names.spell(x)), {}) for x in labels]
    slots += [_range_of(desk, str(names.spell(x)), {str(names.spell(x)): INTEGERS}) for x in below]
    return Entry(
        head.base.name,
        slots=tuple(slots),
        family=len(slots),
        above=len(labels),
        labels=len(labels),
        start=start + head.span[0],
        heading=desk.table.heading,
    )


def _function(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*E is a scalar function of A and B*, *U is a function of X*."""
    arguments = tuple(_argument(desk, tree) for piece in saying.arguments for tree in _heads(piece))
    for piece in saying.pieces:
        for head in _heads(piece):
            name = _function_head(head, piece)
            known = desk.table.entries.get(name)
            if name in desk.table.definitions and known is not None and known.heading == desk.table.heading:
                raise unreadable("syntax", head, f"{name} is defined already; it cannot be an unknown function as well")
            if known is None or known.kind != "tensor" or known.origin == "inferred" or _outdated(desk, known, name):
                _enter(desk, Entry(name, start=start + head.span[0], heading=desk.table.heading))
            desk.table.depend(name, arguments)
    return None


def _outdated(desk: Desk, known: Entry, name: str) -> bool:
    return known.heading < desk.table.heading and (name in desk.table.definitions or name in desk.table.depends)


def _function_head(head: Tree, piece: Piece) -> str:
    if isinstance(head, Factors) and len(head.factors) == 2 and isinstance(head.factors[1], Group):
        return _name(head.factors[0], piece)
    return _name(head, piece)


def _argument(desk: Desk, tree: Tree) -> str:
    """The name in ``A``, ``A_{ij}``, ``a_t^{(l)}``."""
    spelled = names.spell(tree)
    if spelled is not None and spelled in desk.table.entries:
        return spelled
    if isinstance(tree, Scripted) and isinstance(tree.base, Name):
        if tree.base.name in desk.table.entries:
            return _slice(desk, tree, desk.table.entries[tree.base.name]) or tree.base.name
        label = names.spell_parts(tree.superscripts)
        labelled = names.with_scripts(tree.base.name, "", label or "", tree.brackets)
        if labelled in desk.table.entries:
            return labelled
    if spelled is None:
        raise unreadable("syntax", tree, 'the name of a variable is expected after "function of"')
    desk.inference.entry(desk.table, spelled, None, tree)
    return spelled


def _slice(desk: Desk, tree: Scripted, entry: Entry) -> str | None:
    """``x^{(L)}`` and ``x_1`` as what a function depends on: a name of its own, defined as that part of x.

    None where a letter in the scripts runs, so that all of x is meant.
    """
    letters = [x for part in (*tree.superscripts, *tree.subscripts) for x in names.letters_in(part)]
    if entry.slots is None or any(not _is_fixed(desk, x) for x in letters):
        return None
    env = desk.environment([tree], desk.main_layout)
    part = env.lower(env, tree)
    name = names.spell(tree) or f"{entry.name}({', '.join(letters)})"
    pattern = env.work.letters.several(len(part.slots))
    slots = tuple(desk.sizes.resolve(r) for r in part.slots)
    desk.table.put_slice(Entry(name, slots=slots, origin="inferred", heading=desk.table.heading))
    if name not in desk.table.definitions:
        desk.table.define(Definition(name, pattern, part.entry(pattern)), name)
    return name


def _elementwise(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*φ is applied elementwise*: a function of numbers, unknown unless it has a definition or a fixed meaning."""
    for piece in saying.pieces:
        if not piece.is_bare:
            continue
        for head in _heads(piece):
            name = _function_name(head, piece)
            known = desk.table.entries.get(name)
            if known is not None and known.heading == desk.table.heading and known.origin != "inferred":
                raise unreadable("syntax", head, f"{name} is a quantity; a function needs another letter")
            if known is not None:
                desk.table.drop(name)
            older = desk.table.elementwise.get(name, desk.table.heading) < desk.table.heading
            if older and elementary(name) is None:
                desk.table.functions.pop(name, None)
            desk.table.elementwise[name] = desk.table.heading
            meaning = standard(name)
            if meaning is not None and name not in desk.table.functions:
                desk.table.define_function(meaning, desk.table.heading)
    return None


def _function_name(head: Tree, piece: Piece) -> str:
    if isinstance(head, Factors) and isinstance(head.factors[0], Name):
        return head.factors[0].name
    if isinstance(head, Call):
        return head.function.name
    return _name(head, piece)


def _rowwise(desk: Desk, saying: Saying, start: int) -> Outcome:
    desk.table.row_softmax = True
    return None


# ------------------------------------------------------------------------ definitions and assumptions


def _definition(desk: Desk, saying: Saying, start: int) -> Outcome:
    piece = saying.pieces[0]
    left, right = piece.rows[0].tree, piece.rows[1].tree
    if left is None or right is None:
        raise unreadable("syntax", Tree(piece.span), "one side of this definition is missing")
    outcome: Outcome = None
    for value, head in _expanded(left, saying.conditions):
        body = right if not value else _expanded(right, saying.conditions)[_place(value, saying)][1]
        conditions = () if value else saying.conditions
        target = target_of(desk, head, body, conditions)
        if target is None:
            return suppose_relation(desk, piece, saying.conditions)
        outcome = define(desk, target, head, body, conditions, start + left.span[0], piece.latex)
    return outcome


def _place(value: str, saying: Saying) -> int:
    for condition in saying.conditions:
        found = finite_values(condition.tree)
        if found is not None:
            return [v.text for v in found[1]].index(value)
    return 0


def _relation(desk: Desk, saying: Saying, start: int) -> Outcome:
    piece = saying.pieces[0]
    if all(row.relation in ("<", "\\le", ">", "\\ge") for row in piece.rows[1:]):
        bounded = _bounded_integer(desk, saying)
        if bounded:
            return None
    if not saying.supposed and any(
        row.relation not in ("<", "\\le", ">", "\\ge", "\\ne", "=") for row in piece.rows[1:]
    ):
        raise outside(Tree(piece.span), f"a declaration with {piece.rows[1].relation}")
    return suppose_relation(desk, piece, saying.conditions)


def _bounded_integer(desk: Desk, saying: Saying) -> bool:
    """``1 \\le k \\le L`` for a declared integer letter: its range."""
    piece = saying.pieces[0]
    for row in piece.rows:
        name = names.spell(row.tree) if row.tree is not None else None
        entry = desk.table.entries.get(name or "")
        if entry is not None and entry.kind == "index" and isinstance(row.tree, Name):
            bounds = _bounds(desk, piece, saying.conditions)
            extent = entry.values or INTEGERS
            for bound in bounds:
                extent = Range(
                    bound.lower if extent.lower == -oo else extent.lower,
                    bound.upper if extent.upper == oo else extent.upper,
                )
            desk.table.put(replace(entry, values=extent))
            return True
    return False


def _property(desk: Desk, saying: Saying, start: int) -> Outcome:
    said: list[Hypothesis] = []
    for piece in saying.pieces:
        if piece.is_bare:
            for head in _heads(piece):
                one = Piece(piece.formula, (replace(piece.rows[0], tree=head, span=head.span),))
                said += suppose_property(desk, one, saying.properties)
        else:
            for head in _heads(piece):
                row = replace(piece.rows[0], tree=head, span=head.span)
                said += suppose_property(desk, Piece(piece.formula, (row,)), saying.properties)
    return said


APPLY: Mapping[str, Callable[[Desk, Saying, int], Outcome]] = {
    "shape": _shape,
    "sized": _sized,
    "signature": _signature,
    "integer": _integer,
    "positive integer": _integer,
    "range": _range,
    "real": _real,
    "positive": _real,
    "sequence": _sequence,
    "function": _function,
    "elementwise": _elementwise,
    "rowwise": _rowwise,
    "definition": _definition,
    "relation": _relation,
    "property": _property,
}
