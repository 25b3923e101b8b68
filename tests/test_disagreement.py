"""Were a judge to err, the run would say so: exit status 3 and a report with all it takes to see it again."""

import json

import pytest

from checker.calculus.prover import Prover
from checker.cli import main

DOCUMENT = """# A defect

Let $x, y \\in \\mathbb{R}^n$ and $a > 0$. Let $s_i = a x_i$.

$$\\sum_i s_i = a \\sum_i x_i$$

$$\\sum_i s_i y_i = a \\sum_i x_i$$
"""


@pytest.fixture
def gullible(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prover that takes the first monomial of every difference for 0."""
    honest = Prover.prove_zero

    def prove_zero(self: Prover, form: dict[object, object]) -> object:
        return honest(self, {} if form else form)  # type: ignore[arg-type]

    monkeypatch.setattr(Prover, "prove_zero", prove_zero)


@pytest.fixture
def document(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)  # type: ignore[arg-type]
    with open("notes.md", "w", encoding="utf-8") as file:
        file.write(DOCUMENT)
    return "notes.md"


@pytest.mark.usefixtures("gullible")
def test_a_defect_is_reported_and_ends_with_status_3(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", document, "--jobs", "1"]) == 3
    said = " ".join(capsys.readouterr().out.split())
    assert "disagreement: the two judges contradict each other, a defect of the checker" in said
    assert "report left: Sum(s[i]*y[i], (i, 1, n))" in said
    assert "report right: a*Sum(x[i], (i, 1, n))" in said
    assert "report definition: s[i] = a*x[i]" in said
    assert "report assumed: a > 0" in said
    assert "report seed: " in said
    assert "report versions: " in said
    assert "please report it" in said


@pytest.mark.usefixtures("gullible")
def test_the_report_is_in_the_data_as_well(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", document, "--format", "json"]) == 3
    statements = json.loads(capsys.readouterr().out)["documents"][0]["statements"]
    lines = [line for statement in statements for line in statement["lines"] if line.get("verdict")]
    assert [line["verdict"] for line in lines] == ["proved", "undecided"]
    assert lines[1]["reason"] == "disagreement"
    assert "left: Sum(s[i]*y[i], (i, 1, n))" in lines[1]["message"].splitlines()
    assert lines[1]["counterexample"] is not None


def test_without_the_defect_there_is_none(document: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", document]) == 1
    assert "disagreement" not in capsys.readouterr().out
