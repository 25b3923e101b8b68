"""From the sides of a statement, as read, to one verdict for each line.

Faults of the reading become verdicts here; everything else is the judge's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from sympy import Expr, Symbol

from checker.calculus.context import Context, Range
from checker.calculus.graph import symbols_in
from checker.language.reading import Fault, ReadStatement, Side
from checker.limits import Door, Key, Stopped
from checker.results import Judgement, Kind, Verdict

Term: TypeAlias = Expr | Judgement  # a judgement stands for a side that has no term
Lines = tuple[Judgement | None, ...]  # one for each side after the head; None for a definition
JudgeChain = Callable[[Sequence[Term], Mapping[Symbol, Range], Context], list[Judgement]]
HOLDS = (Verdict.PROVED, Verdict.TESTED)
FALSE = (Verdict.WRONG, Verdict.CARRIED)
JUDGED_KINDS = (Kind.CLAIM, Kind.DEFINITION)


@dataclass(frozen=True)
class Judges:
    """The judge of a chain, the door it is called through, and the seconds a line may take."""

    chain: JudgeChain
    door: Door
    timeout: float | None
    place: Callable[[int], tuple[int, int]]  # offset in the file -> line, column

    def ask(
        self, terms: Sequence[Term], statement: ReadStatement, key: Key, seconds: float | None
    ) -> list[Judgement] | Stopped:
        return self.door.run(key, lambda: self.chain(terms, statement.indices, statement.context), seconds)


def judge_lines(statement: ReadStatement, position: int, layout: str, judges: Judges) -> Lines:
    """One judgement for each side after the head, in the given layout.

    A definition holds because it is one: its line has none, unless it cannot be read or cannot fit.
    """
    if Kind(statement.kind) not in JUDGED_KINDS or len(statement.sides) < 2:
        return tuple(None for _ in statement.sides[1:])
    statement = replace(statement, indices=indices_in(statement, layout))
    terms = [term(side_in(side, layout), judges) for side in statement.sides]
    asserted = [k for k in range(1, len(terms)) if not holds_by_definition(statement, k, terms[k])]
    found = judge_terms([terms[0], *(terms[k] for k in asserted)], statement, (position, layout), judges)
    verdicts = dict(zip(asserted, found, strict=True))
    for k in asserted:
        if follows_a_misfit(statement, k, layout, verdicts, (position, layout, "step", k), judges):
            verdicts[k] = Judgement(Verdict.CARRIED, message=verdicts[k].message)
    for k in asserted:
        verdicts[k] = provided(statement.sides[k], doubted(statement.sides[k], verdicts[k], judges))
    return tuple(verdicts.get(k) for k in range(1, len(terms)))


def indices_in(statement: ReadStatement, layout: str) -> Mapping[Symbol, Range]:
    """The free indices, but for those that stand in the terms of the other layout only."""
    terms = [found for side in statement.sides for found in side.terms.values() if not isinstance(found, Fault)]
    here = [found for side in statement.sides if not isinstance(found := side_in(side, layout), Fault)]
    if not statement.indices or len(set(terms)) == len(set(here)):
        return statement.indices
    own = frozenset(s for found in here for s in symbols_in(found))
    others = frozenset(s for found in terms for s in symbols_in(found)) - own
    return {symbol: extent for symbol, extent in statement.indices.items() if symbol not in others}


def follows_a_misfit(
    statement: ReadStatement, k: int, layout: str, verdicts: Mapping[int, Judgement], key: Key, judges: Judges
) -> bool:
    """Whether a line whose shape does not fit the head is what the line before, which does not fit either, says."""
    step = statement.sides[k].step.get(layout)
    before = verdicts.get(k - 1)
    if step is None or before is None or before.verdict not in FALSE or verdicts[k].verdict is not Verdict.WRONG:
        return False
    terms: list[Term] = [step.left, step.right]
    found = judges.ask(terms, replace(statement, indices=step.indices), key, judges.timeout)
    return not isinstance(found, Stopped) and found[0].verdict in HOLDS


def doubted(side: Side, found: Judgement, judges: Judges) -> Judgement:
    """A line that rests on something that nothing says is not called wrong."""
    doubt = side.doubt() if found.verdict in FALSE else None
    if doubt is None:
        return found
    line, column = judges.place(side.start)
    message = f"{line}:{column}: {doubt}"
    return Judgement(Verdict.UNREADABLE, "unknown-symbol", message=message, seconds=found.seconds)


def provided(side: Side, found: Judgement) -> Judgement:
    """What a line is read under is a condition of it, where it holds."""
    if not side.provided or found.verdict not in HOLDS:
        return found
    return replace(found, conditions=tuple(dict.fromkeys((*found.conditions, *side.provided))))


def side_in(side: Side, layout: str) -> Expr | Fault:
    """A side that does not depend on the layout may have its term under one key only."""
    return side.terms[layout] if layout in side.terms else next(iter(side.terms.values()))


def term(found: Expr | Fault, judges: Judges) -> Term:
    return fault_judgement(found, judges) if isinstance(found, Fault) else found


def fault_judgement(fault: Fault, judges: Judges) -> Judgement:
    line, column = judges.place(fault.start)
    return Judgement(Verdict(fault.verdict), fault.reason, message=f"{line}:{column}: {fault.message}")


def holds_by_definition(statement: ReadStatement, k: int, side: Term) -> bool:
    first_of_definition = statement.kind == Kind.DEFINITION.value and k == 1
    return (statement.sides[k].definition or first_of_definition) and not isinstance(side, Judgement)


# ------------------------------------------------------------------------------------- chains


def judge_terms(terms: list[Term], statement: ReadStatement, key: tuple[int, str], judges: Judges) -> list[Judgement]:
    head, rest = terms[0], terms[1:]
    if not rest:
        return []
    if isinstance(head, Judgement):
        return without_head(head, rest, statement, key, judges)
    if all(isinstance(side, Judgement) for side in rest):
        return [side for side in rest if isinstance(side, Judgement)]
    return judge_whole(terms, statement, key, judges)


def without_head(
    head: Judgement, rest: list[Term], statement: ReadStatement, key: tuple[int, str], judges: Judges
) -> list[Judgement]:
    """The head's fault is the verdict of the first line; the later ones are judged against that line."""
    first, *later = rest
    if isinstance(first, Judgement):
        return [first, *(side if isinstance(side, Judgement) else not_comparable(head) for side in later)]
    return [head, *(after_faulty_head(j, head) for j in judge_terms(rest, statement, key, judges))]


def after_faulty_head(judgement: Judgement, head: Judgement) -> Judgement:
    """The verdict of a line that was judged against the first line, for want of a head.

    Equal to that line is not proved: if the head is wrong it is carried, otherwise it cannot be said.
    A difference stands.
    """
    if judgement.verdict not in HOLDS:
        return judgement
    if head.verdict is Verdict.WRONG:
        return replace(judgement, verdict=Verdict.CARRIED, reason=None, rejoins=False)
    return not_comparable(head)


def not_comparable(head: Judgement) -> Judgement:
    message = "the head of the chain cannot be judged, so this line cannot be compared with it"
    if head.verdict is Verdict.WRONG:
        return Judgement(Verdict.UNDECIDED, "outside", message=message)
    return Judgement(head.verdict, head.reason, message=message)


def judge_whole(terms: list[Term], statement: ReadStatement, key: tuple[int, str], judges: Judges) -> list[Judgement]:
    """The whole chain at once; if that fails, line by line to find out which line it is.

    The lines at fault are then *undecided*, and the chain is judged without them.
    """
    found = judges.ask(terms, statement, (*key, None), judges.timeout)
    if not isinstance(found, Stopped):
        return found
    if len(terms) == 2:
        return [found.judgement()]
    tried = [alone(terms[0], side, statement, (*key, k), judges) for k, side in enumerate(terms[1:], start=1)]
    rest: list[Term] = [j if is_stopped(j) else side for j, side in zip(tried, terms[1:], strict=True)]
    enough = None if judges.timeout is None else judges.timeout * len(rest)
    again = judges.ask([terms[0], *rest], statement, (*key, "again"), enough)
    return tried if isinstance(again, Stopped) else again


def alone(head: Term, side: Term, statement: ReadStatement, key: tuple[int | str, ...], judges: Judges) -> Judgement:
    if isinstance(side, Judgement):
        return side
    found = judges.ask([head, side], statement, key, judges.timeout)
    return found.judgement() if isinstance(found, Stopped) else found[0]


def is_stopped(judgement: Judgement) -> bool:
    return judgement.verdict is Verdict.UNDECIDED and judgement.reason in ("budget", "outside")
