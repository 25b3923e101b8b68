"""The long form of one line: which line is meant, what is said of it, and that it ends as the verdict does."""

import pytest

from checker.cli import main
from checker.commands import parted
from checker.documents import DocumentError
from checker.explain import NoSuchLine, explain_file
from checker.render.explain import rows
from checker.results import Verdict

DOCUMENT = r"""# T

Let $A \in \mathbb{R}^{m \times n}$, $x \in \mathbb{R}^n$ and $u \in \mathbb{R}$. Let $z = A x$ and $L = \sum_i z_i^2$.

$$
\begin{aligned}
\frac{\partial L}{\partial x_j}
&= 2 \sum_i z_i A_{ij} \\
&= \sum_i z_i A_{ij}
\end{aligned}
$$

Nothing here.

And nothing here.

Neither here.

$$ z_i = \unknown{A} $$
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "t.md"
    file.write_text(DOCUMENT, encoding="utf-8")
    return str(file)


def text(explained):
    return "\n".join(row for row, _ in rows(explained, 80))


def test_a_proved_line(path):
    found = explain_file(path, 8)
    (line,) = found.lines
    assert line.line.judgement.verdict is Verdict.PROVED
    assert line.left[0] == r"\frac{\partial L}{\partial x_j}"
    assert line.left[1] == "Partial(L, x[j])"
    assert line.ranges == (r"j = 1, \dots, n",)
    assert line.stages[-1].latex == "0"
    assert "nothing is left" in line.end


def test_a_wrong_line(path):
    (line,) = explain_file(path, 9).lines
    assert line.line.judgement.verdict is Verdict.WRONG
    assert line.stages[-1].latex != "0"
    assert "is left" in line.end
    shown = text(explain_file(path, 9))
    assert "counterexample" in shown
    assert "left  =" in shown


def test_the_symbols_are_those_it_uses(path):
    assert {row.name for row in explain_file(path, 8).symbols} >= {"A", "x", "z", "L", "j"} - {"j"}
    assert "u" not in {row.name for row in explain_file(path, 8).symbols}


def test_the_head_means_the_first_line(path):
    assert [line.line.line for line in explain_file(path, 7).lines] == [8]


def test_a_delimiter_means_its_formula(path):
    assert [line.line.line for line in explain_file(path, 5).lines] == [8]


def test_what_cannot_be_read_is_said(path):
    shown = text(explain_file(path, 19))
    assert "unreadable" in shown
    assert "unknown" in shown


def test_no_formula_there(path):
    with pytest.raises(NoSuchLine, match="nearest one begins on line"):
        explain_file(path, 15)


def test_no_such_file():
    with pytest.raises(DocumentError):
        explain_file("no-such-file.md", 1)


@pytest.mark.parametrize(
    "place, expected",
    [
        ("a.md:12", ("a.md", 12)),
        ("a.md:12:3", ("a.md", 12)),
        ("C:/a.md:12", ("C:/a.md", 12)),
        ("a.md", ("a.md", None)),
        ("a.md:", ("a.md:", None)),
        (":3", (":3", None)),
    ],
)
def test_places(place, expected):
    assert parted(place) == expected


def test_command(path, capsys):
    assert main(["explain", f"{path}:9"]) == 0
    shown = capsys.readouterr().out
    assert "normal form of the left side" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize("place", ["no-such-file.md:3", "{path}:15", "{path}", "{path}:x"])
def test_command_refuses(path, place, capsys):
    assert main(["explain", place.format(path=path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("checker: ")
    assert captured.err.count("\n") == 1


def test_the_same_again(path):
    def without_seconds():
        return [row for row in text(explain_file(path, 9)).splitlines() if "seconds" not in row]

    assert without_seconds() == without_seconds()
