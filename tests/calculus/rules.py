"""The rules of the normal form as rows: what is rewritten to what, under which condition, and a wrong twin.

``docs/soundness.md`` lists the same names; one test walks the table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sympy import (
    Abs,
    And,
    Eq,
    Expr,
    Ge,
    Gt,
    Integer,
    Max,
    Min,
    Ne,
    Not,
    Or,
    Rational,
    Symbol,
    asin,
    asinh,
    cos,
    cosh,
    digamma,
    exp,
    gamma,
    log,
    oo,
    sign,
    sin,
    sinh,
    tan,
    tanh,
)
from sympy.logic.boolalg import Boolean

from checker.calculus import terms as t
from checker.calculus.context import Context, Definition, FunctionDefinition, Hypothesis, Property, Range, Variable
from checker.calculus.context import Matrix as MatrixTerm
from checker.calculus.terms import Partial
from tests.calculus.letters import (
    ONE,
    TWO,
    determinant,
    el,
    full,
    i,
    inverse,
    j,
    k,
    l,
    m,
    matrix,
    minus,
    n,
    over,
    p,
    plus,
    q,
    r,
    s,
    square,
    tensor,
    times,
    total,
)

ZERO, THREE, HALF = Integer(0), Integer(3), Rational(1, 2)
EVERYWHERE, UPWARDS = Range(-oo, oo), Range(ONE, oo)
u, v, w = (t.scalar(name) for name in "uvw")


@dataclass(frozen=True)
class Rule:
    """``left`` is rewritten to ``right``; ``wrong`` looks like it and is not equal."""

    name: str
    left: Expr
    right: Expr
    wrong: Expr
    context: Context = field(default_factory=Context)
    indices: Mapping[Symbol, Range] = field(default_factory=dict)


# ------------------------------------------------------------------------------ contexts and letters


def x(at: Expr) -> Expr:
    return el("x", at)


def y(at: Expr) -> Expr:
    return el("y", at)


def a(row: Expr, column: Expr) -> Expr:
    return el("A", row, column)


def e(term: Expr) -> Expr:
    return exp(term, evaluate=False)


def ln(term: Expr) -> Expr:
    return log(term, evaluate=False)


def size(term: Expr) -> Expr:
    return Abs(term, evaluate=False)


def root(term: Expr) -> Expr:
    return t.power(term, HALF)


def is_(condition: Boolean) -> Expr:
    return t.indicator(condition)


def at_least(left: Expr, right: Expr) -> Expr:
    return is_(Ge(left, right, evaluate=False))


def above(left: Expr, right: Expr) -> Expr:
    return is_(Gt(left, right, evaluate=False))


def equal(left: Expr, right: Expr) -> Expr:
    return is_(Eq(left, right, evaluate=False))


def overlap(name: str, at: Expr, order: Expr) -> Expr:
    """An element, and 0 outside 1..order."""
    return times(at_least(at, ONE), at_least(order, at), el(name, at))


def everywhere(body: Expr, bound: Symbol) -> Expr:
    return t.sum_over(body, bound, -oo, oo)


def where(*relations: Boolean) -> Context:
    return Context(hypotheses=tuple(Hypothesis(str(relation), relation=relation) for relation in relations))


def matrix_is(kind: Property, name: str = "A") -> Context:
    said = Hypothesis(kind.value, property=kind, matrix=matrix(name, n))
    return Context(variables={**tensor("A", n, n), **tensor("B", n, n), **tensor("x", n)}, hypotheses=(said,))


def power_of(exponent: Expr, row: Expr, column: Expr) -> Expr:
    return t.MatrixPower(r, s, n, a(r, s), exponent, row, column)


def inverse_of(body: Expr, row: Expr, column: Expr) -> Expr:
    return t.Inverse(r, s, n, body, row, column)


def determinant_of(body: Expr) -> Expr:
    return t.Determinant(r, s, n, body)


VECTORS = Context(variables={**tensor("x", n), **tensor("y", n), **tensor("A", n, n)})
MATRICES = Context(
    variables={**tensor("A", n, n), **tensor("B", n, n), **tensor("x", n)},
    hypotheses=(
        Hypothesis("A invertible", property=Property.INVERTIBLE, matrix=matrix("A", n)),
        Hypothesis("B invertible", property=Property.INVERTIBLE, matrix=matrix("B", n)),
    ),
)
POSITIVE = where(Gt(u, 0), Gt(v, 0))
SEQUENCES = Context(variables={name: Variable(name, (EVERYWHERE,)) for name in "vw"})
LABELS = Context(variables={**tensor("x", n), "y": Variable("y", (full(m),), integer=True, values=full(n))})
ONE_I, TWO_I = {i: full(n)}, {i: full(n), j: full(n)}
FOUR_I = {i: full(n), j: full(n), k: full(n), l: full(n)}
NATURAL = {k: UPWARDS}
GAP = Context(
    definitions={"w": (Definition("w", (), minus(u, v)),)}, hypotheses=(Hypothesis("w > 0", relation=Gt(w, 0)),)
)
BATCH = Context(variables={**tensor("E", n), **tensor("x", n)}, depends={"E": ("x",)}, aligned={"E": {"x": ((0, 0),)}})
softmax = over(e(x(i)), total(e(x(k)), (k, n)))

ARITHMETIC = (
    Rule("products of sums", times(plus(u, v), w), plus(times(u, w), times(v, w)), plus(times(u, w), v)),
    Rule("like terms", plus(u, v, times(TWO, u)), plus(times(THREE, u), v), plus(times(TWO, u), v)),
    Rule("like factors", times(u, v, t.power(u, TWO)), times(t.power(u, THREE), v), times(t.power(u, TWO), v)),
    Rule("cancelling", times(u, over(v, u)), v, over(v, u)),
    Rule("powers of products", t.power(times(u, v), THREE), times(t.power(u, THREE), t.power(v, THREE)), times(u, t.power(v, THREE))),
    Rule("powers of sums", square(plus(u, v)), plus(square(u), times(TWO, u, v), square(v)), plus(square(u), square(v))),
    Rule("content of a base", over(ONE, plus(times(TWO, u), times(TWO, u, v))), over(ONE, times(TWO, u, plus(ONE, v))), over(ONE, times(u, plus(ONE, v)))),
    Rule("roots of numbers", root(Integer(12)), times(TWO, root(THREE)), times(THREE, root(TWO))),
    Rule("positive factors leave a root", root(times(u, w)), times(root(u), root(w)), times(u, root(w)), POSITIVE),
    Rule("even powers leave a root as absolute values", root(square(u)), size(u), u),
    Rule("a root of a sum, split", root(plus(u, ONE)), over(plus(u, ONE), root(plus(u, ONE))), over(u, root(plus(u, ONE)))),
    Rule("division by a sum", over(u, plus(u, v)), minus(ONE, over(v, plus(u, v))), minus(ONE, over(u, plus(u, v)))),
    Rule("denominators cleared", plus(over(ONE, plus(u, ONE)), over(ONE, minus(u, ONE))), over(times(TWO, u), minus(square(u), ONE)), over(TWO, minus(square(u), ONE))),
    Rule("roots joined", times(root(minus(u, ONE)), root(plus(u, ONE))), root(minus(square(u), ONE)), root(plus(square(u), ONE))),
)  # fmt: skip

INDICATORS = (
    Rule("a delta substitutes", times(t.delta(i, j), x(i)), times(t.delta(i, j), x(j)), x(j), VECTORS, TWO_I),
    Rule("a delta of multiples", t.delta(times(TWO, i), times(TWO, j)), t.delta(i, j), t.delta(i, times(TWO, j)), Context(), TWO_I),
    Rule("a delta that has no solution", t.delta(times(TWO, i), plus(times(TWO, j), ONE)), ZERO, ONE, Context(), TWO_I),
    Rule("a delta of multiples and a remainder", t.delta(times(THREE, i), plus(times(THREE, j), k)), times(t.delta(i, plus(j, ONE)), t.delta(k, THREE)), t.delta(i, plus(j, ONE)), Context(), {**TWO_I, k: Range(ONE, THREE)}),
    Rule("a delta out of range", t.delta(i, plus(n, ONE)), ZERO, t.delta(i, n), Context(), ONE_I),
    Rule("indicators are idempotent", times(t.delta(i, j), t.delta(i, j)), t.delta(i, j), ONE, Context(), TWO_I),
    Rule("an indicator in a denominator", times(t.delta(i, j), over(u, t.delta(i, j))), times(u, t.delta(i, j)), u, Context(), TWO_I),
    Rule("complement", minus(ONE, at_least(i, j)), above(j, i), at_least(j, i), Context(), TWO_I),
    Rule("a guard and its border", at_least(i, j), plus(t.delta(i, j), above(i, j)), above(i, j), Context(), TWO_I),
    Rule("the stronger of two guards", times(at_least(i, j), at_least(i, plus(j, TWO))), at_least(i, plus(j, TWO)), at_least(i, j), Context(), TWO_I),
    Rule("guards that exclude each other", times(above(i, j), above(j, i)), ZERO, t.delta(i, j), Context(), TWO_I),
    Rule("a guard of multiples", at_least(times(TWO, i), plus(times(TWO, j), ONE)), above(i, j), at_least(i, j), Context(), TWO_I),
    Rule("a guard of multiples and a remainder", at_least(times(THREE, i), plus(times(THREE, j), k)), above(i, j), at_least(i, j), Context(), {**TWO_I, k: Range(ONE, THREE)}),
    Rule("a guard that ranges decide", at_least(i, ONE), ONE, at_least(i, TWO), Context(), ONE_I),
    Rule("integers compared as numbers", above(times(HALF, i), ONE), at_least(i, THREE), at_least(i, TWO), Context(), {i: UPWARDS}),
    Rule("negated comparisons of reals", above(ZERO, u), minus(minus(ONE, above(u, ZERO)), equal(u, ZERO)), above(u, ZERO)),
    Rule("positive factors in comparisons", above(times(u, w), ZERO), above(w, ZERO), above(u, ZERO), POSITIVE),
    Rule("contradictory comparisons", times(above(u, ZERO), equal(u, ZERO)), ZERO, above(u, ZERO)),
    Rule("exponentials compared", above(e(u), e(v)), above(u, v), above(v, u)),
    Rule("cases", t.cases((u, Gt(w, 0)), (v, Gt(u, 0)), otherwise=w), plus(times(above(w, ZERO), u), times(minus(ONE, above(w, ZERO)), plus(times(above(u, ZERO), v), times(minus(ONE, above(u, ZERO)), w)))), plus(times(above(w, ZERO), u), times(above(u, ZERO), v))),
    Rule("and, or, not", is_(Or(And(Gt(u, 0), Gt(v, 0)), Not(Gt(w, 0)))), minus(ONE, times(minus(ONE, times(above(u, ZERO), above(v, ZERO))), above(w, ZERO))), times(above(u, ZERO), above(v, ZERO))),
    Rule("maximum of two", Max(u, v, evaluate=False), plus(v, times(minus(u, v), above(u, v))), plus(u, times(minus(u, v), above(u, v)))),
    Rule("minimum of two", Min(u, v, evaluate=False), plus(v, times(minus(u, v), above(v, u))), plus(u, times(minus(u, v), above(v, u)))),
    Rule("sign", sign(u, evaluate=False), minus(above(u, ZERO), above(ZERO, u)), above(u, ZERO)),
)  # fmt: skip

FUNCTIONS = (
    Rule("absolute value of a product", size(times(t.number("-2"), u, v)), times(TWO, size(u), size(v)), times(TWO, u, v)),
    Rule("even powers of absolute values", t.power(size(u), THREE), times(square(u), size(u)), t.power(u, THREE)),
    Rule("absolute value of what has a sign", size(e(u)), e(u), t.negate(e(u))),
    Rule("absolute value of a power", size(t.power(u, k)), t.power(size(u), k), t.power(u, k), Context(), NATURAL),
    Rule("even powers of powers of absolute values", square(t.power(size(u), k)), square(t.power(u, k)), t.power(u, k), Context(), NATURAL),
    Rule("exp of a sum", e(plus(u, times(TWO, v))), times(e(u), square(e(v))), plus(e(u), square(e(v)))),
    Rule("exp of a logarithm", e(times(TWO, ln(u))), square(u), times(TWO, u)),
    Rule("exp of a logarithm of a power", e(times(HALF, ln(square(u)))), size(u), u),
    Rule("log of a product", ln(times(u, v)), plus(ln(u), ln(v)), times(ln(u), ln(v))),
    Rule("log of a power", ln(over(u, square(v))), minus(ln(u), times(TWO, ln(v))), minus(ln(u), ln(v))),
    Rule("log of an exponential", ln(times(u, e(v))), plus(v, ln(u)), times(v, ln(u))),
    Rule("log of a number", ln(Integer(12)), plus(times(TWO, ln(TWO)), ln(THREE)), plus(ln(TWO), ln(THREE))),
    Rule("symbolic exponents add", t.power(u, plus(v, w)), times(t.power(u, v), t.power(u, w)), plus(t.power(u, v), t.power(u, w)), where(Gt(u, 0))),
    Rule("symbolic powers of products", t.power(times(u, square(w)), v), times(t.power(u, v), t.power(size(w), times(TWO, v))), times(t.power(u, v), t.power(w, v)), where(Gt(u, 0))),
    Rule("symbolic powers of powers", t.power(t.power(u, v), w), t.power(u, times(v, w)), t.power(u, plus(v, w)), where(Gt(u, 0))),
    Rule("symbolic powers of exponentials", t.power(e(u), v), e(times(u, v)), e(plus(u, v))),
    Rule("powers of minus one", t.power(t.number("-1"), times(TWO, k)), ONE, t.power(t.number("-1"), k), Context(), NATURAL),
    Rule("odd and even functions", plus(sin(minus(u, v)), tanh(minus(u, v))), t.negate(plus(sin(minus(v, u)), tanh(minus(v, u)))), plus(sin(minus(v, u)), tanh(minus(v, u)))),
    Rule("sine squared", square(sin(u)), minus(ONE, square(cos(u))), minus(square(cos(u)), ONE)),
    Rule("quotients of sine and cosine", tan(u), over(sin(u), cos(u)), over(cos(u), sin(u))),
    Rule("sums and multiples of angles", sin(plus(u, times(TWO, v))), plus(times(sin(u), minus(times(TWO, square(cos(v))), ONE)), times(TWO, cos(u), sin(v), cos(v))), plus(times(sin(u), minus(times(TWO, square(cos(v))), ONE)), times(cos(u), sin(v), cos(v)))),
    Rule("functions of their inverses", cos(asin(u)), root(minus(ONE, square(u))), root(plus(ONE, square(u)))),
    Rule("inverse functions opened", asinh(u), ln(plus(u, root(plus(square(u), ONE)))), ln(plus(u, root(plus(square(u), TWO))))),
    Rule("hyperbolic functions opened", tanh(u), over(minus(e(u), e(t.negate(u))), plus(e(u), e(t.negate(u)))), over(plus(e(u), e(t.negate(u))), minus(e(u), e(t.negate(u))))),
    Rule("hyperbolic functions among themselves", minus(square(cosh(u)), square(sinh(u))), ONE, plus(ONE, u)),
    Rule("digamma", times(digamma(u, evaluate=False), gamma(u)), t.function_derivative("gamma", [1], u), gamma(u)),
    Rule("gamma", gamma(plus(u, ONE)), times(u, gamma(u)), times(plus(u, ONE), gamma(u))),
    Rule("functions defined in the document", t.apply("f", times(TWO, u)), plus(times(Integer(4), square(u)), ONE), plus(times(TWO, square(u)), ONE), Context(functions={"f": FunctionDefinition("f", (v,), plus(square(v), ONE))})),
)  # fmt: skip

SUMS = (
    Rule("a delta contracted", total(times(t.delta(i, k), x(k)), (k, n)), x(i), total(x(k), (k, n)), VECTORS, ONE_I),
    Rule("a delta contracted, the range kept as a guard", total(times(t.delta(plus(i, ONE), k), x(k)), (k, n)), times(at_least(minus(n, ONE), i), x(plus(i, ONE))), x(i), VECTORS, ONE_I),
    Rule("a delta contracted through labels", total(times(t.delta(k, el("y", j)), x(k)), (k, n)), x(el("y", j)), x(j), LABELS, {j: full(m)}),
    Rule("factors pulled out", total(times(u, x(i), x(k)), (k, n)), times(u, x(i), total(x(k), (k, n))), times(u, x(i), x(i)), VECTORS, ONE_I),
    Rule("counting", total(u, (k, n)), times(n, u), u),
    Rule("sums of sums", total(plus(x(k), y(k)), (k, n)), plus(total(x(k), (k, n)), total(y(k), (k, n))), total(times(x(k), y(k)), (k, n)), VECTORS),
    Rule("nested sums merged", total(times(x(i), total(times(a(i, k), x(k)), (k, n))), (i, n)), total(times(x(p), a(q, p), x(q)), (q, n), (p, n)), total(times(x(p), a(p, p)), (p, n)), VECTORS),
    Rule("independent sums separated", total(times(x(i), y(k)), (i, n), (k, n)), times(total(x(i), (i, n)), total(y(k), (k, n))), total(times(x(i), y(i)), (i, n)), VECTORS),
    Rule("powers of a sum", square(total(x(k), (k, n))), total(times(x(p), x(q)), (p, n), (q, n)), total(square(x(k)), (k, n)), VECTORS),
    Rule("bound names", total(times(a(p, q), a(q, p), x(q)), (p, n), (q, n)), total(times(a(k, i), a(i, k), x(k)), (i, n), (k, n)), total(times(a(k, i), a(k, i), x(k)), (i, n), (k, n)), VECTORS),
    Rule("opposite labellings", total(times(minus(a(p, q), a(q, p)), x(p), x(q)), (p, n), (q, n)), ZERO, total(times(a(p, q), x(p), x(q)), (p, n), (q, n)), VECTORS),
    Rule("finite ranges start at one", t.sum_over(times(k, x(minus(k, ONE))), k, TWO, n), total(times(plus(k, ONE), x(k)), (k, minus(n, ONE))), total(times(k, x(k)), (k, minus(n, ONE))), VECTORS),
    Rule("indices over all integers shifted", everywhere(times(el("v", p), el("w", minus(i, p))), p), everywhere(times(el("w", plus(q, i)), el("v", t.negate(q))), q), everywhere(times(el("w", plus(q, i)), el("v", q)), q), SEQUENCES, {i: EVERYWHERE}),
    Rule("dependent ranges become guards", t.sum_over(t.sum_over(a(i, k), k, ONE, i), i, ONE, n), total(times(at_least(i, k), a(i, k)), (k, n), (i, n)), total(times(at_least(k, i), a(i, k)), (k, n), (i, n)), VECTORS),
    Rule("a sum without a part of it", size(minus(total(e(x(k)), (k, n)), total(times(above(k, i), e(x(k))), (k, n)))), total(times(at_least(i, k), e(x(k))), (k, n)), minus(total(times(above(k, i), e(x(k))), (k, n)), total(e(x(k)), (k, n))), VECTORS, ONE_I),
    Rule("a guard is a range", total(times(at_least(k, TWO), x(k)), (k, n)), t.sum_over(x(k), k, TWO, n), total(x(k), (k, n)), VECTORS),
    Rule("symmetric pairs", total(times(above(q, p), x(p), x(q)), (p, n), (q, n)), times(HALF, minus(square(total(x(k), (k, n))), total(square(x(k)), (k, n)))), times(HALF, square(total(x(k), (k, n)))), VECTORS),
    Rule("ranges that end at data", t.sum_over(x(k), k, ONE, el("y", j)), total(times(at_least(el("y", j), k), x(k)), (k, n)), total(times(at_least(k, el("y", j)), x(k)), (k, n)), LABELS, {j: full(m)}),
    Rule("a sum over its own denominator", total(softmax, (i, n)), ONE, over(ONE, n), VECTORS),
    Rule("a sum over its own denominator, with more around it", total(times(a(i, j), over(e(a(i, p)), total(e(a(i, k)), (k, n)))), (p, n), (i, n)), total(a(i, j), (i, n)), times(n, total(a(i, j), (i, n))), VECTORS, {j: full(n)}),
    Rule("equal sums merged", total(over(plus(x(k), ONE), plus(square(x(k)), times(TWO, x(k)), ONE)), (k, n)), total(over(ONE, plus(x(k), ONE)), (k, n)), total(over(ONE, x(k)), (k, n)), VECTORS),
    Rule("ends of sums", t.sum_over(x(k), k, ONE, minus(n, ONE)), minus(total(x(k), (k, n)), x(n)), minus(total(x(k), (k, n)), x(ONE)), VECTORS),
    Rule("ranges as guards", total(times(x(k), overlap("y", minus(plus(i, ONE), k), m)), (k, n)), total(times(el("y", k), overlap("x", minus(plus(i, ONE), k), n)), (k, m)), total(times(el("y", k), overlap("x", minus(i, k), n)), (k, m)), Context(variables={**tensor("x", n), **tensor("y", m)}), {i: full(minus(plus(m, n), ONE))}),
    Rule("short sums written out", total(x(k), (k, THREE)), plus(x(ONE), x(TWO), x(THREE)), plus(x(ONE), x(TWO)), Context(variables=tensor("x", THREE))),
    Rule("finite sums counted from the other end", total(times(x(k), y(minus(plus(n, ONE), k))), (k, n)), total(times(y(k), x(minus(plus(n, ONE), k))), (k, n)), total(times(x(k), y(k)), (k, n)), VECTORS),
    Rule("powers of the index summed", total(square(k), (k, n)), over(times(n, plus(n, ONE), plus(times(TWO, n), ONE)), Integer(6)), over(times(n, plus(n, ONE)), TWO)),
    Rule("windows compared by their tails", total(times(at_least(i, k), at_least(plus(k, minus(m, ONE)), i), x(k), y(minus(plus(i, ONE), k))), (k, n)), total(times(at_least(i, k), at_least(plus(k, minus(n, ONE)), i), y(k), x(minus(plus(i, ONE), k))), (k, m)), total(times(at_least(i, k), at_least(plus(k, minus(n, TWO)), i), y(k), x(minus(plus(i, ONE), k))), (k, m)), Context(variables={**tensor("x", n), **tensor("y", m)}), {i: full(plus(n, m, Integer(-1)))}),
    Rule("products of exponentials", t.product_over(e(x(k)), k, ONE, n), e(total(x(k), (k, n))), total(e(x(k)), (k, n)), VECTORS),
    Rule("products of products", t.product_over(times(u, x(k), square(y(k))), k, ONE, n), times(t.power(u, n), t.product_over(x(k), k, ONE, n), square(t.product_over(y(p), p, ONE, n))), times(u, t.product_over(x(k), k, ONE, n), square(t.product_over(y(p), p, ONE, n))), VECTORS),
    Rule("log of a product over an index", ln(t.product_over(x(k), k, ONE, n)), total(ln(x(k)), (k, n)), total(x(k), (k, n)), Context(variables=tensor("x", n), hypotheses=(Hypothesis("x > 0", relation=Gt(x(k), 0), indices={k: full(n)}),))),
    Rule("products with one factor excepted", t.product_over(t.cases((ONE, Eq(k, j)), otherwise=x(k)), k, ONE, n), over(t.product_over(x(k), k, ONE, n), x(j)), t.product_over(x(k), k, ONE, n), VECTORS, {j: full(n)}),
    Rule("the maximum of what does not depend on the index", t.maximum_over(u, k, ONE, n), u, times(n, u)),
)  # fmt: skip

MATRIX_RULES = (
    Rule("an inverse meets its matrix", total(times(inverse("A", n, i, k), a(k, j)), (k, n)), t.delta(i, j), ONE, MATRICES, TWO_I),
    Rule("an inverse meets the sum it inverts", total(times(inverse_of(plus(a(r, s), el("B", r, s)), i, k), a(k, j)), (k, n)), minus(t.delta(i, j), total(times(inverse_of(plus(a(r, s), el("B", r, s)), i, k), el("B", k, j)), (k, n))), t.delta(i, j), MATRICES, TWO_I),
    Rule("inverse of a multiple", inverse_of(times(u, a(r, s)), i, j), over(inverse("A", n, i, j), u), times(u, inverse("A", n, i, j)), MATRICES, TWO_I),
    Rule("inverse of a transpose", inverse_of(a(s, r), i, j), inverse("A", n, j, i), inverse("A", n, i, j), MATRICES, TWO_I),
    Rule("inverse of an inverse", inverse_of(inverse("A", n, r, s), i, j), a(i, j), a(j, i), MATRICES, TWO_I),
    Rule("inverse of a diagonal matrix", inverse_of(times(t.delta(r, s), x(r)), i, j), over(t.delta(i, j), x(i)), t.delta(i, j), MATRICES, TWO_I),
    Rule("inverse of a product", inverse_of(total(times(a(r, p), el("B", p, s)), (p, n)), i, j), total(times(inverse("B", n, i, k), inverse("A", n, k, j)), (k, n)), total(times(inverse("A", n, i, k), inverse("B", n, k, j)), (k, n)), MATRICES, TWO_I),
    Rule("determinant of a positive multiple", determinant_of(times(TWO, a(r, s))), times(t.power(TWO, n), determinant("A", n)), times(TWO, determinant("A", n)), MATRICES),
    Rule("determinant of a transpose", determinant_of(a(s, r)), determinant("A", n), t.negate(determinant("A", n)), MATRICES),
    Rule("determinant of a diagonal matrix", determinant_of(times(t.delta(r, s), x(r))), t.product_over(x(k), k, ONE, n), total(x(k), (k, n)), MATRICES),
    Rule("determinant of an inverse", determinant_of(inverse("A", n, r, s)), over(ONE, determinant("A", n)), determinant("A", n), MATRICES),
    Rule("determinant of a product", determinant_of(total(times(a(r, p), el("B", p, s)), (p, n))), times(determinant("A", n), determinant("B", n)), determinant("A", n), MATRICES),
    Rule("determinant of a power", determinant_of(power_of(k, r, s)), t.power(determinant("A", n), k), times(k, determinant("A", n)), MATRICES, {k: Range(ONE, THREE)}),
    Rule("determinant of a triangular matrix", determinant_of(times(at_least(r, s), a(r, s))), t.product_over(a(k, k), k, ONE, n), total(a(k, k), (k, n)), VECTORS),
    Rule("small powers of a matrix", power_of(TWO, i, j), total(times(a(i, k), a(k, j)), (k, n)), square(a(i, j)), MATRICES, TWO_I),
    Rule("powers of a matrix join", total(times(power_of(l, i, k), a(k, j)), (k, n)), power_of(plus(l, ONE), i, j), power_of(l, i, j), MATRICES, {**TWO_I, l: Range(ONE, THREE)}),
)  # fmt: skip

ONE_HOT = Context(
    variables=tensor("x", n),
    hypotheses=(Hypothesis("x one-hot", property=Property.ONE_HOT, matrix=MatrixTerm(r, s, n, ONE, x(r))),),
)

HYPOTHESES = (
    Rule("symmetric", minus(times(a(i, j), x(i)), times(a(j, i), x(i))), ZERO, a(i, j), matrix_is(Property.SYMMETRIC), TWO_I),
    Rule("antisymmetric", plus(a(i, j), a(j, i), a(i, i)), ZERO, a(i, j), matrix_is(Property.ANTISYMMETRIC), TWO_I),
    Rule("diagonal", a(i, j), times(t.delta(i, j), a(i, i)), a(i, i), matrix_is(Property.DIAGONAL), TWO_I),
    Rule("lower triangular", a(i, j), times(at_least(i, j), a(i, j)), times(at_least(j, i), a(i, j)), matrix_is(Property.LOWER_TRIANGULAR), TWO_I),
    Rule("upper triangular", a(i, j), times(at_least(j, i), a(i, j)), times(at_least(i, j), a(i, j)), matrix_is(Property.UPPER_TRIANGULAR), TWO_I),
    Rule("orthogonal", total(times(a(k, i), a(k, j)), (k, n)), t.delta(i, j), ONE, matrix_is(Property.ORTHOGONAL), TWO_I),
    Rule("determinant of an orthogonal matrix", times(u, square(determinant("A", n)), size(determinant("A", n))), u, times(u, determinant("A", n)), matrix_is(Property.ORTHOGONAL)),
    Rule("positive definite", size(determinant("A", n)), determinant("A", n), t.negate(determinant("A", n)), matrix_is(Property.POSITIVE_DEFINITE)),
    Rule("one-hot", times(x(i), x(j)), times(t.delta(i, j), x(i)), x(i), ONE_HOT, TWO_I),
    Rule("an equation rewrites an element", plus(x(i), u), plus(times(TWO, y(i)), u), plus(y(i), u), Context(variables=VECTORS.variables, hypotheses=(Hypothesis("x = 2y", equation=(x(k), times(TWO, y(k))), indices={k: full(n)}),)), ONE_I),
    Rule("an equation rewrites a sum", total(times(THREE, x(k)), (k, n)), THREE, ONE, Context(variables=tensor("x", n), hypotheses=(Hypothesis("sum x = 1", equation=(total(x(k), (k, n)), ONE)),))),
    Rule("a known sign", size(x(i)), x(i), t.negate(x(i)), Context(variables=tensor("x", n), hypotheses=(Hypothesis("x > 0", relation=Gt(x(k), 0), indices={k: full(n)}),)), ONE_I),
    Rule("a known sign, shifted", size(minus(times(TWO, u), ONE)), minus(times(TWO, u), ONE), minus(ONE, times(TWO, u)), where(Gt(u, 1))),
    Rule("known not to vanish", is_(Ne(u, ZERO, evaluate=False)), ONE, ZERO, where(Ne(u, 0))),
    Rule("an absolute value known not to be a number", equal(u, ONE), ZERO, ONE, where(Ne(size(u), 1))),
    Rule("what is assumed of a name is known of what it stands for", size(minus(u, v)), w, t.negate(w), GAP),
    Rule("known bounds of integers", at_least(k, TWO), ONE, at_least(k, Integer(4)), where(Gt(k, 2)), NATURAL),
)  # fmt: skip

CASES = (
    Rule("case distinction", minus(Max(u, ZERO, evaluate=False), Max(t.negate(u), ZERO, evaluate=False)), u, size(u)),
    Rule("cases that cannot be", Max(ZERO, plus(u, v), evaluate=False), plus(u, v), u, POSITIVE),
    Rule("an absolute value opened", size(u), minus(times(TWO, u, above(u, ZERO)), u), minus(times(TWO, u, above(ZERO, u)), u)),
    Rule("a tie solved", t.cases((u, Eq(u, v)), otherwise=v), v, u),
    Rule("a tie left out where a derivative was taken", Partial(Max(u, ZERO, evaluate=False), u), at_least(u, ZERO), above(ZERO, u)),
)  # fmt: skip

DEFINED = Context(
    variables={**tensor("x", n), **tensor("d", n), **tensor("A", n, n)},
    definitions={
        "d": (Definition("d", (i,), total(times(a(i, k), x(k)), (k, n))),),
        "L": (Definition("L", (), total(square(el("d", k)), (k, n))),),
    },
)
LOSS = t.scalar("L")
RECURSION = Context(
    variables={"h": Variable("h", (Range(ZERO, t.size("T")),))},
    definitions={"h": (Definition("h", (p,), tanh(times(u, el("h", minus(p, ONE)))), Gt(p, 0)),)},
)
UNKNOWN = Context(
    variables={**tensor("x", n), **tensor("d", n)},
    definitions={"d": (Definition("d", (i,), times(TWO, x(i))),)},
    depends={"E": ("d",)},
)
ENERGY = t.scalar("E")

DERIVATIVES = (
    Rule("entries are independent variables", Partial(a(i, j), a(k, l)), times(t.delta(i, k), t.delta(j, l)), times(t.delta(i, l), t.delta(j, k)), MATRICES, FOUR_I),
    Rule("derivatives of sums keep bound names apart", Partial(total(square(x(j)), (j, n)), x(j)), times(TWO, x(j)), times(TWO, n, x(j)), VECTORS, {j: full(n)}),
    Rule("names unfolded", LOSS, total(square(total(times(a(p, q), x(q)), (q, n))), (p, n)), total(total(times(a(p, q), x(q)), (q, n)), (p, n)), DEFINED),
    Rule("chain rule from the variable's side", Partial(LOSS, x(j)), total(times(TWO, el("d", k), a(k, j)), (k, n)), total(times(TWO, el("d", k), a(j, k)), (k, n)), DEFINED, {j: full(n)}),
    Rule("chain rule through an unknown function", Partial(ENERGY, x(j)), times(TWO, Partial(ENERGY, el("d", j))), Partial(ENERGY, el("d", j)), UNKNOWN, {j: full(n)}),
    Rule("one step of a recursion", Partial(el("h", q), el("h", minus(q, ONE))), times(u, minus(ONE, square(el("h", q)))), ZERO, RECURSION, {q: Range(ONE, t.size("T"))}),
    Rule("what comes later has no influence", Partial(el("h", q), el("h", plus(q, ONE))), ZERO, times(u, minus(ONE, square(el("h", q)))), RECURSION, {q: Range(ONE, minus(t.size("T"), ONE))}),
    Rule("one step forwards", Partial(el("h", q), u), times(minus(ONE, square(el("h", q))), plus(el("h", minus(q, ONE)), times(u, Partial(el("h", minus(q, ONE)), u)))), times(minus(ONE, square(el("h", q))), el("h", minus(q, ONE))), RECURSION, {q: Range(ONE, t.size("T"))}),
    Rule("second derivatives", Partial(LOSS, x(i), x(j)), times(TWO, total(times(a(k, i), a(k, j)), (k, n))), times(TWO, total(times(a(i, k), a(j, k)), (k, n))), DEFINED, TWO_I),
    Rule("derivative of an inverse", Partial(inverse("A", n, i, j), a(k, l)), t.negate(times(inverse("A", n, i, k), inverse("A", n, l, j))), times(inverse("A", n, i, k), inverse("A", n, l, j)), MATRICES, FOUR_I),
    Rule("derivative of a determinant", Partial(determinant("A", n), a(i, j)), times(determinant("A", n), inverse("A", n, j, i)), times(determinant("A", n), inverse("A", n, i, j)), MATRICES, TWO_I),
    Rule("derivative of a determinant of a power", Partial(determinant_of(power_of(k, r, s)), a(i, j)), times(k, t.power(determinant("A", n), k), inverse("A", n, j, i)), times(t.power(determinant("A", n), k), inverse("A", n, j, i)), MATRICES, {**TWO_I, k: Range(ONE, THREE)}),
    Rule("derivative of a product over an index", Partial(t.product_over(x(k), k, ONE, n), x(j)), over(t.product_over(x(k), k, ONE, n), x(j)), t.product_over(x(k), k, ONE, n), VECTORS, {j: full(n)}),
    Rule("derivative of a maximum over an index", Partial(t.maximum_over(x(k), k, ONE, n), x(j)), equal(x(j), t.maximum_over(x(k), k, ONE, n)), ONE, VECTORS, {j: full(n)}),
    Rule("derivative of a power with its exponent", Partial(t.power(u, u), u), times(t.power(u, u), plus(ln(u), ONE)), times(u, t.power(u, minus(u, ONE))), where(Gt(u, 0))),
    Rule("derivative of a function of its own entry", Partial(el("E", i), x(j)), times(t.delta(i, j), Partial(el("E", j), x(j))), Partial(el("E", j), x(j)), BATCH, TWO_I),
    Rule("derivatives of unknown functions", Partial(t.apply("f", square(u)), u), times(TWO, u, t.function_derivative("f", [1], square(u))), t.function_derivative("f", [1], square(u))),
)  # fmt: skip

RULES: tuple[Rule, ...] = (
    *ARITHMETIC,
    *INDICATORS,
    *FUNCTIONS,
    *SUMS,
    *MATRIX_RULES,
    *HYPOTHESES,
    *CASES,
    *DERIVATIVES,
)
