"""The independent judge: evaluate both sides of a claim at concrete points, exactly or in certified balls.

It works on the terms as parsed, differentiates by dual numbers, replaces unknown functions by fixed
polynomials, and shares nothing with the symbolic calculus but the term and context types.  *differ* is
a certificate, checked again from scratch; *agree* is evidence.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic

from flint import fmpq
from sympy import Abs, Max, Min, Rational, sign
from sympy.core.relational import Relational

from checker.calculus.context import Claim, Context
from checker.judge.certificate import certify
from checker.judge.machine import Machine
from checker.judge.plan import Plan, has_stand_ins
from checker.judge.point import MOODS, Point, assignments
from checker.judge.sample import Sampler
from checker.judge.scalars import (
    BASE_PRECISION,
    PRECISIONS,
    OverBudget,
    Scalar,
    Undecidable,
    Undefined,
    Unsupported,
    compare,
    precision,
    primal,
)
from checker.judge.statement import Statement, prepare
from checker.judge.unknown import scramble
from checker.results import Counterexample

_DEEPEST_CALLS = 6000
_MOST_ASSIGNMENTS = 64
_FEWEST_ASSIGNMENTS = 4
_SAMPLE_WORK = 600
_BARREN = 2
_MORE_SEEDS = (3, 4, 5, 6)
_INFINITE_WINDOW = 2
_MORE_SIGNS = 16
_MOST_NUMBERS = 6
_LARGEST_SIZE = 60  # to which sizes are taken for a number that the statement compares an index with


@dataclass(frozen=True)
class EvaluationOptions:
    """``deadline`` is a value of ``time.monotonic()``; ``work`` bounds the steps of a run whatever the clock says."""

    seeds: tuple[int, ...] = (1, 2)
    deadline: float | None = None
    minimise: bool = True
    work: int = 2_500
    sample_work: int = 15_000


@dataclass(frozen=True)
class Evaluation:
    """``outcome`` is ``agree``, ``differ`` or ``unknown`` (with a ``reason``).

    ``points`` counts the comparisons made, ``sizes`` the sizes at which they were made, ``seed`` that of the
    first point at which the sides differ.
    """

    outcome: str
    points: int = 0
    sizes: tuple[Mapping[str, int], ...] = ()
    counterexample: Counterexample | None = None
    reason: str = ""
    seed: int = 0


def evaluate_claim(claim: Claim, context: Context, options: EvaluationOptions | None = None) -> Evaluation:
    """Whether the two sides agree at every point tried, certainly differ at one, or neither could be found out."""
    options = options or EvaluationOptions()
    with deep_recursion(), precision(BASE_PRECISION):
        try:
            statement = prepare(claim, context)
            return _Run(statement, options).judge()
        except Unsupported as refusal:
            return Evaluation("unknown", reason=f"outside: {refusal}")
        except RecursionError:
            return Evaluation("unknown", reason="nested too deep to evaluate")
        except OverBudget:
            return Evaluation("unknown", reason="budget: out of time")


@contextmanager
def deep_recursion() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEEPEST_CALLS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


@dataclass(frozen=True)
class Difference:
    """A point and an assignment of the free indices at which the two sides certainly differ."""

    point: Point
    assignment: tuple[int, ...]


class Comparer:
    """Compares the two sides of a statement at a point."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self.machine: Machine = statement.machine
        self.sampler = Sampler(statement)
        self.skipped = 0
        self.excluded = 0  # values of the indices that the hypotheses or conditions do not allow

    def compare_at(
        self, point: Point, only: tuple[int, ...] | None = None, most_work: int = _SAMPLE_WORK
    ) -> int | Difference:
        """The number of index assignments at which the sides are equal, or the first where they differ."""
        chosen = [only] if only is not None else self.chosen(point)
        equal = 0
        open_: list[tuple[int, ...]] = []
        share = self.machine.work + most_work
        for assignment in chosen:
            if equal >= _FEWEST_ASSIGNMENTS and self.machine.work > share:
                break
            same = self._same(assignment)
            if same is False:
                return Difference(point, assignment)
            if same is True:
                equal += 1
            elif same is None:
                open_.append(assignment)
        if not open_:
            return equal
        found = self._compare_more_precisely(point, open_)
        return found if isinstance(found, Difference) else equal + found

    def chosen(self, point: Point) -> list[tuple[int, ...]]:
        """Index assignments: all of them, mixed, or some spread over all."""
        every = list(assignments(self.machine, self.statement.indices, _INFINITE_WINDOW, some=True))
        every.sort(key=lambda assignment: scramble(point.seed, *assignment))
        return every[:_MOST_ASSIGNMENTS]

    def _compare_more_precisely(self, point: Point, open_: list[tuple[int, ...]]) -> int | Difference:
        equal = 0
        for bits in PRECISIONS[1:]:
            with precision(bits):
                self.reload(point)
                still: list[tuple[int, ...]] = []
                for assignment in open_:
                    same = self._same(assignment)
                    if same is False:
                        return Difference(point, assignment)
                    equal += same is True
                    if same is None:
                        still.append(assignment)
            open_ = still
            if not open_:
                break
        self.skipped += len(open_)
        self.reload(point)
        return equal

    def reload(self, point: Point) -> None:
        self.sampler.loader.load(point)
        self.sampler.derive_sizes()

    def set_assignment(self, assignment: tuple[int, ...]) -> None:
        machine, statement = self.machine, self.statement
        moved = False
        for index, value in zip(statement.indices, assignment, strict=True):
            if machine.top[index.register] != value:
                moved = moved or index.register in statement.global_reads
                machine.top[index.register] = value
        if moved:
            machine.reset()
        machine.rewind()

    def _same(self, assignment: tuple[int, ...]) -> bool | str | None:
        """True, False, None (precision too low) or ``"void"`` (undefined there, or excluded by a hypothesis)."""
        self.set_assignment(assignment)
        try:
            if not self.sampler.assignment_allowed():
                self.excluded += 1
                return "void"
            self.machine.rewind()
            left, right = self.sides()
            return compare(left, right)
        except (Undefined, ZeroDivisionError):
            self.skipped += 1
            return "void"
        except Undecidable:
            return None

    def sides(self) -> tuple[Scalar, Scalar]:
        return primal(self.statement.left.run()), primal(self.statement.right.run())


def compares(claim: Claim) -> bool:
    """Whether a side asks which of two reals is larger."""
    return any(side.has(Relational, Max, Min, Abs, sign) for side in (claim.left, claim.right))


def numbers_in(statement: Statement) -> tuple[tuple[fmpq, ...], tuple[int, ...]]:
    """Numbers of the claim that the usual values do not reach, and those that the usual sizes do not."""
    sides = (statement.claim.left, statement.claim.right)
    found = sorted({q for side in sides for q in side.atoms(Rational) if abs(q) >= 4})[:_MOST_NUMBERS]
    sizes = tuple(int(q) for q in found if q.is_Integer and 4 <= q <= _LARGEST_SIZE)
    return tuple(fmpq(int(q.p), int(q.q)) for q in found), sizes


class _Run:
    """One call of ``evaluate_claim``: the plan, the budget, and what has been found so far."""

    def __init__(self, statement: Statement, options: EvaluationOptions) -> None:
        self.statement, self.options = statement, options
        self.machine = statement.machine
        self.tester = Comparer(statement)
        self.points = 0
        self.tried: dict[tuple[tuple[int, int], ...], set[int]] = {}
        self.unsampled = 0
        self.planned = 0
        self.late = False
        self.real = False
        self.infeasible: set[tuple[tuple[int, int], ...]] = set()  # sizes at which no point was found
        self.barren = 0  # generic samples in a row at which nothing could be compared

    def judge(self) -> Evaluation:
        self.machine.deadline = self.options.deadline
        found = self._search(real=False)
        if isinstance(found, Difference) and has_stand_ins(self.statement):
            scaled = found
            found = self._search(real=True)
            if isinstance(found, Difference) and certify(self.statement, found.point, found.assignment) is not None:
                return self._differ(scaled)
            if found is None and self._covered():
                return Evaluation("agree", self.points, self._sizes())
            return Evaluation(
                "unknown", self.points, self._sizes(), reason="differs at smaller sizes, not settled at the true ones"
            )
        if isinstance(found, Difference):
            return self._differ(found)
        if self._covered():
            return Evaluation("agree", self.points, self._sizes())
        return Evaluation("unknown", self.points, self._sizes(), reason=self._why())

    # ------------------------------------------------------------------------------------ searching

    def _search(self, real: bool) -> Difference | None:
        self.real = real
        plan = Plan(self.statement, self.tester.sampler.permits, real)
        usual = plan.usual()
        self.planned += len(usual)
        found, dropped = self._sweep(usual)
        if found is None and not real and compares(self.statement.claim):
            found = self._closer(usual)
        if found is None and dropped and not self.late:
            found, _ = self._sweep(plan.cheaper())
        if found is None and self.infeasible and not self._covered() and not self.late:
            found, _ = self._sweep(plan.further())
        if found is None and self.tried and not self._covered() and not self.late:
            found, _ = self._sweep([dict(sizes) for sizes in self.tried], _MORE_SEEDS)
        return found

    def _sweep(
        self, plans: list[dict[int, int]], seeds: tuple[int, ...] | None = None
    ) -> tuple[Difference | None, bool]:
        """Every plan with every seed, as far as the budget goes; plans that cost too much are dropped."""
        dropped: set[int] = set()
        spent = 0
        if seeds is None:
            seeds = self.options.seeds if len(plans) > 1 else tuple(range(1, 9))
        for seed in seeds:
            for number, sizes in enumerate(plans):
                if number in dropped or self.late or tuple(sizes.items()) in self.infeasible:
                    continue
                if spent > self.options.work and (self._covered() or (seed == seeds[0] and number > 1)):
                    continue
                before = self.machine.work
                self.machine.limit = before + self.options.sample_work
                try:
                    found = self._sample(seed, number, sizes)
                except OverBudget:
                    dropped.add(number)
                    self.late = self._past_deadline()
                    found = None
                spent += self.machine.work - before
                if isinstance(found, Difference):
                    return found, False
        return None, bool(dropped)

    def _closer(self, plans: list[dict[int, int]]) -> Difference | None:
        """Points that matter where quantities are compared: ties, other signs, values and sizes beside the numbers
        of the statement ([x ≥ y] is not [x > y], max(x, 30) is not 30)."""
        for point in self._closer_points(plans):
            self.machine.limit = self.machine.work + self.options.sample_work
            try:
                found = self.tester.compare_at(point) if self.tester.sampler.find(point) else None
            except OverBudget:
                self.machine.rewind()
                if point.mood == "tied":
                    return None
                continue
            if isinstance(found, Difference):
                return found
        return None

    def _closer_points(self, plans: list[dict[int, int]]) -> Iterator[Point]:
        start = self.machine.work
        levels, sizes = numbers_in(self.statement)
        for number, plan in enumerate(plans[:2]):
            for seed in range(1, 5):
                yield Point(1000 * number + seed, dict(plan), family=number, mood="tied")
        for seed in range(11, 11 + _MORE_SIGNS):
            if plans and self.machine.work - start < self.options.work:
                yield Point(seed, dict(plans[0]))
        for seed in range(21, 25):
            if levels and plans and not self._past_deadline():
                yield Point(seed, dict(plans[seed % len(plans)]), mood="near", levels=levels)
        true_sizes = {r: n for n, r in self.statement.compiler.stand_ins.items()}
        for n in sizes:
            beyond = {r: min(n + 1, true_sizes.get(r, n + 1)) for r in plans[0]} if plans else {}
            if beyond and self.tester.sampler.permits(beyond) and not self._past_deadline():
                yield Point(31, beyond)

    def _past_deadline(self) -> bool:
        return self.options.deadline is not None and monotonic() > self.options.deadline

    def _sample(self, seed: int, number: int, sizes: dict[int, int]) -> Difference | None:
        failed = 0
        for mood in MOODS[1:] if self.barren >= _BARREN else MOODS:
            point = Point(1000 * number + seed, dict(sizes), family=number, mood=mood, sparse=self.real)
            if not self.tester.sampler.find(point):
                self.unsampled += 1
                failed += 1
                if failed == 2:
                    self.infeasible.add(tuple(sizes.items()))
                    break
                continue
            voided = self.tester.skipped
            found = self.tester.compare_at(point)
            if isinstance(found, Difference):
                return found
            if mood == MOODS[0]:
                self.barren = 0 if found else self.barren + 1
            if found:
                self.points += found
                self.tried.setdefault(tuple(sorted(sizes.items())), set()).add(seed)
            if found or self.tester.skipped == voided:
                break
        return None

    # ------------------------------------------------------------------------------------- outcomes

    def _covered(self) -> bool:
        """At least two different sizes, with two seeds each (without sizes: four seeds)."""
        if not self.statement.sizes:
            return any(len(seeds) >= 4 for seeds in self.tried.values())
        twice = [seeds for seeds in self.tried.values() if len(seeds) >= 2]
        return len(twice) >= 2 or (len(self.tried) == 1 and any(len(seeds) >= 4 for seeds in twice))

    def _sizes(self) -> tuple[Mapping[str, int], ...]:
        return tuple(size_names(self.statement, dict(sizes)) for sizes in self.tried)

    def _why(self) -> str:
        if self.late:
            return "budget: out of time"
        if not self.points and (self.unsampled or not self.planned):
            return "no point that satisfies the hypotheses was found"
        if not self.points and self.tester.skipped:
            return "undefined at every point tried"
        if not self.points and self.tester.excluded:
            return "no values of the indices that satisfy the conditions were found"
        if not self.points:
            return "budget: too costly to evaluate even at sizes 1 and 2"
        return "budget: too few points could be evaluated"

    def _differ(self, difference: Difference) -> Evaluation:
        from checker.judge.counterexample import report

        example = report(self.tester, difference, self.options)
        if example is None:
            return Evaluation(
                "unknown", self.points, self._sizes(), reason="a difference that the second evaluation does not confirm"
            )
        return Evaluation("differ", self.points, self._sizes(), example, seed=difference.point.seed)


def size_names(statement: Statement, sizes: dict[int, int]) -> dict[str, int]:
    return {statement.machine.symbols[r].name: value for r, value in sizes.items()}
