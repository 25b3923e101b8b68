"""Both sides in full: which entries are marked, and that every format shows them."""

from dataclasses import replace
from io import StringIO

import pytest

from checker.check import check_text
from checker.render import html, latex, markdown
from checker.render.sides import both_marked
from checker.render.terminal import Terminal
from checker.results import Counterexample

TEXT = r"""# T

Let $A \in \mathbb{R}^{n \times n}$ and $B \in \mathbb{R}^{n \times n}$.

$$ (A B)_{ij} = (A B)_{ji} $$

$$ (A B)_{ij} = 2 (A B)_{ij} $$
"""


def shown(sides):
    return both_marked(Counterexample({}, {}, {}, "1", "2", sides), lambda entry: f"<{entry}>")


@pytest.mark.parametrize(
    "sides, expected",
    [
        (None, None),
        ((["1", "2"], ["1", "3"]), (["1", "<2>"], ["1", "<3>"])),
        (([["1"], ["2"]], [["2"], ["2"]]), ([["<1>"], ["2"]], [["<2>"], ["2"]])),
    ],
)
def test_marks(sides, expected):
    assert shown(sides) == expected


def test_found_where_there_is_a_matrix():
    swapped, doubled = (line.judgement.counterexample for line in check_text(TEXT, "x.md").judged())
    left, right = swapped.sides
    assert [list(column) for column in zip(*left, strict=True)] == right
    i, j = (swapped.indices[k] - 1 for k in "ij")
    assert (left[i][j], right[i][j]) == (swapped.left, swapped.right)
    assert doubled.sides is None


def test_every_format():
    document = check_text(TEXT, "x.md")
    stream = StringIO()
    Terminal(stream).document(document)
    assert "* differs" in stream.getvalue()
    assert "all entries" in html.render(document)
    assert "≠ <math" in html.render(document)
    assert r"\boxed{" in markdown.render(document)
    assert r"\boxed{" in latex.render(document)


def test_none_where_there_is_one_number():
    document = check_text(TEXT, "x.md")
    single = replace(document, statements=document.statements[-1:])
    assert "all entries" not in html.render(single)
