"""On any text at all: reading never fails, offsets are places in the file, and the work is linear."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.documents import Claim, Declaration, Document, Formula, Problem, Prose, Words, read_text
from tests.documents.reading import formulas

BITS = [
    "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\\\(", "\\\\)", "\\\\[", "\\\\]", "`", "```", "```math\n", "$`", "`$",
    "\\begin{align}", "\\end{align}", "\\begin{cases}", "\\end{cases}", "\\begin{verbatim}", "\\end{verbatim}",
    "\\begin{document}", "\\end{document}", "\\section{", "\\item ", "\\title{", "\\newcommand{\\a}[1]{b}", "\\def\\a{",
    "<!--", "-->", "<!-- id: one -->", "<!-- expect: wrong -->", "<!-- checker: let a = b; skip -->", "<pre>", "</pre>",
    "<div>", "<b>", "% id: two\n", "% checker: let a be a b\n", "%", "{", "}", "[", "](", ")", "|", "\\|", "\\_",
    "&lt;",
    "\n", "\n\n", "\n> ", "\n- ", "\n1. ", "\n# ", "\n===\n", "\n---\n", "\n    ", "\t", " ", "\r\n", "\ufeff", "*",
    "_",
    "Let ", "where ", "Then ", "let ", "with ", "for ", "and ", ", ", ". ", "e.g. ", ":", "=", "a = b", "= c",
    "x", "5", "é", "。", "\\é",
]  # fmt: skip
texts = st.one_of(st.text(), st.lists(st.sampled_from(BITS), max_size=40).map("".join))


@pytest.mark.parametrize("kind", ["markdown", "latex"])
@given(text=texts)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
def test_any_text_is_read(kind, text):
    document = read_text(text, "-", kind)
    assert document == read_text(text, "-", kind)
    check_places(document)


def check_places(document: Document) -> None:
    size = len(document.text)
    for item in document.items:
        assert 0 <= item.start < size
        if isinstance(item, (Prose, Declaration)):
            assert all(part.text for part in item.parts)
            assert all(0 <= part.start < size for part in item.parts if isinstance(part, Words))
        if isinstance(item, Claim):
            assert item.formulas
            assert item.start == item.formulas[0].start
        if isinstance(item, Problem):
            assert item.message
    for formula in formulas(document):
        check_formula(formula, document.text)


def check_formula(formula: Formula, text: str) -> None:
    assert formula.text
    assert formula.text == formula.text.strip()
    offsets = list(formula.offsets)
    assert len(offsets) == len(formula.text) + 1
    assert offsets == sorted(set(offsets))
    assert all(c == " " or text[o] in (c, "&", "\r") for c, o in zip(formula.text, offsets, strict=False))


@given(text=st.lists(st.sampled_from(BITS), max_size=30).map("".join))
@settings(deadline=None, max_examples=200)
def test_a_blank_line_and_a_heading_shield_what_follows(text):
    """Whatever stands above, but for an open comment, code or HTML block and front matter."""
    if any(
        bit in text
        for bit in ("<", "`", "---", "    ", "\t", "\\begin{document}", "\\end{document}", "> ", "- ", "1. ")
    ):
        return
    document = read_text(f"{text}\n\n# Heading\n\n$$p = q$$\n", "-", "markdown")
    last = document.items[-1]
    assert isinstance(last, Claim)
    assert [formula.text for formula in last.formulas] == ["p = q"]


# Each of these once was, or might be, quadratic.
REPEATED = {
    "claims": "$$\na = b\n$$\n<!-- expect: proved -->\n\n",
    "prose": "A line with $x$ in it. Then $a = b$.\n",
    "dollars": "$ ", "sums": "$5 ", "double dollars": "$$ a ", "mixed": "$a $$b ", "brackets": "\\[ a\n",
    "parens": "\\( a ",
    "environments": "\\begin{align} a\n\n", "mismatched": "\\begin{align} a \\end{x} ", "open cases": "\\begin{cases}",
    "ticks": "` a `` b ", "fences": "```a\n", "math fences": "```math\na = b\n\n", "quoted fences": "> ```a\n> ```\n",
    "comments": "<!-- ", "ids": "<!-- id: a --> ", "marked": "Then $a = b$ <!-- id: x --> ", "tags": "<pre> ",
    "blocks": "<div>\n\n",
    "quotes": ">", "quoted": "> a $b\n> c$\n", "items": "- a\n", "nested": "- ", "definitions": "\\newcommand{\\a}{ ",
    "inside": "$\\newcommand{\\a}{ $ ", "links": "[a](b ", "emphasis": "*_", "spaces": " ", "lines": "\n", "dots": ". ",
    "where": ", where $c = d$", "chain": "$$= c$$\n", "entries": "<!-- checker: let a; -->\n", "escapes": "$$a\\_b$$ ",
    "heads": "# a\n",
    "braces": "\\label{", "sections": "\\section{", "percent": "% expect: a\n", "verb": "\\verb|",
    "titles": "\\title{ ",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["markdown", "latex"])
@pytest.mark.parametrize("name", REPEATED)
def test_four_times_the_text_takes_about_four_times_as_long(name, kind):
    small, large = (REPEATED[name] * count for count in (1500, 6000))
    assert any(seconds(large, kind) < 10 * seconds(small, kind) + 0.05 for _ in range(3))


def seconds(text: str, kind: str) -> float:
    start = time.process_time()
    read_text(text, "-", kind)
    return time.process_time() - start


@pytest.mark.parametrize("line", ["A line of prose.\n\n", "Let $x \\in \\mathbb{R}$.\n\n", "$$a = b$$\n\n"])
def test_fifty_thousand_lines(line):
    assert seconds(line * 25_000, "markdown") < 5


@pytest.mark.parametrize("kind", ["markdown", "latex"])
@pytest.mark.parametrize("opener", ["{", "\\begin{cases}", "\\frac{", "$", "\\[", "> ", "- ", "(", "\\left("])
def test_deep_nesting(kind, opener):
    assert read_text("$$" + opener * 5000 + "$$", "-", kind)
    assert read_text(opener * 5000, "-", kind)
