"""Claims that hold everywhere but where two compared quantities are equal."""

from __future__ import annotations

import pytest
from sympy import Expr, Ge, Gt, Max

from checker.calculus import terms as t
from checker.calculus.context import Claim, Context
from checker.judge.evaluate import evaluate_claim

x, y = t.scalar("x"), t.scalar("y")
LARGER = Max(x, y, evaluate=False)


def either(first: Expr, second: Expr) -> Expr:
    return t.add(t.multiply(x, t.indicator(first)), t.multiply(y, t.indicator(second)))


@pytest.mark.parametrize(
    ("left", "right", "outcome"),
    [
        (t.indicator(Ge(x, y)), t.indicator(Gt(x, y)), "differ"),
        (t.indicator(Ge(x, y)), t.indicator(Ge(x, y)), "agree"),
        (LARGER, either(Gt(x, y), Gt(y, x)), "differ"),
        (LARGER, either(Ge(x, y), Gt(y, x)), "agree"),
        (t.Partial(LARGER, x), t.indicator(Ge(x, y)), "agree"),  # no derivative at the tie
    ],
)
def test_ties_are_tried(left: Expr, right: Expr, outcome: str) -> None:
    assert evaluate_claim(Claim(left, right), Context()).outcome == outcome
