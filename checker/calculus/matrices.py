"""Matrix words in index notation: each is two to five lines of lowering.

An ``Array`` is a value whose entries are terms.  Its slots come in two groups, rows and columns: a
number has none, a column vector one row slot, a row vector one column slot, a matrix one of each.  A
Kronecker product has two of each, ``vec`` of a matrix two row slots; nothing below cares how many.
Entries are built only when asked for, so that sizes found later in a formula are known by then.

Every function either returns an array or raises ``ShapeError`` with both shapes in its message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import sympy
from sympy import Abs, Expr, Integer, Rational

from checker.calculus import terms
from checker.calculus.arrays import (
    Array,
    Indices,
    adopted,
    aligned,
    anything_zero,
    as_number,
    combine,
    could_be_same,
    describe,
    elementwise,
    is_number,
    is_square,
    number,
    same,
    scalar_term,
    spread,
    thick,
)
from checker.calculus.context import Range
from checker.calculus.functions import call
from checker.calculus.shapes import Letters, ShapeError, Workspace


def plus(w: Workspace, summands: Sequence[Array], signs: Sequence[int]) -> Array:
    """A sum.  A literal number is added to every element; any other number only to numbers and vectors."""
    for array in summands:
        _check_broadcast(w, array, summands)

    def total(*values: Expr) -> Expr:
        return terms.add(*(v if s > 0 else terms.negate(v) for v, s in zip(values, signs, strict=True)))

    if all(a.any_shape for a in summands):
        return anything_zero()
    return combine(w, total, summands, "cannot add")


def _check_broadcast(w: Workspace, array: Array, summands: Sequence[Array]) -> None:
    if array.literal or array.any_shape or not is_number(w, array):
        return
    for other in summands:
        if is_square(w, other) and not is_number(w, other):
            raise ShapeError(
                f"cannot add a number to {describe(w, other)}; write the number times I, or times \\mathbf{{1}}"
            )


def hadamard(w: Workspace, left: Array, right: Array) -> Array:
    return combine(w, terms.multiply, [left, right], "cannot multiply element by element")


def in_space(w: Workspace, array: Array) -> bool:
    """Whether an array is a column of three numbers."""
    if array.any_shape or len(array.rows) != 1 or array.columns:
        return False
    return w.sizes.resolve(array.rows[0]) == Range(Integer(1), Integer(3))


def cross(left: Array, right: Array) -> Array:
    """a × b: entry i is Σ ε_ipq a_p b_q."""

    def entry(at: Indices) -> Expr:
        parts = []
        for i, p, q in ((1, 2, 3), (2, 3, 1), (3, 1, 2)):
            a, b = (left.entry((Integer(k),)) for k in (p, q)), (right.entry((Integer(k),)) for k in (q, p))
            first, second = (terms.multiply(u, v) for u, v in zip(a, b, strict=True))
            parts.append(terms.multiply(terms.delta(at[0], Integer(i)), terms.add(first, terms.negate(second))))
        return terms.add(*parts)

    return Array(left.rows, (), entry)


def quotient(w: Workspace, left: Array, right: Array) -> Array:
    """Element by element."""
    return combine(w, terms.divide, [left, right], "cannot divide element by element")


def scaled(factor: Array, array: Array) -> Array:
    """A number times an array, in this order."""
    return _entrywise(array, lambda x: terms.multiply(scalar_term(factor), x), factor.literal and array.literal)


def scaled_after(array: Array, factor: Array) -> Array:
    return _entrywise(array, lambda x: terms.multiply(x, scalar_term(factor)), factor.literal and array.literal)


def divided(array: Array, factor: Array) -> Array:
    return _entrywise(array, lambda x: terms.divide(x, scalar_term(factor)), False)


def _entrywise(array: Array, function: Callable[[Expr], Expr], literal: bool) -> Array:
    entry = array.entry
    return Array(array.rows, array.columns, lambda at: function(entry(at)), solid=array.solid, literal=literal)


def negated(array: Array) -> Array:
    return replace(array, entry=lambda at: terms.negate(array.entry(at)))


# ------------------------------------------------------------------------------------------ products


def sum_range(w: Workspace, body: Expr, letter: sympy.Symbol, extent: Range) -> Expr:
    known = w.sizes.known(extent)
    return terms.sum_over(body, letter, known.lower, known.upper)


def product(w: Workspace, left: Array, right: Array) -> Array:
    """The matrix product; a number times anything."""
    if left.any_shape or right.any_shape:
        return _open_product(w, left, right)
    if is_number(w, left):
        return scaled(left, right if not is_number(w, right) else as_number(w, right))
    if is_number(w, right):
        return scaled_after(left, right)
    if left.solid or right.solid or not same(w, left.columns, right.rows):
        raise ShapeError(f"{describe(w, left)} does not multiply {describe(w, right)}")
    if not left.columns and not right.rows:
        cut = len(left.rows)
        return Array(left.rows, right.columns, lambda at: terms.multiply(left.entry(at[:cut]), right.entry(at[cut:])))
    return _contraction(w, left, right)


def _open_product(w: Workspace, left: Array, right: Array) -> Array:
    """A product with a factor of unknown shape: what the product turns out to be tells the factor's shape."""
    adopt: Callable[[Array], None] | None = None
    if right.adopt is not None and not left.any_shape and not is_number(w, left):
        adopt = lambda model: _tell_right(w, left, right, model)  # noqa: E731
    elif left.adopt is not None and not right.any_shape and not is_number(w, right):
        adopt = lambda model: _tell_left(w, left, right, model)  # noqa: E731
    return replace(anything_zero(), adopt=adopt)


def _tell_right(w: Workspace, left: Array, right: Array, model: Array) -> None:
    if could_be_same(w, left.rows, model.rows) and not could_be_same(w, left.columns, model.columns):
        adopted(right, replace(model, rows=left.columns, columns=model.columns))


def _tell_left(w: Workspace, left: Array, right: Array, model: Array) -> None:
    if could_be_same(w, right.columns, model.columns) and not could_be_same(w, right.rows, model.rows):
        adopted(left, replace(model, rows=model.rows, columns=right.rows))


def _contraction(w: Workspace, left: Array, right: Array) -> Array:
    shared = left.columns if len(left.columns) >= len(right.rows) else right.rows
    letters = w.letters.several(len(shared))
    cut = len(left.rows)

    def entry(at: Indices) -> Expr:
        a = left.entry(at[:cut] + spread(w, left.columns, shared, letters))
        b = right.entry(spread(w, right.rows, shared, letters) + at[cut:])
        body = terms.multiply(a, b)
        for letter, extent in zip(reversed(letters), reversed(shared), strict=True):
            body = sum_range(w, body, letter, extent)
        return body

    return Array(left.rows, right.columns, entry)


def inner(w: Workspace, left: Array, right: Array) -> Array:
    """⟨a, b⟩: the sum of the products of elements in the same place."""
    a, b = aligned(w, [left, right], "no inner product of")
    return total(w, Array(a.rows, a.columns, lambda at: terms.multiply(a.entry(at), b.entry(at))))


def total(w: Workspace, array: Array) -> Array:
    """The sum of all elements."""
    letters = w.letters.several(len(array.slots))

    def entry(_: Indices) -> Expr:
        body = array.entry(letters)
        for letter, extent in zip(reversed(letters), reversed(array.slots), strict=True):
            body = sum_range(w, body, letter, extent)
        return body

    return Array((), (), entry)


def mean(w: Workspace, array: Array) -> Array:
    summed = total(w, array)

    def entry(_: Indices) -> Expr:
        counts = [w.sizes.known(r) for r in array.slots]
        return terms.divide(summed.entry(()), terms.multiply(*(r.upper - r.lower + 1 for r in counts)))

    return Array((), (), entry)


def kronecker(left: Array, right: Array) -> Array:
    """A ⊗ B with rows (row of A, row of B) and columns likewise: element a_ij b_kl."""
    a, b, c = len(left.rows), len(right.rows), len(left.columns)

    def entry(at: Indices) -> Expr:
        return terms.multiply(left.entry(at[:a] + at[a + b : a + b + c]), right.entry(at[a : a + b] + at[a + b + c :]))

    return Array(left.rows + right.rows, left.columns + right.columns, entry)


def vectorised(array: Array) -> Array:
    """vec X: the columns one below the other, with row slots (column of X, row of X)."""
    cut = len(array.columns)
    return Array(array.columns + array.rows, (), lambda at: array.entry(at[cut:] + at[:cut]))


# --------------------------------------------------------------------------- transpose, trace, diag


def transposed(w: Workspace, array: Array) -> Array:
    if array.any_shape:
        tell = array.adopt
        turned = None if tell is None else lambda model: tell(replace(model, rows=model.columns, columns=model.rows))
        return replace(array, adopt=turned)
    if array.solid:
        raise ShapeError(f"{describe(w, array)} has no transpose; name its indices instead")
    cut = len(array.columns)
    return replace(
        array,
        rows=array.columns,
        columns=array.rows,
        entry=lambda at: array.entry(at[cut:] + at[:cut]),
    )


def _square(w: Workspace, array: Array, what: str) -> Range:
    """The extent of a square matrix with one row slot and one column slot."""
    if len(array.rows) != 1 or len(array.columns) != 1 or not w.sizes.unify(array.rows[0], array.columns[0]):
        raise ShapeError(f"{what} needs a square matrix, this is {describe(w, array)}")
    return array.rows[0]


def trace(w: Workspace, array: Array) -> Array:
    if is_number(w, array):
        return as_number(w, array)
    if len(array.rows) < 2 or not _same_extents(w, array.rows, array.columns):
        _square(w, array, "the trace")
    letters = w.letters.several(len(array.rows))

    def total(_: Indices) -> Expr:
        body = array.entry((*letters, *letters))
        for letter, extent in zip(letters, array.rows, strict=True):
            body = sum_range(w, body, letter, extent)
        return body

    return Array((), (), total)


def _same_extents(w: Workspace, rows: Sequence[Range], columns: Sequence[Range]) -> bool:
    return len(rows) == len(columns) and all(w.sizes.unify(r, c) for r, c in zip(rows, columns, strict=True))


def diagonal(w: Workspace, array: Array) -> Array:
    """diag: of a vector the diagonal matrix, of a square matrix its diagonal as a column."""
    if len(array.slots) == 1:
        extent = array.slots[0]
        return Array((extent,), (extent,), lambda at: terms.multiply(array.entry((at[0],)), terms.delta(at[0], at[1])))
    extent = _square(w, array, "diag")
    return Array((extent,), (), lambda at: array.entry((at[0], at[0])))


def identity(w: Workspace) -> Array:
    extent = w.sizes.hole()
    return Array((extent,), (extent,), lambda at: terms.delta(at[0], at[1]))


def ones(w: Workspace) -> Array:
    """The column of ones, as long as its surroundings need."""
    return Array((w.sizes.hole(),), (), lambda _: Integer(1))


def unit_vector(w: Workspace, at_index: Expr) -> Array:
    return Array((w.sizes.hole(),), (), lambda at: terms.delta(at[0], at_index))


# ----------------------------------------------------------------- inverse, determinant and powers


def _body(letters: Letters, array: Array) -> tuple[sympy.Symbol, sympy.Symbol, Expr]:
    row, column = letters.several(2)
    return row, column, array.entry((row, column))


def inverse(w: Workspace, array: Array) -> Array:
    if is_number(w, array):
        return number(terms.power(scalar_term(array), Integer(-1)))
    extent = _square(w, array, "the inverse")
    row, column = w.letters.several(2)

    def entry(at: Indices) -> Expr:
        order = w.sizes.known(extent).upper
        return terms.Inverse(row, column, order, array.entry((row, column)), *at)

    return Array((extent,), (extent,), entry)


def determinant(w: Workspace, array: Array) -> Array:
    if is_number(w, array):
        return as_number(w, array)
    extent = _square(w, array, "the determinant")
    row, column = w.letters.several(2)
    return Array(
        (),
        (),
        lambda _: terms.Determinant(row, column, w.sizes.known(extent).upper, array.entry((row, column))),
    )


LARGEST_POWER = 12  # a higher power of a matrix is kept as MatrixPower


def matrix_power(w: Workspace, array: Array, exponent: Expr) -> Array:
    """X^k for an integer k; small literal powers are written out as products."""
    extent = _square(w, array, "a power")
    if isinstance(exponent, Integer):
        if exponent < 0:
            return matrix_power(w, inverse(w, array), -exponent)
        if exponent == 0:
            return Array((extent,), (extent,), lambda at: terms.delta(at[0], at[1]))
        if exponent <= LARGEST_POWER:
            result = array
            for _ in range(int(exponent) - 1):
                result = product(w, result, array)
            return result
    row, column = w.letters.several(2)

    def entry(at: Indices) -> Expr:
        order = w.sizes.known(extent).upper
        return terms.MatrixPower(row, column, order, array.entry((row, column)), exponent, *at)

    return Array((extent,), (extent,), entry)


# --------------------------------------------------------------------------------------------- norms


_HALF = Rational(1, 2)


def squared_norm(w: Workspace, array: Array) -> Array:
    """The sum of the squares of all elements (Euclidean, Frobenius)."""
    return total(w, elementwise(lambda x: terms.power(x, Integer(2)), array))


def euclidean_norm(w: Workspace, array: Array) -> Array:
    return elementwise(lambda x: terms.power(x, _HALF), squared_norm(w, array))


def sum_norm(w: Workspace, array: Array) -> Array:
    return total(w, elementwise(absolute, array))


def power_norm(w: Workspace, array: Array, exponent: Expr) -> Array:
    """(Σ |x|^p)^{1/p}."""
    summed = total(w, elementwise(lambda x: terms.power(absolute(x), exponent), array))
    return elementwise(lambda x: terms.power(x, terms.power(exponent, Integer(-1))), summed)


def largest(w: Workspace, array: Array) -> Array:
    """The largest element of a vector."""
    if len(array.slots) != 1:
        raise ShapeError(f"the maximum without an index needs a vector, this is {describe(w, array)}")
    letter = w.letters.fresh()

    def entry(_: Indices) -> Expr:
        known = w.sizes.known(array.slots[0])
        return terms.maximum_over(array.entry((letter,)), letter, known.lower, known.upper)

    return Array((), (), entry)


def absolute(x: Expr) -> Expr:
    return Abs(x, evaluate=False)


# ------------------------------------------------------------------------------------------- softmax


def _exponentials(w: Workspace, array: Array) -> tuple[Array, Array]:
    powers = elementwise(lambda x: call("exp", x), array)
    return powers, total(w, powers)


def _vector(w: Workspace, array: Array, what: str) -> None:
    if len(thick(w, array.slots)) > 1 or is_number(w, array) or array.any_shape:
        raise ShapeError(f"{what} needs a vector, this is {describe(w, array)}; write it out for each row or column")


def softmax(w: Workspace, array: Array) -> Array:
    _vector(w, array, "softmax")
    powers, denominator = _exponentials(w, array)
    return divided(powers, denominator)


def softmax_rows(w: Workspace, array: Array) -> Array:
    """Softmax of every row of a matrix."""
    powers = elementwise(lambda x: call("exp", x), array)
    letter = w.letters.fresh()

    def entry(at: Indices) -> Expr:
        return terms.divide(powers.entry(at), sum_range(w, powers.entry((at[0], letter)), letter, array.columns[0]))

    return replace(array, entry=entry)


def log_softmax(w: Workspace, array: Array) -> Array:
    _vector(w, array, "log-softmax")
    reduced = log_sum_exp(w, array)
    return replace(array, entry=lambda at: terms.add(array.entry(at), terms.negate(scalar_term(reduced))))


def log_sum_exp(w: Workspace, array: Array) -> Array:
    _vector(w, array, "logsumexp")
    _, denominator = _exponentials(w, array)
    return elementwise(lambda x: call("log", x), denominator)
