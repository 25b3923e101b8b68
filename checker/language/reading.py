"""What the language makes of a document: its symbols and its statements as terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sympy import Expr, Symbol

from checker.calculus.context import Claim, Context, Range

LAYOUTS = ("denominator", "numerator")


@dataclass(frozen=True)
class Fault:
    """Why a side has no term (or none that fits the head of its chain).

    ``verdict`` is ``unreadable`` (``syntax``, ``unknown-symbol``, ``ambiguous-shape``, ``ellipsis``, ``words``),
    ``wrong`` (``shape``, ``index``) or ``undecided`` (``outside``).  ``start``/``end`` are offsets in the file;
    ``message`` says what was found, what was expected and what to write instead.
    """

    verdict: str
    reason: str
    start: int
    end: int
    message: str


def certain() -> str | None:
    """No doubt."""
    return None


@dataclass(frozen=True)
class Side:
    """One side of a chain: the author's LaTeX, its place, and its term in each layout.

    Tensor-valued sides are lowered entry by entry: all sides of a statement then have the same free
    index symbols.  A side that does not depend on the layout has the same term under both keys.
    ``definition`` marks the first line of a chain when it defines the head (first use of the name).
    ``step`` is filled in where the side misfits the head but fits the side before it: that side and this one,
    element by element, so that a line that only carries an earlier misfit on can be told from a new slip.
    ``doubt`` tells why the side cannot be called wrong: what nothing says, and what to write.  It is asked of few.
    ``provided``: what the side is read under and no sentence says, as conditions of a verdict that it holds.
    """

    latex: str
    start: int
    end: int
    terms: Mapping[str, Expr | Fault]  # layout -> term
    definition: bool = False
    step: Mapping[str, Claim] = field(default_factory=dict)  # layout -> previous = this
    doubt: Callable[[], str | None] = field(default=certain, compare=False, repr=False)
    provided: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadStatement:
    """A statement; ``sides[0]`` is the head.  Kinds are those of ``checker.results.Kind``, as strings.

    ``indices`` are the free indices with their ranges, ``context`` what is known at this place.
    ``defined`` is the name a definition defines.  Declarations and skipped statements carry ``message``.
    """

    id: str
    kind: str
    start: int
    sides: tuple[Side, ...] = ()
    indices: Mapping[Symbol, Range] = field(default_factory=dict)
    context: Context = field(default_factory=Context)
    expectations: tuple[tuple[str, str | None], ...] = ()
    message: str | None = None
    defined: str | None = None
    fault: Fault | None = None  # a declaration or definition that cannot be read or cannot fit
    source: object | None = field(default=None, compare=False, repr=False)  # for :mod:`checker.language.again`


@dataclass(frozen=True)
class SymbolEntry:
    name: str
    latex: str
    kind: str  # tensor, scalar, function, index, size
    shape: tuple[str, ...]
    origin: str  # declared, defined, inferred
    start: int
    definition: str | None = None


@dataclass(frozen=True)
class Reading:
    title: str
    symbols: tuple[SymbolEntry, ...]
    statements: tuple[ReadStatement, ...]
    layout: str | None  # as declared, or None
