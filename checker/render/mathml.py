"""Formulas as MathML, by way of latex2mathml, whose output is taken apart and put together again.

Nothing of what the converter writes reaches a page as it is: only elements and attributes from the lists
below do, with their text escaped.  A formula that does not come through has no MathML and is shown as source.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from checker.render import tex

LONGEST = 20_000  # characters of LaTeX
DEEPEST = 100  # braces within braces
ELEMENTS = frozenset(
    "mrow mi mn mo mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mstyle "
    "mpadded mphantom menclose".split()
)
ATTRIBUTES = {
    "stretchy": {"true", "false"},
    "fence": {"true", "false"},
    "form": {"prefix", "infix", "postfix"},
    "accent": {"true", "false"},
    "linethickness": {"0"},
    "displaystyle": {"true", "false"},
    "columnalign": {"left", "right", "center"},
    "movablelimits": {"true", "false"},
}
LENGTHS = {"width", "minsize", "maxsize", "lspace", "rspace"}
LENGTH = re.compile(r"-?\d*\.?\d+em")
NEVER = {"<": r"\lt ", ">": r"\gt "}
# The first capital, small letter and digit of each mathematical alphabet.
ALPHABETS = {
    "bold": "MATHEMATICAL BOLD", "bold-italic": "MATHEMATICAL BOLD ITALIC",
    "double-struck": "MATHEMATICAL DOUBLE-STRUCK",
    "script": "MATHEMATICAL SCRIPT", "fraktur": "MATHEMATICAL FRAKTUR", "sans-serif": "MATHEMATICAL SANS-SERIF",
    "monospace": "MATHEMATICAL MONOSPACE", "bold-script": "MATHEMATICAL BOLD SCRIPT",
}  # fmt: skip
BREAKS = frozenset("+ - − = ⋅ · ×".split())
BREAKS_FROM = 48  # characters of source; shorter formulas stay in one piece
UNPREPARED = (LookupError, ValueError, TypeError, AttributeError, AssertionError, RuntimeError, StopIteration)
ALIGNED = re.compile(r"\\(begin|end)\{(?:aligned|split|gathered)\}")
LETTERS = frozenset("∂∇⊤")
SIGNS = frozenset("+-−±")
CLOSING = frozenset(")]}⟩|‖!′")
LIMITED = frozenset("lim max min sup inf det arg".split())
OPERANDS = frozenset("mi mn mrow msub msup msubsup mfrac msqrt mtext".split())


def mathml(
    source: str, macros: Iterable[tuple[str, int, str, str | None]] = (), prefix: str = "", display: bool = True
) -> str | None:
    """One or, where it is long and may break over rows, several ``<math>`` elements; None if it cannot be shown.

    ``prefix`` is LaTeX of our own that stands before it.
    """
    shown = tex.maths(tex.spelt_out(source, macros)) if len(source) <= LONGEST and shallow(source) else None
    if shown is None:
        return None
    root = converted(prefix + re.sub("[<>]", lambda m: NEVER[m.group()], shown), display)
    if root is None or not all(map(usable, root.iter())):
        return None
    rows = list(root)
    top = tidy(list(rows[0])) if len(rows) == 1 and rows[0].tag == "mrow" else tidy(rows)
    pieces = list(broken(top)) if len(shown) >= BREAKS_FROM else [top]
    style = ' displaystyle="true"' if display else ""
    return "<wbr>".join(f"<math{style}>{''.join(map(written, piece))}</math>" for piece in pieces)


def shallow(source: str) -> bool:
    depth = 0
    for c in source:
        depth += (c == "{") - (c == "}")
        if depth > DEEPEST:
            return False
    return True


def converted(source: str, display: bool) -> Element | None:
    try:
        from latex2mathml import exceptions
        from latex2mathml.converter import convert
    except ImportError:
        return None
    own: tuple[type[Exception], ...] = tuple(
        v for v in vars(exceptions).values() if isinstance(v, type) and issubclass(v, Exception)
    )
    caught: tuple[type[Exception], ...] = (*own, ElementTree.ParseError, *UNPREPARED)
    try:
        text = convert(ALIGNED.sub(r"\\\1{align*}", source), display="block" if display else "inline")
        return ElementTree.fromstring(re.sub(r' xmlns="[^"]*"', "", text, count=1))
    except caught:
        return None


def usable(element: Element) -> bool:
    """Whether an element is one of MathML's that only shows something, and says nothing but what it is for."""
    return element.tag == "math" or (element.tag in ELEMENTS and "\\" not in (element.text or ""))


# --------------------------------------------------------------------------------------- tidying


def tidy(row: list[Element]) -> list[Element]:
    """Upright letters joined to words, and a thin space between a named function and its argument."""
    made: list[Element] = []
    for element in joined(map(as_identifier, row)):
        rows = [list(element)] if element.tag in ("mrow", "mtd", "mstyle") else [[child] for child in element]
        element[:] = [child for row in rows for child in tidy(row)]
        before = made[-1] if made else None
        if before is not None and side_by_side(before, element):
            made.append(Element("mspace", {"width": "0.167em"}))
        if element.tag == "mo" and element.text in SIGNS and before is not None and opens(before):
            element.set("form", "prefix")
        made.append(element)
    return made


def side_by_side(left: Element, right: Element) -> bool:
    """Whether two operands, one of them the name of a function, would run into one another."""
    return left.tag in OPERANDS and right.tag in OPERANDS and (names_function(left) or names_function(right))


def opens(element: Element) -> bool:
    """Whether a sign after this element has nothing to its left."""
    return element.tag == "mo" and element.text not in CLOSING and element.get("form") != "postfix"


def as_identifier(element: Element) -> Element:
    """Letters are no operators: those take space around them."""
    text = element.text or ""
    if element.tag == "mo" and (text in LETTERS or (len(text) > 1 and text.isalpha())) and text not in LIMITED:
        identifier = Element("mi")
        identifier.text = text
        return identifier
    return element


def joined(row: Iterable[Element]) -> Iterator[Element]:
    word: Element | None = None
    for element in row:
        upright = element.tag == "mi" and element.get("mathvariant") == "normal" and len(element.text or "") == 1
        if upright and word is not None:
            word.text = (word.text or "") + (element.text or "")
            continue
        if word is not None:
            yield word
        word = element if upright else None
        if word is None:
            yield element
    if word is not None:
        yield word


def names_function(element: Element) -> bool:
    base = element[0] if element.tag in ("msub", "msup", "msubsup", "munder") and len(element) else element
    return base.tag in ("mi", "mo") and len(base.text or "") > 1 and (base.text or "").isalpha()


def closes(element: Element) -> bool:
    """A closing bracket, with or without an exponent."""
    return (element[0] if len(element) and element.tag in ("msup", "msub", "msubsup") else element).text == ")"


def broken(row: list[Element]) -> Iterator[list[Element]]:
    """The row in pieces, each after the first beginning with an operator that stands between two operands."""
    piece: list[Element] = []
    depth = 0
    for element in row:
        text = element.text if element.tag == "mo" else None
        if depth == 0 and text in BREAKS and any(e.tag not in ("mo", "mspace") for e in piece):
            yield piece
            piece = []
            element.set("form", "infix")
        elif depth == 0 and text == "(" and piece and closes(piece[-1]):
            yield piece
            piece = []
        depth += (text in ("(", "[", "{")) - (text in (")", "]", "}"))
        piece.append(element)
    if piece:
        yield piece


# --------------------------------------------------------------------------------------- writing


def written(element: Element) -> str:
    inside = escape(text_of(element)) + "".join(map(written, element))
    allowed = "".join(
        f' {name}="{escape(value)}"' for name, value in sorted(element.attrib.items()) if fit(name, value)
    )
    upright = ' mathvariant="normal"' if upright_letter(element) else ""
    return f"<{element.tag}{upright}{allowed}>{inside}</{element.tag}>"


def fit(name: str, value: str) -> bool:
    return value in ATTRIBUTES.get(name, ()) or (name in LENGTHS and LENGTH.fullmatch(value) is not None)


def upright_letter(element: Element) -> bool:
    return element.tag == "mi" and len(element.text or "") == 1 and element.get("mathvariant") == "normal"


def text_of(element: Element) -> str:
    """The text, with bold and other alphabets as characters of their own, which every browser shows."""
    text = element.text or ""
    alphabet = ALPHABETS.get(element.get("mathvariant", ""))
    return "".join(letter(c, alphabet) for c in text) if alphabet else text


def letter(c: str, alphabet: str) -> str:
    name = unicodedata.name(c, "")
    kind = "CAPITAL" if "CAPITAL" in name else "SMALL"
    last = name.rpartition("LETTER ")[2] if "LETTER" in name else name.removeprefix("DIGIT ") if c.isdigit() else ""
    sought = f"{alphabet} DIGIT {last}" if c.isdigit() else f"{alphabet} {kind} {last}"
    if c.isdigit():
        sought = sought.replace("BOLD ITALIC", "BOLD")
    try:
        return unicodedata.lookup(sought) if last else c
    except KeyError:
        return c
