"""Arrays of terms: rows, columns, entries, and how two of them fit together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Integer

from checker.calculus.context import Range
from checker.calculus.shapes import ShapeError, Workspace, is_hole, is_single, shape_text

Indices = tuple[Expr, ...]


Entry = Callable[[Indices], Expr]


@dataclass(frozen=True)
class Array:
    """``entry(rows + columns)`` is the element there.

    ``any_shape``: a literal 0 that takes the shape of what it meets.  ``solid``: an array of three or more
    slots, which has no rows and columns and takes part in no matrix product.  ``literal``: a number
    written in digits (or built of such), which may stand for an array of that number.  ``adopt`` is told
    the array whose shape an ``any_shape`` took.
    """

    rows: tuple[Range, ...]
    columns: tuple[Range, ...]
    entry: Entry
    any_shape: bool = False
    solid: bool = False
    literal: bool = False
    adopt: Callable[[Array], None] | None = None

    @property
    def is_scalar(self) -> bool:
        return not self.rows and not self.columns

    @property
    def slots(self) -> tuple[Range, ...]:
        return self.rows + self.columns


def number(value: Expr, literal: bool = False) -> Array:
    return Array((), (), lambda _: value, literal=literal)


def number_at(array: Array, at: Indices) -> Array:
    """One element."""
    return Array((), (), lambda _: array.entry(at))


def anything_zero() -> Array:
    return Array((), (), lambda _: Integer(0), any_shape=True, literal=True)


def scalar_term(array: Array) -> Expr:
    """The term of a number (or of a 1 × 1 matrix)."""
    return array.entry(tuple(Integer(1) for _ in array.slots))


def describe(w: Workspace, array: Array) -> str:
    return shape_text([w.sizes.resolve(r) for r in array.rows], [w.sizes.resolve(r) for r in array.columns], w.show)


# ------------------------------------------------------------------------------------ fitting shapes


def thick(w: Workspace, extents: Sequence[Range]) -> tuple[Range, ...]:
    return tuple([r for r in map(w.sizes.resolve, extents) if not is_single(r)]) if extents else ()


def is_number(w: Workspace, array: Array) -> bool:
    """Whether every slot has extent 1 (a 1 × 1 matrix is a number)."""
    if not array.rows and not array.columns:
        return True
    return all(is_single(w.sizes.resolve(r)) for r in array.slots)


def as_number(w: Workspace, array: Array) -> Array:
    return array if array.is_scalar else number_of(array)


def number_of(array: Array) -> Array:
    return Array((), (), lambda _: scalar_term(array), literal=array.literal)


def same(w: Workspace, left: Sequence[Range], right: Sequence[Range]) -> bool:
    """Whether two groups of slots agree, filling holes where that makes them agree.

    Slots of extent 1 do not count, unless the groups are equally long.
    """
    if len(left) != len(right):
        left, right = thick(w, left), thick(w, right)
    if len(left) != len(right):
        return False
    agree = [w.sizes.unify(a, b) for a, b in zip(left, right, strict=True)]
    return all(agree)


def could_be_same(w: Workspace, left: Sequence[Range], right: Sequence[Range]) -> bool:
    """Like ``same``, but fills no holes."""
    if len(left) != len(right):
        left, right = thick(w, left), thick(w, right)
    if len(left) != len(right):
        return False
    pairs = [(w.sizes.resolve(a), w.sizes.resolve(b)) for a, b in zip(left, right, strict=True)]
    return all(a == b or is_hole(a) or is_hole(b) for a, b in pairs)


def fits(w: Workspace, left: Array, right: Array) -> bool:
    if left.any_shape or right.any_shape:
        return True
    return same(w, left.rows, right.rows) and same(w, left.columns, right.columns)


def spread(w: Workspace, extents: tuple[Range, ...], wanted: tuple[Range, ...], given: Indices) -> Indices:
    """Indices for ``extents`` from indices for ``wanted``, which agree but for slots of extent 1."""
    if len(extents) == len(wanted):
        return given
    left = iter(i for r, i in zip(wanted, given, strict=True) if not is_single(w.sizes.resolve(r)))
    return tuple(Integer(1) if is_single(w.sizes.resolve(r)) else next(left) for r in extents)


def shaped_like(w: Workspace, array: Array, model: Array) -> Array:
    """The same array with the slots of ``model``, which it fits."""
    if array.any_shape:
        adopted(array, model)
        return replace(array, rows=model.rows, columns=model.columns, any_shape=False, adopt=None)
    if len(array.rows) == len(model.rows) and len(array.columns) == len(model.columns):
        return array
    cut = len(model.rows)

    def entry(given: Indices) -> Expr:
        down = spread(w, array.rows, model.rows, given[:cut])
        across = spread(w, array.columns, model.columns, given[cut:])
        return array.entry(down + across)

    return replace(array, rows=model.rows, columns=model.columns, entry=entry)


def adopted(array: Array, model: Array) -> None:
    if array.adopt is not None:
        array.adopt(model)


# -------------------------------------------------------------------------------- entry by entry


def elementwise(function: Callable[..., Expr], array: Array) -> Array:
    """``function`` of every element."""
    entry = array.entry
    return Array(array.rows, array.columns, lambda at: function(entry(at)), solid=array.solid, literal=array.literal)


def aligned(w: Workspace, arrays: Sequence[Array], what: str) -> list[Array]:
    """The arrays with one common shape; numbers are repeated.  ``what`` names the operation in messages."""
    full = [a for a in arrays if not is_number(w, a) and not a.any_shape]
    if not full:
        return [number_of(a) if not a.is_scalar else a for a in arrays]
    model = full[0]
    result = []
    for array in arrays:
        if array.any_shape or is_number(w, array):
            adopted(array, model)
            value = array if array.is_scalar else number_of(array)
            result.append(_repeated(value, model))
        elif fits(w, array, model):
            result.append(shaped_like(w, array, model))
        else:
            raise ShapeError(f"{what} {describe(w, model)} and {describe(w, array)}")
    return result


def _repeated(value: Array, model: Array) -> Array:
    entry = value.entry
    return Array(model.rows, model.columns, lambda _: entry(()), solid=model.solid, literal=value.literal)


def combine(w: Workspace, function: Callable[..., Expr], arrays: Sequence[Array], what: str) -> Array:
    """``function`` of the elements in the same place of several arrays; numbers are repeated."""
    found = aligned(w, arrays, what)
    if len(found) == 1:
        return elementwise(function, found[0])
    first, entries = found[0], [a.entry for a in found]
    return Array(
        first.rows,
        first.columns,
        lambda at: function(*[entry(at) for entry in entries]),
        solid=first.solid,
        literal=all(a.literal for a in arrays),
    )


def is_square(w: Workspace, array: Array) -> bool:
    down, across = thick(w, array.rows), thick(w, array.columns)
    return bool(down) and len(down) == len(across) and down == across


def finished(w: Workspace, array: Array) -> bool:
    """Whether no slot is a hole any more."""
    return not any(is_hole(w.sizes.resolve(r)) for r in array.slots)
