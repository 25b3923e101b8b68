"""Everything that goes wrong in a document, each with a good claim beside it that keeps its verdict."""

import time

import pytest

from checker import check_text
from checker.results import DocumentReport, Verdict

BEFORE = "# Bad input\n\nLet $x$ and $y$ be real numbers, $A \\in \\mathbb{R}^{m \\times n}$, $B \\in \\mathbb{R}^{n \\times p}$ and $v \\in \\mathbb{R}^{3}$.\n\n"
AFTER = "\n\n## Another section\n\nLet $z$ be a real number.\n\n$$z + z = 2 z$$\n<!-- id: good -->\n"


def report_on(bad: str) -> DocumentReport:
    report = check_text(f"{BEFORE}{bad}{AFTER}", "bad.md")
    assert report.error is None
    return report


def verdicts(report: DocumentReport) -> list[str]:
    """``verdict reason`` of every judged line but the good one."""
    lines = [line for s in report.statements if s.id != "good" for line in s.lines if line.judgement is not None]
    return [f"{line.judgement.verdict.value} {line.judgement.reason or ''}".strip() for line in lines]


def messages(report: DocumentReport) -> str:
    return "\n".join(line.judgement.message or "" for line in report.judged())


def assert_good(report: DocumentReport) -> None:
    (good,) = [s for s in report.statements if s.id == "good"]
    assert [line.judgement.verdict for line in good.lines[1:]] == [Verdict.PROVED]


@pytest.mark.parametrize(
    ("bad", "verdict", "words"),
    [
        ("$$x = \\frac{x}{y$$", "unreadable syntax", "5:"),
        ("$$x = {x + y$$", "unreadable syntax", "5:"),
        ("$$x = x + y}$$", "unreadable syntax", "5:"),
        ("$$x + y = \\frobnicate{x}$$", "unreadable", "frobnicate"),
        ("$$x + y = \\operatorname{frob}(x)$$", "unreadable unknown-symbol", "frob"),
        ("$$x + y = B A$$", "wrong shape", "5:"),
        ("$$A + B = A$$", "wrong shape", "5:"),
        ("$$v_1 = v_4$$", "wrong index", "4"),
        ("$$x + y = \\frac{\\partial}{o_k}$$", "unreadable syntax", "\\partial"),
        ("$$x + y = x + \\cdots + y$$", "unreadable ellipsis", "5:"),
        ("$$x + y = \\text{something nice}$$", "unreadable words", "5:"),
        ("$$x y = \\input{/etc/passwd}$$", "unreadable", "5:"),
    ],
)
def test_a_bad_line_says_what_and_where_and_costs_only_itself(bad, verdict, words):
    report = report_on(bad)
    assert_good(report)
    (found,) = verdicts(report)
    assert found.startswith(verdict)
    assert words in messages(report)


def test_an_unclosed_display_does_not_swallow_the_document():
    report = report_on("$$x + y = x\n")
    assert_good(report)
    assert any(found.startswith("unreadable syntax") for found in verdicts(report))


@pytest.mark.parametrize(
    "bad",
    [
        "Let $a = a + 1$.\n\n$$a = 2$$",
        "Let $a = b + 1$ and $b = a - 1$.\n\n$$a = 2$$",
        "Let $a = f(a)$ and $f(u) = a u$.\n\n$$a = 2$$",
    ],
)
def test_a_circular_definition_is_refused_and_does_not_hang(bad):
    started = time.monotonic()
    report = report_on(bad)
    assert time.monotonic() - started < 5
    assert_good(report)
    assert not any(found == "proved" for found in verdicts(report))


def test_a_redefinition_under_the_same_heading_is_an_error():
    report = report_on("Let $w \\in \\mathbb{R}^{m}$.\n\nLet $w \\in \\mathbb{R}^{p}$.")
    assert_good(report)
    assert verdicts(report)
    assert "w" in messages(report)


def test_a_name_used_as_scalar_and_as_matrix_is_an_error():
    report = report_on("$$x A = A x_{ij}$$")
    assert_good(report)
    assert verdicts(report)[0] != "proved"


def test_a_letter_bound_and_free_in_one_product():
    report = report_on(
        "Let $i = 1, \\dots, n$.\n\n$$\\sum_{i=1}^{n} A_{1i} B_{i1} A_{1i} = A_{1i} \\sum_{i=1}^{n} B_{i1}$$"
    )
    assert_good(report)
    assert verdicts(report)[0] != "proved"


def test_an_index_three_times_under_the_summation_convention():
    report = report_on("We use the summation convention.\n\n$$A_{ij} B_{jk} B_{jl} = A_{ij} B_{jl} B_{jk}$$")
    assert_good(report)
    assert verdicts(report) == ["wrong index"]
    assert "j" in messages(report)


def test_a_tower_of_powers_is_not_computed():
    started = time.monotonic()
    report = report_on("$$x^{10^{10^{10}}} = x$$\n\n$$2^{10^{10^{10}}} = 2$$")
    assert time.monotonic() - started < 20
    assert_good(report)
    assert "proved" not in verdicts(report)


@pytest.mark.parametrize(
    ("opened", "closed"), [("{", "}"), ("(", ")"), ("\\left(", "\\right)"), ("\\frac{1}{", "}"), ("x^{", "}")]
)
def test_nesting_thousands_deep_is_refused_with_a_place(opened, closed):
    report = report_on(f"$$x = {opened * 5000}x{closed * 5000}$$")
    assert_good(report)
    (found,) = verdicts(report)
    assert found.split()[0] in ("unreadable", "undecided")


def test_a_sum_over_twelve_indices():
    letters = "abcdefghpqrs"
    sums = "".join(f"\\sum_{{{letter}=1}}^{{n}} " for letter in letters)
    started = time.monotonic()
    report = report_on(
        f"Let $u \\in \\mathbb{{R}}^{{n}}$.\n\n$${sums}{' '.join(f'u_{c}' for c in letters)} = (\\sum_{{i=1}}^{{n}} u_i)^{{12}}$$"
    )
    assert time.monotonic() - started < 25
    assert_good(report)
    assert not any(found.startswith("wrong") for found in verdicts(report))


def test_fifty_thousand_lines():
    text = BEFORE + "Some prose that says nothing.\n\n" * 25_000 + AFTER
    started = time.monotonic()
    report = check_text(text, "long.md")
    assert time.monotonic() - started < 20
    assert report.error is None
    assert_good(report)


def test_a_line_that_takes_too_long_is_stopped_and_the_others_are_judged():
    factors = " ".join(f"(x + {k} y + \\sum_{{i=1}}^{{n}} \\sum_{{j=1}}^{{n}} u_i u_j^{{{k}}})" for k in range(2, 30))
    bad = f"Let $u \\in \\mathbb{{R}}^{{n}}$.\n\n$${factors} = x$$"
    started = time.monotonic()
    report = check_text(f"{BEFORE}{bad}{AFTER}", "slow.md", timeout=1.0)
    assert time.monotonic() - started < 15
    assert_good(report)
    assert verdicts(report)[0] in ("undecided budget", "wrong value", "tested budget")
