"""A statement in an HTML report: its lines, each with its verdict, and all there is to say of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from checker.render.markdown import symbol, value_source
from checker.render.marks import ASIDE, DEFINITION, MARKS, Mark
from checker.render.mathml import mathml
from checker.render.pictures import depth
from checker.render.sides import both_marked
from checker.render.words import (
    KIND_WORDS,
    assignments,
    expectation_words,
    explanation,
    note,
    one_line,
    own_id,
    plural,
    point,
    with_formulas,
)
from checker.results import Counterexample, DocumentReport, Judgement, Kind, Line, Statement, Verdict
from checker.tally import fails, is_definition

FORMULAS = ("should be", "or assume", "rests on", "where")
AT_PLACE = re.compile(r"^\d+:\d+: ")
SENTENCE = re.compile(r"[A-Za-z]{2,} (?:[A-Za-z]{2,}|a )")
NO_WORDS = (
    r"(?:\s|[&=.,;]|:=|\\q?quad(?![A-Za-z])|\\[,;:! ]|\\(?:nonumber|notag)(?![A-Za-z])"
    r"|\\(?:begin|end)\s*\{[^{}]*\}(?:\[[tbc]\])?|\\(?:label|tag)\s*\{[^{}]*\})+"
)
EDGES = re.compile(rf"\A{NO_WORDS}|{NO_WORDS}\Z")
WORDED = (r"\text", r"\mbox", r"\mathrm", r"\forall")


@dataclass(frozen=True)
class Shown:
    """The lines of a statement that stand in one formula: their positions in it."""

    statement: Statement
    positions: tuple[int, ...]
    anchor: str
    whole: bool = True


def filters_of(statement: Statement) -> list[str]:
    """The names of the filters that keep a statement in sight."""
    names = [v.value for v in Verdict if any(j and j.verdict is v for j in (s.judgement for s in statement.lines))]
    names += ["definition"] if any(is_definition(statement, line) for line in statement.lines) else []
    return names + (["unexpected"] if any(map(fails, statement.lines)) else [])


def tone(statement: Statement) -> str:
    verdicts = {line.judgement.verdict for line in statement.lines if line.judgement is not None}
    if verdicts & {Verdict.WRONG, Verdict.CARRIED} or any(map(fails, statement.lines)):
        return "s-wrong"
    if verdicts - {Verdict.PROVED}:
        return "s-open"
    return "s-proved" if verdicts else "s-aside"


# ----------------------------------------------------------------------------------- statements


def statement_block(document: DocumentReport, shown: Shown, source: str | None) -> Iterator[str]:
    """``source`` is the LaTeX of the formula that holds the lines."""
    statement = shown.statement
    classes = " ".join(["statement", tone(statement), *(f"has-{name}" for name in filters_of(statement))])
    name = own_id(document, statement)
    title = escape(name) if name is not None else f"Line {statement.line}"
    place = f"line {statement.line}" if name is not None else ""
    kind = KIND_WORDS.get(statement.kind, "")
    yield f'<section class="{classes}" id="{shown.anchor}" aria-label="{title}">'
    words = ", ".join(filter(None, (place, kind)))
    yield f'<p class="caption"><a href="#{shown.anchor}">{title}</a><span>{words}</span></p>'
    yield '<ol class="chain">'
    tails = conditions_beside(statement, shown.positions, source)
    positions = rows(statement, shown.positions)
    for position in positions:
        yield from line_item(document, statement, position, position - 1 in shown.positions, tails.get(position))
    if (said := note(statement)) is not None and shown.whole:
        yield f'<li class="line aside">{badge(ASIDE, KIND_WORDS.get(statement.kind, "note"), "aside")}'
        yield f'<span class="side words">{escape(said)}</span></li>'
    yield "</ol>"
    head = statement.lines[0] if shown.whole and statement.lines else None
    yield from evidence_list(document, head, [statement.lines[p] for p in positions])
    yield "</section>"


def definitions_block(document: DocumentReport, items: Sequence[Shown], source: str) -> Iterator[str]:
    """Definitions of one formula, none of which has more to say than that it is one."""
    lines = sorted({item.statement.line for item in items})
    place = f"line {lines[0]}" if len(lines) == 1 else f"lines {lines[0]} to {lines[-1]}"
    yield f'<section class="statement s-aside has-definition" aria-label="{plural(len(items), "definition")}, {place}">'
    yield '<ol class="chain">'
    for item in items:
        tails = conditions_beside(item.statement, item.positions, source)
        for position in rows(item.statement, item.positions):
            with_head = position - 1 in item.positions
            yield from line_item(document, item.statement, position, with_head, tails.get(position), item.anchor)
    yield "</ol></section>"


def rows(statement: Statement, positions: Sequence[int]) -> list[int]:
    """Positions that have a row of their own: the head stands in the row of the first line."""
    return [p for p in positions if p > 0 or 1 not in positions or statement.lines[0].judgement is not None]


def conditions_beside(statement: Statement, positions: Sequence[int], source: str | None) -> Mapping[int, str]:
    """What stands in the formula after a side and is no part of it: ``\\text{for } i \\ne j``."""
    found: dict[int, str] = {}
    if source is None:
        return found
    ends, at = [], 0
    for position in positions:
        latex = statement.lines[position].latex
        at = source.find(latex, at) if latex else -1
        if at < 0:
            return found
        ends.append((at, at + len(latex)))
        at += len(latex)
    following = [*(start for start, _ in ends[1:]), len(source)]
    for position, (_, end), start in zip(positions, ends, following, strict=True):
        core = EDGES.sub("", source[end:start].partition("\\\\")[0])
        if core and ("=" not in core or core.startswith(WORDED)):
            found[position] = core
    return found


def line_item(
    document: DocumentReport, statement: Statement, position: int, with_head: bool, tail: str | None, anchor: str = ""
) -> Iterator[str]:
    line = statement.lines[position]
    kind, mark = kind_of(statement, line)
    unmet = " unmet" if fails(line) else ""
    sides = [] if in_head(statement, position) else [formula(document, line.latex, "= " if position else "")]
    if with_head and position == 1:
        sides = [formula(document, statement.lines[0].latex), *sides]
    place = f' id="{anchor}"' if anchor else ""
    expectation = "" if kind == Verdict.PROVED.value and not unmet else expectation_words(line)
    shown = badge(mark, kind, kind, expectation) if mark is not None else "<span></span>"
    yield f'<li class="line {kind}{unmet}"{place}>{shown}'
    beside = f'<span class="tail">{formula(document, tail)}</span>' if tail else ""
    yield f'<div class="side">{"<wbr>".join(sides)}{beside}</div>'
    if line.judgement is not None and (said := "".join(said_of(document, line, line.judgement))):
        yield f'<div class="said">{said}</div>'
    yield "</li>"


def in_head(statement: Statement, position: int) -> bool:
    """Whether a line is no side but the place in the head that cannot be read."""
    line = statement.lines[position]
    unreadable = line.judgement is not None and line.judgement.verdict is Verdict.UNREADABLE
    return position == 1 and unreadable and line.latex in statement.lines[0].latex


def kind_of(statement: Statement, line: Line) -> tuple[str, Mark | None]:
    if line.judgement is not None:
        return line.judgement.verdict.value, MARKS[line.judgement.verdict]
    if is_definition(statement, line):
        return "definition", DEFINITION
    if statement.kind in (Kind.UPDATE, Kind.SKIPPED):
        return "aside", None
    return "head", None


def badge(mark: Mark, words: str, kind: str, expectation: str = "") -> str:
    aside = f'<span class="expectation">{escape(expectation)}</span>' if expectation else ""
    symbol = f'<span class="mark" aria-hidden="true">{mark.symbol}</span>'
    return f'<span class="verdict {kind}">{symbol}{escape(words)}{aside}</span>'


# ------------------------------------------------------------------------------------- evidence


def said_of(document: DocumentReport, line: Line, judgement: Judgement) -> Iterator[str]:
    """What is wrong and what would be right in sight; the rest in a fold, which is open where it was not expected."""
    facts = list(explanation(judgement))
    seen = [f for f in facts if f[0] in FORMULAS or (f[0] == "message" and judgement.mistake)]
    for label, text in seen:
        head = "" if label == "message" else f'<span class="label">{label}</span> '
        yield f'<p class="words">{head}{fact(document, label, AT_PLACE.sub("", text))}</p>'
    if (marked := marked_source(line, judgement)) is not None:
        yield f"<p><code>{marked}</code></p>"
    folded = [f for f in facts if f not in seen]
    found = judgement.counterexample
    if not folded and found is None:
        return
    parts = (["why"] if folded else []) + (["counterexample"] if found is not None else [])
    yield f"<details{' open' if fails(line) else ''}><summary>{', '.join(parts)}</summary><dl>"
    for label, text in folded:
        yield f"<dt>{label}</dt><dd>{fact(document, label, text)}</dd>"
    yield "</dl>"
    if found is not None:
        yield from counterexample_table(document, found)
    yield "</details>"


def marked_source(line: Line, judgement: Judgement) -> str | None:
    """The source of a side with what is wrong in it marked, where that is a part of it."""
    if judgement.place is None:
        return None
    row, column, length = judgement.place
    rows = line.latex.split("\n")
    number = row - line.line
    if not 0 <= number < len(rows):
        return None
    start = sum(len(r) + 1 for r in rows[:number]) + column - (line.column if number == 0 else 1)
    if start < 0 or start + length > len(line.latex) or not 1 <= length < len(line.latex):
        return None
    before, part, after = line.latex[:start], line.latex[start : start + length], line.latex[start + length :]
    return f"{escape(before)}<mark>{escape(part)}</mark>{escape(after)}"


def evidence_list(document: DocumentReport, head: Line | None, lines: Sequence[Line]) -> Iterator[str]:
    """Where every line was evaluated, its source and its normal form, which is that of the head where it is proved."""
    judged = [(line, line.judgement) for line in lines if line.judgement is not None]
    if not judged:
        return
    shown = head.normal_form if head is not None else None
    words = "evidence, source, normal forms" if shown else "evidence and source"
    yield f'<details class="evidence"><summary>{words}</summary><ul>'
    if head is not None and shown:
        yield f"<li>head: normal form, names as they stand: <span>{formula(document, shown)}</span></li>"
    for line, judgement in judged:
        place = f"line {line.line}, column {line.column}: {judgement.verdict.value}{escape(evaluated(judgement))}"
        yield f"<li>{place}<br><code>{escape(one_line(line.latex))}</code>{normal_form_of(document, line, shown)}</li>"
    yield "</ul></details>"


def normal_form_of(document: DocumentReport, line: Line, head: str | None) -> str:
    if line.normal_form is None:
        return ""
    if line.normal_form == head:
        return "<br>the same normal form as the head"
    return f"<br>normal form, names as they stand: <span>{formula(document, line.normal_form)}</span>"


def fact(document: DocumentReport, label: str, text: str) -> str:
    if label in FORMULAS:
        parts = text.split("; ")
        return ", ".join(escape(part) if SENTENCE.search(part) else formula(document, part) for part in parts)
    if "\n" in text:
        return f'<div class="place">{escape(text)}</div>'
    return f'<span class="words">{message(document, text)}</span>'


def message(document: DocumentReport, text: str) -> str:
    """Words with formulas between dollars."""
    return with_formulas(
        text, lambda part: formula(document, part, display=False), lambda part: escape(part, quote=False)
    )


def evaluated(judgement: Judgement) -> str:
    if not judgement.points:
        return ""
    sizes = list(dict.fromkeys(assignments(tried) for tried in judgement.tried if tried))
    at = f", at {'; '.join(sizes)}" if sizes else ""
    return f", evaluated at {plural(judgement.points, 'point')}{at}"


def counterexample_table(document: DocumentReport, found: Counterexample) -> Iterator[str]:
    where = point(found)
    yield '<div class="scroll"><table>'
    yield f"<caption>Counterexample{escape(f' at {where}') if where else ''}</caption><tbody>"
    for name, value in found.values.items():
        shown = formula(document, value_source(value))
        yield f'<tr><th scope="row">{formula(document, symbol(document, name))}</th><td>{shown}</td></tr>'
    for side, value in (("left side", found.left), ("right side", found.right)):
        yield f'<tr class="differs"><th scope="row">{side}</th><td>{formula(document, value_source(value))}</td></tr>'
    yield "</tbody></table></div>"
    if (sides := both_marked(found, lambda entry: f"\0{entry}")) is not None:
        yield '<div class="scroll beside">'
        for name, value in zip(("left side", "right side"), sides, strict=True):
            yield from whole_side(document, name, value)
        yield "</div>"


def whole_side(document: DocumentReport, name: str, value: Any) -> Iterator[str]:
    """All entries of a side; a differing one says so, and not by its colour alone."""
    yield f'<table class="entries"><caption>{name}, all entries</caption><tbody>'
    for row in value if depth(value) > 1 else [[entry] for entry in value]:
        yield "<tr>"
        for entry in row:
            shown = formula(document, entry.lstrip("\0"))
            differs = entry.startswith("\0")
            yield f'<td class="differs">≠ {shown}</td>' if differs else f"<td>{shown}</td>"
        yield "</tr>"
    yield "</tbody></table>"


# --------------------------------------------------------------------------------------- pieces


def formula(document: DocumentReport, source: str, prefix: str = "", display: bool = True) -> str:
    shown = mathml(source, document.macros, prefix, display)
    return shown if shown is not None else f"<code>{escape(prefix + one_line(source))}</code>"
