"""Formulas as MathML: what is shown, what is not, and that nothing but MathML comes out."""

import re

import pytest

from checker.render.mathml import ATTRIBUTES, ELEMENTS, LENGTHS, mathml


def text(shown):
    return re.sub("<[^>]*>", "", shown)


@pytest.mark.parametrize(
    "source, expected",
    [
        (r"\frac{\partial E}{\partial W_{kl}}", "∂E∂Wkl"),
        (r"\sum_{q=1}^n D_{iq}", "∑q=1nDiq"),
        (r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}", "(1234)"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a=bc=d"),
        (r"\mathbf{W} \boldsymbol{\theta} \mathbb{R}", "𝐖𝜽ℝ"),
        (r"a < b", "a&lt;b"),
        (r"\operatorname{tr}(X)", "tr(X)"),
    ],
)
def test_shown(source, expected):
    assert text(mathml(source)) == expected


@pytest.mark.parametrize(
    "source",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{position:fixed}{x}",
        r"\class{a}{x}",
        r"\unknown{x}",
        r"{x",
        r"x_a_b",
        "",
        "{" * 3000 + "}" * 3000,
        "x" * 30_000,
    ],
)
def test_not_shown(source):
    assert mathml(source) is None


def test_only_mathml_and_attributes_that_do_nothing():
    shown = mathml(
        r"\left[ \hat{x}^{\top} \right] + \sqrt[3]{\mathrm{softmax}(x)} \quad \begin{cases} 1 & x > 0 \end{cases}"
    )
    tags = re.findall(r"<([a-z]+)((?: [a-z]+=\"[^\"]*\")*)>", shown)
    assert {tag for tag, _ in tags} <= ELEMENTS | {"math", "wbr"}
    allowed = set(ATTRIBUTES) | LENGTHS | {"mathvariant"}
    assert {name for _, rest in tags for name in re.findall(r" ([a-z]+)=", rest)} <= allowed


def test_words_are_one_identifier():
    assert "<mi>softmax</mi>" in mathml(r"\mathrm{softmax}(x)")


def test_a_long_formula_may_break_between_its_terms():
    terms = [f"a_{{{k}}} b_{{{k}}}" for k in range(9)]
    shown = mathml(" + ".join(terms))
    assert shown.count("<math") == 9
    assert mathml("(" + " + ".join(terms) + ")").count("<math") == 1


def test_own_macros():
    assert text(mathml(r"\W x", [(r"\W", 0, r"W^{(1)}", None)])) == "W(1)x"


def test_a_sign_after_an_equals_sign_is_a_sign():
    assert '<mo form="prefix">−</mo>' in mathml("a = -b")
    assert '<mo form="prefix">' not in mathml("a - b")
