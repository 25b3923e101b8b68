"""Index terms as NumPy expressions: every term is an array with one axis for each of its free indices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sympy
from sympy import (
    Abs,
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
)
from sympy.core.function import AppliedUndef, Function
from sympy.core.relational import Relational

from checker.calculus.context import Range
from checker.calculus.terms import Determinant, FunctionDerivative, Inverse, Maximum, Partial, indices_of, name_of

Axes = tuple[Symbol, ...]
Array = tuple[str, Axes]
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"

NUMPY_FUNCTIONS: Mapping[str, str] = {
    **{name: f"np.{name}" for name in "exp log sin cos tan sinh cosh tanh sign floor sqrt".split()},
    "asin": "np.arcsin",
    "acos": "np.arccos",
    "atan": "np.arctan",
    "asinh": "np.arcsinh",
    "acosh": "np.arccosh",
    "atanh": "np.arctanh",
}
_COMPARED = {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Unwritable(Exception):
    """Something that has no NumPy form here; the message says what."""


def size_code(size: Expr, known: Callable[[str], str]) -> str:
    """A size as Python: sums and multiples of size names."""
    match size:
        case Integer():
            return str(int(size))
        case Symbol():
            return known(str(size))
        case Add():
            return "(" + " + ".join(size_code(a, known) for a in size.args) + ")"
        case Mul():
            return "(" + " * ".join(size_code(a, known) for a in size.args) + ")"
        case _:
            raise Unwritable(f"the size {size}")


class Indexing:
    """``ranges`` gives the extent of every free index; sums add theirs."""

    def __init__(
        self,
        name: Callable[[str], str],
        size: Callable[[str], str],
        helper: Callable[[str, int], str],
        ranges: dict[Symbol, Range],
    ) -> None:
        self.name, self.size, self.helper, self.ranges = name, size, helper, ranges

    def array(self, term: Expr, order: Sequence[Symbol]) -> str:
        """The term as an array with its axes in this order, spread over those it does not depend on."""
        return self._spread(self.of(term), tuple(order))

    def of(self, term: Expr) -> Array:
        for kind, row in _ROWS:
            if isinstance(term, kind):
                return row(self, term)
        if isinstance(term, Function):
            return self._elementary(term)
        raise Unwritable(f"{type(term).__name__} has no NumPy form")

    # ------------------------------------------------------------------------------------- axes

    def extent(self, letter: Symbol) -> str:
        range_ = self.ranges.get(letter)
        if range_ is None or range_.lower != 1:
            raise Unwritable(f"the index {letter} does not run from 1 to a size")
        return size_code(range_.upper, self.size)

    def _spread(self, array: Array, order: Axes) -> str:
        missing = tuple(a for a in order if a not in array[1])
        if array[1] == order:
            return array[0]
        if not missing:
            return self.einsum([array], order)
        return self.einsum([array, *((f"np.ones({self.extent(a)})", (a,)) for a in missing)], order)

    def einsum(self, arrays: Sequence[Array], order: Axes) -> str:
        letters: dict[Symbol, str] = {}
        for _, axes in arrays:
            for axis in axes:
                letters.setdefault(axis, _ALPHABET[len(letters)])
        inputs = ",".join("".join(letters[a] for a in axes) for _, axes in arrays)
        output = "".join(letters[a] for a in order)
        return f'np.einsum("{inputs}->{output}", {", ".join(code for code, _ in arrays)})'

    def together(self, arrays: Sequence[Array]) -> tuple[list[str], Axes]:
        """Arrays with the same axes, or numbers."""
        axes = tuple(dict.fromkeys(a for _, own in arrays for a in own))
        return [code if not own else self._spread((code, own), axes) for code, own in arrays], axes

    # ---------------------------------------------------------------------------------- products

    def product(self, factors: Sequence[Expr], summed: Axes = ()) -> Array:
        """A product of factors, summed over some indices."""
        numbers: list[str] = []
        arrays: list[Array] = []
        for factor in factors:
            code, axes = self.of(factor)
            if axes:
                arrays.append((code, axes))
            else:
                numbers.append(code)
        present = {a for _, axes in arrays for a in axes}
        numbers += [self.extent(a) for a in summed if a not in present]
        order = tuple(a for a in dict.fromkeys(x for _, axes in arrays for x in axes) if a not in summed)
        if not arrays:
            return f"({' * '.join(numbers) or '1.0'})", ()
        whole = arrays[0][0] if len(arrays) == 1 and arrays[0][1] == order else self.einsum(arrays, order)
        return (f"({' * '.join([*numbers, whole])})" if numbers else whole), order

    def condition(self, condition: Any) -> Array:
        if not isinstance(condition, Relational):
            raise Unwritable("a condition of several parts")
        (left, right), axes = self.together([self.of(condition.lhs), self.of(condition.rhs)])
        return f"({left} {_COMPARED[condition.rel_op]} {right})", axes

    def _elementary(self, term: Expr) -> Array:
        name = type(term).__name__
        if name not in NUMPY_FUNCTIONS or len(term.args) != 1:
            raise Unwritable(f"{name} has no NumPy form")
        code, axes = self.of(term.args[0])
        return f"{NUMPY_FUNCTIONS[name]}({code})", axes


def _factors(term: Expr) -> list[Expr]:
    return [f for a in term.args for f in _factors(a)] if isinstance(term, Mul) else [term]


def _rational(w: Indexing, term: Rational) -> Array:
    text = f"{int(term.p)}.0" if term.q == 1 else f"({int(term.p)} / {int(term.q)})"
    return (f"({text})" if term.p < 0 else text), ()


def _symbol(w: Indexing, term: Symbol) -> Array:
    if term.is_integer and term.is_positive:
        return w.size(str(term)), ()
    if term.is_integer:
        return f"np.arange(1, {w.extent(term)} + 1)", (term,)
    return w.name(name_of(term)), ()


def _indexed(w: Indexing, term: Indexed) -> Array:
    name = w.name(name_of(term))
    picks: list[str] = []
    axes: list[Symbol] = []
    for slot in indices_of(term):
        if isinstance(slot, Integer):
            picks.append(str(int(slot) - 1))
        elif isinstance(slot, Symbol) and not slot.is_positive:
            picks.append(":")
            axes.append(slot)
        else:
            raise Unwritable(f"an element of {name_of(term)} at a shifted index")
    code = f"{name}[{', '.join(picks)}]" if any(p != ":" for p in picks) else name
    unique = tuple(dict.fromkeys(axes))
    return (code if len(unique) == len(axes) else w.einsum([(code, tuple(axes))], unique)), unique


def _add(w: Indexing, term: Add) -> Array:
    codes, axes = w.together([w.of(a) for a in term.args])
    return f"({' + '.join(codes)})", axes


def _mul(w: Indexing, term: Mul) -> Array:
    return w.product(_factors(term))


def _pow(w: Indexing, term: Pow) -> Array:
    base, exponent = w.of(term.base), w.of(term.exp)
    if term.base == sympy.E:
        return f"np.exp({exponent[0]})", exponent[1]
    (left, right), axes = w.together([base, exponent])
    return f"({left} ** {right})", axes


def _sum(w: Indexing, term: Sum) -> Array:
    letters: list[Symbol] = []
    body: Expr = term
    factors: list[Expr] = []
    waiting = [body]
    while waiting:
        part = waiting.pop(0)
        if isinstance(part, Mul):
            waiting = _factors(part) + waiting
        elif isinstance(part, Sum) and not (set(letters) & {part.limits[0][0]}):
            letter, lower, upper = part.limits[0]
            w.ranges[letter] = Range(lower, upper)
            letters.append(letter)
            waiting.insert(0, part.function)
        else:
            factors.append(part)
    return w.product(factors, tuple(letters))


def _along(function: str) -> Callable[[Indexing, Any], Array]:
    def write(w: Indexing, term: Any) -> Array:
        letter, lower, upper = term.limits[0]
        w.ranges[letter] = Range(lower, upper)
        body = w.of(term.function)
        rest = tuple(a for a in body[1] if a != letter)
        return f"{function}({w._spread(body, (letter, *rest))}, axis=0)", rest

    return write


def _delta(w: Indexing, term: KroneckerDelta) -> Array:
    first, second = term.args[:2]
    if not (isinstance(first, Symbol) and isinstance(second, Symbol)) or w.extent(first) != w.extent(second):
        raise Unwritable("a delta of shifted indices")
    return f"np.eye({w.extent(first)})", (first, second)


def _cases(w: Indexing, term: Piecewise) -> Array:
    values = [w.of(v) for v, _ in term.args]
    conditions = [w.condition(c) if c != sympy.true else ("True", ()) for _, c in term.args]
    codes, axes = w.together([*values, *conditions])
    count = len(values)
    rest = codes[count - 1] if term.args[-1][1] == sympy.true else "np.nan"
    rows = list(zip(codes[:count], codes[count:], strict=True))
    rows = rows[:-1] if term.args[-1][1] == sympy.true else rows
    for value, condition in reversed(rows):
        rest = f"np.where({condition}, {value}, {rest})"
    return rest, axes


def _applied(w: Indexing, term: AppliedUndef) -> Array:
    codes, axes = w.together([w.of(a) for a in term.args])
    return f"{w.helper(str(term.func), 0)}({', '.join(codes)})", axes


def _function_derivative(w: Indexing, term: FunctionDerivative) -> Array:
    if len(term.arguments) != 1:
        raise Unwritable("a derivative of a function of several arguments")
    code, axes = w.of(term.arguments[0])
    return f"{w.helper(term.function, term.orders[0])}({code})", axes


def _matrix(w: Indexing, term: Any) -> str:
    full = Range(Integer(1), term.order)
    w.ranges[term.row] = w.ranges[term.column] = full
    return w.array(term.body, (term.row, term.column))


def _inverse(w: Indexing, term: Inverse) -> Array:
    code = f"np.linalg.inv({_matrix(w, term)})"
    position = term.position
    if not all(isinstance(p, Symbol) and not p.is_positive for p in position):
        raise Unwritable("an element of an inverse at a fixed index")
    if position[0] == position[1]:
        return f"np.diag({code})", (position[0],)
    return code, position


def _extreme(function: str) -> Callable[[Indexing, Any], Array]:
    def write(w: Indexing, term: Any) -> Array:
        codes, axes = w.together([w.of(a) for a in term.args])
        text = codes[0]
        for code in codes[1:]:
            text = f"{function}({text}, {code})"
        return text, axes

    return write


def _absolute(w: Indexing, term: Abs) -> Array:
    code, axes = w.of(term.args[0])
    return f"np.abs({code})", axes


def _refuse(w: Indexing, term: Partial) -> Array:
    raise Unwritable("a derivative of an unknown function")


_ROWS: tuple[tuple[type, Callable[[Indexing, Any], Array]], ...] = (
    (Rational, _rational),
    (Indexed, _indexed),
    (Symbol, _symbol),
    (Add, _add),
    (Mul, _mul),
    (Pow, _pow),
    (Sum, _sum),
    (Product, _along("np.prod")),
    (Maximum, _along("np.max")),
    (KroneckerDelta, _delta),
    (Piecewise, _cases),
    (FunctionDerivative, _function_derivative),
    (Partial, _refuse),
    (Inverse, _inverse),
    (Determinant, lambda w, t: (f"np.linalg.det({_matrix(w, t)})", ())),
    (Max, _extreme("np.maximum")),
    (Min, _extreme("np.minimum")),
    (Abs, _absolute),
    (AppliedUndef, _applied),
    (type(sympy.pi), lambda w, t: ("np.pi", ())),
    (type(sympy.E), lambda w, t: ("np.e", ())),
)
