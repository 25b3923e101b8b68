"""Drawings: nothing overlaps, arrows go from box to box, and what comes out is well formed and the same again."""

from xml.etree import ElementTree

import pytest

from checker.render import latex, markdown
from checker.render.drawing import LABEL, SMALL, drawn
from checker.render.files import pages
from checker.render.labels import around, shared
from checker.render.layered import Spacing, acyclic, arranged, layers_of, stacked
from checker.render.runs import Run, runs_of, width
from checker.render.svg import svg
from checker.results import DocumentReport, Link, Network, Quantity

NAMES = ("x", "w", "z", "y", "t", "l")
NETWORK = Network(
    10,
    tuple(Quantity(n, "result" if n == "l" else "input", None, (), "1/2", "-3") for n in NAMES),
    (Link(0, 2, "w"), Link(1, 2, r"\frac{a}{b + 1}"), Link(2, 3), Link(3, 5), Link(4, 5), Link(0, 5, "x_1")),
    {"n": 2, "784": 1},
    {r"\varphi": "t^2"},
)
DOCUMENT = DocumentReport("d/a.md", "A", None, (), (), networks=(NETWORK,))


def test_layers():
    assert layers_of(6, [(0, 2), (1, 2), (2, 3), (3, 5), (4, 5)]) == [0, 0, 1, 2, 2, 3]


def test_cycles_are_cut():
    assert acyclic(3, [(0, 1), (1, 2), (2, 0), (1, 1)]) == [(0, 1), (1, 2)]


def test_stacked_keeps_order_and_distance():
    assert stacked([0, 0, 100], [10, 10, 10], 2) == [-6, 6, 100]


@pytest.mark.parametrize(
    "edges", [[], [(0, 1)], [(k, (k * 7 + 3) % 12) for k in range(12)], [(0, k) for k in range(1, 12)]]
)
def test_nothing_overlaps(edges):
    sizes = [(40.0, 30.0 + 5 * (k % 3)) for k in range(12)]
    layout = arranged(sizes, edges, {}, Spacing())
    boxes = [(x - w / 2, x + w / 2, y - h / 2, y + h / 2) for (x, y), (w, h) in zip(layout.places, sizes, strict=True)]
    for k, (a, b, c, d) in enumerate(boxes):
        assert a >= 0
        assert b <= layout.width
        assert c >= 0
        assert d <= layout.height
        assert all(b <= e or f <= a or d <= g or h <= c for e, f, g, h in boxes[k + 1 :])


@pytest.mark.parametrize("widest", [1e9, 10.0])
def test_arrows_go_from_edge_to_edge(widest):
    drawing = drawn(NETWORK, widest)
    assert drawing.down == (widest == 10.0)
    assert len(drawing.arrows) == len(NETWORK.links)
    for arrow, link in zip(drawing.arrows, NETWORK.links, strict=True):
        source, target = drawing.boxes[link.source], drawing.boxes[link.target]
        axis = 1 if drawing.down else 0
        assert arrow.points[0][axis] == pytest.approx(source.place[axis] + source.size[axis] / 2, abs=0.1)
        assert arrow.points[-1][axis] == pytest.approx(target.place[axis] - target.size[axis] / 2, abs=0.1)


@pytest.mark.parametrize(
    "source, expected",
    [
        ("x_1^2", "x12"),
        (r"\frac{1}{1 + e^{v}}", "1/(1 + ev)"),
        (r"-\frac{t}{y}", "− t/y"),
        (r"\varphi'(z^{(1)}_i)", "φ′(zi(1))"),
        (r"\frac{a + b}{2}", "(a + b)/2"),
        (r"\frac{a}{b c}", "a/(bc)"),
        (r"\unknown{x}", r"\unknown{x}"),
    ],
)
def test_formulas_in_plain_characters(source, expected):
    assert "".join(run.text for run in runs_of(source)) == expected


def test_svg_is_well_formed_and_inert():
    wild = Network(
        1, (Quantity("<script>", "input", value="<b>"), Quantity("y", "result")), (Link(0, 1, '"><script>'),)
    )
    for network in (NETWORK, wild):
        text = svg(network, "n", standalone=True)
        root = ElementTree.fromstring(text)
        assert not [e for e in root.iter() if e.tag.endswith("script") or e.tag.endswith("foreignObject")]
        assert root.find("{http://www.w3.org/2000/svg}title") is not None


def test_labels_stand_clear_of_boxes_and_of_each_other():
    names = ("x", "u", "v", "w", "p", "q", "r")
    crossed = tuple(Link(a, b, r"\delta_{jl} W_{pk}") for a in (0, 1, 2, 3) for b in (4, 5, 6) if a != b - 3 or a == 0)
    quantities = tuple(Quantity(n, "quantity", None, (), None, None) for n in names)
    for widest in (1e9, 10.0):
        drawing = drawn(Network(1, quantities, crossed), widest)
        rooms = [around(a.at, (width(a.label, SMALL), LABEL - 4)) for a in drawing.arrows]
        boxes = [around(b.place, b.size) for b in drawing.boxes]
        assert not [1 for k, a in enumerate(rooms) for b in rooms[k + 1 :] if shared(a, b)]
        assert not [1 for a in rooms for b in boxes if shared(a, b)]


@pytest.mark.parametrize(
    ("source", "expected"), [(r"\hat{y}", "y\u0302"), (r"\bar x_1", "x\u03041"), (r"\tilde{z}", "z\u0303")]
)
def test_accents_stand_above_their_letters(source, expected):
    runs = runs_of(source)
    assert "".join(run.text for run in runs) == expected
    assert width(runs, 16) == width([Run(run.text[:1], run.level) for run in runs], 16)


def test_every_format_has_the_drawing():
    made = pages([DOCUMENT], ("md", "tex", "html"))
    assert "a.network-1.svg" in made
    assert "](a.network-1.svg)" in made["a.md"]
    assert r"\begin{tikzpicture}" in made["a.tex"]
    assert '<svg class="network" role="img"' in made["a.html"]
    for page in (made["a.md"], made["a.tex"], made["a.html"]):
        assert "n = 2" in page
        assert "1 in place of 784" in page


def test_latex_needs_tikz_only_for_a_drawing():
    page = latex.render(DOCUMENT)
    assert r"\usepackage{tikz}" in page
    assert "tikz" not in latex.render(DocumentReport("a", "A", None, (), ()))
    assert page.count(r"\begin{tikzpicture}") == page.count(r"\end{tikzpicture}") == 1


def test_markdown_without_pictures_says_nothing_of_them():
    assert "svg" not in markdown.render(DOCUMENT)
