"""Declared names and their shapes: sets, sizes, labels, slots that letters run over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sympy import Expr, Integer, Symbol, oo

from checker.calculus import terms
from checker.calculus.context import Hypothesis, Range
from checker.calculus.shapes import INTEGERS, upto
from checker.language import names
from checker.language.conditions import compare
from checker.language.conditions_said import letters_of, restrictions
from checker.language.declared_lists import family_of
from checker.language.definitions import Outcome
from checker.language.desk import Desk, range_of_label, union
from checker.language.environment import Environment
from checker.language.faults import outside, unreadable
from checker.language.hypotheses import suppose_relation
from checker.language.operators import range_end
from checker.language.sentences import Condition, Piece, Saying
from checker.language.slots import index_expression, size_expression
from checker.language.surface import (
    Call,
    Ellipsis_,
    Factors,
    Group,
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

# ----------------------------------------------------------------------------------- names and slots


def name_of(tree: Tree | None, piece: Piece) -> str:
    spelled = names.spell(tree) if tree is not None else None
    if spelled is None and isinstance(tree, Call) and tree.scripts is None:
        return tree.function.name
    if spelled is None:
        raise unreadable("syntax", tree or Tree(piece.span), "a name is expected here")
    return spelled


def heads_of(piece: Piece) -> list[Tree]:
    """The names in ``A, B \\in …`` or in a bare list."""
    head = piece.head
    if isinstance(head, Group) and head.kind == ",":
        return list(head.items)
    if isinstance(head, Relation):
        return list(head.operands[:1])
    return [head] if head is not None else []


def enter(desk: Desk, entry: Entry) -> None:
    known = desk.table.entries.get(entry.name)
    if known is None or known.heading < desk.table.heading or known.origin == "inferred":
        desk.inference.declared(entry.name)
    desk.table.declare(entry)


# ------------------------------------------------------------------------------------------- shapes


def take_shape(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``X \\in \\mathbb{R}^{m \\times n}``, with names before it that share the set."""
    *others, last = saying.pieces
    kind = set_of(_with_reals(desk, last.rows[1].tree))
    result: list[Hypothesis] = []
    for piece in (*others, last):
        many = family_of(desk, piece, piece.head)
        if many is not None:
            result += _member(desk, many[0], kind, last, (*saying.conditions, many[1]), start)
            continue
        for head in heads_of(piece):
            result += _member(desk, head, kind, last, saying.conditions, start)
    return result or None


def take_sized(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*A is an* $m \\times n$ *matrix*: the size is the bare formula."""
    tree = saying.arguments[0].head
    assert tree is not None
    kind = set_of(tree) if _is_set(tree) else ("R", dimensions_of((tree,)))
    result: list[Hypothesis] = []
    for piece in saying.pieces:
        for head in heads_of(piece):
            result += _member(desk, head, kind, piece, saying.conditions, start)
    return result or None


def _is_set(tree: Tree) -> bool:
    base = tree.base if isinstance(tree, Scripted) else tree
    return isinstance(base, Name) and base.name in ("\\mathbb{R}", "\\R")


def _with_reals(desk: Desk, tree: Tree | None) -> Tree | None:
    """``\\mathbf{R}^{n}`` and ``R^n`` are the reals where R is nothing else."""
    base = tree.base if isinstance(tree, Scripted) else tree
    if not isinstance(base, Name) or base.name not in ("R", "\\mathrm{R}") or base.name in desk.table.entries:
        return tree
    reals = replace(base, name="\\mathbb{R}")
    return replace(tree, base=reals) if isinstance(tree, Scripted) else reals


def set_of(tree: Tree | None) -> tuple[str, tuple[Tree, ...]]:
    """``("R", dimensions)``, ``("Z", ())``, ``("N", ())``, ``("list", items)``, ``("interval", ends)``."""
    match tree:
        case Name(name="\\mathbb{R}" | "\\R"):
            return "R", ()
        case Name(name="\\mathbb{Z}"):
            return "Z", ()
        case Name(name="\\mathbb{N}"):
            return "N", ()
        case Scripted(base=Name(name="\\mathbb{R}" | "\\R")):
            return ("R+" if tree.subscripts else "R"), dimensions_of(tree.superscripts)
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


def dimensions_of(parts: Sequence[Tree]) -> tuple[Tree, ...]:
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
        return as_integer(desk, head, [lower_end(Integer(1))], conditions, start) or []
    if which == "Z":
        return as_integer(desk, head, [], conditions, start) or []
    if which == "list":
        return _listed(desk, head, parts, conditions, start)
    dimensions = parts if which in ("R", "R+") else ()
    for _letter, tree in expanded(head, conditions):
        enter(desk, declared_entry(desk, tree, dimensions, conditions, start))
    return bounds_of(desk, head, which, parts, piece, conditions)


def expanded(head: Tree, conditions: Sequence[Condition]) -> list[tuple[str, Tree]]:
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


def declared_entry(
    desk: Desk, head: Tree, dimensions: Sequence[Tree], conditions: Sequence[Condition], start: int
) -> Entry:
    """The entry of a declared name; letters in its scripts that run are slots."""
    target = _declared_target(desk, head, dimensions, conditions)
    if target is None:
        raise unreadable("syntax", head, "a name is expected before \\in")
    name, above, below = target
    env = desk.environment([head, *dimensions], desk.main_layout)
    stated = restrictions(env, conditions)
    outer, parameters = _outer_slots(desk, env, name, above, below, stated.ranges)
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
    """Whether a declared name's subscript is a slot: its letter is given a range, shifted, summed or counts a size."""
    entry = desk.table.entries.get(root)
    if entry is not None and entry.family > entry.above:
        return True
    letters = [x for part in head.subscripts for x in names.letters_in(part)]
    if any(names.is_concrete(p) for p in head.subscripts) or not letters:
        return root in desk.survey.stepped and all(isinstance(p, Number) for p in head.subscripts)
    stated = letters_of(conditions)
    inside = {x for d in dimensions for x in names.letters_in(d) if _is_script_letter(d, x)}
    known = {*stated, *inside, *desk.survey.steps}
    return root in desk.survey.stepped or all(
        x in known or (root, x) in desk.survey.running or _declared_index(desk, x) or _labels(desk, x) for x in letters
    )


def _labels(desk: Desk, letter: str) -> bool:
    return range_of_label(desk, letter) is not None


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
    if entry is None or entry.kind != "index":
        return False
    return entry.heading == desk.table.heading or entry.values is not None


def _outer_slots(
    desk: Desk,
    env: Environment,
    name: str,
    above: Sequence[Tree],
    below: Sequence[Tree],
    stated: Mapping[str, Range],
) -> tuple[tuple[Range, ...], tuple[Symbol, ...]]:
    slots: list[Range] = []
    parameters: list[Symbol] = []
    for n, part in enumerate((*above, *below)):
        if isinstance(part, Name) and not part.upright and (part.name in stated or not is_fixed(desk, part.name)):
            parameters.append(terms.index(part.name))
            slots.append(range_of(desk, part.name, stated) or desk.inference.run(name, n, n < len(above)))
        else:
            place = index_expression(env, part)
            parameters.append(Symbol("_"))
            slots.append(Range(place, place))
    return tuple(slots), tuple(parameters)


def is_fixed(desk: Desk, letter: str) -> bool:
    entry = desk.table.entries.get(letter)
    return entry is not None and entry.kind == "size"


def range_of(desk: Desk, letter: str, stated: Mapping[str, Range]) -> Range | None:
    """What a letter runs over, if that is said."""
    if letter in stated:
        return stated[letter]
    entry = desk.table.entries.get(letter)
    if entry is not None and entry.kind == "index" and entry.values is not None:
        return entry.values
    return None


def _merged(desk: Desk, entry: Entry) -> Entry:
    """A further slice of a labelled name (h_0 beside h_t) widens the range of its label."""
    known = desk.table.entries.get(entry.name)
    if known is None or not entry.family or known.slots is None or entry.slots is None or known.family != entry.family:
        return entry
    if known.heading < desk.table.heading or len(known.slots) != len(entry.slots):
        return entry
    slots = [
        union(desk, a, b) if n < entry.family else a
        for n, (a, b) in enumerate(zip(known.slots, entry.slots, strict=True))
    ]
    desk.table.put(replace(known, slots=tuple(slots), parameters=_letters_first(known, entry)))
    return desk.table.entries[entry.name]


def _letters_first(known: Entry, entry: Entry) -> tuple[Symbol, ...]:
    return tuple(b if str(a) == "_" else a for a, b in zip(known.parameters, entry.parameters, strict=True))


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
    above = names.is_label(tree)
    parts = names.slot_parts(tree.superscripts if above else tree.subscripts, 1)
    place = index_expression(env, parts[0])
    ends = _ends(env, place)
    known = desk.table.entries.get(name)
    slot = Range(*ends) if ends is not None else INTEGERS
    if known is not None and known.kind == "sizes" and known.slots:
        slot = union(desk, known.slots[0], slot) if ends is not None else known.slots[0]
    if known is None or known.kind != "sizes" or known.slots != (slot,):
        entry = Entry(
            name,
            kind="sizes",
            slots=(slot,),
            family=1,
            above=int(above),
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
        as_integer(desk, head, [extent], conditions, start)
        return []
    if _is_element(desk, head):  # m_i \\in \\{0, 1\\} for a vector m
        return []
    enter(desk, declared_entry(desk, head, (), conditions, start))
    return []


def _is_element(desk: Desk, head: Tree) -> bool:
    """An element of an array that was declared before, under this heading."""
    if not isinstance(head, Scripted) or not isinstance(head.base, Name) or head.superscripts or head.primes:
        return False
    entry = desk.table.entries.get(head.base.name)
    if entry is None or entry.kind != "tensor" or entry.heading != desk.table.heading:
        return False
    return bool(entry.slots) and len(names.slot_parts(head.subscripts, len(entry.slots or ()))) == len(
        entry.slots or ()
    )


def bounds_of(
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


def lower_end(end: Expr) -> Range:
    return Range(end, oo)


def as_integer(
    desk: Desk, head: Tree, bounds: Sequence[Range], conditions: Sequence[Condition], start: int
) -> list[Hypothesis] | None:
    extent = INTEGERS
    for bound in bounds:
        extent = Range(
            bound.lower if extent.lower == -oo else extent.lower, bound.upper if extent.upper == oo else extent.upper
        )
    if isinstance(head, Scripted) and letters_of(conditions):
        entry = declared_entry(desk, head, (), conditions, start)
        if entry.slots:
            values = extent if extent.lower != -oo or extent.upper != oo else None
            enter(desk, replace(entry, integer=True, values=values))
            return None
    name = names.spell(head)
    if name is None:
        raise unreadable("syntax", head, "a name is expected here")
    if extent.upper == oo and isinstance(extent.lower, Integer) and extent.lower >= 1:
        enter(desk, Entry(name, kind="size", start=start, heading=desk.table.heading))
        desk.sizes.floors[terms.size(name)] = int(extent.lower)
        return _size_floor(desk, head, extent.lower)
    stated = extent if extent.lower != -oo or extent.upper != oo else None
    enter(desk, Entry(name, kind="index", slots=(), values=stated, start=start, heading=desk.table.heading))
    return None


def _size_floor(desk: Desk, head: Tree, lower: Integer) -> list[Hypothesis] | None:
    if lower <= 1:
        return None
    name = str(names.spell(head))
    said = Hypothesis(f"{name} \\ge {lower}", relation=compare("\\ge", terms.size(name), lower))
    desk.table.suppose(said)
    return [said]
