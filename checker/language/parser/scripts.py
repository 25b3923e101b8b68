"""Subscripts, superscripts and primes: labels, transposes, place holders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checker.language import vocabulary as v
from checker.language.surface import Factors, Group, Hole, Name, Number, ParseError, Scripted, Span, Terms, Tree
from checker.language.tokens import Token

if TYPE_CHECKING:
    from checker.language.parser.core import Parser

_MARKS = frozenset({v.SIGN, v.PRODUCT, v.COLON})
_NAMES = frozenset({v.LETTER, v.FUNCTION, v.WORD, v.TEXT})
_PART_ENDS = frozenset({v.COMMA, v.SEMICOLON, v.ROW})
_LABEL_BRACKETS = frozenset({"(", "[", "<"})


def scripted(parser: Parser, base: Tree, start: int) -> Tree:
    """``base`` with the subscripts, superscripts and primes that follow."""
    if isinstance(base, Terms):
        raise parser.invisible(base)
    subscripts: tuple[Tree, ...] | None = None
    superscripts: tuple[Tree, ...] | None = None
    outer: tuple[Tree, ...] = ()
    brackets = ""
    primes = 0
    while True:
        token = parser.token
        kind = token.kind
        if kind == v.SUB:
            if subscripts is not None:
                raise doubled(parser, "subscript", start)
            parser.advance()
            subscripts = slots(parser)
        elif kind == v.SUP:
            parser.advance()
            if more := _raised_primes(parser):
                primes += more
                continue
            if superscripts is not None:
                parser.at -= 1
                raise doubled(parser, "superscript", start)
            superscripts, brackets, outer = _raised(parser, base)
        elif kind == v.PRIME:
            primes += len(parser.advance().text)
        else:
            break
    span = parser.span_from(start)
    if isinstance(base, Factors):
        base = _word(parser, base, superscripts)
    if subscripts is None and superscripts is None and not primes:
        return base
    tree = Scripted(span, base, subscripts or (), superscripts or (), brackets, primes)
    return Scripted(span, tree, (), outer) if outer else tree


def doubled(parser: Parser, which: str, start: int) -> ParseError:
    """The error of a second script; the place is at its mark."""
    span = parser.span_from(start)
    mark = "_" if which == "subscript" else "^"
    return ParseError(
        "syntax",
        span,
        f"a second {which} after {parser.shown(span)}",
        f"write one group such as {mark}{{…}}, or braces around the part that carries the first",
    )


def _word(parser: Parser, base: Factors, superscripts: tuple[Tree, ...] | None) -> Tree:
    """``{net}_j``: letters in braces that carry a subscript are one name."""
    letters = [f.name for f in base.factors if isinstance(f, Name) and len(f.name) == 1]
    if len(letters) == len(base.factors) and len(letters) > 2 and not any(base.operators):
        return Name(base.span, "".join(letters), upright=True)
    if superscripts is not None:
        raise parser.invisible(base)
    return base


def _raised_primes(parser: Parser) -> int:
    """``^{\\prime}``, ``^\\prime``, ``^{''}``: how many primes, with the tokens read."""
    if parser.token.kind == v.PRIME:
        return len(parser.advance().text)
    if parser.token.kind != v.OPEN:
        return 0
    inside = parser.tokens[parser.at + 1 : parser.partner[parser.at]]
    if not inside or any(token.kind != v.PRIME for token in inside):
        return 0
    parser.at = parser.partner[parser.at] + 1
    return sum(len(token.text) for token in inside)


def slots(parser: Parser) -> tuple[Tree, ...]:
    """The comma-separated parts of a script: a group in braces, or a single token."""
    if parser.token.kind != v.OPEN:
        return (_single(parser),)
    end = parser.partner[parser.at]
    opening = parser.advance()
    parser.script += 1
    bars, parser.bars = parser.bars, []
    parts = _parts(parser, end, opening)
    parser.bars = bars
    parser.script -= 1
    parser.at = end + 1
    return parts


def _parts(parser: Parser, end: int, opening: Token) -> tuple[Tree, ...]:
    if parser.at == end:
        return (Hole((opening.start, parser.tokens[end].end)),)
    inside = parser.tokens[parser.at : end]
    if len(inside) <= 2 and all(token.kind in _MARKS for token in inside):
        return (Hole(_span_of(parser, parser.at, end), "".join(token.text for token in inside)),)
    if parser.token.kind == v.SUBSTACK and parser.tokens[parser.at + 1].kind == v.OPEN:
        parser.at += 1
        stack_end = parser.partner[parser.at]
        stacked = _parts(parser, stack_end, parser.advance())
        parser.at = stack_end + 1
        return stacked
    parts: list[Tree] = []
    while parser.at < end:
        parts.append(parser.condition())
        if parser.at < end and parser.token.kind not in _PART_ENDS:
            raise parser.expected("a comma or the closing brace", "separate the indices by commas")
        while parser.at < end and parser.token.kind in _PART_ENDS:
            parser.advance()
    return tuple(parts)


def _span_of(parser: Parser, start: int, end: int) -> Span:
    return parser.tokens[start].start, max(parser.tokens[end - 1].end, parser.tokens[start].end)


def _single(parser: Parser) -> Tree:
    """A script of one token: ``x_i``, ``x^2``, ``x^*``.  ``x_12`` prints as x₁2 and is refused."""
    token = parser.token
    if token.kind in _MARKS:
        return parser.hole()
    if token.kind == v.NUMBER and len(token.text) > 1:
        mark = parser.tokens[parser.at - 1].text
        raise ParseError(
            "syntax",
            token.span,
            f"{mark}{token.text}, of which only {mark}{token.text[0]} is a script in print",
            f"write {mark}{{{token.text}}}",
        )
    if token.kind in _NAMES:
        parser.advance()
        return Name(token.span, token.text, token.kind != v.LETTER, token.style)
    if token.kind not in parser.readers or token.kind in (v.DELIMITER, v.LEFT):
        raise parser.expected("a script", "write it in braces: x_{…} or x^{…}")
    parser.script += 1
    tree = parser.entered(parser.readers[token.kind])
    parser.script -= 1
    return tree


def _raised(parser: Parser, base: Tree) -> tuple[tuple[Tree, ...], str, tuple[Tree, ...]]:
    """A superscript: its parts, its brackets, and what stood outside them (``(l)T``)."""
    parts = slots(parser)
    if len(parts) != 1 or isinstance(base, Number):
        return parts, "", ()
    part = parts[0]
    if isinstance(part, Group) and part.kind in _LABEL_BRACKETS:
        return part.items, part.kind, ()
    split = _label_and_more(part)
    if split is None:
        return parts, "", ()
    label, outer = split
    if isinstance(label, Group):
        return label.items, label.kind, (outer,)
    return (label,), "", (outer,)


def _is_transpose(tree: Tree) -> bool:
    return isinstance(tree, Name) and tree.name in ("T", "\\top")


def _is_one(tree: Tree) -> bool:
    return isinstance(tree, Number) and tree.text == "1"


def _label_and_more(part: Tree) -> tuple[Tree, Tree] | None:
    """``(l)T``, ``[l]\\top``, ``(2)-1``, ``T(l)``, ``(l)^T``, ``l\\top``: the label, and what applies to the result."""
    match part:
        case Factors(factors=(Group(kind=kind) as label, more), operators=("",)) if kind in _LABEL_BRACKETS:
            if _is_transpose(more) or isinstance(more, (Number, Hole)):
                return label, more
        case Factors(factors=(more, Group(kind=kind) as label), operators=("",)) if kind in _LABEL_BRACKETS:
            if _is_transpose(more):
                return label, more
        case Factors(factors=(label, Name(name="\\top") as more), operators=("",)):
            return label, more
        case Terms(terms=(Group(kind=kind) as label, more), signs=(1, -1)) if kind in _LABEL_BRACKETS:
            if _is_one(more) or _is_transpose(more):
                return label, Terms(more.span, (more,), (-1,))
        case Scripted(base=Group(kind=kind) as label, subscripts=(), superscripts=(more,), primes=0):
            if kind in _LABEL_BRACKETS and _is_transpose(more):
                return label, more
        case _:
            pass
    return None


def words_as_name(parser: Parser) -> Tree:
    """Words in a script are a name: ``W_{\\text{in}}``."""
    token = parser.advance()
    return Name(token.span, token.text, upright=True)
