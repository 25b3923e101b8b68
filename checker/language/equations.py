"""Equations with one left side and many right ones: the left side is lowered once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sympy import Expr

from checker.calculus.arrays import Array, finished
from checker.calculus.shapes import ShapeError, UnknownSize
from checker.language.conditions_said import Restrictions, only_where
from checker.language.desk import Desk, gathered
from checker.language.environment import Environment
from checker.language.faults import Misread
from checker.language.operators import free_in
from checker.language.reading import Fault
from checker.language.sides import (
    Chain,
    Part,
    attempt,
    concluded,
    entry_letters,
    free_indices,
    restricted,
    rows_and_columns,
    side_term,
)
from checker.language.statements import Equation, judged, lower_equation
from checker.language.surface import BigOperator, Number, Tree
from checker.language.walk import descend

Seen = tuple[frozenset[str], bool, frozenset[str]]


@dataclass(frozen=True)
class _Opened:
    """A left side as a term in its letters, and the state of the reading behind it.

    ``used``: names that no letter made here has.
    """

    env: Environment
    stated: Restrictions | Misread
    value: Array
    letters: tuple[Expr, ...]
    term: Expr
    used: frozenset[str]


class Equations:
    """Reads ``left = right`` for many right sides.  For a desk on which nothing is put meanwhile."""

    def __init__(self, desk: Desk, chain: Chain, left: Part, layout: str) -> None:
        self.desk, self.chain, self.left, self.layout = desk, chain, left, layout
        self.used, self.letters = gathered((left.tree,), desk.table)
        self.binds = any(isinstance(node, BigOperator) for node in descend(left.tree))
        self._opened: dict[Seen, _Opened | None] = {}

    def read(self, right: Part) -> Equation:
        """Both terms, or what is wrong with them, and the free indices."""
        chain = replace(self.chain, parts=(self.left, right))
        used, letters = gathered((right.tree,), self.desk.table)
        opened = self._open(chain, used, letters)
        if opened is None:
            return lower_equation(self.desk, chain, self.layout)
        env = opened.env.forked(tuple(p.tree for p in chain.parts))
        lowered = concluded(env, [opened.value, attempt(env, 1, right)], opened.stated)
        if isinstance(lowered.values[0], Misread):
            return lower_equation(self.desk, chain, self.layout)
        left: Expr | Fault = only_where(opened.term, lowered.guards)
        found = side_term(self.desk, chain, lowered, 1, lowered.values[1], opened.value, opened.letters, None)
        slots = tuple(zip(opened.letters, opened.value.slots, strict=True))
        indices = free_indices(self.desk, lowered, slots, (left, found))
        left, found = judged(self.desk, left, self.left), judged(self.desk, found, right)
        return Equation(left, found, indices, *rows_and_columns(opened.value, opened.letters))

    def _open(self, chain: Chain, used: frozenset[str], letters: frozenset[str]) -> _Opened | None:
        """The left side as it is read beside a right side: all that it may take from there is the key."""
        right = chain.parts[1].tree
        seen = (letters | self.letters, _is_zero(right), frozenset(free_in(right)) if self.binds else frozenset())
        found = self._opened.get(seen)
        if seen not in self._opened or (found is not None and not used <= found.used):
            names = used | self.used | (found.used if found is not None else frozenset())
            found = self._opened[seen] = self._lowered(chain, names, seen[0])
        return found

    def _lowered(self, chain: Chain, used: frozenset[str], letters: frozenset[str]) -> _Opened | None:
        """None where the left side has no term of its own, or one that depends on the right side."""
        env = self.desk.surroundings([p.tree for p in chain.parts], self.layout, used, letters)
        stated = restricted(env, chain)
        value = attempt(env, 0, self.left)
        if isinstance(value, Misread) or value.any_shape or not finished(env.work, value):
            return None
        places = entry_letters(env, value, None)
        try:
            return _Opened(env, stated, value, places, value.entry(places), used)
        except (Misread, ShapeError, UnknownSize):
            return None


def _is_zero(tree: Tree) -> bool:
    return isinstance(tree, Number) and tree.value == 0
