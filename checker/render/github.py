"""Annotations for GitHub Actions: one workflow command for every line that fails."""

from __future__ import annotations

from collections.abc import Iterator

from checker.render.words import facts, failing, plural, verdict_words
from checker.results import DocumentReport, Line, Report, Statement
from checker.tally import tally


def render(report: Report, strict: bool = False) -> str:
    return "".join(f"{command}\n" for command in commands(report, strict))


def commands(report: Report, strict: bool) -> Iterator[str]:
    for problem in report.problems:
        yield f"::error title=checker::{data(problem)}"
    for document in report.documents:
        if document.error is not None:
            yield f"::error file={attribute(document.path)},title=checker::{data(document.error)}"
        for statement, line in failing(document, strict):
            yield annotation(document, statement, line)
    yield f"::notice title=checker::{data(sentence(report, strict))}"


def annotation(document: DocumentReport, statement: Statement, line: Line) -> str:
    title = f"{statement.id}: {verdict_words(line)}"
    where = f"file={attribute(document.path)},line={line.line},col={line.column},title={attribute(title)}"
    return f"::error {where}::{data(facts(line))}"


def sentence(report: Report, strict: bool) -> str:
    counts = tally(report.documents, strict)
    verdict = "all as expected" if counts.as_expected else f"{counts.unexpected} not as expected"
    return f"{plural(counts.lines, 'line')} in {plural(len(report.documents), 'document')}: {verdict}"


def data(text: str) -> str:
    """A message: what a workflow command reads specially is escaped as GitHub's toolkit does."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def attribute(text: str) -> str:
    return data(text).replace(":", "%3A").replace(",", "%2C")
