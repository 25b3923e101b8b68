"""Sums over windows: ranges that guards cut off at both ends, compared by their tails.

With P(x) = Σ_{v ≤ x} f(v), a formal value, Σ f(v) over max(lowers) ≤ v ≤ min(uppers) is P(m) - P(min(m, M - 1)),
m the least upper and M the greatest lower end; an empty window gives 0.  P has f's own counting: v is replaced so
that one of f's slots is the index itself, whichever way makes f smallest, and P(x + 1) = P(x) + f(x + 1).  What
remains after that are guards between the ends, which the normal form compares.

Only tried where nothing else closes a proof.  P and f at places outside a tensor have to cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.algebra import Exchange
from checker.calculus.forms import (
    Form,
    Frozen,
    add,
    add_into,
    affines_in,
    atoms_deep,
    freeze,
    number,
    of,
    scale,
    subtract,
    thaw,
    variables,
    variables_in,
)
from checker.calculus.unfold import Unfolder

BELOW = "@below"  # the name of P
MOST_SHIFTS = 3
Places = list[tuple[Form, Affine]]  # indicators that exclude each other, and the place that each stands for


@dataclass(frozen=True)
class Window:
    """The values of an index: at least each of ``lowers``, at most each of ``uppers``."""

    lowers: tuple[Affine, ...]
    uppers: tuple[Affine, ...]


def has_windows(form: Form) -> bool:
    """Whether some sum has a guard on its own index."""
    return any(
        inner[0] == "ge" and any(v[0] == "b" for v in variables(inner))
        for atom in atoms_deep(form)
        if atom[0] == "sum"
        for inner, _ in atom[2]
    )


def in_tails(s: Unfolder, form: Form) -> Form:
    """The form with its finite sums written by their tails."""
    return s.rebuild(form, {}, Exchange(lambda atom: _summed(s, *s.opened(atom)), lambda atom: atom[0] == "sum"))


def _summed(s: Unfolder, indices: list[Variable], body: Form) -> Form:
    """Σ over the indices, the finite ones that no other range mentions by their tails."""
    body, left = in_tails(s, body), list(indices)
    for v in indices:
        range_ = s.ranges[v]
        mentioned = any(v in variables_in(a) for w in left if w != v for a in s.ranges[w][1:])
        if range_[0] != 0 or mentioned or not variables_in(range_[2]).isdisjoint(left):
            continue
        left.remove(v)
        total: Form = {}
        for monomial, coefficient in body.items():
            add_into(total, _one(s, v, {monomial: coefficient}))
        body = total
    return s.sum_over(left, body)


def _one(s: Unfolder, v: Variable, term: Form) -> Form:
    """Σ_v of a single term."""
    ((monomial, coefficient),) = term.items()
    if not any(v in variables(a) for a, _ in monomial) or any(a[0] == "dl" and v in variables(a) for a, _ in monomial):
        return s.sum_over([v], term)
    _, lower, upper = s.ranges[v]
    lowers, uppers, kept = [lower], [upper], []
    for pair in monomial:
        c = af.coefficient(pair[0][1], v) if pair[0][0] == "ge" else 0
        if c not in (1, -1) or pair[1] != 1:
            kept.append(pair)
            continue
        end = af.scale(af.combine(pair[0][1], af.variable(v), -c), -c)
        (lowers if c > 0 else uppers).append(end)
    outer = tuple(p for p in kept if v not in variables(p[0]))
    inner = tuple(p for p in kept if v in variables(p[0]))
    if not inner:
        return s.sum_over([v], term)
    window = Window(tuple(lowers), tuple(uppers))
    return s.multiply({outer: coefficient}, _window(s, v, {inner: 1}, window))


def _window(s: Unfolder, v: Variable, body: Form, window: Window) -> Form:
    place: Variable = ("i", f"@{_depth(body)}")
    body, sign, offset, coefficient = _counted(s, v, place, body)
    if sign < 0:  # v = offset - place: the ends change sides
        turn = lambda a: af.subtract(offset, a)  # noqa: E731
        window = Window(tuple(map(turn, window.uppers)), tuple(map(turn, window.lowers)))
    else:
        move = lambda a: af.subtract(a, offset)  # noqa: E731
        window = Window(tuple(map(move, window.lowers)), tuple(map(move, window.uppers)))
    tops = _extreme(s, window.uppers, least=True)
    bottoms = [(g, af.shift(a, -1)) for g, a in _extreme(s, window.lowers, least=False)]
    total: Form = {}
    for guard, top in tops:
        total = add(total, s.multiply(guard, _below(s, place, body, top)))
        for other, bottom in bottoms:
            both = s.multiply(guard, other)
            inside = s.guard(af.subtract(top, bottom))  # else the window is empty and the two ends are one
            ends = add(
                s.multiply(inside, _below(s, place, body, bottom)),
                s.multiply(subtract(number(1), inside), _below(s, place, body, top)),
            )
            total = subtract(total, s.multiply(both, ends))
    return scale(total, coefficient)


def _depth(body: Form) -> int:
    return 1 + sum(1 for atom in atoms_deep(body) if atom[0] == "fn" and atom[1] == BELOW)


def _counted(s: Unfolder, v: Variable, place: Variable, body: Form) -> tuple[Form, int, Affine, int]:
    """The body over ``place``, with v = ±place + offset so that the body is smallest; its own sign apart."""
    best: tuple[Frozen, int, Affine, int] | None = None
    slots = {a for atom in atoms_deep(body) for a in affines_in(atom) if abs(af.coefficient(a, v)) == 1}
    for slot in sorted(slots) or [af.variable(v)]:
        c = af.coefficient(slot, v)
        offset = af.scale(af.combine(slot, af.variable(v), -c), -c)  # slot = place where v = c·place + offset
        moved = s.substitute(body, {v: af.combine(offset, af.variable(place), c)})
        if len(moved) != 1:
            continue
        ((monomial, coefficient),) = moved.items()
        found = (freeze({monomial: 1}), c, offset, int(coefficient))
        if coefficient in (1, -1) and (best is None or found < best):
            best = found
    if best is None:
        return s.substitute(body, {v: af.variable(place)}), 1, af.ZERO, 1
    return thaw(best[0]), best[1], best[2], best[3]


def _extreme(s: Unfolder, ends: tuple[Affine, ...], *, least: bool) -> Places:
    """Which of the ends is the least (or greatest), as cases that exclude each other."""
    found: Places = [(number(1), ends[0])]
    for end in ends[1:]:
        split: Places = []
        for guard, a in found:
            gap = af.subtract(end, a) if least else af.subtract(a, end)
            first = s.guard(gap)
            split += [(s.multiply(guard, first), a), (s.multiply(guard, subtract(number(1), first)), end)]
        found = [(guard, a) for guard, a in split if guard]
    return found


def _below(s: Unfolder, place: Variable, body: Form, at: Affine) -> Form:
    """P(at), the constant in ``at`` brought to 0 by single terms."""
    shift = at[0] if abs(at[0]) <= MOST_SHIFTS else 0
    even = af.shift(at, -shift)
    arguments = (freeze(body), freeze(s.affine_form(even)))
    total = of(("fn", BELOW, (0,), arguments))
    terms = range(1, shift + 1) if shift > 0 else range(shift + 1, 1)
    single: Callable[[int], Form] = lambda k: s.substitute(body, {place: af.shift(even, k)})  # noqa: E731
    return add(total, scale(add(*map(single, terms)), 1 if shift > 0 else -1)) if shift else total
