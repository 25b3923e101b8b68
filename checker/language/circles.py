"""Definitions that lead back to themselves."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer, Symbol

from checker.calculus import terms
from checker.language.desk import Desk
from checker.language.faults import unreadable
from checker.language.patterns import is_letter
from checker.language.surface import Tree
from checker.language.symbols import names_in

# ------------------------------------------------------------------------------------------- circles


def refuse_circle(desk: Desk, name: str, pattern: tuple[Expr, ...], body: Expr, right: Tree) -> None:
    """A name may be defined by itself only a fixed number of steps away (h_t by h_{t-1})."""
    known = desk.table.mentioned
    if name not in known and name not in names_in(body):
        return
    waiting = [(used, shift, [used]) for used, shift in _references(pattern, body) if shift is not None]
    seen: set[tuple[str, int]] = set()
    while waiting:
        used, shift, way = waiting.pop()
        if used == name and shift == 0:
            if len(way) == 1:
                raise unreadable("unknown-symbol", right, f"{name} is defined by itself")
            raise unreadable("unknown-symbol", right, f"{name} is defined in a circle: {' → '.join([name, *way])}")
        if used == name or (used, shift) in seen or len(way) > 100:
            continue
        seen.add((used, shift))
        for definition in desk.table.definitions.get(used, ()):
            further = _references(definition.pattern, definition.body)
            waiting += [(n, shift + step, [*way, n]) for n, step in further if step is not None]


def _references(pattern: tuple[Expr, ...], body: Expr) -> list[tuple[str, int | None]]:
    """Names in a body with the step from the pattern's first slot to theirs; None where it is no number."""
    elements = {(terms.name_of(e), _step(pattern, e)) for e in body.atoms(sympy.Indexed)}
    tensors = {name for name, _ in elements}
    plain = {(name, 0) for name in names_in(body) if name not in tensors}
    return sorted(elements | plain, key=str)


def _step(pattern: tuple[Expr, ...], element: Expr) -> int | None:
    if not pattern:
        return 0
    place = terms.indices_of(element)[0]
    difference = place - pattern[0]
    if isinstance(difference, Integer):
        return int(difference)
    return 0 if isinstance(pattern[0], Symbol) and is_letter(pattern[0]) else None
