"""Walking a surface tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Derivative,
    Factors,
    Fraction_,
    Group,
    Logic,
    MatrixLiteral,
    Relation,
    Root,
    Scripted,
    Terms,
    Tree,
)


def children(tree: Tree) -> tuple[Tree, ...]:
    """The trees that stand directly in a tree, in the order written."""
    match tree:
        case Scripted():
            return (tree.base, *tree.subscripts, *tree.superscripts)
        case Group():
            return tree.items
        case Factors():
            return tree.factors
        case Terms():
            return tree.terms
        case Fraction_():
            return (tree.numerator, tree.denominator)
        case Root():
            return (tree.radicand, tree.degree) if tree.degree is not None else (tree.radicand,)
        case Derivative():
            return (tree.operand, *tree.variables) if tree.operand is not None else tree.variables
        case BigOperator():
            above = (tree.upper,) if tree.upper is not None else ()
            return (*tree.lower, *above, tree.body)
        case Call():
            scripts = (*tree.scripts.subscripts, *tree.scripts.superscripts) if tree.scripts is not None else ()
            return (*tree.arguments, *scripts)
        case Cases():
            return tuple(t for row in tree.rows for t in row if t is not None)
        case MatrixLiteral():
            return tuple(t for row in tree.rows for t in row)
        case Relation() | Logic():
            return tree.operands
        case _:
            return ()


def descend(tree: Tree) -> Iterator[Tree]:
    """The tree and every tree in it, parents first."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(children(node)))


def mapped(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """The tree with ``change`` made to every tree in it, children first."""
    fields: dict[str, Any] = {}
    for name in tree.__dataclass_fields__:
        old = getattr(tree, name)
        new = _mapped(old, change)
        if new is not old:
            fields[name] = new
    return change(replace(tree, **fields) if fields else tree)


def _mapped(item: object, change: Callable[[Tree], Tree]) -> object:
    if isinstance(item, Tree):
        return mapped(item, change)
    if isinstance(item, tuple):
        new = tuple(_mapped(x, change) for x in item)
        return item if all(a is b for a, b in zip(item, new, strict=True)) else new
    return item
