"""A point: sizes, and a value for every leaf, drawn from a seed by name and index.

A value depends on the seed, the name and the index only, not on the order in which values are asked
for; so the same point can be built again from its description, for the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any
from zlib import crc32

from flint import fmpq

from checker.calculus.context import Property
from checker.judge.machine import Key, Machine, Name, SlotRange
from checker.judge.scalars import ZERO, OutOfRange, OverBudget, Scalar, Undefined
from checker.judge.unknown import elementwise, multivariate, scramble

SUPPORT = 2  # sequences over all integers vanish outside -SUPPORT..SUPPORT
LONG = 24  # in a sparse point, tensors longer than this along a slot …
KEPT = 3  # … have only this many entries there that are not 0
WINDOW = 1  # an unknown function of a sequence depends on its entries in -WINDOW..WINDOW
_MOST_ENTRIES = 400
_SMALL = (1, 2, 3, -1, 2, 1, 3, -2)


@dataclass(frozen=True)
class Domain:
    """Where a leaf's values must lie, as far as simple hypotheses (x > 0) say; ``closed`` ends belong to it (x ≥ 0)."""

    lower: fmpq | None = None
    upper: fmpq | None = None
    closed_below: bool = False
    closed_above: bool = False

    def has(self, value: fmpq) -> bool:
        above = self.lower is None or value > self.lower or (self.closed_below and value == self.lower)
        below = self.upper is None or value < self.upper or (self.closed_above and value == self.upper)
        return above and below

    def draw(self, code: int, small: bool) -> fmpq:
        steps = code % 7 + 1
        if self.lower is not None and self.upper is not None:
            return self.lower + (self.upper - self.lower) * fmpq(steps, 8)
        step = fmpq(code % 3 + 1) if small else fmpq(steps, 1 + (code >> 8) % 3)
        return self.lower + step if self.lower is not None else self.upper - step


@dataclass
class Point:
    """``values`` holds what was fixed and, after a run, every leaf entry that was asked for."""

    seed: int
    sizes: dict[int, int]  # register -> size
    family: int = 0  # shifts the sizes that depend on a layer
    small: bool = False  # small integers
    mood: str = "generic"  # where values are drawn from
    levels: tuple[fmpq, ...] = ()  # numbers of the statement, for the mood *near*
    simple: int = 0  # how simple unknown functions are (0: generic)
    values: dict[tuple[int, Key], Scalar] = field(default_factory=dict)
    trace: list[tuple[int, Key]] | None = None
    sparse: bool = False  # at true sizes such as 784: almost all entries are 0


class Loader:
    """Puts points on a machine."""

    def __init__(self, machine: Machine) -> None:
        self.machine = machine
        self.domains: dict[int, Domain] = {}
        self.structures: dict[int, frozenset[Property]] = {}
        self.point = Point(0, {})
        self._entries: dict[int, list[Key]] = {}
        self._kept: dict[int, tuple[tuple[int, int] | None, ...]] = {}
        machine.kept = self.kept
        machine.leaf, machine.unknown = self.leaf, self.unknown
        machine.entries, machine.invent = self.entries, self.invent

    def load(self, point: Point) -> None:
        machine = self.machine
        self.point = point
        self._entries, self._kept = {}, {}
        machine.sparse = point.sparse
        machine.top = [None] * len(machine.registers)
        for register, value in point.sizes.items():
            machine.top[register] = value
        machine.registers[:] = machine.top
        machine.size_key = (point.sparse, point.sparse and point.seed % 2, point.family, *point.sizes.values())
        machine.reset()

    # -------------------------------------------------------------------------------------- leaves

    def leaf(self, name: Name, key: Key) -> Scalar:
        point, place = self.point, (name.cell, key)
        if point.trace is not None:
            point.trace.append(place)
        if not self._in_support(name, key):
            return point.values.setdefault(place, ZERO)
        value = point.values.get(place)
        if value is None:
            value = point.values[place] = self._draw(name, key)
        return value

    def _draw(self, name: Name, key: Key) -> Scalar:
        point = self.point
        declared = self._declared(name)
        if name.integral == "size" and declared is None:
            return fmpq(self._family_size(name, key))
        code = scramble(point.seed, crc32(name.name.encode()), *key)
        if name.integral is not None and declared is not None:
            return fmpq(declared[0] + code % (declared[1] - declared[0] + 1))
        if name.integral == "index":
            return fmpq(1 + code % self._reach(name))
        domain = self.domains.get(name.cell)
        drawn = fmpq(_SMALL[code % len(_SMALL)]) if point.small else _drawn(code, point.mood, point.levels)
        return drawn if domain is None or domain.has(drawn) else domain.draw(code, point.small)

    def _declared(self, name: Name) -> tuple[int, int] | None:
        """The ends of the values an integer name was declared to have, where both can be told from the sizes."""
        if name.values is None or name.values.lower is None or name.values.upper is None:
            return None
        try:
            lower, upper = name.values.lower(), name.values.upper()
        except TypeError:  # it depends on an index that has no value here
            return None
        return (lower, upper) if lower <= upper else None

    def _family_size(self, name: Name, key: Key) -> int:
        return 1 + (self.point.family + sum(key) + crc32(name.name.encode())) % (2 if self.point.small else 3)

    def _in_support(self, name: Name, key: Key) -> bool:
        if not name.sequence and not self.point.sparse:
            return True
        return all(
            ends is None or ends[0] <= index <= ends[1] for ends, index in zip(self.kept(name), key, strict=False)
        )

    def kept(self, name: Name) -> tuple[tuple[int, int] | None, ...]:
        """For each slot, the indices outside of which all entries of a leaf are 0 (None: everywhere)."""
        found = self._kept.get(name.cell)
        if found is None:
            found = self._kept[name.cell] = tuple(self._ends(name, slot) for slot in name.slots or [])
        return found

    def _ends(self, name: Name, slot: SlotRange) -> tuple[int, int] | None:
        if slot.lower is None or slot.upper is None:
            return -SUPPORT, SUPPORT
        if not self.point.sparse or name.ragged or name.integral is not None or name.cell in self.domains:
            return None
        first, last = slot.lower(), slot.upper()
        if last - first < LONG:
            return None
        return (last - KEPT + 1, last) if self.point.seed % 2 == 0 else (first, first + KEPT - 1)  # see ``load``

    def _reach(self, name: Name) -> int:
        """How many values an integer leaf may take: those of the slot it is used for."""
        if name.target is not None:
            target, position = name.target
            if target.slots is not None and position < len(target.slots) and not target.parameters:
                upper = target.slots[position].upper
                if upper is not None:
                    return max(1, int(upper()))
        if name.limit is not None:
            try:
                return max(1, int(name.limit()))
            except TypeError:  # it depends on an index that has no value here
                return 3
        return 3

    # ----------------------------------------------------------------------------------- functions

    def invent(self, function: str, arity: int) -> Any:
        code = scramble(self.point.seed, crc32(function.encode()), arity)
        if arity == 1:
            return elementwise(code, self.point.simple, self.point.mood == "tame")
        return multivariate(code, arity, self.point.simple)

    def unknown(self, name: Name, key: Key) -> Scalar:
        """An entry of an unknown function of other names: a polynomial in all their entries."""
        machine = self.machine
        structure = self.structures.get(name.cell)
        if structure is not None and len(key) >= 2:
            moved = structured_key(structure, key)
            if moved is None:
                return ZERO
            key = moved
        arguments: list[Scalar] = []
        for argument, at in self.arguments(name, key):
            arguments.append(machine.element(argument, at))
        memo = (name.name, key)
        polynomial = machine.functions.get(memo)
        if polynomial is None:
            code = scramble(self.point.seed, crc32(name.name.encode()), *key)
            polynomial = machine.functions[memo] = multivariate(code, len(arguments), self.point.simple)
        machine.spend(len(arguments))
        return polynomial(arguments)

    def arguments(self, name: Name, key: Key) -> Iterator[tuple[Name, Key]]:
        """What an entry of an unknown function depends on: the entries of its arguments, or those aligned with it."""
        for argument, pairs in zip(name.depends or [], name.aligned, strict=True):
            for at in self.entries(argument):
                if all(key[own] == at[its] for own, its in pairs):
                    yield argument, at

    def entries(self, name: Name) -> list[Key]:
        """All entries of a tensor at the present sizes; of a sequence, those in a small window."""
        found = self._entries.get(name.cell)
        if found is None:
            found = self._entries[name.cell] = list(self._enumerate(name))
        return found

    def _enumerate(self, name: Name) -> Iterator[Key]:
        machine = self.machine
        partial: list[Key] = [()]
        for slot in name.slots or []:
            longer: list[Key] = []
            for key in partial:
                saved = [machine.registers[r] for r in name.parameters]
                for register, value in zip(name.parameters, key, strict=False):
                    machine.registers[register] = value
                try:
                    lower = -WINDOW if slot.lower is None else slot.lower()
                    upper = lower + 2 * WINDOW if slot.upper is None else slot.upper()
                    if self.point.sparse and upper - lower >= LONG:
                        upper = lower + KEPT - 1
                finally:
                    for register, old in zip(name.parameters, saved, strict=True):
                        machine.registers[register] = old
                longer.extend((*key, index) for index in range(lower, upper + 1))
                if len(longer) > _MOST_ENTRIES * 4:
                    raise OverBudget
            partial = longer
        yield from partial


MOODS = ("generic", "tame", "positive", "unit", "large")  # in the order in which they are tried


def _drawn(code: int, mood: str, levels: tuple[fmpq, ...]) -> fmpq:
    """±(1..15)/8, and every fourth time up to ±15/2, to reach the outer cases of a definition; or as the mood says."""
    steps = 1 + code % 15
    if mood == "near" and levels and (code >> 24) % 4:
        return levels[(code >> 8) % len(levels)] + fmpq(steps - 8, 4)
    if mood == "tied":
        return fmpq((0, 1, -1)[code % 3])
    if mood == "unit":
        return fmpq(steps, 16)
    if mood == "large":
        return 1 + fmpq(steps, 4)
    value = fmpq(steps, 2 if (code >> 8) % 4 == 0 and mood == "generic" else 8)
    return -value if (code >> 16) % 2 and mood != "positive" else value


def structured_key(structure: frozenset[Property], key: Key) -> Key | None:
    """Where the entry of an unknown symmetric (diagonal …) matrix is kept; None where it is 0."""
    *labels, i, j = key
    if Property.DIAGONAL in structure and i != j:
        return None
    if Property.LOWER_TRIANGULAR in structure and i < j:
        return None
    if Property.UPPER_TRIANGULAR in structure and i > j:
        return None
    if Property.SYMMETRIC in structure or Property.POSITIVE_DEFINITE in structure:
        i, j = min(i, j), max(i, j)
    return (*labels, i, j)


def assignments(machine: Machine, ranges: list[Any], window: int, some: bool = False) -> Iterator[tuple[int, ...]]:
    """All values of free indices; an infinite range is cut to a window around 0.

    ``some``: of a long range, only the first few and the last two values.
    """

    def extend(place: int) -> Iterator[tuple[int, ...]]:
        if place == len(ranges):
            yield ()
            return
        index = ranges[place]
        values: Sequence[int]
        slot = index.slot
        try:
            upper = None if slot.upper is None else slot.upper()
            lower = (-window if upper is None else upper - 2 * window) if slot.lower is None else slot.lower()
            upper = lower + 2 * window if upper is None else upper
        except (Undefined, OutOfRange):
            return
        saved = machine.registers[index.register]
        values = range(lower, upper + 1)
        if some and len(values) > LONG:
            values = [*values[: KEPT + 1], *values[-2:]]
        machine.spend(len(values))
        for value in values:
            machine.registers[index.register] = value
            for rest in extend(place + 1):
                yield (value, *rest)
        machine.registers[index.register] = saved

    yield from extend(0)


__all__ = ["Domain", "Loader", "Point", "assignments", "product", "structured_key"]
