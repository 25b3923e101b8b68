"""Both sides of a wrong line in full, beside one another, the entries that differ marked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.render.words import flat
from checker.results import Counterexample

Mark = Callable[[str], str]


def both_marked(found: Counterexample, mark: Mark) -> tuple[Any, Any] | None:
    """The two sides with every entry that differs from its fellow marked."""
    return None if found.sides is None else pair(*found.sides, mark)


def pair(left: Any, right: Any, mark: Mark) -> tuple[Any, Any]:
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        both = [pair(a, b, mark) for a, b in zip(left, right, strict=True)]
        return [a for a, _ in both], [b for _, b in both]
    a, b = flat(left), flat(right)
    return (a, b) if a == b else (mark(a), mark(b))
