"""Hypotheses that cannot bear on a statement are left out; all that can are kept."""

from sympy import Function, Gt, Integer, Rational

from checker.calculus.context import Claim, Context, Definition, FunctionDefinition, Hypothesis
from checker.calculus.graph import Dependencies
from checker.calculus.relevance import relevant
from checker.calculus.terms import add, scalar, size
from checker.judge import decide
from checker.results import Verdict

x, y, z, u, a = (scalar(name) for name in "xyzua")
n = size("n")


def positive(term: object) -> Hypothesis:
    return Hypothesis(f"{term} > 0", relation=Gt(term, 0))


def found(terms: tuple[object, ...], *hypotheses: Hypothesis, **said: object) -> list[int]:
    context = Context(hypotheses=hypotheses, **said)
    return sorted(relevant(terms, Dependencies(context)))


def test_what_speaks_of_other_names_is_left_out():
    assert found((x,), positive(x), positive(y)) == [0]


def test_names_join_hypotheses():
    assert found((x,), positive(z), positive(add(x, y)), positive(y)) == [1, 2]


def test_definitions_are_followed():
    said = {"definitions": {"y": (Definition("y", (), add(x, Integer(1))),)}}
    assert found((y,), positive(x), positive(z), **said) == [0]


def test_what_functions_are_made_of_counts():
    said = {"functions": {"f": FunctionDefinition("f", (u,), add(u, a))}}
    assert found((Function("f")(x),), positive(a), positive(z), **said) == [0]


def test_sizes_and_functions_always_count():
    assert found((x,), positive(n), positive(Function("g")(y)), positive(z)) == [0, 1]


def test_the_verdict_is_that_of_all_hypotheses():
    root = add(x, y) ** 2
    context = Context(hypotheses=(positive(z), positive(add(x, y))))
    claim = Claim(root ** Rational(1, 2), add(x, y), {})
    assert decide(claim, context).verdict is Verdict.PROVED
    assert decide(claim, Context(hypotheses=(positive(z),))).verdict is Verdict.WRONG
