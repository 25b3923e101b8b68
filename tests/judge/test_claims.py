"""True claims must come out as *agree*; each has a wrong twin that must come out as *differ*, small."""

from __future__ import annotations

import pytest
from sympy import Abs, Eq, Expr, Ge, Gt, Integer, Lt, Max, Min, Ne, exp, log, pi, sin, tanh

from checker.calculus import terms as t
from checker.calculus.context import Context, Definition, Property, Range, Variable
from tests.judge.by_hand import (
    INTEGERS,
    L,
    a,
    add,
    assume,
    b,
    c,
    d,
    defined,
    derivative,
    div,
    el,
    everywhere,
    function,
    half,
    i,
    j,
    judge,
    k,
    l,
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
    r,
    s,
    sc,
    tensor,
    total,
    two,
    up_to,
    variables,
)

CASES: dict[str, tuple[Context, dict, Expr, Expr, Expr]] = {}


def case(name: str, context: Context, indices: dict, left: Expr, right: Expr, wrong: Expr) -> None:
    assert name not in CASES
    CASES[name] = (context, indices, left, right, wrong)


E, F = sc("E"), sc("F")

# ------------------------------------------------------------------------------ matrices and E(A)

product = Context(
    variables(tensor("D", m, n), tensor("W", n, o), tensor("A", m, o), tensor("B", m, o)),
    dict(
        [
            defined("A", i, j, body=total(mul(el("D", i, q), el("W", q, j)), (q, n))),
            defined("B", i, j, body=derivative(E, el("A", i, j))),
        ]
    ),
    depends={"E": ("A",)},
)
case(
    "derivative of a product by an entry",
    product,
    {i: m, j: o, k: n, l: o},
    derivative(el("A", i, j), el("W", k, l)),
    mul(el("D", i, k), t.delta(j, l)),
    mul(el("D", i, k), t.delta(j, k)),
)
case(
    "chain rule through an unknown E(A)",
    product,
    {k: n, l: o},
    derivative(E, el("W", k, l)),
    total(mul(el("D", i, k), el("B", i, l)), (i, m)),
    total(mul(el("B", i, l), el("D", i, l)), (i, m)),
)
case(
    "chain rule by D",
    product,
    {k: m, l: n},
    derivative(E, el("D", k, l)),
    total(mul(el("B", k, j), el("W", l, j)), (j, o)),
    neg(total(mul(el("B", k, j), el("W", l, j)), (j, o))),
)
case(
    "second derivative of E(A)",
    product,
    {k: n, l: o, c: n, d: o},
    derivative(E, el("W", k, l), el("W", c, d)),
    total(
        mul(el("D", i, k), el("D", j, c), derivative(E, el("A", i, l), el("A", j, d))),
        (i, m),
        (j, m),
    ),
    total(
        mul(el("D", i, k), el("D", j, k), derivative(E, el("A", i, l), el("A", j, d))),
        (i, m),
        (j, m),
    ),
)

# ------------------------------------------------------------------------------- sigmoid, softmax

x = sc("x")
sigmoid = function("sigma", div(one, add(one, exp(neg(x)))), x)
gates = Context(
    variables(tensor("D", m, n), tensor("A", m, n)),
    dict([defined("A", i, j, body=t.apply("sigma", el("D", i, j)))]),
    functions=dict([sigmoid]),
    depends={"E": ("A",)},
)
case(
    "sigmoid elementwise",
    gates,
    {k: m, l: n},
    derivative(E, el("D", k, l)),
    mul(derivative(E, el("A", k, l)), el("A", k, l), add(one, neg(el("A", k, l)))),
    mul(derivative(E, el("A", k, l)), el("D", k, l), add(one, neg(el("A", k, l)))),
)
case(
    "derivative of a defined function",
    Context(functions=dict([sigmoid])),
    {},
    t.function_derivative("sigma", [1], x),
    mul(t.apply("sigma", x), add(one, neg(t.apply("sigma", x)))),
    mul(t.apply("sigma", x), add(one, t.apply("sigma", x))),
)
case(
    "second derivative of a defined function",
    Context(functions=dict([sigmoid])),
    {},
    t.function_derivative("sigma", [2], x),
    mul(t.function_derivative("sigma", [1], x), add(one, mul(Integer(-2), t.apply("sigma", x)))),
    mul(t.function_derivative("sigma", [1], x), add(one, neg(t.apply("sigma", x)))),
)
soft = div(exp(el("z", i)), total(exp(el("z", k)), (k, n)))
softmax = Context(
    variables(tensor("z", n), tensor("p", n), tensor("t", n)),
    dict([defined("p", i, body=soft)]),
    hypotheses=(assume(equation=(total(el("t", j), (j, n)), one)),),
)
case(
    "softmax",
    softmax,
    {i: n, j: n},
    derivative(el("p", i), el("z", j)),
    mul(el("p", i), add(t.delta(i, j), neg(el("p", j)))),
    mul(el("p", i), add(one, neg(el("p", j)))),
)
case(
    "cross entropy, which needs Σt = 1",
    softmax,
    {i: n},
    derivative(neg(total(mul(el("t", j), log(el("p", j))), (j, n))), el("z", i)),
    add(el("p", i), neg(el("t", i))),
    add(el("t", i), neg(el("p", i))),
)
case(
    "third derivative of log-sum-exp",
    Context(variables(tensor("z", n), tensor("p", n)), dict([defined("p", i, body=soft)])),
    {a: n},
    derivative(log(total(exp(el("z", k)), (k, n))), el("z", a), el("z", a), el("z", a)),
    mul(el("p", a), add(one, neg(el("p", a))), add(one, mul(Integer(-2), el("p", a)))),
    mul(el("p", a), add(one, neg(el("p", a))), add(one, neg(el("p", a)))),
)

# ----------------------------------------------------------------------- unknown functions and layers

phi = "varphi"
network = Context(
    variables(tensor("x", m), tensor("W", m, n), tensor("z", n), tensor("h", n), tensor("y", n)),
    dict(
        [
            defined("z", j, body=total(mul(el("W", i, j), el("x", i)), (i, m))),
            defined("h", j, body=t.apply(phi, el("z", j))),
            defined("F", body=mul(half, total(power(add(el("h", j), neg(el("y", j))), two), (j, n)))),
        ]
    ),
)
case(
    "a layer with an unknown activation",
    network,
    {k: m, l: n},
    derivative(F, el("W", k, l)),
    mul(add(el("h", l), neg(el("y", l))), t.function_derivative(phi, [1], el("z", l)), el("x", k)),
    mul(add(el("h", l), neg(el("y", l))), t.apply(phi, el("z", l)), el("x", k)),
)
case(
    "a defined quantity as variable",
    network,
    {k: m, l: n},
    derivative(F, el("W", k, l)),
    mul(derivative(F, el("z", l)), el("x", k)),
    mul(derivative(F, el("h", l)), el("x", k)),
)
case(
    "mixed partials of an unknown function of two arguments",
    Context(),
    {},
    derivative(t.apply("f", mul(x, sc("y")), sc("y")), x),
    mul(sc("y"), t.function_derivative("f", [1, 0], mul(x, sc("y")), sc("y"))),
    mul(sc("y"), t.function_derivative("f", [0, 1], mul(x, sc("y")), sc("y"))),
)
layer_slot = Range(one, L)
width = el("w", k)
layers = Context(
    variables(
        Variable("a", (Range(Integer(0), L), up_to(width)), 1, (k,)),
        Variable("d", (layer_slot, up_to(width)), 1, (k,)),
        Variable("W", (layer_slot, up_to(el("w", add(k, Integer(-1)))), up_to(width)), 1, (k,)),
        Variable("w", (Range(Integer(0), L),), 1, (), True),
    ),
    {
        "d": (
            Definition(
                "d",
                (k, j),
                t.sum_over(
                    mul(el("W", k, i, j), el("a", add(k, Integer(-1)), i)), i, one, el("w", add(k, Integer(-1)))
                ),
            ),
        ),
        "a": (
            Definition("a", (k, i), t.apply("h", el("d", k, i)), Ge(k, 1) & Lt(k, L)),
            Definition(
                "a",
                (L, i),
                div(exp(el("d", L, i)), t.sum_over(exp(el("d", L, j)), j, one, el("w", L))),
            ),
        ),
        "F": (Definition("F", (), neg(log(el("a", L, one)))),),
    },
)
inner = {k: Range(one, add(L, Integer(-1))), i: up_to(width)}
case(
    "a family of layers: one step back",
    layers,
    inner,
    derivative(F, el("a", k, i)),
    t.sum_over(mul(derivative(F, el("d", add(k, one), j)), el("W", add(k, one), i, j)), j, one, el("w", add(k, one))),
    t.sum_over(mul(derivative(F, el("d", k, i)), el("W", add(k, one), i, j)), j, one, el("w", add(k, one))),
)
case(
    "a family of layers: the last one",
    layers,
    {c: up_to(el("w", L))},
    derivative(F, el("d", L, c)),
    add(el("a", L, c), neg(t.delta(c, one))),
    add(el("a", L, c), neg(one)),
)
recursion = Context(
    variables(tensor("h", Range(Integer(0), L)), tensor("u", layer_slot)),
    {"h": (Definition("h", (k,), tanh(add(mul(sc("v"), el("h", k - 1)), el("u", k))), Ge(k, 1)),)},
    depends={"E": ("h",)},
)
case(
    "a recursion over time",
    recursion,
    {k: Range(one, L)},
    derivative(el("h", k), el("h", k - 1)),
    mul(sc("v"), add(one, neg(power(el("h", k), two)))),
    mul(sc("v"), add(one, neg(power(el("h", k - 1), two)))),
)

# ------------------------------------------------------------------------------- inverses, determinants


def inverse(name: str, *position: Expr) -> Expr:
    return t.Inverse(p, q, n, el(name, p, q), *position)


invertible = Context(variables(tensor("X", n, n)), hypotheses=(matrix_is(Property.INVERTIBLE, "X", n),))
case(
    "derivative of an inverse",
    invertible,
    {i: n, j: n, k: n, l: n},
    derivative(inverse("X", i, j), el("X", k, l)),
    neg(mul(inverse("X", i, k), inverse("X", l, j))),
    neg(mul(inverse("X", i, l), inverse("X", k, j))),
)
determinant = t.Determinant(p, q, n, el("X", p, q))
case(
    "derivative of a determinant",
    invertible,
    {k: n, l: n},
    derivative(determinant, el("X", k, l)),
    mul(determinant, inverse("X", l, k)),
    mul(determinant, inverse("X", k, l)),
)
case(
    "log det, which needs det X > 0",
    Context(variables(tensor("X", n, n)), hypotheses=(assume(relation=Gt(determinant, 0)),)),
    {k: n, l: n},
    derivative(log(determinant), el("X", k, l)),
    inverse("X", l, k),
    inverse("X", k, l),
)
case(
    "a matrix power",
    Context(variables(tensor("X", n, n))),
    {i: n, j: n},
    t.MatrixPower(p, q, n, el("X", p, q), Integer(3), i, j),
    total(mul(el("X", i, k), el("X", k, l), el("X", l, j)), (k, n), (l, n)),
    total(mul(el("X", i, k), el("X", k, l), el("X", j, l)), (k, n), (l, n)),
)

# --------------------------------------------------------------------------------------- hypotheses

quadratic = total(mul(el("x", i), el("S", i, j), el("x", j)), (i, n), (j, n))
case(
    "a quadratic form with a symmetric matrix",
    Context(variables(tensor("S", n, n), tensor("x", n)), hypotheses=(matrix_is(Property.SYMMETRIC, "S", n),)),
    {k: n},
    derivative(quadratic, el("x", k)),
    mul(two, total(mul(el("S", k, j), el("x", j)), (j, n))),
    total(mul(el("S", k, j), el("x", j)), (j, n)),
)
case(
    "orthogonal: the transpose is the inverse",
    Context(variables(tensor("Q", n, n)), hypotheses=(matrix_is(Property.ORTHOGONAL, "Q", n),)),
    {i: n, j: n},
    inverse("Q", i, j),
    el("Q", j, i),
    el("Q", i, j),
)
case(
    "one-hot",
    Context(
        variables(tensor("y", n), tensor("v", n)),
        hypotheses=(
            assume(
                property=Property.ONE_HOT,
                matrix=matrix_is(Property.ONE_HOT, "y", n).matrix.__class__(a, b, n, one, el("y", a)),
            ),
        ),
    ),
    {},
    power(total(mul(el("y", i), el("v", i)), (i, n)), two),
    total(mul(el("y", i), power(el("v", i), two)), (i, n)),
    total(mul(el("y", i), el("v", i)), (i, n)),
)
case(
    "positive values: sqrt(x²) = x",
    Context(
        variables(tensor("x", n)),
        hypotheses=(assume(relation=Gt(el("x", i), 0), indices={i: up_to(n)}),),
    ),
    {k: n},
    power(power(el("x", k), two), half),
    el("x", k),
    neg(el("x", k)),
)
case(
    "exclusions: a sum without one term",
    Context(variables(tensor("x", n))),
    {i: n},
    total(mul(t.indicator(Ne(k, i)), el("x", k)), (k, n)),
    add(total(el("x", k), (k, n)), neg(el("x", i))),
    add(total(el("x", k), (k, n)), el("x", i)),
)

# ------------------------------------------------------------------------------ kinks, cases, sequences

case(
    "absolute value away from 0",
    Context(hypotheses=(assume(relation=Ne(x, 0)),)),
    {},
    derivative(Abs(x), x),
    div(x, Abs(x)),
    div(Abs(x), power(x, two)),
)
case(
    "clamp",
    Context(),
    {},
    derivative(Min(Max(x, -1), 1), x),
    t.cases((Integer(0), Lt(x, -1)), (Integer(0), Gt(x, 1)), otherwise=one),
    t.cases((Integer(0), Lt(x, -1)), otherwise=one),
)
case(
    "the largest entry",
    Context(variables(tensor("x", n))),
    {k: n},
    derivative(t.maximum_over(el("x", i), i, one, n), el("x", k)),
    t.indicator(Eq(el("x", k), t.maximum_over(el("x", i), i, one, n))),
    t.indicator(Lt(el("x", k), t.maximum_over(el("x", i), i, one, n))),
)
case(
    "a product over an index",
    Context(variables(tensor("x", n))),
    {k: n},
    mul(el("x", k), derivative(t.product_over(el("x", i), i, one, n), el("x", k))),
    t.product_over(el("x", i), i, one, n),
    mul(el("x", k), t.product_over(el("x", i), i, one, n)),
)
case(
    "cumulative sums",
    Context(variables(tensor("x", n))),
    {i: n, j: n},
    derivative(t.sum_over(el("x", k), k, one, i), el("x", j)),
    t.indicator(Ge(i, j)),
    t.indicator(Gt(i, j)),
)
convolution = Context(
    variables(
        tensor("x", m, INTEGERS), tensor("w", m, n, INTEGERS), tensor("z", n, INTEGERS), tensor("g", n, INTEGERS)
    ),
    dict(
        [
            defined("z", l, p, body=total(everywhere(mul(el("x", k, s), el("w", k, l, p - s)), s), (k, m))),
            defined("g", l, p, body=Max(0, el("z", l, p))),
        ]
    ),
    depends={"F": ("g",)},
)
case(
    "a convolution over all integers",
    convolution,
    {l: n, p: INTEGERS, a: m, b: n, r: INTEGERS},
    derivative(el("z", l, p), el("w", a, b, r)),
    mul(el("x", a, p - r), t.delta(l, b)),
    everywhere(mul(el("x", a, p - s), t.delta(l, b)), s),
)
case(
    "a function of a rectified convolution",
    convolution,
    {a: m, b: n, r: INTEGERS},
    derivative(F, el("w", a, b, r)),
    everywhere(
        mul(derivative(F, el("g", b, p)), t.indicator(Ge(el("z", b, p), 0)), el("x", a, p - r)),
        p,
    ),
    everywhere(
        mul(derivative(F, el("g", b, p)), t.indicator(Ge(el("z", b, p), 0)), el("x", a, r - p)),
        p,
    ),
)
case("constants", Context(), {}, derivative(sin(mul(pi, x)), x), mul(pi, sin(mul(pi, add(x, half)))), sin(mul(pi, x)))
case(
    "a class as an index",
    Context(variables(tensor("v", n, m), Variable("y", (up_to(n),), integer=True))),
    {},
    total(mul(t.delta(j, el("y", i)), el("v", i, j)), (i, n), (j, m)),
    total(el("v", i, el("y", i)), (i, n)),
    total(el("v", i, one), (i, n)),
)
case(
    "numbers as sizes",
    Context(variables(tensor("W", 784, 10), tensor("x", 784))),
    {j: 10, k: 784},
    derivative(total(mul(el("W", i, j), el("x", i)), (i, 784)), el("x", k)),
    el("W", k, j),
    neg(el("W", k, j)),
)


@pytest.mark.parametrize("name", CASES)
def test_true_claims_agree(name: str) -> None:
    context, indices, left, right, _ = CASES[name]
    found = judge(left, right, indices, context)
    assert (found.outcome, found.reason) == ("agree", "")
    assert found.points >= 4


@pytest.mark.parametrize("name", CASES)
def test_their_wrong_twins_differ_with_a_small_counterexample(name: str) -> None:
    context, indices, left, _, wrong = CASES[name]
    found = judge(left, wrong, indices, context)
    assert (found.outcome, found.reason) == ("differ", "")
    example = found.counterexample
    assert example is not None
    assert example.left != example.right
    assert max(example.sizes.values(), default=1) <= 3
