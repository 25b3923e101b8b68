"""Every node knows where it stands in the text of its formula."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from checker.language.parser import parse, parse_expression
from checker.language.surface import Tree


def walk(value: object) -> Iterator[Tree]:
    if isinstance(value, tuple):
        for part in value:
            yield from walk(part)
    elif isinstance(value, Tree):
        yield value
        for field in fields(value):
            yield from walk(getattr(value, field.name))


@pytest.mark.parametrize(
    "text",
    [
        r"\frac{\partial A_{ij}}{\partial W_{kl}} + \sum_{q=1}^{n} D_{iq} W_{qj}",
        r"\sqrt[3]{x} \left( \hat{y}_i - \operatorname{softmax}(z)_j \right)^{(l) T}",
        r"\begin{cases} 1 & \text{if $i = j$} \\ 0 & \text{otherwise} \end{cases}",
        r"-\log \sigma(x) \cdot \partial E/\partial w",
        r"x² + Wᵀ",
    ],
)
def test_a_part_stands_inside_its_whole(text):
    tree = parse_expression(text)
    assert tree.span == (0, len(text))
    for whole in walk(tree):
        assert 0 <= whole.span[0] <= whole.span[1] <= len(text)
        for field in fields(whole):
            for part in walk(getattr(whole, field.name)):
                assert whole.span[0] <= part.span[0] <= part.span[1] <= whole.span[1]


def test_rows_and_their_text():
    text = r"A_{ij} = \sum_q D_{iq} W_{qj} = B,"
    (chain,) = parse(text).chains
    assert [text[slice(*row.span)] for row in chain] == ["A_{ij}", r"\sum_q D_{iq} W_{qj}", "B"]


def test_parts_of_a_formula():
    text = r"\frac{a + b}{\hat{y}_i}"
    tree = parse_expression(text)
    assert text[slice(*tree.numerator.span)] == "a + b"
    assert text[slice(*tree.denominator.span)] == r"\hat{y}_i"
    assert text[slice(*tree.denominator.base.span)] == r"\hat{y}"


def test_conditions_beside():
    text = r"a = b, \quad i \ne j"
    (aside,) = parse(text).asides
    assert text[slice(*aside.trees[0].span)] == r"i \ne j"
