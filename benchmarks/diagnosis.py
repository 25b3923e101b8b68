"""How often a slip is found: mutants of true claims, and the errata and false twins of the corpora.

    python -m benchmarks.diagnosis [PATH…] [--most N] [--list]

For each wrong line: is the slip *located* (the place overlaps what was changed), *named* as what it is,
and *corrected* to something that is proved equal to the truth?  Exit status 1 below the goals.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpora import HOME, without_answers
from benchmarks.mutants import Mutant, applied, mutants
from checker.calculus.context import Claim
from checker.chains import Judges, Lines, judge_lines
from checker.check import chain_judge, diagnosed, options_for
from checker.documents import read_text
from checker.documents.model import LineMap
from checker.judge.decide import decide
from checker.language import read
from checker.language.again import again, rewritten
from checker.language.reading import LAYOUTS, Fault, Reading, ReadStatement
from checker.limits import Door
from checker.results import Judgement, Verdict

TIMEOUT = 10.0
SLOWEST = 12  # that are listed
GOAL_MUTANTS, GOAL_ERRATA = 0.95, 0.90
SLIP = re.compile(r"<!-- id: (\S+) -->\n<!-- expect: [^\n]* -->\n<!-- slip: ([^\n]*?) -->")
# The names that a kind of slip may be called by: what one change says, another may say as well.
SAME: Mapping[str, tuple[str, ...]] = {
    "sign": ("sign", "argument", "order"),
    "factor": ("factor", "mean", "extra-factor", "missing-factor", "power"),
    "transpose": ("transpose", "index", "order"),
    "index": ("index", "transpose", "argument", "index-missing"),
    "derivative": ("derivative", "missing-factor", "extra-factor"),
    "missing-factor": ("missing-factor", "power", "factor", "argument"),
    "extra-factor": ("extra-factor", "power", "factor", "one-minus"),
    "missing-term": ("missing-term", "one-minus", "missing-factor", "argument"),
    "power": ("power", "extra-factor", "missing-factor", "factor"),
    "missing-sum": ("missing-sum", "index"),
    "one-minus": ("one-minus", "missing-term", "missing-factor"),
    "argument": ("argument", "sign", "index", "label"),
    "label": ("label", "argument", "index"),
    "order": ("order", "transpose", "index"),
    "range": ("range", "missing-term"),
    "extra-sum": ("extra-sum", "index"),
    "shape": ("shape", "transpose", "order", "missing-factor", "extra-sum", "extra-factor"),
}
ALIASES: Mapping[str, str] = {
    "f for f'": "derivative",
    "f-for-derivative": "derivative",
    "inner-derivative": "missing-factor",
    "missing inner derivative": "missing-factor",
    "missing weight": "missing-factor",
    "lost factor": "missing-factor",
    "missing delta": "missing-factor",
    "lost-term": "missing-term",
    "missing path": "missing-term",
    "missing term": "missing-term",
    "missing sum over time": "missing-term",
    "missing sum": "missing-sum",
    "missing hypothesis": "hypothesis",
    "swapped-variable": "argument",
    "swapped variable": "argument",
    "wrong factor": "argument",
    "swapped-branches": "branches",
    "swapped": "branches",
    "shifted time": "label",
    "order of factors": "order",
    "exponent": "power",
    "power-rule": "power",
    "absolute-value": "absolute",
    "product-rule": "missing-term",
    "wrong rule": "other",
}


@dataclass(frozen=True)
class Case:
    """One wrong line with what was found out about it."""

    group: str  # "mutants" or "errata"
    id: str
    kind: str
    wrong: str
    truth: str
    mistake: str | None
    suggestion: str | None
    located: bool
    named: bool
    corrected: bool
    seconds: float


class Bench:
    """One document, read once, whose statements are judged in its layout."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.slips = dict(SLIP.findall(text))
        document = read_text(without_answers(text), str(path))
        self.reading: Reading = read(document)
        self.layout = self.reading.layout or LAYOUTS[0]
        self.judges = Judges(chain_judge(TIMEOUT), Door(), TIMEOUT, LineMap.of(document.text).place)
        self.statements = {s.id: s for s in self.reading.statements}
        self.cache: dict[str, Lines] = {}

    def judge(self, statement: ReadStatement, key: str) -> Lines:
        if key not in self.cache:
            self.cache[key] = judge_lines(statement, len(self.cache), self.layout, self.judges)
        return self.cache[key]

    def diagnosed(self, statement: ReadStatement, key: str) -> tuple[Judgement | None, float]:
        """The last line with its diagnosis, and the seconds of this process that took."""
        lines = self.judge(statement, key)
        start = time.process_time()
        found = diagnosed(statement, lines, (len(self.cache), self.layout), self.judges, anew)
        return found[-1], time.process_time() - start

    def equal(self, statement: ReadStatement, left: int, text: str | None) -> bool:
        """Whether side ``left`` is proved equal to a text."""
        reader = again(statement)
        if reader is None or text is None:
            return False
        found = reader.part(text, reader.parts[left])
        equation = None if found is None else reader.read(reader.parts[left], found, self.layout)
        if equation is None or isinstance(equation.left, Fault) or isinstance(equation.right, Fault):
            return self._equal_element(statement, left, text)
        claim = Claim(equation.left, equation.right, equation.indices)
        return decide(claim, reader.context, options_for(TIMEOUT)).verdict is Verdict.PROVED

    def _equal_element(self, statement: ReadStatement, left: int, text: str) -> bool:
        """A suggestion in index notation for a side that is a matrix: entry by entry."""
        reader = again(statement)
        assert reader is not None
        letters = [str(s) for s in statement.indices]
        part = reader.parts[left]
        whole = reader.part(f"({part.latex})_{{{' '.join(letters)}}}", part)
        found = reader.part(text, part)
        if whole is None or found is None or not letters:
            return False
        equation = reader.read(whole, found, self.layout)
        if equation is None or isinstance(equation.left, Fault) or isinstance(equation.right, Fault):
            return False
        claim = Claim(equation.left, equation.right, equation.indices)
        return decide(claim, reader.context, options_for(TIMEOUT)).verdict is Verdict.PROVED


def anew(statement: ReadStatement, k: int, lines: Lines, action: Callable[[], Judgement | None]) -> Judgement | None:
    """A diagnosis that is never remembered."""
    return action()


# ------------------------------------------------------------------------------------------ errata


def errata(path: Path) -> Iterator[Case]:
    bench = Bench(path)
    for name, slip in bench.slips.items():
        statement = bench.statements.get(name)
        if statement is None or len(statement.sides) < 2:
            continue
        truth = bench.statements.get(name.removesuffix(".slip") if name.endswith(".slip") else f"{name}.right")
        found, seconds = bench.diagnosed(statement, name)
        if found is None or found.verdict is not Verdict.WRONG:
            continue
        right = truth.sides[-1].latex if truth is not None else ""
        kind = ALIASES.get(slip, slip)
        corrected = bench.equal(statement, 0, found.suggestion) or found.assume is not None
        named = found.mistake in SAME.get(kind, (kind,)) or (kind == "other" and corrected)
        located = overlaps(found, bench, statement, changed(statement.sides[-1].latex, right))
        yield Case(
            "errata",
            f"{path.name} {name}",
            kind,
            statement.sides[-1].latex,
            right,
            found.mistake,
            found.suggestion or found.assume,
            located,
            named,
            corrected,
            seconds,
        )


def changed(wrong: str, right: str) -> tuple[int, int]:
    """The span of the wrong text in which it differs from the right one."""
    start = 0
    while start < min(len(wrong), len(right)) and wrong[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(wrong), len(right)) - start and wrong[-1 - end] == right[-1 - end]:
        end += 1
    return start, len(wrong) - end


def overlaps(found: Judgement, bench: Bench, statement: ReadStatement, span: tuple[int, int]) -> bool:
    if found.place is None:
        return False
    line, column, length = found.place
    first, last = bench.judges.place(statement.sides[-1].start)
    start = column - last if line == first else 0
    return start <= span[1] + 2 and span[0] - 2 <= start + length


# ----------------------------------------------------------------------------------------- mutants


def mutated(path: Path, most: int, random_: random.Random) -> Iterator[Case]:
    bench = Bench(path)
    for name, statement in bench.statements.items():
        if name in bench.slips or statement.kind != "claim" or len(statement.sides) < 2 or again(statement) is None:
            continue
        lines = bench.judge(statement, name)
        if lines[-1] is None or lines[-1].verdict is not Verdict.PROVED:
            continue
        two = rewritten_pair(statement)
        if two is not None:
            yield from of_statement(bench, f"{path.name} {name}", two, most, random_)


def rewritten_pair(statement: ReadStatement) -> ReadStatement | None:
    """The head and the last side alone."""
    from dataclasses import replace

    from checker.language.statements import Origin

    source = statement.source
    assert isinstance(source, Origin), source
    parts = (source.chain.parts[0], source.chain.parts[-1])
    short = replace(statement, source=Origin(source.desk, replace(source.chain, parts=parts)))
    return rewritten(short, 1, parts[1].latex)


def of_statement(
    bench: Bench, name: str, statement: ReadStatement, most: int, random_: random.Random
) -> Iterator[Case]:
    text = statement.sides[1].latex
    every = list({applied(text, m): m for m in mutants(text)}.items())
    random_.shuffle(every)
    every.sort(key=lambda pair: RARE.index(pair[1][0]) if pair[1][0] in RARE else len(RARE))
    done = 0
    for wrong, mutant in every:
        if done >= most:
            return
        case = of_mutant(bench, name, statement, wrong, mutant)
        if case is not None:
            done += 1
            yield case


RARE = ("range", "one-minus", "label", "argument", "missing-sum", "derivative", "order", "transpose", "missing-term")


def of_mutant(bench: Bench, name: str, statement: ReadStatement, wrong: str, mutant: Mutant) -> Case | None:
    text = statement.sides[1].latex
    made = rewritten(statement, 1, wrong)
    if made is None:
        return None
    key = f"{name} {wrong}"
    lines = bench.judge(made, key)
    if lines[-1] is None or lines[-1].verdict is not Verdict.WRONG:
        return None
    found, seconds = bench.diagnosed(made, key)
    assert found is not None
    kind = mutant[0]
    corrected = bench.equal(statement, 1, found.suggestion)
    same = "".join((found.suggestion or "").split()) == "".join(text.split())
    span = (mutant[1], mutant[1] + len(mutant[3]))
    located = same or (found.place is not None and place_in_text(found.place[1], found.place[2], span))
    named = found.mistake in SAME.get(kind, (kind,))
    return Case("mutants", name, kind, wrong, text, found.mistake, found.suggestion, located, named, corrected, seconds)


def place_in_text(column: int, length: int, span: tuple[int, int]) -> bool:
    """Places of a rewritten side count from its own first character."""
    return column - 1 <= span[1] + 2 and span[0] - 2 <= column - 1 + length


# ----------------------------------------------------------------------------------------- showing


def summary(cases: Sequence[Case]) -> str:
    seconds = sorted(c.seconds for c in cases)
    count = len(cases)

    def share(chosen: Iterable[bool]) -> str:
        return f"{100 * sum(chosen) / count:5.1f} %"

    return (
        f"{count:5} wrong lines: located {share(c.located for c in cases)}, named {share(c.named for c in cases)}, "
        f"corrected {share(c.corrected for c in cases)}; "
        f"median {1000 * seconds[count // 2]:.0f} ms, nine in ten under {1000 * seconds[count * 9 // 10]:.0f} ms, "
        f"all under {1000 * seconds[-1]:.0f} ms"
    )


def table(cases: Sequence[Case]) -> Iterator[str]:
    kinds: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        kinds[case.kind].append(case)
    for kind, found in sorted(kinds.items()):
        called = Counter(c.mistake for c in found).most_common(4)
        rates = "  ".join(f"{sum(getattr(c, a) for c in found):4}" for a in ("located", "named", "corrected"))
        yield f"  {kind:16} {len(found):4}  {rates}   {', '.join(f'{name} {n}' for name, n in called)}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--most", type=int, default=2, help="mutants of each true line (0: none)")
    parser.add_argument("--list", action="store_true", help="every line that is not corrected or not named")
    options = parser.parse_args(arguments)
    paths = options.paths or sorted(p for p in HOME.glob("*.md") if p.name != "README.md")
    random_ = random.Random(1)
    cases = [case for path in paths for case in errata(path)]
    if options.most:
        cases += [case for path in paths for case in mutated(path, options.most, random_)]
    good = True
    for group, goal in (("errata", GOAL_ERRATA), ("mutants", GOAL_MUTANTS)):
        chosen = [c for c in cases if c.group == group]
        if chosen:
            print(f"{group}: {summary(chosen)}")
            print(f"  {'slip':16} {'all':>4}  {'loc.':>4}  {'name':>4}  {'corr':>4}   called")
            print("\n".join(table(chosen)))
            good = good and sum(c.corrected for c in chosen) >= goal * len(chosen)
    if options.list:
        for case in sorted(cases, key=lambda c: -c.seconds)[:SLOWEST]:
            print(f"{1000 * case.seconds:.0f} ms {case.id} {case.wrong}")
        for case in cases:
            if not (case.corrected and case.named):
                print(f"\n{case.id} [{case.kind}] called {case.mistake}, {'' if case.corrected else 'not '}corrected")
                print(f"  wrong  {case.wrong}\n  truth  {case.truth}\n  found  {case.suggestion}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
