"""Sums, products, maxima and matrices: the nodes that bind an index, as code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from sympy import Expr

from checker.judge import elementary, linear
from checker.judge.machine import Code, Run, union
from checker.judge.point import LONG
from checker.judge.scalars import ONE, ZERO, Dual, Scalar, Undefined, Unsupported
from checker.judge.support import Window

if TYPE_CHECKING:
    from checker.judge.compile import Compiler, Scope


class Accumulator:
    """A running total that does not copy a dual's parts at every step."""

    __slots__ = ("parts", "tag", "total", "value")

    def __init__(self) -> None:
        self.total: Scalar = ZERO
        self.tag = 0
        self.value: Scalar = ZERO
        self.parts: dict[Any, Scalar] = {}

    def add(self, x: Scalar) -> None:
        if type(x) is not Dual:
            self.total = self.total + x
        elif x.tag == self.tag:
            self.value = self.value + x.value
            parts = self.parts
            for key, p in x.parts.items():
                old = parts.get(key)
                parts[key] = p if old is None else old + p
        elif x.tag > self.tag:
            self.total = self.result()
            self.tag, self.value, self.parts = x.tag, x.value, dict(x.parts)
        else:
            self.total = self.total + x

    def result(self) -> Scalar:
        return self.total if self.tag == 0 else Dual(self.tag, self.value, self.parts) + self.total


def _limits(compiler: Compiler, term: Any) -> tuple[int, Code | None, Code | None, frozenset[int], int]:
    if len(term.limits) != 1 or len(term.limits[0]) != 3:
        raise Unsupported("a sum without one explicit range")
    bound, lower, upper = term.limits[0]
    low = None if lower.is_infinite else compiler.bound_of(lower)
    high = None if upper.is_infinite else compiler.bound_of(upper)
    free, names = union([c for c in (low, high) if c is not None])
    if high is not None:
        compiler.uppers[bound] = high.run
    return compiler.bind(bound), low, high, free, names


def _finite(low: Run, high: Run) -> Callable[[], range]:
    return lambda: range(low(), high() + 1)


def sum_over(compiler: Compiler, term: Any, scope: Scope) -> Code:
    machine = compiler.machine
    register, low, high, free, names = _limits(compiler, term)
    body = compiler.number(term.function, scope)
    registers, run_body = machine.registers, body.run
    window = Window(compiler, term, (low, high), free | (body.free - {register}), body.names)
    finite = None if low is None or high is None else _finite(low.run, high.run)

    def run() -> Scalar:
        over: Sequence[int] = window.values() if finite is None else finite()
        if machine.sparse and len(over) > LONG:
            over = window.values()
        machine.spend(len(over))
        saved = registers[register]
        total = Accumulator()
        for value in over:
            registers[register] = value
            total.add(run_body())
        registers[register] = saved
        return total.result()

    return compiler.keep(Code(run, free | (body.free - {register}), names | body.names))


def _folded(compiler: Compiler, term: Any, scope: Scope, join: Callable[[Scalar, Scalar], Scalar], empty: Any) -> Code:
    machine = compiler.machine
    register, low, high, free, names = _limits(compiler, term)
    if low is None or high is None:
        raise Unsupported("a product or maximum over an infinite range")
    body = compiler.number(term.function, scope)
    registers, run_low, run_high, run_body = machine.registers, low.run, high.run, body.run

    def run() -> Scalar:
        over = range(run_low(), run_high() + 1)
        machine.spend(len(over))
        saved = registers[register]
        total = empty
        for value in over:
            registers[register] = value
            found = run_body()
            total = found if total is None else join(total, found)
        registers[register] = saved
        if total is None:
            raise Undefined("the maximum of nothing")
        return total

    return compiler.keep(Code(run, free | (body.free - {register}), names | body.names))


def product(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _folded(compiler, term, scope, lambda a, b: a * b, ONE)


def maximum(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _folded(compiler, term, scope, elementary.larger, None)


# --------------------------------------------------------------------------------------- matrices


def _matrix(compiler: Compiler, term: Any, scope: Scope) -> tuple[Callable[[], linear.Rows], frozenset[int], int]:
    machine = compiler.machine
    row, column = compiler.bind(term.row), compiler.bind(term.column)
    order, body = compiler.bound_of(term.order), compiler.number(term.body, scope)
    registers, run_order, run_body = machine.registers, order.run, body.run

    def rows() -> linear.Rows:
        n = run_order()
        machine.spend(n * n * n)
        saved = registers[row], registers[column]
        result = []
        for i in range(1, n + 1):
            line = []
            for j in range(1, n + 1):
                registers[row], registers[column] = i, j
                line.append(run_body())
            result.append(line)
        registers[row], registers[column] = saved
        return result

    return rows, order.free | (body.free - {row, column}), order.names | body.names


def determinant(compiler: Compiler, term: Any, scope: Scope) -> Code:
    rows, free, names = _matrix(compiler, term, scope)
    return compiler.keep(Code(lambda: linear.determinant(rows()), free, names))


def _at(compiler: Compiler, whole: Code, position: tuple[Expr, Expr]) -> Code:
    """An element of a computed matrix."""
    row, column = compiler.integer(position[0]), compiler.integer(position[1])
    free, names = union([whole, row, column])

    def run() -> Scalar:
        i, j, matrix = row.run(), column.run(), whole.run()
        if not (1 <= i <= len(matrix) and 1 <= j <= len(matrix)):
            raise Undefined("an index outside a matrix")
        return matrix[i - 1][j - 1]

    return Code(run, free, names)


def inverse(compiler: Compiler, term: Any, scope: Scope) -> Code:
    rows, free, names = _matrix(compiler, term, scope)
    whole = compiler.keep(Code(lambda: linear.inverse(rows()), free, names))
    return _at(compiler, whole, term.position)


def matrix_power(compiler: Compiler, term: Any, scope: Scope) -> Code:
    rows, free, names = _matrix(compiler, term, scope)
    exponent = compiler.integer(term.exponent)
    machine = compiler.machine

    def run() -> linear.Rows:
        n = exponent.run()
        if abs(n) > 64:
            raise Undefined("a matrix power too large to evaluate")
        matrix = rows()
        machine.spend(abs(n) * len(matrix) ** 3)
        return linear.power(matrix, n)

    whole = compiler.keep(Code(run, free | exponent.free, names | exponent.names))
    return _at(compiler, whole, term.position)
