"""From terms to closures on a machine: one function per node type, found in a table by the node's type.

Three kinds of code: *numbers* (scalars), *integers* (index arithmetic, bounds: Python ints) and *conditions*.
A node without a row is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sympy import Expr, Indexed, Integer, Symbol
from sympy.core.function import AppliedUndef

from checker.calculus.context import Context, Definition, Range
from checker.calculus.terms import size
from checker.judge.machine import Code, Key, Machine, Name, Rule, Run, SlotRange, union
from checker.judge.scalars import ONE, ZERO, Scalar, Unsupported

Scope = frozenset[Symbol]
NO_SCOPE: Scope = frozenset()
SMALLEST_STAND_IN = 5


class Compiler:
    """Compiles the terms of one statement, and whatever definitions and functions they reach."""

    def __init__(self, context: Context, machine: Machine) -> None:
        self.context, self.machine = context, machine
        self._numbers: dict[tuple[Expr, Scope], Code] = {}
        self._bodies: dict[str, tuple[list[int], Code]] = {}
        self._compiling: set[str] = set()
        self._pending: list[Name] = []
        self.parameters: set[int] = set()
        self.bound: set[int] = set()
        self.targets: dict[Symbol, tuple[Name, int]] = {}
        self.unbound: set[int] = set()
        self.applied: set[tuple[str, int]] = set()
        self.stand_ins: dict[int, int] = {}
        self.literals: set[int] = set()
        self.positions: set[int] = set()  # numbers that stand in an index slot
        self.affine: dict[Any, Any] = {}
        self.uppers: dict[Symbol, Run] = {}  # upper ends of the ranges of index symbols
        self.limits: dict[Symbol, Run] = {}  # of the ranges that unbound integers are compared with

    # ------------------------------------------------------------------------------------- numbers

    def number(self, term: Expr, scope: Scope = NO_SCOPE) -> Code:
        found = self._numbers.get((term, scope))
        if found is None:
            found = self._numbers[term, scope] = self._row(term)(self, term, scope)
        return found

    def _row(self, term: Expr) -> Callable[[Compiler, Any, Scope], Code]:
        from checker.judge.nodes import rule_for

        return rule_for(term)

    def keep(self, code: Code) -> Code:
        """The same code with its values kept in a table, where that is possible."""
        if code.free & self.parameters:
            return code
        machine, inner, registers = self.machine, code.run, self.machine.registers
        cell = machine.new_cell()
        machine.cell_mentions[cell] |= code.names
        free = tuple(sorted(code.free))
        if len(free) == 1:
            only = free[0]

            def run_one() -> Scalar:
                table = machine.cells[cell]
                value = table.get(registers[only])
                if value is None:
                    value = table[registers[only]] = inner()
                return value

            return Code(run_one, code.free, code.names)
        here = _reader(registers, free)

        def run() -> Scalar:
            table = machine.cells[cell]
            key = here()
            value = table.get(key)
            if value is None:
                value = table[key] = inner()
            return value

        return Code(run, code.free, code.names)

    # --------------------------------------------------------------------------------------- names

    def name(self, name: str) -> Name:
        found = self.machine.names.get(name)
        if found is None:
            found = Name(name, self.machine.new_cell(), self.context.variables.get(name))
            self.machine.names[name] = found
            self.machine.by_cell[found.cell] = found
            self._pending.append(found)
        return found

    def finish(self) -> None:
        """Compile the definitions of every name reached, then close the dependency relation."""
        more = bool(self._pending)
        while self._pending:
            self._compile_name(self._pending.pop())
        for name in self.machine.names.values():
            for rule in name.rules:
                bound = {register for _, register, _ in rule.binds}
                free = (rule.body.free | rule.condition_free) - bound - self.parameters
                self.unbound |= free
                rule.globals = tuple(sorted(free & self.bound))
                rule.touched = (*(register for _, register, _ in rule.binds), *rule.globals)
        if more:
            self.machine.link()

    def _compile_name(self, name: Name) -> None:
        variable = name.variable
        if variable is not None:
            name.parameters = [self.bind(p) for p in variable.parameters]
            if variable.integer:
                name.integral = name.integral or "index"
            if variable.integer and variable.values is not None:
                name.values = self.slot_range(variable.values, name)
            name.slots = [self.slot_range(r, name) for r in variable.slots]
            if not name.ragged:
                name.parameters = []
            name.sequence = any(s.lower is None or s.upper is None for s in name.slots)
        definitions = self.context.definitions.get(name.name, ())
        name.rules = [self._compile_definition(d, name) for d in definitions]
        name.rules.sort(key=lambda rule: -len(rule.constants))
        depends = self.context.depends.get(name.name)
        if depends is not None and not definitions:
            name.depends = [self.name(n) for n in depends]
            aligned = self.context.aligned.get(name.name, {})
            name.aligned = [aligned.get(n, ()) for n in depends]
            for argument in name.depends:
                name.mentions |= 1 << argument.cell

    def slot_range(self, source: Range, name: Name) -> SlotRange:
        return SlotRange(self._bound(source.lower, name), self._bound(source.upper, name), source)

    def _bound(self, term: Expr, name: Name) -> Run | None:
        if term.is_infinite:
            return None
        code = self.bound_of(term)
        self.unbound |= code.free - set(name.parameters)
        name.ragged = name.ragged or not code.free.isdisjoint(name.parameters)
        return code.run

    def bound_of(self, term: Expr) -> Code:
        """A bound of a range.  A number such as 784 gets a register of its own, so that a smaller one can stand in."""
        if isinstance(term, Integer) and int(term) >= SMALLEST_STAND_IN:
            symbol = size(str(int(term)))
            register, registers = self.machine.register(symbol), self.machine.registers
            self.stand_ins[int(term)] = register
            return Code(lambda: registers[register], frozenset((register,)))
        return self.integer(term, "size")

    def _compile_definition(self, definition: Definition, name: Name) -> Rule:
        binds: list[tuple[int, int, int]] = []
        constants: list[tuple[int, Run]] = []
        for position, entry in enumerate(definition.pattern):
            parameter = _parameter(entry)
            if parameter is None:
                code = self.integer(entry, "size")
                self.unbound |= code.free
                constants.append((position, code.run))
            else:
                binds.append((position, self.bind(parameter[0]), parameter[1]))
                self._note_upper(parameter[0], name, position)
        body = self.number(definition.body)
        condition = None if definition.condition is _true() else self.condition(definition.condition)
        name.mentions |= body.names | (condition.names if condition else 0)
        return Rule(
            binds,
            constants,
            None if condition is None else condition.run,
            body,
            condition_free=condition.free if condition else frozenset(),
        )

    def _note_upper(self, symbol: Symbol, name: Name, position: int) -> None:
        if name.slots is not None and position < len(name.slots) and not name.parameters:
            upper = name.slots[position].upper
            if upper is not None:
                self.uppers[symbol] = upper

    def note_comparison(self, left: Expr, right: Expr) -> None:
        """δ_{c,y}: an integer y that is compared with an index c has c's range."""
        for value, index in ((left, right), (right, left)):
            upper = self.uppers.get(index) if isinstance(index, Symbol) else None
            if upper is None:
                continue
            if isinstance(value, Indexed):
                self.name(value.base.label.name).limit = upper
            elif isinstance(value, Symbol) and value.is_integer:
                self.limits.setdefault(value, upper)

    def bind(self, symbol: Symbol) -> int:
        register = self.machine.register(symbol)
        self.bound.add(register)
        return register

    # ----------------------------------------------------------------------------------- functions

    def function_body(self, function: str) -> tuple[list[int], Code]:
        """Parameter registers and compiled body of a function known by definition."""
        found = self._bodies.get(function)
        if found is None:
            if function in self._compiling:
                raise Unsupported(f"the function {function} is defined through itself")
            self._compiling.add(function)
            definition = self.context.functions[function]
            registers = [self.machine.register(p) for p in definition.parameters]
            self.parameters.update(registers)
            body = self.number(definition.body, frozenset(definition.parameters))
            self.unbound |= body.free - set(registers) - self.parameters
            found = self._bodies[function] = registers, body
        return found

    # ------------------------------------------------------------------- integers and conditions

    def integer(self, term: Expr, role: str = "index") -> Code:
        from checker.judge.indices import integer

        return integer(self, term, role)

    def integer_or_number(self, term: Expr) -> Code:
        """An index, compared as a Python int where it can be one and as an exact rational otherwise (i/2)."""
        from checker.judge.indices import is_integral

        if is_integral(self, term) or isinstance(term, Indexed):
            return self.integer(term)
        return self.number(term)

    def condition(self, term: Any, scope: Scope = NO_SCOPE) -> Code:
        from checker.judge.indices import condition

        return condition(self, term, scope)

    def key(self, name: Name, indices: tuple[Expr, ...]) -> Code:
        """The index tuple of an element."""
        codes = []
        for slot, index in enumerate(indices):
            codes.append(self.integer(index))
            if isinstance(index, Integer):
                self.positions.add(int(index))
            elif isinstance(index, Indexed):
                self.name(index.base.label.name).target = (name, slot)
            elif isinstance(index, Symbol):
                self.targets.setdefault(index, (name, slot))
        free, names = union(codes)
        return Code(_key_run(self.machine, indices, [c.run for c in codes]), free, names)


def _key_run(machine: Machine, indices: tuple[Expr, ...], runs: list[Run]) -> Callable[[], Key]:
    registers = machine.registers
    if all(isinstance(i, Symbol) and i in machine.register_of for i in indices):
        return _reader(registers, [machine.register_of[i] for i in indices])
    if len(runs) == 1:
        only = runs[0]
        return lambda: (only(),)
    if len(runs) == 2:
        row, column = runs
        return lambda: (row(), column())
    return lambda: tuple([run() for run in runs])


def _reader(registers: list[Any], places: Sequence[int]) -> Callable[[], Key]:
    """The values of some registers, as a tuple."""
    match places:
        case ():
            return lambda: ()
        case (one,):
            return lambda: (registers[one],)
        case (first, second):
            return lambda: (registers[first], registers[second])
        case _:
            return lambda: tuple([registers[p] for p in places])


def _parameter(entry: Expr) -> tuple[Symbol, int] | None:
    """``k`` or ``k + 1`` as (symbol, offset); None for a constant.  A positive symbol (``L``) is a constant."""
    if isinstance(entry, Symbol):
        return None if entry.is_positive else (entry, 0)
    if entry.is_Add and len(entry.args) == 2:
        symbols = [a for a in entry.args if isinstance(a, Symbol) and not a.is_positive]
        numbers = [a for a in entry.args if isinstance(a, Integer)]
        if len(symbols) == 1 and len(numbers) == 1:
            return symbols[0], int(numbers[0])
    return None


def _true() -> Any:
    from sympy.logic.boolalg import true

    return true


__all__ = ["NO_SCOPE", "ONE", "ZERO", "AppliedUndef", "Compiler", "Scope"]
