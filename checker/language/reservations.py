"""Words that take back, or make depend on something, what the formulas of a clause say.

*x > 0 or a > 0*, *x > 0 unless a > 0*, *one of A and B is symmetric*, *it is false that x > 0*: nothing of this may be
taken for an assumption, and none of it can be read as something else.
"""

from __future__ import annotations

import re

ARROWS = ("\\Rightarrow", "\\implies", "\\iff", "\\Leftrightarrow", "\\Leftarrow", "\\impliedby", "\\lor", "or")
CASE = re.compile(r"\b(case|cases|situation)( (where|that|when|in which|of))?[\s,:]*$")
_BEFORE = re.compile(
    r"(\b(either|neither|unless|except( for| when| if)?|whether|or|nor|lest)|"
    r"\b(one|some|any|none|either|neither|most|several|few|not all|at least one|at most one) of( the)?|"
    r"\b(false|untrue|wrong|unclear|unknown|unlikely|(not|no longer) (true|the case|known|clear|said|given)) (that|if)|"
    r"\b(not|never|cannot|without|n't)( (yet|necessarily|always))?"
    r"( (assume|suppose|assuming|supposing|require|requiring))?( that)?)"
    r"[\s,]*$|"
    r"\bfor (the sake of )?(a )?contradiction\b|\bto the contrary\b"
)
_BEHIND = re.compile(
    r"^[\s,]*((or|nor|unless|except|implies|imply|iff|exactly when|(if and )?only (if|when))\b|"
    r"((do|does|did|is|are|was|were|need|needs|may|might|can|could|should|must|will) ?"
    r"(not|never|no longer|n't|nowhere)|"
    r"fails?|(is|are) (false|untrue|wrong|violated)|may|might|cannot)\b)"
)
_NOT_NUMBERS = re.compile(r"^[\s,]*(is|are) not an? (integers?|scalars?|numbers?|vectors?|matri(x|ces)|functions?)\b")


def reserved_before(text: str) -> bool:
    """Whether the words right before a formula take it back."""
    return _BEFORE.search(text) is not None


def reserved_behind(text: str) -> bool:
    """Whether the words right behind a formula do."""
    return _BEHIND.match(text) is not None and _NOT_NUMBERS.match(text) is None


_RESERVING = re.compile(r"\b(or|nor|unless|except|excluding|not|even|whether|either|some)\b")
_ANOTHER = re.compile(r"\band( also)? (for|if|when|whenever)$")


def reserves(words: str, compares: bool) -> bool:
    """Whether words such as *unless*, *except for*, *or if* stand before a condition of a claim.

    ``compares``: the condition is a comparison; *for* $i = 1, \\dots, n$ *and for* $j = 1, \\dots, m$ joins ranges.
    """
    return _RESERVING.search(words) is not None or (compares and _ANOTHER.search(words) is not None)
