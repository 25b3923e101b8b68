"""Small slips of the kinds people make, on terms: every place of a term where one can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from sympy import (
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    cos,
    exp,
    sin,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Ge, Gt, Le, Lt, Relational

from benchmarks.nodes import remade
from checker.calculus import terms as t
from checker.calculus.context import Claim, Context, Range, Variable
from checker.calculus.graph import Dependencies, names_in

Path = tuple[int, ...]
Ranges = Mapping[Symbol, tuple[Expr, Expr]]
ONE, TWO = Integer(1), Integer(2)


@dataclass(frozen=True)
class Slip:
    """A claim with one small slip in it."""

    kind: str
    claim: Claim
    context: Context
    note: str = ""  # what was changed, where the claim itself does not show it


@dataclass(frozen=True)
class Place:
    """A node of a term: how to get there, what is there, and the index letters in reach with their ranges."""

    path: Path
    node: Expr
    scope: Ranges


def slips_of(claim: Claim, context: Context) -> Iterator[Slip]:
    """All slips that can be made in a claim, on either side, and in the definitions that it rests on."""
    outside = {s: (r.lower, r.upper) for s, r in claim.indices.items()}
    seen = {(claim.left, claim.right)}
    for side in ("right", "left"):
        term = getattr(claim, side)
        for place in places(term, outside):
            for kind, changed in changes(place, context):
                new = replaced(term, place.path, changed)
                slipped = replace(claim, **{side: new})
                if new != term and (slipped.left, slipped.right) not in seen:
                    seen.add((slipped.left, slipped.right))
                    yield Slip(kind, slipped, context)
    yield from slips_in_definitions(claim, context)


def slips_in_definitions(claim: Claim, context: Context) -> Iterator[Slip]:
    """The same claim where one definition has a slip in it."""
    graph = Dependencies(context)
    names = names_in(claim.left) | names_in(claim.right)
    for name in sorted(names.union(*(graph.reach(n) for n in names))):
        variable = context.variables.get(name)
        for k, definition in enumerate(context.definitions.get(name, ())):
            slots = variable.slots if variable is not None and len(variable.slots) == len(definition.pattern) else ()
            scope = {
                p: (r.lower, r.upper) for p, r in zip(definition.pattern, slots, strict=False) if isinstance(p, Symbol)
            }
            for place in places(definition.body, scope):
                for _, changed in changes(place, context):
                    body = replaced(definition.body, place.path, changed)
                    others = list(context.definitions[name])
                    others[k] = replace(definition, body=body)
                    if body != definition.body:
                        slipped = {**context.definitions, name: tuple(others)}
                        note = f"{name} = {body} at {', '.join(map(str, definition.pattern))}"
                        yield Slip("slip in a definition", claim, replace(context, definitions=slipped), note)


def without_hypothesis(claim: Claim, context: Context, text: str, kind: str) -> Slip:
    """The claim without what one hypothesis says."""
    kept = tuple(h for h in context.hypotheses if h.text != text)
    return Slip(kind, claim, replace(context, hypotheses=kept))


# ------------------------------------------------------------------------------------------ places


def places(term: Expr, scope: Ranges, path: Path = ()) -> Iterator[Place]:
    yield Place(path, term, scope)
    if isinstance(term, Sum | Product | t.Maximum):
        bound, lower, upper = term.limits[0]
        yield from places(term.function, {**scope, bound: (lower, upper)}, (*path, 0))
    elif isinstance(term, Piecewise):
        for k, row in enumerate(term.args):
            yield from places(row[0], scope, (*path, k))
    elif isinstance(term, t.Partial):
        if not isinstance(term.expression, Indexed | Symbol):
            yield from places(term.expression, scope, (*path, 0))
    elif isinstance(term, t.FunctionDerivative):
        for k, argument in enumerate(term.arguments):
            yield from places(argument, scope, (*path, k + 2))
    elif not isinstance(term, Indexed | KroneckerDelta | t.MatrixNode | Symbol | Rational | Relational):
        for k, argument in enumerate(term.args):
            yield from places(argument, scope, (*path, k))


def replaced(term: Expr, path: Path, new: Expr) -> Expr:
    """The term with another node at the place."""
    if not path:
        return new
    k, *rest = path
    if isinstance(term, Piecewise):
        rows = [(replaced(v, tuple(rest), new) if m == k else v, c) for m, (v, c) in enumerate(term.args)]
        return t.cases(*rows)
    arguments = [replaced(a, tuple(rest), new) if m == k else a for m, a in enumerate(term.args)]
    return remade(term, arguments)


# ------------------------------------------------------------------------------------------ changes

Change = tuple[str, Expr]


def changes(place: Place, context: Context) -> Iterator[Change]:
    """The slips that can be made at one node."""
    node = place.node
    for kind, rule in _RULES:
        if isinstance(node, kind):
            yield from rule(place, context)
    if place.path == () and not isinstance(node, Rational):
        yield "sign", t.negate(node)
        yield "wrong constant", t.multiply(TWO, node)
        yield "wrong constant", t.divide(node, TWO)


def _element(place: Place, context: Context) -> Iterator[Change]:
    node, slots = place.node, list(place.node.indices)
    name = t.name_of(node)
    variable = context.variables.get(name)
    labels = variable.labels if variable is not None else 0
    own = slots[labels:]
    if len(own) >= 2 and _is_square(variable):
        yield "transpose", t.element(name, *slots[:-2], slots[-1], slots[-2])
    for k, slot in enumerate(slots):
        if k < labels:
            for other in (slot + 1, slot - 1):
                yield "wrong layer label", t.element(name, *slots[:k], other, *slots[k + 1 :])
        elif isinstance(slot, Symbol):
            for other in alike(slot, place.scope):
                yield "renamed index", t.element(name, *slots[:k], other, *slots[k + 1 :])
            endless = variable is not None and k < len(variable.slots) and variable.slots[k].lower.is_infinite
            if endless:
                yield "renamed index", t.element(name, *slots[:k], t.negate(slot), *slots[k + 1 :])
        elif isinstance(slot, Add):
            yield "renamed index", t.element(name, *slots[:k], slot + 1, *slots[k + 1 :])
    yield "1 - a for a", t.add(ONE, t.negate(node))


def _is_square(variable: Variable | None) -> bool:
    """Whether the last two slots have one range; a transpose of anything else is no formula, and the reader says so."""
    return variable is None or len(variable.slots) < 2 or variable.slots[-1] == variable.slots[-2]


def alike(slot: Symbol, scope: Ranges) -> list[Symbol]:
    """Other letters in reach with the same range."""
    if slot not in scope:
        return []
    return [s for s in scope if s != slot and scope[s] == scope[slot]]


def _delta(place: Place, context: Context) -> Iterator[Change]:
    left, right = place.node.args
    yield "wrong delta", ONE
    yield "wrong delta", t.add(ONE, t.negate(place.node))
    for old, kept in ((left, right), (right, left)):
        if isinstance(old, Symbol):
            for other in alike(old, place.scope):
                if other != kept:
                    yield "wrong delta", t.delta(other, kept)


def _sum_node(place: Place, context: Context) -> Iterator[Change]:
    node = place.node
    bound, lower, upper = node.limits[0]
    for other in alike(bound, {**place.scope, bound: (lower, upper)}):
        yield "dropped sum", node.function.xreplace({bound: other})
    if lower.is_infinite or upper.is_infinite:
        return
    yield "dropped sum", node.function.xreplace({bound: lower})
    yield "off-by-one range", t.sum_over(node.function, bound, lower, upper - 1)
    yield "off-by-one range", t.sum_over(node.function, bound, lower + 1, upper)


def _product_of_factors(place: Place, context: Context) -> Iterator[Change]:
    factors = list(place.node.args)
    for k, factor in enumerate(factors):
        rest = factors[:k] + factors[k + 1 :]
        if factor == -1:
            yield "sign", t.multiply(*rest)
            continue
        lost = isinstance(factor, t.FunctionDerivative | t.Partial)
        yield ("lost inner derivative" if lost else "dropped factor"), t.multiply(*rest)
        if not isinstance(factor, KroneckerDelta):
            yield "doubled factor", t.multiply(*factors, factor)
        inverted = isinstance(factor, Pow) and factor.args[1] == -1
        if inverted and len(rest) == 1:
            yield "swapped operands", t.divide(factor.args[0], rest[0])
        if isinstance(factor, Indexed):
            yield from _added_sums(place, factors)


def _added_sums(place: Place, factors: list[Expr]) -> Iterator[Change]:
    for s, (lower, upper) in place.scope.items():
        if not lower.is_infinite and not upper.is_infinite and s in place.node.free_symbols:
            yield "added sum", t.sum_over(place.node, s, lower, upper)


def _total(place: Place, context: Context) -> Iterator[Change]:
    parts = list(place.node.args)
    for k, part in enumerate(parts):
        rest = parts[:k] + parts[k + 1 :]
        yield "sign", t.add(*parts[:k], t.negate(part), *parts[k + 1 :])
        yield "dropped term", t.add(*rest)
    if len(parts) == 2 and parts[0] == 1 and isinstance(parts[1], Mul) and parts[1].args[0] == -1:
        yield "1 - a for a", t.multiply(*parts[1].args[1:])
    if len(parts) == 2 and isinstance(parts[1], Mul) and parts[1].args[0] == -1:
        yield "swapped operands", t.add(t.multiply(*parts[1].args[1:]), t.negate(parts[0]))


def _power(place: Place, context: Context) -> Iterator[Change]:
    base, exponent = place.node.args
    for other in (exponent + 1, exponent - 1):
        yield "wrong power", t.power(base, other) if other != 1 else base
    if isinstance(exponent, Rational) and exponent.q != 1:
        yield "wrong power", t.power(base, Rational(exponent) * 2)


def _exponential(place: Place, context: Context) -> Iterator[Change]:
    yield "± inside an exponent", exp(t.negate(place.node.args[0]), evaluate=False)


def _wave(place: Place, context: Context) -> Iterator[Change]:
    other = cos if isinstance(place.node, sin) else sin
    yield "f for f'", other(place.node.args[0], evaluate=False)


def _applied(place: Place, context: Context) -> Iterator[Change]:
    name, arguments = place.node.func.__name__, place.node.args
    yield "f for f'", t.function_derivative(name, [1] + [0] * (len(arguments) - 1), *arguments)


def _derived(place: Place, context: Context) -> Iterator[Change]:
    node = place.node
    lower = [n - 1 if k == 0 and n else n for k, n in enumerate(node.orders)]
    if any(lower):
        yield "f for f'", t.function_derivative(node.function, lower, *node.arguments)
    else:
        yield "f for f'", t.apply(node.function, *node.arguments)


def _number(place: Place, context: Context) -> Iterator[Change]:
    node = place.node
    if node in (-1, 1, 0):
        return
    yield "wrong constant", node + 1
    yield "wrong constant", node - 1 if node != 1 else Integer(3)
    yield "wrong constant", 1 / node


def _extreme(place: Place, context: Context) -> Iterator[Change]:
    other = Min if isinstance(place.node, Max) else Max
    yield "swapped operands", other(*place.node.args, evaluate=False)


def _cases(place: Place, context: Context) -> Iterator[Change]:
    turned = {Gt: Lt, Ge: Le, Lt: Gt, Le: Ge}
    rows = list(place.node.args)
    for k, (value, condition) in enumerate(rows):
        if type(condition) in turned:
            other = turned[type(condition)](*condition.args, evaluate=False)
            yield "swapped operands", t.cases(*((value, other) if m == k else tuple(row) for m, row in enumerate(rows)))


def _inverse(place: Place, context: Context) -> Iterator[Change]:
    a, b = place.node.position
    yield "transpose", t.Inverse(*place.node.args[:4], b, a)


def _derivative(place: Place, context: Context) -> Iterator[Change]:
    """A derivative by, or of, another entry."""
    for k, part in enumerate(place.node.args):
        if isinstance(part, Indexed):
            for kind, other in _element(Place((), part, place.scope), context):
                if kind in ("transpose", "renamed index", "wrong layer label"):
                    yield kind, t.Partial(*place.node.args[:k], other, *place.node.args[k + 1 :])


_RULES: tuple[tuple[type | tuple[type, ...], Callable[[Place, Context], Iterator[Change]]], ...] = (
    (Indexed, _element),
    (KroneckerDelta, _delta),
    (Sum, _sum_node),
    (Mul, _product_of_factors),
    (Add, _total),
    (Pow, _power),
    (exp, _exponential),
    ((sin, cos), _wave),
    (AppliedUndef, _applied),
    (t.FunctionDerivative, _derived),
    (Rational, _number),
    ((Max, Min), _extreme),
    (Piecewise, _cases),
    (t.Inverse, _inverse),
    (t.Partial, _derivative),
)

__all__ = ["Range", "Slip", "slips_of", "without_hypothesis"]
