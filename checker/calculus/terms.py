"""The term language: SymPy expressions in index notation, and the few nodes SymPy lacks.

A term is one of the nodes listed in ``NODES``.  Every interpreter of terms (normal form,
derivative, evaluator, printer) has one row per node, and a test walks the list, so a node
that is added here and forgotten there fails loudly.

Constructors in this module never simplify and never evaluate: ``power(10, power(10, 10))`` is a
tree, not a number.  All rewriting lives in :mod:`checker.calculus.normal`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sympy import (
    Abs,
    Add,
    Basic,
    Expr,
    Function,
    Indexed,
    IndexedBase,
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
    Tuple,
    sstr,
    sympify,
)
from sympy.core.function import AppliedUndef
from sympy.functions.elementary.piecewise import ExprCondPair
from sympy.logic.boolalg import Boolean, true
from sympy.printing.printer import Printer

# ---------------------------------------------------------------------------------------- names


KEPT = 4096  # names and elements that are not made anew


@lru_cache(maxsize=KEPT)
def index(name: str) -> Symbol:
    """An index letter; the one place where index symbols are made."""
    return Symbol(name, integer=True)


@lru_cache(maxsize=KEPT)
def size(name: str) -> Symbol:
    """A size (the upper end of an index range): a positive integer."""
    return Symbol(name, integer=True, positive=True)


@lru_cache(maxsize=KEPT)
def scalar(name: str) -> Symbol:
    """A real number with a name and no index."""
    return Symbol(name, real=True)


@lru_cache(maxsize=KEPT)
def _tensor(name: str) -> IndexedBase:
    return IndexedBase(name)


@lru_cache(maxsize=KEPT)
def element(name: str, *indices: Expr) -> Expr:
    """The element ``name[indices]``; with no index, the scalar of that name."""
    return Indexed(_tensor(name), *indices) if indices else scalar(name)


def name_of(term: Expr) -> str:
    """The name of a scalar or of an element's tensor."""
    return str(term.base.label.name if isinstance(term, Indexed) else term.name)


def indices_of(term: Expr) -> tuple[Expr, ...]:
    return tuple(term.indices) if isinstance(term, Indexed) else ()


# ------------------------------------------------------------------------------- own node types


class Node(Expr):  # type: ignore[misc]  # SymPy is untyped
    """Base of the nodes SymPy has no equivalent of.  Immutable; arguments are SymPy objects."""

    is_commutative = True

    def __new__(cls, *args: object) -> Node:
        return Expr.__new__(cls, *(sympify(a) for a in args))  # type: ignore[no-any-return]

    def _written(self, printer: Printer) -> str:
        """``Partial(E, W[k, l])``: SymPy has printers of its own for classes called Inverse or Determinant."""
        return f"{type(self).__name__}({', '.join(printer._print(a) for a in self.args)})"

    _sympystr = _sympyrepr = _latex = _written


class Partial(Node):
    """``Partial(Y, X1, X2, …)``: the derivative ∂ⁿY / ∂X1 ∂X2 … of a term by elements or scalars.

    Y's definitions are unfolded down to X, everything else is held fixed.  The entries of a
    tensor are independent variables here, whatever hypotheses say of it afterwards.
    """

    @property
    def expression(self) -> Expr:
        return self.args[0]

    @property
    def variables(self) -> tuple[Expr, ...]:
        return tuple(self.args[1:])


class FunctionDerivative(Node):
    """``FunctionDerivative(Symbol(f), (n1, …), u1, …)``: f differentiated nᵢ times in slot i, at u.

    ``φ''(u)`` is ``FunctionDerivative(Symbol('varphi'), (2,), u)``.
    """

    @property
    def function(self) -> str:
        return str(self.args[0])

    @property
    def orders(self) -> tuple[int, ...]:
        return tuple(int(n) for n in self.args[1])

    @property
    def arguments(self) -> tuple[Expr, ...]:
        return tuple(self.args[2:])


class MatrixNode(Node):
    """A node that holds a square matrix as ``(i, j, n, body)``: entry (i, j), both in 1..n, is body.

    ``i`` and ``j`` are bound in ``body`` and nowhere else.
    """

    @property
    def row(self) -> Symbol:
        return self.args[0]

    @property
    def column(self) -> Symbol:
        return self.args[1]

    @property
    def order(self) -> Expr:
        return self.args[2]

    @property
    def body(self) -> Expr:
        return self.args[3]


class Inverse(MatrixNode):
    """``Inverse(i, j, n, body, a, b)``: element (a, b) of the inverse of the n × n matrix."""

    @property
    def position(self) -> tuple[Expr, Expr]:
        return self.args[4], self.args[5]


class Determinant(MatrixNode):
    """``Determinant(i, j, n, body)``."""


class MatrixPower(MatrixNode):
    """``MatrixPower(i, j, n, body, k, a, b)``: element (a, b) of the k-th power, k symbolic, ≥ 0."""

    @property
    def exponent(self) -> Expr:
        return self.args[4]

    @property
    def position(self) -> tuple[Expr, Expr]:
        return self.args[5], self.args[6]


class Maximum(Node):
    """``Maximum(body, (i, lower, upper))``: the largest value of body over i, as ``Sum`` binds it."""

    @property
    def function(self) -> Expr:
        return self.args[0]

    @property
    def limits(self) -> tuple[Tuple, ...]:
        return (self.args[1],)


@lru_cache(maxsize=50_000)
def free_symbols(term: Basic) -> frozenset[Symbol]:
    """The symbols of a term that no binder inside it binds.  (SymPy's own evaluates the body of a sum to find out.)"""
    if isinstance(term, Symbol):
        return frozenset((term,))
    if isinstance(term, Indexed):
        return frozenset().union(*(free_symbols(a) for a in term.indices))
    if isinstance(term, Sum | Product | Maximum):
        limits = frozenset().union(*(free_symbols(end) for limit in term.limits for end in limit[1:]))
        return free_symbols(term.function) - {limit[0] for limit in term.limits} | limits
    if isinstance(term, MatrixNode):
        others = frozenset().union(*(free_symbols(a) for a in (term.order, *term.args[4:])))
        return free_symbols(term.body) - {term.row, term.column} | others
    return frozenset().union(*(free_symbols(a) for a in term.args))


# --------------------------------------------------------------------------------- constructors


def number(value: int | str) -> Expr:
    """An exact rational from an integer or a decimal/fraction literal such as ``"0.5"``."""
    return Rational(value)


def add(*terms: Expr) -> Expr:
    return Add(*terms, evaluate=False) if len(terms) > 1 else (terms[0] if terms else Integer(0))


def multiply(*factors: Expr) -> Expr:
    return Mul(*factors, evaluate=False) if len(factors) > 1 else (factors[0] if factors else Integer(1))


def negate(term: Expr) -> Expr:
    return Mul(Integer(-1), term, evaluate=False)


def power(base: Expr, exponent: Expr) -> Expr:
    return Pow(base, exponent, evaluate=False)


def divide(numerator: Expr, denominator: Expr) -> Expr:
    return multiply(numerator, power(denominator, Integer(-1)))


def _binder(kind: type[Expr], body: Expr, bound: Symbol, lower: Expr, upper: Expr) -> Expr:
    node = Expr.__new__(kind, body, Tuple(bound, lower, upper))
    node.is_commutative = True
    return node


def sum_over(body: Expr, bound: Symbol, lower: Expr, upper: Expr) -> Expr:
    """Σ_{bound=lower}^{upper} body; an empty range (upper < lower) sums to 0."""
    return _binder(Sum, body, bound, lower, upper)


def product_over(body: Expr, bound: Symbol, lower: Expr, upper: Expr) -> Expr:
    return _binder(Product, body, bound, lower, upper)


def maximum_over(body: Expr, bound: Symbol, lower: Expr, upper: Expr) -> Expr:
    return Maximum(body, Tuple(bound, lower, upper))


def delta(left: Expr, right: Expr) -> Expr:
    """Kronecker's δ: 1 where the two indices are equal, otherwise 0."""
    return KroneckerDelta(left, right)


def cases(*rows: tuple[Expr, Boolean], otherwise: Expr | None = None) -> Expr:
    """The value of the first row whose condition holds; ``otherwise`` where none does."""
    pairs = [*rows] if otherwise is None else [*rows, (otherwise, true)]
    unfolded = (Tuple.__new__(ExprCondPair, value, sympify(condition)) for value, condition in pairs)
    return Expr.__new__(Piecewise, *unfolded)


def indicator(condition: Boolean) -> Expr:
    """Iverson's bracket: 1 where the condition holds, otherwise 0."""
    return cases((Integer(1), condition), otherwise=Integer(0))


def apply(function: str, *arguments: Expr) -> Expr:
    """An unknown or defined function by name; known ones (``exp``, ``log`` …) are SymPy's own."""
    return Function(function)(*arguments)


def function_derivative(function: str, orders: Iterable[int], *arguments: Expr) -> Expr:
    return FunctionDerivative(Symbol(function), Tuple(*orders), *arguments)


def source(term: Expr) -> str:
    """A term as SymPy prints it, arguments in the order they stand in, whatever the hash seed."""
    return str(sstr(term, order="none"))


# The closed list of nodes, beside the elementary functions of ``checker.calculus.functions``.
NODES: tuple[type, ...] = (
    Rational,
    Symbol,
    Indexed,
    Add,
    Mul,
    Pow,
    Sum,
    Product,
    Maximum,
    KroneckerDelta,
    Piecewise,
    AppliedUndef,
    FunctionDerivative,
    Partial,
    Inverse,
    Determinant,
    MatrixPower,
    Abs,
    Max,
    Min,
)
