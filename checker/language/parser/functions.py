"""Names, numbers, functions and big operators."""

from __future__ import annotations

from fractions import Fraction

from checker.language import vocabulary as v
from checker.language.parser import derivatives, groups, scripts
from checker.language.parser.core import Parser
from checker.language.surface import (
    BigOperator,
    Call,
    Derivative,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    ParseError,
    Relation,
    Root,
    Scripted,
    Terms,
    Tree,
)
from checker.language.tokens import Token


def number(parser: Parser) -> Tree:
    token = parser.advance()
    value = Fraction(int(token.text)) if token.text.isdigit() else Fraction(token.text)
    return Number(token.span, value, token.text)


_EXPECTATION = "\\mathbb{E}"


def letter(parser: Parser) -> Tree:
    """A name; or the beginning of ``exp(…)``, of ``dE/dw``, of ``w11``, of an expectation."""
    begin, token = parser.at, parser.token
    following = parser.tokens[parser.at + 1]
    if following.glued and following.kind == v.LETTER and token.text.isascii() and len(token.text) == 1:
        word = _function_word(parser)
        if word is not None:
            return _named(parser, word, begin)
    if token.text == "d" and derivatives.is_slashed_differential(parser):
        return derivatives.slashed(parser, "d")
    start = parser.at
    parser.advance()
    if (
        following.kind == v.NUMBER
        and following.glued
        and not parser.script
        and len(token.text) == 1
        and following.text.isdigit()
    ):
        parser.advance()
        return Name(parser.span_from(start), token.text + following.text, style=token.style)
    if token.text == _EXPECTATION:
        return _expectation(parser, Name(token.span, token.text), start)
    if token.text in ("\\Sigma", "\\Pi") and _has_range(parser):
        return _big(parser, "sum" if token.text == "\\Sigma" else "prod", start)
    return Name(token.span, token.text, style=token.style)


def _has_range(parser: Parser) -> bool:
    """Whether a letter Σ is used as a sum sign: a relation stands in its subscript."""
    if parser.token.kind != v.SUB or parser.tokens[parser.at + 1].kind != v.OPEN:
        return False
    inside = parser.tokens[parser.at + 2 : parser.partner[parser.at + 1]]
    return any(token.kind == v.RELATION and token.text in ("=", "\\in") for token in inside)


def _function_word(parser: Parser) -> Name | None:
    """A known function spelled in plain letters, the letters read: ``exp(``, ``softmax[``, ``log x``."""
    letters, place = "", parser.at
    while len(letters) < 12:
        token = parser.tokens[place]
        if token.kind != v.LETTER or len(token.text) > 1 or token.style or not (token.glued or place == parser.at):
            break
        letters += token.text
        place += 1
    after = parser.tokens[place]
    if letters in v.CALLED_WORDS and after.kind in (v.DELIMITER, v.LEFT) and after.text in ("(", "[", "{"):
        pass
    elif parser.script or letters not in v.BARE_WORDS | v.ACRONYMS or (parser.token.glued and _letter_before(parser)):
        return None
    first = parser.token
    parser.at = place
    return Name((first.start, parser.tokens[place - 1].end), letters, upright=True)


def _letter_before(parser: Parser) -> bool:
    return parser.at > 0 and parser.tokens[parser.at - 1].kind == v.LETTER


# ------------------------------------------------------------------------------------- functions


def function(parser: Parser) -> Tree:
    """``\\log x``, ``\\tanh^2 z``, ``\\max\\{0, x\\}``, ``\\max_k x_k``; alone, it is the function's name."""
    start = parser.at
    token = parser.advance()
    return _named(parser, Name(token.span, token.text, upright=True), start)


def word(parser: Parser) -> Tree:
    """An upright name of several letters: a function when a parenthesis follows, otherwise a name."""
    start = parser.at
    token = parser.advance()
    style = None if token.style in (None, v.ROMAN) else token.style
    name = Name(token.span, token.text, True, style)
    if token.text in v.CALLED_WORDS:
        return _named(parser, name, start, bare=False)
    named = scripts.scripted(parser, name, start)
    if _opens(parser.token):
        return _call(parser, name, named, start)
    return named


def _opens(token: Token) -> bool:
    return token.kind in (v.DELIMITER, v.LEFT) and token.text in ("(", "[")


def _named(parser: Parser, name: Name, start: int, bare: bool = True) -> Tree:
    """A known function with its scripts and arguments."""
    if name.name in v.LIMIT_FUNCTIONS and parser.token.kind in (v.SUB, v.SUP) and _is_limit(parser):
        return _big(parser, name.name, start)
    named = scripts.scripted(parser, name, start)
    if isinstance(named, Scripted) and named.base is not name and not isinstance(named.base, Scripted):
        return named
    token = parser.token
    if token.kind in (v.DELIMITER, v.LEFT) and token.text in ("(", "[", "{") and not _is_open_case(parser):
        return _call(parser, name, named, start)
    if token.kind == v.OPEN and bare:
        argument = groups.braces(parser)
        if name.name == "sqrt":
            return Root(parser.span_from(start), argument)
        return Call(parser.span_from(start), name, (argument,), _only_scripts(named))
    if bare and (parser.starts_factor() or (token.kind == v.BAR and not parser.bars)):
        argument = _bare_argument(parser)
        return Call(parser.span_from(start), name, (argument,), _only_scripts(named), True)
    if bare and token.kind == v.SIGN and parser.tokens[parser.at + 1].kind in parser.readers and _is_argument(parser):
        sign_at = parser.at
        sign = parser.sign()
        inner = _bare_argument(parser)
        argument = Terms(parser.span_from(sign_at), (inner,), (sign,)) if sign < 0 else inner
        return Call(parser.span_from(start), name, (argument,), _only_scripts(named), True)
    return named


def _is_open_case(parser: Parser) -> bool:
    """``\\left\\{ … \\right.``"""
    return parser.token.kind == v.LEFT and parser.tokens[parser.partner[parser.at]].text == "."


def _is_argument(parser: Parser) -> bool:
    """``\\exp -x``: a sign glued to what follows but not to what stands before belongs to the argument."""
    return parser.tokens[parser.at + 1].glued and parser.token.text == "-" and not parser.token.glued


def _is_limit(parser: Parser) -> bool:
    """``\\max_k x_k`` ranges over k; ``\\max^2`` does not."""
    return parser.token.kind == v.SUB


def _only_scripts(scripts: Tree) -> Scripted | None:
    return scripts if isinstance(scripts, Scripted) else None


def _call(parser: Parser, name: Name, scripts: Tree, start: int) -> Tree:
    group = groups.left_right(parser) if parser.token.kind == v.LEFT else groups.delimited(parser)
    items = group.items if isinstance(group, Group) and group.kind in ("(", "[", "{") else (group,)
    if name.name == "sqrt" and len(items) == 1 and scripts is name:
        return Root(parser.span_from(start), items[0])
    return Call(parser.span_from(start), name, items, _only_scripts(scripts))


def _bare_argument(parser: Parser) -> Tree:
    """The argument of a function without parentheses: what is juxtaposed, up to an operator, a function, a fraction
    or an opening parenthesis.  A parenthesis right after a name is taken along: ``\\log \\sigma(x)``."""
    start = parser.at
    factors = [parser.factor(first=True)]
    while _goes_on(factors[-1]):
        token = parser.token
        if token.kind in (v.DELIMITER, v.LEFT):
            if token.text in ("(", "[") and _is_name(factors[-1]):
                factors.append(parser.factor())
            break
        if token.kind not in _CONTINUING and not (token.kind == v.FRACTION and _is_constant(factors[-1])):
            break
        if token.kind == v.LETTER and token.text == "d" and derivatives.is_slashed_differential(parser):
            break
        factors.append(parser.factor())
    if len(factors) == 1:
        return factors[0]
    return Factors(parser.span_from(start), tuple(factors), ("",) * (len(factors) - 1))


_CONTINUING = frozenset({v.LETTER, v.NUMBER, v.WORD, v.OPEN, v.ROOT, v.ACCENT, v.NORM})


def _goes_on(tree: Tree) -> bool:
    inner = tree.base if isinstance(tree, Scripted) else tree
    return not isinstance(inner, (Call, BigOperator, Fraction_, Derivative)) and not (
        isinstance(inner, Group) and inner.kind in ("(", "[", "{")
    )


def _is_name(tree: Tree) -> bool:
    return isinstance(tree, Name) or (isinstance(tree, Scripted) and _is_name(tree.base))


def _is_constant(tree: Tree) -> bool:
    return isinstance(tree, Number) or (isinstance(tree, Name) and tree.name == "\\pi")


# --------------------------------------------------------------------------------- big operators


def big(parser: Parser) -> Tree:
    start = parser.at
    return _big(parser, parser.advance().text, start)


def _big(parser: Parser, operator: str, start: int) -> Tree:
    """``\\sum_{lower}^{upper}`` and its body, the product that follows."""
    lower: tuple[Tree, ...] = ()
    upper: Tree | None = None
    seen: set[str] = set()
    while parser.token.kind in (v.SUB, v.SUP):
        kind = parser.token.kind
        if kind in seen:
            raise scripts.doubled(parser, "subscript" if kind == v.SUB else "superscript", start)
        seen.add(kind)
        parser.advance()
        if kind == v.SUB:
            lower = _lower(parser)
        else:
            upper = scripts.slots(parser)[0]
    body = parser.scope()
    if body is None:
        span = parser.span_from(start)
        shown = parser.shown(span)
        raise ParseError("syntax", span, f"{shown} with nothing after it", f"write what {shown} ranges over")
    return BigOperator(parser.span_from(start), operator, lower, upper, body)


def _expectation(parser: Parser, name: Name, start: int) -> Tree:
    """``\\mathbb{E}_{x}[…]``; without brackets it is a name."""
    lower: tuple[Tree, ...] = ()
    if parser.token.kind == v.SUB:
        parser.advance()
        lower = _lower(parser)
    if not _opens(parser.token):
        return Scripted(parser.span_from(start), name, lower) if lower else name
    group = groups.left_right(parser) if parser.token.kind == v.LEFT else groups.delimited(parser)
    return BigOperator(parser.span_from(start), "E", lower, None, group)


def _lower(parser: Parser) -> tuple[Tree, ...]:
    start = parser.at
    words = next((t for t in parser.tokens[start : parser.partner.get(start, start)] if t.kind == v.TEXT), None)
    if words is not None:
        raise ParseError(
            "words", words.span, f"the condition “{words.text}” in words", "write the condition as a formula"
        )
    parts: list[Tree] = []
    for part in scripts.slots(parser):
        parts.extend(_such_that(part))
    return tuple(parts)


def _such_that(part: Tree) -> tuple[Tree, ...]:
    """``i : y_i = 1`` is the index and its condition."""
    if isinstance(part, Relation) and part.operators[0] in (":", "\\mid"):
        first, *rest = part.operands
        if len(rest) == 1:
            return first, rest[0]
        return first, Relation((rest[0].span[0], part.span[1]), tuple(rest), part.operators[1:])
    return (part,)


def stacked(parser: Parser) -> Tree:
    """``\\underset{k}{\\max} x_k``: an operator with its range below.  Over other symbols it is refused."""
    start = parser.at
    command = parser.advance()
    lower = scripts.slots(parser)
    base = parser.token
    if base.kind == v.OPEN:
        inside = parser.tokens[parser.at + 1 : parser.partner[parser.at]]
        base = inside[0] if len(inside) == 1 else base
    if command.text == "\\underset" and (base.kind == v.BIG or base.text in v.LIMIT_FUNCTIONS):
        parser.at = parser.at + 1 if parser.token is base else parser.partner[parser.at] + 1
        body = parser.scope()
        if body is not None:
            return BigOperator(parser.span_from(start), base.text, lower, None, body)
    span = parser.span_from(start)
    raise ParseError("outside", span, f"{parser.shown(span)} over or under a symbol", "write a subscript or a new name")
