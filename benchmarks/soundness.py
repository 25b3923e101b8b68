"""Mutants: true claims with one small slip each, judged, and their truth found out a third way.

    python -m benchmarks.soundness [--count N] [--seed S] [--jobs J] [PATH…]

Takes the true claims of all documents, makes slips, and prints by kind of slip and by family: false
claims called proved (must be 0), true ones called wrong (must be 0), false ones that were not
certified wrong, and statements on which the two judges disagree (must be 0).  Every proof is tried without
each hypothesis in reach.  Exit status 1 when a number that must be 0 is not.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.findings import NAMED, SPARE, STANDS, Outcome, counted, report
from benchmarks.slips import Slip, slips_of, without_hypothesis
from benchmarks.thirdway import Truth, truth
from checker.calculus.context import Claim, Context
from checker.calculus.graph import Dependencies
from checker.calculus.relevance import relevant
from checker.documents import read_file
from checker.judge.decide import Options, decide
from checker.judge.evaluate import EvaluationOptions
from checker.language import Fault, read
from checker.language.reading import LAYOUTS
from checker.limits import Stopped, attempt
from checker.results import Verdict
from checker.workers import limit_memory

ROOT = Path(__file__).parent.parent
HOMES = ("derivations", "tests/twins", "benchmarks/corpora")
PATIENCE = 30.0  # seconds after which a judge, or the third way, is stopped
OPTIONS = Options(seconds=2.0, work=150_000, work_on_false=150_000, evaluation=EvaluationOptions(minimise=False))


@dataclass(frozen=True)
class Source:
    """A claim of a document, before anything is done to it."""

    document: str
    id: str
    family: str
    claim: Claim
    context: Context


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


def outcome(source: Source, slip: Slip, seed: int, hypothesis: str = "") -> Outcome:
    """A mutant, judged; neither a failure of the judges nor one of the third way loses the run."""
    claim, context = slip.claim, slip.context
    start = time.perf_counter()
    judgement = attempt(partial(decide, claim, context, OPTIONS), PATIENCE)
    between = time.perf_counter()
    if isinstance(judgement, Stopped):
        judgement = judgement.judgement()
    found = attempt(partial(truth_beside, claim, context, seed, judgement.verdict), PATIENCE)
    if isinstance(found, Stopped):
        found = Truth(None, 0, found.message, "" if found.reason == "budget" else found.message)
    return Outcome(
        source.document,
        source.id,
        source.family,
        slip.kind,
        found.value,
        judgement.verdict.value,
        judgement.reason,
        str(claim.left),
        str(claim.right),
        judgement.message or "",
        judgement.rests_on,
        between - start,
        time.perf_counter() - between,
        found.why,
        found.error,
        hypothesis=hypothesis,
        note=slip.note,
    )


def truth_beside(claim: Claim, context: Context, seed: int, verdict: Verdict) -> Truth:
    """The third way; where it contradicts a verdict it is asked again, at other points."""
    found = truth(claim, context, seed)
    suspect = (found.value is False and verdict is Verdict.PROVED) or (found.value is True and verdict is Verdict.WRONG)
    if not suspect:
        return found
    again = truth(claim, context, seed + 1, most=60, exact=True)
    return again if again.value is not None else found


def trials(source: Source, stands: Outcome, seed: int) -> Iterator[Outcome]:
    """A proof tried without each hypothesis in reach, by itself."""
    if stands.verdict != "proved":
        return
    claim, context = source.claim, source.context
    said = {context.hypotheses[k].text for k in relevant((claim.left, claim.right), Dependencies(context))}
    for text in sorted(said):
        kind = NAMED if text in stands.rests_on else SPARE
        yield outcome(source, without_hypothesis(claim, context, text, kind), seed, text)


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
        stands = outcome(source, Slip(STANDS, source.claim, source.context), seed)
        found += [stands, *trials(source, stands, seed)]
        if stands.truth is not True:
            continue
        chosen = picked(slips_of(source.claim, source.context), each, f"{seed} {path.name} {number}")
        found.extend(outcome(source, slip, seed) for slip in chosen)
    return found


def quota(available: Sequence[int], count: int) -> int:
    """How many slips of each claim make ``count`` in all; a quarter of the lines is false as it stands."""
    most = max(available, default=1)
    return next((q for q in range(1, most) if 3 * sum(min(a, q) for a in available) >= 4 * count), most)


def run(paths: Sequence[str], count: int, seed: int, jobs: int, share: float = 1.0) -> Iterator[Outcome]:
    """All outcomes, document by document; of a ``share`` of the claims only.

    A document that takes its process down is tried once more in one of its own, and then named as lost.
    """
    files = documents(paths)
    claims = [source for f in files for source in chosen_sources(f, share, seed)]
    each = quota([sum(1 for _ in slips_of(s.claim, s.context)) for s in claims], count)
    if jobs == 1:
        for f in files:
            yield from examine(f, each, seed, share)
        return
    with pool(jobs) as workers:
        running = [workers.submit(examine, f, each, seed, share) for f in files]
        for f, future in zip(files, running, strict=True):
            yield from results(future) or alone(f, each, seed, share)


def pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, initializer=limit_memory)


def results(future: Future[list[Outcome]]) -> list[Outcome] | None:
    """None where the process died."""
    try:
        return future.result()
    except BrokenProcessPool:
        return None


def alone(path: Path, each: int, seed: int, share: float) -> list[Outcome]:
    with pool(1) as worker:
        found = results(worker.submit(examine, path, each, seed, share))
    why = "the process that judged it died"
    lost = Outcome(path.name, "", family_of(path), STANDS, None, "undecided", "budget", "", "", lost=why)
    return [lost] if found is None else found


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


__all__ = ["Outcome", "counted", "main", "picked", "quota", "run"]

if __name__ == "__main__":
    sys.exit(main())
