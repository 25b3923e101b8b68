"""Which sizes to try, and in what order: every size takes 1, 2, 3 and 4, different ones in different slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice, product

from checker.judge.statement import Statement

Sizes = dict[int, int]  # by register
Allowed = Callable[[Sizes], bool]

_CYCLE = (2, 3, 1, 4)
_SMALL_PATTERNS = ((2, 1), (1, 2), (1, 1), (2, 2))
_MOST_LOOKED_AT = 400
_MOST_FURTHER = 12


class Plan:
    """The sizes at which a statement is evaluated.  ``real``: numbers such as 784 keep their true value.

    ``allowed`` says whether the hypotheses about sizes (n ≥ 2, m = n) permit a choice.
    """

    def __init__(self, statement: Statement, allowed: Allowed, real: bool = False) -> None:
        self.fixed = fixed_sizes(statement, real)
        self.free = [r for r in statement.sizes if r not in self.fixed]
        self.allowed = allowed

    def usual(self) -> list[Sizes]:
        """Four choices in which every size takes every value from 1 to 4, where the hypotheses permit."""
        turns = range(len(_CYCLE) if self.free else 1)
        first = [self._sizes([_CYCLE[(place + turn) % 4] for place in range(len(self.free))]) for turn in turns]
        chosen = [sizes for sizes in first if self.allowed(sizes)]
        if len(chosen) == len(first):
            return chosen
        others = (sizes for sizes in self._every((2, 3, 1, 4, 5, 6)) if sizes not in chosen and self.allowed(sizes))
        return [*chosen, *islice(others, len(first) - len(chosen))]

    def further(self) -> list[Sizes]:
        """Others still, where no point could be found at the usual ones."""
        usual = self.usual()
        others = (sizes for sizes in self._every((1, 2, 3, 4)) if sizes not in usual and self.allowed(sizes))
        return list(islice(others, _MOST_FURTHER))

    def cheaper(self) -> list[Sizes]:
        """Smaller sizes, for statements too costly at the usual ones."""
        every = [self._sizes([p[i % 2] for i in range(len(self.free))]) for p in _SMALL_PATTERNS]
        return [sizes for sizes in every if self.allowed(sizes)]

    def smallest_first(self) -> Iterator[Sizes]:
        """Sizes for a counterexample: all 1; one 2; two 2s; all 2; then some with a 3."""
        seen: list[Sizes] = []
        for sizes in self._ascending():
            if sizes not in seen and self.allowed(sizes):
                seen.append(sizes)
                yield sizes

    def _ascending(self) -> Iterator[Sizes]:
        n = len(self.free)
        yield self._sizes([1] * n)
        for twos in (1, 2):
            for places in islice(_subsets(n, twos), 6):
                yield self._sizes([2 if place in places else 1 for place in range(n)])
        for all_ in (2, 3):
            yield self._sizes([all_] * n)
        yield from islice(self._every((1, 2, 3, 4)), 40)
        yield self._sizes([_CYCLE[i % 4] for i in range(n)])

    def _sizes(self, values: list[int]) -> Sizes:
        return {**self.fixed, **dict(zip(self.free, values, strict=True))}

    def _every(self, values: tuple[int, ...]) -> Iterator[Sizes]:
        for chosen in islice(product(values, repeat=len(self.free)), _MOST_LOOKED_AT):
            yield self._sizes(list(chosen))


def _subsets(n: int, size: int) -> Iterator[tuple[int, ...]]:
    if size == 1:
        yield from ((i,) for i in range(n))
    else:
        yield from ((i, j) for i in range(n) for j in range(i + 1, n))


def fixed_sizes(statement: Statement, real: bool) -> Sizes:
    """Numbers that keep their true value: all of them, or those that the statement also mentions elsewhere."""
    compiler = statement.compiler
    if real or max(compiler.positions, default=0) > _CYCLE[1]:
        return {register: number for number, register in compiler.stand_ins.items()}
    mentioned = compiler.literals
    return {register: n for n, register in compiler.stand_ins.items() if not mentioned.isdisjoint(_related(n))}


def _related(number: int) -> set[int]:
    """Numbers that look like they were computed from this one (1/784, 2 · 784, 784 - 1)."""
    return {number, number - 1, number + 1, 2 * number, number * number, *([number // 2] if number % 2 == 0 else [])}


def has_stand_ins(statement: Statement) -> bool:
    return len(fixed_sizes(statement, False)) < len(statement.compiler.stand_ins)
