"""Matrices as atoms: inverse, determinant, symbolic power, and how they contract with their matrix."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.forms import (
    UNIT,
    Atom,
    Form,
    Frozen,
    Monomial,
    Range,
    Rational,
    constant_of,
    freeze,
    level_of,
    number,
    of,
    scale,
    subtract,
    thaw,
    tidy_rational,
    variables,
    variables_of,
)
from checker.calculus.ring import merge
from checker.calculus.sums import Sums

Binding = dict[Variable, Affine]


class Matrices(Sums):
    def is_symmetric(self, name: str) -> bool:
        return False

    # ------------------------------------------------------------------------- opening, binding

    def open_matrix(self, atom: Atom) -> tuple[Variable, Variable, Form]:
        order, frozen = atom[1], atom[2]
        range_: Range = (0, af.ONE, order)
        row, column = self.fresh(range_), self.fresh(range_)
        lvl = level_of(m for m, _ in frozen) + 1
        names = {("b", lvl, 0): af.variable(row), ("b", lvl, 1): af.variable(column)}
        return row, column, self.substitute(thaw(frozen), names)

    def bind_matrix(self, row: Variable, column: Variable, body: Form) -> Frozen:
        lvl = level_of(body) + 1
        while True:
            names = {row: af.variable(("b", lvl, 0)), column: af.variable(("b", lvl, 1))}
            bound = self.substitute(body, names)
            if level_of(bound) + 1 == lvl:
                return freeze(bound)
            lvl = level_of(bound) + 1

    # -------------------------------------------------------------------------------- inverses

    def inverse(self, order: Affine, row: Variable, column: Variable, body: Form, a: Affine, b: Affine) -> Form:
        """Element (a, b) of the inverse of the matrix with entry ``body`` at (row, column)."""
        outside, rest = self._scalar_part(body, row, column)
        if outside != number(1):
            return self.multiply(self.power(outside, -1), self.inverse(order, row, column, rest, a, b))
        diagonal = self._diagonal(body, row, column)
        if diagonal is not None:
            entry = self.substitute(diagonal, {row: a, column: a})
            return self.multiply(self.power(entry, -1), self.delta(af.subtract(a, b)))
        inner = self._sole_atom(body)
        if inner is not None and inner[0] == "inv":
            return self._double_inverse(inner, row, column, a, b)
        factors = self._two_factors(order, row, column, body)
        if factors is not None:
            middle, left, right = factors
            new = self.fresh((0, af.ONE, order))
            first = self.inverse(order, middle, column, right, a, af.variable(new))
            second = self.inverse(order, row, middle, left, af.variable(new), b)
            return self.sum_over([new], self.multiply(first, second))
        frozen = self.bind_matrix(row, column, body)
        turned = self.bind_matrix(column, row, body)
        if turned < frozen or (turned == frozen and b < a):
            frozen, a, b = turned, b, a
        return of(("inv", order, frozen, a, b))

    @staticmethod
    def _sole_atom(body: Form) -> Atom | None:
        if len(body) != 1:
            return None
        ((monomial, coefficient),) = body.items()
        return monomial[0][0] if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 else None

    def _double_inverse(self, inner: Atom, row: Variable, column: Variable, a: Affine, b: Affine) -> Form:
        r, c, body = self.open_matrix(inner)
        if inner[3] == af.variable(row):
            return self.substitute(body, {r: a, c: b})
        return self.substitute(body, {r: b, c: a})

    def _scalar_part(self, body: Form, row: Variable, column: Variable) -> tuple[Form, Form]:
        """What multiplies the whole matrix."""
        if len(body) == 1 and next(iter(body)) == UNIT:
            return number(1), body
        coefficient, monomial, _ = self.content(body, integer=True)
        common = tuple((x, e) for x, e in monomial if variables(x).isdisjoint((row, column)))
        outside: Form = {common: coefficient}
        if outside == number(1):
            return outside, body
        inverse = tuple((x, -e) for x, e in common)
        return outside, {merge(m, inverse): tidy_rational(Fraction(c) / coefficient) for m, c in body.items()}

    @staticmethod
    def _diagonal(body: Form, row: Variable, column: Variable) -> Form | None:
        """The diagonal entries, where every term carries δ(row - column)."""
        delta = ("dl", af.primitive(af.subtract(af.variable(row), af.variable(column))))
        rest: Form = {}
        for monomial, c in body.items():
            if (delta, 1) not in monomial:
                return None
            rest[tuple(p for p in monomial if p[0] != delta)] = c
        return rest or None

    def _triangular(self, body: Form, row: Variable, column: Variable) -> Form | None:
        """The diagonal entries, where all entries on one side of the diagonal are 0."""
        if not any(atom[0] == "ge" for monomial in body for atom, _ in monomial):
            return None
        apart = af.subtract(af.variable(row), af.variable(column))
        for side in (apart, af.scale(apart, -1)):
            if not self.multiply(body, self.guard(af.shift(side, -1))):
                return self.substitute(body, {column: af.variable(row)})
        return None

    def _two_factors(
        self, order: Affine, row: Variable, column: Variable, body: Form
    ) -> tuple[Variable, Form, Form] | None:
        """A product of two square matrices: (index between them, left, right)."""
        atom = self._sole_atom(body)
        if atom is None or atom[0] != "sum":
            return None
        indices, inside = self.opened(atom)
        if len(inside) != 1:
            return None
        ((monomial, coefficient),) = inside.items()
        square: Range = (0, af.ONE, order)
        for v in indices:
            if self.ranges[v] != square:
                continue
            left_side = self._side_of(row, v, monomial, indices)
            right = tuple(p for p in monomial if p not in left_side)
            left_indices = {w for a, _ in left_side for w in variables(a)}
            right_indices = {w for a, _ in right for w in variables(a)}
            shared = left_indices & right_indices & {*indices, row, column}
            if shared != {v} or column not in right_indices or row not in left_indices:
                continue
            left_inner = [w for w in indices if w in left_indices and w != v]
            right_inner = [w for w in indices if w in right_indices and w != v]
            return (
                v,
                self.sum_over(left_inner, {left_side: coefficient}),
                self.sum_over(right_inner, {right: 1}),
            )
        return None

    @staticmethod
    def _side_of(row: Variable, cut: Variable, monomial: Monomial, indices: list[Variable]) -> Monomial:
        """The factors connected with the row without passing through the index that is cut."""
        reached = {row}
        side: dict[tuple[Atom, Rational], None] = {}
        changed = True
        while changed:
            changed = False
            for pair in monomial:
                if pair in side or variables(pair[0]).isdisjoint(reached):
                    continue
                side[pair] = None
                reached |= {w for w in variables(pair[0]) if w in indices and w != cut}
                changed = True
        return tuple(p for p in monomial if p in side)

    # ------------------------------------------------------------------------------ determinants

    def determinant(self, order: Affine, row: Variable, column: Variable, body: Form) -> Form:
        if not body:
            return {}
        outside, rest = self._scalar_part(body, row, column)
        if outside != number(1) and self.sign(outside) == "+":
            factor = self.symbolic_power(outside, self.affine_form(order))
            return self.multiply(factor, self.determinant(order, row, column, rest))
        diagonal = self._diagonal(body, row, column)
        if diagonal is not None:
            return self.product_of(row, self.substitute(diagonal, {column: af.variable(row)}))
        inner = self._sole_atom(body)
        if inner is not None and inner[0] == "inv":
            return self.power(self.determinant(inner[1], *self.open_matrix(inner)), -1)
        if inner is not None and inner[0] == "mpw":
            return self.symbolic_power(self.determinant(inner[1], *self.open_matrix(inner)), thaw(inner[3]))
        triangular = self._triangular(body, row, column)
        if triangular is not None:
            return self.product_of(row, triangular)
        factors = self._two_factors(order, row, column, body)
        if factors is not None:
            middle, left, right = factors
            return self.multiply(
                self.determinant(order, row, middle, left), self.determinant(order, middle, column, right)
            )
        return of(("det", order, min(self.bind_matrix(row, column, body), self.bind_matrix(column, row, body))))

    # ----------------------------------------------------------------------------------- powers

    def matrix_power(
        self, order: Affine, row: Variable, column: Variable, body: Form, exponent: Form, a: Affine, b: Affine
    ) -> Form:
        value = constant_of(exponent)
        if value is not None and 0 <= value <= 8 and value == int(value):
            return self._written_out(order, row, column, body, int(value), a, b)
        frozen = self.bind_matrix(row, column, body)
        turned = self.bind_matrix(column, row, body)
        if turned < frozen or (turned == frozen and b < a):
            frozen, a, b = turned, b, a
        return of(("mpw", order, frozen, freeze(exponent), a, b))

    def _written_out(
        self, order: Affine, row: Variable, column: Variable, body: Form, k: int, a: Affine, b: Affine
    ) -> Form:
        if k == 0:
            return self.delta(af.subtract(a, b))
        if k == 1:
            return self.substitute(body, {row: a, column: b})
        v = self.fresh((0, af.ONE, order))
        first = self.substitute(body, {row: a, column: af.variable(v)})
        rest = self._written_out(order, row, column, body, k - 1, af.variable(v), b)
        return self.sum_over([v], self.multiply(first, rest))

    # ------------------------------------------------------------------------------ contraction

    def contract_matrices(self, group: tuple[Variable, ...], factors: Monomial) -> Form | None:
        """Σ_v M⁻¹[a,v] M[v,c] = δ(a,c), with M's leading term standing for M; likewise powers of one matrix."""
        for atom, e in factors:
            if e != 1 or atom[0] not in ("inv", "mpw"):
                continue
            rest = tuple(p for p in factors if p[0] != atom)
            for v, other, row_side in self._open_ends(atom, group):
                result = self._contract_at(group, atom, rest, v, other, row_side)
                if result is not None:
                    return result
        return None

    @staticmethod
    def _open_ends(atom: Atom, group: tuple[Variable, ...]) -> Iterator[tuple[Variable, Affine, bool]]:
        a, b = atom[-2], atom[-1]
        for here, there, row_side in ((b, a, True), (a, b, False)):
            v = af.single(here)
            if v is not None and v in group:
                yield v, there, row_side

    def _contract_at(
        self, group: tuple[Variable, ...], atom: Atom, rest: Monomial, v: Variable, other: Affine, row_side: bool
    ) -> Form | None:
        if v in {w for w, _ in other[1]} or self.ranges[v] != (0, af.ONE, atom[1]):
            return None
        if atom[0] == "mpw":
            return self._join_powers(group, atom, rest, v, other, row_side)
        row, column, body = self.open_matrix(atom)
        near, far = (row, column) if row_side else (column, row)
        pattern = max(body, key=_standing)
        coefficient = body[pattern]
        inner, flat = self._flattened(pattern)
        for matched, binding in self._matches(flat, rest, {near: af.variable(v)}, frozenset({far, *inner})):
            left = tuple(p for p in rest if p not in matched)
            if any(w not in binding or not self._same_range(w, binding) for w in inner):
                continue
            ends = [af.single(binding[w]) for w in inner]
            private = [v, *(w for w in ends if w is not None)]
            if len(private) != len(inner) + 1 or not set(private) <= set(group) or len(set(private)) != len(private):
                continue
            if not variables_of([left]).isdisjoint(private) or far not in binding:
                continue
            if any(w in private for w, _ in binding[far][1]) or any(w in private[1:] for w, _ in other[1]):
                continue
            remaining = [w for w in group if w not in private]
            identity = self.delta(af.subtract(other, binding[far]))
            others: Form = {m: c for m, c in body.items() if m != pattern}
            moved = self.substitute(others, {near: af.variable(v), far: binding[far]})
            correction = self.sum_over([v], self.multiply(of(atom), moved)) if moved else {}
            value = scale(subtract(identity, correction), tidy_rational(1 / Fraction(coefficient)))
            return self.sum_over(remaining, self.multiply({left: 1}, value))
        return None

    def _same_range(self, inner: Variable, binding: Binding) -> bool:
        """Whether an index summed inside the matrix runs over the same values as the one it is matched with."""
        found = af.single(binding[inner])
        return found in self.ranges and self.move_range(self.ranges[inner], binding) == self.ranges[found]

    def _join_powers(
        self, group: tuple[Variable, ...], atom: Atom, rest: Monomial, v: Variable, other: Affine, row_side: bool
    ) -> Form | None:
        """Σ_v Xᵏ[a,v] Xʲ[v,c] = Xᵏ⁺ʲ[a,c], also for j = 1 written as X itself."""
        row, column, body = self.open_matrix(atom)
        order = atom[1]
        for pair in rest:
            partner, e = pair
            left = tuple(p for p in rest if p != pair)
            if e != 1 or v in variables_of([left]):
                continue
            exponent: Form | None = None
            end: Affine = af.ZERO
            if partner[0] == "mpw" and partner[1] == order and partner[2] == atom[2]:
                near, far = (partner[4], partner[5]) if row_side else (partner[5], partner[4])
                if near == af.variable(v):
                    exponent, end = thaw(partner[3]), far
            else:
                near_v, far_v = (row, column) if row_side else (column, row)
                sole = self._sole_atom(body)
                if sole is not None:
                    for _, binding in self._matches([(sole, 1)], (pair,), {near_v: af.variable(v)}, frozenset({far_v})):
                        exponent, end = number(1), binding[far_v]
            if exponent is None or v in {w for w, _ in end[1]}:
                continue
            total = thaw(atom[3])
            for m, c in exponent.items():
                total[m] = total.get(m, 0) + c
            total = {m: c for m, c in total.items() if c}
            a, b = (other, end) if row_side else (end, other)
            value = self.matrix_power(order, row, column, body, total, a, b)
            return self.sum_over([w for w in group if w != v], self.multiply({left: 1}, value))
        return None

    def _flattened(self, pattern: Monomial) -> tuple[list[Variable], list[tuple[Atom, Rational]]]:
        """A monomial's factors with its sums opened."""
        inner: list[Variable] = []
        flat: list[tuple[Atom, Rational]] = []
        for atom, e in pattern:
            if atom[0] == "sum" and e == 1:
                fresh, body = self.opened(atom)
                if len(body) == 1:
                    inner.extend(fresh)
                    flat.extend(next(iter(body)))
                    continue
            flat.append((atom, e))
        return inner, flat

    def _matches(
        self,
        pattern: list[tuple[Atom, Rational]],
        factors: Monomial,
        binding: Binding,
        unknown: frozenset[Variable],
    ) -> Iterator[tuple[list[tuple[Atom, Rational]], Binding]]:
        """Ways to find the pattern among the factors, its unknown indices bound to what stands there."""
        if not pattern:
            yield [], binding
            return
        atom, e = pattern[0]
        for pair in factors:
            if pair[1] != e:
                continue
            for bound in self._match_atom(atom, pair[0], binding, unknown):
                remaining = tuple(p for p in factors if p != pair)
                for matched, final in self._matches(pattern[1:], remaining, bound, unknown):
                    yield [pair, *matched], final

    def _match_atom(
        self, pattern: Atom, target: Atom, binding: Binding, unknown: frozenset[Variable]
    ) -> Iterator[Binding]:
        if pattern[0] != target[0]:
            return
        if pattern[0] in ("el", "d", "p") and pattern[1] == target[1] and len(pattern[2]) == len(target[2]):
            if pattern[0] != "el" and pattern[3] != target[3]:
                return
            arrangements = [target[2]]
            if pattern[0] == "el" and self.is_symmetric(pattern[1]) and len(target[2]) == 2:
                arrangements.append(target[2][::-1])
            for slots in arrangements:
                bound = match_slots(pattern[2], slots, binding, unknown)
                if bound is not None:
                    yield bound
        elif pattern[0] == "inv" and pattern[1:3] == target[1:3]:
            bound = match_slots(pattern[3:], target[3:], binding, unknown)
            if bound is not None:
                yield bound
        elif pattern == target:
            yield binding


def _standing(monomial: Monomial) -> tuple[bool, int, Monomial]:
    """Which term stands for a matrix: one without δ, with the most factors, sums counted by theirs."""
    factors = sum(len(a[2]) if a[0] == "sum" else 1 for a, _ in monomial)
    return all(a[0] != "dl" for a, _ in monomial), factors, monomial


def match_slots(
    pattern: tuple[Affine, ...],
    target: tuple[Affine, ...],
    binding: Mapping[Variable, Affine],
    unknown: frozenset[Variable],
) -> Binding | None:
    """Indices of the pattern bound so that the slots agree; unknown ones must stand alone in a slot."""
    bound: Binding = dict(binding)
    for p, t in zip(pattern, target, strict=True):
        moved = af.substitute(p, bound)
        if moved == t:
            continue
        v = af.single(moved)
        if v is None or v not in unknown or v in bound:
            return None
        bound[v] = t
    return bound
