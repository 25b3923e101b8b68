"""A document in pieces: nothing of its prose is lost, every formula has its place, no mark-up is invented."""

import pytest

from checker.documents import read_text
from checker.prose import prose_of


def pieces(text, path="x.md"):
    return prose_of(read_text(text, path))


def shape(text, path="x.md"):
    """``<p>words`` …, formulas in ``$``."""
    signs = {"open": "<{}>", "close": "</{}>", "formula": "${}$", "display": "$${}$$", "text": "{}"}
    return "".join(signs[p.kind].format(p.text) for p in pieces(text, path))


@pytest.mark.parametrize(
    "text, expected",
    [
        ("# T\n\nSome *words* with $x_1*y$ in.", "<h1>T</h1><p>Some <em>words</em> with $x_1*y$ in.</p>"),
        ("a\n\n$$\na = b\n$$\n<!-- id: q -->\n", "<p>a</p><p>$$a = b$$</p>"),
        ("a\n$$a = b$$\nc", "<p>a\n$$a = b$$\nc</p>"),
        ("> q\n> $$\n> a = b\n> $$", "<blockquote><p>q\n$$a = b$$</p></blockquote>"),
        ("- one $x$\n- two", "<ul><li>one $x$</li><li>two</li></ul>"),
        ("|a|b|\n|-|-|\n|$x$|2|", "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>$x$</td><td>2</td></tr></tbody></table>"),
        ("`$x$` and \\(y\\)", "<p><code>$x$</code> and $y$</p>"),
        ("```math\na = b\n```", "<p>$$a = b$$</p>"),
        ("\\begin{align}\na &= b\n\\end{align}", "<p>$$a &= b$$</p>"),
        ("```\n$x$\n```", "<pre>$x$\n</pre>"),
        ("---\ntitle: T\n---\nwords", "<p>words</p>"),
        ("a <b>c</b> <!-- no --> d", "<p>a <b>c</b>  d</p>"),
        ("$a$$b$", "<p>$a$$b$</p>"),
        ("it costs $5 and $6", "<p>it costs $5 and $6</p>"),
        ("\ue000" + "0\ue001 $x$", "<p>0 $x$</p>"),
    ],
)  # fmt: skip
def test_markdown(text, expected):
    assert shape(text) == expected


def test_latex():
    text = "\\section{T}\nSome \\emph{words} with $x$.\n\n\\[ a = b \\]\nmore"
    assert shape(text, "x.tex") == "<h1>T</h1><p> Some words with $x$.</p><p>$$a = b$$ more</p>"


def test_places_are_those_of_the_file():
    (found,) = [p for p in pieces("a\n\n  so $x$\n") if p.kind == "formula"]
    assert (found.start, found.end) == ((3, 7), (3, 8))


@pytest.mark.parametrize(
    "text", ["$", "$$", "```", "<!--", "| $a |", "> $$", "\\begin{align}", "*" * 3000, "[" * 3000, "> " * 500 + "$x$"]
)
def test_any_text_has_pieces(text):
    opened = [p.text for p in pieces(text) if p.kind == "open"]
    closed = [p.text for p in pieces(text) if p.kind == "close"]
    assert sorted(opened) == sorted(closed)
