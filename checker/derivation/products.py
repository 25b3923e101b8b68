"""Trees of matrix notation as NumPy expressions; columns and rows are one-dimensional arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from checker.calculus.forms import Range
from checker.calculus.notation.trees import (
    Absolute,
    Apply,
    Chain,
    Determinant,
    Diagonal,
    Hadamard,
    Identity,
    Inverse,
    Named,
    Ones,
    Opaque,
    Positive,
    Power,
    Scaled,
    Softmax,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    Tree,
    Vanishing,
    is_number,
    shape,
)
from checker.calculus.writing import range_of
from checker.derivation.einsum import NUMPY_FUNCTIONS, Unwritable, size_code

SUM, PRODUCT, ATOM = range(3)
Code = tuple[str, int]


class Products:
    def __init__(
        self, name: Callable[[str], str], size: Callable[[str], str], helper: Callable[[str, int], str]
    ) -> None:
        self.name, self.size, self.helper = name, size, helper

    def text(self, tree: Tree) -> str:
        return self.code(tree)[0]

    def at(self, tree: Tree, level: int = ATOM) -> str:
        text, own = self.code(tree)
        return text if own >= level else f"({text})"

    def code(self, tree: Tree) -> Code:
        row = _ROWS.get(type(tree))
        if row is None:
            raise Unwritable(f"{type(tree).__name__} has no NumPy form")
        return row(self, tree)

    def extent(self, axis: Range) -> str:
        lower, upper = range_of(axis)
        if lower != 1:
            raise Unwritable("an index range that does not start at 1")
        return size_code(upper, self.size)


def _named(w: Products, tree: Named) -> Code:
    if tree.labels:
        raise Unwritable(f"{tree.name} has labels; NumPy code needs a name for each")
    return w.name(tree.name), ATOM


def _ones(w: Products, tree: Ones) -> Code:
    if not tree.axes:
        return "1.0", ATOM
    extents = [w.extent(a) for a in tree.axes]
    return f"np.ones(({', '.join(extents)}))" if len(extents) > 1 else f"np.ones({extents[0]})", ATOM


def _transpose(w: Products, tree: Transpose) -> Code:
    row, column = shape(tree)
    if row is None or column is None:
        return w.code(tree.inner)
    return f"{w.at(tree.inner)}.T", ATOM


def _chain(w: Products, tree: Chain) -> Code:
    """Cut behind every column: what follows begins with a row, and the two make an outer product."""
    pieces: list[list[Tree]] = [[]]
    for factor in tree.factors:
        pieces[-1].append(factor)
        if shape(factor)[1] is None:
            pieces.append([])
    parts = [(" @ ".join(w.at(f) for f in piece), piece) for piece in pieces if piece]
    result, result_is_number = _piece(*parts[0])
    level = PRODUCT if len(parts[0][1]) > 1 else ATOM
    for text, piece in parts[1:]:
        code, number = _piece(text, piece)
        if number or result_is_number:
            result = f"{_bracketed(result, level)} * {code if len(piece) == 1 else f'({code})'}"
            level, result_is_number = PRODUCT, number and result_is_number
        else:
            result, level = f"np.outer({result}, {code})", ATOM
    return result, level


def _piece(text: str, piece: list[Tree]) -> tuple[str, bool]:
    return text, shape(piece[0])[0] is None and shape(piece[-1])[1] is None


def _bracketed(text: str, level: int) -> str:
    return text if level == ATOM else f"({text})"


def _hadamard(w: Products, tree: Hadamard) -> Code:
    return _divided(w, tree.factors)


def _divided(w: Products, factors: tuple[Tree, ...]) -> Code:
    above = [f for f in factors if not (isinstance(f, Power) and f.exponent < 0)]
    below = [f for f in factors if isinstance(f, Power) and f.exponent < 0]
    text = " * ".join(w.at(f) for f in above) or "1.0"
    for factor in below:
        inner = factor.inner if factor.exponent == -1 else Power(factor.inner, -factor.exponent)
        text += f" / {w.at(inner)}"
    return text, PRODUCT if len(factors) > 1 or below else ATOM


def _scaled(w: Products, tree: Scaled) -> Code:
    text, _ = _divided(w, tree.numbers)
    return f"{text} * {w.at(tree.inner)}", PRODUCT


def _sum(w: Products, tree: Sum) -> Code:
    text = ""
    for coefficient, term in tree.terms:
        literal = isinstance(term, Ones) and len(tree.terms) > 1
        size = abs(coefficient)
        part = number_code(size) if literal else w.at(term, PRODUCT)
        if not literal and size != 1:
            part = f"{number_code(size)} * {w.at(term, ATOM)}"
        if text:
            text += f" {'-' if coefficient < 0 else '+'} {part}"
        else:
            text = f"-{part}" if coefficient < 0 else part
    return text, SUM


def number_code(value: Fraction) -> str:
    if value.denominator == 1:
        return f"{value.numerator}.0"
    return f"({value.numerator} / {value.denominator})"


def _apply(w: Products, tree: Apply) -> Code:
    inner = w.text(tree.inner)
    known = NUMPY_FUNCTIONS.get(tree.function)
    if known is not None and not tree.order:
        return f"{known}({inner})", ATOM
    return f"{w.helper(tree.function, tree.order)}({inner})", ATOM


def _power(w: Products, tree: Power) -> Code:
    if tree.exponent == Fraction(1, 2):
        return f"np.sqrt({w.text(tree.inner)})", ATOM
    if tree.exponent < 0:
        return _divided(w, (tree,))
    exponent = number_code(tree.exponent).removesuffix(".0")
    return f"{w.at(tree.inner)}**{exponent}", PRODUCT


def _opaque(w: Products, tree: Opaque) -> Code:
    if tree.atom[0] == "num":
        return f"{tree.atom[1]}.0", ATOM
    if tree.atom[0] == "ix" and tree.atom[1][0] == "n":
        return w.size(str(tree.atom[1][1])), ATOM
    if tree.atom[0] == "pi":
        return "np.pi", ATOM
    raise Unwritable("a number in index notation")


def _word(before: str, after: str = ")") -> Callable[[Products, Any], Code]:
    return lambda w, tree: (f"{before}{w.text(tree.inner)}{after}", ATOM)


def _squared_norm(w: Products, tree: SquaredNorm) -> Code:
    return f"np.sum({w.at(tree.inner)}**2)", ATOM


def _positive(w: Products, tree: Positive) -> Code:
    return f"np.where({w.at(tree.inner)} > 0, 1.0, 0.0)", ATOM


_ROWS: Mapping[type[Tree], Callable[[Products, Any], Code]] = {
    Named: _named,
    Ones: _ones,
    Identity: lambda w, tree: (f"np.eye({w.extent(tree.axis)})", ATOM),
    Opaque: _opaque,
    Transpose: _transpose,
    Chain: _chain,
    Hadamard: _hadamard,
    Scaled: _scaled,
    Sum: _sum,
    Apply: _apply,
    Power: _power,
    Absolute: _word("np.abs("),
    Positive: _positive,
    Vanishing: lambda w, tree: (f"np.where({w.at(tree.inner)} == 0, 1.0, 0.0)", ATOM),
    Diagonal: _word("np.diag("),
    Softmax: lambda w, tree: (f"np.exp({w.text(tree.inner)}) / np.sum(np.exp({w.text(tree.inner)}))", PRODUCT),
    Trace: _word("np.trace("),
    Inverse: _word("np.linalg.inv("),
    Determinant: _word("np.linalg.det("),
    SquaredNorm: _squared_norm,
}
__all__ = ["Products", "is_number", "number_code"]
