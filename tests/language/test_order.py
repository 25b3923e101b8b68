"""What a formula uses may be defined behind it, in the same sentence or the same display."""

from __future__ import annotations

import pytest

from checker import check_text
from checker.results import Kind, Verdict


def judged(text: str) -> list[Verdict]:
    report = check_text(text, "t.md")
    return [line.judgement.verdict for s in report.statements for line in s.lines if line.judgement is not None]


@pytest.mark.parametrize(
    ("definitions", "factor", "verdict"),
    [
        ("y = f w$ with $w = x^2", "3", Verdict.PROVED),
        ("y = f w$ with $w = x^2", "2", Verdict.WRONG),
        ("y = x v$, where $v = w$ and $w = x^2", "3", Verdict.PROVED),
        ("y = x v$, where $v = w$ and $w = x^2", "1", Verdict.WRONG),
    ],
)
def test_a_sentence_may_define_from_behind(definitions: str, factor: str, verdict: Verdict) -> None:
    text = f"Let $x \\in \\mathbb{{R}}$ and $f = x$. Let ${definitions}$.\n\n$$\\frac{{dy}}{{dx}} = {factor} x^2$$\n"
    assert judged(text)[-1] is verdict


@pytest.mark.parametrize(
    ("right", "verdict"),
    [("2 w \\cos x, \\quad w = \\sin x", Verdict.PROVED), ("3 w \\cos x, \\quad w = \\sin x", Verdict.WRONG)],
)
@pytest.mark.parametrize("more", ["", ", \\quad q = w + 1"])
def test_a_display_may_define_from_behind(right: str, verdict: Verdict, more: str) -> None:
    text = (
        f"Let $x \\in \\mathbb{{R}}$.\n\n$$\\frac{{d}}{{dx}} \\sin^2 x = {right}{more}$$\n"
        f"<!-- id: it -->\n<!-- expect: {verdict.value} -->\n"
    )
    _, claim, *definitions = check_text(text, "t.md").statements
    assert claim.id == "it"
    assert [s.kind for s in definitions] == [Kind.DEFINITION] * len(definitions)
    assert all(line.as_expected for line in claim.lines if line.judgement is not None)


def test_definitions_behind_definitions() -> None:
    text = "Let $x \\in \\mathbb{R}$.\n\n$$\\frac{d}{dx} x^3 = \\frac{3}{2} v, \\quad v = 2 w, \\quad w = x^2$$\n"
    assert judged(text) == [Verdict.PROVED]


def test_names_that_are_known_are_claims_in_their_order() -> None:
    text = "Let $x \\in \\mathbb{R}$ and $w = x$.\n\n$$\\frac{d}{dx} x^2 = 2 w, \\quad w = x^2$$\n"
    assert judged(text) == [Verdict.PROVED, Verdict.WRONG]
