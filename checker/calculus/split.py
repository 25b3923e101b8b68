"""Case distinctions over real comparisons: [x > 0], [x = 0], |x| that stand outside every sum."""

from __future__ import annotations

from fractions import Fraction

from checker.calculus.algebra import Exchange
from checker.calculus.forms import (
    UNIT,
    Atom,
    Form,
    Frozen,
    Monomial,
    Rational,
    add,
    atoms_deep,
    freeze,
    number,
    outside,
    scale,
    thaw,
)
from checker.calculus.unfold import Unfolder
from checker.calculus.zero import is_zero, opened_absolutes

MOST_CASES = 400
COMPARED = ("gt", "eq", "abs")


def vanishes_in_all_cases(s: Unfolder, form: Form) -> bool:
    """Whether the form is zero whatever the signs of the quantities that it compares.

    A tie (P = 0) is left out only where a derivative was taken across it: there the derivative need
    not exist, and the condition P ≠ 0 is recorded in ``s.ties``.
    """
    budget = [MOST_CASES]
    return _split(s, form, [], budget)


def _split(s: Unfolder, form: Form, known: list[Form], budget: list[int]) -> bool:
    budget[0] -= 1
    if budget[0] < 0 or not _feasible(s, known):
        return budget[0] >= 0
    compared = _next(form)
    if compared is None:
        return is_zero(s, opened_absolutes(s, form)) if _has_bound_absolute(form) else is_zero(s, form)
    positive = thaw(compared)
    for sign in (1, -1):
        branch = _assume(s, form, compared, sign)
        if not _split(s, branch, [*known, scale(positive, sign)], budget):
            return False
    return _tie(s, form, compared, known, budget)


def _next(form: Form) -> Frozen | None:
    """The innermost quantity whose sign the form asks for."""
    found = sorted(a for a in atoms_deep(form) if a[0] in COMPARED and not _is_bound(a))
    for atom in found:
        if not any(inner[0] in COMPARED for inner in atoms_deep(thaw(atom[1]))):
            return atom[1]  # type: ignore[no-any-return]
    return None


def _is_bound(atom: Atom) -> bool:
    return bool(outside(atom))


def _has_bound_absolute(form: Form) -> bool:
    return any(a[0] == "abs" for a in atoms_deep(form))


def _assume(s: Unfolder, form: Form, compared: Frozen, sign: int) -> Form:
    """The form where the compared quantity has the given sign (0 for a tie)."""

    def exchange(atom: Atom) -> Form | None:
        if atom[0] == "gt":
            return number(1) if sign > 0 else {}
        if atom[0] == "eq":
            return {} if sign else number(1)
        return scale(thaw(compared), sign)

    return s.rebuild(form, {}, Exchange(exchange, lambda a: a[0] in COMPARED and a[1] == compared))


def _tie(s: Unfolder, form: Form, compared: Frozen, known: list[Form], budget: list[int]) -> bool:
    if s.known_nonzero(thaw(compared)):
        return True
    if s.is_kink(thaw(compared)):
        return True
    branch = _assume(s, form, compared, 0)
    exchange = solved(thaw(compared))
    if exchange is not None:
        branch = s.rebuild(branch, {}, exchange)
    return _split(s, branch, known, budget)


def solved(form: Form) -> Exchange | None:
    """Where form = 0: one element, in which it is linear, in terms of the others."""
    for monomial, coefficient in sorted(form.items(), reverse=True):
        if len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0][0] != "el":
            continue
        atom = monomial[0][0]
        rest: Form = {m: c for m, c in form.items() if m != monomial}
        if atom in atoms_deep(rest):
            continue
        value = scale(rest, Fraction(-1) / Fraction(coefficient))
        values = {atom: value}
        return Exchange(values.get, values.__contains__)
    return None


# ------------------------------------------------------------------------------------ feasibility


def _feasible(s: Unfolder, positive: list[Form]) -> bool:
    """Whether linear forms can all be positive at once, monomials counting as independent unknowns.

    Fourier–Motzkin elimination; forms whose sign is known are dropped or refuted first.
    """
    constraints: list[dict[Monomial, Rational]] = []
    for form in positive:
        sign = s.sign(form)
        if sign in ("-", "0-", "0"):
            return False
        constraints.append(form)
    facts = [f for f in s.sign_facts if f.kind == "+" and not f.indices]
    constraints.extend(f.form for f in facts)
    constraints.extend(_sign_constraints(s, constraints))
    unknowns = sorted({m for c in constraints for m in c if m != UNIT})
    for unknown in unknowns:
        lower = [c for c in constraints if c.get(unknown, 0) > 0]
        upper = [c for c in constraints if c.get(unknown, 0) < 0]
        others = [c for c in constraints if unknown not in c]
        if len(lower) * len(upper) > 60:
            return True
        for a in lower:
            others.extend(add(scale(a, -Fraction(b[unknown])), scale(b, Fraction(a[unknown]))) for b in upper)
        constraints = [dict(f) for f in dict.fromkeys(freeze(c) for c in others)]
    if all(c.get(UNIT, 0) > 0 for c in constraints):
        return True
    s.used.update(f.source for f in facts)
    return False


def _sign_constraints(s: Unfolder, constraints: list[Form]) -> list[Form]:
    """Monomials of known sign, as constraints of their own."""
    found: list[Form] = []
    for monomial in sorted({m for c in constraints for m in c if m != UNIT}):
        sign = s.sign({monomial: 1})
        if sign == "+":
            found.append({monomial: 1})
        elif sign == "-":
            found.append({monomial: -1})
    return found
