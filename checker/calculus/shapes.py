"""Sizes that are not known yet, ranges of indices, and letters for bound indices.

A range that is not known yet is a *hole*: ``Range(h, h)`` with a symbol ``h`` that only this module
makes.  Holes are filled by unification; a hole in a finished term is a defect of the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from sympy import Add, Expr, Integer, Mul, S, Symbol, oo

from checker.calculus import terms
from checker.calculus.context import Range

ONE = Range(Integer(1), Integer(1))
INTEGERS = Range(-oo, oo)


def upto(upper: Expr) -> Range:
    """1..upper, the range of an ordinary slot."""
    return Range(Integer(1), upper)


def is_single(extent: Range) -> bool:
    """Whether a range is 1..1."""
    return extent.upper is S.One and extent.lower is S.One


def is_hole(extent: Range) -> bool:
    return isinstance(extent.lower, Symbol) and str(extent.lower.name).startswith("?")


class ShapeError(Exception):
    """Shapes that cannot fit; the message prints both."""


class UnknownSize(Exception):
    """A size that nothing in the document determines was needed to build a term."""


# --------------------------------------------------------------------------------- comparing sizes


def linear(expression: Expr) -> tuple[int, dict[Expr, int]] | None:
    """``(constant, {atom: coefficient})`` of an integer-linear expression, else None."""
    constant = 0
    parts: dict[Expr, int] = {}
    for summand in Add.make_args(expression):
        factor, atoms = summand.as_coeff_Mul() if isinstance(summand, Mul) else (Integer(1), summand)
        if isinstance(summand, Integer):
            constant += int(summand)
            continue
        if not isinstance(factor, Integer) or isinstance(atoms, (Mul, Add)):
            return None
        parts[atoms] = parts.get(atoms, 0) + int(factor)
    return constant, parts


def least(expression: Expr, floors: Mapping[Expr, int]) -> int | None:
    """A lower bound of a linear expression in sizes (each ≥ 1, or its floor), None where there is none."""
    found = linear(expression)
    if found is None:
        return None
    total, parts = found
    for atom, coefficient in parts.items():
        floor = floors.get(atom, 1 if _is_size(atom) else None)
        if coefficient < 0 or floor is None:
            return None
        total += coefficient * floor
    return total


def _is_size(atom: Expr) -> bool:
    return bool(atom.is_Indexed) or bool(atom.is_positive)


@dataclass
class Sizes:
    """What is known of holes, and of lower bounds of sizes."""

    filled: dict[Symbol, Range] = field(default_factory=dict)
    floors: dict[Expr, int] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    changed: bool = False

    def hole(self) -> Range:
        symbol = Symbol(f"?{next(self.numbers)}", integer=True)
        return Range(symbol, symbol)

    def resolve(self, extent: Range) -> Range:
        while is_hole(extent):
            found = self.filled.get(extent.lower)
            if found is None:
                return extent
            extent = found
        return extent

    def known(self, extent: Range) -> Range:
        """The range itself; raises ``UnknownSize`` where it is still a hole."""
        found = self.resolve(extent)
        if is_hole(found):
            raise UnknownSize(str(found.lower))
        return found

    def unify(self, left: Range, right: Range) -> bool:
        """Make two ranges the same, if they can be; a hole is filled by nothing that it is part of."""
        left, right = self.resolve(left), self.resolve(right)
        if left is right or left == right:
            return True
        if is_hole(left) and not is_hole(right) and right.upper.has(left.lower):
            return False
        if is_hole(left):
            self.filled[left.lower] = right
            self.changed = True
            return True
        if is_hole(right):
            self.filled[right.lower] = left
            self.changed = True
            return True
        return False

    def positive(self, expression: Expr) -> bool:
        """Whether an integer expression is ≥ 1 for all sizes, as far as one can see at once."""
        bound = least(expression, self.floors)
        return bound is not None and bound > 0

    def nonnegative(self, expression: Expr) -> bool:
        bound = least(expression, self.floors)
        return bound is not None and bound >= 0


# -------------------------------------------------------------------------------------------- letters

_READABLE = ("i", "j", "k", "l", "p", "q", "r", "s", "u", "v", "w", "a", "b", "c")


@dataclass
class Letters:
    """A supply of index letters that occur nowhere in what was written.

    Deterministic: the first unused letters, then ``i1``, ``j1``, …
    """

    used: Container[str] = frozenset()
    also: Container[str] = frozenset()
    drawn: int = 0  # of all letters in order, used ones included

    def fresh(self) -> Symbol:
        while True:
            round_, place = divmod(self.drawn, len(_READABLE))
            name = f"{_READABLE[place]}{round_}" if round_ else _READABLE[place]
            self.drawn += 1
            if name not in self.used and name not in self.also:
                return terms.index(name)

    def several(self, number: int) -> tuple[Symbol, ...]:
        return tuple(self.fresh() for _ in range(number))


# ------------------------------------------------------------------------------------ printing shapes


def range_text(extent: Range) -> str:
    if is_hole(extent):
        return "?"
    if extent.lower == 1:
        return str(extent.upper)
    return f"{extent.lower}..{extent.upper}"


def shape_text(rows: Iterable[Range], columns: Iterable[Range], show: Callable[[Range], str] = range_text) -> str:
    """``3 × n matrix``, ``column of n``, ``row of n``, ``number``: for messages."""
    down, across = [show(r) for r in rows], [show(r) for r in columns]
    if not down and not across:
        return "a number"
    if not across:
        return f"a column of {down[0]}" if len(down) == 1 else "an array of " + " × ".join(down)
    if not down:
        return f"a row of {across[0]}" if len(across) == 1 else "a row of " + " × ".join(across)
    if len(down) == len(across) == 1:
        return f"a {down[0]} × {across[0]} matrix"
    return f"a ({' · '.join(down)}) × ({' · '.join(across)}) matrix"


@dataclass
class Workspace:
    """What the lowering of one statement shares: its letters and the sizes of its document."""

    letters: Letters
    sizes: Sizes
    show: Callable[[Range], str] = range_text
