"""A forward pass with numbers: every quantity at one sample point, and the gradients of one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq
from sympy import Expr, Integer

from checker.calculus.context import Claim, Context
from checker.calculus.terms import element, index
from checker.judge.counterexample import nested
from checker.judge.evaluate import deep_recursion, size_names
from checker.judge.machine import Machine, Name
from checker.judge.plan import Plan
from checker.judge.point import Point
from checker.judge.sample import Sampler
from checker.judge.scalars import (
    BASE_PRECISION,
    OutOfRange,
    OverBudget,
    Scalar,
    Undecidable,
    Undefined,
    Unsupported,
    part,
    precision,
    primal,
)
from checker.judge.statement import Statement, prepare
from checker.judge.unknown import QUADRATIC, describe

MOST_ENTRIES = 36  # of a tensor whose numbers are shown
MOST_WORK = 200_000
SEEDS = (1, 2, 3)
DIGITS = 4
LONGEST_FRACTION = 6  # characters; longer ones are shown as decimals
NOT_THERE = (Undefined, Undecidable, OutOfRange, OverBudget, Unsupported, ZeroDivisionError, RecursionError)


@dataclass(frozen=True)
class Forward:
    """Numbers as strings, in nested lists; a name that could not be evaluated is missing."""

    sizes: Mapping[str, int]
    values: Mapping[str, Any]
    gradients: Mapping[str, Any] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)


def forward(names: Sequence[str], loss: str | None, context: Context) -> Forward | None:
    """The names at a small sample point; with a scalar ``loss``, its derivative by each of them."""
    with deep_recursion(), precision(BASE_PRECISION):
        try:
            statement = prepare(Claim(Integer(0), Integer(0)), context, [probe(name, context) for name in names])
            return _at_a_point(statement, names, loss)
        except NOT_THERE:
            return None


def probe(name: str, context: Context) -> Expr:
    """An element of the name at letters of its own, which brings it before the evaluator."""
    variable = context.variables.get(name)
    return element(name, *(index(f"@{k}") for k in range(len(variable.slots) if variable else 0)))


def _at_a_point(statement: Statement, names: Sequence[str], loss: str | None) -> Forward | None:
    sampler = Sampler(statement)
    plan = Plan(statement, sampler.permits)
    for sizes in plan.usual():
        for seed in SEEDS:
            statement.machine.limit = statement.machine.work + MOST_WORK
            point = Point(seed, dict(sizes), small=not statement.compiler.applied, mood="unit", simple=QUADRATIC)
            if sampler.find(point):
                return _read(statement, sampler, sizes, names, loss)
    return None


def _read(
    statement: Statement, sampler: Sampler, sizes: dict[int, int], names: Sequence[str], loss: str | None
) -> Forward | None:
    machine = statement.machine
    known = [machine.names[name] for name in names if name in machine.names]
    values = {name.name: found for name in known if (found := _values(machine, sampler, name)) is not None}
    gradients = {}
    if loss in values and loss is not None:
        of = machine.names[loss]
        for name in known:
            found = _gradient(machine, sampler, of, name) if name is not of else None
            if found is not None:
                gradients[name.name] = found
    functions = {
        function: describe(machine.functions[function, arity])
        for function, arity in sorted(statement.compiler.applied)
        if (function, arity) in machine.functions and arity == 1
    }
    return Forward(size_names(statement, sizes), values, gradients, functions) if values else None


def _entries(sampler: Sampler, name: Name) -> list[tuple[int, ...]] | None:
    keys = sampler.loader.entries(name)
    whole = not name.sequence and not name.parameters and name.integral is None
    return keys if whole and 0 < len(keys) <= MOST_ENTRIES else None


def _values(machine: Machine, sampler: Sampler, name: Name) -> Any:
    try:
        keys = _entries(sampler, name)
        if keys is None:
            return None
        machine.rewind()
        return nested(keys, {key: short(primal(machine.element(name, key))) for key in keys})
    except NOT_THERE:
        return None
    finally:
        machine.rewind()


def _gradient(machine: Machine, sampler: Sampler, loss: Name, name: Name) -> Any:
    """∂loss/∂name, entry by entry."""
    try:
        keys = _entries(sampler, name)
        if keys is None:
            return None
        shown = {}
        for key in keys:
            machine.rewind()
            machine.enter(machine.child(name.cell, key))
            shown[key] = short(primal(part(machine.element(loss, ()), machine.frame.depth, key)))
        return nested(keys, shown)
    except NOT_THERE:
        return None
    finally:
        machine.rewind()


def short(value: Scalar) -> str:
    """``-3/2``, or a decimal of a few digits."""
    if type(value) is fmpq:
        exact = str(value)
        return exact if len(exact) <= LONGEST_FRACTION else decimal(int(value.p) / int(value.q))
    return "0" if value.contains(0) else decimal(float(value.mid()))


def decimal(value: float) -> str:
    rounded = float(f"{value:.{DIGITS}g}")
    return f"{rounded:.10g}" if 1e-3 <= abs(rounded) < 1e7 else f"{rounded:.{DIGITS}g}"
