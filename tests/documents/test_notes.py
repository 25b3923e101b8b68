"""Comments: declarations, expectations, ids, skip; what they stand beside; what is wrong with them."""

import pytest

from checker.documents import Declaration, Expectation, Formula, Words
from checker.documents.notes import VERDICTS
from tests.documents.reading import claims, declarations, latex, markdown, outline, problems


def entry(body):
    """The opening and the parts of a ``checker:`` comment with one entry, maths in dollars."""
    text = f"<!-- checker: {body} -->"
    document = markdown(text)
    (declaration,) = document.items
    assert isinstance(declaration, Declaration)
    assert declaration.comment
    for part in declaration.parts:
        end = part.end if isinstance(part, Formula) else part.start + len(part.text)
        start = part.start
        assert text[start:end] == part.text
    return declaration.opening, [
        part.text if isinstance(part, Words) else f"${part.text}$" for part in declaration.parts
    ]


@pytest.mark.parametrize(
    "body, opening, parts",
    [
        ("let X \\in \\mathbb{R}^{m \\times n}", "let", ["$X \\in \\mathbb{R}^{m \\times n}$"]),
        ("assume \\sum_j t_j = 1", "assume", ["$\\sum_j t_j = 1$"]),
        ("layout numerator", "layout", ["numerator"]),
        ("numerator layout", "numerator", ["layout"]),
        ("summation convention", "summation", ["convention"]),
        ("let E be a scalar function of A", "let", ["$E$", "be a scalar function of", "$A$"]),
        ("let E be a scalar function of A and B", "let", ["$E$", "be a scalar function of", "$A$", "and", "$B$"]),
        ("let \\varphi be applied elementwise", "let", ["$\\varphi$", "be applied elementwise"]),
        ("assume A is symmetric", "assume", ["$A$", "is symmetric"]),
        ("assume a is positive", "assume", ["$a$", "is positive"]),
        ("assume A is positive definite", "assume", ["$A$", "is positive definite"]),
        ("assume t is one-hot", "assume", ["$t$", "is one-hot"]),
        ("let a be a scalar", "let", ["$a$", "be a scalar"]),
        ("let k be an integer", "let", ["$k$", "be an integer"]),
        ("let u_t be a sequence over all integers t", "let", ["$u_t$", "be a sequence over all integers", "$t$"]),
        ("let y_i = \\max(0, x_i) for all i", "let", ["$y_i = \\max(0, x_i)$", "for all", "$i$"]),
        ("let z = a x where a = 2", "let", ["$z = a x$", "where", "$a = 2$"]),
        ("let L be the training loss", "let", ["$L$", "be the training loss"]),
        ("let net = W x", "let", ["$net = W x$"]),
        ("let y = softmax(x)", "let", ["$y = softmax(x)$"]),
        ("let y = \\text{a is b}", "let", ["$y = \\text{a is b}$"]),
        ("let $a$ be $b = c$", "let", ["$a$", "be", "$b = c$"]),
        (
            "let x, y \\in \\mathbb{R}, and z \\in \\mathbb{R}",
            "let",
            ["$x, y \\in \\mathbb{R}$", "and", "$z \\in \\mathbb{R}$"],
        ),
        ("X \\in \\mathbb{R}^{m}", "let", ["$X \\in \\mathbb{R}^{m}$"]),
        ("Let x = 1", "let", ["$x = 1$"]),
    ],
)
def test_entries(body, opening, parts):
    assert entry(body) == (opening, parts)


def test_several_entries_over_lines():
    text = "<!-- checker: let X \\in \\mathbb{R}^{m \\times n};\n  assume \\text{a; b} = 1;\n\n layout numerator; -->\n"
    found = declarations(markdown(text))
    assert [d.opening for d in found] == ["let", "assume", "layout"]
    assert [d.start for d in found] == [text.index(word) for word in ("let", "assume", "layout")]
    assert found[1].parts[0].text == "\\text{a; b} = 1"


def test_entries_in_a_block_quote():
    (declaration,) = declarations(markdown("> <!-- checker: let\n> a = b -->"))
    assert declaration.parts[0].text == "a = b"


def test_comments_stand_where_they_are_written():
    text = "$$a = b$$\n<!-- checker: let c = 1 -->\n\n$$c = d$$\n"
    assert outline(markdown(text)) == ["claim: a = b", "comment let: $c = 1$", "claim: c = d"]
    text = "<!-- checker: let c = 1 -->\nThen\n<!-- checker: let d = 2 -->\n$$c = d$$\n"
    assert outline(markdown(text)) == ["comment let: $c = 1$", "comment let: $d = 2$", "prose: Then", "claim: c = d"]


def test_an_unknown_entry_is_a_problem():
    (problem,) = problems(markdown("<!-- checker: skp -->"))
    assert "'skp'" in problem.message
    assert problem.start == 14


@pytest.mark.parametrize(
    "text", ["<!-- slip: sign -->", "<!-- anything -->", "<!---->", "<!-- checkers: a -->", "<!-- expected: a -->"]
)
def test_unknown_comments_are_left_alone(text):
    assert markdown(text).items == ()
    assert outline(markdown(f"$$a = b$$\n{text}\n<!-- id: one -->")) == ["claim: a = b"]


# Expectations


@pytest.mark.parametrize("verdict", VERDICTS)
def test_verdicts(verdict):
    (claim,) = claims(markdown(f"$$a = b$$\n<!-- expect: {verdict} -->"))
    assert claim.expectations == (Expectation(verdict),)


@pytest.mark.parametrize(
    "body, expectations",
    [
        ("proved proved", [("proved", None), ("proved", None)]),
        ("proved, wrong", [("proved", None), ("wrong", None)]),
        ("wrong (shape)", [("wrong", "shape")]),
        ("wrong(shape)", [("wrong", "shape")]),
        ("wrong:shape", [("wrong", "shape")]),
        ("wrong: shape", [("wrong", "shape")]),
        ("proved wrong (layout), carried", [("proved", None), ("wrong", "layout"), ("carried", None)]),
        ("unreadable (unknown-symbol)", [("unreadable", "unknown-symbol")]),
    ],
)
def test_expectations(body, expectations):
    (claim,) = claims(markdown(f"$$a = b$$\n<!-- expect: {body} -->"))
    assert claim.expectations == tuple(Expectation(*pair) for pair in expectations)


@pytest.mark.parametrize(
    "body, found",
    [
        ("right", "'right'"),
        ("proved right", "'right'"),
        ("", "no verdict"),
        ("(shape)", "(shape)"),
        ("Proved", "'Proved'"),
    ],
)
def test_what_is_no_verdict(body, found):
    document = markdown(f"$$a = b$$\n<!-- expect: {body} -->")
    (problem,) = problems(document)
    assert found in problem.message
    assert "proved, tested, wrong" in problem.message
    assert claims(document)[0].expectations == ()


@pytest.mark.parametrize("body", ["", "two words"])
def test_what_is_no_id(body):
    (problem,) = problems(markdown(f"$$a = b$$\n<!-- id: {body} -->"))
    assert "an id is one word" in problem.message


# What they stand beside

MARKED = "<!-- id: one --><!-- expect: wrong --><!-- checker: skip -->"


@pytest.mark.parametrize(
    "text",
    [
        f"$$a = b$$ {MARKED}",
        f"$$a = b$$\n{MARKED}",
        f"$$a = b$$\n\n{MARKED}\n\ntext",
        f"$$a = b$$.\n{MARKED}",
        f"$$a = b.$$\n{MARKED}\n$$c = d$$",
        f"$$a = b$$\n{MARKED}\n$$c = d$$",
        f"$$a = b$$\n{MARKED}\n\n$$c = d$$",
        "$$a = b$$\n<!-- checker: skip -->\n<!-- expect: wrong -->\n<!-- id: one -->\n",
        f"Then $a = b$. {MARKED}",
        f"Then $a = b$. {MARKED} Then $c = d$.",
        f"Then $a = b$ {MARKED} and $c = d$.",
        f"Then $a = b$ for all $i$. {MARKED}",
        f"Then $a = b$.\n{MARKED}\nThen $c = d$.",
        f"> $$a = b$$\n> {MARKED}",
        f"- $$a = b$$\n  {MARKED}\n- $$c = d$$",
        f"```math\na = b\n```\n{MARKED}",
        # before the formula
        f"{MARKED}\n$$a = b$$\n",
        f"text\n\n{MARKED}\n$$a = b$$\n",
        f"text.\n{MARKED}\n$$a = b$$\n",
        f"{MARKED}\nThen\n$$a = b$$\n",
        f"Then {MARKED}\n$$a = b$$\n",
        f"Then\n\n{MARKED}\n$$a = b$$\n",
    ],
)
def test_marks_belong_to_the_formula_they_stand_beside(text):
    document = markdown(text)
    assert problems(document) == []
    marked = [claim for claim in claims(document) if claim.id]
    assert [(c.formulas[0].text.rstrip("."), c.id, c.expectations, c.skip) for c in marked] == [
        ("a = b", "one", (Expectation("wrong"),), True)
    ]
    assert not any(claim.skip or claim.expectations for claim in claims(document) if not claim.id)


def test_a_blank_line_above_gives_them_to_the_formula_below():
    first, second = claims(markdown("$$a = b$$\n\n<!-- id: two -->\n$$c = d$$\n"))
    assert (first.id, second.id) == (None, "two")


def test_in_latex_too():
    first, second = claims(latex("\\[ a = b \\]\n% id: one\n% expect: wrong\n\n% id: two\n\\[ c = d \\]\n"))
    assert (first.id, second.id) == ("one", "two")
    assert first.expectations == (Expectation("wrong"),)


def test_a_declaration_can_be_marked():
    (declaration,) = declarations(markdown("Let\n$$A = B.$$\n<!-- id: one -->\n<!-- expect: wrong (shape) -->\n"))
    assert (declaration.id, declaration.expectations) == ("one", (Expectation("wrong", "shape"),))


def test_expectations_of_a_chain_over_blocks_add_up():
    (claim,) = claims(markdown("$$a = b$$\n<!-- expect: proved -->\n$$= c$$\n<!-- expect: wrong -->\n<!-- id: one -->"))
    assert [e.verdict for e in claim.expectations] == ["proved", "wrong"]
    assert claim.id == "one"


@pytest.mark.parametrize("mark", ["expect: wrong", "id: one", "checker: skip"])
@pytest.mark.parametrize(
    "before", ["", "Text.\n", "Text with $x$.\n", "# Heading\n", "$$a + b$$\n", "$$a = b$$\n\nText.\n"]
)
def test_marks_that_follow_nothing_are_problems(before, mark):
    text = f"{before}<!-- {mark} -->\n\nMore text.\n"
    (problem,) = problems(markdown(text))
    assert "follows no claim" in problem.message
    assert problem.start == text.index("<!--")


def test_a_duplicate_id_is_a_problem():
    text = "$$a = b$$\n<!-- id: one -->\n\n$$c = d$$\n<!-- id: one -->\n"
    document = markdown(text)
    (problem,) = problems(document)
    assert "'one' is already in use" in problem.message
    assert problem.start == text.rindex("<!--")
    assert [claim.id for claim in claims(document)] == ["one", None]


def test_a_second_id_is_a_problem():
    document = markdown("$$a = b$$\n<!-- id: one -->\n<!-- id: two -->\n")
    (problem,) = problems(document)
    assert "already has the id 'one'" in problem.message
