"""The command line: ``checker check``, ``report``, ``list``, ``show``, ``explain``, ``watch`` and ``derive``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, TextIO

from checker import __version__
from checker.paths import DOCUMENTS, STANDARD_INPUT, Found, find
from checker.results import DocumentReport, Report
from checker.tally import FAILED, OK, UNREADABLE_FILE, exit_status
from checker.workers import Job, Run

INTERRUPTED = 130
REPORT_FORMATS = ("md", "tex", "html")
FORMATS_WRITTEN = ("md", "tex")  # unless others are asked for
BROKEN_PIPE = 141  # as a shell reports a program that SIGPIPE ended
STATUS_HELP = """\
exit status: 0 all lines as expected; 1 some line is not (wrong or carried;
with --strict, anything but proved), where the document states no other
verdict; 2 bad usage, or a file that cannot be read; 3 the two judges
contradict each other, which is a defect of the checker."""

DERIVE_HELP = r"""
for example:
  checker derive '\frac12 \|X w - y\|^2' --by w \
      --let 'X \in \mathbb{R}^{n \times d}; w \in \mathbb{R}^d' \
      --let 'y \in \mathbb{R}^n'
  checker derive paper.md --of L --by W --format markdown

An expression that begins with a minus sign and has no blank in it goes
behind "--".

exit status: 0 the result is proved; 1 it is not, or has no NumPy form where
that was asked for; 2 the question cannot be understood, or a file cannot be
read."""


def main(arguments: Sequence[str] | None = None) -> int:
    try:
        options = parser().parse_args(arguments)
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has gone; keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    return status


# ------------------------------------------------------------------------------------ arguments


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="checker",
        description="Checks derivations written in Markdown or LaTeX, line by line, for all sizes.",
        epilog=STATUS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"checker {__version__}")
    commands = top.add_subparsers(required=True, metavar="command")
    check = add(commands, "check", run_check, "judge every line and say what was found")
    where(check)
    check.add_argument("--format", choices=FORMATS, default="text", help="text (default), json, junit or github")
    check.add_argument(
        "--strict", action="store_true", help="anything but proved fails, or but what the document states"
    )
    check.add_argument("--sizes", action="store_true", help="say at which sizes each line was evaluated")
    check.add_argument("-v", "--verbose", action="store_true", help="every line in full")
    check.add_argument("-q", "--quiet", action="store_true", help="only the summary")
    report = add(commands, "report", run_report, "write a Markdown and a LaTeX report of every document, and an index")
    where(report)
    report.add_argument(
        "--format",
        action="append",
        choices=REPORT_FORMATS,
        help="md, tex or html (the document with its prose, for a browser); may be given again; default: md and tex",
    )
    report.add_argument("-o", "--output", default="reports", metavar="DIRECTORY", help="default: reports")
    report.add_argument("--check", action="store_true", help="write nothing; fail if the files there differ")
    listing = add(commands, "list", run_list, f"the documents of {DOCUMENTS}/ or of the given places")
    listing.add_argument("paths", nargs="*", metavar="PATH")
    show = add(commands, "show", run_show, "a document as understood: symbols, shapes, definitions")
    where(show, "+")
    show.add_argument("--sympy", action="store_true", help="print every side as a SymPy expression")
    explain = add(commands, "explain", run_explain, "one line in full: how it was understood, each step of its proof")
    explain.add_argument("place", metavar="FILE:LINE", help="a file (or the name of a document) and a line of it")
    explain.add_argument("--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for the line (default 10)")
    watch = add(commands, "watch", run_watch, "judge again, on every save, what changed; end with Ctrl-C")
    watch.add_argument("paths", nargs="*", metavar="PATH|NAME", help=f"as for check; default: {DOCUMENTS}/")
    watch.add_argument("--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for each line (default 10)")
    watch.add_argument("--no-cache", action="store_true", help="remember nothing from one run to the next")
    asks_to_derive(add(commands, "derive", run_derive, "a derivative with its derivation, every line of it proved"))
    return top


def asks_to_derive(derive: argparse.ArgumentParser) -> None:
    derive.epilog = DERIVE_HELP
    derive.add_argument(
        "what", metavar="EXPRESSION|PATH|NAME", help="a LaTeX expression; with --of, a document (- is standard input)"
    )
    derive.add_argument("--of", metavar="QUANTITY", help="a quantity that the document defines")
    derive.add_argument(
        "--by", action="append", required=True, metavar="VARIABLE", help="given twice: the second derivative"
    )
    derive.add_argument("--second", action="store_true", help="the second derivative by the one variable (Hessian)")
    derive.add_argument(
        "--let",
        action="append",
        default=[],
        metavar="DECLARATIONS",
        help="what the letters of the expression are, separated by semicolons; may be given again",
    )
    derive.add_argument("--layout", choices=("denominator", "numerator"), help="default: as the document has it")
    derive.add_argument(
        "--format", choices=("text", "markdown", "latex", "numpy"), default="text", help="default: text"
    )
    derive.add_argument("--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for each line (default 10)")


def add(commands: Any, name: str, run: Callable[[argparse.Namespace], int], does: str) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=does,
        description=f"{does[:1].upper()}{does[1:]}.",
        epilog=STATUS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def where(command: argparse.ArgumentParser, count: str = "*") -> None:
    command.add_argument(
        "paths",
        nargs=count,
        metavar="PATH|NAME",
        help=f"a file, a directory (searched for .md and .tex), - for standard input, or the name of a document "
        f"in {DOCUMENTS}/; default: {DOCUMENTS}/",
    )
    command.add_argument(
        "--jobs", type=positive, metavar="N", help="documents checked at a time (default: what suits the machine)"
    )
    command.add_argument("--timeout", type=seconds, default=10.0, metavar="SECONDS", help="for each line (default 10)")


def positive(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if 0 < value < 1e9:
        return value
    raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds above 0")


# ------------------------------------------------------------------------------------- commands


def run_check(options: argparse.Namespace) -> int:
    report, interrupted = checked(options, FORMATS[options.format](options))
    return INTERRUPTED if interrupted else exit_status(report, options.strict)


def run_report(options: argparse.Namespace) -> int:
    from checker.render.files import differences, pages, write

    formats = options.format or FORMATS_WRITTEN
    report, interrupted = checked(options, complain, prose="html" in formats, networks=True)
    if interrupted:
        return INTERRUPTED
    made = pages(report.documents, formats)
    if options.check:
        found = differences(made, options.output)
        for line in found:
            print(line, file=sys.stderr)
        return max(exit_status(report), FAILED) if found else exit_status(report)
    write(made, options.output)
    print(f"{len(made)} files written to {options.output}/")
    return exit_status(report)


def run_list(options: argparse.Namespace) -> int:
    found = find(options.paths)
    for path in found.paths:
        print(path)
    for problem in found.problems:
        print(f"checker: {problem}", file=sys.stderr)
    return UNREADABLE_FILE if found.problems else OK


def run_show(options: argparse.Namespace) -> int:
    from checker.render.show import render

    def printer(report: Report, document: DocumentReport | None) -> None:
        if document is not None:
            print(render(document, options.sympy), end="")
        complain(report, document)

    report, interrupted = checked(options, printer, sympy=options.sympy)
    failed = bool(report.problems) or any(document.error is not None for document in report.documents)
    return INTERRUPTED if interrupted else UNREADABLE_FILE if failed else OK


def run_explain(options: argparse.Namespace) -> int:
    from checker.commands import explain

    return explain(options.place, options.timeout)


def run_derive(options: argparse.Namespace) -> int:
    from checker.commands import derive

    by = options.by * 2 if options.second and len(options.by) == 1 else options.by
    return derive(options.what, options.of, by, options.let, options.layout, options.format, options.timeout)


def run_watch(options: argparse.Namespace) -> int:
    from checker.commands import watch

    return watch(options.paths, options.timeout, not options.no_cache)


# --------------------------------------------------------------------------------------- running

# Called with each document as it is finished, and at the end with None; the report is what there is so far.
Listener = Callable[[Report, DocumentReport | None], None]


def checked(
    options: argparse.Namespace, listen: Listener, sympy: bool = False, prose: bool = False, networks: bool = False
) -> tuple[Report, bool]:
    """Check what the options name; the report, and whether the run was interrupted."""
    from checker.render.progress import Progress

    found = find(options.paths)
    wanted, problems = jobs(found, options, sympy, prose, networks)
    run = Run(wanted, options.jobs)
    progress = Progress(sys.stderr, run.count)
    documents: list[DocumentReport] = []
    interrupted = False
    try:
        progress.show(0, found.paths[:1])
        for document in run:
            progress.clear()
            documents.append(document)
            listen(Report(tuple(documents), problems), document)
            sys.stdout.flush()
            progress.show(len(documents), run.current())
    except KeyboardInterrupt:
        interrupted = True
        for document in run.partial():
            documents.append(document)
            listen(Report(tuple(documents), problems), document)
    progress.clear()
    report = Report(tuple(documents), problems)
    listen(report, None)
    if interrupted:
        print("checker: interrupted; these are the verdicts so far", file=sys.stderr)
    return report, interrupted


def jobs(
    found: Found, options: argparse.Namespace, sympy: bool, prose: bool = False, networks: bool = False
) -> tuple[list[Job], tuple[str, ...]]:
    """A job for every document, and a line for each that cannot be one."""
    made: list[Job] = []
    problems = list(found.problems)
    for path in found.paths:
        text = None
        if path == STANDARD_INPUT:
            try:
                text = sys.stdin.buffer.read().decode()
            except UnicodeDecodeError as error:
                problems.append(f"{path}: standard input is not UTF-8: {error.reason} at byte {error.start}")
                continue
        made.append(Job(path, text, options.timeout, sympy, prose, networks))
    for problem in problems:
        print(f"checker: {problem}", file=sys.stderr)
    return made, tuple(problems)


def complain(report: Report, document: DocumentReport | None) -> None:
    """What cannot be read, on standard error: for formats whose reader may not look for it."""
    if document is not None and document.error is not None:
        print(f"checker: {document.path}: {document.error}", file=sys.stderr)


# --------------------------------------------------------------------------------------- formats


def text(options: argparse.Namespace) -> Listener:
    from checker.render.terminal import NORMAL, QUIET, VERBOSE, Terminal

    verbosity = VERBOSE if options.verbose else QUIET if options.quiet else NORMAL
    terminal = Terminal(sys.stdout, verbosity=verbosity, strict=options.strict, sizes=options.sizes)

    def listen(report: Report, document: DocumentReport | None) -> None:
        if document is not None:
            terminal.document(document)
        else:
            terminal.summary(report)

    return listen


def at_end(render: Callable[[Report, bool], str], stream: TextIO, strict: bool) -> Listener:
    def listen(report: Report, document: DocumentReport | None) -> None:
        if document is None:
            stream.write(render(report, strict))
        complain(report, document)

    return listen


def json(options: argparse.Namespace) -> Listener:
    from checker.render.json import render

    return at_end(render, sys.stdout, options.strict)


def junit(options: argparse.Namespace) -> Listener:
    from checker.render.junit import render

    return at_end(render, sys.stdout, options.strict)


def github(options: argparse.Namespace) -> Listener:
    from checker.render.github import render

    return at_end(render, sys.stdout, options.strict)


FORMATS: dict[str, Callable[[argparse.Namespace], Listener]] = {
    "text": text,
    "json": json,
    "junit": junit,
    "github": github,
}
