"""Lines that would take for ever, or all memory, cost their own verdict only: the lines beside them keep theirs."""

import random
import time

import pytest

from checker.check import Settings, check_text

LETTERS = "abcdefghijkl"
NOTHING_SAID = {"tested", "undecided", "unreadable"}
BESIDE = "\n\nLet $q$ be a scalar.\n\n$$(q+1)^2 = q^2 + 2q + 1$$\n\n$$(q+1)^2 = q^2 + 2q + 2$$\n"
SCALARS = f"Let ${', '.join(LETTERS)}$ be scalars. "


def matrix(n: int) -> str:
    numbers = random.Random(n)
    rows = (" & ".join(str(numbers.randint(-9, 9)) for _ in range(n)) for _ in range(n))
    return "\\begin{pmatrix}" + " \\\\ ".join(rows) + "\\end{pmatrix}"


def factors(n: int) -> str:
    return " ".join(f"(a+{k})" for k in range(1, n))


def nested(letters: str) -> str:
    term = "x"
    for letter in letters:
        term = f"\\sum_{{{letter}=1}}^n ({term} + y_{letter})"
    return term


TOWER = "9^{9^{9}}"
SAID_NOTHING = [
    f"{TOWER} = {TOWER} + 1",
    f"a^{{{TOWER}}} = a",
    "(a + b)^{10^{10^{10}}} = a^{10^{10^{10}}}",
    f"2^{{-{TOWER}}} = 0",
    f"\\log({TOWER}) = 1",
    f"\\sum_{{i=1}}^{{{TOWER}}} 1 = 3",
    "e^{e^{e^{e^{100}}}} = 1",
    f"\\det {matrix(60)} = 1",
    f"\\max({', '.join(LETTERS)}) = \\max({', '.join(reversed(LETTERS))}) + 0",
    f"{factors(1800)} = 0",
    "(" * 10_000 + "a" + ")" * 10_000 + " = a",
    "\\sqrt{" * 3_000 + "a" + "}" * 3_000 + " = a",
    "7" * 5_000 + " a = a",
]


@pytest.mark.parametrize("line", SAID_NOTHING, ids=[line[:40] for line in SAID_NOTHING])
def test_nothing_is_said_of_what_costs_too_much(line: str) -> None:
    start = time.monotonic()
    first, *beside = verdicts(f"{SCALARS}\n\n$${line}$${BESIDE}")
    assert first in NOTHING_SAID
    assert beside == ["proved", "wrong"]
    assert time.monotonic() - start < 10


FALSE = [
    f"({'+'.join(LETTERS)})^{{40}} = ({'+'.join(LETTERS)})^{{20}} ({'+'.join(LETTERS)})^{{19}}",
    f"\\det {matrix(15)} = 1",
    f"{factors(300)} = 0",
    "+".join(f"\\frac{{1}}{{a+{k}}}" for k in range(1, 100)) + " = 0",
]


@pytest.mark.parametrize("line", FALSE, ids=[line[:40] for line in FALSE])
def test_what_only_looks_costly_is_decided(line: str) -> None:
    assert verdicts(f"{SCALARS}\n\n$${line}$${BESIDE}") == ["wrong", "proved", "wrong"]


def test_sums_in_sums_in_sums() -> None:
    said = r"Let $y \in \mathbb{R}^n$ and $x$ be a scalar. "
    found = verdicts(f"{said}\n\n$${nested('abcdefghij')} = x$${BESIDE}")
    assert found[0] in {"wrong", *NOTHING_SAID}
    assert found[1:] == ["proved", "wrong"]


def test_a_declaration_that_is_nested_too_deeply_is_at_fault_alone() -> None:
    found = verdicts(f"Let $z = {factors(3000)}$ where $a$ is a scalar.{BESIDE}")
    assert found[-2:] == ["proved", "wrong"]


def verdicts(text: str) -> list[str]:
    report = check_text(text, "notes.md", Settings(timeout=2.0))
    assert report.error is None
    return [line.judgement.verdict.value for line in report.judged() if line.judgement is not None]
