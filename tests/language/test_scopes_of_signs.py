"""How far signs reach: gradients before products, powers of elementwise functions, traces, letters of sequences."""

from __future__ import annotations

import pytest

from checker import check_text
from checker.results import Verdict

LAYER = (
    "Let $W \\in \\mathbb{R}^{n \\times m}$, $x \\in \\mathbb{R}^m$, $g \\in \\mathbb{R}^n$ and $y = W x$. "
    "Let $E$ be a scalar function of $y$, and let $Y \\in \\mathbb{R}^{p \\times p}$.\n\n"
)
PROVED, WRONG = Verdict.PROVED, Verdict.WRONG


def verdict(text: str) -> Verdict:
    lines = [line for s in check_text(text, "t.md").statements for line in s.lines if line.judgement is not None]
    found = lines[-1].judgement
    assert found is not None
    return found.verdict


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("\\nabla_W E = \\nabla_y E \\, x^\\top", PROVED),
        ("\\nabla_W E = -\\nabla_y E \\, x^\\top", WRONG),
        ("\\nabla_y E \\odot g = g \\odot \\nabla_y E", PROVED),
        ("\\nabla_y E \\odot g = \\nabla_y E", WRONG),
        ("\\nabla_x x^\\top W^\\top W x = 2 W^\\top W x", PROVED),
        ("\\nabla_x x^\\top W^\\top W x = W^\\top W x", WRONG),
        ("1 - \\tanh^2(y) = (1 - \\tanh(y)) \\odot (1 + \\tanh(y))", PROVED),
        ("1 - \\tanh^2(y) = (1 - \\tanh(y)) \\odot (1 - \\tanh(y))", WRONG),
        ("\\frac{\\partial}{\\partial Y} \\operatorname{tr}(Y \\otimes Y) = 2 \\operatorname{tr}(Y) I", PROVED),
        ("\\frac{\\partial}{\\partial Y} \\operatorname{tr}(Y \\otimes Y) = \\operatorname{tr}(Y) I", WRONG),
        ("\\operatorname{tr}(Y \\otimes W) = \\operatorname{tr}(Y) \\operatorname{tr}(W)", WRONG),
    ],
)
def test_a_sign_reaches_as_far_as_it_means_something(claim: str, expected: Verdict) -> None:
    assert verdict(f"{LAYER}$${claim}$$\n") is expected


SEQUENCES = (
    "Let $x_t \\in \\mathbb{R}$ for $t = 1, \\dots, T$.\n\n## All time\n\n"
    "Let $u_t$, $y_t$ and $w_t$ be sequences over all integers $t$ with $y_t = \\sum_{s=0}^{2} w_s u_{t-s}$. "
    "Let $C$ be a scalar function of $y$.\n\n"
)


def test_a_letter_of_sequences_forgets_its_older_range() -> None:
    right = "\\frac{\\partial C}{\\partial u_r} = \\sum_{s=0}^{2} \\frac{\\partial C}{\\partial y_{r+s}} w_s"
    assert verdict(f"{SEQUENCES}$${right}$$\n") is not WRONG
    assert verdict(f"{SEQUENCES}$${right.replace('r+s', 'r-s')}$$\n") is WRONG
