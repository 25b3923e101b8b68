"""The mathematics of ``derivations/`` in other letters and notations, with other slips.

Every line of every twin states its verdict; the checker has to agree with all of them.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from checker import check_text
from checker.results import DocumentReport, Kind, Line

TWINS = Path(__file__).parent / "twins"
DOCUMENTS = tuple(sorted(path for path in TWINS.iterdir() if path.suffix in (".md", ".tex")))
ID = re.compile(r"(?:<!--|%) id: (\S+)")

IDS = tuple((path.name, name) for path in DOCUMENTS for name in ID.findall(path.read_text(encoding="utf-8")))


@cache
def report_on(name: str) -> DocumentReport:
    return check_text((TWINS / name).read_text(encoding="utf-8"), name)


def shown(line: Line) -> str:
    judgement = line.judgement
    assert judgement is not None
    expected = line.expected if line.expected_reason is None else f"{line.expected} ({line.expected_reason})"
    found = judgement.verdict.value if judgement.reason is None else f"{judgement.verdict.value} ({judgement.reason})"
    return f"line {line.line}: {line.latex}\n  expected {expected}, found {found}: {judgement.message}"


@pytest.mark.parametrize("name", [path.name for path in DOCUMENTS])
def test_nothing_of_a_twin_is_passed_over(name: str) -> None:
    report = report_on(name)
    assert report.error is None
    assert [s.id for s in report.statements if s.kind is Kind.SKIPPED] == []
    stated = [twin for document, twin in IDS if document == name]
    judged = [s.id for s in report.statements if any(line.judgement is not None for line in s.lines)]
    assert judged == stated


@pytest.mark.parametrize(("name", "twin"), IDS, ids=["/".join(pair) for pair in IDS])
def test_a_twin_is_judged_as_it_states(name: str, twin: str) -> None:
    (statement,) = [s for s in report_on(name).statements if s.id == twin]
    judged = [line for line in statement.lines if line.judgement is not None]
    assert judged
    assert all(line.expected is not None for line in judged)
    disagreements = [shown(line) for line in judged if not line.as_expected]
    assert not disagreements, "\n".join(disagreements)
