"""Letters that stand for two things, and several letters that may be one word: no line about them is called wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sympy import Basic
from sympy.core.function import AppliedUndef

from checker.calculus import terms
from checker.language import names
from checker.language import vocabulary as v
from checker.language.sides import Part
from checker.language.surface import Factors, Group, Name, Scripted, Tree
from checker.language.symbols import Table, names_in

_SCRIPTS = re.compile(
    r"[_^]\s*\{[^{}]*\}|\\(?:text\w*|operatorname\*?|math[a-z]+|begin|end|label|tag|[hv]space\*?)\s*\{[^{}]*\}|\\[A-Za-z]+"
)
_WORD = re.compile(r"(?<![A-Za-z])[a-z]{4,}(?![A-Za-z])")
_VOWEL = re.compile(r"[aeiou]")


def note_second_definition(table: Table, head: Tree) -> None:
    """Take note of ``f(x) = …`` where f has another definition already."""
    match head:
        case Factors(factors=(Name() as name, Group(kind="(", items=items))) if all(
            isinstance(item, (Name, Scripted)) for item in items
        ):
            known = name.name in table.functions or name.name in table.arguments
            if known and not _is_value(table, name.name, items):
                table.twofold.add(name.name)
        case _:
            pass


def _is_value(table: Table, name: str, items: tuple[Tree, ...]) -> bool:
    """``h(b) = …`` of a declared b, where h(u) is defined: what h is at b, and no second definition."""
    definition = table.functions.get(name)
    if definition is None:
        return False
    own = {str(parameter) for parameter in definition.parameters}
    spelled = [names.spell(item) for item in items]
    entries = [table.entries.get(n or "") for n in spelled]
    return not own & set(spelled) and all(e is not None and e.origin == "declared" for e in entries)


def twofold(table: Table, sides: Iterable[Basic]) -> str | None:
    """Why a line may only seem wrong: a function in it has two definitions."""
    if not table.twofold:
        return None
    mentioned = {x for side in sides for x in (*names_in(side), *_functions(side))}
    name = min(mentioned & table.twofold, default=None)
    if name is None:
        return None
    return f"{name} has two definitions or more, and nothing says which is meant; give each a name of its own"


def _functions(term: Basic) -> frozenset[str]:
    applied = {str(f.func.__name__) for f in term.atoms(AppliedUndef)}
    return frozenset(applied | {f.function for f in term.atoms(terms.FunctionDerivative)})


def word_of_letters(parts: Iterable[Part]) -> str | None:
    """Why a line may only seem wrong: letters side by side that look like a word were read as a product."""
    for part in parts:
        for match in _WORD.finditer(_SCRIPTS.sub(" ", part.latex)):
            word = match[0]
            if _VOWEL.search(word) and word not in v.BARE_WORDS and word not in v.CALLED_WORDS:
                return f"{word} is read as a product of letters; if it is one word, write \\text{{{word}}}"
    return None
