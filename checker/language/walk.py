"""Walking a surface tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Derivative,
    Dotted,
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

Children = tuple[Tree, ...]


def children(tree: Tree) -> Children:
    """The trees that stand directly in a tree, in the order written."""
    row = _CHILDREN.get(type(tree))
    return () if row is None else row(tree)


def descend(tree: Tree) -> list[Tree]:
    """The tree and every tree in it, parents first."""
    found = []
    stack = [tree]
    while stack:
        node = stack.pop()
        found.append(node)
        row = _CHILDREN.get(type(node))
        if row is not None:
            stack += row(node)[::-1]
    return found


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


def _of_root(tree: Root) -> Children:
    return (tree.radicand, tree.degree) if tree.degree is not None else (tree.radicand,)


def _of_derivative(tree: Derivative) -> Children:
    return (tree.operand, *tree.variables) if tree.operand is not None else tree.variables


def _of_operator(tree: BigOperator) -> Children:
    above = (tree.upper,) if tree.upper is not None else ()
    return (*tree.lower, *above, tree.body)


def _of_call(tree: Call) -> Children:
    scripts = (*tree.scripts.subscripts, *tree.scripts.superscripts) if tree.scripts is not None else ()
    return (*tree.arguments, *scripts)


_CHILDREN: Mapping[type, Callable[[Any], Children]] = MappingProxyType(
    {
        Scripted: lambda tree: (tree.base, *tree.subscripts, *tree.superscripts),
        Group: lambda tree: tree.items,
        Factors: lambda tree: tree.factors,
        Terms: lambda tree: tree.terms,
        Fraction_: lambda tree: (tree.numerator, tree.denominator),
        Root: _of_root,
        Derivative: _of_derivative,
        BigOperator: _of_operator,
        Call: _of_call,
        Cases: lambda tree: tuple(t for row in tree.rows for t in row if t is not None),
        MatrixLiteral: lambda tree: tuple(t for row in tree.rows for t in row),
        Dotted: lambda tree: (*tree.rows, *tree.columns, *(t for row in tree.cells for t in row)),
        Relation: lambda tree: tree.operands,
        Logic: lambda tree: tree.operands,
    }
)
