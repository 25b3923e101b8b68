"""From a difference to a counterexample worth reading: smallest sizes, small integers, checked from scratch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

from flint import fmpq

from checker.judge.certificate import Certificate, certify
from checker.judge.machine import Key, Name
from checker.judge.plan import Plan
from checker.judge.point import Point, assignments
from checker.judge.scalars import ZERO, OutOfRange, OverBudget, Scalar, Undecidable, Undefined, part, primal, show
from checker.judge.unknown import GENERIC, LINEAR, QUADRATIC, describe
from checker.results import Counterexample

if TYPE_CHECKING:
    from checker.judge.evaluate import Comparer, Difference, EvaluationOptions

_SEARCH_WORK = 12_000
_REPORT_WORK = 200_000
_TRIALS = 80
_FEWEST_SEEDS, _MOST_SEEDS = 2, 4
_MOST_LISTED = 60
_NOTHING = "?"  # where a side is not defined
_CANDIDATES = tuple(fmpq(p, q) for p, q in ((1, 1), (2, 1), (-1, 1), (3, 1), (1, 2), (-2, 1), (0, 1), (1, 3), (2, 3)))


def report(tester: Comparer, difference: Difference, options: EvaluationOptions) -> Counterexample | None:
    """The counterexample to show; None where the evaluation from scratch does not confirm any."""
    for found in _candidates(tester, difference, options):
        tester.machine.limit = tester.machine.work + _REPORT_WORK
        certificate = certify(tester.statement, found.point, found.assignment)
        if certificate is not None:
            return _described(tester, found, certificate)
    return None


def _described(tester: Comparer, found: Difference, certificate: Certificate) -> Counterexample:
    """What is certified is shown, however late it is; without its values where those cost too much."""
    machine = tester.machine
    machine.deadline, machine.limit = None, machine.work + _REPORT_WORK
    try:
        return _describe(tester, found, certificate)
    except OverBudget:
        machine.rewind()
        sizes = {machine.symbols[r].name: v for r, v in found.point.sizes.items() if r in tester.statement.sizes}
        indices = {r.symbol.name: v for r, v in zip(tester.statement.indices, found.assignment, strict=True)}
        return Counterexample(sizes, indices, {}, certificate.left, certificate.right)


def _candidates(tester: Comparer, difference: Difference, options: EvaluationOptions) -> Iterator[Difference]:
    if options.minimise:
        smaller = _smallest(tester)
        if smaller is not None:
            yield _simplify(tester, smaller)
            yield smaller
    yield difference


# --------------------------------------------------------------------------------------- searching


def _smallest(tester: Comparer) -> Difference | None:
    """The best of a few differences at the smallest sizes that have one."""
    machine = tester.machine
    start = machine.work
    plan = Plan(tester.statement, tester.sampler.permits)
    for number, sizes in enumerate(plan.smallest_first()):
        if machine.work - start > _SEARCH_WORK:
            break
        machine.limit = machine.work + _SEARCH_WORK
        found: list[Difference] = []
        try:
            for seed in range(1, _MOST_SEEDS + 1):
                if seed > _FEWEST_SEEDS and not found:
                    break
                found += _differences(tester, 97 * number + seed, sizes)
        except OverBudget:
            machine.rewind()
        if found:
            machine.limit = machine.work + _REPORT_WORK
            return min(found, key=lambda d: _cost(tester, d))
    return None


def _differences(tester: Comparer, seed: int, sizes: dict[int, int]) -> list[Difference]:
    """A difference at small integers, with the simplest unknown functions that show one."""
    unknown = tester.statement.compiler.applied or any(n.depends for n in tester.machine.names.values())
    for simple in (LINEAR, QUADRATIC, GENERIC) if unknown else (LINEAR,):
        difference = _try(tester, Point(seed, dict(sizes), small=True, simple=simple))
        if difference is not None:
            return [difference]
    return []


def _try(tester: Comparer, point: Point) -> Any:
    from checker.judge.evaluate import Difference

    if not tester.sampler.find(point, tries=2):
        return None
    found = tester.compare_at(point)
    return found if isinstance(found, Difference) else None


def _simplify(tester: Comparer, difference: Difference) -> Difference:
    """Replace value after value by a simpler one while the sides still differ and the hypotheses hold."""
    machine = tester.machine
    machine.limit, enough = machine.work + _REPORT_WORK, machine.work + _SEARCH_WORK
    best, cost = difference, _cost(tester, difference)
    trials = 0
    try:
        best, cost = _with_zeros(tester, best, cost, enough)
        for place in _touched(tester, difference):
            name = tester.machine.by_cell[place[0]]
            if name.integral is not None:
                continue
            for value in _CANDIDATES:
                if trials >= _TRIALS or machine.work > enough:
                    return best
                if not _simpler(value, best.point.values[place]):
                    continue
                trials += 1
                point = replace(best.point, values={**best.point.values, place: value})
                changed = _differs(tester, replace(best, point=point))
                if changed is not None and (found := _cost(tester, changed)) < cost:
                    best, cost = changed, found
                    break
    except OverBudget:
        tester.machine.rewind()
    return best


def _with_zeros(
    tester: Comparer, best: Difference, cost: tuple[int, int], enough: int
) -> tuple[Difference, tuple[int, int]]:
    """A whole tensor of zeros often makes both sides rational (softmax of 0 is 1/n).  Ends at ``enough`` steps."""
    left, right = tester.sides()
    if type(left) is fmpq and type(right) is fmpq:
        return best, cost
    for cell, _ in groupby(sorted(_touched(tester, best)), key=lambda place: place[0]):
        if tester.machine.work > enough:
            break
        if tester.machine.by_cell[cell].integral is not None:
            continue
        values = {place: ZERO if place[0] == cell else v for place, v in best.point.values.items()}
        changed = _differs(tester, replace(best, point=replace(best.point, values=values)))
        if changed is not None and (found := _cost(tester, changed)) < cost:
            best, cost = changed, found
    return best, cost


def _simpler(value: fmpq, old: Scalar) -> bool:
    return type(old) is fmpq and (_value_cost(value) < _value_cost(old) or value == 0) and value != old


def _differs(tester: Comparer, difference: Difference) -> Difference | None:
    from checker.judge.evaluate import Difference

    if not tester.sampler.reload(difference.point):
        return None
    found = tester.compare_at(difference.point, only=difference.assignment)
    return found if isinstance(found, Difference) else None


def _cost(tester: Comparer, difference: Difference) -> tuple[int, int]:
    """How hard a counterexample is to redo by hand: irrational sides, then fractions, zeros and repetitions."""
    touched = _touched(tester, difference)
    values = [difference.point.values[place] for place in touched]
    left, right = tester.sides()
    cost = sum(_value_cost(v) for v in values) + len(values) - len(set(map(str, values)))
    cost += sum(40 if type(side) is not fmpq else int(abs(side.p)) // 100 + int(side.q) // 10 for side in (left, right))
    return cost + 3 * difference.point.simple * -1, len(values)


def _value_cost(value: Scalar) -> int:
    if type(value) is not fmpq:
        return 50
    if value == 0:
        return 6
    return min(60, int(abs(value.p)) + 6 * (int(value.q) - 1) + (1 if value < 0 else 0))


def _touched(tester: Comparer, difference: Difference) -> list[tuple[int, Key]]:
    """The leaf entries that the two sides read at the difference, in order; leaves their values on the machine."""
    point = difference.point
    point.trace = []
    tester.reload(point)
    tester.set_assignment(difference.assignment)
    try:
        tester.sides()
    except (Undefined, Undecidable, ZeroDivisionError):
        tester.machine.rewind()
    touched = list(dict.fromkeys(point.trace))
    point.trace = None
    return touched


# -------------------------------------------------------------------------------------- describing


def _describe(tester: Comparer, difference: Difference, certificate: Certificate) -> Counterexample:
    statement, machine = tester.statement, tester.machine
    touched = _touched(tester, difference)
    sizes = {machine.symbols[r].name: v for r, v in difference.point.sizes.items() if r in statement.sizes}
    values: dict[str, Any] = {}
    for cell, entries in groupby(sorted(touched), key=lambda place: place[0]):
        name = machine.by_cell[cell]
        keys = [key for _, key in entries]
        if name.integral == "size":
            sizes.update({_entry_name(name.name, key): int(difference.point.values[cell, key].p) for key in keys})
        else:
            values.update(_listed(tester, difference, name, keys))
    values.update(_functions(tester, difference))
    indices = {r.symbol.name: v for r, v in zip(statement.indices, difference.assignment, strict=True)}
    return Counterexample(
        sizes, indices, dict(sorted(values.items())), certificate.left, certificate.right, _whole(tester, difference)
    )


def _whole(tester: Comparer, difference: Difference) -> tuple[Any, Any] | None:
    """Both sides at every value of one or two free indices; None where they are single numbers or many."""
    tester.reload(difference.point)
    keys = sorted(assignments(tester.machine, tester.statement.indices, 1))
    if len(difference.assignment) > 2 or not 1 < len(keys) <= _MOST_LISTED or not _is_box(keys):
        return None
    left: dict[Key, str] = {}
    right: dict[Key, str] = {}
    for key in keys:
        try:
            tester.set_assignment(key)
            left[key], right[key] = map(show, tester.sides())
        except (Undefined, Undecidable, OutOfRange, OverBudget, ZeroDivisionError):
            tester.machine.rewind()
            left[key] = right[key] = _NOTHING
    return nested(keys, left), nested(keys, right)


def _is_box(keys: list[Key]) -> bool:
    """Whether every first index goes with the same second ones."""
    rows = [[key[1:] for key in group] for _, group in groupby(keys, key=lambda key: key[0])]
    return all(row == rows[0] for row in rows)


def _entry_name(name: str, key: Key) -> str:
    return f"{name}_{{{','.join(map(str, key))}}}" if key else name


def _listed(tester: Comparer, difference: Difference, name: Name, keys: list[Key]) -> dict[str, Any]:
    """A whole tensor as nested lists where it is a small box, otherwise the entries that were read."""
    values, loader = difference.point.values, tester.sampler.loader
    if keys == [()]:
        return {name.name: show(values[name.cell, ()])}
    if not name.sequence and name.slots is not None and not name.parameters:
        every = loader.entries(name)
        if len(every) <= _MOST_LISTED:
            shown = {key: show(primal(tester.machine.element(name, key))) for key in every}
            return {name.name: nested(every, shown)}
    return {_entry_name(name.name, key): show(values[name.cell, key]) for key in keys[:_MOST_LISTED]}


def nested(keys: list[Key], shown: dict[Key, Any]) -> Any:
    """Nested lists from a box of index tuples in order."""
    if keys == [()]:
        return shown[()]
    groups = groupby(keys, key=lambda key: key[0])
    result = []
    for first, members in groups:
        result.append(nested([key[1:] for key in members], {k[1:]: v for k, v in shown.items() if k[0] == first}))
    return result


def _functions(tester: Comparer, difference: Difference) -> dict[str, Any]:
    """What was put for the unknown functions: elementwise ones as formulas, others by value and derivatives."""
    machine = tester.machine
    result: dict[str, Any] = {}
    for function, arity in sorted(tester.statement.compiler.applied):
        if (function, arity) in machine.functions:
            result[function] = describe(machine.functions[function, arity])
    for name in sorted(machine.names.values(), key=lambda n: n.name):
        if name.depends is not None:
            result.update(_formulas(tester, difference, name))
            result.update(_derivatives(tester, name))
    return result


def _formulas(tester: Comparer, difference: Difference, name: Name) -> dict[str, Any]:
    """The formula of an unknown E(A), unless it is linear: then its derivatives say it all."""
    if difference.point.simple == LINEAR and not name.slots:
        return {}
    functions = tester.machine.functions
    result: dict[str, Any] = {}
    for key in sorted(key for owner, key in functions if owner == name.name):
        arguments = [_entry_name(a.name, at) for a, at in tester.sampler.loader.arguments(name, key)]
        result[_entry_name(name.name, key)] = describe(functions[name.name, key], arguments)
    return result


def _derivatives(tester: Comparer, name: Name) -> dict[str, Any]:
    """∂E/∂A for an unknown scalar E(A), entry by entry."""
    machine, loader = tester.machine, tester.sampler.loader
    result: dict[str, Any] = {}
    if name.slots:
        return result
    for argument in name.depends or []:
        keys = loader.entries(argument)
        if len(keys) > _MOST_LISTED or argument.parameters:
            continue
        shown = {}
        try:
            for key in keys:
                machine.rewind()
                machine.enter(machine.child(argument.cell, key))
                shown[key] = show(primal(part(machine.element(name, ()), machine.frame.depth, key)))
        except (Undefined, Undecidable, ZeroDivisionError):
            machine.rewind()
            continue
        machine.rewind()
        label = f"\\partial {name.name}/\\partial {argument.name}"
        if argument.sequence:
            result.update({f"{label}_{{{','.join(map(str, k))}}}": v for k, v in shown.items()})
        else:
            result[label] = nested(keys, shown)
    return result
