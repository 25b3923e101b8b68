"""A small layered layout for drawings: sources on the left, what is computed from them to the right.

Longest-path layers, sources drawn up to their first use, dummy nodes on long edges, barycentric ordering, and
coordinates that lie as near to their neighbours as the distances allow.  The same input gives the same drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

SWEEPS = 12
Pair = tuple[int, int]
Place = tuple[float, float]


@dataclass(frozen=True)
class Layout:
    """Centres of the nodes, the points every edge goes through (its ends included), and the whole extent."""

    places: tuple[Place, ...]
    routes: Mapping[Pair, tuple[Place, ...]]
    width: float
    height: float


@dataclass(frozen=True)
class Spacing:
    """``between`` layers (without labels) and ``apart`` within one; a dummy node is ``thin``."""

    between: float = 46
    apart: float = 18
    thin: float = 10
    margin: float = 12
    crowded: float = 9  # more between two layers for each label beyond the third


def arranged(
    sizes: Sequence[Place], edges: Sequence[Pair], labels: Mapping[Pair, float], spacing: Spacing | None = None
) -> Layout:
    """``sizes`` are (width, height); ``labels`` the widths of the edges' labels."""
    spacing = spacing or Spacing()
    forward = acyclic(len(sizes), edges)
    layer = layers_of(len(sizes), forward)
    chains, nodes = with_dummies(layer, forward)
    heights = [sizes[k][1] if k < len(sizes) else spacing.thin for k in range(len(nodes))]
    rows = ordered(nodes, chains)
    y = levelled(rows, chains, heights, spacing.apart)
    x = columns(rows, sizes, nodes, forward, labels, spacing)
    top = min((y[k] - heights[k] / 2 for k in range(len(nodes))), default=0.0)
    shift = spacing.margin - top
    places = tuple((x[nodes[k]], y[k] + shift) for k in range(len(sizes)))
    routes = {e: tuple((x[nodes[k]], y[k] + shift) for k in chain) for e, chain in zip(forward, chains, strict=True)}
    bottom = max((y[k] + heights[k] / 2 for k in range(len(nodes))), default=0.0)
    right = max((px + w / 2 for (px, _), (w, _) in zip(places, sizes, strict=True)), default=0.0)
    return Layout(places, routes, right + spacing.margin, bottom + shift + spacing.margin)


def acyclic(count: int, edges: Sequence[Pair]) -> list[Pair]:
    """The edges without those that lead back to a node under way."""
    after: dict[int, list[int]] = {k: [] for k in range(count)}
    for a, b in dict.fromkeys(edges):
        if a != b:
            after[a].append(b)
    kept: list[Pair] = []
    state = [0] * count
    for root in range(count):
        if state[root]:
            continue
        stack = [(root, iter(after[root]))]
        state[root] = 1
        while stack:
            here, rest = stack[-1]
            there = next(rest, None)
            if there is None:
                state[here] = 2
                stack.pop()
            elif state[there] != 1:
                kept.append((here, there))
                if not state[there]:
                    state[there] = 1
                    stack.append((there, iter(after[there])))
    order = {edge: k for k, edge in enumerate(dict.fromkeys(edges))}
    return sorted(kept, key=order.__getitem__)


def layers_of(count: int, edges: Sequence[Pair]) -> list[int]:
    layer = [0] * count
    for _ in range(count):
        changed = False
        for a, b in edges:
            if layer[b] <= layer[a]:
                layer[b], changed = layer[a] + 1, True
        if not changed:
            break
    for node in range(count):
        users = [layer[b] for a, b in edges if a == node]
        if users and not any(b == node for _, b in edges):
            layer[node] = min(users) - 1
    return layer


def with_dummies(layer: Sequence[int], edges: Sequence[Pair]) -> tuple[list[tuple[int, ...]], list[int]]:
    """The nodes every edge passes, and the layer of every node, dummies at the end."""
    nodes = list(layer)
    chains = []
    for a, b in edges:
        chain = [a]
        for between in range(layer[a] + 1, layer[b]):
            chain.append(len(nodes))
            nodes.append(between)
        chains.append((*chain, b))
    return chains, nodes


def ordered(nodes: Sequence[int], chains: Sequence[tuple[int, ...]]) -> list[list[int]]:
    rows: list[list[int]] = [[k for k, at in enumerate(nodes) if at == n] for n in range(max(nodes, default=0) + 1)]
    before, after = neighbours(len(nodes), chains)
    best, fewest = [list(row) for row in rows], crossings(rows, chains)
    for sweep in range(SWEEPS):
        sides = before if sweep % 2 == 0 else after
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            place = {k: p for other in rows for p, k in enumerate(other)}
            row.sort(key=lambda k, place=place, sides=sides: (mean([place[n] for n in sides[k]], place[k]), place[k]))  # type: ignore[misc]
        if (now := crossings(rows, chains)) < fewest:
            best, fewest = [list(row) for row in rows], now
    return best


def neighbours(count: int, chains: Sequence[tuple[int, ...]]) -> tuple[list[list[int]], list[list[int]]]:
    before: list[list[int]] = [[] for _ in range(count)]
    after: list[list[int]] = [[] for _ in range(count)]
    for chain in chains:
        for a, b in pairwise(chain):
            before[b].append(a)
            after[a].append(b)
    return before, after


def crossings(rows: Sequence[Sequence[int]], chains: Sequence[tuple[int, ...]]) -> int:
    place = {k: p for row in rows for p, k in enumerate(row)}
    level = {k: n for n, row in enumerate(rows) for k in row}
    steps = sorted((level[a], place[a], place[b]) for c in chains for a, b in pairwise(c))
    return sum(1 for k, (n, a, b) in enumerate(steps) for m, c, d in steps[k + 1 :] if m == n and (a - c) * (b - d) < 0)


def mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def levelled(
    rows: Sequence[Sequence[int]], chains: Sequence[tuple[int, ...]], heights: Sequence[float], apart: float
) -> list[float]:
    """Heights of the centres: every row is moved towards its neighbours, left and right in turn."""
    y = [0.0] * len(heights)
    for row in rows:
        for k, at in zip(row, stacked([0.0] * len(row), [heights[k] for k in row], apart), strict=True):
            y[k] = at
    before, after = neighbours(len(heights), chains)
    for sweep in range(SWEEPS):
        sides = before if sweep % 2 == 0 else after
        for row in rows if sweep % 2 == 0 else rows[::-1]:
            wanted = [mean([y[n] for n in sides[k]], y[k]) for k in row]
            for k, at in zip(row, stacked(wanted, [heights[k] for k in row], apart), strict=True):
                y[k] = at
    return y


def stacked(wanted: Sequence[float], heights: Sequence[float], apart: float) -> list[float]:
    """The centres nearest to the wanted ones that keep order and distance (adjacent violators pooled)."""
    offsets, at = [], 0.0
    for k, height in enumerate(heights):
        at += height / 2 + (heights[k - 1] / 2 + apart if k else 0.0)
        offsets.append(at)
    pools: list[tuple[float, int]] = []
    for value in (w - o for w, o in zip(wanted, offsets, strict=True)):
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (b, n), (a, m) = pools.pop(), pools.pop()
            pools.append(((a * m + b * n) / (m + n), m + n))
    flat = [value for value, count in pools for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=True)]


def columns(
    rows: Sequence[Sequence[int]],
    sizes: Sequence[Place],
    nodes: Sequence[int],
    edges: Sequence[Pair],
    labels: Mapping[Pair, float],
    spacing: Spacing,
) -> list[float]:
    """The middle of every layer; the space before one has room for the labels of the edges that end there."""
    widths = [max((sizes[k][0] for k in row if k < len(sizes)), default=0.0) for row in rows]
    gaps = [spacing.between] * len(rows)
    crowd = [0] * len(rows)  # labels before a layer
    for a, b in edges:
        after = nodes[a] + 1
        gaps[after] = max(gaps[after], labels.get((a, b), 0.0) + spacing.between * 0.7)
        crowd[after] += (a, b) in labels and labels[a, b] > 0
    gaps = [gap + spacing.crowded * max(0, n - 3) for gap, n in zip(gaps, crowd, strict=True)]
    x, at = [], spacing.margin
    for n, width in enumerate(widths):
        at += (gaps[n] if n else 0.0) + width / 2
        x.append(at)
        at += width / 2
    return x
