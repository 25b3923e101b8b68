"""Chains that pass from whole arrays to entries and back: ``\\nabla_X f = \\partial f / \\partial X_{kl} = … = A^T``.

The element that a side differentiates by says which entry is meant: here the one at k, l of every array in the chain.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from sympy import Symbol

from checker.calculus import arrays, terms
from checker.calculus.arrays import Array
from checker.calculus.shapes import Workspace, is_single
from checker.language import names
from checker.language.faults import Misread
from checker.language.surface import Derivative, Name, Scripted, Tree
from checker.language.walk import descend

_LEAST = 3  # sides


def shared_letters(
    work: Workspace, trees: Sequence[Tree], values: Sequence[Array | Misread], free: Collection[Symbol], layout: str
) -> tuple[Symbol, ...] | None:
    """The letters at which the arrays among some sides are compared with the numbers among them.

    None where all sides are of one kind, or where no derivative by an element says which letters stand for which slot;
    and for a single equation: an element that equals an array is a slip.
    """
    if len(trees) < _LEAST:
        return None
    found = [(t, v) for t, v in zip(trees, values, strict=True) if isinstance(v, Array) and not v.any_shape]
    whole = [(t, v) for t, v in found if not arrays.is_number(work, v)]
    single = [t for t, v in found if arrays.is_number(work, v)]
    ranks = {len([r for r in v.slots if not is_single(work.sizes.resolve(r))]) for _, v in whole}
    if not whole or not single or len(ranks) != 1:
        return None
    (rank,) = ranks
    variables = {name for tree, _ in whole for name in _variables(tree)}
    for tree in single:
        for node in descend(tree):
            if not isinstance(node, Derivative):
                continue
            base, letters = _element(node, rank, layout)
            symbols = tuple(map(terms.index, letters))
            fits = len(set(symbols)) == rank and all(s in free for s in symbols)
            if fits and (not variables or base in variables):
                return symbols
    return None


def mentions_any(value: Array, letters: Sequence[Symbol]) -> bool:
    """Whether a number depends on one of the letters."""
    return bool(arrays.scalar_term(value).free_symbols & set(letters))


def _variables(tree: Tree) -> Iterator[str]:
    for node in descend(tree):
        if isinstance(node, Derivative):
            yield from (v.name for v in node.variables if isinstance(v, Name))


def _element(node: Derivative, rank: int, layout: str) -> tuple[str | None, tuple[str, ...]]:
    """What the derivative is by, and the letters of the entry that it is, in the order of the slots."""
    (variable,) = node.variables if len(node.variables) == 1 else (None,)
    below = _letters(variable)
    if variable is None or not isinstance(variable, Scripted) or not isinstance(variable.base, Name):
        return None, ()
    if len(below) == 1 and rank == 2:
        above = _letters(node.operand)
        below = (*above, *below) if layout == "numerator" else (*below, *above)
    return variable.base.name, below if len(below) == rank else ()


def _letters(tree: Tree | None) -> tuple[str, ...]:
    if not isinstance(tree, Scripted) or tree.superscripts:
        return ()
    parts = names.slot_parts(tree.subscripts, None)
    return tuple(p.name for p in parts if isinstance(p, Name)) if all(isinstance(p, Name) for p in parts) else ()
