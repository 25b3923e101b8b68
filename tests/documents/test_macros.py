"""Macro definitions: found wherever they stand, never part of a claim."""

import pytest

from checker.documents import Macro
from checker.documents.macros import take_definitions
from tests.documents.reading import formulas, latex, markdown, outline, problems

DEFINITIONS = [
    ("\\newcommand{\\R}{\\mathbb{R}}", Macro("\\R", 0, "\\mathbb{R}")),
    ("\\newcommand\\R{\\mathbb{R}}", Macro("\\R", 0, "\\mathbb{R}")),
    (
        "\\newcommand*{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}",
        Macro("\\pd", 2, "\\frac{\\partial #1}{\\partial #2}"),
    ),
    ("\\newcommand{\\pd}[2][x]{\\frac{#1}{#2}}", Macro("\\pd", 2, "\\frac{#1}{#2}", "x")),
    ("\\renewcommand{\\vec}[1]{\\mathbf{#1}}", Macro("\\vec", 1, "\\mathbf{#1}")),
    ("\\providecommand{\\R}{R}", Macro("\\R", 0, "R")),
    ("\\def\\R{\\mathbb{R}}", Macro("\\R", 0, "\\mathbb{R}")),
    ("\\def\\half#1#2{#1/#2}", Macro("\\half", 2, "#1/#2")),
    ("\\DeclareMathOperator{\\tr}{tr}", Macro("\\tr", 0, "\\operatorname{tr}")),
    ("\\DeclareMathOperator*{\\argmax}{arg\\,max}", Macro("\\argmax", 0, "\\operatorname*{arg\\,max}")),
    ("\\let\\eps\\varepsilon", Macro("\\eps", 0, "\\varepsilon")),
    ("\\let\\eps=\\varepsilon", Macro("\\eps", 0, "\\varepsilon")),
]


@pytest.mark.parametrize("text, macro", DEFINITIONS)
@pytest.mark.parametrize("around", ["{}", "text {} text", "$${}$$", "${}$", "\\[{}\\]"])
@pytest.mark.parametrize("read", [markdown, latex])
def test_definitions(read, around, text, macro):
    document = read(around.format(text))
    assert document.macros == (macro,)
    assert formulas(document) == []
    assert problems(document) == []


def test_several_in_one_formula_with_a_formula_behind():
    text = "$$\\newcommand{\\a}{b} \\def\\c{d} \\a = \\c$$"
    document = markdown(text)
    assert [macro.name for macro in document.macros] == ["\\a", "\\c"]
    (formula,) = formulas(document)
    assert formula.text == "\\a = \\c"
    assert text[formula.start : formula.end] == formula.text


@pytest.mark.parametrize(
    "text", ["\\newcommand{\\a}{b", "\\newcommand{a}{b}", "\\newcommand", "\\def\\a", "\\def\\a#1.{b}"]
)
def test_broken_definitions_are_reported(text):
    document = markdown(text + "\n\n$$x = y$$")
    assert document.macros == ()
    (problem,) = problems(document)
    assert "\\newcommand{\\name}[arguments]{body}" in problem.message
    assert outline(document)[-1] == "claim: x = y"


def test_names_that_only_begin_alike():
    for text in ("\\definition a = b", "\\letter = b", "\\newcommands = b"):
        assert take_definitions(text) == ((), text)
