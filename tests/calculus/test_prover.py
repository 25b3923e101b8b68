"""Claims about terms built by hand: each true one is proved, its wrong twin is not, and evaluation agrees."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sympy import Expr, Gt, Integer, Max, Ne, Rational, Symbol, cos, exp, log, oo, sin, tanh

from checker.calculus import terms as t
from checker.calculus.context import (
    Claim,
    Context,
    Definition,
    FunctionDefinition,
    Hypothesis,
    Property,
    Range,
    Variable,
)
from checker.calculus.session import open_session
from checker.calculus.terms import Partial
from checker.calculus.writing import term_of
from checker.judge.decide import decide
from checker.results import Verdict
from tests.calculus.letters import (
    ONE,
    TWO,
    determinant,
    el,
    full,
    i,
    inverse,
    j,
    k,
    l,
    matrix,
    minus,
    n,
    over,
    p,
    plus,
    q,
    square,
    tensor,
    times,
    total,
)

E_ = t.scalar("E")
X = lambda *a: el("X", *a)
x = lambda *a: el("x", *a)
A = lambda *a: el("A", *a)
u = t.scalar("u")
HALF = Rational(1, 2)


@dataclass(frozen=True)
class Case:
    name: str
    left: Expr
    right: Expr
    wrong: Expr
    context: Context = field(default_factory=Context)
    indices: dict[Symbol, Range] = field(default_factory=dict)


VECTOR = Context(variables=tensor("x", n))
SQUARE = Context(
    variables={**tensor("X", n, n), **tensor("A", n, n), **tensor("a", n), **tensor("b", n)},
    hypotheses=(Hypothesis("X invertible", property=Property.INVERTIBLE, matrix=matrix("X", n)),),
)
MATRIX_INDICES = {i: full(n), j: full(n), k: full(n), l: full(n)}
a, b = (lambda i: el("a", i)), (lambda i: el("b", i))
sigma = lambda v: over(ONE, plus(ONE, exp(t.negate(v))))
norm = t.power(total(square(x(k)), (k, n)), HALF)
mean = over(total(x(k), (k, n)), n)
symmetric = Hypothesis("A = A^T", property=Property.SYMMETRIC, matrix=matrix("A", n))
layers = Context(
    variables={
        "d": Variable("d", (full(t.size("L")), full(n)), labels=1),
        "a": Variable("a", (Range(Integer(0), t.size("L")), full(n)), labels=1),
        "W": Variable("W", (full(t.size("L")), full(n), full(n)), labels=1),
    },
    definitions={
        "d": (Definition("d", (k, i), total(times(el("W", k, j, i), el("a", minus(k, ONE), j)), (j, n))),),
        "a": (Definition("a", (k, i), t.apply("h", el("d", k, i)), Gt(k, 0)),),
    },
    depends={"E": ("a",)},
)
loss_of_last = Context(
    variables=layers.variables,
    definitions={
        **layers.definitions,
        "E": (Definition("E", (), total(t.apply("g", el("a", t.size("L"), i)), (i, n))),),
    },
    hypotheses=(Hypothesis("k < L", relation=Gt(t.size("L"), p)), Hypothesis("k >= 1", relation=Gt(p, 0))),
)
relu = lambda v: Max(Integer(0), v, evaluate=False)

CASES = [
    Case(
        "square of a sum",
        square(total(x(i), (i, n))),
        total(times(x(i), x(j)), (i, n), (j, n)),
        total(square(x(i)), (i, n)),
        VECTOR,
    ),
    Case(
        "deviations",
        total(square(minus(x(i), mean)), (i, n)),
        minus(total(square(x(i)), (i, n)), times(n, square(mean))),
        minus(total(square(x(i)), (i, n)), square(mean)),
        VECTOR,
    ),
    Case("norm", Partial(norm, x(j)), over(x(j), norm), over(x(j), times(TWO, norm)), VECTOR, {j: full(n)}),
    Case(
        "sigmoid",
        Partial(sigma(u), u),
        times(sigma(u), minus(ONE, sigma(u))),
        times(sigma(u), plus(ONE, sigma(u))),
    ),
    Case(
        "tanh",
        minus(ONE, square(tanh(u))),
        times(Integer(4), over(exp(times(TWO, u)), square(plus(exp(times(TWO, u)), ONE)))),
        square(tanh(u)),
    ),
    Case(
        "Pythagoras",
        plus(t.power(sin(u), Integer(4)), square(cos(u))),
        minus(plus(ONE, t.power(cos(u), Integer(4))), square(cos(u))),
        ONE,
    ),
    Case(
        "log of a quotient",
        log(over(exp(u), plus(ONE, exp(u)))),
        minus(u, log(plus(ONE, exp(u)))),
        plus(u, log(plus(ONE, exp(u)))),
    ),
    Case(
        "inverse times matrix",
        total(times(inverse("X", n, i, k), X(k, j)), (k, n)),
        t.delta(i, j),
        ONE,
        SQUARE,
        MATRIX_INDICES,
    ),
    Case(
        "derivative of an inverse",
        Partial(inverse("X", n, i, j), X(k, l)),
        t.negate(times(inverse("X", n, i, k), inverse("X", n, l, j))),
        times(inverse("X", n, i, k), inverse("X", n, l, j)),
        SQUARE,
        MATRIX_INDICES,
    ),
    Case(
        "derivative of a determinant",
        Partial(determinant("X", n), X(i, j)),
        times(determinant("X", n), inverse("X", n, j, i)),
        times(determinant("X", n), inverse("X", n, i, j)),
        SQUARE,
        MATRIX_INDICES,
    ),
    Case(
        "quadratic form of a symmetric matrix",
        Partial(total(times(x(p), A(p, q), x(q)), (p, n), (q, n)), x(i)),
        times(TWO, total(times(A(i, q), x(q)), (q, n))),
        total(times(A(i, q), x(q)), (q, n)),
        Context(variables={**tensor("x", n), **tensor("A", n, n)}, hypotheses=(symmetric,)),
        {i: full(n)},
    ),
    Case(
        "convolution commutes",
        t.sum_over(times(el("v", p), el("w", minus(i, p))), p, -oo, oo),
        t.sum_over(times(el("w", p), el("v", minus(i, p))), p, -oo, oo),
        t.sum_over(times(el("w", p), el("v", plus(i, p))), p, -oo, oo),
        Context(variables={c: Variable(c, (Range(-oo, oo),)) for c in "vw"}),
        {i: Range(-oo, oo)},
    ),
    Case(
        "cumulative sum",
        Partial(total(times(el("g", i), t.sum_over(x(k), k, ONE, i)), (i, n)), x(j)),
        t.sum_over(el("g", i), i, j, n),
        t.sum_over(el("g", i), i, ONE, j),
        Context(variables={**tensor("x", n), **tensor("g", n)}),
        {j: full(n)},
    ),
    Case(
        "pooling picks one of two",
        t.delta(times(TWO, i), minus(times(TWO, j), ONE)),
        Integer(0),
        ONE,
        Context(),
        {i: full(n), j: full(n)},
    ),
    Case(
        "the last term taken out of a sum",
        total(x(i), (i, n)),
        plus(x(n), t.sum_over(x(i), i, ONE, minus(n, ONE))),
        plus(x(ONE), t.sum_over(x(i), i, ONE, minus(n, ONE))),
        VECTOR,
    ),
    Case(
        "the first term taken out of a sum",
        total(square(x(i)), (i, n)),
        plus(square(x(ONE)), t.sum_over(square(x(i)), i, TWO, n)),
        plus(x(ONE), t.sum_over(square(x(i)), i, TWO, n)),
        VECTOR,
    ),
    Case(
        "a telescoping sum",
        t.sum_over(minus(x(plus(i, ONE)), x(i)), i, ONE, minus(n, ONE)),
        minus(x(n), x(ONE)),
        minus(x(ONE), x(n)),
        VECTOR,
    ),
    Case(
        "a short sum written out",
        t.sum_over(times(x(i), x(i)), i, ONE, TWO),
        plus(square(x(ONE)), square(x(TWO))),
        plus(square(x(ONE)), x(TWO)),
        Context(variables=tensor("x", Integer(2))),
    ),
    Case(
        "even entries",
        total(times(el("g", i), t.delta(times(TWO, j), times(TWO, i))), (i, n)),
        el("g", j),
        times(TWO, el("g", j)),
        Context(variables=tensor("g", n)),
        {j: full(n)},
    ),
    Case(
        "a layer left general",
        Partial(E_, el("W", p, i, j)),
        times(el("a", minus(p, ONE), i), Partial(E_, el("d", p, j))),
        times(el("a", p, i), Partial(E_, el("d", p, j))),
        loss_of_last,
        {i: full(n), j: full(n)},
    ),
    Case(
        "one step back",
        Partial(E_, el("a", p, i)),
        total(times(el("W", plus(p, ONE), i, j), Partial(E_, el("d", plus(p, ONE), j))), (j, n)),
        total(times(el("W", plus(p, ONE), j, i), Partial(E_, el("d", plus(p, ONE), j))), (j, n)),
        loss_of_last,
        {i: full(n)},
    ),
    Case(
        "rectifier away from its kink",
        Partial(relu(u), u),
        t.indicator(Gt(u, 0)),
        t.indicator(Gt(0, u)),
        Context(hypotheses=(Hypothesis("u != 0", relation=Ne(u, 0)),)),
    ),
    Case(
        "targets that sum to one",
        Partial(minus(log(total(exp(x(k)), (k, n))), total(times(el("t", k), x(k)), (k, n))), x(j)),
        minus(over(exp(x(j)), total(exp(x(k)), (k, n))), el("t", j)),
        minus(el("t", j), over(exp(x(j)), total(exp(x(k)), (k, n)))),
        Context(variables={**tensor("x", n), **tensor("t", n)}),
        {j: full(n)},
    ),
    Case(
        "cross-entropy rests on its hypothesis",
        total(times(el("t", k), log(total(exp(x(q)), (q, n)))), (k, n)),
        log(total(exp(x(q)), (q, n))),
        times(TWO, log(total(exp(x(q)), (q, n)))),
        Context(
            variables={**tensor("x", n), **tensor("t", n)},
            hypotheses=(Hypothesis("sum t = 1", equation=(total(el("t", k), (k, n)), ONE)),),
        ),
    ),
    Case(
        "a defined function and its derivative",
        t.function_derivative("s", [1], u),
        times(t.apply("s", u), minus(ONE, t.apply("s", u))),
        times(t.apply("s", u), minus(t.apply("s", u), ONE)),
        Context(functions={"s": FunctionDefinition("s", (t.scalar("v"),), sigma(t.scalar("v")))}),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_true_claims_are_proved(case: Case) -> None:
    found = decide(Claim(case.left, case.right, case.indices), case.context)
    assert found.verdict is Verdict.PROVED, found


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_their_wrong_twins_are_wrong(case: Case) -> None:
    found = decide(Claim(case.left, case.wrong, case.indices), case.context)
    assert (found.verdict, found.reason) == (Verdict.WRONG, "value"), found
    assert found.counterexample is not None


def test_a_proof_names_what_it_rests_on() -> None:
    case = next(c for c in CASES if c.name == "cross-entropy rests on its hypothesis")
    claim = Claim(case.left, case.right, case.indices)
    assert decide(claim, case.context).rests_on == ("sum t = 1",)
    without = Context(variables=case.context.variables)
    assert decide(claim, without).verdict is Verdict.WRONG


def test_a_function_of_the_document_may_have_the_name_of_one_of_sympy() -> None:
    """erfc is no elementary function here; written out again it is the document's own."""
    v = t.scalar("v")
    context = Context(functions={"erfc": FunctionDefinition("erfc", (v,), minus(ONE, square(v)))})
    session = open_session(context, {})
    assert term_of(session.form(t.apply("erfc", u), {})) == t.apply("erfc", u)
    assert decide(Claim(t.apply("erfc", u), minus(ONE, square(u))), context).verdict is Verdict.PROVED
