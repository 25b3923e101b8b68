"""From a context to a session: hypotheses become rules, free indices get their ranges."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from sympy import Expr, Indexed, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Boolean

from checker.calculus import affine as af
from checker.calculus.affine import Variable
from checker.calculus.context import Context, Hypothesis, Matrix, Property, Range
from checker.calculus.forms import (
    ALL_INTEGERS,
    Form,
    add,
    is_integer,
    number,
    of,
    scale,
    subtract,
    thaw,
    tidy_rational,
    variables,
)
from checker.calculus.forms import Range as FormRange
from checker.calculus.graph import Dependencies, elements_in
from checker.calculus.hypotheses import Limits, SignFact, Structure, SumFact
from checker.calculus.prover import Prover
from checker.calculus.relevance import relevant
from checker.calculus.ring import Outside, range_end, rank
from checker.calculus.terms import indices_of, name_of


def open_session(
    context: Context,
    indices: Mapping[Symbol, Range],
    *,
    about: Iterable[Expr] | None = None,
    without: frozenset[int] = frozenset(),
    deadline: float | None = None,
    work: int = 400_000,
    graph: Dependencies | None = None,
) -> Prover:
    """A session for one statement.

    ``about`` are the terms it will be asked about: hypotheses that cannot bear on them are left out.
    ``without`` leaves out hypotheses by their position in the context.
    """
    graph = graph or Dependencies(context)
    session = Prover(graph, deadline, work)
    kept = range(len(context.hypotheses)) if about is None else relevant(about, graph)
    _bind_indices(session, indices)
    ordered = sorted(enumerate(context.hypotheses), key=lambda pair: _priority(pair[1]))
    for source, hypothesis in ordered:
        if source in kept and source not in without:
            _assume(session, source, hypothesis)
            session.behind[source] = frozenset(session.used - {source})
            session.used.clear()
    session.forget()
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
            _property(session, source, hypothesis.property, hypothesis.matrix, hypothesis.indices)
        elif hypothesis.relation is not None:
            _relation(session, source, hypothesis.relation, hypothesis.indices)
        elif hypothesis.equation is not None:
            _equation(session, source, *hypothesis.equation, hypothesis.indices)
    except Outside:
        pass  # a hypothesis that cannot be used proves nothing
    finally:
        session.ranges = before | {v: r for v, r in session.ranges.items() if v[0] == "f"}


# ------------------------------------------------------------------------------------- properties


def _property(
    session: Prover, source: int, property_: Property, matrix: Matrix, indices: Mapping[Symbol, Range]
) -> None:
    limits = _limits(session, indices, (matrix.body,))
    if property_ is Property.POSITIVE_DEFINITE:
        _positive_definite(session, source, matrix, indices, limits)
    if property_ in (Property.INVERTIBLE, Property.POSITIVE_DEFINITE, Property.ORTHOGONAL):
        determinant = session.determinant(*_opened(session, matrix))
        session.invertible.extend(a for m in determinant for a, _ in m if a[0] == "det")
    name = _plain_name(matrix)
    if name is None:
        return
    labels = _labels(session, matrix)
    structure = Structure(labels, _variables(session, indices), source, limits)
    session.properties.setdefault((name, property_), []).append(structure)
    if property_ is Property.POSITIVE_DEFINITE:
        session.properties.setdefault((name, Property.SYMMETRIC), []).append(structure)
    if property_ is Property.ORTHOGONAL:
        _orthogonal(session, name, matrix, structure)
    if property_ is Property.ONE_HOT:
        _sum_to(session, matrix, structure)


def _plain_name(matrix: Matrix) -> str | None:
    """The name of a matrix that is a tensor of its own, not an expression."""
    body = matrix.body
    slots = indices_of(body)
    if not slots or slots[-1] not in (matrix.column, matrix.row):
        return None
    expected = (matrix.row, matrix.column) if slots[-1] == matrix.column else (matrix.row,)
    inside = {s for slot in slots[: -len(expected)] for s in slot.free_symbols}
    if not inside.isdisjoint(expected):
        return None
    return name_of(body) if tuple(slots[-len(expected) :]) == expected else None


def _labels(session: Prover, matrix: Matrix) -> tuple[af.Affine, ...]:
    """What stands in the slots before row and column: W^{(1)} is symmetric, W^{(2)} need not be."""
    slots = indices_of(matrix.body)
    count = 2 if slots[-1] == matrix.column else 1
    return tuple(session.affine(slot, {}) for slot in slots[:-count])


def _variables(session: Prover, indices: Mapping[Symbol, Range]) -> frozenset[Variable]:
    return frozenset(session.symbol_variable(s) for s in indices)


def _limits(session: Prover, indices: Mapping[Symbol, Range], terms: Iterable[Expr]) -> Limits:
    """The ranges of the indices that do not cover the slots they stand in: *x_i > 0 for i ≥ 2* says nothing of x_1."""
    nodes = [node for term in terms for node in elements_in(term)]
    found: list[tuple[Variable, FormRange]] = []
    for symbol, range_ in indices.items():
        v, wide = session.symbol_variable(symbol), session.range_of(range_.lower, range_.upper, {})
        if wide != ALL_INTEGERS and not any(
            _covers(session, wide, slot) for slot in _slots_with(session, symbol, nodes)
        ):
            found.append((v, wide))
    return tuple(found)


def _slots_with(session: Prover, symbol: Symbol, nodes: Iterable[Indexed]) -> Iterator[FormRange]:
    """The declared ranges of the slots that an index letter stands in alone."""
    for node in nodes:
        variable = session.graph.context.variables.get(name_of(node))
        if variable is None or len(variable.slots) != len(node.indices):
            continue
        env = {p: session.affine(at, {}) for p, at in zip(variable.parameters, node.indices, strict=False)}
        for letter, slot in zip(node.indices, variable.slots, strict=True):
            if letter == symbol:
                yield session.range_of(slot.lower, slot.upper, env)


def _covers(session: Prover, wide: FormRange, narrow: FormRange) -> bool:
    if wide == narrow:
        return True
    for lower, sign in ((True, 1), (False, -1)):
        outer, inner = range_end(wide, lower=lower), range_end(narrow, lower=lower)
        if outer is None:
            continue
        if inner is None or not session.never_negative(af.scale(af.subtract(inner, outer), sign)):
            return False
    return True


def _opened(session: Prover, matrix: Matrix) -> tuple[af.Affine, Variable, Variable, Form]:
    order = session.affine(matrix.rows, {})
    row, column = session.fresh((0, af.ONE, order)), session.fresh((0, af.ONE, order))
    env = {matrix.row: af.variable(row), matrix.column: af.variable(column)}
    return order, row, column, session.form(matrix.body, env)


def _positive_definite(
    session: Prover, source: int, matrix: Matrix, indices: Mapping[Symbol, Range], limits: Limits
) -> None:
    determinant = session.determinant(*_opened(session, matrix))
    session.sign_facts.append(SignFact(determinant, "+", _variables(session, indices), source, limits))


def _orthogonal(session: Prover, name: str, matrix: Matrix, structure: Structure) -> None:
    """Σ_k Q_ki Q_kj = δ_ij = Σ_k Q_ik Q_jk."""
    order = session.affine(matrix.rows, {})
    i, j = ("i", "@i"), ("i", "@j")
    a, b = af.variable(i), af.variable(j)
    delta = of(("dl", af.primitive(af.subtract(a, b))))
    indices = structure.indices | {i, j}
    for first in (True, False):
        k = session.fresh((0, af.ONE, order))
        at = af.variable(k)
        left = session.element(name, (*structure.labels, *((at, a) if first else (a, at))))
        right = session.element(name, (*structure.labels, *((at, b) if first else (b, at))))
        closed = session.sum_over([k], session.multiply(left, right))
        if len(closed) == 1:
            fact = SumFact(next(iter(closed)), delta, indices, structure.source, structure.limits)
            session.sum_facts.append(fact)


def _sum_to(session: Prover, matrix: Matrix, structure: Structure) -> None:
    """A one-hot vector sums to 1."""
    k = session.fresh((0, af.ONE, session.affine(matrix.rows, {})))
    closed = session.sum_over([k], session.form(matrix.body, {matrix.row: af.variable(k)}))
    if len(closed) == 1:
        fact = SumFact(next(iter(closed)), number(1), structure.indices, structure.source, structure.limits)
        session.sum_facts.append(fact)


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
        _integer_fact(session, source, left, right, kind, _variables(session, indices))
        return
    sign = {"StrictGreaterThan": "+", "GreaterThan": "0+", "Unequality": "!"}.get(kind)
    if sign is None:
        return
    form = subtract(session.form(left, {}), session.form(right, {}))
    if form:
        limits = _limits(session, indices, (left, right))
        for each in (form, *_without_absolute(session, form, sign)):
            session.sign_facts.append(SignFact(each, sign, _variables(session, indices), source, limits))


def _without_absolute(session: Prover, form: Form, sign: str) -> list[Form]:
    """|f| ≠ g with g ≥ 0 says f ≠ g and f ≠ -g."""
    for monomial, coefficient in form.items():
        if sign == "!" and len(monomial) == 1 and monomial[0][0][0] == "abs" and monomial[0][1] == 1:
            inside = thaw(monomial[0][0][1])
            level = scale({m: c for m, c in form.items() if m != monomial}, Fraction(-1) / Fraction(coefficient))
            if session.sign(level) in ("+", "0+"):
                return [subtract(inside, level), add(inside, level)]
    return []


def _integer_fact(
    session: Prover, source: int, left: Expr, right: Expr, kind: str, indices: frozenset[Variable]
) -> None:
    difference = af.subtract(session.affine(left, {}), session.affine(right, {}))
    if any(not indices.isdisjoint({v, *(variables(v[1]) if v[0] == "t" else ())}) for v, _ in difference[1]):
        return  # said of every index of a family, not of the index that has this letter here
    if kind == "StrictGreaterThan":
        difference = af.shift(difference, -1)
    elif kind != "GreaterThan":
        return
    session.facts.append((difference, source))
    if len(difference[1]) == 1:
        v, c = difference[1][0]
        if c == 1 and v[0] == "n" and -difference[0] > session.least.get(v, (1, source))[0]:
            session.least[v] = (-difference[0], source)


# -------------------------------------------------------------------------------------- equations


def _equation(session: Prover, source: int, left: Expr, right: Expr, indices: Mapping[Symbol, Range]) -> None:
    """An equation rewrites its leading sum or element to everything else."""
    free, limits = _variables(session, indices), _limits(session, indices, (left, right))
    form = subtract(session.form(left, {}), session.form(right, {}))
    candidates = sorted((m for m in form if _usable(m)), key=rank)
    sums = [m for m in candidates if m[0][0][0] == "sum"]
    if sums:
        _rewrite(session.sum_facts, form, max(sums, key=lambda m: (len(m[0][0][2]), m)), free, source, limits)
        return
    elements = [m for m in candidates if m[0][0][0] == "el" and _independent(session, m, form)]
    if elements:
        _rewrite(session.element_facts, form, max(elements, key=rank), free, source, limits)


def _usable(monomial: tuple[object, ...]) -> bool:
    return len(monomial) == 1 and monomial[0][1] == 1 and monomial[0][0][0] in ("sum", "el")  # type: ignore[index]


def _independent(session: Prover, monomial: object, form: Form) -> bool:
    """An element may be replaced where nothing else in the equation mentions its name."""
    from checker.calculus.forms import atoms_deep

    name = monomial[0][0][1]  # type: ignore[index]
    others = [a for a in atoms_deep({m: c for m, c in form.items() if m != monomial}) if a[0] == "el"]
    return name not in {a[1] for a in others} and not any(session.graph.depends(a[1], name) for a in others)


def _rewrite(
    facts: list[SumFact], form: Form, left: object, free: frozenset[Variable], source: int, limits: Limits
) -> None:
    coefficient = form[left]  # type: ignore[index]
    rest = {m: c for m, c in form.items() if m != left}
    value = {m: tidy_rational(c) for m, c in scale(rest, Fraction(-1) / Fraction(coefficient)).items()}
    facts.append(SumFact(left, value, free, source, limits))  # type: ignore[arg-type]


__all__ = ["add", "is_integer", "open_session"]
