"""Bound letters chosen anew: apart from each other, from the free ones, and from what letters mean elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from sympy import Basic, Expr, Piecewise, Product, Sum, Symbol, Tuple

from checker.calculus import terms
from checker.calculus.derivative import rebuilt, replace_symbol
from checker.calculus.terms import FunctionDerivative, MatrixNode, Maximum
from checker.calculus.writing import LETTERS


def renamed(term: Expr, taken: frozenset[str] | set[str]) -> Expr:
    """The same term; the outermost sum has the first free letter, and so on inwards."""
    free = {s.name for s in term.free_symbols}
    return _lettered(_apart(term, count()), frozenset(taken) | free)


def _apart(term: Any, numbers: Iterator[int]) -> Any:
    """Every binder with a letter that nothing else has, the inner ones first."""
    if _is_leaf(term):
        return term
    term = _inside(term, lambda part: _apart(part, numbers))
    for old in _bound(term):
        term = _rebound(term, old, terms.index(f"#{next(numbers)}"))
    return term


def _lettered(term: Any, used: frozenset[str]) -> Any:
    if _is_leaf(term):
        return term
    supply = _supply(used)
    for old in _bound(term):
        new = next(supply)
        used |= {new.name}
        term = _rebound(term, old, new)
    return _inside(term, lambda part: _lettered(part, used))


def _is_leaf(term: Any) -> bool:
    return not getattr(term, "args", ()) or isinstance(term, Symbol) or bool(term.is_Indexed)


def _inside(term: Any, change: Callable[[Any], Any]) -> Any:
    """The term with its parts changed, but for the letters and ranges that it binds."""
    if isinstance(term, (Sum, Product, Maximum)):
        return rebuilt(term, [change(term.args[0]), *term.args[1:]])
    if isinstance(term, MatrixNode):
        return rebuilt(term, [change(a) if k == 3 else a for k, a in enumerate(term.args)])
    if isinstance(term, FunctionDerivative):
        return rebuilt(term, [*term.args[:2], *(change(a) for a in term.arguments)])
    if isinstance(term, Piecewise):
        return rebuilt(term, [rebuilt_row(row, change) for row in term.args])
    return rebuilt(term, [change(a) if isinstance(a, (Expr, Basic)) else a for a in term.args])


def rebuilt_row(row: Any, change: Callable[[Any], Any]) -> Any:
    return Tuple.__new__(type(row), change(row.args[0]), change(row.args[1]))


def _bound(term: Any) -> list[Symbol]:
    if isinstance(term, (Sum, Product, Maximum)):
        return [term.limits[0][0]]
    return [term.row, term.column] if isinstance(term, MatrixNode) else []


def _rebound(term: Any, old: Symbol, new: Symbol) -> Any:
    """A binder with another letter for its own."""
    if isinstance(term, MatrixNode):
        parts = [new if a == old else replace_symbol(a, old, new) if k == 3 else a for k, a in enumerate(term.args)]
        return rebuilt(term, parts)
    limits = term.limits[0]
    return rebuilt(term, [replace_symbol(term.args[0], old, new), Tuple(new, *limits[1:])])


def _supply(used: frozenset[str]) -> Iterator[Symbol]:
    yield from (terms.index(c) for c in LETTERS if c not in used)
    yield from (terms.index(f"i_{k}") for k in range(1, 1000))
