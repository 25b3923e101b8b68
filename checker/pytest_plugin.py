"""``pytest derivations/``: one test item for every judged line of every document.

Only .md and .tex files below the directories named in the ini option ``checker_paths`` (default
``derivations``) are collected, or wherever one points with ``--checker``; other people's README stays theirs.
Nothing heavy is imported before the first document is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from checker.paths import DOCUMENTS, SUFFIXES
from checker.results import DocumentReport, Line, Statement
from checker.tally import fails


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("derivation checker")
    group.addoption("--checker", action="store_true", help="collect every .md and .tex file as a document to check")
    parser.addini("checker_paths", "directories whose .md and .tex files are checked", "args", [DOCUMENTS])
    parser.addini("checker_strict", "anything but proved fails, or but what the document states", "bool", False)
    parser.addini("checker_timeout", "seconds for each line", default="10")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix in SUFFIXES and wanted(file_path, parent.config):
        return DocumentFile.from_parent(parent, path=file_path)
    return None


def wanted(path: Path, config: pytest.Config) -> bool:
    if config.getoption("--checker"):
        return True
    places = [config.rootpath / place for place in config.getini("checker_paths")]
    return any(path.is_relative_to(place) for place in places)


class DocumentFile(pytest.File):
    """A document; it is checked when its items are asked for, in a process of its own."""

    def collect(self) -> Iterator[pytest.Item]:
        report = self.report
        if report.error is not None:
            yield UnreadableItem.from_parent(self, name="document", report=report)
        for statement in report.statements:
            for position, line in enumerate(statement.lines):
                if line.judgement is not None or fails(line):
                    yield LineItem.from_parent(
                        self, name=item_name(report, statement, position), statement=statement, line=line
                    )

    @cached_property
    def report(self) -> DocumentReport:
        # Imported here, before the process forks: every further document then starts at once.
        from checker import check  # noqa: F401
        from checker.workers import Job, Run

        path = shown(self.path, self.config.invocation_params.dir)
        (report,) = Run([Job(path, timeout=float(self.config.getini("checker_timeout")))], 1)
        return report


def shown(path: Path, start: Path) -> str:
    return str(path.relative_to(start) if path.is_relative_to(start) else path)


def item_name(document: DocumentReport, statement: Statement, position: int) -> str:
    file, colon, line = statement.id.rpartition(":")
    name = f"line {line}" if colon and document.path.endswith(file) else statement.id
    return name if len(statement.lines) <= 2 else f"{name} step {position}"


class NotAsExpected(Exception):
    """Carries what the terminal report prints."""


class LineItem(pytest.Item):
    def __init__(self, *, statement: Statement, line: Line, **rest: Any) -> None:
        super().__init__(**rest)
        self.statement, self.line = statement, line

    def runtest(self) -> None:
        strict = bool(self.config.getini("checker_strict"))
        if fails(self.line, strict):
            from checker.render.terminal import Terminal

            assert isinstance(self.parent, DocumentFile)
            page = io.StringIO()
            terminal = Terminal(page, strict=strict)
            terminal.print(terminal.statement_rows(self.parent.report, self.statement))
            raise NotAsExpected(page.getvalue())

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, NotAsExpected):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line.line - 1, f"{self.path.name}: {self.name}"


class UnreadableItem(pytest.Item):
    def __init__(self, *, report: DocumentReport, **rest: Any) -> None:
        super().__init__(**rest)
        self.report = report

    def runtest(self) -> None:
        raise NotAsExpected(f"{self.report.path}: {self.report.error}")

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        return str(excinfo.value) if isinstance(excinfo.value, NotAsExpected) else super().repr_failure(excinfo, style)
