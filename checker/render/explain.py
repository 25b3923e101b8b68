"""``checker explain``: one line in the long form, for a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from checker.render.pictures import packed, pictures
from checker.render.show import symbol_cells
from checker.render.terminal import evaluated
from checker.render.words import explanation, flat, one_line, own_id, point, verdict_words
from checker.render.wrap import wrap
from checker.results import Explained, LineExplained

HANG = 6
PLAIN, TITLE, LABEL, FAINT = "", "bold", "cyan", "dim"
Row = tuple[str, str]  # text, style


def rows(explained: Explained, width: int) -> Iterator[Row]:
    """The whole explanation as rows with a style each."""
    document, statement = explained.document, explained.statement
    name = own_id(document, statement)
    layout = f", {document.layout} layout" if document.layout else ""
    yield f"{document.path}: {name + ', ' if name else ''}line {statement.line}{layout}", TITLE
    yield from symbol_rows(explained)
    for line in explained.lines:
        yield from line_rows(line, width)


def symbol_rows(explained: Explained) -> Iterator[Row]:
    if not explained.symbols:
        return
    yield "", PLAIN
    yield "symbols", LABEL
    cells = [symbol_cells(row) for row in explained.symbols]
    widths = [max(len(row[k]) for row in cells) for k in range(3)]
    for row in cells:
        padded = [cell.ljust(w) for cell, w in zip(row, widths, strict=False)]
        yield "  " + "  ".join([*padded, row[3]]).rstrip(), PLAIN


def line_rows(found: LineExplained, width: int) -> Iterator[Row]:
    yield "", PLAIN
    yield f"line {found.line.line}, column {found.line.column}", TITLE
    yield from formula_rows(f"{one_line(found.head.latex)} = {one_line(found.line.latex)}", width)
    for side, written in (("left", found.left), ("right", found.right)):
        if written is not None:
            yield f"{side} side in index notation", LABEL
            yield from formula_rows(written[0], width)
            yield "  as SymPy", FAINT
            yield from formula_rows(written[1], width, FAINT)
    if found.ranges:
        yield "for all", LABEL
        yield from formula_rows("; ".join(found.ranges), width)
    for stage in found.stages:
        yield f"{stage.name}{f' ({stage.terms} terms)' if stage.terms > 1 else ''}", LABEL
        yield from formula_rows(stage.latex, width)
    if found.end is not None:
        yield "end", LABEL
        yield from formula_rows(found.end, width)
    yield from verdict_rows(found, width)


def verdict_rows(found: LineExplained, width: int) -> Iterator[Row]:
    judgement = found.line.judgement
    yield "verdict", LABEL
    if judgement is None:
        yield f"  {verdict_words(found.line) or 'not judged'}", PLAIN
        return
    yield f"  {verdict_words(found.line)}", TITLE
    for label, text in explanation(judgement):
        for row in text.splitlines() or [""]:
            for part in textwrap.wrap(f"{label}: {row}", max(width - 2, HANG), subsequent_indent="    ") or [
                f"{label}:"
            ]:
                yield f"  {part}", PLAIN
    if judgement.points:
        yield f"  evaluated at {evaluated(judgement)}", PLAIN
    example = judgement.counterexample
    if example is None:
        return
    where = point(example)
    yield f"  counterexample{f' at {where}' if where else ''}", PLAIN
    drawn = [picture for name, value in example.values.items() for picture in pictures(name, value)]
    for row in [*packed(drawn, width - HANG), f"left  = {flat(example.left)}", f"right = {flat(example.right)}"]:
        yield f"    {row}", PLAIN


def formula_rows(source: str, width: int, style: str = PLAIN) -> Iterator[Row]:
    plain = re.sub(r"\\text\{([^{}]*)\}\Z", r"\1", source)  # "12 terms"
    for number, row in enumerate(wrap(plain, width - HANG)):
        yield f"{'  ' if number == 0 else '      '}{row}", style
