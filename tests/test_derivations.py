"""The nine exercises: every row of the five sheets is stated under its id, and judged as it should be."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from checker import check_text
from checker.results import DocumentReport, Kind

ROOT = Path(__file__).parent.parent
DOCUMENTS = tuple(sorted(p for p in (ROOT / "derivations").iterdir() if p.suffix in (".md", ".tex")))
ID = re.compile(r"(?:<!--|%) id: (\S+)")

# sheet -> (document, rows on it); a row in SLIPS is false as printed.
SHEETS = {
    "000_263f81e7841755db.txt": (("matrix_product", 1, 4), ("bias_add", 5, 8), ("sigmoid", 9, 10)),
    "001_f6e1b18104798de2.txt": (("two_layer_network", 1, 14),),
    "002_c47b6f2dccaafb77.txt": (("logistic_unit", 1, 4), ("softmax_cross_entropy", 5, 14)),
    "003_35247a9c97620d1f.txt": (("deep_network", 1, 8),),
    "004_462f709edbe28bf5.txt": (("tied_weights", 1, 6), ("convolution", 7, 10)),
}
SLIPS = frozenset({"1.1", "1.6", "2.2", "2.4", "2.8", "2.10", "2.13", "4.2", "4.5", "4.6", "4.8"})
BY_SHAPE = frozenset({"1.1", "2.10", "2.13"})
ROWS = tuple(
    (sheet, document, f"{int(sheet[:3])}.{number}")
    for sheet, parts in SHEETS.items()
    for document, first, last in parts
    for number in range(first, last + 1)
)


def text_of(document: str) -> str:
    (path,) = [p for p in DOCUMENTS if p.stem == document]
    return path.read_text(encoding="utf-8")


@cache
def report_on(document: str) -> DocumentReport:
    (path,) = [p for p in DOCUMENTS if p.stem == document]
    return check_text(text_of(document), f"derivations/{path.name}")


def test_there_are_nine_documents_in_both_formats() -> None:
    assert [p.stem for p in DOCUMENTS] == sorted(document for _, document, _ in {r[1]: r for r in ROWS}.values())
    assert {p.suffix for p in DOCUMENTS} == {".md", ".tex"}


@pytest.mark.parametrize(("sheet", "document", "row"), ROWS, ids=[row for _, _, row in ROWS])
def test_every_row_is_judged_as_the_sheets_have_it(sheet: str, document: str, row: str) -> None:
    assert sheet in text_of(document).replace("\\_", "_")
    report = report_on(document)
    statements = {s.id: s for s in report.statements}
    first, *rest = [line.judgement for line in statements[row].lines if line.judgement is not None]
    if row in SLIPS:
        assert (first.verdict.value, first.reason) == ("wrong", "shape" if row in BY_SHAPE else "value")
        assert all(j.verdict.value == "carried" for j in rest)
        corrected = [line.judgement for line in statements[f"{row}.right"].lines if line.judgement is not None]
        assert corrected
        assert all(j.verdict.value == "proved" for j in corrected)
    else:
        assert all(j.verdict.value == "proved" for j in (first, *rest))


@pytest.mark.parametrize("document", [p.stem for p in DOCUMENTS])
def test_every_line_is_as_its_document_states(document: str) -> None:
    report = report_on(document)
    assert [s.id for s in report.statements if s.kind is Kind.SKIPPED] == []
    judged = [s.id for s in report.statements if any(line.judgement for line in s.lines)]
    assert judged == ID.findall(text_of(document))
    unexpected = [
        (line.line, line.latex, line.expected, line.judgement) for line in report.judged() if not line.as_expected
    ]
    assert unexpected == []
