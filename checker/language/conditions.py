"""Conditions: comparisons of indices and of values, joined by *and*, *or*, *not*."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy
from sympy import Expr

from checker.calculus import arrays, terms
from checker.calculus.arrays import Array
from checker.calculus.shapes import ShapeError
from checker.language import names
from checker.language.environment import Environment
from checker.language.faults import misshapen, outside, unreadable
from checker.language.slots import index_expression
from checker.language.surface import Cases, Factors, Group, Logic, Name, Number, Relation, Terms, Text, Tree

COMPARISONS: Mapping[str, Callable[..., Expr]] = {
    "=": sympy.Eq,
    "==": sympy.Eq,
    "\\ne": sympy.Ne,
    "<": sympy.Lt,
    "\\le": sympy.Le,
    ">": sympy.Gt,
    "\\ge": sympy.Ge,
}


def compare(operator: str, left: Expr, right: Expr) -> Expr:
    """An unevaluated comparison."""
    return COMPARISONS[operator](left, right, evaluate=False)


def lower_condition(env: Environment, tree: Tree) -> Array:
    """A condition as an array whose entries are SymPy Booleans."""
    match tree:
        case Relation():
            return _comparison(env, tree)
        case Logic():
            return _logic(env, tree)
        case Group(items=(inner,)):
            return lower_condition(env, inner)
        case Text():
            raise unreadable(
                "words", tree, f'"{tree.words.strip()}" is no condition that can be read; write a comparison'
            )
        case _:
            raise unreadable("syntax", tree, "a condition is expected here, such as i = j or x > 0")


def is_condition(tree: Tree) -> bool:
    match tree:
        case Relation() | Logic():
            return True
        case Group(items=(inner,)):
            return is_condition(inner)
        case _:
            return False


def _comparison(env: Environment, tree: Relation) -> Array:
    pairs = [
        _pair(env, a, op, b, tree) for a, op, b in zip(tree.operands, tree.operators, tree.operands[1:], strict=False)
    ]
    return _joined(env, sympy.And, pairs, tree)


def _pair(env: Environment, left: Tree, operator: str, right: Tree, tree: Tree) -> Array:
    if operator not in COMPARISONS:
        raise outside(tree, f"the relation {operator} in a condition")
    if (
        (indexlike(env, left) and indexlike(env, right))
        or _names_index(env, left, right)
        or _names_index(env, right, left)
    ):
        a, b = index_expression(env, left), index_expression(env, right)
        if operator != "\\ne":
            env.indices.link(a, b)
        return arrays.number(compare(operator, a, b))
    values = [env.lower(env, left), env.lower(env, right)]
    try:
        return arrays.combine(env.work, lambda a, b: compare(operator, a, b), values, "cannot compare")
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


def indexlike(env: Environment, tree: Tree) -> bool:
    """Whether a tree is made of index letters and whole numbers only."""
    match tree:
        case Number():
            return tree.value.denominator == 1
        case Name():
            return env.is_index(tree.name)
        case Terms():
            return all(indexlike(env, t) for t in tree.terms)
        case Factors():
            return all(indexlike(env, f) for f in tree.factors) and not any(tree.operators)
        case _:
            return is_integer_element(env, tree)


def is_integer_element(env: Environment, tree: Tree) -> bool:
    base = getattr(tree, "base", None)
    if not isinstance(base, Name):
        return False
    entry = env.table.entries.get(base.name) or env.table.entries.get(names.spell(tree) or "")
    return entry is not None and (entry.integer or entry.kind in ("sizes", "size", "index"))


def _names_index(env: Environment, left: Tree, right: Tree) -> bool:
    """An index compared with a letter that means nothing else."""
    if not indexlike(env, left) or isinstance(left, Number) or not isinstance(right, Name):
        return False
    return right.name not in env.table.entries and not right.upright and right.name not in env.bound


def _logic(env: Environment, tree: Logic) -> Array:
    operands = [lower_condition(env, t) for t in tree.operands]
    if tree.operator == "not":
        return arrays.elementwise(sympy.Not, operands[0])
    return _joined(env, sympy.And if tree.operator == "and" else sympy.Or, operands, tree)


def _joined(env: Environment, join: Callable[..., Expr], operands: list[Array], tree: Tree) -> Array:
    if len(operands) == 1:
        return operands[0]
    try:
        return arrays.combine(
            env.work, lambda *parts: join(*parts, evaluate=False), operands, "cannot join conditions on"
        )
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


def lower_indicator(env: Environment, tree: Tree) -> Array:
    return arrays.elementwise(_indicator, lower_condition(env, tree))


def _indicator(condition: Expr) -> Expr:
    """1 where the condition holds; two equal indices are Kronecker's delta."""
    if isinstance(condition, sympy.Eq) and condition.lhs.is_integer and condition.rhs.is_integer:
        return terms.delta(condition.lhs, condition.rhs)
    return terms.indicator(condition)


def lower_cases(env: Environment, tree: Cases) -> Array:
    values = [env.lower(env, value) for value, _ in tree.rows]
    conditions = [lower_condition(env, c) for _, c in tree.rows if c is not None]
    if len(conditions) < len(values) - 1 or (len(conditions) < len(values) and tree.rows[-1][1] is not None):
        raise unreadable("syntax", tree, "only the last row may stand without a condition")
    number = len(values)

    def choose(*parts: Expr) -> Expr:
        rows = list(zip(parts[:number], parts[number:], strict=False))
        return terms.cases(*rows, otherwise=parts[number - 1] if len(rows) < number else None)

    try:
        return arrays.combine(env.work, choose, [*values, *conditions], "the rows do not have one shape:")
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error
