"""The machine a compiled statement runs on: index values, tables of values, and frames for derivatives.

*Tables.*  Every name, and every subterm worth keeping, has a table (index values -> value).
*Frames.*  Inside ``Partial(Y, X[e])`` the entries of X carry an ε each; a frame is the world as seen there.
It shares the tables of whatever does not depend on X with the frame around it and has fresh ones for
the rest, so definitions downstream of X are recomputed and nothing else is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from flint import fmpq
from sympy import Symbol

from checker.calculus.context import Range, Variable
from checker.judge.scalars import ONE, ZERO, Dual, OutOfRange, OverBudget, Scalar, Undefined, trimmed

Run = Callable[[], Any]
Key = tuple[int, ...]
_DEEPEST_UNFOLDING = 400


@dataclass(frozen=True)
class Code:
    """A compiled term: how to run it, which index registers it reads, which names it mentions (a bit for each cell)."""

    run: Run
    free: frozenset[int] = frozenset()
    names: int = 0


@dataclass
class SlotRange:
    """Compiled bounds of one slot; None stands for ∓∞."""

    lower: Run | None
    upper: Run | None
    source: Range


@dataclass
class Rule:
    """A compiled definition: registers to bind, constant slots to match, a condition, a body."""

    binds: list[tuple[int, int, int]]  # (position, register, offset): register := index[position] - offset
    constants: list[tuple[int, Run]]
    condition: Run | None
    body: Code
    condition_free: frozenset[int] = frozenset()
    globals: tuple[int, ...] = ()
    touched: tuple[int, ...] = ()  # the registers that change while the body runs

    def __post_init__(self) -> None:
        self.distinct = len({register for _, register, _ in self.binds}) == len(self.binds)


@dataclass
class Name:
    """A tensor or scalar name of the statement."""

    name: str
    cell: int
    variable: Variable | None
    slots: list[SlotRange] | None = None
    parameters: list[int] = field(default_factory=list)  # registers of the labels that slot ranges mention
    ragged: bool = False  # some slot's range depends on a label
    rules: list[Rule] = field(default_factory=list)
    depends: list[Name] | None = None
    aligned: list[tuple[tuple[int, int], ...]] = field(default_factory=list)  # … slots that run with slots of these
    mentions: int = 0  # the names in its definitions, a bit for each
    reaches: int = 0  # the same, through their definitions
    integral: str | None = None  # "size", "index": its values are integers
    target: tuple[Name, int] | None = None  # the slot its values index
    limit: Run | None = None  # the largest value it is compared with, for integers
    values: SlotRange | None = None  # what it was declared to lie in, for integers
    recursive: bool = False
    sequence: bool = False  # some slot runs over all integers

    @property
    def is_leaf(self) -> bool:
        return not self.rules and self.depends is None


class Frame:
    """The tables as seen inside some derivatives; ``depth`` is the tag of the innermost one."""

    __slots__ = ("cells", "children", "depth", "entry", "parent", "seed")

    def __init__(
        self, depth: int, parent: Frame | None, seed: int, entry: Key | None, cells: list[dict[Any, Any]]
    ) -> None:
        self.depth, self.parent, self.seed, self.entry, self.cells = depth, parent, seed, entry, cells
        self.children: dict[Any, Frame] = {}

    def carries(self, name: int, key: Key) -> bool:
        return self.seed == name and (self.entry is None or self.entry == key)


class Machine:
    """Registers (index values), the current frame, and the values of a point; runs one statement."""

    def __init__(self) -> None:
        self.registers: list[Any] = []
        self.register_of: dict[Symbol, int] = {}
        self.symbols: list[Symbol] = []
        self.top: list[Any] = []
        self.names: dict[str, Name] = {}
        self.by_cell: dict[int, Name] = {}
        self.cell_mentions: list[int] = []
        self.affected: dict[int, list[int]] = {}
        self.upstream: dict[int, int] = {}
        self.leaf: Callable[[Name, Key], Scalar] = _no_point
        self.unknown: Callable[[Name, Key], Any] = _no_point
        self.entries: Callable[[Name], list[Key]] = _no_point
        self.invent: Callable[[str, int], Any] = _no_point
        self.functions: dict[tuple[str, Any], Any] = {}
        self.checked: defaultdict[int, set[Key]] = defaultdict(set)
        self.frame = Frame(0, None, -1, None, [])
        self.cells: list[dict[Any, Any]] = []
        self.work = 0
        self.limit = 10**9
        self.deadline: float | None = None
        self.depth = 0
        self.single_entries = False
        self.under_way: set[tuple[int, Key]] = set()
        self.size_key: tuple[int, ...] = ()
        self.sparse = False
        self.kept: Callable[[Name], tuple[tuple[int, int] | None, ...]] = _no_point

    # ------------------------------------------------------------------------------- preparation

    def register(self, symbol: Symbol) -> int:
        """The register of an index symbol or function parameter."""
        found = self.register_of.get(symbol)
        if found is None:
            found = self.register_of[symbol] = len(self.registers)
            self.registers.append(None)
            self.top.append(None)
            self.symbols.append(symbol)
        return found

    def new_cell(self) -> int:
        self.cell_mentions.append(0)
        return len(self.cell_mentions) - 1

    def link(self) -> None:
        """Close the relation *mentions*: which names each name reaches through definitions."""
        names = list(reversed(self.names.values()))  # what a name mentions was mostly met after it
        for name in names:
            name.reaches = name.mentions
        changed = True
        while changed:
            changed = False
            for name in names:
                found = name.reaches
                for cell in _bits(name.mentions):
                    found |= self.by_cell[cell].reaches
                changed = changed or found != name.reaches
                name.reaches = found
        for name in names:
            name.recursive = bool(name.reaches >> name.cell & 1)
            self.cell_mentions[name.cell] = name.mentions | 1 << name.cell
        self.affected.clear()
        self.upstream.clear()

    def depends_on(self, names: int, target: int) -> bool:
        """Whether any of the names is the target or is defined through it."""
        return bool(names & self._upstream(target))

    def _upstream(self, target: int) -> int:
        found = self.upstream.get(target)
        if found is None:
            found = 1 << target
            for name in self.names.values():
                if name.reaches >> target & 1:
                    found |= 1 << name.cell
            self.upstream[target] = found
        return found

    def _affected_by(self, seed: int) -> list[int]:
        found = self.affected.get(seed)
        if found is None:
            changing = self._upstream(seed)
            found = self.affected[seed] = [c for c, names in enumerate(self.cell_mentions) if names & changing]
        return found

    def reset(self) -> None:
        """Forget all values (a new point)."""
        self.cells = [{} for _ in self.cell_mentions]
        self.frame = Frame(0, None, -1, None, self.cells)
        self.depth = 0
        self.functions.clear()
        self.checked.clear()
        self.under_way.clear()

    def rewind(self) -> None:
        """Back to the outermost frame, whatever happened in an evaluation that was broken off."""
        frame = self.frame
        while frame.parent is not None:
            frame = frame.parent
        self.frame, self.cells, self.depth = frame, frame.cells, 0
        self.registers[:] = self.top

    def rewind_to(self, registers: Sequence[int], values: Sequence[Any]) -> None:
        """Back to the outermost frame, with some registers set."""
        self.rewind()
        for register, value in zip(registers, values, strict=True):
            self.registers[register] = value

    # ---------------------------------------------------------------------------------- running

    def spend(self, amount: int) -> None:
        self.work += amount
        if self.work > self.limit:
            raise OverBudget
        if self.deadline is not None and monotonic() > self.deadline:
            raise OverBudget

    def child(self, seed: int, entry: Key | None) -> Frame:
        """The frame inside a derivative by ``entry`` of the name (None: by every entry at once)."""
        frame = self.frame
        found = frame.children.get((seed, entry))
        if found is None:
            cells = list(frame.cells)
            for cell in self._affected_by(seed):
                cells[cell] = {}
            found = frame.children[seed, entry] = Frame(frame.depth + 1, frame, seed, entry, cells)
        return found

    def bare_child(self) -> Frame:
        """A frame that only reserves a tag, for the derivative by a function's parameter."""
        return Frame(self.frame.depth + 1, self.frame, -1, None, self.frame.cells)

    def nest(self) -> None:
        """One more function body; too many is a function that never ends."""
        self.depth += 1
        if self.depth > _DEEPEST_UNFOLDING:
            raise OverBudget

    def unnest(self) -> None:
        self.depth -= 1

    def smooth(self, function: str, arity: int) -> Any:
        """The stand-in for an unknown function at this point."""
        found = self.functions.get((function, arity))
        if found is None:
            found = self.functions[function, arity] = self.invent(function, arity)
        return found

    def check_known(self, name: Name, key: Key) -> None:
        """``check_range``, once for each entry."""
        checked = self.checked[name.cell]
        if key not in checked:
            self.check_range(name, key)
            checked.add(key)

    def enter(self, frame: Frame) -> None:
        self.frame, self.cells = frame, frame.cells

    def element(self, name: Name, key: Key) -> Scalar:
        value = self.cells[name.cell].get(key)
        return self.compute(name, key) if value is None else value

    def check_range(self, name: Name, key: Key) -> None:
        """OutOfRange where the key lies outside the declared slots."""
        if name.slots is None:
            return
        if len(name.slots) != len(key):
            raise Undefined(f"{name.name} has {len(name.slots)} indices, not {len(key)}")
        if not name.parameters:
            _check_slots(name, key)
            return
        registers = self.registers
        saved = [registers[r] for r in name.parameters]
        for register, value in zip(name.parameters, key, strict=False):
            registers[register] = value
        try:
            _check_slots(name, key)
        finally:
            for register, old in zip(name.parameters, saved, strict=True):
                registers[register] = old

    def compute(self, name: Name, key: Key) -> Scalar:
        """The value of an entry in the current frame, from its definition or its leaf; kept in its table."""
        table = self.cells[name.cell]
        known = table.get(key)
        if known is not None:
            return known
        self.check_known(name, key)
        self.spend(3)
        if self.depth > _DEEPEST_UNFOLDING:
            raise OverBudget
        under_way = (id(table), key) if name.recursive else None
        if under_way is not None:
            if under_way in self.under_way:
                raise Undefined(f"{name.name} is defined through itself")
            self.under_way.add(under_way)
        self.depth += 1
        here = self.frame
        try:
            value = table[key] = trimmed(self._unfold(name, key) if here.parent is None else self._value(name, key))
        finally:
            if under_way is not None:
                self.under_way.discard(under_way)
            self.depth -= 1
            self.enter(here)
        return value

    def _value(self, name: Name, key: Key) -> Scalar:
        """The value in a frame inside some derivatives."""
        frame = self.frame
        while frame.parent is not None and not self._moves(frame, name):
            frame = frame.parent
        self.enter(frame)
        if frame.parent is None:
            return self._unfold(name, key)
        if frame.seed == name.cell and not name.recursive:
            self.enter(frame.parent)
            value = self.element(name, key)
            self.enter(frame)
            if frame.carries(name.cell, key):
                value = value + Dual(frame.depth, ZERO, {key: ONE})
            return value
        value = self._unfold(name, key)
        above: Frame | None = frame
        while above is not None:
            if above.carries(name.cell, key):
                value = Dual(above.depth, ZERO, {key: ONE}) + value
            above = above.parent
        return value

    def _moves(self, frame: Frame, name: Name) -> bool:
        return frame.seed == name.cell or (frame.seed >= 0 and bool(name.reaches >> frame.seed & 1))

    def _unfold(self, name: Name, key: Key) -> Scalar:
        for rule in name.rules:
            matched = self._match(rule, key)
            if matched is not None:
                return matched
        if name.depends is not None:
            return self.unknown(name, key)
        return self.leaf(name, key)

    def _match(self, rule: Rule, key: Key) -> Scalar | None:
        for position, constant in rule.constants:
            if constant() != key[position]:
                return None
        registers = self.registers
        touched = rule.touched
        saved = [registers[r] for r in touched]
        try:
            for register in rule.globals:
                registers[register] = self.top[register]
            if rule.distinct:
                for position, register, offset in rule.binds:
                    registers[register] = key[position] - offset
            elif not _bound_alike(rule, key, registers):
                return None
            if rule.condition is not None and not rule.condition():
                return None
            return rule.body.run()
        finally:
            for register, old in zip(touched, saved, strict=True):
                registers[register] = old


def _check_slots(name: Name, key: Key) -> None:
    for slot, value in zip(name.slots or (), key, strict=True):
        if slot.lower is not None and value < slot.lower():
            raise OutOfRange(f"{name.name}: index {value} below its range")
        if slot.upper is not None and value > slot.upper():
            raise OutOfRange(f"{name.name}: index {value} above its range")


def _bound_alike(rule: Rule, key: Key, registers: list[Any]) -> bool:
    """Set the registers of a pattern in which one stands twice; False where its indices differ."""
    bound: dict[int, int] = {}
    for position, register, offset in rule.binds:
        value = key[position] - offset
        if bound.setdefault(register, value) != value:
            return False
        registers[register] = value
    return True


def union(codes: Sequence[Code]) -> tuple[frozenset[int], int]:
    """The registers that any of the codes reads, and the names that any of them mentions."""
    names = 0
    for code in codes:
        names |= code.names
    return frozenset().union(*(c.free for c in codes)), names


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


def _no_point(*_: object) -> Any:
    raise AssertionError("no point is loaded")


def as_integer(value: Scalar) -> int:
    """A scalar that must be an exact integer (an index, a bound)."""
    if type(value) is fmpq and value.q == 1:
        return int(value.p)
    raise Undefined("an index that is not an integer")
