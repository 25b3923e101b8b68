"""The derivative of a term by a scalar or an element, without capturing bound names.

One row per elementary function, one function per node.  Names that depend on the variable through
their definitions are left as ``Partial(name, variable)``; unfolding is :mod:`checker.calculus.unfold`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

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
    NumberSymbol,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    cos,
    exp,
    log,
    pi,
    sin,
)
from sympy.core.function import AppliedUndef, Function
from sympy.core.relational import Relational

from checker.calculus.terms import (
    Determinant,
    FunctionDerivative,
    Inverse,
    MatrixPower,
    Maximum,
    Partial,
    add,
    cases,
    delta,
    divide,
    element,
    free_symbols,
    function_derivative,
    indicator,
    indices_of,
    multiply,
    name_of,
    negate,
    power,
    sum_over,
)

ZERO, ONE, TWO = Integer(0), Integer(1), Integer(2)
HALF = Rational(1, 2)
Through = Callable[[str, str], bool]  # (name, variable): does the name depend on it?


class NoDerivative(Exception):
    """A node that cannot be differentiated; the message names it."""


def _square(u: Expr) -> Expr:
    return power(u, TWO)


def _call(name: str, u: Expr) -> Expr:
    import sympy

    return getattr(sympy, name)(u, evaluate=False)


def _root(u: Expr) -> Expr:
    return power(u, HALF)


# d f(u)/du, as a term in u.  Sources: any table of derivatives; each row is checked numerically by a test.
RULES: Mapping[str, Callable[[Expr], Expr]] = {
    "exp": lambda u: exp(u, evaluate=False),
    "log": lambda u: power(u, -ONE),
    "sin": lambda u: cos(u, evaluate=False),
    "cos": lambda u: negate(sin(u, evaluate=False)),
    "tan": lambda u: add(ONE, _square(_call("tan", u))),
    "sec": lambda u: multiply(_call("sec", u), _call("tan", u)),
    "csc": lambda u: negate(multiply(_call("csc", u), _call("cot", u))),
    "cot": lambda u: negate(add(ONE, _square(_call("cot", u)))),
    "sinh": lambda u: _call("cosh", u),
    "cosh": lambda u: _call("sinh", u),
    "tanh": lambda u: add(ONE, negate(_square(_call("tanh", u)))),
    "sech": lambda u: negate(multiply(_call("sech", u), _call("tanh", u))),
    "csch": lambda u: negate(multiply(_call("csch", u), _call("coth", u))),
    "coth": lambda u: negate(_square(_call("csch", u))),
    "asin": lambda u: power(_root(add(ONE, negate(_square(u)))), -ONE),
    "acos": lambda u: negate(power(_root(add(ONE, negate(_square(u)))), -ONE)),
    "atan": lambda u: power(add(ONE, _square(u)), -ONE),
    "acot": lambda u: negate(power(add(ONE, _square(u)), -ONE)),
    "asec": lambda u: power(multiply(Abs(u, evaluate=False), _root(add(_square(u), -ONE))), -ONE),
    "acsc": lambda u: negate(power(multiply(Abs(u, evaluate=False), _root(add(_square(u), -ONE))), -ONE)),
    "asinh": lambda u: power(_root(add(_square(u), ONE)), -ONE),
    "acosh": lambda u: power(_root(add(_square(u), -ONE)), -ONE),
    "atanh": lambda u: power(add(ONE, negate(_square(u))), -ONE),
    "acoth": lambda u: power(add(ONE, negate(_square(u))), -ONE),
    "asech": lambda u: negate(power(multiply(u, _root(add(ONE, negate(_square(u))))), -ONE)),
    "acsch": lambda u: negate(power(multiply(Abs(u, evaluate=False), _root(add(ONE, _square(u)))), -ONE)),
    "erf": lambda u: multiply(TWO, power(pi, -HALF), exp(negate(_square(u)), evaluate=False)),
    "erfi": lambda u: multiply(TWO, power(pi, -HALF), exp(_square(u), evaluate=False)),
    "erfinv": lambda u: multiply(HALF, power(pi, HALF), exp(_square(_call("erfinv", u)), evaluate=False)),
    "sign": lambda u: ZERO,
    "floor": lambda u: ZERO,
    "Abs": lambda u: divide(u, Abs(u, evaluate=False)),
}


def differentiate(term: Expr, by: Expr, through: Through = lambda name, variable: False) -> Expr:
    """∂ term / ∂ by, as a term (unsimplified).

    ``by`` is a scalar symbol or an element.  ``through(name, variable)`` says whether a name depends on
    another through its definition; such names stay as ``Partial``.  Raises :class:`NoDerivative`.
    """
    return _Derivative(by, through).of(term)


class _Derivative:
    def __init__(self, by: Expr, through: Through) -> None:
        self.by = by
        self.name = name_of(by)
        self.slots = indices_of(by)
        self.reserved = {s for slot in self.slots for s in slot.free_symbols}
        self.through = through

    def of(self, term: Expr) -> Expr:
        for kind, rule in _ROWS:
            if isinstance(term, kind):
                return rule(self, term)
        if isinstance(term, Function):
            return self._elementary(term)
        raise NoDerivative(f"no rule to differentiate {type(term).__name__}")

    def _elementary(self, term: Expr) -> Expr:
        name = type(term).__name__
        if name == "atan2":
            return self._atan2(*term.args)
        inner = [self.of(u) for u in term.args]
        if all(d == ZERO for d in inner):
            return ZERO
        if name not in RULES or len(inner) != 1:
            orders = [1 if k == 0 else 0 for k in range(len(inner))]
            if len(inner) != 1:
                raise NoDerivative(f"no rule to differentiate {name}")
            return _times(function_derivative(name, orders, *term.args), inner[0])
        return _times(RULES[name](term.args[0]), inner[0])

    def _atan2(self, y: Expr, x: Expr) -> Expr:
        dy, dx = self.of(y), self.of(x)
        below = add(_square(x), _square(y))
        return _plus(divide(_times(x, dy), below), divide(negate(_times(y, dx)), below))

    def constant(self, term: Expr) -> Expr:
        return ZERO

    def named(self, term: Expr) -> Expr:
        name = name_of(term)
        if name == self.name and self.through(name, name):
            return Partial(term, self.by)  # h_t of h_{t-1}: more than a delta
        if name == self.name and len(indices_of(term)) == len(self.slots):
            return multiply(*(delta(a, b) for a, b in zip(indices_of(term), self.slots, strict=True)))
        return Partial(term, self.by) if self.through(name, self.name) else ZERO

    def sum_(self, term: Expr) -> Expr:
        return _plus(*(self.of(a) for a in term.args))

    def product(self, term: Expr) -> Expr:
        parts = []
        for k, factor in enumerate(term.args):
            d = self.of(factor)
            if d != ZERO:
                parts.append(_times(*term.args[:k], d, *term.args[k + 1 :]))
        return _plus(*parts)

    def power_(self, term: Expr) -> Expr:
        base, exponent = term.args
        db, de = self.of(base), self.of(exponent)
        parts = []
        if db != ZERO:
            less = Rational(exponent - 1) if isinstance(exponent, Rational) else add(exponent, -ONE)
            parts.append(_times(exponent, base if less == ONE else power(base, less), db) if less != ZERO else db)
        if de != ZERO:
            parts.append(_times(term, log(base, evaluate=False), de))
        return _plus(*parts)

    def binder(self, term: Expr) -> tuple[Expr, Symbol, Expr, Expr]:
        """Body and limits of a sum, its index renamed if the variable mentions the same letter."""
        body = term.function
        if len(term.limits) != 1:
            raise NoDerivative("a sum over several indices at once")
        bound, lower, upper = term.limits[0]
        if bound in self.reserved:
            new = apart(bound, self.reserved | body.atoms(Symbol) | free_symbols(term))
            body = replace_symbol(body, bound, new)
            bound = new
        return body, bound, lower, upper

    def total(self, term: Expr) -> Expr:
        body, bound, lower, upper = self.binder(term)
        d = self.of(body)
        return ZERO if d == ZERO else sum_over(d, bound, lower, upper)

    def big_product(self, term: Expr) -> Expr:
        body, bound, lower, upper = self.binder(term)
        d = self.of(body)
        return ZERO if d == ZERO else _times(term, sum_over(divide(d, body), bound, lower, upper))

    def maximum(self, term: Expr) -> Expr:
        from sympy import Eq

        body, bound, lower, upper = self.binder(term)
        d = self.of(body)
        if d == ZERO or bound not in free_symbols(body):
            return d
        return sum_over(_times(indicator(Eq(body, term, evaluate=False)), d), bound, lower, upper)

    def piecewise(self, term: Expr) -> Expr:
        rows = [(self.of(value), condition) for value, condition in term.args]
        return ZERO if all(d == ZERO for d, _ in rows) else cases(*rows)

    def larger(self, term: Expr) -> Expr:
        from sympy import Gt, Lt

        compare = Gt if isinstance(term, Max) else Lt
        arguments = sorted(term.args, key=str)
        best, slope = arguments[0], self.of(arguments[0])
        for u in arguments[1:]:
            condition = compare(u, best, evaluate=False)
            slope = cases((self.of(u), condition), otherwise=slope)
            best = cases((u, condition), otherwise=best)
        return slope

    def applied(self, term: Expr) -> Expr:
        name = term.func.__name__
        return self._chain(name, [0] * len(term.args), term.args)

    def derived(self, term: FunctionDerivative) -> Expr:
        return self._chain(term.function, list(term.orders), term.arguments)

    def _chain(self, name: str, orders: list[int], arguments: tuple[Expr, ...]) -> Expr:
        parts = []
        for k, u in enumerate(arguments):
            d = self.of(u)
            if d != ZERO:
                up = [n + (1 if j == k else 0) for j, n in enumerate(orders)]
                parts.append(_times(function_derivative(name, up, *arguments), d))
        return _plus(*parts)

    def partial(self, term: Partial) -> Expr:
        inner = term.expression
        if isinstance(inner, Symbol | Indexed):
            if name_of(inner) == self.name:
                raise NoDerivative(f"a derivative of {self.name}, differentiated by {self.name}")
            if self.through(name_of(inner), self.name):
                return Partial(inner, *term.variables, self.by)
            return ZERO
        for variable in term.variables:
            inner = differentiate(inner, variable, self.through)
        return self.of(inner)

    def _matrix_sum(self, node: Inverse | Determinant | MatrixPower) -> tuple[Symbol, Symbol, Expr] | None:
        """Two indices and the derivative of the matrix's entry there."""
        taken = self.reserved | node.atoms(Symbol)
        p = apart(node.row, taken)
        q = apart(node.column, taken | {p})
        body = replace_symbol(replace_symbol(node.body, node.row, p), node.column, q)
        d = self.of(body)
        return None if d == ZERO else (p, q, d)

    def inverse(self, term: Inverse) -> Expr:
        found = self._matrix_sum(term)
        if found is None:
            return ZERO
        p, q, d = found
        a, b = term.position
        left, right = Inverse(*term.args[:4], a, p), Inverse(*term.args[:4], q, b)
        return negate(_double(multiply(left, d, right), p, q, term.order))

    def determinant(self, term: Determinant) -> Expr:
        power_ = term.body
        if isinstance(power_, MatrixPower) and power_.position == (term.row, term.column):  # det Mᵏ = (det M)ᵏ
            base = Determinant(*power_.args[:4])
            inner = self.of(base)
            return ZERO if inner == ZERO else multiply(power_.exponent, term, power(base, -ONE), inner)
        found = self._matrix_sum(term)
        if found is None:
            return ZERO
        p, q, d = found
        return multiply(term, _double(multiply(Inverse(*term.args[:4], q, p), d), p, q, term.order))

    def matrix_power(self, term: MatrixPower) -> Expr:
        found = self._matrix_sum(term)
        if found is None:
            return ZERO
        p, q, d = found
        a, b = term.position
        r = apart(Symbol("r", integer=True), self.reserved | term.atoms(Symbol) | d.atoms(Symbol) | {p, q})
        left = MatrixPower(*term.args[:4], r, a, p)
        right = MatrixPower(*term.args[:4], add(term.exponent, -ONE, negate(r)), q, b)
        inner = _double(multiply(left, d, right), p, q, term.order)
        return sum_over(inner, r, ZERO, add(term.exponent, -ONE))


def _double(body: Expr, p: Symbol, q: Symbol, order: Expr) -> Expr:
    return sum_over(sum_over(body, q, ONE, order), p, ONE, order)


def _plus(*parts: Expr) -> Expr:
    return add(*(p for p in parts if p != ZERO))


def _times(*factors: Expr) -> Expr:
    return multiply(*(f for f in factors if f != ONE))


_ROWS: tuple[tuple[type | tuple[type, ...], Callable[[_Derivative, Expr], Expr]], ...] = (
    ((Rational, NumberSymbol, KroneckerDelta), _Derivative.constant),
    ((Symbol, Indexed), _Derivative.named),
    (Add, _Derivative.sum_),
    (Mul, _Derivative.product),
    (Pow, _Derivative.power_),
    (Sum, _Derivative.total),
    (Product, _Derivative.big_product),
    (Maximum, _Derivative.maximum),
    (Piecewise, _Derivative.piecewise),
    ((Max, Min), _Derivative.larger),
    (AppliedUndef, _Derivative.applied),
    (FunctionDerivative, _Derivative.derived),
    (Partial, _Derivative.partial),
    (Inverse, _Derivative.inverse),
    (Determinant, _Derivative.determinant),
    (MatrixPower, _Derivative.matrix_power),
)


def apart(symbol: Symbol, taken: set[Symbol]) -> Symbol:
    """An index symbol like ``symbol`` whose name nobody in ``taken`` has."""
    names = {str(s) for s in taken}
    k = 1
    while f"{symbol}_{k}" in names:
        k += 1
    return Symbol(f"{symbol}_{k}", integer=True)


def replace_symbol(term: Expr, old: Symbol, new: Expr) -> Expr:
    """``term`` with the free symbol ``old`` replaced; binders of ``old`` are left alone.

    ``new``'s own symbols must not be bound in ``term`` (callers pass fresh ones).
    """
    if term == old:
        return new
    if not getattr(term, "args", ()) or old not in free_symbols(term):
        return term
    if isinstance(term, Sum | Product | Maximum) and any(limit[0] == old for limit in term.limits):
        return term
    if isinstance(term, Indexed):
        return element(name_of(term), *(replace_symbol(a, old, new) for a in term.indices))
    if isinstance(term, Inverse | Determinant | MatrixPower) and old in (term.row, term.column):
        rest = [replace_symbol(a, old, new) for a in term.args[2:]]
        return term.func(term.row, term.column, rest[0], term.body, *rest[2:])
    return rebuilt(term, [replace_symbol(a, old, new) for a in term.args])


def rebuilt(term: Expr, arguments: list[Expr]) -> Expr:
    """The same node over other arguments, without evaluating anything."""
    if isinstance(term, Piecewise):
        return Expr.__new__(Piecewise, *arguments)
    if isinstance(term, Sum | Product):
        node = Expr.__new__(term.func, *arguments)
        node.is_commutative = True
        return node
    if isinstance(term, AppliedUndef | KroneckerDelta) or not isinstance(term, _EVALUATED):
        return term.func(*arguments)
    return term.func(*arguments, evaluate=False)


# nodes that SymPy simplifies where they are made, unless told otherwise (|e^x| would become e^{re x})
_EVALUATED = (Add, Mul, Pow, Function, Max, Min, Relational)
