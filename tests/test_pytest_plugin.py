"""``pytest derivations/`` as its users run it."""

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.test_cli import GOOD, STATED, WRONG

ROOT = Path(__file__).parent.parent
SEARCH = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))


@pytest.fixture
def project(tmp_path):
    for name, text in {
        "derivations/good.md": GOOD,
        "derivations/wrong.md": WRONG,
        "derivations/stated.md": STATED,
        "derivations/README.md": "# Nothing to judge here\n",
        "README.md": WRONG,
        "docs/paper.tex": "\\begin{document}\nLet $x$ be real.\n\\[ x + x = 3 x \\]\n\\end{document}\n",
        "test_own.py": "def test_own(): pass\n",
        "pytest.ini": "[pytest]\n",
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(project: Path, *arguments: str) -> tuple[int, str]:
    """pytest in a process of its own, with the plugin as its entry point would load it."""
    load = [] if "derivation_checker" in entry_points(group="pytest11").names else ["-p", "checker.pytest_plugin"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *load, "-p", "no:cacheprovider", *arguments],
        capture_output=True, text=True, timeout=60, check=False, cwd=project,
        env={**os.environ, "PYTHONPATH": SEARCH},
    )  # fmt: skip
    return done.returncode, done.stdout


def test_one_item_for_every_judged_line(project):
    _, out = run(project, "--collect-only", "-q")
    assert [line for line in out.splitlines() if "::" in line] == [
        "derivations/good.md::line 5",
        "derivations/stated.md::slip step 1",
        "derivations/stated.md::slip step 2",
        "derivations/stated.md::slip step 3",
        "derivations/wrong.md::line 6 step 1",
        "derivations/wrong.md::line 6 step 2",
        "derivations/wrong.md::line 6 step 3",
        "test_own.py::test_own",
    ]


def test_a_failing_item_prints_what_the_terminal_prints(project):
    status, out = run(project, "derivations")
    assert status == 1
    assert re.search(r"2 failed, 5 passed", out)
    assert re.search(r"✗ wrong\s+= x\^2 \+ x \+ 1", out)
    assert "derivations/wrong.md:7:3" in out
    assert "counterexample" in out
    assert "Traceback" not in out


def test_other_peoples_files_are_left_alone_unless_asked_for(project):
    assert "paper.tex" not in run(project, "--collect-only", "-q")[1]
    assert "docs/paper.tex::line 3" in run(project, "--collect-only", "-q", "--checker", "docs")[1]
    (project / "pytest.ini").write_text("[pytest]\nchecker_paths = docs\n")
    out = run(project, "--collect-only", "-q")[1]
    assert "docs/paper.tex::line 3" in out
    assert "good.md" not in out


def test_strictness_is_a_setting(project):
    (project / "derivations/unread.md").write_text("Let $x$ be real.\n\n$$x = \\frac{\\partial}{o_k}$$\n")
    assert run(project, "derivations/unread.md")[0] == 0
    (project / "pytest.ini").write_text("[pytest]\nchecker_strict = true\n")
    assert run(project, "derivations/unread.md")[0] == 1


def test_a_file_that_cannot_be_read_is_an_item_that_fails(project):
    (project / "derivations/binary.md").write_bytes(b"\xff\x00")
    status, out = run(project, "derivations/binary.md")
    assert status == 1
    assert "derivations/binary.md: " in out
