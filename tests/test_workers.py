"""Processes that hang, die or fail, and what is left of the run."""

import os
import sys
import time

import pytest

from checker import workers
from checker.limits import Door
from checker.results import DocumentReport, Judgement, Kind, Line, Statement, Verdict
from checker.workers import Job, Run

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the fake worker is inherited by fork")

PROVED = Judgement(Verdict.PROVED)


def hang():
    """As a call of C code does: no signal gets through."""
    import signal

    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM])
    time.sleep(60)


def fake_parts(job, connection):
    """One statement for each word of the path, which says what judging it does."""
    door = Door(
        job.known,
        job.stopped,
        lambda key, seconds: connection.send(("begun", (key, seconds))),
        lambda key, result: connection.send(("found", (key, result))),
    )
    yield DocumentReport(job.path, "", None, (), ())
    actions = {
        "hang": hang,
        "die": lambda: os._exit(1),
        "good": lambda: PROVED,
        "bad": lambda: 1 / 0,
        "slow": lambda: time.sleep(9),
    }
    for position, word in enumerate(job.path.split()):
        if word == "crash":
            raise RuntimeError("between two statements")
        if word == "exit":
            os._exit(1)
        found = door.run((position,), actions[word], job.timeout)
        judgement = found if isinstance(found, Judgement) else found.judgement()
        yield Statement(word, Kind.CLAIM, 1, (Line(1, 1, "x"), Line(1, 5, "y", judgement)))


@pytest.fixture(autouse=True)
def fake(monkeypatch):
    monkeypatch.setattr(workers, "parts", fake_parts)
    monkeypatch.setattr(workers, "GRACE", 0.2)


def verdicts(report: DocumentReport) -> list[str]:
    return [f"{line.judgement.verdict.value} {line.judgement.reason or ''}".strip() for line in report.judged()]


def run(*paths: str, processes: int = 1, timeout: float = 0.2) -> list[DocumentReport]:
    return list(Run([Job(path, timeout=timeout) for path in paths], processes))


@pytest.mark.parametrize("word", ["hang", "die", "slow"])
def test_a_line_that_takes_its_process_down_loses_only_itself(word):
    (report,) = run(f"good {word} good")
    assert verdicts(report) == ["proved", "undecided budget", "proved"]
    assert report.error is None


def test_two_such_lines_and_a_defect():
    reports = run("good hang good", "bad die good", processes=2)
    assert [verdicts(r) for r in reports] == [
        ["proved", "undecided budget", "proved"],
        ["undecided outside", "undecided budget", "proved"],
    ]


@pytest.mark.parametrize("word", ["crash", "exit"])
def test_a_failure_between_statements_keeps_the_verdicts_before_it_and_the_other_documents(word):
    first, second = run(f"good {word} good", "good")
    assert verdicts(first) == ["proved"]
    assert first.error
    assert verdicts(second) == ["proved"]


@pytest.mark.parametrize("processes", [1, 2, 7])
def test_reports_come_in_the_order_of_the_jobs(processes):
    paths = [f"{'good ' * (k % 3 + 1)}" for k in range(9)]
    assert [report.path for report in run(*paths, processes=processes)] == paths


def test_no_documents():
    assert run() == []


def test_leaving_early_ends_the_processes_and_keeps_what_was_found():
    running = Run([Job("good", timeout=0.2), Job("good slow", timeout=30)], 2)
    reports = iter(running)
    assert next(reports).path == "good"
    deadline = time.monotonic() + 5
    worker = running.workers[-1]
    while len(worker.parts) < 2 and time.monotonic() < deadline:
        worker.hear()
        time.sleep(0.01)
    reports.close()
    assert not worker.process.is_alive() if worker.process._popen else True
    assert [verdicts(report) for report in running.partial()] == [["proved"]]
