"""An author's LaTeX and any text, put into a page without breaking it or running anything."""

import pytest

from checker.render import tex


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\frac{\partial A_{ij}}{\partial W_{kl}}", r"\frac{\partial A_{ij}}{\partial W_{kl}}"),
        ("a\n  &= b \\\\", "a = b"),
        (r"x \label{eq:1} \nonumber", "x"),
        ("a % a comment\n+ b", "a + b"),
        (r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}", r"\begin{cases} 1 & x > 0 \\ 0 & \text{otherwise} \end{cases}"),
        ("∂E/∂α", r"\partial E/\partial \alpha"),
        (r"f'(x)^2", r"f'(x)^2"),
        (r"x'^2", r"x'^2"),
        (r"\left( a \right)^{2}_{i}", r"\left( a \right)^{2}_{i}"),
        (r"W^{(1)\top}", r"W^{(1)\top}"),
    ],
)  # fmt: skip
def test_what_is_typeset(source, shown):
    assert tex.maths(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        r"\input{/etc/passwd}",
        r"\write18{rm -rf x}",
        r"\csname input\endcsname",
        r"\def\x{\x}\x",
        r"\frac{a}{b",
        r"a}",
        r"\left( a",
        r"\right)",
        r"\begin{cases} a",
        r"\begin{cases} a \end{matrix}",
        r"\begin{verbatim} a \end{verbatim}",
        "x^a^b",
        "x_a_b",
        "x^a'",
        "x^",
        "{x^}",
        "a $ b",
        r"\unknowncommand",
        "x^{a}_{b}^{c}",
        "漢字",
        "",
        r"\verb|x|",
        "a ^^5cinput b",
        "#1",
        r"\text{a_b}",
    ],
)
def test_what_is_shown_as_source(source):
    assert tex.maths(source) is None


def test_the_authors_macros_are_known_when_they_are_fit_for_maths():
    macros = [
        ("\\R", 0, r"\mathbb{R}", None),
        ("\\pd", 2, r"\frac{\partial #1}{\partial #2}", None),
        ("\\vect", 1, r"\mathbf{#1}", "x"),
        ("\\onR", 0, r"\R^n", None),
        ("\\loop", 0, r"\loop", None),
        ("\\ping", 0, r"\pong", None),
        ("\\pong", 0, r"\ping", None),
        ("\\bad", 0, r"\input{x}", None),
        ("\\open", 0, "{", None),
        ("\\frac", 2, "#1/#2", None),
        ("\\three", 2, "#3", None),
    ]
    assert tex.macro_definitions(macros) == [
        r"\providecommand{\R}{\mathbb{R}}",
        r"\providecommand{\pd}[2]{\frac{\partial #1}{\partial #2}}",
        r"\providecommand{\vect}[1][x]{\mathbf{#1}}",
        r"\providecommand{\onR}{\R^n}",
    ]
    assert tex.maths(r"\R", ["\\R"]) == r"\R"
    assert tex.maths(r"\R") is None
    assert tex.spelt_out(r"x \in \onR \Real", macros) == r"x \in {{\mathbb{R}}^n} \Real"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("50% of A_1 & #2 {x} ~ ^ \\ $", r"50\% of A\_1 \& \#2 \{x\} \textasciitilde{} \textasciicircum{} \textbackslash{} \$"),
        ("Größe, Ångström, naïve – “yes”", r"Gr\"{o}\ss{}e, \AA{}ngstr\"{o}m, na\"{i}ve -- ``yes''"),
        ("x ≤ 漢", r"x \ensuremath{\le} \texttt{U+6F22}"),
        ("Aᵀ", r"A\ensuremath{{}^{\top}}"),
    ],
)  # fmt: skip
def test_text(words, shown):
    assert tex.text(words) == shown
