"""Random terms over a small vocabulary, rewritings that change nothing, and slips that change something.

Every function takes a source of randomness with the methods of ``random.Random``; Hypothesis has one
that shrinks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sympy import (
    Abs,
    Add,
    Eq,
    Expr,
    Ge,
    Gt,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Ne,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
    cos,
    exp,
    log,
    oo,
    sin,
    tanh,
)

from checker.calculus import terms as t
from checker.calculus.context import Claim, Context, Hypothesis, Property, Range, Variable
from checker.calculus.derivative import apart, rebuilt, replace_symbol
from tests.calculus.letters import ONE, TWO, el, full, i, j, matrix, n, r, s, tensor

EVERYWHERE = Range(-oo, oo)
z = t.index("z")  # free, over all integers
u, v = t.scalar("u"), t.scalar("v")
SCALARS = (u, v)
FREE = {i: full(n), j: full(n), z: EVERYWHERE}

CONTEXT = Context(
    variables={
        **tensor("x", n),
        **tensor("y", n),
        **tensor("p", n),
        **tensor("A", n, n),
        **tensor("S", n, n),
        **tensor("X", n, n),
        **{name: Variable(name, (EVERYWHERE,)) for name in "gh"},
        "c": Variable("c", (full(n),), integer=True, values=full(n)),
    },
    hypotheses=(
        Hypothesis("S = S^T", property=Property.SYMMETRIC, matrix=matrix("S", n)),
        Hypothesis("X invertible", property=Property.INVERTIBLE, matrix=matrix("X", n)),
        Hypothesis("p_i > 0", relation=Gt(el("p", i), 0), indices={i: full(n)}),
    ),
)


@dataclass(frozen=True)
class Scope:
    """The index letters in reach: those from 1 to n, and those over all integers."""

    finite: tuple[Symbol, ...] = (i, j)
    infinite: tuple[Symbol, ...] = (z,)
    depth: int = 0

    def deeper(self, finite: Symbol | None = None, infinite: Symbol | None = None) -> Scope:
        return Scope(
            (*self.finite, finite) if finite is not None else self.finite,
            (*self.infinite, infinite) if infinite is not None else self.infinite,
            self.depth + 1,
        )


# ------------------------------------------------------------------------------------------- terms


@dataclass
class Terms:
    """A generator of terms; ``smooth`` leaves out what has kinks."""

    random: Random
    smooth: bool = False
    labels: bool = False
    names: list[str] = field(default_factory=lambda: list("klabdef"))

    def term(self, size: int, scope: Scope = Scope()) -> Expr:
        if size <= 1:
            return self.leaf(scope)
        kinds = [k for k in _KINDS if not (self.smooth and k in _KINKED)]
        return self.random.choice(kinds)(self, size, scope)

    def leaf(self, scope: Scope) -> Expr:
        pick = self.random.randrange(14)
        if pick == 0:
            return Rational(self.random.choice([-3, -2, -1, 2, 3]), self.random.choice([1, 1, 2, 3]))
        if pick <= 2:
            return self.random.choice(SCALARS)
        if pick == 3:
            return self.random.choice([n, *scope.finite])
        if pick == 4:
            return t.delta(self.random.choice(scope.finite), self.random.choice(scope.finite))
        if pick == 5 and scope.infinite:
            return el(self.random.choice("gh"), self.place(scope))
        if pick <= 9:
            return el(self.random.choice("xxyp"), self.random.choice(scope.finite))
        return el(self.random.choice("AAS"), self.random.choice(scope.finite), self.random.choice(scope.finite))

    def place(self, scope: Scope) -> Expr:
        """An affine place in a sequence over all integers."""
        base = self.random.choice(scope.infinite)
        other = self.random.choice([*scope.infinite, *scope.finite, ONE, Integer(0)])
        return base + self.random.choice([1, -1]) * other if self.random.random() < 0.6 else base

    def fresh(self, scope: Scope) -> Symbol:
        return t.index(self.random.choice(self.names) + "_" * scope.depth)

    def halves(self, size: int) -> tuple[int, int]:
        first = self.random.randint(1, max(1, size - 1))
        return first, max(1, size - first)

    # one method per kind of node

    def plus(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size)
        return t.add(self.term(a, scope), self.term(b, scope))

    def minus(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size)
        return t.add(self.term(a, scope), t.negate(self.term(b, scope)))

    def times(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size)
        return t.multiply(self.term(a, scope), self.term(b, scope))

    def quotient(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size)
        return t.divide(self.term(a, scope), self.term(b, scope))

    def total(self, size: int, scope: Scope) -> Expr:
        bound = self.fresh(scope)
        inner = scope.deeper(finite=bound)
        upper: Expr = n
        lower: Expr = ONE
        pick = self.random.random()
        if pick < 0.12:
            upper = self.random.choice(scope.finite)
        elif pick < 0.2:
            lower = self.random.choice(scope.finite)
        elif pick < 0.26 and self.labels:
            upper = el("c", self.random.choice(scope.finite))
        elif pick < 0.3:
            upper = n - 1
        return t.sum_over(self.term(size - 1, inner), bound, lower, upper)

    def correlation(self, size: int, scope: Scope) -> Expr:
        """A sum over all integers: it needs a factor of finite support."""
        bound = self.fresh(scope)
        inner = scope.deeper(infinite=bound)
        here = el(self.random.choice("gh"), bound + self.random.choice([0, 1, -1]) * self.random.choice([z, ONE]))
        return t.sum_over(t.multiply(here, self.term(max(1, size - 2), inner)), bound, -oo, oo)

    def power(self, size: int, scope: Scope) -> Expr:
        base = self.term(size - 1, scope)
        exponent = self.random.choice(
            [2, 2, 3, -1, -2, Rational(1, 2), Rational(-1, 2), Rational(1, 3), Rational(3, 2)]
        )
        return t.power(base, Rational(exponent))

    def symbolic_power(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size - 1)
        exponent = self.random.choice([n, v, self.term(b, scope)])
        return t.power(self.term(a, scope), exponent)

    def exponential(self, size: int, scope: Scope) -> Expr:
        return exp(self.term(size - 1, scope), evaluate=False)

    def logarithm(self, size: int, scope: Scope) -> Expr:
        return log(self.term(size - 1, scope), evaluate=False)

    def elementary(self, size: int, scope: Scope) -> Expr:
        return self.random.choice([sin, cos, tanh])(self.term(size - 1, scope), evaluate=False)

    def unknown(self, size: int, scope: Scope) -> Expr:
        argument = self.term(size - 1, scope)
        if self.random.random() < 0.4:
            return t.function_derivative("phi", [self.random.choice([1, 2])], argument)
        return t.apply("phi", argument)

    def product(self, size: int, scope: Scope) -> Expr:
        bound = self.fresh(scope)
        return t.product_over(self.term(size - 1, scope.deeper(finite=bound)), bound, ONE, n)

    def inverse(self, size: int, scope: Scope) -> Expr:
        a, b = self.random.choice(scope.finite), self.random.choice(scope.finite)
        body = self.random.choice([el("X", r, s), el("X", s, r)])
        node = t.Inverse(r, s, n, body, a, b)
        if size > 3 and self.random.random() < 0.7:
            bound = self.fresh(scope)
            other = t.multiply(
                t.Inverse(r, s, n, body, a, bound), self.random.choice([el("X", bound, b), el("X", b, bound)])
            )
            return t.sum_over(other, bound, ONE, n)
        return node

    def determinant(self, size: int, scope: Scope) -> Expr:
        return t.Determinant(r, s, n, self.random.choice([el("X", r, s), t.multiply(TWO, el("X", s, r))]))

    def absolute(self, size: int, scope: Scope) -> Expr:
        return Abs(self.term(size - 1, scope), evaluate=False)

    def extreme(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size - 1)
        return self.random.choice([Max, Min])(self.term(a, scope), self.term(b, scope), evaluate=False)

    def cases(self, size: int, scope: Scope) -> Expr:
        a, b = self.halves(size - 1)
        return t.cases((self.term(a, scope), self.condition(scope)), otherwise=self.term(b, scope))

    def condition(self, scope: Scope) -> Expr:
        if self.random.random() < 0.6:
            left, right = self.random.choice(scope.finite), self.random.choice([*scope.finite, ONE, TWO])
        else:
            left, right = self.leaf(scope), self.random.choice([Integer(0), u])
        relation = self.random.choice([Gt, Ge, Eq, Ne])
        return relation(left, right, evaluate=False)

    def maximum(self, size: int, scope: Scope) -> Expr:
        bound = self.fresh(scope)
        return t.maximum_over(self.term(size - 1, scope.deeper(finite=bound)), bound, ONE, n)


_KINKED = (Terms.absolute, Terms.extreme, Terms.cases, Terms.maximum)
_KINDS: tuple[Callable[[Terms, int, Scope], Expr], ...] = (
    Terms.plus,
    Terms.plus,
    Terms.minus,
    Terms.times,
    Terms.times,
    Terms.times,
    Terms.quotient,
    Terms.total,
    Terms.total,
    Terms.total,
    Terms.correlation,
    Terms.power,
    Terms.power,
    Terms.symbolic_power,
    Terms.exponential,
    Terms.logarithm,
    Terms.elementary,
    Terms.unknown,
    Terms.product,
    Terms.inverse,
    Terms.determinant,
    *_KINKED,
)


# -------------------------------------------------------------- rewritings that change nothing at all


def shuffled(term: Expr, random: Random, depth: int = 0) -> Expr:
    """The same term written otherwise: orders, groupings and bound names changed, sums split and swapped."""
    if not term.args or isinstance(term, Symbol | Integer | Rational):
        return term
    if isinstance(term, Indexed):
        return _swapped_element(term, random)
    if isinstance(term, KroneckerDelta):
        return t.delta(*random.sample(list(term.args), 2))
    if isinstance(term, Sum):
        return _shuffled_sum(term, random, depth)
    if isinstance(term, Product | t.Maximum):
        bound, body = _renamed(term, random, depth)
        kind = t.product_over if isinstance(term, Product) else t.maximum_over
        return kind(shuffled(body, random, depth + 1), bound, *term.limits[0][1:])
    if isinstance(term, Add | Mul):
        return _shuffled_operands(term, random, depth)
    if isinstance(term, Piecewise):
        return t.cases(*((shuffled(value, random, depth), condition) for value, condition in term.args))
    if isinstance(term, Pow):
        return t.power(shuffled(term.args[0], random, depth), shuffled(term.args[1], random, depth))
    if isinstance(term, exp | log | sin | cos | tanh | Abs | Max | Min):
        arguments = [shuffled(a, random, depth) for a in term.args]
        return term.func(*random.sample(arguments, len(arguments)), evaluate=False)
    if isinstance(term, t.Inverse | t.Determinant | t.FunctionDerivative | t.MatrixPower):
        return term
    return rebuilt(term, [shuffled(a, random, depth) for a in term.args])


def _swapped_element(term: Indexed, random: Random) -> Expr:
    slots = list(term.indices)
    return el(t.name_of(term), *(random.sample(slots, 2) if t.name_of(term) == "S" else slots))


def _renamed(term: Expr, random: Random, depth: int) -> tuple[Symbol, Expr]:
    bound = term.limits[0][0]
    taken = term.function.free_symbols | {s for limit in term.limits[0][1:] for s in limit.free_symbols}
    new = t.index(random.choice("klmopqw") + "'" * (depth + 1))
    if new in taken or new.name in {str(s) for s in taken}:
        new = apart(new, taken)
    return new, replace_symbol(term.function, bound, new)


def _shuffled_sum(term: Sum, random: Random, depth: int) -> Expr:
    bound, body = _renamed(term, random, depth)
    _, lower, upper = term.limits[0]
    if isinstance(body, Add) and random.random() < 0.5:
        return t.add(*(t.sum_over(shuffled(part, random, depth + 1), bound, lower, upper) for part in body.args))
    if isinstance(body, Sum) and random.random() < 0.7:
        inner, low, high = body.limits[0]
        if bound not in low.free_symbols | high.free_symbols and inner not in lower.free_symbols | upper.free_symbols:
            swapped = t.sum_over(shuffled(body.function, random, depth + 1), bound, lower, upper)
            return t.sum_over(swapped, inner, low, high)
    if isinstance(body, Mul) and random.random() < 0.5:
        outside = [f for f in body.args if bound not in f.free_symbols]
        inside = [f for f in body.args if bound in f.free_symbols]
        if outside and inside:
            return t.multiply(
                *outside, t.sum_over(shuffled(t.multiply(*inside), random, depth + 1), bound, lower, upper)
            )
    if lower == -oo and random.random() < 0.7:  # another letter for the same integers: k -> a - k or k + a
        shift = random.choice([t.negate(bound), t.add(ONE, t.negate(bound)), bound + 1, z - bound, bound + z])
        return t.sum_over(shuffled(moved(body, bound, shift.doit()), random, depth + 1), bound, lower, upper)
    return t.sum_over(shuffled(body, random, depth + 1), bound, lower, upper)


def moved(term: Expr, old: Symbol, value: Expr) -> Expr:
    """``term`` at another place; the letters of ``value`` must not be bound in it."""
    middle = t.index("moved")
    return replace_symbol(replace_symbol(term, old, middle), middle, value)


def _shuffled_operands(term: Expr, random: Random, depth: int) -> Expr:
    operands = [shuffled(a, random, depth) for a in term.args]
    random.shuffle(operands)
    if isinstance(term, Mul) and random.random() < 0.4:
        spread = next((k for k, a in enumerate(operands) if isinstance(a, Add)), None)
        if spread is not None:
            rest = operands[:spread] + operands[spread + 1 :]
            return t.add(*(t.multiply(part, *rest) for part in operands[spread].args))
    build = t.add if isinstance(term, Add) else t.multiply
    while len(operands) > 2 and random.random() < 0.5:
        k = random.randrange(len(operands) - 1)
        operands[k : k + 2] = [build(*operands[k : k + 2])]
    return build(*operands)


# -------------------------------------------------------------------------------------------- slips


def mutated(term: Expr, random: Random) -> Expr:
    """The term with one small change somewhere."""
    places = list(_places(term))
    path = random.choice(places)
    return _changed(term, path, random)


def _places(term: Expr, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    found = [path]
    if isinstance(term, Indexed | KroneckerDelta | t.MatrixNode | t.FunctionDerivative | Symbol | Rational):
        return found
    if isinstance(term, Sum | Product | t.Maximum):
        return found + _places(term.function, (*path, 0))
    if isinstance(term, Piecewise):
        return found + [p for k, row in enumerate(term.args) for p in _places(row[0], (*path, k))]
    return found + [p for k, a in enumerate(term.args) for p in _places(a, (*path, k))]


def _changed(term: Expr, path: tuple[int, ...], random: Random) -> Expr:
    if path:
        k, *rest = path
        if isinstance(term, Sum | Product | t.Maximum):
            node = Expr.__new__(term.func, _changed(term.function, tuple(rest), random), *term.args[1:])
            node.is_commutative = True
            return node
        if isinstance(term, Piecewise):
            rows = [(_changed(v, tuple(rest), random) if m == k else v, c) for m, (v, c) in enumerate(term.args)]
            return t.cases(*rows)
        arguments = [_changed(a, tuple(rest), random) if m == k else a for m, a in enumerate(term.args)]
        if isinstance(term, exp | log | sin | cos | tanh | Abs | Max | Min):
            return term.func(*arguments, evaluate=False)
        return rebuilt(term, arguments)
    if isinstance(term, Indexed) and len(term.indices) == 2 and random.random() < 0.6:
        return el(t.name_of(term), *reversed(term.indices))
    if isinstance(term, Indexed):
        slots = list(term.indices)
        k = random.randrange(len(slots))
        slots[k] = random.choice([i, j]) if t.name_of(term) not in "gh" else slots[k] + random.choice([1, -1])
        return el(t.name_of(term), *slots)
    if isinstance(term, Add | Mul) and len(term.args) > 1 and random.random() < 0.5:
        kept = list(term.args)
        kept.pop(random.randrange(len(kept)))
        return term.func(*kept, evaluate=False) if len(kept) > 1 else kept[0]
    if isinstance(term, Pow) and random.random() < 0.5:
        return t.power(
            term.args[0], t.add(term.args[1], ONE) if not isinstance(term.args[1], Rational) else term.args[1] + 1
        )
    if isinstance(term, Sum) and random.random() < 0.4 and term.limits[0][2] == n:
        return t.sum_over(term.function, term.limits[0][0], ONE, n - 1)
    if isinstance(term, Rational):
        return term + random.choice([1, -1])
    choice = random.randrange(4)
    if choice == 0:
        return t.negate(term)
    if choice == 1:
        return t.multiply(TWO, term)
    if choice == 2:
        return t.add(term, random.choice([ONE, u, t.delta(i, j)]))
    return Abs(term, evaluate=False)


def claim(left: Expr, right: Expr) -> Claim:
    return Claim(left, right, FREE)
