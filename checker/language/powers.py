"""Superscripts that are no labels: transposes, inverses, powers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.shapes import ShapeError
from checker.language import names
from checker.language.environment import Environment
from checker.language.faults import misshapen, outside, unreadable
from checker.language.slots import index_expression
from checker.language.surface import (
    Dotted,
    Factors,
    Fraction_,
    Group,
    Hole,
    Name,
    Number,
    Scripted,
    Terms,
    Tree,
)
from checker.language.walk import descend

ENTRY_BY_ENTRY = ("\\odot", "\\circ")


def only(parts: Sequence[Tree], tree: Tree) -> Tree:
    if len(parts) != 1:
        raise unreadable("syntax", tree, "one expression is expected in this superscript")
    return parts[0]


# --------------------------------------------------------------------------------------------- powers


def raised(env: Environment, value: Array, tree: Scripted) -> Array:
    """A superscript that is no label: transpose, inverse, power."""
    parts = tree.superscripts
    work = env.work
    try:
        if is_transpose(env, parts) and is_list(tree.base):
            return value  # (x_1, …, x_n) is a row or a column, and this says which
        if is_transpose(env, parts):
            _refuse_unknown_transpose(env, value, tree)
            return matrices.transposed(work, value)
        if is_inverse_transpose(env, parts):
            return matrices.transposed(work, matrices.inverse(work, value))
        if names.is_inverse(parts):
            return matrices.inverse(work, value)
        part = only(parts, tree)
        by_entries = entries_exponent(part)
        if by_entries is not None:
            return _entries_power(env, value, by_entries, tree)
        if value.any_shape or arrays.is_number(work, value):
            exponent = env.lower(env, part)
            return _number_power(env, value, exponent, tree)
        return _array_power(env, value, part, tree)
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


def is_list(tree: Tree) -> bool:
    """``(x_1, x_2)``, ``[x_1, \\dots, x_n]``: numbers in a row that no environment arranges."""
    match tree:
        case Dotted(listed=listed):
            return listed
        case Group(kind="(" | "[", items=items):
            return len(items) > 1
        case _:
            return False


def is_transpose(env: Environment, parts: Sequence[Tree]) -> bool:
    """A transpose, unless it is written with a t that is a number."""
    return names.is_transpose(parts) and not _is_number_t(env, parts[0])


def is_inverse_transpose(env: Environment, parts: Sequence[Tree]) -> bool:
    """``^{-\\top}``, but not the ``^{-t}`` of an exponential."""
    if not names.is_inverse_transpose(parts):
        return False
    return not any(_is_number_t(env, node) for node in descend(parts[0]))


def _is_number_t(env: Environment, tree: Tree) -> bool:
    if not isinstance(tree, Name) or tree.name != "t":
        return False
    entry = env.table.entries.get("t")
    declared = entry is not None and entry.kind == "tensor" and entry.slots == () and entry.origin != "inferred"
    return "t" in env.bound or declared


def _refuse_unknown_transpose(env: Environment, value: Array, tree: Scripted) -> None:
    """A transposed name that nothing gives a shape is no number."""
    spelled = (names.spell(replace(tree, superscripts=(), brackets="")), names.spell(tree.base))
    name = next((n for n in spelled if n in env.table.entries), None)
    entry = env.table.entries.get(name or "")
    if entry is not None and entry.origin == "inferred" and entry.slots == () and arrays.is_number(env.work, value):
        env.inference.unsaid.arrays.add(entry.name)
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{name} is transposed, but nothing tells its shape; write "Let ${name} \\in \\mathbb{{R}}^{{n}}$"',
        )


def _number_power(env: Environment, value: Array, exponent: Array, tree: Tree) -> Array:
    if not arrays.is_number(env.work, exponent):
        raise misshapen(tree, f"the exponent is {arrays.describe(env.work, exponent)}, not a number")
    base = arrays.as_number(env.work, value)
    return Array(
        (),
        (),
        lambda _: terms.power(arrays.scalar_term(base), arrays.scalar_term(exponent)),
        literal=base.literal and exponent.literal,
    )


def raised_elements(env: Environment, value: Array, tree: Scripted) -> Array:
    """``\\tanh^2(z)``: the power of what a function that is applied elementwise gives is elementwise as well."""
    parts = tree.superscripts
    matrix_word = is_transpose(env, parts) or names.is_inverse(parts) or is_inverse_transpose(env, parts)
    if matrix_word or value.any_shape or arrays.is_number(env.work, value):
        return raised(env, value, tree)
    part = only(parts, tree)
    return _entries_power(env, value, entries_exponent(part) or part, tree)


def entries_exponent(part: Tree) -> Tree | None:
    """The 3 of ``x^{\\odot 3}`` and ``x^{\\circ 3}``, powers of every entry; None where there is no such mark."""
    match part:
        case Factors(factors=(Hole(mark=mark), first, *more)) if mark in ENTRY_BY_ENTRY and part.operators[0] == "":
            rest = (first, *more)
            return first if not more else replace(part, factors=rest, operators=part.operators[1:])
        case Terms(terms=(Hole(mark=mark), *more)) if mark in ENTRY_BY_ENTRY:
            return replace(part, terms=tuple(more), signs=part.signs[1:])
        case _:
            return None


def _entries_power(env: Environment, value: Array, part: Tree, tree: Tree) -> Array:
    exponent = env.lower(env, part)
    if not arrays.is_number(env.work, exponent):
        raise misshapen(tree, f"the exponent is {arrays.describe(env.work, exponent)}, not a number")
    return arrays.elementwise(lambda x: terms.power(x, arrays.scalar_term(exponent)), value)


def _array_power(env: Environment, value: Array, part: Tree, tree: Tree) -> Array:
    if isinstance(tree, Scripted) and isinstance(tree.base, Group) and len(tree.base.items) > 1:
        raise outside(tree, "a power of an interval or a list")
    if not arrays.is_square(env.work, value) and env.entrywise:
        return _entries_power(env, value, part, tree)
    if not arrays.is_square(env.work, value):
        shape = arrays.describe(env.work, value)
        raise misshapen(
            tree, f"{shape} has no power; for powers of the elements write x^{{\\odot 2}} or name the index"
        )
    exponent = _matrix_exponent(env, part)
    return matrices.matrix_power(env.work, value, exponent)


def _matrix_exponent(env: Environment, part: Tree) -> Expr:
    match part:
        case Number(value=value) if value.denominator != 1:
            raise outside(part, "a fractional power of a matrix")
        case Fraction_() | Factors(operators=("/",)):
            raise outside(part, "a fractional power of a matrix")
        case _:
            return index_expression(env, part)
