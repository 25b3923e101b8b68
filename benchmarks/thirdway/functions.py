"""Functions of real numbers on arrays, prepared for the complex step; and random smooth ones for the unknown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.generic]
Function = Callable[..., Array]


class Unsupported(Exception):
    """A construct that this evaluator has no meaning for."""


def where_real(defined: Callable[[Array], Array], function: Function) -> Function:
    """A function that is undefined (NaN) wherever the real part lies outside its domain."""

    def safe(x: Array) -> Array:
        return np.where(defined(np.real(x)), function(x), np.nan)

    return safe


def by_slope(function: Callable[[float], float], slope: Function | None = None) -> Function:
    """A function of the standard library; the imaginary part is carried by its slope."""
    each = np.vectorize(lambda x: _tried(function, x), otypes=[float])

    def apply(x: Array) -> Array:
        real, step = np.real(x), 1e-3
        value = each(real)
        if not np.iscomplexobj(x):
            return value  # type: ignore[no-any-return]
        near = slope(real) if slope is not None else five_points(lambda h: each(real + h), step)
        return value + 1j * np.imag(x) * near  # type: ignore[no-any-return]

    return apply


def _tried(function: Callable[[float], float], x: float) -> float:
    try:
        return function(x)
    except (ValueError, OverflowError):
        return math.nan


def five_points(function: Callable[[float], Array], step: float) -> Array:
    """f′(0) by central differences of fourth order."""
    near, far = function(step) - function(-step), function(2 * step) - function(-2 * step)
    return (8 * near - far) / (12 * step)  # type: ignore[no-any-return]


def magnitude(x: Array) -> Array:
    return np.where(np.real(x) < 0, -x, x)


def pick(first: Array, second: Array, first_wins: Array) -> Array:
    return np.where(first_wins, first, second)


def larger(*values: Array) -> Array:
    best = values[0]
    for v in values[1:]:
        best = pick(best, v, np.real(best) >= np.real(v)) + 0 * (best + v)  # NaN stays NaN
    return best


def smaller(*values: Array) -> Array:
    return -larger(*(-v for v in values))


def power(base: Array, exponent: Array) -> Array:
    """Integer exponents for every base, other ones for positive bases only."""
    base, exponent = np.asarray(base), np.asarray(exponent)
    real = np.real(exponent)
    whole = (np.imag(exponent) == 0) & (real == np.round(real))
    if whole.all() and np.ndim(real) == 0:
        if real >= 0:
            return np.power(base + 0.0, int(real))
        return 1 / np.power(np.where(base == 0, np.nan, base) + 0.0, -int(real))
    positive = np.real(base) > 0
    general = np.exp(exponent * np.log(np.where(positive, base, 1)))
    integers = np.power(np.where(base == 0, np.nan, base) + 0j, np.where(whole, real, 1))
    if not (np.iscomplexobj(base) or np.iscomplexobj(exponent)):
        integers = np.real(integers)
    zero = np.where(real > 0, 0.0, np.where(real == 0, 1.0, np.nan))
    return np.where(positive, general, np.where(base == 0, zero, np.where(whole, integers, np.nan)))


def inverse_erf(y: float) -> float:
    if not -1 < y < 1:
        return math.nan
    x = 0.0
    for _ in range(80):
        x -= (math.erf(x) - y) * math.sqrt(math.pi) / 2 * math.exp(min(x * x, 600.0))
        x = max(-6.0, min(6.0, x))
    return x


def imaginary_erf(x: float) -> float:
    """erfi x = 2/√π Σ x^(2k+1) / (k! (2k+1)), for arguments that are not large."""
    if abs(x) > 5:
        return math.nan
    term, total = x, 0.0
    for k in range(120):
        total += term / (2 * k + 1)
        term *= x * x / (k + 1)
    return 2 / math.sqrt(math.pi) * total


def digamma(x: float) -> float:
    total = 0.0
    if x <= 0 and x == math.floor(x):
        return math.nan
    while x < 12:
        total -= 1 / x
        x += 1
    series = 1 / 12 - (1 / 120 - (1 / 252 - (1 / 240 - 1 / (132 * x * x)) / (x * x)) / (x * x)) / (x * x)
    return total + math.log(x) - 1 / (2 * x) - series / (x * x)


def angle(y: Array, x: Array) -> Array:
    real = np.arctan2(np.real(y), np.real(x))
    if not (np.iscomplexobj(x) or np.iscomplexobj(y)):
        return real
    below = np.real(x) ** 2 + np.real(y) ** 2
    return real + 1j * (np.real(x) * np.imag(y) - np.real(y) * np.imag(x)) / below


def anywhere(x: Array) -> Array:
    return np.ones(np.shape(x), bool)


ELEMENTARY: dict[str, Function] = {
    "exp": np.exp,
    "log": where_real(lambda x: x > 0, lambda x: np.log(np.where(np.real(x) > 0, x, 1))),
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sec": lambda x: 1 / np.cos(x),
    "csc": lambda x: 1 / np.sin(x),
    "cot": lambda x: 1 / np.tan(x),
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "sech": lambda x: 1 / np.cosh(x),
    "csch": lambda x: 1 / np.sinh(x),
    "coth": lambda x: 1 / np.tanh(x),
    "asin": where_real(lambda x: abs(x) <= 1, lambda x: np.arcsin(x + 0 * x)),
    "acos": where_real(lambda x: abs(x) <= 1, lambda x: np.arccos(x + 0 * x)),
    "atan": np.arctan,
    "acot": lambda x: np.arctan(1 / x),
    "asec": where_real(lambda x: abs(x) >= 1, lambda x: np.arccos(1 / x)),
    "acsc": where_real(lambda x: abs(x) >= 1, lambda x: np.arcsin(1 / x)),
    "asinh": np.arcsinh,
    "acosh": where_real(lambda x: x >= 1, np.arccosh),
    "atanh": where_real(lambda x: abs(x) < 1, np.arctanh),
    "acoth": where_real(lambda x: abs(x) > 1, lambda x: np.arctanh(1 / x)),
    "asech": where_real(lambda x: (x > 0) & (x <= 1), lambda x: np.arccosh(1 / x)),
    "acsch": lambda x: np.arcsinh(1 / x),
    "atan2": angle,
    "erf": by_slope(math.erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(-x * x)),
    "erfi": by_slope(imaginary_erf, lambda x: 2 / math.sqrt(math.pi) * np.exp(x * x)),
    "erfinv": by_slope(inverse_erf, lambda x: math.sqrt(math.pi) / 2 * np.exp(np.vectorize(inverse_erf)(x) ** 2)),
    "gamma": by_slope(math.gamma, lambda x: np.vectorize(lambda v: _tried(math.gamma, v) * digamma(v))(x)),
    "digamma": by_slope(digamma),
    "sign": lambda x: np.sign(np.real(x)),
    "floor": lambda x: np.floor(np.real(x)),
    "ceiling": lambda x: np.ceil(np.real(x)),
    "Abs": magnitude,
    "Max": larger,
    "Min": smaller,
}


# --------------------------------------------------------------------------------- unknown functions


@dataclass(frozen=True)
class Smooth:
    """Σ_m c_m sin(⟨a_m, x⟩ + b_m) + ⟨d, x⟩ + ⟨x, x⟩ q: smooth, without symmetries, with derivatives of every order."""

    waves: Array
    phases: Array
    heights: Array
    slopes: Array
    bend: float

    @classmethod
    @lru_cache(maxsize=4096)
    def named(cls, name: str, arity: int, seed: int, waves: int = 2) -> Smooth:
        random = np.random.default_rng((seed, crc32(name.encode()), arity))
        spread = 0.9 / math.sqrt(max(1, arity))
        return cls(
            random.normal(0, 1, (waves, arity)) * spread + 0.3 * spread,
            random.uniform(0, 6, waves),
            random.uniform(0.5, 1.5, waves),
            random.normal(0, 1, arity) * spread,
            float(random.uniform(0.1, 0.4)),
        )

    def at(self, arguments: Sequence[Array], orders: Sequence[int] | None = None) -> Array:
        orders = orders or [0] * len(arguments)
        total = sum(orders)
        result: Array = np.zeros(())
        for wave, phase, height in zip(self.waves, self.phases, self.heights, strict=True):
            inside = phase + total * math.pi / 2 + sum(a * x for a, x in zip(wave, arguments, strict=True))
            factor = math.prod(float(a) ** n for a, n in zip(wave, orders, strict=True))
            result = result + height * factor * np.sin(inside)
        return result + self._polynomial(arguments, orders)

    def of_all(self, entries: Array) -> Array:
        """The same for one long vector of numbers."""
        inside = self.phases + self.waves @ entries
        linear = self.slopes @ entries + self.bend * (entries @ entries) + 0.2
        return self.heights @ np.sin(inside) + linear  # type: ignore[no-any-return]

    def _polynomial(self, arguments: Sequence[Array], orders: Sequence[int]) -> Array:
        order, zero = sum(orders), sum(arguments) * 0.0 if arguments else np.zeros(())
        if order == 0:
            linear = sum(d * x for d, x in zip(self.slopes, arguments, strict=True))
            return linear + self.bend * sum(x * x for x in arguments) + 0.2  # type: ignore[no-any-return]
        k = next(k for k, n in enumerate(orders) if n)
        if order == 1:
            return zero + self.slopes[k] + 2 * self.bend * arguments[k]  # type: ignore[no-any-return]
        return zero + (2 * self.bend if order == 2 and orders[k] == 2 else 0.0)
