"""From terms to normal forms: one function per node.

``Normaliser.form(term, env)`` reads a SymPy term; ``env`` gives the affine value of every index symbol
that is bound around it.  Symbols outside ``env`` are sizes (positive integers), free indices (integers)
or scalars (anything else).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sympy import (
    Abs,
    Add,
    E,
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
    exp,
    log,
    oo,
    pi,
    sign,
)
from sympy.core.function import AppliedUndef, Function
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean, BooleanFalse, BooleanTrue, Not, Or

from checker.calculus import affine as af
from checker.calculus.affine import Affine
from checker.calculus.algebra import single_atom
from checker.calculus.derivative import RULES, NoDerivative, differentiate, replace_symbol
from checker.calculus.forms import (
    ALL_INTEGERS,
    Atom,
    Form,
    Range,
    add,
    constant_of,
    freeze,
    number,
    of,
    scale,
    subtract,
    tidy_rational,
)
from checker.calculus.graph import names_in
from checker.calculus.partials import Partials, comparisons_in, derived_rule
from checker.calculus.ring import Outside, range_end
from checker.calculus.terms import (
    Determinant,
    FunctionDerivative,
    Inverse,
    MatrixPower,
    Maximum,
    Partial,
    indices_of,
    multiply,
    name_of,
)

Env = Mapping[Symbol, Affine]


class Normaliser(Partials):
    def form(self, term: Expr, env: Env) -> Form:
        """The normal form of a term, names and unknown derivatives being atoms."""
        self.spend()
        for kind, rule in _ROWS:
            if isinstance(term, kind):
                return rule(self, term, env)
        if isinstance(term, Function):
            return self._elementary(term, env)
        raise Outside(f"{type(term).__name__} is outside what can be normalised")

    # -------------------------------------------------------------------------------- integers

    def affine(self, term: Expr, env: Env) -> Affine:
        """An index expression.  Raises :class:`Outside` where it is not affine."""
        if isinstance(term, Integer):
            return af.constant(int(term))
        if isinstance(term, Symbol):
            return env[term] if term in env else af.variable(self.symbol_variable(term))
        if isinstance(term, Add):
            total = af.ZERO
            for part in term.args:
                total = af.combine(total, self.affine(part, env))
            return total
        if isinstance(term, Mul):
            return self._affine_product(term, env)
        atom = single_atom(self.form(term, env)) if isinstance(term, Indexed | AppliedUndef) else None
        if atom is None:
            raise Outside(f"{term} as an index")
        return af.variable(("t", atom))

    def _affine_product(self, term: Mul, env: Env) -> Affine:
        factors = [self.affine(part, env) for part in term.args]
        total = af.ONE
        for factor in factors:
            if not factor[1]:
                total = af.scale(total, factor[0])
            elif not total[1]:
                total = af.scale(factor, total[0])
            else:
                raise Outside(f"{term} as an index")
        return total

    @staticmethod
    def symbol_variable(symbol: Symbol) -> af.Variable:
        if symbol.is_integer:
            return ("n" if symbol.is_positive else "i", symbol.name)
        return ("t", ("el", symbol.name, ()))

    def range_of(self, lower: Expr, upper: Expr, env: Env) -> Range:
        if lower == -oo and upper == oo:
            return ALL_INTEGERS
        if upper == oo:
            return (2, self.affine(lower, env))
        if lower == -oo:
            return (3, self.affine(upper, env))
        return (0, self.affine(lower, env), self.affine(upper, env))

    # -------------------------------------------------------------------------- names and numbers

    def _rational(self, term: Expr, env: Env) -> Form:
        from fractions import Fraction

        return number(tidy_rational(Fraction(int(term.p), int(term.q))))

    def _pi(self, term: Expr, env: Env) -> Form:
        return of(("pi",))

    def _e(self, term: Expr, env: Env) -> Form:
        return self.exponential(number(1))

    def _symbol(self, term: Symbol, env: Env) -> Form:
        if term in env:
            return self.affine_form(env[term])
        if term.is_integer:
            return self.affine_form(af.variable(self.symbol_variable(term)))
        return self.element(term.name, ())

    def _element(self, term: Indexed, env: Env) -> Form:
        return self.element(name_of(term), tuple(self.affine(i, env) for i in term.indices))

    # -------------------------------------------------------------------------------- arithmetic

    def _add(self, term: Add, env: Env) -> Form:
        return add(*(self.form(a, env) for a in term.args))

    def _mul(self, term: Mul, env: Env) -> Form:
        return self.product(self.form(a, env) for a in term.args)

    def _pow(self, term: Pow, env: Env) -> Form:
        base, exponent = term.args
        if base is E:
            return self.exponential(self.form(exponent, env))
        power = self.form(exponent, env)
        value = constant_of(power)
        if value is not None:
            return self.power(self.form(base, env), value)
        return self.symbolic_power(self.form(base, env), power)

    def _exp(self, term: Expr, env: Env) -> Form:
        """exp; e^(c·log u + v) = u^c·e^v where the logarithm is written, since u > 0 wherever it is defined."""
        total, rest = number(1), []
        for part in term.args[0].args if isinstance(term.args[0], Add) else (term.args[0],):
            logs = [f for f in (part.args if isinstance(part, Mul) else (part,)) if isinstance(f, log)]
            if len(logs) != 1:
                rest.append(part)
                continue
            factor = self.product(
                self.form(f, env) for f in (part.args if isinstance(part, Mul) else ()) if f != logs[0]
            )
            base = self.form(logs[0].args[0], env)
            if constant_of(base) is not None or any(_is_log(a) for m in factor for a, _ in m):
                rest.append(part)
                continue
            value = constant_of(factor)
            power = self.power(base, value) if value is not None else self.symbolic_power(base, factor)
            total = self.multiply(total, power)
        return self.multiply(total, self.exponential(add(*(self.form(part, env) for part in rest))))

    def _log(self, term: Expr, env: Env) -> Form:
        return self.logarithm(self.form(term.args[0], env))

    def _abs(self, term: Expr, env: Env) -> Form:
        return self.absolute(self.form(term.args[0], env))

    def _sign(self, term: Expr, env: Env) -> Form:
        inner = self.form(term.args[0], env)
        return subtract(self.positive(inner), self.positive(scale(inner, -1)))

    def _max(self, term: Expr, env: Env) -> Form:
        return self._extreme(term, env, 1)

    def _min(self, term: Expr, env: Env) -> Form:
        return self._extreme(term, env, -1)

    def _extreme(self, term: Expr, env: Env, direction: int) -> Form:
        """max(a, b) = b + max(a - b, 0); min(a, b) = b - max(b - a, 0)."""
        forms = sorted((self.form(a, env) for a in term.args), key=freeze)
        best = forms[0]
        for form in forms[1:]:
            best = add(best, scale(self.ramp(scale(subtract(form, best), direction)), direction))
        return best

    # --------------------------------------------------------------------------------- functions

    def _elementary(self, term: Expr, env: Env) -> Form:
        name = type(term).__name__
        arguments = tuple(self.form(a, env) for a in term.args)
        if name in _TRIGONOMETRIC:
            top, bottom = _TRIGONOMETRIC[name]
            up = self.function(top, (0,), arguments) if top else number(1)
            return self.multiply(up, self.power(self.function(bottom, (0,), arguments), -1))
        if name == "digamma":
            first = self.function("gamma", (1,), arguments)
            return self.multiply(first, self.power(self.function("gamma", (0,), arguments), -1))
        return self.function(name, (0,) * len(arguments), arguments)

    def _applied(self, term: Expr, env: Env) -> Form:
        arguments = tuple(self.form(a, env) for a in term.args)
        return self.function(term.func.__name__, (0,) * len(arguments), arguments)

    def _function_derivative(self, term: FunctionDerivative, env: Env) -> Form:
        name = term.function
        if name in RULES and len(term.arguments) == 1:
            return self.form(derived_rule(name, term.orders[0], term.arguments[0]), env)
        return self.function(name, term.orders, tuple(self.form(a, env) for a in term.arguments))

    # ----------------------------------------------------------------------------------- binders

    def _sum(self, term: Sum, env: Env) -> Form:
        v, inner, guards = self._opened_binder(term, env)
        body = self.form(term.function, inner)
        for guard in guards:
            body = self.multiply(body, self.guard(guard))
        return self.sum_over([v], body)

    def _product(self, term: Product, env: Env) -> Form:
        v, inner, guards = self._opened_binder(term, env)
        body = self.form(term.function, inner)
        for guard in guards:  # outside the range a factor 1
            inside = self.guard(guard)
            body = add(self.multiply(body, inside), subtract(number(1), inside))
        return self.product_of(v, body)

    def _maximum(self, term: Maximum, env: Env) -> Form:
        v, inner, guards = self._opened_binder(term, env)
        if guards:
            raise Outside("a maximum over a range that depends on another index")
        return self.maximum_of(v, self.form(term.function, inner))

    def _opened_binder(self, term: Expr, env: Env) -> tuple[af.Variable, Env, list[Affine]]:
        """A fresh index for a binder: shifted to start at 1, its range freed of other indices by guards."""
        if len(term.limits) != 1:
            raise Outside("a sum over several indices at once")
        bound, lower, upper = term.limits[0]
        range_ = self.range_of(lower, upper, env)
        guards: list[Affine] = []
        wide = tuple(self._widest(a, lower=k == 0) for k, a in enumerate(range_[1:]))
        if range_[0] != 0:
            v = self.fresh(range_)
            return v, {**env, bound: af.variable(v)}, guards
        low, high = wide
        if low != range_[1] and not low[1] and low[0] > 1:  # a guard says where: Σ_{j=i+1}^n begins with 1 as well
            low = af.ONE
        if high != range_[2] and high[0] < 0:
            high = (0, high[1])
        v = self.fresh((0, af.ONE, af.shift(af.subtract(high, low), 1)))
        value = af.combine(af.variable(v), af.shift(low, -1))
        if low != range_[1]:
            guards.append(af.subtract(value, range_[1]))
        if high != range_[2]:
            guards.append(af.subtract(range_[2], value))
        return v, {**env, bound: value}, guards

    def known_range(self, v: af.Variable) -> Range | None:
        if v in self.ranges or v[0] != "t" or v[1][0] != "el":
            return self.ranges.get(v)
        variable = self.graph.context.variables.get(v[1][1])
        if variable is None or variable.values is None:
            return None
        return self.range_of(variable.values.lower, variable.values.upper, {})

    def _widest(self, bound: Affine, *, lower: bool) -> Affine:
        """The bound with every index replaced by the end of its own range that makes it widest."""
        for v, c in bound[1]:
            range_ = self.known_range(v) if v[0] in ("f", "i", "t") else None
            if range_ is not None:
                end = range_end(range_, lower=(c > 0) == lower)
                if end is None and v[0] == "t":
                    continue
                if end is None:
                    raise Outside("a sum whose range depends on an index over all integers")
                bound = af.combine(af.combine(bound, af.variable(v), -c), end, c)
        return bound

    # --------------------------------------------------------------------------------- conditions

    def _delta(self, term: KroneckerDelta, env: Env) -> Form:
        return self.delta(af.subtract(self.affine(term.args[0], env), self.affine(term.args[1], env)))

    def _piecewise(self, term: Piecewise, env: Env) -> Form:
        total: Form = {}
        left = number(1)
        for value, condition in term.args:
            here = self.condition(condition, env)
            total = add(total, self.multiply(self.multiply(left, here), self.form(value, env)))
            left = self.multiply(left, subtract(number(1), here))
            if not left:
                break
        return total

    def condition(self, condition: Boolean, env: Env) -> Form:
        """A condition as an indicator."""
        match condition:
            case BooleanTrue():
                return number(1)
            case BooleanFalse():
                return {}
            case And():
                return self.product(self.condition(c, env) for c in sorted(condition.args, key=str))
            case Or():
                none = self.product(
                    subtract(number(1), self.condition(c, env)) for c in sorted(condition.args, key=str)
                )
                return subtract(number(1), none)
            case Not():
                return subtract(number(1), self.condition(condition.args[0], env))
            case Relational():
                return self._relation(condition, env)
        raise Outside(f"the condition {condition}")

    def _relation(self, relation: Relational, env: Env) -> Form:
        kind = type(relation).__name__
        left, right = relation.lhs, relation.rhs
        if self._is_integer(left) and self._is_integer(right):
            difference = af.subtract(self.affine(left, env), self.affine(right, env))
            return _INTEGER_RELATIONS[kind](self, difference)
        real = subtract(self.form(left, env), self.form(right, env))
        return _REAL_RELATIONS[kind](self, real)

    def _is_integer(self, term: Expr) -> bool:
        if isinstance(term, Integer):
            return True
        if isinstance(term, Symbol):
            return bool(term.is_integer)
        if isinstance(term, Indexed):
            return self.graph.is_integer(name_of(term))
        return isinstance(term, Add | Mul) and all(self._is_integer(a) for a in term.args)

    # ----------------------------------------------------------------------------------- matrices

    def _opened_matrix(self, term: Expr, env: Env) -> tuple[Affine, af.Variable, af.Variable, Form]:
        order = self.affine(term.order, env)
        row, column = self.fresh((0, af.ONE, order)), self.fresh((0, af.ONE, order))
        inner = {**env, term.row: af.variable(row), term.column: af.variable(column)}
        return order, row, column, self.form(term.body, inner)

    def _inverse(self, term: Inverse, env: Env) -> Form:
        a, b = (self.affine(x, env) for x in term.position)
        return self.inverse(*self._opened_matrix(term, env), a, b)

    def _determinant(self, term: Determinant, env: Env) -> Form:
        factors = _square_factors(term)
        if factors is not None:
            return self.product(self._determinant(factor, env) for factor in factors)
        return self.determinant(*self._opened_matrix(term, env))

    def _matrix_power(self, term: MatrixPower, env: Env) -> Form:
        a, b = (self.affine(x, env) for x in term.position)
        order, row, column, body = self._opened_matrix(term, env)
        return self.matrix_power(order, row, column, body, self.form(term.exponent, env), a, b)

    # --------------------------------------------------------------------------------- derivatives

    def _partial(self, term: Partial, env: Env) -> Form:
        inner = term.expression
        if isinstance(inner, Symbol | Indexed):
            slots = tuple(self.affine(i, env) for i in indices_of(inner))
            wrt = tuple((name_of(x), tuple(self.affine(i, env) for i in indices_of(x))) for x in term.variables)
            return self.named_partial(name_of(inner), slots, wrt)
        first, *others = term.variables
        try:
            derived = differentiate(inner, first, self.graph.depends)
        except NoDerivative as error:
            raise Outside(str(error)) from error
        self.note_kinks(inner, name_of(first), env)
        return self.form(Partial(derived, *others) if others else derived, env)

    def note_kinks(self, term: Expr, by: str, env: Env) -> None:
        for form in self.kinks_of(term, by, env):
            self.note_kink(form)

    def kinks_of(self, term: Expr, by: str, env: Env) -> Iterator[Form]:
        """Where a comparison in ``term`` depends on the variable, the derivative need not exist at a tie."""
        for left, right in comparisons_in(term):
            names = names_in(left) | names_in(right)
            if any(n == by or self.graph.depends(n, by) for n in names):
                form = subtract(self.form(left, env), self.form(right, env))
                if form:
                    yield form


def _is_log(atom: Atom) -> bool:
    return bool(atom[0] == "fn" and atom[1] == "log")


def _square_factors(term: Determinant) -> tuple[Determinant, Determinant] | None:
    """The determinants of A and B where the matrix is written as Σ_k A_ik B_kj, k over 1..n for a matrix of order n."""
    body = term.body
    if not isinstance(body, Sum) or len(body.limits) != 1 or not isinstance(body.function, Mul):
        return None
    k, lower, upper = body.limits[0]
    if (lower, upper) != (1, term.order):
        return None
    left = [f for f in body.function.args if term.row in f.atoms(Symbol)]
    right = [f for f in body.function.args if term.row not in f.atoms(Symbol)]
    if not left or not right or any(term.column in f.atoms(Symbol) for f in left):
        return None
    if not all(any(k in f.free_symbols for f in side) for side in (left, right)):
        return None
    first = replace_symbol(multiply(*left), k, term.column)
    second = replace_symbol(multiply(*right), k, term.row)
    return Determinant(term.row, term.column, term.order, first), Determinant(term.row, term.column, term.order, second)


# numerator and denominator of what is written with sin and cos
_TRIGONOMETRIC: Mapping[str, tuple[str, str]] = {
    "tan": ("sin", "cos"),
    "cot": ("cos", "sin"),
    "sec": ("", "cos"),
    "csc": ("", "sin"),
    "coth": ("cosh", "sinh"),
    "sech": ("", "cosh"),
    "csch": ("", "sinh"),
}

_INTEGER_RELATIONS: Mapping[str, Callable[[Normaliser, Affine], Form]] = {
    "Equality": lambda s, d: s.delta(d),
    "Unequality": lambda s, d: subtract(number(1), s.delta(d)),
    "GreaterThan": lambda s, d: s.guard(d),
    "StrictGreaterThan": lambda s, d: s.guard(af.shift(d, -1)),
    "LessThan": lambda s, d: s.guard(af.scale(d, -1)),
    "StrictLessThan": lambda s, d: s.guard(af.shift(af.scale(d, -1), -1)),
}

_REAL_RELATIONS: Mapping[str, Callable[[Normaliser, Form], Form]] = {
    "Equality": lambda s, d: s.vanishes(d),
    "Unequality": lambda s, d: subtract(number(1), s.vanishes(d)),
    "GreaterThan": lambda s, d: add(s.positive(d), s.vanishes(d)),
    "StrictGreaterThan": lambda s, d: s.positive(d),
    "LessThan": lambda s, d: add(s.positive(scale(d, -1)), s.vanishes(d)),
    "StrictLessThan": lambda s, d: s.positive(scale(d, -1)),
}

_ROWS: tuple[tuple[type | tuple[type, ...], Callable[[Normaliser, Expr, Env], Form]], ...] = (
    (Indexed, Normaliser._element),
    (Symbol, Normaliser._symbol),
    (Mul, Normaliser._mul),
    (Add, Normaliser._add),
    (Rational, Normaliser._rational),
    (Pow, Normaliser._pow),
    (Sum, Normaliser._sum),
    (KroneckerDelta, Normaliser._delta),
    (Partial, Normaliser._partial),
    (exp, Normaliser._exp),
    (log, Normaliser._log),
    (AppliedUndef, Normaliser._applied),
    (FunctionDerivative, Normaliser._function_derivative),
    (Piecewise, Normaliser._piecewise),
    (Product, Normaliser._product),
    (Maximum, Normaliser._maximum),
    (Abs, Normaliser._abs),
    (sign, Normaliser._sign),
    (Max, Normaliser._max),
    (Min, Normaliser._min),
    (Inverse, Normaliser._inverse),
    (Determinant, Normaliser._determinant),
    (MatrixPower, Normaliser._matrix_power),
    (type(pi), Normaliser._pi),
    (type(E), Normaliser._e),
)
