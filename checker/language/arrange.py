"""Tokens put in order before they are parsed: partners of brackets, rows, columns.

* fonts are applied and relations joined (:mod:`checker.language.joining`);
* every ``{``, ``\\begin`` and ``\\left`` finds its partner;
* ``&``, ``\\\\`` and ``\\quad`` are kept only where they separate formulas or the cells of a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.language import vocabulary as v
from checker.language.joining import join
from checker.language.surface import ParseError
from checker.language.tokens import MAX_DEPTH, Token, too_deep
from checker.language.worded import collapsed


@dataclass(frozen=True)
class Arranged:
    """Tokens with an ``END`` last; ``partner[i]`` closes the brace, environment or ``\\left`` at i."""

    tokens: list[Token]
    partner: dict[int, int]


def arrange(tokens: list[Token]) -> Arranged:
    return _align(_bridged(join(collapsed(tokens))))


# --------------------------------------------------------------------------- partners and rows

_HARD = {v.OPEN: v.CLOSE, v.BEGIN: v.FINISH, v.LEFT: v.RIGHT}
_CLOSERS = {v.CLOSE: v.OPEN, v.FINISH: v.BEGIN, v.RIGHT: v.LEFT}
_SEPARATORS = frozenset({v.AMP, v.ROW, v.QUAD})
_MENDS = {
    v.OPEN: "add the missing }",
    v.BEGIN: "add the missing \\end",
    v.LEFT: "add the missing \\right (write \\right. for an invisible one)",
    v.CLOSE: "take it away, or add the { before it",
    v.FINISH: "take it away, or add the \\begin before it",
    v.RIGHT: "take it away, or add the \\left before it",
}


def _align(tokens: list[Token]) -> Arranged:
    out: list[Token] = []
    partner: dict[int, int] = {}
    top: set[int] = set()  # places of separators outside every bracket
    stack: list[tuple[str, int, Token]] = []
    hidden = 0  # display environments still open at the top
    for place, token in enumerate(tokens):
        kind = token.kind
        if kind == v.BEGIN and not stack and (token.text in v.ALIGNED or _is_alignment(tokens, place)):
            hidden += 1
            continue
        if kind == v.FINISH and not stack and hidden:
            hidden -= 1
            token = token._replace(kind=v.ROW, text="\\\\")
            kind = v.ROW
        if kind in _HARD or kind == v.DELIMITER:
            stack.append((kind, len(out), token))
            if len(stack) > MAX_DEPTH:
                raise too_deep(token.span)
        elif kind == v.ENDER:
            if stack and stack[-1][0] == v.DELIMITER:
                stack.pop()
        elif kind in _CLOSERS:
            _pop(stack, partner, token, len(out))
        elif kind in _SEPARATORS:
            if stack and not _separates(kind, stack[-1], token):
                continue
            if not stack:
                top.add(len(out))
        out.append(token)
    unclosed = next((entry for entry in reversed(stack) if entry[0] in _HARD), None)
    if unclosed is not None:
        opener = unclosed[2]
        raise ParseError("syntax", opener.span, f"{_shown(opener)} is never closed", _MENDS[unclosed[0]])
    if hidden:
        raise ParseError("syntax", tokens[-1].span, "\\begin without \\end", _MENDS[v.BEGIN])
    return _separated(out, partner, top) if top else Arranged(out, partner)


def _is_alignment(tokens: list[Token], place: int) -> bool:
    """Whether the array that begins here lines up equations (``a & = & b``) and is no matrix."""
    if tokens[place].text != "array":
        return False
    depth = 0
    for token, following in zip(tokens[place:], tokens[place + 1 :], strict=False):
        depth += {v.BEGIN: 1, v.FINISH: -1}.get(token.kind, 0)
        if depth == 0:
            return False
        if depth == 1 and {token.kind, following.kind} == {v.AMP, v.RELATION}:
            return True
    return False


def _bridged(tokens: list[Token]) -> list[Token]:
    """``\\left( a \\right. \\\\ \\left. + b \\right)`` is one bracket, broken over two rows."""
    if not any(token.kind == v.LEFT and token.text == "." for token in tokens):
        return tokens
    out: list[Token] = []
    for token in tokens:
        if token.kind == v.LEFT and token.text == ".":
            before = len(out) - 1
            while before >= 0 and out[before].kind in _SEPARATORS:
                before -= 1
            if before >= 0 and out[before].kind == v.RIGHT and out[before].text == "." and before < len(out) - 1:
                del out[before:]
                continue
        out.append(token)
    return out


def _shown(token: Token) -> str:
    shown = {v.OPEN: "{", v.CLOSE: "}", v.BEGIN: f"\\begin{{{token.text}}}", v.FINISH: f"\\end{{{token.text}}}"}
    return shown.get(token.kind, f"\\{token.kind}")


def _pop(stack: list[tuple[str, int, Token]], partner: dict[int, int], token: Token, place: int) -> None:
    while stack and stack[-1][0] == v.DELIMITER:
        stack.pop()
    if not stack:
        raise ParseError("syntax", token.span, f"{_shown(token)} closes nothing", _MENDS[token.kind])
    kind, opened, opener = stack.pop()
    if kind != _CLOSERS[token.kind] or (kind == v.BEGIN and opener.text != token.text):
        raise ParseError(
            "syntax",
            token.span,
            f"{_shown(token)} where {_shown(opener)} is still open",
            f"close {_shown(opener)} first",
        )
    partner[opened] = place


def _separates(kind: str, opener: tuple[str, int, Token], token: Token) -> bool:
    """Whether a separator inside brackets means something: between cells it does, in parentheses it is layout."""
    if opener[0] == v.BEGIN:
        return True
    if opener[0] == v.OPEN and kind == v.AMP:
        raise ParseError("syntax", token.span, "an alignment mark & inside braces", "take the & away")
    return opener[0] == v.OPEN and kind == v.ROW


_OPERATORS = frozenset({v.SIGN, v.PRODUCT, v.RELATION})


def _separated(tokens: list[Token], partner: dict[int, int], top: set[int]) -> Arranged:
    """Runs of separators at the top become one ``ROW``, ``QUAD`` or ``COLUMN``, or nothing where a formula goes on."""
    related = _relation_ahead(tokens, partner, top)
    out: list[Token] = []
    moved: dict[int, int] = {}
    position = 0
    row_has_relation = row_has_words = False
    while position < len(tokens):
        if position not in top:
            moved[position] = len(out)
            row_has_relation = row_has_relation or tokens[position].kind in (v.RELATION, v.COLON)
            row_has_words = row_has_words or (row_has_relation and tokens[position].kind == v.TEXT)
            out.append(tokens[position])
            position += 1
            continue
        start = position
        while position in top:
            position += 1
        run = tokens[start:position]
        kind = _separator(run, _operator_before(out), tokens[position], related[position])
        rows = any(token.kind == v.ROW for token in run)
        if kind is None and rows and (row_has_words or _ends_with_word(out)):
            kind = v.ROW  # what was said beside the row does not go on in the next one
        if kind == v.COLUMN and not row_has_relation:
            raise ParseError(
                "syntax",
                run[0].span,
                "an alignment mark & between two formulas without a relation",
                "take the & away, or put it before the =",
            )
        row_has_relation = row_has_relation and kind != v.ROW
        row_has_words = row_has_words and kind != v.ROW
        if kind is not None:
            out.append(Token(kind, run[0].text, run[0].start, run[-1].end))
    return Arranged(out, {moved[a]: moved[b] for a, b in partner.items()})


def _ends_with_word(out: list[Token]) -> bool:
    """One word that stands apart (``= b \\quad \\text{again}``)."""
    return len(out) > 1 and out[-1].kind == v.WORD and out[-2].kind in (v.QUAD, v.COLUMN)


def _relation_ahead(tokens: list[Token], partner: dict[int, int], top: set[int]) -> list[bool]:
    """For every place: whether a relation follows before the next separator."""
    ahead = [False] * (len(tokens) + 1)
    opened = {close: start for start, close in partner.items()}
    position = len(tokens) - 1
    while position >= 0:
        kind = tokens[position].kind
        if position in opened:
            start = opened[position]
            ahead[start : position + 1] = [ahead[position + 1]] * (position + 1 - start)
            position = start - 1
            continue
        ahead[position] = kind == v.RELATION or (
            kind not in (v.COMMA, v.SEMICOLON, v.TEXT, v.END) and position not in top and ahead[position + 1]
        )
        position -= 1
    return ahead


def _operator_before(out: list[Token]) -> bool:
    """Whether nothing, or an operator that still wants its right side, stands before (``x^*`` does not)."""
    if not out:
        return True
    return out[-1].kind in _OPERATORS and not (len(out) > 1 and out[-2].kind in (v.SUB, v.SUP))


def _separator(run: list[Token], operator_before: bool, after: Token, relation_ahead: bool) -> str | None:
    kinds = [token.kind for token in run]
    if operator_before or after.kind == v.END:
        return None
    if after.kind in (v.RELATION, v.PRODUCT) or (after.kind == v.SIGN and after.text == "+"):
        return None
    if after.kind == v.SIGN and ((kinds[-1] != v.ROW and v.AMP in kinds and v.ROW in kinds) or not relation_ahead):
        return None
    if v.ROW in kinds:
        return v.ROW
    return v.QUAD if v.QUAD in kinds else v.COLUMN
