"""The value and its derivative as a Python function on NumPy arrays.

Trees become ``@``, ``.T``, ``np.outer``; terms without a tree become ``np.einsum``.  The code is text, printed
and never run here.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction

from sympy import Add, Expr, Mul, Pow, Sum, Symbol

from checker.calculus import terms
from checker.calculus.context import Claim, Range
from checker.calculus.derivative import NoDerivative, differentiate, replace_symbol
from checker.calculus.forms import constant_of
from checker.calculus.notation import Notation
from checker.calculus.notation.lowering import Lowering
from checker.calculus.notation.trees import SquaredNorm, Tree, plus, shape, transpose
from checker.calculus.notation.trees import Sum as Multiples
from checker.calculus.prover import Prover
from checker.calculus.ring import Outside
from checker.calculus.sums import Unsummable
from checker.calculus.unfold import is_parameter
from checker.check import judge_claim
from checker.derivation.answer import Derivation
from checker.derivation.einsum import Indexing, Unwritable
from checker.derivation.products import Products
from checker.derivation.steps import Deriver, Found
from checker.results import Verdict

_WORD = re.compile(r"[A-Za-z]+|[0-9]+")


def function(deriver: Deriver, derivation: Derivation, last: Found) -> str:
    """The source of ``value_and_gradient(…)``.  Raises ``Unwritable`` where something has no NumPy form."""
    return "".join(f"{line}\n" for line in _Function(deriver, derivation, last).lines())


def identifier(name: str, used: dict[str, str]) -> str:
    """A Python name for a LaTeX one, the same whenever it is asked for."""
    if name not in used:
        plain = "_".join(_WORD.findall(name)) or "x"
        if plain[0].isdigit() or keyword.iskeyword(plain) or plain == "np":
            plain = f"_{plain}"
        while plain in used.values():
            plain += "_"
        used[name] = plain
    return used[name]


class _Function:
    def __init__(self, deriver: Deriver, derivation: Derivation, last: Found) -> None:
        self.d = deriver
        self.derivation = derivation
        self.last = last
        self.context = deriver.context
        self.names: dict[str, str] = {}
        self.needed_sizes: dict[str, None] = {}
        self.needed_functions: dict[tuple[str, int], None] = {}
        self.order = [e.name for e in sorted(deriver.question.symbols, key=lambda e: e.start)]

    def name(self, name: str) -> str:
        return identifier(name, self.names)

    # ---------------------------------------------------------------------------------- the text

    def lines(self) -> Iterator[str]:
        of = self.d.question.of
        if self.d.recursive:
            raise Unwritable("a definition that refers to itself, layer by layer, has no function of arrays here")
        graph = self.d.graph
        reached = {of, *graph.reach(of), *(n for b in self.d.question.by for n in (b, *graph.reach(b)))}
        unknown = sorted(n for n in reached if n in self.context.depends and n not in self.context.definitions)
        if unknown:
            raise Unwritable(f"{unknown[0]} is an unknown function; NumPy code needs its formula")
        defined = sorted((n for n in reached if n in self.context.definitions), key=lambda n: (graph.depth(n), n))
        inputs = [n for n in self.order if n in reached and n not in self.context.definitions]
        for name in (*inputs, *defined):
            self.name(name)
        body = [f"{self.name(n)} = {self.definition(n)}" for n in defined]
        gradient = "d_" + "_".join(self.name(b) for b in self.d.question.by)
        body.append(f"{gradient} = {self.gradient()}")
        sizes, extra = self._sizes(inputs)
        helpers = list(self._functions())
        arguments = ", ".join([*(self.name(n) for n in inputs), *extra])
        by = self._plain(" and ".join(self.derivation.by))
        yield "import numpy as np"
        yield ""
        yield from helpers
        yield ""
        yield f"def value_and_gradient({arguments}):"
        yield f'    """{self._plain(self.derivation.of)}, and its derivative by {by}."""'
        yield from (f"    {line}" for line in [*sizes, *body])
        yield f"    return {self.name(of)}, {gradient}"

    def _plain(self, text: str) -> str:
        return text.replace("\\", "\\\\").replace('"', "")

    def _sizes(self, inputs: Sequence[str]) -> tuple[list[str], list[str]]:
        """The sizes that the code needs, from the shapes of the inputs; those that no shape tells are arguments."""
        found: dict[str, str] = {}
        for name in inputs:
            variable = self.context.variables.get(name)
            for axis, slot in enumerate(variable.slots if variable is not None else ()):
                if isinstance(slot.upper, Symbol) and slot.lower == 1:
                    found.setdefault(str(slot.upper), f"{self.name(name)}.shape[{axis}]")
        lines = [f"{self.name(s)} = {found[s]}" for s in self.needed_sizes if s in found]
        return lines, [self.name(s) for s in self.needed_sizes if s not in found]

    def size(self, name: str) -> str:
        self.needed_sizes[name] = None
        return self.name(name)

    def _functions(self) -> Iterator[str]:
        """The document's own elementwise functions."""
        done: dict[tuple[str, int], list[str]] = {}
        while any(key not in done for key in self.needed_functions):
            for key in [k for k in self.needed_functions if k not in done]:
                done[key] = self._helper(*key)
        for lines in reversed(list(done.values())):
            yield ""
            yield from lines
            yield ""

    def _helper(self, name: str, order: int) -> list[str]:
        definition = self.context.functions.get(name)
        if definition is None:
            raise Unwritable(f"{name} is an unknown function; NumPy code needs its formula")
        if len(definition.parameters) != 1:
            raise Unwritable(f"{name} has several arguments")
        argument = terms.scalar("x")
        body = replace_symbol(definition.body, definition.parameters[0], argument)
        try:
            for _ in range(order):
                body = differentiate(body, argument)
        except NoDerivative as problem:
            raise Unwritable(str(problem)) from problem
        code, axes = self.indexing({}, {"x": "x"}).of(body)
        assert not axes
        return [f"def {self.helper(name, order)}(x):", f"    return {code}"]

    def helper(self, name: str, order: int) -> str:
        self.needed_functions[name, order] = None
        return self.name(f"{name}" + " d" * order)

    def indexing(self, ranges: dict[Symbol, Range], local: dict[str, str] | None = None) -> Indexing:
        inner = local or {}
        return Indexing(lambda n: inner.get(n) or self.name(n), self.size, self.helper, ranges)

    # ------------------------------------------------------------------------------ definitions

    def definition(self, name: str) -> str:
        definitions = self.context.definitions[name]
        if len(definitions) != 1 or not all(is_parameter(p) for p in definitions[0].pattern):
            raise Unwritable(f"{name} is defined piece by piece")
        definition = definitions[0]
        slots = self.d.slots(name)
        letters: tuple[Symbol, ...] = tuple(definition.pattern)
        ranges = dict(zip(letters, slots, strict=True))
        session = self.d.session((letters, slots))
        tree = self._structured(session, definition.body, letters)
        if tree is not None and self._is_proved(definition.body, tree, ranges):
            try:
                return self.products().text(tree)
            except Unwritable:
                pass
        return self.indexing(ranges).array(definition.body, letters)

    def _is_proved(self, body: Expr, tree: Tree, ranges: dict[Symbol, Range]) -> bool:
        """Whether both judges say that the tree is the body: the normal form alone is blind to the sign in a log."""
        letters = tuple(ranges)
        term = Lowering(self.context, self.d.letters_taken(letters)).entry(tree, letters)
        return judge_claim(Claim(body, term, ranges), self.context, None).verdict is Verdict.PROVED

    def _structured(self, session: Prover, body: Expr, at: tuple[Symbol, ...]) -> Tree | None:
        """The body as a tree, squares summed up kept as norms: expanded they lose digits."""
        match body:
            case Sum():
                inner, ranges = _opened(body)
                if isinstance(inner, Pow) and inner.exp == 2 and len(ranges) <= 2 and not at:
                    here = self.d.session((tuple(ranges), tuple(ranges.values())))
                    tree = self._structured(here, inner.base, tuple(ranges))
                    return None if tree is None else SquaredNorm(tree)
            case Add() if not at:
                parts = [self._structured(session, part, at) for part in body.args]
                if None not in parts:
                    return _multiple(*plus((Fraction(1), t) for t in parts if t is not None))
            case Mul() if not at:
                constants = [constant_of(session.form(f, {})) if not f.free_symbols else None for f in body.args]
                rest = [f for f, c in zip(body.args, constants, strict=True) if c is None]
                if len(rest) == 1:
                    tree = self._structured(session, rest[0], at)
                    coefficient = Fraction(1)
                    for constant in constants:
                        coefficient *= Fraction(1 if constant is None else constant)
                    return None if tree is None else _multiple(coefficient, tree)
        if len(at) > 2:
            return None
        notation = Notation(session, (), self.d.letters_taken(at))
        try:
            return notation.tree(session.form(body, {}), at)
        except (Outside, Unsummable):
            return None

    def products(self) -> Products:
        return Products(self.name, self.size, self.helper)

    def gradient(self) -> str:
        tree, at = self.last.tree, self.last.at
        turned = self._turned()
        if tree is not None and len(at) == sum(axis is not None for axis in shape(tree)):
            try:
                whole: Tree = transpose(tree) if turned else tree
                return self.products().text(whole)
            except Unwritable:
                pass
        order = at[::-1] if turned else at
        return self.indexing(dict(self.last.ranges)).array(self.last.term, order)

    def _turned(self) -> bool:
        """Whether a Jacobian is wanted with its rows for the variable."""
        one_by_one = len(self.d.own) == 1 and len(self.last.at) == 2 and len(self.d.question.by) == 1
        return one_by_one and self.d.question.layout != "numerator"


def _opened(term: Expr) -> tuple[Expr, dict[Symbol, Range]]:
    """What stands inside nested sums, and the letters they bind."""
    ranges: dict[Symbol, Range] = {}
    while isinstance(term, Sum) and term.limits[0][0] not in ranges:
        letter, lower, upper = term.limits[0]
        ranges[letter] = Range(lower, upper)
        term = term.function
    return term, ranges


def _multiple(coefficient: Fraction, tree: Tree) -> Tree:
    return tree if coefficient == 1 else Multiples(((coefficient, tree),))


__all__ = ["Unwritable", "function", "identifier"]
