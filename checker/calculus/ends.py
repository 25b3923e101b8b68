"""Sums whose ranges differ by a few terms: Σ_{i=1}^{n-1} f(i) = Σ_{i=1}^{n} f(i) - f(n).

Only tried where nothing else closes a proof, and only for ranges that are never negative in length:
Σ_{a+1}^{b} = S(b) - S(a) with S(n) = Σ_1^n.  f(n) is a formal value: where it is not defined, or lies
outside a tensor, it has to cancel for the proof to go through.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.algebra import Exchange
from checker.calculus.forms import Atom, Form, Range, add, affines_in, atoms_deep, scale
from checker.calculus.unfold import Unfolder

MOST_ENDS = 4
SHORT = 8  # a sum of at most so many terms is written out


def even_ends(s: Unfolder, form: Form) -> Iterator[Form]:
    """The form with sums up to n instead of n ± c, and short sums written out, step by step."""
    yield form
    for _ in range(2 * MOST_ENDS):
        try:
            changed = s.rebuild(form, {}, Exchange(lambda atom: _evened(s, atom), lambda atom: atom[0] == "sum"))
        except ZeroDivisionError:
            return
        if changed == form:
            return
        form = changed
        yield form


def _evened(s: Unfolder, atom: Atom) -> Form | None:
    if atom[0] != "sum":
        return None
    indices, body = s.opened(atom)
    for v in indices:
        offset = _offset(v, body)
        if _uneven(s, s.ranges[v], offset):
            return s.sum_over([w for w in indices if w != v], _changed(s, v, s.ranges[v][2], offset, body))
    return None


def _offset(v: Variable, body: Form) -> int:
    """The smallest constant beside the index in a slot: x_{i+1} x_{i+2} is better summed over i + 1."""
    slots = [a for atom in atoms_deep(body) for a in affines_in(atom) if a[1] == ((v, 1),)]
    return min((a[0] for a in slots), default=0)


def _uneven(s: Unfolder, range_: Range, offset: int) -> bool:
    if range_[0] != 0 or range_[1] != af.ONE:
        return False
    upper = range_[2]
    if not upper[1]:
        return bool(0 <= upper[0] <= SHORT)
    if abs(offset) > MOST_ENDS or abs(upper[0] + offset) > MOST_ENDS or not (offset or upper[0]):
        return False
    return s.never_negative(upper) and s.never_negative((0, upper[1]))


def _changed(s: Unfolder, v: Variable, upper: Affine, offset: int, body: Form) -> Form:
    """With i = v + offset, Σ_{1+offset}^{upper+offset} g(i) as Σ_1^{even} g(i), plus and minus its ends."""

    def at(value: Affine) -> Form:
        return s.substitute(body, {v: af.shift(value, -offset)})

    if not upper[1]:
        return add(*(s.substitute(body, {v: af.constant(k)}) for k in range(1, upper[0] + 1)))
    even: Affine = (0, upper[1])
    new = s.fresh((0, af.ONE, even))
    whole = s.sum_over([new], at(af.variable(new)))
    beyond = upper[0] + offset
    top = add(*(at(af.shift(even, k)) for k in range(min(beyond, 0) + 1, max(beyond, 0) + 1)))
    bottom = add(*(at(af.constant(k)) for k in range(min(offset, 0) + 1, max(offset, 0) + 1)))
    return add(whole, scale(top, 1 if beyond > 0 else -1), scale(bottom, -1 if offset > 0 else 1))
