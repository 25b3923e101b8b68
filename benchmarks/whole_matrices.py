"""The same claims put to SymPy's ``MatrixExpr.diff``, where they are written with whole matrices.

The formula is read anew from its surface tree: names with their declared shapes, products, sums, transposes, inverses,
traces, determinants, squared norms and logarithms of numbers.  Anything else, an index among it, cannot be put.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sympy import Abs, Expr, Integer, MatrixExpr, MatrixSymbol, Rational, Symbol, ZeroMatrix, log, simplify
from sympy.matrices.expressions import Determinant, Trace

from benchmarks.simplify import CannotBePut, Outcome, TooLong, limited
from checker.language import names
from checker.language.again import again
from checker.language.reading import ReadStatement
from checker.language.surface import (
    Call,
    Derivative,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    Scripted,
    Terms,
    Tree,
)
from checker.language.symbols import Table

PRODUCTS = {"", "\\cdot", "\\,"}


def put(statement: ReadStatement, k: int, seconds: float) -> Outcome:
    """Whether the difference of the head and the side ``k`` becomes zero."""

    def difference() -> Any:
        reader = again(statement)
        if reader is None or reader.origin.chain.conditions:
            raise CannotBePut("a claim under conditions")
        head, side = (reader.parts[n].tree for n in (0, k))
        if not isinstance(head, Derivative):
            raise CannotBePut("no derivative")
        left, right = (expression(tree, reader.origin.desk.table) for tree in (head, side))
        if getattr(left, "shape", ()) != getattr(right, "shape", ()):
            raise CannotBePut("the other layout")
        return simplify((left - right).doit())

    start = time.perf_counter()
    try:
        found = limited(difference, seconds)
        verdict = "proved" if found == 0 or isinstance(found, ZeroMatrix) else "not proved"
    except CannotBePut:
        verdict = "cannot be put"
    except TooLong:
        verdict = "too long"
    except Exception:  # noqa: BLE001  # SymPy fails on some of these in ways of its own
        verdict = "failed"
    return Outcome(verdict, time.perf_counter() - start)


def expression(tree: Tree, table: Table) -> Any:
    row = _ROWS.get(type(tree))
    if row is None:
        raise CannotBePut(type(tree).__name__)
    return row(tree, table)


def is_matrix(value: Any) -> bool:
    return isinstance(value, MatrixExpr)


def _number(tree: Number, table: Table) -> Expr:
    return Rational(tree.value.numerator, tree.value.denominator)


def _name(tree: Name, table: Table) -> Any:
    entry = table.entries.get(tree.name)
    if entry is None or entry.kind != "tensor" or entry.family or entry.slots is None or tree.name in table.definitions:
        raise CannotBePut(f"the name {tree.name}")
    sizes = [extent.upper for extent in entry.slots]
    match len(sizes):
        case 0:
            return Symbol(tree.name, real=True)
        case 1:
            return MatrixSymbol(tree.name, sizes[0], 1)
        case 2:
            return MatrixSymbol(tree.name, *sizes)
        case _:
            raise CannotBePut("an array of three slots")


def _scripted(tree: Scripted, table: Table) -> Any:
    if tree.subscripts or tree.primes or names.is_label(tree) or len(tree.superscripts) != 1:
        raise CannotBePut("an index")
    (exponent,) = tree.superscripts
    if isinstance(tree.base, Group) and tree.base.kind == "||" and isinstance(exponent, Number) and exponent.value == 2:
        inside = expression(tree.base.items[0], table)
        return Trace(inside.T * inside) if is_matrix(inside) else inside**2
    base = expression(tree.base, table)
    if names.is_transpose(tree.superscripts):
        return base.T if is_matrix(base) else base
    if names.is_inverse(tree.superscripts):
        return base.inverse() if is_matrix(base) else 1 / base
    if names.is_inverse_transpose(tree.superscripts):
        return base.inverse().T
    if not isinstance(exponent, Number):
        raise CannotBePut("a power that is no number")
    return base ** _number(exponent, table)


def _group(tree: Group, table: Table) -> Any:
    if len(tree.items) != 1 or tree.kind not in ("(", "[", "|"):
        raise CannotBePut(f"brackets {tree.kind}")
    inside = expression(tree.items[0], table)
    if tree.kind == "|":
        return Determinant(inside) if is_matrix(inside) else Abs(inside)
    return inside


def _factors(tree: Factors, table: Table) -> Any:
    if not set(tree.operators) <= PRODUCTS:
        raise CannotBePut("a product that is not of matrices")
    product: Any = Integer(1)
    for factor in tree.factors:
        value = expression(factor, table)
        if is_matrix(product) and product.shape == (1, 1) and is_matrix(value):
            product = Trace(product)
        product = product * value
    return Trace(product) if is_matrix(product) and product.shape == (1, 1) else product


def _terms(tree: Terms, table: Table) -> Any:
    values = [sign * expression(term, table) for term, sign in zip(tree.terms, tree.signs, strict=True)]
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def _fraction(tree: Fraction_, table: Table) -> Any:
    above, below = expression(tree.numerator, table), expression(tree.denominator, table)
    if is_matrix(below):
        raise CannotBePut("a division by a matrix")
    return above / below


def _call(tree: Call, table: Table) -> Any:
    word = _WORDS.get(tree.function.name)
    if word is None or len(tree.arguments) != 1 or tree.scripts is not None:
        raise CannotBePut(f"the word {tree.function.name}")
    return word(expression(tree.arguments[0], table))


def _derivative(tree: Derivative, table: Table) -> Any:
    if tree.operand is None or len(tree.variables) != 1 or not isinstance(tree.variables[0], Name):
        raise CannotBePut("a derivative by an entry, or by several things")
    return expression(tree.operand, table).diff(_name(tree.variables[0], table))


_WORDS: dict[str, Callable[[Any], Any]] = {
    "tr": Trace,
    "Tr": Trace,
    "trace": Trace,
    "det": Determinant,
    "log": log,
    "ln": log,
}
_ROWS: dict[type, Callable[[Any, Table], Any]] = {
    Number: _number,
    Name: _name,
    Scripted: _scripted,
    Group: _group,
    Factors: _factors,
    Terms: _terms,
    Fraction_: _fraction,
    Call: _call,
    Derivative: _derivative,
}
