"""The author's own commands, expanded where they stand."""

import pytest

from checker.documents.model import Macro
from checker.language.parser import parse
from checker.language.surface import Derivative, Name, ParseError
from tests.language.shapes import chains

MACROS = {
    macro.name: macro
    for macro in [
        Macro("\\W", 0, "\\mathbf{W}"),
        Macro("\\pd", 2, "\\frac{\\partial #1}{\\partial #2}"),
        Macro("\\R", 0, "\\mathbb{Q}"),
        Macro("\\bold", 1, "\\mathbf#1"),
        Macro("\\at", 2, "#2_{#1}", "i"),
        Macro("\\be", 0, "\\begin{aligned}"),
        Macro("\\ee", 0, "\\end{aligned}"),
        Macro("\\norm", 1, "\\lVert #1 \\rVert"),
        Macro("\\log", 0, "\\mathrm{lg}"),
    ]
}
TABLE = [
    (r"\W x", "<W · x>"),
    (r"\pd{L}{w_i}", "∂(L ; w_{i})"),
    (r"\pd L w", "∂(L ; w)"),
    (r"\pd{\pd{L}{x}}{y}", "∂(∂(L ; x) ; y)"),
    (r"\bold x + \bold{y}", "<+x +y>"),
    (r"\at{x} + \at[j]{x}", "<+x_{i} +x_{j}>"),
    (r"\be a &= b \\ &= c \ee", "a | = b | = c"),
    (r"\norm{x}^2", "‖x‖^{2}"),
    (r"\log(x)", "'lg'(x)"),
    (r"x \in \R", r"x | \in \mathbb{Q}"),
    (r"\newcommand{\loss}{\mathcal{L}} \loss = \loss", r"\mathcal{L} | = \mathcal{L}"),
    (r"\def\w#1{W_{#1}} \w{ij} = \w k", "W_{<i · j>} | = W_{k}"),
]


@pytest.mark.parametrize("text, expected", TABLE, ids=[row[0] for row in TABLE])
def test_expansion(text, expected):
    assert chains(parse(text, MACROS)) == [expected]


def test_a_missing_argument():
    with pytest.raises(ParseError, match="a command without its argument"):
        parse(r"\pd{L}", MACROS)


def test_without_its_definition_a_command_is_unknown():
    with pytest.raises(ParseError, match=r"the unknown command \\pd"):
        parse(r"\pd{L}{w}")


def test_the_tokens_of_an_expansion_stand_at_the_call():
    text = r"a = \pd{L}{w} + \W"
    (chain,) = parse(text, MACROS).chains
    derivative, name = chain[1].tree.terms
    assert isinstance(derivative, Derivative)
    assert isinstance(name, Name)
    assert text[slice(*derivative.span)] == r"\pd{L}{w}"
    assert text[slice(*derivative.operand.span)] == r"\pd{L}{w}"
    assert text[slice(*name.span)] == r"\W"


def test_an_error_inside_an_expansion_stands_at_the_call():
    text = r"a = \half x"
    with pytest.raises(ParseError) as caught:
        parse(text, {"\\half": Macro("\\half", 0, "\\frac{}{2}")})
    assert text[slice(*caught.value.span)] == r"\half"
