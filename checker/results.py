"""What a run found out, as plain data: strings, numbers, tuples.  No SymPy, no documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Verdict(str, Enum):
    """What is said of one line of a chain; ``docs`` and the README explain each."""

    PROVED = "proved"
    TESTED = "tested"
    WRONG = "wrong"
    CARRIED = "carried"
    UNDECIDED = "undecided"
    UNREADABLE = "unreadable"


class Kind(str, Enum):
    CLAIM = "claim"
    DEFINITION = "definition"
    DECLARATION = "declaration"
    HYPOTHESIS = "hypothesis"
    UPDATE = "update"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Counterexample:
    """A point at which the two sides differ; numbers are exact, written as strings ("2", "-1/3")."""

    sizes: Mapping[str, int]
    indices: Mapping[str, int]
    values: Mapping[str, Any]  # name -> "2" | ["1", "2"] | [["1"], ["2"]] …
    left: str
    right: str
    sides: tuple[Any, Any] | None = None  # both sides at all values of the free indices, as values are written


@dataclass(frozen=True)
class Judgement:
    """A verdict with its evidence.  ``points`` counts the evaluations made, ``tried`` the sizes.

    Of a wrong line: ``mistake`` names its slip (docs/slips.md), ``place`` is the line, column and length of
    what is wrong, ``assume`` a hypothesis under which it would be true.
    """

    verdict: Verdict
    reason: str | None = None
    rests_on: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    layout: str | None = None
    rejoins: bool = False
    counterexample: Counterexample | None = None
    mistake: str | None = None
    suggestion: str | None = None
    message: str | None = None
    points: int = 0
    tried: tuple[Mapping[str, int], ...] = ()
    seconds: float = 0.0
    place: tuple[int, int, int] | None = None
    assume: str | None = None


@dataclass(frozen=True)
class Line:
    """One side of an ``=``, as the author wrote it.  The head of a chain has no judgement."""

    line: int
    column: int
    latex: str
    judgement: Judgement | None = None
    expected: str | None = None
    expected_reason: str | None = None
    definition: bool = False
    normal_form: str | None = None  # as LaTeX; for reports that show it

    @property
    def as_expected(self) -> bool | None:
        """Whether the verdict is the one the document states; None where it states none."""
        if self.judgement is None or self.expected is None:
            return None
        reason_fits = self.expected_reason in (None, self.judgement.reason)
        return self.judgement.verdict.value == self.expected and reason_fits


@dataclass(frozen=True)
class Statement:
    id: str
    kind: Kind
    line: int
    lines: tuple[Line, ...] = ()
    message: str | None = None


@dataclass(frozen=True)
class SymbolRow:
    """One row of the symbol table: ``kind`` is tensor, scalar, function, index, size; ``origin`` is
    ``declared``, ``defined`` or ``inferred``."""

    name: str
    latex: str
    kind: str
    shape: tuple[str, ...]
    origin: str
    line: int
    definition: str | None = None


@dataclass(frozen=True)
class Piece:
    """A step through the document as it is written, for renderings that show its prose.

    ``kind`` is ``open`` or ``close`` of an element (``text`` is its HTML name: ``p``, ``h2``, ``li`` …), ``text``,
    or ``formula`` (inside a line) or ``display``, whose LaTeX reaches from ``start`` to ``end`` (line, column).
    """

    kind: str
    text: str
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Quantity:
    """A node of a network: ``role`` is input, parameter, quantity or result.

    ``value`` is the number (or the nested lists of numbers) at the sample point, ``gradient`` the derivative of
    the result by it; None where there is none to show.
    """

    latex: str
    role: str
    definition: str | None = None
    shape: tuple[str, ...] = ()
    value: Any = None
    gradient: Any = None


@dataclass(frozen=True)
class Link:
    """From a quantity to one that is defined by it (positions); ``derivative`` is the local one, where it is short."""

    source: int
    target: int
    derivative: str | None = None


@dataclass(frozen=True)
class Network:
    """The computation that definitions make, as a graph; ``line`` is that of the first definition in it."""

    line: int
    quantities: tuple[Quantity, ...]
    links: tuple[Link, ...]
    sizes: Mapping[str, int] = field(default_factory=dict)
    functions: Mapping[str, str] = field(default_factory=dict)  # what was put for unknown functions


@dataclass(frozen=True)
class DocumentReport:
    path: str
    title: str
    layout: str | None
    symbols: tuple[SymbolRow, ...]
    statements: tuple[Statement, ...]
    error: str | None = None  # the file could not be read at all
    encoding_sympy: tuple[tuple[str, str], ...] = ()  # (statement id:line, SymPy source), for `show --sympy`
    macros: tuple[tuple[str, int, str, str | None], ...] = ()  # the author's own: name, arity, body, default
    prose: tuple[Piece, ...] = ()  # only where it was asked for
    networks: tuple[Network, ...] = ()  # only where they were asked for

    def judged(self) -> Iterator[Line]:
        for statement in self.statements:
            for line in statement.lines:
                if line.judgement is not None:
                    yield line


@dataclass(frozen=True)
class Stage:
    """A formula on the way of a proof: what was done, what came of it (LaTeX), and in how many terms."""

    name: str
    latex: str
    terms: int


@dataclass(frozen=True)
class LineExplained:
    """A line beside its head; ``left`` and ``right`` are (index notation, SymPy source), None without a term."""

    head: Line
    line: Line
    left: tuple[str, str] | None = None
    right: tuple[str, str] | None = None
    ranges: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    end: str | None = None


@dataclass(frozen=True)
class Explained:
    """One line of a document in full: the symbols it uses, and every line of the statement that stands there."""

    document: DocumentReport
    statement: Statement
    symbols: tuple[SymbolRow, ...]
    lines: tuple[LineExplained, ...]


@dataclass(frozen=True)
class Report:
    documents: tuple[DocumentReport, ...]
    problems: tuple[str, ...] = field(default=())  # bad usage or unreadable files, one line each
