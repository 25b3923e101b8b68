"""Derivatives that are atoms of the normal form, and the ties that derivatives were taken across.

∂ name[slots] / ∂ wrt of a quantity that is not unfolded is an atom of its own, unless it is known at once: a δ by the
quantity itself, 0 by what it does not depend on.
"""

from __future__ import annotations

from sympy import Abs, Expr, Integer, Max, Min, Symbol, floor, sign
from sympy.core.relational import Relational

from checker.calculus import affine as af
from checker.calculus.affine import Affine
from checker.calculus.algebra import Algebra, Wrt
from checker.calculus.causality import least_lag
from checker.calculus.derivative import RULES, differentiate, replace_symbol
from checker.calculus.forms import ALL_INTEGERS, Form, Frozen, atoms_deep, freeze, number, of, outside, variables_of
from checker.calculus.graph import Dependencies
from checker.calculus.hypotheses import SignFact
from checker.calculus.ring import Outside


class Partials(Algebra):
    def __init__(self, graph: Dependencies, deadline: float | None = None, work: int = 400_000) -> None:
        super().__init__(deadline, work)
        self.graph = graph
        self._lags: dict[tuple[str, str], int | None] = {}
        self.kinks: list[SignFact] = []  # quantities that a derivative was taken across the zero of
        self.ties: dict[Frozen, None] = {}  # … and that a proof had to assume not to be zero

    def note_kink(self, form: Form) -> None:
        """A derivative was taken across the zero of this form, for whatever its free indices are."""
        bound = sorted({v for m in form for a, _ in m for v in outside(a)})
        form = self.substitute(form, {v: af.variable(self.fresh(ALL_INTEGERS)) for v in bound})
        if not form or any(form == kink.form for kink in self.kinks):
            return
        free = frozenset(v for v in variables_of(form) if v[0] in ("i", "f"))
        self.kinks.append(SignFact(form, "!", free, len(self.kinks)))
        if any(a[0] == "fn" and a[1] == "floor" for a in atoms_deep(form)) and all(v[0] != "f" for v in free):
            self.ties[freeze(form)] = None  # ⌊u⌋ has no derivative where it jumps

    def is_kink(self, form: Form) -> bool:
        """Whether a derivative was taken across form = 0; then the tie is recorded as left out."""
        for kink in self.kinks:
            if self.is_multiple(form, kink):
                self.ties[freeze(self.kinks[kink.source].form)] = None
                return True
        return False

    def named_partial(
        self, name: str, slots: tuple[Affine, ...], wrt: tuple[tuple[str, tuple[Affine, ...]], ...]
    ) -> Form:
        """∂ name[slots] / ∂ wrt as an atom, or what is known of it at once."""
        for other, places in wrt:
            if other == name:
                same = self._same_name(name, slots, places)
                if same is None:
                    if self._is_later(name, slots, other, places):
                        return {}
                    continue
                return same if len(wrt) == 1 else {}
            if not self.graph.depends(name, other) or self._is_later(name, slots, other, places):
                return {}
        if name in (other for other, _ in wrt) and len(wrt) > 1:
            raise Outside(f"higher derivatives of {name} along its own recursion")
        wrt = self._in_order(wrt)
        return self.product([of(("d", name, slots, wrt)), *(self.aligned(name, slots, by) for by in wrt)])

    def _is_later(self, name: str, slots: tuple[Affine, ...], other: str, places: tuple[Affine, ...]) -> bool:
        """Whether by their first indices ``other`` comes too late to matter."""
        if not slots or not places:
            return False
        if (name, other) not in self._lags:
            self._lags[name, other] = least_lag(self.graph, name, other)
        lag = self._lags[name, other]
        if name == other and lag is not None:
            lag = min(lag, 0)  # it depends on itself
        return lag is not None and self.always_negative(af.shift(af.subtract(slots[0], places[0]), -lag))

    def aligned(self, name: str, slots: tuple[Affine, ...], by: tuple[str, tuple[Affine, ...]]) -> Form:
        """∂E_t/∂A_s = δ_ts ∂E_t/∂A_s, where E_t depends on no other A_s: the δ."""
        other, places = by
        pairs = self.graph.context.aligned.get(name, {}).get(other, ())
        if not pairs or not self.is_elementary_argument(name, other):
            return number(1)
        return self.product(self.delta(af.subtract(slots[own], places[its])) for own, its in pairs)

    def is_elementary_argument(self, name: str, argument: str) -> bool:
        """Whether an unknown function depends on this argument only directly."""
        arguments = self.graph.context.depends.get(name, ())
        return argument in arguments and not any(self.graph.depends(a, argument) for a in arguments if a != argument)

    def derivative_atom(self, tag: str, name: str, slots: tuple[Affine, ...], wrt: Wrt) -> Form:
        if tag == "d" and any(other == name for other, _ in wrt):
            return self.named_partial(name, slots, wrt)  # h_t by h_s, where t and s may have become the same
        if tag == "d" and any(self._is_later(name, slots, *by) for by in wrt):
            return {}
        return super().derivative_atom(tag, name, slots, self._in_order(wrt) if tag == "d" else wrt)

    def _in_order(self, wrt: Wrt) -> Wrt:
        """Derivatives by quantities that do not depend on each other commute."""
        if len(wrt) < 2 or any(self.graph.depends(a, b) for a, _ in wrt for b, _ in wrt):
            return wrt
        return tuple(sorted(wrt))

    def _same_name(self, name: str, slots: tuple[Affine, ...], places: tuple[Affine, ...]) -> Form | None:
        """∂X_i/∂X_j = δ_ij; for a recursion h_t = f(h_{t-1}) only at one and the same t."""
        if any(slots[k] != places[k] for k in self.graph.shifting(name)):
            return None
        return self.product(self.delta(af.subtract(a, b)) for a, b in zip(slots, places, strict=True))


def comparisons_in(term: Expr) -> list[tuple[Expr, Expr]]:
    """The pairs of reals that a term compares: in conditions, max, min, absolute values, signs and floors."""
    found: dict[tuple[Expr, Expr], None] = {}
    seen: set[Expr] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Relational):
            found[node.lhs, node.rhs] = None
        elif isinstance(node, Abs | sign):
            found[node.args[0], Integer(0)] = None
        elif isinstance(node, floor):
            found[node.args[0], node] = None
        elif isinstance(node, Max | Min):
            ordered = sorted(node.args, key=str)
            found.update({(a, b): None for k, a in enumerate(ordered) for b in ordered[k + 1 :]})
        stack.extend(node.args)
    return sorted(found, key=str)


def derived_rule(name: str, order: int, argument: Expr) -> Expr:
    """The ``order``-th derivative of an elementary function, at ``argument``."""
    if order == 0:
        return _sympy_function(name, argument)
    u = Symbol("u", real=True)
    term = RULES[name](u)
    for _ in range(order - 1):
        term = differentiate(term, u)
    return replace_symbol(term, u, argument)


def _sympy_function(name: str, argument: Expr) -> Expr:
    import sympy

    return getattr(sympy, name)(argument, evaluate=False)
