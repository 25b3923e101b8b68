"""Which hypotheses can bear on a statement: those that speak of something it reaches.

A proof may leave out any hypothesis, so this is about time only: a document with a thousand hypotheses
costs each statement the few that concern it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sympy import Basic, Expr
from sympy.core.function import AppliedUndef

from checker.calculus.context import Hypothesis
from checker.calculus.graph import Dependencies, names_in
from checker.calculus.terms import FunctionDerivative


def relevant(terms: Iterable[Expr], graph: Dependencies) -> frozenset[int]:
    """The positions of the hypotheses that share a name with the terms, their definitions or one another.

    One that has no name of its own (a size, an index) or mentions a function always counts.
    """
    hypotheses = graph.context.hypotheses
    if not hypotheses:
        return frozenset()
    bodies = (f.body for f in graph.context.functions.values())
    reached = _reached(graph, {name for term in (*terms, *bodies) for name in names_in(term)})
    about = {k: _names(h) for k, h in enumerate(hypotheses)}
    found = {k for k, names in about.items() if names is None}
    waiting = {k: names for k, names in about.items() if names is not None}
    while True:
        joined = {k for k, names in waiting.items() if not names.isdisjoint(reached)}
        if not joined:
            return frozenset(found)
        found |= joined
        reached |= _reached(graph, {name for k in joined for name in waiting.pop(k)})


def _reached(graph: Dependencies, names: set[str]) -> set[str]:
    return names.union(*(graph.reach(name) for name in names))


def _names(hypothesis: Hypothesis) -> frozenset[str] | None:
    """The names a hypothesis speaks of; None where it may bear on anything."""
    terms = list(_terms(hypothesis))
    if any(term.has(AppliedUndef, FunctionDerivative) for term in terms):
        return None
    return frozenset().union(*(names_in(term) for term in terms)) or None


def _terms(hypothesis: Hypothesis) -> Iterator[Basic]:
    if hypothesis.equation is not None:
        yield from hypothesis.equation
    if hypothesis.relation is not None:
        yield hypothesis.relation
    if hypothesis.matrix is not None:
        yield hypothesis.matrix.body
