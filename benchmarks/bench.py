"""Speed and memory, each beside a baseline measured in the same run.

    python -m benchmarks.bench [--quick] [--limit SECONDS] [--every N]

Prints what it finds and never fails by a clock: machines differ, ratios less so.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import claims
from benchmarks.generated import ATTENTION, layers, long_document, network
from benchmarks.measure import ROOT, apart, timed, whole_process
from checker import check_file, check_text
from checker.results import DocumentReport, Line

DERIVATIONS = ROOT / "derivations"
TWINS = ROOT / "tests" / "twins"


def documents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in (".md", ".tex"))


DEPTHS = (2, 4, 8, 16, 32, 64)

# ------------------------------------------------------------------------------- whole process


def start_to_end() -> Iterator[str]:
    yield "Whole process (median of 3 after a first run; memory of the largest process)"
    bare = whole_process(["-c", "import sympy"])
    check = whole_process(["-m", "checker", "check", "derivations"])
    yield f"  checker check derivations  {check.seconds:6.2f} s  {check.megabytes:6.0f} MB   exit status {check.status}"
    yield f"  import sympy alone         {bare.seconds:6.2f} s  {bare.megabytes:6.0f} MB"
    yield f"  ratio                      {check.seconds / bare.seconds:6.2f}    {check.megabytes / bare.megabytes:6.2f}"


def jobs() -> Iterator[str]:
    yield "Several documents at once (derivations and twins, whole process)"
    paths = [str(folder.relative_to(ROOT)) for folder in (DERIVATIONS, TWINS)]
    one, two = (whole_process(["-m", "checker", "check", *paths, "--jobs", n], repeat=1) for n in ("1", "2"))
    yield f"  --jobs 1 {one.seconds:6.2f} s   exit status {one.status}"
    yield f"  --jobs 2 {two.seconds:6.2f} s   exit status {two.status}   ratio {two.seconds / one.seconds:.2f}"


# ---------------------------------------------------------------------------------- in process


def lines() -> Iterator[str]:
    yield "In process, line by line (each document in a fresh fork: everything imported, nothing remembered)"
    reports: list[DocumentReport] = [apart(lambda path=path: check_file(path)) for path in documents(DERIVATIONS)]
    judged = sorted((milliseconds(line), report.path, line.line) for report in reports for line in report.judged())
    if not judged:
        yield "  no line was judged"
        return
    median, nine_in_ten = judged[len(judged) // 2][0], judged[9 * len(judged) // 10][0]
    worst, path, number = judged[-1]
    yield f"  {len(judged)} lines   median {median:.1f} ms   p90 {nine_in_ten:.1f} ms"
    yield f"  worst {worst:.1f} ms ({Path(path).name}:{number})"


def milliseconds(line: Line) -> float:
    return 1000 * line.judgement.seconds if line.judgement else 0.0


def sizes() -> Iterator[str]:
    yield "The same network in two sizes (a whole document, in process; best of 3)"
    large, small = (best(network(*size)) for size in (("784", "K", "10"), ("2", "3", "2")))
    yield f"  784 x K x 10 {1000 * large:7.1f} ms   2 x 3 x 2 {1000 * small:7.1f} ms   ratio {large / small:.2f}"


def best(text: str, repeat: int = 3) -> float:
    return float(min(apart(lambda: timed(lambda: check_text(text, "generated.md"))) for _ in range(repeat)))


def length() -> Iterator[str]:
    yield "Documents of 200 and 2,000 claims (in process; at most 10 times as long, give or take a tenth)"
    short, long = best(long_document(200), 2), best(long_document(2000), 1)
    yield f"  200 claims {short:6.2f} s   2,000 claims {long:6.2f} s   ratio {long / short:.1f}"


def depth() -> Iterator[str]:
    yield "Networks of so many layers, the derivative by the first layer's weights (in process; best of 2)"
    yield f"  {'layers':>6} {'read':>9} {'right':>9} {'wrong':>9} {'whole':>9} {'each layer':>11}   verdicts"
    for number in DEPTHS:
        reading, whole, lines = min(apart(lambda n=number: deep(n)) for _ in range(2))
        each = " ".join(f"{1000 * seconds:6.1f} ms" for _, seconds in lines)
        verdicts = ", ".join(verdict for verdict, _ in lines)
        yield (
            f"  {number:6} {1000 * reading:6.1f} ms {each} {1000 * whole:6.1f} ms {1000 * whole / number:8.1f} ms"
            f"   {verdicts}"
        )


def deep(number: int) -> tuple[float, float, list[tuple[str, float]]]:
    """Seconds to read, seconds in all, and verdict and seconds of each line."""
    from checker.documents import read_text
    from checker.language import read

    text = layers(number)
    reading = timed(lambda: read(read_text(text, "generated.md")))
    start = time.perf_counter()
    report = check_text(text, "generated.md")
    return reading, time.perf_counter() - start, judged_lines(report)


def judged_lines(report: DocumentReport) -> list[tuple[str, float]]:
    return [(line.judgement.verdict.value, line.judgement.seconds) for line in report.judged() if line.judgement]


def attention() -> Iterator[str]:
    yield "Attention backwards: scaled, masked, by Q, K and V (a whole document, in process; best of 3; at most 1 s)"
    found = [apart(lambda: timed_report(ATTENTION)) for _ in range(3)]
    seconds, report = min(found, key=lambda pair: pair[0])
    verdicts = Counter(verdict for verdict, _ in judged_lines(report))
    yield f"  {seconds:.2f} s, {shown(verdicts)}"


def timed_report(text: str) -> tuple[float, DocumentReport]:
    start = time.perf_counter()
    report = check_text(text, "generated.md")
    return time.perf_counter() - start, report


# ---------------------------------------------------------------------------------- the corpora


def corpora() -> Iterator[str]:
    yield "The claims of the corpora, line by line (in process, each document in a fresh fork)"
    found = [1000 * seconds for seconds in claims.latencies()]
    median, ninth = found[len(found) // 2], found[9 * len(found) // 10]
    yield f"  {len(found)} lines   median {median:.1f} ms   p90 {ninth:.1f} ms   worst {found[-1]:.1f} ms"


def beside_others(every: int, limit: float) -> Iterator[str]:
    yield f"One claim of the corpora in {every}, by the checker and by others (at most {limit:g} s each for those)"
    yield from claims.table(claims.compared(every, limit))
    yield from claims.absent()


# ----------------------------------------------------------------------------- SymPy by itself


@dataclass(frozen=True)
class Compared:
    """One line by both: what the checker said in how many seconds, and what SymPy did."""

    ours: str
    seconds: float
    theirs: str
    sympy_seconds: float


def beside_sympy(limit: float) -> Iterator[str]:
    yield f"The same lines through sympy.simplify((left - right).doit()), at most {limit:g} s each"
    found = [line for path in documents(DERIVATIONS) for line in apart(lambda path=path: compared(path, limit))]
    put = [c for c in found if c.theirs != "cannot be put"]
    yield f"  {len(found)} lines; {len(found) - len(put)} of them SymPy has no words for"
    if not put:
        return
    ours, theirs = sum(c.seconds for c in put), sum(c.sympy_seconds for c in put)
    verdicts = Counter(c.theirs for c in put)
    proved = verdicts.pop("proved", 0)
    yield f"  of the other {len(put)}:"
    yield f"    the checker proves {sum(c.ours == 'proved' for c in put)} in {ours:.2f} s"
    yield f"    SymPy proves {proved} in {theirs:.2f} s ({shown(verdicts)})"
    yield f"    ratio of the times {theirs / max(ours, 1e-9):.0f}"
    mistaken = sum(c.theirs == "proved" and c.ours in ("wrong", "carried") for c in put)
    yield f"    proved by SymPy and wrong by the checker: {mistaken}"


def shown(verdicts: Counter[str]) -> str:
    return ", ".join(f"{number} {verdict}" for verdict, number in sorted(verdicts.items())) or "all"


def compared(path: Path, limit: float) -> list[Compared]:
    from benchmarks.simplify import put
    from checker.documents import read_file
    from checker.language import read
    from checker.language.reading import Fault

    report = check_file(path)
    layout = report.layout or "denominator"
    reading = {statement.id: statement for statement in read(read_file(str(path))).statements}
    rows = []
    for statement in report.statements:
        terms = [side.terms[layout] for side in reading[statement.id].sides]
        for line, term in zip(statement.lines[1:], terms[1:], strict=False):
            if line.judgement is None or isinstance(term, Fault) or isinstance(terms[0], Fault):
                continue
            outcome = put(terms[0], term, reading[statement.id].context, limit)
            judgement = line.judgement
            rows.append(Compared(judgement.verdict.value, judgement.seconds, outcome.verdict, outcome.seconds))
    return rows


# -------------------------------------------------------------------------------------- running


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bench", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="leave out what takes long, and put fewer claims to others"
    )
    parser.add_argument("--every", type=int, metavar="N", help="one claim in N of the corpora is put to others")
    parser.add_argument("--limit", type=float, default=2.0, metavar="SECONDS", help="for each line SymPy is given")
    options = parser.parse_args(arguments)
    check_text("$$ x + x = 2 x $$", "warm.md")
    every, limit = options.every or (40 if options.quick else 4), min(options.limit, 1.0)
    parts = [start_to_end(), jobs(), lines(), sizes(), depth(), attention(), corpora()]
    if not options.quick:
        parts += [length(), beside_sympy(options.limit)]
    parts.append(beside_others(every, limit))
    for part in parts:
        for line in part:
            print(line, flush=True)
        print(flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
