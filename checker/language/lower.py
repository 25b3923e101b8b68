"""A surface tree to a value in index notation: one function per kind of tree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import sympy
from sympy import Expr, Integer

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.functions import call, ceiling
from checker.calculus.shapes import ShapeError, upto
from checker.language.broadcast import misfit, stretched
from checker.language.calls import lower_call
from checker.language.conditions import compare, is_condition, lower_cases, lower_indicator
from checker.language.derivatives import lower_derivative
from checker.language.dotted import lower_dotted
from checker.language.elements import fraction_term, lower_name, lower_scripted
from checker.language.environment import Environment
from checker.language.faults import misshapen, outside, unreadable
from checker.language.operators import implied_sum, lower_big
from checker.language.powers import raised
from checker.language.products import lower_factors, quotient
from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Derivative,
    Dotted,
    Ellipsis_,
    Factors,
    Fraction_,
    Group,
    Hole,
    Logic,
    MatrixLiteral,
    Name,
    Number,
    Relation,
    Root,
    Scripted,
    Terms,
    Text,
    Tree,
)


def lower(env: Environment, tree: Tree) -> Array:
    """The value of a tree; raises ``Misread`` where it has none."""
    if (env.table.summation or env.silent) and isinstance(tree, (Scripted, Factors, Fraction_, Derivative)):
        return implied_sum(env, tree, _lower)
    return _lower(env, tree)


def _lower(env: Environment, tree: Tree) -> Array:
    return _ROWS.get(type(tree), _lower_other)(env, tree)


def _lower_scripted(env: Environment, tree: Scripted) -> Array:
    return lower_norm(env, tree) if _is_norm(tree) else lower_scripted(env, tree)


def _lower_other(env: Environment, tree: Tree) -> Array:
    match tree:
        case Relation() | Logic():
            raise unreadable(
                "syntax", tree, "a relation cannot stand inside a formula; put it in brackets for an indicator"
            )
        case Text():
            raise unreadable("words", tree, f'words inside a formula: "{tree.words.strip()}"')
        case Ellipsis_():
            raise unreadable(
                "ellipsis",
                tree,
                "these dots show no rule; write a sum or a product over an index, "
                "or give the entries by a formula: A_{ij} = …",
            )
        case Hole():
            raise unreadable("syntax", tree, _missing(tree))
        case _:
            raise outside(tree, f"{type(tree).__name__} cannot be read here")


def _missing(tree: Hole) -> str:
    if not tree.mark:
        return "something is missing here"
    return f"the mark {tree.mark} on a name cannot be read; declare the whole name with “Let …”, or use another letter"


def lower_number(_: Environment, tree: Number) -> Array:
    if tree.value == 0:
        return arrays.anything_zero()
    return arrays.number(fraction_term(tree.value), literal=True)


def lower_terms(env: Environment, tree: Terms) -> Array:
    match tree:
        case Terms(terms=(Number(value=value),), signs=(-1,)) if value:
            return arrays.number(fraction_term(-value), literal=True)
    values = [env.lower(env, t) for t in tree.terms]
    try:
        if len(values) == 1:
            return matrices.negated(values[0]) if tree.signs[0] < 0 else values[0]
        return matrices.plus(env.work, values, tree.signs)
    except ShapeError as error:
        wide = stretched(env, values) if env.table.broadcasting else None
        if wide is None:
            raise misfit(env, values, tree, str(error)) from error
        return matrices.plus(env.work, wide, tree.signs)


def lower_fraction(env: Environment, tree: Fraction_) -> Array:
    above, below = env.lower(env, tree.numerator), env.lower(env, tree.denominator)
    try:
        return quotient(env, above, below)
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


def lower_root(env: Environment, tree: Root) -> Array:
    value = env.lower(env, tree.radicand)
    if arrays.is_square(env.work, value) and not arrays.is_number(env.work, value):
        raise outside(tree, "the square root of a matrix")
    exponent: Expr = terms.number("1/2")
    if tree.degree is not None:
        degree = arrays.scalar_term(env.lower(env, tree.degree))
        exponent = terms.number(f"1/{degree}") if isinstance(degree, Integer) else terms.power(degree, Integer(-1))
    return arrays.elementwise(lambda x: terms.power(x, exponent), value)


# ------------------------------------------------------------------------------------------ brackets


def lower_group(env: Environment, tree: Group) -> Array:
    match tree.kind:
        case "(" | "[" | "{":
            return _plain_group(env, tree)
        case "|":
            return _bars(env, tree)
        case "||":
            return _norm(env, tree, "2", None)
        case "<":
            return _inner_product(env, tree)
        case "floor":
            return arrays.elementwise(lambda x: call("floor", x), env.lower(env, _only(tree)))
        case "ceil":
            return arrays.elementwise(ceiling, env.lower(env, _only(tree)))
        case _:
            raise outside(tree, f"brackets of the kind {tree.kind}")


def _only(tree: Group) -> Tree:
    if len(tree.items) != 1:
        raise unreadable("syntax", tree, f"one expression is expected in these brackets, not {len(tree.items)}")
    return tree.items[0]


def _plain_group(env: Environment, tree: Group) -> Array:
    if len(tree.items) > 1 and tree.kind != "{":
        return _listed(env, tree)
    inner = _only(tree)
    if is_condition(inner) and tree.kind != "{":
        return lower_indicator(env, inner)
    return env.lower(env, inner)


def _listed(env: Environment, tree: Group) -> Array:
    """``(x, y, z)``: the vector of these numbers."""
    if any(is_condition(item) or isinstance(item, Ellipsis_) for item in tree.items):
        return env.lower(env, _only(tree))
    return lower_matrix(env, MatrixLiteral(tree.span, tuple((item,) for item in tree.items)))


def _bars(env: Environment, tree: Group) -> Array:
    value = env.lower(env, _only(tree))
    try:
        if arrays.is_square(env.work, value) and not arrays.is_number(env.work, value):
            return matrices.determinant(env.work, value)
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error
    if not arrays.is_number(env.work, value) and not value.any_shape:
        shape = arrays.describe(env.work, value)
        raise misshapen(tree, f"|…| of {shape}; write \\|x\\| for a norm")
    return arrays.elementwise(matrices.absolute, value)


def _inner_product(env: Environment, tree: Group) -> Array:
    if len(tree.items) != 2:
        raise unreadable("syntax", tree, "an inner product needs two arguments")
    left, right = (env.lower(env, t) for t in tree.items)
    try:
        return matrices.inner(env.work, left, right)
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


# --------------------------------------------------------------------------------------------- norms


def _is_norm(tree: Scripted) -> bool:
    return isinstance(tree.base, Group) and tree.base.kind == "||"


def lower_norm(env: Environment, tree: Scripted) -> Array:
    """``\\|x\\|_p^k``; an even power of a Euclidean norm is a sum of squares."""
    group = tree.base
    assert isinstance(group, Group)
    which, exponent = _kind_of_norm(tree)
    if which == "2" and _is_two(tree.superscripts):
        return _norm(env, group, "squared", None)
    value = _norm(env, group, which, exponent)
    return raised(env, value, Scripted(tree.span, group, (), tree.superscripts)) if tree.superscripts else value


def _is_two(parts: Sequence[Tree]) -> bool:
    return len(parts) == 1 and isinstance(parts[0], Number) and parts[0].value == 2


def _kind_of_norm(tree: Scripted) -> tuple[str, Tree | None]:
    if not tree.subscripts:
        return "2", None
    part = tree.subscripts[0]
    match part:
        case Number(value=value) if value in (1, 2):
            return ("1" if value == 1 else "2*"), None
        case Name(name="F" | "Fro" | "fro"):
            return "2", None
        case Name(name="\\infty"):
            return "inf", None
        case Name(name="*"):
            raise outside(tree, "the nuclear norm")
        case _:
            return "p", part


def _norm(env: Environment, group: Group, which: str, exponent: Tree | None) -> Array:
    work = env.work
    value = env.lower(env, _only(group))
    is_matrix = bool(value.rows and value.columns) and not arrays.is_number(work, value)
    if is_matrix and which in ("2*", "1", "inf", "p"):
        raise outside(group, "an operator norm of a matrix; the Frobenius norm is \\|X\\|_F")
    match which:
        case "2" | "2*":
            return matrices.euclidean_norm(work, value)
        case "squared":
            return matrices.squared_norm(work, value)
        case "1":
            return matrices.sum_norm(work, value)
        case "inf":
            return matrices.largest(work, arrays.elementwise(matrices.absolute, value))
        case _:
            assert exponent is not None
            return matrices.power_norm(work, value, arrays.scalar_term(env.lower(env, exponent)))


# ---------------------------------------------------------------------------------- matrices in full


def lower_matrix(env: Environment, tree: MatrixLiteral) -> Array:
    """A matrix of numbers, written out."""
    rows = [[env.lower(env, cell) for cell in row] for row in tree.rows]
    if len({len(row) for row in rows}) != 1:
        raise unreadable("syntax", tree, "the rows of this matrix are not equally long")
    if not all(arrays.is_number(env.work, cell) for row in rows for cell in row):
        raise outside(tree, "a matrix made of blocks")
    if tree.environment == "vmatrix":
        raise outside(tree, "a determinant written out")
    height, width = len(rows), len(rows[0])

    def entry(at: tuple[Expr, ...]) -> Expr:
        i, j = (at[0], at[1]) if len(at) == 2 else (at[0], Integer(1))
        chosen = [
            (arrays.scalar_term(cell), _here(i, r, j, c))
            for r, row in enumerate(rows, 1)
            for c, cell in enumerate(row, 1)
        ]
        certain = [value for value, condition in chosen if condition == sympy.true]
        return certain[0] if certain else terms.cases(*chosen, otherwise=Integer(0))

    down, across = upto(Integer(height)), upto(Integer(width))
    return Array((down,), () if width == 1 else (across,), entry)


def _here(i: Expr, row: int, j: Expr, column: int) -> Expr:
    if isinstance(i, Integer) and isinstance(j, Integer):
        return sympy.true if (i, j) == (row, column) else sympy.false
    return sympy.And(compare("=", i, Integer(row)), compare("=", j, Integer(column)), evaluate=False)


_ROWS: Mapping[type, Callable[[Environment, Any], Array]] = MappingProxyType(
    {
        Number: lower_number,
        Name: lower_name,
        Scripted: _lower_scripted,
        Group: lower_group,
        Factors: lower_factors,
        Terms: lower_terms,
        Fraction_: lower_fraction,
        Root: lower_root,
        Derivative: lower_derivative,
        BigOperator: lower_big,
        Call: lower_call,
        Cases: lower_cases,
        MatrixLiteral: lower_matrix,
        Dotted: lower_dotted,
    }
)
