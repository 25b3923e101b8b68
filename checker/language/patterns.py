"""The slots of a left side while its right side is read: letters that run, fixed places, their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Symbol

from checker.calculus import terms
from checker.calculus.arrays import Array
from checker.calculus.context import Range
from checker.language import names
from checker.language.conditions_said import Restrictions
from checker.language.desk import Desk
from checker.language.environment import Environment
from checker.language.faults import misshapen, unreadable
from checker.language.slots import index_expression
from checker.language.surface import Hole, Name, Tree
from checker.language.symbols import Entry
from checker.language.targets import Target

# ---- names


@dataclass
class Pattern:
    """The slots of a left side while its right side is read."""

    slots: list[Expr]
    letters: list[Symbol]
    ranges: dict[Symbol, Range]
    guards: list[Expr]


@dataclass
class Body:
    """The right side of a definition, read in one layout."""

    env: Environment
    pattern: Pattern
    value: Array


def read_pattern(desk: Desk, env: Environment, target: Target, tree: Tree, stated: Restrictions) -> Pattern:
    entry = desk.table.entries.get(target.name)
    above = names.slot_parts(target.above, entry.above if entry is not None else None)
    below = _below_slots(entry, target.below)
    _check_count(entry, above, below, tree)
    pattern = Pattern([], [], {}, list(stated.guards))
    for part in (*above, *below):
        pattern.slots.append(_pattern_slot(env, part, stated, pattern, tree))
    return pattern


def _check_count(entry: Entry | None, above: Sequence[Tree], below: Sequence[Tree], tree: Tree) -> None:
    """A declared name is defined whole, label by label, or element by element."""
    if entry is None or entry.slots is None or entry.origin == "inferred":
        return
    given = len(above) + len(below)
    if given not in (0, entry.family, len(entry.slots)) or len(above) not in (0, entry.above):
        expected = len(entry.slots) - entry.above
        raise misshapen(tree, f"{entry.name} has {expected} indices, not {len(below)}")


def _below_slots(entry: Entry | None, parts: Sequence[Tree]) -> tuple[Tree, ...]:
    if not parts:
        return ()
    if entry is None or entry.slots is None:
        return names.slot_parts(parts, None)
    total, family = len(entry.slots) - entry.above, entry.family - entry.above
    whole = names.slot_parts(parts, total)
    return whole if len(whole) == total else names.slot_parts(parts, family)


def _pattern_slot(env: Environment, part: Tree, stated: Restrictions, pattern: Pattern, tree: Tree) -> Expr:
    """A slot of the left side: a letter that runs, a shifted one, or a fixed place."""
    if isinstance(part, Hole):
        raise unreadable("syntax", tree, "a definition cannot leave a slot open; name its index")
    running = [x for x in names.letters_in(part) if _runs(env, x, stated)]
    if not running:
        return index_expression(env, part)
    if len(running) > 1 or running[0] in env.bound:
        raise unreadable(
            "syntax",
            tree,
            f"the left side of a definition cannot use {running[-1]} twice or in this place; write plain letters there",
        )
    name = running[0]
    symbol = terms.index(name)
    pattern.letters.append(symbol)
    env.bound[name] = symbol
    if isinstance(part, Name):
        return symbol
    shift = index_expression(env, part) - symbol
    if shift.has(symbol):
        message = (
            f"the left side of a definition may shift an index, not scale it: {name}; write cases on the right side"
        )
        raise unreadable("syntax", tree, message)
    env.bound[name] = symbol - shift
    if name in stated.ranges:
        extent = stated.ranges[name]
        stated.ranges[name] = Range(extent.lower + shift, extent.upper + shift)
    return symbol


def _runs(env: Environment, letter: str, stated: Restrictions) -> bool:
    if letter in stated.letters or letter in stated.ranges:
        return True
    entry = env.table.entries.get(letter)
    return not (entry is not None and entry.kind in ("size", "sizes", "index") and not _is_running_index(entry))


def _is_running_index(entry: Entry) -> bool:
    """A declared index letter (k = 1, …, K) runs on the left side of a definition."""
    return entry.kind == "index"


def use_declared(desk: Desk, env: Environment, target: Target, pattern: Pattern, tree: Tree) -> None:
    entry = desk.table.entries.get(target.name)
    for letter in pattern.letters:
        known = desk.table.entries.get(str(letter))
        if known is not None and known.kind == "index" and known.values is not None:
            env.indices.ranges.setdefault(letter, known.values)
    if entry is None or not entry.slots:
        return
    family = {p: s for p, s in zip(entry.parameters, pattern.slots, strict=False) if p != s}
    for slot, extent in zip(pattern.slots, entry.slots, strict=False):
        placed = Range(extent.lower.xreplace(family), extent.upper.xreplace(family))
        env.indices.use(slot, placed, tree.span, entry.name)


def settle(env: Environment, pattern: Pattern, tree: Tree) -> None:
    """The range of every letter on the left side."""
    for letter in pattern.letters:
        stated = env.indices.ranges.get(letter)
        found = stated or env.indices.range_from_uses(letter) or env.indices.linked_range(letter)
        if found is None:
            raise unreadable(
                "ambiguous-shape",
                tree,
                f'nothing tells what {letter} runs over; add "for ${letter} = 1, \\dots, n$"',
            )
        env.indices.check_stated(letter, found)
        pattern.ranges[letter] = found


def is_letter(slot: Expr) -> bool:
    return isinstance(slot, Symbol) and not slot.is_positive
