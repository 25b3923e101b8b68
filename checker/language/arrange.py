"""Tokens put in order before they are parsed: fonts, joined relations, partners, rows.

* a font is applied to its letters (``\\mathbf{x}`` is the letter x, ``\\mathrm{ReLU}`` one word);
* relations typed in pieces are joined (``:=``, ``{\\small +}{=}``, ``\\overset{!}{=}``, ``\\not=``);
* every ``{``, ``\\begin`` and ``\\left`` finds its partner;
* ``&``, ``\\\\`` and ``\\quad`` are kept only where they separate formulas or the cells of a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

from checker.language import vocabulary as v
from checker.language.surface import ParseError, Span
from checker.language.tokens import Token

MAX_DEPTH = 50


@dataclass(frozen=True)
class Arranged:
    """Tokens with an ``END`` last; ``partner[i]`` closes the brace, environment or ``\\left`` at i."""

    tokens: list[Token]
    partner: dict[int, int]


def arrange(tokens: list[Token]) -> Arranged:
    return _align(_bridged(_join(tokens)))


# ------------------------------------------------------------------- fonts and joined relations

_ALONE = frozenset({v.SIGN, v.PRODUCT, v.RELATION, v.COLON, v.COMMA, v.FUNCTION, v.BIG, v.PERIOD})
_RELATION_PAIRS = {
    (v.COLON, ":", "="): ":=",
    (v.RELATION, ":", "="): ":=",
    (v.SIGN, "+", "="): "+=",
    (v.SIGN, "-", "="): "-=",
    (v.PRODUCT, "*", "="): "*=",
}
_GLUED_PAIRS = {
    (v.RELATION, "=", "="): "=",
    (v.RELATION, "<", "="): "\\le",
    (v.RELATION, ">", "="): "\\ge",
    (v.EXCLAMATION, "!", "="): "\\ne",
    (v.SIGN, "-", ">"): "\\to",
}
_NEGATED = {"=": "\\ne", "\\in": "\\notin", "\\equiv": "\\not\\equiv", "\\approx": "\\not\\approx"}
_DEFINING = frozenset({"def", "def.", "\\triangle", "\\Delta", "\\mathrm{def}", "△"})


def _join(tokens: list[Token]) -> list[Token]:
    out: list[Token] = []
    opened: list[int] = []  # places of braces still open, in out
    begun: dict[int, int] = {}  # place of a closing brace -> place of its opening one
    label_at = -1  # place of the script below an underbrace, which is dropped
    for token in tokens:
        kind = token.kind
        if kind == v.OPEN:
            opened.append(len(out))
            out.append(token)
            if len(opened) > 4 * MAX_DEPTH:
                raise _too_deep(token.span)
            continue
        if kind == v.CLOSE and opened:
            start = opened.pop()
            out.append(token)
            _close_group(out, start, begun)
        else:
            _add(out, token, begun)
        if label_at >= 0 and (not opened or opened[-1] < label_at) and len(out) > label_at + 1:
            del out[label_at:]
            label_at = -1
        if out and out[-1].kind in (v.SUB, v.SUP) and _labels_a_brace(out, begun):
            label_at = len(out) - 1
    return out


def _labels_a_brace(out: list[Token], begun: dict[int, int]) -> bool:
    start = begun.get(len(out) - 2)
    if start is None or start < 1:
        return False
    return (out[start - 1].kind, out[-1].kind) in ((v.BRACE_BELOW, v.SUB), (v.BRACE_ABOVE, v.SUP))


def _add(out: list[Token], token: Token, begun: dict[int, int]) -> None:
    if out:
        last = out[-1]
        font = last.kind == v.FONT or (last.kind == v.SWITCH and not (len(out) > 1 and out[-2].kind == v.OPEN))
        if font and token.kind in (v.LETTER, v.NUMBER, v.FUNCTION, v.WORD):
            out[-1] = _styled(token, last.text)._replace(glued=last.glued)
            return
        if token.kind == v.RELATION:
            token = _relation(out, token, begun)
        elif token.kind == v.FUNCTION and last.kind == v.FUNCTION and last.text == "arg":
            out.pop()
            token = token._replace(text=f"arg{token.text}", start=last.start, glued=last.glued)
    out.append(token)


def _relation(out: list[Token], token: Token, begun: dict[int, int]) -> Token:
    """The relation ``token`` joined with what stands before it."""
    last = out[-1]
    scripted = len(out) > 1 and out[-2].kind in (v.SUB, v.SUP)
    joined = None if scripted else _RELATION_PAIRS.get((last.kind, last.text, token.text))
    if joined is None and token.glued and not scripted:
        joined = _GLUED_PAIRS.get((last.kind, last.text, token.text))
    if joined is not None:
        out.pop()
        return token._replace(text=joined, start=last.start, glued=last.glued)
    if last.kind == v.NOT:
        out.pop()
        return token._replace(text=_NEGATED.get(token.text, f"\\not{token.text}"), start=last.start)
    start = begun.get(len(out) - 1, len(out) - 1)
    if start > 0 and out[start - 1].kind == v.STACKED:
        label = "".join(t.text for t in out[start:]).strip("{}")
        first = out[start - 1]
        del out[start - 1 :]
        return token._replace(text=_stacked(label, token.text), start=first.start)
    return token


def _stacked(label: str, relation: str) -> str:
    """``=`` under ``def`` defines; under ``!``, ``?``, ``d`` … it says something else; under a remark it is ``=``."""
    if relation == "=" and label in _DEFINING:
        return ":="
    if label.startswith("(") or label.isdigit() or len(label) > 3:
        return relation
    return f"\\overset{{{label}}}{{{relation}}}"


def _close_group(out: list[Token], start: int, begun: dict[int, int]) -> None:
    """The group ``out[start:]`` has just been closed: apply a font, or take needless braces away."""
    before = out[start - 1] if start else None
    content = out[start + 1 : -1]
    if before is not None and before.kind in (v.FONT, v.SWITCH):
        styled = _font(before, content, Token(v.CLOSE, "}", out[start].start, out[-1].end))
        if styled is not None:
            out[start - 1 :] = [styled]
            return
        out[start + 1 : -1] = _restyled(content, before.text)
        del out[start - 1]
        start -= 1
    elif content and content[0].kind == v.SWITCH:
        style = content[0].text
        font = Token(v.FONT, style, content[0].start, content[0].end, out[start].glued, "")
        styled = _font(font, content[1:], Token(v.CLOSE, "}", out[start].start, out[-1].end))
        if styled is not None and styled.kind in (v.WORD, v.FUNCTION, v.LETTER):
            out[start:] = [styled]
            return
        out[start + 1 : -1] = [styled] if styled is not None else _restyled(content[1:], style)
    elif before is not None and before.kind == v.BOX and any(t.kind in (v.RELATION, v.ROW) for t in content):
        out[start - 1 :] = content
        return
    elif len(content) == 1 and content[0].kind in _ALONE:
        token = content[0]._replace(glued=out[start].glued)
        del out[start:]
        _add(out, token, begun)
        return
    begun[len(out) - 1] = start


def _font(font: Token, content: list[Token], whole: Token) -> Token | None:
    """One token for a group under a font: a styled symbol, or a word of several letters."""
    span = {"start": font.start, "end": whole.end}
    if len(content) == 1 and content[0].kind in (v.LETTER, v.NUMBER, v.WORD, v.FUNCTION):
        return _styled(content[0], font.text)._replace(**span, glued=font.glued)  # type: ignore[arg-type]
    letters = [t for t in content if not (t.kind == v.SIGN and t.text == "-")]
    if len(letters) < 2 or not all(t.kind in (v.LETTER, v.NUMBER, v.FUNCTION) and not t.style for t in letters):
        return None
    if letters[0].kind == v.NUMBER or any(t.kind == v.LETTER and len(t.text) > 1 for t in letters):
        return None
    word = "".join(t.text for t in content)
    if font.text not in v.UPRIGHT and not (len(word) > 2 and all(t.glued for t in content[1:])):
        return None
    known = word in v.BARE_WORDS or word in ("tr", "Tr")
    return Token(v.FUNCTION if known else v.WORD, word, font.start, whole.end, font.glued, font.text)


def _styled(token: Token, style: str) -> Token:
    if token.kind == v.NUMBER and style in (v.BOLD, "arrow", v.BLACKBOARD) and token.text in ("0", "1"):
        name = f"\\mathbb{{{token.text}}}" if style == v.BLACKBOARD else f"\\mathbf{{{token.text}}}"
        return token._replace(kind=v.LETTER, text=name)
    if token.kind != v.LETTER:
        return token
    spelled = v.SPELLED.get(style)
    if spelled is not None and not (style == v.BLACKBOARD and not token.text.isupper()):
        return token._replace(text=f"{spelled}{{{token.text}}}") if not token.text.startswith(spelled) else token
    return token._replace(style=style)


def _restyled(content: list[Token], style: str) -> list[Token]:
    """The letters of a longer group styled, those in its scripts left alone."""
    out: list[Token] = []
    script = 0
    for position, token in enumerate(content):
        previous = content[position - 1].kind if position else ""
        if token.kind == v.OPEN and (script or previous in (v.SUB, v.SUP)):
            script += 1
        elif token.kind == v.CLOSE and script:
            script -= 1
        plain = script == 0 and previous not in (v.SUB, v.SUP) and token.kind in (v.LETTER, v.NUMBER)
        out.append(_styled(token, style) if plain and token.style is None else token)
    return out


# --------------------------------------------------------------------------- partners and rows

_HARD = {v.OPEN: v.CLOSE, v.BEGIN: v.FINISH, v.LEFT: v.RIGHT}
_CLOSERS = {v.CLOSE: v.OPEN, v.FINISH: v.BEGIN, v.RIGHT: v.LEFT}
_SEPARATORS = frozenset({v.AMP, v.ROW, v.QUAD})
_NAMES = {v.OPEN: "{", v.BEGIN: "\\begin", v.LEFT: "\\left"}
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
                raise _too_deep(token.span)
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


def _too_deep(span: Span) -> ParseError:
    return ParseError(
        "syntax",
        span,
        f"brackets nested more than {MAX_DEPTH} deep",
        "give the inner part a name and write the formula in two steps",
    )


_OPERATORS = frozenset({v.SIGN, v.PRODUCT, v.RELATION})


def _separated(tokens: list[Token], partner: dict[int, int], top: set[int]) -> Arranged:
    """Runs of separators at the top become one ``ROW``, ``QUAD`` or ``COLUMN``, or nothing where a formula goes on."""
    related = _relation_ahead(tokens, partner, top)
    out: list[Token] = []
    moved: dict[int, int] = {}
    position = 0
    row_has_relation = False
    while position < len(tokens):
        if position not in top:
            moved[position] = len(out)
            row_has_relation = row_has_relation or tokens[position].kind in (v.RELATION, v.COLON)
            out.append(tokens[position])
            position += 1
            continue
        start = position
        while position in top:
            position += 1
        run = tokens[start:position]
        kind = _separator(run, _operator_before(out), tokens[position], related[position])
        if kind is None and out and out[-1].kind == v.TEXT and any(token.kind == v.ROW for token in run):
            kind = v.ROW  # the row ended with a remark
        if kind == v.COLUMN and not row_has_relation:
            raise ParseError(
                "syntax",
                run[0].span,
                "an alignment mark & between two formulas without a relation",
                "take the & away, or put it before the =",
            )
        row_has_relation = row_has_relation and kind != v.ROW
        if kind is not None:
            out.append(Token(kind, run[0].text, run[0].start, run[-1].end))
    return Arranged(out, {moved[a]: moved[b] for a, b in partner.items()})


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
