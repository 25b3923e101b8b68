"""One equation of a statement read again with another text for a side, in the surroundings it was read in.

Nothing that is read here has an effect on the document; a text that takes a name of which nothing is known is refused.
"""

from __future__ import annotations

from dataclasses import replace

from checker.calculus.context import Context
from checker.documents.model import Formula
from checker.language.desk import Desk
from checker.language.equations import Equations
from checker.language.faults import Misread
from checker.language.parser import parse
from checker.language.reading import ReadStatement
from checker.language.sides import Part
from checker.language.statements import Equation, Origin, claim
from checker.language.surface import ParseError, Row, Tree


class Again:
    """Reads equations in the surroundings of one statement."""

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._desk: Desk | None = None
        self._equations: Equations | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        return self.origin.chain.parts

    @property
    def context(self) -> Context:
        return self.origin.desk.table.context()

    @property
    def desk(self) -> Desk:
        """A copy of the desk, made when it is first needed and again when something was put on it."""
        if self._desk is None:
            self._desk = self.origin.desk.copy()
        return self._desk

    def read(self, left: Part, right: Part, layout: str) -> Equation | None:
        """``left = right``; None where it takes an unknown name or cannot be read at all."""
        equations = self._with(left, layout)
        try:
            found = equations.read(right)
        except (Misread, RecursionError):
            return None
        if equations.desk.inference.found or self._grants_more(equations.desk):
            self._desk = self._equations = None
            return None
        return found

    def _grants_more(self, desk: Desk) -> bool:
        """Whether something was taken for a function that the document does not say is one."""
        return desk.table.granted.keys() != self.origin.desk.table.granted.keys()

    def _with(self, left: Part, layout: str) -> Equations:
        """Equations with this left side; those of one left side are mostly read one after another."""
        known = self._equations
        if known is None or known.left is not left or known.layout != layout:
            known = self._equations = Equations(self.desk, self.origin.chain, left, layout)
        return known

    def part(self, text: str, like: Part) -> Part | None:
        """A text as a side in place of ``like``; None where it is no single expression."""
        tree = self.parse(text)
        return None if tree is None else Part(like.relation, tree, Formula(text, range(len(text) + 1), True))

    def parse(self, text: str) -> Tree | None:
        rows = self.rows(text)
        return rows[0].tree if len(rows) == 1 else None

    def rows(self, text: str) -> tuple[Row, ...]:
        """The sides of a text that is one equation or expression; none where it is not."""
        try:
            found = self.origin.desk.idioms.applied(parse(text, self.origin.desk.macros))
        except (ParseError, RecursionError):
            return ()
        return found.chains[0] if len(found.chains) == 1 and not found.asides else ()


def rewritten(statement: ReadStatement, k: int, text: str) -> ReadStatement | None:
    """The claim with another text for its side ``k``; None where that is no single expression."""
    reader = again(statement)
    part = reader.part(text, reader.parts[k]) if reader is not None else None
    if reader is None or part is None:
        return None
    parts = (*reader.parts[:k], part, *reader.parts[k + 1 :])
    chain = replace(reader.origin.chain, parts=parts, expectations=())
    return claim(reader.origin.desk.copy(), chain, statement.start, defining=False, defined=None, fault=None)


def again(statement: ReadStatement) -> Again | None:
    """The reader for a claim; None for statements of which no line is judged."""
    return Again(statement.source) if isinstance(statement.source, Origin) else None


__all__ = ["Again", "Equation", "again", "rewritten"]
