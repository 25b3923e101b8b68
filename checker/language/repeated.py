"""Index letters that stand twice in a product, as under the summation convention."""

from __future__ import annotations

from collections import Counter

from checker.language import names
from checker.language.surface import BigOperator, Factors, Group, Relation, Scripted, Terms, Tree
from checker.language.walk import descend


def summed_in_silence(head: Tree, side: Tree) -> str | None:
    """Letters that stand in two factors of a product, are bound by no sum and do not occur in the head.

    A single one is rather a sum that was forgotten.
    """
    known = set(_letters(head)) | _bound(side)
    for node in descend(side):
        if isinstance(node, Factors):
            counts = Counter(letter for factor in node.factors for letter in _throughout(factor))
            found = [letter for letter, count in counts.items() if count > 1 and letter not in known]
            if len(found) > 1:
                return " ".join(sorted(found))
    return None


def _throughout(tree: Tree) -> frozenset[str]:
    """The letters that every term of a factor carries."""
    match tree:
        case Group(items=(inner,)):
            return _throughout(inner)
        case Terms(terms=parts):
            return frozenset.intersection(*map(_throughout, parts))
        case _:
            return frozenset(_letters(tree))


def _letters(tree: Tree) -> list[str]:
    parts = (p for node in descend(tree) if isinstance(node, Scripted) for p in node.subscripts)
    return sorted({letter for part in parts for letter in names.letters_in(part)})


def _bound(tree: Tree) -> set[str]:
    found: set[str] = set()
    for node in descend(tree):
        if isinstance(node, BigOperator):
            for part in node.lower:
                found.update(names.letters_in(part.operands[0] if isinstance(part, Relation) else part))
    return found
