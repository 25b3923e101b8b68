"""Sentences to items: which sentence claims, which declares, and which formulas belong to either.

A sentence is first cut into clauses (``where $a = b$`` inside a claim is a declaration of its own), then every
clause gives its items: declarations first, since they must be known to read the claims.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from checker.documents.cases import sets_to_zero
from checker.documents.clauses import Clause, only_tells, split_clauses
from checker.documents.formulas import continues_chain, leaves_chain_open, top_relations
from checker.documents.model import Claim, Declaration, Expectation, Formula, Heading, Item, Problem, Prose, Words
from checker.documents.notes import Mark, read_note
from checker.documents.passing import tells
from checker.documents.pieces import Note, Stretch
from checker.documents.sentences import Part, Sentence


@dataclass
class _ClaimDraft:
    """A claim that may still get more formulas, an id, expectations."""

    formulas: list[Formula]
    conditions: tuple[tuple[str, Formula], ...] = ()
    id: str | None = None
    expectations: list[Expectation] = field(default_factory=list)
    skip: bool = False
    posed: bool = False

    def item(self) -> Item:
        formulas, expectations = tuple(self.formulas), tuple(self.expectations)
        return Claim(formulas, formulas[0].start, self.id, expectations, self.skip, self.conditions, self.posed)


@dataclass
class _DeclarationDraft:
    declaration: Declaration
    id: str | None = None
    expectations: list[Expectation] = field(default_factory=list)
    skip: bool = False

    def item(self) -> Item:
        return replace(self.declaration, id=self.id, expectations=tuple(self.expectations), skip=self.skip)


_Marked = _ClaimDraft | _DeclarationDraft


def items_of(sentences: Iterable[Sentence | Heading]) -> tuple[Item, ...]:
    assigner = _Assigner()
    for sentence in sentences:
        match sentence:
            case Heading():
                assigner.heading(sentence)
            case Sentence():
                assigner.sentence(sentence)
    return tuple(
        draft.item() if isinstance(draft, (_ClaimDraft, _DeclarationDraft)) else draft for draft in assigner.drafts
    )


class _Assigner:
    def __init__(self) -> None:
        self.drafts: list[_ClaimDraft | _DeclarationDraft | Item] = []
        self.ids: set[str] = set()
        self.open_chain: _ClaimDraft | None = None  # the claim that the next display may go on with
        self.cases: list[Heading] = []  # the headings above that say when something holds

    def heading(self, heading: Heading) -> None:
        self.open_chain = None
        self.cases = [*(h for h in self.cases if h.level < heading.level), *([heading] if heading.cases else [])]
        self.drafts.append(heading)

    def sentence(self, sentence: Sentence) -> None:
        if not sentence.asides and only_tells(sentence.parts):
            self.drafts += _prose(sentence.parts)
            self.drafts += _memberships(sentence.parts)
            self.drafts += _elementwise(sentence.parts)
            return
        clauses = split_clauses(sentence.parts)
        reading = _SentenceItems(self.open_chain, clauses)
        before, after = self._read_asides(sentence, reading)
        self.drafts += before
        self.drafts += reading.prose()
        self.drafts += _memberships(part for _, part in reading.rest)
        self.drafts += reading.new_declarations
        posed = bool(reading.new_claims) and sets_to_zero(_words_before(sentence.parts, reading.claims))
        for claim in reading.new_claims:
            claim.posed = posed
            claim.conditions = (*(case for h in self.cases for case in h.cases), *claim.conditions)
        self.drafts += reading.new_claims
        self.drafts += after
        self.open_chain = reading.open_chain

    def _read_asides(self, sentence: Sentence, reading: _SentenceItems) -> tuple[list[Item], list[Item]]:
        """Gives the marks to their formulas; the other items stand before or after the sentence's own."""
        before: list[Item] = []
        after: list[Item] = []
        if not sentence.asides:
            return before, after
        first = min(reading.claims, default=len(sentence.parts))
        for position, aside in sentence.asides:
            target = before if position <= first and position < len(sentence.parts) else after
            for found in _readings(aside):
                item = self._mark(found, reading.marked(position)) if isinstance(found, Mark) else found
                if item is not None:
                    target.append(item)
        return before, after

    def _mark(self, mark: Mark, target: _Marked | None) -> Problem | None:
        if target is None:
            name = _NAMES[mark.kind]
            return Problem(mark.start, "syntax", f"this '{name}' follows no claim; write it right after a formula")
        match mark.kind:
            case "skip":
                target.skip = True
            case "expect":
                target.expectations += mark.expectations
            case _:
                return self._identify(mark, target)
        return None

    def _identify(self, mark: Mark, target: _Marked) -> Problem | None:
        if mark.id in self.ids:
            return Problem(mark.start, "syntax", f"the id '{mark.id}' is already in use above; write another one")
        if target.id is not None:
            return Problem(
                mark.start, "syntax", f"this statement already has the id '{target.id}'; found a second, '{mark.id}'"
            )
        self.ids.add(mark.id)
        target.id = mark.id
        return None


def _words_before(parts: Sequence[Part], claims: Iterable[int]) -> str:
    """The words of a sentence before its first claim, which stands for its formulas as well."""
    first = min(claims)
    return "".join(part.text if isinstance(part, Stretch) else f" {part.text} " for part in parts[:first])


_NAMES = {"skip": "checker: skip", "expect": "expect", "id": "id"}


def _readings(aside: Note | Problem) -> tuple[Declaration | Mark | Problem, ...]:
    return (aside,) if isinstance(aside, Problem) else read_note(aside)


class _SentenceItems:
    """The items of one sentence.  ``claims`` and ``declarations`` are keyed by the number of their part."""

    def __init__(self, open_chain: _ClaimDraft | None, clauses: tuple[Clause, ...]) -> None:
        self.open_chain = open_chain
        self.clauses = clauses
        self.claims: dict[int, _ClaimDraft] = {}
        self.new_claims: list[_ClaimDraft] = []
        self.declarations: dict[int, _DeclarationDraft] = {}
        self.new_declarations: list[_DeclarationDraft] = []
        self.rest: list[tuple[int, Part]] = []
        self.previous: tuple[int, Part] | None = None  # the part before, white space apart
        self.sorted: tuple[tuple[list[int], Mapping[int, _Marked]], ...] | None = None
        for clause in clauses:
            self._declare(clause) if clause.role == "declare" else self._claim(clause)
        if self.new_claims:
            self._restrict()

    def _restrict(self) -> None:
        """Gives every claim the conditions that are said of it.

        *For* $i \\ne j$, $a = b$: the conditions before a claim are its own.  $a = b$ *for* $i \\ne j$ *and* $c = d$
        *for* $i = j$: so are those behind it, if the sentence ends with one; what it begins with then holds of all.
        """
        conditions = dict(_conditions(self.clauses))
        order = sorted({*conditions, *self.claims})
        first = next(place for place, number in enumerate(order) if number in self.claims)
        general, order = order[:first], order[first:]
        if not general or order[-1] in conditions:
            order.reverse()
            said: list[int] = []
        else:
            said, general = general, []
        before = -1
        for number in order:
            if number in self.claims:
                numbers = sorted((*general, *said))
                self.claims[number].conditions = tuple(conditions[n] for n in numbers)
            else:
                said = [*said, number] if before in conditions else [number]
            before = number

    def _declare(self, clause: Clause) -> None:
        parts = tuple(_finished(part) for _, part in clause.parts if _says_something(part))
        if not clause.inner:
            self.open_chain = None
        declaration = Declaration(clause.opening, parts, clause.start)
        draft = _DeclarationDraft(declaration)
        self.new_declarations.append(draft)
        for number, part in clause.parts:
            if _says_something(part):
                self.declarations.setdefault(number, draft)
                self.previous = number, part

    def _claim(self, clause: Clause) -> None:
        for number, part in clause.parts:
            if isinstance(part, Formula) and self._is_claim(part, clause, number):
                self._add_claim(number, part)
            else:
                self.rest.append((number, part))
            if isinstance(part, Formula) and number not in self.claims and part.display:
                self.open_chain = None
            if _says_something(part):
                self.previous = number, part

    def _is_claim(self, formula: Formula, clause: Clause, number: int) -> bool:
        relations = top_relations(formula.text)
        if formula.display:
            return relations.any or self._left_open()
        return clause.role == "claim" and relations.equals and number not in clause.limits

    def _add_claim(self, number: int, formula: Formula) -> None:
        chain = self._chain(formula)
        if chain is None:
            chain = _ClaimDraft([])
            self.new_claims.append(chain)
        chain.formulas.append(formula)
        self.claims[number] = chain
        self.open_chain = chain

    def _chain(self, formula: Formula) -> _ClaimDraft | None:
        """The claim that a display goes on with, or that an inline formula right before it begins."""
        if not formula.display:
            return None
        if not continues_chain(formula.text):
            return self.open_chain if self._left_open() else None
        if self.previous is None or isinstance(self.previous[1], Stretch) or self.previous[0] in self.claims:
            return self.open_chain
        head = self.previous[1]
        if self.previous[0] in self.declarations:
            return None
        while self.rest.pop()[0] != self.previous[0]:  # only white space stands behind it
            pass
        draft = _ClaimDraft([head])
        self.claims[self.previous[0]] = draft
        self.new_claims.append(draft)
        return draft

    def _left_open(self) -> bool:
        """Did the last claim end with its ``=``?"""
        return self.open_chain is not None and leaves_chain_open(self.open_chain.formulas[-1].text)

    def statements(self) -> tuple[tuple[list[int], Mapping[int, _Marked]], ...]:
        """Claims, then declarations, each with the numbers of their parts in order."""
        if self.sorted is None:
            self.sorted = (sorted(self.claims), self.claims), (sorted(self.declarations), self.declarations)
        return self.sorted

    def marked(self, position: int) -> _Marked | None:
        """The statement that a comment before part ``position`` speaks of: the claim before it, else the one
        after it, else the declaration before or after it."""
        for numbers, statements in self.statements():
            if numbers:
                return statements[numbers[max(0, bisect_left(numbers, position) - 1)]]
        return None

    def prose(self) -> Iterator[Prose]:
        yield from _prose(part for _, part in self.rest)


_CONDITIONAL = re.compile(
    r"(?:(?:or|nor|and|except|excluding|not|only|also|just|even|either|whether)\s+)*"
    r"(?:(?:for\s+)?(?:all|each|every|any|some)\b|for$|if$|when|unless$|provided|at$)"
)


def _conditions(clauses: tuple[Clause, ...]) -> Iterator[tuple[int, tuple[str, Formula]]]:
    """The formulas that say when a claim holds, by the number of their part, each with its word."""
    for clause in clauses:
        for number, part in clause.parts:
            if isinstance(part, Formula) and _CONDITIONAL.match(clause.limits.get(number, "")):
                yield number, (clause.limits[number], part)


_LETTER = re.compile(r"[^\W\d_]")


def _prose(parts: Iterable[Part]) -> Iterator[Prose]:
    """What a sentence tells, unless it is only punctuation."""
    finished = tuple(_finished(part) for part in parts if _says_something(part))
    if any(isinstance(part, Formula) or _LETTER.search(part.text) for part in finished):
        yield Prose(finished, finished[0].start)


# $W \in \mathbb{R}^{m \times n}$ says what W is, wherever it stands.
_MEMBERSHIP = re.compile(
    r"[^=<>\\]*(?:\\(?!in\b)[^=<>\\]*)*\\in\s*\\(?:mathbb\s*(?:\{\s*R\s*\}|R\b)|R\b|Re\b|reals?\b)"
)

# So does $f : \mathbb{R}^n \to \mathbb{R}$.
_SIGNATURE = re.compile(
    r"\s*\\?\w+\s*(?::|\\colon)\s*\\(?:mathbb\s*(?:\{\s*R\s*\}|R\b)|R\b|Re\b|reals?\b)[^=]*\\(?:to|rightarrow|mapsto)\b"
)


def _memberships(parts: Iterable[Part]) -> Iterator[Declaration]:
    every = list(parts)
    told: list[Words | Formula] = []  # equations, which may need one another
    for number, part in enumerate(every):
        if not isinstance(part, Formula) or part.display:
            continue
        before = every[number - 1] if number else None
        words = before.text if isinstance(before, Stretch) else ""
        if _MEMBERSHIP.match(part.text) or _SIGNATURE.match(part.text):
            yield Declaration("in passing", (part,), part.start)
        elif tells(part.text, words):
            told += [*([Words(" and ", part.start)] if told else []), part]
        elif _NAME.fullmatch(part.text) and (said := _fact(every, number)) is not None:
            yield Declaration("suppose", (part, said.words()), part.start)
    if told:
        yield Declaration("in passing", tuple(told), told[0].start)


_FUNCTION = re.compile(r"\s*(?:\\[A-Za-z]+|[A-Za-z])\s*|\s*\\operatorname\{\w+\}\s*")
_JOINT = re.compile(r"\s*(?:,|and|,\s*and|as well as)\s*")
_APPLIED = re.compile(
    r"\s+(?:is|are|act|acts|operate|operates|work|works)\s+(?:always\s+|understood\s+|to\s+be\s+)?(?:applied\s+)?"
    r"(?:element|entry|component)-?wise\b",
    re.I,
)


def _elementwise(parts: Iterable[Part]) -> Iterator[Declaration]:
    """*The functions* $\\sin$ *and* $\\cos$ *are applied elementwise*, in a sentence that declares nothing else."""
    run: list[Words | Formula] = []
    start = 0
    for part in parts:
        if isinstance(part, Formula):
            start = start if run else part.start
            run = [*run, part] if not part.display and _FUNCTION.fullmatch(part.text) else []
        elif run and (said := _APPLIED.match(part.text)) is not None:
            yield Declaration("here", (*run, part.cut(0, said.end()).words()), start)
            run = []
        else:
            run = [*run, part.words()] if run and _JOINT.fullmatch(part.text) else []


_NAME = re.compile(r"\s*(?:[A-Za-z]|\\[A-Za-z]+)(?:\s*\{[^{}]*\}|\s+[A-Za-z])?(?:[_^](?:\w|\{[^{}]*\}))*\s*")
_SINCE = re.compile(
    r"(?:\b(?:since|because|recall that|note that|remember that)(?:\s+the)?(?:\s+\w+)?|\A\s*the(?:\s+\w+)+)\s*\Z", re.I
)
_FACT = re.compile(
    r"\s+(?:is|are)\s+(?:an?\s+)?(?:one[- ]hot|symmetric|orthogonal|invertible|diagonal|positive[- ]definite)\b", re.I
)


def _fact(parts: list[Part], number: int) -> Stretch | None:
    """The words of *since* $y$ *is a one-hot vector*: what a sentence takes for known of a name."""
    before, after = (parts[n] if 0 <= n < len(parts) else None for n in (number - 1, number + 1))
    if not isinstance(before, Stretch) or not isinstance(after, Stretch):
        return None
    found = _FACT.match(after.text) if _SINCE.search(before.text) else None
    return None if found is None else after.cut(0, found.end())


def _says_something(part: Part) -> bool:
    return isinstance(part, Formula) or bool(part.text.strip())


def _finished(part: Part) -> Words | Formula:
    return part.words() if isinstance(part, Stretch) else part
