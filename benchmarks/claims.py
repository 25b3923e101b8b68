"""The corpora claim by claim: by the checker, by SymPy, by numbers, and by PyTorch and tensorgrad, in one run.

What each says of a claim is an *answer*: yes, no or nothing.  SymPy (``simplify`` of index terms, and
``MatrixExpr.diff`` of what is written with whole matrices) and tensorgrad only ever say yes: the difference is zero.
Numbers say yes where the two sides agree at one point in float64, which proves nothing.  PyTorch and tensorgrad are
asked where they are installed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from sympy import Expr

from benchmarks.corpora import FALSE, HOME, TRUE, check_document, documents_in, stated, without_answers
from benchmarks.measure import apart
from benchmarks.simplify import TooLong, limited, put
from benchmarks.whole_matrices import put as put_as_matrices
from checker import check_text
from checker.calculus.context import Claim, Context
from checker.documents import read_text
from checker.language import read
from checker.language.reading import Fault, ReadStatement
from checker.results import Judgement

CHECKER, SYMPY, MATRICES, TENSORGRAD = "checker", "SymPy simplify", "SymPy MatrixExpr", "tensorgrad"
OPTIONAL = {"torch": "benchmarks.gradients", "tensorgrad": "benchmarks.diagrams"}  # what puts claims to them
SIZES = (4, 64)


@dataclass(frozen=True)
class Answer:
    """``yes`` is None where nothing is said; ``why`` then says why."""

    yes: bool | None
    seconds: float
    why: str = ""


@dataclass(frozen=True)
class Judged:
    """One line of the corpora: the side ``k`` of a statement against its head, and what the checker said of it."""

    name: str
    true: bool
    judgement: Judgement
    claim: Claim
    statement: ReadStatement
    k: int


@dataclass(frozen=True)
class Row:
    """One claim, whether it is true, and what each method answered."""

    name: str
    true: bool
    answers: Mapping[str, Answer]


def latencies() -> list[float]:
    """Seconds for every line of the corpora, sorted; each document in a fork of its own."""
    found = [apart(lambda p=path, n=name: check_document(p, n)) for path, name in documents_in([str(HOME)])]
    return sorted(a.seconds for d in found for a in d.answers if a.got != "not judged")


def compared(every: int, limit: float, sizes: Sequence[int] = SIZES) -> list[Row]:
    """Every so-manieth claim, each document in a fork of its own; ``limit``: seconds for each other method."""
    for package, ours in OPTIONAL.items():
        if find_spec(package):
            import_module(ours)  # once, before the forks
    found: list[Row] = []
    start = 0
    for path, _ in documents_in([str(HOME)]):
        count, rows = apart(lambda p=path, s=start: of_document(p, s, every, limit, sizes))
        start += count
        found += rows
    return found


def of_document(path: Path, start: int, every: int, limit: float, sizes: Sequence[int]) -> tuple[int, list[Row]]:
    """The number of claims of a document, and the rows of those whose place in the whole is a multiple of ``every``."""
    text = path.read_text(encoding="utf-8")
    claims = list(judged(path, text))
    chosen = [claim for place, claim in enumerate(claims, start) if place % every == 0]
    return len(claims), [row(claim, limit, sizes) for claim in chosen]


def judged(path: Path, text: str) -> Iterator[Judged]:
    """The lines of which the truth is stated and both sides were read: against the head, as they were judged."""
    bare = without_answers(text)
    report = check_text(bare, path.name)
    reading = {statement.id: statement for statement in read(read_text(bare, path.name)).statements}
    truths = stated(text)
    for statement in report.statements:
        lines = [(k, line.judgement) for k, line in enumerate(statement.lines) if line.judgement is not None]
        verdicts = truths.get(statement.id, ())
        verdicts = verdicts * len(lines) if len(verdicts) == 1 else verdicts
        if len(verdicts) != len(lines) or statement.id not in reading:
            continue
        for (k, judgement), verdict in zip(lines, verdicts, strict=True):
            claim = claim_of(reading[statement.id], k, report.layout)
            if claim is not None:
                truth = TRUE if verdict == "proved" else FALSE
                yield Judged(statement.id, truth == TRUE, judgement, claim, reading[statement.id], k)


def claim_of(statement: ReadStatement, k: int, layout: str | None) -> Claim | None:
    sides = [side_in(statement, n, layout or "denominator") for n in (0, k)]
    left, right = sides
    return None if left is None or right is None else Claim(left, right, statement.indices)


def side_in(statement: ReadStatement, n: int, layout: str) -> Expr | None:
    terms = statement.sides[n].terms if n < len(statement.sides) else {}
    found = terms.get(layout, next(iter(terms.values()), None))
    return None if found is None or isinstance(found, Fault) else found


# ------------------------------------------------------------------------------------- methods


def row(judged: Judged, limit: float, sizes: Sequence[int]) -> Row:
    claim, context = judged.claim, judged.statement.context
    found = {CHECKER: by_checker(judged.judgement), SYMPY: by_sympy(claim, context, limit)}
    found[MATRICES] = by_matrices(judged, limit)
    found |= {numbers_at(n): by_numbers(claim, context, n, limit) for n in sizes}
    if find_spec("torch"):
        found |= {torch_at(n): by_torch(claim, context, n, limit) for n in sizes}
    if find_spec("tensorgrad"):
        found[TENSORGRAD] = by_tensorgrad(claim, context, limit)
    return Row(judged.name, judged.true, found)


def numbers_at(size: int) -> str:
    return f"numbers, size {size}"


def torch_at(size: int) -> str:
    return f"PyTorch, size {size}"


def by_checker(judgement: Judgement) -> Answer:
    answers = {"proved": True, "wrong": False, "carried": False}
    return Answer(answers.get(judgement.verdict.value), judgement.seconds, judgement.reason or "")


def by_sympy(claim: Claim, context: Context, limit: float) -> Answer:
    found = put(claim.left, claim.right, context, limit)
    return Answer(True if found.verdict == "proved" else None, found.seconds, found.verdict)


def by_matrices(judged: Judged, limit: float) -> Answer:
    """``MatrixExpr.diff``, where the claim is written with whole matrices."""
    found = put_as_matrices(judged.statement, judged.k, limit)
    return Answer(True if found.verdict == "proved" else None, found.seconds, found.verdict)


def by_numbers(claim: Claim, context: Context, size: int, limit: float) -> Answer:
    """Both sides in float64 at one point, derivatives by complex steps and central differences."""
    from benchmarks.thirdway.functions import Unsupported
    from benchmarks.thirdway.truth import compare, shrunk
    from benchmarks.thirdway.world import World

    start = time.perf_counter()
    try:
        small, around = shrunk(claim, context)
        world = World(around, 1, (size,) * 4, "mixed")
        world.deadline = time.monotonic() + limit
        points, differs, unclear = compare(world, small)
    except (Unsupported, MemoryError, RecursionError) as refusal:
        return Answer(None, time.perf_counter() - start, str(refusal))
    seconds = time.perf_counter() - start
    if differs:
        return Answer(False, seconds)
    return Answer(None if unclear or not points else True, seconds, "no point was found" if not points else "")


def by_torch(claim: Claim, context: Context, size: int, limit: float) -> Answer:
    """The same with PyTorch, which differentiates by itself."""
    from benchmarks.gradients import agree
    from benchmarks.thirdway.functions import Unsupported

    start = time.perf_counter()
    try:
        found = limited(lambda: agree(claim, context, size, time.monotonic() + limit), limit)
    except (Unsupported, MemoryError, RecursionError, RuntimeError, IndexError, ValueError, TypeError) as refusal:
        return Answer(None, time.perf_counter() - start, f"{type(refusal).__name__}: {refusal}")
    except TooLong:
        return Answer(None, time.perf_counter() - start, "too long")
    return Answer(found, time.perf_counter() - start)


def by_tensorgrad(claim: Claim, context: Context, limit: float) -> Answer:
    from benchmarks.diagrams import put as put_as_diagram

    found = put_as_diagram(claim, context, limit)
    return Answer(True if found.verdict == "proved" else None, found.seconds, found.verdict)


# ------------------------------------------------------------------------------------- showing


def table(rows: Sequence[Row]) -> Iterator[str]:
    """For each method: how many true claims it says yes to, how many false ones it refutes, its mistakes, its time."""
    true, false = sum(r.true for r in rows), sum(not r.true for r in rows)
    methods = list(dict.fromkeys(name for r in rows for name in r.answers))
    yield f"  {len(rows)} claims, {true} true and {false} false"
    yield f"  {'':18} yes to true  no to false  wrong answers  nothing   seconds   ratio"
    ours = total(rows, CHECKER)
    for method in methods:
        found = [(r.true, r.answers[method].yes) for r in rows]
        cells = (found.count((True, True)), found.count((False, False)))
        mistakes = found.count((True, False)) + found.count((False, True))
        nothing = sum(yes is None for _, yes in found)
        seconds = total(rows, method)
        yield (
            f"  {method:18} {cells[0]:>11} {cells[1]:>12} {mistakes:>14} {nothing:>8} {seconds:>9.2f}"
            f" {seconds / max(ours, 1e-9):>7.1f}"
        )
    yield from on_what_both_prove(rows)


def total(rows: Sequence[Row], method: str) -> float:
    return sum(r.answers[method].seconds for r in rows)


def on_what_both_prove(rows: Sequence[Row]) -> Iterator[str]:
    both = [r for r in rows if r.answers[CHECKER].yes and r.answers[SYMPY].yes]
    if both:
        ours, theirs = total(both, CHECKER), total(both, SYMPY)
        ratio = theirs / max(ours, 1e-9)
        yield f"  on the {len(both)} that both prove: checker {ours:.2f} s, SymPy {theirs:.2f} s, ratio {ratio:.1f}"


def absent() -> Iterator[str]:
    """What was not asked."""
    for package in OPTIONAL:
        if not find_spec(package):
            yield f"  {package} is not installed, so it was not asked"
