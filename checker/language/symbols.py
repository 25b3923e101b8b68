"""The symbol table: what is known of every name at one place of a document, and how it changes.

What is said of a name holds from its sentence on.  Saying it again differently under the same heading is
an error; under a later heading it replaces the name and drops all that was said of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from sympy import Basic, Expr, Indexed, Product, Sum, Symbol
from sympy.logic.boolalg import true

from checker.calculus import functions, terms
from checker.calculus.context import Context, Definition, FunctionDefinition, Hypothesis, Range, Variable
from checker.calculus.shapes import Sizes, is_hole
from checker.language.reading import LAYOUTS


@dataclass(frozen=True)
class View:
    """Which of a name's slots (after its family slots) are rows and which columns, in one layout."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


def usual_view(number: int) -> View:
    """One slot is a column vector, two are a matrix, more have neither rows nor columns."""
    if number == 2:
        return View((0,), (1,))
    return View(tuple(range(number)))


@dataclass(frozen=True)
class Entry:
    """What is known of one name.

    The first ``family`` slots are always written out: layer or time labels, sequence indices; ``above`` of
    these stand in the superscript.  The other slots make up the array that the bare name means.
    ``kind``: ``tensor``; ``index`` (an integer letter, its ``values`` if stated); ``size``; ``sizes`` (a size for
    each label).  ``slots`` is None for a name met before anything told how many it has.
    """

    name: str
    kind: str = "tensor"
    slots: tuple[Range, ...] | None = ()
    family: int = 0
    above: int = 0
    labels: int = 0
    parameters: tuple[Symbol, ...] = ()
    views: Mapping[str, View] | None = None
    integer: bool = False
    values: Range | None = None
    origin: str = "declared"
    start: int = 0
    heading: int = 0
    text: str | None = None

    @property
    def inner(self) -> int:
        return len(self.slots or ()) - self.family

    def view(self, layout: str) -> View | None:
        """None where the name's definition has no meaning in this layout."""
        return usual_view(self.inner) if self.views is None else self.views.get(layout)


class Redeclared(Exception):
    """A name declared twice under one heading, differently."""

    def __init__(self, name: str, first: int) -> None:
        super().__init__(name)
        self.name, self.first = name, first


@dataclass
class Table:
    """All that has been said so far."""

    entries: dict[str, Entry] = field(default_factory=dict)
    definitions: dict[str, tuple[Definition, ...]] = field(default_factory=dict)
    functions: dict[str, FunctionDefinition] = field(default_factory=dict)
    elementwise: dict[str, int] = field(default_factory=dict)  # functions of the document -> heading
    depends: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aligned: dict[str, dict[str, tuple[tuple[int, int], ...]]] = field(default_factory=dict)  # \ell_t of o_t alone
    arguments: dict[str, tuple[str, ...]] = field(default_factory=dict)  # f(x) = … for a tensor x
    slices: dict[str, Entry] = field(default_factory=dict)  # x^{(L)}, where a function depends on it alone
    hypotheses: list[tuple[Hypothesis, frozenset[str]]] = field(default_factory=list)
    dropped: dict[str, str] = field(default_factory=dict)
    lost: dict[str, tuple[int, int]] = field(default_factory=dict)  # what cannot be taken in -> heading, place
    granted: dict[str, tuple[str, ...]] = field(default_factory=dict)  # dependence that nothing states
    granted_functions: dict[str, int] = field(default_factory=dict)  # functions that nothing declares -> heading
    also: dict[str, str] = field(default_factory=dict)  # other ways to write a name
    passing: set[str] = field(default_factory=set)  # names whose shape was said in passing
    soft: dict[str, tuple[int, int]] = field(default_factory=dict)  # names defined in passing -> heading, place
    shapeless: set[str] = field(default_factory=set)  # lost names, the shape as well
    unassumed: dict[str, int] = field(default_factory=dict)  # names in assumptions that cannot be read -> place
    contradicted: set[str] = field(default_factory=set)  # names that were declared twice, differently
    heading: int = 0
    open_headings: tuple[tuple[int, int], ...] = ()  # level and number of those that this place stands under
    defined_under: dict[str, int] = field(default_factory=dict)
    mentioned: set[str] = field(default_factory=set)  # by some definition
    twofold: set[str] = field(default_factory=set)  # functions with a second definition
    signatures: set[str] = field(default_factory=set)  # functions of which only the signature was said
    cases: list[Hypothesis] = field(default_factory=list)  # *Consider the case $x > 0$*: until the next heading
    said_arrays: dict[str, int] = field(default_factory=dict)  # *Let A be a matrix*, of whatever shape -> heading
    lets: dict[str, int] = field(default_factory=dict)  # names that *Let $a > 0$* speaks of -> heading
    former: list[Entry] = field(default_factory=list)  # names that have been replaced
    summation: bool = False
    row_softmax: bool = False
    bold: frozenset[str] = frozenset()  # names that the document sets in bold somewhere
    reshaping: bool = False  # the document says that it writes matrices as columns
    broadcasting: bool = False  # the document says that rows and columns are repeated where they must be
    indices: set[str] = field(default_factory=set)  # names of integer letters
    _variables: dict[str, Variable] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=Sizes)
    _context: Context | None = None
    _open: bool = False  # some variable was declared with a size that was not known then

    # ---------------------------------------------------------------------------------- declaring

    def declare(self, entry: Entry) -> None:
        """Put a declared name in; raises ``Redeclared`` for a different one under the same heading."""
        if self.lost.get(entry.name, (self.heading, 0))[0] < self.heading:
            self.lost.pop(entry.name, None)
        old = self.entries.get(entry.name)
        if old is not None and old.origin != "inferred":
            if old.heading == self.heading:
                if _shape(old) != _shape(entry):
                    self.contradicted.add(entry.name)
                    raise Redeclared(entry.name, old.start)
                return
            self.contradicted.discard(entry.name)
            self.drop(entry.name)
        elif self.lets.get(entry.name, self.heading) < self.heading:
            self._unsuppose(entry.name)
        self.put(entry)

    def put(self, entry: Entry) -> None:
        self.entries[entry.name] = entry
        self.dropped.pop(entry.name, None)
        self._note(entry)
        self._context = None

    def put_slice(self, entry: Entry) -> None:
        self.slices[entry.name] = entry
        self._note(entry)
        self._context = None

    def _note(self, entry: Entry) -> None:
        self._variables.pop(entry.name, None)
        self.indices.discard(entry.name)
        if entry.kind in ("tensor", "sizes") and entry.slots:
            self._variables[entry.name] = variable_of(entry)
        if entry.kind == "index":
            self.indices.add(entry.name)

    def define(self, definition: Definition, text: str) -> None:
        self.definitions[definition.name] = (*self.definitions.get(definition.name, ()), definition)
        if definition.condition == true and all(
            isinstance(p, Symbol) and not p.is_positive for p in definition.pattern
        ):
            self.lost.pop(definition.name, None)
        self.defined_under[definition.name] = self.heading
        self.mentioned |= names_of_definition(definition)
        entry = self.entries.get(definition.name)
        if entry is not None and entry.text is None:
            self.entries[definition.name] = _with_text(entry, text)
        self._context = None

    def redefine(self, name: str, bodies: Sequence[Expr | None]) -> None:
        """Put equal bodies in the place of those that a name is defined by; None leaves one as it is."""
        old = self.definitions[name]
        new = (d if body is None else replace(d, body=body) for d, body in zip(old, bodies, strict=True))
        self.definitions[name] = tuple(new)
        self._context = None

    def define_function(self, definition: FunctionDefinition, heading: int) -> None:
        self.functions[definition.name] = definition
        self.granted_functions.pop(definition.name, None)
        self.lost.pop(definition.name, None)
        self.elementwise[definition.name] = heading
        self._context = None

    def without_signature(self, name: str) -> None:
        """A function whose signature was said gets its definition: it is no unknown one any more."""
        if name in self.signatures:
            self.signatures.discard(name)
            self.depends.pop(name, None)
            self.arguments.pop(name, None)
            self.entries.pop(name, None)
            self._context = None

    def forget_function(self, name: str) -> None:
        """The name is no function of numbers any more."""
        for known in (self.functions, self.elementwise, self.granted_functions):
            known.pop(name, None)
        self._context = None

    def begin_section(self, level: int) -> None:
        if self.cases:
            self.hypotheses = [(h, names) for h, names in self.hypotheses if h not in self.cases]
            self.cases, self._context = [], None
        self.heading += 1
        above = tuple(h for h in self.open_headings if h[0] < level)
        self.open_headings = (*above, (level, self.heading))

    def stands_under(self, heading: int) -> bool:
        """Whether this place belongs to the section of an earlier heading."""
        return heading == 0 or any(number == heading for _, number in self.open_headings)

    def suppose(self, hypothesis: Hypothesis) -> None:
        self.hypotheses.append((hypothesis, names_of_hypothesis(hypothesis)))
        self._context = None

    def let(self, hypotheses: Iterable[Hypothesis]) -> None:
        """*Let $a > 0$* brings a in, whatever tells its shape later under the same heading."""
        for hypothesis in hypotheses:
            for name in names_of_hypothesis(hypothesis):
                self.lets.setdefault(name, self.heading)

    def _unsuppose(self, name: str) -> None:
        self.hypotheses = [(h, names) for h, names in self.hypotheses if name not in names]
        self.lets.pop(name, None)
        self._context = None

    def depend(
        self,
        name: str,
        arguments: tuple[str, ...],
        aligned: Mapping[str, tuple[tuple[int, int], ...]] | None = None,
    ) -> None:
        self.depends[name] = arguments
        self.aligned.pop(name, None)
        if aligned:
            self.aligned[name] = dict(aligned)
        self.lost.pop(name, None)
        self._context = None

    # ----------------------------------------------------------------------------------- dropping

    def drop(self, name: str) -> None:
        """Forget a name and everything that mentions it; what was defined by it has no meaning any more."""
        self._forget(name)
        self._unsuppose(name)
        users = [
            user
            for user, definitions in self.definitions.items()
            if any(name in names_of_definition(d) for d in definitions)
        ]
        users += [user for user, arguments in self.depends.items() if name in arguments and user not in users]
        for user in users:
            if user in self.entries or user in self.depends or user in self.slices:
                granted = user in self.granted
                self.drop(user)
                if not granted:  # nothing was said of it: it is open again
                    self.dropped[user] = name
        self._context = None

    def retire(self, name: str) -> bool:
        """Forget an integer of an earlier heading, and the arrays there that are as long as it says.

        False where it belongs to this heading, or gives an array of this heading its size.
        """
        sized = [entry for entry in self.entries.values() if name in _size_names(entry)]
        if any(entry.heading == self.heading for entry in (self.entries[name], *sized)):
            return False
        for user in [entry.name for entry in sized]:
            if user in self.entries:
                self.drop(user)
                self.dropped[user] = name
        self.drop(name)
        return True

    def _forget(self, name: str) -> None:
        self._variables.pop(name, None)
        self.indices.discard(name)
        entry = self.entries.pop(name, None)
        if entry is not None:
            self.former.append(entry)
        for other in [x for x, known in self.also.items() if name in (x, known)]:
            del self.also[other]
            self.entries.pop(other, None)
        self.unassumed.pop(name, None)
        self.slices.pop(name, None)
        self.definitions.pop(name, None)
        self.depends.pop(name, None)
        self.aligned.pop(name, None)
        self.granted.pop(name, None)
        self.soft.pop(name, None)
        self.arguments.pop(name, None)

    def name_also(self, other: str, name: str) -> None:
        """``other`` is from here on another way to write ``name``."""
        if other in self.entries:
            self.drop(other)
        self.entries[other] = self.entries[name]
        self.also[other] = name
        self._context = None

    def copy(self) -> Table:
        """The table as it is now: what is said later does not change it."""
        return replace(
            self,
            entries=dict(self.entries),
            definitions=dict(self.definitions),
            functions=dict(self.functions),
            elementwise=dict(self.elementwise),
            depends=dict(self.depends),
            aligned=dict(self.aligned),
            arguments=dict(self.arguments),
            hypotheses=list(self.hypotheses),
            dropped=dict(self.dropped),
            also=dict(self.also),
            passing=set(self.passing),
            soft=dict(self.soft),
            shapeless=set(self.shapeless),
            unassumed=dict(self.unassumed),
            contradicted=set(self.contradicted),
            granted=dict(self.granted),
            granted_functions=dict(self.granted_functions),
            lost=dict(self.lost),
            defined_under=dict(self.defined_under),
            mentioned=set(self.mentioned),
            signatures=set(self.signatures),
            twofold=set(self.twofold),
            lets=dict(self.lets),
            cases=list(self.cases),
            said_arrays=dict(self.said_arrays),
            slices=dict(self.slices),
            indices=set(self.indices),
            _variables=dict(self._variables),
            former=[],
        )

    # ------------------------------------------------------------------------------------ context

    def context(self) -> Context:
        """All of it as the calculus sees it; the same object until something changes."""
        if self._context is None or self._open:
            self._open = any(is_hole(r) for v in self._variables.values() for r in v.slots)
            self._context = Context(
                variables=self._resolved() if self._open else dict(self._variables),
                definitions=dict(self.definitions),
                functions={own_function(name): f for name, f in self.functions.items()},
                depends=dict(self.depends),
                hypotheses=tuple(h for h, _ in self.hypotheses),
                aligned=dict(self.aligned),
            )
        return self._context

    def _resolved(self) -> dict[str, Variable]:
        """The variables with what has been found out of their sizes since they were declared."""
        resolve = self.sizes.resolve
        return {name: replace(v, slots=tuple(map(resolve, v.slots))) for name, v in self._variables.items()}


def own_function(name: str) -> str:
    """A function of the document, as terms call it: its *log* is not the logarithm, whatever it is."""
    return name if functions.elementary(name) is None else f"\\{name.lstrip(chr(92))}"


def _with_text(entry: Entry, text: str) -> Entry:
    return replace(entry, text=text)


def _size_names(entry: Entry) -> set[str]:
    ends = [end for extent in entry.slots or () for end in (extent.lower, extent.upper)]
    return {str(symbol) for end in ends for symbol in end.free_symbols}


def _shape(entry: Entry) -> tuple[object, ...]:
    return (entry.kind, entry.slots, entry.family, entry.values)


def variable_of(entry: Entry) -> Variable:
    integer = entry.integer or entry.kind == "sizes"
    return Variable(entry.name, entry.slots or (), entry.labels, entry.parameters, integer, entry.values)


@lru_cache(maxsize=20_000)
def names_in(term: Basic) -> frozenset[str]:
    """The free names in a term: tensors, scalars, integers; letters that it binds do not count."""
    found: set[str] = set()
    _collect(term, frozenset(), found)
    return frozenset(found)


def _collect(term: Basic, bound: frozenset[Symbol], found: set[str]) -> None:
    if isinstance(term, Symbol):
        if term not in bound:
            found.add(str(term.name))
        return
    if isinstance(term, Indexed):
        found.add(terms.name_of(term))
        for slot in term.indices:
            _collect(slot, bound, found)
        return
    for inner, letters in _scopes(term):
        _collect(inner, bound | letters, found)


def _scopes(term: Basic) -> list[tuple[Basic, frozenset[Symbol]]]:
    """The parts of a term with the letters that the term binds in each."""
    nothing: frozenset[Symbol] = frozenset()
    match term:
        case Sum() | Product():
            letter, *ends = term.args[1]
            return [(term.args[0], frozenset({letter})), *((e, nothing) for e in ends)]
        case terms.Maximum():
            letter, *ends = term.limits[0]
            return [(term.function, frozenset({letter})), *((e, nothing) for e in ends)]
        case terms.MatrixNode():
            letters = frozenset({term.row, term.column})
            return [(term.body, letters), *((a, nothing) for n, a in enumerate(term.args) if n not in (0, 1, 3))]
        case terms.FunctionDerivative():
            return [(a, nothing) for a in term.arguments]
        case _:
            return [(a, nothing) for a in term.args]


@lru_cache(maxsize=20_000)
def names_of_definition(definition: Definition) -> frozenset[str]:
    """Names that a definition is about, beside its own and the letters its pattern binds."""
    own = {str(p) for p in definition.pattern if isinstance(p, Symbol)}
    found = names_in(definition.body) | names_in(definition.condition)
    fixed = [n for p in definition.pattern if not isinstance(p, Symbol) for n in names_in(p)]
    return (found | frozenset(fixed)) - own - {definition.name}


def names_of_hypothesis(hypothesis: Hypothesis) -> frozenset[str]:
    found: set[str] = set()
    for part in hypothesis.equation or ():
        found |= names_in(part)
    if hypothesis.relation is not None:
        found |= names_in(hypothesis.relation)
    if hypothesis.matrix is not None:
        found |= names_in(hypothesis.matrix.body)
    return frozenset(found - {str(s) for s in hypothesis.indices})


def both_layouts(view: View) -> dict[str, View]:
    return dict.fromkeys(LAYOUTS, view)
