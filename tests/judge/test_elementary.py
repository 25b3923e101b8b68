"""Every elementary function against mpmath: value, first and second derivative; and each has its row."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy
from flint import arb, fmpq
from sympy import Expr, Integer, pi

from checker.calculus import terms as t
from checker.calculus.context import Context, Hypothesis
from checker.calculus.functions import ARITIES, ELEMENTARY, STANDARD, standard
from checker.judge import elementary
from checker.judge.scalars import BASE_PRECISION, Undefined, precision
from tests.judge.by_hand import derivative, judge, mul, sc

x = sc("x")

# name -> (function of mpmath, arguments inside its domain)
EXPECTED = {
    "exp": (mpmath.exp, ("-3/2", "2")),
    "log": (mpmath.log, ("1/3", "5")),
    "sin": (mpmath.sin, ("-3/2", "2")),
    "cos": (mpmath.cos, ("-3/2", "2")),
    "tan": (mpmath.tan, ("-5/4", "2")),
    "sec": (mpmath.sec, ("-5/4", "2")),
    "csc": (mpmath.csc, ("-5/4", "2")),
    "cot": (mpmath.cot, ("-5/4", "2")),
    "sinh": (mpmath.sinh, ("-3/2", "2")),
    "cosh": (mpmath.cosh, ("-3/2", "2")),
    "tanh": (mpmath.tanh, ("-3/2", "2")),
    "sech": (mpmath.sech, ("-3/2", "2")),
    "csch": (mpmath.csch, ("-3/2", "2")),
    "coth": (mpmath.coth, ("-3/2", "2")),
    "asin": (mpmath.asin, ("-2/3", "1/2")),
    "acos": (mpmath.acos, ("-2/3", "1/2")),
    "atan": (mpmath.atan, ("-3", "1/2")),
    "asec": (mpmath.asec, ("-3", "3/2")),
    "acsc": (mpmath.acsc, ("-3", "3/2")),
    "acot": (mpmath.acot, ("-3", "1/2")),
    "asinh": (mpmath.asinh, ("-3", "1/2")),
    "acosh": (mpmath.acosh, ("3/2", "4")),
    "atanh": (mpmath.atanh, ("-2/3", "1/2")),
    "asech": (mpmath.asech, ("1/3", "3/4")),
    "acsch": (mpmath.acsch, ("-2", "3/4")),
    "acoth": (mpmath.acoth, ("-2", "5/4")),
    "erf": (mpmath.erf, ("-3/2", "2")),
    "erfi": (mpmath.erfi, ("-3/2", "2")),
    "erfc": (mpmath.erfc, ("-3/2", "2")),
    "erfinv": (mpmath.erfinv, ("-2/3", "1/2")),
    "erfcinv": (lambda u: mpmath.erfinv(1 - u), ("2/3", "3/2")),
    "gamma": (mpmath.gamma, ("1/3", "7/2")),
    "loggamma": (mpmath.loggamma, ("1/3", "7/2")),
    "digamma": (mpmath.digamma, ("1/3", "7/2")),
}


def close(found: object, expected: object, digits: int) -> bool:
    text = found.str(50, radius=False) if isinstance(found, arb) else str(mpmath.mpf(int(found.p)) / int(found.q))
    return bool(abs(mpmath.mpf(text) - expected) <= mpmath.mpf(10) ** -digits * (1 + abs(expected)))


def test_every_elementary_function_has_a_row() -> None:
    rows = {*elementary.UNARY, *elementary.UNARY_OTHER, *elementary.BINARY}
    assert set(ELEMENTARY) <= rows
    assert set(elementary.UNARY) == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_value_and_derivatives(name: str) -> None:
    function, arguments = EXPECTED[name]
    with precision(BASE_PRECISION), mpmath.workdps(60):
        for text in arguments:
            exact = Fraction(text)
            at = mpmath.mpf(exact.numerator) / exact.denominator
            value = _jet(elementary.UNARY[name], fmpq(exact.numerator, exact.denominator))
            for order, found in enumerate(value):
                assert close(found, mpmath.diff(function, at, order), 45 if order == 0 else 15), (name, text, order)


def _jet(function: object, x0: fmpq) -> tuple[object, object, object]:
    """f, f′ and f″ at x0 by nested duals."""
    from checker.judge.scalars import ONE, ZERO, Dual, part

    first = Dual(1, ZERO, {(): ONE}) + x0
    both = Dual(2, ZERO, {(): ONE}) + first
    result = function(both)  # type: ignore[operator]
    slope = part(result, 2, ())
    return function(x0), part(function(first), 1, ()), part(slope, 1, ())  # type: ignore[operator]


@pytest.mark.parametrize("name", [name for name in EXPECTED if name in ELEMENTARY])
def test_exact_values_are_the_right_ones(name: str) -> None:
    for argument, value in elementary.UNARY[name].exact:
        with mpmath.workdps(40):
            at = mpmath.mpf(int(argument.p)) / int(argument.q)
            assert close(value, EXPECTED[name][0](at), 35)


@pytest.mark.parametrize(
    "name, outside",
    [
        *(("log", x) for x in ("0", "-1")),
        *((name, "2") for name in ("asin", "asech")),
        *((name, "1/2") for name in ("acosh", "asec")),
        *((name, "1") for name in ("atanh", "acoth", "erfinv")),
        *((name, "0") for name in ("csc", "cot", "gamma")),
        ("gamma", "-2"),
        ("exp", "10000000000"),
    ],
)
def test_outside_the_domain_there_is_no_value(name: str, outside: str) -> None:
    with precision(BASE_PRECISION), pytest.raises(Undefined):
        elementary.UNARY[name](fmpq(*map(int, Fraction(outside).as_integer_ratio())))


@pytest.mark.parametrize("name", sorted(set(ELEMENTARY) - {"floor", "sign", "atan2"}))
def test_a_derivative_in_a_claim_and_its_negative(name: str) -> None:
    assert ARITIES.get(name, 1) == 1
    term: Expr = ELEMENTARY[name](x, evaluate=False)
    slope = t.function_derivative(name, [1], x)
    assert judge(derivative(term, x), slope, {}, Context()).outcome == "agree"
    assert judge(derivative(term, x), mul(Integer(-1), slope), {}, Context()).outcome == "differ"


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_functions_that_open_to_elementary_ones(name: str) -> None:
    definition = standard(name)
    assert definition is not None
    below = Hypothesis("u < 0", relation=sympy.Lt(sc("u"), 0))
    context = Context(functions={name: definition}, hypotheses=(below,) if name == "log1mexp" else ())
    arguments = [sc(letter) for letter in "uv"[: len(definition.parameters)]]
    opened = definition.body.xreplace(dict(zip(definition.parameters, arguments, strict=True)))
    assert judge(t.apply(name, *arguments), opened, {}, context).outcome == "agree"
    assert judge(t.apply(name, *arguments), t.negate(opened), {}, context).outcome == "differ"


def test_polar_angle() -> None:
    angle = sympy.atan2(sc("y"), x, evaluate=False)
    right = t.divide(x, t.add(t.power(x, Integer(2)), t.power(sc("y"), Integer(2))))
    assert judge(derivative(angle, sc("y")), right, {}, Context()).outcome == "agree"
    assert judge(derivative(angle, sc("y")), t.negate(right), {}, Context()).outcome == "differ"


@pytest.mark.parametrize("constant, value", [(pi, mpmath.pi), (sympy.E, mpmath.e), (sympy.EulerGamma, mpmath.euler)])
def test_constants(constant: Expr, value: object) -> None:
    near = t.number(str(mpmath.nstr(+value, 30)))  # type: ignore[operator]
    assert judge(constant, near, {}, Context()).outcome == "differ"
    assert judge(t.add(constant, constant), mul(Integer(2), constant), {}, Context()).outcome == "agree"
