"""The long form of a verdict: how a line was understood, what became of its two sides, and what was left."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import partial

from sympy import Basic, Expr, Symbol

from checker.calculus.context import Context, Range
from checker.calculus.forms import Form, subtract
from checker.calculus.graph import Dependencies, names_in
from checker.calculus.session import open_session
from checker.calculus.terms import source
from checker.chains import side_in
from checker.check import Judging, Settings, symbol_row, understand
from checker.documents import DocumentError, read_file
from checker.language.printer import latex
from checker.language.reading import LAYOUTS, Fault, ReadStatement, SymbolEntry
from checker.limits import Door, Stopped
from checker.normal_forms import REFUSED, Writer
from checker.results import Explained, LineExplained, Stage, Statement, SymbolRow

NEAR = 2  # lines between a formula and the delimiters around it
STAGES = {
    "difference": "left side less right side, every name an atom",
    "chain rule": "derivatives of names by the chain rule",
    "names": "derivatives of names by the chain rule",
    "definitions": "names by their definitions",
    "functions": "functions by their definitions",
    "ends of sums": "sums with even ends",
}


class NoSuchLine(Exception):
    """There is no formula on this line; the message says where the nearest is."""


def explain_file(path: str, line: int, settings: Settings | None = None) -> Explained:
    """:raises DocumentError: the file cannot be read. :raises NoSuchLine: nothing on that line is judged."""
    settings = settings or Settings()
    door = Door()
    opened = understand(partial(read_file, path))
    if isinstance(opened, DocumentError):
        raise opened
    judging = Judging(*opened, settings, door)
    position = statement_at(judging, line)
    statement = judging.statement(position)
    read = judging.reading.statements[position]
    chosen = lines_at(statement, line)
    layout = judging.layout or LAYOUTS[0]
    explained = tuple(line_explained(read, statement, k, layout, door, settings.timeout) for k in chosen)
    return Explained(judging.header(), statement, tuple(symbols_of(judging, read, chosen, layout)), explained)


def statement_at(judging: Judging, line: int) -> int:
    """The position of the statement that has a side on the line, or reaches over it."""
    spans = []
    for position, statement in enumerate(judging.reading.statements):
        ends = [place for side in statement.sides for place in (side.start, side.end)]
        if statement.fault is not None:
            ends += [statement.fault.start, statement.fault.end]
        if ends:
            spans.append((judging.places.place(min(ends))[0], judging.places.place(max(ends))[0], position))
    here = [span for span in spans if span[0] <= line <= span[1]]
    if here:
        return min(here, key=lambda span: (span[1] - span[0], -span[2]))[2]
    if not spans:
        raise NoSuchLine("there is no formula in this document that is judged")
    nearest = min(spans, key=lambda span: (min(abs(span[0] - line), abs(span[1] - line)), span[0] < line))
    if min(abs(nearest[0] - line), abs(nearest[1] - line)) <= NEAR:
        return nearest[2]
    raise NoSuchLine(f"no formula on line {line} is judged; the nearest one begins on line {nearest[0]}")


def lines_at(statement: Statement, line: int) -> list[int]:
    """The lines of the chain that stand there; for the head alone, the first line after it."""
    found = [k for k, each in enumerate(statement.lines) if k and each.line == line]
    if not found:
        before = [k for k, each in enumerate(statement.lines) if k and each.line < line]
        found = before[-1:] or list(range(1, len(statement.lines)))[:1]
    return found


def symbols_of(judging: Judging, read: ReadStatement, chosen: Sequence[int], layout: str) -> Iterator[SymbolRow]:
    """A row for every name that the lines mention, and for what defines them, as they are known there."""
    terms = [side_in(read.sides[k], layout) for k in {0, *chosen} if k < len(read.sides)]
    known = [term for term in terms if not isinstance(term, Fault)]
    names: set[str] = {str(s) for term in known for s in term.free_symbols}
    graph = Dependencies(read.context)
    for name in sorted({n for term in known for n in names_in(term)}):
        names |= {name, *graph.reach(name)}
    rows: dict[str, SymbolEntry] = {}
    for entry in judging.reading.symbols:
        if entry.name in names and (entry.start <= read.start or entry.name not in rows):
            rows[entry.name] = entry
    yield from (symbol_row(entry, judging.places) for entry in rows.values())


# ------------------------------------------------------------------------------------ one line


def line_explained(
    read: ReadStatement, statement: Statement, k: int, layout: str, door: Door, timeout: float | None
) -> LineExplained:
    line = statement.lines[k]
    if k >= len(read.sides):
        return LineExplained(statement.lines[0], line)
    left, right = side_in(read.sides[0], layout), side_in(read.sides[k], layout)
    if isinstance(left, Fault) or isinstance(right, Fault):
        return LineExplained(statement.lines[0], line, written(left, read.context), written(right, read.context))
    found = door.run(("explain", k), partial(stages, left, right, read.indices, read.context), timeout)
    shown, end = ((), found.message) if isinstance(found, Stopped) else found
    return LineExplained(
        statement.lines[0], line, written(left, read.context), written(right, read.context),
        tuple(ranges(read.indices, read.context, left.free_symbols | right.free_symbols)), shown, end,
    )  # fmt: skip


def written(term: Expr | Fault, context: Context) -> tuple[str, str] | None:
    """The term in index notation and as SymPy source."""
    if isinstance(term, Fault):
        return None
    try:
        return latex(term, context), source(term)
    except TypeError:
        return str(term), source(term)


def ranges(indices: Mapping[Symbol, Range], context: Context, free: Collection[Basic]) -> Iterator[str]:
    for symbol, each in indices.items():
        if symbol in free:
            yield f"{latex(symbol, context)} = {latex(each.lower, context)}, \\dots, {latex(each.upper, context)}"


def stages(left: Expr, right: Expr, indices: Mapping[Symbol, Range], context: Context) -> tuple[tuple[Stage, ...], str]:
    """Normal forms of both sides and of their difference, stage by stage; and how it ended."""
    session = open_session(context, indices)
    writer = Writer(session, context, frozenset(str(s) for s in indices))
    made: list[Stage] = []
    try:
        forms = [session.form(left, {}), session.form(right, {})]
        for side, form in zip(SIDES, forms, strict=True):
            made.append(Stage(f"normal form of the {side} side", writer.text(form), len(form)))
        for side, form in zip(SIDES, forms, strict=True):
            expanded = session.expanded(form)
            if expanded != form:
                made.append(Stage(f"its derivatives written out ({side} side)", writer.text(expanded), len(expanded)))
        difference = subtract(*forms)
        if alike := common(*forms):
            made.append(Stage("on both sides alike", writer.text(alike), len(alike)))
        made.append(Stage(STAGES["difference"], writer.text(difference), len(difference)))
        last = difference

        def note(stage: str, form: Form) -> None:
            nonlocal last
            if form != last:
                last = form
                made.append(Stage(STAGES[stage], writer.text(form), len(form)))

        attempt = session.prove_zero(difference, note)
    except REFUSED as error:
        return tuple(made), f"the calculation stopped: {error}"
    if attempt.proved:
        return tuple(made), "nothing is left: the two sides are equal for all sizes"
    return tuple(made), f"this is left, and is not seen to be 0: {writer.text(attempt.rest)}"


SIDES = ("left", "right")


def common(left: Form, right: Form) -> Form:
    """The terms that both sides have, with the same coefficient."""
    return {monomial: c for monomial, c in left.items() if right.get(monomial) == c}
