"""From a context to a session: hypotheses become rules, free indices get their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean

from checker.calculus import affine as af
from checker.calculus.affine import Variable
from checker.calculus.context import Context, Hypothesis, Matrix, Property, Range
from checker.calculus.forms import Form, add, is_integer, number, of, scale, subtract, tidy_rational
from checker.calculus.graph import Dependencies, elements_in
from checker.calculus.hypotheses import SignFact, SumFact
from checker.calculus.normal import Outside
from checker.calculus.prover import Prover
from checker.calculus.ring import rank
from checker.calculus.terms import indices_of, name_of


def open_session(
    context: Context,
    indices: Mapping[Symbol, Range],
    *,
    without: frozenset[int] = frozenset(),
    deadline: float | None = None,
    work: int = 400_000,
    graph: Dependencies | None = None,
) -> Prover:
    """A session for one statement.  ``without`` leaves out hypotheses by their position in the context."""
    session = Prover(graph or Dependencies(context), deadline, work)
    _bind_indices(session, indices)
    ordered = sorted(enumerate(context.hypotheses), key=lambda pair: _priority(pair[1]))
    for source, hypothesis in ordered:
        if source not in without:
            _assume(session, source, hypothesis)
    session.used.clear()
    return session


def slot_ranges(terms: Iterable[Expr], context: Context) -> dict[Symbol, Range]:
    """The ranges of the index letters that stand alone in a slot, as the context declares the slots."""
    found: dict[Symbol, Range] = {}
    for term in terms:
        for node in elements_in(term):
            variable = context.variables.get(name_of(node))
            if variable is not None and len(variable.slots) == len(node.indices):
                for letter, range_ in zip(node.indices, variable.slots, strict=True):
                    if isinstance(letter, Symbol):
                        found.setdefault(letter, range_)
    return found


def _priority(hypothesis: Hypothesis) -> int:
    """Structure first, signs next, equations last: the later ones are normalised with the earlier."""
    if hypothesis.property is not None:
        return 0
    return 1 if hypothesis.relation is not None else 2


def _bind_indices(session: Prover, indices: Mapping[Symbol, Range]) -> None:
    for symbol, range_ in indices.items():
        v = session.symbol_variable(symbol)
        if v[0] == "i":
            session.ranges[v] = session.range_of(range_.lower, range_.upper, {})


def _assume(session: Prover, source: int, hypothesis: Hypothesis) -> None:
    before = dict(session.ranges)
    _bind_indices(session, hypothesis.indices)
    try:
        if hypothesis.property is not None and hypothesis.matrix is not None:
            _property(session, source, hypothesis.property, hypothesis.matrix)
        elif hypothesis.relation is not None:
            _relation(session, source, hypothesis.relation, hypothesis.indices)
        elif hypothesis.equation is not None:
            _equation(session, source, *hypothesis.equation, hypothesis.indices)
    except Outside:
        pass  # a hypothesis that cannot be used proves nothing
    finally:
        session.ranges = before | {v: r for v, r in session.ranges.items() if v[0] == "f"}


# ------------------------------------------------------------------------------------- properties


def _property(session: Prover, source: int, property_: Property, matrix: Matrix) -> None:
    name = _plain_name(matrix)
    if property_ is Property.POSITIVE_DEFINITE:
        _positive_definite(session, source, matrix)
        if name is not None:
            session.properties.setdefault((name, Property.SYMMETRIC), source)
    if property_ in (Property.INVERTIBLE, Property.POSITIVE_DEFINITE, Property.ORTHOGONAL):
        determinant = session.determinant(*_opened(session, matrix))
        session.invertible.extend(a for m in determinant for a, _ in m if a[0] == "det")
    if name is None:
        return
    session.properties[name, property_] = source
    if property_ is Property.ORTHOGONAL:
        _orthogonal(session, source, name, matrix)
    if property_ is Property.ONE_HOT:
        _sum_to(session, source, matrix)


def _plain_name(matrix: Matrix) -> str | None:
    """The name of a matrix that is a tensor of its own, not an expression."""
    body = matrix.body
    slots = indices_of(body)
    if not slots or slots[-1] not in (matrix.column, matrix.row):
        return None
    expected = (matrix.row, matrix.column) if slots[-1] == matrix.column else (matrix.row,)
    return name_of(body) if tuple(slots[-len(expected) :]) == expected else None


def _opened(session: Prover, matrix: Matrix) -> tuple[af.Affine, Variable, Variable, Form]:
    order = session.affine(matrix.rows, {})
    row, column = session.fresh((0, af.ONE, order)), session.fresh((0, af.ONE, order))
    env = {matrix.row: af.variable(row), matrix.column: af.variable(column)}
    return order, row, column, session.form(matrix.body, env)


def _positive_definite(session: Prover, source: int, matrix: Matrix) -> None:
    determinant = session.determinant(*_opened(session, matrix))
    session.sign_facts.append(SignFact(determinant, "+", frozenset(), source))


def _orthogonal(session: Prover, source: int, name: str, matrix: Matrix) -> None:
    """Σ_k Q_ki Q_kj = δ_ij = Σ_k Q_ik Q_jk."""
    order = session.affine(matrix.rows, {})
    i, j = ("i", "@i"), ("i", "@j")
    a, b = af.variable(i), af.variable(j)
    delta = of(("dl", af.primitive(af.subtract(a, b))))
    for first in (True, False):
        k = session.fresh((0, af.ONE, order))
        at = af.variable(k)
        left = session.element(name, (at, a) if first else (a, at))
        right = session.element(name, (at, b) if first else (b, at))
        closed = session.sum_over([k], session.multiply(left, right))
        if len(closed) == 1:
            session.sum_facts.append(SumFact(next(iter(closed)), delta, frozenset({i, j}), source))


def _sum_to(session: Prover, source: int, matrix: Matrix) -> None:
    """A one-hot vector sums to 1."""
    k = session.fresh((0, af.ONE, session.affine(matrix.rows, {})))
    closed = session.sum_over([k], session.form(matrix.body, {matrix.row: af.variable(k)}))
    if len(closed) == 1:
        free = frozenset(session.symbol_variable(s) for s in matrix.body.free_symbols if s.is_integer)
        session.sum_facts.append(SumFact(next(iter(closed)), number(1), free, source))


# -------------------------------------------------------------------------------------- relations


def _relation(session: Prover, source: int, relation: Boolean, indices: Mapping[Symbol, Range]) -> None:
    if isinstance(relation, And):
        for part in sorted(relation.args, key=str):
            _relation(session, source, part, indices)
        return
    if not isinstance(relation, Relational):
        return
    kind = type(relation).__name__
    left, right = relation.lhs, relation.rhs
    if kind in ("LessThan", "StrictLessThan"):
        left, right = right, left
        kind = {"LessThan": "GreaterThan", "StrictLessThan": "StrictGreaterThan"}[kind]
    if session._is_integer(left) and session._is_integer(right):
        _integer_fact(session, left, right, kind)
        return
    sign = {"StrictGreaterThan": "+", "GreaterThan": "0+", "Unequality": "!"}.get(kind)
    if sign is None:
        return
    form = subtract(session.form(left, {}), session.form(right, {}))
    if form:
        free = frozenset(session.symbol_variable(s) for s in indices)
        session.sign_facts.append(SignFact(form, sign, free, source))


def _integer_fact(session: Prover, left: Expr, right: Expr, kind: str) -> None:
    difference = af.subtract(session.affine(left, {}), session.affine(right, {}))
    if kind == "StrictGreaterThan":
        difference = af.shift(difference, -1)
    elif kind != "GreaterThan":
        return
    session.facts.append(difference)
    if len(difference[1]) == 1:
        v, c = difference[1][0]
        if c == 1 and v[0] == "n":
            session.least[v] = max(session.least.get(v, 1), -difference[0])


# -------------------------------------------------------------------------------------- equations


def _equation(
    session: Prover, source: int, left: Expr, right: Expr, indices: Mapping[Symbol, Range]
) -> None:
    """An equation rewrites its leading sum or element to everything else."""
    free = frozenset(session.symbol_variable(s) for s in indices)
    form = subtract(session.form(left, {}), session.form(right, {}))
    candidates = sorted((m for m in form if _usable(m)), key=rank)
    sums = [m for m in candidates if m[0][0][0] == "sum"]
    if sums:
        _rewrite(session.sum_facts, form, max(sums, key=lambda m: (len(m[0][0][2]), m)), free, source)
        return
    elements = [m for m in candidates if m[0][0][0] == "el" and _independent(session, m, form)]
    if elements:
        _rewrite(session.element_facts, form, max(elements, key=rank), free, source)


def _usable(monomial: tuple[object, ...]) -> bool:
    return len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0][0] in ("sum", "el")  # type: ignore[index]


def _independent(session: Prover, monomial: object, form: Form) -> bool:
    """An element may be replaced where nothing else in the equation mentions its name."""
    from checker.calculus.forms import atoms_deep

    name = monomial[0][0][1]  # type: ignore[index]
    others = [a for a in atoms_deep({m: c for m, c in form.items() if m != monomial}) if a[0] == "el"]
    return name not in {a[1] for a in others} and not any(session.graph.depends(a[1], name) for a in others)


def _rewrite(facts: list[SumFact], form: Form, left: object, free: frozenset[Variable], source: int) -> None:
    from fractions import Fraction

    coefficient = form[left]  # type: ignore[index]
    rest = {m: c for m, c in form.items() if m != left}
    value = {m: tidy_rational(c) for m, c in scale(rest, Fraction(-1) / Fraction(coefficient)).items()}
    facts.append(SumFact(left, value, free, source))  # type: ignore[arg-type]


__all__ = ["add", "is_integer", "open_session"]
