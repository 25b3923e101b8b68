"""Equations in declaring sentences that declare nothing are judged, not believed."""

import pytest

from checker import check_text

KNOWN = "Let $A \\in \\mathbb{R}^{m \\times n}$, $B \\in \\mathbb{R}^{n \\times p}$ and $t \\in \\mathbb{R}$.\n\n"


def verdicts(text: str) -> list[str]:
    report = check_text(KNOWN + text, "text.md")
    assert report.error is None
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


DERIVATIVE = "\\frac{\\partial C_{ij}}{\\partial A_{kl}}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Given $A$, $B$ and $C = A B$:\n\n$$ {DERIVATIVE} = \\delta_{{ik}} B_{{lj}} $$", ["proved"]),
        (f"Given $A$, $B$ and $C = A B$:\n\n$$ {DERIVATIVE} = \\delta_{{ik}} B_{{jl}} $$", ["wrong"]),
        ("Consider the sum\n\n$$ t + 1 = 1 + t $$", ["proved"]),
        ("Here is one:\n\n$$ t + 1 = 2 + t $$", ["wrong"]),
        (f"Let $C = A B$.\n\n$$ 2 t = t + t $$\n\nwhere ${DERIVATIVE} = \\delta_{{ij}}$.", ["wrong", "proved"]),
        ("Suppose that\n\n$$ t + 1 = 2 t $$", []),
        ("Consider $t$ such that\n\n$$ t^2 = 1 + t $$", []),
        ("Let $s = t^2 = t \\cdot t$.", ["proved"]),
        ("Let $s = t^2 = 2 t$.", ["wrong"]),
        ("Let $u = v = 0$.", []),
    ],
)
def test_verdicts(text, expected):
    assert verdicts(text) == expected
