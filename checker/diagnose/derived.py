"""What a line should say where no small change makes it true: its left side, derived.

In matrix notation where the left side is an array that has such a form, with the author's own names; otherwise entry
by entry.  What is shown has been read again as written and judged like any other line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from sympy import Expr, Indexed, Symbol

from checker.calculus import terms
from checker.calculus.algebra import Exchange
from checker.calculus.context import Claim, Context, Definition
from checker.calculus.forms import Atom, Form, atoms_deep, of, subtract
from checker.calculus.graph import Dependencies, mentions_derivative
from checker.calculus.notation import Notation
from checker.calculus.notation.trees import Named, Sum, Tree, transpose
from checker.calculus.prover import Prover
from checker.calculus.ring import Budget, Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.terms import Partial
from checker.calculus.unfold import is_parameter
from checker.calculus.writing import term_of
from checker.judge.decide import Options, Proof, closed
from checker.language.again import Again, Equation
from checker.language.printer import latex
from checker.language.printer.notation import matrix_latex
from checker.language.reading import LAYOUTS, Fault
from checker.language.sides import Part

LONGEST = 160  # characters of LaTeX
LONGER, AT_LEAST = 3, 80  # times as long as what was written, but this much in any case
LONGEST_TERM = 50
MOST_TERMS = 12
MOST_FACTORED = 6  # terms; a longer sum is not made into matrices
MOST_NAMES = 16
WORK = 4_000  # for the derivation
MORE_WORK = 5_000  # for its proof
PRICES = (("\\oslash", 20), ("\\nabla", 10), ("\\frac{\\partial", 10), ("\\left(", -10))
ENTRY = 60  # of characters, what an answer entry by entry costs


@dataclass(frozen=True)
class Answer:
    """A side as LaTeX; ``entry`` are the letters of the entry that it stands for, where the left side is an array."""

    text: str
    entry: tuple[str, ...] = ()

    def cost(self) -> tuple[int, str]:
        """Short is plain; a division or a derivative where a name would do is not."""
        worse = sum(price * self.text.count(word) for word, price in PRICES)
        return len(self.text) + worse + (ENTRY if self.entry else 0), self.text


@dataclass(frozen=True)
class Derivation:
    """The way from the left side of an equation to an answer."""

    again: Again
    left: Part
    like: Part
    layout: str
    options: Options
    graph: Dependencies

    def answer(self) -> Answer | None:
        """The first text that is proved equal to the left side; None where there is none that is short."""
        head = self.head
        if head is None or isinstance(head.left, Fault):
            return None
        most = min(LONGEST, max(AT_LEAST, LONGER * len(self.like.latex)))
        try:
            return self.first([a for a in self.answers(head, head.left) if len(a.text) <= most])
        except (Budget, Outside, Unsummable, ZeroDivisionError):
            return None

    def first(self, answers: Sequence[Answer]) -> Answer | None:
        """The first that is proved."""
        head = self.head
        return None if head is None else next((a for a in answers if self.holds(a, head)), None)

    @cached_property
    def head(self) -> Equation | None:
        return self.again.read(self.left, self.left, self.layout)

    def missing(self, wrong: Equation) -> str | None:
        """What must be added to the right side, where it is a single product of arrays: ``- X^\\top y``."""
        at = (*wrong.rows, *wrong.columns)
        if isinstance(wrong.left, Fault) or isinstance(wrong.right, Fault) or not at or len(at) > 2:
            return None
        try:
            session = self.session(wrong, (wrong.left, wrong.right))
            form = subtract(self.last(session, wrong.left), self.last(session, wrong.right))
            notation = Notation(session, self.names(wrong.left), self.taken)
            tree = notation.tree(form, at) if len(form) <= MOST_FACTORED else None
        except (Budget, Outside, Unsummable, ZeroDivisionError):
            return None
        if tree is None or not all(self.is_plain(part) for part in parts(tree)):
            return None
        text = self.matrix(tree if wrong.rows else transpose(tree), self.taken)
        text = f"- {text[1:]}" if text.startswith("-") else f"+ {text}"
        return text if len(text) <= LONGEST_TERM else None

    def is_plain(self, tree: Tree) -> bool:
        """A sum may stand in a term that is missing if it stands on the side already."""
        if not isinstance(tree, Sum) or len(tree.terms) < 2:
            return True
        return squeezed(self.matrix(tree, self.taken)) in squeezed(self.like.latex)

    def last(self, session: Prover, term: Expr) -> Form:
        *_, form = session.stages(session.form(term, {}))
        return Adjoints(session, frozenset()).named(form)

    # ------------------------------------------------------------------------------------ deriving

    def session(self, equation: Equation, about: tuple[Expr, ...]) -> Prover:
        work = min(self.options.work, WORK)
        return open_session(self.context, equation.indices, about=about, work=work, graph=self.graph)

    def answers(self, head: Equation, left: Expr) -> list[Answer]:
        """What the left side may be written as, the plainest first."""
        session = self.session(head, (left,))
        taken = self.taken | {str(s) for s in head.indices}
        notation = Notation(session, self.names(left), taken)
        found: dict[Answer, None] = {}
        for form in self.forms(session, left):
            for written in (notation.folded(form), form):
                texts = self.written(notation, written, head, left)
                found.update(dict.fromkeys(replace(a, text=self.with_straight_d(a.text)) for a in texts))
        return sorted(found, key=Answer.cost)

    def forms(self, session: Prover, left: Expr) -> list[Form]:
        """The left side after the first step of the chain rule that leaves only what has a name, and after the last."""
        adjoints = Adjoints(session, self.own(left))
        stages = [adjoints.named(f) for f in session.stages(self.opened(session, left))]
        known = [f for f in stages if len(f) <= MOST_TERMS and not any(is_open(session, a) for a in atoms_deep(f))]
        chosen = known[:1] + known[-1:]
        return list_without_repeats([*chosen, *(session.without_functions(f) for f in chosen if is_function(f))])

    def written(self, notation: Notation, form: Form, head: Equation, left: Expr) -> Iterator[Answer]:
        """A form in matrix notation, and by its entries."""
        at = (*head.rows, *head.columns)
        letters = at or tuple(s for s in head.indices if s in left.free_symbols)
        tree = notation.tree(form, letters) if len(letters) <= 2 and len(form) <= MOST_FACTORED else None
        entries = tuple(map(str, at))
        if tree is not None and at:
            yield Answer(self.matrix(tree if head.rows else notation.turned(tree), notation.taken))
        elif tree is not None and self.writes_matrices(letters) and not isinstance(tree, Named):
            yield Answer(entry(self.matrix(tree, notation.taken), letters))
        if tree is not None:
            yield Answer(latex(notation.lowered(tree, letters), self.context), entries)
        yield Answer(latex(term_of(form, notation.taken), self.context), entries)

    def opened(self, session: Prover, left: Expr) -> Form:
        """The form of the left side; of its definition, where it is a name."""
        form = session.form(left, {})
        if isinstance(left, Indexed | Symbol):
            return session.unfold_names(form, frozenset({terms.name_of(left)}))
        return form

    def own(self, left: Expr) -> frozenset[str]:
        """The name that stands on the left, and names for the same derivative."""
        if isinstance(left, Indexed | Symbol):
            return frozenset({terms.name_of(left)})
        if not isinstance(left, Partial):
            return frozenset()
        pair = names_of(left)
        bodies = ((n, d.body) for n, found in self.context.definitions.items() for d in found)
        return frozenset(n for n, body in bodies if isinstance(body, Partial) and names_of(body) == pair)

    def names(self, left: Expr) -> tuple[str, ...]:
        """The names that may be written, the outermost first; not those that stand for derivatives."""
        own = self.own(left)
        known = [n for n in self.context.definitions if n not in own and not self.is_derivative(n)][-MOST_NAMES:]
        return tuple(sorted(known, key=lambda n: (-self.graph.depth(n), n)))

    def is_derivative(self, name: str) -> bool:
        return any(mentions_derivative(d.body) for d in self.context.definitions[name])

    # ------------------------------------------------------------------------------------ writing

    @property
    def context(self) -> Context:
        return self.again.context

    @property
    def taken(self) -> frozenset[str]:
        return frozenset({"d", "e"} | set(self.context.variables))

    def writes_matrices(self, letters: tuple[Symbol, ...]) -> bool:
        """Whether the author wrote a number without sums, or an entry of a product: ``(A B)_{kl}``."""
        return ")_" in self.like.latex if letters else "\\sum" not in self.like.latex

    def with_straight_d(self, text: str) -> str:
        """``\\frac{d y}{d x}`` where the author writes no other derivatives."""
        written = self.left.latex + self.like.latex
        straight = "\\frac{d" in written and "\\partial" not in written
        return text.replace("\\partial ", "d") if straight else text

    def matrix(self, tree: Tree, taken: frozenset[str]) -> str:
        quotients = self.layout == LAYOUTS[0] and "\\nabla" not in self.left.latex
        return matrix_latex(tree, self.context, taken, nabla=not quotients)

    # ------------------------------------------------------------------------------------ judging

    def holds(self, found: Answer, head: Equation) -> bool:
        """Whether the text, read again, is proved equal to the left side."""
        bounded = replace(self.options, work=min(self.options.work, MORE_WORK))
        claim = self.entrywise(found, head) if found.entry else self.whole(found)
        return claim is not None and not isinstance(closed(claim, self.context, bounded, self.graph), Proof)

    def whole(self, found: Answer) -> Claim | None:
        part = self.again.part(found.text, self.like)
        equation = None if part is None else self.again.read(self.left, part, self.layout)
        return claim_of(equation)

    def entrywise(self, found: Answer, head: Equation) -> Claim | None:
        whole = self.again.part(entry(self.left.latex, (*head.rows, *head.columns)), self.left)
        part = self.again.part(found.text, self.like)
        return None if whole is None or part is None else claim_of(self.again.read(whole, part, self.layout))


def squeezed(text: str) -> str:
    return "".join(text.split())


def parts(tree: Tree) -> Iterator[Tree]:
    """The tree and every tree in it."""
    yield tree
    for field in fields(tree):
        value = getattr(tree, field.name)
        for inner in value if isinstance(value, tuple) else (value,):
            inner = inner[1] if isinstance(inner, tuple) and len(inner) == 2 else inner
            if isinstance(inner, Tree):
                yield from parts(inner)


def claim_of(equation: Equation | None) -> Claim | None:
    if equation is None or isinstance(equation.left, Fault) or isinstance(equation.right, Fault):
        return None
    return None if equation.left == equation.right else Claim(equation.left, equation.right, equation.indices)


def entry(text: str, letters: tuple[Symbol, ...]) -> str:
    """``(A B)_{kl}``"""
    if not letters:
        return text
    return f"\\left( {text} \\right)_{{{' '.join(map(str, letters))}}}"


def is_open(session: Prover, atom: Atom) -> bool:
    return atom[0] in ("d", "p") and not session.is_elementary(atom)


def is_function(form: Form) -> bool:
    """Whether a form is a function of the document at a place, and nothing else: ``f'(x)``."""
    atoms = [atom for monomial in form for atom, _ in monomial]
    return len(atoms) == 1 and atoms[0][0] == "fn"


def names_of(partial: Partial) -> tuple[str, ...]:
    parts = (partial.expression, *partial.args[1:])
    return tuple(terms.name_of(p) if isinstance(p, Indexed | Symbol) else "" for p in parts)


def list_without_repeats(forms: list[Form]) -> list[Form]:
    return [form for n, form in enumerate(forms) if form not in forms[:n]]


class Adjoints:
    """Derivatives of unknown functions by the names that the document has for them: ``G_{ij} = ∂E/∂C_{ij}``."""

    def __init__(self, session: Prover, without: frozenset[str]) -> None:
        self.session = session
        self.rules: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {}
        for name, definitions in session.graph.context.definitions.items():
            if name not in without and len(definitions) == 1 and isinstance(definitions[0].body, Partial):
                self.add(name, definitions[0])

    def add(self, name: str, definition: Definition) -> None:
        body = definition.body
        by = body.args[1:]
        plain = len(by) == 1 and isinstance(by[0], Indexed | Symbol) and isinstance(body.expression, Symbol)
        if not plain or not all(is_parameter(p) for p in definition.pattern):
            return
        slots = tuple(by[0].indices) if isinstance(by[0], Indexed) else ()
        if sorted(map(str, slots)) == sorted(map(str, definition.pattern)):
            order = tuple(slots.index(p) for p in definition.pattern)
            self.rules.setdefault((str(body.expression), terms.name_of(by[0])), (name, order))

    def named(self, form: Form) -> Form:
        return self.session.rebuild(form, {}, Exchange(self.exchange, self.concerns))

    def concerns(self, atom: Atom) -> bool:
        return atom[0] == "d" and len(atom[3]) == 1 and not atom[2] and (atom[1], atom[3][0][0]) in self.rules

    def exchange(self, atom: Atom) -> Form:
        name, order = self.rules[atom[1], atom[3][0][0]]
        slots = atom[3][0][1]
        return of(("el", name, tuple(slots[n] for n in order)))
