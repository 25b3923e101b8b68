"""Names that no sentence declares: their formulas tell which are vectors and which are matrices."""

import pytest

from checker import check_text
from checker.documents import read_text
from checker.language import read

LAYER = "Let $z = A h + c$ and $J = \\frac12 \\|z - r\\|^2$.\n\n"


def verdicts(text: str) -> list[str]:
    report = check_text(text, "text.md")
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


def messages(text: str) -> str:
    report = check_text(text, "text.md")
    return " ".join(str(line.judgement.message) for line in report.judged() if line.judgement is not None)


def ranks(text: str) -> dict[str, int]:
    return {s.name: len(s.shape) for s in read(read_text(text, "text.md")).symbols if s.origin == "inferred"}


@pytest.mark.parametrize(
    ("right", "wrong", "head"),
    [
        ("(z - r) h^\\top", "h (z - r)^\\top", "\\frac{\\partial J}{\\partial A}"),
        ("A^\\top (z - r)", "A (z - r)", "\\frac{\\partial J}{\\partial h}"),
        ("A^\\top (A h + c - r)", "A^\\top (A h - r)", "\\frac{\\partial J}{\\partial h}"),
        ("z - r", "2 (z - r)", "\\frac{\\partial J}{\\partial c}"),
        ("A^\\top A", "A A^\\top", "\\frac{\\partial^2 J}{\\partial h \\, \\partial h^\\top}"),
    ],
)
def test_a_layer_with_no_shapes_is_read_as_matrix_and_vectors(right: str, wrong: str, head: str) -> None:
    transposed = "Since $A^\\top$ is known, $$ h^\\top A^\\top = (A h)^\\top $$\n\n"
    assert verdicts(f"{LAYER}{transposed}$$ {head} = {right} $$") == ["proved", "proved"]
    assert "proved" not in verdicts(f"{LAYER}{transposed}$$ {head} = {wrong} $$")[1:]


def test_a_slip_in_such_a_layer_is_wrong_where_the_shapes_are_settled() -> None:
    gradient = "$$ \\frac{\\partial J}{\\partial A} = (z - r) h^\\top $$\n\n"
    assert verdicts(f"{LAYER}{gradient}$$ \\frac{{\\partial J}}{{\\partial h}} = -A^\\top (z - r) $$") == [
        "proved",
        "wrong",
    ]


def test_the_letters_settle_nothing_where_other_shapes_fit_as_well() -> None:
    text = "$$ P^\\top Q = Q^\\top P $$"
    assert verdicts(text) == ["unreadable"]
    assert "nothing says which shape" in messages(text)
    assert verdicts("$$ p^\\top q = q^\\top p $$") == ["proved"]
    assert verdicts("$$ p^\\top q = 2 q^\\top p $$") == ["wrong"]


def test_matrices_named_by_their_subscripts() -> None:
    text = (
        "Let $s_t = \\tanh(V_{ss} s_{t-1} + V_{xs} x_t + b_s)$ with $s_t \\in \\mathbb{R}^{H}$, "
        "$x_t \\in \\mathbb{R}^{D}$.\n\n"
        "$$ \\frac{\\partial s_t}{\\partial x_t} = \\operatorname{diag}(1 - s_t \\odot s_t) V_{xs} $$\n\n"
        "$$ V_{ss}^\\top = (V_{ss})^\\top $$"
    )
    found = ranks(text)
    assert (found["V_{ss}"], found["V_{xs}"], found["b_s"]) == (2, 2, 1)
    assert verdicts(text) == ["proved", "proved"]
    assert verdicts(text.replace(") V_{xs} $$", ") V_{xs}^\\top $$"))[0] != "proved"


def test_numbers_stay_numbers_where_they_fit() -> None:
    text = "$$ (a + b)^2 = a^2 + 2 a b + b^2 $$\n\nLet $x \\in \\mathbb{R}^n$.\n\n$$ C x + C x = 2 C x $$"
    assert ranks(text) == {"a": 0, "b": 0, "C": 0, "n": 0}
    assert verdicts(text) == ["proved", "proved"]


def test_a_name_that_a_sum_runs_over_is_one_of_many() -> None:
    text = (
        "Let $x_n \\in \\mathbb{R}^{d}$ and $m \\in \\mathbb{R}^{d}$, and let $S = \\sum_{n=1}^{N} (x_n - m)^\\top (x_n - m)$."
        "\n\n$$ \\frac{\\partial S}{\\partial m} = RIGHT $$"
    )
    assert verdicts(text.replace("RIGHT", "-2 \\sum_{n=1}^{N} (x_n - m)")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "-2 (x_n - m)")) == ["wrong"]


def test_what_a_declared_subscript_runs_over() -> None:
    whole = "Let $h_t \\in \\mathbb{R}^{d}$ and $g_t = 2 h_{t-1}$.\n\n$$ \\frac{\\partial g_{t,i}}{\\partial h_{s,i}} = RIGHT $$"
    assert verdicts(whole.replace("RIGHT", "2 \\delta_{t-1,s}")) == ["proved"]
    assert verdicts(whole.replace("RIGHT", "2")) == ["wrong"]
    assert verdicts("Let $h_t \\in \\mathbb{R}^{d}$.\n\n$$ h_{t-1} \\delta_{ts} = h_{s-1} \\delta_{ts} $$") == [
        "proved"
    ]
    assert verdicts("Let $h_t \\in \\mathbb{R}^{d}$.\n\n$$ h_{t-1} \\delta_{ts} = h_{t-1} $$") == ["wrong"]


def test_labels_that_nothing_bounds_run_together() -> None:
    text = (
        "Let $z^{(k)} = W^{(k)} a^{(k-1)} + b^{(k)}$ and $a^{(k)} = \\tanh(z^{(k)})$ for all $k$, with "
        "$W^{(k)} \\in \\mathbb{R}^{n \\times n}$. Let $E$ be a scalar function of $a^{(L)}$.\n\n"
        "$$ \\frac{\\partial E}{\\partial a^{(k)}} = RIGHT \\quad \\text{for } k < L $$"
    )
    assert verdicts(text.replace("RIGHT", "(W^{(k+1)})^\\top \\frac{\\partial E}{\\partial z^{(k+1)}}")) == ["proved"]
    assert verdicts(text.replace("RIGHT", "W^{(k+1)} \\frac{\\partial E}{\\partial z^{(k+1)}}")) == ["wrong"]


@pytest.mark.parametrize("names", [("W_2", "W_1"), ("B", "A"), ("\\hat{W}", "V_{hx}")])
def test_transposed_names_are_no_numbers_whatever_their_subscripts(names: tuple[str, str]) -> None:
    left, right = names
    text = (
        f"Let $x \\in \\mathbb{{R}}^n$ and $r = {left} {right} x$, and let $E$ be a scalar function of $r$.\n\n"
        "$$ \\frac{\\partial E}{\\partial x} = RIGHT \\frac{\\partial E}{\\partial r} $$"
    )
    assert verdicts(text.replace("RIGHT", f"{right}^\\top {left}^\\top")) == ["proved"]
    assert verdicts(text.replace("RIGHT", f"{left}^\\top {right}^\\top")) == ["wrong"]
