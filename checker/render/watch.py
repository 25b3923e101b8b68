"""What ``checker watch`` prints: what is new in a document, and one line that sums it up."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol, TextIO

from checker.render.terminal import Terminal
from checker.render.words import plural
from checker.results import DocumentReport, Statement, Verdict
from checker.tally import fails, tally


class Change(Protocol):
    """What is new in a document since it was last judged."""

    @property
    def document(self) -> DocumentReport: ...
    @property
    def news(self) -> tuple[Statement, ...]: ...
    @property
    def gone(self) -> int: ...
    @property
    def seconds(self) -> float: ...
    @property
    def first(self) -> bool: ...


class Watcher:
    """Prints changes on a terminal or into a pipe, each at once."""

    def __init__(self, stream: TextIO) -> None:
        self.stream, self.terminal = stream, Terminal(stream)

    def show(self, change: Change) -> None:
        """At first what is not as expected; then everything that is new."""
        shown = tuple(s for s in change.news if not change.first or any(map(fails, s.lines)))
        if shown or change.document.error is not None:
            self.terminal.document(replace(change.document, statements=shown))
        self.line(summary(change))

    def end(self) -> None:
        self.line("")

    def line(self, text: str) -> None:
        self.stream.write(text + "\n")
        self.stream.flush()


def summary(change: Change) -> str:
    """``notes.md: 12 proved, 1 wrong; all as expected (84 ms)``."""
    document = change.document
    counts = tally([document])
    said = [f"{counts[v]} {v.value}" for v in Verdict if counts[v]]
    said += [plural(counts.definitions, "definition")] if counts.definitions else []
    end = "all as expected" if counts.as_expected else f"{counts.unexpected} not as expected"
    news = "" if change.first else f"; {len(change.news)} new, {change.gone} gone"
    return f"{document.path}: {', '.join(said) or 'nothing to judge'}{news}; {end} ({1000 * change.seconds:.0f} ms)"
