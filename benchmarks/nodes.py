"""Terms taken apart and put together again, with nothing simplified on the way."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Indexed, KroneckerDelta, Max, Min, Mul, Piecewise, Pow, Product, Sum
from sympy.core.function import AppliedUndef, Function
from sympy.core.relational import Relational

from checker.calculus import terms

UNEVALUATED = (Add, Mul, Pow, Function, Max, Min, Relational)


def remade(term: Expr, arguments: Sequence[Expr]) -> Expr:
    """The same node over other arguments."""
    if isinstance(term, Sum | Product):
        make = terms.sum_over if isinstance(term, Sum) else terms.product_over
        return make(arguments[0], *arguments[1])
    if isinstance(term, Piecewise):
        return terms.cases(*(tuple(row) for row in arguments))
    if isinstance(term, Indexed):
        return terms.element(terms.name_of(term), *arguments[1:])
    if isinstance(term, AppliedUndef | KroneckerDelta) or not isinstance(term, UNEVALUATED):
        return term.func(*arguments)
    return term.func(*arguments, evaluate=False)
