"""The chain rule with derivatives of matrices by matrices: ∂L/∂Z ∂Z/∂W.

Such derivatives have no matrix product.  Side by side they mean the sum over all elements of what stands in between,
in the order L, Z, W or the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from sympy import Expr

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.language.environment import Environment
from checker.language.series import same
from checker.language.surface import Derivative, Factors, Tree

_JOINING = frozenset({"", "\\cdot", "\\times", ".", "*"})


def chained(tree: Factors, at: int) -> tuple[Derivative, ...]:
    """The longest run of derivatives from ``at`` that follow one another, outermost first; at least two, or none."""
    forwards, backwards = _run(tree, at, _leads_to), _run(tree, at, lambda a, b: _leads_to(b, a))
    found = forwards if len(forwards) >= len(backwards) else backwards[::-1]
    return tuple(found) if len(found) > 1 else ()


def _run(tree: Factors, at: int, follows: Callable[[Derivative, Derivative], bool]) -> list[Derivative]:
    found: list[Derivative] = []
    for place in range(at, len(tree.factors)):
        factor = tree.factors[place]
        if not isinstance(factor, Derivative) or not _is_simple(factor):
            break
        if found and (tree.operators[place - 1] not in _JOINING or not follows(found[-1], factor)):
            break
        found.append(factor)
    return found


def _is_simple(tree: Derivative) -> bool:
    return tree.operand is not None and len(tree.variables) == 1 and tree.symbol in ("partial", "d")


def _leads_to(outer: Derivative, inner: Derivative) -> bool:
    """Whether what ``outer`` differentiates by is what ``inner`` differentiates."""
    return inner.operand is not None and same(outer.variables[0], inner.operand)


def contracted(env: Environment, run: Sequence[Derivative]) -> Array | None:
    """The product of derivatives that follow one another; None where it is one of matrices."""
    if not any(env.lower(env, factor).solid for factor in run):
        return None
    tops = [_lowered(env, factor.operand) for factor in run]
    bottoms = [_lowered(env, factor.variables[0]) for factor in run]
    if any(a.any_shape for a in (*tops, *bottoms)):
        return None
    first, last = tops[0], bottoms[-1]
    between = [env.work.letters.several(len(a.slots)) for a in bottoms[:-1]]
    cut = len(first.slots)

    def entry(at: arrays.Indices) -> Expr:
        places = [at[:cut], *between, at[cut:]]
        partials = [
            terms.Partial(top.entry(places[n]), bottom.entry(places[n + 1]))
            for n, (top, bottom) in enumerate(zip(tops, bottoms, strict=True))
        ]
        body = reduce(terms.multiply, partials)
        for letters, array in zip(reversed(between), reversed(bottoms[:-1]), strict=True):
            for letter, extent in zip(reversed(letters), reversed(array.slots), strict=True):
                body = matrices.sum_range(env.work, body, letter, extent)
        return body

    return _shaped(env, first, last, entry)


def _lowered(env: Environment, tree: Tree | None) -> Array:
    assert tree is not None
    value = env.lower(env, tree)
    return arrays.as_number(env.work, value) if arrays.is_number(env.work, value) else value


def _shaped(env: Environment, first: Array, last: Array, entry: arrays.Entry) -> Array | None:
    """The derivative of ``first`` by ``last`` in the shape that it has by itself; None where a layout must say it."""
    if first.is_scalar:
        gradient = Array(last.rows, last.columns, entry, solid=last.solid)
        if len(last.slots) == 1 and last.rows:
            env.layout_matters = True
            if env.layout == "numerator":
                return matrices.transposed(env.work, gradient)
        return gradient
    if last.is_scalar:
        return Array(first.rows, first.columns, entry, solid=first.solid)
    if len(first.slots) == len(last.slots) == 1:
        return None
    return Array(first.slots + last.slots, (), entry, solid=True)
