"""A loss that nothing defines, in a network of layers: a function of the last layer.

Where J is differentiated by ``z^{(l)}``, ``W^{(l)}`` and ``a^{(l)}``, it depends on that one of them from which no
other of the same layer is computed, at its last label.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sympy import Indexed, Symbol, oo

from checker.calculus import terms
from checker.calculus.context import Definition
from checker.calculus.shapes import is_hole
from checker.language.environment import Environment
from checker.language.symbols import Entry, Table


def last_of_layers(table: Table, variables: Iterable[str]) -> list[str]:
    """The variables with labels from which, at their own label, none of the others is computed."""
    families = [x for x in sorted(variables) if (e := table.entries.get(x)) is not None and e.family]
    behind = {x: _below(table, x) for x in families}
    return [x for x in families if not any(x in behind[z] for z in families if z != x)]


def _below(table: Table, start: str) -> frozenset[str]:
    """What a name is made of at its own label, and so on."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for definition in table.definitions.get(waiting.pop(), ()):
            label = definition.pattern[0] if definition.pattern else None
            here = {
                terms.name_of(x)
                for x in definition.body.atoms(Indexed)
                if isinstance(label, Symbol)
                if x.indices[0] == label
            }
            waiting += sorted(here - seen)
            seen |= here
    return frozenset(seen)


def slices_at_the_end(env: Environment, found: Collection[str]) -> tuple[str, ...] | None:
    """Each name at its last label as a name of its own; None where nothing tells which label is the last."""
    slices = []
    for name in found:
        entry = env.table.entries[name]
        if entry.family != 1 or not entry.slots:
            return None
        label, *inner = (env.sizes.resolve(r) for r in entry.slots)
        if is_hole(label) or label.upper == oo or any(is_hole(r) for r in inner):
            return None
        last = f"{name}^{{({label.upper})}}"
        if last not in env.table.definitions:
            pattern = env.work.letters.several(len(inner))
            env.table.put_slice(Entry(last, slots=tuple(inner), origin="inferred", heading=env.table.heading))
            env.table.define(Definition(last, pattern, terms.element(name, label.upper, *pattern)), last)
        slices.append(last)
    return tuple(slices)
