"""Definitions that need each other: ``z^l = w^l a^{l-1} + b^l`` *and* ``a^l = \\sigma(z^l)``.

Neither name has a shape before the other one has.  Each is first read with the names still to come as anything
at all; what that tells of its shape is enough to read all of them in earnest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from checker.calculus.shapes import ShapeError, UnknownSize
from checker.language.definitions import mentions, try_out, widen_to
from checker.language.desk import Desk
from checker.language.faults import Misread
from checker.language.sentences import Saying
from checker.language.surface import Name, Scripted, Terms, Tree
from checker.language.targets import target_of
from checker.language.walk import descend


@dataclass(frozen=True)
class _Line:
    root: str
    left: Tree
    right: Tree
    saying: Saying


def open_circles(desk: Desk, sayings: Sequence[Saying]) -> None:
    """Give the names that definitions of one sentence use before they are defined a shape for the time being."""
    lines = [line for saying in sayings for line in _lines(saying)]
    ahead = {
        later.root
        for n, line in enumerate(lines)
        for later in lines[n + 1 :]
        if mentions(line.right, later.root) and mentions(later.right, line.root)
    }
    if not ahead:
        return
    for line in lines:
        if line.root in ahead and line.root in desk.table.entries:
            widen_to(desk, line.left, line.saying.conditions)
    pending = frozenset(line.root for line in lines if line.root not in desk.table.entries)
    if not pending & ahead:
        return
    back = {line.root for line in lines if any(_steps_back(other.right, line.root) for other in lines)}
    for line in lines:
        if line.root in pending and not _tried(desk, line, pending, line.root in back):
            return


def _steps_back(tree: Tree, root: str) -> bool:
    """Whether a name stands there with a shifted label (``a^{l-1}``)."""
    return any(
        isinstance(part, Terms)
        for node in descend(tree)
        if isinstance(node, Scripted) and isinstance(node.base, Name) and node.base.name == root
        for part in (*node.superscripts, *node.subscripts)
    )


def _tried(desk: Desk, line: _Line, pending: frozenset[str], back: bool) -> bool:
    conditions = line.saying.conditions
    try:
        target = target_of(desk, line.left, line.right, conditions)
        return target is not None and try_out(desk, target, line.left, line.right, conditions, pending, back)
    except (Misread, ShapeError, UnknownSize):
        return False


def _lines(saying: Saying) -> Iterator[_Line]:
    if saying.kind != "definition" or saying.problem is not None:
        return
    rows = saying.pieces[0].rows
    left, right = rows[0].tree, rows[1].tree if len(rows) > 1 else None
    base = left.base if isinstance(left, Scripted) else left
    if isinstance(base, Name) and left is not None and right is not None:
        yield _Line(base.name, left, right, saying)
