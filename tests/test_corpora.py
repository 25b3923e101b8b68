"""The harness of the public corpora: it hides the answers, and a mistake cannot get past it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import corpora
from checker.results import DocumentReport, Judgement, Kind, Line, Statement, Verdict

DOCUMENT = """# Two claims

$$ a = a $$
<!-- id: yes -->
<!-- expect: proved -->

$$ a = b = c $$
<!-- id: no -->
<!-- expect: wrong carried -->
<!-- slip: letter -->
"""

Said = dict[str, tuple[Verdict, ...]]


def saying(verdicts: Said) -> Callable[[str, str], DocumentReport]:
    """A checker that says what it is told to, and refuses a text that still has answers in it."""

    def check_text(text: str, path: str) -> DocumentReport:
        assert "expect" not in text
        assert "slip" not in text
        assert text.count("\n") == DOCUMENT.count("\n")
        statements = tuple(
            Statement(name, Kind.CLAIM, 3, (Line(3, 4, "a"), *(Line(3, 8, "b", Judgement(v)) for v in given)))
            for name, given in verdicts.items()
        )
        return DocumentReport(path, "Two claims", None, (), statements)

    return check_text


TRUTH: Said = {"yes": (Verdict.PROVED,), "no": (Verdict.WRONG, Verdict.CARRIED)}


@pytest.mark.parametrize(
    ("change", "status", "disagreements"),
    [
        ({}, 0, 0),
        ({"yes": (Verdict.WRONG,)}, 1, 1),
        ({"yes": (Verdict.CARRIED,)}, 1, 1),
        ({"yes": (Verdict.UNDECIDED,)}, 0, 1),
        ({"no": (Verdict.PROVED, Verdict.CARRIED)}, 1, 1),
        ({"no": (Verdict.WRONG, Verdict.PROVED)}, 1, 1),
        ({"no": (Verdict.TESTED, Verdict.UNREADABLE)}, 0, 2),
        ({"no": (Verdict.WRONG,)}, 0, 2),  # a line is missing: neither of the two is passed over
        ({"no": ()}, 0, 2),
    ],
)
def test_the_status_tells_a_mistake_from_a_gap(
    change: Said,
    status: int,
    disagreements: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "two-claims.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    monkeypatch.setattr(corpora, "check_text", saying({**TRUTH, **change}))
    assert corpora.main([str(path), "--json"]) == status
    found = json.loads(capsys.readouterr().out)
    assert len(found["disagreements"]) == disagreements
    assert found["summary"]["mistakes"] == sum(d["mistake"] for d in found["disagreements"])


def test_every_claim_of_the_corpora_has_its_truth() -> None:
    claims = verdicts = 0
    for path, _ in corpora.documents_in([str(corpora.HOME)]):
        text = path.read_text(encoding="utf-8")
        stated = corpora.stated(text)
        assert len(stated) == text.count("<!-- id:") == text.count("<!-- expect:")
        claims += len(stated)
        verdicts += sum(map(len, stated.values()))
    assert (claims, verdicts) == (592, 626)


def test_every_source_is_that_of_a_claim() -> None:
    stated = {
        path.name: set(corpora.stated(path.read_text(encoding="utf-8")))
        for path, _ in corpora.documents_in([str(corpora.HOME)])
    }
    rows = [json.loads(line) for line in (corpora.HOME / "sources.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows if row["id"] not in stated[row["document"]]] == []
