"""A document's report as Markdown for GitHub, and the index of several.

Formulas stand in GitHub's ``$`…`$``, whose content Markdown leaves alone; in a table a ``|`` would still end
the cell, so there it is written ``\\vert``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from checker.render import tex
from checker.render.marks import MARKS
from checker.render.networks import ROLES, caption, heading
from checker.render.pictures import depth
from checker.render.sides import both_marked
from checker.render.words import (
    KIND_WORDS,
    claims_and_definitions,
    explanation,
    flat,
    note,
    one_line,
    own_id,
    plural,
    point,
    verdict_words,
    with_formulas,
)
from checker.results import Counterexample, DocumentReport, Line, Network, Statement, Verdict
from checker.tally import Tally, fails, is_definition, tally

PROVED_ONLY = ("rests on", "where")
FORMULA_LABELS = ("should be", "rests on", "where")


def render(document: DocumentReport, pictures: Sequence[str] = ()) -> str:
    """``pictures`` are the files with the drawings of the document's networks."""
    return "\n".join(page(document, pictures)).rstrip() + "\n"


def page(document: DocumentReport, pictures: Sequence[str] = ()) -> Iterator[str]:
    counts = tally([document])
    yield f"# {escaped(document.title or document.path)}"
    yield ""
    layout = f" {document.layout.capitalize()} layout." if document.layout else ""
    yield f"Source: `{document.path}`.{layout} {counted(counts)}"
    yield ""
    if document.error is not None:
        yield f"**The file cannot be read:** {escaped(document.error)}"
    claims, definitions = claims_and_definitions(document)
    for statement in claims:
        yield from statement_rows(document, statement)
    yield from definition_rows(document, definitions)
    for network, picture in zip(document.networks, pictures, strict=False):
        yield from network_rows(document, network, picture)
    yield from symbol_rows(document)


def counted(counts: Tally) -> str:
    words = [f"{counts[v]} {v.value}" for v in Verdict if counts[v]]
    words += [plural(counts.definitions, "definition")] if counts.definitions else []
    words += [f"{counts.skipped} skipped"] if counts.skipped else []
    verdict = "" if counts.as_expected else f" **{counts.unexpected} not as expected.**"
    return f"{plural(counts.lines, 'line')} judged: {', '.join(words) or 'nothing'}.{verdict}"


# --------------------------------------------------------------------------------- statements


def statement_rows(document: DocumentReport, statement: Statement) -> Iterator[str]:
    kind = f", {KIND_WORDS[statement.kind]}" if statement.kind in KIND_WORDS else ""
    name = own_id(document, statement)
    said = note(statement)
    yield f"## {escaped(name)}" if name is not None else f"## Line {statement.line}"
    yield ""
    place = f"Line {statement.line}{kind}." if name is not None or kind else ""
    if place or said:
        yield " ".join(filter(None, (place, escaped(said) if said else "")))
        yield ""
    if not statement.lines:
        return
    yield "| line | formula | verdict | rests on, where |"
    yield "|-----:|:--------|:--------|:----------------|"
    for position, line in enumerate(statement.lines):
        definition = is_definition(statement, line)
        yield table_row(document, line, position, definition)
    yield ""
    for line in statement.lines:
        if line.judgement is not None and (line.judgement.verdict is not Verdict.PROVED or fails(line)):
            yield from detail_rows(document, line)


def table_row(document: DocumentReport, line: Line, position: int, definition: bool) -> str:
    sign = "" if position == 0 else "= "
    words = verdict_words(line) if line.judgement is not None or fails(line) else "definition" if definition else ""
    mark = f"{MARKS[line.judgement.verdict].symbol} " if line.judgement is not None else ""
    strong = "**" if fails(line) else ""
    facts = [f for f in explanation(line.judgement) if f[0] in PROVED_ONLY] if line.judgement else []
    side = formula(document, line.latex, table=True, prefix=sign)
    return f"| {line.line} | {side} | {strong}{mark}{words}{strong} | {'; '.join(labelled(document, facts))} |"


def labelled(document: DocumentReport, facts: Iterable[tuple[str, str]]) -> Iterator[str]:
    """``rests on $…$, $…$``."""
    for label, fact in facts:
        yield f"{label} {', '.join(formula(document, part, table=True) for part in fact.split('; '))}"


def detail_rows(document: DocumentReport, line: Line) -> Iterator[str]:
    assert line.judgement is not None
    yield f"Line {line.line}, column {line.column}: **{verdict_words(line)}**."
    yield ""
    for label, words in explanation(line.judgement):
        shown = formula(document, words) if label in ("should be", "or assume") else prose(document, words)
        if label not in PROVED_ONLY:
            yield f"- {label}: {shown}"
    if line.judgement.counterexample is not None:
        yield from counterexample_rows(document, line.judgement.counterexample)
    yield ""


def counterexample_rows(document: DocumentReport, found: Counterexample) -> Iterator[str]:
    where = point(found)
    yield "- counterexample" + (f" at {escaped(where)}" if where else "")
    yield ""
    yield "  | | value |"
    yield "  |:--|:------|"
    for name, value in found.values.items():
        yield f"  | {formula(document, symbol(document, name), table=True)} | {value_cell(document, value)} |"
    yield f"  | left side | {value_cell(document, found.left)} |"
    yield f"  | right side | {value_cell(document, found.right)} |"
    if (sides := both_marked(found, boxed)) is not None:
        left, right = sides
        yield f"  | left side, all entries | {value_cell(document, left)} |"
        yield f"  | right side, all entries | {value_cell(document, right)} |"


def boxed(entry: str) -> str:
    return rf"\boxed{{{entry}}}"


def value_cell(document: DocumentReport, value: Any) -> str:
    shown = formula(document, value_source(value), table=True)
    return shown.replace(r"\\", r"\cr")


def value_source(value: Any) -> str:
    """A value as LaTeX: numbers, vectors and matrices; anything else as text."""
    if depth(value) == 0:
        return flat(value)
    if depth(value) == 1:
        return rf"\left( {', '.join(map(flat, value))} \right)"
    if depth(value) == 2:
        rows = r" \\ ".join(" & ".join(map(flat, row)) for row in value)
        return rf"\begin{{pmatrix}} {rows} \end{{pmatrix}}"
    return rf"\left( {', '.join(map(value_source, value))} \right)"


def symbol(document: DocumentReport, name: str) -> str:
    """How the document writes a name; an element such as ``w_{1,2}`` is written so already."""
    written = {row.name: row.latex for row in document.symbols}
    plain = len(name) > 1 and name.isalpha()
    return written.get(name, rf"\text{{{name}}}" if plain else name)


def definition_rows(document: DocumentReport, definitions: Sequence[Statement]) -> Iterator[str]:
    if not definitions:
        return
    yield "## Definitions"
    yield ""
    yield "| line | name | definition |"
    yield "|-----:|:-----|:-----------|"
    for statement in definitions:
        head, body = statement.lines
        sides = f"{formula(document, head.latex, table=True)} | {formula(document, body.latex, table=True)}"
        yield f"| {body.line} | {sides} |"
    yield ""


def network_rows(document: DocumentReport, network: Network, picture: str) -> Iterator[str]:
    yield f"## {heading(network)}"
    yield ""
    yield f"![The quantities as boxes, an arrow from each to those computed from it]({picture})"
    yield ""
    yield escaped(caption(network))
    yield ""
    yield "| quantity | | definition | value | gradient |"
    yield "|:---------|:-|:-----------|:------|:---------|"
    for quantity in network.quantities:
        name = formula(document, quantity.latex, table=True)
        definition = formula(document, quantity.definition, table=True) if quantity.definition else ""
        numbers = [value_cell(document, v) if v is not None else "" for v in (quantity.value, quantity.gradient)]
        yield f"| {name} | {ROLES[quantity.role]} | {definition} | {' | '.join(numbers)} |"
    yield ""


def symbol_rows(document: DocumentReport) -> Iterator[str]:
    if not document.symbols:
        return
    yield "## Symbols"
    yield ""
    yield "| symbol | kind | shape | from | line |"
    yield "|:-------|:-----|:------|:-----|-----:|"
    for row in document.symbols:
        shape = formula(document, r" \times ".join(row.shape), table=True) if row.shape else ""
        yield f"| {formula(document, row.latex, table=True)} | {row.kind} | {shape} | {row.origin} | {row.line} |"


# ------------------------------------------------------------------------------------- pieces


def formula(document: DocumentReport, source: str, table: bool = False, prefix: str = "") -> str:
    """``$`…`$``, or the source in code if it is not fit to be typeset."""
    shown = tex.maths(tex.spelt_out(source, document.macros))
    if shown is None or "`" in shown:
        return code_span(prefix + one_line(source), table)
    return f"$`{prefix}{without_bars(shown) if table else shown}`$"


def prose(document: DocumentReport, words: str) -> str:
    """A message, with its formulas as such."""
    return with_formulas(" ".join(words.split()), lambda part: formula(document, part), escaped_part)


def without_bars(source: str) -> str:
    spelt = re.sub(r"\\\||\|", lambda m: r"\Vert " if m.group() == r"\|" else r"\vert ", source)
    return " ".join(spelt.split())


def code_span(source: str, table: bool = False) -> str:
    ticks = "`" * (max(map(len, re.findall("`+", source)), default=0) + 1)
    space = " " if source.startswith("`") or source.endswith("`") or not source else ""
    return f"{ticks}{space}{source.replace('|', chr(92) + '|') if table else source}{space}{ticks}"


def escaped(words: str) -> str:
    """Prose that Markdown shows as it is."""
    return escaped_part(" ".join(words.split()))


def escaped_part(words: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>#$|~&])", r"\\\1", words)


# -------------------------------------------------------------------------------------- index


def index(documents: Sequence[tuple[DocumentReport, str]]) -> str:
    """The list of all documents, each with the file name (without suffix) of its report."""
    return "\n".join(index_rows(documents)).rstrip() + "\n"


def index_rows(documents: Sequence[tuple[DocumentReport, str]]) -> Iterator[str]:
    totals = tally(document for document, _ in documents)
    yield "# Reports"
    yield ""
    yield f"{plural(len(documents), 'document')}. {counted(totals)}"
    yield ""
    yield f"| document | {' | '.join(v.value for v in Verdict)} | definitions | skipped | as expected |"
    yield f"|:---------|{'--:|' * (len(Verdict) + 2)}:-:|"
    for document, name in documents:
        title = escaped(document.title or document.path)
        yield index_row(f"[{title}]({name}.md)", tally([document]))
    yield index_row("**all**", totals)


def index_row(name: str, counts: Tally) -> str:
    numbers = " | ".join(str(counts[v]) if counts[v] else "" for v in Verdict)
    others = f"{counts.definitions or ''} | {counts.skipped or ''}"
    return f"| {name} | {numbers} | {others} | {'yes' if counts.as_expected else '**no**'} |"
