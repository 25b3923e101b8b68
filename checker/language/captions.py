"""``J = CE(y, p) = -\\sum_i y_i \\log p_i``: CE(y, p) tells what J is called; the next side says what it is."""

from __future__ import annotations

from checker.calculus.functions import elementary, standard
from checker.language.calls import WORDS
from checker.language.desk import Desk
from checker.language.surface import Call, Name, Scripted, Tree


def is_caption(desk: Desk, tree: Tree) -> bool:
    """Whether a side is a function in words, of plain names, of which nothing says what it is."""
    if not isinstance(tree, Call) or tree.scripts is not None or not tree.function.upright:
        return False
    name = tree.function.name
    known = elementary(name) is not None or standard(name) is not None or name in WORDS
    if known or name in desk.table.elementwise or name in desk.table.entries:
        return False
    return all(isinstance(a, Name | Scripted) for a in tree.arguments)
