"""Fonts applied to their letters, relations typed in pieces joined, needless braces taken away.

``\\mathbf{x}`` is the letter x, ``\\mathrm{ReLU}`` one word; ``:=``, ``{\\small +}{=}``, ``\\overset{!}{=}``
and ``\\not=`` are one relation each; the label of an underbrace is dropped.
"""

from __future__ import annotations

from checker.language import vocabulary as v
from checker.language.tokens import MAX_DEPTH, Token, too_deep

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


def join(tokens: list[Token]) -> list[Token]:
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
                raise too_deep(token.span)
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
            out[-1] = _styled(token, last.text)._replace(start=last.start, glued=last.glued)
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
