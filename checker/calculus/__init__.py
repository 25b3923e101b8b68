"""The symbolic core: terms in index notation, their derivatives, and one normal form for all sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sympy import Expr

    from checker.calculus.context import Context


def differentiate(expression: Expr, by: Expr, context: Context | None = None) -> Expr:
    """∂expression/∂by for all sizes, deltas contracted and sums collapsed; definitions follow the chain rule.

    ``by`` is a scalar symbol or an element.  Raises :class:`checker.calculus.ring.Outside` for a
    construct without a derivative.
    """
    from checker.calculus.context import Context as Empty
    from checker.calculus.forms import atoms_deep
    from checker.calculus.ring import Outside
    from checker.calculus.session import open_session, slot_ranges
    from checker.calculus.terms import Partial
    from checker.calculus.writing import term_of

    known = context or Empty()
    session = open_session(known, slot_ranges((expression, by), known))
    form = session.expanded(session.form(Partial(expression, by), {}))
    if any(atom[0] == "p" for atom in atoms_deep(form)):
        raise Outside("an unknown function that depends on a quantity both directly and through another one")
    return term_of(form)
