"""A network as a drawing: where its boxes, arrows and labels go.  SVG and LaTeX pictures are made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from checker.render.labels import around, curve, placed
from checker.render.layered import Layout, Pair, Place, arranged
from checker.render.pictures import depth
from checker.render.runs import Run, runs_of, width
from checker.render.words import flat
from checker.results import Network, Quantity

SIZE = 16.0  # of the letters of a name
SMALL = 12.0  # of numbers and labels
ROW = 17.0
LABEL = 17.0  # height of a label
LONGEST = 22  # characters of a value that is shown in its box
Macros = Iterable[tuple[str, int, str, str | None]]


@dataclass(frozen=True)
class Box:
    quantity: Quantity
    name: tuple[Run, ...]
    rows: tuple[tuple[str, str], ...]  # (kind, text): the value and the gradient
    place: Place
    size: Place


@dataclass(frozen=True)
class Arrow:
    """From edge to edge of two boxes; ``label`` has its middle at ``at``."""

    points: tuple[Place, ...]
    label: tuple[Run, ...]
    source: str | None  # of the label, in LaTeX
    at: Place


@dataclass(frozen=True)
class Drawing:
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    width: float
    height: float
    down: bool  # from top to bottom


def drawn(network: Network, widest: float, macros: Macros = ()) -> Drawing:
    """From left to right, or from top to bottom where that would be wider than ``widest``."""
    macros = tuple(macros)
    names = [tuple(runs_of(q.latex, macros)) for q in network.quantities]
    rows = [rows_of(q) for q in network.quantities]
    sizes = [box_size(name, lines) for name, lines in zip(names, rows, strict=True)]
    labels = {
        (link.source, link.target): tuple(runs_of(link.derivative, macros)) if link.derivative else ()
        for link in network.links
    }
    wide = {pair: width(label, SMALL) for pair, label in labels.items()}
    layout = arranged(sizes, list(labels), wide)
    down = layout.width > widest
    if down:
        layout = turned(arranged([(h, w) for w, h in sizes], list(labels), dict.fromkeys(wide, SMALL)))
    boxes = tuple(Box(*each) for each in zip(network.quantities, names, rows, layout.places, sizes, strict=True))
    written = {(link.source, link.target): link.derivative for link in network.links}
    pairs = [pair for pair in labels if pair in layout.routes]
    points = [ends(pair, layout, sizes, down) for pair in pairs]
    curves = [curve(p, down) for p in points]
    room = [(width(labels[pair], SMALL) + 6, LABEL) if labels[pair] else None for pair in pairs]
    at = placed(curves, room, [around(box.place, (box.size[0] + 4, box.size[1] + 4)) for box in boxes])
    arrows = tuple(
        Arrow(points[k], labels[pair], written[pair], (round(at[k][0], 1), round(at[k][1], 1)))
        for k, pair in enumerate(pairs)
    )
    return Drawing(boxes, arrows, round(layout.width, 1), round(layout.height, 1), down)


def turned(layout: Layout) -> Layout:
    """What goes from left to right goes from top to bottom."""
    places = tuple((y, x) for x, y in layout.places)
    routes = {pair: tuple((y, x) for x, y in route) for pair, route in layout.routes.items()}
    return Layout(places, routes, layout.height, layout.width)


def rows_of(quantity: Quantity) -> tuple[tuple[str, str], ...]:
    found = [("value", shown(quantity.value, "= ")), ("gradient", shown(quantity.gradient, "∇ "))]
    if found[0][1] is None and quantity.shape:
        found[0] = ("shape", None)
    return tuple((kind, text) for kind, text in found if text is not None)


def shown(value: Any, sign: str) -> str | None:
    """A number or a short row of them; longer ones stand in the table below the drawing."""
    if value is None or depth(value) > 1:
        return None
    text = flat(value).replace("-", "−")
    return sign + text if len(text) <= LONGEST else None


def box_size(name: tuple[Run, ...], rows: tuple[tuple[str, str], ...]) -> Place:
    widest = max([width(name, SIZE), *(width([Run(text)], SMALL) for _, text in rows)])
    return max(34.0, widest + 18), 30.0 + ROW * len(rows)


def ends(pair: Pair, layout: Layout, sizes: list[Place], down: bool) -> tuple[Place, ...]:
    """The points an arrow goes through, from the edge of one box to that of the other."""
    (x, y), *inner, (u, v) = layout.routes[pair]
    (w, h), (wide, high) = sizes[pair[0]], sizes[pair[1]]
    start = (x, y + h / 2) if down else (x + w / 2, y)
    end = (u, v - high / 2) if down else (u - wide / 2, v)
    return tuple((round(a, 1), round(b, 1)) for a, b in (start, *inner, end))
