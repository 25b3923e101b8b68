"""Assembling a report: expectations, faults of whole statements, places, layouts, encodings."""

import pytest

from checker import check
from checker.calculus.terms import add, multiply, number, power, scalar
from checker.check import Settings, check_text, with_expectations, with_seconds
from checker.language.reading import Fault, Reading, ReadStatement, Side, SymbolEntry
from checker.results import Judgement, Kind, Line, Verdict

X = scalar("x")
SQUARE = power(add(X, number(1)), number(2))
EXPANDED = add(power(X, number(2)), multiply(number(2), X), number(1))
WRONG = add(power(X, number(2)), number(1))
TEXT = "# Squares\nLet x be real.\n(x+1)^2 = x^2+2x+1\n"


def side(term, start: int, latex: str = "…", definition: bool = False) -> Side:
    return Side(latex, start, start + 1, {"denominator": term, "numerator": term}, definition)


def claim(*terms, kind: str = "claim", starts=None, **rest) -> ReadStatement:
    starts = starts or range(26, 26 + len(terms))
    return ReadStatement("s", kind, 26, tuple(side(t, p) for t, p in zip(terms, starts, strict=True)), **rest)


@pytest.fixture
def reads(monkeypatch):
    """Make the language read every text as the given statements."""

    def prepare(*statements: ReadStatement, layout: str | None = None) -> None:
        symbols = (SymbolEntry("x", "x", "scalar", (), "declared", 14),)
        monkeypatch.setattr(check, "read", lambda document, door: Reading("Squares", symbols, statements, layout))

    return prepare


def test_places_verdicts_and_symbols(reads):
    reads(claim(SQUARE, EXPANDED, WRONG, starts=(25, 35, 39)))
    report = check_text(TEXT, "d.md")
    assert (report.path, report.title, report.layout, report.error) == ("d.md", "Squares", None, None)
    assert [(s.name, s.line) for s in report.symbols] == [("x", 2)]
    (statement,) = report.statements
    assert [(line.line, line.column) for line in statement.lines] == [(3, 1), (3, 11), (3, 15)]
    head, good, bad = statement.lines
    assert head.judgement is None
    assert good.judgement.verdict is Verdict.PROVED
    assert (bad.judgement.verdict, bad.judgement.reason) == (Verdict.WRONG, "value")
    assert bad.judgement.counterexample is not None
    assert all(line.judgement.seconds > 0 for line in report.judged())


def test_a_declaration_that_cannot_fit_has_a_verdict_of_its_own(reads):
    fault = Fault("wrong", "shape", 14, 15, "x is a vector; write it so")
    reads(ReadStatement("1.1", "declaration", 10, fault=fault, expectations=(("wrong", "shape"),)))
    (line,) = check_text(TEXT).statements[0].lines
    assert (line.line, line.column, line.latex) == (2, 5, "x")
    assert line.judgement == Judgement(Verdict.WRONG, "shape", message="2:5: x is a vector; write it so")
    assert line.as_expected


def test_a_definition_that_cannot_fit_has_the_fault_on_its_line(reads):
    fault = Fault("wrong", "shape", 36, 37, "no")
    reads(claim(X, EXPANDED, kind="definition", fault=fault))
    lines = check_text(TEXT).statements[0].lines
    assert [line.judgement and line.judgement.reason for line in lines] == [None, "shape"]
    assert not lines[1].definition


@pytest.mark.parametrize(("kind", "definition"), [("definition", True), ("update", False), ("skipped", False)])
def test_what_is_not_judged_has_no_verdict(reads, kind, definition):
    reads(claim(X, WRONG, kind=kind, message="as said"))
    (statement,) = check_text(TEXT).statements
    assert (statement.kind, statement.message) == (Kind(kind), "as said")
    assert [(line.judgement, line.definition) for line in statement.lines] == [(None, False), (None, definition)]


def test_the_layout_is_reported_when_it_matters(reads):
    head = side(SQUARE, 26)
    sensitive = Side("…", 36, 37, {"denominator": WRONG, "numerator": EXPANDED})
    reads(ReadStatement("s", "claim", 26, (head, sensitive)))
    report = check_text(TEXT)
    assert report.layout == "numerator"
    assert [(j.judgement.verdict.value, j.judgement.layout) for j in report.judged()] == [("proved", "numerator")]
    reads(ReadStatement("s", "claim", 26, (head, sensitive)), layout="denominator")
    report = check_text(TEXT)
    (line,) = report.judged()
    assert (report.layout, line.judgement.verdict.value, line.judgement.reason) == ("denominator", "wrong", "layout")


def test_sympy_source_on_request(reads):
    fault = Fault("unreadable", "syntax", 30, 31, "no")
    reads(claim(X, WRONG, fault))
    assert check_text(TEXT).encoding_sympy == ()
    found = check_text(TEXT, settings=Settings(sympy=True)).encoding_sympy
    assert found == (("s:3", "x"), ("s:3", "x**2 + 1"), ("s:3", "(no term)"))


def test_a_defect_of_the_reader_costs_its_document_only(monkeypatch):
    monkeypatch.setattr(check, "read", lambda document, door: {}["x"])
    report = check_text(TEXT, "d.md")
    assert report.error.startswith("it could not be read: internal error, please report it: KeyError: 'x'")


# --------------------------------------------------------------------------------- expectations


def line(kind: str) -> Line:
    judgement = Judgement(Verdict.PROVED) if kind == "claim" else None
    return Line(1, 1, kind, judgement, definition=kind == "definition")


@pytest.mark.parametrize(
    ("kinds", "stated", "expected"),
    [
        ("head claim claim", ["proved"], [None, "proved", "proved"]),
        ("head claim claim", ["proved", "wrong"], [None, "proved", "wrong"]),
        ("head definition claim", ["wrong"], [None, None, "wrong"]),
        ("head definition claim", ["proved", "wrong"], [None, "proved", "wrong"]),
        ("head definition claim claim", ["wrong", "carried"], [None, None, "wrong", "carried"]),
        ("head definition", ["wrong"], [None, "wrong"]),
        ("head claim", [], [None, None]),
    ],
)
def test_expectations_find_their_lines(kinds, stated, expected):
    lines = with_expectations(tuple(map(line, kinds.split())), [(verdict, None) for verdict in stated])
    assert [found.expected for found in lines] == expected


@pytest.mark.parametrize(("kinds", "count"), [("head claim claim claim", 2), ("head claim", 2), ("head", 1), ("", 1)])
def test_a_miscounted_expectation_is_a_line_that_fails(kinds, count):
    lines = with_expectations(tuple(map(line, kinds.split())), [("proved", None)] * count)
    assert lines[-1].as_expected is False
    assert f"states {count} verdict" in lines[-1].judgement.message


def test_time_nobody_claims_is_shared():
    found = [Judgement(Verdict.PROVED, seconds=1.0), Judgement(Verdict.PROVED), Judgement(Verdict.PROVED)]
    assert [j.seconds for j in with_seconds(found, 3.0)] == [1.0, 1.0, 1.0]
    assert with_seconds([], 3.0) == []
