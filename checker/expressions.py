"""SymPy expressions from Python code, as terms of the checker.

Index letters, sizes and scalars are told apart by where they stand, whatever assumptions they came with:
in an index slot or bound by a ``Sum``, in the limits of one or in a shape, anywhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeAlias

from sympy import Basic, Derivative, Eq, Expr, Indexed, Integer, Product, Rational, Sum, Symbol, Tuple
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.matrices.expressions.matexpr import MatrixExpr

from checker.calculus.context import (
    Context,
    Definition,
    FunctionDefinition,
    Hypothesis,
    Range,
    Variable,
)
from checker.calculus.terms import Maximum, Partial, index, scalar, size

Size: TypeAlias = Expr | int | str
Shapes = Mapping[str, Sequence[Size]]


class Names:
    """The role of every symbol in the expressions of one call."""

    def __init__(self, expressions: Iterable[Basic], shapes: Shapes, indices: Mapping[str, Size]) -> None:
        trees = [node for e in expressions for node in walk(e)]
        self.indices = {s.name for node in trees for s in index_symbols(node)} | set(indices)
        self.sizes = {s.name for node in trees for s in size_symbols(node)} | size_names(shapes, indices)
        self.sizes -= self.indices

    def symbol(self, symbol: Symbol) -> Symbol:
        make = index if symbol.name in self.indices else size if symbol.name in self.sizes else scalar
        return make(symbol.name)

    def size(self, value: Size) -> Expr:
        if isinstance(value, str):
            return size(value)
        return Integer(value) if isinstance(value, int) else self.term(value)

    def term(self, expression: Basic) -> Expr:
        """The expression with its symbols in their roles, and ``Derivative`` as ``Partial``.

        :raises TypeError: for what is no expression in index notation.
        """
        for node in walk(expression):
            if isinstance(node, MatrixExpr):
                raise TypeError(f"{node} is a matrix expression; write its elements with IndexedBase, indices from 1")
        labels = {node.base.label for node in walk(expression) if isinstance(node, Indexed)}
        renamed = {s: self.symbol(s) for s in expression.atoms(Symbol) if s not in labels}
        return expression.xreplace(renamed).replace(Derivative, partial)


def given(value: object) -> Basic:
    """A SymPy object, or an exact number as one.

    :raises TypeError: for text, which is never evaluated, and for floating point, which is not exact.
    """
    if isinstance(value, Basic):
        return value
    if isinstance(value, (int, Fraction)):
        return Rational(value)
    raise TypeError(f"{value!r} is a {type(value).__name__}; give a SymPy expression or an exact number")


def partial(expression: Expr, *variables: Tuple) -> Expr:
    return Partial(expression, *(v for v, count in variables for _ in range(int(count))))


def walk(expression: Basic) -> Iterator[Basic]:
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, Symbol):
            stack.extend(reversed(node.args))


def index_symbols(node: Basic) -> Iterator[Symbol]:
    if isinstance(node, Indexed):
        for slot in node.indices:
            yield from sorted(slot.atoms(Symbol), key=str)
    if isinstance(node, (Sum, Product, Maximum)):
        yield from (limit[0] for limit in node.limits)


def size_symbols(node: Basic) -> Iterator[Symbol]:
    if isinstance(node, (Sum, Product, Maximum)):
        for _, *ends in node.limits:
            for end in ends:
                yield from sorted(end.atoms(Symbol), key=str)
    if isinstance(node, Indexed) and node.base.shape is not None:
        for extent in node.base.shape:
            yield from sorted(extent.atoms(Symbol), key=str)


def size_names(shapes: Shapes, indices: Mapping[str, Size]) -> set[str]:
    values = [extent for shape in shapes.values() for extent in shape] + list(indices.values())
    written = {value for value in values if isinstance(value, str)}
    return written | {s.name for value in values if isinstance(value, Basic) for s in value.atoms(Symbol)}


# ------------------------------------------------------------------------------------ contexts


def variables(expressions: Iterable[Basic], shapes: Shapes, names: Names) -> dict[str, Variable]:
    """From ``shapes``, and from the shape that an ``IndexedBase`` itself carries."""
    found: dict[str, Sequence[Size]] = {}
    for expression in expressions:
        for node in walk(expression):
            if isinstance(node, Indexed) and node.base.shape is not None:
                found.setdefault(str(node.base.label), tuple(node.base.shape))
    found |= shapes
    return {name: Variable(name, tuple(full(names.size(n)) for n in shape)) for name, shape in found.items()}


def full(extent: Expr) -> Range:
    return Range(Integer(1), extent)


def free_indices(expressions: Iterable[Basic], known: Mapping[str, Variable]) -> dict[Symbol, Range]:
    """The free index letters, each with the range of the first slot in which it stands alone."""
    found: dict[Symbol, Range] = {}
    for expression in expressions:
        for node in walk(expression):
            if isinstance(node, Indexed) and (variable := known.get(str(node.base.label))) is not None:
                for slot, extent in zip(node.indices, variable.slots, strict=False):
                    if isinstance(slot, Symbol) and slot in expression.free_symbols:
                        found.setdefault(slot, extent)
    return found


def definitions(
    define: Mapping[Basic, Basic], names: Names
) -> tuple[dict[str, tuple[Definition, ...]], dict[str, FunctionDefinition]]:
    """``{A[i, j]: body, s: body, f(x): body}``: of tensors, scalars and functions."""
    tensors: dict[str, tuple[Definition, ...]] = {}
    functions: dict[str, FunctionDefinition] = {}
    for left, right in define.items():
        body = names.term(right)
        if isinstance(left, AppliedUndef):
            functions[left.func.__name__] = FunctionDefinition(
                left.func.__name__, tuple(map(names.symbol, left.args)), body
            )
        elif isinstance(left, Indexed):
            name = str(left.base.label)
            pattern = tuple(names.term(slot) for slot in left.indices)
            tensors[name] = (*tensors.get(name, ()), Definition(name, pattern, body))
        elif isinstance(left, Symbol):
            tensors[left.name] = (Definition(left.name, (), body),)
        else:
            raise TypeError(f"{left} cannot be defined; define an element A[i, j], a symbol, or a function f(x)")
    return tensors, functions


def hypothesis(assumed: Basic | Hypothesis, names: Names, known: Mapping[str, Variable]) -> Hypothesis:
    if isinstance(assumed, Hypothesis):
        return assumed
    if not isinstance(assumed, Relational):
        raise TypeError(f"{assumed} is no assumption; give an Eq, a Gt, an Ne …, or a Hypothesis")
    left, right = names.term(assumed.lhs), names.term(assumed.rhs)
    indices = free_indices((left, right), known)
    if isinstance(assumed, Eq):
        return Hypothesis(str(assumed), equation=(left, right), indices=indices)
    return Hypothesis(str(assumed), relation=assumed.func(left, right), indices=indices)


def context(
    expressions: Sequence[Basic],
    names: Names,
    shapes: Shapes,
    assume: Iterable[Basic | Hypothesis],
    define: Mapping[Basic, Basic],
    depends: Mapping[str, Sequence[str]],
) -> Context:
    known = variables(expressions, shapes, names)
    tensors, functions = definitions(define, names)
    return Context(
        variables=known,
        definitions=tensors,
        functions=functions,
        depends={name: tuple(on) for name, on in depends.items()},
        hypotheses=tuple(hypothesis(a, names, known) for a in assume),
    )
