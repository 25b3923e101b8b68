"""A document as it is written, in plain pieces for a rendering: prose, and every formula with its place.

Markdown's blocks are markdown-it's; the formulas are those of :mod:`checker.documents`, and are put in the
place of the marks that stand for them while Markdown is read, so that no rule of Markdown can touch them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from checker.documents.model import Document, Formula, Heading, LineMap
from checker.documents.pieces import Break, Stretch
from checker.documents.reader import scan
from checker.results import Piece

if TYPE_CHECKING:
    from markdown_it.token import Token

OPENED, CLOSED = "\ue000", "\ue001"  # private characters around the number of a formula
MARK = re.compile(f"{OPENED}(\\d+){CLOSED}")
PRIVATE = str.maketrans("", "", OPENED + CLOSED)
FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(?:.*?\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
FARTHEST = 300  # characters from an opening delimiter to the formula it opens
OPENER = re.compile(
    r"(?:\$\$|\$`|\$|\\\\?[\[(]|\\begin\s*\{[A-Za-z]+\*?\}(?:\[[tbc]\]|\{[^{}\n]*\})*"
    r"|(?:`{3,}|~{3,})[ \t]*\{?math\}?[^\n]*\n(?:[ \t>]*:[\w-]+:[^\n]*\n)*|<script[^>]*>)[\s>]*\Z"
)
CLOSER = re.compile(
    r"[\s>]*(?:`\$|\$\$|\$|\\\\?[\])]|\\end\s*\{[A-Za-z]+\*?\}|(?:`{3,}|~{3,})[ \t]*(?=\n|\Z)|</script>)"
)
# Elements whose tags are passed on; everything else is shown as text.
ELEMENTS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol li blockquote em strong s table thead tbody tr th td hr br".split())
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


def prose_of(document: Document) -> tuple[Piece, ...]:
    readable = document.text.replace("\r", " ")
    kind, found = scan(readable, document.path)
    places = LineMap.of(document.text)
    if kind == "latex":
        return tuple(flat(found.pieces, places))
    formulas = [piece for piece in found.pieces if isinstance(piece, Formula)]
    return tuple(from_markdown(readable, formulas, places))


def formula_piece(formula: Formula, places: LineMap) -> Piece:
    kind = "display" if formula.display else "formula"
    return Piece(kind, formula.text, places.place(formula.start), places.place(formula.end))


# ------------------------------------------------------------------------------------------ LaTeX


def flat(pieces: Sequence[object], places: LineMap) -> Iterator[Piece]:
    """Paragraphs and headings of pieces that carry no other structure."""
    inside = False
    for piece in pieces:
        match piece:
            case Stretch() | Formula() if not inside and not (isinstance(piece, Stretch) and not piece.text.strip()):
                inside = True
                yield Piece("open", "p")
            case Break() | Heading() if inside:
                inside = False
                yield Piece("close", "p")
        match piece:
            case Stretch() if inside:
                yield Piece("text", piece.text)
            case Formula():
                yield formula_piece(piece, places)
            case Heading(level=level, text=text):
                name = f"h{min(level, 6)}"
                yield from (Piece("open", name), Piece("text", text), Piece("close", name))
    if inside:
        yield Piece("close", "p")


# --------------------------------------------------------------------------------------- Markdown


def from_markdown(text: str, formulas: Sequence[Formula], places: LineMap) -> Iterator[Piece]:
    from markdown_it import MarkdownIt

    shown = [formula_piece(formula, places) for formula in formulas]
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in reader.parse(marked(text, formulas)):
        yield from block(token, shown)


def marked(text: str, formulas: Sequence[Formula]) -> str:
    """The text with a mark in the place of every formula and its delimiters."""
    front = FRONT_MATTER.match(text)
    kept, position = [], front.end() if front else 0
    for number, formula in enumerate(formulas):
        start, end = extent(text, formula, position)
        if start < position:
            continue
        kept += [text[position:start].translate(PRIVATE), f"{OPENED}{number}{CLOSED}"]
        position = end
    return "".join([*kept, text[position:].translate(PRIVATE)])


def extent(text: str, formula: Formula, least: int) -> tuple[int, int]:
    """Where a formula begins and ends, its delimiters included."""
    first = max(least, formula.start - FARTHEST)
    opening = OPENER.search(text[first : formula.start])
    closing = CLOSER.match(text, formula.end)
    if opening is None or closing is None:
        return formula.start, formula.end
    return first + opening.start(), closing.end()


def block(token: Token, formulas: Sequence[Piece]) -> Iterator[Piece]:
    match token.type:
        case "inline":
            for child in token.children or []:
                yield from inline(child, formulas)
        case "fence" | "code_block":
            yield from (Piece("open", "pre"), Piece("text", token.content), Piece("close", "pre"))
        case "html_block":
            yield from outside_of_comments(token.content, formulas)
        case _ if not token.hidden:
            yield from tag(token)


def inline(token: Token, formulas: Sequence[Piece]) -> Iterator[Piece]:
    match token.type:
        case "text":
            yield from words(token.content, formulas)
        case "code_inline":
            yield from (Piece("open", "code"), Piece("text", token.content), Piece("close", "code"))
        case "softbreak":
            yield Piece("text", "\n")
        case "html_inline":
            yield from outside_of_comments(token.content, formulas)
        case "image":
            yield from words(token.content, formulas)
        case _:
            yield from tag(token)


def tag(token: Token) -> Iterator[Piece]:
    if token.tag not in ELEMENTS:
        return
    if token.nesting >= 0:
        yield Piece("open", token.tag)
    if token.nesting <= 0:
        yield Piece("close", token.tag)


def outside_of_comments(source: str, formulas: Sequence[Piece]) -> Iterator[Piece]:
    """HTML is shown as it is written, as text; its comments are not."""
    if left := COMMENT.sub("", source).strip():
        yield from words(left, formulas)


def words(text: str, formulas: Sequence[Piece]) -> Iterator[Piece]:
    for position, part in enumerate(MARK.split(text)):
        if position % 2:
            yield formulas[int(part)]
        elif part:
            yield Piece("text", part)
