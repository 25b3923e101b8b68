"""Shapes that no sentence states: a fault that rests on one may be the reader's, not the author's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy.core.relational import Relational

from checker.calculus.terms import scalar
from checker.language import names
from checker.language.boldness import plain_twin, two_letters
from checker.language.faults import Misread
from checker.language.quotients import makers
from checker.language.surface import Group, Name, Scripted, Span, Tree
from checker.language.symbols import Entry, Table
from checker.language.walk import descend


def unless_guessed(table: Table, trees: Iterable[Tree], problem: Misread) -> Misread:
    """A misfit of shapes or indices, as *unreadable* where the shape of a name that takes part in it is a guess."""
    if problem.verdict != "wrong" or problem.reason not in ("shape", "index"):
        return problem
    if problem.local:
        trees = [_smallest_around(list(trees), problem.span)]
    older = _older(table, problem)
    if older is not None:
        advice = f'if it is another {older} than above, write "Let ${older} \\in \\mathbb{{R}}^{{…}}$" again'
        return Misread("unreadable", "ambiguous-shape", problem.span, f"{problem.message}; {advice}")
    twin = plain_twin(table, trees := list(trees))
    if twin is not None:
        return Misread("unreadable", "ambiguous-shape", problem.span, f"{problem.message}; {two_letters(twin)}")
    guessed = [n for n in _behind(table, _entries_in(table, trees)) if _is_guess(table, n)]
    if not guessed:
        return problem
    shown = guessed[0] if len(guessed) == 1 else ", ".join(guessed[:-1]) + " and " + guessed[-1]
    verb = "has" if len(guessed) == 1 else "have"
    message = (
        f"{problem.message}; but no sentence says which shape {shown} {verb}: "
        f'write "Let ${guessed[0]} \\in \\mathbb{{R}}^{{…}}$"'
    )
    return Misread("unreadable", "ambiguous-shape", problem.span, message)


def _smallest_around(trees: Sequence[Tree], span: Span) -> Tree:
    """The innermost tree that holds a span: a product, a sum."""
    around = [t for tree in trees for t in descend(tree) if t.span[0] <= span[0] and span[1] <= t.span[1]]
    return min(around, key=lambda t: t.span[1] - t.span[0], default=Group((0, 0), "(", tuple(trees)))


def _older(table: Table, problem: Misread) -> str | None:
    """The name of an earlier section that has no such element: it may be another one here."""
    name, found, _ = problem.message.partition(" has no element ")
    entry = table.entries.get(name) if found else None
    return name if entry is not None and entry.heading < table.heading else None


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


def _is_guess(table: Table, name: str) -> bool:
    entry = table.entries.get(name)
    if name in table.contradicted:
        return True
    if entry is None or entry.kind != "tensor" or name in table.granted or _is_compared(table, entry):
        return False
    return entry.origin == "inferred" or (name in table.passing and entry.heading < table.heading)


def _is_compared(table: Table, entry: Entry) -> bool:
    """Whether a number is said to be greater or smaller than something: ``\\lambda > 0``."""
    if entry.slots:
        return False
    relations = (h.relation for h, _ in table.hypotheses if isinstance(h.relation, Relational))
    return any(scalar(entry.name) in r.args for r in relations)
