"""Rational matrices with properties: symmetric, orthogonal, positive definite and so on, by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flint import fmpq

from checker.calculus.context import Property
from checker.judge import linear
from checker.judge.machine import Key
from checker.judge.scalars import ONE, ZERO, Scalar

Draw = Callable[[int, int], fmpq]


def structured(kinds: set[Property], n: int, draw: Draw) -> linear.Rows:
    """A rational n × n matrix with all the properties (those that can be had together)."""
    symmetric = Property.SYMMETRIC in kinds or Property.POSITIVE_DEFINITE in kinds
    if Property.ORTHOGONAL in kinds:
        if Property.DIAGONAL in kinds:
            return [[(ONE if i % 2 else -ONE) if i == j else ZERO for j in range(n)] for i in range(n)]
        return reflection(n, draw) if symmetric else rotation(n, draw)
    matrix = [[draw(i, j) for j in range(n)] for i in range(n)]
    if Property.DIAGONAL in kinds:
        matrix = [[matrix[i][j] if i == j else ZERO for j in range(n)] for i in range(n)]
    if Property.LOWER_TRIANGULAR in kinds:
        matrix = [[matrix[i][j] if i >= j else ZERO for j in range(n)] for i in range(n)]
    if Property.UPPER_TRIANGULAR in kinds:
        matrix = [[matrix[i][j] if i <= j else ZERO for j in range(n)] for i in range(n)]
    if Property.POSITIVE_DEFINITE in kinds:
        gram = linear.multiply(matrix, [list(c) for c in zip(*matrix, strict=True)])
        return [[gram[i][j] + (1 if i == j else 0) for j in range(n)] for i in range(n)]
    if symmetric:
        matrix = [[matrix[min(i, j)][max(i, j)] for j in range(n)] for i in range(n)]
    if Property.ANTISYMMETRIC in kinds:
        matrix = [[_skew(matrix, i, j) for j in range(n)] for i in range(n)]
    if Property.INVERTIBLE in kinds:
        for _ in range(4 * n):
            if linear.determinant(matrix) != 0:
                break
            matrix = [[matrix[i][j] + (i + 1 if i == j else 0) for j in range(n)] for i in range(n)]
    return matrix


def _skew(matrix: linear.Rows, i: int, j: int) -> Scalar:
    if i == j:
        return ZERO
    return matrix[i][j] if i < j else -matrix[j][i]


def rotation(n: int, draw: Draw) -> linear.Rows:
    """An orthogonal matrix with rational entries, by Cayley's transform (I - S)(I + S)⁻¹ of a skew S."""
    if n == 1:
        return [[ONE if draw(0, 0) > 0 else -ONE]]
    s = [[_skew([[draw(a, b) for b in range(n)] for a in range(n)], i, j) for j in range(n)] for i in range(n)]
    minus = [[(1 if i == j else 0) - s[i][j] for j in range(n)] for i in range(n)]
    plus = [[(1 if i == j else 0) + s[i][j] for j in range(n)] for i in range(n)]
    return linear.multiply(minus, linear.inverse(plus))


def reflection(n: int, draw: Draw) -> linear.Rows:
    """I - 2 v vᵀ / vᵀv: orthogonal and symmetric."""
    v = [draw(i, 0) for i in range(n)]
    square = sum((x * x for x in v), ZERO)
    return [[(1 if i == j else 0) - 2 * v[i] * v[j] / square for j in range(n)] for i in range(n)]


def shape(keys: list[Key]) -> tuple[int, int] | None:
    if not keys or len(keys[0]) not in (1, 2) or min(min(k) for k in keys) != 1:
        return None
    rows = max(k[0] for k in keys)
    return rows, max(k[1] for k in keys) if len(keys[0]) == 2 else 1


def special(shape: tuple[int, int], draw: Draw) -> Iterator[linear.Rows]:
    """Matrices that solve common nonlinear equations: parts of an orthogonal one, a projection, the identity."""
    rows, columns = shape
    n = max(rows, columns)
    turned = rotation(n, draw)
    yield turned
    if rows == columns:
        mirrored = reflection(n, draw)
        yield mirrored
        yield [[((1 if i == j else 0) + mirrored[i][j]) / 2 for j in range(n)] for i in range(n)]  # a projection
    yield [[ONE if i == j else ZERO for j in range(n)] for i in range(n)]
