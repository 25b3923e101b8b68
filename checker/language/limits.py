"""*for* $i \\ne j$, *if* $x > 0$, *for all* $k$: the conditions that a sentence puts on its claims."""

from __future__ import annotations

from collections.abc import Iterator

from checker.documents.model import Claim, Formula
from checker.language.desk import Desk
from checker.language.faults import unreadable
from checker.language.reservations import reserves
from checker.language.sentences import Condition
from checker.language.surface import Group, Name, Relation, Row, Tree
from checker.language.walk import descend

_RELATIONS = frozenset({"=", "<", "\\le", ">", "\\ge", "\\ne", "\\in"})


def limits_of(desk: Desk, item: Claim) -> tuple[Condition, ...]:
    """The conditions of a claim; raises ``Misread`` for one that cannot be honoured.

    A letter alone (*for all* $i$) restricts nothing, and neither does a name that carries no relation.
    """
    return tuple(c for word, formula in item.conditions for c in _conditions(desk, word, formula))


def _conditions(desk: Desk, word: str, formula: Formula) -> Iterator[Condition]:
    parsed = desk.parse(formula)
    rows = [chain for chain in parsed.chains if len(chain) > 1]
    trees = [t for aside in parsed.asides for t in aside.trees if isinstance(t, Relation)]
    for tree in (*map(_relation, rows), *trees):
        if _says_the_set(tree):
            continue
        if reserves(word, compares(tree)):
            raise unreadable("words", tree, f"“{word}” restricts this claim; write the condition as “for” or “if”")
        yield Condition(tree, formula, "integers" in word)
    if "integers" in word:
        yield from (Condition(t, formula, True) for chain in parsed.chains if (t := _letters(chain)) is not None)


def compares(tree: Tree) -> bool:
    """Whether a condition is an inequality, not a range or an equation."""
    return isinstance(tree, Relation) and not set(tree.operators) <= {"=", "\\in"}


def _says_the_set(tree: Tree) -> bool:
    """*for all* $x \\in \\mathbb{R}^n$ restricts nothing; the shape of x has been taken in before."""
    match tree:
        case Relation(operands=(_, right), operators=("\\in",)):
            return any(isinstance(node, Name) and node.name == "\\mathbb{R}" for node in descend(right))
        case _:
            return False


def _relation(rows: tuple[Row, ...]) -> Tree:
    trees = tuple(row.tree for row in rows if row.tree is not None)
    span = (rows[0].span[0], rows[-1].span[1])
    found = Relation(span, trees, tuple(str(row.relation) for row in rows[1:]))
    if len(trees) != len(rows) or not set(found.operators) <= _RELATIONS:
        raise unreadable("words", found, "this condition cannot be read; write a comparison or a range")
    return found


def _letters(rows: tuple[Row, ...]) -> Tree | None:
    tree = rows[0].tree
    return tree if len(rows) == 1 and isinstance(tree, (Name, Group)) else None
