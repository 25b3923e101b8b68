"""Terms on arrays: every index letter in scope is an array along an axis of its own, counted from the right.

A binder at depth d opens axis d; sums, products and maxima close it again.  Undefined is NaN.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from sympy import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Mul,
    NumberSymbol,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational
from sympy.functions.elementary.exponential import exp
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from benchmarks.thirdway.functions import ELEMENTARY, Array, Smooth, Unsupported, five_points, power
from benchmarks.thirdway.world import SUPPORT, WINDOW, Key, World
from checker.calculus.context import Definition
from checker.calculus.terms import Determinant, FunctionDerivative, Inverse, MatrixPower, Maximum, Partial, name_of

Scope = Mapping[Symbol, Array]
LARGEST_ARRAY = 3_000_000
LARGEST_INTEGER = 2**31  # what is larger is held as a float: integers of arrays wrap around without a word
STEP = 1e-3
TINY = 1e-25
NO_DETERMINANT = 1e-13  # relative to the largest one possible: nothing but rounding is left
NO_TIME = "more time than there is"
NEVER_ENDS = "a definition that never ends"


def evaluate(world: World, term: Expr, scope: Scope, depth: int) -> Array:
    """The value of a term, as an array over the axes below ``depth``."""
    for kind, rule in _ROWS:
        if isinstance(term, kind):
            return rule(world, term, scope, depth)
    name = type(term).__name__
    if name in ELEMENTARY:
        return np.asarray(ELEMENTARY[name](*(evaluate(world, a, scope, depth) for a in term.args)))
    raise Unsupported(name)


def bounded(array: Array) -> Array:
    if np.size(array) > LARGEST_ARRAY:
        raise Unsupported("an array that is too large")
    return array


def widened(array: Array) -> Array:
    """The same numbers, as floats where integers might soon wrap around."""
    if np.asarray(array).dtype.kind in "iu" and np.max(np.abs(array), initial=0) >= LARGEST_INTEGER:
        return np.asarray(array, dtype=float)
    return array


# ------------------------------------------------------------------------------------------- atoms


def _rational(world: World, term: Any, scope: Scope, depth: int) -> Array:
    if isinstance(term, Integer) and abs(int(term)) < LARGEST_INTEGER:
        return np.asarray(int(term))
    try:
        return np.asarray(int(term.p) / int(term.q))
    except OverflowError:
        raise Unsupported("a number too large for a float") from None


def _constant(world: World, term: Any, scope: Scope, depth: int) -> Array:
    return np.asarray(float(term))


def _symbol(world: World, term: Symbol, scope: Scope, depth: int) -> Array:
    if term in scope:
        return scope[term]
    if term.is_integer and not world.definitions(term.name):
        return np.asarray(world.integer(term))
    return element(world, term.name, [], depth)


def _indexed(world: World, term: Indexed, scope: Scope, depth: int) -> Array:
    return element(world, name_of(term), [whole(evaluate(world, i, scope, depth)) for i in term.indices], depth)


def whole(array: Array) -> Array:
    if array.dtype.kind in "iu":
        return array
    rounded = np.round(np.real(array))
    if not np.allclose(np.real(array), rounded) or np.max(np.abs(rounded), initial=0) > LARGEST_INTEGER:
        raise Unsupported("an index that is not an integer")
    return rounded.astype(int)


# --------------------------------------------------------------------------------------- elements


def element(world: World, name: str, at: Sequence[Array], depth: int) -> Array:
    """``name[at]``: of a table where the slots are finite, computed where it stands otherwise."""
    slots = world.slots(name)
    if len(slots) != len(at):
        raise Unsupported(f"{name} with {len(at)} indices")
    if not world.definitions(name):
        return _looked_up(world, name, table(world, name), at)
    if world.is_recursive(name):
        return _each_key(at, lambda key: recursive_entry(world, name, key))
    if any(slot.endless for slot in slots):
        return _moved(world, name, at, _defined(world, name, at, depth))
    return _looked_up(world, name, table(world, name), at)


def _looked_up(world: World, name: str, values: Array, at: Sequence[Array]) -> Array:
    """Outside its range an element is undefined, a sequence over all integers 0."""
    places, inside, missing = [], np.asarray(True), 0.0
    for slot, index in zip(world.slots(name), at, strict=True):
        place = index - slot.first
        fits = (place >= 0) & (place < slot.length)
        inside = inside & fits
        if not slot.endless and not np.all(fits):
            missing = math.nan
        places.append(np.clip(place, 0, max(0, slot.length - 1)))
    if not values.size:
        return np.full(np.broadcast_shapes(*(p.shape for p in places)), math.nan)
    found = values[tuple(np.broadcast_arrays(*places))] if places else values
    return found if np.all(inside) else np.where(inside, found, missing)


def table(world: World, name: str) -> Array:
    """All values of a name whose slots are finite."""
    memo = (name, world.state(name))
    known = world.tables.get(memo)
    if known is None:
        known = world.tables[memo] = _tabled(world, name)
    return known


def _tabled(world: World, name: str) -> Array:
    slots = world.slots(name)
    grid = np.meshgrid(*(np.arange(s.first, s.first + s.length) for s in slots), indexing="ij")
    if world.is_recursive(name):
        return _each_key(grid, lambda key: recursive_entry(world, name, key))
    if world.definitions(name):
        values = _defined(world, name, grid, len(slots))
    elif name in world.context.depends:
        values = _unknown(world, name, tuple(s.length for s in slots))
    else:
        values = world.leaf(name)
    return _moved(world, name, grid, np.broadcast_to(values, tuple(s.length for s in slots)))


def _moved(world: World, name: str, at: Sequence[Array], values: Array) -> Array:
    """The values with the perturbations of this name's own entries."""
    for moved, key, step in world.overrides:
        if moved == name:
            here = np.asarray(True)
            for index, k in zip(at, key, strict=True):
                here = here & (index == k)
            values = values + np.where(here, step, 0)
    return values


def _unknown(world: World, name: str, shape: tuple[int, ...]) -> Array:
    """An unknown function of other names: a smooth one of all their entries that belong to an entry, each its own."""
    whole = {other: table(world, other) for other in world.context.depends[name]}
    complex_ = any(np.iscomplexobj(values) for values in whole.values())
    values = np.empty(shape, dtype=complex if complex_ else float)
    for key in np.ndindex(*shape):
        parts = [np.ravel(_belonging(world, name, key, other, entries)) for other, entries in whole.items()]
        entries = np.concatenate(parts) if parts else np.zeros(0)
        values[key] = Smooth.named(f"{name}{key}", len(entries), world.seed).of_all(entries)
    return values


def _belonging(world: World, name: str, key: Key, other: str, entries: Array) -> Array:
    """The entries of an argument whose aligned slots stand where those of the function do (E_t of A_t alone)."""
    place: list[int | slice] = [slice(None)] * entries.ndim
    for own, its in world.context.aligned.get(name, {}).get(other, ()):
        at = key[own] + world.slots(name)[own].first - world.slots(other)[its].first
        if not 0 <= at < entries.shape[its]:
            return np.zeros(0)
        place[its] = at
    return entries[tuple(place)]


def _defined(world: World, name: str, at: Sequence[Array], depth: int) -> Array:
    """The value by definition, the cases chosen entry by entry."""
    result: Array | None = None
    left = np.asarray(True)
    for definition in world.definitions(name):
        scope, holds = _matched(world, definition, at, depth)
        if not np.any(left & holds):
            continue
        value = evaluate(world, definition.body, scope, max(depth, *(a.ndim for a in at), 0) if at else depth)
        if result is None and np.all(holds):
            result = value
        else:
            result = np.where(left & holds, value, math.nan if result is None else result)
        left = left & ~holds
    if result is None or np.any(left):
        raise Unsupported(f"{name} where no definition speaks of it")
    return result


def _matched(
    world: World, definition: Definition, at: Sequence[Array], depth: int
) -> tuple[dict[Symbol, Array], Array]:
    scope: dict[Symbol, Array] = {}
    holds = np.asarray(True)
    for pattern, index in zip(definition.pattern, at, strict=True):
        if isinstance(pattern, Symbol) and not pattern.is_positive and pattern not in scope:
            scope[pattern] = index
        else:
            holds = holds & (index == evaluate(world, pattern, scope, depth))
    return scope, holds & condition(world, definition.condition, scope, depth)


def _each_key(at: Sequence[Array], value: Callable[[Key], complex]) -> Array:
    arrays = np.broadcast_arrays(*at)
    keys = np.stack([a.ravel() for a in arrays], axis=-1) if arrays else np.zeros((1, 0), int)
    distinct, back = np.unique(keys, axis=0, return_inverse=True)
    if len(distinct) > 4_000:
        raise Unsupported("a recursion at too many places")
    found = np.asarray([value(tuple(int(k) for k in key)) for key in distinct])
    return found[np.ravel(back)].reshape(arrays[0].shape if arrays else ())


def recursive_entry(world: World, name: str, key: Key) -> complex:
    """One entry of a name that is defined through itself at another layer or time."""
    memo = (name, key, world.state(name))
    known = world.tables.get(memo)
    if known is None:
        if len(world.tables) > 200_000:
            raise Unsupported("a recursion that is too long")
        if memo in world.pending:
            raise Unsupported(NEVER_ENDS)
        world.pending.add(memo)
        try:
            known = world.tables[memo] = np.asarray(_recursive(world, name, key))
        finally:
            world.pending.discard(memo)
    return known[()]  # type: ignore[no-any-return]


def _recursive(world: World, name: str, key: Key) -> Array:
    at = [np.asarray(k) for k in key]
    for slot, k in zip(world.slots(name), key, strict=True):
        if not slot.endless and not slot.first <= k < slot.first + slot.length:
            return np.asarray(math.nan)
        if slot.endless and not -SUPPORT <= k <= SUPPORT:
            return np.asarray(0.0)
    for definition in world.definitions(name):
        scope, holds = _matched(world, definition, at, 0)
        if holds:
            return _moved(world, name, at, evaluate(world, definition.body, scope, 0))
    return _moved(world, name, at, _looked_up(world, name, world.leaf(name), at))


# -------------------------------------------------------------------------------------- arithmetic


def _add(world: World, term: Any, scope: Scope, depth: int) -> Array:
    return widened(bounded(sum((evaluate(world, a, scope, depth) for a in term.args), start=np.asarray(0))))  # type: ignore[arg-type]


def _multiply(world: World, term: Any, scope: Scope, depth: int) -> Array:
    """A product; an index condition that fails makes it 0 whatever the rest is."""
    gate, rest = np.asarray(1), np.asarray(1)
    for factor in term.args:
        value = evaluate(world, factor, scope, depth)
        if isinstance(factor, KroneckerDelta) or (isinstance(factor, Piecewise) and _about_indices(factor)):
            gate = gate * value
        else:
            rest = widened(bounded(rest * value))
    return bounded(np.where(gate == 0, 0, gate * rest) if np.ndim(gate) or gate != 1 else rest)


def _about_indices(term: Piecewise) -> bool:
    integral = (Symbol, Integer, Add, Mul)
    return all(
        isinstance(value, Integer)
        and all(s.is_integer for s in when.free_symbols)
        and all(isinstance(side, integral) for r in when.atoms(Relational) for side in r.args)
        for value, when in term.args
    )


def _power(world: World, term: Any, scope: Scope, depth: int) -> Array:
    base, exponent = term.args
    value = evaluate(world, exponent, scope, depth)
    if isinstance(base, NumberSymbol) and str(base) == "E":
        return np.exp(value + 0.0)
    found = evaluate(world, base, scope, depth)
    if isinstance(exponent, Rational) and int(exponent.q) > 1:
        safe = np.where(np.real(found) > 0, found, 1.0) ** float(exponent)
        return np.where(np.real(found) > 0, safe, np.where(found == 0, 0.0 if exponent > 0 else math.nan, math.nan))
    return power(found, value)


# ----------------------------------------------------------------------------------------- binders


def _opened(world: World, term: Any, scope: Scope, depth: int) -> tuple[Array, Array, Array]:
    """The body over the range of the binder, along a new first axis, with a mask; and the index itself."""
    if len(term.limits) != 1:
        raise Unsupported("a binder of several indices")
    bound, lower, upper = term.limits[0]
    if lower.is_infinite or upper.is_infinite:
        low = np.asarray(-WINDOW) if lower.is_infinite else whole(evaluate(world, lower, scope, depth))
        high = np.asarray(WINDOW) if upper.is_infinite else whole(evaluate(world, upper, scope, depth))
    else:
        low, high = (whole(evaluate(world, b, scope, depth)) for b in (lower, upper))
    first, last = (int(np.min(low)), int(np.max(high))) if low.size and high.size else (1, 0)
    if last - first >= LARGEST_ARRAY:
        raise Unsupported("a range that is too long")
    index = np.arange(first, last + 1).reshape(-1, *([1] * depth))
    body = evaluate(world, term.function, {**scope, bound: index}, depth + 1)
    mask = (index >= low) & (index <= high)
    shape = np.broadcast_shapes(body.shape, mask.shape, index.shape)
    return bounded(np.broadcast_to(body, shape)), np.broadcast_to(mask, shape), index


def _sum(world: World, term: Any, scope: Scope, depth: int) -> Array:
    body, mask, _ = _opened(world, term, scope, depth)
    for place, bound in ((0, term.limits[0][1]), (-1, term.limits[0][2])):
        if bound.is_infinite and body.shape[0] and np.nanmax(np.abs(body[place]), initial=0.0) > 0:
            raise Unsupported("a sum over all integers of something without finite support")
    return widened(np.where(mask, widened(body), 0).sum(axis=0))


def _product(world: World, term: Any, scope: Scope, depth: int) -> Array:
    body, mask, _ = _opened(world, term, scope, depth)
    return np.where(mask, body + 0.0, 1).prod(axis=0)


def _maximum(world: World, term: Any, scope: Scope, depth: int) -> Array:
    body, mask, _ = _opened(world, term, scope, depth)
    if not body.shape[0]:
        raise Unsupported("the maximum of nothing")
    best = np.where(mask, np.real(body), -np.inf).argmax(axis=0)
    found = np.take_along_axis(body, best[None], axis=0)[0]
    return np.where(np.isnan(np.where(mask, np.real(body), 0)).any(axis=0), math.nan, found)


def _delta(world: World, term: Any, scope: Scope, depth: int) -> Array:
    left, right = (evaluate(world, a, scope, depth) for a in term.args)
    return (np.abs(left - right) < 1e-9).astype(int)


def _cases(world: World, term: Any, scope: Scope, depth: int) -> Array:
    result: Array = np.asarray(math.nan)
    for value, when in reversed(term.args):
        holds, unknown = weighed(world, when, scope, depth)
        if np.any(holds):
            result = np.where(holds, evaluate(world, value, scope, depth), result)
        if np.any(unknown):
            result = np.where(unknown, math.nan, result)
    integral = not np.iscomplexobj(result) and not np.any(np.isnan(result)) and np.all(result == np.round(result))
    return result.astype(int) if integral else result


# -------------------------------------------------------------------------------------- conditions


def condition(world: World, term: Any, scope: Scope, depth: int) -> Array:
    """Where a condition certainly holds."""
    return weighed(world, term, scope, depth)[0]


def weighed(world: World, term: Any, scope: Scope, depth: int) -> tuple[Array, Array]:
    """Where a condition holds, and where that is unknown, since it compares what is undefined."""
    if isinstance(term, BooleanTrue | BooleanFalse) or term is True or term is False:
        return np.asarray(bool(term)), np.asarray(False)
    if isinstance(term, And | Or):
        parts = [weighed(world, a, scope, depth) for a in term.args]
        return _all(parts) if isinstance(term, And) else _negated(_all([_negated(p) for p in parts]))
    if isinstance(term, Not):
        return _negated(weighed(world, term.args[0], scope, depth))
    if isinstance(term, Relational):
        left, right = (np.real(evaluate(world, a, scope, depth)) for a in term.args)
        near = np.abs(left - right) <= 1e-10 * (1 + np.abs(left) + np.abs(right))
        unknown = np.isnan(left + right)
        return np.asarray(_RELATIONS[type(term)](left, right, near)) & ~unknown, unknown
    raise Unsupported(f"the condition {term}")


def _all(parts: Sequence[tuple[Array, Array]]) -> tuple[Array, Array]:
    holds, possible = np.asarray(True), np.asarray(True)
    for here, unknown in parts:
        holds, possible = holds & here, possible & (here | unknown)
    return holds, possible & ~holds


def _negated(part: tuple[Array, Array]) -> tuple[Array, Array]:
    holds, unknown = part
    return ~(holds | unknown), unknown


_RELATIONS: dict[type, Callable[[Array, Array, Array], Array]] = {
    Eq: lambda a, b, near: near,
    Ne: lambda a, b, near: ~near,
    Gt: lambda a, b, near: (a > b) & ~near,
    Ge: lambda a, b, near: (a > b) | near,
    Lt: lambda a, b, near: (a < b) & ~near,
    Le: lambda a, b, near: (a < b) | near,
}


# ---------------------------------------------------------------------------------------- matrices


def _matrix(world: World, term: Any, scope: Scope, depth: int) -> tuple[Array, int]:
    """The matrix of a node, rows and columns on the last two axes."""
    n = int(evaluate(world, term.order, scope, depth))
    row = np.arange(1, n + 1).reshape(-1, *([1] * depth))
    column = np.arange(1, n + 1).reshape(-1, *([1] * (depth + 1)))
    body = evaluate(world, term.body, {**scope, term.row: row, term.column: column}, depth + 2)
    shape = np.broadcast_shapes(body.shape, (n, n, *([1] * depth)))
    return bounded(np.moveaxis(np.broadcast_to(body, shape), (1, 0), (-2, -1))) + 0.0, n


def _chosen(matrices: Array, a: Array, b: Array, n: int) -> Array:
    """Element (a, b) of each matrix."""
    entries = np.moveaxis(matrices, (-2, -1), (0, 1))
    shape = np.broadcast_shapes(entries.shape[2:], a.shape, b.shape)
    a, b = np.broadcast_to(a, shape), np.broadcast_to(b, shape)
    inside = (a >= 1) & (a <= n) & (b >= 1) & (b <= n)
    entries = np.broadcast_to(entries, (n, n, *shape))
    grid = np.ix_(*(np.arange(s) for s in shape)) if shape else ()
    found = entries[(np.clip(a, 1, n) - 1, np.clip(b, 1, n) - 1, *grid)]
    return np.where(inside, found, math.nan)


def _inverse(world: World, term: Inverse, scope: Scope, depth: int) -> Array:
    matrices, n = _matrix(world, term, scope, depth)
    a, b = (whole(evaluate(world, x, scope, depth)) for x in term.position)
    try:
        return _chosen(np.linalg.inv(matrices), a, b, n)
    except np.linalg.LinAlgError:
        return np.asarray(math.nan)


def _determinant(world: World, term: Determinant, scope: Scope, depth: int) -> Array:
    matrices = _matrix(world, term, scope, depth)[0]
    found = np.asarray(np.linalg.det(matrices))
    largest = np.prod(np.linalg.norm(matrices, axis=-1), axis=-1)  # Hadamard: no determinant is larger
    return np.where(np.abs(found) < NO_DETERMINANT * largest, 0 * found, found)


def _matrix_power(world: World, term: MatrixPower, scope: Scope, depth: int) -> Array:
    matrices, n = _matrix(world, term, scope, depth)
    a, b = (whole(evaluate(world, x, scope, depth)) for x in term.position)
    exponents = whole(evaluate(world, term.exponent, scope, depth))
    result: Array = np.asarray(math.nan)
    for k in np.unique(exponents):
        if not -1 <= k <= 12:
            raise Unsupported("a large power of a matrix")
        result = np.where(exponents == k, _chosen(np.linalg.matrix_power(matrices, int(k)), a, b, n), result)
    return result


# --------------------------------------------------------------------------------------- functions


def _applied(world: World, term: Any, scope: Scope, depth: int) -> Array:
    arguments = [evaluate(world, a, scope, depth) for a in term.args]
    return _called(world, term.func.__name__, arguments, [0] * len(arguments), depth)


def _function_derivative(world: World, term: FunctionDerivative, scope: Scope, depth: int) -> Array:
    arguments = [evaluate(world, a, scope, depth) + 0.0 for a in term.arguments]
    return _called(world, term.function, arguments, list(term.orders), depth)


def _called(world: World, name: str, arguments: list[Array], orders: list[int], depth: int) -> Array:
    known = name in world.context.functions or name in ELEMENTARY
    if not known:
        return np.asarray(Smooth.named(name, len(arguments), world.seed).at(arguments, orders))
    if not any(orders):
        if name in ELEMENTARY and name not in world.context.functions:
            return np.asarray(ELEMENTARY[name](*arguments))
        definition = world.context.functions[name]
        if len(definition.parameters) != len(arguments):
            raise Unsupported(f"{name} with {len(arguments)} arguments")
        return evaluate(world, definition.body, dict(zip(definition.parameters, arguments, strict=True)), depth)
    k = next(k for k, order in enumerate(orders) if order)
    less = [order - (j == k) for j, order in enumerate(orders)]

    def moved(step: complex) -> Array:
        return _called(world, name, [a + step * (j == k) for j, a in enumerate(arguments)], less, depth)

    return slope(moved, carries_step(world) or any(np.iscomplexobj(a) for a in arguments) or any(less))


def slope(moved: Callable[[complex], Array], nested: bool) -> Array:
    """The derivative at 0: by the complex step, or by differences where that step is already taken."""
    if nested:
        return five_points(moved, STEP)
    value = moved(1j * TINY)
    return np.imag(value) / TINY + 0 * np.real(value)


def carries_step(world: World) -> bool:
    return any(isinstance(step, complex) for _, _, step in world.overrides)


def _partial(world: World, term: Partial, scope: Scope, depth: int) -> Array:
    *others, by = term.variables
    inner = Partial(term.expression, *others) if others else term.expression
    name = name_of(by)
    at = [whole(evaluate(world, i, scope, depth)) for i in by.indices] if isinstance(by, Indexed) else []
    at = list(np.broadcast_arrays(*at)) if at else []
    if world.variable(name).integer:
        raise Unsupported(f"a derivative by the integer {name}")
    nested = carries_step(world) or bool(inner.atoms(Partial)) or _reaches_derivative(world, inner)
    keys = np.unique(np.stack([a.ravel() for a in at], axis=-1), axis=0) if at else np.zeros((1, 0), int)
    result: Array = np.asarray(math.nan)
    for row in keys:
        key = tuple(int(k) for k in row)
        if not _within(world, name, key):
            continue
        if time.monotonic() > world.deadline:
            raise Unsupported(NO_TIME)
        here = np.asarray(True)
        for index, k in zip(at, key, strict=True):
            here = here & (index == k)

        def moved(step: complex, key: Key = key) -> Array:
            return evaluate(world.perturbed(name, key, step), inner, scope, depth)

        result = np.where(here, slope(moved, nested), result)
    return bounded(result)


def _reaches_derivative(world: World, term: Expr) -> bool:
    """Whether some name's definition contains a derivative, so that the complex step is needed inside."""
    from benchmarks.thirdway.world import names_in

    names = names_in(term)
    for name in sorted(names):
        names = names | world.reach(name)
    return any(d.body.atoms(Partial) for n in names for d in world.definitions(n))


def _within(world: World, name: str, key: Key) -> bool:
    return all(s.endless or s.first <= k < s.first + s.length for s, k in zip(world.slots(name), key, strict=True))


_ROWS: tuple[tuple[type | tuple[type, ...], Callable[[World, Any, Scope, int], Array]], ...] = (
    (Rational, _rational),
    (NumberSymbol, _constant),
    (Indexed, _indexed),
    (Symbol, _symbol),
    (Add, _add),
    (Mul, _multiply),
    (Pow, _power),
    (Sum, _sum),
    (Product, _product),
    (Maximum, _maximum),
    (KroneckerDelta, _delta),
    (Piecewise, _cases),
    (Inverse, _inverse),
    (Determinant, _determinant),
    (MatrixPower, _matrix_power),
    (Partial, _partial),
    (FunctionDerivative, _function_derivative),
    (AppliedUndef, _applied),
    (exp, lambda world, term, scope, depth: np.exp(evaluate(world, term.args[0], scope, depth) + 0.0)),
)
