"""The networks of a document in its LaTeX report, drawn with LaTeX's own picture environment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from checker.render import tex
from checker.render.drawing import Arrow, Box, Drawing, drawn
from checker.render.layered import Place
from checker.render.networks import caption, heading
from checker.results import DocumentReport, Network

WIDEST = 465.0  # points
HIGHEST = 600.0
LARGEST = 0.72  # of a point: the unit of a drawing that fits
Formula = Callable[[str], str]


def sections(document: DocumentReport, formula: Formula) -> Iterator[str]:
    for network in document.networks:
        yield rf"\subsection*{{{tex.text(heading(network))}}}"
        yield from picture(drawn(network, WIDEST / LARGEST, document.macros), formula)
        yield rf"\par{{\footnotesize {words(network)}\par}}"


def words(network: Network) -> str:
    return tex.text(caption(network))


def picture(drawing: Drawing, formula: Formula) -> Iterator[str]:
    unit = min(LARGEST, WIDEST / drawing.width, HIGHEST / drawing.height)
    yield r"\par\noindent\begingroup\fboxsep=1pt"
    yield rf"\setlength{{\unitlength}}{{{unit:.4f}pt}}"
    yield rf"\begin{{picture}}({drawing.width:g},{drawing.height:g})"
    for arrow in drawing.arrows:
        yield from lines(arrow, drawing.height)
    for arrow in drawing.arrows:
        if arrow.source is not None:
            shown = rf"\colorbox{{white}}{{{small(formula(arrow.source))}}}"
            yield put(arrow.at, drawing.height, rf"\makebox(0,0){{{shown}}}")
    for box in drawing.boxes:
        yield from boxed(box, drawing.height, formula)
    yield r"\end{picture}\endgroup"


def small(formula: str) -> str:
    return formula.replace(r"\displaystyle", r"\scriptstyle")


def put(place: Place, height: float, what: str) -> str:
    """LaTeX counts upwards."""
    return rf"\put({place[0]:.1f},{height - place[1]:.1f}){{{what}}}"


def lines(arrow: Arrow, height: float) -> Iterator[str]:
    for a, b in pairwise(arrow.points):
        yield line(a, b, height)
    (x, y), (u, v) = arrow.points[-2], arrow.points[-1]
    length = ((u - x) ** 2 + (v - y) ** 2) ** 0.5 or 1.0
    ax, ay = 8 * (u - x) / length, 8 * (v - y) / length
    for side in (0.4, -0.4):
        yield line((u - ax - side * ay, v - ay + side * ax), (u, v), height)


def line(a: Place, b: Place, height: float) -> str:
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    return r"\qbezier" + "".join(f"({x:.1f},{height - y:.1f})" for x, y in (a, middle, b))


def boxed(box: Box, height: float, formula: Formula) -> Iterator[str]:
    (x, y), (w, h) = box.place, box.size
    frame = r"\dashbox{4}" if box.quantity.role == "parameter" else r"\framebox"
    thick = r"\thicklines" if box.quantity.role == "result" else r"\thinlines"
    yield put((x - w / 2, y + h / 2), height, rf"{thick}{frame}({w:.1f},{h:.1f}){{}}")
    yield put((x, y - h / 2 + 15), height, rf"\makebox(0,0){{\small {formula(box.quantity.latex)}}}")
    for k, (_, text) in enumerate(box.rows):
        yield put((x, y - h / 2 + 34 + 16 * k), height, rf"\makebox(0,0){{\tiny {tex.text(text)}}}")
