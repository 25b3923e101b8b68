"""Elementary functions opened to exp, log, sine and root, when nothing else closes a proof."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from math import gcd, lcm

from checker.calculus.algebra import Algebra, Exchange
from checker.calculus.forms import (
    Atom,
    Form,
    Monomial,
    Rational,
    add,
    atoms_deep,
    number,
    of,
    scale,
    subtract,
    thaw,
    tidy_rational,
)

HALF = Fraction(1, 2)
MOST_TIMES = 8  # cos(9u) is not written in powers of cos u
MOST_PARTS = 3  # nor the cosine of a sum of four terms as products
Pair = tuple[Form, Form]  # a cosine and a sine

# ------------------------------------------------------------------------ hyperbolic and inverse functions


def _tanh(s: Algebra, u: Form) -> Form:
    """tanh u = 1 - 2/(e^{2u} + 1)."""
    below = add(s.exponential(scale(u, 2)), number(1))
    return subtract(number(1), scale(s.power(below, -1), 2))


def _sinh(s: Algebra, u: Form) -> Form:
    return scale(subtract(s.exponential(u), s.exponential(scale(u, -1))), HALF)


def _cosh(s: Algebra, u: Form) -> Form:
    return scale(add(s.exponential(u), s.exponential(scale(u, -1))), HALF)


def _asinh(s: Algebra, u: Form) -> Form:
    return s.logarithm(add(u, s.power(add(s.multiply(u, u), number(1)), HALF)))


def _acosh(s: Algebra, u: Form) -> Form:
    return s.logarithm(add(u, s.power(subtract(s.multiply(u, u), number(1)), HALF)))


def _atanh(s: Algebra, u: Form) -> Form:
    """½ log|(1 + u)/(1 - u)|, for artanh and arcoth alike."""
    return scale(subtract(s.logarithm(add(u, number(1))), s.logarithm(subtract(u, number(1)))), HALF)


def _acos(s: Algebra, u: Form) -> Form:
    return subtract(scale(of(("pi",)), HALF), s.function("asin", (0,), (u,)))


def _turned(name: str) -> Callable[[Algebra, Form], Form]:
    return lambda s, u: s.function(name, (0,), (s.power(u, -1),))


OPENED: Mapping[str, Callable[[Algebra, Form], Form]] = {
    "tanh": _tanh,
    "sinh": _sinh,
    "cosh": _cosh,
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "acoth": _atanh,
    "asech": lambda s, u: _acosh(s, s.power(u, -1)),
    "acsch": lambda s, u: _asinh(s, s.power(u, -1)),
    "acos": _acos,
    "asec": lambda s, u: _acos(s, s.power(u, -1)),
    "acsc": _turned("asin"),
    "acot": _turned("atan"),
}

# ------------------------------------------------------------------------------- sums and multiples of angles


def opened_angles(s: Algebra, form: Form) -> Form:
    """Sines and cosines of sums and multiples of angles, in those of the parts."""
    angles = [thaw(a[3][0]) for a in atoms_deep(form) if _is_circular(a)]
    units = _units(angles)

    def opened(atom: Atom) -> Form | None:
        angle = thaw(atom[3][0])
        if not 0 < len(angle) <= MOST_PARTS:
            return None
        pair: Pair = (number(1), {})
        for monomial, coefficient in sorted(angle.items()):
            part = _part(s, monomial, coefficient, units)
            if part is None:
                return None
            pair = _turned_by(s, pair, part)
        return pair[0] if atom[1] == "cos" else pair[1]

    return s.rebuild(form, {}, Exchange(opened, _is_circular))


def _is_circular(atom: Atom) -> bool:
    return atom[0] == "fn" and atom[1] in ("sin", "cos") and atom[2] == (0,)


def _units(angles: list[Form]) -> dict[Monomial, Fraction]:
    """For every term of an angle the largest number that all its coefficients are multiples of."""
    units: dict[Monomial, Fraction] = {}
    for angle in angles:
        for monomial, coefficient in angle.items():
            c = abs(Fraction(coefficient))
            known = units.get(monomial, Fraction(1) if _is_inverse(monomial) else c)
            units[monomial] = _common(known, c)
    return units


def _is_inverse(monomial: Monomial) -> bool:
    return len(monomial) == 1 and monomial[0][0][0] == "fn" and monomial[0][0][1] in ("asin", "acos", "atan")


def _common(a: Fraction, b: Fraction) -> Fraction:
    below = lcm(a.denominator, b.denominator)
    return Fraction(gcd(int(a * below), int(b * below)), below)


def _part(s: Algebra, monomial: Monomial, coefficient: Rational, units: Mapping[Monomial, Fraction]) -> Pair | None:
    """Cosine and sine of one term, a multiple of its unit."""
    if monomial == ((("pi",), 1),) and (Fraction(coefficient) * 2).denominator == 1:
        quarter = int(Fraction(coefficient) * 2) % 4
        return number((1, 0, -1, 0)[quarter]), number((0, 1, 0, -1)[quarter])
    unit = units.get(monomial, Fraction(1, Fraction(coefficient).denominator))
    times = Fraction(coefficient) / unit
    if times.denominator != 1 or abs(times) > MOST_TIMES:
        return None
    angle: Form = {monomial: tidy_rational(unit)}
    one = s.function("cos", (0,), (angle,)), s.function("sin", (0,), (angle,))
    if times < 0:
        one = one[0], scale(one[1], -1)
    pair: Pair = (number(1), {})
    for _ in range(abs(int(times))):
        pair = _turned_by(s, pair, one)
    return pair


def _turned_by(s: Algebra, a: Pair, b: Pair) -> Pair:
    cosine = subtract(s.multiply(a[0], b[0]), s.multiply(a[1], b[1]))
    return cosine, add(s.multiply(a[1], b[0]), s.multiply(a[0], b[1]))


def angles(s: Algebra, form: Form) -> Iterator[Form]:
    """The stage of a proof."""
    yield form
    opened = opened_angles(s, form)
    if opened != form:
        yield opened
