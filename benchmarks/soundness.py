"""Mutants: true claims with one small slip each, judged, and their truth found out a third way.

    python -m benchmarks.soundness [--count N] [--seed S] [--jobs J] [PATH…]

Takes the true claims of all documents, makes slips, and prints by kind of slip and by family: false
claims called proved (must be 0), true ones called wrong (must be 0), false ones that were not
certified wrong, and statements on which the two judges disagree (must be 0).  Exit status 1 when a
number that must be 0 is not.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import repeat
from pathlib import Path

from benchmarks.slips import Slip, slips_of, without_hypotheses
from benchmarks.thirdway import Truth, truth
from checker.calculus.context import Claim, Context
from checker.documents import read_file
from checker.judge.decide import Options, decide
from checker.judge.evaluate import EvaluationOptions
from checker.language import Fault, read
from checker.language.reading import LAYOUTS
from checker.results import Judgement, Verdict

ROOT = Path(__file__).parent.parent
HOMES = ("derivations", "tests/twins", "benchmarks/corpora")
OPTIONS = Options(seconds=2.0, work=150_000, work_on_false=150_000, evaluation=EvaluationOptions(minimise=False))


@dataclass(frozen=True)
class Source:
    """A claim of a document, before anything is done to it."""

    document: str
    id: str
    family: str
    claim: Claim
    context: Context


@dataclass(frozen=True)
class Outcome:
    """A mutant, judged."""

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
        return self.false_proved or self.true_wrong or self.disagreement


# ------------------------------------------------------------------------------------------ sources


def documents(paths: Sequence[str]) -> list[Path]:
    roots = [Path(p) for p in paths] or [ROOT / home for home in HOMES]
    found: list[Path] = []
    for root in roots:
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.suffix in (".md", ".tex"))
        found += [f for f in files if f.name != "README.md"]
    return found


def family_of(path: Path) -> str:
    return path.stem.split("-")[0] if path.parent.name == "corpora" else path.parent.name


def sources(path: Path) -> Iterator[Source]:
    """Every line of every chain against its head, in the layout that is declared (or the first)."""
    reading = read(read_file(str(path)))
    layout = reading.layout or LAYOUTS[0]
    for statement in reading.statements:
        if statement.kind != "claim":
            continue
        head = statement.sides[0].terms.get(layout)
        for side in statement.sides[1:]:
            term = side.terms.get(layout)
            if head is None or term is None or isinstance(head, Fault) or isinstance(term, Fault) or side.definition:
                continue
            claim = Claim(head, term, statement.indices)
            yield Source(path.name, statement.id, family_of(path), claim, statement.context)


# ------------------------------------------------------------------------------------------ judging


def judged(claim: Claim, context: Context) -> tuple[Judgement, float]:
    start = time.perf_counter()
    judgement = decide(claim, context, OPTIONS)
    return judgement, time.perf_counter() - start


def outcome(source: Source, kind: str, claim: Claim, context: Context, seed: int) -> Outcome:
    judgement, seconds = judged(claim, context)
    start = time.perf_counter()
    found = _truth(claim, context, seed, judgement)
    return Outcome(
        source.document,
        source.id,
        source.family,
        kind,
        found.value,
        judgement.verdict.value,
        judgement.reason,
        str(claim.left),
        str(claim.right),
        judgement.message or "",
        judgement.rests_on,
        seconds,
        time.perf_counter() - start,
    )


def _truth(claim: Claim, context: Context, seed: int, judgement: Judgement) -> Truth:
    """The third way; where it contradicts a verdict it is asked again, at other points."""
    found = truth(claim, context, seed)
    suspect = (found.value is False and judgement.verdict is Verdict.PROVED) or (
        found.value is True and judgement.verdict is Verdict.WRONG
    )
    if not suspect:
        return found
    again = truth(claim, context, seed + 1, most=14, exact=True)
    return again if again.value is not None else found


def picked(slips: Iterable[Slip], most: int, seed: str) -> list[Slip]:
    """Some of the slips, all kinds in turn."""
    shuffler = random.Random(seed)
    by_kind: dict[str, list[Slip]] = {}
    for slip in slips:
        by_kind.setdefault(slip.kind, []).append(slip)
    for of_kind in by_kind.values():
        shuffler.shuffle(of_kind)
    chosen: list[Slip] = []
    kinds = sorted(by_kind)
    shuffler.shuffle(kinds)
    while len(chosen) < most and any(by_kind.values()):
        for kind in kinds:
            if by_kind[kind] and len(chosen) < most:
                chosen.append(by_kind[kind].pop())
    return chosen


def chosen_sources(path: Path, share: float, seed: int) -> list[Source]:
    """Some of a document's claims: about this share of them."""
    chance = random.Random(f"{seed} {path.name}")
    return [source for source in sources(path) if chance.random() < share]


def examine(path: Path, each: int, seed: int, share: float = 1.0) -> list[Outcome]:
    """The claims of one document as they stand, and ``each`` mutants of every true one."""
    found: list[Outcome] = []
    for number, source in enumerate(chosen_sources(path, share, seed)):
        stands = outcome(source, "(as it stands)", source.claim, source.context, seed)
        found.append(stands)
        if stands.truth is not True:
            continue
        bare = without_hypotheses(source.claim, source.context, stands.rests_on)
        chosen = picked(slips_of(source.claim, source.context), each, f"{seed} {path.name} {number}")
        found.extend(outcome(source, slip.kind, slip.claim, slip.context, seed) for slip in (*bare, *chosen))
    return found


def quota(available: Sequence[int], count: int) -> int:
    """How many slips of each claim make ``count`` in all; a quarter of the lines is false as it stands."""
    most = max(available, default=1)
    return next((q for q in range(1, most) if 3 * sum(min(a, q) for a in available) >= 4 * count), most)


def run(paths: Sequence[str], count: int, seed: int, jobs: int, share: float = 1.0) -> Iterator[Outcome]:
    """All outcomes, document by document; of a ``share`` of the claims only."""
    files = documents(paths)
    claims = [source for f in files for source in chosen_sources(f, share, seed)]
    each = quota([sum(1 for _ in slips_of(s.claim, s.context)) for s in claims], count)
    if jobs == 1:
        for f in files:
            yield from examine(f, each, seed, share)
        return
    with ProcessPoolExecutor(jobs) as pool:
        for outcomes in pool.map(examine, files, repeat(each), repeat(seed), repeat(share)):
            yield from outcomes


# ---------------------------------------------------------------------------------------- reporting

COLUMNS = ("mutants", "true", "false", "unknown", "false proved", "true wrong", "not certified", "disagreeing")


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


def rows(title: str, groups: dict[str, list[Outcome]]) -> Iterator[str]:
    width = max(24, *(len(name) for name in groups), len(title))
    yield f"{title:<{width}}" + "".join(f"{c:>14}" for c in COLUMNS)
    for name in sorted(groups):
        numbers = counted(groups[name])
        yield f"{name:<{width}}" + "".join(f"{numbers[c]:>14}" for c in COLUMNS)


def grouped(outcomes: Iterable[Outcome], key: str) -> dict[str, list[Outcome]]:
    groups: dict[str, list[Outcome]] = {}
    for o in outcomes:
        groups.setdefault(getattr(o, key), []).append(o)
    return groups


def report(outcomes: list[Outcome], seconds: float) -> Iterator[str]:
    mutants = [o for o in outcomes if o.kind != "(as it stands)"]
    yield from rows("slip", grouped(outcomes, "kind"))
    yield ""
    yield from rows("family", grouped(mutants, "family"))
    yield ""
    yield from rows("all", {"mutants": mutants})
    judging, finding = sum(o.seconds for o in outcomes), sum(o.seconds_truth for o in outcomes)
    yield f"\n{seconds:.0f} s; both judges {judging:.0f} s, the third way {finding:.0f} s"
    for o in outcomes:
        if o.kind == "missing hypothesis" and o.verdict == "proved":
            yield f"not needed: a hypothesis of {o.document} {o.id}"
    for o in outcomes:
        if o.must_not_be or (o.not_certified and o.kind != "(as it stands)"):
            said = f"{o.verdict} ({o.reason})" if o.reason else o.verdict
            yield f"\n{o.document} {o.id}, {o.kind}: {said}, but {str(o.truth).lower()}\n  {o.left}\n  {o.right}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soundness", description=__doc__)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--count", type=int, default=20_000, help="about how many mutants to make")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args(arguments)
    start = time.perf_counter()
    outcomes: list[Outcome] = []
    for o in run(options.paths, options.count, options.seed, options.jobs):
        outcomes.append(o)
        if sys.stderr.isatty():
            print(f"\r{len(outcomes)} claims judged", end="", file=sys.stderr)
    print("\n".join(report(outcomes, time.perf_counter() - start)))
    return int(any(o.must_not_be for o in outcomes))


if __name__ == "__main__":
    sys.exit(main())
