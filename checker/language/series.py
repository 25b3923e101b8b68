"""What dots stand for: the general member between a first and a last one, found by comparing the two.

``x_1 y_1`` and ``x_n y_n`` differ in two places, each time 1 against n: the member in between is ``x_k y_k``.
All places must step together (``a_1 b_0`` and ``a_n b_{n-1}`` do), everything else must be equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from checker.language.surface import Factors, Name, Number, Scripted, Span, Terms, Tree

_UNCOMPARED = frozenset({"span", "style", "text", "mark"})


@dataclass(frozen=True)
class Step:
    """``atom + offset``: what an index may be at one member; the atom of a number is None."""

    atom: str | None
    offset: int

    def moved(self, by: int) -> Step:
        return Step(self.atom, self.offset + by)


@dataclass(frozen=True)
class Series:
    """``body`` with ``letter`` from ``first`` to ``last``."""

    body: Tree
    letter: str
    first: Step
    last: Step

    def member(self, at: Step) -> Tree:
        return _at(self.body, self.letter, at)


def series(first: Tree, last: Tree, letter: str) -> Series | None:
    """The series with this first and last member; None where they show none."""
    merger = _Merger(letter)
    body = merger.merged(first, last, inside=False)
    if body is None or merger.first is None or merger.last is None:
        return None
    return Series(body, letter, merger.first, merger.last)


def same(left: Tree, right: Tree) -> bool:
    """Whether two trees are the same but for their places (``x_{12}`` has the slots 1 and 2)."""
    return _same(left, right)


# ----------------------------------------------------------------------------------------- comparing


class _Merger:
    """The state of one comparison: which steps the first place that differs shows."""

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.first: Step | None = None
        self.last: Step | None = None

    def merged(self, a: Tree, b: Tree, inside: bool) -> Tree | None:
        """``inside``: in a script, where letters may step as well."""
        if _same(a, b):
            return a
        a, b = _split_like(a, b), _split_like(b, a)
        stepped = self._stepped(a, b, inside)
        if stepped is not None:
            return stepped
        if type(a) is not type(b):
            return None
        return self._parts(a, b, inside)

    def _parts(self, a: Tree, b: Tree, inside: bool) -> Tree | None:
        changes: dict[str, object] = {}
        for field in fields(a):
            if field.name in _UNCOMPARED:
                continue
            left, right = getattr(a, field.name), getattr(b, field.name)
            deeper = inside or (isinstance(a, Scripted) and field.name in ("subscripts", "superscripts"))
            found = self._value(left, right, deeper)
            if found is _NOTHING:
                return None
            changes[field.name] = found
        return replace(a, **changes)  # type: ignore[arg-type]

    def _value(self, left: object, right: object, inside: bool) -> object:
        if isinstance(left, Tree) and isinstance(right, Tree):
            found = self.merged(left, right, inside)
            return _NOTHING if found is None else found
        if isinstance(left, tuple) and isinstance(right, tuple):
            if len(left) != len(right):
                return _NOTHING
            items = [self._value(x, y, inside) for x, y in zip(left, right, strict=True)]
            return _NOTHING if _NOTHING in items else tuple(items)
        return left if left == right else _NOTHING

    def _stepped(self, a: Tree, b: Tree, inside: bool) -> Tree | None:
        """The letter, where ``a`` and ``b`` are an index at the first and at the last member."""
        left, right = step_of(a), step_of(b)
        if left is None or right is None or not (inside or left.atom is None or right.atom is None):
            return None
        if self.first is None or self.last is None:
            self.first, self.last = left, right
            return Name(a.span, self.letter)
        away = left.offset - self.first.offset
        if (left, right) != (self.first.moved(away), self.last.moved(away)):
            return None
        return _shifted(a.span, self.letter, away)


_NOTHING = object()


def step_of(tree: Tree) -> Step | None:
    """``3``, ``n``, ``n - 1``, ``k + 2`` as a step."""
    match tree:
        case Number(value=value) if value.denominator == 1:
            return Step(None, int(value))
        case Name(name=name):
            return Step(name, 0)
        case Terms(terms=(Name(name=name), Number(value=value)), signs=(1, sign)) if value.denominator == 1:
            return Step(name, sign * int(value))
        case _:
            return None


def tree_of(step: Step, span: Span) -> Tree:
    if step.atom is None:
        value = Number(span, Fraction(abs(step.offset)), str(abs(step.offset)))
        return value if step.offset >= 0 else Terms(span, (value,), (-1,))
    return _shifted(span, step.atom, step.offset)


def _shifted(span: Span, letter: str, by: int) -> Tree:
    name = Name(span, letter)
    if by == 0:
        return name
    return Terms(span, (name, Number(span, Fraction(abs(by)), str(abs(by)))), (1, 1 if by > 0 else -1))


def _split_like(tree: Tree, other: Tree) -> Tree:
    """``11`` beside ``1n``: two slots."""
    match tree, other:
        case Number(text=text), Factors(factors=factors, operators=operators) if (
            text.isdigit() and len(text) == len(factors) > 1 and not any(operators)
        ):
            return _digits(tree)
        case _:
            return tree


def _digits(tree: Tree) -> Tree:
    assert isinstance(tree, Number)
    digits = tuple(Number(tree.span, Fraction(int(d)), d) for d in tree.text)
    return Factors(tree.span, digits, ("",) * (len(digits) - 1))


def _same(left: object, right: object) -> bool:
    if isinstance(left, Tree) and isinstance(right, Tree):
        a, b = _split_like(left, right), _split_like(right, left)
        if type(a) is not type(b):
            return False
        return all(_same(getattr(a, f.name), getattr(b, f.name)) for f in fields(a) if f.name not in _UNCOMPARED)
    if isinstance(left, tuple) and isinstance(right, tuple):
        return len(left) == len(right) and all(_same(a, b) for a, b in zip(left, right, strict=True))
    return left == right


# ------------------------------------------------------------------------------------------- members


def _at(tree: Tree, letter: str, at: Step) -> Tree:
    """The tree with a step for the letter."""
    own = step_of(tree)
    if own is not None and own.atom == letter:
        return tree_of(at.moved(own.offset), tree.span)
    changes = {f.name: _at_in(getattr(tree, f.name), letter, at) for f in fields(tree) if f.name not in _UNCOMPARED}
    return replace(tree, **changes)  # type: ignore[arg-type]


def _at_in(value: object, letter: str, at: Step) -> object:
    if isinstance(value, Tree):
        return _at(value, letter, at)
    if isinstance(value, tuple):
        return tuple(_at_in(x, letter, at) for x in value)
    return value


def continued(found: Series, given: Sequence[Tree], start: Step, by: int) -> int:
    """How many of the trees are members, at ``start``, ``start + by``, …"""
    count = 0
    for tree in given:
        if not _same(found.member(start.moved(count * by)), tree):
            break
        count += 1
    return count
