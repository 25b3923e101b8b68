"""The mark that an author writes for a transpose: ``^\\top``, ``^T``, ``^{\\mathsf{T}}``, a macro of his own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from checker.diagnose.slips import Diagnosis
from checker.language.again import Again

USUAL = "^\\top"
_LETTER = r"(?:\\top|\\intercal|T|\\mathsf\s*\{\s*T\s*\}|\\mathrm\s*\{\s*T\s*\})"
_MARK = rf"\^(?:\{{\s*{_LETTER}\s*\}}|{_LETTER}(?![A-Za-z]))"
_TURNED = re.compile(r"\^\\top(?![A-Za-z])")


def in_own_marks(found: Diagnosis, again: Again) -> Diagnosis:
    """The correction and its sentence with the author's mark."""
    mark = mark_of(again)
    if mark == USUAL:
        return found
    suggestion = None if found.suggestion is None else marked(found.suggestion, mark)
    return replace(found, suggestion=suggestion, said=marked(found.said, mark))


def mark_of(again: Again) -> str:
    """The first mark of the statement; of the latest definition that has one, if the statement has none."""
    macros = again.origin.desk.macros
    own = [name for name, macro in macros.items() if not macro.arity and re.fullmatch(rf"\s*{_MARK}\s*", macro.body)]
    names = "".join(rf"|{re.escape(name)}(?![A-Za-z])" for name in own)
    pattern = re.compile(f"{_MARK}{names}")
    found = (match[0] for text in texts(again) for match in pattern.finditer(text))
    letter_is_taken = "T" in again.origin.desk.table.entries
    return next((mark for mark in found if not (letter_is_taken and mark in ("^T", "^{T}"))), USUAL)


def texts(again: Again) -> Iterator[str]:
    yield from (part.formula.text for part in again.parts)
    yield from (e.text for e in reversed(again.origin.desk.table.entries.values()) if e.text is not None)


def marked(text: str, mark: str) -> str:
    inverse = text.replace("^{-\\top}", "^{-T}") if mark in ("^T", "^{T}") else text
    return _TURNED.sub(lambda _: mark, inverse)
