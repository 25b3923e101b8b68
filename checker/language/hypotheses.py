"""What a document assumes: equations, inequalities, properties of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy
from sympy import Expr, Integer, Symbol

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Hypothesis, Matrix, Property, Range
from checker.calculus.shapes import ShapeError, UnknownSize
from checker.language import names
from checker.language.conditions import COMPARISONS, compare
from checker.language.conditions_said import Restrictions, guarded, letters_of, narrow, restrictions
from checker.language.desk import Desk
from checker.language.environment import Environment
from checker.language.faults import misshapen, outside, unreadable
from checker.language.sentences import Condition, Piece
from checker.language.surface import Factors, Name, Scripted, Terms, Tree


def suppose_relation(desk: Desk, piece: Piece, conditions: Sequence[Condition]) -> list[Hypothesis]:
    """Take in ``x_i > 0``, ``0 < p_{ij} < 1``, ``\\sum_j t_j = 1``, ``A = A^\\top``, ``x \\ne a``.

    Raises ``Misread``.
    """
    trees = [row.tree for row in piece.rows]
    if any(tree is None for tree in trees):
        raise unreadable("syntax", Tree(piece.span), "one side of this relation is missing")
    said: list[Hypothesis] = []
    for left, row in zip(trees, piece.rows[1:], strict=False):
        assert left is not None
        assert row.tree is not None
        said.append(_relation(desk, piece, left, str(row.relation), row.tree, conditions))
    for hypothesis in said:
        desk.table.suppose(hypothesis)
    return said


def suppose_property(
    desk: Desk, piece: Piece, properties: Sequence[Property], conditions: Sequence[Condition] = ()
) -> list[Hypothesis]:
    """Take in *A is symmetric*, *X^\\top X is invertible*, *y is one-hot*, *W^{(l)} is diagonal for l ≥ 2*.

    Raises ``Misread``.
    """
    assert piece.head is not None
    env = desk.environment([piece.head], desk.main_layout)
    stated = _restrictions(env, conditions)
    value = env.lower(env, piece.head)
    _set_ranges(env, stated)
    said = []
    for property_ in properties:
        text = f"{piece.latex} \\text{{ is {property_.value}}}"
        said.append(_under(env, _property(env, value, property_, text, piece.head), stated, piece.head))
    for hypothesis in said:
        desk.table.suppose(hypothesis)
    return said


# ---------------------------------------------------------------------------------------- properties


def _property(env: Environment, value: Array, property_: Property, text: str, tree: Tree) -> Hypothesis:
    row, column = env.work.letters.several(2)
    known = [env.sizes.resolve(r) for r in value.slots]
    indices = env.indices.conclude()
    if property_ is Property.ONE_HOT:
        if len(known) != 1:
            raise misshapen(tree, f"only a vector can be one-hot, this is {arrays.describe(env.work, value)}")
        matrix = Matrix(row, column, known[0].upper, Integer(1), value.entry((row,)))
        return Hypothesis(text, property=property_, matrix=matrix, indices=indices)
    if not arrays.is_square(env.work, value) or len(known) != 2:
        if arrays.is_number(env.work, value):
            raise misshapen(tree, f"a number cannot be {property_.value}; write that it is not 0, or > 0")
        shape = arrays.describe(env.work, value)
        raise misshapen(tree, f"only a square matrix can be {property_.value}, this is {shape}")
    matrix = Matrix(row, column, known[0].upper, known[1].upper, value.entry((row, column)))
    return Hypothesis(text, property=property_, matrix=matrix, indices=indices)


# ----------------------------------------------------------------------------------------- relations


def _relation(
    desk: Desk, piece: Piece, left: Tree, operator: str, right: Tree, conditions: Sequence[Condition]
) -> Hypothesis:
    text = piece.latex
    if operator in ("=", ":=", "\\equiv"):
        found = _as_property(left, right)
        if found is not None:
            env = desk.environment([left, right], desk.main_layout)
            stated = _restrictions(env, conditions)
            value = env.lower(env, found[1])
            if arrays.is_square(env.work, value) and not arrays.is_number(env.work, value):
                _set_ranges(env, stated)
                return _under(env, _property(env, value, found[0], text, left), stated, left)
    if operator not in COMPARISONS and operator not in (":=", "\\equiv"):
        raise outside(Tree(piece.span), f"an assumption with {operator}; write an equation or an inequality")
    env = desk.environment([left, right], desk.main_layout)
    stated = _restrictions(env, conditions)
    values = [env.lower(env, left), env.lower(env, right)]
    _set_ranges(env, stated)
    try:
        return _under(env, _stated(env, text, operator, values, left), stated, left)
    except ShapeError as error:
        raise misshapen(left, str(error)) from error
    except UnknownSize as error:
        raise unreadable("ambiguous-shape", left, "a size is not determined in this assumption") from error


def _stated(env: Environment, text: str, operator: str, values: list[Array], tree: Tree) -> Hypothesis:
    work = env.work
    if operator == "\\ne" and not all(arrays.is_number(work, v) for v in values):
        distance = matrices.squared_norm(work, matrices.plus(work, values, (1, -1)))
        relation = compare("\\ne", arrays.scalar_term(distance), Integer(0))
        return Hypothesis(text, relation=relation, indices=_ranges(env))
    left, right = arrays.aligned(work, values, "cannot compare")
    letters = work.letters.several(len(left.slots))
    a, b = left.entry(letters), right.entry(letters)
    indices: dict[Symbol, Range] = dict(_ranges(env))
    indices.update((x, work.sizes.known(r)) for x, r in zip(letters, left.slots, strict=True))
    if operator in ("=", ":=", "\\equiv"):
        return Hypothesis(text, equation=(a, b), indices=indices)
    return Hypothesis(text, relation=_note_floor(env, operator, a, b), indices=indices)


def _ranges(env: Environment) -> dict[Symbol, Range]:
    return env.indices.conclude()


def _note_floor(env: Environment, operator: str, left: Expr, right: Expr) -> Expr:
    """``n \\ge 2`` is remembered for comparing sizes as well."""
    low, high = (right, left) if operator in (">", "\\ge") else (left, right)
    if isinstance(low, Integer) and isinstance(high, Symbol) and high.is_positive and operator not in ("=", "\\ne"):
        env.sizes.floors[high] = max(env.sizes.floors.get(high, 1), int(low) + (operator in (">", "<")))
    return compare(operator, left, right)


# ----------------------------------------------------------------------------- under which conditions


def _restrictions(env: Environment, conditions: Sequence[Condition]) -> Restrictions:
    env.letters |= frozenset(letters_of(conditions))
    return restrictions(env, conditions)


def _set_ranges(env: Environment, stated: Restrictions) -> None:
    for name, extent in stated.ranges.items():
        symbol = terms.index(name)
        if symbol in env.indices.free:
            env.indices.ranges[symbol] = extent


def _under(env: Environment, said: Hypothesis, stated: Restrictions, tree: Tree) -> Hypothesis:
    """What is said, only where the conditions hold: *x_i > 0 for i ≥ 2*, *A_ij = B_ij for i < j*."""
    indices = dict(said.indices)
    rest = narrow(env.indices, indices, stated.guards)
    said = replace(said, indices=indices)
    if not rest:
        return said
    _refuse_loose_letters(said, rest, tree)
    when = rest[0] if len(rest) == 1 else sympy.And(*rest, evaluate=False)
    if said.equation is not None:
        left, right = (guarded(side, rest) for side in said.equation)
        return replace(said, equation=(left, right))
    if said.relation is not None:
        return replace(said, relation=sympy.Or(sympy.Not(when, evaluate=False), said.relation, evaluate=False))
    raise outside(tree, "a property under such a condition; write it as an equation of the entries")


def _refuse_loose_letters(said: Hypothesis, guards: Sequence[Expr], tree: Tree) -> None:
    """A letter that only the condition mentions says nothing that could be read."""
    loose = {s for g in guards for s in g.free_symbols if s.is_integer and not s.is_positive} - set(said.indices)
    if loose:
        letter = min(map(str, loose))
        raise unreadable("words", tree, f"the condition speaks of {letter}, which does not occur in what is assumed")


# ------------------------------------------------------------------------- equations that name a property


def _as_property(left: Tree, right: Tree) -> tuple[Property, Tree] | None:
    """``A = A^\\top`` (symmetric), ``A^\\top = -A`` (antisymmetric), ``Q^\\top Q = I`` (orthogonal)."""
    for a, b in ((left, right), (right, left)):
        turned = _transposed(b)
        if turned is not None and _equal(a, turned):
            return Property.SYMMETRIC, a
        if turned is not None and isinstance(a, Terms) and len(a.terms) == 1 and _equal(a.terms[0], turned):
            return Property.ANTISYMMETRIC, turned
        if isinstance(b, Terms) and len(b.terms) == 1 and b.signs == (-1,):
            inner = _transposed(b.terms[0])
            if inner is not None and _equal(a, inner):
                return Property.ANTISYMMETRIC, a
        if isinstance(b, Name) and b.name == "I" and isinstance(a, Factors) and len(a.factors) == 2:
            first, second = a.factors
            for x, y in ((first, second), (second, first)):
                inner = _transposed(x)
                if inner is not None and _equal(inner, y):
                    return Property.ORTHOGONAL, y
    return None


def _transposed(tree: Tree) -> Tree | None:
    if isinstance(tree, Scripted) and not tree.subscripts and names.is_transpose(tree.superscripts):
        return tree.base
    return None


def _equal(left: Tree, right: Tree) -> bool:
    spelled = names.spell(left)
    return spelled is not None and spelled == names.spell(right)


def is_trivial(hypothesis: Hypothesis) -> bool:
    """Whether SymPy knows a relation already (``n \\ge 1`` for a size)."""
    return hypothesis.relation is not None and hypothesis.relation.doit() == sympy.true
