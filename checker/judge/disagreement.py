"""When the two judges contradict each other: a report of the defect with all it takes to see it again."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

from checker.calculus.context import Claim, Context
from checker.calculus.graph import Dependencies, names_in
from checker.calculus.terms import source
from checker.judge.evaluate import Evaluation

FIRST = "the normal forms agree, but the two sides differ at the point shown; please report this, with the lines below"
PACKAGES = ("derivation-checker", "sympy", "python-flint")


def defect(claim: Claim, context: Context, evaluation: Evaluation) -> str:
    """A sentence, then one fact a row: both terms, what they rest on, the point, the versions."""
    return "\n".join([FIRST, *_facts(claim, context, evaluation)])


def _facts(claim: Claim, context: Context, evaluation: Evaluation) -> Iterator[str]:
    yield f"left: {source(claim.left)}"
    yield f"right: {source(claim.right)}"
    for symbol, extent in claim.indices.items():
        yield f"index: {symbol} = {extent.lower}..{extent.upper}"
    graph = Dependencies(context)
    names = names_in(claim.left) | names_in(claim.right)
    for name in sorted(names.union(*(graph.reach(n) for n in names))):
        for definition in context.definitions.get(name, ()):
            at = f"[{', '.join(map(str, definition.pattern))}]" if definition.pattern else ""
            yield f"definition: {name}{at} = {source(definition.body)} where {definition.condition}"
    yield from (f"assumed: {hypothesis.text}" for hypothesis in context.hypotheses)
    yield f"seed: {evaluation.seed}"
    yield f"versions: {', '.join(f'{package} {_version(package)}' for package in PACKAGES)}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
