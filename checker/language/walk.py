"""Walking a surface tree."""

from __future__ import annotations

from collections.abc import Iterator

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
