"""The search for the smallest edit of a side that makes its equation true."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice

from sympy import Expr, Symbol, preorder_traversal

from checker.calculus.context import Claim, Range
from checker.calculus.graph import Dependencies
from checker.calculus.terms import Partial
from checker.diagnose.assume import LIKELY, SPECIAL, Rules, assumed
from checker.diagnose.composed import atoms_of, composed, groups, top_terms
from checker.diagnose.derived import Answer, Derivation
from checker.diagnose.difference import difference
from checker.diagnose.lexicon import paper_of
from checker.diagnose.monomials import Row
from checker.diagnose.pairs import pairs, with_a_sign
from checker.diagnose.slips import Diagnosis
from checker.judge.decide import Options, decide
from checker.judge.probe import Factor, Found, probe, sample
from checker.language.again import Again, Equation
from checker.language.desk import place
from checker.language.edits import Edit, Paper, applied, candidates
from checker.language.edits.numbers import Coefficient, scaled
from checker.language.edits.systematic import systematic
from checker.language.printer import latex
from checker.language.reading import Fault
from checker.language.sides import Part
from checker.language.statements import same_tree
from checker.language.surface import Group, Tree
from checker.language.walk import descend
from checker.results import Verdict

CHUNK = 40  # sides probed at once
MOST_READ = 500  # sides read for one line
SPARED_READ = 240  # of these, where the answer is known already
MOST_DECIDED = 10  # sides judged in full for one line
MOST_PAIRS = 260
FEW_PAIRS = 80
SIGN_PAIRS = 48
COMMON = 3  # ranks that come before anything composed
COMPOSED = 4
PATIENCE = 4
LONGER = 15  # characters that a side may have more than one that is derived, if only a term is missing in it
RENAMED = ("argument", "label", "index", "transpose", "derivative")  # slips that leave a side as long as it is
Indices = tuple[tuple[Symbol, Range], ...]


@dataclass
class Budget:
    """Limits for one line: counts, so that the answer does not depend on how fast the machine is.

    The clock, which counts this process's time only, is far above what the counts let through; it ends the rest.
    """

    seconds: float
    reads: int = MOST_READ
    decisions: int = MOST_DECIDED
    started: float = field(default_factory=time.process_time)

    @property
    def spent(self) -> bool:
        return self.reads <= 0 or self.decisions <= 0 or time.process_time() - self.started > self.seconds

    @property
    def deadline(self) -> float:
        """For the evaluator, which has a limit of its own on steps: when it is stopped in any case."""
        return time.monotonic() + PATIENCE * self.seconds

    def renewed(self) -> Budget:
        """Another share for the same line."""
        return Budget(self.seconds / 2, self.reads // 2, self.decisions)


@dataclass(frozen=True)
class Tried:
    """Edits made together, the side they give and its terms."""

    edits: tuple[Edit, ...]
    text: str
    left: Expr
    right: Expr
    indices: Indices


@dataclass
class Search:
    """Diagnoses ``right`` as a side equal to ``left``."""

    again: Again
    left: Part
    right: Part
    layout: str
    options: Options
    budget: Budget
    graph: Dependencies
    step: bool = False  # against the line before, not the head
    wrong: Equation | None = None
    factors: tuple[Factor, ...] | None = None
    tested: Diagnosis | None = None
    unprobed: int = 4  # sides that are judged although no point could be compared
    seen: set[str] = field(default_factory=set)

    def run(self) -> Diagnosis | None:
        """The first edit that is proved; failing that, one that is tested."""
        self.wrong = self.again.read(self.left, self.right, self.layout)
        if self.wrong is None:  # it takes a name of which nothing is known
            self.wrong = self.again.read(self.left, self.left, self.layout)
        if self.wrong is None or isinstance(self.wrong.left, Fault):
            return None
        paper = paper_of(self.again, self.left, self.right)
        paper.extents = extents(self.wrong)
        edits = candidates(paper)
        common, rare = [e for e in edits if e.rank <= COMMON], [e for e in edits if e.rank > COMMON]
        whole: list[Edit] = []
        return (
            self.unless_assumed(self.first(paper, [(e,) for e in common]))
            or self.first(paper, [(e,) for e in self.scalings(paper)])
            or self.first(paper, list(islice(with_a_sign(paper, edits), SIGN_PAIRS)))
            or self.unless_assumed(self.first(paper, [(e,) for e in self.composed(paper, whole)]))
            or self.first(paper, list(systematic(paper)))
            or self.rarely(paper, rare)
            or self.first(paper, list(islice(pairs([e for e in edits if e.rank <= 1]), FEW_PAIRS)))
            or self.assumption(LIKELY)
            or self.first(paper, [(e,) for e in whole])
            or self.tested
            or self.derived(paper)
            or self.first(paper, list(islice(pairs(edits), MOST_PAIRS)))
            or self.tested
        )

    def small(self) -> Diagnosis | None:
        """A single letter, label or transpose, not too rare a change, with which the equation is proved."""
        self.wrong = self.again.read(self.left, self.right, self.layout)
        if self.wrong is None:
            return None
        paper = paper_of(self.again, self.left, self.right)
        renamed = [(e,) for e in candidates(paper) if e.slip in RENAMED and e.rank <= COMPOSED]
        found = self.first(paper, renamed)
        return found if found is not None and found.proved else None

    @cached_property
    def derivation(self) -> Derivation:
        return Derivation(self.again, self.left, self.right, self.layout, self.options, self.graph)

    @cached_property
    def answer(self) -> Answer | None:
        return self.derivation.answer()

    def unless_assumed(self, found: Diagnosis | None) -> Diagnosis | None:
        """A sum for a missing factor may be one that the author takes to be 1."""
        if found is None or found.slip != "missing-factor" or "the factor $\\sum" not in found.said:
            return found
        assumed = self.assumption(LIKELY)
        return found if assumed is None else replace(assumed, suggestion=found.suggestion)

    def rarely(self, paper: Paper, edits: Sequence[Edit]) -> Diagnosis | None:
        """Rare slips are looked for less long where the left side can be derived."""
        if not self.step and not self.budget.spent and self.answer is not None:
            self.budget.reads = min(self.budget.reads, SPARED_READ)
        return self.first(paper, [(e,) for e in edits])

    def derived(self, paper: Paper) -> Diagnosis | None:
        """The left side, derived, and where it differs; not against the line before, which is wrong itself."""
        if self.step:
            return self.assumption(SPECIAL)
        answer = self.answer
        change = None if answer is None else self.change(paper, answer)
        named = change if change is not None and change.slip != "other" and self.takes_a_derivative else None
        return (
            self.one(paper, named)
            or self.assumption(SPECIAL)
            or self.one(paper, change)
            or self.one(paper, self.term_missing(paper, answer))
            or (None if answer is None else Diagnosis("other", said_of(answer), answer.text, edits=0))
        )

    @property
    def takes_a_derivative(self) -> bool:
        """Otherwise what is derived is only a definition, said again."""
        left = None if self.wrong is None else self.wrong.left
        return isinstance(left, Expr) and any(isinstance(node, Partial) for node in preorder_traversal(left))

    def one(self, paper: Paper, edit: Edit | None) -> Diagnosis | None:
        """What is derived may be shown as a change, whatever was tried before."""
        self.budget.reads, self.budget.decisions = max(self.budget.reads, 1), max(self.budget.decisions, 1)
        return None if edit is None else self.first(paper, [(edit,)])

    def change(self, paper: Paper, answer: Answer) -> Edit | None:
        """The one place where the side differs from what is derived."""
        tree = None if answer.entry else self.again.parse(answer.text)
        return None if tree is None else difference(paper, answer.text, tree)

    def term_missing(self, paper: Paper, answer: Answer | None) -> Edit | None:
        """A product of arrays that the side lacks, if with it the side is not much longer than what is derived."""
        missing = None if self.wrong is None else self.derivation.missing(self.wrong)
        if missing is None or (answer and len(self.right.latex) + len(missing) > len(answer.text) + LONGER):
            return None
        end = paper.tree.span[1]
        return Edit("missing-term", end, end, f" {missing}", f"the term ${missing}$ is missing", 0)

    def scalings(self, paper: Paper) -> list[Edit]:
        if self.factors is None:
            self.probe([])
        found = [Coefficient(f.number, f.size, f.exponent) for f in self.factors or ()]
        return [scaled(paper, f, said(f)) for f in found]

    def composed(self, paper: Paper, divided: list[Edit]) -> list[Edit]:
        """Factors and terms of several quantities, where both sides are numbers with the same free indices.

        Those that take a division are put into ``divided``.
        """
        wrong = self.wrong
        if wrong is None or isinstance(wrong.left, Fault) or isinstance(wrong.right, Fault) or self.budget.spent:
            return []
        atoms = atoms_of(paper, self.again, self.left, self.right, self.layout, wrong)
        terms, inner = top_terms(paper.tree), groups(paper)
        pieces = [self.piece(paper, tree, wrong) for tree in (*(t for _, t in terms), *inner)]
        known = [p if p is not None else wrong.right for p in pieces]
        claim = Claim(wrong.left, wrong.right, wrong.indices)
        found = sample(claim, self.again.context, [*atoms.terms, *known], self.budget.deadline)
        if not found:
            return []
        left, right, *others = (list(column) for column in zip(*found, strict=True))
        rows, rest = others[: len(atoms.terms)], others[len(atoms.terms) :]
        values: list[Row] = [
            row if piece is not None else [None] * len(row) for piece, row in zip(pieces, rest, strict=True)
        ]
        of_terms, of_groups = values[: len(terms)], values[len(terms) :]
        in_brackets = [
            (group, row, term_row, sign)
            for group, row in zip(inner, of_groups, strict=True)
            for (sign, term), term_row in zip(terms, of_terms, strict=True)
            if term.span[0] <= group.span[0] and group.span[1] <= term.span[1]
        ]
        edits = list(composed(paper, atoms, left, right, rows, of_terms, in_brackets))
        divided += [e for e in edits if e.rank > COMPOSED]
        return [e for e in edits if e.rank <= COMPOSED]

    def assumption(self, rules: Rules) -> Diagnosis | None:
        """A hypothesis that the document does not state and under which the line is true."""
        wrong = self.wrong
        if wrong is None or isinstance(wrong.left, Fault) or isinstance(wrong.right, Fault) or self.tested is not None:
            return None
        claim = Claim(wrong.left, wrong.right, wrong.indices)
        if claim.left == claim.right:
            return None
        found = assumed(claim, self.again.context, self.options, lambda: self.budget.spent, self.budget.deadline, rules)
        if found is None:
            return None
        assumption, proved = found
        text = assumption.hypothesis.text
        sentence = f"this holds only if ${text}$ ({assumption.word}), which the document does not state"
        return Diagnosis("hypothesis", sentence, None, self.right.ends, proved, text)

    def piece(self, paper: Paper, tree: Tree, wrong: Equation) -> Expr | None:
        """One term of the side as a term, where it has the same free indices."""
        part = self.again.part(paper.source(tree), self.right)
        found = None if part is None else self.again.read(self.left, part, self.layout)
        if found is None or isinstance(found.right, Fault) or found.left != wrong.left:
            return None
        return found.right if dict(found.indices) == dict(wrong.indices) else None

    def first(self, paper: Paper, tries: Sequence[tuple[Edit, ...]]) -> Diagnosis | None:
        for start in range(0, len(tries), CHUNK):
            if self.budget.spent:
                return None
            read = [t for edits in tries[start : start + CHUNK] if (t := self.read(paper, edits)) is not None]
            for tried in self.passing(read):
                found = self.judged(tried)
                if found is not None and found.proved:
                    return found
                self.tested = self.tested or found
                if self.budget.spent:
                    return None
        return None

    # ---------------------------------------------------------------------------------------- reading

    def read(self, paper: Paper, edits: tuple[Edit, ...]) -> Tried | None:
        changed = applied(paper, edits)
        if changed in self.seen or self.budget.reads <= 0:
            return None
        self.seen.add(changed)
        self.budget.reads -= 1
        part = self.again.part(changed, self.right)
        if part is None or (not self.step and self.names_head(part.tree)):
            return None
        found = self.again.read(self.left, part, self.layout)
        if found is None or isinstance(found.left, Fault) or isinstance(found.right, Fault):
            return None
        return Tried(edits, changed, found.left, found.right, tuple(found.indices.items()))

    def names_head(self, tree: Tree) -> bool:
        """Whether a changed side takes the head for granted, where the wrong one did not."""
        return occurs(self.left.tree, tree) and not occurs(self.left.tree, self.right.tree)

    # ---------------------------------------------------------------------------------------- judging

    def passing(self, tries: Sequence[Tried]) -> Iterator[Tried]:
        """Those that agree with the left side at a few points, in order."""
        groups: dict[tuple[Expr, Indices], list[Tried]] = {}
        for tried in tries:
            groups.setdefault((tried.left, tried.indices), []).append(tried)
        kept = [t for group in groups.values() for t in self.probed(group)]
        yield from (t for t in tries if t in kept)

    def probed(self, group: list[Tried]) -> list[Tried]:
        found = self.probe(group)
        if found.points == 0 and self.unprobed > 0:
            self.unprobed -= 1
            return group[:1]
        return [group[n] for n in found.passing]

    def probe(self, group: list[Tried]) -> Found:
        assert self.wrong is not None
        wrong = self.wrong.right
        same = bool(group) and not isinstance(wrong, Fault) and dict(group[0].indices) == dict(self.wrong.indices)
        left = group[0].left if group else self.wrong.left
        indices = dict(group[0].indices) if group else self.wrong.indices
        assert not isinstance(left, Fault)
        right = wrong if (same or not group) and not isinstance(wrong, Fault) else left
        claim = Claim(left, right, indices)
        found = probe(claim, self.again.context, [t.right for t in group], self.budget.deadline)
        if self.factors is None and right is not left:
            self.factors = found.factors
        return found

    def judged(self, tried: Tried) -> Diagnosis | None:
        self.budget.decisions -= 1
        claim = Claim(tried.left, tried.right, dict(tried.indices))
        judgement = decide(claim, self.again.context, self.options, self.graph)
        if judgement.verdict not in (Verdict.PROVED, Verdict.TESTED):
            return None
        tree = self.again.parse(tried.text)
        lone = isinstance(tree, Group) and tree.kind == "(" and len(tree.items) == 1
        inner = tree.items[0].span if isinstance(tree, Group) and lone else (0, len(tried.text))
        bare = replace(tried, text=tried.text[inner[0] : inner[1]])
        return diagnosis(bare, self.right, judgement.verdict is Verdict.PROVED)


def extents(wrong: Equation) -> dict[str, tuple[str, str]]:
    """The bounds of the letters whose range is finite."""
    finite = ((s, r) for s, r in wrong.indices.items() if not r.lower.is_infinite and not r.upper.is_infinite)
    return {str(s): (latex(r.lower), latex(r.upper)) for s, r in finite}


def occurs(part: Tree, whole: Tree) -> bool:
    return any(same_tree(part, node) for node in descend(whole))


def diagnosis(tried: Tried, side: Part, proved: bool) -> Diagnosis:
    first = tried.edits[0]
    slips = {e.slip for e in tried.edits}
    sentences = list(dict.fromkeys(e.said for e in tried.edits))
    sentence = sentences[0] if len(sentences) == 1 else f"two slips: {'; '.join(sentences)}"
    where = place(side.formula, (first.start, max(first.end, first.start + 1)))
    slip = first.slip if len(slips) == 1 else "other"
    edits = len(sentences) + (first.rank >= COMPOSED)  # what is composed may be two slips in one
    return Diagnosis(slip, sentence, tried.text, where, proved, edits=edits)


# ------------------------------------------------------------------------------------------ sentences


def said_of(found: Answer) -> str:
    if found.entry:
        return f"no small change makes this true; the suggestion is the entry {', '.join(found.entry)} of the left side"
    return "no small change makes this true; the suggestion is derived from the left side"


def said(factor: Coefficient) -> str:
    if factor.latex == "-":
        return "the sign of the whole side is wrong"
    if factor.exponent == -1 and factor.number == 1:
        return f"this is true of the sum, not of the mean: the factor ${factor.latex}$ is missing"
    return f"the side is off by the factor ${factor.latex}$"
