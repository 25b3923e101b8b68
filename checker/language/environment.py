"""What the lowering of one formula can see: symbols, bound letters, indices, the layout."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace

from sympy import Expr, Integer, Symbol, oo

from checker.calculus import terms
from checker.calculus.arrays import Array
from checker.calculus.context import Range
from checker.calculus.functions import elementary, standard
from checker.calculus.shapes import Sizes, Workspace, is_hole, upto
from checker.language import names
from checker.language.faults import unreadable
from checker.language.indices import Indices
from checker.language.quotients import Unsaid
from checker.language.surface import Name, Scripted, Tree
from checker.language.symbols import Entry, Table
from checker.language.walk import descend

Key = tuple[str, int]


@dataclass(frozen=True)
class Ranks:
    """How many slots names have that nothing else gives a shape; ``unsure`` where another number fits as well."""

    chosen: Mapping[str, int] = field(default_factory=dict)
    unsure: frozenset[str] = frozenset()


@dataclass
class Inference:
    """Names that nothing declares: what their use tells of their slots.

    A first reading finds out (``found``); a second one, with the result as ``known``, builds terms.
    """

    sizes: Sizes
    known: dict[Key, Entry] = field(default_factory=dict)
    found: dict[Key, Entry] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)
    settled: bool = False  # the last reading: what is still open now is a number
    offset: int = 0  # where the formula that is being read begins in the file
    unsaid: Unsaid = field(default_factory=Unsaid)
    ranks: Ranks = field(default_factory=Ranks)
    runs: dict[tuple[Key, int], Range] = field(default_factory=dict)  # declared slots: what they run over
    top: str = "n_{labels}"  # the last label of names that nothing declares
    from_zero: frozenset[str] = frozenset()  # those of them that have a label 0
    labels: set[tuple[Key, int]] = field(default_factory=set)  # the slots among these that stand above
    open_runs: dict[tuple[Key, int], Range] = field(default_factory=dict)  # … as far as this reading can tell

    def _key(self, name: str) -> Key:
        return (name, self.epochs.get(name, 0))

    def declared(self, name: str) -> None:
        """From here on the name is another one."""
        self.epochs[name] = self.epochs.get(name, 0) + 1

    def entry(self, table: Table, name: str, rank: int | None, tree: Tree) -> Entry:
        """The entry of an undeclared name; ``rank`` is how many slots it has here, None if that is open."""
        key = self._key(name)
        entry = self.found.get(key) or self.known.get(key)
        rank = self.ranks.chosen.get(name) if rank is None else rank
        if entry is None or (entry.slots is None and rank is not None and entry.kind == "tensor"):
            open_shape = rank is None and not self.settled
            slots = None if open_shape else tuple(self.sizes.hole() for _ in range(rank or 0))
            entry = Entry(name, slots=slots, origin="inferred", start=self.offset + tree.span[0], heading=table.heading)
            self.found[key] = entry
        if table.entries.get(name) is not entry:
            table.put(entry)
        return entry

    def family(self, table: Table, name: str, rank: int | None, tree: Tree) -> Entry | None:
        """The entry of an undeclared name with labels, such as ``W^{(l)}``; None while nothing tells its rank."""
        key = self._key(name)
        entry = self.found.get(key) or self.known.get(key)
        rank = self.ranks.chosen.get(name) if rank is None else rank
        if entry is None:
            if rank is None or name not in self.ranks.chosen:
                return None
            slots = tuple(self.sizes.hole() for _ in range(rank + 1))
            entry = Entry(
                name,
                slots=slots,
                family=1,
                above=1,
                labels=1,
                parameters=(Symbol("_"),),
                origin="inferred",
                start=self.offset + tree.span[0],
                heading=table.heading,
            )
            self.found[key] = entry
        if table.entries.get(name) is not entry:
            table.put(entry)
        return entry

    def size(self, table: Table, name: str, tree: Tree) -> Entry:
        """A name that stands where a size must stand."""
        entry = Entry(name, kind="size", origin="inferred", start=self.offset + tree.span[0], heading=table.heading)
        key = self._key(name)
        earlier = self.known.get(key) or self.found.get(key)
        if earlier is not None and earlier.kind != "size":
            self.found[key] = entry  # it was taken for a number before
        table.put(entry)
        return entry

    def adopt(self, table: Table, name: str, model: Array) -> None:
        """A name of unknown shape was added to, or equated with, an array: it has that shape."""
        key = self._key(name)
        entry = self.found.get(key)
        if entry is None or entry.slots is not None or model.any_shape:
            return
        slots = tuple(self.sizes.resolve(r) for r in model.slots)
        self.found[key] = replace(entry, slots=slots)
        table.put(self.found[key])

    def run(self, name: str, slot: int, label: bool) -> Range:
        """What a slot of a declared name runs over where that is not said; ``label``: the slot stands above."""
        key = (self._key(name), slot)
        if label:
            self.labels.add(key)
        if key in self.runs:
            return self.runs[key]
        return self.open_runs.setdefault(key, self.sizes.hole())

    def concluded_runs(self, stepped: Container[str]) -> dict[tuple[Key, int], Range]:
        """What open slots run over, told by their use; else all integers for ``h_t`` beside ``h_{t-1}``, or 1..n.

        All labels that nothing bounds run together.
        """
        found = dict(self.runs)
        for key, extent in self.open_runs.items():
            (name, _), slot = key
            extent = self.sizes.resolve(extent)
            if is_hole(extent) and key in self.labels:
                extent = Range(Integer(0 if name in self.from_zero else 1), terms.size(self.top))
            elif is_hole(extent):
                letter = f"n_{{{name}}}" if slot == 0 else f"n_{{{name},{slot + 1}}}"
                extent = Range(-oo, oo) if name in stepped else upto(terms.size(letter))
            found[key] = extent
        return found

    def conclusion(self) -> dict[Key, Entry]:
        """What to take for known in the next reading: open shapes are numbers, open sizes get a name.

        Slots that must be equally long share the size, which is named after the first of them.
        """
        sizes: dict[Expr, Expr] = {}
        return {**self.known, **{key: self._concluded(entry, sizes) for key, entry in self.found.items()}}

    def _concluded(self, entry: Entry, sizes: dict[Expr, Expr]) -> Entry:
        slots = [self.sizes.resolve(r) for r in entry.slots or ()]
        for n, extent in enumerate(slots):
            if is_hole(extent) and n < entry.family:
                first = Integer(0 if entry.name in self.from_zero else 1)
                slots[n] = Range(first, sizes.setdefault(extent.lower, terms.size(self.top)))
            elif is_hole(extent):
                name = entry.name if len(slots) == 1 else f"{entry.name},{n + 1}"
                slots[n] = upto(sizes.setdefault(extent.lower, terms.size(f"n_{{{name}}}")))
        return replace(entry, slots=tuple(slots))


@dataclass
class Environment:
    """The surroundings of one formula."""

    table: Table
    work: Workspace
    indices: Indices
    inference: Inference
    lower: Callable[[Environment, Tree], Array]
    layout: str = "denominator"
    bound: dict[str, Expr] = field(default_factory=dict)
    letters: frozenset[str] = frozenset()  # letters that stand in an index slot of the formula
    index_letters: frozenset[str] = frozenset()  # … of the document
    families: frozenset[str] = frozenset()  # names that some occurrence gives a symbolic label
    applied: Mapping[str, frozenset[tuple[str, ...]]] = field(default_factory=dict)  # name -> what it is applied to
    activations: bool = False  # the document speaks of functions that are applied to every entry
    layout_matters: bool = False
    sides: tuple[Tree, ...] = ()  # the formulas of the statement
    pending: frozenset[str] = frozenset()  # the name that is being defined by itself
    entrywise: bool = False  # inside diag(…) and beside ⊙, where h^2 is a column as h is
    silent: bool = False  # letters that stand twice in a product are summed over, though nothing says so
    kept: frozenset[str] = frozenset()  # … but these are not

    @property
    def sizes(self) -> Sizes:
        return self.work.sizes

    def forked(self, sides: tuple[Tree, ...]) -> Environment:
        """The same surroundings, to go on in with other sides; nothing of that is seen here."""
        fork, fork.work = copy(self), copy(self.work)
        fork.work.letters = copy(self.work.letters)
        fork.indices, fork.bound, fork.sides = self.indices.copy(), dict(self.bound), sides
        return fork

    @contextmanager
    def binding(self, name: str, value: Expr) -> Iterator[None]:
        """Let a letter stand for a term."""
        outer = self.bound.get(name)
        self.bound[name] = value
        try:
            yield
        finally:
            if outer is None:
                del self.bound[name]
            else:
                self.bound[name] = outer

    @contextmanager
    def by_entries(self, here: bool) -> Iterator[None]:
        """Let the power of a column be that of its entries, where only a column can stand."""
        outer = self.entrywise
        self.entrywise = outer or here
        try:
            yield
        finally:
            self.entrywise = outer

    def index_symbol(self, name: str) -> Expr:
        """The term of a letter in an index slot: bound, a size, a declared integer, or free."""
        if name in self.bound:
            return self.bound[name]
        entry = self.table.entries.get(name)
        if entry is not None and entry.kind == "size":
            return terms.size(name)
        symbol = terms.index(name)
        self.indices.free_letter(symbol)
        if entry is not None and entry.kind == "index" and entry.values is not None:
            self.indices.ranges.setdefault(symbol, entry.values)
            self.indices.stated.setdefault(symbol, entry.values)
        return symbol

    def is_index(self, name: str) -> bool:
        """Whether a letter, standing by itself, means an index here."""
        if name in self.bound:
            return is_integer_term(self.bound[name])
        entry = self.table.entries.get(name)
        if entry is not None and entry.origin != "inferred":
            return entry.kind in ("index", "size") or self.is_reused(name)
        return name in self.letters or (entry is not None and entry.kind == "size")

    def is_reused(self, name: str) -> bool:
        """Whether a letter that was a quantity under an earlier heading stands as an index here."""
        entry = self.table.entries.get(name)
        if entry is None or name in self.bound or name not in self.letters:
            return False
        if entry.kind != "tensor" or entry.integer or entry.heading >= self.table.heading:
            return False
        return any(self._has_slot(node, name) for side in self.sides for node in descend(side))

    def _has_slot(self, node: Tree, letter: str) -> bool:
        """``X_{pq}`` of an array X, for p and q."""
        if not isinstance(node, Scripted) or not isinstance(node.base, Name):
            return False
        array, spelled = self.table.entries.get(node.base.name), names.spell(node)
        inside = array is not None and bool(array.slots) and spelled not in self.table.entries
        return inside and any(letter in names.letters_in(part) for part in node.subscripts)

    def size_symbol(self, name: str, tree: Tree) -> Expr:
        """The term of a name that stands where a size must stand."""
        if name in self.bound:
            return self.bound[name]
        entry = self.table.entries.get(name)
        if entry is None or (entry.origin == "inferred" and entry.kind == "tensor"):
            self.inference.size(self.table, name, tree)
            return terms.size(name)
        if entry.kind == "size":
            return terms.size(name)
        if entry.kind == "index":
            return self.index_symbol(name)
        if entry.kind == "sizes":
            raise unreadable(
                "ambiguous-shape", tree, f"{name} is a size for each label ({name}_k); use another letter here"
            )
        if entry.heading < self.table.heading:
            self.inference.declared(name)
            self.table.drop(name)
            self.inference.size(self.table, name, tree)
            return terms.size(name)
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{name} is a real quantity and cannot be a size; write "Let ${name}$ be an integer" or use another letter',
        )

    def is_function(self, name: str) -> bool:
        return name in self.table.elementwise or elementary(name) is not None or standard(name) is not None


def is_integer_term(term: Expr) -> bool:
    """Whether a term is an index, a size or built of these."""
    return bool(term.is_integer) or (isinstance(term, Symbol) and bool(term.is_integer))
