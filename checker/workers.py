"""Documents checked in processes of their own, so that nothing in one can take the run down.

A worker reports what it begins and what it has found; the parent replaces one that dies or exceeds
its time, and hands the new one what was found and what not to try again.  The parent itself never
imports SymPy.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from checker.limits import Door, Key, Stopped, attempt, out_of_time
from checker.results import DocumentReport, Statement

GRACE = 2.0  # seconds a worker has, after its limit, to report that it stopped by itself
START = 60.0  # seconds to start and import everything
MEGABYTE = 1 << 20
MEMORY = 2048 * MEGABYTE  # address space of a worker; one document needs a tenth of it


@dataclass(frozen=True)
class Job:
    """One document: its path, or its text if it came by standard input."""

    path: str
    text: str | None = None
    timeout: float | None = 10.0
    sympy: bool = False
    prose: bool = False
    networks: bool = False
    known: dict[Key, Any] = field(default_factory=dict)
    stopped: dict[Key, Stopped] = field(default_factory=dict)


# ---------------------------------------------------------------------------------- the worker


def serve(connection: Connection) -> None:
    """The body of a worker: one document after another until there is none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to stop
    limit_memory()
    prepare()
    with suppress(EOFError, OSError):
        while (job := connection.recv()) is not None:
            end = attempt(partial(send_parts, job, connection), None)
            connection.send(("end", end.message if isinstance(end, Stopped) else None))


def send_parts(job: Job, connection: Connection) -> None:
    for part in parts(job, connection):
        connection.send(("part", part))


def prepare() -> None:
    """Import what every document needs; the collector need not look through that again."""
    import checker.check  # noqa: F401

    gc.freeze()
    gc.set_threshold(100_000, 20, 20)  # terms are freed by counting; looking for cycles costs a tenth


def limit_memory() -> None:
    try:
        import resource
    except ImportError:  # not a POSIX system
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))


def parts(job: Job, connection: Connection) -> Iterator[DocumentReport | Statement]:
    from checker.check import Settings, parts_of
    from checker.documents import read_file, read_text

    def begun(key: Key, seconds: float | None) -> None:
        connection.send(("begun", (key, seconds)))

    def found(key: Key, result: object) -> None:
        if key != ("read",):
            connection.send(("found", (key, result)))

    door = Door(job.known, job.stopped, begun, found)
    text = job.text
    opened = (lambda: read_file(job.path)) if text is None else (lambda: read_text(text, job.path))
    return parts_of(opened, job.path, Settings(job.timeout, job.sympy, job.prose, job.networks), door)


# ---------------------------------------------------------------------------------- the parent


class Worker:
    """The parent's side: a process, the job it has, and what it has said of it."""

    def __init__(self, context: Any) -> None:
        self.connection, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=serve, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()
        self.order = -1
        self.job: Job | None = None
        self.parts: list[DocumentReport | Statement] = []
        self.error: str | None = None
        self.key: Key | None = None
        self.limit: float | None = None
        self.deadline = time.monotonic() + START

    def give(self, order: int, job: Job) -> None:
        self.order, self.job, self.parts, self.key, self.error = order, job, [], None, None
        self.deadline = time.monotonic() + START
        self.connection.send(job)

    def hear(self) -> bool:
        """Take in what the worker has said; true when its document is finished.

        :raises EOFError: the worker is gone.
        """
        while self.connection.poll():
            kind, value = self.connection.recv()
            if kind == "end":
                self.error = value
                return True
            if kind == "part":
                self.parts.append(value)
            elif kind == "begun":
                self.key, self.limit = value
                self.deadline = float("inf") if self.limit is None else time.monotonic() + 1.25 * self.limit + GRACE
            elif kind == "found" and self.job is not None:
                key, result = value
                self.job.known[key] = result
                self.key, self.deadline = None, time.monotonic() + START
        return False

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()

    def report(self) -> DocumentReport | None:
        return report_of(self.parts)

    def ended(self) -> DocumentReport:
        """The report of the job that is over; an error of the worker's own leaves what was found before."""
        assert self.job is not None
        report = self.report() or nothing(self.job)
        return report if self.error is None else replace(report, error=self.error)


def report_of(parts: Sequence[DocumentReport | Statement]) -> DocumentReport | None:
    if not parts or not isinstance(parts[0], DocumentReport):
        return None
    return replace(parts[0], statements=tuple(p for p in parts[1:] if isinstance(p, Statement)))


def nothing(job: Job) -> DocumentReport:
    return DocumentReport(job.path, "", None, (), ())


def suited(documents: int) -> int:
    """As many processes as there are cores, but one for every four documents: each has to import SymPy first."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, -(-documents // 4))


def length(job: Job) -> int:
    """About how much there is to do: with the longest documents first, no process waits for the last one."""
    if job.text is not None:
        return len(job.text)
    try:
        return os.path.getsize(job.path)
    except OSError:
        return 0


class Run:
    """The documents of a run.  Iterating gives their reports in the order of the jobs, each as soon as it can.

    After an interrupt, ``partial()`` has what was found of the documents that were not finished.
    """

    def __init__(self, jobs: Sequence[Job], processes: int | None = None) -> None:
        self.processes = max(1, min(processes or suited(len(jobs)), len(jobs)))
        self.waiting = deque(enumerate(jobs))
        if self.processes > 1:
            self.waiting = deque(sorted(enumerate(jobs), key=lambda each: -length(each[1])))
        self.context = multiprocessing.get_context("fork" if sys.platform.startswith("linux") else "spawn")
        self.workers: list[Worker] = []
        self.finished: dict[int, DocumentReport] = {}
        self.count = len(jobs)
        self.next = 0

    def __iter__(self) -> Iterator[DocumentReport]:
        try:
            while self.next < self.count:
                self.employ()
                self.listen()
                while self.next in self.finished:
                    self.next += 1
                    yield self.finished.pop(self.next - 1)
        finally:
            for worker in self.workers:
                worker.end()

    def partial(self) -> list[DocumentReport]:
        """Reports of what was begun, in order; their last statements are missing."""
        begun = {w.order: report for w in self.workers if w.job is not None and (report := w.report()) is not None}
        return [report for _, report in sorted({**begun, **self.finished}.items())]

    def current(self) -> list[str]:
        return [worker.job.path for worker in self.workers if worker.job is not None]

    def employ(self) -> None:
        while self.waiting and len(self.workers) < self.processes:
            self.workers.append(Worker(self.context))
            self.workers[-1].give(*self.waiting.popleft())

    def listen(self) -> None:
        busy = {worker.connection: worker for worker in self.workers}
        patience = min(worker.deadline for worker in self.workers) - time.monotonic()
        ready = wait(list(busy), None if patience == float("inf") else max(0.0, patience))
        for connection in ready:
            self.attend(busy[connection])
        late = [
            w for w in self.workers if w.job is not None and time.monotonic() > w.deadline and not w.connection.poll()
        ]
        for worker in late:
            self.replace(worker, out_of_time(worker.limit if worker.limit is not None else START))

    def attend(self, worker: Worker) -> None:
        try:
            done = worker.hear()
        except (EOFError, OSError):
            self.replace(worker, Stopped("budget", "the process that judged it died, probably out of memory"))
            return
        if not done:
            return
        self.finished[worker.order] = worker.ended()
        worker.job = None
        if self.waiting:
            worker.give(*self.waiting.popleft())
        else:
            self.workers.remove(worker)
            worker.end()

    def replace(self, worker: Worker, why: Stopped) -> None:
        """Give the document to a new worker that leaves out what this one was stopped at."""
        job, order, key = worker.job, worker.order, worker.key
        self.workers.remove(worker)
        worker.end()
        assert job is not None
        if key is None or key in job.stopped:
            worker.error = f"the checker could not go on: {why.message}"
            self.finished[order] = worker.ended()
            return
        job.stopped[key] = why
        self.waiting.appendleft((order, job))
