"""Bold letters and plain ones: where a page sets its vectors in bold, a plain ``c`` may be another letter than **c**.

Most pages are not that strict, so both are one name; but no line is called wrong for that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.language.surface import Name, Scripted, Tree
from checker.language.symbols import Table
from checker.language.walk import descend


def bold_names(nodes: Iterable[Tree]) -> frozenset[str]:
    """The names that stand somewhere in bold."""
    return frozenset(node.name for node in nodes if isinstance(node, Name) and node.style == "bold")


def plain_twin(table: Table, trees: Iterable[Tree]) -> str | None:
    """A name that stands alone and plain here, and means an array that the page sets in bold."""
    if not table.bold:
        return None
    found = (name for tree in trees for name in _alone_and_plain(tree) if name in table.bold)
    return next((name for name in found if (e := table.entries.get(name)) is not None and e.inner > 0), None)


def two_letters(name: str) -> str:
    return f"{name} is set in bold elsewhere and plain here; if these are two letters, give one of them another name"


def _alone_and_plain(tree: Tree) -> Iterator[str]:
    elements: set[int] = set()
    for node in descend(tree):
        if isinstance(node, Scripted) and node.subscripts:
            elements.add(id(node.base))
        elif isinstance(node, Name) and not node.style and id(node) not in elements:
            yield node.name
