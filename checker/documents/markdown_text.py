"""What Markdown itself makes of a formula's text and of a heading: escapes, entities, markup."""

from __future__ import annotations

import re

from checker.documents.scanner import Runs

# Words in a formula and row breaks stay as they are; \\( and \\[ inside of one are brackets.
_ESCAPE = re.compile(
    r"\\(?:text\w*|mathrm|mathit|mathsf|mathtt|operatorname\*?|mbox|label|tag|ref)\s*\{[^{}]*\}"
    r"|(?P<rows>\\\\\\\\)|\\\\|\\(?P<plain>[_*()\[\]])|&(?P<entity>lt|gt|amp);"
)
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}
_MARKUP = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|<[^<>]*>|\{#[^{}]*\}$")


def unescaped(place: int, text: str, in_table: bool) -> Runs:
    runs: Runs = []
    position = 0
    for match in _ESCAPE.finditer(text) if "\\" in text or "&" in text else ():
        if match["rows"]:
            runs.append((place + position, text[position : match.start() + 2]))
        elif match["plain"]:
            runs.append((place + position, text[position : match.start()]))
            runs.append((place + match.start() + 1, match["plain"]))
        elif match["entity"]:
            runs.append((place + position, text[position : match.start()]))
            runs.append((place + match.start(), _ENTITIES[match["entity"]]))
        else:
            continue
        position = match.end()
    runs.append((place + position, text[position:]))
    return _unescaped_pipes(runs) if in_table else runs


def _unescaped_pipes(runs: Runs) -> Runs:
    """In a table ``\\|`` stands for ``|``."""
    kept: Runs = []
    for place, text in runs:
        position = 0
        while (found := text.find("\\|", position)) >= 0:
            kept.append((place + position, text[position:found]))
            position = found + 1
        kept.append((place + position, text[position:]))
    return kept


def plain(text: str) -> str:
    return " ".join(_MARKUP.sub("", " ".join(text.split())).split())
