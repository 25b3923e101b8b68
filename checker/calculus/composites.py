"""Functions of their inverses: sin(arccos u) = √(1 - u²) and its like, where the left side is defined."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from checker.calculus.forms import Atom, Form, Rational, add, number, subtract, thaw

if TYPE_CHECKING:
    from checker.calculus.ring import Ring

HALF = Fraction(1, 2)
Value = Callable[["Ring", Form], Form]


def _itself(s: Ring, u: Form) -> Form:
    return u


def _reciprocal(s: Ring, u: Form) -> Form:
    return s.power(u, -1)


def _root(offset: int, sign: int, exponent: Rational = HALF) -> Value:
    """(offset + sign·u²)^exponent."""

    def value(s: Ring, u: Form) -> Form:
        square = s.multiply(u, u)
        return s.power(add(number(offset), square) if sign > 0 else subtract(number(offset), square), exponent)

    return value


def _over(top: Value, bottom: Value) -> Value:
    return lambda s, u: s.multiply(top(s, u), s.power(bottom(s, u), -1))


def _of_reciprocal(value: Value) -> Value:
    return lambda s, u: value(s, s.power(u, -1))


_below = _root(1, -1)  # √(1 - u²)
_above = _root(1, 1)  # √(1 + u²)
_less = _root(-1, 1)  # √(u² - 1)

_CIRCULAR: Mapping[str, tuple[Value, Value]] = {  # inverse -> its sine and its cosine
    "asin": (_itself, _below),
    "acos": (_below, _itself),
    "atan": (_over(_itself, _above), _root(1, 1, -HALF)),
}
_CIRCULAR_OF_RECIPROCAL = {"acsc": "asin", "asec": "acos", "acot": "atan"}
_HYPERBOLIC: Mapping[str, tuple[Value, Value]] = {  # inverse -> its hyperbolic sine and cosine
    "asinh": (_itself, _above),
    "acosh": (_less, _itself),
    "atanh": (_over(_itself, _below), _root(1, -1, -HALF)),
}
_HYPERBOLIC_OF_RECIPROCAL = {"acsch": "asinh", "asech": "acosh", "acoth": "atanh"}


def _rows() -> dict[tuple[str, str], Value]:
    rows: dict[tuple[str, str], Value] = {("tanh", "atanh"): _itself, ("erf", "erfinv"): _itself}
    for table, reciprocal, (sine, cosine) in (
        (_CIRCULAR, _CIRCULAR_OF_RECIPROCAL, ("sin", "cos")),
        (_HYPERBOLIC, _HYPERBOLIC_OF_RECIPROCAL, ("sinh", "cosh")),
    ):
        for inverse, (of_sine, of_cosine) in table.items():
            rows[sine, inverse], rows[cosine, inverse] = of_sine, of_cosine
        for inverse, other in reciprocal.items():
            rows[sine, inverse] = _of_reciprocal(table[other][0])
            rows[cosine, inverse] = _of_reciprocal(table[other][1])
    rows["tanh", "asinh"] = _over(_itself, _above)
    rows["tanh", "acosh"] = _over(_less, _itself)
    return rows


COMPOSED: Mapping[tuple[str, str], Value] = _rows()


def composed(s: Ring, name: str, argument: Form) -> Form | None:
    """``name`` at an inverse function, without the two; None where the argument is none or the pair unknown."""
    inner = _sole_function(argument)
    if inner is None or (name, inner[1]) not in COMPOSED:
        return None
    return COMPOSED[name, inner[1]](s, thaw(inner[3][0]))


def _sole_function(form: Form) -> Atom | None:
    if len(form) != 1:
        return None
    ((monomial, coefficient),) = form.items()
    if coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1:
        return None
    atom = monomial[0][0]
    return atom if atom[0] == "fn" and atom[2] == (0,) else None
