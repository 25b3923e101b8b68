"""Conditions in headings and in other languages than English."""

import pytest

from tests.documents.reading import claims, markdown


def conditions(text):
    return [[formula.text for _, formula in claim.conditions] for claim in claims(markdown(text))]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("### $r = s$", ["r = s"]),
        ("### Case $r = s$", ["r = s"]),
        ("### Case 2: when $r \\ne s$", ["r \\ne s"]),
        ("### $r = s, t \\neq u$", ["r = s, t \\neq u"]),
        ("### 当 $r = s$ 时", ["r = s"]),
        ("### Случай $r = s$", []),
        ("### при $r = s$", ["r = s"]),
        ("### The layer $y = W x$", []),
        ("### $y = W x$", []),
        ("### The value $r = s$", []),
    ],
)
def test_a_heading_may_be_a_condition(heading, expected):
    (found,) = conditions(f"{heading}\n\n$$\na = b\n$$\n")
    assert found == expected


def test_the_condition_of_a_heading_holds_under_it():
    text = "## $r = s$\n\n$$\na = b\n$$\n\n### Then\n\n$$\nc = d\n$$\n\n## $r \\ne s$\n\n$$\ne = f\n$$\n\n# Else\n\n$$\ng = h\n$$\n"
    assert conditions(text) == [["r = s"], ["r = s"], ["r \\ne s"], []]


@pytest.mark.parametrize(
    "sentence",
    [
        "当 $r = s$ 时,",
        "若 $r = s$,则",
        "$r = s$ 时,",
        "При $r = s$ имеем",
        "Pour $r = s$ on a",
        "Für $r = s$ gilt",
        "Với $r = s$ ta có",
        "Dla $r = s$ mamy",
        "Case $r = s$:",
        "If $r = s$",
        "**Case $r = s$**",
    ],
)
def test_conditions_in_other_languages(sentence):
    assert conditions(f"{sentence}\n\n$$\na = b\n$$\n") == [["r = s"]]


def test_what_is_only_mentioned_is_no_condition():
    assert conditions("On pose $y = W x$ et\n\n$$\na = b\n$$\n") == [[]]
