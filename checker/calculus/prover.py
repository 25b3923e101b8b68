"""Equality for all sizes: names first as atoms, then unfolded a level at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sympy import Expr, Symbol

from checker.calculus import affine as af
from checker.calculus.affine import Affine
from checker.calculus.algebra import Exchange
from checker.calculus.derivative import NoDerivative, differentiate
from checker.calculus.endless import without_ends
from checker.calculus.ends import even_ends
from checker.calculus.forms import Atom, Form, atoms_deep, of, thaw
from checker.calculus.graph import Dependencies, mentions_derivative
from checker.calculus.hypotheses import SignFact, SumFact
from checker.calculus.openings import OPENED, angles
from checker.calculus.ring import Outside
from checker.calculus.split import COMPARED, vanishes_in_all_cases
from checker.calculus.tails import has_windows, in_tails
from checker.calculus.terms import scalar
from checker.calculus.unfold import Height, Unfolder
from checker.calculus.zero import is_zero

MOST_STEPS = 400
MOST_LAYERS = 4  # steps of the chain rule through a recursion whose length is not a number
MOST_UNFOLDINGS = 3  # … and of its definition
MOST_FORWARDS = 6  # definitions on the way from h_t to h_{t-1}


@dataclass(frozen=True)
class Attempt:
    """What became of the difference of two sides: zero, or what was left of it."""

    proved: bool
    rest: Form


class Prover(Unfolder):
    def __init__(self, graph: Dependencies, deadline: float | None = None, work: int = 400_000) -> None:
        super().__init__(graph, deadline, work)
        self._layers = 0
        self._functions: dict[tuple[str, tuple[int, ...]], tuple[tuple[Atom, ...], Form, tuple[Form, ...]]] = {}

    def prove_zero(self, form: Form, note: Callable[[str, Form], None] | None = None) -> Attempt:
        """Names stay atoms as long as that is enough; then derivatives, names and functions are unfolded.

        ``note`` is told the name of the stage and the form after every step.
        """
        form = self.unfold_names(form, self.adjoints(form))
        if self._closes_forwards(form):
            return Attempt(True, {})
        self._layers = 0
        steps = 0
        stages = (
            ("chain rule", self._chain_rule),
            ("names", self._noted),
            ("definitions", self._definitions),
            ("functions", self._open_functions),
            ("angles", lambda form: angles(self, form)),
            ("ends of sums", lambda form: even_ends(self, form)),
        )
        before_ends: Form = {}
        for stage, unfold in stages:
            before_ends = form if stage == "ends of sums" else before_ends
            for unfolded in unfold(form):
                form = unfolded
                steps += 1
                if note is not None:
                    note(stage, form)
                if not form:
                    return Attempt(True, {})
                if steps > MOST_STEPS:
                    return Attempt(False, form)
                if unfold == self._chain_rule and self._closes_here(form):
                    return Attempt(True, {})
            if is_zero(self, form):
                return Attempt(True, {})
        if has_windows(before_ends) and is_zero(self, in_tails(self, before_ends)):
            return Attempt(True, {})
        if self._vanishes_without_ends(form):
            return Attempt(True, {})
        if any(a[0] in COMPARED for a in atoms_deep(form)):
            form = self.rebuild(form, {}, Exchange(self._leave_out_tie, lambda a: a[0] == "eq"))
            if vanishes_in_all_cases(self, form):
                return Attempt(True, {})
        return Attempt(False, form)

    def _vanishes_without_ends(self, form: Form) -> bool:
        if not any(a[0] == "ge" or (a[0] == "sum" and any(r[0] > 1 for r in a[1])) for a in atoms_deep(form)):
            return False
        endless = without_ends(self, form)
        return endless is not None and is_zero(self, endless)

    def _closes_forwards(self, form: Form) -> bool:
        """∂h_t/∂w beside ∂h_{t-1}/∂w: is the definition of what stands at t, differentiated once, enough?"""
        ahead = self._ahead(form)
        for _ in range(MOST_FORWARDS if ahead else 0):
            due = {a for a in atoms_deep(form) if _layer(a) in ahead and self._can_go_forwards(a)}
            before = form
            form = self.rebuild(form, {}, Exchange(lambda a: self.forwards(a[1], a[2], a[3]), due.__contains__))
            if form == before:
                break
        return bool(ahead) and (is_zero(self, form) or self._names_close(form))

    def _ahead(self, form: Form) -> set[Affine]:
        """The layers at which a derivative stands with the same one, by the same, a few layers before it."""
        found = [a for a in atoms_deep(form) if _layer(a) is not None and self._can_go_forwards(a)]
        pairs = [(a, b) for a in found for b in found if a[1] == b[1] and a[3] == b[3]]
        steps = [(a[2][0], af.subtract(a[2][0], b[2][0])) for a, b in pairs]
        return {layer for layer, step in steps if not step[1] and step[0] > 0}

    def _can_go_forwards(self, atom: Atom) -> bool:
        recursive = atom[0] == "d" and len(atom[3]) == 1 and self.is_defined(atom[1])
        return recursive and not any(self.graph.depends(x, x) for x, _ in atom[3])

    def _closes_here(self, form: Form) -> bool:
        """In a recursion the chain rule could go on for ever: are the names, taken as they are now, enough?"""
        lowest = self.lowest_height(form)
        return lowest is not None and lowest[1] is not None and self._names_close(form)

    def _names_close(self, form: Form) -> bool:
        for _ in range(MOST_UNFOLDINGS):
            name = self._highest_name(form)
            if name is None:
                break
            form = self.unfold_names(form, frozenset({name}))
            if is_zero(self, form):
                return True
        return False

    def _leave_out_tie(self, atom: Atom) -> Form | None:
        """[P = 0] is 0 where a derivative was taken across P = 0, inside sums as well."""
        return {} if atom[0] == "eq" and self.is_kink(thaw(atom[1])) else None

    def expanded(self, form: Form) -> Form:
        """All derivatives of defined names written out by the chain rule."""
        return last(self._chain_rule(form))

    def stages(self, form: Form) -> Iterator[Form]:
        """The form itself, and after each step of the chain rule."""
        return self._chain_rule(form)

    def without_functions(self, form: Form) -> Form:
        """Functions replaced by what their definitions say."""
        return self._opened_functions(form)

    # ------------------------------------------------------------------------------ one stage each

    def _chain_rule(self, form: Form) -> Iterator[Form]:
        """Derivatives of names, the ones farthest from their function first."""
        yield form
        while form and self._layers < MOST_LAYERS:
            lowest = self.lowest_height(form)
            if lowest is None:
                return
            self._layers += lowest[1] is not None

            def due(atom: Atom, lowest: Height = lowest) -> bool:
                return atom[0] == "d" and not self.is_elementary(atom) and self.height(atom) == lowest

            before = form
            form = self.rebuild(form, {}, Exchange(self.expand_derivative, due))
            if form == before:
                return
            form = self.unfold_names(form, self.adjoints(form))
            yield form

    def _noted(self, form: Form) -> Iterator[Form]:
        """The kinks of defined functions are noted by the names of their arguments."""
        for atom in sorted(
            a for a in atoms_deep(form) if a[0] == "fn" and any(a[2]) and a[1] in self.graph.context.functions
        ):
            self._open_function(atom)
        yield form

    def _definitions(self, form: Form) -> Iterator[Form]:
        """Defined names, the ones farthest from the variables first."""
        yield form
        layers = 0
        stuck: frozenset[str] = frozenset()
        while form:
            name = self._highest_name(form, stuck)
            if name is None:
                return
            layers += self.graph.depends(name, name)
            if layers > MOST_UNFOLDINGS:
                return
            before = form
            form = self.unfold_names(form, frozenset({name}))
            stuck = stuck | {name} if form == before else stuck
            self.unfold_facts(name)
            form = last(self._chain_rule(form))
            yield form

    def _open_functions(self, form: Form) -> Iterator[Form]:
        yield form
        opened = self._opened_functions(form)
        while opened != form:
            form = opened
            yield form
            opened = self._opened_functions(form)

    # -------------------------------------------------------------------------------------- names

    def adjoints(self, form: Form) -> frozenset[str]:
        """Names in a form that stand for derivatives: B_ij = ∂E/∂A_ij."""
        return frozenset(
            a[1]
            for a in atoms_deep(form)
            if a[0] == "el" and any(mentions_derivative(d.body) for d in self.graph.context.definitions.get(a[1], ()))
        )

    def unfold_names(self, form: Form, names: frozenset[str]) -> Form:
        while names:
            stuck: set[Atom] = set()

            def named(atom: Atom, names: frozenset[str] = names) -> bool:
                return atom[0] == "el" and atom[1] in names

            def body(atom: Atom, stuck: set[Atom] = stuck) -> Form | None:
                value = self.unfold(atom[1], atom[2])
                if value is None:
                    stuck.add(atom)
                return value

            before = form
            form = self.rebuild(form, {}, Exchange(body, named))
            if form == before or stuck:
                return form
            names = self.adjoints(form) & names
        return form

    def unfold_facts(self, name: str) -> None:
        """What is assumed of a name is known of its body as well."""
        names = frozenset({name})
        for fact in [f for f in self.sign_facts if _mentions(f.form, name)]:
            form = self.unfold_names(fact.form, names)
            if form and form != fact.form:
                self.sign_facts.append(SignFact(form, fact.kind, fact.indices, fact.source, fact.limits))
        for kink in [k for k in self.kinks if _mentions(k.form, name)]:
            self.kinks.append(SignFact(self.unfold_names(kink.form, names), "!", kink.indices, kink.source))
        for known in [f for f in self.sum_facts if _mentions({f.left: 1}, name)]:
            left = self.unfold_names({known.left: 1}, names)
            if len(left) == 1 and next(iter(left.values())) == 1:
                value = self.unfold_names(known.value, names)
                self.sum_facts.append(SumFact(next(iter(left)), value, known.indices, known.source, known.limits))

    def next_unfolding(self, form: Form) -> Form | None:
        """The form one level further down: its highest name, or its functions, replaced by what they stand for."""
        name = self._highest_name(form)
        opened = self._opened_functions(form) if name is None else self.unfold_names(form, frozenset({name}))
        return None if opened == form else opened

    def _highest_name(self, form: Form, stuck: frozenset[str] = frozenset()) -> str | None:
        found = {
            (not self.graph.depends(a[1], a[1]), self.graph.depth(a[1]), a[1])
            for a in atoms_deep(form)
            if a[0] == "el" and a[1] not in stuck and self.is_defined(a[1]) and self.can_unfold(a[1], a[2])
        }
        return max(found)[2] if found else None

    # ---------------------------------------------------------------------------------- functions

    def _opened_functions(self, form: Form) -> Form:
        """Functions replaced by their definitions, those in their arguments first."""
        return self.rebuild(form, {}, Exchange(self._open_function, self._is_opened))

    def _is_opened(self, atom: Atom) -> bool:
        return atom[0] == "fn" and (atom[1] in self.graph.context.functions or (atom[1] in OPENED and atom[2] == (0,)))

    def _open_function(self, atom: Atom) -> Form | None:
        _, name, orders, arguments = atom
        opener = OPENED.get(name) if orders == (0,) else None
        if opener is not None:
            return opener(self, self._opened_functions(thaw(arguments[0])))
        if name not in self.graph.context.functions:
            return None
        parameters, body, kinks = self._function_body(name, orders)
        values = dict(zip(parameters, (self._opened_functions(thaw(a)) for a in arguments), strict=True))
        for kink in kinks:
            self.note_kink(self.rebuild(kink, {}, Exchange(values.get, values.__contains__)))
        return self.rebuild(body, {}, Exchange(values.get, values.__contains__))

    def _function_body(self, name: str, orders: tuple[int, ...]) -> tuple[tuple[Atom, ...], Form, tuple[Form, ...]]:
        """A function's parameters, its derivative of these orders, and where that was taken across a comparison."""
        key = (name, orders)
        if key not in self._functions:
            definition = self.graph.context.functions[name]
            term: Expr = definition.body
            fresh: dict[Symbol, Symbol] = {p: scalar(f"@{p}") for p in definition.parameters}
            from checker.calculus.derivative import replace_symbol

            for old, new in fresh.items():
                term = replace_symbol(term, old, new)
            kinks: list[Form] = []
            for old, order in zip(definition.parameters, orders, strict=True):
                for _ in range(order):
                    kinks.extend(self.kinks_of(term, fresh[old].name, {}))
                    try:
                        term = differentiate(term, fresh[old])
                    except NoDerivative as error:
                        raise Outside(str(error)) from error
            atoms = tuple(("el", fresh[p].name, ()) for p in definition.parameters)
            self._functions[key] = (atoms, self.form(term, {}), tuple(kinks))
        return self._functions[key]


def last(forms: Iterator[Form]) -> Form:
    """The last of a non-empty run of forms."""
    form: Form = {}
    for form in forms:  # noqa: B007 - only the last one counts
        continue
    return form


def _mentions(form: Form, name: str) -> bool:
    return any(a[0] == "el" and a[1] == name for a in atoms_deep(form))


__all__ = ["Attempt", "Prover", "of"]


def _layer(atom: Atom) -> Affine | None:
    """The first index of what is differentiated."""
    return atom[2][0] if atom[0] == "d" and atom[2] else None
