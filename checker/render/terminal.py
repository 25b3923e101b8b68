"""The report on a terminal: every line as its author wrote it, its verdict, and why.

Text only; what can be seen in colour can also be read without it.  ``Terminal`` prints document by
document, so that a long run shows what it has found.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Literal, TextIO

from rich.console import Console
from rich.text import Text

from checker.render.marks import ASIDE, DEFINITION, MARKS, UNEXPECTED, Mark, Theme, mark_of, style_of
from checker.render.pictures import packed, pictures
from checker.render.sides import both_marked
from checker.render.words import (
    KIND_WORDS,
    assignments,
    expectation_words,
    explanation,
    flat,
    marked,
    note,
    one_line,
    own_id,
    place,
    plural,
    point,
    verdict_words,
)
from checker.render.wrap import wrap
from checker.results import Counterexample, DocumentReport, Judgement, Kind, Line, Report, Statement, Verdict
from checker.tally import Tally, disagrees, fails, is_definition, tally

PIPE_WIDTH = 100
SIDES = ("left, in full", "right, in full (* differs)")
NARROWEST = 40
QUIET, NORMAL, VERBOSE = 0, 1, 2
Row = Text


def open_console(stream: TextIO, width: int | None = None) -> Console:
    """A console on ``stream``: coloured on a terminal, plain in a pipe, under ``NO_COLOR`` and ``TERM=dumb``."""
    plain = not stream.isatty() or bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    fixed = width or (None if stream.isatty() else PIPE_WIDTH)
    system: Literal["auto"] | None = None if plain else "auto"
    return Console(
        file=stream, width=fixed, color_system=system, highlight=False, markup=False, emoji=False, legacy_windows=False
    )


def speaks_unicode(stream: TextIO) -> bool:
    try:
        "✓≔│↳⎡…".encode(stream.encoding or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


class Terminal:
    """Prints reports; ``verbosity`` is QUIET (the summary only), NORMAL or VERBOSE (every line in full)."""

    def __init__(
        self,
        stream: TextIO,
        *,
        verbosity: int = NORMAL,
        strict: bool = False,
        sizes: bool = False,
        width: int | None = None,
    ) -> None:
        self.console = open_console(stream, width)
        self.verbosity, self.strict, self.sizes = verbosity, strict, sizes
        self.theme = Theme(speaks_unicode(stream))
        self.width = max(self.console.width, NARROWEST)

    def document(self, document: DocumentReport) -> None:
        if self.verbosity > QUIET:
            self.print(self.document_rows(document))

    def summary(self, report: Report) -> None:
        self.print(summary_rows(report, self.strict, self.theme, self.width))

    def print(self, rows: Iterator[Row]) -> None:
        for row in rows:
            row.rstrip()
            self.console.print(row, soft_wrap=True)

    # ------------------------------------------------------------------------------- documents

    def document_rows(self, document: DocumentReport) -> Iterator[Row]:
        yield from self.title_rows(document)
        if document.error is not None:
            yield from self.bar_rows([("cannot be read", document.error)], UNEXPECTED)
        listed = [s for s in document.statements if self.listed(s)]
        short = [s for s in listed if not self.in_full(s)]
        column = min(max((len(self.title(document, s)) for s in short), default=0), 24)
        for statement in listed:
            if self.in_full(statement):
                yield from self.statement_rows(document, statement)
            else:
                yield from self.short_rows(document, statement, column)
        yield Text()

    def title_rows(self, document: DocumentReport) -> Iterator[Row]:
        row = Text(document.path, style="bold")
        aside = [document.title] if document.title else []
        if document.layout is not None:
            aside.append(f"{document.layout} layout")
        text = f" {self.theme.dot} ".join(aside)
        if len(row) + 2 + len(text) <= self.width:
            yield row.append(f"  {text}", style="dim")
            return
        yield row
        yield from (Text(f"  {part}", style="dim") for part in aside)

    def listed(self, statement: Statement) -> bool:
        """Declarations and hypotheses are shown when they carry a verdict or everything is asked for."""
        quiet = statement.kind in (Kind.DECLARATION, Kind.HYPOTHESIS)
        return not quiet or self.verbosity >= VERBOSE or any(line.judgement for line in statement.lines)

    def in_full(self, statement: Statement) -> bool:
        """A statement whose every line is proved, as it should be, takes one row."""
        if self.verbosity >= VERBOSE or any(fails(line, self.strict) for line in statement.lines):
            return True
        return any(line.judgement and line.judgement.verdict is not Verdict.PROVED for line in statement.lines)

    @staticmethod
    def title(document: DocumentReport, statement: Statement) -> Text:
        """``0.1:12``, id and line; a statement without an id of its own is ``line 12``."""
        name = own_id(document, statement)
        if name is None:
            return Text(f"line {statement.line}", style="bold")
        return Text(name, style="bold").append(f":{statement.line}", style="dim")

    # ---------------------------------------------------------- a statement on one row, or in full

    def short_rows(self, document: DocumentReport, statement: Statement, column: int) -> Iterator[Row]:
        mark, style = statement_mark(statement, self.strict)
        words = statement_words(statement)
        title = self.title(document, statement)
        if title.plain == f"line {statement.line}":
            words = words.replace(f"definition, {title.plain}", "definition")
        row = Text("  ").append(f"{self.theme.symbol(mark)} ", style=style).append(title)
        row.append(" " * (column - len(title)))
        if len(row) + len(words) + 2 > self.width:
            yield row
            row = Text("   ")
        row.append(f"  {words}  ", style=style)
        room = self.width - len(row)
        source = " = ".join(one_line(line.latex) for line in statement.lines)
        yield row.append(self.elided(source, room), style="dim") if room >= 12 else row

    def elided(self, text: str, width: int) -> str:
        if len(text) <= width:
            return text
        dots = f" {self.theme.ellipsis}"
        return wrap(text, width - len(dots))[0] + dots

    def statement_rows(self, document: DocumentReport, statement: Statement) -> Iterator[Row]:
        header = Text("  ").append(self.title(document, statement))
        kind = KIND_WORDS.get(statement.kind)
        yield header.append(f"  {kind}" if kind else "", style="dim")
        for position, line in enumerate(statement.lines):
            yield from self.line_rows(document, statement, line, position)
        if (said := note(statement)) is not None:
            yield from self.bar_rows([("", said)], "dim")

    def line_rows(self, document: DocumentReport, statement: Statement, line: Line, position: int) -> Iterator[Row]:
        """``✓ proved  = D_{ik} \\delta_{jl}``, then, under a bar, all there is to say of it."""
        style = style_of(line, self.strict)
        margin, sign = "", "" if position == 0 else "= "
        if line.judgement is not None or is_definition(statement, line):
            word = line.judgement.verdict.value if line.judgement is not None else "definition"
            margin = f"{self.theme.symbol(mark_of(line))} {word}"
        indent = 4 + 14 + 2
        carets = marked(line)
        for number, source in enumerate(wrap(one_line(line.latex), self.width - indent)):
            row = Text("    ").append((margin if number == 0 else "").ljust(14), style=style)
            yield row.append((sign if number == 0 else "").rjust(2)).append(source)
            here, carets = carets[: len(source)], carets[len(source) + 1 :]
            if here.strip():
                yield Text(" " * indent).append(here.rstrip(), style=style)
        if line.judgement is not None:
            yield from self.judgement_rows(document, line, line.judgement)
        elif fails(line, self.strict):
            yield from self.bar_rows([(place(document, line), verdict_words(line))], UNEXPECTED)

    def judgement_rows(self, document: DocumentReport, line: Line, judgement: Judgement) -> Iterator[Row]:
        if judgement.verdict is not Verdict.PROVED or fails(line, self.strict):
            style = UNEXPECTED if fails(line, self.strict) else "dim"
            yield from self.bar_rows([(place(document, line), expectation_words(line))], style)
        proved = judgement.verdict is Verdict.PROVED
        yield from self.bar_rows(explanation(judgement), "dim" if proved else "")
        if judgement.counterexample is not None:
            yield from self.counterexample_rows(judgement.counterexample)
        if self.sizes and (judgement.points or judgement.tried):
            yield from self.bar_rows([("evaluated", evaluated(judgement))], "dim")

    def bar_rows(self, facts: Iterator[tuple[str, str]] | list[tuple[str, str]], style: str) -> Iterator[Row]:
        for label, text in facts:
            head = f"{label}  " if label else ""
            wide = len(head) + len(text) + 8 <= self.width
            hang = 0 if wide else min(len(head), 12)
            rows = wrapped_words(head + text, self.width - 8, hang)
            for row in rows:
                yield Text(f"      {self.theme.bar} ", style="dim").append(row, style=style)

    def counterexample_rows(self, found: Counterexample) -> Iterator[Row]:
        where, room = point(found), self.width - 10
        yield from self.bar_rows([("counterexample", f"at {where}" if where else "")], "")
        drawn = [p for name, value in found.values.items() for p in pictures(name, value, self.theme.unicode, room)]
        sides = [("left", found.left), ("right", found.right)]
        rows = packed(drawn, room) + [f"{label:<5} = {flat(value)}" for label, value in sides]
        if (whole := both_marked(found, lambda entry: f"{entry}*")) is not None:
            full = [p for side in zip(SIDES, whole, strict=True) for p in pictures(*side, self.theme.unicode, room)]
            rows += packed(full, room)
        for row in rows:
            for part in wrapped_words(row, room, 8) if len(row) > room else [row]:
                yield Text(f"      {self.theme.bar}   ", style="dim").append(part)


# ------------------------------------------------------------------------------------- pieces


def statement_mark(statement: Statement, strict: bool) -> tuple[Mark, str]:
    """The mark of the statement's worst line."""
    judged = [line for line in statement.lines if line.judgement is not None]
    if judged:
        worst = min(judged, key=lambda line: severity(line, strict))
        return mark_of(worst), style_of(worst, strict)
    if any(is_definition(statement, line) for line in statement.lines):
        return DEFINITION, DEFINITION.colour
    return ASIDE, ASIDE.colour


def severity(line: Line, strict: bool) -> tuple[bool, int]:
    order = (Verdict.WRONG, Verdict.CARRIED, Verdict.UNREADABLE, Verdict.UNDECIDED, Verdict.TESTED, Verdict.PROVED)
    assert line.judgement is not None
    return not fails(line, strict), order.index(line.judgement.verdict)


def statement_words(statement: Statement) -> str:
    """``proved``, ``4 proved``, ``definition, 3 proved``, ``skipped`` …: for a statement that is as it should be."""
    if statement.kind in KIND_WORDS and not any(line.judgement for line in statement.lines):
        return KIND_WORDS[statement.kind]
    words = [
        verdict_words(line) or "definition"
        for line in statement.lines
        if line.judgement or is_definition(statement, line)
    ]
    counted = ((word, words.count(word)) for word in dict.fromkeys(words))
    return ", ".join(word if n == 1 else f"{n} {word}" for word, n in counted) or "nothing to judge"


def evaluated(judgement: Judgement) -> str:
    """``12 points: m = 1, n = 2; m = 2, n = 1``."""
    points = plural(judgement.points, "point")
    tried = "; ".join(filter(None, map(assignments, judgement.tried)))
    return f"{points}: {tried}" if tried else points


def wrapped_words(text: str, width: int, hang: int = 0) -> list[str]:
    """Prose and formulas in rows of ``width``, the second and later ones indented by ``hang``."""
    rows: list[str] = []
    for paragraph in text.splitlines() or [""]:
        first = wrap_keeping(paragraph, width)
        rows.append(first[0])
        if len(first) > 1:
            rest = paragraph[len(first[0]) :].lstrip()
            rows += [" " * hang + row for row in wrap_keeping(rest, width - hang)]
    return rows


def wrap_keeping(text: str, width: int) -> list[str]:
    """Break at spaces as late as possible; inside a word only if it is wider than a row."""
    rows = []
    while len(text) > width:
        cut = text.rfind(" ", 1, width + 1)
        cut = width if cut <= 0 else cut
        rows.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*rows, text]


def summary_rows(report: Report, strict: bool, theme: Theme, width: int) -> Iterator[Row]:
    counts = tally(report.documents, strict)
    for verdict, mark in MARKS.items():
        if counts[verdict] or verdict is Verdict.PROVED:
            stated = stated_words(verdict, counts)
            yield (
                Text("  ")
                .append(f"{theme.symbol(mark)} {verdict.value:<12}", style=mark.colour)
                .append(f"{counts[verdict]:>6}")
                .append(stated, style="dim")
            )
    others = [plural(counts.definitions, "definition")] if counts.definitions else []
    others += [f"{counts.skipped} skipped"] if counts.skipped else []
    if others:
        yield Text(f"  {theme.symbol(ASIDE)} {', '.join(others)}", style="dim")
    good = counts.as_expected and not report.problems
    for row in wrapped_words(sentence(report, counts), width):
        yield Text(row, style="bold green" if good else UNEXPECTED)


def stated_words(verdict: Verdict, counts: Tally) -> str:
    stated = counts.as_stated[list(Verdict).index(verdict)]
    if verdict is Verdict.PROVED or not stated:
        return ""
    return "  as stated" if stated == counts[verdict] else f"  {stated} as stated"


def sentence(report: Report, counts: Tally) -> str:
    size = f"{plural(counts.lines, 'line')} in {plural(len(report.documents), 'document')}"
    if any(map(disagrees, report.documents)):
        return f"{size}: the two judges contradict each other. This is a defect of the checker; please report it."
    if not counts.as_expected or report.problems:
        unexpected = counts.unexpected + len(report.problems)
        return f"{size}: {unexpected} not as expected."
    return f"{size}: all as expected." if counts.lines else f"{size}: nothing to judge."
