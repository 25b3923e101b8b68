"""What comes later has no influence: ∂ℓ_t/∂a_s = 0 for s > t, where every definition looks back or stands still.

The *lag* of a definition is by how much its first index is ahead of that of a name it mentions: 1 for h_{t-1} in
h_t, 0 for h_t in ℓ_t.  A name's lag behind another is the least over all ways from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Basic, Expr, Indexed, Integer, Product, Sum, Symbol

from checker.calculus.context import Definition
from checker.calculus.graph import Dependencies, elements_in
from checker.calculus.terms import Maximum, name_of

Edge = tuple[str, str, int]


def least_lag(graph: Dependencies, name: str, on: str) -> int | None:
    """The least difference of the first indices of ``name`` and an entry of ``on`` that it depends on.

    None where there is no bound, or none that can be seen.
    """
    between = {n for n in {name, *graph.reach(name)} if n == on or graph.depends(n, on)}
    edges: list[Edge] = []
    for user in sorted(between):
        found = _edges(graph, user, between)
        if found is None:
            return None
        edges += found
    return _shortest(edges, name, on, len(between))


def _edges(graph: Dependencies, user: str, between: set[str]) -> list[Edge] | None:
    """From a name to those that its definitions mention, with their lags; None where one cannot be told."""
    if graph.context.depends.get(user):
        return None
    edges: list[Edge] = []
    for definition in graph.context.definitions.get(user, ()):
        elements = [e for e in elements_in(definition.body) if name_of(e) in between]
        if _numbers(definition.body) & between or (elements and not definition.pattern):
            return None
        for element in elements:
            lag = _lag(definition, element)
            if lag is None:
                return None
            edges.append((user, name_of(element), lag))
    return edges


def _lag(definition: Definition, element: Indexed) -> int | None:
    own, other = definition.pattern[0], element.indices[0]
    difference = own - other
    if not isinstance(difference, Integer) or own in _bound(definition.body):
        return None
    return int(difference)


def _numbers(body: Expr) -> set[str]:
    """The names that stand there without indices."""
    found: set[str] = set()
    stack: list[Basic] = [body]
    while stack:
        node = stack.pop()
        if isinstance(node, Symbol):
            found.add(str(node.name))
        stack.extend(node.indices if isinstance(node, Indexed) else node.args)
    return found


def _bound(body: Expr) -> Iterator[Symbol]:
    for node in body.atoms(Sum, Product):
        yield node.args[1][0]
    for node in body.atoms(Maximum):
        yield node.limits[0][0]


def _shortest(edges: list[Edge], name: str, on: str, names: int) -> int | None:
    """Bellman and Ford: the shortest way of at least one edge; None where a circle makes it shorter and shorter."""
    best = {on: 0}
    for _ in range(names + 1):
        before = dict(best)
        for user, used, lag in edges:
            if used in best and lag + best[used] < best.get(user, lag + best[used] + 1):
                best[user] = lag + best[used]
        if best == before:
            ways = [lag + best[used] for user, used, lag in edges if user == name and used in best]
            return min(ways, default=None)
    return None
