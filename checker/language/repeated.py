"""Index letters that stand twice in a product, as under the summation convention, whether or not it was declared.

Where several chains of a document have two such letters or more, it uses the convention without saying so.  Its
claims are then read so, but for letters that the head of their chain carries; none of them is called wrong for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from checker.language import names
from checker.language.surface import (
    BigOperator,
    Derivative,
    Factors,
    Group,
    ParsedFormula,
    Relation,
    Scripted,
    Terms,
    Tree,
)
from checker.language.walk import descend

_SEVERAL = 2  # chains


def summed_in_silence(head: Tree, side: Tree) -> str | None:
    """Letters that stand in two factors of a product, are bound by no sum and do not occur in the head.

    A single one is rather a sum that was forgotten.
    """
    found = repeated_in(side, _letters(head) | _bound(side))
    return " ".join(found) if len(found) > 1 else None


def uses_convention(formulas: Iterable[ParsedFormula]) -> bool:
    """Whether several chains sum over two repeated letters or more without a sum."""
    chains = [[row.tree for row in chain if row.tree is not None] for f in formulas for chain in f.chains]
    return sum(_is_silent(trees) for trees in chains) >= _SEVERAL


def _is_silent(trees: Sequence[Tree]) -> bool:
    return any(summed_in_silence(trees[0], tree) is not None for tree in trees[1:])


def kept_letters(trees: Sequence[Tree]) -> frozenset[str]:
    """Letters of a head that no side sums over in silence: those that it shares with a side, and all of a name's."""
    if not trees:
        return frozenset()
    head, others = _letters(trees[0]), frozenset(x for t in trees[1:] for x in _letters(t))
    return head if isinstance(trees[0], (Scripted, Derivative)) else head & others


def repeated_in(tree: Tree, without: Collection[str]) -> list[str]:
    """The letters that stand in two factors of a product in a tree, or of the product with the most of them."""
    found: list[str] = []
    for node in descend(tree):
        if isinstance(node, Factors):
            once: set[str] = set()
            twice: set[str] = set()
            for letters in map(_throughout, node.factors):
                twice |= once & letters
                once |= letters
            more = sorted(twice.difference(without))
            found = more if len(more) > len(found) else found
    return found


def _throughout(tree: Tree) -> frozenset[str]:
    """The letters that every term of a factor carries."""
    match tree:
        case Group(items=(inner,)):
            return _throughout(inner)
        case Terms(terms=parts):
            return frozenset.intersection(*map(_throughout, parts))
        case _:
            return _letters(tree)


def _letters(tree: Tree) -> frozenset[str]:
    parts = [p for node in descend(tree) if isinstance(node, Scripted) for p in node.subscripts]
    return frozenset(letter for part in parts for letter in names.letters_in(part))


def _bound(tree: Tree) -> set[str]:
    found: set[str] = set()
    for node in descend(tree):
        if isinstance(node, BigOperator):
            for part in node.lower:
                found.update(names.letters_in(part.operands[0] if isinstance(part, Relation) else part))
    return found
