"""The phrases that declaring sentences are made of; all other words are prose."""

from __future__ import annotations

import re

from checker.calculus.context import Property

# ------------------------------------------------------------------------------------------- phrases


_PROPERTIES: tuple[tuple[str, Property], ...] = (
    (r"anti-?symmetric|skew[- ]?symmetric", Property.ANTISYMMETRIC),
    (r"symmetric", Property.SYMMETRIC),
    (r"positive[- ]definite", Property.POSITIVE_DEFINITE),
    (r"invertible|non-?singular", Property.INVERTIBLE),
    (r"orthogonal|orthonormal", Property.ORTHOGONAL),
    (r"lower[- ]triangular", Property.LOWER_TRIANGULAR),
    (r"upper[- ]triangular", Property.UPPER_TRIANGULAR),
    (r"diagonal", Property.DIAGONAL),
    (r"one[- ]hot", Property.ONE_HOT),
)
_ANY_PROPERTY = "|".join(pattern for pattern, _ in _PROPERTIES)
# What may stand right before a property and leave it as it is: *a real symmetric*, but not *block diagonal*.
_PLAIN_WORDS = (
    "a an the is are be being been was were and both all each every also assumed taken supposed chosen required known "
    "given constant fixed real real-valued random arbitrary square dense sparse general non-zero nonzero same "
    "two three four to as with having strictly always moreover furthermore further additionally then thus hence "
    "therefore itself matrix matrices vector vectors which that it they dimensional full-rank small large unit "
    "n m p d k by"
)
_BEFORE_PROPERTY = re.compile(
    rf"(^|(?<![\w-])({'|'.join(re.escape(w) for w in _PLAIN_WORDS.split())}|{_ANY_PROPERTY}))[\s,]*(\(\s*)?-?$"
)
# What right behind it makes something else of it: *the diagonal of A*, *diagonal entries*, *orthogonal to b*.
_NOT_BEHIND = (
    r"(?![\w])(?![\s-]+(of(?! (size|order|shape|dimension|full))|entr(y|ies)|elements?|parts?|blocks?|components?|"
    r"to|about|around|project\w*|complements?|groups?|bas[ie]s|functions?|maps?|operators?|plus|"
    r"minus|up to|except|only|approximat\w*|cases?|or|but for|modulo|directions?|subspaces?)\b)"
)
_NEGATED = re.compile(
    r"(?<![\w-])(not|non|never|nowhere|neither|nor|none|without|hardly|cannot|no longer|false|untrue|unless|fails?|"
    r"unlike|rather than|instead of|whether)(?![\w-])|n't\b"
)


def _properties_in(text: str) -> tuple[Property, ...]:
    """The properties that the words say; words that are not known to be harmless beside them are never guessed at."""
    if _NEGATED.search(text):
        return ()
    return tuple(p for pattern, p in _PROPERTIES if _is_said(pattern, text))


def _is_said(pattern: str, text: str) -> bool:
    whole = re.finditer(rf"(?<!\w)({pattern}){_NOT_BEHIND}", text)
    return any(_BEFORE_PROPERTY.search(text[: found.start()]) for found in whole)


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


_NOT_A = re.compile(
    r"\b(not|no|never|nor|cannot be)( (an?|the|necessarily|all))* "
    r"(positive|real|whole|natural|constant|integers?|scalars?)\b"
)


_POSITIVE = re.compile(
    r"\b(positive|strictly positive) (real )?(numbers?|scalars?|constants?)\b|\b(is|are|be) positive$"
)


JOINER = re.compile(r"^[\s,;.]*(and|or|as well as)?[\s,;.]*$")


_BREAK = re.compile(r"\b(let|where|with|given|assume|suppose|denote|define|here|while|such that|so that)\b")


SUPPOSING = re.compile(r"\b(assume|suppose|assuming|provided)\b")


CONDITION = re.compile(
    r"\b(for|over|if|when|whenever)( (all|each|every|any|some))?( the)?( integers?| indices| index| rows?| columns?)?$"
)


HINGE = re.compile(r"\b(if|when|whenever)( the)?$")


ALL_INTEGERS = re.compile(r"\ball integers?$")


ASSIGNING = re.compile(r"\b(be|by|is|as|are|equals?|denotes?)( given by| defined (by|as)|)$")


_LAYOUT = re.compile(r"\b(numerator|denominator)[- ]layout\b")


_SUMMATION = re.compile(r"\b(summation|einstein|einstein's) (summation )?convention\b|\bsum(med)? over repeated ind")


def layout_in(text: str) -> str | None:
    found = _LAYOUT.search(plain(text))
    return found.group(1) if found else None


_ACTIVATION = re.compile(r"activation|non-?linear|sigmoid|logistic|激活|активац|нелиней|aktivier|aktywac|kích hoạt")


def activations_in(text: str) -> bool:
    """Whether a sentence speaks of functions that are applied to every entry."""
    return _ACTIVATION.search(plain(text)) is not None


def summation_in(text: str) -> bool:
    return _SUMMATION.search(plain(text)) is not None


_BROADCASTING = re.compile(r"\bbroadcast(s|ed|ing)?\b")


def broadcasting_in(text: str) -> bool:
    return _BROADCASTING.search(plain(text)) is not None


_BY_ROWS = re.compile(r"\bsoftmax\b[^.]{0,60}\brows?\b|\brow-?wise\s+softmax\b")


def softmax_by_rows_in(text: str) -> bool:
    """*where the softmax is taken over rows*, *softmax (applied to each row)*, *the row-wise softmax*"""
    return _BY_ROWS.search(plain(text)) is not None


_RESHAPING = re.compile(
    r"\breshap(e|es|ed|ing)\b|\bflatten(s|ed|ing)?\b"
    r"|\b(treated|viewed|expressed|written) as (an? )?(column|row) vectors?\b"
)


def reshaping_in(text: str) -> bool:
    return _RESHAPING.search(plain(text)) is not None


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


_ARRAY = re.compile(
    r"^(be|is|are)\b[^,;.]*\b(matri(x|ces)|vectors?|tensors?)(?!-)( (and|with|that|which)\b.*|[,;.].*)?$"
)


def says_array(text: str) -> bool:
    """*A and B be square matrices*: no numbers, whatever their shape."""
    return _ARRAY.search(text) is not None and _NEGATED.search(text) is None


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
    properties = _properties_in(text)
    if properties:
        return "property", properties
    if _SEQUENCE.search(text):
        return "sequence", ()
    if _NOT_A.search(text):
        return "", ()
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
