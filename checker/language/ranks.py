"""Which names that nothing declares are vectors, and which are matrices.

``y = W x + b``, and further down ``\\partial L / \\partial W = \\delta x^\\top``: no sentence says what W and x are,
but there is only one way in which all formulas fit.  Where the reading of a document meets misfits of shapes, the ranks
of its undeclared names are chosen anew: those with which the fewest operations of the whole document do not fit, and
among these the ones that the letters suggest (W a matrix, x a vector or a number).  Sizes are for the reading to find
out.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from checker.documents.model import Claim, Declaration, Document, Formula, Heading, Prose
from checker.language import names
from checker.language.desk import Desk
from checker.language.elements import is_numbered_anew
from checker.language.environment import Ranks
from checker.language.kinds import MATRIX, NUMBER, OF_RANK, Kind, Kinds
from checker.language.statements import EQUALITIES, desk_function
from checker.language.surface import Derivative, Factors, Group, Name, Number, ParsedFormula, Scripted, Tree
from checker.language.symbols import Entry
from checker.language.walk import descend

MOST_NAMES = 6  # undeclared names in one equation; with more it says too little
MOST_STEPS = 20_000  # of the search
UNHEARD_OF = 3  # how unusual a rank is that nobody gives a letter: a matrix called w

_USUAL_INDICES = frozenset("ijklmnpqrst")
_CONSTANTS = frozenset({"e", "\\pi", "\\infty"})
_OPEN_NAMES = frozenset({"\\mathbf{1}", "\\mathbb{1}", "\\mathbf{0}", "\\nabla"})

Score = tuple[int, int]  # misfits, how unusual the ranks are


@dataclass(frozen=True)
class Equation:
    """Two sides, the heading that they stand under, and the undeclared names in them."""

    left: Tree
    right: Tree
    heading: int
    names: tuple[str, ...] = ()


@dataclass
class Lexicon:
    """What is said of names in a document, by a reading of it."""

    desk: Desk
    entries: Mapping[str, Sequence[Entry]]
    numerator: bool = False
    bold: set[str] = field(default_factory=set)
    slots: dict[str, int] = field(default_factory=dict)  # undeclared names with index letters -> how many
    met: dict[str, None] = field(default_factory=dict)
    losses: frozenset[str] = frozenset()  # names that stand nowhere but under a derivative, to be differentiated

    def entry(self, name: str, heading: int) -> Entry | None:
        """What declares a name for what stands under a heading."""
        found = self.entries.get(name, ())
        before = [e for e in found if e.heading <= heading]
        return before[-1] if before else (found[0] if found else None)

    def is_function(self, tree: Tree) -> bool:
        name = names.spell(tree.base if isinstance(tree, Scripted) else tree)
        if name is None or name in self.entries:
            return False
        return name in self.desk.table.elementwise or desk_function(self.desk, name)

    def misfits(self, equation: Equation, ranks: Mapping[str, int]) -> int:
        def resolve(tree: Name | Scripted) -> tuple[Kind | None, tuple[Tree, ...]]:
            return self.resolve(tree, equation.heading, ranks)

        kinds = Kinds(resolve, self.is_function, self.numerator)
        kinds.equated(equation.left, equation.right)
        return kinds.misfits

    # --------------------------------------------------------------------------------- resolving

    def resolve(
        self, tree: Name | Scripted, heading: int, ranks: Mapping[str, int]
    ) -> tuple[Kind | None, tuple[Tree, ...]]:
        if isinstance(tree, Name):
            return self._bare(tree, tree.name, heading, ranks), ()
        if not isinstance(tree.base, Name) or tree.primes:
            return None, ()
        return self._scripted(tree, tree.base, heading, ranks)

    def _bare(self, tree: Name, name: str, heading: int, ranks: Mapping[str, int]) -> Kind | None:
        entry = self.entry(name, heading)
        if entry is not None:
            return _kind_of(entry, 0)
        if name in _CONSTANTS:
            return NUMBER
        if name in ("I", "\\mathbb{I}"):
            return MATRIX
        if tree.upright or name in _OPEN_NAMES or self.is_function(tree):
            return None
        return self._undeclared(tree, name, ranks)

    def _scripted(
        self, tree: Scripted, base: Name, heading: int, ranks: Mapping[str, int]
    ) -> tuple[Kind | None, tuple[Tree, ...]]:
        below, above = names.spell_parts(tree.subscripts), names.spell_parts(tree.superscripts)
        label = names.is_label(tree)
        if below is not None and above is not None:
            whole = self.entry(names.with_scripts(base.name, below, above, tree.brackets), heading)
            if whole is not None:
                return _kind_of(whole, 0), ()
        if below is not None and tree.subscripts:
            named = self.entry(names.with_scripts(base.name, below), heading)
            if named is not None:
                return _kind_of(named, 0), tree.superscripts
        entry = self.entry(base.name, heading)
        if entry is not None and not is_numbered_anew(entry, tree, heading):
            labels = len(tree.superscripts) if label or entry.above else 0
            given = len(names.slot_parts(tree.subscripts, None)) + labels
            return _kind_of(entry, given), () if labels else tree.superscripts
        if label:
            return self._family(tree, base, heading, ranks), ()
        if below is None or base.upright or base.name in _OPEN_NAMES:
            return None, ()
        if not tree.subscripts:
            return self._bare(base, base.name, heading, ranks), tree.superscripts
        if self._are_indices(tree.subscripts, heading):
            return self._element(tree, base), tree.superscripts
        return self._undeclared(base, names.with_scripts(base.name, below), ranks), tree.superscripts

    def _family(self, tree: Scripted, base: Name, heading: int, ranks: Mapping[str, int]) -> Kind | None:
        """``W^{(l)}``, where some occurrence of W has a label with a letter."""
        if base.name not in self.desk.survey.families or base.name == "e":
            return None
        if tree.subscripts and self._are_indices(tree.subscripts, heading):
            return self._element(tree, base)
        below = names.spell_parts(tree.subscripts)
        name = base.name if below is None or not below else names.with_scripts(base.name, below)
        return self._undeclared(base, name, ranks) if below is not None else None

    def _element(self, tree: Scripted, base: Name) -> Kind | None:
        """``x_i``: a number, and x has a slot; unless ``x_n^\\top`` shows it to be one of many vectors."""
        if names.is_transpose(tree.superscripts):
            return None
        self.slots.setdefault(base.name, len(names.slot_parts(tree.subscripts, None)))
        return NUMBER

    def _undeclared(self, tree: Name, name: str, ranks: Mapping[str, int]) -> Kind | None:
        if name in self.slots:
            return OF_RANK.get(self.slots[name])
        if tree.style == "bold":
            self.bold.add(name)
        self.met[name] = None
        return OF_RANK[ranks.get(name, 0)]

    def _are_indices(self, parts: Sequence[Tree], heading: int) -> bool:
        letters = [x for part in parts for x in names.letters_in(part)]
        if any(names.is_concrete(p) and not isinstance(p, Number) for p in parts):
            return False
        return bool(letters) and all(self._is_index(x, heading) for x in letters)

    def _is_index(self, letter: str, heading: int) -> bool:
        entry = self.entry(letter, heading)
        if entry is not None:
            return entry.kind in ("index", "size")
        return letter in self.desk.survey.index_letters or letter in _USUAL_INDICES


def _kind_of(entry: Entry, given: int) -> Kind | None:
    """The kind of a declared name with so many of its slots written out."""
    if entry.kind != "tensor" or entry.slots is None:
        return NUMBER
    if given in (0, entry.family):
        view = entry.view("denominator")
        if view is None or entry.inner > 2 or given != entry.family:
            return None
        return bool(view.rows), bool(view.columns)
    return NUMBER if given == len(entry.slots) else None


# ------------------------------------------------------------------------------------------ gathering


def _lexicon(desk: Desk) -> Lexicon:
    found: dict[str, list[Entry]] = {}
    for entry in sorted((*desk.table.former, *desk.table.entries.values()), key=lambda e: e.heading):
        if entry.origin == "declared":
            found.setdefault(entry.name, []).append(entry)
    return Lexicon(desk, found, numerator=desk.main_layout == "numerator")


def _equations(desk: Desk, document: Document) -> Iterator[Equation]:
    heading = 0
    for item in document.items:
        if isinstance(item, Heading):
            heading += 1
        formulas = item.formulas if isinstance(item, Claim) else getattr(item, "parts", ())
        if isinstance(item, Claim | Declaration | Prose) and not getattr(item, "skip", False):
            for formula in formulas:
                if isinstance(formula, Formula):
                    yield from _in_formula(desk, formula, heading)


def _in_formula(desk: Desk, formula: Formula, heading: int) -> Iterator[Equation]:
    parsed = desk.parsed.get(id(formula))
    if not isinstance(parsed, ParsedFormula):
        return
    for chain in parsed.chains:
        for before, row in itertools.pairwise(chain):
            left, right = before.tree, row.tree
            if row.relation not in EQUALITIES or left is None or right is None or _defines_function(left):
                continue
            yield Equation(left, right, heading)


def _defines_function(tree: Tree) -> bool:
    """``f(x) = …``: what x is there says nothing of x elsewhere."""
    return isinstance(tree, Factors) and any(isinstance(f, Group) and f.kind == "(" for f in tree.factors[1:])


def _noted(lexicon: Lexicon, equations: Sequence[Equation]) -> list[Equation]:
    """The equations with the undeclared names in each; those that say nothing of any are left out."""
    for equation in equations:  # first all elements, so that x is known to have a slot where it stands alone
        lexicon.misfits(equation, {})
    noted = []
    for equation in equations:
        lexicon.met = {}
        lexicon.misfits(equation, {})
        if lexicon.met and len(lexicon.met) <= MOST_NAMES:
            noted.append(Equation(equation.left, equation.right, equation.heading, tuple(lexicon.met)))
    return noted


# ------------------------------------------------------------------------------------------- choosing


def chosen_ranks(desk: Desk, document: Document) -> Ranks:
    """The ranks of names that no sentence declares, as the formulas of the document suggest them."""
    lexicon = _lexicon(desk)
    lexicon.losses = _losses(desk)
    equations = _noted(lexicon, list(_equations(desk, document)))
    found: dict[str, int] = {}
    unsure: list[str] = []
    for group in _connected(equations):
        search = _Search(lexicon, group)
        misfits, ranks = search.best()
        found.update(ranks)
        unsure += [name for name in ranks if search.fits_otherwise(name, misfits, ranks[name])]
        unsure += [n for n in ranks if ranks[n] == 0 and _letter(n).isupper() and n not in lexicon.losses]
    families = {name: rank for name, rank in lexicon.slots.items() if name in desk.survey.families}
    return Ranks({**found, **families}, frozenset(unsure))


def _losses(desk: Desk) -> frozenset[str]:
    """``J``, where it stands only above derivatives, by two things or more: what is only differentiated is a number."""
    above: dict[str, list[Tree]] = {}
    everywhere: Counter[str] = Counter()
    for parsed in desk.parsed.values():
        if not isinstance(parsed, ParsedFormula):
            continue
        for tree in (row.tree for chain in parsed.chains for row in chain if row.tree is not None):
            for node in descend(tree):
                if isinstance(node, Name):
                    everywhere[node.name] += 1
                elif isinstance(node, Derivative) and isinstance(node.operand, Name) and not node.operand.style:
                    above.setdefault(node.operand.name, []).extend(node.variables)
    return frozenset(n for n, by in above.items() if everywhere[n] <= len(by) and len(set(map(names.spell, by))) > 1)


def _connected(equations: Sequence[Equation]) -> list[list[Equation]]:
    """Equations in groups that share no name."""
    groups: list[tuple[set[str], list[Equation]]] = []
    for equation in equations:
        used = set(equation.names)
        touching = [g for g in groups if g[0] & used]
        merged = [e for g in touching for e in g[1]]
        groups = [g for g in groups if g not in touching]
        groups.append((used.union(*(g[0] for g in touching)), [*merged, equation]))
    return [members for _, members in groups]


class _Search:
    """The ranks of the names of some equations with which the fewest operations do not fit."""

    def __init__(self, lexicon: Lexicon, equations: Sequence[Equation]) -> None:
        self.lexicon = lexicon
        self.names = list(dict.fromkeys(n for e in equations for n in e.names))
        last = {n: k for k, n in enumerate(self.names)}
        self.closing: list[list[Equation]] = [[] for _ in self.names]  # by the last of their names
        for equation in equations:
            self.closing[max(last[n] for n in equation.names)].append(equation)
        self.costs: Mapping[str, Mapping[int, int]] = {
            n: {0: 0} if n in lexicon.losses else _costs(n, n in lexicon.bold) for n in self.names
        }
        self.memo: dict[tuple[int, tuple[int, ...]], int] = {}
        self.steps = 0
        self.found: tuple[Score, dict[str, int]] | None = None

    def best(self) -> tuple[int, dict[str, int]]:
        """The fewest misfits, and the ranks that leave them."""
        self.found, self.steps = None, 0
        self._descend(0, (0, 0), {})
        return (self.found[0][0], self.found[1]) if self.found is not None else (0, {})

    def fits_otherwise(self, name: str, misfits: int, chosen: int) -> bool:
        """Whether as few operations do not fit with another rank of a name, all ranks being such as letters have."""
        usual = {n: {rank: cost for rank, cost in c.items() if cost < UNHEARD_OF} for n, c in self.costs.items()}
        usual[name].pop(chosen, None)
        if not usual[name]:
            return False
        everything, self.costs = self.costs, usual
        fewest, ranks = self.best()
        self.costs = everything
        return bool(ranks) and fewest <= misfits

    def _descend(self, at: int, score: Score, ranks: dict[str, int]) -> None:
        self.steps += 1
        if self.found is not None and (score >= self.found[0] or self.steps > MOST_STEPS):
            return
        if at == len(self.names):
            self.found = (score, dict(ranks))
            return
        name = self.names[at]
        choices = []
        for rank, cost in self.costs[name].items():
            ranks[name] = rank
            misfits = sum(self._misfits(e, ranks) for e in self.closing[at])
            choices.append(((score[0] + misfits, score[1] + cost), rank))
        for following, rank in sorted(choices):
            ranks[name] = rank
            self._descend(at + 1, following, ranks)
        del ranks[name]

    def _misfits(self, equation: Equation, ranks: Mapping[str, int]) -> int:
        key = (id(equation), tuple(ranks[n] for n in equation.names))
        if key not in self.memo:
            self.memo[key] = self.lexicon.misfits(equation, ranks)
        return self.memo[key]


def _costs(name: str, bold: bool) -> Mapping[int, int]:
    """How unusual each rank is for a name: W is a matrix, w a number or a vector, bold w a vector."""
    letter = _letter(name)
    if letter.isupper():
        return {2: 0, 1: 1, 0: UNHEARD_OF} if bold else {2: 0, 0: 1, 1: 2}
    return {1: 0, 0: UNHEARD_OF, 2: UNHEARD_OF} if bold else {0: 0, 1: 1, 2: UNHEARD_OF}


def _letter(name: str) -> str:
    """The letter of a name without accents and scripts: ``\\hat{Y}_1`` is a Y, ``\\Sigma`` a capital letter."""
    inner = name
    while inner.startswith("\\") and "{" in inner:
        inner = inner[inner.index("{") + 1 :]
    inner = inner.lstrip("\\").split("_")[0].split("^")[0]
    return inner[:1]
