"""Matrix notation lowered to index notation again, by the matrix words that formulas of documents are lowered with.

This shares nothing with the way up: what :mod:`networks` made of a term is believed only if this leads back to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sympy import Expr, Integer, Rational, Symbol

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Context, Range
from checker.calculus.derivative import replace_symbol
from checker.calculus.forms import Range as FormRange
from checker.calculus.functions import ELEMENTARY, call
from checker.calculus.notation.trees import (
    Absolute,
    Apply,
    Chain,
    Determinant,
    Diagonal,
    Gradient,
    Hadamard,
    Identity,
    Inverse,
    Named,
    Ones,
    Opaque,
    Positive,
    Power,
    Scaled,
    Softmax,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    Tree,
    Vanishing,
)
from checker.calculus.shapes import Letters, ShapeError, Sizes, Workspace
from checker.calculus.writing import range_of, term_of


class Lowering:
    """Lowers trees whose names are those of a context; ``taken`` letters are not used for sums."""

    def __init__(self, context: Context, taken: frozenset[str]) -> None:
        self.context = context
        self.taken = taken
        self.work = Workspace(Letters(taken), Sizes())

    def entry(self, tree: Tree, at: tuple[Symbol, ...]) -> Expr:
        """The entry of an array there, as a term.  Raises ``ShapeError`` where shapes do not fit."""
        array = self.array(tree)
        if len(array.slots) != len(at):
            return terms.multiply(arrays.scalar_term(array))
        return array.entry(at)

    def array(self, tree: Tree) -> Array:
        return _ROWS[type(tree)](self, tree)

    def extent(self, range_: FormRange) -> Range:
        return Range(*range_of(range_))


def _named(w: Lowering, tree: Named) -> Array:
    labels = tuple(range_of((0, a, a))[0] for a in tree.labels)
    variable = w.context.variables.get(tree.name)
    if variable is None or not variable.slots:
        return arrays.number(terms.scalar(tree.name))
    slots = variable.slots[len(labels) :]
    for parameter, label in zip(variable.parameters, labels, strict=False):
        slots = tuple(
            Range(replace_symbol(s.lower, parameter, label), replace_symbol(s.upper, parameter, label)) for s in slots
        )
    return Array(slots[:1], slots[1:], lambda at: terms.element(tree.name, *labels, *at))


def _gradient(w: Lowering, tree: Gradient) -> Array:
    return arrays.elementwise(lambda x: terms.Partial(terms.scalar(tree.function), x), w.array(tree.variable))


def _ones(w: Lowering, tree: Ones) -> Array:
    axes = [w.extent(a) for a in tree.axes]
    return Array(tuple(axes[:1]), tuple(axes[1:]), lambda _: Integer(1))


def _identity(w: Lowering, tree: Identity) -> Array:
    extent = w.extent(tree.axis)
    return Array((extent,), (extent,), lambda at: terms.delta(*at))


def _opaque(w: Lowering, tree: Opaque) -> Array:
    if tree.atom[0] == "num":
        return arrays.number(Integer(tree.atom[1]))
    return arrays.number(term_of({((tree.atom, 1),): 1}, w.taken))


def _chain(w: Lowering, tree: Chain) -> Array:
    """A product from the left; a diagonal matrix multiplies rows or columns, without a sum over a delta."""
    weights: Array | None = None
    value: Array | None = None
    for factor in tree.factors:
        if isinstance(factor, Diagonal) and len((vector := w.array(factor.inner)).slots) == 1:
            if value is None:
                weights = vector if weights is None else matrices.hadamard(w.work, weights, vector)
            else:
                value = _columns_times(w, value, vector)
            continue
        array = w.array(factor)
        if weights is not None:
            array, weights = _rows_times(w, weights, array), None
        value = array if value is None else matrices.product(w.work, value, array)
    if weights is not None:
        return matrices.diagonal(w.work, weights)
    assert value is not None
    return value


def _rows_times(w: Lowering, weights: Array, array: Array) -> Array:
    """diag(u) A."""
    cut = len(array.rows)
    _must_agree(w, weights.slots, array.rows)
    return replace(array, entry=lambda at: terms.multiply(weights.entry(at[:cut]), array.entry(at)))


def _columns_times(w: Lowering, array: Array, weights: Array) -> Array:
    """A diag(v)."""
    cut = len(array.rows)
    _must_agree(w, array.columns, weights.slots)
    return replace(array, entry=lambda at: terms.multiply(array.entry(at), weights.entry(at[cut:])))


def _must_agree(w: Lowering, left: Sequence[Range], right: Sequence[Range]) -> None:
    if not arrays.same(w.work, left, right):
        raise ShapeError("a diagonal matrix of another size")


def _hadamard(w: Lowering, tree: Hadamard) -> Array:
    different = list(dict.fromkeys(tree.factors))
    parts = [_repeated(w, f, tree.factors.count(f)) for f in different]
    value = parts[0]
    for array in parts[1:]:
        value = matrices.hadamard(w.work, value, array)
    return value


def _repeated(w: Lowering, tree: Tree, times: int) -> Array:
    array = w.array(tree)
    return array if times == 1 else arrays.elementwise(lambda x: terms.power(x, Integer(times)), array)


def _scaled(w: Lowering, tree: Scaled) -> Array:
    value = w.array(tree.inner)
    for number in reversed(tree.numbers):
        value = matrices.scaled(arrays.number(arrays.scalar_term(w.array(number))), value)
    return value


def _sum(w: Lowering, tree: Sum) -> Array:
    parts = [_multiple(w, c, t) for c, t in tree.terms]
    return matrices.plus(w.work, parts, [1] * len(parts)) if len(parts) > 1 else parts[0]


def _multiple(w: Lowering, coefficient: Any, tree: Tree) -> Array:
    array = w.array(tree)
    if coefficient == 1:
        return array
    number = Rational(coefficient.numerator, coefficient.denominator)
    return matrices.scaled(arrays.number(number, literal=True), array)


def _apply(w: Lowering, tree: Apply) -> Array:
    def value(x: Expr) -> Expr:
        if tree.order:
            return terms.function_derivative(tree.function, (tree.order,), x)
        return call(tree.function, x) if tree.function in ELEMENTARY else terms.apply(tree.function, x)

    return arrays.elementwise(value, w.array(tree.inner))


def _power(w: Lowering, tree: Power) -> Array:
    exponent = Rational(tree.exponent.numerator, tree.exponent.denominator)
    return arrays.elementwise(lambda x: terms.power(x, exponent), w.array(tree.inner))


def _positive(w: Lowering, tree: Positive) -> Array:
    from sympy import Gt

    return arrays.elementwise(lambda x: terms.indicator(Gt(x, 0, evaluate=False)), w.array(tree.inner))


def _vanishing(w: Lowering, tree: Vanishing) -> Array:
    from sympy import Eq

    return arrays.elementwise(lambda x: terms.indicator(Eq(x, 0, evaluate=False)), w.array(tree.inner))


_ROWS: Mapping[type[Tree], Callable[[Lowering, Any], Array]] = {
    Named: _named,
    Gradient: _gradient,
    Ones: _ones,
    Identity: _identity,
    Opaque: _opaque,
    Transpose: lambda w, t: matrices.transposed(w.work, w.array(t.inner)),
    Chain: _chain,
    Hadamard: _hadamard,
    Scaled: _scaled,
    Sum: _sum,
    Apply: _apply,
    Power: _power,
    Absolute: lambda w, t: arrays.elementwise(matrices.absolute, w.array(t.inner)),
    Positive: _positive,
    Vanishing: _vanishing,
    Diagonal: lambda w, t: matrices.diagonal(w.work, w.array(t.inner)),
    Softmax: lambda w, t: matrices.softmax(w.work, w.array(t.inner)),
    Trace: lambda w, t: matrices.trace(w.work, w.array(t.inner)),
    Inverse: lambda w, t: matrices.inverse(w.work, w.array(t.inner)),
    Determinant: lambda w, t: matrices.determinant(w.work, w.array(t.inner)),
    SquaredNorm: lambda w, t: matrices.squared_norm(w.work, w.array(t.inner)),
}
