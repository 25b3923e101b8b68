"""A document's report as one HTML page that needs nothing else, and the index of several.

The document as it is written, every line of it marked.  No script, no network; everything that comes from a
document is escaped, and the page's own policy forbids a browser to load or run anything.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape

from checker.render import html_networks
from checker.render.html_lines import Shown, badge, definitions_block, filters_of, formula, kind_of, statement_block
from checker.render.html_style import sheet
from checker.render.markdown import counted
from checker.render.marks import DEFINITION, MARKS
from checker.render.mathml import mathml
from checker.render.words import own_id, plural, verdict_words
from checker.results import DocumentReport, Kind, Piece, Statement, Verdict
from checker.tally import Tally, fails, tally

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
FLOW = frozenset("ul ol li blockquote table thead tbody tr th td hr br pre".split())
PHRASES = frozenset(("p", "em", "strong", "s", "code", *HEADINGS))  # no block may stand in these
EMPTY = frozenset(("hr", "br"))
QUIET = (Kind.DECLARATION, Kind.HYPOTHESIS)
FILTER_WORDS = {"unexpected": "not as expected", "definition": "definitions"}
ASIDES = ("definitions", "skipped")


def render(document: DocumentReport) -> str:
    return "\n".join(page(document)) + "\n"


def page(document: DocumentReport) -> Iterator[str]:
    shown = [s for s in document.statements if s.kind not in QUIET or any(line.judgement for line in s.lines)]
    filters = filters_in(shown)
    title = document.title or document.path
    yield from opening(title, filters)
    yield '<a class="skip" href="#document">To the document</a>'
    yield '<header><nav aria-label="Reports"><a href="index.html">All reports</a></nav>'
    yield f"<h1>{escape(title)}</h1>"
    layout = f" {document.layout.capitalize()} layout." if document.layout else ""
    counts = tally([document])
    yield f'<p class="meta">Source: <code>{escape(document.path)}</code>.{layout} {escape(plain(counted(counts)))}</p>'
    yield from counts_list(counts)
    if document.error is not None:
        yield f"<p><strong>The file cannot be read:</strong> {escape(document.error)}</p>"
    anchors = anchors_of(document)
    yield from found_list(document, shown, anchors)
    yield from filter_form(filters)
    yield "</header>"
    yield f'<main id="document" aria-label="{escape(title)}">'
    yield from body(document, shown, anchors)
    yield "</main>"
    yield from html_networks.sections(document)
    yield from symbol_table(document)
    yield from closing()


def opening(title: str, filters: Sequence[str] = ()) -> Iterator[str]:
    yield '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(title)}</title>\n<style>{sheet(filters)}</style>\n</head>\n<body>"


def closing() -> Iterator[str]:
    yield "<footer><p>Written by the derivation checker.</p></footer>\n</body>\n</html>"


def plain(words: str) -> str:
    return words.replace("**", "")


# ----------------------------------------------------------------------------------------- head


def filters_in(statements: Sequence[Statement]) -> list[str]:
    there = {name for statement in statements for name in filters_of(statement)}
    ordered = ["unexpected", *(v.value for v in Verdict), "definition"]
    return [name for name in ordered if name in there]


def filter_form(filters: Sequence[str]) -> Iterator[str]:
    if len(filters) < 2:
        return
    yield '<fieldset class="filter"><legend>Show statements with a line that is</legend>'
    for name in ["all", *filters]:
        words = "anything, and the prose" if name == "all" else FILTER_WORDS.get(name, name)
        checked = " checked" if name == "all" else ""
        yield f'<label><input type="radio" name="show" id="show-{name}"{checked}> {words}</label>'
    yield "</fieldset>"


def counts_list(counts: Tally) -> Iterator[str]:
    yield '<ul class="counts" aria-label="Verdicts">'
    for verdict, mark in MARKS.items():
        if counts[verdict]:
            yield f"<li>{badge(mark, f'{counts[verdict]} {verdict.value}', verdict.value)}</li>"
    if counts.definitions:
        yield f"<li>{badge(DEFINITION, plural(counts.definitions, 'definition'), 'definition')}</li>"
    yield "</ul>"


def found_list(document: DocumentReport, shown: Sequence[Statement], anchors: Mapping[int, str]) -> Iterator[str]:
    """Links to all lines that are not simply proved."""
    rows = []
    for statement in shown:
        for line in statement.lines:
            if fails(line) or (line.judgement is not None and line.judgement.verdict is not Verdict.PROVED):
                kind, mark = kind_of(statement, line)
                name = own_id(document, statement) or f"line {statement.line}"
                words = f"{verdict_words(line)}: " if mark else ""
                link = f'<a href="#{anchors[id(statement)]}">{escape(name)}</a>'
                rows.append(f"<li>{badge(mark, words, kind) if mark else ''}{link}</li>")
    if rows:
        yield '<nav class="found" aria-label="Lines that are not proved"><ul>'
        yield from rows
        yield "</ul></nav>"


def anchors_of(document: DocumentReport) -> dict[int, str]:
    """An anchor for each statement: its id where that can be one, else its line, made unique."""
    taken: set[str] = set()
    anchors = {}
    for statement in document.statements:
        name = own_id(document, statement)
        wanted = f"c-{name}" if name and re.fullmatch(r"[A-Za-z0-9._-]+", name) else f"line-{statement.line}"
        anchor, again = wanted, 2
        while anchor in taken:
            anchor, again = f"{wanted}--{again}", again + 1
        taken.add(anchor)
        anchors[id(statement)] = anchor
    return anchors


# ----------------------------------------------------------------------------------------- body


def body(document: DocumentReport, shown: Sequence[Statement], anchors: Mapping[int, str]) -> Iterator[str]:
    formulas = sorted((p for p in document.prose if p.kind in ("formula", "display")), key=lambda p: p.start)
    placed, left = placed_in(formulas, shown, anchors)
    text = "".join(Body(document, placed).rendered(document.prose))
    yield re.sub(r"<p>\s*</p>\n?", "", text)
    if left:
        yield f"<h2>{'Also read' if document.prose else 'Statements'}</h2>"
        for item in left:
            yield from statement_block(document, item, None)


def placed_in(
    formulas: Sequence[Piece], shown: Sequence[Statement], anchors: Mapping[int, str]
) -> tuple[dict[tuple[int, int], list[Shown]], list[Shown]]:
    """The lines of every statement by the formula they stand in, and the statements that stand in none."""
    starts = [piece.start for piece in formulas]
    placed: dict[tuple[int, int], list[Shown]] = {}
    left = []
    for statement in shown:
        groups: dict[tuple[int, int], list[int]] = {}
        for position, line in enumerate(statement.lines):
            k = bisect_right(starts, (line.line, line.column)) - 1
            if k >= 0 and (line.line, line.column) <= formulas[k].end:
                groups.setdefault(starts[k], []).append(position)
            elif groups:
                groups[next(reversed(groups))].append(position)
        if not statement.lines and (near := next_start(starts, statement.line)) is not None:
            groups[near] = []
        anchor = anchors[id(statement)]
        if not groups:
            left.append(Shown(statement, tuple(range(len(statement.lines))), anchor))
        for number, (start, positions) in enumerate(groups.items()):
            name = anchor if number == 0 else f"{anchor}--part{number + 1}"
            item = Shown(statement, tuple(positions), name, whole=number == 0)
            placed.setdefault(start, []).append(item)
    return placed, left


def next_start(starts: Sequence[tuple[int, int]], line: int) -> tuple[int, int] | None:
    """The formula that begins on a line, or on the one after it, behind an opening delimiter."""
    k = bisect_right(starts, (line, 0))
    return starts[k] if k < len(starts) and starts[k][0] <= line + 1 else None


class Body:
    """Writes the pieces of a document, with the statements in the place of the formulas that make them."""

    def __init__(self, document: DocumentReport, placed: Mapping[tuple[int, int], Sequence[Shown]]) -> None:
        self.document, self.placed = document, placed
        self.open: list[str] = []  # phrase elements around the present piece
        self.waiting: list[str] = []  # blocks that cannot stand inside of them
        self.shift = 0
        self.skipping = False

    def rendered(self, pieces: Sequence[Piece]) -> Iterator[str]:
        pieces = without_title(pieces, self.document.title)
        self.shift = any(p.kind == "open" and p.text == "h1" for p in pieces)
        for piece in pieces:
            yield "".join(self.piece(piece))
            if not self.open and self.waiting:
                yield "\n".join([*self.waiting, ""])
                self.waiting = []

    def piece(self, piece: Piece) -> Iterable[str]:
        match piece.kind:
            case "text":
                return [escape(piece.text, quote=False)]
            case "open" | "close" if piece.text in PHRASES or piece.text in FLOW:
                return [self.tag(piece)]
            case "formula":
                return self.inline(piece)
            case "display":
                return self.display(piece)
        return []

    def tag(self, piece: Piece) -> str:
        name, closing = piece.text, piece.kind == "close"
        if name in PHRASES and not closing:
            self.open.append(name)
        elif name in PHRASES and name in self.open:
            del self.open[len(self.open) - 1 - self.open[::-1].index(name)]
        if name in HEADINGS:
            name = f"h{min(6, int(name[1]) + self.shift)}"
        if name in EMPTY:
            return "" if closing else f"<{name}>"
        return f"</{name}>\n" if closing else f"<{name}>"

    def inline(self, piece: Piece) -> Iterator[str]:
        """In the line as it is; the verdict, if there is one, below its paragraph."""
        yield formula(self.document, piece.text, display=False)
        for item in self.placed.get(piece.start, ()):
            if only_defines(item.statement):
                yield mark_only(item)
            else:
                self.waiting += statement_block(self.document, item, piece.text)

    def display(self, piece: Piece) -> Iterator[str]:
        items = self.placed.get(piece.start, ())
        if items and all(only_defines(item.statement) for item in items):
            blocks = [*definitions_block(self.document, items, piece.text)]
        else:
            blocks = [row for item in items for row in statement_block(self.document, item, piece.text)]
        if not any(item.positions for item in items):
            blocks = [self.unjudged(piece), *blocks]
        if self.open == ["p"]:
            yield "\n".join(["</p>", *blocks, "<p>"])
        elif not self.open:
            yield "\n".join(blocks)
        else:
            yield formula(self.document, piece.text)
            self.waiting += blocks

    def unjudged(self, piece: Piece) -> str:
        source = piece.text
        if "\\\\" in source or "&" in source:
            source = rf"\begin{{aligned}}{source}\end{{aligned}}"
        shown = mathml(source, self.document.macros) or formula(self.document, piece.text)
        return f'<div class="formula">{shown}</div>'


def without_title(pieces: Sequence[Piece], title: str) -> Sequence[Piece]:
    """The title stands at the head of the page already."""
    first = next((k for k, p in enumerate(pieces) if p.kind == "open" and p.text in HEADINGS), None)
    if first is None:
        return pieces
    last = next(k for k, p in enumerate(pieces) if k > first and p.kind == "close" and p.text == pieces[first].text)
    words = "".join(p.text for p in pieces[first : last + 1] if p.kind not in ("open", "close"))
    same = words.split() == title.split()
    return [*pieces[:first], *pieces[last + 1 :]] if same else pieces


def only_defines(statement: Statement) -> bool:
    return statement.kind is Kind.DEFINITION and not any(line.judgement or fails(line) for line in statement.lines)


def mark_only(item: Shown) -> str:
    return f'<span id="{item.anchor}" class="verdict definition inline" title="definition">{DEFINITION.symbol}\
<span class="hidden"> (definition)</span></span>'


# -------------------------------------------------------------------------------------- symbols


def symbol_table(document: DocumentReport) -> Iterator[str]:
    if not document.symbols:
        return
    yield '<section aria-labelledby="symbols"><h2 id="symbols">Symbols</h2><div class="scroll"><table>'
    columns = ("symbol", "kind", "shape", "from", "line")
    yield f"<thead><tr>{''.join(f'<th scope=col>{c}</th>' for c in columns)}</tr></thead><tbody>"
    for row in document.symbols:
        shape = formula(document, r" \times ".join(row.shape)) if row.shape else ""
        cells = (escape(row.kind), shape, escape(row.origin), str(row.line or ""))
        yield f'<tr><th scope="row">{formula(document, row.latex)}</th>{"".join(f"<td>{c}</td>" for c in cells)}</tr>'
    yield "</tbody></table></div></section>"


# ---------------------------------------------------------------------------------------- index


def index(documents: Sequence[tuple[DocumentReport, str]]) -> str:
    return "\n".join(index_rows(documents)) + "\n"


def index_rows(documents: Sequence[tuple[DocumentReport, str]]) -> Iterator[str]:
    totals = tally(document for document, _ in documents)
    yield from opening("Reports")
    yield '<main id="document"><h1>Reports</h1>'
    yield f'<p class="meta">{plural(len(documents), "document")}. {escape(plain(counted(totals)))}</p>'
    verdicts = [v for v in Verdict if totals[v]]
    asides = [name for name in ASIDES if getattr(totals, name)]
    yield '<div class="scroll"><table class="index"><thead><tr><th scope="col">document</th>'
    columns = [*(v.value for v in verdicts), *asides, "as expected"]
    yield "".join(f'<th scope="col" class="number">{c}</th>' for c in columns) + "</tr></thead><tbody>"
    for document, name in documents:
        link = f'<a href="{escape(name)}.html">{escape(document.title or document.path)}</a>'
        yield index_row(link, tally([document]), verdicts, asides)
    yield index_row("all", totals, verdicts, asides) + "</tbody></table></div></main>"
    yield from closing()


def index_row(name: str, counts: Tally, verdicts: Sequence[Verdict], asides: Sequence[str]) -> str:
    cells = [count_cell(counts[v], v) for v in verdicts]
    cells += [number_cell(str(getattr(counts, aside) or ""), aside) for aside in asides]
    met = "yes" if counts.as_expected else "<strong>no</strong>"
    return f'<tr><th scope="row">{name}</th>{"".join(cells)}{number_cell(met, "as expected")}</tr>'


def count_cell(count: int, verdict: Verdict) -> str:
    shown = badge(MARKS[verdict], str(count), verdict.value) if count else ""
    return number_cell(shown, verdict.value)


def number_cell(shown: str, column: str) -> str:
    """On narrow screens the column's name stands in the cell."""
    return f'<td class="number" data-column="{column}">{shown}</td>'
