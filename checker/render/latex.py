"""A document's report as a LaTeX page for pdflatex, and the index of several.

Needs amsmath, amssymb, booktabs, xcolor and hyperref, and TikZ where there is a drawing; nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from checker.render import latex_networks, tex
from checker.render.markdown import boxed, counted, symbol, value_source
from checker.render.sides import both_marked
from checker.render.words import (
    KIND_WORDS,
    claims_and_definitions,
    explanation,
    note,
    one_line,
    own_id,
    plural,
    point,
    verdict_words,
    with_formulas,
)
from checker.results import Counterexample, DocumentReport, Line, Statement, Verdict
from checker.tally import Tally, fails, is_definition, tally

PREAMBLE = r"""\documentclass[a4paper,11pt]{article}
\usepackage{amsmath,amssymb}
\usepackage{booktabs}
\usepackage{xcolor}
\usepackage[hidelinks]{hyperref}
\setlength{\parindent}{0pt}
\setlength{\parskip}{3pt plus 1pt}
\setlength{\textwidth}{16.5cm}
\setlength{\oddsidemargin}{-3mm}
\setlength{\textheight}{24cm}
\setlength{\topmargin}{-15mm}
\raggedright
\raggedbottom
\definecolor{proved}{HTML}{1A7F37}
\definecolor{wrong}{HTML}{CF222E}
\definecolor{open}{HTML}{9A6700}
\definecolor{aside}{HTML}{57606A}
% \side{colour}{verdict}{line}{formula}: one side of a chain
\newlength{\verdictwidth}\setlength{\verdictwidth}{2.4cm}
\newcommand{\side}[4]{\par\hangindent=2.8cm\hangafter=1
  \makebox[\verdictwidth][l]{\small\textcolor{#1}{#2}}\makebox[4mm][l]{}#4\ %
  \hfill{\footnotesize\textcolor{aside}{line #3}}\par}
% \fact{label}{text}: what is said of the side above
\newcommand{\fact}[2]{\par{\leftskip=2.8cm\footnotesize\textcolor{aside}{#1}\ #2\par}}
\newcommand{\statement}[2]{\par\vspace{8pt plus 3pt}\textbf{#1}\quad{\small\textcolor{aside}{#2}}\par\nopagebreak}
"""
COLOURS = {Verdict.PROVED: "proved", Verdict.WRONG: "wrong", Verdict.CARRIED: "wrong"}
SYMBOLS = {
    Verdict.PROVED: r"$\checkmark$",
    Verdict.TESTED: r"$\approx$",
    Verdict.WRONG: r"$\times$",
    Verdict.CARRIED: r"$\hookrightarrow$",
    Verdict.UNDECIDED: "?",
    Verdict.UNREADABLE: "!",
}
ROWS_A_PAGE = 35
FORMULAS = ("should be", "or assume", "rests on", "where")
TIMES = r" \times "
NO = r"\textbf{no}"


def render(document: DocumentReport) -> str:
    return "\n".join(page(document)) + "\n"


def preamble(document: DocumentReport | None = None) -> Iterator[str]:
    yield PREAMBLE.rstrip()
    if document is not None and document.networks:
        yield latex_networks.PREAMBLE
    yield from tex.PREAMBLE
    if document is not None:
        yield from tex.macro_definitions(document.macros)
    yield r"\begin{document}"


def page(document: DocumentReport) -> Iterator[str]:
    yield from preamble(document)
    yield rf"\section*{{{tex.text(document.title or document.path)}}}"
    layout = f" {document.layout.capitalize()} layout." if document.layout else ""
    counts = tally([document])
    yield rf"Source: {tex.code(document.path)}.{layout} {counted_tex(counts)}"
    if document.error is not None:
        yield rf"\par\textbf{{The file cannot be read:}} {tex.text(document.error)}"
    claims, definitions = claims_and_definitions(document)
    for statement in claims:
        yield from statement_rows(document, statement)
    yield from definition_rows(document, definitions)
    yield from latex_networks.sections(document, partial(formula, document))
    yield from symbol_rows(document)
    yield r"\end{document}"


def counted_tex(counts: Tally) -> str:
    return tex.text(counted(counts).replace("**", ""))


# --------------------------------------------------------------------------------- statements


def statement_rows(document: DocumentReport, statement: Statement) -> Iterator[str]:
    name = own_id(document, statement)
    place = f"line {statement.line}" if name is not None else None
    aside = ", ".join(filter(None, (place, KIND_WORDS.get(statement.kind))))
    yield rf"\statement{{{tex.text(name if name is not None else f'Line {statement.line}')}}}{{{aside}}}"
    for position, line in enumerate(statement.lines):
        yield from side_rows(document, statement, line, position)
    if (said := note(statement)) is not None:
        yield rf"\fact{{}}{{{tex.text(said)}}}"


def side_rows(document: DocumentReport, statement: Statement, line: Line, position: int) -> Iterator[str]:
    colour, words = "aside", ""
    if line.judgement is not None:
        colour = COLOURS.get(line.judgement.verdict, "open")
        words = f"{SYMBOLS[line.judgement.verdict]} {line.judgement.verdict.value}"
    elif is_definition(statement, line):
        words = "definition"
    shown = formula(document, line.latex, "" if position == 0 else "= ")
    yield rf"\side{{{colour}}}{{{words}}}{{{line.line}}}{{{shown}}}" + (r"\nopagebreak" if position == 0 else "")
    if fails(line):
        yield rf"\fact{{}}{{\textbf{{{tex.text(verdict_words(line))}}}}}"
    elif line.judgement is not None and line.judgement.verdict is not Verdict.PROVED and line.expected is not None:
        yield r"\fact{}{as expected}"
    if line.judgement is None:
        return
    for label, fact in explanation(line.judgement):
        body = "; ".join(formula(document, f) for f in fact.split("; ")) if label in FORMULAS else prose(document, fact)
        yield rf"\fact{{{tex.text(label)}}}{{{body}}}"
    if line.judgement.counterexample is not None:
        yield from counterexample_rows(document, line.judgement.counterexample)


def counterexample_rows(document: DocumentReport, found: Counterexample) -> Iterator[str]:
    where = point(found)
    yield rf"\fact{{counterexample}}{{{tex.text(f'at {where}' if where else '')}}}"
    yield r"\par\nopagebreak\hspace*{2.8cm}{\footnotesize\begin{tabular}{ll}\toprule"
    for name, value in found.values.items():
        yield rf"{formula(document, symbol(document, name))} & {formula(document, value_source(value))} \\"
    yield r"\midrule" if found.values else "%"
    yield rf"left side & {formula(document, found.left)} \\"
    yield rf"right side & {formula(document, found.right)} \\"
    for side, value in zip(("left", "right"), both_marked(found, boxed) or (), strict=False):
        yield rf"{side} side, all entries & {formula(document, value_source(value))} \\"
    yield r"\bottomrule\end{tabular}}\par"


def definition_rows(document: DocumentReport, definitions: Sequence[Statement]) -> Iterator[str]:
    if definitions:
        yield r"\subsection*{Definitions}"
    for statement in definitions:
        head, body = statement.lines
        sides = f"{formula(document, head.latex)} {formula(document, body.latex, '= ')}"
        yield rf"\side{{aside}}{{}}{{{body.line}}}{{{sides}}}"


def symbol_rows(document: DocumentReport) -> Iterator[str]:
    """One row a symbol, as lines that may break over pages."""
    if not document.symbols:
        return
    yield r"\subsection*{Symbols}"
    for row in document.symbols:
        shape = f", {formula(document, TIMES.join(row.shape))}" if row.shape else ""
        words = f"{tex.text(row.kind)}{shape}, {tex.text(row.origin)}, line {row.line}"
        yield rf"\par\makebox[2.8cm][l]{{{formula(document, row.latex)}}}{words}"


# ------------------------------------------------------------------------------------- pieces


def prose(document: DocumentReport, words: str) -> str:
    """A message, its formulas in the line."""
    return with_formulas(words, lambda part: formula(document, part).replace(r"\displaystyle ", ""), tex.text)


def formula(document: DocumentReport, source: str, prefix: str = "") -> str:
    """``$…$``, or the source in typewriter letters if it is not fit to be typeset."""
    own = [name for name, _, _, _ in tex.usable(document.macros)]
    shown = tex.maths(source, own)
    if shown is None:
        return f"{prefix and '$=$ '}{tex.code(one_line(source))}"
    return rf"$\displaystyle {prefix}{shown}$"


# -------------------------------------------------------------------------------------- index


def index(documents: Sequence[tuple[DocumentReport, str]]) -> str:
    return "\n".join(index_rows(documents)) + "\n"


def index_rows(documents: Sequence[tuple[DocumentReport, str]]) -> Iterator[str]:
    totals = tally(document for document, _ in documents)
    yield from preamble()
    yield r"\section*{Reports}"
    yield rf"{plural(len(documents), 'document')}. {counted_tex(totals)}"
    rows = [index_row(link(document, name), tally([document])) for document, name in documents]
    for first in range(0, len(rows), ROWS_A_PAGE):
        yield from index_table(rows[first : first + ROWS_A_PAGE])
    yield from index_table([index_row("all", totals)])
    yield r"\end{document}"


def index_table(rows: Sequence[str]) -> Iterator[str]:
    """One piece of the index: a table does not break over pages by itself."""
    yield r"\par\medskip{\footnotesize\setlength{\tabcolsep}{3pt}\begin{tabular}{p{3.8cm}rrrrrrrrc}\toprule"
    yield rf"document & {' & '.join(v.value for v in Verdict)} & definitions & skipped & as stated \\ \midrule"
    yield from rows
    yield r"\bottomrule\end{tabular}}"


def link(document: DocumentReport, name: str) -> str:
    return rf"\href{{run:{tex.text(name)}.pdf}}{{{tex.text(document.title or document.path)}}}"


def index_row(name: str, counts: Tally) -> str:
    numbers = " & ".join(str(counts[v]) if counts[v] else "" for v in Verdict)
    others = f"{counts.definitions or ''} & {counts.skipped or ''}"
    return rf"{name} & {numbers} & {others} & {'yes' if counts.as_expected else NO} \\"
