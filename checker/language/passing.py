"""Equations in prose: *The loss is* $L = \\frac12 \\|y - t\\|^2$ tells what L is, though nothing declares it.

Only a name that has no meaning yet is given one, and what the document declares or displays later has the last word.
"""

from __future__ import annotations

from checker.language import names
from checker.language.desk import Desk
from checker.language.sentences import Saying
from checker.language.sides import Chain, Part
from checker.language.statements import EQUALITIES, new_target
from checker.language.surface import BigOperator, Derivative, Group, Name, Number, Scripted, Text, Tree
from checker.language.targets import Target
from checker.language.walk import descend


def defined_in_passing(desk: Desk, saying: Saying) -> str | None:
    """The new name that an equation in prose gives a meaning; a number put in for a letter gives none."""
    if saying.kind != "definition" or saying.problem is not None:
        return None
    rows = saying.pieces[0].rows
    parts = tuple(Part(r.relation, r.tree, saying.pieces[0].formula) for r in rows if r.tree is not None)
    if len(parts) != len(rows) or len(parts) < 2 or parts[1].relation not in EQUALITIES:
        return None
    target: Target | None = new_target(desk, Chain(parts, (), None, ()))
    known = desk.table.entries.get(target.name) if target is not None else None
    if target is None or target.name in desk.table.elementwise or (known is not None and known.origin != "inferred"):
        return None
    return target.name if all(_says_something(part.tree) for part in parts[1:]) else None


def _says_something(right: Tree) -> bool:
    """Whether a right side is made of letters: no bare number, list or word."""
    if isinstance(right, Group) and len(right.items) > 1:
        return False
    nodes = list(descend(right))
    if any(isinstance(node, Text) for node in nodes):
        return False
    return len(nodes) > 1 and any(isinstance(node, Name | Derivative) for node in nodes)


def is_total_of_given(desk: Desk, saying: Saying) -> bool:
    """``\\sum_i y_i = 1`` of a y that nothing defines: what the text takes for known of its data."""
    if saying.kind not in ("relation", "definition") or saying.problem is not None:
        return False
    match [row.tree for row in saying.pieces[0].rows]:
        case [BigOperator(operator="sum", body=Name() | Scripted(base=Name()) as body), Number()]:
            name = body.base.name if isinstance(body, Scripted) and isinstance(body.base, Name) else names.spell(body)
            return name not in desk.table.definitions and name not in desk.table.depends
        case _:
            return False


def make_way(desk: Desk, said: list[str]) -> None:
    """What is declared or defined now takes the place of what prose said under the same heading."""
    for name in said:
        if desk.table.soft.get(name, (-1, 0))[0] == desk.table.heading:
            desk.table.drop(name)
