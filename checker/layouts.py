"""Which layout a document uses: as declared, or the one that fits its claims.

Only statements whose terms differ between the layouts say anything about it, and only they are
judged twice, if at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from checker.chains import Lines, side_in
from checker.language.reading import LAYOUTS, Reading, ReadStatement
from checker.results import Judgement, Verdict

JudgeIn = Callable[[int, str], Lines]  # position of a statement, layout -> its lines' judgements
FITS = (Verdict.PROVED, Verdict.TESTED)


def depends_on_layout(statement: ReadStatement) -> bool:
    return any(differs(statement, k) for k in range(len(statement.sides)))


def differs(statement: ReadStatement, k: int) -> bool:
    first, *others = (side_in(statement.sides[k], layout) for layout in LAYOUTS)
    return any(other is not first and other != first for other in others)


def choose(reading: Reading, judge: JudgeIn) -> str | None:
    """The declared layout; else the first that fits every claim; else the one that fits most lines.

    None if no statement depends on it.
    """
    if reading.layout is not None:
        return reading.layout
    sensitive = [p for p, statement in enumerate(reading.statements) if depends_on_layout(statement)]
    if not sensitive:
        return None
    fitting = []
    for layout in LAYOUTS:
        lines = [j for p in sensitive for j in judge(p, layout) if j is not None]
        fitting.append(sum(j.verdict in FITS for j in lines))
        if fitting[-1] == len(lines):
            return layout
    return LAYOUTS[fitting.index(max(fitting))]


def lines_in(layout: str, declared: bool, statement: ReadStatement, position: int, judge: JudgeIn) -> Lines:
    """The judgements in the document's layout; a wrong line that holds in the other says so."""
    found = judge(position, layout)
    if not depends_on_layout(statement):
        return found
    other = next(name for name in LAYOUTS if name != layout)
    wrong = any(j is not None and j.verdict is Verdict.WRONG for j in found)
    elsewhere = judge(position, other) if wrong else found
    return tuple(
        in_layout(j, e, layout, other, declared)
        if j is not None and (differs(statement, 0) or differs(statement, k))
        else j
        for k, (j, e) in enumerate(zip(found, elsewhere, strict=True), start=1)
    )


def in_layout(found: Judgement, elsewhere: Judgement | None, layout: str, other: str, declared: bool) -> Judgement:
    if found.verdict is Verdict.WRONG and elsewhere is not None and elsewhere.verdict is Verdict.PROVED:
        uses = "the document declares" if declared else "the other claims of the document are in"
        message = f"this holds in {other} layout only; {uses} {layout} layout"
        return replace(found, reason="layout", layout=other, mistake=None, message=message)
    return replace(found, layout=layout)
