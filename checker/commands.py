"""Commands that work in this process, on one document: ``explain`` and ``watch``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from checker.paths import find
from checker.tally import OK, UNREADABLE_FILE


def explain(place: str, timeout: float | None) -> int:
    """Print all there is to say of one line."""
    from checker.check import Settings
    from checker.documents import DocumentError
    from checker.explain import NoSuchLine, explain_file
    from checker.render.explain import rows
    from checker.render.terminal import open_console

    path, line = parted(place)
    if line is None:
        return refused(f"{place}: write the file and the line, as in notes.md:12")
    found = find([path])
    if len(found.paths) != 1:
        return refused(found.problems[0] if found.problems else f"{path}: this is a directory; name a file in it")
    try:
        explained = explain_file(found.paths[0], line, Settings(timeout))
    except (DocumentError, NoSuchLine) as error:
        return refused(f"{found.paths[0]}: {error}" if isinstance(error, NoSuchLine) else str(error))
    console = open_console(sys.stdout)
    for text, style in rows(explained, console.width):
        console.print(text, style=style, soft_wrap=True)
    return OK


def parted(place: str) -> tuple[str, int | None]:
    """``notes.md:12`` and ``notes.md:12:3`` as file and line."""
    path, _, number = place.rpartition(":")
    before, _, line = path.rpartition(":")
    if before and line.isdecimal():
        path, number = before, line
    return (path, int(number)) if path and number.isascii() and number.isdecimal() else (place, None)


def refused(message: str) -> int:
    print(f"checker: {message}", file=sys.stderr)
    return UNREADABLE_FILE


def watch(arguments: Sequence[str], timeout: float | None, remember: bool) -> int:
    """Judge, and judge again on every save, until interrupted."""
    from checker.check import Settings
    from checker.memory import Memory, usual_file
    from checker.paths import STANDARD_INPUT
    from checker.render.watch import Watcher
    from checker.watch import watch as changes

    found = find(arguments)
    for problem in found.problems:
        print(f"checker: {problem}", file=sys.stderr)
    if found.problems or STANDARD_INPUT in found.paths:
        return refused("standard input cannot be watched") if not found.problems else UNREADABLE_FILE
    watcher = Watcher(sys.stdout)
    try:
        for change in changes(
            lambda: find(arguments).paths, Settings(timeout), Memory(usual_file() if remember else None)
        ):
            watcher.show(change)
    except KeyboardInterrupt:
        watcher.end()
    return OK
