"""What the reading of one document shares: its symbols, sizes, parsed formulas and surroundings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count

from sympy import oo

from checker.calculus.context import Range
from checker.calculus.shapes import Letters, Sizes, Workspace, is_hole
from checker.documents.model import Formula, LineMap, Macro
from checker.language import names
from checker.language.environment import Environment, Inference
from checker.language.faults import Guard, Misread, unguarded
from checker.language.guesses import unless_guessed
from checker.language.idioms import Idioms
from checker.language.indices import Indices
from checker.language.lower import lower
from checker.language.parser import parse
from checker.language.reading import LAYOUTS, Fault, ReadStatement
from checker.language.repeated import kept_letters
from checker.language.surface import Call, Name, ParsedFormula, ParseError, Scripted, Tree
from checker.language.survey import Survey
from checker.language.symbols import Table
from checker.language.walk import descend

_FIRST_HOLE = 1_000_000  # holes made on a copy are told from those of the document


@dataclass
class Desk:
    """The state of one reading of one document."""

    path: str
    lines: LineMap
    survey: Survey
    inference: Inference
    parsed: Mapping[int, ParsedFormula | ParseError]
    layout: str | None = None
    table: Table = field(default_factory=Table)
    statements: list[ReadStatement] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    macros: Mapping[str, Macro] = field(default_factory=dict)
    guard: Guard = unguarded
    idioms: Idioms = field(default_factory=Idioms)
    classes: frozenset[str] = frozenset()  # letters that words say are classes
    worded: Mapping[str, str] = field(default_factory=dict)  # functions that words say what they are
    silent: bool = False  # the summation convention is used, though nothing declares it

    def __post_init__(self) -> None:
        self.table.sizes = self.inference.sizes

    @property
    def sizes(self) -> Sizes:
        return self.inference.sizes

    @property
    def main_layout(self) -> str:
        return self.layout or LAYOUTS[0]

    def parse(self, formula: Formula) -> ParsedFormula:
        """The parsed formula; raises ``Misread`` where it cannot be parsed."""
        found = self.parsed[id(formula)]
        if isinstance(found, ParseError):
            verdict = "undecided" if found.reason == "outside" else "unreadable"
            raise Misread(verdict, found.reason, found.span, f"{found.found}: {found.advice}")
        return found

    def environment(self, trees: Sequence[Tree], layout: str, taken: frozenset[str] = frozenset()) -> Environment:
        """Surroundings for some trees; ``taken`` letters are not used for new indices."""
        used, letters = gathered(trees, self.table)
        return self.surroundings(trees, layout, used | taken, letters)

    def surroundings(
        self, trees: Sequence[Tree], layout: str, used: frozenset[str], letters: frozenset[str]
    ) -> Environment:
        """Surroundings for trees in which these names are used, and these letters stand in index slots."""
        return Environment(
            table=self.table,
            work=Workspace(Letters(used, self.table.entries), self.sizes),
            indices=Indices(self.sizes),
            inference=self.inference,
            lower=lower,
            layout=layout,
            letters=letters,
            index_letters=self.survey.index_letters,
            families=self.survey.families,
            applied=self.survey.applied,
            sides=tuple(trees),
            silent=self.silent,
            activations=self.survey.activations,
            kept=kept_letters(trees) if self.silent else frozenset(),
        )

    def marked(self) -> Desk:
        """The desk as it stands, untouched by what the document says later; the sizes are shared."""
        return replace(
            self,
            inference=replace(self.inference, epochs=dict(self.inference.epochs)),
            table=self.table.copy(),
            statements=[],
            ids={},
        )

    def copy(self) -> Desk:
        """A desk on which things can be tried without a trace."""
        old = self.inference
        sizes = Sizes(dict(old.sizes.filled), dict(old.sizes.floors), count(_FIRST_HOLE))
        known = {**old.known, **old.found}
        inference = replace(old, sizes=sizes, known=known, found={}, epochs=dict(old.epochs), unsaid=old.unsaid.copy())
        table = replace(self.table.copy(), sizes=sizes)
        return replace(self, inference=inference, table=table, statements=[], ids={})

    def _trees(self, formula: Formula) -> list[Tree]:
        found = self.parsed.get(id(formula))
        if not isinstance(found, ParsedFormula):
            return []
        return [row.tree for chain in found.chains for row in chain if row.tree is not None]

    def new_id(self, given: str | None, start: int) -> str:
        """The statement's id; further ones of the same id go on with ``.b``, ``.c`` …"""
        base = given if given is not None else f"{self.path}:{self.lines.place(start)[0]}"
        count = self.ids.get(base, 0)
        self.ids[base] = count + 1
        return base if count == 0 else f"{base}.{_suffix(count)}"

    def fault(self, problem: Misread, formula: Formula) -> Fault:
        problem = unless_guessed(self.table, self._trees(formula), problem)
        start, end = place(formula, problem.span)
        return Fault(problem.verdict, problem.reason, start, end, problem.message)


def _suffix(count: int) -> str:
    return chr(ord("a") + count) if count < 26 else str(count + 1)


def place(formula: Formula, span: tuple[int, int]) -> tuple[int, int]:
    """Offsets in the file of a span of the formula."""
    last = len(formula.offsets) - 1
    start = formula.offsets[min(max(span[0], 0), last)]
    end = formula.offsets[min(max(span[1], 0), last)]
    return start, max(start, end)


def parse_all(
    formulas: Iterable[Formula], macros: Mapping[str, Macro], guard: Guard
) -> dict[int, ParsedFormula | ParseError]:
    found: dict[int, ParsedFormula | ParseError] = {}
    for formula in formulas:
        defect = guard(partial(_parse_into, found, formula, macros))
        if defect is not None:
            found[id(formula)] = ParseError("syntax", (0, len(formula.text)), "this formula", defect)
    return found


def _parse_into(found: dict[int, ParsedFormula | ParseError], formula: Formula, macros: Mapping[str, Macro]) -> None:
    try:
        found[id(formula)] = parse(formula.text, macros)
    except ParseError as error:
        found[id(formula)] = error


def gathered(trees: Sequence[Tree], table: Table) -> tuple[frozenset[str], frozenset[str]]:
    """All names in some trees, and the letters that stand in an index slot there."""
    used: set[str] = set()
    letters: set[str] = set()
    for tree in trees:
        for node in descend(tree):
            if isinstance(node, Name):
                used.add(node.name)
            elif isinstance(node, Scripted):
                _slot_letters(node, table, letters)
            elif isinstance(node, Call) and node.scripts is not None:
                letters.update(x for part in node.scripts.subscripts for x in names.letters_in(part))
    return frozenset(used), frozenset(letters)


def _slot_letters(node: Scripted, table: Table, letters: set[str]) -> None:
    parts = [*node.subscripts, *(node.superscripts if names.is_label(node) else ())]
    if not parts:
        return
    spelled = names.spell(node)
    if spelled is not None and spelled in table.entries:
        return
    if isinstance(node.base, Name) and node.base.name == "e" and names.is_label(node):
        parts = list(node.subscripts)
    if node.subscripts and isinstance(node.base, Name):
        below = names.spell_parts(node.subscripts)
        if below is not None and names.with_scripts(node.base.name, below) in table.entries:
            parts = parts[len(node.subscripts) :]
    letters.update(x for part in parts for x in names.letters_in(part))


def union(desk: Desk, left: Range, right: Range) -> Range:
    left, right = desk.sizes.resolve(left), desk.sizes.resolve(right)
    lowest = left.lower == -oo or desk.sizes.nonnegative(right.lower - left.lower)
    highest = left.upper == oo or desk.sizes.nonnegative(left.upper - right.upper)
    return Range(left.lower if lowest else right.lower, left.upper if highest else right.upper)


def range_of_label(desk: Desk, letter: str) -> Range | None:
    """What a letter labels elsewhere (l = 1, …, L); None where it labels nothing of which that is known."""
    for entry in desk.table.entries.values():
        for parameter, extent in zip(entry.parameters[: entry.family], entry.slots or (), strict=False):
            if str(parameter) == letter and not is_hole(found := desk.sizes.resolve(extent)):
                return found
    return None
