"""*for all* i, *for* k = 1, …, L, *for* i < j: ranges and restrictions of free letters."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import sympy
from sympy import Expr, Symbol, oo

from checker.calculus import arrays, terms
from checker.calculus.context import Range
from checker.calculus.shapes import INTEGERS
from checker.language.conditions import COMPARISONS, indexlike, lower_condition
from checker.language.environment import Environment
from checker.language.faults import unreadable
from checker.language.indices import Indices
from checker.language.operators import range_end
from checker.language.sentences import Condition
from checker.language.slots import index_expression
from checker.language.surface import Ellipsis_, Group, Logic, Name, Relation, Tree


@dataclass
class Restrictions:
    """What conditions say: the ranges of letters, and comparisons that remain.

    ``passed_over``: a condition on a whole array (z ≠ 0).  A claim that holds without it holds under it.
    """

    ranges: dict[str, Range] = field(default_factory=dict)
    letters: list[str] = field(default_factory=list)
    guards: list[Expr] = field(default_factory=list)
    passed_over: Tree | None = None


def letters_of(conditions: Sequence[Condition]) -> list[str]:
    """The letters that the conditions let run."""
    found: list[str] = []
    for condition in conditions:
        found += _letters(condition.tree)
    return found


def letters_run(env: Environment, conditions: Sequence[Condition]) -> frozenset[str]:
    """Letters that the conditions make indices: a comparison (x > 0) makes none, a range (k = 1, …, n) does."""
    compared = [c for c in conditions if _compares(c.tree)]
    known = env.letters | env.index_letters | env.table.indices
    return frozenset(letters_of([c for c in conditions if c not in compared])) | (
        frozenset(letters_of(compared)) & known
    )


def _compares(tree: Tree) -> bool:
    match tree:
        case Relation(operators=operators):
            return not set(operators) <= {"=", "\\in"}
        case Logic(operands=operands):
            return any(_compares(t) for t in operands)
        case _:
            return False


def _letters(tree: Tree) -> list[str]:
    match tree:
        case Name():
            return [tree.name]
        case Group(items=items):
            return [x for item in items for x in _letters(item)]
        case Relation(operands=(Name() as letter, _), operators=("=" | "\\in",)):
            return [letter.name]
        case Relation(operands=(Group(items=items), _), operators=("=" | "\\in",)):
            return [x for item in items for x in _letters(item)]
        case Relation():
            return [t.name for t in tree.operands if isinstance(t, Name)]
        case Logic():
            return [x for t in tree.operands for x in _letters(t)]
        case _:
            return []


def restrictions(env: Environment, conditions: Sequence[Condition]) -> Restrictions:
    """What the conditions say; raises ``Misread`` for one that cannot be honoured."""
    found = claimed_under(env, conditions)
    if found.passed_over is not None:
        raise unreadable("words", found.passed_over, _WHOLE_ARRAY)
    return found


_WHOLE_ARRAY = "this condition is about a whole array; write it for its elements"


def claimed_under(env: Environment, conditions: Sequence[Condition]) -> Restrictions:
    """The same for a claim, which may be judged without the conditions on whole arrays, but not called wrong."""
    found = Restrictions()
    for condition in conditions:
        if condition.reserved and isinstance(condition.tree, Relation | Logic):
            message = f"“{condition.reserved}” restricts this; write the condition as “for” or “if”"
            raise unreadable("words", condition.tree, message)
        _take(env, condition.tree, condition.integers, found)
    return found


def _take(env: Environment, tree: Tree, integers: bool, found: Restrictions) -> None:
    match tree:
        case Name():
            found.letters.append(tree.name)
            if integers:
                found.ranges[tree.name] = INTEGERS
        case Group(items=items):
            for item in items:
                _take(env, item, integers, found)
        case Logic(operator="and", operands=operands):
            for operand in operands:
                _take(env, operand, integers, found)
        case Relation(operands=(left, right), operators=("=" | "\\in",)) if _is_list(right):
            _listed(env, left, right, found)
        case Relation(operands=(left, right), operators=("\\in",)):
            _member(left, right, found)
        case Relation():
            _compared(env, tree, found)
        case _:
            raise unreadable("words", tree, "this condition cannot be read; write a range such as k = 1, \\dots, n")


def _is_list(tree: Tree) -> bool:
    return isinstance(tree, Group) and len(tree.items) > 1


def _listed(env: Environment, left: Tree, right: Tree, found: Restrictions) -> None:
    assert isinstance(right, Group)
    items = right.items
    if not any(isinstance(i, Ellipsis_) for i in items):
        values = [index_expression(env, i) for i in items]
        if any(b - a != 1 for a, b in itertools.pairwise(values)):
            raise unreadable("syntax", right, "the values of an index must follow one another, such as 1, 2, 3")
        extent = Range(values[0], values[-1])
    else:
        extent = Range(range_end(env, items[0]), range_end(env, items[-1]))
        if isinstance(items[0], Ellipsis_):
            extent = INTEGERS
    for letter in _letters(left):
        found.letters.append(letter)
        found.ranges[letter] = extent


def _member(left: Tree, right: Tree, found: Restrictions) -> None:
    for letter in _letters(left):
        found.letters.append(letter)
        if isinstance(right, Name) and right.name == "\\mathbb{Z}":
            found.ranges[letter] = INTEGERS


def _compared(env: Environment, tree: Relation, found: Restrictions) -> None:
    """A comparison of letters: an end of a range where it is one, otherwise a guard."""
    _between(env, tree)
    for left, operator, right in zip(tree.operands, tree.operators, tree.operands[1:], strict=False):
        if operator not in COMPARISONS:
            raise unreadable("syntax", tree, f"the relation {operator} in a condition")
        if not (indexlike(env, left) and indexlike(env, right)):
            condition = lower_condition(env, Relation(tree.span, (left, right), (operator,)))
            if not arrays.is_number(env.work, condition):
                found.passed_over = tree
                continue
            found.guards.append(arrays.scalar_term(condition))
            continue
        found.guards.append(
            COMPARISONS[operator](index_expression(env, left), index_expression(env, right), evaluate=False)
        )


def _between(env: Environment, tree: Relation) -> None:
    """``1 \\le k \\le 3`` tells what k runs over, if nothing else does."""
    match tree:
        case Relation(operands=(low, Name() as letter, high), operators=(first, second)):
            if {first, second} <= {"<", "\\le"} and indexlike(env, low) and indexlike(env, high):
                lower, upper = index_expression(env, low), index_expression(env, high)
                extent = Range(lower + int(first == "<"), upper - int(second == "<"))
                env.indices.hints.setdefault(terms.index(letter.name), extent)


def narrow(indices: Indices, ranges: dict[Symbol, Range], guards: Sequence[Expr]) -> list[Expr]:
    """Guards that bound one free letter by sizes become part of its range; the others are returned."""
    return [g for g in guards if not _narrowed(indices, ranges, g)]


def _narrowed(indices: Indices, ranges: dict[Symbol, Range], guard: Expr) -> bool:
    if guard.func not in (sympy.Lt, sympy.Le, sympy.Gt, sympy.Ge):
        return False
    small, large = guard.args if guard.func in (sympy.Lt, sympy.Le) else reversed(guard.args)
    step = 1 if guard.func in (sympy.Lt, sympy.Gt) else 0
    if small in ranges and not (large.free_symbols & set(ranges)):
        return _replace(indices, ranges, small, Range(-oo, large - step))
    if large in ranges and not (small.free_symbols & set(ranges)):
        return _replace(indices, ranges, large, Range(small + step, oo))
    return False


def _replace(indices: Indices, ranges: dict[Symbol, Range], letter: Symbol, limit: Range) -> bool:
    both = indices.common(ranges[letter], limit)
    if both is not None:
        ranges[letter] = both
    return both is not None


def only_where(term: Expr, guards: Sequence[Expr]) -> Expr:
    """The term where the guards hold, undefined elsewhere: one side of a claim under conditions."""
    return terms.cases((term, _all(guards))) if guards else term


def guarded(term: Expr, guards: Sequence[Expr]) -> Expr:
    """The term where the guards hold, 0 elsewhere: one side of what is assumed under conditions."""
    return terms.cases((term, _all(guards)), otherwise=sympy.Integer(0)) if guards else term


def _all(guards: Sequence[Expr]) -> Expr:
    return guards[0] if len(guards) == 1 else sympy.And(*guards, evaluate=False)
