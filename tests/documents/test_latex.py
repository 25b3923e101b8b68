"""LaTeX: delimiters, environments, commands in prose, comments, and what is passed over."""

import pytest

from checker.documents import Heading, Macro
from tests.documents.reading import claims, declarations, formulas, headings, latex, outline, problems

DELIMITERS = [
    ("so $a = b$ holds", False, None),
    ("so \\(a = b\\) holds", False, None),
    ("so \\begin{math}a = b\\end{math} holds", False, "math"),
    ("so $$a = b$$ holds", True, None),
    ("so \\[a = b\\] holds", True, None),
    *(
        (f"so \\begin{{{name}{star}}}a = b\\end{{{name}{star}}} holds", True, name)
        for name in "equation align aligned gather multline split flalign eqnarray displaymath".split()
        for star in ("", "*")
    ),
    ("so \\begin{alignat}{2}a = b\\end{alignat} holds", True, "alignat"),
    ("so \\begin{alignat*}{2}a = b\\end{alignat*} holds", True, "alignat"),
]


@pytest.mark.parametrize("text, display, environment", DELIMITERS)
def test_delimiters(text, display, environment):
    found = formulas(latex(text))
    assert [(f.text, f.display, f.environment) for f in found] == [("a = b", display, environment)]
    assert text[found[0].start : found[0].end] == "a = b"


NO_FORMULA = [
    "% $a = b$",
    "text 50\\% and \\$5 more",
    "\\begin{verbatim}\n$a = b$\n\n$$c = d$$\n\\end{verbatim}",
    "\\begin{lstlisting}[language=Python]\n$a = b$\n\\end{lstlisting}",
    "\\begin{comment}\n\\[ a = b \\]\n\\end{comment}",
    "so \\verb|$a = b$| is code",
    "so \\verb+$+ and \\lstinline!$! are code",
    "\\label{eq:$} text",
    "% \\begin{align}",
]


@pytest.mark.parametrize("text", NO_FORMULA)
def test_what_is_no_formula(text):
    document = latex(text)
    assert formulas(document) == []
    assert problems(document) == []


@pytest.mark.parametrize("text", NO_FORMULA)
def test_what_follows_is_read(text):
    assert outline(latex(text + "\n\n\\[x = y\\]\n"))[-1] == "claim: x = y"


def test_comments_in_formulas_become_spaces():
    text = "\\[\n a % $x$ \\]\n = 50\\% b\n\\]"
    (formula,) = formulas(latex(text))
    assert formula.text == "a         \n = 50\\% b"
    assert formula.offsets == range(text.index("a"), text.index("b") + 2)


def test_headings():
    text = "\\section{One \\emph{way}}\\label{a}\n\\subsection*{Two}\n\\subsubsection[s]{Three $x$}\n"
    assert headings(latex(text)) == [
        Heading(1, "One way", 0),
        Heading(2, "Two", text.index("\\subsection*")),
        Heading(3, "Three x", text.index("\\subsubsection")),
    ]


def test_title_is_stated_or_the_first_section():
    assert latex("\\title{The \\textbf{title}}\n\\section{One}").title == "The title"
    assert latex("\\documentclass{a}\n\\title{T}\n\\begin{document}\n\\maketitle\n\\end{document}").title == "T"
    assert latex("\\section{One}").title == "One"


def test_only_the_body_is_read():
    text = (
        "\\documentclass{article} % $a = b$\n\\newcommand{\\R}{\\mathbb{R}}\n% \\begin{document}\nLet $u = v$.\n"
        "\\begin{document}\n\\[x = y\\]\n\\end{document}\n\\[p = q\\]\n"
    )
    document = latex(text)
    assert outline(document) == ["claim: x = y"]
    assert document.macros == (Macro("\\R", 0, "\\mathbb{R}"),)


@pytest.mark.parametrize(
    "text, read",
    [
        ("\\emph{Let} $x$ be~given", "let: $x$ be given"),
        ("\\textbf{Let} \\textit{the} $x$ be", "let: the $x$ be"),
        ("Let $x$ % or not\nbe ``given''", "let: $x$ be given"),
        ("Let $x$, see~\\cite[p.~3]{foo}, be \\label{a}given", "let: $x$, see , be given"),
        ("Let\\quad $x$ be 50\\% given", "let: $x$ be 50% given"),
        ("{\\bf Let} $x$ be", "let: $x$ be"),
        ("\\noindent Let $x$ be", "let: $x$ be"),
        ("\\input{/etc/passwd}", "prose: /etc/passwd"),
    ],
)
def test_commands_in_prose_are_stripped_to_words(text, read):
    assert outline(latex(text)) == [read]


def test_items_and_environments_end_sentences():
    items = "\\begin{itemize}\n\\item Let $a = b$\n\\item[(i)] Then $c = d$\n\\end{itemize}\n"
    text = items + "\\begin{proof}\nLet $e = f$\n\\end{proof}"
    assert outline(latex(text)) == ["let: $a = b$", "prose: Then", "claim: c = d", "let: $e = f$"]


def test_comments_state_ids_and_expectations():
    text = "\\begin{align}\na &= b \\\\ % expect: proved\n&= c % expect: wrong (value)\n\\end{align}\n"
    text += "% id: one\n\n\\[x = y\\] % id: two\n"
    first, second = claims(latex(text))
    assert (first.id, [(e.verdict, e.reason) for e in first.expectations]) == (
        "one",
        [("proved", None), ("wrong", "value")],
    )
    assert second.id == "two"


def test_comments_declare():
    (declaration,) = declarations(latex("% checker: let X \\in \\mathbb{R}^{m}\n% something else\n"))
    assert (declaration.opening, declaration.comment) == ("let", True)
    assert declaration.parts[0].text == "X \\in \\mathbb{R}^{m}"


def test_a_display_behind_a_comment_line_belongs_to_the_paragraph():
    assert outline(latex("Let\n% remark\n\\[ a = b. \\]\nThen")) == ["let: $$a = b.$$", "prose: Then"]


UNCLOSED = [
    ("text $a = b\n\n\\[x = y\\]\n", "$ opens"),
    ("$$ a = b\n\n\\[x = y\\]\n", "$$ opens"),
    ("\\[ a = b\n\n\\[x = y\\]\n", "\\[ opens"),
    ("text \\( a = b\n\n\\[x = y\\]\n", "\\( opens"),
    ("\\begin{align}\na\n\n\\[x = y\\]\n", "\\begin{align} opens"),
    ("\\begin{align}\na\n\\section{Next}\n\\[x = y\\]\n", "\\begin{align} opens"),
    ("\\begin{align} a \\end{equation}\n\\[x = y\\]\n", "closed by \\end{equation}"),
    ("a = b \\end{align}\n\\[x = y\\]\n", "\\end{align} closes nothing"),
    ("\\begin{verbatim}\n\\[x = y\\]\n", "\\begin{verbatim} is never closed"),
    ("\\newcommand{\\a}{\n\n\\[x = y\\]\n", "definition"),
]


@pytest.mark.parametrize("text, says", UNCLOSED)
def test_what_is_not_closed_is_a_problem_and_what_follows_is_read(text, says):
    document = latex(text)
    (problem,) = problems(document)
    assert says in problem.message
    assert "write" in problem.message
    assert outline(document)[-1] == "claim: x = y"
