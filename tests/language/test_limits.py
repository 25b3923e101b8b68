"""Conditions that a sentence puts on a claim restrict it."""

import pytest

from checker import check_text

KNOWN = "Let $d \\in \\mathbb{R}^n$ and $a_{ij} = d_i \\delta_{ij}$. Let $t, s \\in \\mathbb{R}$.\n\n"


def verdicts(text: str) -> list[str]:
    report = check_text(KNOWN + text, "text.md")
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then $a_{ij} = 0$ for $i \\ne j$.", ["proved"]),
        ("Then $a_{ij} = 0$ for $i \\le j$.", ["wrong"]),
        ("Then $a_{ij} = 0$ for all $i$ and $j$.", ["wrong"]),
        ("Then $a_{ij} = 0$ for $i \\ne j$ and $a_{ij} = d_i$ for $i = j$.", ["proved", "proved"]),
        ("Then $a_{ij} = 0$ for $i = j$ and $a_{ij} = d_i$ for $i \\ne j$.", ["wrong", "wrong"]),
        ("Then for $i \\ne j$ we have $a_{ij} = 0$.", ["proved"]),
        ("Then $|t| = t$ if $t > 0$.", ["proved"]),
        ("Then $|t| = t$ if $t < 0$.", ["wrong"]),
        ("For $i \\ne j$ this is\n\n$$ a_{ij} = 0. $$", ["proved"]),
        ("$$ a_{ij} = 0 \\quad \\text{for } i \\ne j $$", ["proved"]),
        ("$$ a_{ij} = d_i \\quad (i \\ne j) $$", ["wrong"]),
        ("Then $|t| = t$ unless $t < 0$.", ["unreadable"]),
        ("Then $|t| = t$ for $t \\gg 0$.", ["unreadable"]),
    ],
)
def test_verdicts(text, expected):
    assert verdicts(text) == expected
