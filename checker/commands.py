"""Commands that work in this process, on one document: ``explain``, ``watch`` and ``derive``."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from checker.paths import STANDARD_INPUT, find
from checker.tally import FAILED, OK, UNREADABLE_FILE

if TYPE_CHECKING:
    from checker.derivation import Question


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


def derive(
    what: str,
    of: str | None,
    by: Sequence[str],
    let: Sequence[str],
    layout: str | None,
    format_: str,
    timeout: float | None,
) -> int:
    """Print a derivative with its derivation; ``what`` is a document where ``of`` is given."""
    from checker.derivation import BadQuestion, answered
    from checker.derivation.pages import FORMATS

    try:
        question = asked(what, of, by, let, layout)
        found = answered(question, timeout, code=format_ == "numpy")
    except BadQuestion as problem:
        return refused(str(problem))
    if format_ == "numpy" and found.code is None:
        print(f"checker: no NumPy code: {found.code_problem}", file=sys.stderr)
        return FAILED
    print(fitted(FORMATS[format_](found)) if format_ == "text" else FORMATS[format_](found), end="")
    if not found.proved:
        print("checker: the result is not proved: " + "; ".join(found.unproved), file=sys.stderr)
    return OK if found.proved else FAILED


def fitted(text: str) -> str:
    """Rows as wide as the terminal; a pipe gets every formula on one row."""
    if not sys.stdout.isatty():
        return text
    from checker.render.wrap import wrap

    width = shutil.get_terminal_size().columns
    rows = []
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        parts = wrap(line.strip(), max(width - len(indent) - 4, 20)) if len(line) > width else [line.strip()]
        rows += [f"{indent}{'    ' if number else ''}{part}".rstrip() for number, part in enumerate(parts)]
    return "\n".join(rows) + "\n"


def asked(what: str, of: str | None, by: Sequence[str], let: Sequence[str], layout: str | None) -> Question:
    """The question; raises ``BadQuestion`` where there is none."""
    from checker.derivation import BadQuestion, of_document, of_expression
    from checker.documents import DocumentError, read_file, read_text

    if of is None:
        if os.path.isfile(what):
            raise BadQuestion(f"{what} is a file; say with --of which quantity in it is meant")
        if re.fullmatch(r"[\w./-]{3,}", what) and find([what]).paths:
            raise BadQuestion(f"{what} is a document; say with --of which quantity in it is meant")
        return of_expression(what, by, "; ".join(let), layout)
    if let:
        raise BadQuestion("--let is for an expression; what a document needs stands in the document")
    found = find([what])
    if len(found.paths) != 1:
        raise BadQuestion("; ".join(found.problems) or f"{what} is several documents; name one")
    try:
        if found.paths[0] == STANDARD_INPUT:
            return of_document(read_text(sys.stdin.buffer.read().decode(), STANDARD_INPUT), of, by, layout)
        return of_document(read_file(found.paths[0]), of, by, layout)
    except UnicodeDecodeError as error:
        raise BadQuestion(f"standard input is not UTF-8: {error.reason} at byte {error.start}") from error
    except DocumentError as error:
        raise BadQuestion(str(error)) from error


def refused(message: str) -> int:
    print(f"checker: {message}", file=sys.stderr)
    return UNREADABLE_FILE


def watch(arguments: Sequence[str], timeout: float | None, remember: bool) -> int:
    """Judge, and judge again on every save, until interrupted."""
    from checker.check import Settings
    from checker.memory import Memory, usual_file
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
