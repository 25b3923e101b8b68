"""Which layout a document uses, and what is said of a claim that holds in the other."""

import pytest

from checker.calculus.terms import scalar
from checker.language.reading import Reading, ReadStatement, Side
from checker.layouts import choose, lines_in
from checker.results import Judgement, Verdict

TRUE = {"both": ("t", "t"), "denominator": ("t", "f"), "numerator": ("f", "t"), "neither": ("f", "g")}
INSENSITIVE = {"true": "t", "false": "f"}


def claim(name: str) -> ReadStatement:
    """``t = …``: true where the right side is t."""
    d, n = TRUE[name] if name in TRUE else (INSENSITIVE[name],) * 2
    head = Side("h", 0, 1, {"denominator": scalar("t"), "numerator": scalar("t")})
    if name == "both":
        head = Side("h", 0, 1, {"denominator": scalar("t"), "numerator": scalar("u")})
        n = "u"
    return ReadStatement(name, "claim", 0, (head, Side("r", 2, 3, {"denominator": scalar(d), "numerator": scalar(n)})))


def reading(*names: str, declared: str | None = None) -> Reading:
    return Reading("", (), tuple(map(claim, names)), declared)


def judge_of(read: Reading):
    def judge(position: int, layout: str):
        head, right = (side.terms[layout] for side in read.statements[position].sides)
        return (Judgement(Verdict.PROVED) if head == right else Judgement(Verdict.WRONG, "value"),)

    return judge


@pytest.mark.parametrize(
    ("names", "layout"),
    [
        ((), None),
        (("true", "false"), None),
        (("denominator",), "denominator"),
        (("numerator",), "numerator"),
        (("both",), "denominator"),
        (("both", "numerator"), "numerator"),
        (("denominator", "denominator", "numerator"), "denominator"),
        (("denominator", "numerator", "numerator"), "numerator"),
        (("denominator", "numerator"), "denominator"),
        (("numerator", "false", "neither"), "numerator"),
        (("neither",), "denominator"),
    ],
)
def test_the_layout_that_fits_the_claims(names, layout):
    read = reading(*names)
    assert choose(read, judge_of(read)) == layout


def test_a_declared_layout_is_taken_unseen():
    read = reading("numerator", declared="denominator")
    assert choose(read, None) == "denominator"


@pytest.mark.parametrize(
    ("name", "declared", "verdict", "reason", "layout"),
    [
        ("denominator", None, "proved", None, "denominator"),
        ("numerator", None, "wrong", "layout", "numerator"),
        ("numerator", "denominator", "wrong", "layout", "numerator"),
        ("neither", None, "wrong", "value", "denominator"),
        ("true", None, "proved", None, None),
        ("false", None, "wrong", "value", None),
    ],
)
def test_a_line_in_the_layout_of_its_document(name, declared, verdict, reason, layout):
    read = reading(name)
    (found,) = lines_in("denominator", declared is not None, read.statements[0], 0, judge_of(read))
    assert (found.verdict.value, found.reason, found.layout) == (verdict, reason, layout)


def test_the_message_says_where_the_layout_comes_from():
    read = reading("numerator")
    (declared,) = lines_in("denominator", True, read.statements[0], 0, judge_of(read))
    (taken,) = lines_in("denominator", False, read.statements[0], 0, judge_of(read))
    assert declared.message == "this holds in numerator layout only; the document declares denominator layout"
    assert (
        taken.message
        == "this holds in numerator layout only; the other claims of the document are in denominator layout"
    )
