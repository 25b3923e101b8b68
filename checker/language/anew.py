"""Names that get another definition in another section of the document, though nothing says that it is one."""

from __future__ import annotations

from checker.calculus import terms
from checker.language import names
from checker.language.desk import Desk
from checker.language.sides import Chain
from checker.language.surface import Derivative, Name, Number
from checker.language.symbols import Table, names_of_definition
from checker.language.targets import Target, target_of
from checker.language.walk import descend


def target_anew(desk: Desk, chain: Chain) -> Target | None:
    """What the head of a chain defines anew: a name that is defined in another section, by a like formula.

    ``c = a - b`` in a section next to one that had ``c = a + b``.  A formula with names that have come in since, or of
    what was defined as a derivative, claims something instead; so does one of what other definitions rest on.
    """
    target = likely_anew(desk, chain)
    return None if target is None or _is_used(desk.table, target.name) else target


def _is_used(table: Table, name: str) -> bool:
    used = any(name in names_of_definition(d) for known in table.definitions.values() for d in known)
    return used or any(name in arguments for arguments in table.depends.values())


def likely_anew(desk: Desk, chain: Chain) -> Target | None:
    """What the head of a chain may define anew, whatever rests on it."""
    head, second = chain.parts[0], chain.parts[1]
    table = desk.table
    target = target_of(desk, head.tree, second.tree, chain.conditions)
    if target is None or target.parameters is not None or chain.conditions:
        return None
    known = table.definitions.get(target.name, ())
    entry = table.entries.get(target.name)
    if not known or entry is None or entry.origin != "defined" or entry.family:
        return None
    if table.stands_under(table.defined_under.get(target.name, 0)) or isinstance(second.tree, (Name, Number)):
        return None
    if any(d.body.has(terms.Partial) for d in known) or any(isinstance(n, Derivative) for n in descend(second.tree)):
        return None
    before = {name for d in known for name in names_of_definition(d)}
    used = {name for node in descend(second.tree) if (name := names.spell(node)) is not None}
    since = {n for n in used if n in table.definitions and n not in before}
    return None if since or not used & before or _same(entry.text, f"{head.latex} = {second.latex}") else target


def _same(before: str | None, now: str) -> bool:
    return before is not None and before.replace(" ", "") == now.replace(" ", "")
