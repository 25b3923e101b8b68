"""Statements that are too large, too deep or not finite: an answer or a reason, soon, and never a crash."""

from __future__ import annotations

import sys
from time import monotonic

import pytest
from flint import arb, ctx, fmpq
from sympy import Expr, Integer, exp

from checker.calculus import terms as t
from checker.calculus.context import Claim, Context
from checker.judge.certificate import certify
from checker.judge.evaluate import Comparer, Difference
from checker.judge.point import Point
from checker.judge.scalars import BASE_PRECISION, Dual, compare, part, precision, show, trimmed
from checker.judge.statement import prepare
from tests.judge.by_hand import (
    add,
    defined,
    derivative,
    el,
    half,
    i,
    j,
    judge,
    k,
    l,
    mul,
    n,
    neg,
    one,
    power,
    sc,
    tensor,
    total,
    two,
    up_to,
    variables,
)

x = sc("x")
VECTOR = Context(variables(tensor("x", n)))


def twelve_sums() -> Expr:
    letters = [t.index(f"i{place}") for place in range(12)]
    return total(mul(*(el("x", letter) for letter in letters)), *((letter, n) for letter in letters))


def test_a_sum_over_twelve_indices() -> None:
    right = power(total(el("x", i), (i, n)), Integer(12))
    assert judge(twelve_sums(), right, {}, VECTOR).outcome == "agree"
    assert judge(twelve_sums(), mul(two, right), {}, VECTOR).outcome == "differ"


@pytest.mark.parametrize("top", [Integer(10), power(Integer(10), Integer(10))])
def test_a_tower_of_powers_is_not_computed(top: Expr) -> None:
    found = judge(power(x, power(Integer(10), power(Integer(10), top))), x, {}, Context())
    assert (found.outcome, found.points) == ("unknown", 0)


def test_a_tower_of_exponentials_is_not_computed() -> None:
    term: Expr = x
    for _ in range(8):
        term = exp(term, evaluate=False)
    assert judge(term, x, {}, Context()).outcome == "unknown"


def test_a_term_nested_too_deep_is_refused() -> None:
    term: Expr = x
    for _ in range(5000):
        term = t.Maximum(term, t.Tuple(i, 1, 1))
    before = sys.getrecursionlimit()
    found = judge(term, x, {}, Context())
    assert (found.outcome, found.reason) == ("unknown", "nested too deep to evaluate")
    assert sys.getrecursionlimit() == before


def test_a_deadline_is_kept() -> None:
    start = monotonic()
    found = judge(twelve_sums(), power(total(el("x", i), (i, n)), Integer(12)), {}, VECTOR, deadline=start + 0.02)
    assert monotonic() - start < 0.5
    assert found.outcome in ("agree", "unknown")


def test_the_size_of_a_number_does_not_matter() -> None:
    context = Context(variables(tensor("W", 10**6, 10**5), tensor("x", 10**6), tensor("z", 10**5)))
    left = derivative(power(total(mul(el("W", k, j), el("x", k)), (k, 10**6)), two), el("x", i))
    right = mul(two, el("W", i, j), total(mul(el("W", k, j), el("x", k)), (k, 10**6)))
    indices = {i: 10**6, j: 10**5}
    assert judge(left, right, indices, context).outcome == "agree"
    assert judge(left, neg(right), indices, context).outcome == "differ"


def test_what_is_too_large_at_its_true_size_is_not_called_wrong() -> None:
    left = total(exp(el("x", k)), (k, 10**6))
    found = judge(left, add(left, one), {}, Context(variables(tensor("x", 10**6))))
    assert found.outcome == "unknown"
    assert "true" in found.reason


def network(depth: int) -> Context:
    tensors = [tensor("x0", n)]
    definitions = {}
    for layer in range(1, depth + 1):
        tensors += [tensor(f"{name}{layer}", *shape) for name, shape in (("W", (n, n)), ("z", (n,)), ("x", (n,)))]
        before = total(mul(el(f"W{layer}", i, j), el(f"x{layer - 1}", i)), (i, n))
        definitions.update([defined(f"z{layer}", j, body=before)])
        definitions.update([defined(f"x{layer}", j, body=t.apply("phi", el(f"z{layer}", j)))])
    definitions.update([defined("E", body=mul(half, total(power(el(f"x{depth}", j), two), (j, n))))])
    return Context(variables(*tensors), definitions)


@pytest.mark.parametrize("depth", [2, 8, 64])
def test_a_deep_network(depth: int) -> None:
    context = network(depth)
    left = derivative(sc("E"), el("W1", k, l))
    slope = t.function_derivative("phi", [1], el("z1", l))
    right = mul(el("x0", k), slope, total(mul(el("W2", l, j), derivative(sc("E"), el("z2", j))), (j, n)))
    wrong = mul(el("x0", k), total(mul(el("W2", l, j), derivative(sc("E"), el("z2", j))), (j, n)))
    assert judge(left, right, {k: n, l: n}, context).outcome == "agree"
    assert judge(left, wrong, {k: n, l: n}, context).outcome == "differ"


def test_the_same_answer_every_time() -> None:
    context = network(3)
    left = derivative(sc("E"), el("W1", k, l))
    first, second = (judge(left, el("x0", k), {k: n, l: n}, context) for _ in range(2))
    assert first == second


def test_the_precision_is_put_back() -> None:
    before = ctx.prec
    judge(exp(x), exp(x), {}, Context())
    assert ctx.prec == before


# ------------------------------------------------------------------------------------- certificates


def test_a_certificate_is_made_from_scratch_and_only_of_a_difference() -> None:
    for right, certain in ((el("x", i), False), (mul(two, el("x", i)), True)):
        with precision(BASE_PRECISION):
            statement = prepare(Claim(el("x", i), right, {i: up_to(n)}), VECTOR)
            tester = Comparer(statement)
            point = Point(1, dict.fromkeys(statement.sizes, 2))
            assert tester.sampler.find(point)
            found = tester.compare_at(point)
            assert isinstance(found, Difference) is certain
            certificate = certify(statement, point, (1,))
        assert (certificate is not None) is certain


def test_equal_means_forty_digits_and_different_means_disjoint() -> None:
    with precision(BASE_PRECISION):
        third = arb(1) / 3
        assert compare(third, fmpq(1, 3))
        assert not compare(third, fmpq(1, 3) + fmpq(1, 10**45))
        assert compare(fmpq(0), third - third)


def test_numbers_are_shown_with_certain_digits_only() -> None:
    with precision(BASE_PRECISION):
        assert show(fmpq(-1, 3)) == "-1/3"
        assert show(arb(2).sqrt()) == "1.41421356237…"
        assert show(arb(3)) == "3"
        assert show(arb(1) / 3 - fmpq(1, 3)) == "0.000000000000…"


def test_a_fraction_that_grows_too_long_becomes_a_ball() -> None:
    with precision(BASE_PRECISION):
        long = fmpq(3**2000, 2**3000)
        assert isinstance(trimmed(long), arb)
        assert trimmed(long).contains(long)
        assert trimmed(fmpq(1, 3)) == fmpq(1, 3)
        dual = trimmed(Dual(1, long, {(): long}))
        assert isinstance(part(dual, 1, ()), arb)
