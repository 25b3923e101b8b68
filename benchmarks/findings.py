"""What a run over mutants found: one outcome for each judged claim, counted and listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

STANDS = "(as it stands)"
NAMED = "missing hypothesis"  # one that the verdict rests on, left out
SPARE = "spare hypothesis"  # one that it does not rest on, left out
COLUMNS = ("mutants", "true", "false", "unknown", "false proved", "true wrong", "not certified", "disagreeing")


@dataclass(frozen=True)
class Outcome:
    """A claim or a mutant of it, judged; ``truth`` is None where the third way could not tell (``why``).

    ``error`` is a failure of the third way, ``lost`` one of the judges or of the whole process; ``hypothesis`` is
    the one that was left out.
    """

    document: str
    id: str
    family: str
    kind: str
    truth: bool | None
    verdict: str
    reason: str | None
    left: str
    right: str
    message: str = ""
    rests_on: tuple[str, ...] = ()
    seconds: float = 0.0
    seconds_truth: float = 0.0
    why: str = ""
    error: str = ""
    lost: str = ""
    hypothesis: str = ""
    note: str = ""

    @property
    def is_mutant(self) -> bool:
        return self.kind not in (STANDS, SPARE) and not self.lost

    @property
    def false_proved(self) -> bool:
        return self.truth is False and self.verdict == "proved"

    @property
    def true_wrong(self) -> bool:
        return self.truth is True and self.verdict == "wrong"

    @property
    def not_certified(self) -> bool:
        return self.truth is False and self.verdict not in ("wrong", "proved")

    @property
    def disagreement(self) -> bool:
        return self.reason == "disagreement"

    @property
    def must_not_be(self) -> bool:
        return self.false_proved or self.true_wrong or self.disagreement or bool(self.lost)

    @property
    def said(self) -> str:
        return f"{self.verdict} ({self.reason})" if self.reason else self.verdict


# ------------------------------------------------------------------------------------------ counting


def counted(outcomes: Iterable[Outcome]) -> Counter[str]:
    numbers: Counter[str] = Counter()
    for o in outcomes:
        numbers["mutants"] += 1
        numbers[{True: "true", False: "false", None: "unknown"}[o.truth]] += 1
        numbers["false proved"] += o.false_proved
        numbers["true wrong"] += o.true_wrong
        numbers["not certified"] += o.not_certified
        numbers["disagreeing"] += o.disagreement
    return numbers


def grouped(outcomes: Iterable[Outcome], key: str) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for o in outcomes:
        groups.setdefault(getattr(o, key), []).append(o)
    return groups


# ----------------------------------------------------------------------------------------- reporting


def report(outcomes: list[Outcome], seconds: float) -> Iterator[str]:
    judged = [o for o in outcomes if not o.lost]
    mutants = [o for o in judged if o.is_mutant]
    yield from rows("slip", grouped((o for o in judged if o.kind != SPARE), "kind"))
    yield ""
    yield from rows("family", grouped(mutants, "family"))
    yield ""
    yield from rows("all", {"mutants": mutants})
    judging, finding = sum(o.seconds for o in judged), sum(o.seconds_truth for o in judged)
    yield f"\n{seconds:.0f} s; both judges {judging:.0f} s, the third way {finding:.0f} s"
    yield from reasons("truth unknown", ((o.why, o) for o in judged if o.truth is None))
    yield from reasons("failures of the third way (no witness there)", ((o.error, o) for o in judged if o.error))
    yield from reasons("lost", ((o.lost, o) for o in outcomes if o.lost))
    yield from hypotheses(judged)
    for o in judged:
        if o.must_not_be or (o.not_certified and o.kind != STANDS):
            yield from shown(o)


def shown(o: Outcome) -> Iterator[str]:
    yield f"\n{o.document} {o.id}, {o.kind}: {o.said}, but {str(o.truth).lower()}"
    yield from (f"  {line}" for line in (o.note or o.hypothesis, o.left, o.right, o.message) if line)


def rows(title: str, groups: dict[str, list[Outcome]]) -> Iterator[str]:
    width = max(24, *(len(name) for name in groups), len(title))
    yield f"{title:<{width}}" + "".join(f"{c:>14}" for c in COLUMNS)
    for name in sorted(groups):
        numbers = counted(groups[name])
        yield f"{name:<{width}}" + "".join(f"{numbers[c]:>14}" for c in COLUMNS)


def reasons(title: str, found: Iterable[tuple[str, Outcome]]) -> Iterator[str]:
    """How often each reason was given, with the first claim of which it was."""
    groups: dict[str, list[Outcome]] = {}
    for why, o in found:
        groups.setdefault(why, []).append(o)
    if groups:
        yield f"\n{title}: {sum(map(len, groups.values()))}"
    for why, those in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        yield f"{len(those):>6}  {why} ({those[0].document} {those[0].id}, {those[0].kind})"


def hypotheses(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Every proof under hypotheses, tried without each of them: what it rests on must be needed, the rest must not."""
    trials = grouped((o for o in outcomes if o.kind in (NAMED, SPARE)), "kind")
    named, spare = trials.get(NAMED, []), trials.get(SPARE, [])
    claims = {(o.document, o.id, o.left, o.right) for o in (*named, *spare)}
    yield f"\nhypotheses: {len(claims)} proofs had some in reach; {len(named) + len(spare)} trials without one of them"
    yield f"  rested on, left out: {len(named)}; {verdicts(named)}"
    yield f"  not rested on, left out: {len(spare)}; {verdicts(spare)}"
    for o in named:
        if o.verdict == "proved":
            others = "; ".join(o.rests_on) or "nothing"
            yield f"  named, but not needed: {o.document} {o.id}: {o.hypothesis} (without it: rests on {others})"
    for o in spare:
        if o.verdict != "proved":
            why = "for points alone" if "no evaluation confirms" in o.message else "but not named"
            yield f"  needed, {why}: {o.document} {o.id}: {o.hypothesis} ({o.said} without it: {o.message})"
    needed = {(o.document, o.hypothesis) for o in named if o.verdict != "proved"}
    idle = Counter((o.document, o.hypothesis) for o in (*named, *spare) if o.verdict == "proved")
    for (document, text), count in sorted(idle.items()):
        if (document, text) not in needed:
            yield f"  not needed by any of {count}: {document}: {text}"


def verdicts(outcomes: Iterable[Outcome]) -> str:
    return ", ".join(f"{n} {said}" for said, n in Counter(o.said for o in outcomes).most_common()) or "none"
