"""Watching: what is new on a save, and a clean end."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from checker.check import Settings
from checker.memory import Memory
from checker.render.watch import summary
from checker.watch import watch

ROOT = Path(__file__).parent.parent
DOCUMENT = (
    "Let $x \\in \\mathbb{R}$ and $y = 2 x$.\n\n$$ \\frac{\\partial y}{\\partial x} = 2 $$\n\n$$ x + x = 2 x $$\n"
)


class Enough(Exception):
    """No more edits."""


def watched(file, *edits):
    """The changes seen while the file is edited, each edit as soon as nothing is left to do."""
    waiting = list(edits)

    def sleep(seconds):
        if seconds < 0.1:
            return
        if not waiting:
            raise Enough
        waiting.pop(0)()

    changes = []
    with suppress(Enough):
        changes.extend(watch(lambda: (str(file),), Settings(), Memory(), sleep))
    return changes


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "x.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def writing(file, text):
    def edit():
        file.write_text(text, encoding="utf-8")
        os.utime(file, ns=(time.time_ns(), time.time_ns()))

    return edit


def test_an_edit_says_what_is_new(file):
    first, second = watched(file, writing(file, DOCUMENT.replace("= 2 $$", "= 3 $$")))
    assert first.first
    assert len(first.news) == len(first.document.statements)
    assert not second.first
    (new,) = second.news
    assert new.line == 3
    assert new.lines[1].judgement.verdict.value == "wrong"
    assert second.gone == 1
    assert "1 new, 1 gone; 1 not as expected" in summary(second)


def test_a_definition_changes_what_rests_on_it(file):
    _, second = watched(file, writing(file, DOCUMENT.replace("y = 2 x", "y = 4 x")))
    assert {s.line for s in second.news} == {1, 3}


def test_a_save_without_a_change_is_nothing_new(file):
    _, second = watched(file, writing(file, DOCUMENT + "\n"))
    assert second.news == ()


def test_nothing_happens_while_nothing_is_saved(file):
    assert len(watched(file, lambda: None, lambda: None)) == 1


def test_a_file_that_goes_and_comes_back(file):
    changes = watched(file, file.unlink, writing(file, DOCUMENT))
    assert [change.document.error is None for change in changes] == [True, False, True]


def test_command_in_a_pipe_ends_cleanly(file, tmp_path):
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "checker", "watch", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        first = process.stdout.readline()
        assert "2 proved" in first
        assert "all as expected" in first
        writing(file, DOCUMENT.replace("= 2 $$", "= 3 $$"))()
        seen = []
        while not seen or "not as expected" not in seen[-1]:
            seen.append(process.stdout.readline())
            assert seen[-1], seen
        assert any("wrong" in line for line in seen)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in err
    assert "\x1b" not in "".join(seen) + out
    assert (tmp_path / "cache" / "derivation-checker" / "judgements.json").is_file()


@pytest.mark.parametrize("arguments", [["no-such-file.md"], ["-"]])
def test_what_cannot_be_watched(arguments, capsys):
    from checker.cli import main

    assert main(["watch", *arguments]) == 2
    assert capsys.readouterr().err.startswith("checker: ")
