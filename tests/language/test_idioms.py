"""Ways of writing that only the whole document shows."""

import pytest

from checker import check_text


def verdicts(text: str) -> list[str]:
    return [line.judgement.verdict.value for line in check_text(text, "sample.md").judged() if line.judgement]


SHAPES = (
    "Let $W \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^{n}$ and $z = W x$. "
    "Let $E$ be a scalar function of $z$.\n\n"
)


@pytest.mark.parametrize(
    ("right", "expected"), [("dz \\, x^\\top", "proved"), ("x \\, dz^\\top", "wrong"), ("2 dz \\, x^\\top", "wrong")]
)
def test_a_gradient_named_after_its_variable(right, expected):
    text = f"{SHAPES}$$dz = \\frac{{\\partial E}}{{\\partial z}}$$\n\n$$dW = \\frac{{\\partial E}}{{\\partial W}} = {right}$$\n"
    assert verdicts(text) == [expected]


def test_a_d_that_is_a_factor_stays_one():
    text = "Let $d = 2$.\n\n$$y = d w$$\n\n$$\\frac{\\partial y}{\\partial w} = d$$\n"
    assert verdicts(text) == ["proved"]


LAYERS = "Let $W^{l} \\in \\mathbb{R}^{n \\times n}$, $a^{l} \\in \\mathbb{R}^{n}$ and $b^{l} \\in \\mathbb{R}^{n}$ for $l = 0, \\dots, L$.\n\n"


@pytest.mark.parametrize(("right", "expected"), [("W_{jk}^{l}", "proved"), ("W_{kj}^{l}", "wrong")])
def test_the_letter_of_a_layer_above_several_names(right, expected):
    text = f"{LAYERS}$$z^{{l}} = W^{{l}} a^{{l-1}} + b^{{l}}$$\n\n$$\\frac{{\\partial z_j^{{l}}}}{{\\partial a_k^{{l-1}}}} = {right}$$\n"
    assert verdicts(text) == [expected]


def test_a_command_of_another_file_is_a_letter():
    text = "$$\\cost = \\weight^2 + c$$\n\n$$\\frac{d \\cost}{d \\weight} = 2 \\weight$$\n\n"
    assert verdicts(text) == ["proved"]
    assert verdicts(text.replace("2 \\weight", "3 \\weight")) == ["wrong"]
    assert verdicts(text.replace("2 \\weight", "\\unheard{2} \\weight")) == ["unreadable"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$g(u, v) = u^2 v$$\n\n$$\\frac{\\partial g}{\\partial u} = 2 u v$$\n", ["proved"]),
        ("$$g(u, v) = u^2 v$$\n\n$$\\frac{\\partial g}{\\partial u} = 2 u$$\n", ["wrong"]),
        ("Let $f: \\mathbb{R}^n \\to \\mathbb{R}$ and $f(x) = x^\\top x$.\n\n$$\\nabla f(x) = 2 x$$\n", ["proved"]),
        ("Let $f: \\mathbb{R}^n \\to \\mathbb{R}$ and $f(x) = x^\\top x$.\n\n$$\\nabla f(x) = x$$\n", ["wrong"]),
        (
            "A map $f: \\mathbb{R}^n \\to \\mathbb{R}$ has\n\n$$f(x) = f(z)$$\n\n$$f(x) = 2 f(x)$$\n",
            ["unreadable", "unreadable"],
        ),
        ("$$y = u^2 ~~~ (3)$$\n\n$$\\frac{dy}{du} = 2 u \\quad (4)$$\n", ["proved"]),
        ("$$\\bbox[yellow, 5px]{y = u^2}$$\n\n$$\\frac{dy}{du} = 2 \\space u$$\n", ["proved"]),
        ("$$y = \\left\\[ u \\right\\]^2 z\\(u + z\\)$$\n\n$$\\frac{dy}{dz} = u^2 (u + 2 z)$$\n", ["proved"]),
        ("$$I = [0, 1]^m$$\n", ["undecided"]),
    ],
)
def test_functions_numbers_and_frames(text, expected):
    assert verdicts(text) == expected
