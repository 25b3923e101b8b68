"""What is wrong with a wrong line, and what it should say: a step after judging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from checker.calculus.graph import Dependencies
from checker.diagnose.derived import Answer, Derivation
from checker.diagnose.lexicon import paper_of
from checker.diagnose.marks import in_own_marks
from checker.diagnose.search import Budget, Search
from checker.diagnose.slips import SLIPS, Diagnosis
from checker.judge.decide import Options
from checker.language.again import Again, again
from checker.language.edits import transposes
from checker.language.reading import ReadStatement
from checker.results import Judgement, Verdict

SECONDS = 4.0  # for one wrong line
HEAD_READ = 60  # left sides that are read where no small change makes the line true
Lines = tuple[Judgement | None, ...]
FALSE = (Verdict.WRONG, Verdict.CARRIED)


@dataclass(frozen=True)
class Desk:
    """``options`` of the judge; ``place``: offset in the file to line and column."""

    options: Options
    place: Callable[[int], tuple[int, int]]
    seconds: float = SECONDS

    @property
    def quick(self) -> Options:
        """Of many corrections that are tried, none may take long to prove."""
        return replace(self.options, seconds=min(self.options.seconds, self.seconds), work=self.options.work // 4)


def diagnose_line(statement: ReadStatement, k: int, lines: Lines, layout: str, desk: Desk) -> Judgement | None:
    """The judgement of line ``k`` (1 is the first after the head) with what is wrong in it, and why."""
    judgement = lines[k - 1]
    reader = again(statement)
    if judgement is None or reader is None or judgement.verdict is not Verdict.WRONG or len(reader.parts) <= k:
        return judgement
    if judgement.reason == "layout":
        return replace(judgement, mistake="layout", suggestion=turned(reader, k, layout, desk))
    found = found_in(reader, k, lines, layout, desk)
    return unexplained(judgement) if found is None else explained(judgement, in_own_marks(found, reader), desk)


def turned(reader: Again, k: int, layout: str, desk: Desk) -> str | None:
    """What a line that holds in the other layout only says in this one: its transpose, or the left side, derived."""
    head, side = reader.parts[0], reader.parts[k]
    derivation = Derivation(reader, head, side, layout, desk.quick, Dependencies(reader.context))
    found = derivation.first([Answer(text) for text in transposes(paper_of(reader, head, side))]) or derivation.answer()
    return None if found is None or found.entry else found.text


def found_in(reader: Again, k: int, lines: Lines, layout: str, desk: Desk) -> Diagnosis | None:
    """Against the head; failing that, against the line before, where that one is wrong in its own way."""
    graph = Dependencies(reader.context)
    budget = Budget(desk.seconds)
    head, side = reader.parts[0], reader.parts[k]
    found = Search(reader, head, side, layout, desk.quick, budget, graph).run()
    agree = k == 1 < len(lines) and all(j is not None and j.verdict is Verdict.CARRIED for j in lines[1:])
    if found is None or found.slip == "other" or agree:
        spare = Budget(budget.seconds / 2, HEAD_READ)
        meant = Search(reader, side, head, layout, desk.quick, spare, graph, True).small()
        found = found if meant is None else or_the_head(found, meant)
    before = lines[k - 2] if k > 1 else None
    settled = found is not None and found.slip != "hypothesis" and found.edits == 1
    if settled or before is None or before.verdict not in FALSE:
        return found
    step = Search(reader, reader.parts[k - 1], side, layout, desk.quick, budget.renewed(), graph, True).run()
    if step is None or step.suggestion is None:
        return found
    known = None if found is None else found.suggestion
    return of_step(reader, step, known, Search(reader, head, side, layout, desk.quick, budget.renewed(), graph))


def or_the_head(found: Diagnosis | None, meant: Diagnosis) -> Diagnosis:
    """What was found of a line; and what the left side may have been meant to be."""
    said = "" if found is None else f"{found.said}; "
    said += f"or the left side is meant to be ${meant.suggestion}$, for which this line is true"
    return replace(found, said=said) if found is not None else Diagnosis("other", said, None)


def of_step(reader: Again, step: Diagnosis, known: str | None, search: Search) -> Diagnosis:
    """A second slip of a chain: what the line should say to follow, and what it should say."""
    said = f"{step.said}; with that, it would follow from the line before, which is wrong as well"
    if known is None:
        followed = reader.part(step.suggestion or "", search.right)
        whole = None if followed is None else replace(search, right=followed).run()
        known = None if whole is None else whole.suggestion
    return replace(step, said=f"{said} (${step.suggestion}$)", suggestion=known)


def unexplained(judgement: Judgement) -> Judgement:
    return replace(judgement, mistake="shape" if judgement.reason in ("shape", "index") else "other")


def explained(judgement: Judgement, found: Diagnosis, desk: Desk) -> Judgement:
    place = None
    message = found.said
    if found.place is not None:
        line, column = desk.place(found.place[0])
        place = (line, column, max(1, found.place[1] - found.place[0]))
        message = f"{line}:{column}: {found.said}"
    if judgement.message:
        message = f"{judgement.message}; {found.said}"
    if not found.proved:
        message += " (the correction is tested, not proved)"
    slip = unexplained(judgement).mistake if found.slip == "other" else found.slip
    return replace(
        judgement, mistake=slip, suggestion=found.suggestion, message=message, place=place, assume=found.assume
    )


__all__ = ["SLIPS", "Desk", "Diagnosis", "diagnose_line", "unexplained"]
