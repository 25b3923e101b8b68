"""Some two thousand mutants of the documents' claims: nothing false is proved, nothing true is called wrong.

The whole run is ``python -m benchmarks.soundness``; here it is a seeded part of it.
"""

from __future__ import annotations

import os

import pytest
from sympy import Integer, Max, Symbol, exp, log, tanh

from benchmarks.slips import slips_of
from benchmarks.soundness import Outcome, counted, picked, quota, run
from benchmarks.thirdway import truth
from checker.calculus import terms as t
from checker.calculus.context import Claim, Context, Definition, Hypothesis, Property, Range, Variable
from checker.calculus.terms import Partial
from tests.calculus.letters import (
    ONE,
    TWO,
    el,
    full,
    i,
    inverse,
    j,
    k,
    l,
    matrix,
    minus,
    n,
    over,
    p,
    plus,
    square,
    tensor,
    times,
    total,
)

COUNT, SEED, SHARE = 2_000, 7, 0.35


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return list(run([], COUNT, SEED, jobs=os.cpu_count() or 1, share=SHARE))


def test_nothing_false_is_proved(outcomes: list[Outcome]) -> None:
    assert [o for o in outcomes if o.false_proved] == []


def test_nothing_true_is_called_wrong(outcomes: list[Outcome]) -> None:
    assert [o for o in outcomes if o.true_wrong] == []


def test_the_judges_never_disagree(outcomes: list[Outcome]) -> None:
    assert [o for o in outcomes if o.disagreement] == []


def test_nearly_everything_false_is_certified_wrong(outcomes: list[Outcome]) -> None:
    numbers = counted(o for o in outcomes if o.is_mutant)
    assert numbers["mutants"] >= 0.9 * COUNT
    assert numbers["false"] > 0.85 * numbers["mutants"]
    assert numbers["not certified"] < 0.01 * numbers["false"]


# --------------------------------------------------------------------------- the third way, on its own

x = lambda at: el("x", at)
u = t.scalar("u")
VECTOR = Context(variables={**tensor("x", n), **tensor("y", n)})
SQUARE = Context(
    variables=tensor("X", n, n),
    hypotheses=(Hypothesis("X", property=Property.INVERTIBLE, matrix=matrix("X", n)),),
)
STEPS = Context(
    variables={"h": Variable("h", (Range(Integer(0), t.size("T")),))},
    definitions={"h": (Definition("h", (p,), tanh(times(u, el("h", minus(p, ONE)))), p > 0),)},
    depends={"E": ("h",)},
)
SIMPLEX = Context(variables=tensor("y", n), hypotheses=(Hypothesis("sum", equation=(total(el("y", k), (k, n)), ONE)),))
norm = t.power(total(square(x(k)), (k, n)), t.number("1/2"))
ALONE = [
    ("norm", Partial(norm, x(j)), over(x(j), norm), VECTOR, {j: full(n)}, True),
    ("norm, wrong", Partial(norm, x(j)), x(j), VECTOR, {j: full(n)}, False),
    ("second derivative", Partial(times(x(i), square(x(j))), x(i), x(j)), times(TWO, x(j)), VECTOR, {i: full(n), j: full(n)}, None),
    ("Hessian of exp", Partial(exp(times(u, u)), u, u), times(plus(TWO, times(Integer(4), u, u)), exp(times(u, u))), Context(), {}, True),
    ("log of a negative number", log(u), log(t.negate(u)), Context(), {}, None),
    ("maximum", Partial(Max(u, Integer(0)), u), t.indicator(u > 0), Context(), {}, True),
    ("inverse", Partial(inverse("X", n, i, j), el("X", k, l)), t.negate(times(inverse("X", n, i, k), inverse("X", n, l, j))), SQUARE, {s: full(n) for s in (i, j, k, l)}, True),
    ("inverse, transposed", Partial(inverse("X", n, i, j), el("X", k, l)), t.negate(times(inverse("X", n, k, i), inverse("X", n, l, j))), SQUARE, {s: full(n) for s in (i, j, k, l)}, False),
    ("under a hypothesis", total(times(TWO, el("y", k)), (k, n)), TWO, SIMPLEX, {}, True),
    ("without it", total(times(TWO, el("y", k)), (k, n)), TWO, VECTOR, {}, False),
    (
        "through time",
        Partial(t.scalar("E"), el("h", ONE)),
        times(Partial(t.scalar("E"), el("h", TWO)), minus(ONE, square(el("h", TWO))), u),
        STEPS,
        {},
        None,
    ),
]  # fmt: skip


@pytest.mark.parametrize("name, left, right, context, indices, expected", ALONE, ids=[row[0] for row in ALONE])
def test_the_third_way(
    name: str, left: t.Expr, right: t.Expr, context: Context, indices: dict[Symbol, Range], expected: bool | None
) -> None:
    found = truth(Claim(left, right, indices), context).value
    assert found is expected or (expected is None and found is not True)


def test_slips_of_every_kind_are_found_and_are_slips() -> None:
    claim = Claim(Partial(norm, x(j)), over(x(j), norm), {j: full(n)})
    slips = list(slips_of(claim, VECTOR))
    kinds = {slip.kind for slip in slips}
    assert {"sign", "doubled factor", "dropped factor", "dropped sum", "off-by-one range", "wrong power"} <= kinds
    assert all(slip.claim != claim for slip in slips)
    assert picked(slips, 5, "seed") == picked(slips, 5, "seed") != picked(slips, 5, "another")
    assert quota([3, 10, 100], 12) == 7
