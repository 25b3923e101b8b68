"""JSON, JUnit XML and GitHub annotations: what other programs rely on."""

import json
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from checker.render import github, junit
from checker.render import json as as_json
from checker.results import Line, Report, Verdict
from tests.render import sample

LINE_KEYS = (
    "line column latex verdict reason expected rests_on conditions layout rejoins counterexample mistake suggestion "
    "message seconds"
).split()


def read_json(report: Report) -> dict:
    return json.loads(as_json.render(report))


def test_the_keys_stand_in_the_documented_order():
    data = read_json(sample.REPORT)
    assert list(data)[:3] == ["version", "summary", "documents"]
    assert list(data["summary"]) == [*(v.value for v in Verdict), "skipped", "definitions", "as_expected"]
    document = data["documents"][0]
    assert list(document)[:5] == ["path", "title", "layout", "symbols", "statements"]
    assert list(document["symbols"][0])[:6] == ["name", "latex", "kind", "shape", "from", "line"]
    statement = document["statements"][0]
    assert list(statement)[:4] == ["id", "kind", "line", "lines"]
    assert statement["lines"][0] == {"line": 12, "column": 4, "latex": sample.HEAD, "verdict": None}
    assert list(statement["lines"][1])[: len(LINE_KEYS)] == LINE_KEYS


def test_the_summary_counts_lines_by_verdict():
    assert read_json(sample.REPORT)["summary"] == {
        "proved": 3, "tested": 1, "wrong": 2, "carried": 1, "undecided": 1, "unreadable": 1, "skipped": 1,
        "definitions": 1, "as_expected": False,
    }  # fmt: skip
    assert read_json(Report((sample.GOOD,)))["summary"]["as_expected"] is True


def test_a_counterexample_has_exact_numbers_as_strings():
    line = read_json(sample.REPORT)["documents"][0]["statements"][1]["lines"][1]
    assert line["counterexample"] == {
        "sizes": {"m": 1, "n": 2},
        "indices": {"k": 1, "l": 2},
        "values": {"D": [["1", "2"], ["-1/3", "4"]], "x": ["1", "0"], "t": "3"},
        "left": "-1/2",
        "right": "1/2",
    }


def test_json_is_ascii_so_that_any_locale_can_print_it():
    document = replace(sample.GOOD, title="Größe")
    assert as_json.render(Report((document,))).isascii()
    assert read_json(Report((document,)))["documents"][0]["title"] == "Größe"


def test_a_file_that_cannot_be_read_is_not_as_expected():
    data = read_json(sample.EVERYTHING)
    assert data["documents"][-1]["error"] == "there is no such file"
    assert data["problems"] == ["no,such:file.md: there is no such file"]
    assert read_json(Report((), ("x: missing",)))["summary"]["as_expected"] is False


def test_junit_has_a_case_for_each_judged_line_and_a_failure_for_each_that_fails():
    root = ElementTree.fromstring(junit.render(sample.EVERYTHING))
    suites = root.findall("testsuite")
    assert [s.get("name") for s in suites] == [
        "derivations/good.md", "derivations/sample.md", "no,such:file.md", "checker",
    ]  # fmt: skip
    assert [(s.get("tests"), s.get("failures"), s.get("errors"), s.get("skipped")) for s in suites] == [
        ("6", "0", "0", "1"), ("4", "1", "0", "0"), ("1", "0", "1", "0"), ("1", "0", "1", "0"),
    ]  # fmt: skip
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("12", "1", "2")
    assert len(root.findall(".//testcase")) == 12
    failure = root.find(".//failure")
    assert failure.get("message") == "derivations/sample.md:30:9: wrong, expected proved"
    assert "30:9: c is a vector" in failure.text


def test_junit_under_strict_fails_everything_that_is_not_proved_and_not_stated():
    root = ElementTree.fromstring(junit.render(sample.REPORT, strict=True))
    assert [f.get("message").split(": ")[1] for f in root.findall(".//failure")] == [
        "wrong, expected proved", "unreadable", "tested", "undecided",
    ]  # fmt: skip


def test_junit_survives_characters_that_xml_forbids():
    line = sample.UNEXPECTED.lines[1]
    bad = replace(line, judgement=replace(line.judgement, message='\x00 \x1b[31m < & "quoted" ]]>'))
    statement = replace(sample.UNEXPECTED, lines=(sample.UNEXPECTED.lines[0], bad))
    root = ElementTree.fromstring(junit.render(Report((replace(sample.BAD, statements=(statement,)),))))
    assert '< & "quoted" ]]>' in root.find(".//failure").text


def test_github_annotates_the_line_with_what_was_found():
    commands = github.render(sample.REPORT).splitlines()
    assert commands == [
        "::error file=derivations/sample.md,line=30,col=9,"
        "title=derivations/sample.md%3A30%3A wrong%2C expected proved::"
        "c_1%0Areason: shape: the shapes do not fit%0Amessage: 30:9: c is a vector, a is a matrix",
        "::notice title=checker::9 lines in 2 documents: 1 not as expected",
    ]


def test_github_says_all_is_well_and_nothing_else():
    assert github.render(Report((sample.GOOD,))) == "::notice title=checker::5 lines in 1 document: all as expected\n"


@pytest.mark.parametrize(
    ("text", "as_data", "as_attribute"),
    [
        ("50% of a,b", "50%25 of a,b", "50%25 of a%2Cb"),
        ("x: 1\r\ny", "x: 1%0D%0Ay", "x%3A 1%0D%0Ay"),
        ("%0A", "%250A", "%250A"),
    ],
)
def test_github_escapes_what_its_commands_read_specially(text, as_data, as_attribute):
    assert github.data(text) == as_data
    assert github.attribute(text) == as_attribute


def test_github_names_files_that_cannot_be_read():
    commands = github.render(sample.EVERYTHING).splitlines()
    assert commands[0] == "::error title=checker::no,such:file.md: there is no such file"
    assert "::error file=no%2Csuch%3Afile.md,title=checker::there is no such file" in commands


def test_a_definition_stated_wrong_is_a_failure_without_a_verdict():
    statement = sample.OTHERS[1]
    definition = replace(statement.lines[1], expected="wrong")
    report = Report((replace(sample.GOOD, statements=(replace(statement, lines=(Line(5, 1, "z"), definition)),)),))
    assert ElementTree.fromstring(junit.render(report)).get("failures") == "1"
    assert read_json(report)["summary"]["as_expected"] is False
