"""The benchmarks run, with tiny limits; what they print is not compared with any clock."""

from __future__ import annotations

import pytest

from benchmarks import claims
from benchmarks.claims import CHECKER, MATRICES, SYMPY, Answer, Row, numbers_at
from benchmarks.generated import ATTENTION, layers, long_document
from checker import check_text
from checker.results import DocumentReport


def verdicts(report: DocumentReport) -> list[str]:
    return [line.judgement.verdict.value for line in report.judged() if line.judgement]


def test_the_generated_documents_are_judged_as_they_are_meant():
    assert verdicts(check_text(layers(3), "layers.md")) == ["proved", "wrong"]
    assert verdicts(check_text(ATTENTION, "attention.md")) == ["proved"] * 5
    assert verdicts(check_text(long_document(5), "long.md")) == ["proved"] * 5


def test_claims_are_put_to_every_method():
    path = claims.HOME / "scalar-exp-log-1.md"
    count, rows = claims.of_document(path, 0, 5, 0.05, (3,))
    assert len(rows) == -(-count // 5)
    assert all({CHECKER, SYMPY, MATRICES, numbers_at(3)} <= set(r.answers) for r in rows)
    assert all(r.answers[CHECKER].yes is r.true for r in rows)
    assert all(r.answers[numbers_at(3)].yes in (None, r.true) for r in rows)


def test_the_table_counts_mistakes_as_such():
    rows = [
        Row("a", True, {CHECKER: Answer(True, 0.1), SYMPY: Answer(None, 0.5, "too long")}),
        Row("b", False, {CHECKER: Answer(False, 0.1), SYMPY: Answer(True, 0.5)}),
    ]
    _, _, ours, theirs = list(claims.table(rows))
    assert ours.split()[1:5] == ["1", "1", "0", "0"]
    assert theirs.split()[2:6] == ["0", "0", "1", "1"]


def test_a_claim_that_is_too_costly_for_numbers_has_no_answer():
    path = claims.HOME / "notes-attention-1.md"
    _, rows = claims.of_document(path, 0, 100, 0.0, (64,))
    assert rows[0].answers[numbers_at(64)].yes is not (not rows[0].true)


@pytest.mark.parametrize("name", ["matrix_cookbook-trace-1.md", "notes-normalization-1.md", "torch-matmul-1.md"])
def test_pytorch_differentiates_the_claims(name):
    """True claims agree and false ones differ, wherever it can tell."""
    pytest.importorskip("torch")
    rows = [claims.by_torch(j.claim, j.statement.context, 4, 5.0).yes is j.true for j in judged(name)]
    assert rows
    assert all(rows)


def test_tensorgrad_proves_some_true_claims_and_no_false_ones():
    pytest.importorskip("tensorgrad")
    asked = judged("torch-matmul-1.md")
    found = [(j.true, claims.by_tensorgrad(j.claim, j.statement.context, 5.0).yes) for j in asked]
    assert (True, True) in found
    assert (False, True) not in found


def test_whole_matrices_prove_some_true_claims_and_no_false_ones():
    found = [(j.true, claims.by_matrices(j, 5.0).yes) for j in judged("matrix_cookbook-trace-1.md")]
    found += [(j.true, claims.by_matrices(j, 5.0).yes) for j in judged("scalar-piecewise-1.md")]
    assert found.count((True, True)) >= 5
    assert (False, True) not in found


def judged(name: str) -> list[claims.Judged]:
    path = claims.HOME / name
    return list(claims.judged(path, path.read_text(encoding="utf-8")))
