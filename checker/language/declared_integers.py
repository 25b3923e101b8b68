"""Declared integers: class indices, layer numbers, exponents, and their bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Integer, oo

from checker.calculus.context import Hypothesis, Range
from checker.calculus.shapes import INTEGERS
from checker.language import names
from checker.language.conditions_said import restrictions
from checker.language.declared_shapes import as_integer, enter, heads_of, lower_end
from checker.language.definitions import Outcome
from checker.language.desk import Desk
from checker.language.operators import range_end
from checker.language.sentences import Condition, Piece, Saying
from checker.language.surface import (
    Group,
    Name,
    Relation,
    Scripted,
    Tree,
)
from checker.language.symbols import Entry

# ------------------------------------------------------------------------------------------ integers


def take_integer(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*k is an integer*, with the bounds that the same sentence gives (``1 \\le k \\le L``)."""
    said: list[Hypothesis] = []
    for piece in saying.pieces:
        bounds = [] if piece.is_bare else _bounds(desk, piece, saying.conditions)
        bounds += [b for p in saying.arguments for b in _bounds(desk, p, saying.conditions)]
        if saying.kind == "positive integer":
            bounds.append(lower_end(Integer(1)))
        for head in _integer_heads(desk, piece):
            said += as_integer(desk, head, bounds, saying.conditions, start) or []
    return said or None


def _integer_heads(desk: Desk, piece: Piece) -> list[Tree]:
    if piece.is_bare:
        return heads_of(piece)
    return [row.tree for row in piece.rows if row.tree is not None and _is_plain_name(row.tree)][:1]


def _is_plain_name(tree: Tree) -> bool:
    return isinstance(tree, (Name, Scripted)) and names.spell(tree) is not None


def _bounds(desk: Desk, piece: Piece, conditions: Sequence[Condition]) -> list[Range]:
    """The bounds that a chain of comparisons gives the integer in it."""
    trees = [row.tree for row in piece.rows if row.tree is not None]
    env = desk.environment(trees, desk.main_layout)
    heads = _integer_heads(desk, piece)
    middle = next((n for n, t in enumerate(trees) if heads and t is heads[0]), None)
    if middle is None:
        return []
    found: list[Range] = []
    for n, row in enumerate(piece.rows[1:]):
        operator = str(row.relation)
        if n == middle and operator in ("<", "\\le", ">", "\\ge"):
            end = range_end(env, trees[n + 1])
            found.append(_one_sided(operator, end))
        elif n + 1 == middle and operator in ("<", "\\le", ">", "\\ge"):
            flipped = {"<": ">", "\\le": "\\ge", ">": "<", "\\ge": "\\le"}[operator]
            found.append(_one_sided(flipped, range_end(env, trees[n])))
    return found


def _one_sided(operator: str, end: Expr) -> Range:
    match operator:
        case "<":
            return Range(-oo, end - 1)
        case "\\le":
            return Range(-oo, end)
        case ">":
            return Range(end + 1, oo)
        case _:
            return Range(end, oo)


def take_range(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``k = 1, \\dots, K``: a letter that is an index from here on."""
    piece = saying.pieces[0]
    head, listed = piece.rows[0].tree, piece.rows[1].tree
    assert isinstance(head, Name)
    assert isinstance(listed, Group)
    env = desk.environment([listed], desk.main_layout)
    found = restrictions(env, [Condition(Relation(piece.span, (head, listed), ("=",)), piece.formula)])
    entry = Entry(
        head.name, kind="index", values=found.ranges[head.name], start=start + head.span[0], heading=desk.table.heading
    )
    enter(desk, entry)
    return None


def bounded_integer(desk: Desk, saying: Saying) -> bool:
    """``1 \\le k \\le L`` for a declared integer letter: its range."""
    piece = saying.pieces[0]
    for row in piece.rows:
        name = names.spell(row.tree) if row.tree is not None else None
        entry = desk.table.entries.get(name or "")
        if entry is not None and entry.kind == "index" and isinstance(row.tree, Name):
            bounds = _bounds(desk, piece, saying.conditions)
            extent = entry.values or INTEGERS
            for bound in bounds:
                extent = Range(
                    bound.lower if extent.lower == -oo else extent.lower,
                    bound.upper if extent.upper == oo else extent.upper,
                )
            desk.table.put(replace(entry, values=extent))
            return True
    return False
