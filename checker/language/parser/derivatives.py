"""Derivatives in all their spellings: fractions, slashes, ``\\partial_x``, ``\\nabla_W``."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language import vocabulary as v
from checker.language.parser import scripts
from checker.language.parser.core import Parser
from checker.language.surface import (
    Derivative,
    Factors,
    Fraction_,
    Group,
    Hole,
    Logic,
    Number,
    ParseError,
    Relation,
    Scripted,
    Terms,
    Tree,
)
from checker.language.tokens import Token

_MARKED = "differential"  # the kind given to a ∂ below the line, where it ends the variable before it
_SYMBOLS = {"d": "d", "\\delta": "delta", "\\partial": "partial"}
_FOLLOWING = frozenset(
    {v.LETTER, v.WORD, v.FUNCTION, v.OPEN, v.DELIMITER, v.LEFT, v.ACCENT, v.BIG, v.FRACTION, v.ROOT, v.PARTIAL, v.NABLA}
)


def fraction(parser: Parser) -> Tree:
    """``\\frac{…}{…}``: a derivative when both sides begin with ∂ (d, δ), otherwise a plain fraction."""
    start = parser.at
    above = _argument_range(parser, start + 1)
    below = _argument_range(parser, above[2])
    symbol = _symbol(parser, start, above, below)
    if symbol is not None:
        return _derivative(parser, start, above, below, symbol)
    parser.advance()
    numerator = parser.argument("\\frac")
    denominator = parser.argument("\\frac")
    return Fraction_(parser.span_from(start), numerator, denominator)


_Range = tuple[int, int, int]  # first token, the place after the last, the place where reading goes on


def _argument_range(parser: Parser, place: int) -> _Range:
    if place < len(parser.tokens) and parser.tokens[place].kind == v.OPEN:
        end = parser.partner[place]
        return place + 1, end, end + 1
    return place, min(place + 1, len(parser.tokens) - 1), min(place + 1, len(parser.tokens) - 1)


def _symbol(parser: Parser, start: int, above: _Range, below: _Range) -> str | None:
    """Which derivative the fraction is; None for a plain one.  A forgotten ∂ is an error."""
    upper, lower = _differential(parser, above, True), _differential(parser, below, False)
    if upper is None and lower == "partial" and below[1] > below[0]:
        raise _forgotten(parser, start, above, below, upper=True)
    if upper == "partial" and lower is None:
        raise _forgotten(parser, start, above, below, upper=False)
    if upper is None or lower is None:
        return None
    return "partial" if "partial" in (upper, lower) else upper if upper == lower else None


def _differential(parser: Parser, where: _Range, above: bool) -> str | None:
    """The sign of differentiation a side of a fraction begins with."""
    first, end, _ = where
    tokens = parser.tokens
    if first < end and tokens[first].kind == v.SIGN:
        first += 1
    if first >= end:
        return None
    token = tokens[first]
    if token.kind == v.PARTIAL:
        if tokens[first + 1].kind == v.SUB or _has_slash(parser, first, end):
            return None  # ∂_x f, or ∂E/∂w written inside the fraction
        return "partial"
    if token.kind != v.LETTER or token.text not in ("d", "\\delta") or token.style not in (None, v.ROMAN):
        return None
    following = first + 1
    if following < end and tokens[following].kind == v.SUP:
        following = _argument_range(parser, following + 1)[2]
    alone = following >= end
    if alone and above and token.text == "d":
        return "d"
    if alone or tokens[following].kind not in _FOLLOWING:
        return None
    return _SYMBOLS[token.text]


def _has_slash(parser: Parser, first: int, end: int) -> bool:
    return any(
        parser.tokens[place].text == "/" and parser.tokens[place + 1].kind == v.PARTIAL
        for place in _top_level(parser, first, end)
    )


def _top_level(parser: Parser, first: int, end: int) -> Iterator[int]:
    """The places from ``first`` to ``end`` that no bracket encloses."""
    depth, place = 0, first
    while place < end:
        kind = parser.tokens[place].kind
        if place in parser.partner:
            place = parser.partner[place] + 1
            continue
        if kind == v.ENDER:
            depth -= 1
        if depth <= 0:
            yield place
        if kind == v.DELIMITER:
            depth += 1
        place += 1


def _forgotten(parser: Parser, start: int, above: _Range, below: _Range, upper: bool) -> ParseError:
    span = parser.tokens[start].start, max(parser.tokens[below[2] - 1].end, parser.tokens[start].end)
    over, under = (_range_text(parser, side) for side in (above, below))
    where = "upper" if upper else "lower"
    mended = f"\\frac{{\\partial {over}}}{{{under}}}" if upper else f"\\frac{{{over}}}{{\\partial {under}}}"
    return ParseError(
        "syntax", span, f"{parser.shown(span)}, a derivative without its {where} \\partial", f"write {mended}"
    )


def _range_text(parser: Parser, side: _Range) -> str:
    if side[0] >= side[1]:
        return ""
    return parser.shown((parser.tokens[side[0]].start, parser.tokens[side[1] - 1].end))


def _derivative(parser: Parser, start: int, above: _Range, below: _Range, symbol: str) -> Tree:
    parser.at = above[0]
    bars, parser.bars = parser.bars, []
    sign = parser.sign() if parser.token.kind == v.SIGN else 1
    parser.advance()
    order = _order(parser) if parser.token.kind == v.SUP else 1
    operand = None
    if parser.at < above[1]:
        operand = parser.condition()
        if parser.at != above[1]:
            raise parser.expected("the end of the numerator", "write the derivative of one expression")
    variables = _variables(parser, below, order, start)
    parser.bars = bars
    prefix = operand is None
    if prefix:
        operand = _operand(parser, start)
    tree = Derivative(parser.span_from(start), operand, variables, symbol, prefix)
    return Terms(tree.span, (tree,), (-1,)) if sign < 0 else tree


def _operand(parser: Parser, start: int) -> Tree | None:
    """What a derivative that stands before its operand applies to."""
    if parser.token.kind == v.PRODUCT:
        span = parser.span_from(start)
        raise ParseError(
            "syntax",
            (span[0], parser.token.end),
            f"{parser.shown(span)} followed by {parser.shown(parser.token.span)}",
            "write what is differentiated right after the derivative sign",
        )
    return _scope(parser, start)


def _scope(parser: Parser, start: int) -> Tree | None:
    """The product that follows; refused where a bracket may be meant to end it, as in ``\\frac{d}{dx} [u] v``."""
    operand = parser.scope()
    if isinstance(operand, Factors) and _delimits(operand.factors[0]):
        span = parser.span_from(start)
        bracket = parser.shown(operand.factors[0].span)
        raise ParseError(
            "syntax",
            span,
            f"{parser.shown(span)}, which may be the derivative of the product or of {bracket} alone",
            "put all that is differentiated into one pair of brackets, and other factors before the derivative",
        )
    return operand


def _delimits(tree: Tree) -> bool:
    """Whether the tree is an expression in plain brackets (a condition in brackets is an indicator)."""
    if not isinstance(tree, Group) or tree.kind not in ("(", "[", "{") or len(tree.items) != 1:
        return False
    return not isinstance(tree.items[0], (Relation, Logic))


def _order(parser: Parser) -> int:
    """The order in ``\\partial^2``."""
    parser.advance()
    token = parser.token
    slots = scripts.slots(parser)
    order = slots[0]
    if len(slots) == 1 and isinstance(order, Number) and order.text.isdigit() and 0 < int(order.text) < 10:
        return int(order.text)
    raise ParseError("outside", token.span, "a derivative of unknown order", "write the order as a number from 1 to 9")


def _variables(parser: Parser, below: _Range, order: int, start: int) -> tuple[Tree, ...]:
    """The variables below the line, repeated as their orders say; together they make up ``order``."""
    _mark(parser, below, order)
    parser.at = below[0]
    found: list[Tree] = []
    written: list[int] = []
    while parser.at < below[1]:
        if parser.token.kind != _MARKED:
            raise parser.expected("\\partial or the end of the denominator", "write \\partial before every variable")
        parser.advance()
        written.append(_order(parser) if parser.token.kind == v.SUP else 1)
        variable = parser.terms()
        if isinstance(variable, Terms):
            raise ParseError(
                "syntax", variable.span, f"a derivative by the sum {parser.shown(variable.span)}", "give the sum a name"
            )
        found.append(variable)
    parser.at = below[2]
    return _repeated(parser, found, written, order, parser.span_from(start))


def _mark(parser: Parser, below: _Range, order: int) -> None:
    """Turn the ∂ (or d) that begin a variable into tokens that end the variable before."""
    tokens = parser.tokens
    first = tokens[below[0]]
    for place in list(_top_level(parser, below[0], below[1])):
        token = tokens[place]
        scripted = place > below[0] and tokens[place - 1].kind in (v.SUB, v.SUP)
        again = token.kind == first.kind and token.text == first.text and not scripted
        if (
            place == below[0]
            or (again and token.kind == v.PARTIAL and tokens[place + 1].kind != v.SUB)
            or (again and order > 1 and tokens[place - 1].kind != _MARKED and tokens[place + 1].kind in _FOLLOWING)
        ):
            tokens[place] = token._replace(kind=_MARKED)


def _repeated(
    parser: Parser, found: list[Tree], written: list[int], order: int, span: tuple[int, int]
) -> tuple[Tree, ...]:
    if sum(written) == order:
        return tuple(tree for tree, times in zip(found, written, strict=True) for _ in range(times))
    variables: list[Tree] = []
    for tree, times in zip(found, written, strict=True):
        stripped, power = _without_power(tree)
        variables.extend([stripped if power > 1 else tree] * (power * times))
    if len(variables) != order:
        raise ParseError(
            "syntax",
            span,
            f"{parser.shown(span)}, of order {order} above and {len(variables)} below",
            "make the orders equal, or write \\cdot between factors that are no differentials",
        )
    return tuple(variables)


def _without_power(tree: Tree) -> tuple[Tree, int]:
    """``x^2`` below a line is x, twice."""
    match tree:
        case Scripted(superscripts=(Number(text=text),), brackets="") if text.isdigit() and 1 < int(text) < 10:
            bare = not tree.subscripts and not tree.primes
            inner = tree.base if bare else Scripted(tree.span, tree.base, tree.subscripts, (), "", tree.primes)
            return inner, int(text)
        case Factors(factors=(*_, last)):
            inner, power = _without_power(last)
            return Factors(tree.span, (*tree.factors[:-1], inner), tree.operators), power
        case _:
            return tree, 1


# ---------------------------------------------------------------------------- in the line, with /


def partial(parser: Parser) -> Tree:
    """``\\partial_x f`` or ``\\partial E/\\partial w``."""
    following = parser.tokens[parser.at + 1]
    place = parser.at + 1
    if following.kind == v.SUP:
        place = _argument_range(parser, place + 1)[2]
    if parser.tokens[place].kind == v.SUB:
        return _subscripted(parser, "partial")
    return slashed(parser, "partial")


def nabla(parser: Parser) -> Tree:
    return _subscripted(parser, "nabla")


def _subscripted(parser: Parser, symbol: str) -> Tree:
    """``\\partial_{x} f``, ``\\nabla_W L``, ``\\nabla^2_x f``, ``\\nabla f``."""
    start = parser.at
    parser.advance()
    order = 1
    variables: tuple[Tree, ...] = ()
    while parser.token.kind in (v.SUB, v.SUP):
        if parser.token.kind == v.SUP:
            order = _order(parser)
        elif variables:
            raise scripts.doubled(parser, "subscript", start)
        else:
            parser.advance()
            variables = scripts.slots(parser)
    span = parser.span_from(start)
    if symbol == "nabla" and parser.token.kind == v.PRODUCT:
        raise ParseError(
            "outside",
            span,
            f"{parser.shown(span)} as a divergence or curl",
            "write it with \\partial and a sum over indices",
        )
    if order > 1 and not variables:
        variables = (Hole(span, "\\nabla"),)
    operand = _scope(parser, start)
    return Derivative(parser.span_from(start), operand, _spread(variables, order), symbol, True)


def _spread(variables: tuple[Tree, ...], order: int) -> tuple[Tree, ...]:
    """``\\partial^2_{xy}`` has two variables, ``\\partial^2_x`` one twice."""
    if len(variables) != 1 or order == 1:
        return variables
    only = variables[0]
    if isinstance(only, Factors) and len(only.factors) == order and not any(only.operators):
        return only.factors
    return (only,) * order


def slashed(parser: Parser, symbol: str) -> Tree:
    """``\\partial E/\\partial w``, ``\\partial/\\partial x f``, ``dE/dw``."""
    start = parser.at
    parser.advance()
    order = _order(parser) if parser.token.kind == v.SUP else 1
    operand = None
    if parser.token.text != "/":
        operand = _juxtaposed(parser)
    if parser.token.text != "/" or not _is_sign(parser.tokens[parser.at + 1], symbol):
        span = parser.span_from(start)
        raise ParseError(
            "syntax",
            span,
            f"{parser.shown(span)} that is no part of a derivative",
            "write \\frac{\\partial …}{\\partial …}",
        )
    parser.advance()
    found: list[Tree] = []
    written: list[int] = []
    while _is_sign(parser.token, symbol) and (not found or sum(written) < order):
        parser.advance()
        written.append(_order(parser) if parser.token.kind == v.SUP else 1)
        found.append(parser.factor(first=True))
    variables = _repeated(parser, found, written, order, parser.span_from(start))
    prefix = operand is None
    if prefix:
        operand = _operand(parser, start)
    return Derivative(parser.span_from(start), operand, variables, symbol, prefix)


def _is_sign(token: Token, symbol: str) -> bool:
    return token.kind == v.PARTIAL if symbol == "partial" else token.kind == v.LETTER and token.text == "d"


def _juxtaposed(parser: Parser) -> Tree:
    """The factors up to the slash."""
    start = parser.at
    factors = [parser.factor(first=True)]
    while parser.starts_factor():
        factors.append(parser.factor())
    if len(factors) == 1:
        return factors[0]
    return Factors(parser.span_from(start), tuple(factors), ("",) * (len(factors) - 1))


_LONGEST_SCAN = 40


def is_slashed_differential(parser: Parser) -> bool:
    """Whether the letter d here begins ``dE/dw`` or ``d/dx``: looks ahead over one factor, reads nothing."""
    tokens, place = parser.tokens, parser.at
    upright = tokens[place].style == v.ROMAN
    place += 1
    if tokens[place].kind == v.SUP:
        place = _argument_range(parser, place + 1)[2]
    if tokens[place].text != "/":
        if tokens[place].kind not in (v.LETTER, v.ACCENT, v.WORD) or not (tokens[place].glued or upright):
            return False
        place = _after_factor(parser, place)
    if tokens[place].text != "/" or place + 2 >= len(tokens):
        return False
    lower, variable = tokens[place + 1], tokens[place + 2]
    if lower.kind != v.LETTER or lower.text != "d":
        return False
    return variable.kind in (v.LETTER, v.ACCENT, v.WORD) and (variable.glued or lower.style == v.ROMAN)


def _after_factor(parser: Parser, place: int) -> int:
    tokens = parser.tokens
    if tokens[place].kind == v.ACCENT:
        place = _argument_range(parser, place + 1)[2]
    else:
        place += 1
    while tokens[place].kind in (v.SUB, v.SUP, v.PRIME):
        place = place + 1 if tokens[place].kind == v.PRIME else _argument_range(parser, place + 1)[2]
    if tokens[place].kind == v.LEFT:
        return parser.partner[place] + 1
    if tokens[place].kind == v.DELIMITER:
        last = min(place + _LONGEST_SCAN, len(tokens) - 1)
        depth = 0
        while place < last:
            depth += {v.DELIMITER: 1, v.ENDER: -1}.get(tokens[place].kind, 0)
            place += 1
            if depth == 0:
                break
    return place
