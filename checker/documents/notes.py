"""Comments that render as nothing: ``checker:``, ``expect:`` and ``id:``.

``expect`` and ``id``, and ``checker: skip``, mark the formula they stand beside.  Every other entry of a
``checker:`` comment is a declaration with the grammar of prose, in which maths needs no dollar signs:
known words and plain lower-case words are taken as words, all else as maths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.documents.formulas import names
from checker.documents.model import Declaration, Expectation, Formula, Problem, Words
from checker.documents.pieces import Note, Stretch

VERDICTS = ("proved", "tested", "wrong", "carried", "undecided", "unreadable")
OPENINGS = names(
    "let given define denote where with suppose assume consider here "
    "layout numerator denominator summation label labels"
)
KEYWORD = re.compile(r"\s*(checker|expect|id)\s*:")


@dataclass(frozen=True)
class Mark:
    """What an ``expect``, an ``id`` or a ``skip`` says of the formula it stands beside."""

    start: int
    kind: str  # "expect", "id", "skip"
    id: str = ""
    expectations: tuple[Expectation, ...] = ()


Reading = Declaration | Mark | Problem


def read_note(note: Note) -> tuple[Reading, ...]:
    keyword = KEYWORD.match(note.body.text)
    if keyword is None:
        return ()
    body = note.body.cut(keyword.end(), len(note.body.text)).trimmed()
    match keyword[1]:
        case "expect":
            return _expect(note, body.text)
        case "id":
            return _id(note, body.text)
        case _:
            return tuple(_checker(note, body))


def _id(note: Note, text: str) -> tuple[Reading, ...]:
    if len(text.split()) != 1:
        found = f"'{text}'" if text else "nothing"
        return (Problem(note.start, "syntax", f"an id is one word, found {found}; write for example id: product-1"),)
    return (Mark(note.start, "id", id=text),)


_VERDICT = re.compile(r"[\s,]*([^\s,():]+)(?:\s*\(\s*([^()]*?)\s*\)|\s*:\s*([^\s,():]+))?[\s,]*")


def _expect(note: Note, text: str) -> tuple[Reading, ...]:
    expectations: list[Expectation] = []
    position = 0
    while position < len(text):
        match = _VERDICT.match(text, position)
        if match is None or match[1] not in VERDICTS:
            found = match[1] if match else text[position:]
            return (_unknown_verdict(note, found),)
        expectations.append(Expectation(match[1], match[2] or match[3] or None))
        position = match.end()
    if not expectations:
        return (_unknown_verdict(note, ""),)
    return (Mark(note.start, "expect", expectations=tuple(expectations)),)


def _unknown_verdict(note: Note, found: str) -> Problem:
    said = f"'{found}' is not a verdict" if found else "no verdict is stated"
    choice = f"write one or more of {', '.join(VERDICTS)}, as in expect: wrong (shape)"
    return Problem(note.start, "syntax", f"{said}; {choice}")


_ENTRY_TOKEN = re.compile(r"\$[^$]*\$|\\.|[{};]", re.DOTALL)


def _entries(body: Stretch) -> Iterator[Stretch]:
    """The parts between semicolons that stand outside braces and dollars."""
    start = depth = 0
    for match in _ENTRY_TOKEN.finditer(body.text):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth = max(0, depth - 1)
        elif match[0] == ";" and depth == 0:
            yield body.cut(start, match.start())
            start = match.end()
    yield body.cut(start, len(body.text))


_WORD = re.compile(r"[A-Za-z]+")


def _checker(note: Note, body: Stretch) -> Iterator[Reading]:
    for raw in _entries(body):
        if not raw.text.strip():
            continue
        entry = raw.trimmed()
        word = _WORD.match(entry.text)
        opening = word[0].lower() if word else ""
        if entry.text.rstrip(".").lower() == "skip":
            yield Mark(note.start, "skip")
        elif opening in OPENINGS:
            yield Declaration(opening, _parts(entry.cut(len(opening), len(entry.text))), entry.place(0), comment=True)
        elif word and _is_plain_word(entry.text, word):
            yield Problem(
                entry.place(0),
                "syntax",
                f"'{word[0]}' does not begin an entry of a checker comment; begin it with let, assume, define, "
                "layout, summation convention or skip, and separate entries by ';'",
            )
        else:
            yield Declaration("let", _parts(entry), entry.place(0), comment=True)


# Words and maths of an entry

_NOUNS = names(
    "scalar scalars function functions vector vectors matrix matrices number numbers integer integers natural real "
    "positive negative nonnegative nonzero semidefinite definite symmetric invertible singular orthogonal diagonal "
    "triangular lower upper one-hot square sequence sequences index constant unknown elementwise element-wise "
    "differentiable smooth tensor label labels labelled size sizes"
)
_GRAMMAR = _NOUNS | names(
    "is are be has have the of and or applied over all any each every for from to with where when if in on by as not "
    "let given define denote suppose assume consider here that layout numerator denominator summation convention "
    "matrix-valued column columns row rows its their it independent"
)
_FUNCTIONS = names(
    "exp log ln sin cos tan sinh cosh tanh sec csc cot arcsin arccos arctan max min sup inf det diag tr trace rank "
    "sqrt abs sign sgn erf relu softmax sigmoid softplus vec dim"
)
_TOKEN = re.compile(
    r"\$(?P<dollars>[^$]*)\$|\\[A-Za-z]+|\\.|(?P<word>[A-Za-z]+(?:-[a-z]+)*)|(?P<brace>[{}])", re.DOTALL
)
_AFTER = re.compile(r"\s*(\S?)")
_NEXT_WORD = re.compile(r"\s+([A-Za-z]+(?:-[a-z]+)*)")
_MATHS_AFTER = tuple("(_^[=<>+*/'")
_MATHS_BEFORE = tuple("=+-*/<>^_(")


def _is_plain_word(text: str, match: re.Match[str]) -> bool:
    """A lower-case word of three letters or more with nothing mathematical on either side."""
    word = match[0]
    if len(word) < 3 or not word.islower() or word in _FUNCTIONS:
        return False
    after = _AFTER.match(text, match.end())
    before = text[: match.start()].rstrip()[-1:]
    return not (after and after[1] in _MATHS_AFTER) and before not in _MATHS_BEFORE


def _is_article(text: str, match: re.Match[str]) -> bool:
    following = _NEXT_WORD.match(text, match.end())
    return match[0] in ("a", "an") and following is not None and following[1] in _NOUNS


def _is_word(text: str, match: re.Match[str]) -> bool:
    return match["word"] in _GRAMMAR or _is_article(text, match) or _is_plain_word(text, match)


def _parts(entry: Stretch) -> tuple[Words | Formula, ...]:
    """``let E be a scalar function of A`` → formula E, words *be a scalar function of*, formula A."""
    text = entry.text
    spans: list[tuple[str, int, int]] = []  # kind, start, end; neighbours of a kind are joined

    def add(kind: str, start: int, end: int) -> None:
        if not text[start:end].strip():
            return
        if spans and spans[-1][0] == kind and kind != "dollars":
            start = spans.pop()[1]
        spans.append((kind, start, end))

    position = depth = 0
    for match in _TOKEN.finditer(text):
        if match["brace"]:
            depth = max(0, depth + (1 if match[0] == "{" else -1))
        elif depth == 0 and match["dollars"] is not None:
            add("maths", position, match.start())
            add("dollars", match.start("dollars"), match.end("dollars"))
            position = match.end()
        elif depth == 0 and match["word"] and _is_word(text, match):
            add("maths", position, match.start())
            add("words", match.start(), match.end())
            position = match.end()
    add("maths", position, len(text))
    return tuple(_part(entry, *span) for span in _commas_to_words(text, spans))


def _commas_to_words(text: str, spans: list[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """Maths that is only punctuation is prose; a comma at the edge of maths goes to neither side."""
    for kind, start, end in spans:
        if kind == "maths":
            while start < end and text[start] in " \t\n,.":
                start += 1
            while start < end and text[end - 1] in " \t\n,.":
                end -= 1
        if start < end:
            yield kind, start, end


def _part(entry: Stretch, kind: str, start: int, end: int) -> Words | Formula:
    piece = entry.cut(start, end)
    if kind == "words":
        return piece.words()
    formula = piece.trimmed()
    return Formula(formula.text, formula.offsets(), display=False)
