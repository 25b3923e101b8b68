"""Determinant, inverse and power of a small matrix over the evaluator's numbers."""

from __future__ import annotations

from functools import cache

from checker.judge.scalars import (
    ONE,
    ZERO,
    Scalar,
    Undecidable,
    Undefined,
    is_exact_zero,
    reciprocal,
    sign,
)

Rows = list[list[Scalar]]
_LARGEST_EXPANDED = 4


def determinant(matrix: Rows) -> Scalar:
    """By cofactors while that is cheap (no division: also right where the matrix is singular)."""
    if len(matrix) <= _LARGEST_EXPANDED:
        return _expand(matrix)
    return _eliminate(matrix)


def _expand(matrix: Rows) -> Scalar:
    n = len(matrix)

    @cache
    def minor(row: int, columns: tuple[int, ...]) -> Scalar:
        if not columns:
            return ONE
        total: Scalar = ZERO
        for place, column in enumerate(columns):
            entry = matrix[row][column]
            if is_exact_zero(entry):
                continue
            term = entry * minor(row + 1, columns[:place] + columns[place + 1 :])
            total = total - term if place % 2 else total + term
        return total

    return minor(0, tuple(range(n)))


def _eliminate(matrix: Rows) -> Scalar:
    rows = [list(row) for row in matrix]
    result: Scalar = ONE
    for column in range(len(rows)):
        pivot = _pivot(rows, column)
        if pivot is None:
            raise Undefined("the determinant of a large singular matrix")
        if pivot != column:
            rows[column], rows[pivot] = rows[pivot], rows[column]
            result = -result
        result = result * rows[column][column]
        inverse = reciprocal(rows[column][column])
        for below in range(column + 1, len(rows)):
            factor = rows[below][column] * inverse
            if not is_exact_zero(factor):
                rows[below] = [b - factor * a for a, b in zip(rows[column], rows[below], strict=True)]
    return result


def _pivot(rows: Rows, column: int) -> int | None:
    """A row, from the diagonal down, whose entry is certainly not 0."""
    undecided = False
    for row in range(column, len(rows)):
        try:
            if sign(rows[row][column]) != 0:
                return row
        except Undecidable:
            undecided = True
    if undecided:
        raise Undecidable
    return None


def inverse(matrix: Rows) -> Rows:
    """By Gauss–Jordan elimination; a singular matrix has none (Undefined)."""
    n = len(matrix)
    rows = [list(row) + [ONE if i == j else ZERO for j in range(n)] for i, row in enumerate(matrix)]
    for column in range(n):
        pivot = _pivot(rows, column)
        if pivot is None:
            raise Undefined("the inverse of a singular matrix")
        rows[column], rows[pivot] = rows[pivot], rows[column]
        factor = reciprocal(rows[column][column])
        rows[column] = [factor * a for a in rows[column]]
        for other in range(n):
            scale = rows[other][column]
            if other != column and not is_exact_zero(scale):
                rows[other] = [b - scale * a for a, b in zip(rows[column], rows[other], strict=True)]
    return [row[n:] for row in rows]


def multiply(left: Rows, right: Rows) -> Rows:
    return [[_dot(row, [r[j] for r in right]) for j in range(len(right[0]))] for row in left]


def _dot(left: list[Scalar], right: list[Scalar]) -> Scalar:
    total: Scalar = ZERO
    for a, b in zip(left, right, strict=True):
        total = total + a * b
    return total


def power(matrix: Rows, exponent: int) -> Rows:
    """The exponent-th power; a negative one is a power of the inverse."""
    if exponent < 0:
        return power(inverse(matrix), -exponent)
    result = [[ONE if i == j else ZERO for j in range(len(matrix))] for i in range(len(matrix))]
    for _ in range(exponent):
        result = multiply(result, matrix)
    return result
