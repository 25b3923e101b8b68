"""Concrete stand-ins for unknown functions: fixed polynomials with generic coefficients.

φ of one argument is a dense polynomial of degree 5; a function of many entries is Σ_m c_m u_m^{d_m} with
affine forms u_m of all entries, so that its partial derivatives up to the third order are generic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq

from checker.judge.scalars import ZERO, Dual, Scalar, integer_power, reciprocal

_MASK = (1 << 64) - 1


def scramble(*numbers: int) -> int:
    """A fixed pseudo-random 64-bit number from integers: the same in every run."""
    x = 0x9E3779B97F4A7C15
    for n in numbers:
        x = ((x ^ (n & _MASK)) * 0xBF58476D1CE4E5B9) & _MASK
        x ^= x >> 29
        x = (x * 0x94D049BB133111EB) & _MASK
        x ^= x >> 32
    return x


Coefficients = tuple[fmpq, ...]


@dataclass(frozen=True)
class Univariate:
    """Σ_d coefficients[d]·t^d / (1 + t²)^poles."""

    coefficients: Coefficients
    poles: int = 0

    def derivative(self) -> Univariate:
        slope = _differentiated(self.coefficients)
        if self.poles == 0:
            return Univariate(slope)
        # (N/D^p)′ = (N′·D - p·N·D′)/D^(p+1) with D = 1 + t²
        first = _plus(slope, _shifted(slope, 2))
        second = _shifted(tuple(-2 * self.poles * c for c in self.coefficients), 1)
        return Univariate(_plus(first, second), self.poles + 1)

    def __call__(self, arguments: Sequence[Scalar], orders: Sequence[int] = ()) -> Scalar:
        function = self
        for _ in range(orders[0] if orders else 0):
            function = function.derivative()
        return function._at(arguments[0])

    def _at(self, t: Scalar) -> Scalar:
        if type(t) is Dual:
            return t.chain(self._at(t.value), self.derivative()._at(t.value))
        total: Scalar = ZERO
        for c in reversed(self.coefficients):
            total = total * t + c
        return total if self.poles == 0 else total * integer_power(reciprocal(1 + t * t), self.poles)


def _differentiated(coefficients: Coefficients) -> Coefficients:
    return tuple(fmpq(d) * c for d, c in enumerate(coefficients))[1:] or (ZERO,)


def _shifted(coefficients: Coefficients, by: int) -> Coefficients:
    return (ZERO,) * by + coefficients


def _plus(left: Coefficients, right: Coefficients) -> Coefficients:
    size = max(len(left), len(right))
    padded = [(*c, *(ZERO,) * (size - len(c))) for c in (left, right)]
    return tuple(a + b for a, b in zip(*padded, strict=True))


@dataclass(frozen=True)
class Form:
    """coefficient·(offset + Σ_e weights[e]·a_e)^degree."""

    coefficient: fmpq
    offset: fmpq
    weights: tuple[fmpq, ...]
    degree: int

    def affine(self, arguments: Sequence[Scalar]) -> Scalar:
        total: Scalar = self.offset
        for weight, a in zip(self.weights, arguments, strict=True):
            if weight:
                total = total + a * weight
        return total

    def slope(self, u: Scalar, along: Sequence[int]) -> Scalar:
        """The partial derivative by the arguments ``along``, given u."""
        factor = self.coefficient
        for step, e in enumerate(along):
            factor = factor * (self.degree - step) * self.weights[e]
        if not factor:
            return ZERO
        return integer_power(u, self.degree - len(along)) * factor


@dataclass(frozen=True)
class Polynomial:
    forms: tuple[Form, ...]

    def __call__(self, arguments: Sequence[Scalar], orders: Sequence[int] = ()) -> Scalar:
        along = tuple(e for e, n in enumerate(orders) for _ in range(n))
        tag = max((a.tag for a in arguments if type(a) is Dual), default=0)
        values = [a.value if type(a) is Dual and a.tag == tag else a for a in arguments]
        bases = [form.affine(values) for form in self.forms]
        value = self._slope(bases, along)
        if tag == 0:
            return value
        parts: dict[object, Scalar] = {}
        for e, a in enumerate(arguments):
            if type(a) is Dual and a.tag == tag and a.parts:
                slope = self._slope(bases, (*along, e))
                for key, p in a.parts.items():
                    old = parts.get(key)
                    parts[key] = slope * p if old is None else old + slope * p
        return Dual(tag, value, parts)

    def _slope(self, bases: Sequence[Scalar], along: Sequence[int]) -> Scalar:
        total: Scalar = ZERO
        for form, u in zip(self.forms, bases, strict=True):
            total = total + form.slope(u, along)
        return total


GENERIC, QUADRATIC, LINEAR = 0, 1, 2  # how simple a stand-in is


def elementwise(code: int, simple: int, bounded: bool = False) -> Univariate:
    """A function of one argument; simple ones are short enough to redo by hand, bounded ones fit deep networks."""
    if bounded:
        return Univariate(tuple(_coefficient(scramble(code, d), 1) for d in range(3)), 1)
    if simple:
        rows = _SHORTEST if simple == LINEAR else _SHORT
        return Univariate(tuple(fmpq(c) for c in rows[code % len(rows)]))
    return Univariate(tuple(_coefficient(scramble(code, d), d) for d in range(6)))


def _coefficient(code: int, degree: int) -> fmpq:
    """±(1..8)/8, divided by 4 for every degree above 1: the values stay near the argument's size."""
    value = fmpq(1 + code % 8, 8 * 4 ** max(0, degree - 1))
    return -value if (code >> 8) % 2 else value


_SHORTEST = ((0, 0, 1), (0, 1, 1), (1, 0, 1))  # t², t + t², 1 + t²
_SHORT = ((0, 0, 0, 1), (0, 1, 0, 1), (1, 0, 1, 1))  # t³, t + t³, 1 + t² + t³


def multivariate(code: int, arity: int, simple: int) -> Polynomial:
    """A function of ``arity`` numbers; a linear or quadratic one with small integer coefficients where asked for."""
    if simple:
        weights = tuple(fmpq(1 + scramble(code, e) % 3) for e in range(arity))
        return Polynomial((Form(fmpq(1), ZERO, weights, 1 if simple == LINEAR else 2),))
    scale = 1 << max(0, (arity - 1).bit_length() - 1)
    return Polynomial(
        tuple(
            Form(
                fmpq(1 + scramble(code, m, -1) % 3, 4 ** (degree - 2)),
                fmpq(scramble(code, m, -2) % 5 - 2, 2),
                tuple(_weight(code, m, e, scale) for e in range(arity)),
                degree,
            )
            for m, degree in enumerate((2, 3, 4))
        )
    )


def _weight(code: int, form: int, entry: int, scale: int) -> fmpq:
    drawn = scramble(code, form, entry) % 6 - 3
    return fmpq(drawn if drawn < 0 else drawn + 1, 2 * scale)


def describe(polynomial: Univariate | Polynomial, letters: Sequence[str] | None = None) -> str:
    """The polynomial as a formula, in t, in the letters given, or in a_1, a_2 …"""
    if isinstance(polynomial, Univariate):
        shown = _join([_monomial(c, "t", d) for d, c in enumerate(polynomial.coefficients) if c])
        return shown if polynomial.poles == 0 else f"({shown})/(1 + t^2)"
    if letters is None:
        letters = [f"a_{e + 1}" for e in range(len(polynomial.forms[0].weights))]
    return _join([_form(form, letters) for form in polynomial.forms])


def _monomial(coefficient: fmpq, base: str, degree: int) -> str:
    power = "" if degree == 0 else base if degree == 1 else f"{base}^{degree}"
    if not power:
        return str(coefficient)
    return power if coefficient == 1 else f"-{power}" if coefficient == -1 else f"{coefficient} {power}"


def _form(form: Form, letters: Sequence[str]) -> str:
    inner = [_monomial(w, letter, 1) for w, letter in zip(form.weights, letters, strict=True) if w]
    if form.offset:
        inner.append(str(form.offset))
    return _monomial(form.coefficient, f"({_join(inner)})", form.degree) if form.degree > 1 else _join(inner)


def _join(parts: list[str]) -> str:
    return " + ".join(parts).replace("+ -", "- ") or "0"
