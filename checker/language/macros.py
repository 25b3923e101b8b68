"""The author's own commands, expanded: arguments taken from the text, put into the body.

Expansion is bounded: so many calls, so much text, so deep; a macro that calls itself is an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from checker.documents.macros import group_end
from checker.documents.model import Macro
from checker.language.surface import ParseError, Span

MAX_EXPANSIONS = 2_000
MAX_EXPANDED_CHARACTERS = 100_000
MAX_EXPANSION_DEPTH = 40

_SPACE = re.compile(r"\s*")
_SINGLE = re.compile(r"\s*(\\[A-Za-z]+|\\[\s\S]|[^\s{}])")
_OPTIONAL = re.compile(r"\s*\[([^\[\]]*)\]")
_PARAMETER = re.compile(r"#([1-9])")


@dataclass
class Budget:
    """What the expansions of one formula have used so far."""

    calls: int = 0
    characters: int = 0

    def spend(self, macro: Macro, characters: int, depth: int, span: Span) -> None:
        self.calls += 1
        self.characters += characters
        if depth >= MAX_EXPANSION_DEPTH:
            raise ParseError(
                "syntax", span, f"the macro {macro.name} goes on calling itself", "define it without a circle"
            )
        if self.calls > MAX_EXPANSIONS or self.characters > MAX_EXPANDED_CHARACTERS:
            raise ParseError("syntax", span, f"the macro {macro.name} expands to too much text", "define it shorter")


def braced(text: str, position: int, span: Span) -> tuple[str, int]:
    """The inside of the braces at ``position`` (or the single token there), and the place after it."""
    start = _SPACE.match(text, position)
    assert start is not None  # it may match nothing
    if text[start.end() : start.end() + 1] == "{":
        end = group_end(text, start.end() + 1, len(text))
        if end is None:
            raise ParseError("syntax", span, "an opening brace { that is never closed", "add the missing }")
        return text[start.end() + 1 : end], end + 1
    single = _SINGLE.match(text, position)
    if single is None:
        raise ParseError("syntax", span, "a command without its argument", "write the argument in braces after it")
    return single[1], single.end()


def arguments(macro: Macro, text: str, position: int, span: Span) -> tuple[list[str], int]:
    """The arguments of a call whose name ends at ``position``, and the place after them."""
    found: list[str] = []
    if macro.default is not None:
        optional = _OPTIONAL.match(text, position)
        found.append(optional[1] if optional else macro.default)
        position = optional.end() if optional else position
    while len(found) < macro.arity:
        argument, position = braced(text, position, span)
        found.append(argument)
    return found, position


def body(macro: Macro, values: Sequence[str]) -> str:
    """The macro's body with its parameters replaced."""

    def value(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        inserted = values[place] if place < len(values) else match[0]
        before = macro.body[: match.start()]
        apart = inserted[:1].isalpha() and re.search(r"\\[A-Za-z]+$", before) is not None
        return f" {inserted}" if apart else inserted

    return _PARAMETER.sub(value, macro.body)
