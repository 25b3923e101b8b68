"""Normal forms as formulas: what the symbolic judge compares, to be looked at."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from checker.calculus.context import Context
from checker.calculus.forms import Form
from checker.calculus.prover import Prover
from checker.calculus.ring import Budget, Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.writing import term_of
from checker.chains import side_in
from checker.language.printer import latex
from checker.language.reading import Fault, ReadStatement

LONGEST = 600  # characters of one formula
MOST_TERMS = 40  # of a normal form that is written out
WORK = 60_000
REFUSED = (Outside, Unsummable, Budget, ZeroDivisionError, RecursionError, TypeError)


@dataclass(frozen=True)
class Writer:
    session: Prover
    context: Context
    taken: frozenset[str]

    def text(self, form: Form) -> str:
        """The form, or how long it is."""
        found = self.formula(form)
        return found if found is not None else rf"\text{{{len(form)} terms}}"

    def formula(self, form: Form) -> str | None:
        """The form as LaTeX; None where that is too long to be read, or has no formula."""
        if not form:
            return "0"
        if len(form) > MOST_TERMS:
            return None
        try:
            text = latex(term_of(form, self.taken), self.context)
        except REFUSED:
            return None
        return text if len(text) <= LONGEST else None


def normal_forms(statement: ReadStatement, layout: str) -> tuple[str | None, ...]:
    """The normal form of every side, derivatives written out where that can be read; None where there is none."""
    context = statement.context
    terms = [side_in(side, layout) for side in statement.sides]
    session = open_session(context, statement.indices, work=WORK)
    writer = Writer(session, context, frozenset(str(s) for s in statement.indices))
    return tuple(None if isinstance(term, Fault) else normal_form(term, session, writer) for term in terms)


def normal_form(term: Expr, session: Prover, writer: Writer) -> str | None:
    try:
        form = session.form(term, {})
    except REFUSED:
        return None
    try:
        expanded = writer.formula(session.expanded(form))
    except REFUSED:
        expanded = None
    return expanded if expanded is not None else writer.formula(form)
