"""Vectors and matrices that were written with dots: the general entry, chosen by a delta."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

from sympy import Expr, Integer, Symbol

from checker.calculus import arrays, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Range
from checker.calculus.shapes import upto
from checker.language.conditions import compare
from checker.language.environment import Environment
from checker.language.faults import outside
from checker.language.operators import range_end
from checker.language.surface import Dotted, Tree


@dataclass(frozen=True)
class _Run:
    """A letter with its ends, or (``letter`` None) a fixed number of rows or columns."""

    letter: Symbol | None
    low: Expr
    high: Expr

    @property
    def extent(self) -> Range:
        return upto(self.high - self.low + 1)


def lower_dotted(env: Environment, tree: Dotted) -> Array:
    """``entry(i, j)`` is the sum over the letters of δ(letter, i) times the cell: nothing is substituted."""
    down = _run(env, tree.row, tree.rows, len(tree.cells))
    across = _run(env, tree.column, tree.columns, len(tree.cells[0]))
    with _running(env, tree.row, down), _running(env, tree.column, across):
        cells = [[env.lower(env, cell) for cell in row] for row in tree.cells]
    if not all(c.any_shape or arrays.is_number(env.work, c) for row in cells for c in row):
        raise outside(tree, "a matrix made of blocks")
    values = [[arrays.scalar_term(c) for c in row] for row in cells]

    def entry(at: tuple[Expr, ...]) -> Expr:
        column = at[1] if len(at) == 2 else Integer(1)
        return _picked(tree, down, at[0], [_picked(tree, across, column, row) for row in values])

    single = across.letter is None and len(tree.cells[0]) == 1
    return Array((down.extent,), () if single else (across.extent,), entry)


def _run(env: Environment, letter: str, ends: Sequence[Tree], count: int) -> _Run:
    if not letter:
        return _Run(None, Integer(1), Integer(count))
    return _Run(terms.index(letter), range_end(env, ends[0]), range_end(env, ends[1]))


@contextmanager
def _bound(env: Environment, letter: str, run: _Run) -> Iterator[None]:
    symbol = terms.index(letter)
    outer = env.indices.open(symbol)
    try:
        env.indices.ranges[symbol] = Range(run.low, run.high)
        with env.binding(letter, symbol):
            yield
        env.indices.check_stated(symbol, Range(run.low, run.high))
    finally:
        env.indices.close(symbol, outer)


def _running(env: Environment, letter: str, run: _Run) -> AbstractContextManager[None]:
    return _bound(env, letter, run) if letter else nullcontext()


def _picked(tree: Tree, run: _Run, at: Expr, values: Sequence[Expr]) -> Expr:
    """The value at a place: of the letter, or among a fixed number."""
    if run.letter is not None:
        if run.letter in at.free_symbols:
            raise outside(tree, "an entry of a matrix with dots inside another one")
        chosen = terms.delta(run.letter - run.low + 1, at)
        return terms.sum_over(terms.multiply(chosen, values[0]), run.letter, run.low, run.high)
    if isinstance(at, Integer) and 1 <= at <= len(values):
        return values[int(at) - 1]
    if len(values) == 1:
        return values[0]
    rows = [(value, compare("=", at, Integer(n))) for n, value in enumerate(values, 1)]
    return terms.cases(*rows, otherwise=Integer(0))
