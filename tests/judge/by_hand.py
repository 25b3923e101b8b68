"""Terms and contexts written by hand, with no parser: short spellings for the tests of the judge."""

from __future__ import annotations

from collections.abc import Mapping

from sympy import Expr, Integer, Symbol, oo

from checker.calculus import terms as t
from checker.calculus.context import (
    Claim,
    Context,
    Definition,
    FunctionDefinition,
    Hypothesis,
    Matrix,
    Property,
    Range,
    Variable,
)
from checker.judge.evaluate import Evaluation, EvaluationOptions, evaluate_claim

a, b, c, d, i, j, k, l, p, q, r, s = (t.index(name) for name in "abcdijklpqrs")
m, n, o, L = (t.size(name) for name in ("m", "n", "o", "L"))
INTEGERS = Range(-oo, oo)
one, two, half = Integer(1), Integer(2), t.number("1/2")
el, sc, add, mul, neg, power, div = t.element, t.scalar, t.add, t.multiply, t.negate, t.power, t.divide


def up_to(size: Expr | int) -> Range:
    return Range(Integer(1), Integer(size) if isinstance(size, int) else size)


def tensor(name: str, *sizes: Expr | int | Range, labels: int = 0) -> Variable:
    return Variable(name, tuple(x if isinstance(x, Range) else up_to(x) for x in sizes), labels)


def variables(*all_: Variable) -> dict[str, Variable]:
    return {v.name: v for v in all_}


def total(body: Expr, *bounds: tuple[Symbol, Expr | int]) -> Expr:
    for bound, size in reversed(bounds):
        body = t.sum_over(body, bound, one, Integer(size) if isinstance(size, int) else size)
    return body


def everywhere(body: Expr, bound: Symbol) -> Expr:
    return t.sum_over(body, bound, -oo, oo)


def defined(name: str, *pattern: Expr, body: Expr, condition: object = True) -> tuple[str, tuple[Definition, ...]]:
    from sympy import sympify

    return name, (Definition(name, pattern, body, sympify(condition)),)


def function(name: str, body: Expr, *parameters: Symbol) -> tuple[str, FunctionDefinition]:
    return name, FunctionDefinition(name, parameters, body)


def assume(*, indices: Mapping[Symbol, Range] | None = None, **form: object) -> Hypothesis:
    return Hypothesis("", indices=indices or {}, **form)  # type: ignore[arg-type]


def matrix_is(kind: Property, name: str, size: Expr, columns: Expr | None = None) -> Hypothesis:
    return assume(property=kind, matrix=Matrix(a, b, size, columns or size, el(name, a, b)))


def derivative(of: Expr, *by: Expr) -> Expr:
    return t.Partial(of, *by)


def judge(
    left: Expr, right: Expr, indices: Mapping[Symbol, Expr | int | Range], context: Context, **options: object
) -> Evaluation:
    ranges = {symbol: x if isinstance(x, Range) else up_to(x) for symbol, x in indices.items()}
    return evaluate_claim(Claim(left, right, ranges), context, EvaluationOptions(**options))  # type: ignore[arg-type]
