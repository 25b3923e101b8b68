"""Constructors of atoms: each brings its argument into the one shape that equal things share.

Logarithms are logarithms of absolute values: wherever ``log f`` is defined, f > 0 and
log f = log|f|, so log|ab| = log|a| + log|b| needs no side condition.  A statement is about the points
where both of its sides are defined (see docs/soundness.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import floor, lcm

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.composites import composed
from checker.calculus.forms import (
    UNIT,
    Atom,
    Form,
    Frozen,
    Monomial,
    Rational,
    add,
    constant_of,
    freeze,
    is_integer,
    magnitude,
    number,
    of,
    scale,
    subtract,
    thaw,
    tidy_rational,
)
from checker.calculus.ring import Ring, rank

# f(-u) = f(u) or -f(u); arguments are turned so that their leading coefficient is positive.
PARITY: Mapping[str, int] = {
    "sin": -1, "cos": 1, "tan": -1, "sinh": -1, "cosh": 1, "tanh": -1,
    "asin": -1, "atan": -1, "asinh": -1, "atanh": -1, "erf": -1, "erfi": -1, "erfinv": -1,
    "sech": 1, "csch": -1, "coth": -1, "acsc": -1, "acoth": -1, "acsch": -1,
}  # fmt: skip

MOST_SHIFTS = 8  # Γ(u + 9) stays as it is


class Atoms(Ring):
    # ------------------------------------------------------------------- elements and integers

    def element(self, name: str, slots: tuple[Affine, ...]) -> Form:
        return of(("el", name, slots))

    def affine_form(self, a: Affine) -> Form:
        """An integer used as a number."""
        total = number(a[0])
        for v, c in a[1]:
            total = add(total, {((self._integer(v), 1),): c})
        return total

    @staticmethod
    def _integer(v: Variable) -> Atom:
        return v[1] if v[0] == "t" else ("ix", v)

    def delta(self, a: Affine) -> Form:
        """δ(a = 0), with what the ranges already decide."""
        reduced = af.primitive(a)
        if reduced is None:
            return {}
        if not reduced[1]:
            return number(1 if reduced[0] == 0 else 0)
        if self.never_negative(af.shift(reduced, -1)) or self.always_negative(reduced):
            return {}
        for g, multiple, rest in _multiples(reduced):
            only = self._multiples_in_range(rest, g)
            if only == ():
                return {}
            if only is not None:  # g·q is the only multiple of g that r may be
                return self.product(
                    self.multiply(self.delta(af.shift(multiple, q)), self.delta(af.shift(rest, -g * q))) for q in only
                )
        return of(("dl", reduced))

    def guard(self, a: Affine) -> Form:
        """[a ≥ 0], turned so that its first coefficient is positive; [f ≥ 0] = [f = 0] + [f ≥ 1]."""
        if not a[1]:
            return number(1 if a[0] >= 0 else 0)
        g = af.content(a)
        if g > 1:
            a = (a[0] // g, tuple((v, c // g) for v, c in a[1]))
        if self.never_negative(a):
            return number(1)
        if self.always_negative(a):
            return {}
        for g, multiple, rest in _multiples(a):
            q = self._quotient_of_range(rest, g)
            if q is not None:  # [g·d + r ≥ 0] = [d + q ≥ 0] where ⌊r/g⌋ = q
                return self.guard(af.shift(multiple, q))
        if a[1][0][1] < 0:
            return subtract(number(1), self.guard(af.shift(af.scale(a, -1), -1)))
        if a[0] == 0:
            return add(self.delta(a), self.guard(af.shift(a, -1)))
        return of(("ge", a))

    def _quotient_of_range(self, rest: Affine, g: int) -> int | None:
        """⌊r/g⌋ where it is the same for all values of r."""
        least, most = self.lower_bound(rest), self.lower_bound(af.scale(rest, -1))
        if least is None or most is None or least // g != -most // g:
            return None
        return least // g

    def _multiples_in_range(self, rest: Affine, g: int) -> tuple[int, ...] | None:
        """The q with g·q among the values of r, where there is at most one."""
        least, most = self.lower_bound(rest), self.lower_bound(af.scale(rest, -1))
        if least is None or most is None:
            return None
        first, last = -(-least // g), -most // g
        return tuple(range(first, last + 1)) if last <= first else None

    # ----------------------------------------------------------------------------- comparisons

    def positive(self, form: Form) -> Form:
        """The indicator [form > 0]."""
        integer = affine_of(form)
        if integer is not None:
            return self.guard(af.shift(integer, -1))
        sign = self.sign(form)
        if sign is not None:
            if sign == "+":
                return number(1)
            if sign in ("-", "0-", "0"):
                return {}
            return subtract(number(1), self.vanishes(form))
        compared = self.log_difference(form)
        if compared is not None:
            return self.positive(compared)
        turned, flipped = self._comparable(form)
        yes = of(("gt", freeze(turned)))
        if not flipped:
            return yes
        return subtract(subtract(number(1), yes), self.vanishes(turned))

    def ramp(self, form: Form, by: Form | None = None) -> Form:
        """max(form, 0) = form·[form > 0]; a tie needs no term of its own.  ``by`` has the sign of the form."""
        by = form if by is None else by
        if affine_of(by) is not None or self.sign(by) is not None:
            return self.multiply(form, self.positive(by))
        compared = self.log_difference(by)
        if compared is not None:
            return self.ramp(form, compared)
        turned, flipped = self._comparable(by)
        above = self.multiply(form, of(("gt", freeze(turned))))
        return subtract(form, above) if flipped else above

    def vanishes(self, form: Form) -> Form:
        """The indicator [form = 0]."""
        integer = affine_of(form)
        if integer is not None:
            return self.delta(integer)
        if self.sign(form) in ("+", "-"):
            return {}
        if not form:
            return number(1)
        compared = self.log_difference(form)
        if compared is not None:
            return self.vanishes(compared)
        turned, _ = self._comparable(form)
        return self.vanishing(turned)

    def vanishing(self, turned: Form) -> Form:
        return of(("eq", freeze(turned)))

    def _comparable(self, form: Form) -> tuple[Form, bool]:
        """The form without positive factors, its leading coefficient positive; and whether it was negated."""
        _, monomial, rest = self.content(form, integer=False)
        rest = self.multiply(rest, {tuple((a, e) for a, e in monomial if self.sign_of_atom(a) != "+"): 1})
        flipped = rest[max(rest, key=rank)] < 0
        return (scale(rest, -1) if flipped else rest), flipped

    # ----------------------------------------------------------------------- signs

    def sign(self, form: Form) -> str | None:
        """``+``, ``-``, ``0+``, ``0-``, ``0`` or None: what is known of the sign everywhere."""
        value = constant_of(form)
        if value is not None:
            return "+" if value > 0 else "-" if value < 0 else "0"
        known = self.known_sign(form)
        if known is not None:
            return known
        signs = {self._sign_of_term(m, c) for m, c in form.items()}
        if None in signs:
            return None
        if signs <= {"+", "0+"}:
            return "+" if "+" in signs else "0+"
        if signs <= {"-", "0-"}:
            return "-" if "-" in signs else "0-"
        return self._sign_of_difference(form)

    def _sign_of_difference(self, form: Form) -> str | None:
        compared = self.log_difference(form)
        return None if compared is None else self.sign(compared)

    def log_difference(self, form: Form) -> Form | None:
        """For e^x - e^y and its like, x - y: of the same sign, because the logarithm is increasing."""
        if len(form) != 2 or not any(a[0] == "ex" for m in form for a, _ in m):
            return None
        (above, up), (below, down) = sorted(form.items(), key=lambda term: term[1], reverse=True)
        if not up > 0 > down or any(self.sign_of_atom(a) != "+" for m in form for a, _ in m):
            return None
        return subtract(self.logarithm({above: up}), self.logarithm({below: -down}))

    def known_sign(self, form: Form) -> str | None:
        """What the hypotheses say of exactly this form."""
        return None

    def _sign_of_term(self, monomial: Monomial, coefficient: Rational) -> str | None:
        strict, negative = True, coefficient < 0
        for atom, e in monomial:
            sign = self.sign_of_atom(atom)
            if not is_integer(e) or e % 2 == 0:  # a real fractional power is never negative
                strict = strict and (sign in ("+", "-") or e < 0)
                continue
            if sign is None:
                return None
            strict = strict and (sign in ("+", "-") or e < 0)
            negative = negative != (sign in ("-", "0-"))
        return ("" if strict else "0") + ("-" if negative else "+")

    def sign_of_atom(self, atom: Atom) -> str | None:
        match atom[0]:
            case "ex" | "num" | "pi":
                return "+"
            case "pw":  # (-2)^k has no sign: the base decides
                sign = self.sign_of_atom(atom[1])
                return sign if sign in ("+", "0+") else None
            case "ge" | "gt" | "eq" | "dl" | "abs":
                return self._sign_of_absolute(atom) if atom[0] == "abs" else "0+"
            case "ix":
                bound = self.lower_bound(af.variable(atom[1]))
                return None if bound is None or bound < 0 else "+" if bound > 0 else "0+"
            case "poly":
                return self.sign(thaw(atom[1]))
            case "sum":
                return self._sign_of_sum(atom)
            case "fn":
                return "+" if atom[1] in ("cosh", "sech") and atom[2] == (0,) else self.known_sign(of(atom))
            case "el" | "det" | "d" | "p" | "inv":
                return self.known_sign(of(atom))
        return None

    def _sign_of_absolute(self, atom: Atom) -> str:
        return "+" if self.known_nonzero(thaw(atom[1])) else "0+"

    def known_nonzero(self, form: Form) -> bool:
        return self.sign(form) in ("+", "-")

    def _sign_of_sum(self, atom: Atom) -> str | None:
        _, ranges, monomial = atom
        sign = self._sign_of_term(monomial, 1)
        if sign in ("+", "-") and not all(self.never_empty(r) for r in ranges):
            return "0" + sign
        return sign

    def never_empty(self, range_: tuple[object, ...]) -> bool:
        return range_[0] != 0 or self.never_negative(af.subtract(range_[2], range_[1]))  # type: ignore[arg-type]

    # ------------------------------------------------------------------------------- functions

    def absolute(self, form: Form) -> Form:
        if not form:
            return {}
        sign = self.sign(form)
        if sign is not None:
            return scale(form, -1) if "-" in sign else form
        if self.log_difference(form) is not None:
            return self.multiply(form, subtract(scale(self.positive(form), 2), number(1)))
        coefficient, monomial, rest = self.content(form, integer=True)
        total = number(magnitude(coefficient))
        for atom, e in monomial:
            if self.sign_of_atom(atom) in ("+", "0+") or not is_integer(e) or e % 2 == 0:
                total = self.multiply(total, self.tidied(((atom, e),)))
            elif atom[0] == "det" and self.has_unit_determinant(atom):
                continue
            elif atom[0] == "poly":
                total = self.multiply(total, self.power(self.absolute(thaw(atom[1])), e))
            elif atom[0] == "pw":  # |b^m| = |b|^m
                total = self.multiply(total, self.symbolic_power(self.absolute(of(atom[1])), {atom[2]: e}))
            else:
                total = self.multiply(total, self.tidied(((("abs", ((((atom, 1),), 1),)), e),)))
        sign = self.sign(rest)
        if sign is not None:
            return self.multiply(total, scale(rest, -1) if "-" in sign else rest)
        return self.multiply(total, of(("abs", freeze(rest))))

    def has_unit_determinant(self, atom: Atom) -> bool:
        """Whether the hypotheses make a determinant 1 or -1."""
        return False

    def exponential(self, form: Form) -> Form:
        total = number(1)
        for monomial, coefficient in sorted(form.items()):
            total = self.multiply(total, self._exponential_of_term(monomial, coefficient))
        return total

    def _exponential_of_term(self, monomial: Monomial, coefficient: Rational) -> Form:
        logs = [(a, e) for a, e in monomial if a[0] == "fn" and a[1] == "log" and a[2] == (0,) and e == 1]
        if len(logs) == 1:
            argument = thaw(logs[0][0][3][0])
            rest = tuple(pair for pair in monomial if pair != logs[0])
            size = self.absolute(argument)  # the logarithm stood for log|·|
            return self.power(size, coefficient) if rest == UNIT else self.symbolic_power(size, {rest: coefficient})
        return {((("ex", monomial), coefficient),): 1}

    def symbolic_power(self, base: Form, exponent: Form) -> Form:
        """base^exponent, one factor for each term of the exponent.

        Defined where base > 0, and for any base where the exponent is an integer; the rules hold in both cases.
        """
        total = number(1)
        for monomial, coefficient in sorted(exponent.items()):
            if monomial == UNIT:
                total = self.multiply(total, self.power(base, coefficient))
            else:
                total = self.multiply(total, self._power_of_term(base, monomial, coefficient))
        return total

    def _power_of_term(self, base: Form, exponent: Monomial, coefficient: Rational) -> Form:
        content, common, rest = self.content(base, integer=False)
        total = number(1)
        for prime, power in self._primes(content):
            total = self.multiply(total, {((("pw", ("num", prime), exponent), power * coefficient),): 1})
        pieces = [(a, e) for a, e in common]
        if len(rest) == 1:
            ((monomial, sign),) = rest.items()
            if sign > 0 and len(monomial) <= 1:
                pieces.extend(monomial)
                rest = number(1)
        for atom, e in pieces:
            if atom[0] == "ex":
                inner = self.multiply({atom[1]: 1}, {exponent: 1})
                total = self.multiply(total, self.exponential(scale(inner, e * coefficient)))
            elif atom[0] == "pw" and self._powers_join(atom, exponent, tidy_rational(e * coefficient)):
                inner = self.multiply({atom[2]: 1}, {exponent: tidy_rational(e * coefficient)})
                total = self.multiply(total, self.symbolic_power(of(atom[1]), inner))
            else:
                total = self.multiply(total, self._power_of_atom(atom, e, exponent, tidy_rational(e * coefficient)))
        if constant_of(rest) != 1:
            total = self.multiply(total, self.tidied(((("pw", ("poly", freeze(rest)), exponent), coefficient),)))
        return total

    def _power_of_atom(self, atom: Atom, e: Rational, exponent: Monomial, power: Rational) -> Form:
        """(a^e)^(c·m) where ``power`` is e·c."""
        base = self._power_base(atom, e, power, exponent)
        if base[0] == "abs" and base != atom:
            size = self.absolute(of(atom))
            if size != of(base):  # |u^n| = |u|^n
                return self.symbolic_power(size, {exponent: power})
        return {((("pw", base, exponent), power),): 1}

    def _powers_join(self, inner: Atom, exponent: Monomial, coefficient: Rational) -> bool:
        """(a^m)^n = a^(mn): for a ≥ 0, or an integer n; ((-1)²)^½ is not -1."""
        return self.sign_of_atom(inner[1]) in ("+", "0+") or (is_whole(exponent) and is_integer(coefficient))

    def _power_base(self, atom: Atom, e: Rational, total: Rational, exponent: Monomial) -> Atom:
        """(a^e)^(c·m) = |a|^(e·c·m) for even e; a^(e·c·m) where e·c is even as well and m an integer."""
        sign = self.sign_of_atom(atom)
        if not is_integer(e) or e % 2 or sign in ("+", "0+"):
            return atom
        if is_integer(total) and total % 2 == 0 and is_whole(exponent):
            return atom
        return ("poly", ((((atom, 1),), -1),)) if sign in ("-", "0-") else ("abs", freeze(of(atom)))

    @staticmethod
    def _primes(content: Rational) -> list[tuple[int, int]]:
        from checker.calculus.ring import prime_factors

        return prime_factors(Fraction(content)) if content > 0 else []

    def logarithm(self, form: Form) -> Form:
        """log|form|, split over the factors of the form."""
        if not form:
            raise ZeroDivisionError("log 0")
        coefficient, monomial, rest = self.content(form, integer=True)
        total = self._log_of_number(magnitude(coefficient))
        for atom, e in monomial:
            total = add(total, scale(self._log_of_atom(atom), e))
        if constant_of(rest) is None:
            if len(rest) == 1:
                ((inner, _),) = rest.items()
                for atom, e in inner:
                    total = add(total, scale(self._log_of_atom(atom), e))
            else:
                total = add(total, of(("fn", "log", (0,), (freeze(rest),))))
        return total

    def _log_of_number(self, value: Rational) -> Form:
        total: Form = {}
        for prime, power in self._primes(value):
            frozen: Frozen = ((UNIT, prime),)
            total = add(total, {((("fn", "log", (0,), (frozen,)), 1),): power})
        return total

    def _log_of_atom(self, atom: Atom) -> Form:
        match atom[0]:
            case "ex":
                return {atom[1]: 1}
            case "pw":
                return self.multiply({atom[2]: 1}, self._log_of_atom(atom[1]))
            case "num":
                return self._log_of_number(atom[1])
            case "abs":
                return self.logarithm(thaw(atom[1]))
            case "poly":
                return self.logarithm(thaw(atom[1]))
            case "det" if self.has_unit_determinant(atom):
                return {}
            case "prod":
                return self.log_of_product(atom)
        return of(("fn", "log", (0,), (freeze(of(atom)),)))

    def log_of_product(self, atom: Atom) -> Form:
        """log|Π f|, filled in where sums are known."""
        raise NotImplementedError

    def function(self, name: str, orders: tuple[int, ...], arguments: tuple[Form, ...]) -> Form:
        """A function at its arguments; where that is exact, in exp, log, sin and cos, and without an inverse inside."""
        if name == "gamma":
            return self._gamma(orders[0], arguments[0])
        sign: Rational = 1
        if name in PARITY and orders == (0,) and arguments[0]:
            argument = arguments[0]
            if argument[max(argument, key=rank)] < 0:
                arguments = (scale(argument, -1),)
                sign = PARITY[name]
        if orders == (0,) and len(arguments) == 1:
            value = composed(self, name, arguments[0])
            if value is not None:
                return scale(value, sign)
        return {((("fn", name, orders, tuple(freeze(a) for a in arguments)), 1),): sign}

    def _gamma(self, order: int, argument: Form) -> Form:
        """Γ(u + 1) = u·Γ(u), and its derivatives: the constant in the argument goes down to 0 ≤ c < 1."""
        value = constant_of(argument)
        if value == 1 and order == 0:
            return number(1)
        whole = floor(argument.get(UNIT, 0)) - (value is not None and is_integer(value))  # Γ(1), not Γ(0)
        if not whole or abs(whole) > MOST_SHIFTS or (value is not None and value <= 0):
            return {((("fn", "gamma", (order,), (freeze(argument),)), 1),): 1}
        if whole < 0:
            total = self._gamma(order, add(argument, number(1)))
            if order:
                total = subtract(total, scale(self._gamma(order - 1, argument), order))
            return self.multiply(total, self.power(argument, -1))
        below = subtract(argument, number(1))
        total = self.multiply(below, self._gamma(order, below))
        return add(total, scale(self._gamma(order - 1, below), order)) if order else total


def _multiples(a: Affine) -> Iterator[tuple[int, Affine, Affine]]:
    """a = g·d + r for every coefficient g > 1: (g, d, r), with a variable in both."""
    for g in sorted({abs(c) for _, c in a[1] if abs(c) > 1}, reverse=True):
        multiple = tuple((v, c // g) for v, c in a[1] if c % g == 0)
        rest = tuple((v, c) for v, c in a[1] if c % g)
        if multiple and rest:
            yield g, (0, multiple), (a[0], rest)


def affine_of(form: Form) -> Affine | None:
    """A multiple of the form as an affine integer form, where it is one over index letters and sizes."""
    parts: dict[Variable, Rational] = {}
    for monomial, coefficient in form.items():
        if monomial == UNIT:
            continue
        if len(monomial) > 1 or monomial[0][0][0] != "ix" or monomial[0][1] != 1:
            return None
        parts[monomial[0][0][1]] = coefficient
    if not parts:
        return None
    scale_ = lcm(*(Fraction(c).denominator for c in form.values()))
    return (int(form.get(UNIT, 0) * scale_), tuple(sorted((v, int(c * scale_)) for v, c in parts.items())))


def is_whole(monomial: Monomial) -> bool:
    """Whether a monomial takes integer values only: a product of index letters and sizes."""
    return all(atom[0] == "ix" and is_integer(e) and e > 0 for atom, e in monomial)
