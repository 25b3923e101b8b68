"""*the true class* $c$, *the correct label* $y$ of a ``p_c``, ``p_y``: letters that words say are indices."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from checker.documents.model import Formula, Words
from checker.language import names
from checker.language.surface import Name, ParsedFormula, ParseError, Scripted
from checker.language.walk import descend

_CLASS = re.compile(
    r"\b(?:true|correct|right|target|actual|gold(?:en)?|ground[- ]truth|desired|observed)\s+(?:class|label|category)"
    r"(?:\s+(?:index|label|number))?\s*\(?\s*\Z|\bclass\s+(?:index|label|number)\s*\Z",
    re.IGNORECASE,
)


def classes_in_words(
    sentences: Iterable[Sequence[Words | Formula]], parsed: dict[int, ParsedFormula | ParseError]
) -> frozenset[str]:
    """Letters that a sentence calls a class, and that stand in a subscript by themselves and nowhere as a quantity."""
    called: set[str] = set()
    for parts in sentences:
        for before, part in itertools.pairwise(parts):
            if isinstance(before, Words) and isinstance(part, Formula) and _CLASS.search(before.text):
                letter = _letter(parsed.get(id(part)))
                if letter is not None:
                    called.add(letter)
    if not called:
        return frozenset()
    subscripts, others = _uses(p for p in parsed.values() if isinstance(p, ParsedFormula))
    return frozenset(called & subscripts - others)


def _letter(formula: ParsedFormula | ParseError | None) -> str | None:
    if not isinstance(formula, ParsedFormula) or len(formula.chains) != 1 or len(formula.chains[0]) != 1:
        return None
    tree = formula.chains[0][0].tree
    return tree.name if isinstance(tree, Name) and not tree.upright and not tree.style else None


def _uses(formulas: Iterable[ParsedFormula]) -> tuple[set[str], set[str]]:
    """Letters that are a whole subscript, and letters that carry scripts themselves, so that they are quantities."""
    subscripts: set[str] = set()
    quantities: set[str] = set()
    for formula in formulas:
        for tree in (row.tree for chain in formula.chains for row in chain if row.tree is not None):
            for node in descend(tree):
                if isinstance(node, Scripted):
                    subscripts |= {p.name for p in names.slot_parts(node.subscripts, None) if isinstance(p, Name)}
                    if isinstance(node.base, Name):
                        quantities.add(node.base.name)
    return subscripts, quantities
