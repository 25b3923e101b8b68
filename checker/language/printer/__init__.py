"""Terms back to LaTeX, in the style of an author: ``latex(term)`` and ``latex(term, context)``.

One function per node type, in the table at the end; a node without a row is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy
from sympy import (
    Abs,
    Add,
    Indexed,
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
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from checker.calculus.context import Context
from checker.calculus.functions import ELEMENTARY
from checker.calculus.terms import Determinant, FunctionDerivative, Inverse, MatrixPower, Maximum, Partial
from checker.language.printer import algebra, matrices, names, nodes
from checker.language.printer.writing import SUM, Printer, Written


def latex(term: Any, context: Context | None = None) -> str:
    """LaTeX of a term or of a condition.  With a context, layer labels stand in superscripts.

    Raises ``TypeError`` for what is no node of the term language.
    """
    return Printer(context or Context(), _names_in(term), _ROWS).text(term)


def _names_in(term: Any) -> frozenset[str]:
    return frozenset(str(s) for s in term.free_symbols) if hasattr(term, "free_symbols") else frozenset()


_ROWS: dict[type, Callable[[Printer, Any], Written]] = {
    Rational: algebra.rational,
    Symbol: names.symbol,
    Indexed: names.indexed,
    Add: algebra.sum_,
    Mul: algebra.product,
    Pow: algebra.power,
    Sum: nodes.binder("\\sum"),
    Product: nodes.binder("\\prod"),
    Maximum: nodes.binder("\\max"),
    KroneckerDelta: nodes.delta,
    Piecewise: nodes.cases,
    AppliedUndef: nodes.applied,
    sympy.Function: nodes.any_function,
    FunctionDerivative: nodes.function_derivative,
    Partial: nodes.partial,
    Inverse: matrices.inverse,
    Determinant: matrices.determinant,
    MatrixPower: matrices.matrix_power,
    Abs: nodes.absolute,
    Max: nodes.extreme("max"),
    Min: nodes.extreme("min"),
    **{kind: nodes.elementary(name) for name, kind in ELEMENTARY.items()},
    sympy.exp: nodes.exp,
    sympy.floor: nodes.floor,
    sympy.polygamma: nodes.polygamma,
    type(sympy.oo): algebra.constant("\\infty"),
    type(-sympy.oo): algebra.constant("-\\infty", SUM),
    type(sympy.pi): algebra.constant("\\pi"),
    type(sympy.E): algebra.constant("e"),
    Relational: nodes.relation,
    And: nodes.joined_by("and"),
    Or: nodes.joined_by("or"),
    Not: nodes.not_,
    BooleanTrue: algebra.constant("\\text{true}"),
    BooleanFalse: algebra.constant("\\text{false}"),
}

__all__ = ["latex"]
