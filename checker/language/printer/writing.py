"""How printed parts are put together: levels, parentheses, products."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.calculus.context import Context

# How tightly a text holds together.  OPEN takes in whatever is multiplied from the right (a sum sign
# does); SCRIPTED has a superscript already.
SUM, OPEN, PRODUCT, SCRIPTED, ATOM = range(5)
Written = tuple[str, int]


@dataclass(frozen=True)
class Printer:
    """Prints terms by the table ``rows``; ``names`` are those that occur in the term as a whole."""

    context: Context
    names: frozenset[str]
    rows: Mapping[type, Callable[[Printer, Any], Written]]

    def text(self, term: Any) -> str:
        return self.written(term)[0]

    def written(self, term: Any) -> Written:
        for kind in type(term).__mro__:
            row = self.rows.get(kind)
            if row is not None:
                return row(self, term)
        raise TypeError(f"no LaTeX for the node {type(term).__name__}")

    def at(self, term: Any, level: int) -> str:
        """The text of ``term``, in parentheses where it holds together less tightly than ``level``."""
        return fitted(self.written(term), level)

    def index(self, term: Any) -> str:
        """An index expression as it stands in a script: ``i+k-1``."""
        close = self.text(term).replace(" + ", "+").replace(" - ", "-")
        return re.sub(r"(?<=[0-9]) (?=[A-Za-z])", "", close)

    def knows(self, name: str) -> bool:
        """Whether the name means something else in this term or document."""
        return name in self.names or name in self.context.variables or name in self.context.definitions

    def arguments(self, terms: Iterable[Any]) -> str:
        return bracketed(", ".join(self.text(term) for term in terms))


def fitted(written: Written, level: int) -> str:
    text, own = written
    return text if own >= level else bracketed(text)


def bracketed(text: str, kind: str = "()") -> str:
    """In parentheses, which grow with what is inside where that is tall."""
    tall = any(mark in text for mark in ("\\frac", "\\sum", "\\prod", "\\begin", "\\sqrt"))
    return f"\\left{kind[0]} {text} \\right{kind[1]}" if tall else f"{kind[0]}{text}{kind[1]}"


def juxtaposed(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        if text:
            text += " \\cdot " if part[0].isdigit() else " "
        text += part
    return text
