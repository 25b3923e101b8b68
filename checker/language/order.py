"""The order of reading: ``y = f(w)`` *with* ``w = …`` is read from behind, whatever stands first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checker.language.definitions import mentions
from checker.language.desk import Desk
from checker.language.sentences import Saying
from checker.language.sides import Chain
from checker.language.statements import new_target
from checker.language.surface import Tree
from checker.language.targets import Target, target_of


def sayings_in_order(desk: Desk, sayings: Sequence[Saying]) -> list[Saying]:
    """Each definition behind those of the same sentence that it uses; in a circle, as they stand."""
    waiting = list(sayings)
    found: list[Saying] = []
    while waiting:
        behind = [{_defined(desk, s) for s in waiting if s is not saying} - {None} for saying in waiting]
        ready = (n for n, saying in enumerate(waiting) if not _uses(saying, behind[n]))
        chosen = next(ready, 0)
        found.append(waiting.pop(chosen))
    return found


def _defined(desk: Desk, saying: Saying) -> str | None:
    """The name that a saying gives a meaning, if it has none so far."""
    if saying.kind != "definition" or saying.problem is not None:
        return None
    rows = saying.pieces[0].rows
    if len(rows) < 2 or rows[0].tree is None:
        return None
    target = target_of(desk, rows[0].tree, rows[1].tree, saying.conditions)
    return target.name if target is not None and _is_new(desk, target.name) else None


def _is_new(desk: Desk, name: str) -> bool:
    table = desk.table
    known = table.entries.get(name)
    return name not in table.functions and name not in table.depends and (known is None or known.origin == "inferred")


def _uses(saying: Saying, defined: Iterable[str | None]) -> bool:
    if saying.kind != "definition":
        return False
    right = [row.tree for row in saying.pieces[0].rows[1:] if row.tree is not None]
    return any(name is not None and _mentioned(right, name) for name in defined)


def _mentioned(trees: Iterable[Tree], name: str) -> bool:
    return any(mentions(tree, name) for tree in trees)


def definitions_behind(desk: Desk, chains: Sequence[Chain]) -> list[int]:
    """The chains of a block that define what another one before them uses, in the order to read them.

    ``y = f(v), \\quad v = g(w), \\quad w = x`` gives w, v.
    """
    defined = {n: target.name for n, chain in enumerate(chains) if (target := _target(desk, chain)) is not None}
    behind = [n for n in defined if any(_mentioned(_trees(c), defined[n]) for c in chains[:n])]
    found: list[int] = []
    while behind:
        free = (n for n in behind if not any(_mentioned(_trees(chains[n]), defined[m]) for m in behind if m != n))
        chosen = next(free, behind[0])
        behind.remove(chosen)
        found.append(chosen)
    return found


def _target(desk: Desk, chain: Chain) -> Target | None:
    target = new_target(desk, chain) if len(chain.parts) == 2 else None
    return target if target is not None and _is_new(desk, target.name) else None


def _trees(chain: Chain) -> list[Tree]:
    return [part.tree for part in chain.parts]
