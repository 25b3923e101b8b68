"""Sums over all integers: which terms can be different from 0.

Sequences have finite support, so a sum over all integers has finitely many terms; this module *proves*
which, by a small analysis over intervals of index values: ``vanishes`` (the value is 0, with all
derivatives being taken) and ``independent`` (the value does not depend on given entries of a tensor).
What cannot be shown to vanish is evaluated; what cannot be bounded at all is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
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
from sympy.core.relational import Equality, GreaterThan, LessThan, StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import And, BooleanFalse, Or

from checker.calculus import terms
from checker.calculus.context import Definition
from checker.judge import elementary
from checker.judge.compile import _parameter as parameter_of
from checker.judge.machine import Code, Name
from checker.judge.point import LONG, SUPPORT
from checker.judge.scalars import ZERO, Undefined

if TYPE_CHECKING:
    from checker.judge.compile import Compiler

Interval = tuple[int | None, int | None]  # None: unbounded
EVERYTHING: Interval = (None, None)
_WIDTHS = (2, 4, 8, 16, 32)
_DEEPEST = 40


def meets(a: Interval, b: Interval) -> bool:
    """Whether two intervals have a number in common."""
    below = a[1] is not None and b[0] is not None and a[1] < b[0]
    above = a[0] is not None and b[1] is not None and a[0] > b[1]
    return not (below or above)


def plus(a: Interval, b: Interval) -> Interval:
    return (
        None if a[0] is None or b[0] is None else a[0] + b[0],
        None if a[1] is None or b[1] is None else a[1] + b[1],
    )


def times(factor: int, a: Interval) -> Interval:
    ends = [None if x is None else factor * x for x in a]
    if factor == 0:
        return (0, 0)
    return (ends[0], ends[1]) if factor > 0 else (ends[1], ends[0])


@dataclass(frozen=True)
class Seed:
    """Entries of a name (those in a box) that carry an ε."""

    name: int
    box: tuple[Interval, ...] | None  # None: all


@dataclass(frozen=True)
class View:
    """What index symbols may be: intervals for some, the numbers in ``base`` for the others."""

    intervals: dict[Symbol, Interval]
    base: tuple[Any, ...]
    seeds: tuple[Seed, ...]
    zeros: frozenset[Symbol] = frozenset()  # function parameters known to be 0
    depth: int = 0

    def bind(self, symbol: Symbol, interval: Interval) -> View:
        return replace(self, intervals={**self.intervals, symbol: interval})


class Window:
    """The values of the bound index of one infinite, or very long, sum at which its terms may differ from 0."""

    def __init__(
        self, compiler: Compiler, term: Any, ends: tuple[Code | None, Code | None], free: frozenset[int], names: int
    ) -> None:
        self.compiler, self.machine = compiler, compiler.machine
        self.free, self.names = tuple(sorted(free)), names
        self.body, (self.bound, _, _) = term.function, term.limits[0]
        self.low, self.high = ends
        self.known: dict[Any, Sequence[int]] = {}

    def values(self) -> Sequence[int]:
        machine = self.machine
        seeds = self._active_seeds()
        key = (tuple([machine.registers[r] for r in self.free]), machine.size_key, seeds)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._search(seeds)
        return found

    def _active_seeds(self) -> tuple[Seed, ...]:
        seeds = []
        frame = self.machine.frame
        while frame.parent is not None:
            if frame.seed >= 0 and self.machine.depends_on(self.names, frame.seed):
                box = None if frame.entry is None else tuple((i, i) for i in frame.entry)
                seeds.append(Seed(frame.seed, box))
            frame = frame.parent
        return tuple(seeds)

    def _search(self, seeds: tuple[Seed, ...]) -> Sequence[int]:
        view = View({}, tuple(self.machine.registers), seeds)
        low = None if self.low is None else self.low.run()
        high = None if self.high is None else self.high.run()
        for width in _WIDTHS:
            self.machine.spend(2 * width)
            first = low if low is not None else -width
            last = high if high is not None and low is None else first + width if low is not None else width
            if high is not None:
                last = min(last, high)
            analysis = Analysis(self.compiler, max(SUPPORT, width // 2))
            rays: list[Interval] = []
            if low is None:
                rays.append((None, first - 1))
            if high is None or last < high:
                rays.append((last + 1, high))
            if all(analysis.vanishes(self.body, view.bind(self.bound, ray)) for ray in rays):
                return tuple(
                    p for p in range(first, last + 1) if not analysis.vanishes(self.body, view.bind(self.bound, (p, p)))
                )
        if low is not None and high is not None:
            return range(low, high + 1)
        raise Undefined("a sum over infinitely many terms that are not known to vanish")


class Analysis:
    """``cut``: inner infinite sums are looked at in three pieces, below, within and above ±cut."""

    def __init__(self, compiler: Compiler, cut: int) -> None:
        self.compiler, self.machine, self.cut = compiler, compiler.machine, cut
        self.known = compiler.affine

    # --------------------------------------------------------------------------------------- indices

    def interval(self, term: Expr, view: View) -> Interval:
        """Where the value of an index term lies: affine terms, anything else is unbounded."""
        if isinstance(term, Symbol):
            return self._range_of(term, view)
        parts = self.known.get(term)
        if parts is None:
            parts = self.known[term] = tuple(self._affine(term).items())
        total: Interval = (0, 0)
        for symbol, factor in parts:
            if symbol is None:
                total = plus(total, (factor, factor))
            elif factor is None:
                return EVERYTHING
            else:
                found = self._range_of(symbol, view)
                total = plus(total, found if factor == 1 else times(factor, found))
        return total

    def _apart(self, left: Expr, right: Expr, view: View) -> Interval:
        """Where left - right lies."""
        difference = self.known.get((left, right))
        if difference is None:
            difference = self.known[left, right] = Add(left, Mul(-1, right))
        return self.interval(difference, view)

    def _range_of(self, symbol: Symbol, view: View) -> Interval:
        found = view.intervals.get(symbol)
        if found is not None:
            return found
        register = self.machine.register_of.get(symbol)
        value = None if register is None or register >= len(view.base) else view.base[register]
        return EVERYTHING if not isinstance(value, int) else (value, value)

    def _affine(self, term: Expr) -> dict[Any, Any]:
        """Coefficients by symbol (None: the constant); an unbounded part is marked by a factor None."""
        if isinstance(term, Integer):
            return {None: int(term)}
        if isinstance(term, Symbol):
            return {term: 1}
        if isinstance(term, Add):
            total: dict[Any, Any] = {}
            for a in term.args:
                for symbol, factor in self._affine(a).items():
                    before = total.get(symbol, 0)
                    total[symbol] = None if factor is None or before is None else before + factor
            return total
        if isinstance(term, Mul):
            numbers = [int(a) for a in term.args if isinstance(a, Integer)]
            others = [a for a in term.args if not isinstance(a, Integer)]
            factor = 1
            for n in numbers:
                factor *= n
            if not others:
                return {None: factor}
            if len(others) == 1:
                inner = self._affine(others[0])
                return {s: None if f is None else f * factor for s, f in inner.items()}
        return {term: None}

    def _bounds(self, lower: Expr, upper: Expr, view: View) -> Interval:
        low = None if lower.is_infinite else self.interval(lower, view)[0]
        high = None if upper.is_infinite else self.interval(upper, view)[1]
        return low, high

    def _pieces(self, interval: Interval) -> Iterator[Interval]:
        low, high = interval
        if low is not None and high is not None:
            if high - low >= LONG:
                yield (low, low + self.cut)
                yield (low + self.cut + 1, high)
            elif low <= high:
                yield interval
            return
        inner = (-self.cut if low is None else low, self.cut if high is None else high)
        if low is None:
            yield (None, inner[0] - 1)
        yield inner
        if high is None:
            yield (inner[1] + 1, None)

    # -------------------------------------------------------------------------------------- vanishing

    def vanishes(self, term: Expr, view: View) -> bool:
        """Certainly 0 for all index values in view, and none of the active derivatives moves it."""
        self.machine.work += 1
        if isinstance(term, Rational):
            return bool(term == 0)
        if isinstance(term, Symbol):
            return self._symbol_vanishes(term, view)
        if isinstance(term, Indexed):
            box = tuple(self.interval(i, view) for i in term.indices)
            return self._entry_vanishes(self.compiler.name(term.base.label.name), box, view)
        if isinstance(term, (Add, Max, Min)):
            return all(self.vanishes(a, view) for a in term.args)
        if isinstance(term, Mul):
            return any(self.vanishes(a, view) for a in term.args)
        if isinstance(term, Pow):
            return bool(term.args[1].is_Rational and term.args[1] > 0) and self.vanishes(term.args[0], view)
        if isinstance(term, Sum):
            bound, lower, upper = term.limits[0]
            pieces = self._pieces(self._bounds(lower, upper, view))
            return all(self.vanishes(term.function, view.bind(bound, piece)) for piece in pieces)
        if isinstance(term, KroneckerDelta):
            return not meets(self._apart(term.args[0], term.args[1], view), (0, 0))
        if isinstance(term, Piecewise):
            return all(self._impossible(row.args[1], view) or self.vanishes(row.args[0], view) for row in term.args)
        if isinstance(term, terms.Partial):
            return self._derivative_vanishes(term, view)
        if isinstance(term, AppliedUndef):
            return self._call_vanishes(term, view)
        if isinstance(term, (Abs, Application)):
            return _fixes_zero(type(term).__name__) and all(self.vanishes(a, view) for a in term.args)
        return False

    def _symbol_vanishes(self, term: Symbol, view: View) -> bool:
        if term in view.zeros:
            return True
        if term.is_integer:
            return self._range_of(term, view) == (0, 0)
        if view.zeros and term not in self.machine.register_of:
            return False
        name = self.compiler.context.variables.get(term.name)
        if name is None and term.name not in self.compiler.context.definitions:
            return False
        return self._entry_vanishes(self.compiler.name(term.name), (), view)

    def _entry_vanishes(self, name: Name, box: tuple[Interval, ...], view: View) -> bool:
        if view.depth > _DEEPEST or any(_touches(seed, name.cell, box) for seed in view.seeds):
            return False
        definitions = self.compiler.context.definitions.get(name.name, ())
        if not definitions:
            return name.depends is None and self._outside_support(name, box)
        if not all(self.vanishes(d.body, inner) for d, inner in self._inside(definitions, box, view)):
            return False
        return self._always_defined(definitions) or self._outside_support(name, box)

    def _outside_support(self, name: Name, box: tuple[Interval, ...]) -> bool:
        kept = zip(self.machine.kept(name), box, strict=False)
        return any(ends is not None and not meets(interval, ends) for ends, interval in kept)

    def _always_defined(self, definitions: tuple[Definition, ...]) -> bool:
        return any(d.condition == True and all(parameter_of(e) for e in d.pattern) for d in definitions)  # noqa: E712

    def _inside(
        self, definitions: tuple[Definition, ...], box: tuple[Interval, ...], view: View
    ) -> Iterator[tuple[Definition, View]]:
        """Each definition that may apply to the box, with its parameters bound to intervals."""
        for definition in definitions:
            intervals: dict[Symbol, Interval] = {}
            for entry, interval in zip(definition.pattern, box, strict=False):
                parameter = parameter_of(entry)
                if parameter is not None:
                    intervals[parameter[0]] = plus(interval, (-parameter[1], -parameter[1]))
            base = tuple(self.machine.top)
            yield definition, View(intervals, base, view.seeds, frozenset(), view.depth + 1)

    def _impossible(self, condition: Any, view: View) -> bool:
        if isinstance(condition, BooleanFalse):
            return True
        if isinstance(condition, And):
            return any(self._impossible(a, view) for a in condition.args)
        if isinstance(condition, Or):
            return all(self._impossible(a, view) for a in condition.args)
        allowed = _ALLOWED.get(type(condition))
        if allowed is None:
            return False
        left, right = condition.args
        return not meets(self._apart(left, right, view), allowed)

    def _call_vanishes(self, term: Any, view: View) -> bool:
        definition = self.compiler.context.functions.get(type(term).__name__)
        if definition is None or view.depth > _DEEPEST or not all(self.vanishes(a, view) for a in term.args):
            return False
        zeros = frozenset(definition.parameters)
        return self.vanishes(definition.body, View({}, tuple(self.machine.top), view.seeds, zeros, view.depth + 1))

    def _derivative_vanishes(self, term: Any, view: View) -> bool:
        seeds = [self._seed_of(v, view) for v in term.variables]
        if any(seed is None for seed in seeds):
            return False
        others = tuple(seed for seed in seeds if seed is not None)
        inner = replace(view, seeds=(*view.seeds, *others))
        return any(self.independent(term.expression, seed, inner) for seed in others)

    def _seed_of(self, variable: Expr, view: View) -> Seed | None:
        if isinstance(variable, Indexed):
            name = self.compiler.name(variable.base.label.name)
            return Seed(name.cell, tuple(self.interval(i, view) for i in variable.indices))
        if isinstance(variable, Symbol) and not variable.is_integer and variable not in view.zeros:
            return Seed(self.compiler.name(variable.name).cell, ())
        return None

    # ----------------------------------------------------------------------------------- independence

    def independent(self, term: Expr, seed: Seed, view: View) -> bool:
        """Certainly not a function of the seed's entries, for all index values in view."""
        self.machine.work += 1
        if isinstance(term, (Rational, KroneckerDelta)):
            return True
        if isinstance(term, Symbol):
            return bool(term.is_integer) or self._entry_independent(self.compiler.name(term.name), (), seed, view)
        if isinstance(term, Indexed):
            box = tuple(self.interval(i, view) for i in term.indices)
            return self._entry_independent(self.compiler.name(term.base.label.name), box, seed, view)
        if isinstance(term, Mul):
            if all(self.independent(a, seed, view) for a in term.args):
                return True
            return any(self.vanishes(a, view) and self.independent(a, seed, view) for a in term.args)
        if isinstance(term, (Sum, Product, terms.Maximum)):
            bound, lower, upper = term.limits[0]
            pieces = self._pieces(self._bounds(lower, upper, view))
            return all(self.independent(term.function, seed, view.bind(bound, piece)) for piece in pieces)
        if isinstance(term, Piecewise):
            return all(self._impossible(r.args[1], view) or self.independent(r.args[0], seed, view) for r in term.args)
        if isinstance(term, terms.Partial):
            seeds = [self._seed_of(v, view) for v in term.variables]
            if any(s is None for s in seeds):
                return False
            inner = replace(view, seeds=(*view.seeds, *(s for s in seeds if s is not None)))
            return self.independent(term.expression, seed, inner)
        if isinstance(term, terms.MatrixNode):
            order = (1, self.interval(term.order, view)[1])
            return self.independent(term.body, seed, view.bind(term.row, order).bind(term.column, order))
        if isinstance(term, AppliedUndef):
            return self._function_independent(type(term).__name__, seed) and all(
                self.independent(a, seed, view) for a in term.args
            )
        if isinstance(term, terms.FunctionDerivative):
            return self._function_independent(term.function, seed) and all(
                self.independent(a, seed, view) for a in term.arguments
            )
        if isinstance(term, (Add, Pow, Max, Min, Abs, Application)):
            return all(self.independent(a, seed, view) for a in term.args)
        return False

    def _function_independent(self, function: str, seed: Seed) -> bool:
        if function not in self.compiler.context.functions:
            return True
        _, body = self.compiler.function_body(function)
        return not self.machine.depends_on(body.names, seed.name)

    def _entry_independent(self, name: Name, box: tuple[Interval, ...], seed: Seed, view: View) -> bool:
        if view.depth > _DEEPEST:
            return False
        if name.cell == seed.name:
            if _touches(seed, name.cell, box):
                return False
            if not name.recursive:
                return True
        elif not name.reaches >> seed.name & 1:
            return True
        definitions = self.compiler.context.definitions.get(name.name, ())
        if definitions:
            return all(self.independent(d.body, seed, inner) for d, inner in self._inside(definitions, box, view))
        deeper = replace(view, depth=view.depth + 1)
        return all(self._entry_independent(a, self._whole(a), seed, deeper) for a in name.depends or [])

    def _whole(self, name: Name) -> tuple[Interval, ...]:
        """All entries of a tensor that an unknown function of it depends on."""
        keys = self.machine.entries(name)
        return tuple((min(k[s] for k in keys), max(k[s] for k in keys)) for s in range(len(name.slots or [])))


def _touches(seed: Seed, name: int, box: tuple[Interval, ...]) -> bool:
    if seed.name != name:
        return False
    return seed.box is None or all(meets(a, b) for a, b in zip(seed.box, box, strict=True))


def _fixes_zero(function: str) -> bool:
    """Whether f(0) = 0, so that it keeps a finite support."""
    row = elementary.UNARY.get(function)
    return function in ("Abs", "sign") or (row is not None and (ZERO, ZERO) in row.exact)


# left - right must lie here for the condition to hold somewhere
_ALLOWED: dict[type, Interval] = {
    Equality: (0, 0),
    StrictLessThan: (None, -1),
    LessThan: (None, 0),
    StrictGreaterThan: (1, None),
    GreaterThan: (0, None),
}
