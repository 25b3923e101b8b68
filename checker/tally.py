"""Counting verdicts, and what they amount to: which lines fail a run, and its exit status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.results import DocumentReport, Kind, Line, Report, Statement, Verdict

OK, FAILED, UNREADABLE_FILE, DISAGREEMENT = 0, 1, 2, 3
FAILS_BY_DEFAULT = (Verdict.WRONG, Verdict.CARRIED)


@dataclass(frozen=True)
class Tally:
    """How many lines have each verdict; ``unexpected`` counts those that fail the run."""

    verdicts: tuple[int, ...]  # in the order of Verdict
    as_stated: tuple[int, ...]  # of these, how many carry the verdict that the document states
    skipped: int
    definitions: int
    unexpected: int

    def __getitem__(self, verdict: Verdict) -> int:
        return self.verdicts[list(Verdict).index(verdict)]

    @property
    def lines(self) -> int:
        return sum(self.verdicts)

    @property
    def as_expected(self) -> bool:
        return self.unexpected == 0


def fails(line: Line, strict: bool = False) -> bool:
    """Whether a line fails the run.

    A verdict that the document states must be met, with its reason if one is stated.  Where none is
    stated, wrong and carried fail, and if ``strict`` everything but proved.  A definition holds because it
    is one: it fails when the document states anything but *proved* of it.
    """
    if line.judgement is None:
        return line.expected not in (None, Verdict.PROVED.value)
    if line.expected is not None:
        return not line.as_expected
    if strict:
        return line.judgement.verdict is not Verdict.PROVED
    return line.judgement.verdict in FAILS_BY_DEFAULT


def is_definition(statement: Statement, line: Line) -> bool:
    return line.definition or (statement.kind is Kind.DEFINITION and statement.lines[1:2] == (line,))


def tally(documents: Iterable[DocumentReport], strict: bool = False) -> Tally:
    counts = dict.fromkeys(Verdict, 0)
    stated = dict.fromkeys(Verdict, 0)
    skipped = definitions = unexpected = 0
    for document in documents:
        unexpected += document.error is not None
        for statement in document.statements:
            skipped += statement.kind is Kind.SKIPPED
            for line in statement.lines:
                definitions += is_definition(statement, line)
                unexpected += fails(line, strict)
                if line.judgement is not None:
                    counts[line.judgement.verdict] += 1
                    stated[line.judgement.verdict] += bool(line.as_expected)
    return Tally(tuple(counts.values()), tuple(stated.values()), skipped, definitions, unexpected)


def disagrees(document: DocumentReport) -> bool:
    return any(line.judgement is not None and line.judgement.reason == "disagreement" for line in document.judged())


def exit_status(report: Report, strict: bool = False) -> int:
    """3 the judges contradict each other, 2 something could not be read at all, 1 a line fails, 0 all as expected."""
    if any(map(disagrees, report.documents)):
        return DISAGREEMENT
    if report.problems or any(document.error is not None for document in report.documents):
        return UNREADABLE_FILE
    return OK if tally(report.documents, strict).as_expected else FAILED
