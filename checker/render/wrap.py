"""Breaking an author's LaTeX into rows of a given width, without losing a character."""

from __future__ import annotations

import re
from collections.abc import Iterator

CHUNK = re.compile(r"\\(?:begin|end)\{\w+\*?\}\s*|\\[A-Za-z]+\s*|\\.\s*|[^\\\s{}()]+\s*|[{}()]\s*", re.DOTALL)
DEPTH = {"{": 1, "(": 1, "}": -1, ")": -1}
OPERATOR = re.compile(r"[+=<>]|-(?!\d)|\\(?:sum|prod|cdot|odot|times|left|begin|quad|\\)")


def wrap(source: str, width: int) -> list[str]:
    """Rows of at most ``width`` characters whose concatenation is ``source`` up to white space.

    A row ends, where there is a choice, outside braces, before an operator, and as late as possible;
    a chunk (a command, a run of letters) is broken only if it is wider than a row.
    """
    rows: list[str] = []
    rest = " ".join(source.split())
    while len(rest) > width:
        cut = best_cut(rest, width)
        rows.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*rows, rest]


def best_cut(text: str, width: int) -> int:
    places = list(cuts(text, width))
    late = [place for place in places if place[1] > 2 * width // 5]
    return min(late or places, default=(0, width), key=lambda p: (p[0], not OPERATOR.match(text[p[1] :]), -p[1]))[1]


def cuts(text: str, width: int) -> Iterator[tuple[int, int]]:
    """(depth of braces, place) wherever a row may end within ``width``."""
    depth = position = 0
    while position <= width:
        if position > 0 and (text[position - 1] == " " or text[position] == "\\"):
            yield depth, position
        match = CHUNK.match(text, position)
        if match is None or match.end() >= len(text):
            return
        depth += DEPTH.get(match.group()[0], 0)
        position = match.end()
