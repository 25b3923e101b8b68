"""The normal form's session: everything together, and the one traversal that rebuilds forms.

``rebuild`` takes a form apart and puts it together again through the constructors, with variables
replaced and atoms optionally exchanged for forms; substitution, renaming and unfolding are all it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.forms import (
    Atom,
    Form,
    Frozen,
    Monomial,
    Rational,
    add_into,
    constant_of,
    is_integer,
    level_of,
    monomials_in,
    of,
    thaw,
    variables,
)
from checker.calculus.hypotheses import Hypotheses
from checker.calculus.ring import merge

Values = Mapping[Variable, Affine]
Wrt = tuple[tuple[str, tuple[Affine, ...]], ...]


class Exchange:
    """Atoms exchanged for forms, throughout one form.

    ``replace`` gives the form for an atom, or None where the atom stays; it is asked only for atoms that
    ``concerns`` says yes to.  What holds no such atom, at whatever depth, is normal already and stays as it
    is; what was rebuilt once is not rebuilt again.
    """

    __slots__ = ("_reaches", "concerns", "done", "replace")

    def __init__(self, replace: Callable[[Atom], Form | None], concerns: Callable[[Atom], bool]) -> None:
        self.replace, self.concerns = replace, concerns
        self.done: dict[Atom, Form] = {}
        self._reaches: dict[Atom, bool] = {}

    def reaches(self, atom: Atom) -> bool:
        known = self._reaches.get(atom)
        if known is None:
            inside = (a for m in monomials_in(atom) for a, _ in m)
            known = self._reaches[atom] = self.concerns(atom) or any(self.reaches(a) for a in inside)
        return known


class Algebra(Hypotheses):
    def substitute(self, form: Form, values: Values) -> Form:
        """Variables replaced by affine forms."""
        return self.rebuild(form, values, None) if values else form

    def rebuild(self, form: Form, values: Values, exchange: Exchange | None) -> Form:
        """``values`` put for variables, or atoms exchanged: one of the two is empty or None."""
        total: Form = {}
        for monomial, coefficient in form.items():
            if not any(_moves(a, values, exchange) for a, _ in monomial):
                add_into(total, {monomial: coefficient})
            else:
                add_into(total, self._rebuild_monomial(monomial, values, exchange), coefficient)
        return total

    def _rebuild_monomial(self, monomial: Monomial, values: Values, exchange: Exchange | None) -> Form:
        self.spend()
        kept: Monomial = ()
        moved: list[tuple[Form, Rational]] = []
        plain: dict[Atom, Rational] = {}
        for atom, e in monomial:
            if not _moves(atom, values, exchange):
                kept = (*kept, (atom, e))
                continue
            form = self._rebuild_atom(atom, values, exchange)
            new = single_atom(form)
            if new is None or (new[0] == "pw" and not is_integer(e)):
                moved.append((form, e))
            else:
                plain[new] = plain.get(new, 0) + e
        changed = tuple(sorted((a, e) for a, e in plain.items() if e))
        total = self.tidied(merge(kept, changed))
        for form, e in moved:
            total = self.multiply(total, self.power(form, e))
        return total

    def _rebuild_atom(self, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
        if exchange is None:
            return _REBUILD[atom[0]](self, atom, values, None)
        known = exchange.done.get(atom)
        if known is None:
            known = exchange.replace(atom) if exchange.concerns(atom) else None
            known = _REBUILD[atom[0]](self, atom, values, exchange) if known is None else known
            exchange.done[atom] = known
        return known

    def integer(self, v: Variable, values: Values) -> Affine:
        found = values.get(v)
        if found is not None:
            return found
        return self._opaque(v, values) if v[0] == "t" else af.variable(v)

    def _opaque(self, v: Variable, values: Values) -> Affine:
        form = self._rebuild_atom(v[1], values, None)
        ((atom, _),) = next(iter(form))
        return af.variable(("t", atom))

    def slot(self, a: Affine, values: Values) -> Affine:
        single = af.single(a)
        if single is not None:
            return self.integer(single, values)
        result = af.constant(a[0])
        for v, c in a[1]:
            result = af.combine(result, self.integer(v, values), c)
        return result

    def slots(self, slots: tuple[Affine, ...], values: Values) -> tuple[Affine, ...]:
        return tuple([self.slot(a, values) for a in slots])

    def frozen(self, frozen: Frozen, values: Values, exchange: Exchange | None) -> Form:
        return self.rebuild(thaw(frozen), values, exchange)

    def derivative_atom(self, tag: str, name: str, slots: tuple[Affine, ...], wrt: Wrt) -> Form:
        return of((tag, name, slots, wrt))

    def matrix(self, atom: Atom, values: Values, exchange: Exchange | None) -> tuple[Variable, Variable, Form]:
        """The row, column and body of a matrix atom, opened and rebuilt."""
        row, column, body = self.open_matrix(atom)
        return row, column, self.rebuild(body, values, exchange)


def _moves(atom: Atom, values: Values, exchange: Exchange | None) -> bool:
    """Whether rebuilding an atom may give anything but the atom."""
    return not variables(atom).isdisjoint(values.keys()) if exchange is None else exchange.reaches(atom)


def single_atom(form: Form) -> Atom | None:
    """The atom that a form consists of, if it is one."""
    if len(form) != 1:
        return None
    ((monomial, coefficient),) = form.items()
    return monomial[0][0] if coefficient == 1 and len(monomial) == 1 and monomial[0][1] == 1 else None


# ------------------------------------------------------------------------ one function per atom


def _element(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.element(atom[1], s.slots(atom[2], values))


def _integer(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.affine_form(s.integer(atom[1], values))


def _function(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    arguments = tuple(s.frozen(a, values, exchange) for a in atom[3])
    if atom[1] == "log" and atom[2] == (0,):
        return s.logarithm(arguments[0])
    return s.function(atom[1], atom[2], arguments)


def _exponential(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.exponential(s.rebuild({atom[1]: 1}, values, exchange))


def _symbolic_power(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    base = s.rebuild({((atom[1], 1),): 1}, values, exchange)
    return s.symbolic_power(base, s.rebuild({atom[2]: 1}, values, exchange))


def _constant(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return of(atom)


def _absolute(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.absolute(s.frozen(atom[1], values, exchange))


def _polynomial(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.frozen(atom[1], values, exchange)


def _delta(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.delta(s.slot(atom[1], values))


def _guard(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.guard(s.slot(atom[1], values))


def _positive(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.positive(s.frozen(atom[1], values, exchange))


def _zero(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    return s.vanishes(s.frozen(atom[1], values, exchange))


def _sum(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    if exchange is None:  # opened and rebuilt in one go
        return s.sum_over(*s.opened(atom, values))
    indices, body = s.opened(atom)
    return s.sum_over(indices, s.rebuild(body, values, exchange))


def _product(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    v, body = s.open_one(atom)
    return s.product_of(v, s.rebuild(body, values, exchange))


def _maximum(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    v, body = s.open_one(atom)
    return s.maximum_of(v, s.rebuild(body, values, exchange))


def _inverse(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    row, column, body = s.matrix(atom, values, exchange)
    return s.inverse(s.slot(atom[1], values), row, column, body, s.slot(atom[3], values), s.slot(atom[4], values))


def _determinant(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    row, column, body = s.matrix(atom, values, exchange)
    return s.determinant(s.slot(atom[1], values), row, column, body)


def _matrix_power(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    row, column, body = s.matrix(atom, values, exchange)
    exponent = s.frozen(atom[3], values, exchange)
    order, a, b = s.slots((atom[1], atom[4], atom[5]), values)
    return s.matrix_power(order, row, column, body, exponent, a, b)


def _derivative(s: Algebra, atom: Atom, values: Values, exchange: Exchange | None) -> Form:
    wrt = tuple((name, s.slots(slots, values)) for name, slots in atom[3])
    return s.derivative_atom(atom[0], atom[1], s.slots(atom[2], values), wrt)


_REBUILD: Mapping[str, Callable[[Algebra, Atom, Values, Exchange | None], Form]] = {
    "el": _element,
    "ix": _integer,
    "fn": _function,
    "ex": _exponential,
    "pw": _symbolic_power,
    "num": _constant,
    "pi": _constant,
    "abs": _absolute,
    "poly": _polynomial,
    "dl": _delta,
    "ge": _guard,
    "gt": _positive,
    "eq": _zero,
    "sum": _sum,
    "prod": _product,
    "max": _maximum,
    "inv": _inverse,
    "det": _determinant,
    "mpw": _matrix_power,
    "d": _derivative,
    "p": _derivative,
}

__all__ = ["Algebra", "constant_of", "level_of"]
