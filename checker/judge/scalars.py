"""Numbers the evaluator computes with: exact rationals (``fmpq``), certified balls (``arb``), duals over both.

A value stays an exact rational as long as nothing irrational is met.  A ball contains the true value;
whatever is decided about it (sign, difference) is certified.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from flint import arb, ctx, fmpq

Scalar = Any  # fmpq | arb | Dual

ZERO = fmpq(0)
ONE = fmpq(1)
BASE_PRECISION = 256  # bits: 77 digits
PRECISIONS = (BASE_PRECISION, 640, 1600)
_LARGEST_EXPONENT = 10**6
_LARGEST_ARGUMENT = 10**7
_MOST_BITS = 20_000
_LONGEST_FRACTION = 1_500
_EQUAL_DIGITS = 40


class Undefined(Exception):
    """The value does not exist at this point (1/0, log of a negative number, a kink's derivative …)."""


class OutOfRange(Undefined):
    """An index outside its slot: the assignment of index values, not the statement, is void."""


class Undecidable(Exception):
    """A comparison that the present precision leaves open."""


class OverBudget(Exception):
    """The work or time allowed is used up."""


class Unsupported(Exception):
    """A term this evaluator has no meaning for; the message names it."""


class Dual:
    """``value + Σ_key parts[key]·ε_key``, first order, for one derivative (``tag``).

    Values and parts may be duals of smaller tags: that is how higher derivatives nest.
    ``keys`` are the index tuples of the tensor that is being differentiated by.
    """

    __slots__ = ("parts", "tag", "value")

    def __init__(self, tag: int, value: Scalar, parts: dict[Any, Scalar]) -> None:
        self.tag, self.value, self.parts = tag, value, parts

    def __repr__(self) -> str:
        return f"Dual({self.tag}, {self.value}, {self.parts})"

    def __add__(self, other: Scalar) -> Scalar:
        if type(other) is Dual:
            if other.tag == self.tag:
                parts = dict(self.parts)
                for key, part in other.parts.items():
                    old = parts.get(key)
                    parts[key] = part if old is None else old + part
                return Dual(self.tag, self.value + other.value, parts)
            if other.tag > self.tag:
                return Dual(other.tag, other.value + self, other.parts)
        return Dual(self.tag, self.value + other, self.parts)

    __radd__ = __add__

    def __neg__(self) -> Scalar:
        return Dual(self.tag, -self.value, {k: -p for k, p in self.parts.items()})

    def __sub__(self, other: Scalar) -> Scalar:
        return self + (-other)

    def __rsub__(self, other: Scalar) -> Scalar:
        return (-self) + other

    def __mul__(self, other: Scalar) -> Scalar:
        if type(other) is Dual:
            if other.tag == self.tag:
                mine, theirs = self.value, other.value
                parts = {k: p * theirs for k, p in self.parts.items()}
                for key, part in other.parts.items():
                    product = mine * part
                    old = parts.get(key)
                    parts[key] = product if old is None else old + product
                return Dual(self.tag, mine * theirs, parts)
            if other.tag > self.tag:
                return Dual(other.tag, self * other.value, {k: self * p for k, p in other.parts.items()})
        return Dual(self.tag, self.value * other, {k: p * other for k, p in self.parts.items()})

    __rmul__ = __mul__

    def chain(self, value: Scalar, slope: Scalar) -> Dual:
        """The dual of f(self), given f and f′ at ``self.value``."""
        return Dual(self.tag, value, {k: slope * p for k, p in self.parts.items()})


def primal(x: Scalar) -> Scalar:
    """The number itself, without its derivatives."""
    while type(x) is Dual:
        x = x.value
    return x


def part(x: Scalar, tag: int, key: Any) -> Scalar:
    """The coefficient of ε_key of the derivative ``tag`` (0 where x does not depend on it)."""
    if type(x) is Dual and x.tag == tag:
        return x.parts.get(key, ZERO)
    return ZERO


def is_exact_zero(x: Scalar) -> bool:
    """Certainly 0, with all derivatives 0."""
    if type(x) is fmpq:
        return not x
    if type(x) is Dual:
        return is_exact_zero(x.value) and all(is_exact_zero(p) for p in x.parts.values())
    return bool(x.is_zero())


def sign(x: Scalar) -> int:
    """The certified sign of the primal."""
    x = primal(x)
    if type(x) is fmpq:
        return 0 if not x else 1 if x > 0 else -1
    if x > 0:
        return 1
    if x < 0:
        return -1
    if x.is_zero():
        return 0
    if not x.is_finite():
        raise Undefined("a value that is not finite")
    raise Undecidable


def smooth_sign(x: Scalar) -> int:
    """The sign of x, where it is the same all around: a kink (0 that can move) has none."""
    found = sign(x)
    if found == 0 and type(x) is Dual and not is_exact_zero(x):
        raise Undefined("the derivative at a kink")
    return found


def ball(x: Scalar) -> arb:
    return x if type(x) is arb else arb(x)


def reciprocal(x: Scalar) -> Scalar:
    if type(x) is Dual:
        inverse = reciprocal(x.value)
        return x.chain(inverse, -(inverse * inverse))
    if type(x) is fmpq:
        if not x:
            raise Undefined("division by 0")
        return 1 / x
    if x.contains(0):
        if x.is_zero():
            raise Undefined("division by 0")
        raise Undecidable
    return 1 / x


def integer_power(x: Scalar, n: int) -> Scalar:
    """xⁿ for an integer n; x⁰ = 1."""
    if n == 0:
        return ONE
    if n < 0:
        return integer_power(reciprocal(x), -n)
    if n == 1:
        return x
    if type(x) is Dual:
        lower = integer_power(x.value, n - 1)
        return x.chain(lower * x.value, n * lower)
    if type(x) is fmpq:
        if x == 0 or x == 1:
            return x
        if n * max(int(x.p).bit_length(), int(x.q).bit_length()) > _MOST_BITS:
            if n > _LARGEST_EXPONENT:
                raise Undefined("an exponent too large to evaluate")
            return _ball_power(arb(x), n)
        return x**n
    if n > _LARGEST_EXPONENT:
        raise Undefined("an exponent too large to evaluate")
    return _ball_power(x, n)


def _ball_power(x: arb, n: int) -> arb:
    """xⁿ for n > 0; arb's own is x = e^(log x) for a ball that may hold 0, which is no number then."""
    if x > 0:
        return x**n
    if x < 0:
        return (-x) ** n if n % 2 == 0 else -((-x) ** n)
    result, square = arb(1), x
    while n:
        if n % 2:
            result = result * square
        square, n = square * square, n // 2
    return result


def general_power(base: Scalar, exponent: Scalar) -> Scalar:
    """base^exponent over the reals: integer exponents for any base, others for a base > 0 (or 0^positive)."""
    if type(exponent) is fmpq:
        if exponent.q == 1:
            return integer_power(base, int(exponent.p))
        return rational_power(base, exponent)
    if type(exponent) is arb and sign(base) == 0 and sign(exponent) > 0 and type(base) is not Dual:
        return ZERO
    from checker.judge.elementary import exponential, logarithm

    if type(exponent) is Dual and sign(base) <= 0:
        raise Undefined("a power of a number that is not positive")
    return exponential(exponent * logarithm(base))


def rational_power(base: Scalar, exponent: fmpq) -> Scalar:
    if type(base) is Dual:
        value = rational_power(base.value, exponent)
        if sign(base.value) == 0:
            raise Undefined("the derivative of a root at 0")
        return base.chain(value, exponent * value * reciprocal(base.value))
    found = sign(base)
    if found < 0:
        raise Undefined("a root of a negative number")
    if found == 0:
        if exponent < 0:
            raise Undefined("division by 0")
        return ZERO
    p, q = int(exponent.p), int(exponent.q)
    if abs(p) > _LARGEST_EXPONENT or q > _LARGEST_EXPONENT:
        raise Undefined("an exponent too large to evaluate")
    if type(base) is fmpq:
        exact = _exact_root(base, q)
        if exact is not None:
            return integer_power(exact, p)
    root = ball(base).sqrt() if q == 2 else ball(base).root(q)
    return integer_power(root, p)


def _exact_root(x: fmpq, q: int) -> fmpq | None:
    above, below = _integer_root(int(x.p), q), _integer_root(int(x.q), q)
    return None if above is None or below is None else fmpq(above, below)


def _integer_root(n: int, q: int) -> int | None:
    if n.bit_length() > 256:
        return None
    guess = round(n ** (1 / q)) if n.bit_length() < 900 else 0
    for candidate in (guess - 1, guess, guess + 1):
        if candidate >= 0 and candidate**q == n:
            return candidate
    return None


def trimmed(x: Scalar) -> Scalar:
    """The same value, as a ball where an exact fraction has become too long; Undefined where it is astronomic."""
    if type(x) is fmpq:
        if max(x.p.bit_length(), x.q.bit_length()) <= _LONGEST_FRACTION:
            return x
        x = arb(x)
    elif type(x) is Dual:
        value = trimmed(x.value)
        return Dual(x.tag, value, x.parts if value is x.value else {k: trimmed(p) for k, p in x.parts.items()})
    if not abs(x) < _astronomic():
        raise Undefined("a value too large to evaluate")
    return x


@cache
def _astronomic() -> arb:
    return arb(2) ** 100_000


def checked_argument(x: Scalar) -> Scalar:
    """Refuse arguments whose exponential would not fit anywhere."""
    if type(x) is fmpq:
        if abs(x) > _LARGEST_ARGUMENT:
            raise Undefined("an argument too large to evaluate")
    elif not x.is_finite() or abs(x) > _LARGEST_ARGUMENT:
        raise Undefined("an argument too large to evaluate")
    return x


def compare(left: Scalar, right: Scalar) -> bool:
    """True: equal (exactly, or to 40 digits).  False: certainly different.  Undecidable otherwise."""
    if type(left) is fmpq and type(right) is fmpq:
        return bool(left == right)
    difference = left - right
    if not difference.is_finite():
        raise Undefined("a value that is not finite")
    if not difference.contains(0):
        return False
    scale = max(float(abs(ball(left)).upper()), float(abs(ball(right)).upper()), 1e-20)
    if scale < 1e250 and difference.rad() < arb(10) ** -_EQUAL_DIGITS * scale:
        return True
    raise Undecidable


class precision:
    """``with precision(bits):`` sets the working precision of balls and puts the old one back."""

    def __init__(self, bits: int) -> None:
        self.bits, self.before = bits, 0

    def __enter__(self) -> None:
        self.before = ctx.prec
        ctx.prec = self.bits

    def __exit__(self, *_: object) -> None:
        ctx.prec = self.before


def show(x: Scalar, digits: int = 12) -> str:
    """``"3"``, ``"-1/2"``, or a decimal all of whose digits are certain, ending in ``…``."""
    if type(x) is fmpq:
        return str(x)
    if x.is_exact() and x.is_integer():
        return str(int(x.unique_fmpz()))
    if x.contains(0):
        return f"0.{digits * '0'}…"
    return f"{x.str(digits, radius=False)}…"
