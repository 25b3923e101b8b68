"""The phrases that declaring sentences are made of; all other words are prose."""

from __future__ import annotations

import re

from checker.calculus.context import Property

# ------------------------------------------------------------------------------------------- phrases


_PROPERTIES: tuple[tuple[str, Property], ...] = (
    (r"anti-?symmetric|skew-?symmetric", Property.ANTISYMMETRIC),
    (r"(?<!anti)(?<!anti-)(?<!skew)(?<!skew-)symmetric", Property.SYMMETRIC),
    (r"positive[- ]definite", Property.POSITIVE_DEFINITE),
    (r"invertible|non-?singular", Property.INVERTIBLE),
    (r"orthogonal|orthonormal", Property.ORTHOGONAL),
    (r"lower[- ]triangular", Property.LOWER_TRIANGULAR),
    (r"upper[- ]triangular", Property.UPPER_TRIANGULAR),
    (r"(?<!off-)diagonal", Property.DIAGONAL),
    (r"one[- ]hot", Property.ONE_HOT),
)


_ELEMENTWISE = re.compile(
    r"\b(element-?wise|element by element|entry-?wise|entry by entry|component-?wise|coordinate-?wise|point-?wise)\b"
    r"|\bto (each|every) (element|entry|component)\b"
)


_ROWWISE = re.compile(r"\b(row-?wise|row by row|to (each|every) row|along (the|each) rows?)\b")


FUNCTION_OF = re.compile(r"\bfunctions? of\b[^,;.]*$")


_POSITIVE_INTEGER = re.compile(r"\b(positive integers?|natural numbers?)\b")


_INTEGER = re.compile(r"\b(integers?|whole numbers?|class (index|label)|(an?|the) (index|label|class))\b")


_SEQUENCE = re.compile(r"\bsequences?\b")


_REAL = re.compile(r"\b(scalars?|real numbers?|real constants?|are real|is real|be real|reals)\b")


_POSITIVE = re.compile(
    r"\b(positive|strictly positive) (real )?(numbers?|scalars?|constants?)\b|\b(is|are|be) positive$"
)


JOINER = re.compile(r"^[\s,;.]*(and|or|as well as)?[\s,;.]*$")


_BREAK = re.compile(r"\b(let|where|with|given|assume|suppose|denote|define|here|while|such that|so that)\b")


SUPPOSING = re.compile(r"\b(assume|suppose|assuming|provided)\b")


CONDITION = re.compile(
    r"\b(for|over|if|when|whenever)( (all|each|every|any|some))?( the)?( integers?| indices| index| rows?| columns?)?$"
)


ALL_INTEGERS = re.compile(r"\ball integers?$")


ASSIGNING = re.compile(r"\b(be|by|is|as|are|equals?|denotes?)( given by| defined (by|as)|)$")


_LAYOUT = re.compile(r"\b(numerator|denominator)[- ]layout\b")


_SUMMATION = re.compile(r"\b(summation|einstein|einstein's) (summation )?convention\b|\bsum(med)? over repeated ind")


def layout_in(text: str) -> str | None:
    found = _LAYOUT.search(plain(text))
    return found.group(1) if found else None


def summation_in(text: str) -> bool:
    return _SUMMATION.search(plain(text)) is not None


_BROADCASTING = re.compile(r"\bbroadcast(s|ed|ing)?\b")


def broadcasting_in(text: str) -> bool:
    return _BROADCASTING.search(plain(text)) is not None


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower().replace("’", "'").replace("‑", "-")).strip()


AS_SIZE = re.compile(r"\b(be|is|are|denotes?)( both| all| two| three)? ?(an?|the)?( real| random| constant)?$")


IN_SET = re.compile(r"\b(vectors?|matri(x|ces)|tensors?|elements?|lies?|lying|be|is|are) (in|of)$")


OF_SIZE = re.compile(
    r"(\b(vectors?|matri(x|ces)|tensors?) |^((is|are|be) )?)(of|with|having) (size|length|dimensions?|shape|order)$"
    r"|^(has|have) (the )?(size|length|dimensions?|shape)$"
)


SIZED = re.compile(
    r"^[- ]?(dimensional )?(real )?(column |square )?(matri(x|ces)|vectors?|tensors?)\b"
    r"|^(entries|components|elements)\b"
)


def split(text: str) -> tuple[str, str, str]:
    """The words before the last clause-opening word, those up to and with it, and what follows."""
    last = None
    for found in _BREAK.finditer(text):
        last = found
    if last is None:
        return text, "", ""
    first = _BREAK.search(text)
    assert first is not None
    return text[: first.start()].strip(" ,;."), text[first.start() : last.end()], text[last.end() :].strip()


def meaning(text: str) -> tuple[str, tuple[Property, ...]]:
    if re.search(r"\bfunctions? of\b", text):
        return "function", ()
    if _ELEMENTWISE.search(text):
        return "elementwise", ()
    if _ROWWISE.search(text):
        return "rowwise", ()
    properties = (
        tuple(p for pattern, p in _PROPERTIES if re.search(pattern, text)) if not re.search(r"\bnot\b", text) else ()
    )
    if properties:
        return "property", properties
    if _SEQUENCE.search(text):
        return "sequence", ()
    for pattern, kind in (
        (_POSITIVE_INTEGER, "positive integer"),
        (_POSITIVE, "positive"),
        (_REAL, "real"),
    ):
        if pattern.search(text):
            return kind, ()
    if re.search(r"\b(is|are|be|an?)\b", text) and _INTEGER.search(text) and not CONDITION.search(text):
        return "integer", ()
    return "", ()
