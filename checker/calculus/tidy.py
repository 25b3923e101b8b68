"""Reductions inside one monomial: deltas, guards, comparisons, expanded powers, division by a sum."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import ceil, floor

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.atoms import Atoms, is_whole
from checker.calculus.forms import (
    UNIT,
    Atom,
    Form,
    Monomial,
    Rational,
    add_into,
    is_integer,
    number,
    of,
    subtract,
    thaw,
    tidy_rational,
    variables,
)
from checker.calculus.ring import merge

MINUS_ONE: Atom = ("poly", ((UNIT, -1),))
INDICATORS = frozenset({"dl", "ge", "gt", "eq"})


class Tidy(Atoms):
    def substitute(self, form: Form, values: Mapping[Variable, Affine]) -> Form:
        raise NotImplementedError

    def slot(self, a: Affine, values: Mapping[Variable, Affine]) -> Affine:
        """An affine form with variables replaced, those inside its tensor elements included."""
        raise NotImplementedError

    def tidy(self, monomial: Monomial) -> Form:
        for step in (
            self._indicators,
            self._numbers,
            self._signs,
            self._absolutes,
            self._unit_determinants,
            self._sines,
            self._expand,
            self._divide,
        ):
            changed = step(monomial)
            if changed is not None:
                return changed
        return self._settle_deltas(monomial)

    # -------------------------------------------------------------------------------- indicators

    def _indicators(self, monomial: Monomial) -> Form | None:
        """Indicators are idempotent; contradictory ones make zero."""
        changed = False
        kept: list[tuple[Atom, Rational]] = []
        for atom, e in monomial:
            if atom[0] in INDICATORS and e != 1:
                changed = True
                if e > 0:  # 1/[c] is 1 wherever it is defined
                    kept.append((atom, 1))
            else:
                kept.append((atom, e))
        signs = {a[1] for a, _ in kept if a[0] == "gt"}
        if signs and any(a[0] == "eq" and a[1] in signs for a, _ in kept):
            return {}
        guards = [a[1] for a, e in kept if a[0] == "ge" and e == 1]
        for i, a in enumerate(guards):
            for b in guards[i + 1 :]:
                if self.always_negative(af.combine(a, b)):
                    return {}
                weaker = self._weaker(a, b)
                if weaker is not None:  # the stronger one is enough
                    kept.remove((("ge", weaker), 1))
                    return self.tidied(tuple(kept))
        return self.tidied(tuple(kept)) if changed else None

    def _weaker(self, a: Affine, b: Affine) -> Affine | None:
        """The one of two guards that the other implies: [f + c ≥ 0][f ≥ 0] = [f ≥ 0] where c is never negative."""
        difference = af.subtract(a, b)
        if self.never_negative(difference):
            return a
        return b if self.never_negative(af.scale(difference, -1)) else None

    def _settle_deltas(self, monomial: Monomial) -> Form:
        """δ(i - j)·f(i) = δ(i - j)·f(j): every delta eliminates one variable from the other factors."""
        deltas = [a for a, e in monomial if a[0] == "dl" and e == 1]
        for delta in deltas:
            v = eliminated(delta[1])
            if v is None:
                continue
            rest = tuple(pair for pair in monomial if pair[0] != delta)
            if not any(v in variables(a) for a, _ in rest):
                continue
            value = af.solve(delta[1], v)
            assert value is not None
            return self.multiply(of(delta), self.substitute({rest: 1}, {v: value}))
        return {monomial: 1}

    # ------------------------------------------------------------------------- numbers and roots

    def _numbers(self, monomial: Monomial) -> Form | None:
        """p^(k + f) = p^k · p^f with 0 ≤ f < 1."""
        for atom, e in monomial:
            if atom[0] == "num" and not 0 < e < 1:
                whole = floor(e)
                left = tidy_rational(e - whole)
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                kept = merge(rest, ((atom, left),)) if left else rest
                return self.multiply(number(tidy_rational(Fraction(atom[1]) ** whole)), self.tidied(kept))
        return None

    def _signs(self, monomial: Monomial) -> Form | None:
        """(-1)^k·(-1)^k = 1 for an integer k."""
        for atom, e in monomial:
            if atom[0] == "pw" and atom[1] == MINUS_ONE and is_integer(e) and not 0 < e < 2 and is_whole(atom[2]):
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                return self.tidied(merge(rest, ((atom, 1),)) if e % 2 else rest)
        return None

    def _unit_determinants(self, monomial: Monomial) -> Form | None:
        """(det Q)² = 1 for an orthogonal matrix."""
        for atom, e in monomial:
            if atom[0] == "det" and is_integer(e) and e != 1 and self.has_unit_determinant(atom):
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                return self.tidied(merge(rest, ((atom, 1),)) if e % 2 else rest)
        return None

    def _absolutes(self, monomial: Monomial) -> Form | None:
        """|f|² = f²: integer powers of |f| become f or f·|f|; |f|^2k = f^2k for an integer k."""
        for atom, e in monomial:
            if atom[0] == "pw" and atom[1][0] == "abs" and is_integer(e) and e % 2 == 0 and is_whole(atom[2]):
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                return self.multiply(self.tidied(rest), self.symbolic_power(thaw(atom[1][1]), {atom[2]: e}))
            if atom[0] == "abs" and is_integer(e) and e != 1:
                odd = int(e) % 2
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                kept = merge(rest, ((atom, 1),)) if odd else rest
                return self.multiply(self.tidied(kept), self.power(thaw(atom[1]), int(e) - odd))
        return None

    def _sines(self, monomial: Monomial) -> Form | None:
        """sin² = 1 - cos²."""
        for atom, e in monomial:
            if atom[0] == "fn" and atom[1] == "sin" and is_integer(e) and e >= 2:
                cosine = self.function("cos", (0,), (thaw(atom[3][0]),))
                square = subtract(number(1), self.multiply(cosine, cosine))
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                kept = merge(rest, ((atom, 1),)) if e % 2 else rest
                return self.multiply(self.tidied(kept), self.power(square, int(e) // 2))
        return None

    def _expand(self, monomial: Monomial) -> Form | None:
        """Positive powers of sums are multiplied out; what is left of a root lies between -1 and 0."""
        for atom, e in monomial:
            if atom[0] == "poly" and len(atom[1]) == 1 and is_integer(e):
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                return self.multiply(self.tidied(rest), self.power(thaw(atom[1]), e))
            if atom[0] == "poly" and e > 0 and len(atom[1]) > 1:
                if is_integer(e) and len(atom[1]) ** int(e) > 3_000:
                    return None
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                whole = ceil(e)
                left = tidy_rational(e - whole)
                kept = merge(rest, ((atom, left),)) if left else rest
                return self.multiply(self.tidied(kept), self._repeated(thaw(atom[1]), whole))
        return None

    # --------------------------------------------------------------------------------- division

    def _divide(self, monomial: Monomial) -> Form | None:
        """lead(P)·P⁻¹ = 1 - rest(P)·P⁻¹, so that every fraction has one shape."""
        for atom, e in monomial:
            if atom[0] == "poly" and e <= -1 and len(atom[1]) > 1:
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                quotient = self._quotient(rest, self.lead(atom[1]))
                if quotient is not None:
                    return self._divided(quotient, atom, e, self.lead(atom[1]))
                lead = self.lead(atom[1])
                sole = lead[0][0] if len(lead) == 1 and dict(atom[1]).get(UNIT) else None
                if sole is not None and sole[0] == "ex" and dict(rest).get(sole, 0) < 0:
                    return self._divided(rest, atom, e, UNIT)
        return None

    @staticmethod
    def _quotient(monomial: Monomial, divisor: Monomial) -> Monomial | None:
        have = dict(monomial)
        for atom, e in divisor:
            if have.get(atom, 0) < e:
                return None
        return merge(monomial, tuple((a, -e) for a, e in divisor))

    def _divided(self, quotient: Monomial, atom: Atom, exponent: Rational, lead: Monomial) -> Form:
        """quotient · lead · P^e, rewritten with P = c·lead + rest."""
        terms = dict(atom[1])
        c = Fraction(terms.pop(lead))
        less = exponent + 1
        up = self.tidied(merge(quotient, ((atom, less),))) if less else self.tidied(quotient)
        down: Form = {}
        for term, factor in terms.items():
            add_into(down, self.tidied(merge(merge(quotient, ((atom, exponent),)), term)), factor)
        result = subtract(up, down)
        return {m: tidy_rational(v / c) for m, v in result.items()}


def eliminated(a: Affine) -> Variable | None:
    """The variable that ``a = 0`` is solved for: an opened index before a free one before a size."""
    best: Variable | None = None
    inside = frozenset(w for v, _ in a[1] if v[0] == "t" for w in variables(v[1]))
    for v, c in a[1]:
        if c in (1, -1) and v not in inside and (best is None or _preference(v) > _preference(best)):
            best = v
    return best


def _preference(v: Variable) -> tuple[int, Variable]:
    return ({"f": 4, "b": 3, "i": 2, "t": 1, "n": 0}[v[0]], v)
