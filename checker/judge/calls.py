"""Functions (elementary, defined, unknown), their derivatives, and ∂: as code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sympy import Expr, Indexed, Symbol

from checker.calculus.functions import ELEMENTARY
from checker.judge import elementary
from checker.judge.machine import Code, Frame, Run, union
from checker.judge.scalars import ONE, ZERO, Dual, Scalar, Unsupported, part, reciprocal

if TYPE_CHECKING:
    from checker.judge.compile import Compiler, Scope

# -------------------------------------------------------------------------------------- functions


def elementary_function(compiler: Compiler, term: Any, scope: Scope) -> Code:
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


def absolute(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _apply_elementary(compiler, "Abs", term.args, scope)


def applied(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _call(compiler, type(term).__name__, (0,) * len(term.args), term.args, scope)


def function_derivative(compiler: Compiler, term: Any, scope: Scope) -> Code:
    return _call(compiler, term.function, term.orders, term.arguments, scope)


def _call(
    compiler: Compiler, function: str, orders: tuple[int, ...], arguments: tuple[Expr, ...], scope: Scope
) -> Code:
    """f, or a derivative of it, at the arguments: by its definition, as an elementary function, or unknown."""
    if len(orders) != len(arguments):
        raise Unsupported(f"a derivative of {function} with {len(orders)} orders and {len(arguments)} arguments")
    if function in compiler.context.functions:
        return _call_defined(compiler, function, orders, arguments, scope)
    if function in ELEMENTARY:
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
    compiler: Compiler,
    places: list[int],
    arguments: list[Run],
    orders: tuple[int, ...],
    body: Run,
    outer: tuple[int, ...],
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


def partial(compiler: Compiler, term: Any, scope: Scope) -> Code:
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
