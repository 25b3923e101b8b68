"""JUnit XML: one test suite a document, one test case a judged line, a failure for each that fails."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from checker.render.words import facts, verdict_words
from checker.results import DocumentReport, Kind, Line, Report, Statement
from checker.tally import fails

NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, strict: bool = False) -> str:
    suites = [suite(document, strict) for document in report.documents]
    if report.problems:
        suites.append(problems(report.problems))
    totals = [sum(suite[1][k] for suite in suites) for k in range(4)]
    body = "".join(text for text, _ in suites)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="checker" {numbers(totals)}>\n{body}</testsuites>\n'
    )


Counts = list[int]  # tests, failures, errors, skipped


def numbers(counts: Counts) -> str:
    tests, failures, errors, skipped = counts
    return f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="{skipped}"'


def suite(document: DocumentReport, strict: bool) -> tuple[str, Counts]:
    cases: list[str] = []
    counts = [0, 0, 0, 0]
    if document.error is not None:
        cases.append(element("error", "the file cannot be read", document.error, document, None))
        counts = [1, 0, 1, 0]
    for statement in document.statements:
        if statement.kind is Kind.SKIPPED:
            cases.append(element("skipped", statement.message or "skipped", "", document, statement))
            counts = [counts[0] + 1, counts[1], counts[2], counts[3] + 1]
            continue
        for position, line in enumerate(statement.lines):
            failed = fails(line, strict)
            if failed or line.judgement is not None:
                counts = [counts[0] + 1, counts[1] + failed, counts[2], counts[3]]
                cases.append(case(document, statement, position, line, failed))
    return f"  <testsuite name={attribute(document.path)} {numbers(counts)}>\n{''.join(cases)}  </testsuite>\n", counts


def case(document: DocumentReport, statement: Statement, position: int, line: Line, failed: bool) -> str:
    name = case_name(statement, position)
    seconds = line.judgement.seconds if line.judgement else 0.0
    opening = f"    <testcase classname={attribute(document.path)} name={attribute(name)} " + (
        f'file={attribute(document.path)} line="{line.line}" time="{seconds:.6f}"'
    )
    if not failed:
        return f"{opening}/>\n"
    message = f"{document.path}:{line.line}:{line.column}: {verdict_words(line)}"
    return f"{opening}>\n      <failure message={attribute(message)}>{text(facts(line))}</failure>\n    </testcase>\n"


def case_name(statement: Statement, position: int) -> str:
    """``2.4`` for the only line of a statement, ``2.4 line 3`` in a longer chain."""
    return statement.id if len(statement.lines) <= 2 else f"{statement.id} line {position}"


def element(kind: str, message: str, details: str, document: DocumentReport, statement: Statement | None) -> str:
    name = statement.id if statement else document.path
    opening = f"    <testcase classname={attribute(document.path)} name={attribute(name)}>"
    return f"{opening}\n      <{kind} message={attribute(message)}>{text(details)}</{kind}>\n    </testcase>\n"


def problems(found: tuple[str, ...]) -> tuple[str, Counts]:
    cases = "".join(
        f'    <testcase classname="checker" name={attribute(p)}>\n'
        f"      <error message={attribute(p)}/>\n    </testcase>\n"
        for p in found
    )
    counts = [len(found), 0, len(found), 0]
    return f'  <testsuite name="checker" {numbers(counts)}>\n{cases}  </testsuite>\n', counts


def text(value: str) -> str:
    return escape(NOT_XML.sub("�", value))


def attribute(value: str) -> str:
    return quoteattr(NOT_XML.sub("�", value), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
