"""The command line as its users meet it: whole process, real documents."""

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import checker.check  # noqa: F401  # before the workers fork: each then starts at once
from checker.cli import main

ROOT = Path(__file__).parent.parent
SEARCH = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
GOOD = "# Squares\n\nLet $x$ be a real number.\n\n$$(x + 1)^2 = x^2 + 2 x + 1$$\n"
WRONG = "# A slip\n\nLet $x$ be a real number.\n\n$$\n(x + 1)^2\n= x^2 + x + 1\n= x^2 + 1 + x\n= x^2 + 2 x + 1\n$$\n"
STATED = WRONG.replace("+ 1\n$$\n", "+ 1\n$$\n<!-- id: slip -->\n<!-- expect: wrong, carried, proved -->\n")
UNREADABLE = "Let $x$ be a real number.\n\n$$x = \\frac{\\partial}{o_k}$$\n\n$$x + x = 2 x$$\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    (tmp_path / "derivations").mkdir()
    for name, text in {
        "good.md": GOOD,
        "wrong.md": WRONG,
        "unreadable.md": UNREADABLE,
        "derivations/squares.md": GOOD,
    }.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(here, capsys, monkeypatch):
    """Call the command in this process: exit status, standard output, standard error."""

    def call(*arguments: str, stdin: str | bytes = b"") -> tuple[int, str, str]:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = exit_.code
        return (status, *capsys.readouterr())

    return call


def process(*arguments: str, **environment: str) -> str:
    """Standard output of the command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": SEARCH, "PYTHONIOENCODING": "utf-8", **environment}
    done = subprocess.run(
        [sys.executable, "-m", "checker", *arguments], capture_output=True, timeout=60, env=environment
    )
    return done.stdout.decode()


# ---------------------------------------------------------------------------------- exit status


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", "good.md"], 0),
        (["check"], 0),
        (["check", "squares"], 0),
        (["check", "wrong.md"], 1),
        (["check", "good.md", "wrong.md"], 1),
        (["check", "unreadable.md"], 0),
        (["check", "unreadable.md", "--strict"], 1),
        (["check", "missing.md"], 2),
        (["check", "good.md", "missing.md"], 2),
        (["check", "--jobs", "0"], 2),
        (["check", "--timeout", "x"], 2),
        (["check", "--format", "xml"], 2),
        (["chekc"], 2),
        ([], 2),
        (["list"], 0),
        (["list", "missing"], 2),
        (["show", "squares"], 0),
        (["show", "missing"], 2),
        (["--version"], 0),
        (["check", "--help"], 0),
    ],
)
def test_exit_status(here, run, arguments, status):
    assert run(*arguments)[0] == status


def test_an_expectation_turns_a_slip_into_what_is_expected(here, run):
    (here / "stated.md").write_text(STATED)
    status, out, _ = run("check", "stated.md", "--strict")
    assert status == 0, out
    (here / "stated.md").write_text(STATED.replace("wrong, carried", "wrong, wrong"))
    assert run("check", "stated.md")[0] == 1


# --------------------------------------------------------------------------------------- output


def test_the_report_of_a_slip(here, run):
    status, out, err = run("check", "wrong.md")
    assert (status, err) == (1, "")
    rows = out.splitlines()
    assert rows[0] == "wrong.md  A slip"
    assert any(re.fullmatch(r"\s+✗ wrong\s+= x\^2 \+ x \+ 1", row) for row in rows)
    assert any("wrong.md:7:3" in row for row in rows)
    assert any("carried" in row for row in rows)
    assert any("rejoins" in row for row in rows)
    assert rows[-1] == "3 lines in 1 document: 2 not as expected."
    assert "\x1b" not in out


def test_a_misspelt_name_gets_a_suggestion(here, run):
    assert "squars: there is no such file; did you mean squares?" in run("check", "squars")[2]


def test_json_goes_to_standard_output_alone_and_errors_elsewhere(here, run):
    status, out, err = run("check", "good.md", "missing.md", "--format", "json")
    data = json.loads(out)
    assert status == 2
    assert [d["path"] for d in data["documents"]] == ["good.md"]
    assert data["summary"]["proved"] == 1
    assert "missing.md" in err


def test_the_same_bytes_for_any_number_of_jobs_and_any_hash_seed(here):
    def output(*arguments, **environment):
        text = process("check", "good.md", "wrong.md", "unreadable.md", "--format", "json", *arguments, **environment)
        return re.sub(r'"seconds": [\d.e-]+', "", text)

    first = output(PYTHONHASHSEED="1")
    assert output("--jobs", "3", PYTHONHASHSEED="2") == first


def test_junit_and_github(here, run):
    assert ElementTree.fromstring(run("check", "wrong.md", "--format", "junit")[1]).get("failures") == "2"
    assert "::error file=wrong.md,line=7,col=3," in run("check", "wrong.md", "--format", "github")[1]


def test_sizes_and_verbosity(here, run):
    assert "evaluated" in run("check", "good.md", "--sizes", "-v")[1]
    assert run("check", "good.md", "-q")[1].splitlines() == [
        "  ✓ proved           1", "1 line in 1 document: all as expected.",
    ]  # fmt: skip


def test_list_and_show(here, run):
    assert run("list")[1] == "derivations/squares.md\n"
    shown = run("show", "squares")[1]
    assert "scalar" in shown
    assert "(x + 1)^2" in shown
    assert "(x + 1)**2" in run("show", "squares", "--sympy")[1]


def test_report_writes_and_compares(here, run):
    status, out, _ = run("report", "-o", "out")
    assert (status, out) == (0, "4 files written to out/\n")
    assert sorted(p.name for p in (here / "out").iterdir()) == ["index.md", "index.tex", "squares.md", "squares.tex"]
    assert run("report", "-o", "out", "--check")[0] == 0
    (here / "out" / "squares.md").write_text("old")
    status, _, err = run("report", "-o", "out", "--check")
    assert (status, err) == (1, "out/squares.md: differs from what `checker report` writes now\n")


# ------------------------------------------------------------------------------------ bad input


def test_standard_input(here, run):
    assert run("check", "-", stdin=GOOD)[0] == 0
    status, out, _ = run("check", "-", stdin=WRONG)
    assert status == 1
    assert "-:7:3" in out
    assert run("check", "-", stdin=b"\xff\xfe\x00")[0] == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("binary.md", bytes(range(256)) * 8),
        ("latin.md", "Größe $x = x$".encode("latin-1")),
        ("wide.md", GOOD.encode("utf-16")),
    ],
)
def test_a_file_that_is_not_text_does_not_lose_the_others(here, run, name, content):
    (here / name).write_bytes(content)
    status, out, _ = run("check", name, "good.md")
    assert status == 2
    assert f"{name}\n" in out
    assert "1 line in 2 documents: 1 not as expected." in out


def test_a_file_without_permission(here, run):
    (here / "good.md").chmod(0)
    if os.access(here / "good.md", os.R_OK):
        pytest.skip("this user may read everything")
    assert run("check", "good.md")[0] == 2


def test_an_empty_document_and_an_empty_directory(here, run):
    (here / "empty.md").write_text("")
    status, out, _ = run("check", "empty.md")
    assert (status, out.splitlines()[-1]) == (0, "0 lines in 1 document: nothing to judge.")
    (here / "nothing").mkdir()
    assert run("check", "nothing")[0] == 2


def test_nothing_in_a_document_is_run_or_opened(here, run):
    (here / "attack.md").write_text(
        "Let $x$ be a real number.\n\n$$x = \\input{/etc/passwd}$$\n\n"
        "$$x = __import__('os').mkdir('owned')$$\n\n$$x + x = 2 x$$\n"
    )
    status, out, _ = run("check", "attack.md", "--format", "json")
    assert status in (0, 1)
    assert "root:" not in out
    assert not (here / "owned").exists()
    assert json.loads(out)["summary"]["proved"] == 1


# ------------------------------------------------------------------------------------ terminals


def test_a_closed_pipe_is_no_error(here, run):
    code = f"{sys.executable} -m checker check good.md wrong.md -v | head -n 1"
    done = subprocess.run(
        ["sh", "-c", code], capture_output=True, timeout=60, check=False, env={**os.environ, "PYTHONPATH": SEARCH}
    )
    assert done.stdout.startswith(b"good.md")
    assert done.stderr == b""


def on_a_terminal(*arguments: str, **environment: str) -> str:
    """What the program writes to a terminal of 80 columns."""
    parent, child = pty.openpty()
    child_process = subprocess.Popen(
        [sys.executable, "-m", "checker", *arguments],
        stdout=child, stderr=child, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": SEARCH, "TERM": "xterm-256color", "COLUMNS": "80", **environment},
    )  # fmt: skip
    os.close(child)
    chunks = []
    while True:
        try:
            chunk = os.read(parent, 4096)
        except OSError:  # Linux says so when the other end is closed
            break
        if not chunk:
            break
        chunks.append(chunk)
    child_process.wait(timeout=60)
    os.close(parent)
    return b"".join(chunks).decode()


def test_a_terminal_shows_progress_and_colour(here, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = on_a_terminal("check", "good.md", "wrong.md")
    assert "[0/2] good.md" in shown
    assert "\x1b[32m" in shown or "\x1b[1;32m" in shown
    assert "\x1b[3" not in on_a_terminal("check", "good.md", NO_COLOR="1").replace("\x1b[K", "")


def test_an_interrupt_prints_the_verdicts_so_far(here):
    slow = "Let $x$ be real.\n\n" + "\n\n".join(f"$$(x + {k})^2 = x^2 + {2 * k} x + {k * k}$$" for k in range(20000))
    (here / "slow.md").write_text(slow)
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "check", "good.md", "slow.md"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": SEARCH},
    )  # fmt: skip
    first = process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert first.startswith(b"good.md")
    assert b"document" in out.splitlines()[-1]
    assert b"interrupted" in err
    assert b"Traceback" not in err
