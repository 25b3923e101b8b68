"""A defect of ours costs the statement it strikes; the others keep their verdicts."""

import importlib

import pytest

from checker import check_text
from checker.language.surface import Name

TEXT = """
Let $x \\in \\mathbb{R}^n$ and $y = 2 x$.

$$ \\sum_i y_i = 2 \\sum_i x_i $$

Let $q = 3 x$.

$$ \\sum_i q_i = 3 \\sum_i x_i $$

$$ x_i + x_i = 2 x_i $$
"""


@pytest.mark.parametrize("place", ["read_chain", "take_in"])
def test_the_others_keep_their_verdicts(monkeypatch, place):
    reading = importlib.import_module("checker.language.read")
    original = getattr(reading, place)

    def failing(desk, said, *rest):
        parts = said.parts if place == "read_chain" else said.pieces[0].rows
        if any(isinstance(p.tree, Name) and p.tree.name == "q" for p in parts) or "q" in str(parts[0].tree):
            raise KeyError("a defect")
        return original(desk, said, *rest)

    monkeypatch.setattr(reading, place, failing)
    report = check_text(TEXT)
    assert report.error is None
    found = [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]
    messages = " ".join(str(line.judgement.message) for line in report.judged() if line.judgement is not None)
    assert found.count("proved") == 2
    assert "unreadable" in found
    assert "please report it" in messages


def test_without_a_defect_all_is_read():
    found = [line.judgement.verdict.value for line in check_text(TEXT).judged() if line.judgement is not None]
    assert found == ["proved"] * 3
