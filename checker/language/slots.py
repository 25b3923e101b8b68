"""What stands in an index slot or at the end of a shape: affine expressions of letters, sizes and integers."""

from __future__ import annotations

import sympy
from sympy import Expr, Integer

from checker.calculus import arrays, terms
from checker.language import names
from checker.language.environment import Environment, is_integer_term
from checker.language.faults import outside, unreadable
from checker.language.surface import (
    Factors,
    Group,
    Name,
    Number,
    Scripted,
    Terms,
    Tree,
)
from checker.language.symbols import Entry

LARGEST_INDEX = 10**6


# --------------------------------------------------------------------------------- index expressions


def index_expression(env: Environment, tree: Tree) -> Expr:
    """What stands in an index slot: affine in letters, sizes and integer elements."""
    match tree:
        case Number():
            return _integer(tree)
        case Name():
            return _index_name(env, tree)
        case Terms():
            return sympy.Add(*(s * index_expression(env, t) for t, s in zip(tree.terms, tree.signs, strict=True)))
        case Factors():
            return _index_product(env, tree)
        case Group(kind="(" | "[" | "{", items=(inner,)):
            return index_expression(env, inner)
        case Scripted():
            return _integer_element(env, tree)
        case _:
            raise unreadable("syntax", tree, "this cannot stand as an index; write a letter, a number or such as i + 1")


def _integer(tree: Number) -> Expr:
    if tree.value.denominator != 1 or abs(tree.value) > LARGEST_INDEX:
        raise unreadable("syntax", tree, f"{tree.text} is no index; an index is a small integer")
    return Integer(tree.value.numerator)


def _index_name(env: Environment, tree: Name) -> Expr:
    if tree.upright and tree.name not in env.table.entries:
        raise unreadable(
            "unknown-symbol", tree, f"{tree.name} is neither an index nor part of a name; declare the whole name"
        )
    if tree.name == "\\infty":
        return sympy.oo
    entry = env.table.entries.get(tree.name)
    if tree.name not in env.bound and entry is not None and _is_real_number(entry) and not env.is_reused(tree.name):
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{tree.name} is a real number; as an index it needs another letter, or "Let ${tree.name}$ be an integer"',
        )
    symbol = env.index_symbol(tree.name)
    if not is_integer_term(symbol):
        raise unreadable("ambiguous-shape", tree, f"{tree.name} is a real number here and cannot be an index")
    return symbol


def _is_real_number(entry: Entry) -> bool:
    return entry.kind == "tensor" and entry.slots == () and entry.origin != "inferred" and not entry.integer


def _index_product(env: Environment, tree: Factors) -> Expr:
    if any(op not in ("", "\\cdot", "\\times", "*") for op in tree.operators):
        raise outside(tree, "an index must be a sum of letters times whole numbers")
    factors = [index_expression(env, f) for f in tree.factors]
    if sum(not isinstance(f, Integer) for f in factors) > 1:
        raise outside(tree, "a product of two letters cannot stand as an index")
    return sympy.Mul(*factors)


def _integer_element(env: Environment, tree: Scripted) -> Expr:
    spelled = names.spell(tree)
    if spelled is not None and spelled in env.table.entries:
        entry = env.table.entries[spelled]
        if entry.kind in ("size", "index"):
            return terms.size(spelled) if entry.kind == "size" else env.index_symbol(spelled)
    base = tree.base
    if not isinstance(base, Name):
        raise outside(tree, "this cannot stand as an index")
    found = env.table.entries.get(base.name)
    if found is None and names.spell(tree) is not None and not _has_index_letters(env, tree):
        return env.size_symbol(str(names.spell(tree)), tree)
    if found is None:
        found = env.inference.entry(env.table, base.name, len(names.slot_parts(tree.subscripts, None)), tree)
    if found.kind == "tensor" and not found.integer and found.origin != "inferred":
        raise unreadable(
            "ambiguous-shape",
            tree,
            f"{names.spell(tree) or base.name} stands as an index but is real; say that it is an integer",
        )
    return arrays.scalar_term(env.lower(env, tree))


def _has_index_letters(env: Environment, tree: Scripted) -> bool:
    letters = [x for part in tree.subscripts for x in names.letters_in(part)]
    return any(x in env.bound or is_index_letter(env, x) for x in letters)


def is_index_letter(env: Environment, letter: str) -> bool:
    if letter in env.bound:
        return is_integer_term(env.bound[letter])
    entry = env.table.entries.get(letter)
    if entry is not None and entry.kind in ("index", "size"):
        return True
    if letter in env.index_letters:
        return True
    return entry is None and letter in _USUAL_INDICES


_USUAL_INDICES = frozenset("ijklmnpqrst")


# ----------------------------------------------------------------------------------------------- sizes


def size_expression(env: Environment, tree: Tree) -> Expr:
    """A size as written in a shape or at the end of a range: ``n``, ``784``, ``2L``, ``T+K-1``, ``n_{k-1}``."""
    match tree:
        case Number():
            return _integer(tree)
        case Name(name="\\infty"):
            return sympy.oo
        case Name():
            return env.size_symbol(tree.name, tree)
        case Terms():
            return sympy.Add(*(s * size_expression(env, t) for t, s in zip(tree.terms, tree.signs, strict=True)))
        case Factors():
            return _size_product(env, tree)
        case Group(kind="(", items=(inner,)):
            return size_expression(env, inner)
        case Scripted():
            return _scripted_size(env, tree)
        case _:
            raise unreadable("syntax", tree, "this is no size; write a letter, a number or such as n + 1")


def _size_product(env: Environment, tree: Factors) -> Expr:
    if any(op not in ("", "\\cdot", "\\times", "*") for op in tree.operators):
        raise outside(tree, "a size must be a sum of letters times whole numbers")
    return sympy.Mul(*(size_expression(env, f) for f in tree.factors))


def _scripted_size(env: Environment, tree: Scripted) -> Expr:
    spelled = names.spell(tree)
    base = tree.base
    if isinstance(base, Name):
        entry = env.table.entries.get(base.name)
        if entry is not None and (entry.kind == "sizes" or entry.integer):
            return arrays.scalar_term(env.lower(env, tree))
    if spelled is None:
        raise unreadable("syntax", tree, "this is no size")
    return env.size_symbol(spelled, tree)
