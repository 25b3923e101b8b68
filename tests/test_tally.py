"""Which lines fail a run, and with what exit status."""

from dataclasses import replace

import pytest

from checker.results import Judgement, Line, Report, Verdict
from checker.tally import exit_status, fails, tally
from tests.render import sample


def line(
    verdict: str, reason: str | None = None, expected: str | None = None, expected_reason: str | None = None
) -> Line:
    return Line(1, 1, "x", Judgement(Verdict(verdict), reason), expected=expected, expected_reason=expected_reason)


@pytest.mark.parametrize(
    ("found", "by_default", "strict"),
    [
        (line("proved"), False, False),
        (line("tested"), False, True),
        (line("wrong", "value"), True, True),
        (line("carried"), True, True),
        (line("undecided", "outside"), False, True),
        (line("unreadable", "syntax"), False, True),
        (line("wrong", "value", "wrong"), False, False),
        (line("wrong", "value", "wrong", "shape"), True, True),
        (line("wrong", "shape", "wrong", "shape"), False, False),
        (line("proved", None, "wrong"), True, True),
        (line("wrong", "value", "proved"), True, True),
        (line("undecided", "outside", "undecided"), False, False),
        (line("undecided", "outside", "proved"), True, True),
        (Line(1, 1, "x"), False, False),
        (Line(1, 1, "x", definition=True, expected="proved"), False, False),
        (Line(1, 1, "x", definition=True, expected="wrong"), True, True),
    ],
)
def test_what_fails(found, by_default, strict):
    assert (fails(found), fails(found, strict=True)) == (by_default, strict)


def with_line(found: Line) -> Report:
    statement = replace(sample.PROVED, lines=(sample.PROVED.lines[0], found))
    return Report((replace(sample.GOOD, statements=(statement,)),))


@pytest.mark.parametrize(
    ("report", "status"),
    [
        (Report(()), 0),
        (with_line(line("proved")), 0),
        (with_line(line("wrong", "value")), 1),
        (with_line(line("wrong", "value", "wrong")), 0),
        (with_line(line("undecided", "disagreement")), 3),
        (with_line(line("undecided", "disagreement", "undecided")), 3),
        (Report((), ("x.md: there is no such file",)), 2),
        (Report((sample.BROKEN,)), 2),
        (Report((sample.BAD, sample.BROKEN)), 2),
        (Report((*with_line(line("undecided", "disagreement")).documents, sample.BROKEN)), 3),
    ],
)
def test_exit_status(report, status):
    assert exit_status(report) == status


def test_tested_fails_only_under_strict():
    report = with_line(line("tested"))
    assert (exit_status(report), exit_status(report, strict=True)) == (0, 1)


def test_counts():
    counts = tally(sample.REPORT.documents)
    assert (counts.lines, counts[Verdict.PROVED], counts[Verdict.WRONG], counts.skipped, counts.definitions) == (
        9,
        3,
        2,
        1,
        1,
    )
    assert counts.unexpected == 1
    assert tally(sample.REPORT.documents, strict=True).unexpected == 4
