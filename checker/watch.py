"""Documents judged again on every save: what changed is judged, everything else is remembered."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from checker.check import Judging, Settings, understand, unreadable
from checker.documents import DocumentError, read_file
from checker.documents.model import Document
from checker.language.reading import Reading
from checker.limits import Door, Stopped
from checker.memory import Memory
from checker.results import DocumentReport, Statement

POLL = 0.1  # seconds between two looks at the files
SETTLE = 0.02  # an editor may write a file in several steps
Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Change:
    """A document as it is now; ``news`` has the statements that were not there, or said otherwise, before."""

    document: DocumentReport
    news: tuple[Statement, ...]
    gone: int
    seconds: float
    first: bool = False


def watch(
    paths: Callable[[], tuple[str, ...]],
    settings: Settings,
    memory: Memory,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Change]:
    """Every document once, and again whenever it is saved; ends only with an exception of ``sleep`` or the caller."""
    stamps: dict[str, Stamp | None] = {}
    reports: dict[str, DocumentReport] = {}
    while True:
        for path in paths():
            stamp = stamp_of(path)
            if path in stamps and stamps[path] == stamp:
                continue
            if path in stamps:
                sleep(SETTLE)
                stamp = stamp_of(path)
            stamps[path] = stamp
            started = time.perf_counter()
            report = judged(path, settings, memory)
            yield change(report, reports.get(path), time.perf_counter() - started)
            reports[path] = report
            memory.save()
        sleep(POLL)


def stamp_of(path: str) -> Stamp | None:
    """What changes when a file is saved; None while there is none."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def judged(path: str, settings: Settings, memory: Memory) -> DocumentReport:
    """The report of a file, with all that is remembered of it taken from the memory."""
    door = Door()
    gc.disable()  # a second's worth of small objects, most of which stay
    try:
        opened = door.run(("read",), partial(opened_file, path), settings.timeout and 6 * settings.timeout)
        if isinstance(opened, Stopped):
            return unreadable(path, opened.message)
        if isinstance(opened, DocumentError):
            return unreadable(path, str(opened))
        judging = Judging(*opened, settings, door, memory)
        statements = tuple(judging.statement(k) for k in range(len(judging.reading.statements)))
        return replace(judging.header(), statements=statements)
    finally:
        memory.forget_contexts()
        gc.enable()


def opened_file(path: str) -> tuple[Document, Reading] | DocumentError:
    return understand(partial(read_file, path))


def change(now: DocumentReport, before: DocumentReport | None, seconds: float) -> Change:
    known = Counter(said(s) for s in before.statements) if before is not None else Counter()
    old = sum(known.values())
    news = []
    for statement in now.statements:
        key = said(statement)
        if known[key]:
            known[key] -= 1
        else:
            news.append(statement)
    kept = len(now.statements) - len(news)
    return Change(now, tuple(news), old - kept, seconds, before is None)


def said(statement: Statement) -> tuple[object, ...]:
    """What a reader sees of a statement, its place apart."""
    lines = tuple(
        (line.latex, line.expected, line.judgement and (line.judgement.verdict, line.judgement.reason))
        for line in statement.lines
    )
    return statement.kind, lines, statement.message if not lines else None
