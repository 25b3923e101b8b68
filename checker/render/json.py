"""The JSON of a run: version 1, the keys in the documented order, extra keys at the end."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from checker.results import Counterexample, DocumentReport, Line, Report, Statement, SymbolRow, Verdict
from checker.tally import tally

VERSION = 1


def render(report: Report, strict: bool = False) -> str:
    return json.dumps(as_data(report, strict), indent=2) + "\n"


def as_data(report: Report, strict: bool = False) -> dict[str, Any]:
    return {
        "version": VERSION,
        "summary": summary(report, strict),
        "documents": [document_data(d) for d in report.documents],
        "problems": list(report.problems),
    }


def summary(report: Report, strict: bool) -> dict[str, Any]:
    counts = tally(report.documents, strict)
    return {
        **{verdict.value: counts[verdict] for verdict in Verdict},
        "skipped": counts.skipped,
        "definitions": counts.definitions,
        "as_expected": counts.as_expected and not report.problems,
    }


def document_data(document: DocumentReport) -> dict[str, Any]:
    return {
        "path": document.path,
        "title": document.title,
        "layout": document.layout,
        "symbols": [symbol_data(s) for s in document.symbols],
        "statements": [statement_data(s) for s in document.statements],
        "error": document.error,
    }


def symbol_data(symbol: SymbolRow) -> dict[str, Any]:
    return {
        "name": symbol.name,
        "latex": symbol.latex,
        "kind": symbol.kind,
        "shape": list(symbol.shape),
        "from": symbol.origin,
        "line": symbol.line,
        "definition": symbol.definition,
    }


def statement_data(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "kind": statement.kind.value,
        "line": statement.line,
        "lines": [line_data(line) for line in statement.lines],
        "message": statement.message,
    }


def line_data(line: Line) -> dict[str, Any]:
    place = {"line": line.line, "column": line.column, "latex": line.latex}
    judgement = line.judgement
    if judgement is None:
        extra = {"definition": True, "expected": line.expected} if line.definition else {}
        return {**place, "verdict": None, **extra}
    return {
        **place,
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "expected": line.expected,
        "rests_on": list(judgement.rests_on),
        "conditions": list(judgement.conditions),
        "layout": judgement.layout,
        "rejoins": judgement.rejoins,
        "counterexample": counterexample_data(judgement.counterexample),
        "mistake": judgement.mistake,
        "suggestion": judgement.suggestion,
        "message": judgement.message,
        "seconds": round(judgement.seconds, 6),
        "expected_reason": line.expected_reason,
        "points": judgement.points,
        "tried": [dict(sizes) for sizes in judgement.tried],
        "place": place_data(judgement.place),
        "assume": judgement.assume,
    }


def place_data(place: tuple[int, int, int] | None) -> dict[str, int] | None:
    """Where the slip is: from ``column`` of ``line`` on, ``length`` characters."""
    return None if place is None else dict(zip(("line", "column", "length"), place, strict=True))


def counterexample_data(found: Counterexample | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "sizes": dict(found.sizes),
        "indices": dict(found.indices),
        "values": {name: plain(value) for name, value in found.values.items()},
        "left": found.left,
        "right": found.right,
    }


def plain(value: Any) -> Any:
    """Nested tuples as lists, so that the data equals what a reader of the JSON gets back."""
    if isinstance(value, Mapping):
        return {name: plain(v) for name, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value
