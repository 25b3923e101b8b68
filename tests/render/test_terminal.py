"""The terminal report: everything can be read without colour, at any width, and nothing is lost."""

import io
import re

import pytest

from checker.render.terminal import NORMAL, QUIET, VERBOSE, Terminal
from checker.results import Report
from tests.render import sample


class Screen(io.StringIO):
    """A terminal as far as a program can tell."""

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__()
        self.coding = encoding

    @property
    def encoding(self) -> str:
        return self.coding

    def isatty(self) -> bool:
        return True


def printed(report: Report = sample.EVERYTHING, stream=None, **options) -> str:
    stream = stream if stream is not None else io.StringIO()
    terminal = Terminal(stream, **options)
    for document in report.documents:
        terminal.document(document)
    terminal.summary(report)
    return stream.getvalue()


def without_space(text: str) -> str:
    return "".join(re.sub(r"[│|]", " ", text).split())


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("verbosity", [NORMAL, VERBOSE])
def test_no_row_is_wider_than_the_terminal(width, verbosity):
    rows = printed(verbosity=verbosity, width=width, sizes=True).splitlines()
    assert max(map(len, rows)) <= width


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_every_line_and_message_is_there_in_full(width):
    shown = without_space(printed(verbosity=VERBOSE, width=width))
    for document in sample.REPORT.documents:
        for statement in document.statements:
            for line in statement.lines:
                assert without_space(line.latex) in shown
                if line.judgement is not None:
                    assert line.judgement.verdict.value in shown
                    assert without_space(line.judgement.message or "") in shown


def test_a_pipe_gets_plain_text_at_a_fixed_width():
    assert "\x1b" not in printed()
    assert Terminal(io.StringIO()).width == 100


def test_a_terminal_gets_colour_unless_told_otherwise(monkeypatch):
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\x1b[" in printed(stream=Screen(), width=80)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in printed(stream=Screen(), width=80)
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in printed(stream=Screen(), width=80)


def test_an_ascii_terminal_gets_ascii():
    assert printed(stream=Screen("ascii"), verbosity=VERBOSE, width=80).isascii()


def test_a_statement_all_of_whose_lines_are_proved_takes_one_row():
    rows = printed(Report((sample.GOOD,)), verbosity=NORMAL).splitlines()
    assert r"  ✓ matrix-product-1:12  2 proved  \frac{\partial A_{ij}}{\partial W_{kl}} = …" in [
        row[: row.index("…") + 1] for row in rows if "…" in row
    ]


def test_a_wrong_line_shows_its_place_reason_point_and_correction():
    shown = printed(Report((sample.GOOD,)))
    for words in (
        "✗ wrong       = t W \\frac{e^{-Wx}}{1 + e^{-Wx}}",
        "derivations/good.md:21:5  as expected",
        "reason  value: the two sides differ",
        "mistake  the sign is wrong",
        "should be  -t W \\frac{e^{-Wx}}{1 + e^{-Wx}}",
        "counterexample  at m = 1, n = 2; k = 1, l = 2",
        "D = ⎡   1 2⎤   x = (1, 0)   t = 3",
        "    ⎣-1/3 4⎦",
        "left  = -1/2",
        "right = 1/2",
        "carried  follows from the earlier wrong line",
        "rejoins  agrees with the head of the chain again",
    ):
        assert words in shown, words


def test_a_mismatch_is_said_in_words():
    assert "derivations/sample.md:30:9  expected proved" in printed(Report((sample.BAD,)))


def test_quiet_prints_the_summary_only():
    assert (
        printed(Report((sample.GOOD,)), verbosity=QUIET).splitlines()[-1] == "5 lines in 1 document: all as expected."
    )
    assert "good.md" not in printed(Report((sample.GOOD,)), verbosity=QUIET)


def test_the_summary_counts_and_says_one_sentence():
    rows = printed(sample.REPORT).splitlines()
    assert "  ✗ wrong            2  1 as stated" in rows
    assert rows[-1] == "9 lines in 2 documents: 1 not as expected."


def test_sizes_are_said_on_request():
    assert "evaluated  3 points: m = 1, n = 2" in printed(sizes=True)
    assert "evaluated" not in printed()


def test_brackets_in_a_formula_are_not_taken_for_markup():
    assert "[bold]x[/bold]" in printed(
        Report((sample.document_with(r"[bold]x[/bold] :smile: https://x.y 'a'"),)), verbosity=VERBOSE
    )


def test_nothing_to_judge_is_said():
    assert printed(Report(())).splitlines()[-1] == "0 lines in 0 documents: nothing to judge."
