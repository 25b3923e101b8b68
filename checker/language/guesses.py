"""Shapes that no sentence states and nothing forces: a fault that rests on one may be ours, not the author's."""

from __future__ import annotations

from collections.abc import Iterable

from checker.calculus.shapes import is_hole
from checker.language import names
from checker.language.environment import Inference
from checker.language.faults import Misread
from checker.language.quotients import makers
from checker.language.surface import Name, Scripted, Tree
from checker.language.symbols import Entry, Table
from checker.language.walk import descend


def unless_guessed(table: Table, inference: Inference, trees: Iterable[Tree], problem: Misread) -> Misread:
    """A misfit of shapes or indices, as *unreadable* where the shape of a name in the formula is a guess."""
    if problem.verdict != "wrong" or problem.reason not in ("shape", "index"):
        return problem
    guessed = [n for n in _behind(table, _entries_in(table, trees)) if _is_guess(inference, table.entries.get(n))]
    if not guessed:
        return problem
    shown = guessed[0] if len(guessed) == 1 else ", ".join(guessed[:-1]) + " and " + guessed[-1]
    verb = "has" if len(guessed) == 1 else "have"
    message = (
        f"{problem.message}; but no sentence says which shape {shown} {verb}: "
        f'write "Let ${guessed[0]} \\in \\mathbb{{R}}^{{…}}$"'
    )
    return Misread("unreadable", "ambiguous-shape", problem.span, message)


def _entries_in(table: Table, trees: Iterable[Tree]) -> list[str]:
    """The names in some trees that have an entry, in the order in which they stand."""
    found: dict[str, None] = {}
    for tree in trees:
        for node in descend(tree):
            if isinstance(node, (Name, Scripted)):
                found.update((n, None) for n in _spellings(node) if n in table.entries)
    return list(found)


def _spellings(node: Name | Scripted) -> list[str]:
    if isinstance(node, Name):
        return [node.name]
    spelled = names.spell(node)
    return [spelled] if spelled is not None else []


def _behind(table: Table, found: list[str]) -> list[str]:
    seen = dict.fromkeys(found)
    waiting = list(found)
    while waiting:
        more = sorted(makers(table, waiting.pop(0)) - seen.keys())
        waiting += more
        seen.update(dict.fromkeys(more))
    return list(seen)


def _is_guess(inference: Inference, entry: Entry | None) -> bool:
    """Whether an entry is a number only because nothing else was known, or has a size of its own making."""
    if entry is None or entry.origin != "inferred" or entry.kind != "tensor":
        return False
    slots = [inference.sizes.resolve(r) for r in entry.slots or ()]
    return not slots or any(is_hole(r) or any(str(s).startswith("n_{") for s in r.upper.free_symbols) for r in slots)
