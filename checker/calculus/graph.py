"""Which name depends on which, through definitions and declared dependence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from sympy import Basic, Expr, Indexed, Symbol

from checker.calculus.context import Context, Definition
from checker.calculus.terms import Partial, name_of


@lru_cache(maxsize=20_000)
def names_in(term: Basic) -> frozenset[str]:
    """The scalars and tensors that occur in a term (index letters and sizes are no names)."""
    found: set[str] = set()
    seen: set[Basic] = set()
    stack: list[Basic] = [term]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Indexed):
            found.add(name_of(node))
            stack.extend(node.indices)
        elif isinstance(node, Symbol):
            if not node.is_integer:
                found.add(node.name)
        else:
            stack.extend(node.args)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def symbols_in(term: Basic) -> frozenset[Symbol]:
    """All symbols that occur in a term, letters that it binds among them; far quicker than its free symbols."""
    found: set[Symbol] = set()
    seen: set[Basic] = set()
    stack: list[Basic] = [term]
    while stack:
        node = stack.pop()
        if isinstance(node, Symbol):
            found.add(node)
        elif node not in seen:
            seen.add(node)
            stack.extend(node.args)
    return frozenset(found)


@lru_cache(maxsize=20_000)
def mentions_derivative(term: Expr) -> bool:
    seen: set[Basic] = set()
    stack: list[Basic] = [term]
    while stack:
        node = stack.pop()
        if isinstance(node, Partial):
            return True
        if node not in seen:
            seen.add(node)
            stack.extend(node.args)
    return False


def _shifts(name: str, member: str, definition: Definition, loop: set[str]) -> set[int]:
    """Slots of ``name`` that a definition in its loop uses or defines with an offset."""
    found: set[int] = set()
    for node in elements_in(definition.body):
        if name_of(node) not in loop:
            continue
        for position, slot in enumerate(node.indices):
            if isinstance(slot, Symbol):
                continue
            if name_of(node) == name:
                found.add(position)
            if member == name:
                found |= {k for k, p in enumerate(definition.pattern) if p in slot.free_symbols}
    return found


def elements_in(term: Basic) -> list[Indexed]:
    found: dict[Indexed, None] = {}
    seen: set[Basic] = set()
    stack: list[Basic] = [term]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Indexed):
            found[node] = None
        stack.extend(node.args)
    return list(found)


class Dependencies:
    """Answers are computed when asked for, so that a long document costs nothing extra."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._direct: dict[str, frozenset[str]] = {}
        self._reach: dict[str, frozenset[str]] = {}
        self._users: dict[str, tuple[str, ...]] | None = None
        self._depths: dict[str, int] = {}
        self._shifting: dict[str, tuple[int, ...]] = {}

    def is_integer(self, name: str) -> bool:
        variable = self.context.variables.get(name)
        return variable is not None and variable.integer

    def direct(self, name: str) -> frozenset[str]:
        """The names that a name's definitions mention, or that it is declared a function of."""
        known = self._direct.get(name)
        if known is None:
            bodies = [names_in(d.body) for d in self.context.definitions.get(name, ())]
            known = frozenset(self.context.depends.get(name, ())).union(*bodies)
            self._direct[name] = known
        return known

    def reach(self, name: str) -> frozenset[str]:
        known = self._reach.get(name)
        if known is None:
            seen: set[str] = set()
            stack = [name]
            while stack:
                for other in sorted(self.direct(stack.pop())):
                    if other not in seen:
                        seen.add(other)
                        stack.append(other)
            known = self._reach[name] = frozenset(seen)
        return known

    def shifting(self, name: str) -> tuple[int, ...]:
        """The slots of a recursive name that step from one layer or time to another."""
        if name not in self.reach(name):
            return ()
        known = self._shifting.get(name)
        if known is None:
            loop = {n for n in self.reach(name) if name in self.reach(n)} | {name}
            found: set[int] = set()
            for member in loop:
                for definition in self.context.definitions.get(member, ()):
                    found |= _shifts(name, member, definition, loop)
            known = self._shifting[name] = tuple(sorted(found))
        return known

    def depends(self, name: str, on: str) -> bool:
        return on in self.reach(name)

    def users(self, name: str) -> tuple[str, ...]:
        """The names whose definition mentions this one, in the order they were defined."""
        if self._users is None:
            users: dict[str, list[str]] = {}
            for user in [*self.context.definitions, *self.context.depends]:
                for used in self.direct(user):
                    entry = users.setdefault(used, [])
                    if user not in entry:
                        entry.append(user)
            self._users = {used: tuple(entry) for used, entry in users.items()}
        return self._users.get(name, ())

    def depth(self, name: str) -> int:
        """The longest way down to names without definition (recursion through labels counts once)."""
        if name not in self._depths:
            self._measure(name)
        return self._depths[name]

    def _same_layer(self, name: str) -> list[str]:
        """The names a definition mentions without a step to another layer or time."""
        names = self.direct(name)
        if name not in self.reach(name):
            return sorted(names)
        shifted: set[str] = set()
        level: set[str] = set()
        for definition in self.context.definitions.get(name, ()):
            for node in elements_in(definition.body):
                steps = any(node.indices[k] not in definition.pattern for k in self.shifting(name_of(node)))
                (shifted if steps else level).add(name_of(node))
        return sorted(n for n in names if n not in shifted - level)

    def _measure(self, name: str) -> None:
        """Depth-first without recursion, so that a chain of a thousand definitions is no problem."""
        open_names: set[str] = set()
        stack: list[tuple[str, Iterator[str]]] = [(name, iter(self._same_layer(name)))]
        open_names.add(name)
        while stack:
            current, rest = stack[-1]
            below = next((n for n in rest if n not in self._depths and n not in open_names), None)
            if below is not None:
                open_names.add(below)
                stack.append((below, iter(self._same_layer(below))))
                continue
            stack.pop()
            inner = [self._depths[n] for n in self._same_layer(current) if n in self._depths and n != current]
            self._depths[current] = 1 + max(inner, default=-1)
