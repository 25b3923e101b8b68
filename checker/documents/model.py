"""What a document is, once read: items in the order of the text, every one with its place.

No mathematics here: a formula is a string.  Offsets count characters of the decoded file.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Formula:
    """The inside of ``$…$``, ``$$…$$``, ``\\[…\\]``, an environment …, without its delimiters.

    ``text`` may differ from the file where line prefixes (block quotes, list indents) or Markdown
    escapes were taken out; ``offsets[p]`` is then the place in the file of ``text[p]``, with one more
    entry for the end.  ``environment`` is ``align``, ``equation`` … or None.
    """

    text: str
    offsets: tuple[int, ...] | range
    display: bool
    environment: str | None = None

    @property
    def start(self) -> int:
        return self.offsets[0]

    @property
    def end(self) -> int:
        return self.offsets[-1]


@dataclass(frozen=True)
class Words:
    """A run of prose inside a sentence, as written (markup such as ``*`` taken out)."""

    text: str
    start: int


@dataclass(frozen=True)
class Heading:
    """``cases`` are the conditions that it puts on what stands under it (``### Case $i = j$``), each with its word."""

    level: int
    text: str
    start: int
    cases: tuple[tuple[str, Formula], ...] = ()


@dataclass(frozen=True)
class Prose:
    """A sentence that neither claims nor declares; read only for phrases such as *numerator layout*.

    ``parts`` keeps its inline formulas, which are not judged.
    """

    parts: tuple[Words | Formula, ...]
    start: int


@dataclass(frozen=True)
class Expectation:
    """``<!-- expect: wrong (shape) -->`` is ``Expectation("wrong", "shape")``."""

    verdict: str
    reason: str | None = None


@dataclass(frozen=True)
class Declaration:
    """A declaring sentence or clause: ``opening`` is its first word in lower case (``let``, ``assume`` …).

    ``parts`` are the words (without the opening) and formulas in order; a display block that the
    sentence introduces is one of them.  ``comment`` is true for ``<!-- checker: … -->``.
    ``id``, ``expectations`` and ``skip`` are those of the comments that follow it, as for a claim.
    """

    opening: str
    parts: tuple[Words | Formula, ...]
    start: int
    comment: bool = False
    id: str | None = None
    expectations: tuple[Expectation, ...] = ()
    skip: bool = False


@dataclass(frozen=True)
class Claim:
    """One statement: a formula, and the display blocks that continue its chain.

    ``expectations`` is empty (none stated), one for all lines, or one per line of the chain.
    ``conditions`` are the inline formulas by which its sentence restricts it, each with its word:
    ``("for", i \\ne j)``, ``("if", x > 0)``, ``("for all", i)``.
    ``posed``: its sentence sets something to zero, so it is an equation to be solved.
    """

    formulas: tuple[Formula, ...]
    start: int
    id: str | None = None
    expectations: tuple[Expectation, ...] = ()
    skip: bool = False
    conditions: tuple[tuple[str, Formula], ...] = ()
    posed: bool = False


@dataclass(frozen=True)
class Problem:
    """Something in the text that could not be read: where, what was found, what to write instead."""

    start: int
    reason: str  # "syntax" …
    message: str


Item = Heading | Prose | Declaration | Claim | Problem


@dataclass(frozen=True)
class Macro:
    """``\\newcommand{\\name}[arity]{body}`` (``default`` for an optional first argument)."""

    name: str  # with its backslash
    arity: int
    body: str
    default: str | None = None


@dataclass(frozen=True)
class Document:
    path: str
    text: str
    title: str
    items: tuple[Item, ...]
    macros: tuple[Macro, ...] = ()


@dataclass(frozen=True)
class LineMap:
    """Offset to line and column, both counted from 1."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> LineMap:
        starts = [0]
        starts.extend(i + 1 for i, c in enumerate(text) if c == "\n")
        return cls(tuple(starts))

    def place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1
