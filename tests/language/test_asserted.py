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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("where $\\delta_{ij} = 1$ if $i = j$ and $0$ otherwise", "proved"),
        ("where $\\delta_{ij} = 1$ for $i = j$ and $\\delta_{ij} = 0$ for $i \\ne j$", "proved"),
        ("where $\\delta_{ij} = 1$ if $i \\ne j$ and $0$ otherwise", "unreadable"),
    ],
)
def test_kronecker_in_words(text, expected):
    formula = "$$ \\frac{\\partial A_{kl}}{\\partial A_{ij}} = \\delta_{ik} \\delta_{jl} $$"
    assert verdicts(f"{formula}\n\n{text}.")[-1] == expected


def test_half_of_a_definition_is_refused():
    text = "Let $r(x) = x$ if $x > 0$.\n\n$$ r(t) = t $$"
    assert verdicts(text)[-1] == "unreadable"


def test_a_prime_in_a_where_is_judged():
    text = "Let $s(x) = 1/(1 + e^{-x})$.\n\n$$ s(t) = s(t) $$\n\nwhere $s'(t) = s(t) (1 - s(t))$"
    assert "proved" in verdicts(f"{text}.")
    assert "wrong" in verdicts(f"{text.replace('1 - s(t)', '1 + s(t)')}.")
