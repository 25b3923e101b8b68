"""Brackets of every kind, bars, cases and matrices."""

from __future__ import annotations

from checker.language import vocabulary as v
from checker.language.parser.core import Parser
from checker.language.surface import (
    Cases,
    Ellipsis_,
    Factors,
    Group,
    Hole,
    Logic,
    MatrixLiteral,
    Name,
    ParseError,
    Root,
    Scripted,
    Tree,
)

_SHOWN = {
    "(": ")",
    "[": "]",
    "{": "\\}",
    "<": "\\rangle",
    "ceil": "\\rceil",
    "floor": "\\rfloor",
    "|": "|",
    "||": "\\|",
}
_INTERVALS = frozenset({"([", "[("})


def delimited(parser: Parser) -> Tree:
    """``(…)``, ``[…]``, ``\\{…\\}``, ``|…|``, ``\\langle…\\rangle`` … with its comma-separated items."""
    start = parser.at
    opening = parser.advance()
    kind = opening.text
    if opening.kind == v.BAR and kind == "|" and _is_double(parser):
        parser.advance()
        kind = "||"
        return _barred(parser, start, kind, doubled=True)
    if opening.kind == v.BAR:
        return _barred(parser, start, kind)
    bars, parser.bars = parser.bars, []
    items = _items(parser)
    if kind == "(" and len(items) == 1 and parser.token.kind == v.BAR and parser.token.text == "||":
        parser.advance()  # KL(p \\| q): two arguments
        items += _items(parser)
    parser.bars = bars
    closing = parser.token
    if closing.kind == v.BAR and kind in ("|", "||"):
        closing = closing._replace(kind=v.ENDER)
    if closing.kind != v.ENDER:
        raise _unclosed(parser, start, kind)
    if closing.text != kind:
        kind = _interval(parser, start, kind + closing.text, items)
    parser.advance()
    return Group(parser.span_from(start), kind, items)


def _interval(parser: Parser, start: int, kinds: str, items: tuple[Tree, ...]) -> str:
    """``[0, 1)`` is an interval; any other pair of unlike brackets is a mistake."""
    if kinds in _INTERVALS and len(items) == 2:
        return {"([": "(]", "[(": "[)"}[kinds]
    raise _unclosed(parser, start, parser.tokens[start].text)


def _unclosed(parser: Parser, start: int, kind: str) -> ParseError:
    opening = parser.tokens[start]
    if parser.token.kind in (v.TEXT, v.UNKNOWN, v.REFUSED, v.ELLIPSIS):
        return parser.unreadable()
    shown = parser.shown(opening.span)
    found = "" if parser.token.kind == v.END else f" before {parser.shown(parser.token.span)}"
    return ParseError("syntax", opening.span, f"{shown} that is not closed{found}", f"add the missing {_SHOWN[kind]}")


def _is_double(parser: Parser) -> bool:
    """Whether ``||`` is a norm: its next bar is double as well (``||x| - |y||`` is not)."""
    if not (parser.token.kind == v.BAR and parser.token.text == "|" and parser.token.glued):
        return False
    depth, place = 0, parser.at + 1
    while parser.tokens[place].kind != v.END:
        kind = parser.tokens[place].kind
        if kind in (v.OPEN, v.LEFT, v.BEGIN):
            place = parser.partner[place]
        elif kind == v.DELIMITER:
            depth += 1
        elif kind == v.ENDER:
            depth -= 1
        elif kind == v.BAR and depth == 0:
            following = parser.tokens[place + 1]
            return following.kind == v.BAR and following.glued
        if depth < 0:
            return False
        place += 1
    return False


def _barred(parser: Parser, start: int, kind: str, doubled: bool = False) -> Tree:
    """``|…|`` or ``\\|…\\|``; ``doubled`` when the norm is written with four single bars."""
    mark = "|" if doubled else kind
    parser.bars = [*parser.bars, mark]
    items = _items(parser)
    parser.bars = parser.bars[:-1]
    for _ in range(2 if doubled else 1):
        if parser.token.kind != v.BAR or parser.token.text != mark:
            raise _unclosed(parser, start, kind)
        parser.advance()
    return Group(parser.span_from(start), kind, items)


def _items(parser: Parser) -> tuple[Tree, ...]:
    """Comma-separated conditions; none at all is allowed (``f()``, ``\\{\\}``)."""
    if parser.token.kind in (v.ENDER, v.RIGHT):
        return ()
    items = [parser.condition()]
    while parser.token.kind in (v.COMMA, v.SEMICOLON):
        parser.advance()
        if parser.token.kind in (v.ENDER, v.RIGHT):
            break
        items.append(parser.condition())
    return tuple(items)


def left_right(parser: Parser) -> Tree:
    """``\\left( … \\right)``; with a brace and no right side, cases; with a bar on the right only, refused."""
    start = parser.at
    end = parser.partner[start]
    opening = parser.advance()
    closing = parser.tokens[end]
    if opening.text == "{" and closing.text == "." and parser.token.kind == v.BEGIN:
        tree = Cases(parser.span_from(start), _case_rows(parser))
        _expect_end(parser, end)
        return Cases(parser.span_from(start), tree.rows)
    if opening.text == ".":
        raise ParseError(
            "outside",
            opening.span,
            f"\\left. … \\right{closing.text.replace('.', '.')}",
            "write the value into the formula instead of evaluating at a bar",
        )
    bars, parser.bars = parser.bars, []
    items = _items(parser)
    parser.bars = bars
    kind = opening.text
    if kind.startswith("reversed"):
        raise ParseError("syntax", opening.span, "a \\left with a closing bracket", "turn the bracket round")
    if closing.text != kind:
        kind = _interval_sided(parser, start, end, items)
    _expect_end(parser, end)
    return Group(parser.span_from(start), kind, items)


def _interval_sided(parser: Parser, start: int, end: int, items: tuple[Tree, ...]) -> str:
    kinds = parser.tokens[start].text + parser.tokens[end].text
    if kinds in _INTERVALS and len(items) == 2:
        return {"([": "(]", "[(": "[)"}[kinds]
    span = parser.tokens[start].start, parser.tokens[end].end
    found = f"{parser.shown(parser.tokens[start].span)} closed by {parser.shown(parser.tokens[end].span)}"
    raise ParseError("syntax", span, found, "close it with the matching bracket")


def _expect_end(parser: Parser, end: int) -> None:
    if parser.at != end:
        raise parser.expected("the \\right that closes the \\left", "join the parts by an operator or a comma")
    parser.advance()


def braces(parser: Parser) -> Tree:
    """``{…}``, which shows nothing in print.  Empty, it is the place a script hangs on: ``{}_i``."""
    start = parser.at
    end = parser.partner[start]
    parser.advance()
    if parser.at == end:
        parser.advance()
        return Hole(parser.span_from(start))
    return parser.inside(end)


def labelled_brace(parser: Parser) -> Tree:
    """``\\underbrace{…}`` and ``\\boxed{…}``: what is inside."""
    parser.advance()
    if parser.token.kind != v.OPEN:
        return parser.factor()
    return braces(parser)


def norm(parser: Parser) -> Tree:
    """``\\norm{x}`` and ``\\abs{x}``."""
    start = parser.at
    kind = parser.advance().text
    inner = parser.argument("\\norm" if kind == "||" else "\\abs")
    return Group(parser.span_from(start), kind, (inner,))


def root(parser: Parser) -> Tree:
    start = parser.at
    parser.advance()
    degree = None
    if parser.token.kind == v.DELIMITER and parser.token.text == "[":
        parser.advance()
        degree = parser.terms()
        if parser.token.kind != v.ENDER or parser.token.text != "[":
            raise parser.expected("the ] of the root's degree", "write \\sqrt[3]{x}")
        parser.advance()
    radicand = delimited(parser) if parser.token.kind == v.DELIMITER else parser.argument("\\sqrt")
    return Root(parser.span_from(start), radicand, degree)


# -------------------------------------------------------------------------------------- accents


def accent(parser: Parser) -> Tree:
    """``\\hat{y}``: part of the name; over ``y_i`` it belongs to the name y."""
    start = parser.at
    mark = parser.advance().text
    inner = parser.argument(mark)
    return _accented(parser, mark, inner, start)


def _accented(parser: Parser, mark: str, inner: Tree, start: int) -> Tree:
    span = parser.span_from(start)
    match inner:
        case Name():
            return Name(span, f"{mark}{{{inner.name}}}", inner.upright, inner.style)
        case Scripted(base=base):
            named = _accented(parser, mark, base, start)
            return Scripted(span, named, inner.subscripts, inner.superscripts, inner.brackets, inner.primes)
        case Factors(factors=factors) if all(isinstance(f, Name) and len(f.name) == 1 for f in factors):
            if len(factors) > 2:
                word = "".join(f.name for f in factors if isinstance(f, Name))
                return Name(span, f"{mark}{{{word}}}", upright=True)
        case _:
            pass
    raise ParseError(
        "outside",
        span,
        f"{mark} over {parser.shown(inner.span)}",
        "an accent belongs over one name; name the whole first",
    )


# --------------------------------------------------------------------------- cases and matrices


def environment(parser: Parser) -> Tree:
    token = parser.token
    start = parser.at
    if token.text in v.CASES:
        rows = _case_rows(parser)
        return Cases(parser.span_from(start), rows)
    if token.text in v.MATRICES:
        return _matrix(parser)
    raise ParseError(
        "syntax", token.span, f"\\begin{{{token.text}}} inside a formula", "write one row, or use cases or a matrix"
    )


def _case_rows(parser: Parser) -> tuple[tuple[Tree, Tree | None], ...]:
    start = parser.at
    end = parser.partner[start]
    parser.advance()
    rows: list[tuple[Tree, Tree | None]] = []
    while parser.at < end:
        if parser.token.kind in (v.ROW, v.AMP, v.QUAD):
            parser.advance()
            continue
        rows.append(_case(parser, end))
    parser.at = end + 1
    if not rows:
        raise ParseError("syntax", parser.span_from(start), "cases without a row", "write value & condition \\\\ …")
    return tuple(rows)


_IF = frozenset("if|when|for|where|whenever|if and only if|iff|en|falls|wenn|si|если|при|当|若".split("|"))
_PUNCTUATION = frozenset({v.COMMA, v.SEMICOLON, v.PERIOD, v.QUAD, v.AMP, v.COLON})


def _case(parser: Parser, end: int) -> tuple[Tree, Tree | None]:
    value = parser.terms()
    _skip(parser, _PUNCTUATION)
    if parser.at >= end or parser.token.kind == v.ROW:
        raise ParseError(
            "syntax",
            value.span,
            f"the case {parser.shown(value.span)} without a condition",
            "write & and the condition after it, or & \\text{otherwise}",
        )
    condition = _case_condition(parser, end)
    _skip(parser, _PUNCTUATION)
    if parser.at < end and parser.token.kind != v.ROW:
        raise parser.expected("the end of the case", "end the row with \\\\")
    return value, condition


def _skip(parser: Parser, kinds: frozenset[str]) -> None:
    while parser.token.kind in kinds:
        parser.advance()


def _case_condition(parser: Parser, end: int) -> Tree | None:
    """The condition after ``&``: *otherwise* is None; commas mean *and*."""
    start = parser.at
    introduced = _word(parser)
    if introduced in v.OTHERWISE:
        _skip(parser, _PUNCTUATION)
        if parser.at >= end or parser.token.kind == v.ROW:
            return None
        introduced = _word(parser)
    if introduced is not None and introduced not in _IF:
        span = parser.span_from(start)
        raise ParseError(
            "words",
            span,
            f"the condition “{introduced}” in words",
            "write \\text{if } and a formula, or \\text{otherwise}",
        )
    _skip(parser, _PUNCTUATION)
    conditions = [parser.condition()]
    while parser.token.kind in _PUNCTUATION:
        _skip(parser, _PUNCTUATION)
        if parser.at >= end or parser.token.kind == v.ROW:
            break
        conditions.append(parser.condition())
    if len(conditions) == 1:
        return conditions[0]
    parts: list[Tree] = []
    for condition in conditions:
        parts.extend(
            condition.operands if isinstance(condition, Logic) and condition.operator == "and" else [condition]
        )
    return Logic((conditions[0].span[0], conditions[-1].span[1]), "and", tuple(parts))


def _word(parser: Parser) -> str | None:
    """The words here, in lower case without punctuation; ``if`` and ``otherwise`` may lack their \\text."""
    token = parser.token
    if token.kind in (v.TEXT, v.WORD):
        parser.advance()
        return token.text.lower().strip(" ,.:;()")
    letters = ""
    place = parser.at
    while (
        parser.tokens[place].kind == v.LETTER
        and len(letters) < 10
        and (place == parser.at or parser.tokens[place].glued)
    ):
        letters += parser.tokens[place].text
        place += 1
    if letters in ("if", "otherwise", "else"):
        parser.at = place
        return letters
    return None


def _matrix(parser: Parser) -> Tree:
    start = parser.at
    end = parser.partner[start]
    name = parser.advance().text.rstrip("*")
    rows: list[tuple[Tree, ...]] = []
    while parser.at < end:
        cells: list[Tree] = []
        while True:
            _skip(parser, frozenset({v.QUAD}))
            cells.append(_cell(parser, start, end))
            _skip(parser, frozenset({v.QUAD, v.COMMA}))
            if parser.token.kind != v.AMP:
                break
            parser.advance()
        rows.append(tuple(cells))
        if parser.at < end and parser.token.kind != v.ROW:
            raise parser.expected("& or \\\\ between the entries of the matrix", "separate the entries by &")
        _skip(parser, frozenset({v.ROW}))
    parser.at = end + 1
    span = parser.span_from(start)
    full = [row for row in rows if not all(isinstance(cell, (Ellipsis_, Hole)) for cell in row)]
    if not full or any(len(row) != len(full[0]) for row in full):
        raise ParseError("syntax", span, "a matrix whose rows are not equally long", "give every row the same entries")
    return MatrixLiteral(span, tuple(rows), name)


def _cell(parser: Parser, start: int, end: int) -> Tree:
    """An entry; between dots it may be empty (``\\vdots & & \\vdots``)."""
    if parser.token.kind not in (v.AMP, v.ROW, v.FINISH):
        return parser.item()
    if any(token.kind == v.ELLIPSIS for token in parser.tokens[start:end]):
        return Hole(parser.token.span)
    raise parser.expected("an entry of the matrix", "write 0 where an entry is zero")
