"""What is seen of a formula without reading it."""

import pytest

from checker.documents.formulas import asks_for_more, continues_chain, ends_sentence, leaves_chain_open, top_relations


@pytest.mark.parametrize(
    "text",
    [
        "a = b",
        "a &= b \\\\ &= c",
        "\\begin{aligned} a &= b \\end{aligned}",
        "\\boxed{a = b}",
        "{a = b}",
        "a \\stackrel{!}{=} b",
        "w \\mathrel{+}= b",
        "a := b",
        "\\left( a \\right) = b",
        "\\frac{a}{b} {} = c",
    ],
)
def test_equals_at_the_top(text):
    assert top_relations(text).equals


@pytest.mark.parametrize(
    "text",
    [
        "\\sum_{i=1}^{n} x_i",
        "x^{a = b}",
        "\\frac{a = b}{c = d}",
        "\\begin{cases} a & i = j \\end{cases}",
        "\\text{if a = b}",
        "\\tag{a=b} c",
        "\\hspace{a=b} c",
        "a \\= b",
        "",
    ],
)
def test_no_equals_at_the_top(text):
    assert not top_relations(text).any


@pytest.mark.parametrize(
    "text", ["a \\le b", "a < b", "x \\in X", "a \\approx b", "w \\leftarrow b", "f: A \\to B", "a ≈ b", "a \\ne b"]
)
def test_other_relations(text):
    relations = top_relations(text)
    assert relations.any
    assert not relations.equals


@pytest.mark.parametrize(
    "text", ["= b", " &= b", "{}= b", "\\quad = b", "\\begin{aligned} &= b \\end{aligned}", "&\\, = b"]
)
def test_continues_a_chain(text):
    assert continues_chain(text)


@pytest.mark.parametrize("text", ["a = b", "\\alpha = b", "\\le b", "", "\\quadratic = b", "(= b)"])
def test_does_not_continue_a_chain(text):
    assert not continues_chain(text)


@pytest.mark.parametrize("text", ["a =", "a = \\\\", "a &= &", "\\begin{aligned} a = \\end{aligned}", "a = \\quad"])
def test_leaves_a_chain_open(text):
    assert leaves_chain_open(text)


@pytest.mark.parametrize("text", ["a = b", "a \\le", ""])
def test_closes_its_chain(text):
    assert not leaves_chain_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = b.",
        "a = b. ",
        "a = b.\\quad",
        "a = b. \\tag{3}",
        "\\begin{aligned} a = b. \\end{aligned}",
        "a = b.\\\\",
        "a。",
    ],
)
def test_ends_a_sentence(text):
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["a = b", "a = 0.5", "a = b,", "\\left. a \\right.", "a = b + ...", "a \\bigr."])
def test_does_not_end_a_sentence(text):
    assert not ends_sentence(text)


def test_asks_for_more():
    assert asks_for_more("a = b,")
    assert asks_for_more("a = b; \\quad")
    assert not asks_for_more("a = b.")
