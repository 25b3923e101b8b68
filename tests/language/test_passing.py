"""What prose says without declaring it: definitions, totals, exercises that use their letters anew."""

import pytest

from checker import check_text


def verdicts(text: str, path: str = "text.md") -> list[str]:
    report = check_text(text, path)
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


def messages(text: str) -> str:
    report = check_text(text, "text.md")
    return " ".join(str(line.judgement.message) for line in report.judged() if line.judgement is not None)


def test_a_definition_in_prose_is_read() -> None:
    text = "The penalty is $R = \\lambda \\sum_i w_i^2$.\n\n$$ \\frac{\\partial R}{\\partial w_k} = RIGHT $$"
    assert verdicts(text.replace("RIGHT", "2 \\lambda w_k")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "\\lambda w_k")) == ["wrong"]


@pytest.mark.parametrize(
    "prose",
    [
        "If $R = \\lambda w$, nothing is learned.",
        "For $R = \\lambda w$ see above.",
        "(Say $R = 3$.)",
        "We try $R = 0.5$.",
    ],
)
def test_a_case_or_a_number_defines_nothing(prose: str) -> None:
    assert verdicts(f"{prose}\n\n$$ R + R = 2 R $$\n\n$$ \\frac{{\\partial R^2}}{{\\partial R}} = 2 R $$") == [
        "proved",
        "proved",
    ]


def test_what_is_declared_later_has_the_last_word() -> None:
    text = "Often $q = a b$ is taken.\n\nLet $q = a + b$.\n\n$$ \\frac{\\partial q}{\\partial a} = RIGHT $$"
    assert verdicts(text.replace("RIGHT", "1")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "b")) == ["wrong"]


def test_a_second_meaning_is_not_called_wrong() -> None:
    text = "A simple choice is $q = a b$.\n\n$$ q = a + b $$"
    assert verdicts(text) == ["unreadable"]
    assert "in passing" in messages(text)


def test_a_total_that_the_text_takes_for_known() -> None:
    text = (
        "Let $p_i = e^{z_i} / \\sum_k e^{z_k}$ and $L = -\\sum_i y_i \\log p_i$.\n\nThe labels PROSE.\n\n"
        "$$ \\frac{\\partial L}{\\partial z_j} = p_j - y_j $$"
    )
    assert verdicts(text.replace("PROSE", "are fixed, where $\\sum_i y_i = 1$")) == ["proved"]
    assert verdicts(text.replace("PROSE", "are fixed, if $\\sum_i y_i = 1$")) == ["wrong"]
    assert verdicts(text.replace("PROSE", "are fixed")) == ["wrong"]
    assert verdicts(text.replace("PROSE", "are fixed, where $\\sum_i p_i = 1$")) == ["wrong"]


EXERCISES = (
    "**Problem 1.** Let $x \\in \\mathbb{R}^n$. Then $\\frac{\\partial \\|x\\|^2}{\\partial x} = 2 x$.\n\n"
    "**Problem 2.** Let $x \\in \\mathbb{R}^{m \\times n}$. Then $\\frac{\\partial \\|x\\|_F^2}{\\partial x} = 2 x$.\n"
)


def test_exercises_use_their_letters_anew() -> None:
    assert verdicts(EXERCISES) == ["proved", "proved"]
    assert verdicts(EXERCISES.replace("= 2 x$.\n", "= 3 x$.\n")) == ["wrong", "wrong"]
    assert "unreadable" in verdicts(EXERCISES.replace("**Problem 2.**", "Further on,"))
    latex = (
        "\\begin{exercise} Let $x \\in \\mathbb{R}^n$. Then $x^\\top x = \\|x\\|^2$. \\end{exercise}\n"
        "\\begin{exercise} Let $x \\in \\mathbb{R}^{m}$. Then $x^\\top x = 2 \\|x\\|^2$. \\end{exercise}\n"
    )
    assert verdicts(latex, "text.tex") == ["proved", "wrong"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("\\frac{\\partial a}{\\partial z} = a (1 - a)", "proved"),
        ("\\frac{\\partial a}{\\partial z} = a (1 + a)", "wrong"),
        ("\\frac{\\partial a}{\\partial w} = a (1 - a) x", "proved"),
        ("\\frac{\\partial a}{\\partial b} = \\frac{\\partial a}{\\partial z}", "proved"),
        ("\\frac{\\partial a}{\\partial b} = 2 \\frac{\\partial a}{\\partial z}", "wrong"),
    ],
)
def test_a_quantity_goes_through_what_is_named_afterwards(claim: str, verdict: str) -> None:
    text = (
        "Let $w, x \\in \\mathbb{R}^n$, $\\sigma(u) = 1 / (1 + e^{-u})$ and $a = \\sigma(w^\\top x + b)$.\n\n"
        "Let $z = b + x^\\top w$.\n\n"
    )
    assert verdicts(f"{text}$$ {claim} $$") == [verdict]
    layers = (
        "Let $W \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^n$, $c \\in \\mathbb{R}^m$ and "
        "$h = \\tanh(W x + c)$.\n\nLet $s = W x + c$.\n\n"
    )
    assert verdicts(f"{layers}$$ \\frac{{\\partial h_i}}{{\\partial s_j}} = (1 - h_i^2) \\delta_{{ij}} $$") == [
        "proved"
    ]
    assert verdicts(f"{layers}$$ \\frac{{\\partial h_i}}{{\\partial s_j}} = 1 - h_i^2 $$") == ["wrong"]


@pytest.mark.parametrize(
    ("meaning", "claim", "verdict"),
    [
        ("J = CE(y, p) = -\\sum_i y_i \\log p_i", "\\frac{\\partial J}{\\partial p_i} = -\\frac{y_i}{p_i}", "proved"),
        ("J = CE(y, p) = -\\sum_i y_i \\log p_i", "\\frac{\\partial J}{\\partial p_i} = \\frac{y_i}{p_i}", "wrong"),
        ("MSE(a, b) = \\frac1n \\sum_{i=1}^n (a_i - b_i)^2", "\\frac{\\partial MSE}{\\partial a_i} = \\frac2n (a_i - b_i)", "proved"),
        ("MSE(a, b) = \\frac1n \\sum_{i=1}^n (a_i - b_i)^2", "\\frac{\\partial MSE}{\\partial a_i} = 2 (a_i - b_i)", "wrong"),
        ("D = KL(p \\| q) = \\sum_i p_i \\log \\frac{p_i}{q_i}", "\\frac{\\partial D}{\\partial q_i} = -\\frac{p_i}{q_i}", "proved"),
        ("D = KL(p \\| q) = \\sum_i p_i \\log \\frac{p_i}{q_i}", "\\frac{\\partial D}{\\partial p_i} = \\log \\frac{p_i}{q_i}", "wrong"),
    ],
)  # fmt: skip
def test_losses_that_go_by_their_capitals(meaning: str, claim: str, verdict: str) -> None:
    assert verdicts(f"Let ${meaning}$.\n\n$$ {claim} $$") == [verdict]
    assert verdicts(f"$$ {meaning} $$\n\n$$ {claim} $$") == [verdict]


def test_a_left_side_of_two_capitals_is_one_name_or_unknown() -> None:
    text = "$$ KL = \\sum_i (m_i^2 + s_i^2) $$\n\n$$ \\frac{\\partial KL}{\\partial m_i} = RIGHT $$"
    assert verdicts(text.replace("RIGHT", "2 m_i")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "m_i")) == ["wrong"]
    assert verdicts("$$ P Q = \\sum_i m_i^2 $$") == ["unreadable"]
    assert verdicts("Let $p, q, r \\in \\mathbb{R}$.\n\n$$ p q = r^2 $$") == ["wrong"]


def test_the_reals_in_other_letters() -> None:
    text = "Let $x \\in \\mathbf{R}^n$ and $A \\in R^{m \\times n}$.\n\n$$ (A x)^\\top = RIGHT $$"
    assert verdicts(text.replace("RIGHT", "x^\\top A^\\top")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "x^\\top A")) == ["wrong"]


@pytest.mark.parametrize(
    ("words", "verdict"),
    [
        ("The loss for the true class $c$ is", "proved"),
        ("For an example with the correct label $c$ the loss is", "proved"),
        ("For a constant $c$ the loss is", "unreadable"),
    ],
)
def test_a_letter_that_words_call_a_class(words: str, verdict: str) -> None:
    text = (
        "Let $s \\in \\mathbb{R}^K$ and $p_k = \\frac{e^{s_k}}{\\sum_j e^{s_j}}$. WORDS $L = -\\log p_c$.\n\n"
        "$$ \\frac{\\partial L}{\\partial s_k} = p_k - 1\\{k = c\\} $$"
    )
    assert verdicts(text.replace("WORDS", words)) == [verdict]
    assert verdicts(text.replace("WORDS", words).replace("p_k - 1", "p_k + 1")) != ["proved"]


def test_matrices_numbered_in_a_later_section_are_no_parts_of_an_earlier_one() -> None:
    text = (
        "# One layer\n\nLet $W \\in \\mathbb{R}^{m \\times n}$ and $x \\in \\mathbb{R}^n$.\n\n# Two layers\n\n"
        "Let $r = W_2 W_1 x$, and let $E$ be a scalar function of $r$.\n\n"
        "$$ \\frac{\\partial E}{\\partial x} = RIGHT \\frac{\\partial E}{\\partial r} $$"
    )
    assert verdicts(text.replace("RIGHT", "W_1^\\top W_2^\\top")) == ["proved"]
    assert "proved" not in verdicts(text.replace("RIGHT", "W_2^\\top W_1^\\top"))
