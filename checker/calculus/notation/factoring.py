"""Sums of matrix products with the common factors in front of (or behind) a parenthesis, where that is shorter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import combinations
from math import isqrt

from checker.calculus.notation.trees import (
    Chain,
    Diagonal,
    Hadamard,
    Identity,
    Ones,
    Power,
    Scaled,
    Sum,
    Term,
    Tree,
    chain,
    cost,
    hadamard,
    is_number,
    plus,
    power,
    rank,
    scaled,
    shape,
)

MOST_TERMS = 16
MOST_ROUNDS = 30
Split = tuple[str, Tree, Tree]  # where the factor stands, the factor, what is left


def factored(terms: Sequence[Term]) -> Term:
    """The sum of some terms, as short as factoring makes it."""
    return _factored(tuple(terms))


@lru_cache(maxsize=4096)
def _factored(terms: tuple[Term, ...]) -> Term:
    coefficient, best = completed(*plus(terms))
    for _ in range(MOST_ROUNDS):
        better = _improved(best)
        if better is None:
            break
        coefficient, best = coefficient * better[0], better[1]
    return coefficient, best


def completed(coefficient: Fraction, tree: Tree) -> Term:
    """u² ± 2 u v + v² is (u ± v)², entry by entry, where that is shorter."""
    if not isinstance(tree, Sum) or len(tree.terms) > MOST_TERMS:
        return coefficient, tree
    roots = [(c, t, root) for c, t in tree.terms if (root := square_root(t)) is not None]
    for (a, first, u), (b, second, v) in combinations(roots, 2):
        ratio = _rational_root(b / a)
        found = None if ratio is None else next((c for c, t in tree.terms if t == hadamard(u, v)), None)
        if ratio is None or found is None or abs(found) != 2 * abs(a) * ratio:
            continue
        scale, inner = plus([(Fraction(1), u), (found / (2 * a), v)])
        square = power(inner, Fraction(2)) if is_number(inner) else hadamard(inner, inner)
        rest = [(c, t) for c, t in tree.terms if t not in (first, second, hadamard(u, v))]
        factor, whole = plus([(a * scale * scale, square), *rest])
        if cost(whole) < cost(tree):
            return completed(coefficient * factor, whole)
    return coefficient, tree


def square_root(tree: Tree) -> Tree | None:
    """The u of u ⊙ u."""
    match tree:
        case Ones():
            return tree
        case Power(inner=inner, exponent=exponent) if exponent > 0 and exponent % 2 == 0:
            return power(inner, exponent / 2)
        case Hadamard(factors=factors):
            counts = {f: factors.count(f) for f in dict.fromkeys(factors)}
            halves = [(square_root(f), n) if n % 2 else (f, n // 2) for f, n in counts.items()]
            if all(half is not None for half, _ in halves):
                return hadamard(*(half for half, n in halves if half is not None for _ in range(n)))
        case _:
            pass
    return None


def _rational_root(value: Fraction) -> Fraction | None:
    if value <= 0:
        return None
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root * root == value else None


def _improved(tree: Tree) -> Term | None:
    """The sum with the factoring that makes it shortest, or None."""
    if not isinstance(tree, Sum) or len(tree.terms) > MOST_TERMS:
        return None
    found = [_taken_out(tree, where, factor) for where, factor in _shared(tree)]
    found += _gathered(tree)
    better = [t for t in found if cost(t[1]) < cost(tree)]
    return min(better, key=lambda t: (rank(t[1]), t[0]), default=None)


def _shared(tree: Sum) -> list[tuple[str, Tree]]:
    """The factors that two terms or more have in the same place."""
    counts: dict[tuple[str, Tree], int] = {}
    for _, term in tree.terms:
        for where, factor in dict.fromkeys((w, f) for w, f, _ in splits(term)):
            counts[where, factor] = counts.get((where, factor), 0) + 1
    return sorted((key for key, n in counts.items() if n > 1), key=lambda key: (key[0], rank(key[1])))


def _gathered(tree: Sum) -> list[Term]:
    """``1 - f - (1 - f) ⊙ u`` as ``(1 - f) ⊙ (1 - u)``: a factor of one term that the other terms make up."""
    found: list[Term] = []
    for coefficient, term in tree.terms:
        for where, factor, rest in splits(term):
            if not isinstance(factor, Sum) or not all(c for c, _ in factor.terms):
                continue
            others = {t: c for c, t in tree.terms if t != term}
            ratios = {others.get(t, Fraction(0)) / c for c, t in factor.terms}
            unit = next((r for w, f, r in splits(factor) if (w, f) == (where, factor)), None)
            if len(ratios) == 1 and (ratio := next(iter(ratios))) and unit is not None:
                scale, inner = factored([(ratio, unit), (coefficient, rest)])
                parts = {t for _, t in factor.terms}
                outside = [(c, t) for t, c in others.items() if t not in parts]
                found.append(plus([(scale, _JOINS[where](factor, inner)), *outside]))
    return found


def _taken_out(tree: Sum, where: str, factor: Tree) -> Term:
    inside: list[Term] = []
    outside: list[Term] = []
    for coefficient, term in tree.terms:
        rest = next((r for w, f, r in splits(term) if (w, f) == (where, factor)), None)
        if rest is None:
            outside.append((coefficient, term))
        else:
            inside.append((coefficient, rest))
    coefficient, inner = factored(inside)
    return plus([(coefficient, _JOINS[where](factor, inner)), *outside])


_JOINS: dict[str, Callable[[Tree, Tree], Tree]] = {
    "number": lambda factor, rest: scaled([factor], rest),
    "left": lambda factor, rest: chain(factor, rest),
    "right": lambda factor, rest: chain(rest, factor),
    "entry": lambda factor, rest: hadamard(factor, rest),
    "array": lambda factor, rest: scaled([rest], factor),
    "diagonal": lambda factor, rest: Diagonal(rest),
}


def splits(tree: Tree) -> Iterable[Split]:
    """Every way to write a tree as a factor and the rest."""
    numbers: tuple[Tree, ...] = ()
    core = tree
    if isinstance(tree, Scaled):
        numbers, core = tree.numbers, tree.inner
    for k, number in enumerate(numbers):
        yield "number", number, scaled(numbers[:k] + numbers[k + 1 :], core)
        if isinstance(number, Power) and number.exponent.denominator == 1 and number.exponent > 1:
            left = power(number.inner, number.exponent - 1)
            yield "number", number.inner, scaled((*numbers[:k], left, *numbers[k + 1 :]), core)
    if numbers:
        yield "array", core, hadamard(*numbers)
    for where, factor, rest in _core_splits(core):
        yield where, factor, scaled(numbers, rest)


def _core_splits(core: Tree) -> Iterable[Split]:
    match core:
        case Chain(factors=factors):
            yield "left", factors[0], chain(*factors[1:])
            yield "right", factors[-1], chain(*factors[:-1])
            if shape(core)[1] is None and shape(core)[0] is not None:
                yield "entry", core, Ones((shape(core)[0],))  # type: ignore[arg-type]
        case Hadamard(factors=factors):
            for k, factor in enumerate(factors):
                yield "entry", factor, hadamard(*factors[:k], *factors[k + 1 :])
        case Diagonal() if shape(core)[1] is not None:
            row = shape(core)[0]
            assert row is not None
            yield "diagonal", Identity(row), core.inner
        case Identity():
            yield "diagonal", core, Ones((core.axis,))
        case Ones():
            return
        case _:
            row, column = shape(core)
            if row is not None and column is not None:
                yield "left", core, Identity(column)
                yield "right", core, Identity(row)
            if row is not None or column is not None:
                yield "array", core, Ones(())
            if row is not None and column is None:
                yield "entry", core, Ones((row,))
            if row is not None and column is not None:
                yield "entry", core, Ones((row, column))
            if is_number(core):
                yield "entry", core, Ones(())
