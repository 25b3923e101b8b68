"""Affine integer forms: what stands in an index slot, a delta, a guard or a range.

An affine form is ``(constant, ((variable, coefficient), …))``, variables sorted, coefficients nonzero
integers.  A variable is a tagged tuple:

    ("b", level, position)   a bound index, in canonical position (closed sums only)
    ("f", number)            a bound index of a sum that is open at the moment
    ("i", name)              a free index or an integer scalar
    ("n", name)              a size: an integer ≥ 1
    ("t", atom)              an integer that is itself a tensor element, such as ``y[i]`` or ``n[k]``
"""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd
from typing import Any

Variable = tuple[Any, ...]
Affine = tuple[int, tuple[tuple[Variable, int], ...]]

ZERO: Affine = (0, ())
ONE: Affine = (1, ())


def constant(value: int) -> Affine:
    return (value, ())


def variable(v: Variable) -> Affine:
    return (0, ((v, 1),))


def combine(a: Affine, b: Affine, factor: int = 1) -> Affine:
    """``a + factor · b``."""
    if not b[1]:
        return (a[0] + factor * b[0], a[1])
    if not a[1]:
        return (a[0] + factor * b[0], b[1] if factor == 1 else scale(b, factor)[1])
    total = dict(a[1])
    for v, c in b[1]:
        total[v] = total.get(v, 0) + factor * c
    return (a[0] + factor * b[0], tuple(sorted((v, c) for v, c in total.items() if c)))


def scale(a: Affine, factor: int) -> Affine:
    if factor == 0:
        return ZERO
    return (a[0] * factor, tuple((v, c * factor) for v, c in a[1]))


def subtract(a: Affine, b: Affine) -> Affine:
    return combine(a, b, -1)


def shift(a: Affine, by: int) -> Affine:
    return (a[0] + by, a[1])


def single(a: Affine) -> Variable | None:
    """The variable that ``a`` consists of, if it is one."""
    return a[1][0][0] if len(a[1]) == 1 and a[1][0][1] == 1 and a[0] == 0 else None


def coefficient(a: Affine, v: Variable) -> int:
    for w, c in a[1]:
        if w == v:
            return c
    return 0


def substitute(a: Affine, values: Mapping[Variable, Affine]) -> Affine:
    result: Affine = (a[0], tuple((v, c) for v, c in a[1] if v not in values))
    if len(result[1]) == len(a[1]):
        return a
    for v, c in a[1]:
        if v in values:
            result = combine(result, values[v], c)
    return result


def solve(a: Affine, v: Variable) -> Affine | None:
    """The value of ``v`` where ``a = 0``, if its coefficient is ±1."""
    c = coefficient(a, v)
    if c not in (1, -1):
        return None
    rest = combine(a, variable(v), -c)
    return scale(rest, -c)


def content(a: Affine) -> int:
    """The greatest common divisor of the variables' coefficients (0 for a constant)."""
    g = 0
    for _, c in a[1]:
        g = gcd(g, c)
    return g


def primitive(a: Affine) -> Affine | None:
    """The form of ``a = 0`` with coprime coefficients and first one positive; None if it has no integer solution."""
    g = content(a)
    if g == 0:
        return a
    if a[0] % g:
        return None
    sign = 1 if a[1][0][1] > 0 else -1
    return (sign * a[0] // g, tuple((v, sign * c // g) for v, c in a[1]))
