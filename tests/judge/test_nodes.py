"""Every node of the term language against a few lines of NumPy or plain Python, and every node has its row."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Expr, Integer, Max, Min, Ne, floor

from checker.calculus import terms as t
from checker.calculus.context import Claim, Context
from checker.judge.evaluate import Comparer
from checker.judge.machine import Machine
from checker.judge.nodes import RULES
from checker.judge.point import Point
from checker.judge.scalars import BASE_PRECISION, Unsupported, precision
from checker.judge.statement import prepare
from tests.judge.by_hand import (
    add,
    derivative,
    el,
    i,
    j,
    judge,
    k,
    l,
    mul,
    n,
    neg,
    one,
    p,
    power,
    q,
    sc,
    tensor,
    total,
    two,
    up_to,
    variables,
)

SQUARE = Context(variables(tensor("X", n, n), tensor("v", n)))
X = [[2, -1, 3], [0, 1, 4], [5, 2, -2]]
V = [3, -2, 1]


def value(term: Expr, at: dict | None = None, context: Context = SQUARE) -> Fraction:
    """The value of a term at the matrix X and the vector v above (n = 3)."""
    indices = {symbol: up_to(n) for symbol in at or {}}
    with precision(BASE_PRECISION):
        statement = prepare(Claim(term, one, indices), context)
        tester = Comparer(statement)
        machine: Machine = statement.machine
        point = Point(1, dict.fromkeys(statement.sizes, 3))
        cells = {name: machine.names[name].cell for name in ("X", "v") if name in machine.names}
        if "X" in cells:
            point.values.update({(cells["X"], (r + 1, c + 1)): fmpq(X[r][c]) for r in range(3) for c in range(3)})
        if "v" in cells:
            point.values.update({(cells["v"], (r + 1,)): fmpq(V[r]) for r in range(3)})
        tester.reload(point)
        tester.set_assignment(tuple((at or {})[index.symbol] for index in statement.indices))
        left, _ = tester.sides()
    return Fraction(int(left.p), int(left.q))


def test_every_node_has_a_row() -> None:
    assert set(t.NODES) <= set(RULES)


def test_a_node_without_a_row_is_refused_by_name() -> None:
    class Strange(t.Node):
        pass

    found = judge(Strange(one), one, {}, Context())
    assert found.outcome == "unknown"
    assert "Strange" in found.reason
    with pytest.raises(Unsupported, match="Strange"):
        prepare(Claim(Strange(one), one), Context())


def inverse(a: int, b: int) -> Fraction:
    return Fraction(numpy.linalg.inv(numpy.array(X))[a - 1][b - 1]).limit_denominator(1000)


X_FROM = (p, q, n, el("X", p, q))
ROWS: list[tuple[str, Expr, dict, object]] = [
    ("Rational", t.number("-2/3"), {}, Fraction(-2, 3)),
    ("Symbol, a size", n, {}, 3),
    ("Symbol, an index", i, {i: 2}, 2),
    ("Indexed", el("X", i, j), {i: 2, j: 3}, 4),
    ("Add", add(el("v", i), one, neg(el("v", j))), {i: 1, j: 2}, 6),
    ("Mul", mul(el("v", i), el("v", j), two), {i: 1, j: 2}, -12),
    ("Pow", power(el("v", i), Integer(-3)), {i: 2}, Fraction(-1, 8)),
    ("Pow, a root", power(power(el("v", i), two), t.number("3/2")), {i: 1}, 27),
    ("Sum", total(el("v", k), (k, n)), {}, 2),
    ("Sum, empty", t.sum_over(el("v", k), k, one, i - 1), {i: 1}, 0),
    ("Sum, bound by another index", t.sum_over(el("v", k), k, i, n), {i: 2}, -1),
    ("Sum, nested", total(mul(el("X", k, l), el("v", l)), (k, n), (l, n)), {}, sum(map(sum, numpy.array(X) * V))),
    ("Product", t.product_over(el("v", k), k, one, n), {}, prod(V)),
    ("Product, empty", t.product_over(el("v", k), k, one, i - 1), {i: 1}, 1),
    ("Maximum", t.maximum_over(el("v", k), k, one, n), {}, 3),
    ("KroneckerDelta", t.delta(i, j), {i: 2, j: 2}, 1),
    ("KroneckerDelta, affine", t.delta(2 * i, j), {i: 1, j: 3}, 0),
    ("Piecewise", t.cases((el("v", i), i < j), otherwise=el("v", j)), {i: 3, j: 2}, -2),
    ("AppliedUndef and FunctionDerivative", t.function_derivative("f", [2], sc("x")), {}, None),
    ("Partial", derivative(total(power(el("v", k), Integer(3)), (k, n)), el("v", i)), {i: 2}, 12),
    ("Partial, twice", derivative(total(power(el("v", k), Integer(3)), (k, n)), el("v", i), el("v", i)), {i: 2}, -12),
    ("Inverse", t.Inverse(*X_FROM, i, j), {i: 1, j: 3}, inverse(1, 3)),
    ("Determinant", t.Determinant(*X_FROM), {}, round(numpy.linalg.det(numpy.array(X)))),
    ("MatrixPower", t.MatrixPower(*X_FROM, i, i, j), {i: 3, j: 1}, numpy.linalg.matrix_power(X, 3)[2][0]),
    ("MatrixPower, zeroth", t.MatrixPower(*X_FROM, Integer(0), i, j), {i: 3, j: 1}, 0),
    ("Abs", Abs(el("v", i)), {i: 2}, 2),
    ("Max", Max(el("v", i), el("v", j), evaluate=False), {i: 2, j: 3}, 1),
    ("Min", Min(el("v", i), el("v", j), evaluate=False), {i: 2, j: 3}, -2),
    ("floor", floor(mul(el("v", i), t.number("1/2")), evaluate=False), {i: 1}, 1),
]  # fmt: skip


@pytest.mark.parametrize("term, at, expected", [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_value(term: Expr, at: dict, expected: object) -> None:
    if expected is None:
        assert judge(term, derivative(t.apply("f", sc("x")), sc("x"), sc("x")), {}, Context()).outcome == "agree"
    else:
        assert value(term, at) == expected


@pytest.mark.parametrize("term, at, expected", [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_twice_the_value_differs(term: Expr, at: dict, expected: object) -> None:
    indices = {symbol: up_to(n) for symbol in at}
    found = judge(term, add(term, one), indices, SQUARE)
    assert found.outcome == "differ"
    assert found.counterexample is not None


def test_an_excluded_term_is_not_evaluated() -> None:
    """Σ_{k ≠ i} 1/(v_k - v_i): a bracket over indices that is 0 makes its product 0, though the rest is 1/0."""
    reciprocal = power(add(el("v", k), neg(el("v", i))), Integer(-1))
    assert value(total(mul(t.indicator(Ne(k, i)), reciprocal), (k, n)), {i: 2}) == Fraction(1, 5) + Fraction(1, 3)


# ---------------------------------------------------------------------------- random polynomial terms


@st.composite
def polynomials(draw: st.DrawFn) -> tuple[Expr, object]:
    """A random term in X, v, i, j beside a NumPy function of (X, v, i, j)."""
    depth = draw(st.integers(0, 3))
    return _polynomial(draw, depth)


def _polynomial(draw: st.DrawFn, depth: int) -> tuple[Expr, object]:
    kinds = ["number", "v", "X"] if depth == 0 else ["add", "mul", "power", "sum", "delta", "case"]
    match draw(st.sampled_from(kinds)):
        case "number":
            c = draw(st.integers(-3, 3))
            return Integer(c), lambda X, v, i, j: c
        case "v":
            return el("v", i), lambda X, v, i, j: v[i]
        case "X":
            return el("X", i, j), lambda X, v, i, j: X[i][j]
        case "add":
            (a, f), (b, g) = _polynomial(draw, depth - 1), _polynomial(draw, depth - 1)
            return add(a, b), lambda X, v, i, j: f(X, v, i, j) + g(X, v, i, j)
        case "mul":
            (a, f), (b, g) = _polynomial(draw, depth - 1), _polynomial(draw, depth - 1)
            return mul(a, b), lambda X, v, i, j: f(X, v, i, j) * g(X, v, i, j)
        case "power":
            a, f = _polynomial(draw, depth - 1)
            e = draw(st.integers(0, 3))
            return power(a, Integer(e)), lambda X, v, i, j: f(X, v, i, j) ** e
        case "sum":
            a, f = _polynomial(draw, depth - 1)
            return t.sum_over(a, j, one, n), lambda X, v, i, j: sum(f(X, v, i, c) for c in range(3))
        case "delta":
            a, f = _polynomial(draw, depth - 1)
            return mul(a, t.delta(i, j)), lambda X, v, i, j: f(X, v, i, j) if i == j else 0
        case _:
            (a, f), (b, g) = _polynomial(draw, depth - 1), _polynomial(draw, depth - 1)
            return t.cases((a, i < j), otherwise=b), lambda X, v, i, j: f(X, v, i, j) if i < j else g(X, v, i, j)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(polynomials(), st.integers(1, 3), st.integers(1, 3))
def test_random_polynomials(sample: tuple, row: int, column: int) -> None:
    term, function = sample
    assert value(term, {i: row, j: column}) == function(X, V, row - 1, column - 1)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(polynomials(), st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
def test_derivatives_of_random_polynomials(sample: tuple, row: int, column: int, by: int) -> None:
    """∂/∂v_by against the exact five-point rule of a polynomial evaluated at shifted points."""
    term, function = sample
    found = value(derivative(term, el("v", k)), {i: row, j: column, k: by})
    degree = 27

    def shifted(h: int) -> int:
        moved = [*V[: by - 1], V[by - 1] + h, *V[by:]]
        return function(X, moved, row - 1, column - 1)

    # the derivative at 0 of the interpolating polynomial through h = -14..14 (exact: the degree is at most 27)
    nodes = range(-(degree + 1) // 2, (degree + 1) // 2 + 1)
    expected = Fraction(0)
    for h in nodes:
        if h != 0:
            others = [m for m in nodes if m not in (0, h)]
            weight = Fraction(prod(-m for m in others), h * prod(h - m for m in others))
            expected += weight * shifted(h)
    expected += shifted(0) * sum(Fraction(-1, m) for m in nodes if m != 0)
    assert found == expected
