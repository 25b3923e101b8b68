"""The way from index terms back to matrix notation.

``Notation`` turns a normal form with at most two open indices into a tree: the shortest that is found, always the
same one, and only if lowering it again leads back to the form.  Where there is none, the answer is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sympy import Expr, Symbol

from checker.calculus.affine import Variable
from checker.calculus.context import Definition
from checker.calculus.forms import Form, subtract
from checker.calculus.notation.factoring import factored
from checker.calculus.notation.folding import folded_form, folded_tree
from checker.calculus.notation.lowering import Lowering
from checker.calculus.notation.networks import Reader
from checker.calculus.notation.rewriting import everywhere, simplified
from checker.calculus.notation.trees import (
    Named,
    NoMatrixForm,
    Sum,
    Tree,
    rank,
    transpose,
)
from checker.calculus.prover import Prover
from checker.calculus.ring import Outside
from checker.calculus.shapes import ShapeError, UnknownSize
from checker.calculus.sums import Unsummable
from checker.calculus.unfold import is_parameter


@dataclass(frozen=True)
class Notation:
    """Matrix notation in one session; ``names`` are the definitions that may be written by name, outermost first."""

    session: Prover
    names: tuple[str, ...] = ()
    taken: frozenset[str] = frozenset()

    def folded(self, form: Form) -> Form:
        """The form with the author's names where they stand for functions in it; itself where that proves unequal."""
        try:
            found = folded_form(self.session, form, self.names)
        except (Outside, Unsummable, ZeroDivisionError):
            return form
        return found if found == form or self.session.prove_zero(subtract(found, form)).proved else form

    def tree(self, form: Form, at: tuple[Symbol, ...]) -> Tree | None:
        """The matrix whose entry at ``at`` is the form, proved to be that; None where there is none."""
        found = [t for t in self.candidates(form, at) if self.holds(t, form, at)]
        return min(found, key=rank, default=None)

    def candidates(self, form: Form, at: tuple[Symbol, ...]) -> list[Tree]:
        pair = tuple(("i", s.name) for s in at)
        try:
            coefficient, tree = Reader(self.session).term(form, pair)
        except (NoMatrixForm, Outside, Unsummable):
            return []
        plain = self._finished(coefficient, tree)
        return [plain, *self._named(plain)]

    def _finished(self, coefficient: Fraction, tree: Tree) -> Tree:
        whole = tree if coefficient == 1 else Sum(((coefficient, tree),))
        return simplified(whole, frozenset(self.session.graph.context.definitions))

    def _named(self, tree: Tree) -> list[Tree]:
        bodies = [pair for name in self.names for pair in self._body(name)]
        found = folded_tree(tree, bodies)
        if found == tree:
            return []
        again = self._finished(Fraction(1), everywhere(found, _factored_again))
        return [found, folded_tree(again, bodies)]

    def _body(self, name: str) -> list[tuple[Tree, Named]]:
        """The bodies of a name's definitions as trees, if they hold for whole arrays."""
        definitions = self.session.graph.context.definitions.get(name, ())
        if len(definitions) != 1:
            return []
        pattern = definitions[0].pattern
        if len(pattern) > 2 or not all(is_parameter(p) for p in pattern):
            return []
        tree = self.definition(name, definitions[0])
        if tree is None or isinstance(tree, Named):
            return []
        parameters, _ = self.session._body(name, definitions[0])
        axes = tuple(self.session.ranges[parameters[p]] for p in pattern)
        return [(tree, Named(name, (), axes))]

    def definition(self, name: str, definition: Definition) -> Tree | None:
        """The body of a definition, without further names."""
        try:
            parameters, body = self.session._body(name, definition)
            pair: tuple[Variable, ...] = tuple(parameters[p] for p in definition.pattern)
            return self._finished(*Reader(self.session).term(body, pair))
        except (NoMatrixForm, Outside, Unsummable):
            return None

    def turned(self, tree: Tree) -> Tree:
        """The transpose, written shortest."""
        return self._finished(Fraction(1), transpose(tree))

    def lowered(self, tree: Tree, at: tuple[Symbol, ...]) -> Expr:
        """The entry of a tree in index notation."""
        return Lowering(self.session.graph.context, self.taken | {s.name for s in at}).entry(tree, at)

    def holds(self, tree: Tree, form: Form, at: tuple[Symbol, ...]) -> bool:
        """Whether lowering the tree leads back to the form."""
        try:
            term = self.lowered(tree, at)
            return self.session.prove_zero(subtract(self.session.form(term, {}), form)).proved
        except (ShapeError, UnknownSize, Outside, Unsummable, ZeroDivisionError):
            return False


def _factored_again(tree: Tree) -> Tree:
    if not isinstance(tree, Sum):
        return tree
    coefficient, inner = factored(tree.terms)
    return inner if coefficient == 1 else Sum(((coefficient, inner),))


__all__ = ["NoMatrixForm", "Notation", "Tree"]
