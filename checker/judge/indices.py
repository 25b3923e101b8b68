"""Index arithmetic and conditions: integers as Python ints, conditions decided exactly or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sympy import Add, Expr, Indexed, Integer, Mul, Pow, Symbol
from sympy.core.relational import Equality, GreaterThan, LessThan, StrictGreaterThan, StrictLessThan, Unequality
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from checker.judge.machine import Code, Machine, as_integer, union
from checker.judge.scalars import Unsupported, smooth_sign

if TYPE_CHECKING:
    from checker.judge.compile import Compiler, Scope


def is_integral(compiler: Compiler, term: Expr) -> bool:
    """Whether a term is index arithmetic through and through."""
    if isinstance(term, Integer):
        return True
    if isinstance(term, Symbol):
        return bool(term.is_integer)
    if isinstance(term, (Add, Mul)):
        return all(is_integral(compiler, a) for a in term.args)
    if isinstance(term, Pow):
        exponent = term.args[1]
        return isinstance(exponent, Integer) and exponent >= 0 and is_integral(compiler, term.args[0])
    if isinstance(term, Indexed):
        variable = compiler.context.variables.get(term.base.label.name)
        return variable is not None and variable.integer
    return False


def integer(compiler: Compiler, term: Expr, role: str) -> Code:
    """Code for an integer.  ``role`` says what names met on the way hold: a "size" or an "index"."""
    if isinstance(term, Integer):
        value = int(term)
        compiler.literals.add(abs(value))
        return Code(lambda: value)
    if isinstance(term, Symbol) and term.is_integer:
        register, registers = compiler.machine.register(term), compiler.machine.registers
        return Code(lambda: registers[register], frozenset((register,)))
    if isinstance(term, (Indexed, Symbol)):
        name = compiler.name(term.base.label.name if isinstance(term, Indexed) else term.name)
        if name.integral != "size":
            name.integral = role
    elif is_integral(compiler, term) or _sized(term):
        if isinstance(term, Add):
            return _fold(compiler, term, role, lambda a, b: a + b)
        if isinstance(term, Mul):
            return _fold(compiler, term, role, lambda a, b: a * b)
        if isinstance(term, Pow):
            base, exponent = integer(compiler, term.args[0], role), int(term.args[1])
            if exponent > 64:
                raise Unsupported("an index with a large power")
            return Code(lambda: base.run() ** exponent, base.free, base.names)
    code = compiler.number(term)
    run = code.run
    return Code(lambda: as_integer(run()), code.free, code.names)


def _sized(term: Expr) -> bool:
    """An Add or integer multiple over sizes that depend on a layer, such as ``n[k - 1] + 1``."""
    if isinstance(term, (Add, Mul)):
        return all(_sized(a) for a in term.args)
    return isinstance(term, (Integer, Indexed)) or (isinstance(term, Symbol) and bool(term.is_integer))


def _fold(compiler: Compiler, term: Expr, role: str, join: Callable[[int, int], int]) -> Code:
    codes = [integer(compiler, a, role) for a in term.args]
    free, names = union(codes)
    if len(codes) == 2:
        left, right = codes[0].run, codes[1].run
        if isinstance(term, Add):
            return Code(lambda: left() + right(), free, names)
        return Code(lambda: left() * right(), free, names)
    runs = [c.run for c in codes]

    def run() -> int:
        total: int = runs[0]()
        for r in runs[1:]:
            total = join(total, r())
        return total

    return Code(run, free, names)


# ------------------------------------------------------------------------------------ conditions

_SIGNS: dict[type, Callable[[int], bool]] = {
    Equality: lambda s: s == 0,
    Unequality: lambda s: s != 0,
    StrictLessThan: lambda s: s < 0,
    LessThan: lambda s: s <= 0,
    StrictGreaterThan: lambda s: s > 0,
    GreaterThan: lambda s: s >= 0,
}


def condition(compiler: Compiler, term: Any, scope: Scope) -> Code:
    if isinstance(term, BooleanTrue):
        return Code(lambda: True)
    if isinstance(term, BooleanFalse):
        return Code(lambda: False)
    if type(term) in _SIGNS:
        return _relation(compiler, term, scope)
    if isinstance(term, (And, Or, Not)):
        codes = [condition(compiler, a, scope) for a in term.args]
        free, names = union(codes)
        runs = [c.run for c in codes]
        if isinstance(term, And):
            return Code(lambda: all(r() for r in runs), free, names)
        if isinstance(term, Or):
            return Code(lambda: any(r() for r in runs), free, names)
        return Code(lambda: not runs[0](), free, names)
    raise Unsupported(f"a condition of the kind {type(term).__name__}")


def _relation(compiler: Compiler, term: Any, scope: Scope) -> Code:
    holds = _SIGNS[type(term)]
    left, right = term.args
    compiler.note_comparison(left, right)
    if not scope and is_integral(compiler, left) and is_integral(compiler, right):
        a, b = integer(compiler, left, "index"), integer(compiler, right, "index")
        return Code(lambda: holds(a.run() - b.run()), a.free | b.free, a.names | b.names)
    a, b = compiler.number(left, scope), compiler.number(right, scope)
    return Code(lambda: holds(smooth_sign(a.run() - b.run())), a.free | b.free, a.names | b.names)


def is_index_condition(compiler: Compiler, term: Any) -> bool:
    """Whether a condition speaks of indices only."""
    if isinstance(term, (BooleanTrue, BooleanFalse)):
        return True
    if type(term) in _SIGNS:
        return all(is_integral(compiler, a) for a in term.args)
    return isinstance(term, (And, Or, Not)) and all(is_index_condition(compiler, a) for a in term.args)


__all__ = ["Machine", "condition", "integer", "is_index_condition", "is_integral"]
