"""What a wrong line should say: the head's own value, derived, and judged again before it is shown."""

from __future__ import annotations

from dataclasses import replace

from sympy import Expr

from checker.calculus.context import Claim, Context
from checker.calculus.forms import Form, atoms_deep
from checker.calculus.graph import Dependencies
from checker.calculus.ring import Budget, Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.writing import term_of
from checker.judge.decide import Options, Proof, closed

LONGEST = 240  # characters of LaTeX
MOST_TERMS = 12
WORK = 1_000  # for the derivation; what can be shown in one line takes a third of it
MORE_WORK = 5_000  # for its proof


def derived(claim: Claim, context: Context, options: Options, graph: Dependencies) -> str | None:
    """The derivative on the left, carried out with the names of the document, as LaTeX.

    None where the head is no derivative, the result is long, or it cannot be proved equal to the head.
    """
    try:
        about = (claim.left, claim.right)
        session = open_session(context, claim.indices, about=about, work=min(options.work, WORK), graph=graph)
        form = session.expanded(session.form(claim.left, {}))
    except (Budget, Outside, Unsummable, ZeroDivisionError):
        return None
    if len(form) > MOST_TERMS or any(a[0] in ("d", "p") and not session.is_elementary(a) for a in atoms_deep(form)):
        return None
    return _checked(_term(form, claim), claim, context, options, graph)


def _term(form: Form, claim: Claim) -> Expr:
    return term_of(form, frozenset(str(s) for s in claim.indices))


def _checked(term: Expr, claim: Claim, context: Context, options: Options, graph: Dependencies) -> str | None:
    if term == claim.left:
        return None
    bounded = replace(options, work=min(options.work, MORE_WORK))
    if isinstance(closed(Claim(claim.left, term, claim.indices), context, bounded, graph), Proof):
        return None
    text = options.latex(term, context)
    return text if len(text) <= LONGEST else None
