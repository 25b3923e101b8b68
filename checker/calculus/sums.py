"""Sums: bound indices are eliminated, separated, and what is left is labelled canonically.

A sum over opened indices ``("f", k)`` is closed in four steps: deltas eliminate indices (their ranges
stay as guards); nested sums are merged; the factors fall into connected components, each a sum of its
own (Σ_i Σ_j f_i g_j = Σ_i f_i · Σ_j g_j); the indices of a component get the names that make the
result smallest, so that bound names never matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import permutations, product
from math import comb
from types import MappingProxyType

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.forms import (
    ALL_INTEGERS,
    UNIT,
    Atom,
    Form,
    Frozen,
    Monomial,
    Range,
    Rational,
    add_into,
    affines_in,
    freeze,
    is_integer,
    level_of,
    monomials_in,
    number,
    of,
    scale,
    subtract,
    thaw,
    tidy_rational,
    variables,
    variables_in,
    variables_of,
)
from checker.calculus.ring import Budget, merge
from checker.calculus.tidy import Tidy

MOST_LABELLINGS = 720
MOST_POWER = 6  # Σ k^7 stays a sum
NOTHING: Mapping[Variable, Affine] = MappingProxyType({})


class Unsummable(Exception):
    """A sum that has no value, such as a constant summed over all integers."""


def range_variables(range_: Range) -> frozenset[Variable]:
    return frozenset(v for a in range_[1:] for v in variables_in(a))


class Sums(Tidy):
    # ----------------------------------------------------------------------------- opening, closing

    def opened(self, atom: Atom, values: Mapping[Variable, Affine] = NOTHING) -> tuple[list[Variable], Form]:
        """Fresh indices for a closed sum, and its body over them, with further variables replaced."""
        _, ranges, body = atom
        lvl = level_of([body]) + 1
        names = dict(values)
        fresh: list[Variable] = []
        for position, range_ in enumerate(ranges):
            v = self.fresh(self.move_range(range_, names))
            names[("b", lvl, position)] = af.variable(v)
            fresh.append(v)
        return fresh, self.substitute({body: 1}, names)

    def move_range(self, range_: Range, values: Mapping[Variable, Affine]) -> Range:
        return (range_[0], *(self.slot(a, values) for a in range_[1:]))

    def sum_over(self, indices: Sequence[Variable], form: Form) -> Form:
        """Σ over opened indices of a form."""
        total: Form = {}
        for monomial, coefficient in form.items():
            self.spend()
            add_into(total, self._sum_monomial(tuple(indices), monomial), coefficient)
        return total

    def _sum_monomial(self, indices: tuple[Variable, ...], monomial: Monomial) -> Form:
        for step in (self._contract_delta, self._merge_nested, self._narrow):
            result = step(indices, monomial)
            if result is not None:
                return result
        return self._separate(indices, monomial)

    # -------------------------------------------------------------------------------- the steps

    def _contract_delta(self, indices: tuple[Variable, ...], monomial: Monomial) -> Form | None:
        """Σ_i δ(i - e) f(i) = [e in the range of i] f(e)."""
        best: tuple[int, Variable, Atom, Affine] | None = None
        for atom, e in monomial:
            if atom[0] != "dl" or e != 1:
                continue
            for v in indices:
                value = af.solve(atom[1], v)
                if value is not None and v not in variables_in(value) and not self._ranges_turn(v, value, indices):
                    cost = len(self.within(value, self.ranges[v])) * 10 + len(value[1])
                    if best is None or (cost, v) < best[:2]:
                        best = (cost, v, atom, value)
        if best is None:
            return None
        _, v, atom, value = best
        rest = tuple(pair for pair in monomial if pair[0] != atom)
        others, values = self._without(v, value, indices)
        body = self.substitute({rest: 1}, values)
        for bound in self.within(value, self.ranges[v]):
            body = self.multiply(body, self.guard(self.slot(bound, values)))
        return self.sum_over(others, body)

    def _ranges_turn(self, v: Variable, value: Affine, indices: Sequence[Variable]) -> bool:
        """Whether an index in ``value`` has a range that mentions ``v``: then ``v`` must stay."""
        return any(w in variables_in(value) and v in range_variables(self.ranges[w]) for w in indices)

    def _without(
        self, v: Variable, value: Affine, indices: Sequence[Variable]
    ) -> tuple[list[Variable], dict[Variable, Affine]]:
        """The other indices where ``v`` has a value; those whose range mentions ``v`` are opened anew."""
        values = {v: value}
        others: list[Variable] = []
        for w in indices:
            if w != v and v in range_variables(self.ranges[w]):
                new = self.fresh(self.move_range(self.ranges[w], values))
                values[w] = af.variable(new)
                others.append(new)
            elif w != v:
                others.append(w)
        return others, values

    def within(self, value: Affine, range_: Range) -> list[Affine]:
        """What must be ≥ 0 for ``value`` to lie in a range, without what is known anyway."""
        bounds: list[Affine] = []
        match range_[0]:
            case 0:
                bounds = [af.subtract(value, range_[1]), af.subtract(range_[2], value)]
            case 2:
                bounds = [af.subtract(value, range_[1])]
            case 3:
                bounds = [af.subtract(range_[1], value)]
        return [b for b in bounds if not self.never_negative(b)]

    def _merge_nested(self, indices: tuple[Variable, ...], monomial: Monomial) -> Form | None:
        """A sum that depends on an outer index joins it: Σ_i x_i Σ_k A_ik = Σ_{i,k} x_i A_ik."""
        for atom, e in monomial:
            if atom[0] == "sum" and is_integer(e) and e > 0 and not variables(atom).isdisjoint(indices):
                body: Form = {tuple(pair for pair in monomial if pair[0] != atom): 1}
                inner: list[Variable] = []
                for _ in range(int(e)):
                    fresh, copy = self.opened(atom)
                    inner.extend(fresh)
                    body = self.multiply(body, copy)
                return self.sum_over([*indices, *inner], body)
        return None

    def _narrow(self, indices: tuple[Variable, ...], monomial: Monomial) -> Form | None:
        """Σ_{i=1}^n [i ≥ 2] f(i) = Σ_{i=1}^{n-1} f(i + 1): a guard that mentions no other index is a range."""
        for atom, e in monomial:
            if atom[0] != "ge" or e != 1:
                continue
            v = next((v for v in indices if af.coefficient(atom[1], v) == 1), None)
            if v is None or any(w != v and w[0] != "n" for w, _ in atom[1][1]) or self.ranges[v][0] != 0:
                continue
            if any(v in range_variables(self.ranges[w]) for w in indices):
                continue
            _, low, high = self.ranges[v]
            lower = af.subtract(af.variable(v), atom[1])
            if not self.never_negative(af.subtract(lower, low)):
                continue
            new = self.fresh((0, af.ONE, af.shift(af.subtract(high, lower), 1)))
            moved = {v: af.shift(af.combine(af.variable(new), lower), -1)}
            rest = self.substitute({tuple(pair for pair in monomial if pair[0] != atom): 1}, moved)
            return self.sum_over([new if w == v else w for w in indices], rest)
        return None

    def _separate(self, indices: tuple[Variable, ...], monomial: Monomial) -> Form:
        outer = tuple(pair for pair in monomial if variables(pair[0]).isdisjoint(indices))
        result: Form = {outer: 1}
        for group, factors in self._components(indices, monomial):
            piece = self._component(group, factors) if factors else self._count(group)
            result = self.multiply(result, piece)
        return result

    def _components(
        self, indices: tuple[Variable, ...], monomial: Monomial
    ) -> Iterator[tuple[tuple[Variable, ...], Monomial]]:
        """Indices that occur together in a factor (or a range) belong to one component."""
        parent = {v: v for v in indices}

        def root(v: Variable) -> Variable:
            while parent[v] != v:
                v = parent[v]
            return v

        links = [[v for v in indices if v in variables(atom)] for atom, _ in monomial]
        links += [[v, *(w for w in indices if w in range_variables(self.ranges[v]))] for v in indices]
        for link in links:
            for v in link[1:]:
                parent[root(v)] = root(link[0])
        groups: dict[Variable, list[Variable]] = {}
        for v in indices:
            groups.setdefault(root(v), []).append(v)
        for group in groups.values():
            inside = frozenset(group)
            yield tuple(group), tuple(p for p in monomial if not variables(p[0]).isdisjoint(inside))

    def _count(self, group: tuple[Variable, ...]) -> Form:
        """Σ 1 = the number of values."""
        inner = next((v for v in group if any(w in range_variables(self.ranges[v]) for w in group)), None)
        if inner is not None:  # ranges that depend on each other: the innermost first
            while (deeper := next((w for w in group if inner in range_variables(self.ranges[w])), None)) is not None:
                inner = deeper
            return self.sum_over([v for v in group if v != inner], self._count((inner,)))
        total = number(1)
        for v in group:
            range_ = self.ranges[v]
            if range_[0] != 0:
                raise Unsummable("a sum over infinitely many integers of something that does not depend on the index")
            size = af.shift(af.subtract(range_[2], range_[1]), 1)
            if self.never_negative(size):
                total = self.multiply(total, self.affine_form(size))
            else:
                total = self.multiply(total, of(("sum", (range_,), UNIT)))
        return total

    def _component(self, group: tuple[Variable, ...], factors: Monomial) -> Form:
        for rule in (self._symmetric_pairs, self.contract_matrices, self.fold, self.power_sum, self.turned_outside):
            result = rule(group, factors)
            if result is not None:
                return result
        closed = self.close(group, factors)
        if self.knows_sums() and len(closed) == 1:
            ((monomial, coefficient),) = closed.items()
            known = self.known_sum(monomial)
            return closed if known is None else scale(known, coefficient)
        return closed

    def _symmetric_pairs(self, group: tuple[Variable, ...], factors: Monomial) -> Form | None:
        """Σ_{i<j} f(i, j) = ½ (Σ_ij f(i, j) - Σ_i f(i, i)) where f(i, j) = f(j, i)."""
        for atom, e in factors:
            pair = [v for v, _ in atom[1][1] if v in group] if atom[0] == "ge" and e == 1 else []
            if len(pair) != 2 or len(atom[1][1]) != 2 or atom[1][0] != -1:
                continue
            v, w = pair
            if af.coefficient(atom[1], v) != -af.coefficient(atom[1], w) or self.ranges[v] != self.ranges[w]:
                continue
            rest: Form = {tuple(p for p in factors if p[0] != atom): 1}
            if self.substitute(rest, {v: af.variable(w), w: af.variable(v)}) != rest:
                continue
            diagonal = self.sum_over([x for x in group if x != v], self.substitute(rest, {v: af.variable(w)}))
            return scale(subtract(self.sum_over(group, rest), diagonal), Fraction(1, 2))
        return None

    def contract_matrices(self, group: tuple[Variable, ...], factors: Monomial) -> Form | None:
        return None

    # ------------------------------------------------------------------- sums inside denominators

    def fold(self, group: tuple[Variable, ...], factors: Monomial) -> Form | None:
        """Σ_j e^{x_ij} · (Σ_k e^{x_ik})⁻¹ = 1, also when the outer index is summed as well.

        The factors that hold one index are closed on their own; where the result cancels against a
        denominator, or a hypothesis knows it (Σ_j t_ij = 1), it is used.
        """
        wanted = self._wanted(factors)
        for v in group if len(group) > 1 and (wanted or self.knows_sums()) else ():
            mine = tuple(pair for pair in factors if v in variables(pair[0]))
            if any(w in variables(a) for w in group if w != v for a, _ in mine) and len(mine) > 6:
                continue
            rest = tuple(pair for pair in factors if v not in variables(pair[0]))
            if any(v in range_variables(self.ranges[w]) for w in group):
                continue
            inner = self.sum_over([v], {mine: 1})
            known = self.knows_sums() and not any(a[0] == "sum" and e > 0 for m in inner for a, e in m)
            if not known and (len(inner) != 1 or not any(a in wanted for m in inner for a, _ in m)):
                continue
            body = self.multiply({rest: 1}, inner)
            if known or not any(tuple(sorted((*rest, *m))) in body for m in inner):  # something cancelled
                return self.sum_over([w for w in group if w != v], body)
        return None

    @staticmethod
    def _wanted(factors: Monomial) -> frozenset[Atom]:
        """Sums that stand in denominators."""
        found: set[Atom] = set()
        for atom, e in factors:
            if atom[0] == "sum" and e < 0:
                found.add(atom)
            if atom[0] == "poly" and e < 0:
                found.update(a for m, _ in atom[1] for a, _ in m if a[0] == "sum")
        return frozenset(found)

    def knows_sums(self) -> bool:
        return False

    def known_sum(self, closed: Monomial) -> Form | None:
        """What a hypothesis says this sum is."""
        return None

    # ------------------------------------------------------------------------------------- signs

    def _sign_of_difference(self, form: Form) -> str | None:
        """Σ f - Σ [c] f = Σ [not c] f is not negative where f is not."""
        if any(a[0] == "sum" for m in form for a, _ in m):
            if self._all_parts(form):
                return "0+"
            if self._all_parts(scale(form, -1)):
                return "0-"
        return super()._sign_of_difference(form)

    def _all_parts(self, form: Form) -> bool:
        """Whether every negative term is part of a positive one, and those are not negative."""
        left = dict(form)
        for monomial, coefficient in form.items():
            if coefficient > 0:
                if self._sign_of_term(monomial, 1) not in ("+", "0+"):
                    return False
                continue
            whole = next((m for m in self._without_guards(monomial) if left.get(m, 0) >= -coefficient), None)
            if whole is None:
                return False
            left[whole] += coefficient
        return True

    @staticmethod
    def _without_guards(monomial: Monomial) -> Iterator[Monomial]:
        """The same sum without one of the guards in it."""
        for atom, e in monomial:
            if atom[0] == "sum" and e == 1:
                rest = tuple(pair for pair in monomial if pair[0] != atom)
                for guard in (pair for pair in atom[2] if pair[0][0] == "ge"):
                    whole = ("sum", atom[1], tuple(pair for pair in atom[2] if pair != guard))
                    yield merge(rest, ((whole, 1),))

    # ------------------------------------------------------------------------------ closed values

    def power_sum(self, group: tuple[Variable, ...], factors: Monomial) -> Form | None:
        """Σ_{k=1}^n k^p as a polynomial in n, for lengths that are never negative."""
        if len(group) != 1 or len(factors) != 1:
            return None
        (atom, p), range_ = factors[0], self.ranges[group[0]]
        if atom != ("ix", group[0]) or not is_integer(p) or not 0 < p <= MOST_POWER or range_[:2] != (0, af.ONE):
            return None
        if not self.never_negative(range_[2]):
            return None
        n = self.affine_form(range_[2])
        total: Form = {}
        for exponent, coefficient in power_sum_polynomial(int(p)):
            add_into(total, self.power(n, exponent), coefficient)
        return total

    def turned_outside(self, group: tuple[Variable, ...], factors: Monomial) -> Form | None:
        """Σ_v a^v b^(n-v) counted from the other end, where that leaves a factor without v and is the smaller."""
        if len(group) != 1 or not any(a[0] == "pw" for a, _ in factors):
            return None
        (v,) = group
        for variant, sign in self._from_both_ends(v, group, [(factors, 1)]):
            inner = tuple(pair for pair in variant if v in variables(pair[0]))
            if inner != variant and inner < factors:
                outer = tuple(pair for pair in variant if pair not in inner)
                return scale(self.multiply({outer: 1}, self._component(group, inner)), sign)
        return None

    # ------------------------------------------------------------------------ canonical labelling

    def close(self, group: Sequence[Variable], factors: Monomial) -> Form:
        """The sum with canonical bound names: the smallest of all labellings that could tell.

        Two labellings with the same ranges and opposite bodies are the same sum with two signs: it is 0
        (Σ_ij K_ij w_i w_j for an antisymmetric K).
        """
        best: tuple[int, Frozen] | None = None
        ranges: tuple[Range, ...] = ()
        seen: set[tuple[Frozen, tuple[Range, ...]]] = set()
        for variant, sign in self._reindexed(tuple(group), factors):
            for order in self._orders(group, variant):
                names = self._names(order, variant)
                body = self.substitute({variant: sign}, names)
                key = (len(body), freeze(body))
                placed = tuple(self.move_range(self.ranges[v], names) for v in order)
                if body and (freeze(scale(body, -1)), placed) in seen:
                    return {}
                seen.add((key[1], placed))
                if best is None or key < best:
                    best, ranges = key, placed
        assert best is not None
        total: Form = {}
        lvl = level_of([factors]) + 1
        for body_monomial, coefficient in best[1]:
            add_into(total, self._bind(lvl, ranges, body_monomial), coefficient)
        return total

    def _bind(self, lvl: int, ranges: tuple[Range, ...], body: Monomial) -> Form:
        """The closed sum; where relabelling changed the body so that an index is no longer used, two are no
        longer tied to one another, or its level is too high, it is opened and summed again."""
        used = {v for a, _ in body for v in variables(a)}.union(*(range_variables(r) for r in ranges))
        contracted = not any(a[0] == "dl" and e == 1 and _binds(a[1], lvl) for a, e in body)
        together = len(ranges) == 1 or _linked(lvl, ranges, body)
        if (
            contracted
            and together
            and lvl == level_of([body]) + 1
            and all(("b", lvl, k) in used for k in range(len(ranges)))
        ):
            return of(("sum", ranges, body))
        names: dict[Variable, Affine] = {}
        fresh: list[Variable] = []
        for position, range_ in enumerate(ranges):
            v = self.fresh(self.move_range(range_, names))
            names[("b", lvl, position)] = af.variable(v)
            fresh.append(v)
        return self.sum_over(fresh, self.substitute({body: 1}, names))

    @staticmethod
    def _names(order: Sequence[Variable], factors: Monomial) -> dict[Variable, Affine]:
        lvl = level_of([factors]) + 1
        return {v: af.variable(("b", lvl, position)) for position, v in enumerate(order)}

    def _reindexed(self, group: tuple[Variable, ...], factors: Monomial) -> list[tuple[Monomial, Rational]]:
        """The body (and its sign) in the ways in which an index can be counted.

        Over all integers, some slot is made the index itself; a finite index that falls somewhere (n + 1 - v)
        may be counted from the other end.
        """
        variants: list[tuple[Monomial, Rational]] = [(factors, 1)]
        for v in group:
            if self.ranges[v] != ALL_INTEGERS:
                continue
            next_round: dict[tuple[Monomial, Rational], None] = {}
            for variant, sign in variants:
                for slot in self._slots_of(v, variant):
                    c = af.coefficient(slot, v)
                    rest = af.combine(slot, af.variable(v), -c)
                    value = af.scale(af.subtract(af.variable(v), rest), c)
                    moved = self.substitute({variant: sign}, {v: value})
                    if len(moved) == 1:  # a body that becomes several terms is no other way to write this one
                        next_round.update(dict.fromkeys(moved.items()))
            variants = list(next_round) or variants
            if len(variants) > 64:
                raise Budget("too many ways to shift the indices of a sum")
        for v in group:
            variants = self._from_both_ends(v, group, variants)
        return variants

    def _from_both_ends(
        self, v: Variable, group: tuple[Variable, ...], variants: list[tuple[Monomial, Rational]]
    ) -> list[tuple[Monomial, Rational]]:
        """Σ_{v=1}^n f(v) = Σ_{v=1}^n f(n + 1 - v): the way in which fewer slots fall, or both."""
        range_ = self.ranges[v]
        if range_[:2] != (0, af.ONE) or not any(falling(v, factors) for factors, _ in variants):
            return variants
        if not range_variables(range_).isdisjoint(group) or any(v in range_variables(self.ranges[w]) for w in group):
            return variants
        turned = {v: af.subtract(af.shift(range_[2], 1), af.variable(v))}
        found: dict[tuple[Monomial, Rational], int] = {}
        for factors, sign in variants:
            found[factors, sign] = falling(v, factors)
            moved = self.substitute({factors: sign}, turned)
            if len(moved) == 1:
                ((other, other_sign),) = moved.items()
                found[other, other_sign] = falling(v, other)
        if len(found) > 64:
            raise Budget("too many ways to count the indices of a sum")
        fewest = min(found.values())
        return [variant for variant, falls in found.items() if falls == fewest]

    @staticmethod
    def _slots_of(v: Variable, factors: Monomial) -> list[Affine]:
        found: dict[Affine, None] = {}
        stack = [a for a, _ in factors]
        while stack:
            atom = stack.pop()
            for a in affines_in(atom):
                if af.coefficient(a, v) in (1, -1):
                    found[a] = None
            for m in monomials_in(atom):
                stack.extend(inner for inner, _ in m)
        return sorted(found)

    def _orders(self, group: Sequence[Variable], factors: Monomial) -> Iterator[tuple[Variable, ...]]:
        """The orders of the indices that no invariant tells apart."""
        if len(group) == 1:
            yield tuple(group)
            return
        colours = self._colours(group, factors)
        classes: dict[tuple[int, int], list[Variable]] = {}
        for v in group:
            classes.setdefault((self._nesting(v, group), colours[v]), []).append(v)
        ways = 1
        for members in classes.values():
            for k in range(2, len(members) + 1):
                ways *= k
        if ways > MOST_LABELLINGS:
            raise Budget("a sum over too many indices that look alike")
        ordered = [classes[c] for c in sorted(classes)]
        for choice in product(*(permutations(members) for members in ordered)):
            yield tuple(v for members in choice for v in members)

    def _nesting(self, v: Variable, group: Sequence[Variable]) -> int:
        """How many indices of the group the range of one depends on, one through the other."""
        return max((1 + self._nesting(w, group) for w in group if w in range_variables(self.ranges[v])), default=0)

    def _colours(self, group: Sequence[Variable], factors: Monomial) -> dict[Variable, int]:
        """Colour refinement: indices are told apart by the factors they stand in."""
        closed = {v: self._coloured_range(v, group) for v in group}
        colours = _ranked(closed)
        if len(group) <= 2 and len(set(colours.values())) == len(group):
            return colours
        for _ in range(len(group)):
            marks = {v: (colours[v], self._signature(v, group, factors, colours)) for v in group}
            refined = _ranked(marks)
            if refined == colours or len(set(refined.values())) == len(group):
                return refined
            colours = refined
        return colours

    def _coloured_range(self, v: Variable, group: Sequence[Variable]) -> Range:
        return self.move_range(self.ranges[v], {w: af.variable(("b", 999, 0)) for w in group})

    def _signature(
        self, v: Variable, group: Sequence[Variable], factors: Monomial, colours: dict[Variable, int]
    ) -> tuple[tuple[Frozen, Rational], ...]:
        names = {w: af.variable(("b", 998, colours[w])) for w in group}
        names[v] = af.variable(("b", 999, 0))
        return tuple(sorted((freeze(self._blind(atom, names)), e) for atom, e in factors if v in variables(atom)))

    def _blind(self, atom: Atom, names: dict[Variable, Affine]) -> Form:
        """The atom, but for its sign, with indices replaced by their colours.

        Guards and deltas keep both orientations apart.
        """
        if atom[0] in ("dl", "ge"):
            return of((atom[0], af.substitute(atom[1], names)))
        blind = self.substitute(of(atom), names)
        return min(blind, scale(blind, -1), key=freeze)

    # ------------------------------------------------------------------------------ products, maxima

    def product_of(self, v: Variable, form: Form) -> Form:
        """Π over an opened index."""
        if not form:
            return self._empty_or_zero(v)
        if len(form) == 1:
            ((monomial, coefficient),) = form.items()
            total = self.power_of_count(number(coefficient), v)
            for atom, e in monomial:
                total = self.multiply(total, self._product_of_atom(v, atom, e))
            return total
        if v not in {w for m in form for a, _ in m for w in variables(a)}:
            return self.power_of_count(form, v)
        excepted = self._excepted(v, form)
        return self.bind_one("prod", v, form) if excepted is None else excepted

    def _excepted(self, v: Variable, form: Form) -> Form | None:
        """Π_v f(v) with another factor at v = e, an index of the range: Π_v g(v) · f(e)/g(e), where g(e) ≠ 0."""
        for delta in sorted({a for m in form for a, e in m if a[0] == "dl" and v in variables(a)}):
            value = af.solve(delta[1], v)
            if value is None or v in variables_in(value) or self.within(value, self.ranges[v]):
                continue
            usual = {m: c for m, c in form.items() if (delta, 1) not in m}
            at_e = {v: value}
            there = self.substitute(form, at_e)
            if not usual or not there:
                continue
            factor = self.multiply(there, self.power(self.substitute(usual, at_e), -1))
            return self.multiply(self.product_of(v, usual), factor)
        return None

    def _empty_or_zero(self, v: Variable) -> Form:
        return {} if self.never_empty(self.ranges[v]) else self.bind_one("prod", v, {})

    def _product_of_atom(self, v: Variable, atom: Atom, exponent: Rational) -> Form:
        if v not in variables(atom):
            return self.power_of_count(self.tidied(((atom, exponent),)), v)
        if atom[0] == "ex":
            return self.exponential(self.sum_over([v], {atom[1]: exponent}))
        body = self.product_of(v, thaw(atom[1])) if atom[0] == "poly" else self.bind_one("prod", v, of(atom))
        return self.power(body, exponent)

    def log_of_product(self, atom: Atom) -> Form:
        """log|Π f| = Σ log|f|."""
        v, body = self.open_one(atom)
        return self.sum_over([v], self.logarithm(body))

    def power_of_count(self, form: Form, v: Variable) -> Form:
        if form == number(1):
            return form
        return self.symbolic_power(form, self._count((v,)))

    def maximum_of(self, v: Variable, form: Form) -> Form:
        """The maximum over an opened index; of what does not depend on the index, that itself."""
        if v not in variables_of(form) and self.never_empty(self.ranges[v]):
            return form
        return self.bind_one("max", v, form)

    def bind_one(self, tag: str, v: Variable, form: Form) -> Form:
        lvl = level_of(form) + 1
        while True:
            body = self.substitute(form, {v: af.variable(("b", lvl, 0))})
            if level_of(body) + 1 == lvl:
                return of((tag, self.ranges[v], freeze(body)))
            lvl = level_of(body) + 1

    def open_one(self, atom: Atom) -> tuple[Variable, Form]:
        _, range_, frozen = atom
        v = self.fresh(range_)
        lvl = level_of(m for m, _ in frozen) + 1
        return v, self.substitute(thaw(frozen), {("b", lvl, 0): af.variable(v)})


def power_sum_polynomial(p: int) -> list[tuple[int, Rational]]:
    """Σ_{k=1}^n k^p as (exponent of n, coefficient), by Faulhaber's formula."""
    bernoulli: list[Fraction] = []
    for m in range(p + 1):
        bernoulli.append(
            Fraction(m == 0) - sum((comb(m, j) * bernoulli[j] / (m - j + 1) for j in range(m)), Fraction(0))
        )
    return [
        (p + 1 - j, tidy_rational(Fraction((-1) ** j * comb(p + 1, j)) * b / (p + 1)))
        for j, b in enumerate(bernoulli)
        if b
    ]


def falling(v: Variable, factors: Monomial) -> int:
    """In how many slots and exponents, comparisons apart, an index has a negative coefficient."""
    found = 0
    stack = list(factors)
    while stack:
        atom, e = stack.pop()
        if atom[0] in ("dl", "ge") or v not in variables(atom):
            continue
        found += sum(af.coefficient(a, v) < 0 for a in affines_in(atom))
        if atom[0] == "mpw":
            found += sum(c < 0 and ((("ix", v)), 1) in m for m, c in atom[3])
        if atom[0] == "pw":
            found += e < 0 and any(v in variables(a) for a, _ in atom[2])
        for m in monomials_in(atom):
            stack.extend(m)
    return found


def _binds(a: Affine, lvl: int) -> bool:
    """Whether a delta could eliminate an index bound at this level."""
    inside = frozenset(w for v, _ in a[1] if v[0] == "t" for w in variables(v[1]))
    return any(v[:2] == ("b", lvl) and c in (1, -1) and v not in inside for v, c in a[1])


def _linked(lvl: int, ranges: tuple[Range, ...], body: Monomial) -> bool:
    """Whether the bound indices hang together: Σ_pq A_p B_q is a product of two sums."""
    links = [{v[2] for v in variables(a) if v[:2] == ("b", lvl)} for a, _ in body]
    links += [{k, *(v[2] for v in range_variables(r) if v[:2] == ("b", lvl))} for k, r in enumerate(ranges)]
    reached, waiting = {0}, [link for link in links if len(link) > 1]
    while any(not link.isdisjoint(reached) for link in waiting):
        reached.update(*(link for link in waiting if not link.isdisjoint(reached)))
        waiting = [link for link in waiting if not link <= reached]
    return len(reached) == len(ranges)


def _ranked(marks: Mapping[Variable, object]) -> dict[Variable, int]:
    order = {mark: k for k, mark in enumerate(sorted(set(marks.values())))}  # type: ignore[type-var]
    return {v: order[mark] for v, mark in marks.items()}
