"""Broadcasting: a row added to every row of a matrix, a column to every column, as array languages do it.

It is read only where the document says that it broadcasts; elsewhere such a sum is no slip of the author's shapes
either, and the message says which words settle it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer

from checker.calculus import arrays
from checker.calculus.arrays import Array
from checker.calculus.shapes import is_hole, is_single
from checker.language.environment import Environment
from checker.language.faults import Misread, misshapen, unreadable
from checker.language.surface import Tree


def stretched(env: Environment, values: Sequence[Array]) -> list[Array] | None:
    """The arrays in the shape of the matrix among them; None where one of them can be repeated in no way."""
    model = next((a for a in values if _is_matrix(env, a)), None)
    if model is None:
        return None
    found = [_like(env, a, model) for a in values]
    return None if None in found else [a for a in found if a is not None]


def misfit(env: Environment, values: Sequence[Array], tree: Tree, message: str) -> Misread:
    """The fault of arrays that do not fit: nobody's slip where one is a single row that broadcasting would repeat."""
    if stretched(env, values) is None or not any(_is_row(env, a) for a in values):
        return misshapen(tree, message, local=True)
    advice = (
        'if the smaller one is meant for every row or column, say "with broadcasting", or write \\mathbf{1}_n b^\\top'
    )
    return unreadable("ambiguous-shape", tree, f"{message}; {advice}")


def _is_matrix(env: Environment, array: Array) -> bool:
    if array.any_shape or array.solid or len(array.rows) != 1 or len(array.columns) != 1:
        return False
    slots = [env.sizes.resolve(r) for r in array.slots]
    return not any(is_single(r) or is_hole(r) for r in slots)


def _is_row(env: Environment, array: Array) -> bool:
    return len(array.columns) == 1 and all(is_single(env.sizes.resolve(r)) for r in array.rows)


def _like(env: Environment, array: Array, model: Array) -> Array | None:
    work = env.work
    if array.any_shape or arrays.is_number(work, array) or arrays.could_be_same(work, array.slots, model.slots):
        return array
    extents = [env.sizes.resolve(r) for r in array.slots]
    thick = [n for n, r in enumerate(extents) if not is_single(r)]
    down, across = (env.sizes.resolve(r) for r in model.slots)
    if len(thick) != 1 or is_hole(extents[thick[0]]):
        return None
    (slot,) = thick
    fits_row, fits_column = extents[slot] == across, extents[slot] == down
    if len(extents) == 2:  # 1 × n or n × 1
        fits_row, fits_column = fits_row and slot == 1, fits_column and slot == 0
    elif not array.rows:  # a row
        fits_column = False
    if fits_row == fits_column:
        return None
    place = 1 if fits_row else 0
    width = len(extents)

    def entry(at: arrays.Indices) -> Expr:
        return array.entry(tuple(at[place] if n == slot else Integer(1) for n in range(width)))

    return replace(array, rows=model.rows, columns=model.columns, entry=entry, solid=False)
