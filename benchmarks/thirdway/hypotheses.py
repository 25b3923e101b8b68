"""Points that satisfy the hypotheses: structured matrices, bounds, and equations by Gauss and Newton."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import numpy as np
from sympy import Indexed, Integer, Symbol
from sympy.core.relational import Ge, Gt, Le, Lt
from sympy.logic.boolalg import And

from benchmarks.thirdway.evaluate import condition, evaluate, whole
from benchmarks.thirdway.functions import Array, Unsupported
from benchmarks.thirdway.world import SUPPORT, World, names_in
from checker.calculus.context import Claim, Hypothesis, Property, Range
from checker.calculus.terms import name_of

Scope = dict[Symbol, Array]
MOST_UNKNOWNS = 160
SINGULAR = 1e-4  # determinants and eigenvalues below this are taken for 0


def grid(world: World, indices: Mapping[Symbol, Range]) -> Scope:
    """Every index letter as an array along its own axis (bounds may mention earlier letters: then the widest)."""
    scope: Scope = {}
    for symbol, range_ in indices.items():
        depth = len(scope)
        ends = [np.asarray(end) if bound.is_infinite else evaluate(world, bound, scope, depth)
                for bound, end in ((range_.lower, -SUPPORT), (range_.upper, SUPPORT))]  # fmt: skip
        low, high = (int(np.min(ends[0])), int(np.max(ends[1]))) if all(e.size for e in ends) else (1, 0)
        if not range_.lower.is_infinite and range_.upper.is_infinite:
            high = low + 3
        scope[symbol] = np.arange(low, high + 1).reshape(-1, *([1] * depth))
    return scope


def inside(world: World, indices: Mapping[Symbol, Range], scope: Scope) -> Array:
    """Where each letter lies between its own bounds."""
    mask = np.asarray(True)
    for symbol, range_ in indices.items():
        for bound, sign in ((range_.lower, 1), (range_.upper, -1)):
            if not bound.is_infinite:
                mask = mask & (sign * (scope[symbol] - evaluate(world, bound, scope, len(scope))) >= 0)
    return mask


def terms_of(hypothesis: Hypothesis) -> Iterator[Any]:
    yield from hypothesis.equation or ()
    if hypothesis.relation is not None:
        yield hypothesis.relation
    if hypothesis.matrix is not None:
        yield hypothesis.matrix.body


def concerning(world: World, claim: Claim) -> list[Hypothesis]:
    """The hypotheses that speak of the claim's names, directly or through one another."""
    names = names_in(claim.left) | names_in(claim.right)
    names = names.union(*(world.reach(n) for n in names))
    symbols = claim.left.free_symbols | claim.right.free_symbols | set(claim.indices)
    found: list[Hypothesis] = []
    growing = True
    while growing:
        growing = False
        for hypothesis in world.context.hypotheses:
            own = set().union(*(names_in(t) for t in terms_of(hypothesis)))
            own = own.union(*(world.reach(n) for n in own))
            about = own & names or (not own and symbols & set().union(*(t.free_symbols for t in terms_of(hypothesis))))
            if hypothesis not in found and about:
                found.append(hypothesis)
                names |= own
                growing = True
    return found


def satisfy(world: World, claim: Claim) -> bool:
    """Adjust the point until the hypotheses hold; False where that was not achieved."""
    hypotheses = concerning(world, claim)
    for hypothesis in hypotheses:
        if hypothesis.property is not None:
            _build(world, hypothesis)
    for hypothesis in hypotheses:
        if hypothesis.relation is not None:
            _bound(world, hypothesis)
    world.tables.clear()
    _solve(world, [h for h in hypotheses if h.equation is not None])
    world.tables.clear()
    return all(_holds(world, h, claim) for h in hypotheses)


# --------------------------------------------------------------------------------------- structures


def _build(world: World, hypothesis: Hypothesis) -> None:
    """Give a matrix that is a name of its own the property asked for; leave all others to chance and the check."""
    matrix, kind = hypothesis.matrix, hypothesis.property
    if matrix is None or kind is None or not isinstance(matrix.body, Indexed):
        return
    name, slots = name_of(matrix.body), list(matrix.body.indices)
    if world.definitions(name) or name in world.context.depends:
        return
    values = world.leaf(name).copy()
    one_hot = kind is Property.ONE_HOT
    own = (matrix.row,) if one_hot else (matrix.row, matrix.column)
    if tuple(s for s in slots if s in own) != own or not all(isinstance(s, Symbol | Integer) for s in slots):
        return
    n = int(evaluate(world, matrix.rows, {}, 0))
    random = np.random.default_rng((world.seed, 77))
    for here in _instances(world, hypothesis):
        place = tuple(
            slice(None) if s in own else _label(world, s, here) - slot.first
            for s, slot in zip(slots, world.slots(name), strict=True)
        )
        values[place] = np.eye(n)[random.integers(n)] if one_hot else structured(values[place], kind, n)
    world.leaves[name] = values


def _instances(world: World, hypothesis: Hypothesis) -> Iterator[dict[Symbol, int]]:
    scope = grid(world, hypothesis.indices)
    for chosen in product(*(a.ravel() for a in scope.values())):
        yield {symbol: int(v) for symbol, v in zip(scope, chosen, strict=True)}


def _label(world: World, slot: Any, here: dict[Symbol, int]) -> int:
    return here[slot] if slot in here else int(evaluate(world, slot, {}, 0))


def structured(matrix: Array, kind: Property, n: int) -> Array:
    match kind:
        case Property.SYMMETRIC:
            return (matrix + matrix.T) / 2
        case Property.ANTISYMMETRIC:
            return (matrix - matrix.T) / 2
        case Property.DIAGONAL:
            return np.diag(np.diag(matrix))
        case Property.LOWER_TRIANGULAR:
            return np.tril(matrix)
        case Property.UPPER_TRIANGULAR:
            return np.triu(matrix)
        case Property.ORTHOGONAL:
            return np.linalg.qr(matrix)[0]
        case Property.POSITIVE_DEFINITE:
            return matrix @ matrix.T + np.eye(n)
    return matrix


# ------------------------------------------------------------------------------------------- bounds


def _bound(world: World, hypothesis: Hypothesis) -> None:
    """x_i > 0: move the values of a plain name above the bound."""
    relation = hypothesis.relation
    for part in relation.args if isinstance(relation, And) else (relation,):
        if not isinstance(part, Gt | Ge | Lt | Le):
            continue
        left, right = part.args
        if isinstance(part, Lt | Le):
            left, right = right, left
        for name_side, bound, sign in ((left, right, 1.0), (right, left, -1.0)):
            plain = isinstance(name_side, Indexed) or (isinstance(name_side, Symbol) and not name_side.is_integer)
            if not plain or not bound.is_number or world.definitions(name_of(name_side)):
                continue
            name, level = name_of(name_side), float(bound)
            if name not in world.context.depends and not world.variable(name).integer:
                values = world.leaf(name)
                fits = sign * (values - level) > 0
                world.leaves[name] = np.where(fits, values, level + sign * np.abs(values - level))


# ---------------------------------------------------------------------------------------- equations


def _residual(world: World, hypotheses: list[Hypothesis]) -> Array:
    world.tables.clear()
    parts = []
    for hypothesis in hypotheses:
        assert hypothesis.equation is not None
        scope = grid(world, hypothesis.indices)
        left, right = (evaluate(world, side, scope, len(scope)) for side in hypothesis.equation)
        mask = inside(world, hypothesis.indices, scope)
        difference = np.where(mask, left - right, 0.0)
        parts.append(np.ravel(np.broadcast_to(difference, np.broadcast_shapes(difference.shape, mask.shape))))
    return np.concatenate(parts)


def _solve(world: World, hypotheses: list[Hypothesis]) -> None:
    if not hypotheses:
        return
    names = set().union(*(names_in(side) for h in hypotheses for side in h.equation or ()))
    names = names.union(*(world.reach(n) for n in names))
    leaves = sorted(
        n for n in names
        if not n.endswith("()") and not world.definitions(n) and n not in world.context.depends
        and not world.variable(n).integer
    )  # fmt: skip
    sizes = [world.leaf(n).size for n in leaves]
    if not leaves or sum(sizes) > MOST_UNKNOWNS:
        return
    point = np.concatenate([world.leaf(n).ravel() for n in leaves]).astype(float)

    def load(values: Array) -> Array:
        for n, part in zip(leaves, np.split(values, np.cumsum(sizes)[:-1]), strict=True):
            world.leaves[n] = part.reshape(world.leaves[n].shape)
        return _residual(world, hypotheses)

    for _ in range(25):
        residual = load(point)
        if not np.all(np.isfinite(residual)) or np.max(np.abs(residual), initial=0) < 1e-13:
            return
        slopes = np.stack([(load(point + h) - load(point - h)) / 2e-6 for h in 1e-6 * np.eye(len(point))], axis=-1)
        point = point - np.linalg.lstsq(slopes, residual, rcond=1e-9)[0]
    load(point)


# --------------------------------------------------------------------------------------------- check


def _holds(world: World, hypothesis: Hypothesis, claim: Claim) -> bool:
    """Whether a hypothesis holds; letters it shares with the claim's free indices are checked there (see truth)."""
    free = set().union(*(t.free_symbols for t in terms_of(hypothesis))) & set(claim.indices)
    if free - set(hypothesis.indices):
        return True
    scope = grid(world, hypothesis.indices)
    mask = inside(world, hypothesis.indices, scope)
    return bool(np.all(~mask | said(world, hypothesis, scope)))


def said(world: World, hypothesis: Hypothesis, scope: Scope) -> Array:
    """Where in the scope the hypothesis holds."""
    depth = len(scope)
    if hypothesis.equation is not None:
        left, right = (evaluate(world, side, scope, depth) for side in hypothesis.equation)
        return np.abs(left - right) < 1e-9 * (1 + np.abs(left))
    if hypothesis.relation is not None:
        return condition(world, hypothesis.relation, scope, depth)
    return _has_property(world, hypothesis, scope)


def _has_property(world: World, hypothesis: Hypothesis, scope: Scope) -> Array:
    matrix = hypothesis.matrix
    assert matrix is not None
    depth = len(scope)
    rows, columns = (int(evaluate(world, size, {}, 0)) for size in (matrix.rows, matrix.columns))
    row = np.arange(1, rows + 1).reshape(-1, *([1] * depth))
    column = np.arange(1, columns + 1).reshape(-1, *([1] * (depth + 1)))
    body = evaluate(world, matrix.body, {**scope, matrix.row: row, matrix.column: column}, depth + 2)
    shape = np.broadcast_shapes(body.shape, (columns, rows, *([1] * depth)))
    values = np.moveaxis(np.broadcast_to(body, shape), (1, 0), (-2, -1)) + 0.0
    turned = np.swapaxes(values, -1, -2)
    near = lambda a, b: np.all(np.abs(a - b) < 1e-9, axis=(-2, -1))  # noqa: E731
    match hypothesis.property:
        case Property.SYMMETRIC:
            return near(values, turned)
        case Property.ANTISYMMETRIC:
            return near(values, -turned)
        case Property.DIAGONAL:
            return near(values, values * np.eye(rows))
        case Property.LOWER_TRIANGULAR:
            return near(values, np.tril(values))
        case Property.UPPER_TRIANGULAR:
            return near(values, np.triu(values))
        case Property.ORTHOGONAL:
            return near(values @ turned, np.eye(rows))
        case Property.INVERTIBLE:
            return np.abs(np.linalg.det(values)) > SINGULAR
        case Property.POSITIVE_DEFINITE:
            return near(values, turned) & np.all(np.linalg.eigvalsh((values + turned) / 2) > SINGULAR, axis=-1)
        case Property.ONE_HOT:
            return near(values * (1 - values), 0 * values) & (np.abs(values.sum(axis=(-2, -1)) - 1) < 1e-9)
    raise Unsupported(f"the property {hypothesis.property}")


__all__ = ["concerning", "grid", "inside", "said", "satisfy", "whole"]
