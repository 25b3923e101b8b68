"""Brackets and matrices that hold nothing but words: remarks beside a formula.

``a = b \\quad (\\text{by symmetry})`` and a matrix of explanations say something of the formula and are no part of it.
"""

from __future__ import annotations

from checker.language import vocabulary as v
from checker.language.tokens import Token

_OPENS = {v.BEGIN: v.FINISH, v.OPEN: v.CLOSE, v.DELIMITER: v.ENDER}
_INSIDE = frozenset({v.TEXT, v.ROW, v.AMP, v.QUAD, v.COMMA, v.SWITCH})
_BEFORE = frozenset({v.AMP, v.QUAD, v.ROW, v.COMMA, v.PERIOD, v.TEXT, v.SWITCH, v.OPEN, v.BEGIN})


def collapsed(tokens: list[Token]) -> list[Token]:
    """The tokens, with brackets and matrices that hold nothing but words as words."""
    if not any(token.kind == v.TEXT for token in tokens):
        return tokens
    out: list[Token] = []
    for token in tokens:
        out.append(token)
        if token.kind in (v.FINISH, v.CLOSE, v.ENDER):
            _collapse_last(out)
    return out


def _collapse_last(out: list[Token]) -> None:
    """Replace the bracket that has just been closed, if there are only words in it."""
    closing = out[-1]
    at = len(out) - 2
    while at >= 0 and out[at].kind in _INSIDE:
        at -= 1
    inside = out[at + 1 : -1]
    if at < 0 or _OPENS.get(out[at].kind) != closing.kind or not any(t.kind == v.TEXT for t in inside):
        return
    opening = out[at]
    if (opening.kind == v.BEGIN and opening.text not in v.MATRICES) or (at and out[at - 1].kind not in _BEFORE):
        return
    words = "(" + " ".join(t.text for t in inside if t.kind == v.TEXT) + ")"
    out[at:] = [Token(v.TEXT, words, opening.start, closing.end, opening.glued)]
