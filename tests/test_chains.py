"""From sides as read to verdicts: faults, definitions, lines that take too long."""

import time

import pytest

from checker import check_text
from checker.calculus.context import Claim
from checker.calculus.terms import scalar
from checker.chains import Judges, judge_lines
from checker.language.reading import Fault, ReadStatement, Side
from checker.limits import Door
from checker.results import Judgement, Verdict

LAYOUT = "denominator"
SYNTAX = Fault("unreadable", "syntax", 7, 9, "a brace is missing; write }")
SHAPE = Fault("wrong", "shape", 3, 4, "A is m × n and B is n × p; transpose one")


def side(term, definition=False) -> Side:
    term = scalar(term) if isinstance(term, str) else term
    return Side("…", 0, 1, {LAYOUT: term, "numerator": term}, definition)


def statement(*terms, kind="claim", definition=None) -> ReadStatement:
    return ReadStatement("s", kind, 0, tuple(side(t, k == definition) for k, t in enumerate(terms)))


def by_name(terms, indices, context):
    """A judge of names: equal letters are equal; ``slow…`` takes for ever, ``crash…`` fails."""
    found = []
    for term in terms[1:]:
        if isinstance(term, Judgement):
            found.append(term)
            continue
        while str(term).startswith("slow"):
            time.sleep(0.01)
        if str(term).startswith("crash"):
            raise ZeroDivisionError("oh")
        found.append(
            Judgement(Verdict.PROVED if term == terms[0] else Verdict.WRONG, None if term == terms[0] else "value")
        )
    return found


def verdicts(read: ReadStatement, timeout=0.05) -> list[str | None]:
    judges = Judges(by_name, Door(), timeout, lambda offset: (1, offset + 1))
    lines = judge_lines(read, 0, LAYOUT, judges)
    return [None if j is None else f"{j.verdict.value} {j.reason or ''}".strip() for j in lines]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        (statement("a", "a", "b"), ["proved", "wrong value"]),
        (statement("a", SYNTAX, "a"), ["unreadable syntax", "proved"]),
        (statement("a", SHAPE, "b"), ["wrong shape", "wrong value"]),
        (statement("a", SYNTAX, SHAPE), ["unreadable syntax", "wrong shape"]),
        # The head has no term: later lines are compared with the first one.
        (statement(SYNTAX, "b"), ["unreadable syntax"]),
        (statement(SYNTAX, "b", "b", "c"), ["unreadable syntax", "unreadable syntax", "wrong value"]),
        (statement(SHAPE, "b", "b", "c"), ["wrong shape", "carried", "wrong value"]),
        (statement(SYNTAX, SHAPE, "b"), ["wrong shape", "unreadable syntax"]),
        (statement(SHAPE, SYNTAX, "b"), ["unreadable syntax", "undecided outside"]),
        (statement(SYNTAX, SHAPE), ["wrong shape"]),
        # A definition has no verdict unless it cannot be one.
        (statement("a", "b", kind="definition"), [None]),
        (statement("a", "b", "a", definition=1), [None, "proved"]),
        (statement("a", "b", "c", definition=1), [None, "wrong value"]),
        (statement("a", SHAPE, kind="definition"), ["wrong shape"]),
        # Not judged at all.
        (statement("a", "b", kind="update"), [None]),
        (statement("a", "b", kind="skipped"), [None]),
        (statement("a"), []),
        (statement(), []),
    ],
)
def test_verdicts(read, expected):
    assert verdicts(read) == expected


def test_a_slow_line_is_stopped_and_the_others_of_its_chain_are_judged():
    assert verdicts(statement("a", "a", "slow", "b", "a")) == ["proved", "undecided budget", "wrong value", "proved"]
    assert verdicts(statement("a", "slow")) == ["undecided budget"]


def test_a_failing_line_leaves_the_others_theirs():
    assert verdicts(statement("a", "a", "crash", "b")) == ["proved", "undecided outside", "wrong value"]


def test_a_fault_says_where():
    judges = Judges(by_name, Door(), 1.0, lambda offset: (12, offset + 1))
    (judgement,) = judge_lines(statement("a", SYNTAX), 0, LAYOUT, judges)
    assert judgement.message == "12:8: a brace is missing; write }"


def test_a_misfit_that_follows_from_the_misfit_before_is_carried():
    def misfit(left: str, right: str) -> Side:
        step = {LAYOUT: Claim(scalar(left), scalar(right))}
        return Side("…", 0, 1, {LAYOUT: SHAPE, "numerator": SHAPE}, step=step)

    head, good, bad = side("a"), side("a"), side(SHAPE)
    follows, differs = misfit("b", "b"), misfit("b", "c")
    for sides, expected in (
        ((head, bad, follows), ["wrong shape", "carried"]),
        ((head, bad, differs), ["wrong shape", "wrong shape"]),
        ((head, bad, follows, follows), ["wrong shape", "carried", "carried"]),
        ((head, good, follows), ["proved", "wrong shape"]),
    ):
        assert verdicts(ReadStatement("s", "claim", 0, sides)) == expected


def test_a_hypothesis_that_another_stands_in_for_is_rested_on():
    """Positive definite is symmetric too; a proof that uses both words of it rests on something."""
    said = "Let $S \\in \\mathbb{R}^{n \\times n}$ and $x, y \\in \\mathbb{R}^n$. Assume $S$ is symmetric"
    for more in ("", " and positive definite"):
        (line,) = check_text(said + more + ".\n\n$$x^\\top S y = y^\\top S x$$\n", "t.md").judged()
        assert line.judgement.verdict is Verdict.PROVED
        assert line.judgement.rests_on == ("S \\text{ is symmetric}",)


def test_letters_of_the_other_layout_are_no_indices():
    text = "Let $A \\in \\mathbb{R}^{n \\times n}$ and $x \\in \\mathbb{R}^n$.\n\n$$\\frac{\\partial}{\\partial x} x^\\top A x = A x$$\n"
    (line,) = check_text(text, "t.md").judged()
    assert line.judgement.verdict is Verdict.WRONG
    assert len(line.judgement.counterexample.indices) == 1
