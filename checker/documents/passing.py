"""Inline formulas of prose that tell something: *The loss is* $L = …$, *since* $\\sum_i y_i = 1$."""

from __future__ import annotations

import re

from checker.documents.cases import CONDITION_WORD

# ``L = …`` and ``f(x) = …``: a name, perhaps with scripts and arguments, and more than a letter or a number
_EQUATION = re.compile(
    r"\s*(?:d?\s*[A-Za-z]|\\[A-Za-z]+)(?:\s*\{[^{}]*\}|\s+[A-Za-z])?(?:\s*[_^]\s*(?:\w|\\[A-Za-z]+|\{[^{}]*\}))*"
    r"(?:\s*\([^()=]*\))?\s*(?::=|=)(?!\s*(?:\\?[A-Za-z]+|[-+]?[\d.,]+)\s*[.,;:]?\s*\Z)"
)
# words that make an equation a case, a choice or a reason rather than a meaning
_REASON = re.compile(r"(?:\b(?:since|because|as|at|until|while|only|not|than|or|e\.g\.|say|equation)|[(])\s*\Z", re.I)

_TOTAL = re.compile(r"\s*\\sum(?![A-Za-z])[^=<>]*=\s*[01]\s*\Z")
_TAKEN = re.compile(
    r"\b(?:where|with|since|because|as|given|assuming|using|(?:recall|note|know|remember|fact|so|such)\s+that)"
    r"(?:\s+(?:the|also))*\s*\Z",
    re.I,
)


def tells(formula: str, before: str) -> bool:
    """Whether an inline formula of prose may say what a name is, or a total; ``before`` are the words before it."""
    if _EQUATION.match(formula):
        return not (CONDITION_WORD.search(before) or _REASON.search(before))
    return bool(_TOTAL.match(formula) and _TAKEN.search(before))
