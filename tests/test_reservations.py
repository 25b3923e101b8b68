"""Assumptions and conditions that hold only somewhere, or that the words around them take back.

A false claim beside one is never proved, a true one never called wrong.
"""

import pytest

from checker.check import check_text

X, V = "Let $x$, $a$ be scalars. ", r"Let $x \in \mathbb{R}^n$. "
A, AB = r"Let $A \in \mathbb{R}^{n \times n}$. ", r"Let $A, B \in \mathbb{R}^{n \times n}$. "
W = r"Let $W^{(l)} \in \mathbb{R}^{n \times n}$ for $l = 1, \dots, L$. "


def verdicts(text: str) -> list[str]:
    report = check_text(text + "\n", "notes.md")
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]


def last(text: str) -> str:
    return verdicts(text)[-1]


# What is assumed, a claim that needs it everywhere, and one that needs no more than was said.
PARTLY = [
    (V + r"Assume $x_i > 0$ for $i \ge 2$.", "|x_i| = x_i", r"\sum_{i=2}^n |x_i| = \sum_{i=2}^n x_i"),
    (V + r"Assume $x_i > 0$ for $i < n$.", r"\sum_i |x_i| = \sum_i x_i", r"\sum_{i=1}^{n-1} |x_i| = \sum_{i=1}^{n-1} x_i"),
    (AB + r"Assume $A_{ij} = B_{ij}$ for $i \ge 2$.", r"\operatorname{tr} A = \operatorname{tr} B", r"\sum_{i=2}^n A_{ii} = \sum_{i=2}^n B_{ii}"),
    (W + r"Assume $W^{(l)}$ is symmetric for $l \ge 2$.", r"W^{(l)} x = (W^{(l)})^\top x", r"W^{(l)} x = (W^{(l)})^\top x \quad \text{for } l \ge 2"),
]  # fmt: skip


@pytest.mark.parametrize("said, too_much, enough", PARTLY, ids=[row[0][-40:] for row in PARTLY])
def test_an_assumption_reaches_no_further_than_its_condition(said: str, too_much: str, enough: str) -> None:
    assert last(f"{said}\n\n$${too_much}$$") == "wrong"
    assert last(f"{said}\n\n$${enough}$$") == "proved"


NOT_ASSUMED = [
    (X + "Assume $x > 0$ if $a > 0$.", "|x| = x"),
    (X + "Assume $x > 0$ unless $a > 0$.", "|x| = x"),
    (X + "Suppose $x > 0$ or $a > 0$.", "|x| = x"),
    (X + "Suppose that $x > 0$ does not hold.", "|x| = x"),
    (X + "Suppose it is false that $x > 0$.", "|x| = x"),
    (V + "Let $a$ be a scalar. Assume $x_i = 1$ if $a > 0$.", r"\sum_i x_i = n"),
    (A + "Assume $A$ is not symmetric.", r"A = A^\top"),
    (A + "Assume $A$ is almost symmetric.", r"A = A^\top"),
    (A + "Assume $A$ is nowhere symmetric.", r"A = A^\top"),
    (A + "Assume $A$ is neither symmetric nor diagonal.", r"A = A^\top"),
    (A + "Assume $A$ is no longer symmetric.", r"A = A^\top"),
    (A + "Suppose it is false that $A$ is symmetric.", r"A = A^\top"),
    (A + "Assume $A$ is block diagonal.", r"A = A^\top"),
    (A + "Assume $A$ is bidiagonal.", r"A = A^\top"),
    (A + "Assume $A$ is tri-diagonal.", r"A = A^\top"),
    (A + "Assume $A$ is diagonalizable.", r"A = A^\top"),
    (A + "Assume $A$ is a matrix with diagonal entries above 0.", r"A = A^\top"),
    (AB + "Assume one of $A$ and $B$ is symmetric.", r"B = B^\top"),
    (AB + "Assume $A$ or $B$ is symmetric.", r"B = B^\top"),
    (AB + "Assume $A$ is orthogonal to $B$.", r"A A^\top = I"),
    (r"Let $A \in \mathbb{R}^{n \times n}$ be a non-symmetric matrix.", r"A = A^\top"),
    (r"Let $A \in \mathbb{R}^{n \times n}$ be non-diagonal.", r"A = A^\top"),
]


@pytest.mark.parametrize("said, claim", NOT_ASSUMED, ids=[row[0][-44:] for row in NOT_ASSUMED])
def test_nothing_is_proved_by_what_is_not_assumed(said: str, claim: str) -> None:
    assert last(f"{said}\n\n$${claim}$$") not in ("proved", "tested")


ASSUMED = [
    (A + "Assume $A$ is symmetric.", r"A = A^\top"),
    (A + "Assume that $A$ is a real symmetric and positive-definite matrix.", r"A = A^\top"),
    (r"Let $A \in \mathbb{R}^{n \times n}$ be an invertible, symmetric matrix.", r"A = A^\top"),
    (A + "Assume $A$ is skew symmetric.", r"A = -A^\top"),
    (A + "Assume $A$ is strictly lower triangular.", r"\sum_{j > i} A_{ij} = 0"),
    (AB + "Assume $A$ and $B$ are diagonal.", "A B = B A"),
    (X + "Suppose $x > 0$ and $a > 0$.", "|x| = x"),
    (X + "Let $x > 0$ be a number that is not an integer.", "|x| = x"),
]


@pytest.mark.parametrize("said, claim", ASSUMED, ids=[row[0][-44:] for row in ASSUMED])
def test_what_is_assumed_proves(said: str, claim: str) -> None:
    assert last(f"{said}\n\n$${claim}$$") == "proved"


RESERVED = [
    "Then $|x| = x$ unless $x < 0$.",
    "Then $|x| = x$ when $x > 0$ or $x < 2$.",
    "Then $|x| = x$ even if $x < 0$.",
    "Then $|x| = x$ not only for $x > 0$.",
    "Then $|x| = x$ except for $x > 0$.",
    "Then $|x| = x$ except when $x < 0$.",
    "Then $|x| = x$ both for $x > 0$ and for $x < 0$.",
    r"$$|x| = x \quad \text{unless } x > 0$$",
    r"$$|x| = x \quad \text{if } x > 0 \text{ or } x < 0$$",
    r"$$|x| = x \text{ except for } x < 0$$",
]


@pytest.mark.parametrize("claim", RESERVED)
def test_a_claim_under_a_reservation_is_not_judged(claim: str) -> None:
    assert last(f"{X}\n\n{claim}") == "unreadable"


CONDITIONED = [
    ("Then $|x| = x$ for $x > 0$.", "proved"),
    ("Then $|x| = x$ for $x < 0$.", "wrong"),
    ("Then $|x| = x$ only for $x > 0$.", "proved"),
    ("Then $|x| = x$ when $x > 0$ and $x < 2$.", "proved"),
    (r"$$|x| = -x \quad \text{if } x < 0$$", "proved"),
    (r"$$x^2 = a \quad \text{if } x < 0$$", "wrong"),
]


@pytest.mark.parametrize("claim, verdict", CONDITIONED)
def test_a_claim_under_a_condition(claim: str, verdict: str) -> None:
    assert last(f"{X}\n\n{claim}") == verdict


def test_a_name_let_again_under_a_later_heading_is_free_of_what_was_said() -> None:
    again = "# One\n\nLet $a > 0$.\n\n# Two\n\nLet $a$ be a scalar.\n\n$$|a| = a$$"
    assert last(again) == "wrong"
    assert last(again.replace("# Two\n\n", "")) == "proved"


def test_a_function_of_the_document_is_not_the_elementary_one_of_its_name() -> None:
    said = r"Let $\log(z) = \frac{\ln z}{\ln 2}$ and $x$ be a scalar."
    slope = r"$$\frac{\partial \log(x)}{\partial x} = \frac{1}{x}$$"
    assert last(f"{said}\n\n{slope}") == "wrong"
    assert last(f"{said}\n\n{slope.replace('{x}$$', '{x log 2}$$').replace('log 2', chr(92) + 'ln 2')}") == "proved"


A_AND_K = r"Let $A \in \mathbb{R}^{n \times n}$ and $k \ge 1$ be an integer."
SAID_OF_ONE = [
    (A_AND_K, r"A^k A^\top = A^\top A^k"),
    (A_AND_K, r"\operatorname{tr}(A^k) = \operatorname{tr}(A)^k"),
    ("Let $A$, $B$ be square matrices and $k$ a positive integer.", "A B = B A"),
    (
        r"Let $A \in \mathbb{R}^{n \times n}$ and $B \in \mathbb{R}^{n \times n}$, where $B$ is symmetric.",
        r"A = A^\top",
    ),
    (AB + "Let $B$ be symmetric if $A$ is.", r"B = B^\top"),
    (AB + "Assume $A$ is symmetric whenever $B$ is.", r"A = A^\top"),
    (X + "Assume that $x > 0$ implies $x = 1$.", "|x| = x"),
    (X + r"Assume $a > 0 \Rightarrow x > 0$.", "|x| = x"),
    (X + "Assume that $x > 0$ if and only if $a > 0$.", "|x| = x"),
    (X + "Suppose for contradiction that $x > 0$.", "|x| = x"),
    (X + "Consider the case $x > 0$ first.\n\n## The general case", "|x| = x"),
]


@pytest.mark.parametrize("said, claim", SAID_OF_ONE, ids=[row[0][-44:] for row in SAID_OF_ONE])
def test_what_is_said_of_one_or_under_a_condition_is_not_said_of_all(said: str, claim: str) -> None:
    assert last(f"{said}\n\n$${claim}$$") not in ("proved", "tested")


def test_beside_an_integer_a_matrix_stays_a_matrix() -> None:
    assert (
        last(rf"{A_AND_K}" + "\n\n" + r"$$\frac{\partial}{\partial A} \operatorname{tr}(A^k) = k (A^{k-1})^\top$$")
        == "proved"
    )
    assert last(X + "Consider the case $x > 0$.\n\n$$|x| = x$$") == "proved"


def test_a_scalar_function_of_a_matrix_is_a_number() -> None:
    said = r"Let $E$ be a scalar function of $A \in \mathbb{R}^{m \times n}$. Let $A = B C$ with $B \in \mathbb{R}^{m \times k}$, $C \in \mathbb{R}^{k \times n}$."
    claim = r"$$\frac{\partial E}{\partial B} = \frac{\partial E}{\partial A} C^\top$$"
    assert last(f"{said}\n\n{claim}") == "proved"
    assert last(f"{said}\n\n{claim}".replace(r"\top", "{}")) != "proved"


def test_a_recursion_whose_start_is_defined_by_itself() -> None:
    said = r"Let $K \ge 3$ be an integer. Let $a_0 = 1$. Let $a_k = a_{k-1} + 1$ for $k = 1, \dots, K$."
    assert last(f"{said}\n\n$$a_2 = 3$$") in ("proved", "tested")
    assert last(f"{said}\n\n$$a_2 = 2$$") == "wrong"
    assert verdicts("Let $a_0 = 1$. Let $a_k = a_{k-1} + 1$ for $k \\ge 1$.") == ["unreadable"]
