"""Which sizes to try, and in what order: every size takes 1, 2, 3 and 4, different ones in different slots."""

from __future__ import annotations

from collections.abc import Iterator

from checker.judge.machine import Machine
from checker.judge.statement import Statement

_CYCLE = (2, 3, 1, 4)
FULL = 4  # assignments in which every size has taken every value of the cycle


def size_plans(statement: Statement, real: bool = False) -> list[dict[int, int]]:
    """Sizes by register.  ``real``: numbers such as 784 keep their true value."""
    fixed = fixed_sizes(statement, real)
    free = [r for r in statement.sizes if r not in fixed]
    turns = range(FULL if free else 1)
    return [{**fixed, **{r: _CYCLE[(place + turn) % 4] for place, r in enumerate(free)}} for turn in turns]


def cheaper_plans(statement: Statement, real: bool = False) -> list[dict[int, int]]:
    """Smaller sizes, for statements too costly at the usual ones."""
    fixed = fixed_sizes(statement, real)
    free = [r for r in statement.sizes if r not in fixed]
    patterns = ((2, 1), (1, 2), (1, 1), (2, 2))
    return [{**fixed, **{r: p[i % 2] for i, r in enumerate(free)}} for p in patterns]


def smallest_plans(statement: Statement, real: bool = False) -> Iterator[dict[int, int]]:
    """Sizes for a counterexample, smallest first: all 1; one 2; all 2; then a few with a 3."""
    fixed = fixed_sizes(statement, real)
    free = [r for r in statement.sizes if r not in fixed]
    if not free:
        yield fixed
        return
    yield {**fixed, **dict.fromkeys(free, 1)}
    if len(free) <= 6:
        for chosen in free:
            yield {**fixed, **{r: 2 if r == chosen else 1 for r in free}}
    if len(free) > 1:
        yield {**fixed, **dict.fromkeys(free, 2)}
    yield {**fixed, **dict.fromkeys(free, 3)}
    yield {**fixed, **{r: _CYCLE[i % 4] for i, r in enumerate(free)}}


def fixed_sizes(statement: Statement, real: bool) -> dict[int, int]:
    """Numbers that keep their true value: all of them, or those that the statement also mentions elsewhere."""
    compiler = statement.compiler
    if real:
        return {register: number for number, register in compiler.stand_ins.items()}
    literals = compiler.literals
    return {register: n for n, register in compiler.stand_ins.items() if _mentioned(n, literals)}


def _mentioned(number: int, literals: set[int]) -> bool:
    return any(literal >= 4 and (literal % number == 0 or number % literal == 0 or literal > 4) for literal in literals)


def has_stand_ins(statement: Statement) -> bool:
    return len(fixed_sizes(statement, False)) < len(statement.compiler.stand_ins)


__all__ = ["FULL", "Machine", "cheaper_plans", "fixed_sizes", "has_stand_ins", "size_plans", "smallest_plans"]
