"""``x_1, \\dots, x_N \\in \\mathbb{R}^d``: many of one kind, declared by their first and their last."""

from __future__ import annotations

from dataclasses import replace

from checker.language.desk import Desk
from checker.language.parser.dots import listed
from checker.language.sentences import Condition, Piece
from checker.language.series import tree_of
from checker.language.surface import Ellipsis_, Group, Name, Relation, Scripted, Tree

_LETTERS = ("i", "n", "k", "j", "m", "t", "s")


def family_of(desk: Desk, piece: Piece, head: Tree | None) -> tuple[Tree, Condition] | None:
    """The general member of a list with dots, and the condition that says what its letter runs over."""
    if not isinstance(head, Group) or head.kind not in (",", "{", "("):
        return None
    if not any(isinstance(item, Ellipsis_) for item in head.items):
        return None
    first = head.items[0]
    root = first.base.name if isinstance(first, Scripted) and isinstance(first.base, Name) else None
    letter = _letter_of(desk, root)
    found = listed(head.items, letter)
    if root is None or found is None:
        return None
    ends = [tree_of(step, head.span) for step in (found.first, found.last)]
    run = Group(head.span, ",", (ends[0], Ellipsis_(head.span), ends[1]))
    condition = Condition(Relation(head.span, (Name(head.span, letter), run), ("=",)), piece.formula)
    return replace(found.body, span=head.span), condition


def _letter_of(desk: Desk, root: str | None) -> str:
    """The letter that runs in the subscript of a name elsewhere; else one that means nothing else."""
    running = sorted(letter for name, letter in desk.survey.running if name == root)
    free = [x for x in (*running, *_LETTERS) if x not in desk.table.entries or desk.table.entries[x].kind == "index"]
    return free[0] if free else "\\iota"
