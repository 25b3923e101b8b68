"""The drawing of a network as SVG: in light and dark, with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from checker.render.drawing import SIZE, SMALL, Arrow, Box, Drawing, Macros, drawn
from checker.render.labels import curve
from checker.render.runs import SMALLER, Run, width
from checker.results import Network

STYLE = """
.network { --ink: #1f2328; --paper: #ffffff; --line: #57606a; --input: #ddf4ff; --parameter: #fff1cc;
  --quantity: #f6f8fa; --result: #dafbe1; --gradient: #8a2391; color: var(--ink); }
@media (prefers-color-scheme: dark) { .network { --ink: #e6edf3; --paper: #0d1117; --line: #9ea7b3; --input: #0c2d4d;
  --parameter: #3d2e00; --quantity: #21262d; --result: #0f3d20; --gradient: #df9cf2; } }
.network text { fill: var(--ink); text-anchor: middle;
  font-family: "STIX Two Text", "Cambria", "Times New Roman", serif; }
.network .i { font-style: italic; }
.network rect { stroke: var(--line); stroke-width: 1.2; }
.network .input rect { fill: var(--input); }
.network .parameter rect { fill: var(--parameter); stroke-dasharray: 4 2.5; }
.network .quantity rect { fill: var(--quantity); }
.network .result rect { fill: var(--result); stroke-width: 2.2; }
.network .gradient { fill: var(--gradient); }
.network path { fill: none; stroke: var(--line); stroke-width: 1.2; }
.network .head { fill: var(--line); stroke: none; }
.network .halo { fill: var(--paper); stroke: none; opacity: .88; }
"""
WIDEST = 820.0
CORNERS = {"input": 15, "parameter": 3, "quantity": 7, "result": 7}


def svg(network: Network, name: str, macros: Macros = (), standalone: bool = False) -> str:
    """``name`` makes the ids of the drawing unique on a page."""
    return "\n".join(rows(network, name, drawn(network, WIDEST, macros), standalone)) + ("\n" if standalone else "")


def rows(network: Network, name: str, drawing: Drawing, standalone: bool) -> Iterator[str]:
    size = f'viewBox="0 0 {drawing.width:g} {drawing.height:g}" width="{drawing.width:g}" height="{drawing.height:g}"'
    space = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ""
    yield f'<svg{space} class="network" role="img" aria-labelledby="{name}-t {name}-d" {size}>'
    yield f'<title id="{name}-t">{escape(title(network))}</title>'
    yield f'<desc id="{name}-d">{escape(description(network))}</desc>'
    yield f"<style>{STYLE}</style>"
    if standalone:
        yield f'<rect width="{drawing.width:g}" height="{drawing.height:g}" fill="var(--paper)" style="stroke: none"/>'
    for arrow in drawing.arrows:
        yield from lines(arrow, drawing.down)
    for arrow in drawing.arrows:
        yield from label(arrow)
    for box in drawing.boxes:
        yield from boxed(box)
    yield "</svg>"


def title(network: Network) -> str:
    return f"The computation defined from line {network.line} on"


def description(network: Network) -> str:
    """What depends on what, in words."""
    names = [q.latex for q in network.quantities]
    users: dict[int, list[str]] = {}
    for link in network.links:
        users.setdefault(link.target, []).append(names[link.source])
    parts = [f"{names[target]} from {', '.join(sources)}" for target, sources in users.items()]
    return "; ".join(parts) + "."


def lines(arrow: Arrow, down: bool) -> Iterator[str]:
    x, y = arrow.points[0]
    path = f"M{x:g} {y:g}"
    for _, *bends in curve(arrow.points, down):
        path += " C" + " ".join(f"{a:g} {b:g}" for a, b in bends)
    x, y = arrow.points[-1]
    yield f'<path d="{path}"/>'
    yield f'<path class="head" d="M{x:g} {y:g} {"l-3.6 -8 h7.2" if down else "l-8 -3.6 v7.2"} z"/>'


def label(arrow: Arrow) -> Iterator[str]:
    if not arrow.label:
        return
    x, y = arrow.at
    wide = width(arrow.label, SMALL) + 6
    yield f'<rect class="halo" x="{x - wide / 2:g}" y="{y - 9:g}" width="{wide:g}" height="17"/>'
    yield text(arrow.label, x, y + 4, SMALL)


def boxed(box: Box) -> Iterator[str]:
    (x, y), (w, h) = box.place, box.size
    yield f'<g class="{box.quantity.role}">'
    place = f'x="{x - w / 2:.1f}" y="{y - h / 2:.1f}" width="{w:.1f}" height="{h:.1f}"'
    yield f'<rect {place} rx="{CORNERS[box.quantity.role]}"/>'
    yield text(box.name, x, y - h / 2 + 20, SIZE)
    for k, (kind, words) in enumerate(box.rows):
        yield text([Run(words)], x, y - h / 2 + 38 + 16 * k, SMALL, kind)
    yield "</g>"


def text(runs: Iterable[Run], x: float, y: float, size: float, kind: str = "") -> str:
    spans = "".join(span(run, previous, size) for run, previous in with_previous(list(runs)))
    named = f' class="{kind}"' if kind else ""
    return f'<text{named} x="{x:.1f}" y="{y:.1f}" font-size="{size:g}">{spans}</text>'


def with_previous(runs: Sequence[Run]) -> Iterator[tuple[Run, int]]:
    level = 0
    for run in runs:
        yield run, level
        level = run.level


def span(run: Run, level: int, size: float) -> str:
    shift = (level - run.level) * size * 0.34
    moved = f' dy="{shift:.1f}"' if run.level != level else ""
    smaller = f' font-size="{size * SMALLER:g}"' if run.level else ""
    italic = ' class="i"' if run.italic else ""
    return f"<tspan{moved}{smaller}{italic}>{escape(run.text)}</tspan>"
