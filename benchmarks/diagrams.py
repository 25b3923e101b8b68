"""The same claims put to tensorgrad: do both sides, as tensor diagrams, simplify to the same?

Every index letter is an edge.  A letter that several factors share goes through a copy tensor, which keeps it open; a
sum closes it.  What has no edges of its own (index arithmetic, conditions, networks of general depth) cannot be put.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import count
from typing import Any

import tensorgrad as tg
from sympy import Add, Expr, Indexed, KroneckerDelta, Mul, NumberSymbol, Pow, Rational, Sum, Symbol, symbols
from tensorgrad import functions

from benchmarks.simplify import CannotBePut, Outcome, Rewriting, TooLong, limited
from checker.calculus.context import Claim, Context
from checker.calculus.terms import Partial, name_of

Edges = Mapping[str, Symbol]  # the size of every letter in scope


def put(claim: Claim, context: Context, seconds: float) -> Outcome:
    """Whether the difference of the two sides simplifies to zero."""

    def difference() -> Any:
        unfolding = Unfolding(context)
        edges = {str(s): size_of(r.lower, r.upper) for s, r in claim.indices.items()}
        diagrams = Diagrams(context)
        both = [diagrams.of(unfolding.of(side), edges) for side in (claim.left, claim.right)]
        return tg.Sum(diagrams.alike(both, edges), [1, -1]).full_simplify()

    start = time.perf_counter()
    try:
        found = limited(difference, seconds)
        verdict = "proved" if isinstance(found, tg.Zero) or found == tg.Zero(**found.shape) else "not proved"
    except CannotBePut:
        verdict = "cannot be put"
    except TooLong:
        verdict = "too long"
    except Exception:  # noqa: BLE001  # whatever it stumbles over is an answer of its own
        verdict = "failed"
    return Outcome(verdict, time.perf_counter() - start)


class Unfolding(Rewriting):
    """Definitions put in; derivatives are left to the other side."""

    def derivative(self, term: Partial, stop: frozenset[str]) -> Expr:
        if self.opaque(term):
            raise CannotBePut("a derivative by a name that an unknown function depends on")
        inner = stop | {name_of(variable) for variable in term.variables}
        return Partial(self.of(term.expression, inner), *term.variables)


def size_of(lower: Expr, upper: Expr) -> Symbol:
    if lower != 1 or not (isinstance(upper, Symbol) or upper.is_Integer):
        raise CannotBePut("a range that is not 1, …, n")
    return symbols(f"size_{upper}")


class Diagrams:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.fresh = (f"e{n}" for n in count())

    def of(self, term: Expr, edges: Edges) -> Any:
        for kind, rule in _ROWS:
            if isinstance(term, kind):
                return rule(self, term, edges)
        function = _FUNCTIONS.get(type(term).__name__)
        if function is None or len(term.args) != 1:
            raise CannotBePut(type(term).__name__)
        return function(self.of(term.args[0], edges))

    def number(self, term: Any, edges: Edges) -> Any:
        return tg.Sum([tg.Product([])], [Fraction(int(term.p), int(term.q))])

    def symbol(self, term: Symbol, edges: Edges) -> Any:
        if term.is_integer:
            raise CannotBePut("an integer as a number")
        return tg.Variable(term.name)

    def indexed(self, term: Indexed, edges: Edges) -> Any:
        return self.named(self.variable(name_of(term), edges, term.indices), term.indices, edges)

    def variable(self, name: str, edges: Edges, indices: Sequence[Expr]) -> Any:
        if any(not isinstance(i, Symbol) or str(i) not in edges for i in indices):
            raise CannotBePut("an index that is no letter")
        return tg.Variable(name, **{f"slot{k}": edges[str(i)] for k, i in enumerate(indices)})

    def named(self, tensor: Any, indices: Sequence[Expr], edges: Edges) -> Any:
        """Its slots renamed by letters; a letter that stands twice goes through a copy tensor."""
        own = [next(self.fresh) for _ in indices]
        renamed = tensor.rename(**{f"slot{k}": edge for k, edge in enumerate(own)})
        return self.joined([renamed], [dict(zip(own, map(str, indices), strict=True))], edges)

    def joined(self, tensors: Sequence[Any], letters: Sequence[Mapping[str, str]], edges: Edges) -> Any:
        """A product; ``letters`` says for edges which letter they stand for."""
        ends: dict[str, list[str]] = {}
        for edge, letter in (pair for each in letters for pair in each.items()):
            ends.setdefault(letter, []).append(edge)
        copies = [tg.Delta(edges[letter], letter, *all_) for letter, all_ in ends.items()]
        return tg.Product([*tensors, *copies])

    def product(self, term: Any, edges: Edges) -> Any:
        tensors, letters = [], []
        for factor in term.args:
            found = self.of(factor, edges)
            apart = {letter: next(self.fresh) for letter in found.edges}
            tensors.append(found.rename(**apart))
            letters.append({edge: letter for letter, edge in apart.items()})
        return self.joined(tensors, letters, edges)

    def sum(self, term: Any, edges: Edges) -> Any:
        found = [self.of(a, edges) for a in term.args]
        return tg.Sum(self.alike(found, {e: edges[e] for t in found for e in t.edges}))

    def alike(self, tensors: Sequence[Any], edges: Edges) -> list[Any]:
        """The tensors with the same open letters, repeated along those they do not have."""
        return [tg.Product([t, *(tg.Delta(edges[e], e) for e in edges if e not in t.edges)]) for t in tensors]

    def closed(self, term: Any, edges: Edges) -> Any:
        """Sums; of several limits the first is the innermost."""
        body, inner, opened = term.function, dict(edges), []
        for bound, lower, upper in reversed(term.limits):
            letter = next(self.fresh)
            inner[letter] = size_of(lower, upper)
            body = body.xreplace({bound: Symbol(letter, integer=True)})
            opened.append(letter)
        summed = {letter: inner[letter] for letter in opened}
        whole = self.alike([self.of(body, inner)], summed)
        return tg.Product([*whole, *(tg.Delta(size, letter) for letter, size in summed.items())])

    def delta(self, term: Any, edges: Edges) -> Any:
        if any(not isinstance(i, Symbol) or str(i) not in edges for i in term.args):
            raise CannotBePut("a delta of index arithmetic")
        left, right = map(str, term.args)
        return tg.Delta(edges[left], left, right)

    def power(self, term: Any, edges: Edges) -> Any:
        base, exponent = term.args
        if isinstance(base, NumberSymbol) and str(base) == "E":
            return functions.exp(self.of(exponent, edges))
        if not exponent.is_Rational:
            raise CannotBePut("a power that is no number")
        return functions.pow(self.of(base, edges), int(exponent) if exponent.is_Integer else Fraction(str(exponent)))

    def derivative(self, term: Partial, edges: Edges) -> Any:
        if len(term.variables) != 1:
            raise CannotBePut("a derivative by several things")
        (by,) = term.variables
        indices = tuple(by.indices) if isinstance(by, Indexed) else ()
        variable = self.variable(name_of(by), edges, indices)
        inner = self.of(term.expression, edges)
        own = {f"slot{k}": next(self.fresh) for k in range(len(indices))}
        found = tg.Derivative(inner, variable, own).full_simplify()
        apart = {letter: next(self.fresh) for letter in inner.edges}
        letters = {edge: letter for letter, edge in apart.items()}
        letters |= dict(zip(own.values(), map(str, indices), strict=True))
        return self.joined([found.rename(**apart)], [letters], edges)


_ROWS: tuple[tuple[type, Callable[[Diagrams, Any, Edges], Any]], ...] = (
    (Rational, Diagrams.number),
    (Symbol, Diagrams.symbol),
    (Indexed, Diagrams.indexed),
    (Add, Diagrams.sum),
    (Mul, Diagrams.product),
    (Pow, Diagrams.power),
    (Sum, Diagrams.closed),
    (KroneckerDelta, Diagrams.delta),
    (Partial, Diagrams.derivative),
)
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    name: getattr(functions, name) for name in ("exp", "log", "tanh", "erf", "sign")
}
