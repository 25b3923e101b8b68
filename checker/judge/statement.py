"""A statement ready to be evaluated: both sides and the hypotheses that concern it, compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from sympy import Expr, Indexed, Piecewise, Symbol
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import false, true

from checker.calculus.context import Claim, Context, Hypothesis, Property, Range
from checker.calculus.terms import FunctionDerivative
from checker.judge.compile import Compiler
from checker.judge.machine import Code, Machine, Name, Run, SlotRange
from checker.judge.scalars import Unsupported


@dataclass
class IndexRange:
    symbol: Symbol
    register: int
    slot: SlotRange


@dataclass
class Assumption:
    """A compiled hypothesis.  ``residual``: an equation's left - right; ``relation``: a truth value; or a matrix."""

    source: Hypothesis
    indices: list[IndexRange]
    residual: Run | None = None
    relation: Run | None = None
    entry: Run | None = None
    row: int = -1
    column: int = -1
    rows: Run | None = None
    columns: Run | None = None
    about_indices: bool = False  # mentions no name: restricts sizes and free indices
    free: frozenset[int] = frozenset()

    @property
    def property(self) -> Property | None:
        return self.source.property


@dataclass
class Statement:
    claim: Claim
    context: Context
    machine: Machine
    compiler: Compiler
    left: Code
    right: Code
    indices: list[IndexRange]
    assumptions: list[Assumption] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    derived: list[tuple[int, Run]] = field(default_factory=list)
    global_reads: frozenset[int] = frozenset()
    others: list[Code | None] = field(default_factory=list)


def prepare(claim: Claim, context: Context, others: Sequence[Expr] = ()) -> Statement:
    """Compile a claim.  Raises Unsupported where a term has no meaning here.

    ``others`` are compiled along, to be run at the same points; one that has no meaning is None.
    """
    claim, context = _under_its_condition(claim, context)
    machine = Machine()
    compiler = Compiler(context, machine)
    indices = _ranges(compiler, claim.indices)
    left, right = compiler.number(claim.left), compiler.number(claim.right)
    compiler.unbound |= left.free | right.free
    further = [_tried(compiler, term) for term in others]
    compiler.finish()
    statement = Statement(claim, context, machine, compiler, left, right, indices, others=further)
    statement.assumptions = _assumptions(compiler, claim, context)
    compiler.finish()
    _sort_symbols(statement)
    compiler.finish()
    machine.top = [None] * len(machine.registers)
    return statement


def _under_its_condition(claim: Claim, context: Context) -> tuple[Claim, Context]:
    """Sides that are defined only under one and the same condition: points are looked for where it holds."""
    left, right = claim.left, claim.right
    rows = [side.args[0] for side in (left, right) if isinstance(side, Piecewise) and len(side.args) == 1]
    if len(rows) != 2 or rows[0].args[1] != rows[1].args[1] or rows[0].args[1] in (true, false):
        return claim, context
    condition = Hypothesis("", relation=rows[0].args[1])
    opened = Claim(rows[0].args[0], rows[1].args[0], claim.indices)
    return opened, replace(context, hypotheses=(*context.hypotheses, condition))


def _tried(compiler: Compiler, term: Expr) -> Code | None:
    try:
        code = compiler.number(term)
    except Unsupported:
        return None
    compiler.unbound |= code.free
    return code


def _ranges(compiler: Compiler, ranges: Mapping[Symbol, Range]) -> list[IndexRange]:
    result = []
    for symbol, source in ranges.items():
        bounds = []
        for term in (source.lower, source.upper):
            code = None if term.is_infinite else compiler.bound_of(term)
            compiler.unbound |= code.free if code else frozenset()
            bounds.append(code)
        low, high = (None if code is None else code.run for code in bounds)
        if high is not None:
            compiler.uppers[symbol] = high
        result.append(IndexRange(symbol, compiler.machine.register(symbol), SlotRange(low, high, source)))
    return _inner_last(result)


def _inner_last(ranges: list[IndexRange]) -> list[IndexRange]:
    """Ranges whose bounds mention another index come after it."""
    symbols = {r.symbol for r in ranges}
    ordered: list[IndexRange] = []
    waiting = list(ranges)
    while waiting:
        done = {r.symbol for r in ordered}
        ready = [r for r in waiting if not (_symbols_of(r.slot.source) & symbols) - done - {r.symbol}]
        ordered += ready or waiting
        waiting = [r for r in waiting if r not in ordered]
    return ordered


def _symbols_of(source: Range) -> set[Symbol]:
    return set(source.lower.free_symbols) | set(source.upper.free_symbols)


# ----------------------------------------------------------------------------------- hypotheses


@lru_cache(maxsize=8192)
def names_in(term: Any) -> frozenset[str]:
    """The tensor and scalar names in a term or condition, and its functions as ``f()``."""
    found = set()
    todo = [term]
    while todo:
        top = todo.pop()
        if isinstance(top, Indexed):
            found.add(top.base.label.name)
            todo.extend(top.indices)
        elif isinstance(top, Symbol):
            if not top.is_integer:
                found.add(top.name)
        elif isinstance(top, FunctionDerivative):
            found.add(f"{top.function}()")
            todo.extend(top.arguments)
        elif isinstance(top, AppliedUndef):
            found.add(f"{type(top).__name__}()")
            todo.extend(top.args)
        else:
            todo.extend(top.args)
    return frozenset(found)


def _terms_of(hypothesis: Hypothesis) -> Iterator[Any]:
    if hypothesis.equation is not None:
        yield from hypothesis.equation
    if hypothesis.relation is not None:
        yield hypothesis.relation
    if hypothesis.matrix is not None:
        yield hypothesis.matrix.body


def _leaves(context: Context, names: frozenset[str], known: dict[str, frozenset[str]]) -> frozenset[str]:
    """The undefined names that these names come down to."""
    result: set[str] = set()
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in known:
            result |= known[name]
            continue
        function = context.functions.get(name[:-2]) if name.endswith("()") else None
        definitions = context.definitions.get(name, ())
        for definition in (*definitions, *((function,) if function else ())):
            todo.extend(names_in(definition.body))
        if not definitions:
            result.add(name)
            todo.extend(context.depends.get(name, ()))
    for name in names:
        if len(names) == 1:
            known[name] = frozenset(result)
    return frozenset(result)


def _assumptions(compiler: Compiler, claim: Claim, context: Context) -> list[Assumption]:
    concerned = {name.name for name in compiler.machine.names.values() if not name.rules}
    concerned |= {f"{function}()" for function, _ in compiler.applied}
    symbols = set(compiler.machine.register_of)
    of: dict[int, frozenset[str]] = {
        k: frozenset().union(*(names_in(t) for t in _terms_of(hypothesis)))
        for k, hypothesis in enumerate(context.hypotheses)
    }
    named = _concerning(context, {k: names for k, names in of.items() if names}, concerned)
    result = []
    for k, hypothesis in enumerate(context.hypotheses):
        if of[k]:
            relevant = k in named
        else:
            parts = list(_terms_of(hypothesis))
            relevant = hypothesis.relation == False or any(not symbols.isdisjoint(t.free_symbols) for t in parts)  # noqa: E712
        if relevant:
            _refuse_functional(hypothesis, context, of[k])
            result.append(_assumption(compiler, hypothesis, about_indices=not of[k]))
    return result


def _concerning(context: Context, of: dict[int, frozenset[str]], concerned: set[str]) -> set[int]:
    """The hypotheses that speak of these names, and of the names that those tie them to (v > u, u > 1)."""
    known: dict[str, frozenset[str]] = {}
    reach = {k: names | _leaves(context, names, known) for k, names in of.items()}
    found: set[int] = set()
    growing = True
    while growing:
        new = {k for k, names in reach.items() if k not in found and not concerned.isdisjoint(names)}
        found |= new
        growing = bool(new)
        concerned = concerned.union(*(reach[k] for k in new))
    return found


_CLOSED = (Property.ORTHOGONAL, Property.ONE_HOT, Property.ANTISYMMETRIC)


def _refuse_functional(hypothesis: Hypothesis, context: Context, names: frozenset[str]) -> None:
    """An equation on an unknown function holds for all its arguments; a value at one point cannot stand for that."""
    if hypothesis.equation is None and hypothesis.property not in _CLOSED:
        return
    for name in sorted(_reached(context, names)):
        unknown = name in context.depends and name not in context.definitions
        if unknown or (name.endswith("()") and name[:-2] not in context.functions):
            raise Unsupported(f"the hypothesis {hypothesis.text} on the unknown function {name.removesuffix('()')}")


def _reached(context: Context, names: frozenset[str]) -> set[str]:
    """The names met on the way from these down to their leaves, unknown functions included."""
    seen: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for definition in context.definitions.get(name, ()):
            todo.extend(names_in(definition.body))
        if name.endswith("()") and name[:-2] in context.functions:
            todo.extend(names_in(context.functions[name[:-2]].body))
    return seen


def _assumption(compiler: Compiler, hypothesis: Hypothesis, about_indices: bool) -> Assumption:
    indices = _ranges(compiler, hypothesis.indices)
    own = {r.register for r in indices}
    for r in indices:
        compiler.bound.add(r.register)
    result = Assumption(hypothesis, indices, about_indices=about_indices)
    free: frozenset[int] = frozenset()
    if hypothesis.equation is not None:
        left, right = (compiler.number(t) for t in hypothesis.equation)
        result.residual = _difference(left, right)
        free = left.free | right.free
    elif hypothesis.relation is not None:
        code = compiler.condition(hypothesis.relation)
        result.relation, free = code.run, code.free
    elif hypothesis.matrix is not None:
        matrix = hypothesis.matrix
        result.row, result.column = compiler.bind(matrix.row), compiler.bind(matrix.column)
        rows, columns = compiler.bound_of(matrix.rows), compiler.bound_of(matrix.columns)
        body = compiler.number(matrix.body)
        result.entry, result.rows, result.columns = body.run, rows.run, columns.run
        own |= {result.row, result.column}
        free = body.free | rows.free | columns.free
    result.free = free - own
    compiler.unbound |= result.free
    return result


def _difference(left: Code, right: Code) -> Run:
    a, b = left.run, right.run
    return lambda: a() - b()


# --------------------------------------------------------------------------------------- symbols


def _sort_symbols(statement: Statement) -> None:
    """Every unbound integer symbol is a free index, a size, a derived size, or an integer of unknown value.

    Integers of unknown value (a layer k left general, a class y) are treated as further free indices.
    """
    compiler, machine = statement.compiler, statement.machine
    free = {r.register for r in statement.indices}
    stand_ins = set(compiler.stand_ins.values())
    extra: list[IndexRange] = []
    for register in sorted(compiler.unbound | stand_ins):
        symbol = machine.symbols[register]
        if register in free or register in compiler.parameters:
            continue
        definitions = statement.context.definitions.get(symbol.name, ())
        if definitions and register not in stand_ins:
            code = compiler.integer(definitions[0].body, "size")
            statement.derived.append((register, code.run))
        elif symbol.is_positive:
            statement.sizes.append(register)
        else:
            extra.append(IndexRange(symbol, register, _range_of(compiler, symbol)))
    statement.indices = [*extra, *statement.indices]
    rebound = {r.register for r in statement.indices}
    reads = {name.name: _reads(name) & rebound for name in machine.names.values()}
    statement.global_reads = frozenset().union(*reads.values())
    if statement.global_reads:
        for assumption in statement.assumptions:
            about = frozenset().union(*(names_in(term) for term in _terms_of(assumption.source)))
            reached = _reached(statement.context, about)
            assumption.free = assumption.free.union(*(reads.get(name, frozenset()) for name in reached))


def _reads(name: Name) -> frozenset[int]:
    """The registers that the definitions of a name read beside those they bind."""
    found: frozenset[int] = frozenset()
    for rule in name.rules:
        bound = {register for _, register, _ in rule.binds}
        found |= (rule.body.free | rule.condition_free) - bound
    return found


def _range_of(compiler: Compiler, symbol: Symbol) -> SlotRange:
    target = compiler.targets.get(symbol)
    if target is not None:
        name, slot = target
        if name.slots is not None and slot < len(name.slots) and not name.parameters:
            return name.slots[slot]
    one, three = (lambda: 1), (lambda: 3)
    limit = compiler.limits.get(symbol)
    return SlotRange(one, three if limit is None else _bounded(limit), Range(_integer(1), _integer(3)))


def _bounded(limit: Run) -> Run:
    """The limit where it can be told from the sizes, otherwise 3."""

    def run() -> int:
        try:
            found = limit()
        except TypeError:  # it depends on an index that has no value here
            return 3
        return found if isinstance(found, int) else 3

    return run


def _integer(value: int) -> Expr:
    from sympy import Integer

    return Integer(value)


__all__ = ["Assumption", "IndexRange", "Statement", "names_in", "prepare"]
