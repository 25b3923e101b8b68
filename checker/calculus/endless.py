"""Ranges as guards: Σ_{k=1}^{n} f(k) = Σ_{k} ([k ≥ 1] - [k ≥ n + 1]) f(k), k over all integers.

Only tried where nothing else closes a proof.  Σ_k w_k g_{j-k+1} with guards on j - k + 1 and Σ_i g_i w_{j-i+1} with
guards on j - i + 1 are one sum with two indices to choose from; with all limits as guards the choice falls on
the same one for both.  What is written is then a formal sum over a function of the integers, which is 0 outside
the ranges: where everything cancels, the finite sums were equal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.algebra import Exchange
from checker.calculus.forms import (
    ALL_INTEGERS,
    Atom,
    Form,
    Frozen,
    Monomial,
    Range,
    add,
    freeze,
    number,
    of,
    scale,
    subtract,
    variables,
    variables_in,
)
from checker.calculus.sums import Unsummable, range_variables
from checker.calculus.unfold import Unfolder

LIMITS = frozenset({"ge", "dl"})
MOST_CHOICES = 64
MOST_ORDERED = 3
MOST_BETWEEN = 8


def without_ends(s: Unfolder, form: Form) -> Form | None:
    """The form with every sum over all integers; None where that has no meaning."""
    try:
        return s.rebuild(form, {}, Exchange(lambda atom: _endless(s, atom), lambda atom: atom[0] == "sum"))
    except (Unsummable, ZeroDivisionError):
        return None


def _endless(s: Unfolder, atom: Atom) -> Form | None:
    if all(r == ALL_INTEGERS for r in atom[1]):
        return None
    indices, body = s.opened(atom)
    if any(range_variables(s.ranges[v]) & set(indices) for v in indices) or len(body) != 1:
        return None
    ((monomial, coefficient),) = body.items()
    limits: Monomial = tuple(pair for pair in monomial if pair[0][0] in LIMITS)
    factors: Monomial = tuple(pair for pair in monomial if pair[0][0] not in LIMITS)
    ranges = [s.ranges[v] for v in indices]
    new = [s.fresh(ALL_INTEGERS) for _ in indices]
    chosen = _chosen(s, indices, new, factors)
    if chosen is None:
        return None
    total = s.substitute({factors: coefficient}, chosen)
    total = s.multiply(total, s.substitute({limits: 1}, chosen))
    for v, range_ in zip(indices, ranges, strict=True):
        total = s.multiply(total, _inside(s, chosen[v], range_))
    evened = Exchange(lambda guard: _evened(s, guard), lambda atom: atom[0] == "ge")
    return s.sum_over(new, s.rebuild(total, {}, evened))


def _evened(s: Unfolder, guard: Atom) -> Form | None:
    """[f + c ≥ 0] as [f - 1 ≥ 0], more or less by the few places between."""
    c, f = guard[1]
    if c == -1 or abs(c) > MOST_BETWEEN:
        return None
    between = add(*(s.delta((k, f)) for k in (range(c + 1) if c >= 0 else range(c + 1, 0))))
    return add(of(("ge", (-1, f))), scale(between, 1 if c >= 0 else -1))


def _inside(s: Unfolder, value: Affine, range_: Range) -> Form:
    match range_[0]:
        case 0:
            above = s.guard(af.shift(af.subtract(value, range_[2]), -1))
            return subtract(s.guard(af.subtract(value, range_[1])), above)
        case 2:
            return s.guard(af.subtract(value, range_[1]))
        case 3:
            return s.guard(af.subtract(range_[1], value))
        case _:
            return number(1)


def _chosen(
    s: Unfolder, indices: Sequence[Variable], new: Sequence[Variable], factors: Monomial
) -> dict[Variable, Affine] | None:
    """For each index its value in terms of a new one, so that some slot is the new index itself.

    Of all ways the one whose factors look smallest, whatever the limits are.
    """
    if any(not any(v in variables(a) for a, _ in factors) for v in indices):
        return None
    best: tuple[Frozen, dict[Variable, Affine]] | None = None
    for number_of_ways, values in enumerate(_ways(s, list(zip(indices, new, strict=True)), factors)):
        moved = s.substitute({factors: 1}, values)
        if len(moved) != 1 or number_of_ways >= MOST_CHOICES:
            return None
        ((monomial, sign),) = moved.items()
        looks = min(
            freeze(s.substitute({monomial: 1}, s._names(order, monomial))) for order in s._orders(new, monomial)
        )
        looks = freeze(scale(dict(looks), sign))
        if best is None or looks < best[0]:
            best = (looks, values)
    return None if best is None else best[1]


def _ways(
    s: Unfolder, pairs: Sequence[tuple[Variable, Variable]], factors: Monomial
) -> Iterator[dict[Variable, Affine]]:
    orders = permutations(pairs) if len(pairs) <= MOST_ORDERED else (tuple(pairs),)
    for order in orders:
        yield from _assigned(s, order, {v for v, _ in pairs}, factors, {})


def _assigned(
    s: Unfolder,
    pairs: Sequence[tuple[Variable, Variable]],
    waiting: set[Variable],
    factors: Monomial,
    values: dict[Variable, Affine],
) -> Iterator[dict[Variable, Affine]]:
    """Values for the first of the indices, so that some slot is the new one, then for the others."""
    if not pairs:
        yield values
        return
    (v, new), *rest = pairs
    later = waiting - {v}
    slots = [a for a in s._slots_of(v, factors) if later.isdisjoint(variables_in(a))] or [af.variable(v)]
    for slot in slots:
        c = af.coefficient(slot, v)
        others = af.substitute(af.combine(slot, af.variable(v), -c), values)
        value = af.scale(af.subtract(af.variable(new), others), c)
        yield from _assigned(s, rest, later, factors, {**values, v: value})
