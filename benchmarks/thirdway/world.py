"""One point: sizes, the values of all names, and what is perturbed for a derivative."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

import numpy as np
from sympy import Indexed, Symbol

from benchmarks.thirdway.functions import Array, Unsupported
from checker.calculus.context import Context, Definition, Variable

SUPPORT = 3  # a sequence over all integers is 0 outside -SUPPORT..SUPPORT
WINDOW = 11  # how far sums over all integers are carried
LARGEST_TABLE = 400_000

Key = tuple[int, ...]
Override = tuple[str, Key, complex]


def names_in(term: Any) -> set[str]:
    """Tensors, scalars, and functions as ``f()``."""
    found: set[str] = set()
    stack, seen = [term], set()
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Indexed):
            found.add(str(node.base.label))
            stack.extend(node.indices)
        elif isinstance(node, Symbol):
            if not node.is_integer:
                found.add(node.name)
        else:
            if hasattr(node, "func") and getattr(node, "is_Function", False):
                found.add(f"{node.func.__name__}()")
            stack.extend(node.args)
    return found


@dataclass
class Slot:
    """An index slot at given sizes: its first index and its length; ``endless`` for all integers."""

    first: int
    length: int
    endless: bool = False


@dataclass
class World:
    """Values of everything at one point.

    ``sizes`` are given to the size letters in the order in which they are met; ``mood`` is ``mixed``,
    ``wide`` (mixed, up to 5), ``positive`` (numbers above 0 only) or ``small`` (between 0 and 1).
    """

    context: Context
    seed: int
    sizes: tuple[int, ...]
    mood: str = "mixed"
    integers: dict[str, int] = field(default_factory=dict)
    leaves: dict[str, Array] = field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    deadline: float = math.inf
    tables: dict[Any, Array] = field(default_factory=dict)
    pending: set[Any] = field(default_factory=set)  # entries of recursions that are being computed
    _reach: dict[str, frozenset[str]] = field(default_factory=dict)
    _slots: dict[str, list[Slot]] = field(default_factory=dict)

    # --------------------------------------------------------------------------------- names

    def variable(self, name: str) -> Variable:
        return self.context.variables.get(name) or Variable(name)

    def definitions(self, name: str) -> tuple[Definition, ...]:
        return self.context.definitions.get(name, ())

    def reach(self, name: str) -> frozenset[str]:
        """All names that a name depends on."""
        known = self._reach.get(name)
        if known is not None:
            return known
        seen: set[str] = set()
        stack = [name]
        while stack:
            for other in self._direct(stack.pop()):
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
        self._reach[name] = frozenset(seen)
        return self._reach[name]

    def _direct(self, name: str) -> set[str]:
        if name.endswith("()"):
            function = self.context.functions.get(name[:-2])
            return names_in(function.body) if function else set()
        found: set[str] = set(self.context.depends.get(name, ()))
        for definition in self.definitions(name):
            found |= names_in(definition.body)
        return found

    def is_recursive(self, name: str) -> bool:
        return name in self.reach(name)

    def state(self, name: str) -> tuple[Override, ...]:
        """The perturbations that matter to a name."""
        if not self.overrides:
            return ()
        reach = self.reach(name)
        return tuple(o for o in self.overrides if o[0] == name or o[0] in reach)

    # ------------------------------------------------------------------------------ integers

    def integer(self, symbol: Symbol) -> int:
        """The value of a size or of an integer left general; drawn when it is first asked for."""
        name = symbol.name
        if name not in self.integers:
            if symbol.is_positive:
                self.integers[name] = self.sizes[len(self.integers) % len(self.sizes)]
            else:
                self.integers[name] = 1 + (self.seed + crc32(name.encode())) % 3
        return self.integers[name]

    def slots(self, name: str) -> list[Slot]:
        known = self._slots.get(name)
        if known is None:
            known = self._slots[name] = self._measured(self.variable(name))
        return known

    def _measured(self, variable: Variable) -> list[Slot]:
        from benchmarks.thirdway.evaluate import evaluate

        found: list[Slot] = []
        scope: dict[Symbol, Array] = {}
        for k, slot in enumerate(variable.slots):
            if slot.lower.is_infinite or slot.upper.is_infinite:
                found.append(Slot(-SUPPORT, 2 * SUPPORT + 1, endless=True))
                values = np.arange(-SUPPORT, SUPPORT + 1)
            else:
                lower, upper = (evaluate(self, bound, scope, len(scope)) for bound in (slot.lower, slot.upper))
                first, last = (int(np.min(lower)), int(np.max(upper))) if lower.size and upper.size else (1, 0)
                found.append(Slot(first, max(0, last - first + 1)))
                values = np.arange(first, last + 1)
            if k < len(variable.parameters):
                scope = {**scope, variable.parameters[k]: values.reshape(-1, *([1] * len(scope)))}
        return found

    # -------------------------------------------------------------------------------- leaves

    def leaf(self, name: str) -> Array:
        """The values of an undefined name, as an array over its slots."""
        known = self.leaves.get(name)
        if known is None:
            known = self.leaves[name] = self._drawn(name)
        return known

    def _drawn(self, name: str) -> Array:
        shape = tuple(slot.length for slot in self.slots(name))
        if np.prod(shape, dtype=float) > LARGEST_TABLE:
            raise Unsupported(f"{name} is too large")
        random = np.random.default_rng((self.seed, crc32(name.encode())))
        variable = self.variable(name)
        if variable.integer:
            return random.integers(*self._values(variable), shape, endpoint=True)
        size = random.uniform(0.25, 1.75, shape)
        if self.mood == "positive":
            return size
        if self.mood == "small":
            return random.uniform(0.05, 0.6, shape)
        if self.mood == "wide":
            size = random.uniform(0.2, 5.0, shape)
        return size * random.choice([-1.0, 1.0], shape)

    def _values(self, variable: Variable) -> tuple[int, int]:
        from benchmarks.thirdway.evaluate import evaluate

        lower, upper = 1, 3
        if variable.values is not None:
            if not variable.values.lower.is_infinite:
                lower = int(evaluate(self, variable.values.lower, {}, 0))
                upper = lower + 2
            if not variable.values.upper.is_infinite:
                upper = int(evaluate(self, variable.values.upper, {}, 0))
        return lower, max(lower, upper)

    # ------------------------------------------------------------------------------ perturbing

    def perturbed(self, name: str, key: Key, step: complex) -> World:
        """The same point with one entry moved."""
        return World(
            self.context,
            self.seed,
            self.sizes,
            self.mood,
            self.integers,
            self.leaves,
            (*self.overrides, (name, key, step)),
            self.deadline,
            self.tables,
            self.pending,
            self._reach,
            self._slots,
        )
