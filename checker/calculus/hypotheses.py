"""Hypotheses as rewriting: what may be assumed of names, sums and signs, and which of it was used.

Filled in by :func:`checker.calculus.session.open_session`; every use is recorded in ``used``, so that a
verdict can say what it rests on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.context import Property
from checker.calculus.forms import (
    UNIT,
    Atom,
    Form,
    Monomial,
    Range,
    Rational,
    atoms_deep,
    is_integer,
    level_of,
    of,
    scale,
    thaw,
    tidy_rational,
    variables_of,
)
from checker.calculus.inverses import Binding, Matrices, match_slots

Limits = tuple[tuple[Variable, Range], ...]


@dataclass(frozen=True)
class SignFact:
    """``form`` is positive (``+``), not negative (``0+``) or not zero (``!``), for all values of ``indices``.

    ``limits`` are the ranges of those indices that do not cover the whole slot they stand in.
    """

    form: Form
    kind: str
    indices: frozenset[Variable]
    source: int
    limits: Limits = ()


@dataclass(frozen=True)
class SumFact:
    """A closed sum (or a single atom) equals ``value``, for all values of ``indices``."""

    left: Monomial
    value: Form
    indices: frozenset[Variable]
    source: int
    limits: Limits = ()


@dataclass(frozen=True)
class Structure:
    """A property of the matrices of a name: of all whose labels match ``labels``."""

    labels: tuple[Affine, ...]
    indices: frozenset[Variable]
    source: int
    limits: Limits = ()


class Hypotheses(Matrices):
    def __init__(self, deadline: float | None = None, work: int = 400_000) -> None:
        super().__init__(deadline, work)
        self.properties: dict[tuple[str, Property], list[Structure]] = {}
        self.sign_facts: list[SignFact] = []
        self.sum_facts: list[SumFact] = []
        self.element_facts: list[SumFact] = []
        self.invertible: list[Atom] = []  # determinants that a hypothesis says are not zero
        self.behind: dict[int, frozenset[int]] = {}  # the hypotheses with whose help another was normalised
        self._matching = False

    def has(self, name: str, property_: Property, labels: tuple[Affine, ...] = ()) -> Structure | None:
        """The hypothesis that gives this property to the matrix with these labels."""
        for structure in self.properties.get((name, property_), ()):
            if len(structure.labels) == len(labels):
                binding = match_slots(structure.labels, labels, {}, structure.indices)
                if binding is not None and self.applies(structure.limits, binding):
                    return structure
        return None

    def use(self, structure: Structure) -> None:
        self.used.add(structure.source)

    def applies(self, limits: Limits, binding: Binding) -> bool:
        """Whether the values bound to indices lie in the ranges that the hypothesis speaks of.

        An index that is not bound stands for itself: the statement has the same letter.
        """
        return all(not self.within(binding.get(v, af.variable(v)), range_) for v, range_ in limits)

    def relied_on(self) -> frozenset[int]:
        """The hypotheses used so far, with those that were needed to read them."""
        return frozenset(self.used).union(*(self.behind.get(k, frozenset()) for k in self.used))

    # ------------------------------------------------------------------------------- elements

    def is_invertible(self, determinant: Atom) -> bool:
        return determinant in self.invertible or self.sign_of_atom(determinant) in ("+", "-")

    def is_symmetric(self, name: str) -> bool:
        return self.has(name, Property.SYMMETRIC) is not None

    def element(self, name: str, slots: tuple[Affine, ...]) -> Form:
        """An element, with the structure of its matrix."""
        for fact in self.element_facts:
            value = self._element_value(fact, ("el", name, slots))
            if value is not None:
                return value
        if len(slots) < 2 or not self.properties:
            return of(("el", name, slots))
        *labels, i, j = slots
        for property_, rule in _STRUCTURED.items():
            structure = self.has(name, property_, tuple(labels))
            if structure is not None:
                value = rule(self, structure, name, tuple(labels), i, j)
                if value is not None:
                    return value
        return of(("el", name, slots))

    def _element_value(self, fact: SumFact, atom: Atom) -> Form | None:
        ((pattern, _),) = fact.left
        if pattern[1] != atom[1] or len(pattern[2]) != len(atom[2]):
            return None
        binding = match_slots(pattern[2], atom[2], {}, fact.indices)
        if binding is None or not self.applies(fact.limits, binding):
            return None
        self.used.add(fact.source)
        return self.substitute(fact.value, binding)

    def watches(self, monomial: Monomial) -> bool:
        if not self.properties:
            return False
        return any(a[0] == "el" and (a[1], Property.ONE_HOT) in self.properties for a, _ in monomial)

    def tidy(self, monomial: Monomial) -> Form:
        one_hot = self._one_hot(monomial)
        return super().tidy(monomial) if one_hot is None else one_hot

    def _one_hot(self, monomial: Monomial) -> Form | None:
        """For a one-hot vector, y_i y_j = δ(i - j) y_i and y_i² = y_i."""
        found: dict[tuple[str, tuple[Affine, ...]], Atom] = {}
        for atom, e in monomial:
            if atom[0] != "el" or not atom[2] or not is_integer(e) or e < 1:
                continue
            vector = (atom[1], atom[2][:-1])
            structure = self.has(atom[1], Property.ONE_HOT, atom[2][:-1])
            if structure is None:
                continue
            rest = tuple(p for p in monomial if p[0] != atom)
            if e > 1:
                self.use(structure)
                return self.multiply(self.tidied(rest), of(atom))
            other = found.get(vector)
            if other is not None:
                self.use(structure)
                delta = self.delta(af.subtract(atom[2][-1], other[2][-1]))
                return self.multiply(self.tidied(rest), delta)
            found[vector] = atom
        return None

    def has_unit_determinant(self, atom: Atom) -> bool:
        """|det Q| = 1 for an orthogonal matrix Q."""
        matrix = self._sole_atom(thaw(atom[2]))
        if matrix is None or matrix[0] != "el" or len(matrix[2]) < 2:
            return False
        structure = self.has(matrix[1], Property.ORTHOGONAL, matrix[2][:-2])
        if structure is None:
            return False
        self.use(structure)
        return True

    # ----------------------------------------------------------------------------------- sums

    def knows_sums(self) -> bool:
        return bool(self.sum_facts) and not self._matching

    def known_sum(self, closed: Monomial) -> Form | None:
        if len(closed) != 1 or closed[0][0][0] != "sum" or closed[0][1] != 1:
            return None
        for fact in self.sum_facts:
            for binding in self.bindings({fact.left: 1}, {closed: 1}, fact.indices):
                if self.applies(fact.limits, binding) and self._instance(fact.left, binding) == {closed: 1}:
                    self.used.add(fact.source)
                    return self.substitute(fact.value, binding)
        return None

    def _instance(self, left: Monomial, binding: Binding) -> Form:
        """The left side of a fact at other indices; the facts themselves must not rewrite it."""
        before, self._matching = self._matching, True
        try:
            return self.substitute({left: 1}, binding)
        finally:
            self._matching = before

    # ---------------------------------------------------------------------------------- signs

    def known_sign(self, form: Form) -> str | None:
        for fact in self.sign_facts:
            factor = self._multiple(form, fact)
            if factor is None or fact.kind == "!":
                continue
            self.used.add(fact.source)
            if factor < 0:
                return fact.kind.replace("+", "-")
            return fact.kind
        return self._shifted_sign(form)

    def _shifted_sign(self, form: Form) -> str | None:
        """The sign of λ·f + c where f + d > 0 is assumed: u > 1 makes u, 2u - 1 and u + 3 positive."""
        constant = Fraction(form.get(UNIT, 0))
        moving = {m: c for m, c in form.items() if m != UNIT}
        for fact in self.sign_facts if moving else ():
            if fact.kind == "!" or (UNIT in fact.form) + (UNIT in form) == 0:
                continue
            bare = {m: c for m, c in fact.form.items() if m != UNIT}
            factor = self._multiple(moving, replace(fact, form=bare)) if bare else None
            if factor is None:
                continue
            beyond = constant - factor * Fraction(fact.form.get(UNIT, 0))  # form = factor · fact + beyond
            if beyond == 0 or (beyond > 0) == (factor > 0):
                self.used.add(fact.source)
                strict = "" if beyond != 0 or fact.kind == "+" else "0"
                return strict + ("+" if factor > 0 else "-")
        return None

    def known_nonzero(self, form: Form) -> bool:
        if self.sign(form) in ("+", "-"):
            return True
        for fact in self.sign_facts:
            if fact.kind in ("+", "!") and self._multiple(form, fact) is not None:
                self.used.add(fact.source)
                return True
        return False

    def vanishing(self, turned: Form) -> Form:
        return {} if self.known_nonzero(turned) else super().vanishing(turned)

    def _multiple(self, form: Form, fact: SignFact) -> Rational | None:
        """λ where ``form = λ · fact``, for some values of the fact's indices."""
        if len(form) != len(fact.form):
            return None
        direct = ratio(form, fact.form)
        if direct is not None and self.applies(fact.limits, {v: af.variable(v) for v in fact.indices}):
            return direct
        for binding in self.bindings(fact.form, form, fact.indices):
            if not self.applies(fact.limits, binding):
                continue
            candidate = self.substitute(fact.form, binding) if binding else fact.form
            factor = ratio(form, candidate)
            if factor is not None:
                return factor
        return None

    def is_multiple(self, form: Form, fact: SignFact) -> bool:
        return self._multiple(form, fact) is not None

    def bindings(self, pattern: Form, target: Form, indices: frozenset[Variable]) -> Iterator[Binding]:
        """Values of the pattern's indices suggested by elements of the same name in the target."""
        unknown = frozenset(v for v in indices if v in variables_of(pattern))
        if not unknown:
            yield {}
            return
        here = sorted(a for a in atoms_deep(pattern) if a[0] == "el" and a[2])
        there = sorted(a for a in atoms_deep(target) if a[0] == "el" and a[2])
        yield from self._complete(here, there, {}, unknown, flat=level_of(pattern) == 0)

    def _complete(
        self, here: list[Atom], there: list[Atom], binding: Binding, unknown: frozenset[Variable], *, flat: bool
    ) -> Iterator[Binding]:
        if unknown <= binding.keys():
            yield binding
            return
        for k, atom in enumerate(here):
            for other in there:
                if atom[1] != other[1] or len(atom[2]) != len(other[2]):
                    continue
                bound: Binding = dict(binding)
                for p, t in zip(atom[2], other[2], strict=True):
                    v = next((w for w, _ in p[1] if w in unknown and w not in bound), None)
                    value = None if v is None else _value_of(v, p, t)
                    if v is not None and value is not None and (flat or not _bound_inside(value)):
                        bound[v] = value
                if len(bound) > len(binding):
                    yield from self._complete(here[k + 1 :], there, bound, unknown, flat=flat)


def _value_of(v: Variable, pattern: Affine, target: Affine) -> Affine | None:
    """What ``v`` must be for the pattern to read as the target (whose variables are constants here)."""
    c = af.coefficient(pattern, v)
    rest = af.combine(pattern, af.variable(v), -c)
    return af.scale(af.subtract(target, rest), c) if c in (1, -1) else None


# -------------------------------------------------------------- the structure of a matrix, element by element


def _diagonal(s: Hypotheses, by: Structure, name: str, labels: tuple[Affine, ...], i: Affine, j: Affine) -> Form | None:
    s.use(by)
    return s.multiply(s.delta(af.subtract(i, j)), of(("el", name, (*labels, i, i))))


def _symmetric(
    s: Hypotheses, by: Structure, name: str, labels: tuple[Affine, ...], i: Affine, j: Affine
) -> Form | None:
    if i <= j:
        return None
    s.use(by)
    return of(("el", name, (*labels, j, i)))


def _antisymmetric(
    s: Hypotheses, by: Structure, name: str, labels: tuple[Affine, ...], i: Affine, j: Affine
) -> Form | None:
    if i < j:
        return None
    s.use(by)
    return {} if i == j else {((("el", name, (*labels, j, i)), 1),): -1}


def _lower(s: Hypotheses, by: Structure, name: str, labels: tuple[Affine, ...], i: Affine, j: Affine) -> Form | None:
    s.use(by)
    return s.multiply(s.guard(af.subtract(i, j)), of(("el", name, (*labels, i, j))))


def _upper(s: Hypotheses, by: Structure, name: str, labels: tuple[Affine, ...], i: Affine, j: Affine) -> Form | None:
    s.use(by)
    return s.multiply(s.guard(af.subtract(j, i)), of(("el", name, (*labels, i, j))))


_STRUCTURED = {
    Property.DIAGONAL: _diagonal,
    Property.SYMMETRIC: _symmetric,
    Property.ANTISYMMETRIC: _antisymmetric,
    Property.LOWER_TRIANGULAR: _lower,
    Property.UPPER_TRIANGULAR: _upper,
}


def _bound_inside(a: Affine) -> bool:
    return any(v[0] == "b" for v, _ in a[1])


def ratio(form: Form, other: Form) -> Rational | None:
    """λ with form = λ · other."""
    if form.keys() != other.keys() or not form:
        return None
    monomial = next(iter(form))
    factor = tidy_rational(Fraction(form[monomial]) / Fraction(other[monomial]))
    return factor if scale(other, factor) == form else None


__all__ = ["Hypotheses", "SignFact", "SumFact", "thaw"]
