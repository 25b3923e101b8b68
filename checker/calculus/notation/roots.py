"""Roots of sums in one piece: a normal form has ``a P^{-1/2} + b P^{-1/2}`` for the root of ``P = a + b``."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from checker.calculus.forms import Atom, Form, Monomial, is_integer, thaw

Root = tuple[Atom, Fraction]
Powers = dict[Atom, Fraction]


def joined(form: Form) -> Form:
    """The form with the terms that are a multiple of ``P · P^e`` written ``P^{e+1}``; equal, no longer normal."""
    for atom, exponent in sorted({root for monomial in form for root in _roots(monomial)}):
        group = {m: c for m, c in form.items() if (atom, exponent) in m}
        shared = _multiple(group, thaw(atom[1]), (atom, exponent))
        if shared is not None:
            factor, coefficient = shared
            whole = _monomial([*factor.items(), (atom, exponent + 1)])
            form = {m: c for m, c in form.items() if m not in group}
            form[whole] = form.get(whole, 0) + coefficient
    return form


def _roots(monomial: Monomial) -> Iterable[Root]:
    return [(a, Fraction(e)) for a, e in monomial if a[0] == "poly" and not is_integer(e) and e < 0]


def _multiple(group: Form, base: Form, root: Root) -> tuple[Powers, Fraction] | None:
    """What ``base`` must be multiplied by to give the group without its root."""
    if len(group) != len(base):
        return None
    above = [(_powers(m, root), Fraction(c)) for m, c in group.items()]
    below = [(_powers(m, None), Fraction(c)) for m, c in base.items()]
    for bases, coefficient in above:
        factor, ratio = _shifted(bases, below[0][0], -1), coefficient / below[0][1]
        if all((_shifted(b, factor, 1), c * ratio) in above for b, c in below):
            return factor, ratio
    return None


def _powers(monomial: Monomial, without: Root | None) -> Powers:
    return {a: Fraction(e) for a, e in monomial if (a, e) != without}


def _shifted(bases: Powers, by: Powers, times: int) -> Powers:
    found = dict(bases)
    for base, exponent in by.items():
        found[base] = found.get(base, Fraction(0)) + times * exponent
    return {base: exponent for base, exponent in found.items() if exponent}


def _monomial(powers: Iterable[tuple[Atom, Fraction]]) -> Monomial:
    return tuple(sorted((a, int(e) if e.denominator == 1 else e) for a, e in powers))
