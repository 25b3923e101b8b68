"""Sums, products and maxima over an index, and the summation convention."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy
from sympy import Expr, Integer, Symbol, oo

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Range
from checker.calculus.shapes import is_hole
from checker.language import names
from checker.language.conditions import COMPARISONS, lower_condition
from checker.language.environment import Environment
from checker.language.faults import misindexed, outside, unreadable
from checker.language.slots import size_expression
from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Derivative,
    Ellipsis_,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    Relation,
    Root,
    Scripted,
    Terms,
    Tree,
)
from checker.language.walk import children, descend

Binder = Callable[[Expr, Symbol, Expr, Expr], Expr]

_BINDERS: dict[str, Binder] = {
    "sum": terms.sum_over,
    "prod": terms.product_over,
    "max": terms.maximum_over,
}


@dataclass(frozen=True)
class Bound:
    """One letter below an operator: its ends where they are written, and conditions on it."""

    letter: str
    tree: Tree
    lower: Tree | None = None
    upper: Tree | None = None
    below: Tree | None = None  # the letter is < this
    conditions: tuple[Tree, ...] = ()


def lower_big(env: Environment, tree: BigOperator) -> Array:
    if tree.operator == "min":
        negated = replace(tree, operator="max", body=Terms(tree.body.span, (tree.body,), (-1,)))
        return matrices.negated(lower_big(env, negated))
    binder = _BINDERS.get(tree.operator)
    if binder is None:
        raise outside(
            tree, f"the operator {tree.operator} is not supported; only sums, products and maxima over an index"
        )
    bounds = _bounds(env, tree)
    if not bounds:
        raise unreadable("ambiguous-shape", tree, "this operator names no index; write it below, such as \\sum_{i}")
    return _nested(env, tree, binder, bounds)


def _nested(env: Environment, tree: BigOperator, binder: Binder, bounds: Sequence[Bound]) -> Array:
    if not bounds:
        return env.lower(env, tree.body)
    bound, rest = bounds[0], bounds[1:]
    stated = _stated(env, bound, tree)
    symbol = terms.index(bound.letter)
    if env.bound.get(bound.letter) == symbol:
        symbol = env.work.letters.fresh()  # the same letter is bound outside
    outer = env.indices.open(symbol)
    try:
        if stated is not None:
            env.indices.ranges[symbol] = stated
        with env.binding(bound.letter, symbol):
            guards = [lower_condition(env, c) for c in bound.conditions]
            body = _nested(env, tree, binder, rest)
        extent = _settled(env, bound, symbol, stated)
        env.indices.check_stated(symbol, extent)
    finally:
        env.indices.close(symbol, outer)
    if tree.operator == "prod" and not body.any_shape and not arrays.is_number(env.work, body):
        shape = arrays.describe(env.work, body)
        raise outside(tree, f"a product over an index of what is {shape}; the factors do not commute")
    return _bind(env, tree, binder, symbol, extent, _guarded(env, tree, body, guards))


def _settled(env: Environment, bound: Bound, symbol: Symbol, stated: Range | None) -> Range:
    if stated is not None and stated.lower is not None and bound.lower is not None:
        return stated
    found = env.indices.range_from_uses(symbol)
    if found is None:
        found = env.indices.linked_range(symbol)
    if found is None:
        entry = env.table.entries.get(bound.letter)
        found = entry.values if entry is not None and entry.kind == "index" else None
    if found is None:
        if stated is not None:
            return Range(Integer(1), stated.upper)
        raise unreadable(
            "ambiguous-shape",
            bound.tree,
            f"nothing tells what {bound.letter} runs over; write \\sum_{{{bound.letter}=1}}^{{n}}",
        )
    if stated is not None:
        known = env.sizes.resolve(found)
        return Range(Integer(1) if is_hole(known) else known.lower, stated.upper)
    return found


def _stated(env: Environment, bound: Bound, tree: Tree) -> Range | None:
    """The range as far as it is written; a lower end of 1 stands in for one that slots will tell."""
    if bound.below is not None:
        return Range(Integer(1), range_end(env, bound.below) - 1)
    if bound.upper is not None and bound.lower is None:
        return Range(Integer(1), range_end(env, bound.upper))
    if bound.lower is None or bound.upper is None:
        if bound.lower is not None:
            raise unreadable("syntax", tree, f"the sum over {bound.letter} has a lower end but no upper one")
        return None
    return Range(range_end(env, bound.lower), range_end(env, bound.upper))


def range_end(env: Environment, tree: Tree) -> Expr:
    """The term of an end of a range: a size, an index of the surroundings, or infinity."""
    match tree:
        case Terms(terms=(Name(name="\\infty"),), signs=(-1,)):
            return -oo
        case Name(name="\\infty"):
            return oo
        case Name() if tree.name not in env.bound and env.is_index(tree.name):
            return env.index_symbol(tree.name)
        case Name():
            return size_expression(env, tree)
        case Terms():
            return sympy.Add(*(s * range_end(env, t) for t, s in zip(tree.terms, tree.signs, strict=True)))
        case _:
            return size_expression(env, tree)


def _guarded(env: Environment, tree: BigOperator, body: Array, guards: Sequence[Array]) -> Array:
    if not guards:
        return body
    if tree.operator == "max":
        raise outside(tree, "a maximum with a condition on its index")
    conditions = [arrays.scalar_term(g) for g in guards]
    condition = conditions[0] if len(conditions) == 1 else sympy.And(*conditions, evaluate=False)
    if tree.operator == "prod":
        return arrays.elementwise(lambda x: terms.cases((x, condition), otherwise=Integer(1)), body)
    return arrays.elementwise(lambda x: terms.cases((x, condition), otherwise=Integer(0)), body)


def _bind(env: Environment, tree: Tree, binder: Binder, symbol: Symbol, extent: Range, body: Array) -> Array:
    def entry(at: tuple[Expr, ...]) -> Expr:
        if any(symbol in i.free_symbols for i in at):
            raise unreadable(
                "syntax", tree, f"the letter {symbol} is bound in a sum and used as an index of it; rename one of them"
            )
        known = env.sizes.known(extent)
        return binder(body.entry(at), symbol, known.lower, known.upper)

    return replace(body, entry=entry, literal=False, any_shape=False, adopt=None)


# ------------------------------------------------------------------------- what stands below a sum


def _bounds(env: Environment, tree: BigOperator) -> list[Bound]:
    parts = list(tree.lower)
    conditions: list[Tree] = []
    found: list[Bound] = []
    for part in parts:
        found += _bound(env, part, tree, conditions)
    if tree.upper is not None and len(found) > 1 and all(b.lower is None for b in found):
        found = [replace(b, upper=tree.upper) for b in found]
    return _with_conditions(env, found, conditions, tree)


def _bound(env: Environment, part: Tree, tree: BigOperator, conditions: list[Tree]) -> list[Bound]:
    match part:
        case Name():
            return [Bound(part.name, part, upper=tree.upper)]
        case Factors(operators=operators) if not any(operators) and all(isinstance(f, Name) for f in part.factors):
            return [Bound(f.name, f) for f in part.factors if isinstance(f, Name)]
        case Relation(operands=(Name() as letter, lower), operators=("=",)):
            return [Bound(letter.name, letter, lower=lower, upper=tree.upper)]
        case Relation():
            return _related(env, part, tree, conditions)
        case Ellipsis_():
            raise unreadable("ellipsis", part, "write the ends of the sum instead of dots")
        case _:
            raise unreadable("syntax", part, "below a sum an index is expected, such as i, i=1 or k \\ne i")


def _related(env: Environment, part: Relation, tree: BigOperator, conditions: list[Tree]) -> list[Bound]:
    operators = part.operators
    first = part.operands[0]
    if len(operators) == 2 and all(op in ("\\le", "<") for op in operators) and isinstance(part.operands[1], Name):
        return [_between(part)]
    if len(operators) != 1 or operators[0] not in COMPARISONS:
        return _membership(part)
    second = part.operands[1]
    if operators[0] == "\\ne" and isinstance(first, Name):
        conditions.append(part)
        return [] if first.name in env.bound else [Bound(first.name, first, upper=tree.upper)]
    if operators[0] in ("<", "\\le") and isinstance(first, Name):
        return _ordered(env, part, first, second)
    if operators[0] in (">", "\\ge") and isinstance(first, Name):
        conditions.append(part)
        return [Bound(first.name, first)]
    if any(isinstance(other, Name) for other in tree.lower):  # i : y_i > 0
        conditions.append(part)
        return []
    raise unreadable("syntax", part, "this condition below a sum cannot be read; write i < j, s \\le t or k \\ne i")


def _between(part: Relation) -> Bound:
    low, letter, high = part.operands
    span = part.span
    one = Number(span, Fraction(1), "1")
    lower = low if part.operators[0] == "\\le" else Terms(span, (low, one), (1, 1))
    upper = high if part.operators[1] == "\\le" else Terms(span, (high, one), (1, -1))
    assert isinstance(letter, Name)
    return Bound(letter.name, letter, lower=lower, upper=upper)


def _ordered(env: Environment, part: Relation, first: Name, second: Tree) -> list[Bound]:
    """``s \\le t``: s runs up to t; both run where t is no index of the surroundings."""
    own: list[Bound] = []
    if isinstance(second, Name) and second.name not in env.bound and second.name not in _free_letters(env):
        entry = env.table.entries.get(second.name)
        if entry is None or entry.kind not in ("size", "index"):
            own = [Bound(second.name, second)]
    if part.operators[0] == "\\le":
        return [*own, Bound(first.name, first, upper=second)]
    return [*own, Bound(first.name, first, below=second)]


def _free_letters(env: Environment) -> set[str]:
    """Letters that stand in a slot of the statement outside every operator that binds them."""
    return {x for side in env.sides for x in free_in(side)}


def free_in(tree: Tree) -> set[str]:
    if isinstance(tree, BigOperator):
        bound = {x for part in tree.lower for x in names.letters_in(_all_of(part))}
        return free_in(tree.body) - bound
    found: set[str] = set()
    if isinstance(tree, Scripted):
        parts = [*tree.subscripts, *(tree.superscripts if names.is_label(tree) else ())]
        found |= {x for part in parts for x in names.letters_in(part)}
    return found.union(*(free_in(child) for child in children(tree)))


def both_bound_and_free(trees: Sequence[Tree]) -> str | None:
    """A note where a letter is bound in a sum and free in another factor beside it; scope decides."""
    for tree in trees:
        for node in descend(tree):
            if isinstance(node, Factors):
                bound = {b for f in node.factors if isinstance(f, BigOperator) for b in _bound_letters(f)}
                free = set().union(*(free_in(f) for f in node.factors)) if bound else set()
                both = sorted(bound & free)
                if both:
                    return f"the letter {both[0]} is bound in a sum and free beside it; scope decides which is which"
    return None


def _bound_letters(tree: BigOperator) -> set[str]:
    return {x for part in tree.lower for x in names.letters_in(_left(part))}


def _all_of(part: Tree) -> Tree:
    return Group(part.span, "(", part.operands) if isinstance(part, Relation) else part


def _membership(part: Relation) -> list[Bound]:
    match part:
        case Relation(operands=(Name() as letter, Group(kind="{", items=items)), operators=("\\in",)) if (
            len(items) >= 3
        ):
            if any(isinstance(i, Ellipsis_) for i in items):
                return [Bound(letter.name, letter, lower=items[0], upper=items[-1])]
    raise outside(part, "a sum over a set; write the ends of the range")


def _with_conditions(
    env: Environment, found: list[Bound], conditions: Sequence[Tree], tree: BigOperator
) -> list[Bound]:
    """The conditions go to the innermost letter, where all letters are known."""
    merged: list[Bound] = []
    for bound in found:
        if any(b.letter == bound.letter for b in merged):
            continue
        merged.append(bound)
    if conditions and merged:
        merged[-1] = replace(merged[-1], conditions=tuple(conditions))
    elif conditions:
        raise unreadable("syntax", tree, "the condition below this sum names no letter of its own")
    return merged


# -------------------------------------------------------------------------- the summation convention


def implied_sum(env: Environment, tree: Tree, lower: Callable[[Environment, Tree], Array]) -> Array:
    """A product under the summation convention: letters that occur twice in it are summed over."""
    counts = _slot_letters(env, tree)
    over = [x for x, n in counts.items() if n > 2]
    if over and not env.silent:
        raise misindexed(
            tree,
            f"the index {over[0]} occurs {counts[over[0]]} times in one product; the summation convention allows two",
        )
    repeated = [x for x, n in counts.items() if n >= 2]
    if not repeated:
        return lower(env, tree)
    letter = repeated[0]
    symbol = terms.index(letter)
    outer = env.indices.open(symbol)
    try:
        with env.binding(letter, symbol):
            body = implied_sum(env, tree, lower)
        extent = env.indices.range_from_uses(symbol) or env.indices.range_of_linked(symbol)
        if extent is None:
            raise unreadable("ambiguous-shape", tree, f"nothing tells what the repeated index {letter} runs over")
        env.indices.check_stated(symbol, extent)
    finally:
        env.indices.close(symbol, outer)
    return _bind(env, tree, terms.sum_over, symbol, extent, body)


def _slot_letters(env: Environment, tree: Tree) -> Counter[str]:
    """How often each letter stands in an index slot; a sum of terms counts a letter once if it is free in it."""
    match tree:
        case Scripted():
            own = Counter(_own_letters(env, tree))
            return own + _slot_letters(env, tree.base) if not isinstance(tree.base, Name) else own
        case Factors():
            return sum((_slot_letters(env, f) for f in tree.factors), Counter())
        case Fraction_():
            return _slot_letters(env, tree.numerator) + _slot_letters(env, tree.denominator)
        case Derivative():
            parts = [*([tree.operand] if tree.operand is not None else []), *tree.variables]
            return sum((_slot_letters(env, p) for p in parts), Counter())
        case Terms():
            return _union([_slot_letters(env, t) for t in tree.terms])
        case Group():
            return sum((_slot_letters(env, t) for t in tree.items), Counter())
        case Call():
            return _union([_slot_letters(env, a) for a in tree.arguments])
        case Root():
            return _union([_slot_letters(env, tree.radicand)])
        case Cases():
            return _union([_slot_letters(env, v) for v, _ in tree.rows])
        case BigOperator():
            inside = _slot_letters(env, tree.body)
            bound = [x for part in tree.lower for x in names.letters_in(_left(part))]
            return Counter({x: n for x, n in inside.items() if x not in bound})
        case _:
            return Counter()


def _left(part: Tree) -> Tree:
    return part.operands[0] if isinstance(part, Relation) else part


def _union(counters: Sequence[Counter[str]]) -> Counter[str]:
    return Counter({x: 1 for c in counters for x, n in c.items() if n == 1})


def _own_letters(env: Environment, tree: Scripted) -> list[str]:
    spelled = names.spell(tree)
    if spelled is not None and spelled in env.table.entries:
        return []
    parts = [*tree.subscripts, *(tree.superscripts if names.is_label(tree) else ())]
    letters = [x for part in parts for x in names.letters_in(part)]
    fixed = {"size"}
    return [
        x
        for x in letters
        if x not in env.bound
        and x not in env.kept
        and not (x in env.table.entries and env.table.entries[x].kind in fixed)
    ]
