"""Input made to hurt: deep, long, circular.  Always an answer or a ParseError, and soon."""

import time

import pytest

from checker.documents.model import Macro
from checker.language.parser import parse
from checker.language.surface import ParseError

DEEP = {
    "braces": "{" * 5000 + "x" + "}" * 5000,
    "parentheses": "(" * 5000 + "x" + ")" * 5000,
    "left and right": "\\left(" * 3000 + "x" + "\\right)" * 3000,
    "powers": "x^{" * 3000 + "x" + "}" * 3000,
    "fractions": "\\frac{" * 2000 + "x" + "}{y}" * 2000,
    "roots without braces": "\\sqrt " * 5000 + "x",
    "accents": "\\hat " * 5000 + "x",
    "sums": "\\sum_i " * 3000 + "x",
    "derivatives": "\\frac{\\partial}{\\partial x} " * 1000 + "x",
    "functions": "\\log " * 5000 + "x",
    "negations": "[" + "\\neg " * 5000 + "x]",
    "open parentheses": "(" * 3000,
    "cases": "\\begin{cases} x & " * 500 + "y" + " \\end{cases}" * 500,
    "bars": "|" * 5000,
}
LONG = {
    "signs": "-" * 10_000 + "x",
    "a sum": " + ".join(["x_i"] * 3000),
    "a product": "x_i " * 3000,
    "letters": "x" * 10_000,
    "pairs of bars": "|x|" * 2000,
    "double bars": "||x|| " * 1500,
    "full stops": "a.b " * 3000,
    "slashes": "dx/" * 3000 + "x",
    "rows": "a = b \\\\ " * 3000,
    "commas": "a, " * 5000,
    "text in text": "\\text{" * 3000 + "}" * 3000,
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_deep_nesting_is_refused_with_advice(text):
    started = time.perf_counter()
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert time.perf_counter() - started < 2
    assert "deep" in caught.value.found or "symbols" in caught.value.found
    assert caught.value.advice


@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
def test_long_formulas_take_linear_time(text):
    started = time.perf_counter()
    parse(text)
    assert time.perf_counter() - started < 2


def test_depth_that_people_use_is_read():
    parse("(" * 40 + "x" + ")" * 40)
    parse("\\frac{a+" * 20 + "x" + "}{y}" * 20)


def test_a_tower_of_powers_is_just_a_tree():
    parse("x^{10^{10^{10^{10}}}}")


def test_endless_input_is_refused():
    with pytest.raises(ParseError, match="more than 20000 symbols"):
        parse("x " * 30_000)
    with pytest.raises(ParseError, match="of 1000 digits"):
        parse("9" * 1000)


def table(*macros: Macro) -> dict[str, Macro]:
    return {macro.name: macro for macro in macros}


def test_macros_that_go_in_a_circle():
    with pytest.raises(ParseError, match="goes on calling itself"):
        parse("\\a", table(Macro("\\a", 0, "\\a")))
    with pytest.raises(ParseError, match="goes on calling itself"):
        parse("\\a", table(Macro("\\a", 0, "\\b x"), Macro("\\b", 0, "y \\a")))


def test_macros_that_explode():
    rows = [Macro(f"\\{chr(97 + n)}", 0, f"\\{chr(98 + n)}" * 10) for n in range(12)]
    with pytest.raises(ParseError, match="expands to too much"):
        parse("\\a", table(*rows, Macro("\\m", 0, "x")))


def test_typical_formulas_are_fast():
    text = (
        r"\frac{\partial E}{\partial W_{kl}} = \sum_{i=1}^{m} \sum_{j=1}^{n} \frac{\partial E}{\partial A_{ij}}"
        r" \frac{\partial A_{ij}}{\partial W_{kl}} = \sum_{i,j} B_{ij} D_{ik} \delta_{jl} = (D^\top B)_{kl}"
    )
    parse(text)
    started = time.perf_counter()
    for _ in range(20):
        parse(text)
    assert (time.perf_counter() - started) / 20 < 0.01  # about 0.0005 on an idle machine
