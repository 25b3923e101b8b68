"""The closed list of slips, and what is found out about a wrong line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SLIPS: Mapping[str, str] = MappingProxyType(
    {
        "sign": "the sign of a term or of the whole side",
        "factor": "a number or a size such as 2, 1/2 or 1/N as a factor",
        "missing-factor": "a factor is missing",
        "extra-factor": "a factor is too many",
        "missing-term": "a term is missing",
        "extra-term": "a term is too many",
        "transpose": "a transpose is missing or too many",
        "order": "factors that do not commute stand in the wrong order",
        "index": "an index is another one, or two are swapped",
        "index-missing": "the left side is an element, the right side is not",
        "missing-sum": "a sum over an index is missing",
        "extra-sum": "a sum should have collapsed",
        "range": "a bound or condition of a sum",
        "derivative": "a function for its derivative, or the derivative for the function",
        "power": "an exponent",
        "argument": "another name of the same shape, or a wrong sign in an argument or exponent",
        "label": "the label of a layer or step",
        "one-minus": "a for 1 - a, or 1 - a for a",
        "branches": "branches or conditions of cases",
        "absolute": "an absolute value is missing or too many",
        "hypothesis": "true only under a hypothesis that the document does not state",
        "mean": "true of a sum, not of its mean: a factor 1/N",
        "layout": "true in the other layout only",
        "shape": "the shapes do not fit",
        "other": "no single small change makes the line true",
    }
)


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong: a slip of the list, a sentence, the corrected side, its place in the file.

    ``place`` is (start, end) in the file; ``proved`` whether the correction is (otherwise it is tested).
    ``assume`` is a hypothesis under which the line is true.  ``edits``: how many changes; 0 for a side that is derived.
    """

    slip: str
    said: str
    suggestion: str | None
    place: tuple[int, int] | None = None
    proved: bool = True
    assume: str | None = None
    edits: int = 1
