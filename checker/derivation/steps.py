"""The derivation in steps: backwards from the quantity to the variable, one name after the other.

For each name U between them a chain of equal sides: the chain rule over the names that use U; the definitions of
these differentiated, with their deltas; deltas contracted and sums collapsed; what is known already put in; and
the matrix whose entry it is.  All of it is a proposal: the checker proves the lines afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Symbol

from checker.calculus import terms
from checker.calculus.context import Context, Definition, Range
from checker.calculus.derivative import NoDerivative, differentiate, replace_symbol
from checker.calculus.functions import ELEMENTARY
from checker.calculus.graph import Dependencies, mentions_derivative
from checker.calculus.notation import Notation, Tree
from checker.calculus.notation.trees import Apply, Named, children, shape
from checker.calculus.prover import Prover
from checker.calculus.ring import Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.terms import Partial
from checker.calculus.unfold import is_parameter
from checker.calculus.writing import LETTERS, term_of
from checker.derivation.answer import Step
from checker.derivation.letters import renamed
from checker.derivation.question import BadQuestion, Question
from checker.language.printer import latex
from checker.language.printer.notation import matrix_latex

MOST_SECTIONS = 12
LONGEST_LINE = 700
WORK = 400_000
Letters = tuple[Symbol, ...]
_CHAIN_RULE, _DEFINITION, _TAKEN = "the chain rule", "the definition", "the derivative taken inside the sums"
_PUT_IN = "what is known put in"
_BEFORE_CONTRACTION = (_CHAIN_RULE, _DEFINITION, _TAKEN)


@dataclass(frozen=True)
class Found:
    """The derivative by one name (or two): its steps, its form, and a matrix if there is one."""

    step: Step
    result: tuple[str, str] | None  # in matrix notation
    index_result: tuple[str, str]
    tree: Tree | None
    term: Expr
    at: Letters
    ranges: tuple[tuple[Symbol, Range], ...]
    uncontracted: Found | None = None  # the same before deltas are contracted, should that not be provable


class Deriver:
    def __init__(self, question: Question) -> None:
        self.question = question
        self.context: Context = question.context
        self.graph = Dependencies(self.context)
        self.recursive = _has_layers(self.context, self.graph, question.of)
        self.taken = _taken(question)
        self.own = self.letters(self.slots(question.of), frozenset(), "ijpq")
        self.known: dict[str, Found] = {}
        self.names = tuple(
            sorted(
                (n for n in self.context.definitions if n != question.of and self._may_be_written(n)),
                key=lambda n: (-self.graph.depth(n), n),
            )
        )

    def _may_be_written(self, name: str) -> bool:
        """Not where a name stands for a derivative, but for one of an unknown function."""
        bodies = [d.body for d in self.context.definitions[name]]
        if not any(mentions_derivative(b) for b in bodies):
            return True
        return len(bodies) == 1 and isinstance(bodies[0], Partial) and self._is_unknown(bodies[0].expression)

    def _is_unknown(self, term: Expr) -> bool:
        name = str(term) if isinstance(term, Symbol) else ""
        return name in self.context.depends and name not in self.context.definitions

    # ----------------------------------------------------------------------------------- letters

    def slots(self, name: str) -> tuple[Range, ...]:
        variable = self.context.variables.get(name)
        return variable.slots if variable is not None else ()

    def letters(self, slots: Sequence[Range], used: frozenset[str], first: str = "kluv") -> Letters:
        supply = [c for c in [*first, *LETTERS] if c not in self.taken and c not in used]
        unique = list(dict.fromkeys(supply))
        unique += [f"i_{n}" for n in range(1, 10)]
        return tuple(terms.index(c) for c in unique[: len(slots)])

    def session(self, *pairs: tuple[Letters, tuple[Range, ...]]) -> Prover:
        indices: dict[Symbol, Range] = {}
        for letters, slots in pairs:
            indices |= dict(zip(letters, slots, strict=True))
        return open_session(self.context, indices, work=WORK, graph=self.graph)

    # --------------------------------------------------------------------------------- the path

    def path(self, by: str) -> list[str]:
        """The names between the quantity and the variable, from the one to the other, and the variable."""
        of = self.question.of
        between = [
            n
            for n in self.context.definitions
            if n != of and n != by and self.graph.depends(of, n) and self.graph.depends(n, by)
        ]
        between.sort(key=lambda n: (-self.graph.depth(n), n))
        if self.recursive or len(between) >= MOST_SECTIONS:
            return [by]
        return [*between, by]

    def first_order(self, by: str) -> list[Found]:
        return [self.section(name) for name in self.path(by)]

    # -------------------------------------------------------------------------------- one section

    def section(self, name: str) -> Found:
        slots = self.slots(name)
        at = self.letters(slots, frozenset(s.name for s in self.own))
        session = self.session((self.own, self.slots(self.question.of)), (at, slots))
        here = terms.element(self.question.of, *self.own)
        head = Partial(here, terms.element(name, *at))
        lines: list[str] = []
        reasons: list[str] = []
        contracted: Expr | None = None
        ruled, explicit, put_in = self._chain_rule(name, at, here)
        if ruled is not None:
            lines.append(self.latex(ruled))
            reasons.append(_CHAIN_RULE if not isinstance(ruled, Partial) else _DEFINITION)
        if explicit is not None:
            lines.append(self.latex(explicit))
            reasons.append(_TAKEN)
            contracted = self._contracted(session, explicit, (*self.own, *at))
            if contracted is not None:
                lines.append(self.latex(contracted))
                reasons.append("deltas contracted and sums collapsed")
        if self.recursive and explicit is not None and contracted is not None:
            found = self._one_layer(name, head, lines, reasons, contracted, at)
            return replace(found, uncontracted=self._uncontracted(found, explicit))
        tree, index_term = self._full(session, head, (*self.own, *at))
        if len(lines) > 1 and sorted(lines[-1]) == sorted(self.latex(index_term)):  # no more than another order
            lines[-1] = self.latex(index_term)
        lines.append(self.latex(index_term))
        reasons.append(_PUT_IN if explicit is None or mentions_derivative(explicit) else "common factors taken out")
        index_result = self.latex(head), lines[-1]
        everywhere = (*self.own, *at)
        if tree is not None and everywhere and len(everywhere) <= 2 and not isinstance(tree, Named):
            lines.append(self._entry(tree, everywhere))
            reasons.append("back to matrices")
        step = _step(f"By ${self.name(name)}$", self.latex(head), lines, reasons)
        result = self._whole(name, tree, self.notation(session, everywhere)) if tree is not None else None
        ranges = tuple(zip(everywhere, (*self.slots(self.question.of), *slots), strict=True))
        found = Found(step, result, index_result, tree, index_term, everywhere, ranges)
        if put_in is not None:
            found = replace(found, uncontracted=self._uncontracted(found, put_in))
        self.known[name] = found
        return found

    def _one_layer(
        self, name: str, head: Expr, lines: Sequence[str], reasons: Sequence[str], term: Expr, at: Letters
    ) -> Found:
        """In a recursion, the derivative by one layer in terms of that by the next."""
        everywhere = (*self.own, *at)
        ranges = tuple(zip(everywhere, (*self.slots(self.question.of), *self.slots(name)), strict=True))
        step = _step(f"By ${self.name(name)}$", self.latex(head), lines, reasons)
        return Found(step, None, (self.latex(head), lines[-1]), None, term, everywhere, ranges)

    def _uncontracted(self, found: Found, term: Expr) -> Found:
        line = self.latex(term)
        kept = {x: r for x, r in zip(found.step.lines, found.step.reasons, strict=True) if r in _BEFORE_CONTRACTION}
        reason = kept.pop(line, _PUT_IN)
        step = Step(found.step.about, found.step.head, (*kept, line), (*kept.values(), reason))
        return replace(found, step=step, result=None, index_result=(found.step.head, line), tree=None, term=term)

    def _full(self, session: Prover, head: Expr, at: Letters) -> tuple[Tree | None, Expr]:
        """The derivative in full: a matrix, and a term in index notation, names put back."""
        notation = self.notation(session, at)
        try:
            form = notation.folded(session.expanded(session.form(head, {})))
        except (Outside, Unsummable) as error:
            raise BadQuestion(f"the derivative cannot be taken: {error}") from error
        tree = notation.tree(form, at) if len(at) <= 2 else None
        term = notation.lowered(tree, at) if tree is not None else term_of(form, self.letters_taken(at))
        return tree, term

    def notation(self, session: Prover, at: Letters) -> Notation:
        return Notation(session, self.names, self.letters_taken(at))

    def letters_taken(self, at: Letters) -> frozenset[str]:
        return self.taken | {s.name for s in at}

    def _contracted(self, session: Prover, term: Expr, at: Letters) -> Expr | None:
        """The term without deltas and needless sums; common factors taken out where it is a matrix."""
        try:
            form = session.form(term, {})
            plain = term_of(form, self.letters_taken(tuple(s for s in term.free_symbols)))
            notation = Notation(session, (), self.letters_taken(at))
            tree = notation.tree(form, at) if len(at) <= 2 else None
        except (Outside, Unsummable):
            return None
        together = notation.lowered(tree, at) if tree is not None else plain
        return min(plain, together, key=lambda t: len(self.latex(t)))

    # ------------------------------------------------------------------------------ the chain rule

    def _chain_rule(self, name: str, at: Letters, here: Expr) -> tuple[Expr | None, Expr | None, Expr | None]:
        """The sum over the names that use this one: with derivatives as such, the inner ones written out, and all."""
        of = self.question.of
        users = [u for u in self.graph.users(name) if u == of or self.graph.depends(of, u)]
        if not users or any(len(self.context.definitions.get(u, ())) != 1 for u in users):
            return None, None, None
        if self.recursive and any(s.upper.is_infinite or s.lower.is_infinite for u in users for s in self.slots(u)):
            return None, None, None
        variable = terms.element(name, *at)
        plain = all(self._only_directly(u, name) for u in users)
        ruled: list[Expr] = []
        explicit: list[Expr] = []
        put_in: list[Expr] = []
        try:
            for user in users:
                if user == of:
                    body = self._body(user, self.own)
                    ruled.append(Partial(body, variable))
                    explicit.append(differentiate(body, variable))
                    put_in.append(explicit[-1])
                    continue
                slots = self.slots(user)
                letters = self.letters(slots, frozenset(s.name for s in (*self.own, *at)), "ij")
                entry = terms.element(user, *letters)
                outer = Partial(here, entry)
                inner = differentiate(self._body(user, letters), variable)
                ruled.append(_summed(terms.multiply(outer, Partial(entry, variable)), letters, slots))
                explicit.append(_summed(terms.multiply(outer, inner), letters, slots))
                if user in self.known:
                    put_in.append(_summed(terms.multiply(self._known_at(user, letters), inner), letters, slots))
        except NoDerivative:
            return None, None, None
        whole = terms.add(*put_in) if len(put_in) == len(explicit) else None
        return (terms.add(*ruled) if plain else None), terms.add(*explicit), whole

    def _known_at(self, name: str, letters: Letters) -> Expr:
        """The derivative by a name, found before, at other indices."""
        found = self.known[name]
        term = renamed(found.term, self.taken | {s.name for s in (*self.own, *letters, *found.at)})
        for old, new in zip(found.at[len(self.own) :], letters, strict=True):
            term = replace_symbol(term, old, new)
        return term

    def _only_directly(self, user: str, name: str) -> bool:
        return not any(self.graph.depends(other, name) for other in self.graph.direct(user))

    def _body(self, name: str, letters: Letters) -> Expr:
        definition: Definition = self.context.definitions[name][0]
        if not all(is_parameter(p) for p in definition.pattern):
            raise NoDerivative("a definition of a slice")
        used = self.taken | {s.name for s in (*self.own, *letters)} | {s.name for s in definition.pattern}
        body = renamed(definition.body, used | set("kluv"))
        # by way of letters of our own: those of the pattern and the new ones may be the same
        apart = [terms.index(f"#{k}") for k in range(len(letters))]
        for old, new in (*zip(definition.pattern, apart, strict=True), *zip(apart, letters, strict=True)):
            body = replace_symbol(body, old, new)
        return body

    # -------------------------------------------------------------------------------- second order

    def second_order(self, first: str, second: str) -> Found:
        """∂²/∂first ∂second, the first derivative being known."""
        one = self.letters(self.slots(first), frozenset(s.name for s in self.own))
        two = self.letters(self.slots(second), frozenset(s.name for s in (*self.own, *one)), "luvpq")
        session = self.session(
            (self.own, self.slots(self.question.of)), (one, self.slots(first)), (two, self.slots(second))
        )
        here = terms.element(self.question.of, *self.own)
        x, y = terms.element(first, *one), terms.element(second, *two)
        _, gradient = self._full(session, Partial(here, x), (*self.own, *one))
        head = Partial(here, x, y)
        lines = [self.latex(Partial(gradient, y))]
        reasons = ["the first derivative"]
        try:
            lines.append(self.latex(differentiate(gradient, y, self.graph.depends)))
            reasons.append(_TAKEN)
        except NoDerivative:
            pass
        at = (*self.own, *one, *two)
        tree, term = self._full(session, head, at)
        lines.append(self.latex(term))
        reasons.append("deltas contracted and sums collapsed")
        index_result = self.latex(head), lines[-1]
        if tree is not None and at and len(at) <= 2 and not isinstance(tree, Named):
            lines.append(self._entry(tree, at))
            reasons.append("back to matrices")
        about = f"By ${self.name(first)}$ and ${self.name(second)}$"
        result = self._whole_second(first, second, tree) if tree is not None else None
        slots = (*self.slots(self.question.of), *self.slots(first), *self.slots(second))
        step = _step(about, self.latex(head), lines, reasons)
        return Found(step, result, index_result, tree, term, at, tuple(zip(at, slots, strict=True)))

    def _whole_second(self, first: str, second: str, tree: Tree) -> tuple[str, str] | None:
        counts = len(self.slots(first)), len(self.slots(second))
        if self.own or counts not in ((1, 1), (0, 0)):
            return None
        turned = "^\\top" if counts == (1, 1) else ""
        variables = f"\\partial {self.name(first)} \\, \\partial {self.name(second)}{turned}"
        if first == second and not turned:
            variables = f"\\partial {self.name(first)}^2"
        return f"\\frac{{\\partial^2 {self.name(self.question.of)}}}{{{variables}}}", self.matrix(tree)

    # ------------------------------------------------------------------------------------- writing

    def latex(self, term: Expr) -> str:
        return latex(renamed(term, self.taken), self.context)

    def matrix(self, tree: Tree) -> str:
        return matrix_latex(tree, self.context, self.taken)

    def name(self, name: str) -> str:
        return latex(terms.scalar(name), self.context)

    def _entry(self, tree: Tree, at: Letters) -> str:
        text = self.matrix(tree)
        script = latex(terms.element("X", *at), self.context).removeprefix("X")
        grows = "\\frac" in text or "\\sum" in text
        return f"\\left( {text} \\right){script}" if grows else f"({text}){script}"

    def _whole(self, name: str, tree: Tree, notation: Notation) -> tuple[str, str]:
        """∂L/∂X = … in the layout asked for."""
        rows, slots = len(self.own), len(self.slots(name))
        left = f"\\frac{{\\partial {self.name(self.question.of)}}}{{\\partial {self.name(name)}}}"
        numerator = self.question.layout == "numerator"
        if (rows, slots) == (1, 1):
            tree = tree if numerator else notation.turned(tree)
        elif (rows, slots) == (0, 1) and numerator:
            tree = notation.turned(tree)
        return left, self.matrix(tree)


def elementwise(tree: Tree | None) -> frozenset[str]:
    """Known functions that a tree applies to the entries of a square matrix: their names alone would not say so."""
    if tree is None:
        return frozenset()
    inner = frozenset(name for child in children(tree) for name in elementwise(child))
    row, column = shape(tree)
    square = isinstance(tree, Apply) and tree.function in ELEMENTARY and row is not None and row == column
    return inner | {tree.function} if square and isinstance(tree, Apply) else inner


def _has_layers(context: Context, graph: Dependencies, of: str) -> bool:
    return any(graph.depends(n, n) for n in (of, *graph.reach(of)) if n in context.definitions)


def _taken(question: Question) -> frozenset[str]:
    """Letters that mean something in the document; d and e are kept free of indices."""
    found = {"d", "e"} | {e.name for e in question.symbols if e.kind != "index"}
    return frozenset(found | set(question.context.variables))


def _summed(body: Expr, letters: Letters, slots: tuple[Range, ...]) -> Expr:
    for letter, slot in zip(reversed(letters), reversed(slots), strict=True):
        body = terms.sum_over(body, letter, slot.lower, slot.upper)
    return body


def _step(about: str, head: str, lines: Sequence[str], reasons: Sequence[str]) -> Step:
    """The lines that say something new and are short enough to be read; the last one always."""
    kept: list[tuple[str, str]] = []
    for line, reason in zip(lines, reasons, strict=True):
        if line not in (head, *(x for x, _ in kept)) and (len(line) <= LONGEST_LINE or line is lines[-1]):
            kept.append((line, reason))
    return Step(about, head, tuple(x for x, _ in kept), tuple(r for _, r in kept))
