"""Names put back: what a definition stands for, written by its name again.

Two ways.  In a normal form, a function or an exponential is exchanged for what the definition says of it: where
``s_p = e^{z_p} / Σ e^z``, ``e^{z_k}`` is ``s_k Σ e^z``, and the sums cancel.  In a tree, a part that is the body
of a definition becomes its name.  Neither is trusted: the result is proved equal afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.algebra import Exchange
from checker.calculus.context import Definition
from checker.calculus.forms import Atom, Form, Monomial, add, number, of, scale, subtract, variables
from checker.calculus.notation.trees import (
    Chain,
    Hadamard,
    Named,
    Opaque,
    Power,
    Scaled,
    Sum,
    Transpose,
    Tree,
    chain,
    cost,
    exponents,
    hadamard,
    is_number,
    plus,
    power,
    rank,
    scaled,
    transpose,
    with_inner,
)
from checker.calculus.prover import Prover
from checker.calculus.ring import Outside
from checker.calculus.unfold import is_parameter

MOST_STEPS = 12
LEADING = ("ex", "fn")  # atoms that a definition is recognised by


# ------------------------------------------------------------------------------------ normal forms


class Rule:
    """``leading = name[…] · rest`` for one definition of a single monomial, over opened indices."""

    def __init__(self, session: Prover, name: str, definition: Definition) -> None:
        self.session = session
        self.name = name
        self.parameters, self.body = session._body(name, definition)
        self.pattern = definition.pattern
        self.leading: Atom | None = None
        self.rest: Form = {}
        self.kept: frozenset[Atom] = frozenset()
        if len(self.body) == 1 and all(is_parameter(p) for p in definition.pattern):
            self._orient(*next(iter(self.body.items())))

    def _orient(self, monomial: Monomial, coefficient: Fraction | int) -> None:
        own = frozenset(self.parameters.values())
        for atom, exponent in monomial:
            plain = atom[0] in LEADING and not (atom[0] == "fn" and any(atom[2]))
            if plain and exponent == 1 and own <= variables(atom):
                others = tuple((a, -e) for a, e in monomial if a != atom)
                if any(e < 0 and a[0] not in ("ix", "ex") for a, e in others):  # it may be 0
                    return
                slots = tuple(af.variable(self.parameters[p]) for p in self.pattern)
                value = scale(of(("el", self.name, slots)), Fraction(1) / Fraction(coefficient))
                self.leading = atom
                self.rest = self.session.multiply(value, {others: 1} if others else {(): 1})
                self.kept = frozenset(a for a, _ in others)
                return

    def concerns(self, atom: Atom) -> bool:
        return atom[0] == "sum" or (self.leading is not None and atom[0] == self.leading[0])

    def exchange(self, atom: Atom) -> Form | None:
        """What stands for an atom: itself where it belongs to the rest of the definition."""
        if atom[0] == "sum" and any(_same_outside(self.session, a, atom, self.parameters) for a in self.kept):
            return of(atom)
        if self.leading is None or atom[0] != self.leading[0]:
            return None
        values = matched(self.leading, atom, frozenset(self.parameters.values()))
        return None if values is None else self.session.substitute(self.rest, values)


def _same_outside(session: Prover, kept: Atom, atom: Atom, parameters: Mapping[object, Variable]) -> bool:
    return kept == atom or matched(kept, atom, frozenset(parameters.values())) is not None


def matched(pattern: object, data: object, free: frozenset[Variable]) -> dict[Variable, Affine] | None:
    """The values of the free variables at which a piece of a normal form is the other; None if there are none."""
    values: dict[Variable, Affine] = {}
    return values if _match(pattern, data, free, values) else None


def _match(pattern: object, data: object, free: frozenset[Variable], values: dict[Variable, Affine]) -> bool:
    if isinstance(pattern, tuple) and _is_affine(pattern):
        single = af.single(pattern)
        if single is not None and single in free:
            if not isinstance(data, tuple) or not _is_affine(data):
                return False
            return values.setdefault(single, data) == data
    if isinstance(pattern, tuple) and isinstance(data, tuple):
        return len(pattern) == len(data) and all(_match(p, d, free, values) for p, d in zip(pattern, data, strict=True))
    return pattern == data


def _is_affine(piece: tuple[object, ...]) -> bool:
    return (
        len(piece) == 2
        and isinstance(piece[0], int)
        and isinstance(piece[1], tuple)
        and all(_is_affine_part(p) for p in piece[1])
    )


def _is_affine_part(part: object) -> bool:
    return isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], tuple) and isinstance(part[1], int)


def folded_form(session: Prover, form: Form, names: Sequence[str]) -> Form:
    """A normal form with functions by the names of what is defined by them, derivatives of functions first."""
    form = session.rebuild(form, {}, Exchange(lambda atom: _by_itself(session, atom), lambda atom: atom[0] == "fn"))
    for name in names:
        for definition in session.graph.context.definitions.get(name, ()):
            try:
                rule = Rule(session, name, definition)
            except Outside:
                continue
            if rule.leading is not None:
                form = session.rebuild(form, {}, Exchange(rule.exchange, rule.concerns))
    return form


def _by_itself(session: Prover, atom: Atom) -> Form | None:
    """φ', φ'' … as polynomials of φ, where φ' is φ(1 - φ), 1 - φ², φ, 1 …, proved."""
    if atom[0] != "fn" or atom[1] not in session.graph.context.functions or len(atom[2]) != 1 or not atom[2][0]:
        return None
    first = of(("fn", atom[1], (1,), atom[3]))
    for slope in SLOPES:
        if session.prove_zero(subtract(first, _polynomial(session, atom, slope))).proved:
            value: Sequence[int] = slope
            for _ in range(atom[2][0] - 1):
                value = _product([k * c for k, c in enumerate(value)][1:], slope)
            return _polynomial(session, atom, value)
    return None


SLOPES = ((0, 1, -1), (1, 0, -1), (0, 1), (1,), (0, -1), (0,))  # φ' as coefficients of 1, φ, φ²


def _polynomial(session: Prover, atom: Atom, coefficients: Sequence[int]) -> Form:
    power, total = number(1), number(0)
    for coefficient in coefficients:
        total = add(total, scale(power, coefficient))
        power = session.multiply(power, of(("fn", atom[1], (0,), atom[3])))
    return total


def _product(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    total = [0] * max(len(left) + len(right) - 1, 1)
    for i, a in enumerate(left):
        for k, b in enumerate(right):
            total[i + k] += a * b
    return tuple(total)


# ------------------------------------------------------------------------------------------- trees


def folded_tree(tree: Tree, names: Sequence[tuple[Tree, Named]]) -> Tree:
    """A tree with the parts that are bodies of definitions replaced by their names, while that makes it shorter."""
    known = [*names, *((transpose(body), transpose(name)) for body, name in names)]
    for _ in range(MOST_STEPS):
        found = [t for body, name in known for t in (_replaced(tree, body, name),) if t != tree]
        better = [t for t in found if cost(t) < cost(tree)]
        if not better:
            return tree
        tree = min(better, key=rank)
    return tree


def _replaced(tree: Tree, body: Tree, name: Tree) -> Tree:
    if tree == body:
        return name
    match tree:
        case Chain():
            return _in_chain(chain(*(_replaced(f, body, name) for f in tree.factors)), body, name)
        case Hadamard() if is_number(tree) and (numbers := _in_numbers(tree.factors, body, name)) is not None:
            return hadamard(*numbers)
        case Hadamard():
            return _in_hadamard(hadamard(*(_replaced(f, body, name) for f in tree.factors)), body, name)
        case Sum():
            coefficient, inner = plus((c, _replaced(t, body, name)) for c, t in tree.terms)
            coefficient, inner = _in_sum(coefficient, inner, body, name)
            return inner if coefficient == 1 else Sum(((coefficient, inner),))
        case Scaled():
            numbers = _in_numbers(tree.numbers, body, name) or [_replaced(n, body, name) for n in tree.numbers]
            return scaled(numbers, _replaced(tree.inner, body, name))
        case Power() if is_number(tree) and is_number(body) and tree.inner != body:
            numbers = _in_numbers([tree], body, name) or [with_inner(tree, lambda inner: _replaced(inner, body, name))]
            return hadamard(*numbers)
        case Transpose():
            return transpose(_replaced(tree.inner, body, name))
        case _:
            return with_inner(tree, lambda inner: _replaced(inner, body, name))


def _in_chain(tree: Tree, body: Tree, name: Tree) -> Tree:
    if not isinstance(tree, Chain) or not isinstance(body, Chain):
        return tree
    n = len(body.factors)
    for k in range(len(tree.factors) - n + 1):
        if tree.factors[k : k + n] == body.factors:
            return chain(*tree.factors[:k], name, *tree.factors[k + n :])
    return tree


def _in_hadamard(tree: Tree, body: Tree, name: Tree) -> Tree:
    if not isinstance(tree, Hadamard) or not isinstance(body, Hadamard):
        return tree
    have, need = Counter(tree.factors), Counter(body.factors)
    return hadamard(*(have - need).elements(), name) if need <= have else tree


def _in_numbers(factors: Sequence[Tree], body: Tree, name: Tree) -> list[Tree] | None:
    """``u n^{-2}`` is ``r n^{-1}`` where r = u n^{-1}: the name for the costliest part of its body."""
    if not is_number(body) or isinstance(body, Sum):
        return None
    have = exponents(factors)
    need = exponents(body.factors if isinstance(body, Hadamard) else [body])
    leading = max(need, key=lambda base: (not isinstance(base, Opaque), *rank(base)))
    if any(not isinstance(base, Opaque) for base in need if base != leading):
        return None
    ratio = have.get(leading, Fraction(0)) / need[leading]
    if not ratio or ratio.denominator != 1:
        return None
    for base, exponent in need.items():
        have[base] = have.get(base, Fraction(0)) - ratio * exponent
    have[name] = have.get(name, Fraction(0)) + ratio
    return [power(base, exponent) for base, exponent in have.items() if exponent]


def _in_sum(coefficient: Fraction, tree: Tree, body: Tree, name: Tree) -> tuple[Fraction, Tree]:
    """a + b + c is r + c, where r = a + b (or a multiple of it)."""
    if not isinstance(tree, Sum) or not isinstance(body, Sum):
        return coefficient, tree
    have = {t: c for c, t in tree.terms}
    ratios = {have[t] / c for c, t in body.terms if t in have}
    if len(ratios) != 1 or any(t not in have for _, t in body.terms):
        return coefficient, tree
    ratio = next(iter(ratios))
    parts = {t for _, t in body.terms}
    content, inner = plus([(ratio, name), *((c, t) for c, t in tree.terms if t not in parts)])
    return coefficient * content, inner
