"""The elementary functions: a row for each, with its value on a number and its derivative as a formula.

A row's ``value`` takes an exact rational or a ball; ``slope`` takes the argument and the value and is
written in generic arithmetic, so that it also differentiates (duals nest).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb, fmpq

from checker.judge.scalars import (
    ONE,
    ZERO,
    Dual,
    Scalar,
    Undecidable,
    Undefined,
    Unsupported,
    ball,
    checked_argument,
    integer_power,
    rational_power,
    reciprocal,
    sign,
    smooth_sign,
)

HALF = fmpq(1, 2)


@dataclass(frozen=True)
class Elementary:
    """``exact`` lists arguments where the value is rational; elsewhere ``value`` gives a ball."""

    value: Callable[[arb], arb]
    slope: Callable[[Scalar, Scalar], Scalar]
    exact: tuple[tuple[fmpq, fmpq], ...] = ()
    domain: Callable[[Scalar], None] | None = None

    def __call__(self, x: Scalar) -> Scalar:
        if type(x) is Dual:
            value = self(x.value)
            return x.chain(value, self.slope(x.value, value))
        if self.domain is not None:
            self.domain(x)
        if type(x) is fmpq:
            for argument, result in self.exact:
                if x == argument:
                    return result
        found = self.value(ball(x))
        if not found.is_finite():
            raise Undecidable
        return found


def square(x: Scalar) -> Scalar:
    return x * x


def root(x: Scalar) -> Scalar:
    return rational_power(x, HALF)


def _positive(x: Scalar) -> None:
    if sign(x) <= 0:
        raise Undefined("a logarithm of a number that is not positive")


def _bounded(x: Scalar) -> None:
    checked_argument(x)


def _nonzero(x: Scalar) -> None:
    if sign(x) == 0:
        raise Undefined("a pole at 0")


def _within(x: Scalar) -> None:
    if sign(x - 1) > 0 or sign(x + 1) < 0:
        raise Undefined("an argument outside -1..1")


def _strictly_within(x: Scalar) -> None:
    if sign(x - 1) >= 0 or sign(x + 1) <= 0:
        raise Undefined("an argument outside -1..1")


def _outside(x: Scalar) -> None:
    if sign(x - 1) < 0 and sign(x + 1) > 0:
        raise Undefined("an argument inside -1..1")


def _strictly_outside(x: Scalar) -> None:
    if sign(x - 1) <= 0 and sign(x + 1) >= 0:
        raise Undefined("an argument inside -1..1")


def _at_least_one(x: Scalar) -> None:
    if sign(x - 1) < 0:
        raise Undefined("an argument below 1")


def _unit_interval(x: Scalar) -> None:
    if sign(x) <= 0 or sign(x - 1) > 0:
        raise Undefined("an argument outside 0..1")


def _no_pole(x: Scalar) -> None:
    if sign(x) <= 0 and ball(x).contains_integer():
        raise Undefined("a pole of the gamma function")


def _pi() -> Scalar:
    return arb.pi()


def _polygamma_ball(order: int, x: arb) -> arb:
    if order == 0:
        return x.digamma()
    scaled = arb.fac_ui(order) * arb(order + 1).zeta(x)
    return scaled if order % 2 else -scaled


def polygamma(order: int) -> Elementary:
    return Elementary(
        value=lambda x: _polygamma_ball(order, x), slope=lambda x, y: polygamma(order + 1)(x), domain=_no_pole
    )


exponential: Elementary = Elementary(lambda x: x.exp(), lambda x, y: y, ((ZERO, ONE),), _bounded)
logarithm = Elementary(lambda x: x.log(), lambda x, y: reciprocal(x), ((ONE, ZERO),), _positive)
sine = Elementary(lambda x: x.sin(), lambda x, y: cosine(x), ((ZERO, ZERO),), _bounded)
cosine: Elementary = Elementary(lambda x: x.cos(), lambda x, y: -sine(x), ((ZERO, ONE),), _bounded)
hyperbolic_sine = Elementary(lambda x: x.sinh(), lambda x, y: hyperbolic_cosine(x), ((ZERO, ZERO),), _bounded)
hyperbolic_cosine: Elementary = Elementary(
    lambda x: x.cosh(), lambda x, y: hyperbolic_sine(x), ((ZERO, ONE),), _bounded
)
error_function = Elementary(
    lambda x: x.erf(), lambda x, y: 2 * exponential(-square(x)) * reciprocal(root(_pi())), ((ZERO, ZERO),), _bounded
)


def _inverse(function: Elementary) -> Callable[[arb], arb]:
    """asec x = acos(1/x) and its like."""
    return lambda x: function.value(1 / x)


arc_sine = Elementary(lambda x: x.asin(), lambda x, y: reciprocal(root(1 - square(x))), ((ZERO, ZERO),), _within)
arc_cosine = Elementary(lambda x: x.acos(), lambda x, y: -reciprocal(root(1 - square(x))), ((ONE, ZERO),), _within)
arc_tangent = Elementary(lambda x: x.atan(), lambda x, y: reciprocal(1 + square(x)), ((ZERO, ZERO),))
area_sine = Elementary(lambda x: x.asinh(), lambda x, y: reciprocal(root(1 + square(x))), ((ZERO, ZERO),))
area_cosine = Elementary(
    lambda x: x.acosh(), lambda x, y: reciprocal(root(square(x) - 1)), ((ONE, ZERO),), _at_least_one
)
area_tangent = Elementary(
    lambda x: x.atanh(), lambda x, y: reciprocal(1 - square(x)), ((ZERO, ZERO),), _strictly_within
)


def _signed(x: Scalar, y: Scalar) -> Scalar:
    """x·y with the sign of x taken off: |x|·y."""
    return x * y if sign(x) > 0 else -(x * y)


# SymPy's class names -> row.
UNARY: dict[str, Elementary] = {
    "exp": exponential,
    "log": logarithm,
    "sin": sine,
    "cos": cosine,
    "tan": Elementary(lambda x: x.tan(), lambda x, y: 1 + square(y), ((ZERO, ZERO),), _bounded),
    "cot": Elementary(lambda x: x.cot(), lambda x, y: -(1 + square(y)), (), _nonzero),
    "sec": Elementary(lambda x: x.sec(), lambda x, y: y * UNARY["tan"](x), ((ZERO, ONE),), _bounded),
    "csc": Elementary(lambda x: x.csc(), lambda x, y: -(y * UNARY["cot"](x)), (), _nonzero),
    "sinh": hyperbolic_sine,
    "cosh": hyperbolic_cosine,
    "tanh": Elementary(lambda x: x.tanh(), lambda x, y: 1 - square(y), ((ZERO, ZERO),)),
    "coth": Elementary(lambda x: x.coth(), lambda x, y: 1 - square(y), (), _nonzero),
    "sech": Elementary(lambda x: x.sech(), lambda x, y: -(y * UNARY["tanh"](x)), ((ZERO, ONE),), _bounded),
    "csch": Elementary(lambda x: x.csch(), lambda x, y: -(y * UNARY["coth"](x)), (), _nonzero),
    "asin": arc_sine,
    "acos": arc_cosine,
    "atan": arc_tangent,
    "acot": Elementary(_inverse(arc_tangent), lambda x, y: -reciprocal(1 + square(x)), (), _nonzero),
    "asec": Elementary(
        _inverse(arc_cosine), lambda x, y: reciprocal(_signed(x, root(square(x) - 1))), ((ONE, ZERO),), _outside
    ),
    "acsc": Elementary(_inverse(arc_sine), lambda x, y: -reciprocal(_signed(x, root(square(x) - 1))), (), _outside),
    "asinh": area_sine,
    "acosh": area_cosine,
    "atanh": area_tangent,
    "acoth": Elementary(_inverse(area_tangent), lambda x, y: reciprocal(1 - square(x)), (), _strictly_outside),
    "asech": Elementary(
        _inverse(area_cosine), lambda x, y: -reciprocal(x * root(1 - square(x))), ((ONE, ZERO),), _unit_interval
    ),
    "acsch": Elementary(_inverse(area_sine), lambda x, y: -reciprocal(_signed(x, root(square(x) + 1))), (), _nonzero),
    "erf": error_function,
    "erfc": Elementary(
        lambda x: x.erfc(),
        lambda x, y: -2 * exponential(-square(x)) * reciprocal(root(_pi())),
        ((ZERO, ONE),),
        _bounded,
    ),
    "erfi": Elementary(
        lambda x: x.erfi(),
        lambda x, y: 2 * exponential(square(x)) * reciprocal(root(_pi())),
        ((ZERO, ZERO),),
        _bounded,
    ),
    "erfinv": Elementary(
        lambda x: x.erfinv(),
        lambda x, y: root(_pi()) * exponential(square(y)) * HALF,
        ((ZERO, ZERO),),
        _strictly_within,
    ),
    "erfcinv": Elementary(
        lambda x: (1 - x).erfinv(), lambda x, y: -(root(_pi()) * exponential(square(y)) * HALF), ((ONE, ZERO),)
    ),
    "gamma": Elementary(
        lambda x: x.gamma(),
        lambda x, y: y * polygamma(0)(x),
        ((ONE, ONE), (fmpq(2), ONE), (fmpq(3), fmpq(2))),
        _no_pole,
    ),
    "loggamma": Elementary(
        lambda x: x.lgamma(), lambda x, y: polygamma(0)(x), ((ONE, ZERO), (fmpq(2), ZERO)), _positive
    ),
    "digamma": polygamma(0),
}


def absolute(x: Scalar) -> Scalar:
    return -x if smooth_sign(x) < 0 else x


def signum(x: Scalar) -> Scalar:
    return fmpq(smooth_sign(x))


def step(x: Scalar) -> Scalar:
    """Heaviside's step, 1/2 at 0."""
    return (ZERO, HALF, ONE)[smooth_sign(x) + 1]


def larger(x: Scalar, y: Scalar) -> Scalar:
    return x if smooth_sign(x - y) >= 0 else y


def smaller(x: Scalar, y: Scalar) -> Scalar:
    return y if smooth_sign(x - y) >= 0 else x


def floor(x: Scalar) -> Scalar:
    if type(x) is Dual:
        below = floor(x.value)
        if sign(x.value - below) == 0 and not all(sign(p) == 0 for p in x.parts.values()):
            raise Undefined("the derivative at a jump")
        return below
    if type(x) is fmpq:
        return fmpq(x.floor())
    found = x.floor().unique_fmpz()
    if found is None:
        raise Undecidable
    return fmpq(found)


def ceiling(x: Scalar) -> Scalar:
    return -floor(-x)


def polar_angle(y: Scalar, x: Scalar) -> Scalar:
    """atan2(y, x), away from the cut."""
    if type(y) is Dual or type(x) is Dual:
        turned = UNARY["atan"](y * reciprocal(x)) if sign(x) != 0 else -UNARY["atan"](x * reciprocal(y))
        if sign(x) < 0 and sign(y) == 0:
            raise Undefined("the derivative on the cut of atan2")
        if sign(x) > 0:
            return turned
        if sign(x) == 0:
            return turned + sign(y) * _pi() * HALF
        return turned + sign(y) * _pi()
    if sign(x) == 0 and sign(y) == 0:
        raise Undefined("atan2 at the origin")
    if type(y) is fmpq and not y and sign(x) > 0:
        return ZERO
    return arb.atan2(ball(y), ball(x))


def polygamma_of(order: Scalar, x: Scalar) -> Scalar:
    if type(order) is not fmpq or order.q != 1 or order < 0:
        raise Unsupported("polygamma of an order that is not a non-negative integer")
    return polygamma(int(order.p))(x)


UNARY_OTHER: dict[str, Callable[[Scalar], Scalar]] = {
    "Abs": absolute,
    "sign": signum,
    "Heaviside": step,
    "floor": floor,
    "ceiling": ceiling,
}
BINARY: dict[str, Callable[[Scalar, Scalar], Scalar]] = {"atan2": polar_angle, "polygamma": polygamma_of}


def beta(x: Scalar, y: Scalar) -> Scalar:
    gamma = UNARY["gamma"]
    return gamma(x) * gamma(y) * reciprocal(gamma(x + y))


BINARY["beta"] = beta


def factorial(x: Scalar) -> Scalar:
    return UNARY["gamma"](x + 1)


UNARY_OTHER["factorial"] = factorial

__all__ = ["BINARY", "UNARY", "UNARY_OTHER", "Elementary", "absolute", "integer_power", "larger", "smaller"]
