"""One function per node: the code of a term that stands for a number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from flint import arb, fmpq
from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
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
from sympy.core.function import Application, AppliedUndef
from sympy.core.numbers import EulerGamma, Exp1, Pi

from checker.calculus import terms
from checker.judge import binders, calls, elementary
from checker.judge.indices import is_index_condition
from checker.judge.machine import Code, Run, union
from checker.judge.scalars import (
    ONE,
    ZERO,
    Scalar,
    Undefined,
    Unsupported,
    general_power,
    integer_power,
    rational_power,
    reciprocal,
)

if TYPE_CHECKING:
    from checker.judge.compile import Compiler, Scope

Rule = Callable[["Compiler", Any, "Scope"], Code]


def rule_for(term: Expr) -> Rule:
    """The row of the term's node type."""
    for kind in type(term).__mro__:
        rule = RULES.get(kind)
        if rule is not None:
            return rule
    if isinstance(term, Application):
        return calls.elementary_function
    raise Unsupported(f"a term of the kind {type(term).__name__}")


# ------------------------------------------------------------------------------------------ atoms


def _rational(compiler: Compiler, term: Any, scope: Scope) -> Code:
    value = fmpq(int(term.p), int(term.q))
    compiler.literals.update((abs(int(term.p)), int(term.q)))
    return Code(lambda: value)


def _pi(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return Code(lambda: arb.pi())


def _euler_number(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return Code(lambda: arb(1).exp())


def _euler_gamma(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return Code(lambda: arb.const_euler())


def _symbol(compiler: Compiler, term: Any, scope: Scope) -> Code:
    machine = compiler.machine
    registers = machine.registers
    if term in scope:
        register = machine.register(term)
        return Code(lambda: registers[register], frozenset((register,)))
    if term.is_integer:
        register = machine.register(term)
        return Code(lambda: fmpq(registers[register]), frozenset((register,)))
    return _entry(compiler, term.name, ())


def _indexed(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _entry(compiler, term.base.label.name, tuple(term.indices))


def _entry(compiler: Compiler, label: str, indices: tuple[Expr, ...]) -> Code:
    machine, name = compiler.machine, compiler.name(label)
    key, cell = compiler.key(name, indices), name.cell
    run_key = key.run

    def run() -> Scalar:
        at = run_key()
        value = machine.cells[cell].get(at)
        return machine.compute(name, at) if value is None else value

    def run_scalar() -> Scalar:
        value = machine.cells[cell].get(())
        return machine.compute(name, ()) if value is None else value

    return Code(run if indices else run_scalar, key.free, key.names | 1 << cell)


# ------------------------------------------------------------------------------------- arithmetic


def _flattened(kind: type[Expr], term: Expr) -> Iterator[Expr]:
    """The operands of nested sums or products, without recursion on depth."""
    todo = [term]
    while todo:
        top = todo.pop()
        if isinstance(top, kind):
            todo.extend(reversed(top.args))
        else:
            yield top


def _add(compiler: Compiler, term: Any, scope: Scope) -> Code:
    codes = [compiler.number(a, scope) for a in _flattened(Add, term)]
    free, names = union(codes)
    runs = [c.run for c in codes]
    if len(runs) == 2:
        first, second = runs
        return Code(lambda: first() + second(), free, names)

    def run() -> Scalar:
        total = runs[0]()
        for r in runs[1:]:
            total = total + r()
        return total

    return Code(run, free, names)


def _multiply(compiler: Compiler, term: Any, scope: Scope) -> Code:
    """A product; a δ or bracket over indices that is 0 makes it 0, whatever the rest is (Iverson's convention)."""
    factors = list(_flattened(Mul, term))
    gates = [f for f in factors if _is_gate(compiler, f)]
    codes = [compiler.number(f, scope) for f in [*gates, *(f for f in factors if f not in gates)]]
    free, names = union(codes)
    runs = [c.run for c in codes]
    if not gates:
        return Code(_product_run(runs), free, names)
    gate_runs, other_runs = [compiler.number(g, scope).run for g in gates], runs[len(gates) :]
    rest = _product_run(other_runs) if other_runs else (lambda: ONE)

    def run() -> Scalar:
        value: Scalar = ONE
        for gate in gate_runs:
            found = gate()
            if type(found) is fmpq and not found:
                return ZERO
            value = value * found
        return rest() if value == 1 else value * rest()

    return Code(run, free, names)


def _product_run(runs: list[Run]) -> Run:
    if len(runs) == 1:
        return runs[0]
    if len(runs) == 2:
        first, second = runs
        return lambda: first() * second()

    def run() -> Scalar:
        value = runs[0]()
        for r in runs[1:]:
            value = value * r()
        return value

    return run


def _is_gate(compiler: Compiler, term: Expr) -> bool:
    if isinstance(term, KroneckerDelta):
        return True
    return isinstance(term, Piecewise) and all(
        row.args[0].is_Integer and is_index_condition(compiler, row.args[1]) for row in term.args
    )


def _power(compiler: Compiler, term: Any, scope: Scope) -> Code:
    base_term, exponent_term = term.args
    if isinstance(base_term, Exp1):
        inner = compiler.number(exponent_term, scope)
        return compiler.keep(Code(lambda: elementary.exponential(inner.run()), inner.free, inner.names))
    base = compiler.number(base_term, scope)
    run_base = base.run
    if exponent_term.is_Integer:
        n = int(exponent_term)
        if n == -1:
            return compiler.keep(Code(lambda: reciprocal(run_base()), base.free, base.names))
        return Code(lambda: integer_power(run_base(), n), base.free, base.names)
    if exponent_term.is_Rational:
        q = fmpq(int(exponent_term.p), int(exponent_term.q))
        return compiler.keep(Code(lambda: rational_power(run_base(), q), base.free, base.names))
    exponent = compiler.number(exponent_term, scope)
    free, names = union([base, exponent])
    return compiler.keep(Code(lambda: general_power(run_base(), exponent.run()), free, names))


# ------------------------------------------------------------------------------- cases and deltas


def _delta(compiler: Compiler, term: Any, scope: Scope) -> Code:
    compiler.note_comparison(*term.args)
    left, right = compiler.integer_or_number(term.args[0]), compiler.integer_or_number(term.args[1])
    a, b = left.run, right.run
    return Code(lambda: ONE if a() == b() else ZERO, left.free | right.free, left.names | right.names)


def _piecewise(compiler: Compiler, term: Any, scope: Scope) -> Code:
    rows = [(compiler.condition(row.args[1], scope), compiler.number(row.args[0], scope)) for row in term.args]
    free, names = union([code for row in rows for code in row])
    pairs = [(condition.run, value.run) for condition, value in rows]

    def run() -> Scalar:
        for holds, value in pairs:
            if holds():
                return value()
        raise Undefined("no case applies")

    return Code(run, free, names)


def _extreme(join: Callable[[Scalar, Scalar], Scalar]) -> Rule:
    def rule(compiler: Compiler, term: Any, scope: Scope) -> Code:
        codes = [compiler.number(a, scope) for a in term.args]
        free, names = union(codes)
        runs = [c.run for c in codes]

        def run() -> Scalar:
            value = runs[0]()
            for r in runs[1:]:
                value = join(value, r())
            return value

        return Code(run, free, names)

    return rule


RULES: dict[type, Rule] = {
    Rational: _rational,
    Pi: _pi,
    Exp1: _euler_number,
    EulerGamma: _euler_gamma,
    Symbol: _symbol,
    Indexed: _indexed,
    Add: _add,
    Mul: _multiply,
    Pow: _power,
    Sum: binders.sum_over,
    Product: binders.product,
    terms.Maximum: binders.maximum,
    KroneckerDelta: _delta,
    Piecewise: _piecewise,
    AppliedUndef: calls.applied,
    terms.FunctionDerivative: calls.function_derivative,
    terms.Partial: calls.partial,
    terms.Inverse: binders.inverse,
    terms.Determinant: binders.determinant,
    terms.MatrixPower: binders.matrix_power,
    Abs: calls.absolute,
    Max: _extreme(elementary.larger),
    Min: _extreme(elementary.smaller),
}

__all__ = ["RULES", "rule_for"]
