"""The public corpora, judged without their answers and compared with the truth.

    python -m benchmarks.corpora [PATH…] [--json]

The documents in ``benchmarks/corpora/`` state of every line whether it is true.  These comments are
taken out before the checker sees the text; afterwards its verdicts are compared with them.

Exit status: 1 if a false claim was proved or a true one called wrong, otherwise 0.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from checker import check_text
from checker.results import DocumentReport, Line, Statement

HOME = Path(__file__).parent / "corpora"
VERDICTS = ("proved", "tested", "wrong", "undecided", "unreadable")
TRUE, FALSE = "true", "false"
ANSWER = re.compile(r"^(?:<!--|%)\s*(?:expect|slip)\s*:.*$", re.MULTILINE)
STATED = re.compile(
    r"^(?:<!--|%)\s*id\s*:\s*(?P<id>\S+)(?:\s*-->)?\s*\n(?:<!--|%)\s*expect\s*:\s*(?P<expected>[^\n]*?)(?:\s*-->)?\s*$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Answer:
    """One line of a statement: what is true of it, and what was said."""

    document: str
    id: str
    line: int
    latex: str
    truth: str
    expected: str
    got: str
    reason: str | None
    message: str | None
    seconds: float

    @property
    def mistake(self) -> bool:
        """A false claim proved, or a true one called wrong: what must never happen."""
        return (self.truth == FALSE and self.got == "proved") or (
            self.truth == TRUE and self.got in ("wrong", "carried")
        )

    @property
    def agrees(self) -> bool:
        return self.got == self.expected

    @property
    def column(self) -> str:
        """The verdict as it is counted: carried is wrong, and what was not judged was not read."""
        return {"carried": "wrong", "not judged": "unreadable"}.get(self.got, self.got)


@dataclass(frozen=True)
class Checked:
    """A document with its answers; ``seconds`` is all of it, reading included."""

    path: str
    seconds: float
    error: str | None
    answers: tuple[Answer, ...]

    @property
    def family(self) -> str:
        return Path(self.path).stem.split("-")[0]


# ------------------------------------------------------------------------------------- judging


def stated(text: str) -> Mapping[str, tuple[str, ...]]:
    """The verdicts a document states, by id."""
    return {found["id"]: tuple(re.sub(r"\(\w+\)", "", found["expected"]).split()) for found in STATED.finditer(text)}


def without_answers(text: str) -> str:
    """The text with its answers taken out; every line keeps its number."""
    return ANSWER.sub("", text)


def check_document(path: Path, name: str) -> Checked:
    text = path.read_text(encoding="utf-8")
    start = time.perf_counter()
    report = check_text(without_answers(text), name)
    seconds = time.perf_counter() - start
    return Checked(name, seconds, report.error, tuple(answers(report, stated(text))))


def answers(report: DocumentReport, truth: Mapping[str, tuple[str, ...]]) -> Iterator[Answer]:
    statements = {statement.id: statement for statement in report.statements}
    for name, expected in truth.items():
        yield from compared(report.path, name, expected, statements.get(name))


def compared(path: str, name: str, expected: Sequence[str], statement: Statement | None) -> Iterator[Answer]:
    """One answer for each verdict stated; a line too few or too many is *not judged* rather than passed over."""
    lines = [line for line in statement.lines if line.judgement or line.definition] if statement else []
    if len(expected) == 1 and len(lines) > 1:
        expected = expected * len(lines)
    for position, verdict in enumerate(expected):
        yield answer(path, name, verdict, lines[position] if len(lines) == len(expected) else None, statement)


def answer(path: str, name: str, expected: str, line: Line | None, statement: Statement | None) -> Answer:
    truth = TRUE if expected == "proved" else FALSE
    if line is None or line.judgement is None:
        why = (
            "taken as a definition"
            if line
            else (statement.message if statement else None) or "no line for this verdict"
        )
        place = line or statement
        latex = line.latex if line else ""
        return Answer(path, name, place.line if place else 0, latex, truth, expected, "not judged", None, why, 0.0)
    found = line.judgement
    return Answer(
        path,
        name,
        line.line,
        line.latex,
        truth,
        expected,
        found.verdict.value,
        found.reason,
        found.message,
        found.seconds,
    )


# ------------------------------------------------------------------------------------- showing


def table(rows: Iterable[tuple[str, Sequence[Checked]]], heading: str) -> Iterator[str]:
    short = ("proved", "tested", "wrong", "undec.", "unread.")
    columns = "".join(f"{name:>8}" for name in short)
    yield f"{'':32} {'true claims':^40} {'false claims':^40}"
    yield f"{heading:32} {columns} {columns} {'seconds':>9}"
    for name, documents in rows:
        seconds = sum(document.seconds for document in documents)
        yield f"{name:32} {counted(documents, TRUE)} {counted(documents, FALSE)} {seconds:9.2f}"


def counted(documents: Sequence[Checked], truth: str) -> str:
    counts = tally(documents, truth)
    return "".join(f"{counts[verdict] or '·':>8}" for verdict in VERDICTS)


def tally(documents: Sequence[Checked], truth: str) -> Counter[str]:
    return Counter(a.column for d in documents for a in d.answers if a.truth == truth)


def families(documents: Sequence[Checked]) -> list[tuple[str, list[Checked]]]:
    names = sorted({document.family for document in documents})
    return [(name, [d for d in documents if d.family == name]) for name in names]


def latency(documents: Sequence[Checked]) -> dict[str, float]:
    """Milliseconds for a line: median, nine in ten, worst."""
    times = sorted(1000 * a.seconds for d in documents for a in d.answers if a.got != "not judged")
    if not times:
        return {"median": 0.0, "p90": 0.0, "worst": 0.0}
    return {"median": times[len(times) // 2], "p90": times[(9 * len(times)) // 10], "worst": times[-1]}


def show(documents: Sequence[Checked]) -> Iterator[str]:
    yield from table([(Path(d.path).name, [d]) for d in documents], "document")
    yield ""
    yield from table([*families(documents), ("all", documents)], "family")
    yield ""
    yield "milliseconds for a line: median {median:.1f}, p90 {p90:.1f}, worst {worst:.1f}".format(**latency(documents))
    yield from (f"{d.path}: {d.error}" for d in documents if d.error)
    yield from show_disagreements([a for d in documents for a in d.answers if not a.agrees])


def show_disagreements(found: Sequence[Answer]) -> Iterator[str]:
    mistakes = [a for a in found if a.mistake]
    yield f"{len(mistakes)} mistakes, {len(found) - len(mistakes)} other disagreements"
    for a in [*mistakes, *(a for a in found if not a.mistake)]:
        mark = "MISTAKE " if a.mistake else ""
        yield f"\n{mark}{a.document}:{a.line}: {a.id}: expected {a.expected}, got {a.got} ({a.reason or 'no reason'})"
        yield f"    {' '.join(a.latex.split())}"
        if a.message:
            yield f"    {a.message}"


def as_json(documents: Sequence[Checked]) -> dict[str, object]:
    return {
        "version": 1,
        "summary": {
            "documents": len(documents),
            **{truth: {v: tally(documents, truth)[v] for v in VERDICTS} for truth in (TRUE, FALSE)},
            "mistakes": sum(a.mistake for d in documents for a in d.answers),
            "milliseconds": latency(documents),
            "seconds": sum(d.seconds for d in documents),
        },
        "documents": [
            {
                "path": d.path,
                "family": d.family,
                "error": d.error,
                "seconds": d.seconds,
                **{truth: {v: tally([d], truth)[v] for v in VERDICTS} for truth in (TRUE, FALSE)},
            }
            for d in documents
        ],
        "disagreements": [{**asdict(a), "mistake": a.mistake} for d in documents for a in d.answers if not a.agrees],
    }


# -------------------------------------------------------------------------------------- running


def documents_in(paths: Sequence[str]) -> Iterator[tuple[Path, str]]:
    for given in paths:
        path = Path(given)
        found = sorted(p for p in path.iterdir() if p.suffix in (".md", ".tex")) if path.is_dir() else [path]
        yield from ((p, str(p) if given != str(HOME) else p.name) for p in found if p.name != "README.md")


def check_all(found: Sequence[tuple[Path, str]]) -> list[Checked]:
    visible = sys.stderr.isatty()
    checked = []
    for position, (path, name) in enumerate(found, 1):
        if visible:
            print(f"\r\x1b[K{position}/{len(found)} {name}", end="", file=sys.stderr, flush=True)
        checked.append(check_document(path, name))
    if visible:
        print("\r\x1b[K", end="", file=sys.stderr, flush=True)
    return checked


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.corpora", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("paths", nargs="*", default=[str(HOME)], metavar="PATH", help="documents or directories")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")
    options = parser.parse_args(arguments)
    checked = check_all(list(documents_in(options.paths)))
    if options.json:
        print(json.dumps(as_json(checked), indent=1, ensure_ascii=False))
    else:
        print("\n".join(show(checked)))
    return int(any(a.mistake for d in checked for a in d.answers))


if __name__ == "__main__":
    sys.exit(main())
