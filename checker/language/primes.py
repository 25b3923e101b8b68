"""Index letters with a prime: ``\\sum_{w'=1}^{n} P_{w'}``.

A prime on a letter that stands in a subscript or below a sum is part of the letter; the same letter in the
rest of the formula is the same index.  A prime on what is applied to an argument is a derivative.
"""

from __future__ import annotations

from dataclasses import replace

from checker.language.surface import BigOperator, Factors, Group, Name, ParsedFormula, Row, Scripted, Tree
from checker.language.walk import descend, mapped


def with_primed_letters(parsed: ParsedFormula) -> ParsedFormula:
    """The formula with ``w'`` as one letter wherever it is an index."""
    trees = [row.tree for chain in parsed.chains for row in chain if row.tree is not None]
    letters = _primed_letters([*trees, *(tree for aside in parsed.asides for tree in aside.trees)])
    if not letters:
        return parsed

    def change(tree: Tree) -> Tree:
        spelled = _primed(tree)
        return Name(tree.span, spelled) if spelled in letters and spelled is not None else tree

    def row(old: Row) -> Row:
        return old if old.tree is None else replace(old, tree=mapped(old.tree, change))

    asides = tuple(replace(a, trees=tuple(mapped(t, change) for t in a.trees)) for a in parsed.asides)
    return replace(parsed, chains=tuple(tuple(map(row, chain)) for chain in parsed.chains), asides=asides)


def _primed(tree: Tree) -> str | None:
    match tree:
        case Scripted(base=Name() as base, subscripts=(), superscripts=()) if tree.primes:
            return base.name + "'" * tree.primes
        case _:
            return None


def _primed_letters(trees: list[Tree]) -> set[str]:
    found: set[str] = set()
    applied: set[str] = set()
    for tree in trees:
        for node in descend(tree):
            parts = (
                node.subscripts if isinstance(node, Scripted) else node.lower if isinstance(node, BigOperator) else ()
            )
            inside = (_primed(inner) for part in parts for inner in descend(part))
            found |= {spelled for spelled in inside if spelled is not None}
            if isinstance(node, Factors):
                pairs = zip(node.factors, node.factors[1:], strict=False)
                applied |= {str(_primed(head)) for head, after in pairs if isinstance(after, Group)}
    return found - applied
