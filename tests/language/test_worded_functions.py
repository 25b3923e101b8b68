"""Words that say what a function is."""

import pytest

from checker import check_text


def verdicts(text: str) -> list[str]:
    report = check_text(text, "text.md")
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


@pytest.mark.parametrize(
    ("words", "right", "wrong"),
    [
        ("Let $a = \\sigma(z)$, where $\\sigma$ is the sigmoid function.", "a (1 - a)", "a (1 + a)"),
        ("Let $a = \\sigma(z)$ with the logistic function $\\sigma$.", "a (1 - a)", "1 - a^2"),
        ("The output is $a = g(z)$. Here $g(\\cdot)$ denotes the logistic sigmoid.", "a (1 - a)", "1 - a"),
        ("The output is $a = \\varphi(z)$, where $\\varphi$ is the hyperbolic tangent.", "1 - a^2", "1 + a^2"),
        ("Let $a = f(z)$, where $f$ is the ReLU activation.", "\\mathbb{1}[z > 0]", "\\mathbb{1}[z < 0]"),
        ("Let $a = f(z)$. The softplus function $f$ is smooth.", "\\frac{1}{1 + e^{-z}}", "\\frac{1}{1 + e^{z}}"),
    ],
)
def test_the_derivative_of_a_function_in_words(words: str, right: str, wrong: str) -> None:
    claim = "\n\n$$ \\frac{{\\partial a}}{{\\partial z}} = {} $$"
    assert verdicts(words + claim.format(right)) == ["proved"]
    assert verdicts(words + claim.format(wrong)) == ["wrong"]


def test_the_softmax_by_another_letter() -> None:
    text = (
        "Let $z \\in \\mathbb{R}^n$ and $p = \\sigma(z)$, where $\\sigma$ is the softmax function.\n\n"
        "$$ \\frac{\\partial p_i}{\\partial z_j} = RIGHT $$"
    )
    assert verdicts(text.replace("RIGHT", "p_i (\\delta_{ij} - p_j)")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "p_i (1 - p_i) \\delta_{ij}")) == ["wrong"]


@pytest.mark.parametrize(
    "words",
    [
        "Let $a = \\sigma(z)$. The derivative of the sigmoid is well known.",
        "Let $a = \\sigma(z)$, where $\\sigma$ is like the sigmoid function.",
        "Let $a = \\sigma(z)$, where $\\sigma$ is not the sigmoid function.",
    ],
)
def test_words_that_do_not_say_it(words: str) -> None:
    assert verdicts(f"{words}\n\n$$ \\frac{{\\partial a}}{{\\partial z}} = a (1 - a) $$") == ["unreadable"]


def test_a_definition_has_the_last_word() -> None:
    text = (
        "A sigmoid function $\\sigma$ is used. Let $\\sigma(t) = t^2$ and $a = \\sigma(z)$.\n\n"
        "$$ \\frac{\\partial a}{\\partial z} = RIGHT $$"
    )
    assert verdicts(text.replace("RIGHT", "2 z")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "a (1 - a)")) == ["wrong"]
