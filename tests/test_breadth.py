"""Documents in the families of the corpora, with other claims, letters and wordings; each line states its verdict.

Their labels were checked numerically, by finite differences, apart from this project.  ``gaps.txt`` lists the lines
that the checker does not reach, with the reason.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from checker import check_text
from checker.results import DocumentReport, Line, Verdict

BREADTH = Path(__file__).parent / "breadth"
NAMES = tuple(sorted(path.name for path in BREADTH.glob("*.md")))
ID = re.compile(r"<!-- id: (\S+)")
STATED = tuple((name, claim) for name in NAMES for claim in ID.findall((BREADTH / name).read_text(encoding="utf-8")))
UNDECIDED = (Verdict.TESTED, Verdict.UNDECIDED, Verdict.UNREADABLE)


@cache
def gaps() -> dict[str, str]:
    lines = (BREADTH / "gaps.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.partition(": ") for line in lines if line and not line.startswith("#"))
    return {name: reason for name, _, reason in rows}


@cache
def report_on(name: str) -> DocumentReport:
    return check_text((BREADTH / name).read_text(encoding="utf-8"), name)


def judged(name: str, claim: str) -> list[Line]:
    (statement,) = [s for s in report_on(name).statements if s.id == claim]
    return [line for line in statement.lines if line.judgement is not None]


def shown(line: Line) -> str:
    found = line.judgement
    assert found is not None
    return f"line {line.line}: {line.latex}\n  expected {line.expected}, found {found.verdict.value}: {found.message}"


def test_every_gap_is_a_claim_with_a_reason() -> None:
    assert gaps().keys() <= {claim for _, claim in STATED}
    assert all(gaps().values())


@pytest.mark.parametrize(("name", "claim"), STATED, ids=["/".join(pair) for pair in STATED])
def test_a_claim_is_judged_as_it_states(name: str, claim: str) -> None:
    lines = judged(name, claim)
    assert lines
    missed = [line for line in lines if not line.as_expected]
    if claim in gaps():
        assert missed, f"{claim} is judged as it states: take it out of gaps.txt"
        assert all(line.judgement is not None and line.judgement.verdict in UNDECIDED for line in missed)
    else:
        assert not missed, "\n".join(map(shown, missed))
