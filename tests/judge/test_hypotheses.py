"""Points satisfy the hypotheses; without the hypothesis the same claim must differ."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sympy import Abs, And, Eq, Expr, Gt, Integer, Lt, Max, Ne, log

from checker.calculus import terms as t
from checker.calculus.context import Context, Hypothesis, Matrix, Property, Variable
from tests.judge.by_hand import (
    a,
    add,
    assume,
    b,
    defined,
    derivative,
    el,
    half,
    i,
    j,
    judge,
    k,
    m,
    matrix_is,
    mul,
    n,
    neg,
    o,
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

x, y, u = sc("x"), sc("y"), sc("u")
determinant = t.Determinant(p, q, n, el("X", p, q))


def inverse(name: str, *position: Expr) -> Expr:
    return t.Inverse(p, q, n, el(name, p, q), *position)


def one_hot(name: str, size: Expr) -> Hypothesis:
    return assume(property=Property.ONE_HOT, matrix=Matrix(a, b, size, one, el(name, a)))


square = variables(tensor("X", n, n), tensor("v", n))
columns_product = total(mul(el("X", k, i), el("X", k, j)), (k, n))
one_minus_x, square_minus_one = add(one, neg(x)), add(power(x, two), neg(one))
log_two_minus_x = add(log(two), neg(x))
rows_sum_to_one = assume(equation=(total(el("X", i, k), (k, n)), one), indices={i: up_to(n)})

# name -> (variables, definitions, hypotheses, free indices, left, right): true, and false without the hypotheses
CASES: dict[str, tuple] = {
    "symmetric": (square, {}, [matrix_is(Property.SYMMETRIC, "X", n)], {i: n, j: n}, el("X", i, j), el("X", j, i)),
    "symmetric, as an equation": (
        square,
        {},
        [assume(equation=(el("X", i, j), el("X", j, i)), indices={i: up_to(n), j: up_to(n)})],
        {i: n, j: n},
        el("X", i, j),
        el("X", j, i),
    ),
    "antisymmetric": (
        square,
        {},
        [matrix_is(Property.ANTISYMMETRIC, "X", n)],
        {},
        total(mul(el("v", i), el("X", i, j), el("v", j)), (i, n), (j, n)),
        Integer(0),
    ),
    "diagonal": (
        square,
        {},
        [matrix_is(Property.DIAGONAL, "X", n)],
        {i: n},
        total(mul(el("X", i, j), el("v", j)), (j, n)),
        mul(el("X", i, i), el("v", i)),
    ),
    "diagonal and invertible": (
        square,
        {},
        [matrix_is(Property.DIAGONAL, "X", n), matrix_is(Property.INVERTIBLE, "X", n)],
        {i: n, j: n},
        inverse("X", i, j),
        mul(t.delta(i, j), power(el("X", i, i), Integer(-1))),
    ),
    "lower triangular": (
        square,
        {},
        [matrix_is(Property.LOWER_TRIANGULAR, "X", n)],
        {},
        determinant,
        t.product_over(el("X", i, i), i, one, n),
    ),
    "upper triangular": (
        square,
        {},
        [matrix_is(Property.UPPER_TRIANGULAR, "X", n)],
        {},
        determinant,
        t.product_over(el("X", i, i), i, one, n),
    ),
    "orthogonal": (
        square,
        {},
        [matrix_is(Property.ORTHOGONAL, "X", n)],
        {i: n, j: n},
        total(mul(el("X", i, k), el("X", j, k)), (k, n)),
        t.delta(i, j),
    ),
    "orthogonal, as an equation": (
        square,
        {},
        [assume(equation=(columns_product, t.delta(i, j)), indices={i: up_to(n), j: up_to(n)})],
        {i: n, j: n},
        total(mul(el("X", i, k), el("X", j, k)), (k, n)),
        t.delta(i, j),
    ),
    "orthogonal and symmetric": (
        square,
        {},
        [matrix_is(Property.ORTHOGONAL, "X", n), matrix_is(Property.SYMMETRIC, "X", n)],
        {i: n, j: n},
        total(mul(el("X", i, k), el("X", k, j)), (k, n)),
        t.delta(i, j),
    ),
    "positive definite": (
        square,
        {},
        [matrix_is(Property.POSITIVE_DEFINITE, "X", n)],
        {i: n},
        Abs(el("X", i, i)),
        el("X", i, i),
    ),
    "one-hot": (square, {}, [one_hot("v", n)], {}, total(power(el("v", i), two), (i, n)), one),
    "a unit vector": (
        square,
        {},
        [assume(equation=(total(power(el("v", i), two), (i, n)), one))],
        {},
        power(total(power(el("v", i), two), (i, n)), two),
        one,
    ),
    "rows that sum to one": (
        square,
        {},
        [rows_sum_to_one],
        {},
        total(el("X", i, j), (i, n), (j, n)),
        n,
    ),
    "rows that sum to one, positive": (
        square,
        {},
        [rows_sum_to_one, assume(relation=Gt(el("X", i, j), 0), indices={i: up_to(n), j: up_to(n)})],
        {},
        total(Abs(el("X", i, j)), (i, n), (j, n)),
        n,
    ),
    "one value, given": ({}, {}, [assume(equation=(mul(two, x), Integer(3)))], {}, power(x, two), t.number("9/4")),
    "a positive scalar": ({}, {}, [assume(relation=Gt(x, 0))], {}, Abs(x), x),
    "between two bounds": ({}, {}, [assume(relation=And(Gt(x, 0), Lt(x, 1)))], {}, Abs(one_minus_x), one_minus_x),
    "outside two bounds": ({}, {}, [assume(relation=Gt(Abs(x), 1))], {}, Abs(square_minus_one), square_minus_one),
    "ordered scalars": ({}, {}, [assume(relation=Lt(x, y))], {}, Abs(add(y, neg(x))), add(y, neg(x))),
    "a bound by a logarithm": ({}, {}, [assume(relation=Lt(x, log(two)))], {}, Abs(log_two_minus_x), log_two_minus_x),
    "a relation on a defined matrix": (
        variables(tensor("X", n, n), tensor("M", n, n)),
        dict([defined("M", i, j, body=add(el("X", i, j), mul(u, t.delta(i, j))))]),
        [assume(relation=Gt(t.Determinant(p, q, n, el("M", p, q)), 0))],
        {},
        Abs(t.Determinant(p, q, n, el("M", p, q))),
        t.Determinant(p, q, n, el("M", p, q)),
    ),
    "a defined symmetric matrix": (
        variables(tensor("X", n, n), tensor("M", n, n)),
        dict([defined("M", i, j, body=mul(two, el("X", i, j)))]),
        [matrix_is(Property.SYMMETRIC, "M", n)],
        {i: n, j: n},
        el("X", i, j),
        el("X", j, i),
    ),
    "equal sizes": (
        variables(tensor("X", m, n)),
        {},
        [assume(equation=(m, n))],
        {},
        m,
        n,
    ),
    "a size that is not 1": ({}, {}, [assume(relation=Gt(n, 1))], {}, t.indicator(Eq(n, 1)), Integer(0)),
    "different indices": (square, {}, [assume(relation=Ne(i, j))], {i: n, j: n}, t.delta(i, j), Integer(0)),
    "a matrix in every layer": (
        variables(tensor("W", o, n, n, labels=1)),
        {},
        [
            assume(
                property=Property.SYMMETRIC,
                matrix=Matrix(a, b, n, n, el("W", k, a, b)),
                indices={k: up_to(o)},
            )
        ],
        {k: o, i: n, j: n},
        el("W", k, i, j),
        el("W", k, j, i),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_true_under_the_hypotheses(name: str) -> None:
    tensors, definitions, hypotheses, indices, left, right = CASES[name]
    context = Context(tensors, definitions, hypotheses=tuple(hypotheses))
    found = judge(left, right, indices, context)
    assert (found.outcome, found.reason) == ("agree", "")


@pytest.mark.parametrize("name", CASES)
def test_false_without_them(name: str) -> None:
    tensors, definitions, _, indices, left, right = CASES[name]
    found = judge(left, right, indices, Context(tensors, definitions))
    assert (found.outcome, found.reason) == ("differ", "")


@pytest.mark.parametrize("name", CASES)
def test_a_twin_that_is_false_under_them_too(name: str) -> None:
    """Left = right + x²-like slip: the counterexample has to satisfy the hypotheses as well."""
    tensors, definitions, hypotheses, indices, left, right = CASES[name]
    context = Context(tensors, definitions, hypotheses=tuple(hypotheses))
    found = judge(left, add(right, one), indices, context)
    assert (found.outcome, found.reason) == ("differ", "")


@pytest.mark.parametrize(
    "relations",
    [
        [Gt(x, 0), Lt(x, 0)],
        [Gt(neg(power(x, two)), 1)],
        [Gt(mul(x, y), 0), Lt(mul(x, y), -1)],
        [Gt(n, 2), Lt(n, 2)],
    ],
)
def test_what_cannot_be_satisfied_is_unknown(relations: list) -> None:
    context = Context(hypotheses=tuple(assume(relation=r) for r in relations))
    x = mul(sc("x"), n)
    found = judge(x, add(x, one), {}, context)
    assert found.outcome == "unknown"
    assert "hypotheses" in found.reason


def test_a_hypothesis_about_other_things_is_passed_over() -> None:
    context = Context(hypotheses=(assume(relation=Gt(y, 0)), assume(relation=Lt(y, 0))))
    assert judge(x, x, {}, context).outcome == "agree"


def test_an_equation_on_an_unknown_function_is_not_satisfied_at_one_point_only() -> None:
    """Σ p(u) = 1 is meant for all u: then Σ ∂p/∂u = 0, and no single point may refute it."""
    context = Context(
        variables(tensor("p", n)),
        depends={"p": ("u",)},
        hypotheses=(assume(equation=(total(el("p", i), (i, n)), one)),),
    )
    found = judge(total(derivative(el("p", i), u), (i, n)), Integer(0), {}, context)
    assert found.outcome == "unknown"
    assert "unknown function p" in found.reason


def test_an_equation_on_an_unknown_activation() -> None:
    context = Context(hypotheses=(assume(equation=(t.apply("phi", Integer(0)), Integer(0))),))
    assert judge(t.apply("phi", mul(Integer(0), x)), Integer(0), {}, context).outcome == "unknown"
    assert judge(x, add(x, one), {}, context).outcome == "differ"


def test_entries_are_independent_inside_a_derivative() -> None:
    """With X symmetric, ∂X_12/∂X_21 is still 0."""
    context = Context(variables(tensor("X", n, n)), hypotheses=(matrix_is(Property.SYMMETRIC, "X", n),))
    left = derivative(el("X", i, j), el("X", a, b))
    indices = {i: n, j: n, a: n, b: n}
    assert judge(left, mul(t.delta(i, a), t.delta(j, b)), indices, context).outcome == "agree"
    both = mul(half, add(mul(t.delta(i, a), t.delta(j, b)), mul(t.delta(i, b), t.delta(j, a))))
    assert judge(left, both, indices, context).outcome == "differ"


def test_an_unknown_symmetric_matrix_function() -> None:
    context = Context(
        variables(tensor("X", n, n)), depends={"X": ("u",)}, hypotheses=(matrix_is(Property.SYMMETRIC, "X", n),)
    )
    left, right = (derivative(el("X", *ij), u) for ij in ((i, j), (j, i)))
    assert judge(left, right, {i: n, j: n}, context).outcome == "agree"
    assert judge(left, right, {i: n, j: n}, replace(context, hypotheses=())).outcome == "differ"


# ------------------------------------------------------------------- hypotheses that hang together


def test_a_chain_of_bounds_is_kept_whole() -> None:
    """v > u and u > 1 bound v from below although the claim never mentions u."""
    u, v = sc("u"), sc("v")
    context = Context(hypotheses=(assume(relation=Gt(u, 1)), assume(relation=Gt(v, u))))
    assert judge(Max(v, one, evaluate=False), v, {}, context).outcome == "agree"
    assert judge(Max(v, Integer(40), evaluate=False), v, {}, context).outcome == "differ"


def test_a_property_of_one_layer() -> None:
    weights = variables(tensor("W", 3, n, n, labels=1))
    of_first = Matrix(a, b, n, n, el("W", one, a, b))
    context = Context(variables=weights, hypotheses=(assume(property=Property.SYMMETRIC, matrix=of_first),))
    assert judge(el("W", one, i, j), el("W", one, j, i), {i: n, j: n}, context).outcome == "agree"
    assert judge(el("W", two, i, j), el("W", two, j, i), {i: n, j: n}, context).outcome == "differ"


def test_labels_stay_in_their_declared_range_also_as_the_end_of_a_sum() -> None:
    labels = Variable("y", (up_to(n),), integer=True, values=up_to(n))
    context = Context(variables=variables(labels))
    up = t.sum_over(one, i, one, el("y", j))
    down = t.sum_over(one, i, add(el("y", j), one), n)
    assert judge(up, add(n, neg(down)), {j: n}, context).outcome == "agree"
    assert judge(up, n, {j: n}, context).outcome == "differ"
