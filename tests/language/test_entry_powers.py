"""Powers of every entry, written with a mark: ``x^{\\odot 3}``, ``x^{\\circ 3}``; and where a side begins."""

from __future__ import annotations

import pytest

from checker import check_text
from checker.results import Verdict

SAID = (
    "Let $x, v \\in \\mathbb{R}^n$, $X \\in \\mathbb{R}^{n \\times n}$, $e \\in \\mathbb{R}$, "
    "$y_i = x_i (v_i + e)^{3/2}$ and $Q_{ij} = X_{ij}^2$.\n\n"
)
PROVED, WRONG = Verdict.PROVED, Verdict.WRONG


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("y = x \\odot (v + e)^{\\odot 3/2}", PROVED),
        ("y = x \\odot (v + e \\mathbf{1})^{\\circ \\frac{3}{2}}", PROVED),
        ("y = x \\odot (v + e)^{\\odot 1/2}", WRONG),
        ("Q = X^{\\odot 2}", PROVED),
        ("Q = X^{\\circ 2}", PROVED),
        ("Q = X^2", WRONG),
        ("x^{\\odot -1} \\odot x = \\mathbf{1}", PROVED),
        ("x^{\\odot (-2)} \\odot x = \\mathbf{1}", WRONG),
        ("\\mathbf{1}^\\top x^{\\odot 3} = \\sum_i x_i^3", PROVED),
    ],
)
def test_a_marked_power_is_one_of_every_entry(claim: str, expected: Verdict) -> None:
    (line,) = check_text(f"{SAID}$${claim}$$\n", "t.md").judged()
    assert line.judgement is not None
    assert line.judgement.verdict is expected


@pytest.mark.parametrize("side", ["\\big( x + v \\big)", "\\mathbf 1 e + x", "\\bigg[ x \\bigg]", "\\mathbf{v}"])
def test_a_side_begins_with_the_commands_before_its_first_sign(side: str) -> None:
    (line,) = check_text(f"{SAID}$$2 x = {side} + v$$\n", "t.md").judged()
    assert line.latex == f"{side} + v"
    assert line.column == len("$$2 x = ") + 1
