"""The sides of a chain as terms in both layouts, each with its own fault if it has one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from sympy import Expr, Integer, Symbol

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Claim, Range
from checker.calculus.graph import symbols_in
from checker.calculus.shapes import ShapeError, UnknownSize, Workspace, is_hole, is_single
from checker.documents.model import Formula
from checker.language.conditions_said import Restrictions, claimed_under, letters_run, narrow, only_where
from checker.language.desk import Desk, place
from checker.language.differentials import differentiated
from checker.language.entrywise import mentions_any, shared_letters
from checker.language.environment import Environment
from checker.language.faults import Misread
from checker.language.integers import integers_in
from checker.language.powers import is_list
from checker.language.reading import Fault
from checker.language.sentences import Condition
from checker.language.surface import Tree


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


# ---------------------------------------------------------------------------------------- one chain


@dataclass(frozen=True)
class Chain:
    """The sides of one statement; ``conditions`` stand beside the formula."""

    parts: tuple[Part, ...]
    conditions: tuple[Condition, ...]
    id: str | None
    expectations: tuple[tuple[str, str | None], ...]
    message: str | None = None


# ------------------------------------------------------------------------------------------- claims

Letters = tuple[tuple[Symbol, ...], tuple[Symbol, ...]]


@dataclass
class Lowered:
    """The sides of a chain in one layout."""

    env: Environment
    values: list[Array | Misread]
    ranges: dict[Symbol, Range]
    guards: list[Expr]
    passed_over: bool = False  # a condition is not honoured: nothing may be called wrong


def lower_sides(desk: Desk, chain: Chain, layout: str, taken: frozenset[str] = frozenset()) -> Lowered:
    """The sides in one layout; ``taken`` are letters that the other layout has given to its slots."""
    env = desk.environment([p.tree for p in chain.parts], layout, taken)
    stated = restricted(env, chain)
    return concluded(env, [attempt(env, n, part) for n, part in enumerate(chain.parts)], stated)


def concluded(env: Environment, values: list[Array | Misread], stated: Restrictions | Misread) -> Lowered:
    """The sides with the ranges of their free letters, when all of them have been lowered."""
    _unify_shapes(env, values)
    for name, extent in (stated.ranges if not isinstance(stated, Misread) else {}).items():
        symbol = terms.index(name)
        if symbol in env.indices.free:
            env.indices.ranges[symbol] = env.indices.stated[symbol] = extent
    ranges = _conclude(env, values)
    if isinstance(stated, Misread):
        values[1:] = [v if isinstance(v, Misread) else stated for v in values[1:]]
        return Lowered(env, values, ranges, [])
    guards = narrow(env.indices, ranges, stated.guards)
    return Lowered(env, values, ranges, guards, stated.passed_over is not None)


def restricted(env: Environment, chain: Chain) -> Restrictions | Misread:
    try:
        env.letters |= letters_run(env, chain.conditions)
        return claimed_under(env, chain.conditions)
    except Misread as problem:
        return problem


def attempt(env: Environment, n: int, part: Part) -> Array | Misread:
    """The value of the side ``n`` of a chain, or why it has none."""
    env.indices.side = n
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
    found = [v for v in values if isinstance(v, Array)]
    model = next((a for a in found if not a.any_shape), None)
    if model is None:
        return
    for array in found:
        if array.any_shape:
            arrays.adopted(array, model)
        elif arrays.could_be_same(env.work, array.rows, model.rows):
            arrays.fits(env.work, array, model)


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
    open: Letters = ((), ())  # the letters given to the rows and the columns of an array


def side_terms(desk: Desk, chain: Chain, lowered: Lowered) -> _Terms:
    env, values = lowered.env, lowered.values
    head = values[0]
    model = _model(head, values)
    if model is None:
        return _Terms([_failed(desk, chain, n, v) for n, v in enumerate(values)], {}, {})
    shared = shared_letters(env.work, [p.tree for p in chain.parts], values, lowered.ranges, env.layout)
    letters = entry_letters(env, model, shared)
    found: list[Expr | Fault] = []
    steps: dict[int, Claim] = {}
    for n, value in enumerate(values):
        entry = side_term(desk, chain, lowered, n, value, model, letters, shared)
        found.append(entry)
        if n > 1 and isinstance(entry, Fault) and entry.reason == "shape" and isinstance(value, Array):
            step = _step(lowered, values[n - 1], value)
            if step is not None:
                steps[n] = step
    slots = () if shared is not None else tuple(zip(letters, model.slots, strict=True))
    indices = free_indices(desk, lowered, slots, found)
    return _Terms(_told(desk, chain, found, indices), steps, indices, rows_and_columns(model, letters))


def _told(desk: Desk, chain: Chain, found: list[Expr | Fault], indices: Mapping[Symbol, Range]) -> list[Expr | Fault]:
    """The terms; none of them where an end of some range is still open."""
    ends = [e for r in indices.values() for e in (r.lower, r.upper)]
    terms_found = [t for t in found if isinstance(t, Expr)]
    if not any(s.name.startswith("?") for e in (*ends, *terms_found) for s in symbols_in(e)):
        return found
    return [
        t if isinstance(t, Fault) else desk.fault(_unknown_range(part), part.formula)
        for t, part in zip(found, chain.parts, strict=True)
    ]


def _unknown_range(part: Part) -> Misread:
    message = 'nothing tells what the labels or indices here run over; add "for $l = 1, \\dots, L$"'
    return Misread("unreadable", "ambiguous-shape", part.tree.span, message)


def free_indices(
    desk: Desk, lowered: Lowered, slots: Sequence[tuple[Expr, Range]], found: Sequence[Expr | Fault]
) -> dict[Symbol, Range]:
    """The free letters of a statement with their ranges: written ones, those of its slots, declared integers."""
    indices = dict(lowered.ranges)
    open_slots = ((x, lowered.env.sizes.resolve(r)) for x, r in slots)
    indices.update((x, r) for x, r in open_slots if isinstance(x, Symbol) and not is_hole(r))
    indices.update(integers_in(desk, [t for t in found if isinstance(t, Expr)]))
    return indices


def rows_and_columns(model: Array, letters: tuple[Expr, ...]) -> Letters:
    """The letters that stand for rows, and those that stand for columns."""
    cut = len(model.rows)
    rows, columns = (tuple(x for x in part if isinstance(x, Symbol)) for part in (letters[:cut], letters[cut:]))
    return rows, columns


def entry_letters(env: Environment, array: Array, shared: tuple[Symbol, ...] | None) -> tuple[Expr, ...]:
    """The place at which the sides are compared: letters of its own, or those of the entries in the chain."""
    given = iter(shared or ())
    return tuple(
        Integer(1) if is_single(env.sizes.resolve(r)) else next(given, None) or env.work.letters.fresh()
        for r in array.slots
    )


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


def side_term(
    desk: Desk,
    chain: Chain,
    lowered: Lowered,
    n: int,
    value: Array | Misread,
    model: Array,
    letters: tuple[Expr, ...],
    shared: tuple[Symbol, ...] | None,
) -> Expr | Fault:
    part = chain.parts[n]
    if isinstance(value, Misread):
        return desk.fault(value, part.formula)
    try:
        if shared is not None and arrays.is_number(lowered.env.work, value) and mentions_any(value, shared):
            return only_where(arrays.scalar_term(value), lowered.guards)
        if shared is not None and arrays.is_number(lowered.env.work, model) and not value.any_shape:
            return only_where(value.entry(entry_letters(lowered.env, value, shared)), lowered.guards)
        if not arrays.fits(lowered.env.work, value, model):
            raise _misfitting(lowered, chain, model, value, part)
        shaped = arrays.shaped_like(lowered.env.work, value, model)
        return only_where(shaped.entry(letters), lowered.guards)
    except Misread as problem:
        return desk.fault(problem, part.formula)
    except ShapeError as error:
        return desk.fault(Misread("wrong", "shape", part.tree.span, str(error)), part.formula)
    except UnknownSize:
        return desk.fault(_unknown_size(part), part.formula)


def _misfitting(lowered: Lowered, chain: Chain, model: Array, value: Array, part: Part) -> Misread:
    message = _misfit(lowered, chain, model, value, part)
    advice = None
    if is_list(part.tree) or is_list(chain.parts[0].tree):
        advice = "a list without \\begin{bmatrix} is read as a column; write the matrix out, or transpose the list"
    elif (model.solid or value.solid) and _is_rearranged(lowered.env.work, model, value):
        advice = "nothing says in which order a matrix would hold so many indices; write the elements"
    elif _is_example(lowered.env.work, model, value):
        advice = "if this is an example at one size, declare the size as a number before it"
    elif lowered.env.table.reshaping or _is_rearranged(lowered.env.work, model, value):
        advice = "if the one holds the elements of the other in another order, write them with their indices"
    if advice is None and any(True for p in chain.parts for _ in differentiated(p.tree)):
        advice = "say with Let … what the letters behind each d are"
    if advice is None:
        return Misread("wrong", "shape", part.tree.span, message)
    return Misread("unreadable", "ambiguous-shape", part.tree.span, f"{message}; {advice}")


def _is_example(work: Workspace, model: Array, value: Array) -> bool:
    """A size against a number: a matrix written out may be an example."""
    if len(model.rows) != len(value.rows) or len(model.columns) != len(value.columns):
        return False
    pairs = [(work.sizes.resolve(a), work.sizes.resolve(b)) for a, b in zip(model.slots, value.slots, strict=True)]
    ends = [(a.upper, b.upper) for a, b in pairs if a != b]
    return all(isinstance(a, Integer) != isinstance(b, Integer) and max(a, b, key=_number) > 1 for a, b in ends)


def _is_rearranged(work: Workspace, model: Array, value: Array) -> bool:
    """A matrix against a column of as many elements, all in numbers; a transpose is no such thing."""
    ends = [[work.sizes.resolve(r).upper for r in array.slots] for array in (model, value)]
    if not all(isinstance(e, Integer) for side in ends for e in side):
        return False
    thick = [[int(e) for e in side if int(e) != 1] for side in ends]
    return prod(thick[0]) == prod(thick[1]) > 1 and sorted(thick[0]) != sorted(thick[1])


def _number(end: Expr) -> int:
    return int(end) if isinstance(end, Integer) else 0


def _unknown_size(part: Part) -> Misread:
    message = (
        "the size of a vector of ones, an identity or a unit vector is not determined here; write \\mathbf{1}_n or I_n"
    )
    return Misread("unreadable", "ambiguous-shape", part.tree.span, message)


def _misfit(lowered: Lowered, chain: Chain, model: Array, value: Array, part: Part) -> str:
    work = lowered.env.work
    left, right = arrays.describe(work, model), arrays.describe(work, value)
    message = f"{chain.parts[0].latex} is {left}, but {part.latex} is {right}"
    if arrays.is_number(work, model) and not arrays.is_number(work, value):
        free = "".join(str(s) for s in lowered.ranges)
        return f"{message}; name the element on this side as well, such as ({part.latex})_{{{free or 'i'}}}"
    if not model.solid and not value.solid and not arrays.is_number(work, value):
        turned = matrices.transposed(work, value)
        if arrays.could_be_same(work, turned.rows, model.rows) and arrays.could_be_same(
            work, turned.columns, model.columns
        ):
            return f"{message}; its transpose would fit"
    return message


def _step(lowered: Lowered, before: Array | Misread, value: Array) -> Claim | None:
    """The line against the one before it, where only the head does not fit."""
    work = lowered.env.work
    if isinstance(before, Misread) or not arrays.fits(work, value, before):
        return None
    letters = work.letters.several(len(before.slots))
    try:
        left = before.entry(letters)
        right = arrays.shaped_like(work, value, before).entry(letters)
    except (Misread, UnknownSize, ShapeError):
        return None
    indices = dict(lowered.ranges)
    indices.update((x, work.sizes.resolve(r)) for x, r in zip(letters, before.slots, strict=True))
    return Claim(left, right, indices)
