"""A document to its reading: the pipeline of the room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from checker.calculus.context import Hypothesis, Range
from checker.calculus.shapes import Sizes, range_text
from checker.documents.model import Claim, Declaration, Document, Formula, Heading, Item, LineMap, Problem, Prose, Words
from checker.language.asserted import goes_on, is_asserted, is_kronecker
from checker.language.beside import given, parted, shapes_taken
from checker.language.captions import is_caption
from checker.language.chains import Run, runs_of
from checker.language.declarations import take_in
from checker.language.declared_shapes import heads_of
from checker.language.definitions import Defined
from checker.language.depth import deep_recursion
from checker.language.desk import Desk, parse_all, place
from checker.language.environment import Inference, Key, Ranks
from checker.language.faults import Guard, Misread, unguarded
from checker.language.idioms import idioms_of, letters_of_other_files
from checker.language.limits import limits_of
from checker.language.lost import lose_assumption, lose_saying, lose_unparsed
from checker.language.mutual import open_circles
from checker.language.names import spell
from checker.language.order import definitions_behind, sayings_in_order
from checker.language.passing import defined_in_passing, is_total_of_given, make_way
from checker.language.phrases import (
    activations_in,
    broadcasting_in,
    layout_in,
    reshaping_in,
    softmax_by_rows_in,
    summation_in,
)
from checker.language.quotients import Unsaid
from checker.language.ranks import chosen_ranks
from checker.language.reading import LAYOUTS, Fault, Reading, ReadStatement, Side, SymbolEntry
from checker.language.sentences import Piece, Saying, sayings_of
from checker.language.sides import Chain, Part
from checker.language.statements import claim, defined_statement, listed, read_chain, redeclared_message
from checker.language.surface import Derivative, Name, ParsedFormula
from checker.language.survey import survey
from checker.language.symbols import Entry, Redeclared, Table
from checker.language.worded_classes import classes_in_words
from checker.language.worded_functions import definition_in_words, functions_in_words, with_softmax

MOST_READINGS = 4  # a document is read again while names that nothing declares change their shape


def read(document: Document, guard: Guard = unguarded) -> Reading:
    """Read a document: its symbols, and its statements as terms.  Never raises for what stands in it.

    Every formula and every item is read behind ``guard``: a defect of ours costs that statement only.
    """
    with deep_recursion():
        return _read(document, guard)


def _read(document: Document, guard: Guard) -> Reading:
    formulas = list(_formulas(document))
    macros = {m.name: m for m in document.macros}
    macros |= letters_of_other_files(formulas, macros)
    parsed = parse_all(formulas, macros, guard)
    idioms = idioms_of(p for p in parsed.values() if isinstance(p, ParsedFormula))
    worded = functions_in_words(_parts_of_sentences(document), parsed)
    softmaxes = frozenset(name for name, meaning in worded.items() if meaning == "softmax")
    parsed = {
        k: with_softmax(idioms.applied(p), softmaxes) if isinstance(p, ParsedFormula) else p for k, p in parsed.items()
    }
    seen = survey([p for p in parsed.values() if isinstance(p, ParsedFormula)])
    seen = replace(seen, activations=any(activations_in(text) for text in _sentences(document)))
    layout = _declared_layout(document)
    blank = Desk(
        document.path, LineMap.of(document.text), seen, Inference(Sizes()), parsed, layout, macros=macros, guard=guard
    )
    blank.idioms = idioms
    blank.classes = classes_in_words(_parts_of_sentences(document), parsed)
    blank.worded = {name: meaning for name, meaning in worded.items() if name in seen.applied}
    desk = _settled(blank, document, Ranks())
    if any(fault.reason == "ambiguous-shape" for fault in _faults(desk)):
        desk = min(desk, _settled(blank, document, chosen_ranks(desk, document)), key=lambda d: len(_faults(d)))
    return Reading(document.title, _symbols(desk), tuple(desk.statements), layout)


def _settled(blank: Desk, document: Document, ranks: Ranks) -> Desk:
    """The desk after as many readings as it takes to know the shapes; ``ranks`` of names that nothing gives one."""
    known: dict[Key, Entry] = {}
    runs: dict[tuple[Key, int], Range] = {}
    unsaid = Unsaid()
    summation = _declared_summation(document)
    sentences = list(_sentences(document))
    said = Table(
        summation=summation,
        broadcasting=any(broadcasting_in(text) for text in sentences),
        row_softmax=any(softmax_by_rows_in(text) for text in sentences),
        reshaping=any(reshaping_in(text) for text in sentences),
        bold=blank.survey.bold,
    )
    for letter in sorted(blank.classes):
        said.put(Entry(letter, kind="index"))
    for name, meaning in blank.worded.items():
        definition = definition_in_words(name, meaning)
        if definition is not None:
            said.define_function(definition, -1)
    for reading in range(1, MOST_READINGS + 1):
        settled = reading == MOST_READINGS
        inference = Inference(Sizes(), dict(known), settled=settled, unsaid=unsaid, ranks=ranks, runs=runs)
        table = said.copy()
        inference.from_zero = blank.survey.from_zero
        if len(blank.survey.tops) == 1:
            (inference.top,) = blank.survey.tops
        for letter in sorted(blank.survey.tops):
            table.put(Entry(letter, kind="size", origin="inferred"))
        silent = blank.survey.silent and not summation
        desk = replace(blank, inference=inference, table=table, statements=[], ids={}, silent=silent)
        extent = unsaid.extent()
        _read_items(desk, document)
        unsaid.conclude(desk.table)
        if not inference.found and not inference.open_runs and unsaid.extent() == extent:
            break
        known, runs = inference.conclusion(), inference.concluded_runs(blank.survey.stepped)
    return desk


def _faults(desk: Desk) -> list[Fault]:
    """What of a document could not be read."""
    found = [s.fault for s in desk.statements if s.fault is not None]
    terms = (side.terms[desk.main_layout] for s in desk.statements for side in s.sides)
    return found + [t for t in terms if isinstance(t, Fault)]


def _formulas(document: Document) -> Iterator[Formula]:
    for item in document.items:
        yield from _formulas_of(item)


def _formulas_of(item: Item) -> Iterator[Formula]:
    match item:
        case Heading():
            yield from (formula for _, formula in item.cases)
        case Claim():
            yield from item.formulas
        case Declaration() | Prose():
            yield from (p for p in item.parts if isinstance(p, Formula))


def _parts_of_sentences(document: Document) -> Iterator[Sequence[Words | Formula]]:
    for item in document.items:
        if isinstance(item, Declaration | Prose):
            yield item.parts


def _sentences(document: Document) -> Iterator[str]:
    for item in document.items:
        match item:
            case Declaration(opening="layout"):
                yield " ".join(p.text for p in item.parts if isinstance(p, Words)) + " layout"
            case Declaration() | Prose():
                yield " ".join(p.text for p in item.parts if isinstance(p, Words))


def _declared_layout(document: Document) -> str | None:
    return next((found for text in _sentences(document) if (found := layout_in(text)) is not None), None)


def _declared_summation(document: Document) -> bool:
    return any(summation_in(text) for text in _sentences(document))


def _read_items(desk: Desk, document: Document) -> None:
    for item in document.items:
        defect = desk.guard(partial(_read_item, desk, item))
        if defect is not None:
            desk.statements.append(_defective(desk, item, defect))


def _read_item(desk: Desk, item: Item) -> None:
    match item:
        case Heading():
            desk.table.begin_section(item.level)
        case Declaration():
            desk.statements += read_declaration(desk, item)
        case Claim():
            desk.statements += read_claim(desk, item)
        case Problem():
            desk.statements.append(_problem(desk, item))
        case Prose():
            pass


def _defective(desk: Desk, item: Item, defect: str) -> ReadStatement:
    """A statement that could not be read because of a defect of ours; what it says of names is lost."""
    for formula in _formulas_of(item):
        desk.guard(partial(lose_unparsed, desk, formula))
    fault = Fault("unreadable", "syntax", item.start, item.start, defect)
    kind = "declaration" if isinstance(item, Declaration) else "claim"
    return ReadStatement(desk.new_id(None, item.start), kind, item.start, context=desk.table.context(), fault=fault)


def _problem(desk: Desk, item: Problem) -> ReadStatement:
    fault = Fault("unreadable", item.reason, item.start, item.start, item.message)
    return ReadStatement(desk.new_id(None, item.start), "claim", item.start, fault=fault)


# ------------------------------------------------------------------------------------- declarations


def read_declaration(desk: Desk, item: Declaration) -> list[ReadStatement]:
    if item.skip:
        return [_skipped(desk, item.id, item.start, "left out on request")]
    sayings = sayings_in_order(desk, sayings_of(item, desk.parse))
    said = _said_in_passing if item.opening == "in passing" else _said
    statements = []
    for n, saying in enumerate(sayings):
        if saying.kind == "definition" and (n == 0 or sayings[n - 1].kind != "definition"):
            open_circles(desk, sayings[n:])
        statements.append(said(desk, saying, item))
    found = [s for s in statements if s is not None]
    return _with_expectations(found, item)


def _skipped(desk: Desk, given: str | None, start: int, message: str) -> ReadStatement:
    return ReadStatement(desk.new_id(given, start), "skipped", start, context=desk.table.context(), message=message)


def _with_expectations(found: list[ReadStatement], item: Declaration) -> list[ReadStatement]:
    """The expectation beside a declaration is of the statement in it that can be wrong."""
    expected = tuple((e.verdict, e.reason) for e in item.expectations)
    if not expected or not found:
        return found
    judged = [n for n, s in enumerate(found) if s.kind in ("definition", "hypothesis", "claim")] or [len(found) - 1]
    faulty = [n for n in judged if found[n].fault is not None]
    chosen = (faulty or judged[-1:])[0]
    return [replace(s, expectations=expected) if n == chosen else s for n, s in enumerate(found)]


def _said_in_passing(desk: Desk, saying: Saying, item: Declaration) -> ReadStatement | None:
    """What prose says: a shape, a signature, a total, or what a new name is; anything else is passed over."""
    if saying.kind in ("shape", "signature") or is_total_of_given(desk, saying):
        return _said(desk, saying, item)
    name = defined_in_passing(desk, saying)
    if name is None:
        return None
    statement = _said(desk, saying, item)
    if statement is not None and statement.fault is None:
        desk.table.soft[name] = (desk.table.heading, item.start)
        return statement
    return None


def _said(desk: Desk, saying: Saying, item: Declaration) -> ReadStatement | None:
    saying = _without_caption(desk, saying)
    piece = saying.pieces[-1] if saying.kind == "shape" else saying.pieces[0]
    desk.inference.offset = piece.formula.start
    start = place(piece.formula, piece.span)[0]
    if is_asserted(desk, saying, item):
        return read_chain(desk, Chain(_all_parts(piece), saying.conditions, item.id, ()))
    if is_kronecker(desk, saying):
        context, note = desk.table.context(), "Kronecker's δ, as usual"
        return ReadStatement(desk.new_id(item.id, start), "declaration", start, context=context, message=note)
    if item.opening != "in passing" and saying.kind in ("definition", "function", "shape"):
        make_way(desk, [n for p in saying.pieces for h in heads_of(p) if (n := spell(h)) is not None])
    try:
        outcome = take_in(desk, saying, piece.formula.start)
        if saying.kind == "array":
            return None
    except Misread as problem:
        lose_saying(desk, saying)
        if saying.supposed or saying.kind in ("relation", "property") or item.opening in ("assume", "suppose"):
            lose_assumption(desk, piece.formula.text, piece.formula.start)
        return _faulty(desk, saying, piece, item, desk.fault(problem, piece.formula))
    except Redeclared as problem:
        again = Misread("unreadable", "syntax", piece.span, redeclared_message(desk, problem))
        return _faulty(desk, saying, piece, item, desk.fault(again, piece.formula))
    if item.opening == "in passing":
        desk.table.passing |= {n for p in saying.pieces for h in heads_of(p) if (n := spell(h)) is not None}
    if isinstance(outcome, Defined):
        if goes_on(piece):
            whole = Chain(_all_parts(piece), saying.conditions, item.id, ())
            return claim(desk, whole, start, defining=True, defined=outcome.name, fault=None)
        chain = Chain(_parts(piece), saying.conditions, item.id, ())
        return defined_statement(desk, chain, outcome, start)
    if saying.kind in ("relation", "property", "definition"):
        return _supposed(desk, piece, item, outcome or [], start)
    return ReadStatement(
        desk.new_id(item.id, start), "declaration", start, context=desk.table.context(), message=piece.latex
    )


def _without_caption(desk: Desk, saying: Saying) -> Saying:
    """*Let* ``J = CE(y, p) = …``: what is between the name and its meaning is left out."""
    rows = saying.pieces[0].rows
    if saying.kind != "definition" or len(rows) < 3 or rows[1].tree is None or not is_caption(desk, rows[1].tree):
        return saying
    piece = replace(saying.pieces[0], rows=(rows[0], *rows[2:]))
    return replace(saying, pieces=(piece, *saying.pieces[1:]))


def _parts(piece: Piece) -> tuple[Part, ...]:
    return _all_parts(piece)[:2]


def _all_parts(piece: Piece) -> tuple[Part, ...]:
    return tuple(Part(r.relation, r.tree, piece.formula) for r in piece.rows if r.tree is not None)


def _faulty(desk: Desk, saying: Saying, piece: Piece, item: Declaration, fault: Fault) -> ReadStatement:
    kind = "definition" if saying.kind == "definition" else "declaration"
    start = place(piece.formula, piece.span)[0]
    sides: tuple[Side, ...] = ()
    if kind == "definition" and len(piece.rows) > 1:
        parts = _parts(piece)
        terms = dict.fromkeys(LAYOUTS, fault)
        sides = tuple(Side(p.latex, *p.ends, terms=terms, definition=n == 1) for n, p in enumerate(parts))
    return ReadStatement(
        desk.new_id(item.id, start),
        kind,
        start,
        sides,
        context=desk.table.context(),
        message=piece.latex,
        fault=fault,
    )


def _supposed(desk: Desk, piece: Piece, item: Declaration, said: Sequence[Hypothesis], start: int) -> ReadStatement:
    text = "; ".join(h.text for h in said) or piece.latex
    return ReadStatement(desk.new_id(item.id, start), "hypothesis", start, context=desk.table.context(), message=text)


# ------------------------------------------------------------------------------------------- claims


def read_claim(desk: Desk, item: Claim) -> list[ReadStatement]:
    if item.skip:
        return [_skipped(desk, item.id, item.start, "left out on request")]
    desk.inference.offset = item.start
    expected = tuple((e.verdict, e.reason) for e in item.expectations)
    parsed = []
    for formula in item.formulas:
        try:
            parsed.append((formula, desk.parse(formula)))
        except Misread as problem:
            return [_unparsed(desk, item, problem, formula, expected)]
    at = item.formulas[0]
    try:
        parsed = shapes_taken(desk, parsed)
        at = item.conditions[0][1] if item.conditions else at
        givens, limits = parted(desk, limits_of(desk, item))
        runs = runs_of(parsed, limits)
        if not runs:
            return [_skipped(desk, item.id, item.start, "there is no equation here")]
        if item.posed:
            runs = [replace(r, why_not=r.why_not or _POSED) if _is_to_be_solved(r) else r for r in runs]
        with given(desk, givens):
            return _read_chains(desk, item, runs, expected)
    except Misread as problem:
        return [_unparsed(desk, item, problem, at, expected)]


_POSED = "an equation to be solved: something is set to zero here, so it is not judged"


def _is_to_be_solved(run: Run) -> bool:
    """Not where the head is a derivative, of which the lines before the 0 are claims, or a name that is solved for."""
    return not isinstance(run.parts[0].tree, (Derivative, Name)) and len(run.parts) == 2


def _unparsed(
    desk: Desk, item: Claim, problem: Misread, formula: Formula, expected: tuple[tuple[str, str | None], ...]
) -> ReadStatement:
    fault = desk.fault(problem, formula)
    lose_unparsed(desk, formula)
    ends = place(formula, (0, len(formula.text)))
    side = Side(formula.text.strip(), *ends, terms=dict.fromkeys(LAYOUTS, fault))
    return ReadStatement(
        desk.new_id(item.id, item.start),
        "claim",
        formula.start,
        (side,),
        context=desk.table.context(),
        expectations=expected,
        fault=fault,
    )


def _read_chains(
    desk: Desk, item: Claim, runs: Sequence[Run], expected: tuple[tuple[str, str | None], ...]
) -> list[ReadStatement]:
    chains = [Chain(run.parts, run.conditions, item.id, (), run.message) for run in runs]
    behind = definitions_behind(desk, [c for c, run in zip(chains, runs, strict=True) if run.why_not is None])
    if len(behind) < len(runs) == len([run for run in runs if run.why_not is None]):
        order = [*behind, *(n for n in range(len(runs)) if n not in behind)]
    else:
        order, behind = list(range(len(runs))), []
    shares = _shared(expected, [0 if n in behind else max(len(run.parts) - 1, 0) for n, run in enumerate(runs)])
    found: dict[int, ReadStatement] = {}
    for n in order:
        run, share = runs[n], () if n in behind else shares[n]
        desk.inference.offset = run.parts[0].formula.start
        chain = replace(chains[n], expectations=share, id=None if n in behind else item.id)
        found[n] = read_chain(desk, chain) if run.why_not is None else listed(desk, chain, run.why_not)
    return [found[n] for n in range(len(runs))]


def _shared(
    expected: tuple[tuple[str, str | None], ...], lines: Sequence[int]
) -> list[tuple[tuple[str, str | None], ...]]:
    """The expectations of a block, for each of its chains."""
    if len(expected) != sum(lines) or len([n for n in lines if n]) < 2 or len(expected) == 1:
        return [expected for _ in lines]
    shares, at = [], 0
    for count in lines:
        shares.append(expected[at : at + count])
        at += count
    return shares


# ----------------------------------------------------------------------------------------- symbols


def _symbols(desk: Desk) -> tuple[SymbolEntry, ...]:
    table = desk.table
    rows = [_row(desk, e) for e in (*table.former, *table.entries.values())]
    rows += [
        SymbolEntry(
            name, name, "function", (), "defined" if name in table.functions else "declared", 0, _body_of(desk, name)
        )
        for name, heading in table.elementwise.items()
        if heading >= 0 or name in desk.worded
    ]
    unique = {(r.name, r.start): r for r in rows}
    return tuple(sorted(unique.values(), key=lambda r: (r.start, r.name)))


def _row(desk: Desk, entry: Entry) -> SymbolEntry:
    slots = [desk.sizes.resolve(r) for r in entry.slots or ()]
    kind = entry.kind
    if kind == "tensor":
        kind = "tensor" if slots else "scalar"
    if entry.name in desk.table.depends and not slots:
        kind = "function"
    shape = tuple(range_text(r) for r in slots)
    return SymbolEntry(
        entry.name, entry.name, "size" if kind == "sizes" else kind, shape, entry.origin, entry.start, entry.text
    )


def _body_of(desk: Desk, name: str) -> str | None:
    definition = desk.table.functions.get(name)
    return None if definition is None else str(definition.body)
