"""What went wrong while a formula was being read."""

from __future__ import annotations

from collections.abc import Callable

from checker.language.surface import Span, Tree

Guard = Callable[[Callable[[], None]], "str | None"]  # runs an action; what it says of a defect, or None


def unguarded(action: Callable[[], None]) -> None:
    action()


class Misread(Exception):
    """A formula, or a part of it, has no meaning here.

    ``verdict`` and ``reason`` are those of :class:`checker.language.reading.Fault`; ``span`` is in the text
    of the formula.  ``local``: only what stands there has to do with it.
    """

    def __init__(self, verdict: str, reason: str, span: Span, message: str, local: bool = False) -> None:
        super().__init__(message)
        self.verdict, self.reason, self.span, self.message, self.local = verdict, reason, span, message, local


def unreadable(reason: str, tree: Tree, message: str) -> Misread:
    """``reason`` is ``syntax``, ``unknown-symbol``, ``ambiguous-shape``, ``ellipsis`` or ``words``."""
    return Misread("unreadable", reason, tree.span, message)


def outside(tree: Tree, message: str) -> Misread:
    """Something the calculus has no term for."""
    return Misread("undecided", "outside", tree.span, message)


def misshapen(tree: Tree, message: str, local: bool = False) -> Misread:
    return Misread("wrong", "shape", tree.span, message, local)


def misindexed(tree: Tree, message: str) -> Misread:
    return Misread("wrong", "index", tree.span, message)
