"""The words and pieces that every rendering shares: how a verdict, a place or a point is said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from checker.results import Counterexample, DocumentReport, Judgement, Kind, Line, Statement, Verdict
from checker.tally import fails

REASONS = {
    "value": "the two sides differ",
    "shape": "the shapes do not fit",
    "index": "an index is misused",
    "layout": "it holds only in the other layout",
    "budget": "it took more time or memory than allowed",
    "outside": "outside what can be decided",
    "disagreement": "the two judges contradict each other, a defect of the checker",
    "syntax": "it cannot be read as a formula",
    "unknown-symbol": "a symbol is unknown",
    "ambiguous-shape": "a shape is not determined",
    "ellipsis": "an ellipsis cannot be judged",
    "words": "words inside a formula cannot be judged",
}
QUIET_KINDS = (Kind.DECLARATION, Kind.HYPOTHESIS)
KIND_WORDS = {
    Kind.DECLARATION: "declaration",
    Kind.HYPOTHESIS: "hypothesis",
    Kind.UPDATE: "update, not judged",
    Kind.SKIPPED: "skipped",
}


def place(document: DocumentReport, line: Line) -> str:
    return f"{document.path}:{line.line}:{line.column}"


def own_id(document: DocumentReport, statement: Statement) -> str | None:
    """The id its author gave a statement; None for one that is called after its file and line."""
    file, colon, line = statement.id.rpartition(":")
    return None if colon and document.path.endswith(file) and line[:1].isdigit() else statement.id


def note(statement: Statement) -> str | None:
    """The message of a statement, unless its line says as much."""
    repeated = statement.kind is Kind.DEFINITION and (statement.message or "").startswith("definition")
    return None if repeated else statement.message


def one_line(latex: str) -> str:
    """The author's source on one line: runs of white space, line breaks among them, become one space."""
    return " ".join(latex.split())


def verdict_words(line: Line) -> str:
    """``wrong``, ``wrong, as expected``, ``proved, expected wrong (shape)``, ``definition`` …"""
    if line.judgement is None:
        stated = f"definition, line {line.line}" if line.definition else ""
        return f"{stated}, expected {line.expected}" if fails(line) else stated
    verdict = line.judgement.verdict
    if line.expected is None:
        return verdict.value
    if not line.as_expected:
        found = f" ({line.judgement.reason})" if verdict.value == line.expected else ""
        return f"{verdict.value}{found}, expected {expectation(line)}"
    return verdict.value if verdict is Verdict.PROVED else f"{verdict.value}, as expected"


def expectation_words(line: Line) -> str:
    """``as expected``, ``expected proved`` or nothing, for where the verdict itself stands beside."""
    if line.expected is None:
        return ""
    if not fails(line):
        return "as expected"
    same = line.judgement is not None and line.judgement.verdict.value == line.expected
    return f"expected {expectation(line)}" + (f", found {line.judgement.reason}" if same and line.judgement else "")


def expectation(line: Line) -> str:
    return f"{line.expected} ({line.expected_reason})" if line.expected_reason else str(line.expected)


def explanation(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """What there is to say of a verdict, as (label, text), the values of a counterexample apart."""
    if judgement.reason is not None:
        yield "reason", f"{judgement.reason}: {REASONS.get(judgement.reason, judgement.reason)}"
    if judgement.verdict is Verdict.CARRIED:
        yield "carried", "follows from the earlier wrong line"
    if judgement.rejoins:
        yield "rejoins", "agrees with the head of the chain again"
    if judgement.mistake:
        yield "mistake", judgement.mistake
    if judgement.message:
        first, *report = judgement.message.splitlines()
        yield "message", first
        yield from (("report", row) for row in report)
    if judgement.suggestion:
        yield "should be", one_line(judgement.suggestion)
    if judgement.assume:
        yield "or assume", one_line(judgement.assume)
    if judgement.verdict is Verdict.TESTED:
        yield "tested", f"equal at {evaluations(judgement)}; no proof found"
    if judgement.rests_on:
        yield "rests on", "; ".join(map(one_line, judgement.rests_on))
    if judgement.conditions:
        yield "where", "; ".join(map(one_line, judgement.conditions))


def evaluations(judgement: Judgement) -> str:
    """``24 points, at m = 1, 2, 3, 4, n = 1, 2, 3, 4``: the values that each size took."""
    taken: dict[str, set[int]] = {}
    for sizes in judgement.tried:
        for name, size in sizes.items():
            taken.setdefault(name, set()).add(size)
    at = "; ".join(f"{name} = {', '.join(map(str, sorted(values)))}" for name, values in taken.items())
    points = f"{judgement.points} point{'' if judgement.points == 1 else 's'}"
    return f"{points}, at {at}" if at else points


def with_formulas(words: str, formula: Callable[[str], str], prose: Callable[[str], str]) -> str:
    """Words with formulas between dollars, each part by its own writer."""
    parts = re.split(r"\$([^$]+)\$", words)
    return "".join(formula(part) if k % 2 else prose(part) for k, part in enumerate(parts))


def facts(line: Line) -> str:
    """The line as written and everything found out about it, one fact a row."""
    rows = [one_line(line.latex)]
    if line.judgement is not None:
        rows += [f"{label}: {text}" for label, text in explanation(line.judgement)]
        if (found := line.judgement.counterexample) is not None:
            rows.append("counterexample: " + "; ".join(filter(None, (point(found), assignments(found.values)))))
            rows += [f"left {found.left}", f"right {found.right}"]
    return "\n".join(rows)


def marked(line: Line) -> str:
    """A row of carets that, below the line on one row, points at the slip; empty where that is not known."""
    place = line.judgement.place if line.judgement is not None else None
    if place is None or place[0] != line.line:
        return ""
    start, end = place[1] - line.column, place[1] - line.column + place[2]
    before, inside = one_line("." + line.latex[:start] + "."), one_line("." + line.latex[start:end] + ".")
    if start < 0 or start > len(line.latex):
        return ""
    return " " * (len(before) - 2) + "^" * max(1, min(len(inside) - 2, len(line.latex)))


def point(found: Counterexample) -> str:
    """Sizes and indices of a counterexample: ``m = 2, n = 1; k = 1``."""
    free = {name: size for name, size in found.sizes.items() if not name.isdigit()}
    fixed = {name: size for name, size in found.sizes.items() if name.isdigit()}
    shrunk = ", ".join(f"{size} in place of {name}" for name, size in fixed.items())
    return "; ".join(filter(None, (assignments(free), assignments(found.indices), shrunk)))


def assignments(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} = {flat(value)}" for name, value in values.items())


def flat(value: Any) -> str:
    """A value on one line: ``2``, ``(1, 2)``, ``((1, 2), (3, 4))``."""
    if isinstance(value, Mapping):
        return "{" + assignments(value) + "}"
    return f"({', '.join(map(flat, value))})" if isinstance(value, (list, tuple)) else str(value)


def claims_and_definitions(document: DocumentReport) -> tuple[list[Statement], list[Statement]]:
    """What a report shows in full, and the definitions without an id of their own, which it lists."""
    shown = [s for s in document.statements if s.kind not in QUIET_KINDS or any(line.judgement for line in s.lines)]
    listed = [s for s in shown if s.kind is Kind.DEFINITION and only_defines(s) and own_id(document, s) is None]
    return [s for s in shown if s not in listed], listed


def only_defines(statement: Statement) -> bool:
    return len(statement.lines) == 2 and statement.lines[1].judgement is None and not fails(statement.lines[1])


def failing(document: DocumentReport, strict: bool) -> Iterator[tuple[Statement, Line]]:
    for statement in document.statements:
        for line in statement.lines:
            if fails(line, strict):
                yield statement, line


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
