"""The words that say when something holds, in the languages in which people write, and headings that say it.

Conditions must be seen even where the rest of a sentence is passed over: what holds for $i = j$ only is not wrong.
"""

from __future__ import annotations

import re

from checker.documents.model import Formula

_BEFORE = (
    r"for|if|when|whenever|unless|provided(?:\s+that)?|case|"
    r"при|если|когда|для|"  # Russian
    r"si|pour|quand|lorsque|cas|"  # French, Spanish, Italian, Portuguese
    r"cuando|para|caso|quando|se|per|"
    r"für|falls|wenn|fall|"  # German
    r"dla|je[sś]li|gdy|"  # Polish
    r"với|nếu|khi|"  # Vietnamese
    r"(?:for|pour|para|per|für|dla|для|với)\s+\w+"  # for all, pour tout, для всех ...
)
_HAN_BEFORE = r"当|當|若|如果|如|对于?|對於?|在|情况|的时候|때|場合"
CONDITION_WORD = re.compile(rf"(?:(?<!\w)(?:{_BEFORE})|(?:{_HAN_BEFORE}))[\s:*]*\Z", re.IGNORECASE)
CONDITION_BEHIND = re.compile(r"\s*(?:时|時|的时候|的情况|のとき|の場合|일 ?때|인 경우|이면)")

_ITEM = r"(?:\\?[A-Za-z]+|\d+)(?:\s*[-+]\s*\d+)?"
_RELATION = r"(?:=|<|>|\\(?:ne|neq|le|leq|ge|geq|lt|gt)(?![A-Za-z])|≠|≤|≥)"
_COMPARISON = rf"\s*{_ITEM}(?:\s*{_RELATION}\s*{_ITEM})+\s*"
_COMPARISONS = re.compile(rf"{_COMPARISON}(?:(?:,|\\q?quad|\\text\{{\s*and\s*\}})+{_COMPARISON})*\Z")
_FORMULA = re.compile(r"\$`?([^$\n]+?)`?\$|\\\(([^\n]+?)\\\)")
_WORDS = re.compile(r"[^\W\d_]")


_NOTHING = r"(?:zero|nil|0(?![.\w])|nul(?:l|le)?|cero|ноль|нулю|零)"
_SET_TO_ZERO = re.compile(
    rf"(?<!\w)(?:set|sets|setting|put|putting|equat\w+|requir\w+)\b[^.;]{{0,120}}?(?:to|equal|equals|=|be|with)\s*{_NOTHING}"
    rf"|(?<!\w)(?:приравн\w+|igual\w+|égal\w*|annul\w+|gleich|setze\w*|đặt|giải|przyrówn\w+)\b[^.;]{{0,80}}?{_NOTHING}"
    rf"|(?:令|使|让|讓)[^。;]{{0,40}}?(?:为|為|等于|等於|=)\s*{_NOTHING}"
    r"|\b(?:first[- ]order|optimality|stationarity) conditions?\b|\bsolv(?:e|es|ing)\b[^.;]{0,40}\bequations?\b",
    re.IGNORECASE,
)


def sets_to_zero(words: str) -> bool:
    """*Setting the derivative to zero, we find* $$A x = b$$: what follows is to be solved, and claims nothing."""
    return _SET_TO_ZERO.search(words) is not None


def is_comparison(text: str) -> bool:
    """``i = j``, ``k \\ne i, l = 1``: letters and numbers compared with each other, and nothing else."""
    return _COMPARISONS.match(text) is not None


def cases_in(text: str, start: int, end: int) -> tuple[tuple[str, Formula], ...]:
    """The conditions in a heading: comparisons of letters behind a word such as *case*, or with no words."""
    found = list(_FORMULA.finditer(text, start, end))
    bare = not _WORDS.search(_FORMULA.sub("", text[start:end]))
    cases: list[tuple[str, Formula]] = []
    for match in found:
        group = 1 if match[1] is not None else 2
        before = text[start : match.start()]
        behind = text[match.end() : end]
        said = bare or cases or CONDITION_WORD.search(before) or CONDITION_BEHIND.match(behind)
        if said and is_comparison(match[group]):
            cases.append(("for", Formula(match[group], range(match.start(group), match.end(group) + 1), False)))
    return tuple(cases)
