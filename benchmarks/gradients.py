"""A gradient check by PyTorch: both sides of a claim in float64 at one point, derivatives by automatic differentiation.

Terms become tensors as in :mod:`benchmarks.thirdway.evaluate`, from which only the points come: every index letter in
scope has an axis of its own, counted from the right, and a binder opens a further one on the left.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, NumberSymbol, Piecewise, Pow, Product, Rational, Sum, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from benchmarks.thirdway.functions import Smooth, Unsupported
from benchmarks.thirdway.hypotheses import grid, inside, satisfy
from benchmarks.thirdway.truth import DIFFERENT, EQUAL, FLOOR, LARGEST, shrunk, thinned
from benchmarks.thirdway.world import WINDOW, World
from checker.calculus.context import Claim, Context, Definition
from checker.calculus.terms import Determinant, FunctionDerivative, Inverse, Maximum, Partial, name_of

torch.set_num_threads(1)  # as everything else here
Tensor = torch.Tensor
Scope = Mapping[Symbol, Tensor]
LARGEST_TENSOR = 3_000_000
MOST_UNKNOWN = 300  # entries of an unknown function of tensors


@dataclass(frozen=True)
class Point:
    """Values at one point; ``held`` are tables that stand for themselves, whatever defines their names."""

    world: World
    held: Mapping[str, Tensor] = field(default_factory=dict)
    tables: dict[str, Tensor] = field(default_factory=dict)

    def holding(self, name: str, values: Tensor) -> Point:
        """The same point with other values of a name; what does not depend on it is known already."""
        kept = {n: t for n, t in self.tables.items() if n != name and name not in self.world.reach(n)}
        return Point(self.world, {**self.held, name: values}, kept)


def agree(claim: Claim, context: Context, size: int, deadline: float) -> bool | None:
    """Whether both sides are equal at one point with all sizes ``size``; None where that cannot be told."""
    small, around = shrunk(claim, context)
    world = World(around, 1, (size,) * 4, "mixed")
    world.deadline = deadline
    with np.errstate(all="ignore"):
        if not satisfy(world, small):
            return None
        scope = thinned(world, grid(world, small.indices))
        allowed = torch.as_tensor(inside(world, small.indices, scope))
    places = {symbol: torch.as_tensor(values) for symbol, values in scope.items()}
    left, right = (evaluate(Point(world), side, places, len(places)).double() for side in (small.left, small.right))
    scale = FLOOR + torch.maximum(left.abs(), right.abs())
    seen = torch.isfinite(left) & torch.isfinite(right) & allowed
    gap = torch.where(seen, (left - right).abs() / scale, 0.0)
    if not bool(seen.any()) or bool((torch.isfinite(scale) & (scale >= LARGEST)).any()):
        return None
    if bool((gap > DIFFERENT).any()):
        return False
    return None if bool((gap > EQUAL).any()) else True


def evaluate(point: Point, term: Expr, scope: Scope, depth: int) -> Tensor:
    """The value of a term, as a tensor over the axes below ``depth``."""
    for kind, rule in _ROWS:
        if isinstance(term, kind):
            return bounded(rule(point, term, scope, depth))
    arguments = [evaluate(point, a, scope, depth).double() for a in term.args]
    return elementary(type(term).__name__, arguments)


def bounded(values: Tensor) -> Tensor:
    if values.numel() > LARGEST_TENSOR:
        raise Unsupported("a tensor that is too large")
    return values


def elementary(name: str, arguments: Sequence[Tensor]) -> Tensor:
    if name not in _FUNCTIONS:
        raise Unsupported(name)
    return _FUNCTIONS[name](*arguments)


# ------------------------------------------------------------------------------------------- names


def _number(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    return torch.tensor(int(term)) if term.is_Integer else torch.tensor(float(term), dtype=torch.float64)


def _symbol(point: Point, term: Symbol, scope: Scope, depth: int) -> Tensor:
    if term in scope:
        return scope[term]
    if term.is_integer and not point.world.definitions(term.name):
        return torch.tensor(point.world.integer(term))
    return table(point, term.name)


def _indexed(point: Point, term: Indexed, scope: Scope, depth: int) -> Tensor:
    name = name_of(term)
    at = [evaluate(point, i, scope, depth) for i in term.indices]
    return looked_up(point, name, table(point, name), at)


def looked_up(point: Point, name: str, values: Tensor, at: Sequence[Tensor], before: Sequence[Tensor] = ()) -> Tensor:
    """Outside its range an element is undefined, a sequence over all integers 0.

    ``before``: places along the axes of ``values`` that come before the slots of the name.
    """
    places, inside_, missing = [], torch.tensor(True), 0.0
    for slot, index in zip(point.world.slots(name), at, strict=True):
        place = index.long() - slot.first
        fits = (place >= 0) & (place < slot.length)
        inside_ = inside_ & fits
        missing = missing if slot.endless or bool(fits.all()) else math.nan
        places.append(place.clamp(0, max(0, slot.length - 1)))
    found = values[torch.broadcast_tensors(*before, *places)]
    return found if bool(inside_.all()) else torch.where(inside_, found.double(), missing)


def table(point: Point, name: str) -> Tensor:
    """All values of a name."""
    if name in point.held:
        return point.held[name]
    if name not in point.tables:
        point.tables[name] = bounded(_tabled(point, name))
    return point.tables[name]


def _tabled(point: Point, name: str) -> Tensor:
    world = point.world
    slots = world.slots(name)
    if world.is_recursive(name):
        raise Unsupported("a name that is defined through itself")
    if name in world.context.depends and not world.definitions(name):
        return _unknown(point, name, tuple(s.length for s in slots))
    if not world.definitions(name):
        return torch.as_tensor(world.leaf(name))
    at = [torch.arange(s.first, s.first + s.length).reshape(-1, *([1] * (len(slots) - 1 - k)))
          for k, s in enumerate(slots)]  # fmt: skip
    return _defined(point, name, at).expand(tuple(s.length for s in slots))


def _unknown(point: Point, name: str, shape: tuple[int, ...]) -> Tensor:
    """An unknown function of other names: a smooth one of all their entries, for each entry its own."""
    entries = torch.cat([table(point, other).double().ravel() for other in point.world.context.depends[name]])
    if math.prod(shape) > MOST_UNKNOWN:
        raise Unsupported("an unknown function with too many entries")
    found = [
        _smooth(Smooth.named(f"{name}{key}", len(entries), point.world.seed), entries) for key in np.ndindex(shape)
    ]
    return torch.stack(found).reshape(shape)


def _smooth(function: Smooth, entries: Tensor) -> Tensor:
    phases, waves, heights, slopes = (
        torch.as_tensor(x) for x in (function.phases, function.waves, function.heights, function.slopes)
    )
    bent = function.bend * (entries @ entries) + 0.2
    return heights @ torch.sin(phases + waves @ entries) + slopes @ entries + bent


def _defined(point: Point, name: str, at: Sequence[Tensor]) -> Tensor:
    """The value by definition, the cases chosen entry by entry."""
    result = torch.tensor(math.nan, dtype=torch.float64)
    left = torch.tensor(True)
    for definition in point.world.definitions(name):
        scope, holds = _matched(point, definition, at)
        if bool((left & holds).any()):
            value = evaluate(point, definition.body, scope, len(at))
            result = value if bool(holds.all()) and bool(left.all()) else torch.where(left & holds, value, result)
        left = left & ~holds
    return result


def _matched(point: Point, definition: Definition, at: Sequence[Tensor]) -> tuple[dict[Symbol, Tensor], Tensor]:
    scope: dict[Symbol, Tensor] = {}
    holds = torch.tensor(True)
    for pattern, index in zip(definition.pattern, at, strict=True):
        if isinstance(pattern, Symbol) and not pattern.is_positive and pattern not in scope:
            scope[pattern] = index
        else:
            holds = holds & (index == evaluate(point, pattern, scope, len(at)))
    return scope, holds & condition(point, definition.condition, scope, len(at))


# -------------------------------------------------------------------------------------- arithmetic


def _add(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    total, *others = (evaluate(point, a, scope, depth) for a in term.args)
    for other in others:
        total = total + other
    return total


def _multiply(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    product, *others = (evaluate(point, a, scope, depth) for a in term.args)
    for other in others:
        product = bounded(product * other)
    return product


def _power(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    base, exponent = term.args
    value = evaluate(point, exponent, scope, depth)
    if isinstance(base, NumberSymbol) and str(base) == "E":
        return torch.exp(value.double())
    return torch.pow(evaluate(point, base, scope, depth).double(), float(exponent) if exponent.is_Rational else value)


def _delta(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    left, right = (evaluate(point, a, scope, depth) for a in term.args)
    return (left == right).long()


def _cases(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    result = torch.tensor(math.nan, dtype=torch.float64)
    for value, when in reversed(term.args):
        holds = condition(point, when, scope, depth)
        if bool(holds.any()):
            result = torch.where(holds, evaluate(point, value, scope, depth).double(), result)
    return result


def condition(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    if isinstance(term, BooleanTrue | BooleanFalse):
        return torch.tensor(bool(term))
    if isinstance(term, Not):
        return ~condition(point, term.args[0], scope, depth)
    if isinstance(term, And | Or):
        first, *others = (condition(point, a, scope, depth) for a in term.args)
        for other in others:
            first = first & other if isinstance(term, And) else first | other
        return first
    if type(term) not in _RELATIONS:
        raise Unsupported(f"the condition {term}")
    return _RELATIONS[type(term)](*(evaluate(point, a, scope, depth) for a in term.args))


_RELATIONS: dict[type, Callable[[Tensor, Tensor], Tensor]] = {
    Eq: torch.eq, Ne: torch.ne, Gt: torch.gt, Ge: torch.ge, Lt: torch.lt, Le: torch.le,
}  # fmt: skip


# ----------------------------------------------------------------------------------------- binders


def _opened(point: Point, term: Any, scope: Scope, depth: int) -> tuple[Tensor, Tensor]:
    """The body over the range of the binder, along a new first axis, with a mask."""
    bound, lower, upper = term.limits[0]
    low = torch.tensor(-WINDOW) if lower.is_infinite else evaluate(point, lower, scope, depth)
    high = torch.tensor(WINDOW) if upper.is_infinite else evaluate(point, upper, scope, depth)
    first, last = int(low.min()), int(high.max())
    index = torch.arange(first, last + 1).reshape(-1, *([1] * depth))
    body = evaluate(point, term.function, {**scope, bound: index}, depth + 1)
    mask = (index >= low) & (index <= high)
    shape = torch.broadcast_shapes(body.shape, mask.shape)
    return body.expand(shape), mask.expand(shape)


def _sum(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    body, mask = _opened(point, term, scope, depth)
    return torch.where(mask, body, 0).sum(0)


def _product(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    body, mask = _opened(point, term, scope, depth)
    return torch.where(mask, body, 1).prod(0)


def _maximum(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    body, mask = _opened(point, term, scope, depth)
    return torch.where(mask, body.double(), -math.inf).amax(0)


def _matrix(point: Point, term: Any, scope: Scope, depth: int) -> tuple[Tensor, int]:
    """The matrix of a node, rows and columns on the last two axes."""
    n = int(evaluate(point, term.order, scope, depth))
    row = torch.arange(1, n + 1).reshape(-1, *([1] * depth))
    column = torch.arange(1, n + 1).reshape(-1, *([1] * (depth + 1)))
    body = evaluate(point, term.body, {**scope, term.row: row, term.column: column}, depth + 2).double()
    shape = torch.broadcast_shapes(body.shape, (n, n, *([1] * depth)))
    return bounded(body.expand(shape)).movedim((1, 0), (-2, -1)), n


def _inverse(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    matrices, _ = _matrix(point, term, scope, depth)
    if matrices.numel() != matrices.shape[-1] ** 2:
        raise Unsupported("an inverse for every value of an index")
    row, column = (evaluate(point, x, scope, depth).long() - 1 for x in term.position)
    return torch.linalg.inv(matrices.reshape(matrices.shape[-2:]))[torch.broadcast_tensors(row, column)]


def _determinant(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    return torch.linalg.det(_matrix(point, term, scope, depth)[0])


# ------------------------------------------------------------------------------------- derivatives


def variable(values: Tensor) -> Tensor:
    """The same numbers as something to differentiate by, which goes on depending on what it was made of."""
    values = values.double()
    return values * 1.0 if values.requires_grad else values.detach().clone().requires_grad_(True)


def slopes(value: Tensor, by: Tensor) -> Tensor:
    if not value.requires_grad:
        return torch.zeros_like(by)
    (found,) = torch.autograd.grad(value, by, create_graph=True, allow_unused=True)
    return torch.zeros_like(by) if found is None else found


def _partial(point: Point, term: Partial, scope: Scope, depth: int) -> Tensor:
    *others, by = term.variables
    inner = Partial(term.expression, *others) if others else term.expression
    name = name_of(by)
    if point.world.variable(name).integer:
        raise Unsupported(f"a derivative by the integer {name}")
    at = [evaluate(point, i, scope, depth) for i in by.indices] if isinstance(by, Indexed) else []
    moved = variable(table(point, name))
    value = evaluate(point.holding(name, moved), inner, scope, depth).double()
    if value.numel() * moved.numel() > LARGEST_TENSOR:
        raise Unsupported("a Jacobian that is too large")
    jacobian = torch.stack([slopes(v, moved) for v in value.ravel()]).reshape((*value.shape, *moved.shape))
    if not at:
        return jacobian
    own = [torch.arange(n).reshape(-1, *([1] * (value.ndim - 1 - k))) for k, n in enumerate(value.shape)]
    return looked_up(point, name, jacobian, at, own)


def _applied(point: Point, term: Any, scope: Scope, depth: int) -> Tensor:
    arguments = [evaluate(point, a, scope, depth).double() for a in term.args]
    return _called(point, term.func.__name__, arguments, (0,) * len(arguments), depth)


def _function_derivative(point: Point, term: FunctionDerivative, scope: Scope, depth: int) -> Tensor:
    arguments = [evaluate(point, a, scope, depth).double() for a in term.arguments]
    return _called(point, term.function, arguments, tuple(term.orders), depth)


def _called(point: Point, name: str, arguments: list[Tensor], orders: tuple[int, ...], depth: int) -> Tensor:
    """A function of numbers, element by element; its derivatives by differentiating its sum."""
    if any(orders):
        k = next(k for k, order in enumerate(orders) if order)
        moved = [variable(a) if j == k else a for j, a in enumerate(arguments)]
        less = tuple(order - (j == k) for j, order in enumerate(orders))
        return slopes(_called(point, name, moved, less, depth).sum(), moved[k])
    definition = point.world.context.functions.get(name)
    if definition is not None:
        return evaluate(point, definition.body, dict(zip(definition.parameters, arguments, strict=True)), depth)
    if name in _FUNCTIONS:
        return elementary(name, arguments)
    function = Smooth.named(name, len(arguments), point.world.seed)
    waves = zip(function.waves, function.phases, function.heights, strict=True)
    total = sum(h * torch.sin(p + sum(float(a) * x for a, x in zip(w, arguments, strict=True))) for w, p, h in waves)
    linear = sum(float(d) * x for d, x in zip(function.slopes, arguments, strict=True))
    return total + linear + function.bend * sum(x * x for x in arguments) + 0.2  # type: ignore[operator,return-value]


_FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    **{name: getattr(torch, name) for name in ("exp", "log", "erf", "sign", "floor", "sin", "cos", "tan")},
    **{name: getattr(torch, name) for name in ("asin", "acos", "atan", "sinh", "cosh", "tanh")},
    **{name: getattr(torch, name) for name in ("asinh", "acosh", "atanh", "atan2", "erfinv", "digamma")},
    "sec": lambda x: 1 / torch.cos(x),
    "csc": lambda x: 1 / torch.sin(x),
    "cot": lambda x: 1 / torch.tan(x),
    "sech": lambda x: 1 / torch.cosh(x),
    "csch": lambda x: 1 / torch.sinh(x),
    "coth": lambda x: 1 / torch.tanh(x),
    "Abs": torch.abs,
    "Max": lambda first, *others: first if not others else torch.maximum(first, _FUNCTIONS["Max"](*others)),
    "Min": lambda first, *others: first if not others else torch.minimum(first, _FUNCTIONS["Min"](*others)),
    "gamma": lambda x: torch.exp(torch.lgamma(x)),
}

_ROWS: tuple[tuple[type, Callable[[Point, Any, Scope, int], Tensor]], ...] = (
    (Rational, _number),
    (NumberSymbol, _number),
    (Symbol, _symbol),
    (Indexed, _indexed),
    (Add, _add),
    (Mul, _multiply),
    (Pow, _power),
    (Sum, _sum),
    (Product, _product),
    (Maximum, _maximum),
    (KroneckerDelta, _delta),
    (Piecewise, _cases),
    (Partial, _partial),
    (FunctionDerivative, _function_derivative),
    (AppliedUndef, _applied),
    (Inverse, _inverse),
    (Determinant, _determinant),
)
