"""A derivative of what nothing defines is not 0, and a line that rests on something unsaid is not called wrong."""

import pytest

from checker import check_text

LAYER = "Let $y_{ij} = w_j x_{ij} / r_i$.\n\n"


def verdicts(text: str) -> list[str]:
    report = check_text(text, "text.md")
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


def messages(text: str) -> str:
    report = check_text(text, "text.md")
    return " ".join(str(line.judgement.message) for line in report.judged() if line.judgement is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # L, of which nothing is said, is a function of y: that is what w and x are used for
        (
            "$$ \\frac{\\partial L}{\\partial w_j} = \\sum_{b,h} \\frac{\\partial L}{\\partial y_{bh}}"
            "\\frac{\\partial y_{bh}}{\\partial w_j}"
            " = \\sum_b \\frac{\\partial L}{\\partial y_{bj}} \\frac{x_{bj}}{r_b} $$",
            ["proved", "proved"],
        ),
        (
            "$$ \\frac{\\partial L}{\\partial w_j} = \\sum_b \\frac{\\partial L}{\\partial y_{bj}} x_{bj} $$",
            ["wrong"],
        ),
        # … but what L is, no one can know
        (
            "$$ \\frac{\\partial L}{\\partial w_j} = \\sum_b \\frac{\\partial L}{\\partial y_{bj}} \\frac{x_{bj}}{r_b}"
            " = \\sum_b x_{bj} $$",
            ["proved", "unreadable"],
        ),
        ("$$ \\frac{\\partial L}{\\partial w_j} = w_j $$", ["unreadable"]),
        ("Let $L = \\sum_{ij} y_{ij}$.\n\n$$ \\frac{\\partial L}{\\partial w_j} = w_j $$", ["wrong"]),
    ],
)
def test_a_loss_that_nothing_defines(text, expected):
    assert verdicts(LAYER + text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "$$ \\frac{\\partial m}{\\partial a} = \\frac{\\partial m}{\\partial b} \\frac{\\partial b}{\\partial a} $$",
            ["proved"],
        ),
        (
            "$$ \\frac{\\partial m}{\\partial a} = \\frac{\\partial m}{\\partial b} \\frac{\\partial a}{\\partial b} $$",
            ["unreadable"],
        ),
        (
            "$$ \\frac{du}{dt} = \\frac{du}{dv} \\frac{dv}{dt} + \\frac{du}{dw} \\frac{dw}{dt} $$",
            ["proved"],
        ),
        ("$$ \\frac{\\partial a}{\\partial b} = 0 $$", ["proved"]),
        ("$$ \\frac{\\partial a}{\\partial b} = 1 $$", ["unreadable"]),
        ("$$ \\frac{\\partial x_i}{\\partial x_j} = \\delta_{ij} $$", ["proved"]),
        ("$$ \\frac{\\partial x_i}{\\partial x_j} = 1 $$", ["wrong"]),
    ],
)
def test_chains_of_which_nothing_is_defined(text, expected):
    assert verdicts(text) == expected


def test_the_message_says_what_to_write():
    found = messages("$$ \\frac{\\partial E}{\\partial z} = a - t $$")
    assert "nothing says what E is" in found
    assert "Let $E$ be a function of" in found


def test_defined_only_further_down():
    found = messages("$$ \\frac{\\partial E}{\\partial z} = 2 z $$\n\n$$ E = z^2 $$")
    assert "define it first" in found


LOST = "Let $s(x) = 1/(1 + e^{-x})$.\n\n$$ z = \\dots x \\dots $$\n\n$$ a = s(z) $$\n\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ \\frac{\\partial a}{\\partial z} = a (1 - a) $$", ["proved"]),  # whatever z is
        ("$$ \\frac{\\partial a}{\\partial z} = a (1 + a) $$", ["unreadable"]),
        ("$$ \\frac{\\partial a}{\\partial x} = 0 $$", ["unreadable"]),
        ("$$ \\frac{\\partial a}{\\partial x} = \\frac{\\partial z}{\\partial x} $$", ["unreadable"]),
        ("$$ 2 a = s(z) + a $$", ["proved"]),
    ],
)
def test_a_definition_that_cannot_be_read(text, expected):
    assert verdicts(LOST + text)[1:] == expected


def test_a_shape_that_cannot_be_read():
    text = "Let $x \\in \\mathbb{R}^{\\dots}$.\n\n$$ x^2 + x = x (x + 1) $$"
    assert verdicts(text)[-1:] == ["unreadable"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ h = X W + b $$\n\n$$ 2 h_{kl} = h_{kl} + h_{kl} $$", ["proved"]),  # X, W and b must be matrices
        ("$$ h = X W + b $$\n\n$$ 3 h_{kl} = h_{kl} + h_{kl} $$", ["wrong"]),
        ("Let $h \\in \\mathbb{R}$.\n\n$$ 2 h_{kl} = h_{kl} + h_{kl} $$", ["wrong"]),
        ("$$ s_i = z_i^2 $$\n\n$$ t = s (1 - s) $$", ["unreadable"]),
        ("Let $s \\in \\mathbb{R}^n$ and $t \\in \\mathbb{R}^n$.\n\n$$ t_i = (s (1 - s))_i $$", ["wrong"]),
    ],
)
def test_shapes_that_nothing_states(text, expected):
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a function of which nothing is said
        ("$$ \\frac{\\partial}{\\partial x} f(x^2) = 2 x f'(x^2) $$", ["proved"]),
        ("$$ \\frac{\\partial}{\\partial x} f(x^2) = f'(x^2) $$", ["unreadable"]),
        ("$$ a_i = \\sigma(z_i) $$\n\n$$ \\frac{\\partial a_i}{\\partial z_i} = \\sigma'(z_i) $$", ["proved"]),
        ("$$ a_i = \\sigma(z_i) $$\n\n$$ \\frac{\\partial a_i}{\\partial z_i} = a_i (1 - a_i) $$", ["unreadable"]),
        # what a quantity depends on, written beside it
        ("$$ L = w^2 $$\n\n$$ \\frac{\\partial L(w)}{\\partial w} = 2 w $$", ["proved"]),
        ("$$ L = w^2 $$\n\n$$ \\frac{\\partial L(w)}{\\partial w} = w $$", ["wrong"]),
        ("$$ \\frac{\\partial J(w)}{\\partial w} = \\frac{\\partial J}{\\partial w} $$", ["proved"]),
        ("$$ \\frac{\\partial J(w)}{\\partial w} = J w $$", ["unreadable"]),
        ("$$ 2 a(b) = a(b) + a(c) $$", ["unreadable"]),
        # bold letters are vectors
        (
            "$$ \\frac{d \\mathbf{z}}{d t} = \\frac{d \\mathbf{z}}{d \\mathbf{x}} \\frac{d \\mathbf{x}}{d t} $$",
            ["proved"],
        ),
        ("$$ \\frac{d z}{d t} = \\frac{d z}{d x} \\frac{d x}{d t} $$", ["proved"]),
        ("$$ y = 0.1 0.2 $$", ["unreadable"]),
        ("$$ y = 0.1 \\cdot 0.2 = 0.02 $$", ["proved"]),
    ],
)
def test_functions_and_quantities(text, expected):
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ t = u v $$\n\n$$ \\frac{\\partial t}{\\partial W} = v $$", ["unreadable"]),
        ("$$ t = u v $$\n\n$$ \\frac{\\partial t}{\\partial u} = u $$", ["wrong"]),
        ("$$ t = u v $$\n\n$$ \\frac{\\partial t}{\\partial W} = 0 $$", ["proved"]),
        ("Let $W \\in \\mathbb{R}$.\n\n$$ t = u v $$\n\n$$ \\frac{\\partial t}{\\partial W} = v $$", ["wrong"]),
        ("$$ 2 x = y $$", ["unreadable"]),
        ("Let $x, y \\in \\mathbb{R}$.\n\n$$ 2 x = y $$", ["wrong"]),
        ("$$ 2 x = x + x + 1 $$", ["wrong"]),
    ],
)
def test_names_of_which_nothing_is_said(text, expected):
    assert verdicts(text) == expected


def test_a_variable_that_is_a_word():
    text = "Let $\\text{out} \\in \\mathbb{R}^n$.\n\n$$ \\text{out}_j (1 - \\text{out}_j) = \\text{out}_j - \\text{out}_j^2 $$"
    assert verdicts(text) == ["proved"]
    assert verdicts(text.replace("^2", "^3")) == ["wrong"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let $A \\in \\mathbb{R}^{n \\times n}$.\n\n$$ \\det A = M_{11} $$", ["unreadable"]),  # what is M?
        ("Let $A, M \\in \\mathbb{R}^{n \\times n}$.\n\n$$ \\det A = M_{11} $$", ["wrong"]),
        ("Let $W \\in \\mathbb{R}^{m \\times n}$ and $x \\in \\mathbb{R}^n$.\n\n$$ q = W_3 x $$", ["unreadable"]),
        ("$$ (a x)^2 = a^2 x $$", ["wrong"]),
    ],
)
def test_names_that_a_line_brings_in(text, expected):
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the size of X is open while its trace is read
        ("$$ \\frac{\\partial}{\\partial X} \\operatorname{tr}(X) = I $$", ["proved"]),
        ("$$ \\frac{\\partial}{\\partial X} \\operatorname{tr}(X^\\top A) = A $$", ["proved"]),
    ],
)
def test_traces_of_which_nothing_is_declared(text, expected):
    first = "$$ \\frac{\\partial X_{ij}}{\\partial X_{kl}} = \\delta_{ik} \\delta_{jl} $$\n\n"
    assert verdicts(first + text) == ["proved", *expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ \\operatorname{tr}(X X) = X_{ij} X_{ji} $$", ["unreadable"]),  # no one has said that i and j are summed
        ("$$ \\operatorname{tr}(X X) = \\sum_{ij} X_{ij} X_{ji} $$", ["proved"]),
        ("$$ \\operatorname{tr}(X X) = \\sum_{ij} X_{ij} X_{ij} $$", ["wrong"]),
        ("By the summation convention,\n\n$$ \\operatorname{tr}(X X) = X_{ij} X_{ji} $$", ["proved"]),
        ("By the summation convention,\n\n$$ \\operatorname{tr}(X X) = X_{ij} X_{ij} $$", ["wrong"]),
    ],
)
def test_letters_that_stand_twice(text, expected):
    assert verdicts("Let $X \\in \\mathbb{R}^{n \\times n}$.\n\n" + text) == expected


def test_a_product_of_what_nothing_explains_does_not_vanish():
    assert verdicts(
        "$$\\frac{\\partial (C u)}{\\partial w_k} = -\\frac{\\partial}{\\partial w_k} y_i \\log v_i$$\n"
    ) == ["unreadable"]


def test_a_definition_that_does_not_go_through_the_variable():
    text = "$$u = a + b$$\n\n$$L = (a - b)^2$$\n\n$$\\frac{\\partial L}{\\partial u} = 2 u$$\n"
    assert verdicts(text) == ["unreadable"]
    assert verdicts(text.replace("(a - b)^2", "a (a + b)^2")) == ["unreadable"]
    assert verdicts(text.replace("(a - b)^2", "(a + b)^2")) == ["proved"]
    assert verdicts(text.replace("(a - b)^2", "(a + b)^2").replace("2 u", "3 u")) == ["wrong"]
    text = text.replace("L = (a - b)^2", "L = (a + b)^2")
    assert verdicts(text.replace("L = (a + b)^2", "L = u^2")) == ["proved"]
    assert verdicts(text.replace("L = (a + b)^2", "L = u^2").replace("2 u", "3 u")) == ["wrong"]


def test_an_element_that_is_read_as_a_name_of_its_own():
    text = "$$y = a_1 + a_2$$\n\n$$a_i = z_i^2 \\quad i = 1, 2$$\n\n$$\\frac{\\partial y}{\\partial a_i} = 1$$\n"
    assert "wrong" not in verdicts(text)
    declared = "Let $a \\in \\mathbb{R}^{2}$ and $y = a_1 + a_2$.\n\n$$\\frac{\\partial y}{\\partial a_i} = 2$$\n"
    assert verdicts(declared) == ["wrong"]


def test_a_sum_with_an_upper_end_alone():
    assert verdicts("$$w_i = \\sum_j^{m} A_{ij} v_j$$\n\n$$w_i = \\sum_{j=1}^{m} A_{ij} v_j$$\n") == ["proved"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let $L = f(x)$.\n\n$$\\frac{\\partial L}{\\partial x} = 0$$\n", ["unreadable"]),
        ("Let $L = 2 f(x) g(x)$.\n\n$$\\frac{\\partial L}{\\partial x} = 0$$\n", ["unreadable"]),
        ("$$\\frac{\\partial g(x)}{\\partial x} = 0$$\n", ["unreadable"]),
        ("Let $L = f(x)$.\n\n$$\\frac{\\partial L}{\\partial x} = \\frac{\\partial f}{\\partial x}$$\n", ["proved"]),
        (
            "Let $L = f(x)$.\n\n$$\\frac{\\partial L}{\\partial x} = 2 \\frac{\\partial f}{\\partial x}$$\n",
            ["unreadable"],
        ),
        ("Let $L = f(y)$.\n\n$$\\frac{\\partial L}{\\partial x} = 0$$\n", ["proved"]),
    ],
)
def test_what_is_written_with_its_variable_depends_on_it(text, expected):
    assert verdicts(text) == expected


def test_layers_of_which_nothing_is_said():
    text = "$$\\frac{\\partial C}{\\partial w^l_{jk}} = a^{l-1}_k \\delta^l_j$$\n"
    assert verdicts(text) == ["unreadable"]


def test_a_function_with_two_definitions():
    text = "$$f(u, v) = u v$$\n\n$$f(u, v) = u + v$$\n\n$$\\frac{\\partial f}{\\partial u} = 1$$\n"
    assert "wrong" not in verdicts(text)
    assert verdicts(text.replace("f(u, v) = u + v", "g = u + v")) == ["wrong"]


def test_letters_that_may_be_a_word():
    text = "$$L = (a - {word})^2$$\n\n$$\\frac{{dL}}{{da}} = 2 (a - {word})$$\n"
    assert verdicts(text.format(word="label")) == ["unreadable"]
    assert verdicts(text.format(word="y")) == ["proved"]
    assert verdicts(text.format(word="y").replace("= 2 ", "= 3 ")) == ["wrong"]


def test_a_function_of_a_vector_after_one_of_numbers():
    text = "# One\n\nLet $f: \\mathbb{R} \\to \\mathbb{R}$.\n\n$$y = f(x + e)$$\n\n# Two\n\nFor a function $f: \\mathbb{R}^N \\to \\mathbb{R}$ "
    text += "at $x \\in \\mathbb{R}^N$ we have\n\n$$\\frac{\\partial}{\\partial x_n} f(x) = g'(x_n)$$\n"
    assert verdicts(text) == ["unreadable"]
