"""Inverses, determinants and powers, the matrix by name where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Add, Indexed, KroneckerDelta, Mul, Sum, Symbol

from checker.calculus.terms import Determinant, Inverse, MatrixNode, MatrixPower, indices_of, name_of
from checker.language.printer.names import braced, element_text, joined
from checker.language.printer.writing import ATOM, PRODUCT, SCRIPTED, SUM, Printer, Written, bracketed


def _matrix(p: Printer, row: Symbol, column: Symbol, body: Any) -> Written | None:
    """The matrix with the entries ``body`` by name: ``X``, ``X^\\top``, ``A B``, sums and multiples of these."""
    match body:
        case Indexed():
            return _named_matrix(p, row, column, body)
        case KroneckerDelta() if {*body.args[:2]} == {row, column} and not p.knows("I"):
            return "I", ATOM
        case Add():
            parts = [_matrix(p, row, column, part) for part in body.args]
            known = [part[0] for part in parts if part is not None]
            text = " + ".join(known).replace("+ -", "- ")
            return (text, SUM) if len(known) == len(parts) else None
        case Mul():
            return _matrix_multiple(p, row, column, body)
        case Sum():
            return _matrix_product(p, row, column, body)
        case _:
            return None


def _named_matrix(p: Printer, row: Symbol, column: Symbol, body: Indexed) -> Written | None:
    *rest, first, second = (None, None, *indices_of(body))
    if any(i is not None and {row, column} & i.free_symbols for i in rest):
        return None
    text, level = element_text(p, name_of(body), [i for i in rest if i is not None])
    if (first, second) == (row, column):
        return text, level
    return (f"{text if level == ATOM else f'({text})'}^\\top", SCRIPTED) if (first, second) == (column, row) else None


def _matrix_multiple(p: Printer, row: Symbol, column: Symbol, body: Mul) -> Written | None:
    """A scalar times a matrix."""
    dependent = [f for f in body.args if {row, column} & f.free_symbols]
    if len(dependent) != 1:
        return None
    inner = _matrix(p, row, column, dependent[0])
    if inner is None:
        return None
    scalars = Mul(*(f for f in body.args if f is not dependent[0]), evaluate=False)
    text = inner[0] if inner[1] >= PRODUCT else bracketed(inner[0])
    if scalars == -1:
        return f"-{text}", SUM
    return f"{p.at(scalars, PRODUCT)} {text}", PRODUCT


def _matrix_product(p: Printer, row: Symbol, column: Symbol, body: Sum) -> Written | None:
    """``\\sum_q A_{iq} B_{qj}`` is ``A B``."""
    if len(body.limits) != 1 or not isinstance(body.function, Mul):
        return None
    bound = body.limits[0][0]
    left = [f for f in body.function.args if row in f.free_symbols]
    right = [f for f in body.function.args if column in f.free_symbols]
    if len(left) != 1 or len(right) != 1 or left == right or len(body.function.args) != 2:
        return None
    first, second = _matrix(p, row, bound, left[0]), _matrix(p, bound, column, right[0])
    if first is None or second is None:
        return None
    texts = [text if level >= PRODUCT else bracketed(text) for text, level in (first, second)]
    return " ".join(texts), PRODUCT


def _whole(p: Printer, node: MatrixNode) -> Written:
    named = _matrix(p, node.row, node.column, node.body)
    if named is not None:
        return named
    entry = bracketed(p.text(node.body), "[]")
    return f"{entry}_{{{p.text(node.row)},{p.text(node.column)}=1}}^{{{p.text(node.order)}}}", SCRIPTED


def _raised(p: Printer, node: MatrixNode, exponent: str, position: Sequence[Any]) -> Written:
    text, level = _whole(p, node)
    if exponent == "-1" and level == SCRIPTED and text.endswith("^\\top"):
        text, exponent, level = text.removesuffix("^\\top"), "-\\top", ATOM
    base = text if level == ATOM else bracketed(text)
    return f"({base}^{braced(exponent)})_{braced(joined([p.index(i) for i in position]))}", ATOM


def inverse(p: Printer, term: Inverse) -> Written:
    return _raised(p, term, "-1", term.position)


def matrix_power(p: Printer, term: MatrixPower) -> Written:
    return _raised(p, term, p.text(term.exponent), term.position)


def determinant(p: Printer, term: Determinant) -> Written:
    return f"\\det{bracketed(_whole(p, term)[0])}", ATOM
