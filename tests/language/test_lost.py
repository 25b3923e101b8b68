"""What rests on a definition that cannot be taken in is not judged, neither true nor false."""

from __future__ import annotations

import pytest

from checker import check_text
from checker.results import Verdict

SHAPES = "Let $x \\in \\mathbb{R}^{n}$ and $A \\in \\mathbb{R}^{n \\times n}$. "
UNREAD = (
    "Let $y = \\foo x$.",  # cannot be parsed
    "Let $y = A^{\\dagger} x$.",  # cannot be lowered
    "Let $y_i = x_{i-j+n}$.",  # leaves an index open
    "Let $y \\in \\mathbb{R}^{n}$ and $y = A x + A$.",  # cannot fit
    "Let $y_{q} = \\foo x$.",
)
RESTING = (
    "\\frac{\\partial y_i}{\\partial x_k} = 0",
    "\\frac{\\partial y_i}{\\partial x_k} = A_{ik}",
)


def verdicts(text: str) -> list[Verdict]:
    lines = [line for s in check_text(text, "t.md").statements for line in s.lines]
    return [line.judgement.verdict for line in lines if line.judgement is not None]


@pytest.mark.parametrize("definition", UNREAD)
@pytest.mark.parametrize("claim", RESTING)
def test_a_claim_that_rests_on_it_is_unreadable(definition: str, claim: str) -> None:
    assert verdicts(f"{SHAPES}{definition}\n\n$${claim}$$\n")[-1] is Verdict.UNREADABLE


@pytest.mark.parametrize("definition", UNREAD)
def test_so_is_what_depends_on_it(definition: str) -> None:
    text = (
        f"{SHAPES}{definition} Let $E$ be a scalar function of $y$.\n\n$$\\frac{{\\partial E}}{{\\partial x_k}} = 0$$\n"
    )
    assert verdicts(text)[-1] is Verdict.UNREADABLE


@pytest.mark.parametrize("definition", UNREAD)
def test_other_claims_keep_their_verdicts(definition: str) -> None:
    text = f"{SHAPES}{definition}\n\n$$\\frac{{\\partial}}{{\\partial x_k}} x_i = \\delta_{{ik}}$$\n"
    assert verdicts(text)[-1] is Verdict.PROVED


def test_a_definition_in_a_display_of_its_own() -> None:
    text = f"{SHAPES}\n\n$$y = \\foo x$$\n\n$$\\frac{{\\partial y_i}}{{\\partial x_k}} = 0$$\n"
    assert verdicts(text)[-1] is Verdict.UNREADABLE


def test_what_is_then_defined_in_full_is_judged() -> None:
    text = f"{SHAPES}Let $y = \\foo x$.\n\nLet $y = A x$.\n\n$$\\frac{{\\partial y_i}}{{\\partial x_k}} = A_{{ik}}$$\n"
    assert verdicts(text)[-1] is Verdict.PROVED
