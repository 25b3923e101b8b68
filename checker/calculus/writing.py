"""From normal forms back to terms: what a normal form says, as a SymPy expression."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

import sympy
from sympy import Eq, Expr, Ge, Gt, Integer, Rational, Symbol, oo, pi

from checker.calculus import terms as t
from checker.calculus.affine import Affine, Variable
from checker.calculus.forms import Atom, Form, Frozen, Monomial, Range, level_of, outside, thaw, variables_of
from checker.calculus.forms import Rational as Number
from checker.calculus.functions import ELEMENTARY

LETTERS = "ijklpqrstuvabcdefgh"
Names = Mapping[Variable, Symbol]


def term_of(form: Form, taken: frozenset[str] = frozenset()) -> Expr:
    """The term of a form; opened indices get letters, bound ones others, all apart from its own and ``taken``."""
    free = {str(v[1]) for v in variables_of(form) if v[0] in ("i", "n")}
    writer = _Writer(frozenset(free) | taken)
    loose = sorted({v for v in variables_of(form) if v[0] == "f"} | {v for m in form for a, _ in m for v in outside(a)})
    return writer.form(form, dict(zip(loose, writer.letters({}), strict=False)))


class _Writer:
    def __init__(self, taken: frozenset[str]) -> None:
        self.taken = taken

    def form(self, form: Form, names: Names) -> Expr:
        return t.add(*(self.monomial(m, c, names) for m, c in sorted(form.items())))

    def frozen(self, frozen: Frozen, names: Names) -> Expr:
        return self.form(thaw(frozen), names)

    def monomial(self, monomial: Monomial, coefficient: Number, names: Names) -> Expr:
        exponents = [(a, e) for a, e in monomial if a[0] == "ex"]
        factors = [] if coefficient == 1 and monomial else [_number(coefficient)]
        factors += [_power(self.atom(a, names), e) for a, e in monomial if a[0] not in ("ex", "pw")]
        for a, e in monomial:
            if a[0] == "pw":
                factors.append(t.power(self.atom(a[1], names), self.monomial(a[2], e, names)))
        if exponents:
            factors.append(sympy.exp(t.add(*(self.monomial(a[1], e, names) for a, e in exponents)), evaluate=False))
        return t.multiply(*factors)

    def affine(self, a: Affine, names: Names) -> Expr:
        parts = [_scaled(self.variable(v, names), c) for v, c in sorted(a[1], key=lambda part: part[1] < 0)]
        if a[0] or not parts:
            parts.append(Integer(a[0]))
        return t.add(*parts)

    def variable(self, v: Variable, names: Names) -> Expr:
        match v[0]:
            case "i":
                return t.index(v[1])
            case "n":
                return t.size(v[1])
            case "t":
                return self.atom(v[1], names)
        return names[v]

    def atom(self, atom: Atom, names: Names) -> Expr:
        return _ATOMS[atom[0]](self, atom, names)

    def letters(self, names: Names) -> Iterator[Symbol]:
        used = self.taken | {s.name for s in names.values()}
        yield from (t.index(letter) for letter in LETTERS if letter not in used)
        yield from (t.index(f"i_{k}") for k in range(1, 1000))

    def bound(self, level: int, count: int, names: Names) -> tuple[list[Symbol], Names]:
        supply = self.letters(names)
        letters = [next(supply) for _ in range(count)]
        return letters, {**names, **{("b", level, k): s for k, s in enumerate(letters)}}

    def limits(self, range_: Range, names: Names) -> tuple[Expr, Expr]:
        match range_[0]:
            case 0:
                return self.affine(range_[1], names), self.affine(range_[2], names)
            case 2:
                return self.affine(range_[1], names), oo
            case 3:
                return -oo, self.affine(range_[1], names)
        return -oo, oo

    def matrix(self, atom: Atom, names: Names) -> tuple[Symbol, Symbol, Expr, Expr]:
        letters, inner = self.bound(level_of(m for m, _ in atom[2]) + 1, 2, names)
        return letters[0], letters[1], self.affine(atom[1], names), self.frozen(atom[2], inner)


def _number(value: Number) -> Expr:
    fraction = Fraction(value)
    return Rational(fraction.numerator, fraction.denominator)


def _power(base: Expr, exponent: Number) -> Expr:
    return base if exponent == 1 else t.power(base, _number(exponent))


def _scaled(term: Expr, factor: int) -> Expr:
    return term if factor == 1 else t.multiply(Integer(factor), term)


def _element(w: _Writer, atom: Atom, names: Names) -> Expr:
    return t.element(atom[1], *(w.affine(a, names) for a in atom[2]))


def _function(w: _Writer, atom: Atom, names: Names) -> Expr:
    _, name, orders, arguments = atom
    inner = [w.frozen(a, names) for a in arguments]
    if any(orders):
        return t.function_derivative(name, orders, *inner)
    known = ELEMENTARY.get(name)
    return t.apply(name, *inner) if known is None else known(*inner, evaluate=False)


def _delta(w: _Writer, atom: Atom, names: Names) -> Expr:
    constant, parts = atom[1]
    left = (constant if constant > 0 else 0, tuple((v, c) for v, c in parts if c > 0))
    right = (-constant if constant < 0 else 0, tuple((v, -c) for v, c in parts if c < 0))
    return t.delta(w.affine(left, names), w.affine(right, names))


def _guard(w: _Writer, atom: Atom, names: Names) -> Expr:
    return t.indicator(Ge(w.affine(atom[1], names), 0, evaluate=False))


def _positive(w: _Writer, atom: Atom, names: Names) -> Expr:
    return t.indicator(Gt(w.frozen(atom[1], names), 0, evaluate=False))


def _zero(w: _Writer, atom: Atom, names: Names) -> Expr:
    return t.indicator(Eq(w.frozen(atom[1], names), 0, evaluate=False))


def _sum(w: _Writer, atom: Atom, names: Names) -> Expr:
    letters, inner = w.bound(level_of([atom[2]]) + 1, len(atom[1]), names)
    body = w.monomial(atom[2], 1, inner)
    for letter, range_ in reversed(list(zip(letters, atom[1], strict=True))):
        body = t.sum_over(body, letter, *w.limits(range_, inner))
    return body


def _binder(kind: Callable[..., Expr]) -> Callable[[_Writer, Atom, Names], Expr]:
    def write(w: _Writer, atom: Atom, names: Names) -> Expr:
        letters, inner = w.bound(level_of(m for m, _ in atom[2]) + 1, 1, names)
        return kind(w.frozen(atom[2], inner), letters[0], *w.limits(atom[1], names))

    return write


def _inverse(w: _Writer, atom: Atom, names: Names) -> Expr:
    return t.Inverse(*w.matrix(atom, names), w.affine(atom[3], names), w.affine(atom[4], names))


def _determinant(w: _Writer, atom: Atom, names: Names) -> Expr:
    return t.Determinant(*w.matrix(atom, names))


def _matrix_power(w: _Writer, atom: Atom, names: Names) -> Expr:
    ends = (w.affine(atom[4], names), w.affine(atom[5], names))
    return t.MatrixPower(*w.matrix(atom, names), w.frozen(atom[3], names), *ends)


def _derivative(w: _Writer, atom: Atom, names: Names) -> Expr:
    _, name, slots, wrt = atom
    by = [t.element(x, *(w.affine(a, names) for a in places)) for x, places in wrt]
    return t.Partial(t.element(name, *(w.affine(a, names) for a in slots)), *by)


def range_of(range_: Range) -> tuple[Expr, Expr]:
    """The ends of a range that mentions no bound index."""
    return _Writer(frozenset()).limits(range_, {})


_ATOMS: Mapping[str, Callable[[_Writer, Atom, Names], Expr]] = {
    "el": _element,
    "ix": lambda w, a, n: w.variable(a[1], n),
    "fn": _function,
    "ex": lambda w, a, n: sympy.exp(w.monomial(a[1], 1, n), evaluate=False),
    "pw": lambda w, a, n: t.power(w.atom(a[1], n), w.monomial(a[2], 1, n)),
    "num": lambda w, a, n: Integer(a[1]),
    "pi": lambda w, a, n: pi,
    "abs": lambda w, a, n: sympy.Abs(w.frozen(a[1], n), evaluate=False),
    "poly": lambda w, a, n: w.frozen(a[1], n),
    "dl": _delta,
    "ge": _guard,
    "gt": _positive,
    "eq": _zero,
    "sum": _sum,
    "prod": _binder(t.product_over),
    "max": _binder(t.maximum_over),
    "inv": _inverse,
    "det": _determinant,
    "mpw": _matrix_power,
    "d": _derivative,
    "p": _derivative,
}
