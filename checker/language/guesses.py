"""Shapes that no sentence states: a fault that rests on one may be the reader's, not the author's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

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
    lost = next((x.name for t in trees for x in descend(t) if isinstance(x, Name) and x.name in table.shapeless), None)
    if lost is not None:
        advice = f"what is said of {lost} above cannot be taken in"
        return Misread("unreadable", "ambiguous-shape", problem.span, f"{problem.message}; but {advice}")
    many = next((x for t in trees for x in descend(t) if _is_bold_element(table, x)), None)
    if many is not None:
        advice = "a bold letter with an index is read as its element here; if it is one of many vectors, declare it"
        return Misread("unreadable", "ambiguous-shape", problem.span, f"{problem.message}; {advice}")
    found = _behind(table, _entries_in(table, trees))
    guessed = [n for n in found if _is_guess(table, n) or (problem.reason == "index" and _is_labelled(table, n))]
    if not guessed:
        return problem
    shown = guessed[0] if len(guessed) == 1 else ", ".join(guessed[:-1]) + " and " + guessed[-1]
    verb = "has" if len(guessed) == 1 else "have"
    message = (
        f"{problem.message}; but no sentence says which shape {shown} {verb}: "
        f'write "Let ${guessed[0]} \\in \\mathbb{{R}}^{{…}}$"'
    )
    return Misread("unreadable", "ambiguous-shape", problem.span, message)


def _is_bold_element(table: Table, tree: Tree) -> bool:
    """``\\mathbf{e}_n`` of a vector e: bold letters are vectors, and so may this be."""
    match tree:
        case Scripted(base=Name(style="bold") as base, subscripts=(_,)) if _letter_is_small(base.name):
            entry = table.entries.get(base.name)
            return entry is not None and entry.origin != "declared" and entry.inner == 1
        case _:
            return False


def _letter_is_small(name: str) -> bool:
    return name.lstrip("\\")[:1].islower()


def _is_labelled(table: Table, name: str) -> bool:
    """Whether the labels of a name were only given in passing."""
    entry = table.entries.get(name)
    said = any(x.partition("^")[0] == name for x in table.passing)
    return entry is not None and entry.family > 0 and said


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
    spelled = [names.spell(node)]
    if isinstance(node.base, Name) and node.superscripts and node.subscripts:
        spelled.append(names.spell(replace(node, subscripts=())))  # e^{(l)} of e_n^{(l)}
    return [x for x in spelled if x is not None]


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
