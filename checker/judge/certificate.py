"""The second look at a counterexample: compiled anew, one derivative at a time, at a higher precision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from time import monotonic

from checker.judge.point import Point
from checker.judge.sample import Sampler
from checker.judge.scalars import OverBudget, Undecidable, Undefined, compare, precision, primal, show
from checker.judge.statement import Statement, prepare

_PRECISION = 800
_MOST_WORK = 1_000_000
_GRACE = 1.0  # seconds to confirm a difference that was found at the last moment


@dataclass(frozen=True)
class Certificate:
    """Both sides at the counterexample, as exact fractions or decimals whose digits are certain."""

    left: str
    right: str


def certify(statement: Statement, point: Point, assignment: tuple[int, ...]) -> Certificate | None:
    """Evaluate the claim from scratch at a point given by its values; None unless it certainly fails there."""
    fresh = prepare(statement.claim, statement.context)
    deadline = statement.machine.deadline
    fresh.machine.single_entries = True
    fresh.machine.deadline = None if deadline is None else max(deadline, monotonic() + _GRACE)
    fresh.machine.limit = _MOST_WORK
    sampler = Sampler(fresh)
    copy = replace(point, sizes=dict(point.sizes), values=dict(point.values), trace=None)
    machine = fresh.machine
    with precision(_PRECISION):
        try:
            if not sampler.reload(copy):
                return None
            for index, value in zip(fresh.indices, assignment, strict=True):
                machine.top[index.register] = value
            machine.reset()
            machine.rewind()
            if not sampler.assignment_allowed():
                return None
            machine.rewind()
            left, right = primal(fresh.left.run()), primal(fresh.right.run())
            if compare(left, right):
                return None
            return Certificate(show(left), show(right))
        except (Undefined, Undecidable, OverBudget, ZeroDivisionError):
            return None
