"""Claims that were once proved although they are false, each beside the true one it was mistaken for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sympy import Abs, Eq, Expr, Ge, Gt, Integer, Max, Piecewise, Rational, Symbol, exp, log, oo, tanh

from checker.calculus import terms as t
from checker.calculus.context import Claim, Context, Definition, Hypothesis, Matrix, Property, Range, Variable
from checker.calculus.graph import Dependencies
from checker.calculus.terms import Partial
from checker.judge.decide import Options, prove
from tests.calculus.letters import (
    ONE,
    TWO,
    el,
    full,
    i,
    inverse,
    j,
    k,
    l,
    m,
    matrix,
    minus,
    n,
    over,
    p,
    plus,
    q,
    r,
    s,
    square,
    tensor,
    times,
    total,
)

HALF = Rational(1, 2)
EVERYWHERE, UPWARDS = Range(-oo, oo), Range(ONE, oo)
u = t.scalar("u")
MINUS_ONE = Integer(-1)


def x(at: Expr) -> Expr:
    return el("x", at)


def y(at: Expr) -> Expr:
    return el("y", at)


def odd(at: Expr) -> Expr:
    return tanh(minus(el("v", at), el("v", minus(ONE, at))), evaluate=False)


def power_of(exponent: Expr, a: Expr, b: Expr) -> Expr:
    return t.MatrixPower(r, s, n, el("X", r, s), exponent, a, b)


def size_of(term: Expr) -> Expr:
    return Abs(term, evaluate=False)


@dataclass(frozen=True)
class Trap:
    name: str
    left: Expr
    wrong: Expr
    true: Expr
    context: Context = field(default_factory=Context)
    indices: dict[Symbol, Range] = field(default_factory=dict)


SEQUENCES = Context(variables={c: Variable(c, (EVERYWHERE,)) for c in "vw"})
LAYERS = Context(
    variables={"W": Variable("W", (full(Integer(3)), full(n), full(n)), labels=1)},
    hypotheses=(Hypothesis("W1", property=Property.SYMMETRIC, matrix=Matrix(r, s, n, n, el("W", ONE, r, s))),),
)
ROWS = Context(
    variables={"Y": Variable("Y", (full(m), full(n)))},
    hypotheses=(
        Hypothesis("rows", property=Property.ONE_HOT, matrix=Matrix(r, s, n, ONE, el("Y", p, r)), indices={p: full(m)}),
    ),
)
INVERTIBLE = Context(
    variables=tensor("X", n, n),
    hypotheses=(Hypothesis("X", property=Property.INVERTIBLE, matrix=matrix("X", n)),),
)
SQUARE = {i: full(n), j: full(n)}
STEPS = Context(
    variables={"h": Variable("h", (Range(Integer(0), t.size("T")),))},
    definitions={"h": (Definition("h", (p,), tanh(times(u, el("h", minus(p, ONE)))), Gt(p, 0)),)},
)
TAIL = Range(TWO, n)
POSITIVE_TAIL = Context(
    variables=tensor("x", n), hypotheses=(Hypothesis("x_i > 0", relation=Gt(x(i), 0), indices={i: TAIL}),)
)
EQUAL_TAIL = Context(
    variables={**tensor("x", n), **tensor("y", n)},
    hypotheses=(Hypothesis("x_i = y_i", equation=(x(i), y(i)), indices={i: TAIL}),),
)
LABELS = Context(variables={**tensor("x", n), "y": Variable("y", (full(n),), integer=True, values=full(n))})
CASES = Context(
    variables={name: Variable(name, (Range(Integer(0), n),)) for name in "dx"},
    definitions={"d": (Definition("d", (p,), x(p), Eq(p, 0)), Definition("d", (p,), square(x(p)), Gt(p, 0)))},
)
DIAGONAL = Context(
    variables={**tensor("A", n, n), **tensor("x", n)}, definitions={"A": (Definition("A", (i, i), x(i)),)}
)
MATRICES = Context(variables={**tensor("A", n, n), **tensor("y", n)})

TRAPS = (
    Trap(
        "a logarithm forgets the sign", exp(times(HALF, log(square(u), evaluate=False)), evaluate=False), u, size_of(u)
    ),
    Trap(
        "a power of a negative base has a sign",
        size_of(t.power(u, k)),
        t.power(u, k),
        t.power(size_of(u), k),
        Context(),
        {k: UPWARDS},
    ),
    Trap(
        "the root of an even power",
        t.power(t.power(u, times(TWO, k)), HALF),
        t.power(u, k),
        size_of(t.power(u, k)),
        Context(),
        {k: UPWARDS},
    ),
    Trap(
        "a power of a power",
        t.power(t.power(u, TWO), times(HALF, k)),
        t.power(u, k),
        t.power(size_of(u), k),
        Context(),
        {k: UPWARDS},
    ),
    Trap("(-1)^k is not positive", size_of(t.power(MINUS_ONE, k)), t.power(MINUS_ONE, k), ONE, Context(), {k: UPWARDS}),
    Trap(
        "reindexing keeps the sign",
        t.sum_over(times(odd(p), el("w", p)), p, -oo, oo),
        t.sum_over(times(odd(p), el("w", minus(ONE, p))), p, -oo, oo),
        t.negate(t.sum_over(times(odd(p), el("w", minus(ONE, p))), p, -oo, oo)),
        SEQUENCES,
    ),
    Trap("a hypothesis of another layer", el("W", TWO, i, j), el("W", TWO, j, i), el("W", TWO, i, j), LAYERS, SQUARE),
    Trap("a hypothesis of its own layer", el("W", ONE, i, j), el("W", ONE, i, i), el("W", ONE, j, i), LAYERS, SQUARE),
    Trap(
        "rows that are one-hot each on its own",
        times(el("Y", k, i), el("Y", l, j)),
        times(t.delta(i, j), el("Y", k, i)),
        times(el("Y", l, j), el("Y", k, i)),
        ROWS,
        {**SQUARE, k: full(m), l: full(m)},
    ),
    Trap(
        "an inverse contracts over its whole range only",
        t.sum_over(times(inverse("X", n, i, k), el("X", k, j)), k, ONE, minus(n, ONE)),
        t.delta(i, j),
        t.sum_over(times(inverse("X", n, i, p), el("X", p, j)), p, ONE, minus(n, ONE)),
        INVERTIBLE,
        SQUARE,
    ),
    Trap(
        "a power of a matrix joins over its whole range only",
        t.sum_over(times(power_of(t.size("h"), i, k), el("X", k, j)), k, ONE, minus(n, ONE)),
        power_of(plus(t.size("h"), ONE), i, j),
        t.sum_over(times(power_of(t.size("h"), i, p), el("X", p, j)), p, ONE, minus(n, ONE)),
        INVERTIBLE,
        SQUARE,
    ),
    Trap(
        "a recursion is not held fixed",
        Partial(square(el("h", q)), el("h", minus(q, ONE))),
        Integer(0),
        times(TWO, el("h", q), minus(ONE, square(el("h", q))), u),
        STEPS,
        {q: Range(ONE, t.size("T"))},
    ),
    Trap("positive from the second on", size_of(x(ONE)), x(ONE), size_of(x(ONE)), POSITIVE_TAIL),
    Trap("equal from the second on", x(j), y(j), x(j), EQUAL_TAIL, {j: full(n)}),
    Trap("equal where it was said", x(j), y(ONE), y(j), EQUAL_TAIL, {j: TAIL}),
    Trap(
        "a delta whose solution mentions the index",
        total(times(t.delta(i, y(i)), x(i)), (i, n)),
        x(y(j)),
        total(times(t.delta(y(p), p), x(p)), (p, n)),
        LABELS,
        {j: full(n)},
    ),
    Trap(
        "a range that depends on data",
        total(t.sum_over(x(k), k, ONE, y(i)), (i, n)),
        times(n, t.sum_over(x(k), k, ONE, y(ONE))),
        total(t.sum_over(x(p), p, ONE, y(q)), (q, n)),
        LABELS,
    ),
    Trap(
        "two definitions of one pattern",
        plus(el("d", Integer(0)), el("d", ONE)),
        plus(x(Integer(0)), x(ONE)),
        plus(x(Integer(0)), square(x(ONE))),
        CASES,
    ),
    Trap("a definition of the diagonal", el("A", j, k), x(k), el("A", j, k), DIAGONAL, {j: full(n), k: full(n)}),
    Trap(
        "a letter captured inside a logarithm",
        t.product_over(log(t.maximum_over(times(el("A", i, i), y(q)), q, ONE, n), evaluate=False), i, ONE, n),
        t.product_over(log(t.maximum_over(times(el("A", q, q), y(q)), q, ONE, n), evaluate=False), i, ONE, n),
        t.product_over(log(t.maximum_over(times(el("A", p, p), y(k)), k, ONE, n), evaluate=False), p, ONE, n),
        MATRICES,
    ),
    Trap(
        "an indicator over itself",
        times(t.delta(i, j), over(ONE, t.delta(i, j))),
        ONE,
        t.delta(i, j),
        Context(),
        SQUARE,
    ),
    Trap(
        "the derivative of a maximum of what is always tied",
        Partial(t.maximum_over(u, k, ONE, n), u),
        n,
        ONE,
    ),
    Trap(
        "a comparison of what cannot be negative",
        t.cases((u, Ge(size_of(u), 0, evaluate=False)), otherwise=ONE),
        ONE,
        u,
    ),
)


def is_proved(left: Expr, right: Expr, trap: Trap) -> bool:
    return prove(Claim(left, right, trap.indices), trap.context, Options(), Dependencies(trap.context)).proved


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_the_false_claim_is_not_proved(trap: Trap) -> None:
    assert not is_proved(trap.left, trap.wrong, trap)


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.name)
def test_the_true_claim_is(trap: Trap) -> None:
    assert is_proved(trap.left, trap.true, trap)


def test_conditions_are_kept_as_written() -> None:
    inner = t.cases((ONE, Gt(log(Rational(-1, 2) * u), 0, evaluate=False)), otherwise=Integer(0))
    assert isinstance(t.indicator(Gt(inner, 0, evaluate=False)), Piecewise)


def test_every_hypothesis_used_is_named_integer_ones_and_infeasible_cases_too() -> None:
    v = t.scalar("v")
    context = Context(hypotheses=(Hypothesis("u > 1", relation=Gt(u, 1)), Hypothesis("v > u", relation=Gt(v, u))))
    ramp = Max(Integer(0), minus(v, ONE), evaluate=False)
    found = prove(Claim(ramp, minus(v, ONE)), context, Options(), Dependencies(context))
    assert (found.proved, found.rests_on) == (True, (0, 1))
    bounded = Context(hypotheses=(Hypothesis("k > 3", relation=Gt(k, 3)),))
    found = prove(Claim(t.delta(k, TWO), Integer(0), {k: full(n)}), bounded, Options(), Dependencies(bounded))
    assert (found.proved, found.rests_on) == (True, (0,))
