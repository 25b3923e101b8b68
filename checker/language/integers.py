"""Integer scalars (class indices, layer numbers) that a term depends on, directly or through definitions."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr, Symbol

from checker.calculus import terms
from checker.calculus.context import Range
from checker.calculus.shapes import INTEGERS
from checker.language.desk import Desk
from checker.language.symbols import Table, names_in, names_of_definition


def integers_in(desk: Desk, found: Sequence[Expr]) -> dict[Symbol, Range]:
    """The declared integer letters in some terms and in all they are defined by, with their ranges."""
    table = desk.table
    if not table.indices:
        return {}
    letters = {n: table.entries[n] for n in sorted(table.indices)}
    reached: set[str] = set()
    waiting = sorted({n for term in found for n in names_in(term)})
    while waiting:
        name = waiting.pop()
        if name in reached:
            continue
        reached.add(name)
        waiting += sorted(_used_by(table, name) - reached)
    return {terms.index(n): e.values or INTEGERS for n, e in letters.items() if n in reached and e.values is not None}


def _used_by(table: Table, name: str) -> set[str]:
    found: set[str] = set()
    for definition in table.definitions.get(name, ()):
        found |= names_of_definition(definition)
    return found
