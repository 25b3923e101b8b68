"""The normal form as data: sums of monomials over atoms, all of them plain nested tuples.

A *form* maps monomials to nonzero rational coefficients.  A *monomial* is a sorted tuple of
``(atom, exponent)``, exponents nonzero rationals.  An *atom* is a tagged tuple:

    ("el", name, slots)              tensor element or scalar; slots are affine forms
    ("ix", variable)                 an index or size used as a number
    ("fn", name, orders, args)       a function (differentiated ``orders`` times), args frozen forms
    ("ex", monomial)                 exp of a monomial; e^{2x-y} is ex(x)²·ex(y)⁻¹
    ("pw", base, monomial)           base^monomial for an exponent that is not rational
    ("num", p)                       a prime under a fractional exponent
    ("pi",)                          π
    ("abs", frozen)                  absolute value
    ("poly", frozen)                 a form of several terms, under an exponent that is not 1, 2, 3 …
    ("dl", affine)                   Kronecker delta: affine = 0
    ("ge", affine)                   guard: affine ≥ 0
    ("gt", frozen), ("eq", frozen)   comparisons of reals: form > 0, form = 0
    ("sum", ranges, monomial)        Σ over bound indices ("b", level, 0), ("b", level, 1), …
    ("prod", range, frozen)          Π over one bound index
    ("max", range, frozen)           maximum over one bound index
    ("inv", order, frozen, a, b)     element (a, b) of an inverse; the matrix binds two indices
    ("det", order, frozen)
    ("mpw", order, frozen, exponent, a, b)
    ("d", name, slots, wrt)          ∂ name[slots] / ∂ wrt, wrt a tuple of (name, slots)
    ("p", name, slots, wrt)          the same, but for explicit dependence only

Bound indices are ``("b", level, position)``; a binder's level is above every level inside it, so
nothing is ever captured.  Frozen forms are sorted tuples of ``(monomial, coefficient)``.  Equality of
normal forms is equality of this data; the order of tuples is arbitrary but fixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

from checker.calculus.affine import Affine, Variable

Rational = int | Fraction
Atom = tuple[Any, ...]
Monomial = tuple[tuple[Atom, Rational], ...]
Form = dict[Monomial, Rational]
Frozen = tuple[tuple[Monomial, Rational], ...]
Range = tuple[Any, ...]  # (0, lower, upper) finite; (1,) all integers; (2, lower) upwards; (3, upper) downwards

UNIT: Monomial = ()
COUNTED = ("sum", "prod", "max")  # atoms that bind indices of their own range
MATRICES = ("inv", "det", "mpw")  # atoms that bind a row and a column
ALL_INTEGERS: Range = (1,)


def number(value: Rational) -> Form:
    return {UNIT: value} if value else {}


def of(atom: Atom, exponent: Rational = 1) -> Form:
    return {((atom, exponent),): 1}


def freeze(form: Form) -> Frozen:
    return tuple(sorted(form.items()))


def thaw(frozen: Frozen) -> Form:
    return dict(frozen)


def constant_of(form: Form) -> Rational | None:
    """The value of a form without atoms, else None."""
    if not form:
        return 0
    return form.get(UNIT) if len(form) == 1 else None


def tidy_rational(value: Rational) -> Rational:
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def magnitude(value: Rational) -> Rational:
    return -value if value < 0 else value


def add_into(total: Form, form: Form, factor: Rational = 1) -> None:
    """``total += factor · form``, in place."""
    if not total and factor == 1:
        total.update(form)
        return
    for monomial, coefficient in form.items():
        value = total.get(monomial, 0) + factor * coefficient
        if value:
            total[monomial] = value
        else:
            total.pop(monomial, None)


def add(*forms: Form) -> Form:
    total: Form = {}
    for form in forms:
        add_into(total, form)
    return total


def scale(form: Form, factor: Rational) -> Form:
    return {m: c * factor for m, c in form.items()} if factor else {}


def subtract(a: Form, b: Form) -> Form:
    total = dict(a)
    add_into(total, b, -1)
    return total


def is_integer(exponent: Rational) -> bool:
    return isinstance(exponent, int) or exponent.denominator == 1


# ------------------------------------------------------------------------------ walking the data


def affines_in(atom: Atom) -> Iterator[Affine]:
    """The affine forms that stand directly in an atom."""
    match atom[0]:
        case "el":
            yield from atom[2]
        case "dl" | "ge":
            yield atom[1]
        case "inv":
            yield from (atom[1], atom[3], atom[4])
        case "mpw":
            yield from (atom[1], atom[4], atom[5])
        case "det":
            yield atom[1]
        case "d" | "p":
            yield from atom[2]
            for _, slots in atom[3]:
                yield from slots
        case "sum":
            for r in atom[1]:
                yield from r[1:]
        case "prod" | "max":
            yield from atom[1][1:]


def monomials_in(atom: Atom) -> Iterator[Monomial]:
    """The monomials that stand directly in an atom."""
    match atom[0]:
        case "sum":
            yield atom[2]
        case "ex":
            yield atom[1]
        case "pw":
            yield ((atom[1], 1),)
            yield atom[2]
        case "fn":
            for frozen in atom[3]:
                for monomial, _ in frozen:
                    yield monomial
        case "poly" | "abs" | "gt" | "eq":
            for monomial, _ in atom[1]:
                yield monomial
        case "prod" | "max" | "inv" | "det" | "mpw":
            for monomial, _ in atom[2]:
                yield monomial
            if atom[0] == "mpw":
                for monomial, _ in atom[3]:
                    yield monomial


@lru_cache(maxsize=200_000)
def variables(atom: Atom) -> frozenset[Variable]:
    """All variables in an atom, its own bound ones included."""
    found: set[Variable] = set()
    for affine in affines_in(atom):
        found |= variables_in(affine)
    if atom[0] == "ix":
        found.add(atom[1])
        if atom[1][0] == "t":
            found |= variables(atom[1][1])
    for monomial in monomials_in(atom):
        for inner, _ in monomial:
            found |= variables(inner)
    return frozenset(found)


def variables_in(affine: Affine) -> frozenset[Variable]:
    """All variables in an affine form, those inside its tensor elements (``y[i]``) included."""
    found = frozenset([v for v, _ in affine[1]])
    if not any(v[0] == "t" for v in found):
        return found
    return found.union(*(variables(v[1]) for v in found if v[0] == "t"))


def variables_of(form: Form | Iterable[Monomial]) -> frozenset[Variable]:
    found: set[Variable] = set()
    for monomial in form:
        for atom, _ in monomial:
            found |= variables(atom)
    return frozenset(found)


@lru_cache(maxsize=200_000)
def level(atom: Atom) -> int:
    """The highest level bound inside an atom; 0 where nothing is."""
    inner = level_of(monomials_in(atom))
    return inner + 1 if atom[0] in COUNTED or atom[0] in MATRICES else inner


@lru_cache(maxsize=200_000)
def outside(atom: Atom) -> frozenset[Variable]:
    """The bound indices in an atom that a binder around it binds."""
    found = {v for affine in affines_in(atom) for v in variables_in(affine)}
    found |= {v for monomial in monomials_in(atom) for inner, _ in monomial for v in outside(inner)}
    if atom[0] == "ix":
        found.add(atom[1])
    own = level(atom) if atom[0] in COUNTED or atom[0] in MATRICES else 0
    return frozenset(v for v in found if v[0] == "b" and v[1] != own)


def level_of(monomials: Iterable[Monomial]) -> int:
    return max((level(a) for m in monomials for a, _ in m), default=0)


def atoms_deep(form: Form | Iterable[Monomial]) -> set[Atom]:
    """Every atom of a form, at any depth."""
    seen: set[Atom] = set()
    stack = [a for m in form for a, _ in m]
    while stack:
        atom = stack.pop()
        if atom in seen:
            continue
        seen.add(atom)
        for monomial in monomials_in(atom):
            stack.extend(a for a, _ in monomial)
    return seen
