"""Short names for building terms by hand."""

from __future__ import annotations

from sympy import Expr, Integer, Symbol

from checker.calculus import terms as t
from checker.calculus.context import Matrix as MatrixTerm
from checker.calculus.context import Range, Variable

ONE, TWO = Integer(1), Integer(2)
i, j, k, l, p, q, r, s = (t.index(c) for c in "ijklpqrs")
m, n, h = (t.size(c) for c in "mnh")
fresh = [t.index(f"c{k}") for k in range(20)]


def full(size: Expr) -> Range:
    return Range(ONE, size)


def tensor(name: str, *sizes: Expr) -> dict[str, Variable]:
    return {name: Variable(name, tuple(full(size) for size in sizes))}


def el(name: str, *slots: Expr) -> Expr:
    return t.element(name, *slots)


def total(body: Expr, *bounds: tuple[Symbol, Expr]) -> Expr:
    for index, size in reversed(bounds):
        body = t.sum_over(body, index, ONE, size)
    return body


def times(*factors: Expr) -> Expr:
    return t.multiply(*factors)


def plus(*parts: Expr) -> Expr:
    return t.add(*parts)


def minus(a: Expr, b: Expr) -> Expr:
    return t.add(a, t.negate(b))


def square(a: Expr) -> Expr:
    return t.power(a, TWO)


def over(a: Expr, b: Expr) -> Expr:
    return t.divide(a, b)


def inverse(name: str, size: Expr, a: Expr, b: Expr) -> Expr:
    return t.Inverse(r, s, size, el(name, r, s), a, b)


def determinant(name: str, size: Expr) -> Expr:
    return t.Determinant(r, s, size, el(name, r, s))


def matrix(name: str, size: Expr) -> MatrixTerm:
    return MatrixTerm(r, s, size, size, el(name, r, s))
