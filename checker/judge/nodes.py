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
from checker.judge import elementary, linear
from checker.judge.indices import is_index_condition
from checker.judge.machine import Code, Frame, Run, union
from checker.judge.scalars import (
    ONE,
    ZERO,
    Dual,
    Scalar,
    Undefined,
    Unsupported,
    general_power,
    integer_power,
    part,
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
        return _elementary
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


def _flattened(kind: type, term: Expr) -> Iterator[Expr]:
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


# ---------------------------------------------------------------------------------------- binders


class Accumulator:
    """A running total that does not copy a dual's parts at every step."""

    __slots__ = ("total", "tag", "value", "parts")

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


def _sum(compiler: Compiler, term: Any, scope: Scope) -> Code:
    machine = compiler.machine
    register, low, high, free, names = _limits(compiler, term)
    body = compiler.number(term.function, scope)
    registers, run_body = machine.registers, body.run
    if low is None or high is None:
        from checker.judge.support import Window

        values = Window(compiler, term, low, high, free | (body.free - {register}), body.names).values
    else:
        run_low, run_high = low.run, high.run

        def values() -> range | tuple[int, ...]:
            return range(run_low(), run_high() + 1)

    def run() -> Scalar:
        over = values()
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


def _product(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _folded(compiler, term, scope, lambda a, b: a * b, ONE)


def _maximum(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _folded(compiler, term, scope, elementary.larger, None)


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


# -------------------------------------------------------------------------------------- functions


def _elementary(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _apply_elementary(compiler, type(term).__name__, term.args, scope)


def _apply_elementary(compiler: Compiler, function: str, arguments: tuple[Expr, ...], scope: Scope) -> Code:
    codes = [compiler.number(a, scope) for a in arguments]
    free, names = union(codes)
    if len(codes) == 1:
        inner, call = codes[0].run, elementary.UNARY.get(function) or elementary.UNARY_OTHER.get(function)
        if call is not None:
            apply = call
            return compiler.keep(Code(lambda: apply(inner()), free, names))
    if function == "log" and len(codes) == 2:
        argument, base, log = codes[0].run, codes[1].run, elementary.logarithm
        return compiler.keep(Code(lambda: log(argument()) * reciprocal(log(base())), free, names))
    binary = elementary.BINARY.get(function)
    if binary is not None and len(codes) == 2:
        join, first, second = binary, codes[0].run, codes[1].run
        return compiler.keep(Code(lambda: join(first(), second()), free, names))
    raise Unsupported(f"the function {function} of {len(codes)} arguments")


def _absolute(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _apply_elementary(compiler, "Abs", term.args, scope)


def _applied(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _call(compiler, type(term).__name__, (0,) * len(term.args), term.args, scope)


def _function_derivative(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _call(compiler, term.function, term.orders, term.arguments, scope)


def _call(
    compiler: Compiler, function: str, orders: tuple[int, ...], arguments: tuple[Expr, ...], scope: Scope
) -> Code:
    """f, or a derivative of it, at the arguments: by its definition, as an elementary function, or unknown."""
    if len(orders) != len(arguments):
        raise Unsupported(f"a derivative of {function} with {len(orders)} orders and {len(arguments)} arguments")
    if function in compiler.context.functions:
        return _call_defined(compiler, function, orders, arguments, scope)
    if function in elementary.UNARY or function in elementary.UNARY_OTHER or function in elementary.BINARY:
        if not any(orders):
            return _apply_elementary(compiler, function, arguments, scope)
        return _differentiated_elementary(compiler, function, orders, arguments, scope)
    machine = compiler.machine
    codes = [compiler.number(a, scope) for a in arguments]
    free, names = union(codes)
    runs = [c.run for c in codes]
    compiler.applied.add((function, len(codes)))
    return Code(lambda: machine.smooth(function, len(runs))([r() for r in runs], orders), free, names)


def _differentiated_elementary(
    compiler: Compiler, function: str, orders: tuple[int, ...], arguments: tuple[Expr, ...], scope: Scope
) -> Code:
    machine = compiler.machine
    codes = [compiler.number(a, scope) for a in arguments]
    free, names = union(codes)
    places = [Symbol(f"argument {i}") for i in range(len(arguments))]
    registers = [machine.register(p) for p in places]
    compiler.parameters.update(registers)
    from checker.judge.compile import Scope as Symbols

    inner = _apply_elementary(compiler, function, tuple(places), Symbols(places))
    return Code(_seeded_call(compiler, registers, [c.run for c in codes], orders, inner.run, ()), free, names)


def _call_defined(
    compiler: Compiler, function: str, orders: tuple[int, ...], arguments: tuple[Expr, ...], scope: Scope
) -> Code:
    registers, body = compiler.function_body(function)
    if len(registers) != len(arguments):
        raise Unsupported(f"{function} has {len(registers)} parameters and is given {len(arguments)} arguments")
    codes = [compiler.number(a, scope) for a in arguments]
    free, names = union(codes)
    outer = body.free - set(registers)
    run = _seeded_call(compiler, registers, [c.run for c in codes], orders, body.run, tuple(outer))
    return Code(run, free | (outer - compiler.parameters), names | body.names)


def _seeded_call(
    compiler: Compiler, places: list[int], arguments: list[Run], orders: tuple[int, ...], body: Run, outer: tuple[int, ...]
) -> Run:
    """Run a body with its parameters bound to arguments, each carrying an ε for every derivative asked for."""
    machine = compiler.machine
    registers = machine.registers
    along = [place for place, order in zip(places, orders, strict=True) for _ in range(order)]

    def run() -> Scalar:
        values = [a() for a in arguments]
        here: Frame = machine.frame
        touched = [*places, *outer]
        saved = [registers[p] for p in touched]
        for place, value in zip(places, values, strict=True):
            registers[place] = value
        for place in outer:
            if place not in compiler.parameters:
                registers[place] = machine.top[place]
        for place in along:
            machine.enter(machine.bare_child())
            registers[place] = Dual(machine.frame.depth, ZERO, {(): ONE}) + registers[place]
        machine.nest()
        result = body()
        machine.unnest()
        for place, old in zip(touched, saved, strict=True):
            registers[place] = old
        deepest = machine.frame.depth
        machine.enter(here)
        for tag in range(deepest, here.depth, -1):
            result = part(result, tag, ())
        return result

    return run


# ------------------------------------------------------------------------------------ derivatives


def _partial(compiler: Compiler, term: Any, scope: Scope) -> Code:
    machine = compiler.machine
    body = compiler.number(term.expression, scope)
    variables = [_variable(compiler, v, scope) for v in term.variables]
    free = body.free.union(*(key.free for _, key in variables))
    _, names = union([body, *(key for _, key in variables)])
    for name, _ in variables:
        names |= 0 if name is None else 1 << name.cell
    inside = compiler.keep(body).run
    steps = [(name, key.run, next(iter(key.free)) if name is None else -1) for name, key in variables]

    def run() -> Scalar:
        here: Frame = machine.frame
        seeds: list[tuple[int, Any]] = []
        restore: list[tuple[int, Any]] = []
        for name, key, register in steps:
            at = key()
            if name is None:
                machine.enter(machine.bare_child())
                restore.append((register, machine.registers[register]))
                machine.registers[register] = machine.registers[register] + Dual(machine.frame.depth, ZERO, {(): ONE})
                seeds.append((machine.frame.depth, ()))
            else:
                machine.check_known(name, at)
                single = name.recursive or name.sequence or machine.single_entries
                machine.enter(machine.child(name.cell, at if single else None))
                seeds.append((machine.frame.depth, at))
        result = inside()
        machine.enter(here)
        for register, old in reversed(restore):
            machine.registers[register] = old
        for tag, at in reversed(seeds):
            result = part(result, tag, at)
        return result

    code = Code(run, free, names)
    return compiler.keep(code)


def _variable(compiler: Compiler, term: Expr, scope: Scope) -> tuple[Any, Code]:
    """The name and key of what is differentiated by; a function's own parameter has no name."""
    if isinstance(term, Symbol) and term in scope:
        return None, Code(lambda: (), frozenset((compiler.machine.register(term),)))
    if isinstance(term, Symbol) and not term.is_integer:
        return compiler.name(term.name), Code(lambda: ())
    if isinstance(term, Indexed):
        name = compiler.name(term.base.label.name)
        return name, compiler.key(name, tuple(term.indices))
    raise Unsupported(f"a derivative by a {type(term).__name__}")


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


def _determinant(compiler: Compiler, term: Any, scope: Scope) -> Code:
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


def _inverse(compiler: Compiler, term: Any, scope: Scope) -> Code:
    rows, free, names = _matrix(compiler, term, scope)
    whole = compiler.keep(Code(lambda: linear.inverse(rows()), free, names))
    return _at(compiler, whole, term.position)


def _matrix_power(compiler: Compiler, term: Any, scope: Scope) -> Code:
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
    Sum: _sum,
    Product: _product,
    terms.Maximum: _maximum,
    KroneckerDelta: _delta,
    Piecewise: _piecewise,
    AppliedUndef: _applied,
    terms.FunctionDerivative: _function_derivative,
    terms.Partial: _partial,
    terms.Inverse: _inverse,
    terms.Determinant: _determinant,
    terms.MatrixPower: _matrix_power,
    Abs: _absolute,
    Max: _extreme(elementary.larger),
    Min: _extreme(elementary.smaller),
}

__all__ = ["RULES", "rule_for"]
