"""Claims, declarations, prose: which formula is which."""

import pytest

from checker.documents import Claim, Declaration, Formula, Prose
from tests.documents.reading import claims, declarations, markdown, outline, problems

# Declarations


@pytest.mark.parametrize("word", "Let Given Define Denote Where With Suppose Assume Consider Here".split())
def test_declaring_words(word):
    text = f"{word} $a = b$ and $c$ be so."
    (declaration,) = markdown(text).items
    assert isinstance(declaration, Declaration)
    assert declaration.opening == word.lower()
    assert declaration.start == 0
    assert [part.text for part in declaration.parts] == ["a = b", " and ", "c", " be so."]


@pytest.mark.parametrize(
    "text, opening",
    [
        ("Now let $a = b$.", "let"),
        ("Next, we define $a = b$.", "define"),
        ("We assume $a = b$.", "assume"),
        ("Let us define $a = b$.", "define"),
        ("Let us now assume $a = b$.", "assume"),
        ("(a) Let $a = b$.", "let"),
        ("Note: Let $a = b$.", "let"),
        ("*Let* $a = b$.", "let"),
        ("LET $a = b$.", "let"),
        ("For each row let $a = b$.", "let"),
        ("Take any row, and let $a = b$ there.", "let"),
    ],
)
def test_declarations_may_begin_otherwise(text, opening):
    (declaration,) = declarations(markdown(text))
    assert declaration.opening == opening
    assert declaration.start == text.lower().rindex(opening)
    assert sum(isinstance(part, Formula) for part in declaration.parts) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The letters $a = b$ are given.",
        "Letting $a = b$ we are done.",
        "Let us compute $a = b$.",
        "Let's see $a = b$.",
        "With respect to $a = b$.",
        "Wherever $a = b$.",
        "It is assumed that $a = b$.",
        "Since $a = b$, it is over.",
        "Theory says $a = b$.",
        "See $a = b$.",
        "In the case where $a = b$ it is zero.",
    ],
)
def test_prose_is_not_read(text):
    (prose,) = markdown(text).items
    assert isinstance(prose, Prose)


def test_words_between_formulas_stay_as_they_are():
    text = "Let $E$ be a scalar function of $A$, and let $x_i$ for all $i$ be applied\nelementwise."
    (declaration,) = markdown(text).items
    words = [part.text for part in declaration.parts if not isinstance(part, Formula)]
    assert words == [" be a scalar function of ", ", and let ", " for all ", " be applied elementwise."]


def test_a_declaration_without_formulas():
    assert outline(markdown("For each row let the mean be as follows. Let $a = b$.")) == [
        "prose: For each row",
        "let: the mean be as follows.",
        "let: $a = b$.",
    ]


# Claims


@pytest.mark.parametrize(
    "text", ["$$a = b$$", "Foo\n\n$$a = b$$", "\\[a = b\\]", "Since $c = d$,\n$$a = b$$", "$$\\boxed{a = b}$$"]
)
def test_displays_claim(text):
    (claim,) = claims(markdown(text))
    assert claim.start == claim.formulas[0].start
    assert len(claim.formulas) == 1
    assert "a = b" in text[claim.start : claim.formulas[0].end]


@pytest.mark.parametrize("text", ["$$a \\le b$$", "$$a \\approx b$$", "$$w \\leftarrow b$$", "$$a < b$$"])
def test_displays_with_other_relations_are_left_to_others(text):
    assert len(claims(markdown(text))) == 1


@pytest.mark.parametrize("text", ["$$a + b$$", "$$\\sum_{i=1}^n x_i$$", "Foo\n$$x^2$$\nbar"])
def test_displays_without_a_relation_are_prose(text):
    document = markdown(text)
    assert claims(document) == []
    assert [type(item) for item in document.items] == [Prose]


@pytest.mark.parametrize(
    "word", ["Then", "Hence", "Thus", "So", "Therefore", "We have", "To show", "Show that", "And so", "then,"]
)
def test_claiming_words(word):
    text = f"{word} $a = b$ and $c = d$."
    first, second = claims(markdown(text))
    assert (first.formulas[0].text, second.formulas[0].text) == ("a = b", "c = d")
    assert first.start == text.index("a = b")


@pytest.mark.parametrize(
    "text",
    [
        "Then $a$ and $b$.",
        "Then $a < b$.",
        "Then $x^{a = b}$.",
        "Thence $a = b$.",
        "So that $a = b$.",
        "It follows, then, that $a = b$.",
        "Then for $a = b$ it holds.",
        "Then, since $a = b$ and $c = d$, it holds.",
    ],
)
def test_no_claim(text):
    assert claims(markdown(text)) == []


def test_conditions_of_a_claim():
    (claim,) = claims(markdown("Then for all $i$, $a = b$ for $i \\ne j$ and $j > 1$, because $c = d$, if $x > 0$."))
    assert [(word, formula.text) for word, formula in claim.conditions] == [
        ("for all", "i"),
        ("for", "i \\ne j"),
        ("for", "j > 1"),
        ("if", "x > 0"),
    ]
    (claim,) = claims(markdown("For $i \\ne j$ the rest is\n$$a = b.$$\nFor $k$ more."))
    assert [(word, formula.text) for word, formula in claim.conditions] == [("for", "i \\ne j")]


def test_the_claim_behind_a_condition():
    assert [c.formulas[0].text for c in claims(markdown("Then for $i \\ne j$ and $k = 1$, $a = b$."))] == ["a = b"]
    assert [c.formulas[0].text for c in claims(markdown("Then $a = b$ for $i = 1$, $j = 2$."))] == ["a = b"]


# Clauses


def test_where_in_a_claim_is_declared_before_it():
    assert outline(markdown("Then $a = b$, where $b = c$ and $\\varphi$ is applied elementwise.")) == [
        "prose: Then ,",
        "where: $b = c$ and $\\varphi$ is applied elementwise.",
        "claim: a = b",
    ]
    assert outline(markdown("Then\n$$a = b$$\nwhere $b = c$.")) == ["prose: Then", "where: $b = c$.", "claim: a = b"]
    assert outline(markdown("Then $a = b$ with $b = c$.")) == ["prose: Then", "with: $b = c$.", "claim: a = b"]


def test_where_may_introduce_a_display():
    assert outline(markdown("Then $a = b$, where\n$$b = c.$$")) == [
        "prose: Then ,",
        "where: $$b = c.$$",
        "claim: a = b",
    ]


def test_where_in_prose_stays_prose():
    assert len(declarations(markdown("The output is $y$, where $y = x$."))) == 0
    assert len(declarations(markdown("The output, where $y = x$, is\n$$z = y.$$"))) == 1


def test_with_respect_to_is_no_declaration():
    assert declarations(markdown("Then $a = b$, with respect to $c = d$.")) == []


def test_where_inside_a_declaration_stays_there():
    assert outline(markdown("Let $h = \\varphi(z)$, where $\\varphi$ is applied elementwise.")) == [
        "let: $h = \\varphi(z)$, where $\\varphi$ is applied elementwise."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Let $x = 1$, then $a = b$.",
        "Let $x = 1$; hence $a = b$.",
        "Let $x = 1$ and then so on. Then $a = b$.",
        "Given $x$ we have $a = b$.",
        "Given $x$ and $y$, the output is\n$$a = b.$$",
        "With this, the output is\n$$a = b.$$",
        "Here we get\n$$a = b.$$",
        "It is written as $x$, with equal indices\n$$a = b.$$",
    ],
)
def test_a_declaration_may_turn_to_a_claim(text):
    assert [claim.formulas[0].text.rstrip(".") for claim in claims(markdown(text))] == ["a = b"]


@pytest.mark.parametrize(
    "text",
    [
        "Let $x$, for all $i$,\n$$a = b.$$",
        "Given $x$ and\n$$a = b.$$",
        "Suppose $x$, as usual, that\n$$a = b.$$",
        "Suppose we have $a = b$.",
    ],
)
def test_a_declaration_may_not(text):
    assert claims(markdown(text)) == []


# Chains


def chain(text):
    return [[formula.text for formula in claim.formulas] for claim in claims(markdown(text))]


@pytest.mark.parametrize(
    "text",
    [
        "$$a + c$$\n$$= b$$",
        "$$a = c$$\n$$= b$$",
        "$$a = c$$\n\n$$&= b$$",
        "$$a = c.$$\n\n$$= b$$",
        "$$a = c$$\nBy the product rule,\n$$= b$$",
        "$$a = c$$\n\nThis is known. By the product rule this is\n\n$$= b$$",
        "$$a = c$$\n<!-- remark -->\n$$= b$$",
        "$$a =$$\n$$b$$",
        "$$a =$$\n$$b = c$$",
        "Then $a = c$\n$$= b$$",
        "Now $a$\n$$= b$$",
        "$$a = c$$\nSubstituting $x = y$ gives\n$$= b$$",
    ],
)
def test_chains_over_blocks(text):
    assert [len(formulas) for formulas in chain(text)] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "$$a = c$$\n$$d = b$$",
        "$$a = c$$\n# Heading\n$$= b$$",
        "$$a = c$$\nLet $x = y$.\n$$= b$$",
        "$$a = c$$\n\n$$x + y.$$\n\n$$= b$$",
    ],
)
def test_what_breaks_a_chain(text):
    assert [len(formulas) for formulas in chain(text)] == [1, 1]


def test_a_chain_of_a_declaration_stays_with_it():
    assert outline(markdown("Let\n$$a$$\n$$= b.$$")) == ["let: $$a$$$$= b.$$"]


def test_three_blocks():
    assert chain("$$a = b$$\n$$= c$$\n$$= d$$\n\n$$e = f$$") == [["a = b", "= c", "= d"], ["e = f"]]


def test_items_stand_in_order_and_nothing_is_lost():
    text = "# One\nLet $a$.\n\n$$a = b$$\n<!-- id: p -->\n\nText.\n\n$$c = d$$\n"
    document = markdown(text)
    assert outline(document) == ["# One", "let: $a$.", "claim: a = b", "prose: Text.", "claim: c = d"]
    assert problems(document) == []
    assert [item.start for item in document.items] == sorted(item.start for item in document.items)
    assert isinstance(document.items[2], Claim)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Then $a_i = b$ for $i \\ne j$ and $c_i = d$ for $i = j$.", [["i \\ne j"], ["i = j"]]),
        ("Then for all $k$, $a_i = b$ for $i \\ne j$ and $c_i = d$ for $i = j$.", [["k", "i \\ne j"], ["k", "i = j"]]),
        ("Then for $i \\ne j$ we have $a_i = b$, and for $i = j$ we have $c_i = d$.", [["i \\ne j"], ["i = j"]]),
        ("Then $a_i = b$ for $i \\ne j$, and $c_i = d$.", [["i \\ne j"], []]),
        ("Then $a_i = b$ and $c_i = d$ for $i \\ne j$.", [["i \\ne j"], ["i \\ne j"]]),
    ],
)
def test_each_claim_has_its_own_conditions(text, expected):
    found = [[formula.text for _, formula in claim.conditions] for claim in claims(markdown(text))]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The input is $x \\in \\mathbb{R}^d$, of course.", ["$x \\in \\mathbb{R}^d$"]),
        ("- $W, V \\in \\R^{m \\times n}$ are learnt", ["$W, V \\in \\R^{m \\times n}$"]),
        ("The set $\\{x : x = 1, x \\in \\mathbb{R}\\}$ is small.", []),
        ("The input is $x \\in S$.", []),
        ("The input is $x$.", []),
    ],
)
def test_shapes_said_in_passing(text, expected):
    found = [item for item in markdown(text).items if isinstance(item, Declaration)]
    assert [f"${part.text}$" for item in found for part in item.parts] == expected
