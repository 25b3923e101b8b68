"""Many quantities declared at once: lists with dots, functions with an index, powers of columns."""

import pytest

from checker import check_text

LOSSES = (
    "Let $o_t \\in \\mathbb{R}^K$ for $t = 1, \\dots, T$, let $\\ell_t$ be a scalar function of $o_t$ and let "
    "$L = \\sum_{t=1}^T \\ell_t$.\n\n"
)
SAMPLES = "Let $x_1, \\dots, x_N \\in \\mathbb{R}^d$ and $m \\in \\mathbb{R}^d$, and let $S = \\sum_{n=1}^N \\|x_n - m\\|^2$.\n\n"
LAYER = "Let $a \\in \\mathbb{R}^n$ and $h = \\tanh(a)$, and let $L$ be a function of $h$.\n\n"


def verdicts(text: str) -> list[str]:
    report = check_text(text, "text.md")
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


def messages(text: str) -> str:
    report = check_text(text, "text.md")
    return " ".join(str(line.judgement.message) for line in report.judged() if line.judgement is not None)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("\\frac{\\partial L}{\\partial o_t} = \\frac{\\partial \\ell_t}{\\partial o_t}", "proved"),
        ("\\frac{\\partial L}{\\partial o_t} = T \\frac{\\partial \\ell_t}{\\partial o_t}", "wrong"),
        (
            "\\frac{\\partial \\ell_t}{\\partial o_{s,k}} = \\delta_{ts} \\frac{\\partial \\ell_t}{\\partial o_{t,k}}",
            "proved",
        ),
        ("\\frac{\\partial \\ell_t}{\\partial o_{s,k}} = \\frac{\\partial \\ell_s}{\\partial o_{s,k}}", "wrong"),
        (
            "\\frac{\\partial^2 L}{\\partial o_{t,k} \\partial o_{s,l}} = "
            "\\delta_{ts} \\frac{\\partial^2 \\ell_t}{\\partial o_{t,k} \\partial o_{t,l}}",
            "proved",
        ),
        (
            "\\frac{\\partial^2 L}{\\partial o_{t,k} \\partial o_{s,l}} = "
            "\\frac{\\partial^2 \\ell_t}{\\partial o_{t,k} \\partial o_{t,l}}",
            "wrong",
        ),
    ],
)
def test_functions_with_an_index_depend_on_their_own_part_alone(claim: str, verdict: str) -> None:
    assert verdicts(f"{LOSSES}$$ {claim} $$") == [verdict]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        (
            "\\frac{\\partial L}{\\partial V} = \\sum_{t=1}^T \\frac{\\partial \\ell_t}{\\partial o_t} h_t^\\top",
            "proved",
        ),
        (
            "\\frac{\\partial L}{\\partial V} = \\sum_{t=1}^T \\frac{\\partial \\ell_t}{\\partial o_t} h_1^\\top",
            "wrong",
        ),
        ("\\frac{\\partial L}{\\partial h_t} = V^\\top \\frac{\\partial \\ell_t}{\\partial o_t}", "proved"),
        (
            "\\frac{\\partial L}{\\partial h_t} = \\sum_{s=1}^T V^\\top \\frac{\\partial \\ell_s}{\\partial o_s}",
            "wrong",
        ),
    ],
)
def test_the_chain_rule_through_functions_with_an_index(claim: str, verdict: str) -> None:
    text = (
        "Let $V \\in \\mathbb{R}^{K \\times H}$, let $h_t \\in \\mathbb{R}^H$ and $o_t = V h_t$ for $t = 1, \\dots, T$, "
        "let $\\ell_t$ be a scalar function of $o_t$ and let $L = \\sum_{t=1}^T \\ell_t$.\n\n"
    )
    assert verdicts(f"{text}$$ {claim} $$") == [verdict]


def test_a_name_with_a_letter_is_not_summed_over_that_letter() -> None:
    text = "Let $q$ be a number and $e_s$ be a function of $q$.\n\n$$ \\sum_{s=1}^n e_s = n e_s $$"
    assert verdicts(text) != ["proved"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("\\frac{\\partial S}{\\partial m} = -2 \\sum_{n=1}^N (x_n - m)", "proved"),
        ("\\frac{\\partial S}{\\partial m} = 2 N m - 2 \\sum_{n=1}^N x_n", "proved"),
        ("\\frac{\\partial S}{\\partial m} = 2 m - 2 \\sum_{n=1}^N x_n", "wrong"),
        ("\\frac{\\partial S}{\\partial x_k} = 2 (x_k - m)", "proved"),
        ("\\frac{\\partial S}{\\partial x_k} = 2 N (x_k - m)", "wrong"),
    ],
)
def test_a_list_with_dots_declares_each_of_many(claim: str, verdict: str) -> None:
    assert verdicts(f"{SAMPLES}$$ {claim} $$") == [verdict]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("\\frac{\\partial h}{\\partial a} = \\operatorname{diag}(1 - h^2)", "proved"),
        ("\\frac{\\partial h}{\\partial a} = \\operatorname{diag}(1 - h)", "wrong"),
        ("\\frac{\\partial L}{\\partial a} = (1 - h^2) \\odot \\frac{\\partial L}{\\partial h}", "proved"),
        ("\\frac{\\partial L}{\\partial a} = (1 - h)^2 \\odot \\frac{\\partial L}{\\partial h}", "wrong"),
        ("h^\\top h = h^2", "wrong"),
    ],
)
def test_the_power_of_a_column_is_of_its_entries_where_a_column_must_stand(claim: str, verdict: str) -> None:
    assert verdicts(f"{LAYER}$$ {claim} $$") == [verdict]


def test_a_fraction_of_two_single_characters() -> None:
    assert verdicts("$$ \\frac N2 + \\frac N2 = N $$") == ["proved"]
    assert verdicts("$$ \\frac N2 + \\frac N2 = 2 N $$") == ["wrong"]


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("\\nabla^2 f(w) = X^\\top X + c I", "proved"),
        ("\\nabla^2 f = X^\\top X + c I", "proved"),
        ("\\nabla^2 f = X^\\top X - c I", "wrong"),
        ("\\nabla^2 f = \\sum_i \\frac{\\partial^2 f}{\\partial w_i^2}", "undecided"),  # the Laplacian
    ],
)
def test_a_second_gradient_is_the_hessian(claim: str, verdict: str) -> None:
    text = (
        "Let $X \\in \\mathbb{R}^{n \\times d}$, $w \\in \\mathbb{R}^d$, $y \\in \\mathbb{R}^n$, $c \\in \\mathbb{R}$ and "
        "$f(w) = \\frac12 \\|X w - y\\|^2 + \\frac{c}{2} \\|w\\|^2$.\n\n"
    )
    assert verdicts(f"{text}$$ {claim} $$") == [verdict]
