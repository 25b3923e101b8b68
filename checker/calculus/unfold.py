"""Definitions, one level at a time: names replaced by their bodies, derivatives by the chain rule.

A derivative ∂Y/∂X of names is expanded from X's side, as in backpropagation: X matters through the
names U whose definitions mention it, so ∂Y/∂X = Σ_U Σ_u ∂Y/∂U_u · ∂U_u/∂X with the last factor explicit.
The cost of a step does not depend on how far away Y is.
"""

from __future__ import annotations

from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.context import Definition
from checker.calculus.derivative import NoDerivative, differentiate
from checker.calculus.forms import Atom, Form, Range, add, atoms_deep, number, of
from checker.calculus.graph import Dependencies, mentions_derivative
from checker.calculus.normal import Env, Normaliser
from checker.calculus.ring import Outside
from checker.calculus.terms import Partial, element, multiply, sum_over
from checker.calculus.terms import add as plus

Slots = tuple[Affine, ...]
Wrt = tuple[tuple[str, Slots], ...]
Height = tuple[int, int | None, int]  # minus the order, the layer of a recursive name, the depth of its definition


def is_parameter(pattern: Expr) -> bool:
    """Whether a slot of a definition's pattern stands for every value (an index letter, not a size)."""
    return isinstance(pattern, Symbol) and not pattern.is_positive


class Unfolder(Normaliser):
    def __init__(self, graph: Dependencies, deadline: float | None = None, work: int = 400_000) -> None:
        super().__init__(graph, deadline, work)
        self._bodies: dict[tuple[str, tuple[Expr, ...], Boolean], tuple[dict[Symbol, Variable], Form]] = {}

    # ------------------------------------------------------------------------------------ names

    def is_defined(self, name: str) -> bool:
        return name in self.graph.context.definitions

    def can_unfold(self, name: str, slots: Slots) -> bool:
        """Whether a definition is known to hold there (inside a closed sum: may hold)."""
        inside = any(v[0] == "b" for a in slots for v, _ in a[1])
        return inside or self._definition_at(name, slots) is not None

    def unfold(self, name: str, slots: Slots) -> Form | None:
        """The body of the definition that holds at ``slots``; None where none is known to."""
        found = self._definition_at(name, slots)
        if found is None:
            return None
        definition, env = found
        parameters, body = self._body(name, definition)
        return self.substitute(body, {v: env[p] for p, v in parameters.items()})

    def _definition_at(self, name: str, slots: Slots) -> tuple[Definition, dict[Symbol, Affine]] | None:
        for definition in self.graph.context.definitions.get(name, ()):
            if len(definition.pattern) != len(slots):
                continue
            env, holds = self._matched(definition, slots)
            if holds == number(1):
                return definition, env
            if holds:
                return None
        return None

    def _matched(self, definition: Definition, slots: Slots) -> tuple[dict[Symbol, Affine], Form]:
        """The values of a definition's parameters at ``slots``, and the indicator that it speaks of them."""
        env: dict[Symbol, Affine] = {}
        holds = number(1)
        for pattern, slot in zip(definition.pattern, slots, strict=True):
            if is_parameter(pattern) and pattern not in env:
                env[pattern] = slot
            else:  # a constant, or a letter for the second time: A_ii
                holds = self.multiply(holds, self.delta(af.subtract(slot, self.affine(pattern, env))))
        return env, self.multiply(holds, self.condition(definition.condition, env))

    def _body(self, name: str, definition: Definition) -> tuple[dict[Symbol, Variable], Form]:
        """A definition's body over opened indices, normalised once."""
        key = (name, definition.pattern, definition.condition)
        if key not in self._bodies:
            parameters = self._parameters(name, definition)
            env = {p: af.variable(v) for p, v in parameters.items()}
            self._bodies[key] = (parameters, self.form(definition.body, env))
        return self._bodies[key]

    def _parameters(self, name: str, definition: Definition) -> dict[Symbol, Variable]:
        ranges = self._slot_ranges(name, len(definition.pattern))
        return {p: self.fresh(r) for p, r in zip(definition.pattern, ranges, strict=True) if is_parameter(p)}

    def _slot_ranges(self, name: str, count: int) -> list[Range]:
        variable = self.graph.context.variables.get(name)
        if variable is None or len(variable.slots) != count:
            return [(1,)] * count
        return [self.range_of(slot.lower, slot.upper, {}) for slot in variable.slots]

    def _opened_slots(self, name: str) -> list[Variable]:
        """Fresh indices for every slot of a name, sizes that depend on the labels included."""
        variable = self.graph.context.variables.get(name)
        if variable is None:
            return []
        env: dict[Symbol, Affine] = {}
        opened: list[Variable] = []
        for k, slot in enumerate(variable.slots):
            v = self.fresh(self.range_of(slot.lower, slot.upper, env))
            opened.append(v)
            if k < len(variable.parameters):
                env[variable.parameters[k]] = af.variable(v)
        return opened

    # ------------------------------------------------------------------------------- derivatives

    def expand_derivative(self, atom: Atom) -> Form | None:
        """One step of the chain rule; None where the atom is elementary."""
        _, name, slots, wrt = atom
        if len(wrt) > 1:
            return self.forwards(name, slots, wrt)
        return self._backwards(name, slots, wrt[0])

    def _backwards(self, name: str, slots: Slots, by: tuple[str, Slots]) -> Form | None:
        other = by[0]
        unknown = self.graph.context.depends.get(name)
        if unknown is not None and not self.is_defined(name) and self.is_elementary_argument(name, other):
            return None
        recursive = self.graph.depends(name, name)
        total: Form = {}
        if not recursive:
            total = self._explicit(name, slots, by)
        for user in self.graph.users(other):
            if (user != name or recursive) and (user == name or self.graph.depends(name, user)):
                indices = self._opened_slots(user)
                at = tuple(af.variable(v) for v in indices)
                outer = self.named_partial(name, slots, ((user, at),))
                if outer:
                    inner = self._explicit(user, at, by)
                    total = add(total, self.sum_over(indices, self.multiply(inner, outer)))
        return total

    def _explicit(self, name: str, slots: Slots, by: tuple[str, Slots]) -> Form:
        """The derivative of a name's own definition by another name, all further names held fixed."""
        other, places = by
        if not self.is_defined(name):
            if other not in self.graph.context.depends.get(name, ()):
                return {}
            tag = "d" if self.is_elementary_argument(name, other) else "p"
            return self.multiply(of((tag, name, slots, (by,))), self.aligned(name, slots, by))
        total: Form = {}
        for definition in self.graph.context.definitions[name]:
            if len(definition.pattern) == len(slots) and other in self.graph.direct(name):
                total = add(total, self._explicit_definition(definition, slots, other, places))
        return total

    def _explicit_definition(self, definition: Definition, slots: Slots, other: str, places: Slots) -> Form:
        if mentions_derivative(definition.body):
            raise Outside("the derivative of a quantity that is itself defined by a derivative")
        env, here = self._matched(definition, slots)
        if not here:
            return {}
        variable, env = self._placed(other, places, env)
        try:
            term = differentiate(definition.body, variable)
        except NoDerivative as error:
            raise Outside(str(error)) from error
        self.note_kinks(definition.body, other, env)
        return self.multiply(here, self.form(term, env))

    @staticmethod
    def _placed(name: str, places: Slots, env: Env, prefix: str = "@") -> tuple[Expr, dict[Symbol, Affine]]:
        """An element at given affine places, as a term with reserved index letters."""
        letters = [Symbol(f"{prefix}{k}", integer=True) for k in range(len(places))]
        return element(name, *letters), {**env, **dict(zip(letters, places, strict=True))}

    # ------------------------------------------------------------------------------ second order

    def forwards(self, name: str, slots: Slots, wrt: Wrt) -> Form | None:
        """The definition of the name, differentiated term by term; higher derivatives unfold so."""
        env: dict[Symbol, Affine] = {}
        variables: list[Expr] = []
        for k, (other, places) in enumerate(wrt):
            variable, env = self._placed(other, places, env, prefix=f"@{k}.")
            variables.append(variable)
        if self.is_defined(name):
            found = self._definition_at(name, slots)
            if found is None:
                return None
            definition, parameters = found
            return self.form(Partial(definition.body, *variables), {**env, **parameters})
        return self._unknown_second_order(name, slots, wrt, variables, env)

    def _unknown_second_order(
        self, name: str, slots: Slots, wrt: Wrt, variables: list[Expr], env: dict[Symbol, Affine]
    ) -> Form | None:
        """∂²E/∂X∂… for E(A): one argument X that is not elementary goes through the arguments A."""
        arguments = self.graph.context.depends.get(name, ())
        position = next((k for k, (x, _) in enumerate(wrt) if not self.is_elementary_argument(name, x)), None)
        if position is None or any(self.graph.depends(a, b) for a in arguments for b in arguments):
            return None
        by = variables[position]
        direct = [v for k, v in enumerate(variables) if k != position and self.is_elementary_argument(name, wrt[k][0])]
        later = [v for k, v in enumerate(variables) if k != position and v not in direct]
        here, env = self._placed(name, slots, env, prefix="@s")
        parts = [
            self._through_argument(here, argument, direct, by)
            for argument in arguments
            if self.graph.depends(argument, wrt[position][0])
        ]
        term = plus(*parts)
        return self.form(Partial(term, *later) if later else term, env)

    def _through_argument(self, here: Expr, argument: str, direct: list[Expr], by: Expr) -> Expr:
        variable = self.graph.context.variables.get(argument)
        slots = variable.slots if variable is not None else ()
        letters = [Symbol(f"@a{k}", integer=True) for k in range(len(slots))]
        entry = element(argument, *letters)
        term = multiply(Partial(here, *direct, entry), Partial(entry, by))
        for letter, slot in zip(reversed(letters), reversed(slots), strict=True):
            term = sum_over(term, letter, slot.lower, slot.upper)
        return term

    # ---------------------------------------------------------------------------------- strategy

    def lowest_height(self, form: Form) -> Height | None:
        """The height of the derivatives that are farthest from their function, to be expanded first."""
        heights = [self.height(a) for a in atoms_deep(form) if a[0] == "d" and not self.is_elementary(a)]
        return min(heights, default=None, key=lambda h: (h[0], h[1] or 0, h[2]))

    def is_elementary(self, atom: Atom) -> bool:
        _, name, _, wrt = atom
        return not self.is_defined(name) and all(self.is_elementary_argument(name, x) for x, _ in wrt)

    def height(self, atom: Atom) -> Height:
        """Order of expansion: higher derivatives first, then earlier layers, then names further down."""
        _, _, _, wrt = atom
        name, places = wrt[0]
        steps = [places[k] for k in self.graph.shifting(name)]
        layer = steps[0][0] if steps else None
        return (-len(wrt), layer, self.graph.depth(name))
