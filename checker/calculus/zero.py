"""Is a form zero?  Denominators are cleared, sums merged, small case distinctions made.

A form without terms is zero; these tests find out about the others.  ``False`` only ever means *not
shown to be zero*.
"""

from __future__ import annotations

from math import floor

from checker.calculus import affine as af
from checker.calculus.algebra import Exchange
from checker.calculus.forms import (
    Atom,
    Form,
    Frozen,
    Monomial,
    Rational,
    add,
    add_into,
    is_integer,
    level_of,
    number,
    of,
    thaw,
    tidy_rational,
)
from checker.calculus.ring import Budget, Ring, merge
from checker.calculus.unfold import Unfolder

MOST_TERMS = 20_000


def is_zero(s: Unfolder, form: Form) -> bool:
    """Whether the form vanishes wherever it is defined."""
    if not form:
        return True
    cleared = clear_denominators(s, form)
    return not cleared or _sums_vanish(s, cleared)


# ------------------------------------------------------------------------------------ denominators


def clear_denominators(s: Unfolder, form: Form) -> Form:
    """The form times whatever makes every exponent of every sum non-negative, multiplied out.

    Non-integer powers of a base P become P^(whole part) times a root, which is an atom of its own;
    several roots of one degree become the root of the product.
    """
    for _ in range(64):
        form = _roots_joined(s, form)
        base = _worst_denominator(form)
        if base is None:
            return form
        form = _cleared(s, form, base)
        if len(form) > MOST_TERMS:
            raise Budget("clearing denominators makes the formula too large")
    return form


def _worst_denominator(form: Form) -> Atom | None:
    """The most deeply nested base under a negative exponent (or one that needs multiplying out)."""
    bases = {a for m in form for a, e in m if a[0] == "poly" and (e < 0 or is_integer(e))}
    if bases:
        return max(sorted(bases), key=lambda a: (_nesting(a), len(a[1])))
    plain = {a for m in form for a, e in m if e < 0 and _reducible(a)}
    return min(plain) if plain else None


def _reducible(atom: Atom) -> bool:
    """Atoms with relations of their own, for which a negative power hides equality."""
    return atom[0] == "fn" and atom[1] in ("sin", "cos", "abs")


def _nesting(atom: Atom) -> int:
    from checker.calculus.forms import monomials_in

    inner = [a for m in monomials_in(atom) for a, _ in m]
    return 1 + max((_nesting(a) for a in inner if a[0] == "poly"), default=0)


def _cleared(s: Unfolder, form: Form, base: Atom) -> Form:
    lowest = min(min((e for a, e in m if a == base), default=0) for m in form)
    lift = -floor(lowest)
    expanded: dict[int, Form] = {}
    total: Form = {}
    for monomial, coefficient in form.items():
        exponent = next((e for a, e in monomial if a == base), 0) + lift
        rest: Monomial = tuple(p for p in monomial if p[0] != base)
        whole = floor(exponent)
        left = tidy_rational(exponent - whole)
        if left:
            rest = merge(rest, ((("root", base, left), 1),))
        if base[0] != "poly":
            add_into(total, s.tidied(merge(rest, ((base, whole),))) if whole else {rest: 1}, coefficient)
            continue
        if whole not in expanded:
            expanded[whole] = Ring._repeated(s, thaw(base[1]), whole)
        add_into(total, s.multiply({rest: 1}, expanded[whole]), coefficient)
    return total


def _roots_joined(s: Unfolder, form: Form) -> Form:
    """√a·√b = √(ab), so that √(u-1)·√(u+1) and √(u²-1) meet."""
    if all(sum(1 for a, e in m if not is_integer(e)) < 2 for m in form):
        return form
    total: Form = {}
    for monomial, coefficient in form.items():
        add_into(total, _joined(s, monomial), coefficient)
    return total


def _joined(s: Unfolder, monomial: Monomial) -> Form:
    groups: dict[Rational, list[Atom]] = {}
    rest: list[tuple[Atom, Rational]] = []
    for atom, e in monomial:
        part = tidy_rational(e - floor(e))
        if part and (atom[0] == "poly" or (atom[0] in ("el", "sum", "abs") and s.sign_of_atom(atom) != "+")):
            groups.setdefault(part, []).append(atom)
            if floor(e):
                rest.append((atom, floor(e)))
        else:
            rest.append((atom, e))
    if all(len(atoms) < 2 for atoms in groups.values()):
        return {monomial: 1}
    total: Form = {tuple(rest): 1}
    for part, atoms in sorted(groups.items()):
        inside = s.product(thaw(a[1]) if a[0] == "poly" else of(a) for a in atoms)
        total = s.multiply(total, s.power(inside, part))
    return total


# ---------------------------------------------------------------------------------- equal sums


def _sums_vanish(s: Unfolder, form: Form) -> bool:
    """Σ_i f(i) + Σ_i g(i) = 0 where f + g = 0: sums with equal ranges and cofactors are merged."""
    groups: dict[tuple[Monomial, Frozen], Form] = {}
    for monomial, coefficient in form.items():
        sums = [a for a, e in monomial if a[0] == "sum" and e == 1]
        if len(sums) != 1:
            return False
        rest = tuple(p for p in monomial if p[0] != sums[0])
        key = (rest, sums[0][1])
        group = groups.setdefault(key, {})
        add_into(group, of(sums[0]), coefficient)
    if len(groups) == len(form):
        return False
    return all(_merged_vanishes(s, group) for group in groups.values())


def _merged_vanishes(s: Unfolder, group: Form) -> bool:
    sums = [next(iter(m))[0] for m in group]
    ranges = sums[0][1]
    opened = [s.fresh(r) for r in ranges]
    total: Form = {}
    for atom, coefficient in zip(sums, group.values(), strict=True):
        lvl = level_of([atom[2]]) + 1
        names = {("b", lvl, k): af.variable(v) for k, v in enumerate(opened)}
        add_into(total, s.substitute({atom[2]: 1}, names), coefficient)
    return is_zero(s, total)


# ------------------------------------------------------------------------------- absolute values


def opened_absolutes(s: Unfolder, form: Form) -> Form:
    """|f| = f·(2[f > 0] - 1), everywhere."""

    def exchange(atom: Atom) -> Form | None:
        inner = opened_absolutes(s, thaw(atom[1]))
        return s.multiply(inner, add({m: 2 * c for m, c in s.positive(inner).items()}, number(-1)))

    return s.rebuild(form, {}, Exchange(exchange, lambda a: a[0] == "abs"))
