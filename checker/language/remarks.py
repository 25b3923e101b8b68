"""Words in a ``\\text`` with maths among them: what only tells, and what says something of the formula.

``a = b & \\text{$x$ being a column}`` says something of the formula; nothing in it is part of it.
"""

from __future__ import annotations

import re

_MATHS = re.compile(r"\$[^$]*\$")
_JOINING = re.compile(
    r"(?:if|when|whenever|for(?: (?:all|each|every|any|some))?|where|with|and|or|otherwise|provided(?: that)?|unless|"
    r"such that|given|let|as|since|because|so|thus|hence|then|therefore|but|while|is|are|be|in|by|at|of|the)",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"(?:if|when|whenever|for|provided|unless|such that|given|otherwise)\b", re.IGNORECASE)
_SAYING = re.compile(r"(?:where|with|let)\b", re.IGNORECASE)
_RELATES = re.compile(r"=|\\in\b|<|>|\\(?:le|ge|leq|geq|ne|neq)\b")


def is_remark(words: str) -> bool:
    """Whether the words of a ``\\text`` with maths in it only tell: they put no condition and define nothing."""
    plain = words.strip().lstrip("([").strip(" ,.;:")
    if _CONDITION.match(plain):
        return False
    maths = _MATHS.findall(plain)
    if _SAYING.match(plain) and maths and _RELATES.search(maths[0]):
        return False
    chunks = [chunk.strip(" ,.;:()[]~") for chunk in _MATHS.split(plain)]
    return any(chunk and not _JOINING.fullmatch(chunk) for chunk in chunks)


def words_of(words: str) -> str:
    """The words without the maths, as one line that cannot be taken for part of a formula."""
    return "(" + " ".join(_MATHS.sub("…", words).split()) + ")"
