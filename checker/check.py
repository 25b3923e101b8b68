"""The pipeline: from a document to its report.

    document -> statements -> terms -> verdicts -> report

Every step is somebody else's; this module says in which order, and keeps places and expectations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from time import perf_counter

from sympy import Symbol

from checker.calculus.context import Claim, Context, Range
from checker.calculus.terms import source
from checker.chains import JudgeChain, Judges, Lines, Term, fault_judgement, judge_lines, side_in
from checker.diagnose import Desk, diagnose_line, unexplained
from checker.documents import DocumentError, read_file, read_text
from checker.documents.model import Document, LineMap
from checker.judge.chain import judge_chain
from checker.judge.decide import Options, decide
from checker.language import read
from checker.language.printer import latex
from checker.language.reading import LAYOUTS, Fault, Reading, ReadStatement, SymbolEntry
from checker.layouts import choose, lines_in
from checker.limits import Door, Stopped, guarded
from checker.memory import Memory
from checker.prose import prose_of
from checker.results import DocumentReport, Judgement, Kind, Line, Network, Statement, SymbolRow, Verdict

READING_TIME = 6  # reading a whole document may take as long as six lines, and at least a minute
READING_LEAST = 60.0
DIAGNOSIS_TIME = 10.0  # what stops a diagnosis whose own limits, which count, do not; a busy machine must not
NORMAL_FORMS_TIME = 3.0  # for those of one statement, which reports only show
JUDGE_SHARE = 0.4  # of a line's time, for each of the two judges


@dataclass(frozen=True)
class Settings:
    """``timeout``: seconds for each line (None: no limit).  ``sympy``: keep every side's SymPy source.
    ``prose``: keep the document as it is written, for renderings that show it.  ``networks``: make a graph of
    the computation that its definitions make."""

    timeout: float | None = 10.0
    sympy: bool = False
    prose: bool = False
    networks: bool = False


DEFAULT = Settings()


def check_text(
    text: str, path: str = "<text>", settings: Settings = DEFAULT, door: Door | None = None
) -> DocumentReport:
    """The report of a text; the ending of ``path`` says whether it is Markdown or LaTeX."""
    return finished(parts_of(lambda: read_text(text, path), path, settings, door or Door()))


def check_file(path: str, settings: Settings = DEFAULT, door: Door | None = None) -> DocumentReport:
    """The report of one file; one that cannot be read has ``error`` set and no statements."""
    return finished(parts_of(lambda: read_file(path), path, settings, door or Door()))


def finished(parts: Iterator[DocumentReport | Statement]) -> DocumentReport:
    header = next(parts)
    assert isinstance(header, DocumentReport)
    return replace(header, statements=tuple(part for part in parts if isinstance(part, Statement)))


def parts_of(
    open_: Callable[[], Document], path: str, settings: Settings, door: Door
) -> Iterator[DocumentReport | Statement]:
    """First the report without its statements, then the statements one by one, as they are judged."""
    seconds = None if settings.timeout is None else max(READING_LEAST, READING_TIME * settings.timeout)
    opened = door.run(("read",), lambda: understand(open_), seconds)
    if isinstance(opened, Stopped):
        yield unreadable(path, f"it could not be read: {opened.message}")
    elif isinstance(opened, DocumentError):
        yield unreadable(path, str(opened))
    else:
        yield from judged_parts(*opened, settings, door)


def understand(open_: Callable[[], Document]) -> tuple[Document, Reading] | DocumentError:
    try:
        document = open_()
    except DocumentError as error:
        return error
    return document, read(document, guarded)


def unreadable(path: str, why: str) -> DocumentReport:
    return DocumentReport(path, "", None, (), (), error=why)


def judged_parts(
    document: Document, reading: Reading, settings: Settings, door: Door
) -> Iterator[DocumentReport | Statement]:
    judging = Judging(document, reading, settings, door)
    yield judging.header()
    for position in range(len(reading.statements)):
        yield judging.statement(position)


class Judging:
    """A document under judgement: its layout, and its statements one by one, in any order.

    With a ``memory``, only what it does not know is judged.
    """

    def __init__(
        self, document: Document, reading: Reading, settings: Settings, door: Door, memory: Memory | None = None
    ) -> None:
        self.document, self.reading, self.settings, self.memory = document, reading, settings, memory
        self.places = LineMap.of(document.text)
        chain = chain_judge(settings.timeout)
        if memory is not None:
            chain = memory.chain(chain, f"seconds {settings.timeout}")
        self.judges = Judges(chain, door, settings.timeout, self.places.place)
        self.judge = cache(self.lines_in_layout)
        self.layout = choose(reading, self.judge)

    def lines_in_layout(self, position: int, layout: str) -> Lines:
        return judge_lines(self.reading.statements[position], position, layout, self.judges)

    def header(self) -> DocumentReport:
        settings, door = self.settings, self.judges.door
        drawn = pictured(self.reading, self.places, door, settings.timeout) if settings.networks else ()
        return replace(header(self.document, self.reading, self.layout, self.places, settings), networks=drawn)

    def statement(self, position: int) -> Statement:
        statement, layout = self.reading.statements[position], self.layout or LAYOUTS[0]
        lines = lines_in(layout, self.reading.layout is not None, statement, position, self.judge)
        explained = diagnosed(statement, lines, (position, layout), self.judges, self.remembered)
        made = assembled(statement, explained, self.document.text, self.judges)
        return with_normal_forms(made, statement, layout, self.judges) if self.settings.prose else made

    def remembered(
        self, statement: ReadStatement, k: int, lines: Lines, action: Callable[[], Judgement | None]
    ) -> Judgement | None:
        """The diagnosis of a line, which may look at all that the document says of its names."""
        if self.memory is None:
            return action()
        places = [self.places.place(side.start) for side in statement.sides]
        key = self.memory.diagnosis_key(
            statement, k, lines, f"{places} {self.surroundings}", f"seconds {self.settings.timeout}"
        )
        return self.memory.once(key, action)

    @cached_property
    def surroundings(self) -> str:
        rows = [replace(entry, start=0) for entry in self.reading.symbols]
        return repr((rows, self.document.macros, self.reading.layout, self.layout))


def with_normal_forms(made: Statement, statement: ReadStatement, layout: str, judges: Judges) -> Statement:
    """The statement of a report that shows normal forms too."""
    from checker.normal_forms import normal_forms

    if statement.kind != Kind.CLAIM.value:
        return made
    found = judges.door.run(("normal forms", statement.id), partial(normal_forms, statement, layout), NORMAL_FORMS_TIME)
    forms = () if isinstance(found, Stopped) else found
    lines = (replace(line, normal_form=form) for line, form in zip(made.lines, forms, strict=False))
    return replace(made, lines=(*lines, *made.lines[len(forms) :]))


Remembered = Callable[[ReadStatement, int, Lines, Callable[[], Judgement | None]], Judgement | None]


def diagnosed(
    statement: ReadStatement, lines: Lines, where: tuple[int, str], judges: Judges, remembered: Remembered
) -> Lines:
    """The judgements, wrong ones with what is wrong in them."""
    desk = Desk(options_for(judges.timeout), judges.place)
    found = list(lines)
    for k, judgement in enumerate(lines, start=1):
        if judgement is not None and judgement.verdict is Verdict.WRONG:
            action = partial(diagnose_line, statement, k, lines, where[1], desk)
            known = partial(remembered, statement, k, lines, action)
            better = judges.door.run((*where, "diagnosis", k), known, DIAGNOSIS_TIME)
            found[k - 1] = unexplained(judgement) if isinstance(better, Stopped) else better
    return tuple(found)


def header(
    document: Document, reading: Reading, layout: str | None, places: LineMap, settings: Settings
) -> DocumentReport:
    return DocumentReport(
        document.path,
        reading.title,
        layout,
        tuple(symbol_row(entry, places) for entry in reading.symbols),
        (),
        encoding_sympy=encodings(reading, layout or LAYOUTS[0], places) if settings.sympy else (),
        macros=tuple((m.name, m.arity, m.body, m.default) for m in document.macros),
        prose=prose_of(document) if settings.prose else (),
    )


def pictured(reading: Reading, places: LineMap, door: Door, timeout: float | None) -> tuple[Network, ...]:
    from checker.networks import networks_of

    lines = {k: places.place(statement.start)[0] for k, statement in enumerate(reading.statements)}
    found = door.run(("networks",), partial(networks_of, reading, lines), timeout)
    return () if isinstance(found, Stopped) else found


def symbol_row(entry: SymbolEntry, places: LineMap) -> SymbolRow:
    line, _ = places.place(entry.start)
    return SymbolRow(entry.name, entry.latex, entry.kind, entry.shape, entry.origin, line, entry.definition)


def encodings(reading: Reading, layout: str, places: LineMap) -> tuple[tuple[str, str], ...]:
    return tuple(
        (f"{statement.id}:{places.place(side.start)[0]}", "(no term)" if isinstance(term, Fault) else source(term))
        for statement in reading.statements
        for side in statement.sides
        for term in (side_in(side, layout),)
    )


# --------------------------------------------------------------------------------- statements


def assembled(statement: ReadStatement, judgements: Lines, text: str, judges: Judges) -> Statement:
    """The statement with its verdicts, the document's expectations, and its places as line and column."""
    lines = tuple(written(statement, judgements, judges))
    if statement.fault is not None:
        lines = with_fault(lines, statement.fault, text, judges)
    lines = with_expectations(lines, statement.expectations)
    line, _ = judges.place(statement.start)
    return Statement(statement.id, Kind(statement.kind), line, lines, statement.message)


def written(statement: ReadStatement, judgements: Lines, judges: Judges) -> Iterator[Line]:
    for k, side in enumerate(statement.sides):
        line, column = judges.place(side.start)
        definition = (
            k > 0 and judgements[k - 1] is None and (side.definition or statement.kind == Kind.DEFINITION.value)
        )
        yield Line(line, column, side.latex, judgements[k - 1] if k > 0 else None, definition=definition)


def with_fault(lines: tuple[Line, ...], fault: Fault, text: str, judges: Judges) -> tuple[Line, ...]:
    """The fault of a whole statement is the verdict of its first line; a statement without sides gets one."""
    judgement = fault_judgement(fault, judges)
    if len(lines) < 2:
        line, column = judges.place(fault.start)
        return (*lines, Line(line, column, text[fault.start : fault.end], judgement))
    return (lines[0], replace(lines[1], judgement=judgement, definition=False), *lines[2:])


def with_expectations(lines: tuple[Line, ...], stated: Sequence[tuple[str, str | None]]) -> tuple[Line, ...]:
    """One expectation is for every line; several are for the lines in order, definitions counted or not."""
    if not stated:
        return lines
    all_lines = [k for k, line in enumerate(lines) if line.judgement is not None or line.definition]
    claims = [k for k in all_lines if not lines[k].definition]
    for places in (claims, all_lines):
        if places and len(stated) in (1, len(places)):
            each = stated if len(stated) == len(places) else [stated[0]] * len(places)
            expected = dict(zip(places, each, strict=True))
            return tuple(expecting(line, *expected[k]) if k in expected else line for k, line in enumerate(lines))
    return (*lines, miscounted(lines, len(stated), len(claims)))


def expecting(line: Line, verdict: str, reason: str | None) -> Line:
    return replace(line, expected=verdict, expected_reason=reason)


def miscounted(lines: tuple[Line, ...], stated: int, judged: int) -> Line:
    """A line of its own, never as expected, so that the slip in the comment is not passed over."""
    message = (
        f"the comment states {stated} verdicts for {judged} lines that can have one: write one for all or one for each"
    )
    place = (lines[-1].line, lines[-1].column) if lines else (1, 1)
    verdict = Judgement(Verdict.UNREADABLE, "syntax", message=f"{place[0]}:{place[1]}: {message}")
    return Line(*place, "", verdict, expected=Verdict.PROVED.value)


# ----------------------------------------------------------------------------------- the judge


def options_for(timeout: float | None) -> Options:
    """The judges divide a line's time among themselves, so that most lines that take long still have a verdict."""
    return Options(latex=latex) if timeout is None else Options(latex=latex, seconds=JUDGE_SHARE * timeout)


def chain_judge(timeout: float | None) -> JudgeChain:
    options = options_for(timeout)

    def judge(terms: Sequence[Term], indices: Mapping[Symbol, Range], context: Context) -> list[Judgement]:
        started = perf_counter()
        found = judge_chain(terms, indices, context, options)
        return with_seconds(found, perf_counter() - started)

    return judge


def with_seconds(found: list[Judgement], elapsed: float) -> list[Judgement]:
    """Time that no line claims is shared by those that claim none (proved from the line before)."""
    silent = sum(j.seconds == 0 for j in found)
    rest = max(0.0, elapsed - sum(j.seconds for j in found))
    return [replace(j, seconds=rest / silent) if j.seconds == 0 else j for j in found]


def judge_claim(claim: Claim, context: Context, timeout: float | None) -> Judgement:
    """One equation that comes from no document."""
    found = Door().run(("claim",), lambda: decide(claim, context, options_for(timeout)), timeout)
    return found.judgement() if isinstance(found, Stopped) else found
