"""The examples of docs/document-format.md are read as the page says."""

import re
from pathlib import Path

import pytest

from checker.documents import read_text
from tests.documents.reading import checked, claims, declarations, markdown, outline, problems

PAGE = (Path(__file__).parents[2] / "docs" / "document-format.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```(markdown|latex)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
ROWS = re.findall(r"^\| `((?:Let|Assume|Derivatives) .*?)` \|", PAGE, re.MULTILINE)


def test_the_page_has_examples():
    assert len(EXAMPLES) == 5
    assert len(ROWS) == 11


@pytest.mark.parametrize("kind, text", EXAMPLES)
def test_examples_are_read_without_problems(kind, text):
    document = checked(read_text(text, "-", kind))
    assert document.items
    assert problems(document) == []


def test_the_first_example():
    document = markdown(EXAMPLES[0][1])
    assert [line.split(" ")[0] for line in outline(document)] == ["#", "let:", "let:", "prose:", "claim:"]
    (claim,) = claims(document)
    assert (claim.id, len(claim.expectations), len(claim.formulas)) == ("layer-weights", 2, 1)


def test_a_claim_under_a_condition():
    (claim,) = claims(markdown(EXAMPLES[1][1]))
    assert [word for word, _ in claim.conditions] == ["for"]


def test_the_chain():
    (claim,) = claims(markdown(EXAMPLES[2][1]))
    assert len(claim.formulas) == 2


def test_the_comment():
    openings = [declaration.opening for declaration in declarations(markdown(EXAMPLES[3][1]))]
    assert openings == ["let", "assume", "let", "let", "layout", "summation"]


def test_the_latex_example():
    (claim,) = claims(read_text(EXAMPLES[4][1], "-", "latex"))
    assert (claim.id, [e.verdict for e in claim.expectations]) == ("product-1", ["proved", "wrong"])


@pytest.mark.parametrize("text", ROWS)
def test_rows_of_the_table_declare(text):
    (item,) = markdown(text).items
    assert outline(markdown(text))[0].startswith(("let:", "assume:")) or "numerator layout" in str(item)
