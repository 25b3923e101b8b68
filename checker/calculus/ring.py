"""Sums, products and powers of forms: the arithmetic every other part of the normal form uses.

A ``Ring`` is a session: it knows the ranges of free and opened indices, what integers are known to
be non-negative, and how much work may still be done.  ``tidy`` and ``sign_of_atom`` are filled in by
the classes above it (:mod:`checker.calculus.algebra` puts them together).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from fractions import Fraction

from checker.calculus.affine import Affine, Variable, combine, constant, subtract, variable
from checker.calculus.forms import (
    UNIT,
    Atom,
    Form,
    Frozen,
    Monomial,
    Range,
    Rational,
    add_into,
    constant_of,
    freeze,
    is_integer,
    magnitude,
    number,
    of,
    scale,
    thaw,
    tidy_rational,
)

LARGEST_EXPANSION = 3_000  # monomials a power may expand into
LARGEST_NUMBER = 4_096  # bits of an exact coefficient
TIDY_TAGS = frozenset({"dl", "ge", "gt", "eq", "poly", "abs", "num", "fn", "pw", "mpw", "det"})
RANKS = {"el": 9, "ex": 8, "ix": 7, "d": 6, "p": 6, "fn": 5, "sum": 0}


class Outside(Exception):
    """A construct the normal form has no rule for; the message names it."""


class Budget(Exception):
    """The normal form would take more work than allowed; the statement stays undecided."""


def merge(a: Monomial, b: Monomial) -> Monomial:
    if not a or not b:
        return a or b
    exponents = dict(a)
    for atom, e in b:
        exponents[atom] = tidy_rational(exponents.get(atom, 0) + e)
    return tuple(sorted((atom, e) for atom, e in exponents.items() if e))


def rank(monomial: Monomial) -> tuple[tuple[int, Atom, Rational], ...]:
    """A monomial order: lexicographic, elements before sums; leading terms are maximal in it."""
    return tuple(sorted(((RANKS.get(a[0], 4), a, e) for a, e in monomial), reverse=True))


class Ring:
    def __init__(self, deadline: float | None = None, work: int = 400_000) -> None:
        self.ranges: dict[Variable, Range] = {}
        self.facts: list[tuple[Affine, int]] = []  # each is known to be ≥ 0, by which hypothesis
        self.least: dict[Variable, tuple[int, int]] = {}  # lower bounds of sizes, where above 1, by which hypothesis
        self.used: set[int] = set()  # the hypotheses that some step rests on
        self.deadline = deadline
        self.work = work
        self._fresh = 0
        self._tidied: dict[Monomial, Form] = {}
        self._leads: dict[Frozen, Monomial] = {}

    # ------------------------------------------------------------------------------ bookkeeping

    def fresh(self, range_: Range) -> Variable:
        self._fresh += 1
        v = ("f", self._fresh)
        self.ranges[v] = range_
        return v

    def forget(self) -> None:
        """Drop what was remembered of monomials, so that every further use of a hypothesis is noticed."""
        self._tidied.clear()

    def spend(self, amount: int = 1) -> None:
        self.work -= amount
        if self.work < 0:
            raise Budget("the normal form grows too large")
        if self.deadline is not None and self.work % 64 < amount and time.monotonic() > self.deadline:
            raise Budget("the time for this line ran out")

    def tidy(self, monomial: Monomial) -> Form:
        """The monomial with its own reductions applied (deltas, guards, expanded powers …)."""
        raise NotImplementedError

    def sign_of_atom(self, atom: Atom) -> str | None:
        raise NotImplementedError

    # ------------------------------------------------------------------------------- arithmetic

    def multiply(self, a: Form, b: Form) -> Form:
        if len(a) > len(b):
            a, b = b, a
        total: Form = {}
        for m, c in a.items():
            if m == UNIT:
                add_into(total, b, c)
                continue
            for n, d in b.items():
                if n == UNIT:
                    add_into(total, {m: c * d})
                else:
                    self.spend()
                    add_into(total, self.tidied(merge(m, n)), c * d)
        return total

    def tidied(self, monomial: Monomial) -> Form:
        for atom, _ in monomial:
            if atom[0] in TIDY_TAGS:
                break
        else:
            if not self.watches(monomial):
                return {monomial: 1}
        known = self._tidied.get(monomial)
        if known is None:
            known = self._tidied[monomial] = self.tidy(monomial)
        return known

    def watches(self, monomial: Monomial) -> bool:
        """Whether a hypothesis may apply to a product of plain elements."""
        return False

    def product(self, forms: Iterable[Form]) -> Form:
        total = number(1)
        for form in forms:
            total = self.multiply(total, form)
        return total

    def power(self, form: Form, exponent: Rational) -> Form:
        exponent = tidy_rational(exponent)
        if exponent == 0:
            return number(1)
        if exponent == 1:
            return form
        value = constant_of(form)
        if value is not None:
            return self.number_power(value, exponent)
        if len(form) == 1:
            ((monomial, coefficient),) = form.items()
            return self.monomial_power(monomial, coefficient, exponent)
        if is_integer(exponent) and 0 < exponent <= 64 and len(form) ** int(exponent) <= LARGEST_EXPANSION:
            return self._repeated(form, int(exponent))
        return self.polynomial_power(form, exponent)

    def _repeated(self, form: Form, exponent: int) -> Form:
        total = number(1)
        for _ in range(exponent):
            total = self.multiply(total, form)
        return total

    def number_power(self, value: Rational, exponent: Rational) -> Form:
        if value == 0:
            if exponent > 0:
                return {}
            raise ZeroDivisionError("division by zero")
        if value == 1:
            return number(1)
        if is_integer(exponent):
            size = max(abs(Fraction(value).numerator), Fraction(value).denominator).bit_length()
            if size * abs(int(exponent)) > LARGEST_NUMBER:
                raise Budget(f"the number {value}^{exponent} is too large to write out")
            return number(tidy_rational(Fraction(value) ** int(exponent)))
        if value < 0:
            return {((("poly", ((UNIT, value),)), exponent),): 1}
        total = number(1)
        for prime, power in prime_factors(Fraction(value)):
            total = self.multiply(total, self.tidied(((("num", prime), power * exponent),)))
        return total

    def monomial_power(self, monomial: Monomial, coefficient: Rational, exponent: Rational) -> Form:
        """(c·Πaᵢ^eᵢ)^r.  For fractional r only factors of known sign leave the root."""
        if is_integer(exponent):
            powers = tuple((a, tidy_rational(e * exponent)) for a, e in monomial)
            return self.multiply(self.number_power(coefficient, exponent), self.tidied(powers))
        outside: list[Form] = [self.number_power(magnitude(coefficient), exponent)]
        inside: list[tuple[Atom, Rational]] = []
        for atom, e in monomial:
            if self.sign_of_atom(atom) == "+":
                outside.append(self.tidied(((atom, tidy_rational(e * exponent)),)))
            elif is_integer(e) and e % 2 == 0:
                outside.append(self.power(self.absolute(of(atom)), e * exponent))
            else:
                inside.append((atom, e))
        negative = coefficient < 0
        if len(inside) == 1 and not negative and inside[0][0][0] != "pw":  # x^k may be negative, √(x^k) is not x^(k/2)
            atom, e = inside[0]
            outside.append(self.tidied(((atom, tidy_rational(e * exponent)),)))
        elif inside or negative:
            frozen: Frozen = ((tuple(inside), -1 if negative else 1),)
            outside.append({((("poly", frozen), exponent),): 1})
        return self.product(outside)

    def absolute(self, form: Form) -> Form:
        raise NotImplementedError

    def polynomial_power(self, form: Form, exponent: Rational) -> Form:
        """A power of a sum: what divides every term is taken out, the rest is one atom."""
        coefficient, monomial, rest = self.content(form, integer=is_integer(exponent))
        outside = self.monomial_power(monomial, coefficient, exponent)
        if len(rest) == 1:
            return self.multiply(outside, self.power(rest, exponent))
        return self.multiply(outside, self.tidied(((("poly", freeze(rest)), exponent),)))

    def content(self, form: Form, *, integer: bool) -> tuple[Rational, Monomial, Form]:
        """``form = coefficient · monomial · rest``; for roots (``integer`` false) only what is positive."""
        exponents: dict[Atom, Rational] = {}
        first = True
        for monomial in form:
            here = dict(monomial)
            if first:
                exponents = here
                first = False
                continue
            for atom in list(exponents):
                exponents[atom] = min(exponents[atom], here.get(atom, 0))
            for atom, e in here.items():
                if atom not in exponents and e < 0:
                    exponents[atom] = e
        common = tuple(sorted((a, e) for a, e in exponents.items() if e and (integer or self._leaves_root(a, e))))
        inverse = tuple((a, -e) for a, e in common)
        rest: Form = {}
        for monomial, c in form.items():
            add_into(rest, self.tidied(merge(monomial, inverse)), c)
        if not rest:
            raise ZeroDivisionError("a form that turns out to be zero")
        coefficient = rational_content(rest.values())
        if integer and rest[max(rest, key=rank)] < 0:
            coefficient = -coefficient
        return coefficient, common, {m: tidy_rational(Fraction(c) / coefficient) for m, c in rest.items()}

    def _leaves_root(self, atom: Atom, exponent: Rational) -> bool:
        return self.sign_of_atom(atom) == "+" or (is_integer(exponent) and exponent % 2 == 0)

    def lead(self, frozen: Frozen) -> Monomial:
        """The leading monomial of a sum under :func:`rank`."""
        known = self._leads.get(frozen)
        if known is None:
            known = self._leads[frozen] = max((m for m, _ in frozen), key=rank)
        return known

    # ------------------------------------------------------------------- what integers are ≥ 0

    def lower_bound(self, a: Affine) -> int | None:
        """A number that ``a`` is never below, from the ranges of its indices and sizes ≥ 1."""
        for _ in range(24):  # one at a time, indices before integer data: a bound may mention the others
            indices = [
                (v[0] == "t", v, c, r) for v, c in a[1] if v[0] != "n" and (r := self.known_range(v)) is not None
            ]
            if not indices:
                break
            _, v, c, range_ = min(indices)
            bound = range_end(range_, lower=c > 0)
            if bound is None:
                return None
            a = combine(combine(a, variable(v), -c), bound, c)
        total = a[0]
        for v, c in a[1]:
            if c < 0 or not self.is_size(v):
                return None
            least = self.least.get(v)
            if least is not None:
                self.used.add(least[1])
            total += c * (1 if least is None else least[0])
        return total

    def known_range(self, v: Variable) -> Range | None:
        """The range of an index, or of an integer such as a class label ``y[i]``."""
        return self.ranges.get(v)

    def is_size(self, v: Variable) -> bool:
        return v[0] == "n" or v in self.least

    def never_negative(self, a: Affine) -> bool:
        """Whether ``a ≥ 0`` follows from the ranges, alone or with up to two known facts."""
        if self._above_zero(a):
            return True
        for i, (fact, source) in enumerate(self.facts):
            reduced = subtract(a, fact)
            if self._above_zero(reduced):
                self.used.add(source)
                return True
            for other, second in self.facts[i:]:
                if self._above_zero(subtract(reduced, other)):
                    self.used.update((source, second))
                    return True
        return False

    def _above_zero(self, a: Affine) -> bool:
        bound = self.lower_bound(a)
        return bound is not None and bound >= 0

    def always_negative(self, a: Affine) -> bool:
        return self.never_negative(subtract(constant(-1), a))


def range_end(range_: Range, *, lower: bool) -> Affine | None:
    match range_[0]:
        case 0:
            return range_[1] if lower else range_[2]  # type: ignore[no-any-return]
        case 2 if lower:
            return range_[1]  # type: ignore[no-any-return]
        case 3 if not lower:
            return range_[1]  # type: ignore[no-any-return]
    return None


def prime_factors(value: Fraction) -> list[tuple[int, int]]:
    """Prime factors of a positive rational (denominators with negative powers); a large cofactor stays whole."""
    found: list[tuple[int, int]] = []
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        p = 2
        while p * p <= part and p < 10_000:
            power = 0
            while part % p == 0:
                part //= p
                power += 1
            if power:
                found.append((p, sign * power))
            p += 1
        if part > 1:
            found.append((part, sign))
    return sorted(found)


def rational_content(values: Iterable[Rational]) -> Fraction:
    """The positive rational that makes the values coprime integers when divided out."""
    from math import gcd, lcm

    fractions = [Fraction(v) for v in values]
    top, bottom = 0, 1
    for f in fractions:
        top = gcd(top, f.numerator)
        bottom = lcm(bottom, f.denominator)
    return Fraction(abs(top), bottom)


def sum_of(forms: Sequence[Form]) -> Form:
    total: Form = {}
    for form in forms:
        add_into(total, form)
    return total


__all__ = ["Budget", "Ring", "merge", "prime_factors", "range_end", "rank", "scale", "sum_of", "thaw"]
