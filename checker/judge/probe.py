"""Many right sides for one left side, told apart quickly: evidence only, never a verdict.

All are compiled together and run at the same few points, where the left side is evaluated once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from flint import arb, fmpq
from sympy import Expr

from checker.calculus.context import Claim, Context
from checker.judge.evaluate import Comparer, deep_recursion
from checker.judge.machine import Code
from checker.judge.plan import Plan
from checker.judge.point import Point
from checker.judge.scalars import (
    BASE_PRECISION,
    OverBudget,
    Scalar,
    Undecidable,
    Undefined,
    Unsupported,
    compare,
    precision,
    primal,
)
from checker.judge.statement import prepare

POINTS = ((1, 1, "generic"), (0, 1, "generic"), (2, 2, "generic"), (1, 3, "positive"), (0, 4, "unit"))
ASSIGNMENTS = 5  # of the free indices, at each point
ENOUGH = 4  # comparisons at which a side must agree
WORK = 30_000  # steps for each point
EXPONENTS = tuple(Fraction(p, q) for p, q in ((-1, 1), (1, 1), (-1, 2), (1, 2)))
FEW_NUMBERS = tuple(Fraction(p, q) for p, q in ((1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2)))
NUMBERS = (*FEW_NUMBERS[1:], *(Fraction(s * p, q) for p, q in ((3, 1), (4, 1), (1, 3), (1, 4)) for s in (1, -1)))


@dataclass(frozen=True)
class Factor:
    """``number · size^exponent``; the size's name is empty where the exponent is 0."""

    number: Fraction
    size: str = ""
    exponent: Fraction = Fraction(0)


@dataclass(frozen=True)
class Found:
    """``passing``: positions of the sides that agree wherever both are defined; ``points``: comparisons made.

    ``factors``: numbers, and sizes to the power 1 or -1, by which the wrong side seems to be off.
    """

    passing: tuple[int, ...] = ()
    points: int = 0
    factors: tuple[Factor, ...] = ()


def probe(claim: Claim, context: Context, others: Sequence[Expr], deadline: float | None = None) -> Found:
    """Which of ``others`` agree with ``claim.left`` at the points; ``claim.right`` is compared for its ratio only."""
    with deep_recursion(), precision(BASE_PRECISION):
        try:
            return _Probe(claim, context, others, deadline).run()
        except (Unsupported, RecursionError, ZeroDivisionError):
            return Found()


def sample(
    claim: Claim, context: Context, others: Sequence[Expr], deadline: float | None = None
) -> list[tuple[float | None, ...]]:
    """Rounded values of left, right and ``others`` at a few points; None where one has no value there."""
    with deep_recursion(), precision(BASE_PRECISION):
        try:
            return _Sampling(claim, context, others, deadline).run()
        except (Unsupported, RecursionError, ZeroDivisionError):
            return []


class _Tour:
    """Visits a few assignments of a few points."""

    def __init__(self, claim: Claim, context: Context, others: Sequence[Expr], deadline: float | None) -> None:
        self.statement = prepare(Claim(claim.left, claim.left, claim.indices), context, [claim.right, *others])
        self.machine = self.statement.machine
        self.machine.deadline = deadline
        self.tester = Comparer(self.statement)

    def visit(self) -> None:
        """Something to do at the assignment that the registers hold."""

    def enough(self) -> bool:
        return False

    def tour(self) -> None:
        sizes = Plan(self.statement, self.tester.sampler.permits).usual()
        for which, seed, mood in POINTS:
            if not sizes or self.enough():
                break
            self.machine.limit = self.machine.work + WORK
            point = Point(1000 * which + seed, dict(sizes[which % len(sizes)]), family=which, mood=mood)
            try:
                if self.tester.sampler.find(point):
                    self._at(point)
            except OverBudget:
                self.machine.rewind()

    def _at(self, point: Point) -> None:
        for assignment in islice(self.tester.chosen(point), ASSIGNMENTS):
            self.tester.set_assignment(assignment)
            try:
                if self.tester.sampler.assignment_allowed():
                    self.visit()
            except (Undefined, Undecidable, ZeroDivisionError):
                continue

    def value(self, code: Code) -> Scalar:
        self.machine.rewind()
        return primal(code.run())


class _Sampling(_Tour):
    def run(self) -> list[tuple[float | None, ...]]:
        self.rows: list[tuple[float | None, ...]] = []
        self.tour()
        return self.rows

    def visit(self) -> None:
        left = rounded(self.value(self.statement.left))
        self.rows.append((left, *(self._rounded(code) for code in self.statement.others)))

    def _rounded(self, code: Code | None) -> float | None:
        try:
            return None if code is None else rounded(self.value(code))
        except (Undefined, Undecidable, ZeroDivisionError):
            return None


def rounded(value: Scalar) -> float:
    return int(value.p) / int(value.q) if isinstance(value, fmpq) else float(value.mid())


class _Probe(_Tour):
    def __init__(self, claim: Claim, context: Context, others: Sequence[Expr], deadline: float | None) -> None:
        super().__init__(claim, context, others, deadline)
        self.wrong, *self.codes = self.statement.others
        self.alive = {n: 0 for n, code in enumerate(self.codes) if code is not None}
        self.points = 0
        registers = {self.machine.symbols[r].name: r for r in self.statement.sizes}
        powers = [("", -1, Fraction(0)), *((name, r, e) for e in EXPONENTS for name, r in registers.items())]
        self.factors = {Factor(k, name, e): r for name, r, e in powers for k in numbers_with(e)}
        self.compared = 0

    def run(self) -> Found:
        self.tour()
        agreeing = (n for n, agreed in self.alive.items() if agreed >= min(ENOUGH, self.points))
        factors = tuple(self.factors) if self.compared >= ENOUGH else ()
        return Found(tuple(agreeing) if self.points else (), self.points, factors)

    def enough(self) -> bool:
        return bool(self.points) and not self.alive and not self.factors

    def visit(self) -> None:
        left = self.value(self.statement.left)
        self.points += 1
        self._note_factor(left)
        for n in list(self.alive):
            self._compare(n, left)

    def _compare(self, n: int, left: Scalar) -> None:
        code = self.codes[n]
        assert code is not None
        try:
            same = compare(left, self.value(code))
        except (Undefined, ZeroDivisionError):
            del self.alive[n]
            return
        except Undecidable:
            return
        if same:
            self.alive[n] += 1
        else:
            del self.alive[n]

    def _note_factor(self, left: Scalar) -> None:
        if not self.factors or self.wrong is None:
            return
        try:
            right = self.value(self.wrong)
            if compare(left, fmpq(0)) and compare(right, fmpq(0)):
                return
        except (Undefined, Undecidable, ZeroDivisionError):
            return
        self.compared += 1
        self.factors = {f: r for f, r in self.factors.items() if self._off_by(f, r, left, right)}

    def _off_by(self, factor: Factor, register: int, left: Scalar, right: Scalar) -> bool:
        value = fmpq(factor.number.numerator, factor.number.denominator)
        if factor.exponent:
            size = fmpq(self.machine.registers[register])
            root = size if factor.exponent.denominator == 1 else arb(size).sqrt()
            value = value * root if factor.exponent > 0 else value / root
        try:
            return compare(left, value * right)
        except Undecidable:
            return True


def numbers_with(exponent: Fraction) -> tuple[Fraction, ...]:
    """The numbers that go with a power of a size."""
    if exponent == 0:
        return NUMBERS
    return FEW_NUMBERS if exponent.denominator == 1 else FEW_NUMBERS[:2]


__all__ = ["Factor", "Found", "probe", "sample"]
