"""A document as it was understood: symbols, shapes, definitions, and on request the SymPy source of every side."""

from __future__ import annotations

from collections.abc import Iterator

from checker.render.words import KIND_WORDS, note, one_line, own_id
from checker.results import DocumentReport, SymbolRow


def render(document: DocumentReport, sympy: bool = False) -> str:
    rows = list(sympy_rows(document) if sympy else understood(document))
    return "\n".join([*title(document), *rows]) + "\n"


def title(document: DocumentReport) -> Iterator[str]:
    layout = f", {document.layout} layout" if document.layout else ""
    yield f"{document.path}: {document.title or 'no title'}{layout}"
    if document.error is not None:
        yield f"  cannot be read: {document.error}"


def understood(document: DocumentReport) -> Iterator[str]:
    rows = [symbol_cells(row) for row in document.symbols]
    if rows:
        yield ""
        yield "symbols"
        widths = [max(len(row[k]) for row in rows) for k in range(3)]
        for row in rows:
            cells = [cell.ljust(w) for cell, w in zip(row, widths, strict=False)]
            yield "  " + "  ".join([*cells, row[3]]).rstrip()
    yield ""
    yield "statements"
    for statement in document.statements:
        kind = KIND_WORDS.get(statement.kind, statement.kind.value)
        source = " = ".join(one_line(line.latex) for line in statement.lines if line.latex) or statement.message or ""
        name = own_id(document, statement)
        yield "  " + "  ".join(filter(None, (name, f"line {statement.line}", kind)))
        if source:
            yield f"      {one_line(source)}"
        said = note(statement)
        if said and source != said:
            yield f"      ({one_line(said)})"


def symbol_cells(row: SymbolRow) -> tuple[str, str, str, str]:
    shape = f"({', '.join(row.shape)})" if row.shape else ""
    definition = f": {one_line(row.definition)}" if row.definition else ""
    return row.latex, row.kind, shape, f"{row.origin}, line {row.line}{definition}"


def sympy_rows(document: DocumentReport) -> Iterator[str]:
    for place, source in document.encoding_sympy:
        yield f"{place}  {source}"
