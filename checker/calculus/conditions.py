"""Side conditions that the author did not state: where a claim's own divisions, roots and logarithms are defined."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sympy import Expr, Indexed, Piecewise, Pow, Rational, Symbol, exp, log

from checker.calculus.context import Claim, Context
from checker.calculus.forms import Form, atoms_deep, scale
from checker.calculus.graph import Dependencies
from checker.calculus.prover import Prover
from checker.calculus.ring import Budget, Outside, rank
from checker.calculus.sums import Unsummable
from checker.calculus.terms import Inverse

Latex = Callable[[Expr, Context], str]
UNFOLDINGS = 6


def conditions_of(
    claim: Claim, context: Context, graph: Dependencies, latex: Latex, session: Prover
) -> tuple[str, ...]:
    """LaTeX conditions, in the order in which they come up; known ones are left out.

    ``session`` is the one that proved the claim: the ties it had to leave out are conditions too.
    """
    from checker.calculus.writing import term_of

    found: dict[str, None] = {}
    for side in (claim.left, claim.right):
        for kind, term in _demands(side):
            if not _known(session, kind, term):
                found[f"{_written(term, context, latex)} {_RELATIONS[kind]} 0"] = None
    for frozen in session.ties:
        form = dict(frozen)
        turned = scale(form, -1) if form[max(form, key=rank)] < 0 else form
        found[rf"{latex(term_of(turned), context)} \ne 0"] = None
    return tuple(found)


_RELATIONS = {"nonzero": r"\ne", "positive": ">", "nonnegative": r"\ge", "invertible": r"\ne"}


def _written(term: Expr, context: Context, latex: Latex) -> str:
    return latex(term, context)


def _demands(term: Expr) -> Iterator[tuple[str, Expr]]:
    """What has to be nonzero, positive or not negative for a term to be defined."""
    seen: set[Expr] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node in seen or isinstance(node, Symbol | Indexed | Rational):
            continue
        seen.add(node)
        demand = _demand(node)
        if demand is not None:
            yield demand
        if not isinstance(node, Piecewise):
            stack.extend(reversed(node.args))


def _demand(node: Expr) -> tuple[str, Expr] | None:
    if isinstance(node, log):
        return "positive", node.args[0]
    if isinstance(node, Inverse):
        from checker.calculus.terms import Determinant

        return "invertible", Determinant(*node.args[:4])
    if not isinstance(node, Pow):
        return None
    base, exponent = node.args
    if not isinstance(exponent, Rational):
        return None if isinstance(base, exp | Rational) else ("positive", base)
    if exponent.q == 1:
        return ("nonzero", base) if exponent < 0 else None
    return ("positive", base) if exponent < 0 else ("nonnegative", base)


def _known(session: Prover, kind: str, term: Expr) -> bool:
    """Whether the sign is known from the hypotheses, of the term as it stands or unfolded."""
    session.work = max(session.work, 20_000)
    try:
        form = session.form(term, {})
        for _ in range(UNFOLDINGS):
            if not form:
                return kind == "nonnegative"
            if _satisfied(session, kind, form):
                return True
            opened = session.next_unfolding(form)
            if opened is None:
                return False
            form = opened
    except (Budget, Outside, Unsummable, ZeroDivisionError, RecursionError):
        pass
    return False


def _satisfied(session: Prover, kind: str, form: Form) -> bool:
    sign = session.sign(form)
    if kind == "nonnegative":
        return sign in ("+", "0+")
    if kind == "positive":
        return sign == "+"
    if kind == "invertible" and all(session.is_invertible(a) for a in atoms_deep(form) if a[0] == "det"):
        return True
    return session.known_nonzero(form)
