"""Names whose definition cannot be read or cannot fit: nothing is judged that rests on one.

Such a name would otherwise count as a free quantity: with ``y`` lost, ``\\partial y / \\partial x = 0`` would hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sympy import Basic
from sympy.core.function import AppliedUndef

from checker.calculus import terms
from checker.documents.model import Formula
from checker.language import names
from checker.language.declared_shapes import heads_of
from checker.language.desk import Desk
from checker.language.parser import parse
from checker.language.reading import Fault
from checker.language.sentences import Saying
from checker.language.surface import Name, ParseError, Scripted, Tree
from checker.language.symbols import Table, names_in, names_of_definition
from checker.language.targets import target_of

_ABOUT_NAMES = ("shape", "sized", "function", "definition", "problem")


def lose(desk: Desk, head: Tree, start: int, shape: bool = False) -> None:
    """Note that what a left side defines has no meaning; ``T_{ij}`` may be a name or an element of T.

    ``shape``: not even the shape of it is known.
    """
    name = _name_of(desk, head)
    found = [] if name is None else [name]
    if name not in desk.table.entries and isinstance(head, Scripted) and isinstance(head.base, Name):
        found.append(head.base.name)
    desk.table.lost.update(dict.fromkeys(found, (desk.table.heading, start)))
    if shape:
        desk.table.shapeless.update(found)


def lose_saying(desk: Desk, saying: Saying) -> None:
    """Note the names of which something was said that cannot be read."""
    if saying.kind not in _ABOUT_NAMES:
        return
    for piece in saying.pieces:
        for head in heads_of(piece):
            lose(desk, head, piece.formula.start, shape=saying.kind != "definition")
        if piece.head is None:
            lose_unparsed(desk, piece.formula)


def lose_unparsed(desk: Desk, formula: Formula) -> None:
    """Note the name before the first ``=`` of a formula that cannot be parsed."""
    left, sign, _ = formula.text.replace("&", " ").replace(":=", "=").partition("=")
    if not sign:
        return
    try:
        parsed = parse(left, desk.macros)
    except ParseError:
        return
    head = parsed.chains[0][0].tree if parsed.chains else None
    name = None if head is None else _name_of(desk, head)
    if head is not None and name not in desk.table.definitions and name not in desk.table.depends:
        lose(desk, head, formula.start)


def _name_of(desk: Desk, head: Tree) -> str | None:
    target = target_of(desk, head, None, ())
    if target is not None:
        return target.name or None
    return names.spell(head.base if isinstance(head, Scripted) else head)


def refused(desk: Desk, term: Basic, ends: tuple[int, int]) -> Fault | None:
    """Why a term cannot be judged: it mentions a name of lost shape, or differentiates what rests on a lost name.

    What holds without a derivative holds whatever the lost name means; see :func:`why_not_wrong`.
    """
    if not desk.table.lost:
        return None
    table = desk.table
    shapeless = (n for n in _behind(table, _mentioned(term)) if n in table.lost and n in table.shapeless)
    name = min({*shapeless, *_in_derivatives(table, term)}, default=None)
    return None if name is None else Fault("unreadable", "unknown-symbol", *ends, _message(desk, name))


def why_not_wrong(desk: Desk, term: Basic) -> str | None:
    """What to say instead of *wrong* where a side mentions a lost name, or something that is made of one."""
    if not desk.table.lost and not desk.table.unassumed:
        return None
    behind = list(_behind(desk.table, _mentioned(term)))
    name = next((n for n in behind if n in desk.table.lost), None)
    if name is not None:
        return _message(desk, name)
    name = next((n for n in behind if n in desk.table.unassumed), None)
    if name is None:
        return None
    line = desk.lines.place(desk.table.unassumed[name])[0]
    return f"line {line} assumes something of {name} that cannot be read; mend that line first"


_COMMAND = re.compile(r"\\[A-Za-z]+")


def lose_assumption(desk: Desk, text: str, start: int) -> None:
    """Note the names in an assumption that cannot be read: without it a true line may look wrong."""
    commands = set(_COMMAND.findall(text))
    letters = _COMMAND.sub(" ", text)
    for name in desk.table.entries:
        if name in commands or (not name.startswith("\\") and name[0] in letters):
            desk.table.unassumed[name] = start


def _message(desk: Desk, name: str) -> str:
    line = desk.lines.place(desk.table.lost[name][1])[0]
    return f"this rests on {name}, and what line {line} says of {name} cannot be taken in; mend that line first"


def _in_derivatives(table: Table, term: Basic) -> Iterator[str]:
    """Lost names that may depend on what is differentiated by."""
    partials = set(term.atoms(terms.Partial))
    for name in _behind(table, _mentioned(term)):
        for definition in table.definitions.get(name, ()):
            partials |= definition.body.atoms(terms.Partial)
    for partial in partials:
        lost = sorted(n for n in _behind(table, _mentioned(partial.expression)) if n in table.lost)
        for variable in partial.variables if lost else ():
            known = frozenset(_behind(table, names_in(variable)))  # a variable that is made of n does not move n
            yield from (n for n in lost if n not in known)


def _behind(table: Table, mentioned: frozenset[str]) -> Iterator[str]:
    """Names, those that they are defined by or depend on, and so on."""
    waiting = sorted(mentioned)
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        yield name
        more = set(table.depends.get(name, ()))
        for definition in table.definitions.get(name, ()):
            more |= names_of_definition(definition) | _functions(definition.body)
        if name in table.functions:
            more |= _mentioned(table.functions[name].body)
        waiting += sorted(more - seen)
        seen |= more


def _mentioned(term: Basic) -> frozenset[str]:
    return names_in(term) | _functions(term)


def _functions(term: Basic) -> frozenset[str]:
    applied = {str(f.func.__name__) for f in term.atoms(AppliedUndef)}
    return frozenset(applied | {f.function for f in term.atoms(terms.FunctionDerivative)})
