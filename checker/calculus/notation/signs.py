"""Differences the way round that one writes them: 1 - h ⊙ h, output - target; and no minus before a product of them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import prod

from checker.calculus.notation.trees import (
    Apply,
    Chain,
    Hadamard,
    Identity,
    Named,
    Ones,
    Scaled,
    Sum,
    Term,
    Transpose,
    Tree,
    children,
    cost,
    with_inner,
)

PRODUCTS = (Chain, Hadamard, Scaled, Transpose)


def with_signs(tree: Tree, defined: frozenset[str]) -> Tree:
    """The same tree, every difference turned to its preferred side as far as the signs allow."""
    if isinstance(tree, Sum) and (len(tree.terms) == 1 or not _is_difference(tree)):
        terms = _terms(tree, defined)
        if len(terms) == 1 and terms[0][0] == 1:
            return terms[0][1]
        return Sum(tuple(sorted(terms, key=lambda p: p[0] < 0)))
    sign, tree = _oriented(tree, defined)
    coefficient, tree = _absorbed(Fraction(sign), tree, defined)
    return tree if coefficient == 1 else Sum(((coefficient, tree),))


def _terms(tree: Sum, defined: frozenset[str]) -> list[Term]:
    """The terms, each turned; a minus is taken in only where no other term can stand in front."""
    parts = [(c, *_oriented(t, defined)) for c, t in tree.terms]
    found = [(c * sign, t) for c, sign, t in parts]
    return [_absorbed(c, t, defined) for c, t in found] if all(c < 0 for c, _ in found) else found


def _is_difference(tree: Tree) -> bool:
    return isinstance(tree, Sum) and len(tree.terms) > 1 and len({c < 0 for c, _ in tree.terms}) == 2


def _oriented(tree: Tree, defined: frozenset[str]) -> tuple[int, Tree]:
    """±1 and a tree whose product is the given one, its differences the preferred way round."""
    match tree:
        case Sum() if len(tree.terms) > 1:
            inner = Sum(tuple(sorted(_terms(tree, defined), key=lambda p: p[0] < 0)))
            if preference(inner, defined) < 0:
                return -1, _negative(inner)
            return 1, inner
        case Sum():
            return 1, with_signs(tree, defined)
        case Chain() | Hadamard():
            parts = [_oriented(f, defined) for f in tree.factors]
            return prod(s for s, _ in parts), replace(tree, factors=tuple(f for _, f in parts))
        case Scaled():
            parts = [_oriented(n, defined) for n in tree.numbers]
            sign, inner_tree = _oriented(tree.inner, defined)
            return sign * prod(s for s, _ in parts), Scaled(tuple(n for _, n in parts), inner_tree)
        case Transpose():
            sign, inner_tree = _oriented(tree.inner, defined)
            return sign, Transpose(inner_tree)
        case Apply(function="log"):  # a normal form does not tell log(1 - p) from log(p - 1)
            return 1, with_inner(tree, lambda inner: _oriented(_without_minus(inner), defined)[1])
        case _:
            return 1, with_inner(tree, lambda inner: with_signs(inner, defined))


def _without_minus(tree: Tree) -> Tree:
    return tree.terms[0][1] if isinstance(tree, Sum) and len(tree.terms) == 1 and tree.terms[0][0] == -1 else tree


def preference(tree: Sum, defined: frozenset[str]) -> int:
    """Positive where the difference is the right way round, negative where it is the wrong way; more is stronger."""
    for coefficient, term in tree.terms:
        if isinstance(term, (Ones, Identity)):
            return 3 if coefficient > 0 else -3
    known = {_mentions(t, defined) for _, t in tree.terms}
    if len(known) == 2:
        positive = any(c > 0 and _mentions(t, defined) for c, t in tree.terms)
        return 2 if positive else -2
    longest = max(tree.terms, key=lambda p: (cost(p[1]), p[0] > 0))
    return 1 if longest[0] > 0 else -1


def _mentions(tree: Tree, names: frozenset[str]) -> bool:
    if isinstance(tree, Named):
        return tree.name in names
    return any(_mentions(child, names) for child in children(tree))


def _negative(tree: Sum) -> Sum:
    return Sum(tuple(sorted(((-c, t) for c, t in tree.terms), key=lambda p: p[0] < 0)))


def _absorbed(coefficient: Fraction, tree: Tree, defined: frozenset[str]) -> tuple[Fraction, Tree]:
    """-(a - b) c is (b - a) c: the minus goes into the difference that minds least."""
    if coefficient > 0:
        return coefficient, tree
    if isinstance(tree, Sum) and all(c > 0 for c, _ in tree.terms):
        parts = [_absorbed(-c, t, defined) for c, t in tree.terms]
        return (
            (-coefficient, replace(tree, terms=tuple(parts))) if all(c > 0 for c, _ in parts) else (coefficient, tree)
        )
    differences = _differences(tree)
    single = [d for d in differences if differences.count(d) == 1]
    found = sorted(single, key=lambda d: preference(d, defined))
    if not found:
        return coefficient, tree
    return -coefficient, _exchanged(tree, found[0])


def _differences(tree: Tree) -> list[Sum]:
    if isinstance(tree, Sum):
        return [tree] if _is_difference(tree) else []
    return [d for child in children(tree) for d in _differences(child)] if isinstance(tree, PRODUCTS) else []


def _exchanged(tree: Tree, difference: Sum) -> Tree:
    """The tree with the first occurrence of a difference turned round."""
    if tree == difference:
        return _negative(difference)
    match tree:
        case Chain() | Hadamard():
            k = next(k for k, f in enumerate(tree.factors) if difference in _differences(f))
            parts = (*tree.factors[:k], _exchanged(tree.factors[k], difference), *tree.factors[k + 1 :])
            return replace(tree, factors=parts)
        case Scaled():
            for k, number in enumerate(tree.numbers):
                if difference in _differences(number):
                    numbers = (*tree.numbers[:k], _exchanged(number, difference), *tree.numbers[k + 1 :])
                    return Scaled(numbers, tree.inner)
            return Scaled(tree.numbers, _exchanged(tree.inner, difference))
        case Transpose():
            return Transpose(_exchanged(tree.inner, difference))
        case _:
            return tree
