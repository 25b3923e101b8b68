"""Repairing a point until the hypotheses hold: solve equations for an entry, change values for relations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flint import fmpq

from checker.calculus.context import Property
from checker.judge.machine import Key
from checker.judge.point import Domain, Point
from checker.judge.scalars import ONE, ZERO, Scalar, Undecidable, Undefined, compare, primal
from checker.judge.statement import Assumption
from checker.judge.structures import shape, special

if TYPE_CHECKING:
    from checker.judge.sample import Sampler

_ROUNDS = 8
_MOST_TRIALS, _FEW_TRIALS = 80, 12  # a matrix that stays singular is so for its shape, not its values
_LINEAR = {
    Property.SYMMETRIC,
    Property.ANTISYMMETRIC,
    Property.DIAGONAL,
    Property.LOWER_TRIANGULAR,
    Property.UPPER_TRIANGULAR,
}
Place = tuple[int, Key]


class Settler:
    """Makes one point satisfy the hypotheses of its statement, as far as it can."""

    def __init__(self, sampler: Sampler) -> None:
        self.sampler, self.machine, self.loader = sampler, sampler.machine, sampler.loader
        self.trials = 0

    def settle(self, point: Point) -> bool:
        """Make equations hold by solving for entries, then relations by changing values; repeat."""
        solved: set[Place] = set()
        changed = False
        for _ in range(_ROUNDS):
            failing = self._first_failing(changed or bool(self.sampler.structured))
            if failing is None:
                return True
            assumption, values = failing
            changed = True
            if not self._repair(point, assumption, values, solved):
                return False
        return False

    def _restart(self, point: Point) -> None:
        self.loader.load(point)
        self.sampler.derive_sizes()

    def _first_failing(self, checked_all: bool) -> tuple[Assumption, tuple[int, ...]] | None:
        for assumption in self.sampler.early if checked_all else self.sampler.generic:
            for values in self.sampler.instances(assumption):
                if not self._holds_here(assumption):
                    return assumption, values
        return None

    def _holds_here(self, assumption: Assumption) -> bool:
        try:
            return self.sampler.instance(assumption)
        except (Undefined, Undecidable, ZeroDivisionError):
            return False

    def _repair(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        if assumption.residual is not None:
            if self._solve(point, assumption, values, solved):
                return True
            return self._try_constructions(point, assumption)
        if assumption.property in _LINEAR:
            return self._solve_structure(point, assumption, values, solved)
        return self._adjust(point, assumption, values, solved)

    def _evaluate(self, point: Point, assumption: Assumption, values: tuple[int, ...], run: Any) -> Scalar:
        """A residual from scratch, with the entries it reads recorded in ``point.trace``."""
        point.trace = []
        self._restart(point)
        registers = [r.register for r in assumption.indices]
        self.machine.rewind_to(registers, values)
        return primal(run())

    def _solve(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        return self._solve_residual(point, assumption, values, solved, assumption.residual)

    def _solve_residual(
        self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place], run: Any
    ) -> bool:
        """Solve ``residual = 0`` for one entry in which it is affine, with exact numbers."""
        before = self._evaluate(point, assumption, values, run)
        entries = list(dict.fromkeys(point.trace or []))
        point.trace = None
        if type(before) is not fmpq:
            return False
        for place in reversed(entries):
            if place in solved or type(point.values[place]) is not fmpq:
                continue
            old = point.values[place]
            point.values[place] = old + 1
            try:
                after = self._evaluate(point, assumption, values, run)
                if type(after) is fmpq and after != before:
                    point.values[place] = old - before / (after - before)
                    if self._evaluate(point, assumption, values, run) == 0:
                        point.trace = None
                        solved.add(place)
                        return True
            except (Undefined, Undecidable, ZeroDivisionError):
                pass
            point.trace = None
            point.values[place] = old
        self._restart(point)
        return False

    def _solve_structure(
        self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]
    ) -> bool:
        """A linear property (symmetric, triangular …) of a defined matrix, as equations on its entries."""
        machine, entry = self.machine, assumption.entry
        assert entry is not None, assumption.source.text
        n = self.sampler.order(assumption)[0]
        get = entry

        def at(i: int, j: int) -> Scalar:
            machine.registers[assumption.row], machine.registers[assumption.column] = i, j
            return get()

        def residual(i: int, j: int) -> Any:
            match assumption.property:
                case Property.SYMMETRIC:
                    return lambda: at(i, j) - at(j, i)
                case Property.ANTISYMMETRIC:
                    return lambda: at(i, j) + at(j, i)
                case Property.DIAGONAL:
                    return (lambda: at(i, j)) if i != j else None
                case Property.LOWER_TRIANGULAR:
                    return (lambda: at(i, j)) if i < j else None
            return (lambda: at(i, j)) if i > j else None

        for i in range(1, n + 1):
            for j in range(1, n + 1):
                run = residual(i, j)
                if run is None or compare(self._evaluate(point, assumption, values, run), ZERO):
                    continue
                if not self._solve_residual(point, assumption, values, solved, run):
                    return False
        point.trace = None
        self._restart(point)
        return True

    def _adjust(self, point: Point, assumption: Assumption, values: tuple[int, ...], solved: set[Place]) -> bool:
        """Try other values for the entries a relation reads until it holds."""
        point.trace = []
        self._restart(point)
        self.machine.rewind_to([r.register for r in assumption.indices], values)
        self._holds_here(assumption)
        entries = list(dict.fromkeys(point.trace))
        point.trace = None
        free = [place for place in entries if place not in solved and type(point.values[place]) is fmpq]
        most = self.trials + (_MOST_TRIALS if assumption.property is None else _FEW_TRIALS)
        for place in free:
            old = point.values[place]
            for candidate in self._candidates(place, old):
                if self.trials >= most:
                    point.values[place] = old
                    return False
                self.trials += 1
                point.values[place] = candidate
                if self._holds_at(point, assumption, values):
                    return True
            point.values[place] = old
        return self._shrink(point, assumption, values, free, solved)

    def _holds_at(self, point: Point, assumption: Assumption, values: tuple[int, ...]) -> bool:
        self._restart(point)
        self.machine.rewind_to([r.register for r in assumption.indices], values)
        return self._holds_here(assumption)

    def _candidates(self, place: Place, old: fmpq) -> Iterator[fmpq]:
        name = self.machine.by_cell[place[0]]
        domain = self.loader.domains.get(place[0], Domain())
        if name.integral is not None:
            pool = [fmpq(n) for n in (1, 2, 3, 0, 4)]
        else:
            size, away = abs(old), (1 if old >= 0 else -1)
            pool = [away * (size + 1), -old, -away * (size + 1), ONE, fmpq(2), fmpq(3), ZERO, -ONE]
            pool += [old / 4, old / 16, size + 10, -size - 10, fmpq(1, 2), fmpq(1, 3), fmpq(1, 5), fmpq(-1, 2)]
        for value in pool:
            if value != old and domain.has(value):
                yield value

    def _shrink(
        self, point: Point, assumption: Assumption, values: tuple[int, ...], free: list[Place], solved: set[Place]
    ) -> bool:
        """Make every unsolved value small and positive (so that Σ t = 1 leaves room), or all positive, or large."""
        del solved
        everything = [p for p, v in point.values.items() if type(v) is fmpq and p[0] in {f[0] for f in free}]
        if not free:
            everything = [p for p, v in point.values.items() if type(v) is fmpq]
        old = {p: point.values[p] for p in everything}
        for scale in (fmpq(1, 16), ONE, fmpq(4), fmpq(1, 200)):
            for place in everything:
                if self.machine.by_cell[place[0]].integral is None:
                    point.values[place] = abs(old[place]) * scale
            if self._holds_at(point, assumption, values):
                return True
            if scale == fmpq(1, 16) and not free:
                self._restart(point)
                return True  # equations will be solved again in the next round
        point.values.update(old)
        self._restart(point)
        return False

    def _try_constructions(self, point: Point, assumption: Assumption) -> bool:
        """A nonlinear equation: try orthogonal matrices and unit vectors for the leaves it reads."""
        names = [self.machine.by_cell[cell] for cell in dict.fromkeys(cell for cell, _ in point.values)]
        old = dict(point.values)
        for name in names:
            if not name.is_leaf or name.slots is None or name.sequence or name.integral is not None:
                continue
            keys = self.loader.entries(name)
            box = shape(keys)
            if box is None:
                continue
            for matrix in special(box, self.sampler.drawer(point, name, ())):
                for key in keys:
                    row, column = (key[0], key[1]) if len(key) == 2 else (key[0], 1)
                    point.values[name.cell, key] = matrix[row - 1][column - 1]
                self._restart(point)
                if self._each_quietly(assumption):
                    return True
            point.values = dict(old)
        self._restart(point)
        return False

    def _each_quietly(self, assumption: Assumption) -> bool:
        return all(self._holds_here(assumption) for _ in self.sampler.instances(assumption))
