"""The same claims put to SymPy alone: is ``simplify((left - right).doit())`` zero?

A side is rewritten so that SymPy has every chance: definitions are put in, and ``Partial`` becomes
``Derivative``.  What SymPy has no word for (an unknown function of a whole matrix, a network of
general depth, an inverse in index notation) is counted apart, as *cannot be put*.
"""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from types import FrameType
from typing import TypeVar

from sympy import Derivative, Expr, Function, Indexed, Subs, Sum, Symbol, simplify
from sympy.core.function import AppliedUndef
from sympy.logic.boolalg import true

from checker.calculus.context import Context, Definition
from checker.calculus.terms import FunctionDerivative, Node, Partial, index, name_of

T = TypeVar("T")


class CannotBePut(Exception):
    """SymPy has no word for something in the claim."""


class TooLong(BaseException):
    """The time for the claim is over; no Exception, so that SymPy does not swallow it."""


@dataclass(frozen=True)
class Outcome:
    verdict: str  # proved, not proved, too long, cannot be put, failed
    seconds: float


def put(left: Expr, right: Expr, context: Context, seconds: float) -> Outcome:
    def difference() -> Expr:
        with_sympy = Rewriting(context)
        return simplify((with_sympy.of(left) - with_sympy.of(right)).doit())

    start = time.perf_counter()
    try:
        verdict = "proved" if limited(difference, seconds) == 0 else "not proved"
    except CannotBePut:
        verdict = "cannot be put"
    except TooLong:
        verdict = "too long"
    except Exception:  # noqa: BLE001  # SymPy fails on some of these in ways of its own
        verdict = "failed"
    return Outcome(verdict, time.perf_counter() - start)


def limited(action: Callable[[], T], seconds: float) -> T:
    def ring(number: int, frame: FrameType | None) -> None:
        raise TooLong

    previous = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.1)
    try:
        return action()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


class Rewriting:
    """Terms without definitions and without nodes of the checker's own."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.fresh = count(1)
        self.unfolding: list[str] = []

    def of(self, term: Expr, stop: frozenset[str] = frozenset()) -> Expr:
        """``stop`` names what a derivative is taken by: it stays a variable."""
        if isinstance(term, Partial):
            return self.derivative(term, stop)
        if isinstance(term, FunctionDerivative):
            return self.slope(term, stop)
        if isinstance(term, Node):
            raise CannotBePut(type(term).__name__)
        if isinstance(term, (Indexed, Symbol)):
            return self.name(term, stop)
        if isinstance(term, AppliedUndef):
            return self.call(term, stop)
        return term.func(*(self.of(a, stop) for a in term.args)) if term.args else term

    def derivative(self, term: Partial, stop: frozenset[str]) -> Expr:
        if self.opaque(term):
            raise CannotBePut("a derivative by a name that an unknown function depends on")
        inner = stop | {name_of(variable) for variable in term.variables}
        value = Derivative(self.of(term.expression, inner), *term.variables).doit()
        return value if value.has(Derivative, Subs) else self.of(value, stop)

    def opaque(self, term: Partial) -> bool:
        return bool(names_in(term.expression, self.context) & set(self.context.depends))

    def slope(self, term: FunctionDerivative, stop: frozenset[str]) -> Expr:
        arguments = [self.of(a, stop) for a in term.arguments]
        if term.orders != (1,):
            raise CannotBePut("a higher derivative of an unknown function")
        dummy = index(f"x_{next(self.fresh)}")
        body = self.call(Function(term.function)(dummy), stop)
        return body.diff(dummy).subs(dummy, arguments[0])

    def call(self, term: Expr, stop: frozenset[str]) -> Expr:
        arguments = [self.of(a, stop) for a in term.args]
        known = self.context.functions.get(term.func.__name__)
        if known is None:
            return Function(term.func.__name__)(*arguments)
        return self.of(self.apart(known.body), stop).subs(dict(zip(known.parameters, arguments, strict=True)))

    def name(self, term: Expr, stop: frozenset[str]) -> Expr:
        name = name_of(term)
        definitions = () if name in stop else self.context.definitions.get(name, ())
        slots = tuple(self.of(slot, stop) for slot in term.indices) if isinstance(term, Indexed) else ()
        if not definitions:
            return term.func(term.base, *slots) if isinstance(term, Indexed) else term
        if name in self.unfolding:
            raise CannotBePut("a layer that is defined by the layer before it")
        self.unfolding.append(name)
        try:
            return self.of(self.instance(definitions, slots), stop)
        finally:
            self.unfolding.pop()

    def instance(self, definitions: Sequence[Definition], slots: Sequence[Expr]) -> Expr:
        for definition in definitions:
            filled = matched(definition, slots)
            if filled is not None:
                return self.apart(definition.body).subs(filled, simultaneous=True)
        raise CannotBePut("a definition that is not for all values of its labels")

    def apart(self, body: Expr) -> Expr:
        """The body with bound letters of its own, so that putting it in captures nothing."""
        bound = {limit[0]: index(f"{limit[0]}_{next(self.fresh)}") for s in body.atoms(Sum) for limit in s.limits}
        return body.xreplace(bound)


def matched(definition: Definition, slots: Sequence[Expr]) -> Mapping[Expr, Expr] | None:
    if definition.condition is not true or len(definition.pattern) != len(slots):
        return None
    pairs = list(zip(definition.pattern, slots, strict=True))
    if any(not isinstance(pattern, Symbol) and pattern != slot for pattern, slot in pairs):
        return None
    return {pattern: slot for pattern, slot in pairs if isinstance(pattern, Symbol)}


def names_in(term: Expr, context: Context) -> set[str]:
    """The names in a term, and in the definitions it rests on."""
    found: set[str] = set()
    waiting = [term]
    while waiting:
        names = {name_of(atom) for atom in waiting.pop().atoms(Symbol, Indexed)} - found
        found |= names
        waiting.extend(d.body for name in names for d in context.definitions.get(name, ()))
    return found
