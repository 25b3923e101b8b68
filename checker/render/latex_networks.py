"""The networks of a document in its LaTeX report, as TikZ pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.render import tex
from checker.render.drawing import Arrow, Box, drawn
from checker.render.labels import curve
from checker.render.layered import Place
from checker.render.networks import caption, heading
from checker.results import DocumentReport, Network

PREAMBLE = r"""\usepackage{tikz}
\definecolor{input}{HTML}{DDF4FF}
\definecolor{parameter}{HTML}{FFF1CC}
\definecolor{quantity}{HTML}{F6F8FA}
\definecolor{result}{HTML}{DAFBE1}
\definecolor{gradient}{HTML}{8A2391}
\definecolor{line}{HTML}{57606A}"""
WIDEST = 465.0  # points
HIGHEST = 600.0
LARGEST = 0.72  # of a point: the unit of a drawing that fits
CORNERS = {"input": 10, "parameter": 2, "quantity": 5, "result": 5}
FRAMES = {"parameter": ",dashed", "result": ",very thick"}
Formula = Callable[[str], str]


def sections(document: DocumentReport, formula: Formula) -> Iterator[str]:
    for network in document.networks:
        yield rf"\subsection*{{{tex.text(heading(network))}}}"
        yield from picture(network, document, formula)
        yield rf"\par{{\footnotesize {words(network)}\par}}"


def words(network: Network) -> str:
    return tex.text(caption(network))


def picture(network: Network, document: DocumentReport, formula: Formula) -> Iterator[str]:
    drawing = drawn(network, WIDEST / LARGEST, document.macros)
    unit = min(LARGEST, WIDEST / drawing.width, HIGHEST / drawing.height)
    scale = f",transform shape,scale={unit / LARGEST:.3f}" if unit < LARGEST else ""
    yield r"\par\noindent"
    yield rf"\begin{{tikzpicture}}[x={LARGEST}pt,y=-{LARGEST}pt,inner sep=1pt{scale}]"
    for arrow in drawing.arrows:
        yield line(arrow, drawing.down)
    for arrow in drawing.arrows:
        if arrow.source is not None:
            yield node(arrow.at, small(formula(arrow.source)), "fill=white")
    for box in drawing.boxes:
        yield from boxed(box, formula)
    yield r"\end{tikzpicture}"


def small(formula: str) -> str:
    return formula.replace(r"\displaystyle", r"\scriptstyle")


def at(place: Place) -> str:
    return f"({place[0]:.1f},{place[1]:.1f})"


def node(place: Place, text: str, style: str = "") -> str:
    return rf"\node{f'[{style}]' if style else ''} at {at(place)} {{{text}}};"


def line(arrow: Arrow, down: bool) -> str:
    path = at(arrow.points[0])
    for _, first, second, end in curve(arrow.points, down):
        path += f" .. controls {at(first)} and {at(second)} .. {at(end)}"
    return rf"\draw[line,-latex] {path};"


def boxed(box: Box, formula: Formula) -> Iterator[str]:
    (x, y), (w, h), role = box.place, box.size, box.quantity.role
    style = f"line,fill={role},rounded corners={CORNERS[role]}pt{FRAMES.get(role, '')}"
    yield rf"\draw[{style}] {at((x - w / 2, y - h / 2))} rectangle {at((x + w / 2, y + h / 2))};"
    yield node((x, y - h / 2 + 15), rf"\small {formula(box.quantity.latex)}")
    for k, (kind, text) in enumerate(box.rows):
        colour = "text=gradient" if kind == "gradient" else ""
        yield node((x, y - h / 2 + 34 + 16 * k), rf"\tiny {tex.text(text)}", colour)
