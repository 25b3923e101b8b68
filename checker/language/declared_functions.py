"""``\\ell_t`` *is a function of* ``o_t``: many unknown functions, each of its own part of the argument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from checker.calculus import terms
from checker.calculus.context import Range
from checker.language import names
from checker.language.desk import Desk
from checker.language.faults import unreadable
from checker.language.surface import Name, Scripted, Tree
from checker.language.symbols import Entry

Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Many:
    """The entry of functions with an index, and which of its slots run with slots of the arguments."""

    entry: Entry
    aligned: dict[str, Pairs]


def one_of_many(desk: Desk, head: Tree, arguments: Sequence[Tree], start: int) -> Many | None:
    """Functions with an index that runs: in their arguments as well, or in a sum over them elsewhere.

    Raises ``Misread`` where the index runs but nothing tells what over.
    """
    if not isinstance(head, Scripted) or not isinstance(head.base, Name) or head.superscripts or head.primes:
        return None
    letters = [part.name for part in names.slot_parts(head.subscripts, None) if isinstance(part, Name)]
    if not letters or len(letters) != len(names.slot_parts(head.subscripts, None)):
        return None
    shared = {_root(tree): _shared(desk, tree, letters) for tree in arguments}
    found = {letters[own] for pairs in shared.values() for own, _ in pairs}
    running = {letter for letter in letters if (head.base.name, letter) in desk.survey.running}
    if not found | running:
        return None
    if found != set(letters):
        loose = next(letter for letter in letters if letter not in found)
        raise unreadable(
            "ambiguous-shape",
            head,
            f"{loose} runs, but no argument has it; declare the arguments with {loose}, "
            f'such as "Let $x_{{{loose}}} \\in \\mathbb{{R}}^{{n}}$ for ${loose} = 1, \\dots, n$", before this',
        )
    known = desk.table.entries.get(head.base.name)
    if known is not None and known.origin != "inferred" and known.heading == desk.table.heading:
        entry = known
    else:
        entry = Entry(
            head.base.name,
            slots=tuple(_range(desk, own, shared) for own in range(len(letters))),
            parameters=tuple(terms.index(letter) for letter in letters),
            start=start + head.span[0],
            heading=desk.table.heading,
        )
    return Many(entry, {name: pairs for name, pairs in shared.items() if name is not None and pairs})


def _root(tree: Tree) -> str | None:
    return tree.base.name if isinstance(tree, Scripted) and isinstance(tree.base, Name) else None


def _shared(desk: Desk, tree: Tree, letters: Sequence[str]) -> Pairs:
    """Which of the letters stand in which slot of an argument."""
    entry = desk.table.entries.get(_root(tree) or "")
    if not isinstance(tree, Scripted) or entry is None or entry.kind != "tensor" or entry.slots is None:
        return ()
    parts = (*tree.superscripts, *names.slot_parts(tree.subscripts, None))
    if len(parts) > len(entry.slots):
        return ()
    return tuple(
        (letters.index(part.name), its)
        for its, part in enumerate(parts)
        if isinstance(part, Name) and part.name in letters
    )


def _range(desk: Desk, own: int, shared: dict[str | None, Pairs]) -> Range:
    """What a slot of the functions runs over: what the slot of the argument runs over."""
    name, its = next((name, its) for name, pairs in shared.items() for mine, its in pairs if mine == own)
    slots = desk.table.entries[name or ""].slots or ()
    return desk.sizes.resolve(slots[its])
