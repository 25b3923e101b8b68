"""What a missing factor or term is made of, told from rounded values: products of a few known quantities.

Only a guess that is then read, judged and proved like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement

Row = Sequence[float | None]  # the values of one quantity at all points
COEFFICIENTS = tuple(Fraction(s * p, q) for p, q in ((1, 1), (2, 1), (1, 2)) for s in (1, -1))
FEWEST = 4  # points at which a quantity must be known
TOLERANCE = 1e-9
SCALE = 1e7  # of logarithms, when they are looked up


@dataclass(frozen=True)
class Monomial:
    """``coefficient · Π atoms[n]^exponent``, the atoms by position."""

    coefficient: Fraction
    atoms: tuple[tuple[int, int], ...]


def monomials(target: Row, atoms: Sequence[Row], most: int = 3) -> Iterator[Monomial]:
    """Monomials of up to ``most`` atoms that have the values of ``target``, the shortest first."""
    places = [n for n, v in enumerate(target) if v is not None and math.isfinite(v) and abs(v) > TOLERANCE]
    if len(places) < FEWEST:
        return
    first = places[0]
    powers = {
        (n, e): value
        for n, row in enumerate(atoms)
        for e in (1, -1)
        if (value := row[first]) is not None and math.isfinite(value) and abs(value) > TOLERANCE
    }
    logs = {key: key[1] * math.log(abs(value)) for key, value in powers.items()}
    goal = target[first]
    assert goal is not None
    for coefficient in COEFFICIENTS:
        rest = math.log(abs(goal / float(coefficient)))
        for chosen in matching(rest, logs, most):
            if all(agrees(target[p], coefficient, chosen, atoms, p) for p in places):
                yield Monomial(coefficient, chosen)


def matching(rest: float, logs: Mapping[tuple[int, int], float], most: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Sets of atoms whose logarithms add up to ``rest``."""
    if abs(rest) < 1 / SCALE:
        yield ()
    keys = list(logs)
    yield from ((k,) for k in keys if abs(logs[k] - rest) < 1 / SCALE)
    if most < 2:
        return
    table: dict[int, list[tuple[int, int]]] = {}
    for key in keys:
        table.setdefault(round(logs[key] * SCALE / 4), []).append(key)
    for key in keys:
        for other in near(table, rest - logs[key]):
            if key < other and key[0] != other[0]:
                yield key, other
    if most < 3:
        return
    positive = [k for k in keys if k[1] > 0]
    for first, second in combinations_with_replacement(positive, 2):
        for other in near(table, rest - logs[first] - logs[second]):
            if second <= other and other[0] not in (first[0], second[0]):
                yield first, second, other


def near(table: Mapping[int, list[tuple[int, int]]], value: float) -> Iterator[tuple[int, int]]:
    at = round(value * SCALE / 4)
    for place in (at - 1, at, at + 1):
        yield from table.get(place, ())


def agrees(
    target: float | None, coefficient: Fraction, chosen: Sequence[tuple[int, int]], atoms: Sequence[Row], place: int
) -> bool:
    value = float(coefficient)
    for n, exponent in chosen:
        factor = atoms[n][place]
        if factor is None or (exponent < 0 and factor == 0):
            return False
        value = value * factor if exponent > 0 else value / factor
    return target is not None and abs(value - target) <= TOLERANCE * max(1.0, abs(target), abs(value))


def latex(monomial: Monomial, texts: Sequence[str]) -> tuple[str, str]:
    """The sign and the rest: ``("-", "2 s_i s_j")``; the rest is empty for 1."""
    number = abs(monomial.coefficient)
    above = [texts[n] for n, e in monomial.atoms if e > 0]
    below = [texts[n] for n, e in monomial.atoms if e < 0]
    over = "" if number.numerator == 1 else str(number.numerator)
    if number.denominator != 1:
        over = f"\\frac{{{number.numerator}}}{{{number.denominator}}}"
    product = " ".join(([over] if over else []) + above)
    if below:
        product = f"\\frac{{{product or '1'}}}{{{' '.join(below)}}}"
    return ("-" if monomial.coefficient < 0 else ""), product
