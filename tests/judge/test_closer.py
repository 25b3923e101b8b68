"""Where quantities are compared, the usual small values do not tell enough: the evaluation looks closer."""

import pytest

from checker.check import check_text

X, AB = "Let $x$ be a scalar. ", "Let $a$, $b$, $c$ be scalars. "
V, A = r"Let $x, y \in \mathbb{R}^n$. ", r"Let $A \in \mathbb{R}^{n \times n}$. "
FALSE = [
    (X, r"\max(x, 30) = 30"),
    (X, r"\min(x, -100) = -100"),
    (X, "[x > 50] = 0"),
    (X + "Assume $x < 10$.", "|x| = x"),
    (X + "Assume $x > -10$.", "|x| = x"),
    (X + r"Assume $x \ge 0$.", r"\operatorname{sign}(x) = 1"),
    (AB + "Assume $a > b$.", "|a| = a"),
    (AB + "Assume $a > b > c$.", "|b| = b"),
    (V + "Assume $x_i > y_i$ for all $i$.", "|x_i| = x_i"),
    (V, r"\sum_{i=1}^{n} [i > 10] x_i = 0"),
    (r"Let $k \ge 1$ be an integer.", r"\sum_{i=1}^{k} [i > 50] = 0"),
    (r"Let $x \in \mathbb{R}^{100}$.", r"\sum_{i=1}^{100} [i > 10] x_i = 0"),
    (A + "Assume $A = A^\\top$.", "A_{ii} = 0"),
]
TRUE = [
    (X + "Assume $x < 10$.", r"\max(x, 30) = 30"),
    (X + "Assume $x > 0$.", r"\operatorname{sign}(x) = 1"),
    (AB + "Assume $a > b$.", r"\max(a, b) = a"),
    (A + "Assume $A = -A^\\top$.", "A_{ii} = 0"),
]


def last(said: str, claim: str) -> str:
    report = check_text(f"{said}\n\n$${claim}$$\n", "notes.md")
    *_, line = report.judged()
    assert line.judgement is not None
    return line.judgement.verdict.value


@pytest.mark.parametrize("said, claim", FALSE, ids=[f"{said[-28:]} {claim}" for said, claim in FALSE])
def test_false_beyond_the_usual_values(said: str, claim: str) -> None:
    assert last(said, claim) == "wrong"


@pytest.mark.parametrize("said, claim", TRUE, ids=[f"{said[-28:]} {claim}" for said, claim in TRUE])
def test_true_there_as_well(said: str, claim: str) -> None:
    assert last(said, claim) in ("proved", "tested")


VOID = [
    (X, "Then $|x| = -x$ for $x > 1$ and $x < 0$."),
    (X + "Assume $x > 0$.", "Then $|x| = -x$ for $x < 0$."),
    (V, "Then $x_i = x_j$ for $i > j$ and $i = j$."),
    (V, "Then $x_i = x_j$ for $i > n$."),
]
SELDOM = [
    (X, "Then $x^2 = x^3$ for $x > 1000$.", "wrong"),
    (X, "Then $|x - 1| = x - 1$ for $x > 1000$.", "proved"),
    (V, "Then $|x_i| = y_i$ for $x_i > 0$.", "wrong"),
    (V, "Then $|x_i| = x_i$ for $x_i > 0$.", "proved"),
]


@pytest.mark.parametrize("said, claim", VOID)
def test_a_condition_that_never_holds_proves_nothing(said: str, claim: str) -> None:
    report = check_text(f"{said}\n\n{claim}\n", "notes.md")
    assert [line.judgement.verdict.value for line in report.judged() if line.judgement] == ["undecided"]


@pytest.mark.parametrize("said, claim, verdict", SELDOM)
def test_points_are_looked_for_where_the_condition_holds(said: str, claim: str, verdict: str) -> None:
    report = check_text(f"{said}\n\n{claim}\n", "notes.md")
    assert [line.judgement.verdict.value for line in report.judged() if line.judgement] == [verdict]
