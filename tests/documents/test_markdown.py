"""Markdown: delimiters, blocks and prefixes, each with what must not be read."""

import pytest

from checker.documents import Formula, Heading
from tests.documents.reading import claims, formulas, headings, markdown, outline, problems

DELIMITERS = [
    # text, formula, display
    ("so $a = b$ holds", "a = b", False),
    ("so $ a = b $ holds", "a = b", False),
    ("so $`a = b`$ holds", "a = b", False),
    ("so \\(a = b\\) holds", "a = b", False),
    ("so \\\\(a = b\\\\) holds", "a = b", False),
    ("so $$a = b$$ holds", "a = b", False),
    ("$$a = b$$ holds", "a = b", False),
    ("the output is $$a$$", "a", False),
    ("the output\nis $$a = b$$\nin all cases", "a = b", False),
    ("so \\begin{math}a = b\\end{math} holds", "a = b", False),
    ('so <script type="math/tex">a = b</script> holds', "a = b", False),
    ("$$a = b$$", "a = b", True),
    ("$$\na = b\n$$", "a = b", True),
    ("we have $$\na = b\n$$ in all cases", "a = b", True),
    ("the output is: $$a = b$$", "a = b", True),
    ("the output is $$a = b$$", "a = b", True),
    ("$$a = b$$.", "a = b", True),
    ("$$a = b$$ (3)", "a = b", True),
    ("$$a = b$$ {#eq:one}", "a = b", True),
    ("before\n$$a = b$$\nafter", "a = b", True),
    ("so \\[a = b\\] holds", "a = b", True),
    ("\\\\[a = b\\\\]", "a = b", True),
    ("\\[ a = \\\\[2pt] b \\]", "a = \\\\[2pt] b", True),
    ("```math\na = b\n```", "a = b", True),
    ("``` math\na = b\n```", "a = b", True),
    ("~~~math\na = b\n~~~", "a = b", True),
    ("```{math}\n:label: one\na = b\n```", "a = b", True),
    ("\\begin{align}a = b\\end{align}", "a = b", True),
    ("\\begin{align*}a = b\\end{align*}", "a = b", True),
    ("\\begin{alignat}{2}a = b\\end{alignat}", "a = b", True),
    ('<script type="math/tex; mode=display">a = b</script>', "a = b", True),
    ("$$a = \\$5$$", "a = \\$5", True),
    ("$$a = \\text{if $b$}$$", "a = \\text{if $b$}", True),
    ("so **$a = b$** holds", "a = b", False),
    ("**$a = b$**", "a = b", True),
    ("$a = b$", "a = b", True),
    ("text\n\n$a = b$.\n\nmore", "a = b", True),
    ("text:\n$a = b$\n\nmore", "a = b", True),
    ("text\n\n- $a = b$\n- more", "a = b", True),
    ("$a = b$  \nmore", "a = b", True),
    ("<p>\n  $a = \\alpha$\n</p>", "a = \\alpha", True),
    ("the output\n$a = b$\nis this", "a = b", False),
    ("text\n\n$a = b$\nis this", "a = b", False),
    ("text\n\n$a$\n\nmore", "a", False),
    ("| $a = b$ |", "a = b", False),
]


@pytest.mark.parametrize("text, formula, display", DELIMITERS)
def test_delimiters(text, formula, display):
    found = formulas(markdown(text))
    assert [(f.text, f.display) for f in found] == [(formula, display)]
    assert text[found[0].start : found[0].end] == formula


NO_FORMULA = [
    "`$a = b$`",
    "``$a = b$ ` ``",
    "```\n$$a = b$$\n```",
    "```python\n$$a = b$$\n```",
    "~~~\n$$a = b$$\n~~~",
    "text\n\n    $$a = b$$\n",
    "<pre>\n$$a = b$$\n\n$$c = d$$\n</pre>",
    "<script>\n$$a = b$$\n</script>",
    "<style>$a = b$</style>",
    "<div>\n$$a = b$$\n</div>",
    "<!-- $$a = b$$ -->",
    "<!-- slip: $a = b$ -->",
    "---\ntitle: $a = b$\n---\n",
    "costs \\$5 and \\$6",
    "costs $5 and $6",
    "costs $5 or ($6).",
    "a \\[note] and \\[another\\]",
]


@pytest.mark.parametrize("text", NO_FORMULA)
def test_what_is_no_formula(text):
    document = markdown(text)
    assert formulas(document) == []
    assert problems(document) == []


@pytest.mark.parametrize("text", NO_FORMULA)
def test_what_follows_is_read(text):
    assert outline(markdown(text + "\n\n$$x = y$$\n"))[-1] == "claim: x = y"


def test_environment_is_named_without_star():
    found = formulas(markdown("\\begin{gather*}\na = b \\\\ c = d\n\\end{gather*}"))
    assert [f.environment for f in found] == ["gather"]
    assert found[0].text == "a = b \\\\ c = d"


def test_dollars_around_an_environment_leave_it_in_the_text():
    found = formulas(markdown("$$\\begin{aligned}a &= b\\end{aligned}$$"))
    assert [(f.text, f.environment) for f in found] == [("\\begin{aligned}a &= b\\end{aligned}", None)]


def test_nested_environments_close_in_their_order():
    inside = "a = \\begin{cases} b & c \\\\ d \\end{cases}"
    assert [f.text for f in formulas(markdown(f"\\begin{{align}}{inside}\\end{{align}}"))] == [inside]


# Headings


@pytest.mark.parametrize(
    "text, heading",
    [
        ("# One", Heading(1, "One", 0)),
        ("### Three ###", Heading(3, "Three", 0)),
        ("## The *best* `way`", Heading(2, "The best way", 0)),
        ("## Section {#sec}", Heading(2, "Section", 0)),
        ("One\n===", Heading(1, "One", 0)),
        ("Two\nlines\n---", Heading(2, "Two lines", 0)),
        ("#", Heading(1, "", 0)),
        ("> # Quoted", Heading(1, "Quoted", 2)),
    ],
)
def test_headings(text, heading):
    assert headings(markdown(text)) == [heading]


@pytest.mark.parametrize(
    "text",
    ["#nothing", "####### seven", "a\n\n---", "a\n\n===", "- a\n---", "$$\na\n=\nb\n$$", "$$a\n=\nb$$"],
)
def test_no_headings(text):
    assert headings(markdown(text)) == []


def test_a_display_above_a_rule_is_no_heading():
    assert outline(markdown("$$a = b$$\n---\ntext")) == ["claim: a = b", "prose: text"]


def test_title_is_the_first_heading_or_the_front_matter():
    assert markdown("text\n\n## One\n\n# Two").title == "One"
    assert markdown('---\nlayout: post\ntitle: "The title"\n---\n# One').title == "The title"
    assert markdown("+++\ntitle = 'Hugo'\n+++\n").title == "Hugo"
    assert markdown("text").title == ""


def test_a_rule_at_the_top_is_no_front_matter():
    assert outline(markdown("---\n\n$$a = b$$\n")) == ["claim: a = b"]


# Prefixes


def test_block_quote_marks_are_taken_out_and_offsets_kept():
    text = "> Then\n> $$\n> a\n>   = b\n> $$\n"
    (claim,) = claims(markdown(text))
    (formula,) = claim.formulas
    assert formula.text == "a\n  = b"
    assert formula.start == text.index("a")
    assert formula.end == text.index("b") + 1
    assert formula.offsets[formula.text.index("=")] == text.index("=")
    assert not isinstance(formula.offsets, range)


def test_nested_quotes_and_a_greater_sign_at_the_line_start():
    (formula,) = formulas(markdown("> > $$\n> > a\n> > > b\n> > $$"))
    assert formula.text == "a\n> b"
    (formula,) = formulas(markdown("$$\na\n> b\n$$"))
    assert formula.text == "a\n> b"


def test_list_indents_are_taken_out():
    text = "1. Then\n   $$\n   a\n   = b\n   $$\n2. see $c = d$\n"
    document = markdown(text)
    (claim,) = claims(document)
    assert claim.formulas[0].text == "a\n= b"
    assert claim.formulas[0].offsets[2] == text.index("=")
    assert len(formulas(document)) == 2


def test_list_items_end_sentences():
    text = "- Let $A = DW$\n- Then $a = b$\n  - let $c = d$\n"
    assert outline(markdown(text)) == ["let: $A = DW$", "prose: Then", "claim: a = b", "let: $c = d$"]


def test_a_formula_line_is_no_list_item_and_no_rule():
    (formula,) = formulas(markdown("$$\na\n- b\n+ c\n---\n* d\n= 1. e\n$$"))
    assert formula.text == "a\n- b\n+ c\n---\n* d\n= 1. e"


def test_indented_code_depends_on_the_list_it_stands_in():
    assert len(formulas(markdown("- item\n\n    $$a = b$$\n"))) == 1
    assert len(formulas(markdown("- item\n\n      $$a = b$$\n"))) == 0
    assert len(formulas(markdown("text\n    $$a = b$$\n"))) == 1


def test_a_code_block_in_a_quote_ends_with_it():
    assert outline(markdown("> ```\n> $$a = b$$\n\n$$c = d$$"))[-1] == "claim: c = d"


# Tables


def test_table_cells_are_sentences_of_their_own():
    text = "| a | b |\n|---|---|\n| Then $a = b$ | Let $\\|x\\| = 1$ |\n"
    document = markdown(text)
    assert len(formulas(document)) == 2
    assert outline(document)[-3:] == ["prose: Then", "claim: a = b", "let: $|x| = 1$"]


def test_displays_in_a_table_are_inline():
    assert claims(markdown("| step | $$a = b$$ |\n")) == []


# Escapes


@pytest.mark.parametrize(
    "written, read",
    [
        ("y\\_i = x", "y_i = x"),
        ("a \\\\\\\\ = b", "a \\\\ = b"),
        ("a \\\\ = b", "a \\\\ = b"),
        ("a = b\\*c", "a = b*c"),
        ("a &lt; b = c", "a < b = c"),
        ("a &amp;= b", "a &= b"),
        ("\\text{train\\_loss} = b", "\\text{train\\_loss} = b"),
        ("\\{a\\} = b", "\\{a\\} = b"),
        ("a = b \\, c", "a = b \\, c"),
    ],
)
def test_escapes_of_markdown(written, read):
    text = f"$$\n{written}\n$$"
    (formula,) = formulas(markdown(text))
    assert formula.text == read
    assert formula.start == 3
    assert formula.end == 3 + len(written)


def test_offsets_behind_an_escape():
    text = "$$y\\_i = b$$"
    (formula,) = formulas(markdown(text))
    assert formula.offsets[formula.text.index("=")] == text.index("=")


def test_carriage_returns_keep_offsets():
    text = "Let $a$\r\nbe.\r\n\r\n$$\r\na = b\r\n$$\r\n"
    (claim,) = claims(markdown(text))
    assert text[claim.formulas[0].start : claim.formulas[0].end] == "a = b"


def test_byte_order_mark():
    assert headings(markdown("\ufeff# One")) == [Heading(1, "One", 1)]


# Words


@pytest.mark.parametrize(
    "text, read",
    [
        ("*Let* $x$ be", "let: $x$ be"),
        ("**Let** _$x$_ be", "let: $x$ be"),
        ('Let $x$ be [a vector](http://a.b/c_(d) "t") in', "let: $x$ be [a vector in"),
        ("Let $x$\nbe  given", "let: $x$ be  given"),
        ("Let $x$<br>be `code` given", "let: $x$be  given"),
        ("some snake_case $x$", "prose: some snake_case $x$"),
    ],
)
def test_markup_is_taken_out_of_words(text, read):
    assert outline(markdown(text)) == [read]


def test_words_know_their_place():
    text = "Let *the* $x$ be given"
    (declaration,) = markdown(text).items
    assert [part.start for part in declaration.parts if not isinstance(part, Formula)] == [3, 13]


# Bad input

UNCLOSED = [
    ("$$\na = b\n\n$$x = y$$\n", "$$"),
    ("text $$ a = b\n\n$$x = y$$\n", "$$"),
    ("\\[ a = b\n\n$$x = y$$\n", "\\["),
    ("\\\\[ a = b\n\n$$x = y$$\n", "\\\\["),
    ("text \\( a = b\n\n$$x = y$$\n", "\\("),
    ("text $a = b\n\n$$x = y$$\n", "$"),
    ("text $a = b\n# Heading\n$$x = y$$\n", "$"),
    ("text $a = b\n$$x = y$$\n", "$"),
    ("\\begin{align}\na = b\n\n$$x = y$$\n", "\\begin{align}"),
    ("\\begin{align}\na = \\begin{cases} b\n\n$$x = y$$\n", "\\begin{align}"),
    ("<!-- expect: wrong\n\n$$x = y$$\n", "comment"),
    ("<!-- expect: wrong\n\n$$x = y$$\n<!-- id: one -->\n", "comment"),
    ("```math\na = b\n\n$$x = y$$\n", "```"),
    ("<pre>\n\n$$x = y$$\n", "<pre>"),
]


@pytest.mark.parametrize("text, opener", UNCLOSED)
def test_what_is_not_closed_is_a_problem_and_what_follows_is_read(text, opener):
    document = markdown(text)
    (problem,) = problems(document)
    assert opener in problem.message
    assert "write" in problem.message
    assert problem.start == min(text.find(o) for o in ("$", "\\", "<!--", "```", "<pre>") if text.find(o) >= 0)
    assert outline(document)[-1] == "claim: x = y"


@pytest.mark.parametrize(
    "text, says",
    [
        ("\\begin{align} a = b \\end{equation}\n", "\\begin{align} is closed by \\end{equation}; write \\end{align}"),
        ("\\begin{align} \\begin{cases} a \\end{align}\n", "\\begin{cases} is closed by \\end{align}"),
        ("\\begin{align} a \\end{align*}\n", "write \\end{align}"),
    ],
)
def test_mismatched_environments(text, says):
    document = markdown(text + "$$x = y$$")
    (problem,) = problems(document)
    assert problem.message.startswith(says) or says in problem.message
    assert outline(document)[-1] == "claim: x = y"


def test_an_unclosed_code_block_is_reported():
    (problem,) = problems(markdown("text\n\n```python\n$$a = b$$\n"))
    assert problem.start == 6
    assert "never closed" in problem.message
