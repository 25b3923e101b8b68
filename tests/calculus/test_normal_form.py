"""Properties of the normal form on random terms: it does not see how a term is written, and it changes no value."""

from __future__ import annotations

import os
import subprocess
import sys
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sympy import Expr, Integer, Max, Min, Product, exp, log

from checker.calculus import terms as t
from checker.calculus.context import Claim
from checker.calculus.forms import Form, subtract
from checker.calculus.graph import Dependencies
from checker.calculus.prover import Prover
from checker.calculus.ring import Budget, Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.terms import Partial
from checker.calculus.writing import term_of
from checker.calculus.zero import is_zero
from checker.judge.decide import Options, prove
from checker.judge.evaluate import EvaluationOptions, evaluate_claim
from tests.calculus.letters import el, i, j, k, n
from tests.calculus.samples import CONTEXT, FREE, Terms, claim, mutated, shuffled, u, z

REFUSALS = (Budget, Outside, Unsummable, ZeroDivisionError)  # what a session may answer instead of a form
GRAPH = Dependencies(CONTEXT)
WORK = 60_000
VARIABLES = (u, el("x", j), el("x", i), el("A", i, j), el("X", j, i), el("p", j), el("g", z))

quick = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
sources = st.randoms(use_true_random=False)


def session() -> Prover:
    return open_session(CONTEXT, FREE, work=WORK, graph=GRAPH)


def form(term: Expr) -> Form | None:
    """The normal form in a session of its own; None where there is none."""
    try:
        return session().form(term, {})
    except REFUSALS:
        return None


def proved(found: Claim) -> bool:
    return prove(found, CONTEXT, Options(work=WORK), GRAPH).proved


def outcome(found: Claim) -> str:
    return evaluate_claim(found, CONTEXT, EvaluationOptions(minimise=False, work=800)).outcome


@quick
@given(sources, st.integers(2, 9))
def test_how_a_term_is_written_makes_no_difference(random: Random, size: int) -> None:
    term = Terms(random).term(size)
    other = shuffled(term, random)
    assert form(term) == form(other), (term, other)


@quick
@given(sources, st.integers(2, 8))
def test_a_form_written_out_is_the_same_form_and_the_same_value(random: Random, size: int) -> None:
    term = Terms(random).term(size)
    normal = form(term)
    if normal is None:
        return
    written = term_of(normal)
    assert form(written) == normal, (term, written)
    assert outcome(claim(term, written)) != "differ", (term, written)


v, ONE, TWO = t.scalar("v"), Integer(1), Integer(2)
logarithm = lambda value: log(t.number(value), evaluate=False)
RARE = [  # each was once written in two ways
    exp(t.power(t.add(t.sum_over(logarithm("3/2"), i, ONE, n), Integer(-3)), Integer(3)), evaluate=False),
    exp(t.multiply(t.add(logarithm("3"), ONE), logarithm("2")), evaluate=False),
    Max(exp(u, evaluate=False), el("p", j), evaluate=False),
    Min(exp(el("p", j), evaluate=False), Product(exp(el("p", i), evaluate=False), (i, ONE, n)), evaluate=False),
    t.power(t.power(t.power(u, n), Integer(-2)), v),
    t.sum_over(t.sum_over(t.cases((el("A", k, k), el("g", z) > 0), otherwise=el("A", i, i)), k, ONE, i), i, j, n),
]


@pytest.mark.parametrize("term", RARE, ids=str)
def test_rare_forms_written_out_are_the_same_forms(term: Expr) -> None:
    normal = form(term)
    assert normal is not None
    assert form(term_of(normal)) == normal


@quick
@given(sources, st.integers(2, 7), st.sampled_from(VARIABLES))
def test_normalising_and_differentiating_commute(random: Random, size: int, by: Expr) -> None:
    term = Terms(random, smooth=True).term(size)
    normal = form(term)
    if normal is None:
        return
    here = session()
    try:
        first = here.form(Partial(term, by), {})
        second = here.form(Partial(term_of(normal), by), {})
        assert is_zero(here, subtract(first, second)), (term, by)
    except REFUSALS:
        return
    assert outcome(claim(Partial(term, by), term_of(first))) != "differ", (term, by)


@quick
@given(sources, st.integers(2, 9))
def test_what_is_proved_is_never_refuted(random: Random, size: int) -> None:
    terms = Terms(random)
    term = terms.term(size)
    other = mutated(term, random) if random.random() < 0.8 else terms.term(2)
    if random.random() < 0.5:
        other = shuffled(other, random)
    if proved(claim(term, other)):
        assert outcome(claim(term, other)) != "differ", (term, other)


@quick
@given(sources, st.integers(2, 7), st.sampled_from(VARIABLES))
def test_no_wrong_derivative_is_proved(random: Random, size: int, by: Expr) -> None:
    term = Terms(random, smooth=True).term(size)
    derivative = form(Partial(term, by))
    if derivative is None:
        return
    slip = claim(Partial(term, by), mutated(term_of(derivative), random))
    if proved(slip):
        assert outcome(slip) != "differ", (term, by)


@settings(quick, max_examples=150)
@given(sources, st.integers(2, 7))
def test_equality_is_symmetric_and_transitive(random: Random, size: int) -> None:
    term = Terms(random).term(size)
    one, two = shuffled(term, random), mutated(term, random)
    assert proved(claim(term, two)) == proved(claim(two, term)), (term, two)
    if proved(claim(term, two)):
        assert proved(claim(one, two)), (one, two)


# ------------------------------------------------------------------------------------- hash seeds

SCRIPT = """
from random import Random
from tests.calculus.samples import Terms, shuffled
from tests.calculus.test_normal_form import form
for seed in range(60):
    random = Random(seed)
    print(form(shuffled(Terms(random).term(7), random)))
"""


@pytest.fixture(scope="module")
def printed() -> str:
    return _printed("0")


def _printed(seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_hash_seeds_change_nothing(seed: str, printed: str) -> None:
    assert printed.count("\n") == 60
    assert _printed(seed) == printed
