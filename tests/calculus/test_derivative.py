"""Every rule of the derivative table against finite differences, every node against the evaluation, and no captures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import mpmath
import pytest
import sympy
from mpmath import mp
from sympy import Abs, Eq, Expr, Gt, Integer, Max, Min, exp, log, oo, sin

from checker.calculus import terms as t
from checker.calculus.context import Claim, Context, Definition, Hypothesis, Property, Range, Variable
from checker.calculus.derivative import RULES, NoDerivative, differentiate, replace_symbol
from checker.calculus.functions import ELEMENTARY
from checker.calculus.graph import Dependencies
from checker.calculus.partials import derived_rule
from checker.calculus.terms import Partial
from checker.judge.decide import Options, prove
from checker.judge.evaluate import EvaluationOptions, evaluate_claim
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

u, v = t.scalar("u"), t.scalar("v")

# ---------------------------------------------------------------------------------------- the table

# where the functions are defined; everything else is tried on the whole line
DOMAINS: Mapping[str, tuple[float, ...]] = {
    "log": (0.3, 2.5),
    "asin": (-0.7, 0.4),
    "acos": (-0.7, 0.4),
    "asec": (-2.5, 1.7),
    "acsc": (-2.5, 1.7),
    "acosh": (1.2, 3.1),
    "atanh": (-0.7, 0.4),
    "acoth": (-2.5, 1.7),
    "asech": (0.2, 0.8),
    "erfinv": (-0.6, 0.5),
    "gamma": (0.7, 2.3),
    "digamma": (0.7, 2.3),
}
POINTS = (-1.3, 0.6, 2.1)


def numeric(term: Expr) -> Callable[[mpmath.mpf], mpmath.mpf]:
    """A term in u as a function of many digits."""
    return sympy.lambdify(u, term, "mpmath")  # type: ignore[no-any-return]


def slope(function: Callable[[mpmath.mpf], mpmath.mpf], at: float) -> mpmath.mpf:
    """f′(at) by central differences of fourth order, in 60 digits."""
    step, x = mpmath.mpf(10) ** -12, mpmath.mpf(at)
    near, far = function(x + step) - function(x - step), function(x + 2 * step) - function(x - 2 * step)
    return (8 * near - far) / (12 * step)


def close(a: mpmath.mpf, b: mpmath.mpf) -> bool:
    return bool(abs(a - b) < mpmath.mpf(10) ** -20 * (1 + abs(a)))


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_row_is_the_slope_of_its_function(name: str) -> None:
    function, rule = numeric(getattr(sympy, name)(u)), numeric(RULES[name](u))
    with mp.workdps(60):
        for at in DOMAINS.get(name, POINTS):
            assert close(slope(function, at), rule(mpmath.mpf(at))), at


@pytest.mark.parametrize("name", sorted(RULES))
def test_its_wrong_twin_is_not(name: str) -> None:
    """The test above can tell: with a wrong sign or a lost factor it fails (a slope of 0 has no such twin)."""
    if name in ("sign", "floor"):
        return
    function, rule = numeric(getattr(sympy, name)(u)), numeric(RULES[name](u))
    with mp.workdps(60):
        at = DOMAINS.get(name, POINTS)[0]
        assert not close(slope(function, at), -rule(mpmath.mpf(at)))
        assert not close(slope(function, at), 2 * rule(mpmath.mpf(at)))


@pytest.mark.parametrize("name", sorted(set(RULES) - {"sign", "Abs"}))
def test_the_second_order_is_the_slope_of_the_first(name: str) -> None:
    first, second = numeric(derived_rule(name, 1, u)), numeric(derived_rule(name, 2, u))
    with mp.workdps(60):
        for at in DOMAINS.get(name, POINTS):
            assert close(slope(first, at), second(mpmath.mpf(at))), at


def test_every_elementary_function_has_a_row_or_says_so() -> None:
    without = {"atan2", "gamma", "digamma"}  # two arguments; left as derivatives of themselves
    assert set(ELEMENTARY) - set(RULES) == without


# ---------------------------------------------------------------------------------------- the nodes


def a(row: Expr, column: Expr) -> Expr:
    return el("A", row, column)


def x(at: Expr) -> Expr:
    return el("x", at)


CONTEXT = Context(
    variables={
        **tensor("x", n),
        **tensor("A", n, n),
        **{name: Variable(name, (Range(-oo, oo),)) for name in "gh"},
        **tensor("d", n),
    },
    definitions={"d": (Definition("d", (i,), total(times(a(i, k), square(x(k))), (k, n))),)},
    depends={"E": ("x",), "F": ("d",)},
    hypotheses=(Hypothesis("A invertible", property=Property.INVERTIBLE, matrix=matrix("A", n)),),
)
INDICES = {i: full(n), j: full(n), k: full(n), l: full(n)}
HALF = t.number("1/2")

# one row for each kind of node: the term, and the variable it is differentiated by
NODES: dict[str, tuple[Expr, Expr]] = {
    "constant": (plus(t.delta(i, j), n, i), u),
    "element": (a(i, j), a(k, l)),
    "scalar": (u, u),
    "sum": (plus(times(u, v), square(u)), u),
    "product": (times(x(i), x(j), x(k)), x(l)),
    "power": (t.power(plus(square(x(i)), ONE), HALF), x(j)),
    "power with its exponent": (t.power(plus(square(u), ONE), times(u, v)), u),
    "sum over an index": (total(times(x(k), a(k, i)), (k, n)), x(j)),
    "sum whose letter is the variable's": (total(square(x(j)), (j, n)), x(j)),
    "sum over all integers": (t.sum_over(times(el("g", p), el("h", minus(i, p))), p, -oo, oo), el("g", q)),
    "product over an index": (t.product_over(plus(x(k), TWO), k, ONE, n), x(j)),
    "product whose letter is the variable's": (t.product_over(plus(x(j), TWO), j, ONE, n), x(j)),
    "maximum over an index": (t.maximum_over(times(x(k), x(k)), k, ONE, n), x(j)),
    "cases": (t.cases((square(u), Gt(u, v)), otherwise=times(u, v)), u),
    "cases over indices": (t.cases((x(i), Eq(i, k)), otherwise=square(x(k))), x(j)),
    "larger": (Max(square(u), plus(u, TWO), evaluate=False), u),
    "smaller": (Min(square(u), plus(u, TWO), evaluate=False), u),
    "absolute value": (Abs(times(u, v), evaluate=False), u),
    "elementary": (sin(times(u, exp(v, evaluate=False)), evaluate=False), v),
    "two arguments": (sympy.atan2(u, v, evaluate=False), v),
    "unknown function": (t.apply("f", times(u, v)), u),
    "unknown function of two": (t.apply("f", square(u), times(u, v)), u),
    "derivative of an unknown function": (t.function_derivative("f", [1], square(u)), u),
    "unknown quantity": (Partial(t.scalar("E"), x(i)), x(j)),
    "defined quantity": (el("d", i), x(j)),
    "function of a defined quantity": (t.scalar("F"), x(j)),
    "derivative of a derivative": (Partial(times(square(x(i)), x(j)), x(i)), x(k)),
    "inverse": (inverse("A", n, i, j), a(k, l)),
    "inverse of an expression": (t.Inverse(r, s, n, plus(times(u, a(r, s)), t.delta(r, s)), i, j), u),
    "determinant": (determinant("A", n), a(i, j)),
    "power of a matrix": (t.MatrixPower(r, s, n, a(r, s), Integer(3), i, j), a(k, l)),
}


def claim(term: Expr, by: Expr, right: Expr) -> Claim:
    found = {**INDICES, q: Range(-oo, oo)}
    symbols = term.free_symbols | by.free_symbols | right.free_symbols
    return Claim(Partial(term, by), right, {s: range_ for s, range_ in found.items() if s in symbols})


def outcome(found: Claim) -> str:
    return evaluate_claim(found, CONTEXT, EvaluationOptions(minimise=False)).outcome


def derived(term: Expr, by: Expr) -> Expr:
    return differentiate(term, by, Dependencies(CONTEXT).depends)


@pytest.mark.parametrize("name", NODES)
def test_a_node_has_the_derivative_that_dual_numbers_find(name: str) -> None:
    term, by = NODES[name]
    assert outcome(claim(term, by, derived(term, by))) == "agree"


@pytest.mark.parametrize("name", [name for name in NODES if name != "constant"])
def test_and_no_other(name: str) -> None:
    term, by = NODES[name]
    assert outcome(claim(term, by, plus(derived(term, by), ONE))) == "differ"


# ---------------------------------------------------------------------------------------- captures

CAPTURES: dict[str, tuple[Expr, Expr, Expr, Expr]] = {
    "the letter of a sum": (
        times(exp(x(i), evaluate=False), t.power(total(exp(x(i), evaluate=False), (i, n)), Integer(-1))),
        x(i),
        minus(
            times(exp(x(i), evaluate=False), t.power(total(exp(x(k), evaluate=False), (k, n)), Integer(-1))),
            times(exp(times(TWO, x(i)), evaluate=False), t.power(total(exp(x(k), evaluate=False), (k, n)), Integer(-2))),
        ),
        Integer(0),
    ),
    "the letter of a product": (
        log(t.product_over(exp(times(TWO, x(j)), evaluate=False), j, ONE, n), evaluate=False),
        x(j),
        TWO,
        times(TWO, n),
    ),
    "the letters of a matrix": (
        t.Determinant(i, j, n, a(i, j)),
        a(i, j),
        times(determinant("A", n), inverse("A", n, j, i)),
        times(determinant("A", n), inverse("A", n, i, j)),
    ),
    "the letters of an inverse": (
        t.Inverse(k, l, n, a(k, l), i, j),
        a(k, l),
        t.negate(times(inverse("A", n, i, k), inverse("A", n, l, j))),
        Integer(0),
    ),
    "a letter bound twice": (
        total(times(x(i), total(square(x(i)), (i, n))), (i, n)),
        x(i),
        plus(total(square(x(k)), (k, n)), times(TWO, x(i), total(x(k), (k, n)))),
        plus(total(square(x(k)), (k, n)), times(TWO, x(i))),
    ),
    "the parameter of a definition": (el("d", k), x(i), times(TWO, a(k, i), x(i)), times(TWO, a(i, k), x(i))),
}  # fmt: skip


def is_proved(found: Claim) -> bool:
    return prove(found, CONTEXT, Options(), Dependencies(CONTEXT)).proved


@pytest.mark.parametrize("name", CAPTURES)
def test_nothing_is_captured(name: str) -> None:
    term, by, right, wrong = CAPTURES[name]
    assert is_proved(claim(term, by, right))
    assert outcome(claim(term, by, right)) == "agree"
    assert not is_proved(claim(term, by, wrong))
    assert outcome(claim(term, by, wrong)) == "differ"


def test_replacing_a_letter_leaves_the_bound_one_alone() -> None:
    term = plus(x(i), total(times(x(i), x(j)), (i, n)))
    assert replace_symbol(term, i, k) == plus(x(k), total(times(x(i), x(j)), (i, n)))
    nested = t.Inverse(i, j, n, a(i, j), i, k)
    assert replace_symbol(nested, i, l) == t.Inverse(i, j, n, a(i, j), l, k)
    chosen = t.cases((x(i), Gt(x(i), 0)), otherwise=Integer(0))
    assert replace_symbol(chosen, i, k) == t.cases((x(k), Gt(x(k), 0)), otherwise=Integer(0))


def test_what_has_no_rule_is_named() -> None:
    with pytest.raises(NoDerivative, match=r"Sum|several"):
        differentiate(sympy.Sum(x(i) * a(i, j), (i, 1, n), (j, 1, n)), x(k))
    with pytest.raises(NoDerivative, match=r"Zeta|zeta|LambertW"):
        differentiate(sympy.LambertW(u, v), u)


def test_symbols_stay_apart() -> None:
    """A variable that is called like a bound letter with a number is no obstacle."""
    first = t.index("i_1")
    term = total(times(x(i), x(first)), (i, n))
    assert outcome(Claim(Partial(term, x(i)), derived(term, x(i)), {i: full(n), first: full(n)})) == "agree"
    nested = total(times(x(i), total(times(x(first), a(i, first)), (first, n))), (i, n))
    right = total(times(plus(a(i, k), a(k, i)), x(k)), (k, n))
    assert outcome(claim(nested, x(i), derived(nested, x(i)))) == "agree"
    assert is_proved(claim(nested, x(i), right))
    assert not is_proved(claim(nested, x(i), times(TWO, a(i, i), x(i))))


def test_free_symbols_are_those_that_nothing_binds() -> None:
    term = total(times(x(i), t.Inverse(r, s, n, a(r, k), i, j)), (i, n))
    assert t.free_symbols(term) == {n, k, j}
    chosen = t.cases((x(i), Gt(Integer(-2), 0, evaluate=False)), otherwise=total(x(i), (i, n)))
    assert t.free_symbols(total(chosen, (k, n))) == {i, n}
