"""Inline formulas that stand alone on their lines, and so are displays in all but their delimiters.

Many write ``$a = b$`` in a paragraph or a list item of its own where others write ``$$``.
"""

from __future__ import annotations

import re

from checker.documents.formulas import continues_chain, top_relations

_OPENER = r"(?:\$`?|\\\\?\()"
_CLOSER = r"(?:`?\$|\\\\?\))"
_ITEM = re.compile(r"(?:[-*+]|\(?\d{1,3}[.)])[ \t]+")
_BEFORE = re.compile(rf"[ \t>]*(?P<item>{_ITEM.pattern})?(?:\*\*|__)?{_OPENER}[ \t\n]*\Z")
_AFTER = re.compile(
    rf"[ \t]*{_CLOSER}(?:\*\*|__)?[ \t]*[.,;:。,;]?[ \t]*(?:\(\d+(?:\.\d+)*\)[ \t]*)?(?:\\|<br\s*/?>)?[ \t]*(?=\n|\Z)"
)
_ALONE = re.compile(rf"[ \t>]*(?:{_ITEM.pattern})?(?:\*\*)?{_OPENER}[^$\n]*{_CLOSER}(?:\*\*)?[ \t]*[.,;:]?[ \t]*\\?\Z")
_EMPTY = re.compile(r"[ \t>]*(?:</?[A-Za-z!][^<>]*>?[ \t]*)*\Z")
_BLOCK = re.compile(r"[ \t>]*(?:#{1,6}[ \t]|[-*+][ \t]|\d{1,3}[.)][ \t]|`{3}|~{3}|\$\$|</?[A-Za-z])")
_GOES_ON = re.compile(rf"(?:[ \t>]|</?[A-Za-z][^<>\n]*>|\n)*{_OPENER}[ \t]*&?[ \t]*=")
_LINE_BREAK = re.compile(r"(?:[:：]|[ \t]{2}|\\|<br\s*/?>)[ \t]*\Z")
_FARTHEST = 300


def stands_alone(text: str, start: int, end: int) -> bool:
    """Whether the formula ``text[start:end]``, between inline delimiters, has its lines for itself."""
    line = text.rfind("\n", 0, _outside(text, start)) + 1
    before, after = _BEFORE.match(text, line, start), _AFTER.match(text, end)
    if before is None or after is None or not _equates(text, start, end, after.end()):
        return False
    return (before["item"] is not None or _begins(text, line)) and (
        _LINE_BREAK.search(after[0]) is not None or _ends(text, after)
    )


def _outside(text: str, start: int) -> int:
    """A place on the line of the opening delimiter."""
    while start > 0 and text[start - 1] in " \t\n":
        start -= 1
    return start


def _equates(text: str, start: int, end: int, after: int) -> bool:
    inside = text[start:end]
    if top_relations(inside).any or continues_chain(inside):
        return True
    return _GOES_ON.match(text, after, min(len(text), after + _FARTHEST)) is not None


def _begins(text: str, line: int) -> bool:
    if line == 0:
        return True
    above = text[text.rfind("\n", 0, line - 1) + 1 : line - 1]
    return bool(_EMPTY.match(above) or _ALONE.match(above) or _BLOCK.match(above) or _LINE_BREAK.search(above))


def _ends(text: str, after: re.Match[str]) -> bool:
    if after.end() >= len(text):
        return True
    newline = text.find("\n", after.end() + 1)
    below = text[after.end() + 1 : newline if newline >= 0 else len(text)]
    return bool(_EMPTY.match(below) or _ALONE.match(below) or _BLOCK.match(below))
