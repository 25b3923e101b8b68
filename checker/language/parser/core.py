"""The recursive part of the reader: sums, products, factors.

Precedence, loosest first: logic (*and*, *or*), relations, sums, products, factors with scripts.
What a factor may be is a table from the kind of its first token to the function that reads it.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from checker.language import vocabulary as v
from checker.language.arrange import Arranged
from checker.language.parser import scripts
from checker.language.surface import (
    Ellipsis_,
    Factors,
    Fraction_,
    Hole,
    Logic,
    Name,
    Number,
    ParseError,
    Relation,
    Span,
    Terms,
    Tree,
)
from checker.language.tokens import MAX_DEPTH, Token, too_deep

Reader = Callable[["Parser"], Tree]


class Parser:
    """A place in the tokens of one formula, and how to read on from there."""

    __slots__ = ("arranged", "at", "bars", "depth", "marks", "partner", "readers", "script", "text", "tokens")

    def __init__(self, text: str, arranged: Arranged, readers: dict[str, Reader]) -> None:
        self.text = text
        self.tokens = arranged.tokens
        self.partner = arranged.partner
        self.readers = readers
        self.at = 0
        self.depth = 0
        self.script = 0  # how many scripts enclose this place
        self.bars: list[str] = []  # bars | and \| that are open, innermost last
        self.marks: dict[int, int] = {}  # how many bars are left, by place; made when first needed

    # ----------------------------------------------------------------------------------- tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def advance(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def span_from(self, start: int) -> Span:
        """From the token at place ``start`` to the last one read."""
        first, last = self.tokens[start], self.tokens[max(self.at - 1, start)]
        return first.start, max(last.end, first.end)

    def shown(self, span: Span) -> str:
        """The author's text at ``span``, for a message."""
        text = " ".join(self.text[span[0] : span[1]].split())
        return text if len(text) <= 60 else f"{text[:57]}…"

    def expected(self, what: str, advice: str) -> ParseError:
        """The error that something else than ``what`` stands here."""
        token = self.token
        if token.kind == v.END:
            return ParseError("syntax", token.span, f"the end of the formula where {what} was expected", advice)
        if token.kind in (v.UNKNOWN, v.REFUSED, v.ELLIPSIS, v.TEXT):
            return self.unreadable()
        found = self.shown(token.span) or token.text
        return ParseError("syntax", token.span, f"{found} where {what} was expected", advice)

    def unreadable(self) -> ParseError:
        """Why the token here cannot be read at all, wherever it stands."""
        token = self.token
        if token.kind == v.ELLIPSIS:
            return ParseError(
                "ellipsis", token.span, f"an ellipsis {token.text}", "write the sum or product with \\sum or \\prod"
            )
        if token.kind == v.TEXT:
            return ParseError(
                "words", token.span, f"words inside a formula: “{token.text}”", "write them outside the formula"
            )
        if token.kind == v.REFUSED:
            return ParseError("outside", token.span, self.shown(token.span), token.text)
        return _unknown(token)

    # ------------------------------------------------------------------------- logic, relations

    def condition(self) -> Tree:
        """A relation, or several joined by *and* or *or*."""
        start = self.at
        first = self.relation()
        if not self.joins():
            return first
        operands, operators = [first], []
        while self.joins():
            operators.append(self.advance().text.lower())
            operands.append(self.relation())
        return self.joined(operands, operators, start)

    def joins(self) -> bool:
        token = self.token
        if token.kind == v.LOGIC:
            return token.text != "not"
        return token.kind == v.TEXT and token.text.lower() in ("and", "or")

    def joined(self, operands: list[Tree], operators: list[str], start: int) -> Tree:
        """*and* binds before *or*."""
        groups: list[list[Tree]] = [[operands[0]]]
        for operator, operand in zip(operators, operands[1:], strict=True):
            if operator == "and":
                groups[-1].append(operand)
            else:
                groups.append([operand])
        span = self.span_from(start)
        parts = [g[0] if len(g) == 1 else Logic((g[0].span[0], g[-1].span[1]), "and", tuple(g)) for g in groups]
        return parts[0] if len(parts) == 1 else Logic(span, "or", tuple(parts))

    def relation(self) -> Tree:
        start = self.at
        if self.token.kind == v.LOGIC and self.token.text == "not":
            self.advance()
            negated = self.entered(Parser.relation)
            return Logic(self.span_from(start), "not", (negated,))
        first = self.item()
        if not self.relates():
            return first
        operands, operators = [first], []
        while self.relates():
            operators.append(self.related())
            operands.append(self.item())
        return Relation(self.span_from(start), tuple(operands), tuple(operators))

    def relates(self) -> bool:
        kind = self.token.kind
        return kind in _RELATING or (kind == v.BAR and self.is_given())

    def related(self) -> str:
        """The relation here, in canonical spelling."""
        token = self.advance()
        if token.kind != v.BAR:
            return token.text
        if self.token.kind == v.SUB:
            raise ParseError(
                "outside", token.span, "a bar that says where to evaluate", "write the value into the formula: f(0)"
            )
        return "\\mid"

    def is_given(self) -> bool:
        """Whether the ``|`` here is the *given* of ``p(y|x)``: no bar is open and none follows."""
        return self.token.text == "|" and "|" not in self.bars and self.bars_left() == 1

    def item(self) -> Tree:
        """A sum, or an ellipsis between commas."""
        token = self.token
        if token.kind == v.ELLIPSIS and self.tokens[self.at + 1].kind in _ITEM_ENDS:
            self.advance()
            return Ellipsis_(token.span, token.text)
        return self.terms()

    # ---------------------------------------------------------------------------- sums, products

    def terms(self) -> Tree:
        start = self.at
        sign = self.sign()
        first = self.product()
        if self.token.kind != v.SIGN:
            if sign > 0:
                return first
            self.checked(first, sign)
            return Terms(self.span_from(start), (first,), (sign,))
        terms, signs = [first], [sign]
        self.checked(first, sign)
        while self.token.kind == v.SIGN:
            sign = self.sign()
            term = self.product()
            self.checked(term, sign)
            terms.append(term)
            signs.append(sign)
        return Terms(self.span_from(start), tuple(terms), tuple(signs))

    def sign(self) -> int:
        """The signs that stand here, multiplied."""
        sign = 1
        while self.token.kind == v.SIGN:
            sign *= -1 if self.advance().text == "-" else 1
        return sign

    def checked(self, term: Tree, sign: int) -> None:
        """A sum in invisible braces after a minus reads otherwise than it is printed."""
        if sign < 0 and isinstance(term, Terms):
            raise self.invisible(term)

    def invisible(self, tree: Tree) -> ParseError:
        shown = self.shown(tree.span)
        return ParseError(
            "syntax", tree.span, f"the braces around {shown}, which do not show in print", "write parentheses instead"
        )

    def product(self) -> Tree:
        start = self.at
        factors = [self.factor(first=True)]
        operators: list[str] = []
        while True:
            token = self.token
            kind = token.kind
            if kind in self.readers or (kind == v.BAR and self.opens_bar()):
                operators.append("")
            elif kind == v.PRODUCT:
                if self.script and self.tokens[self.at + 1].kind in _ITEM_ENDS:
                    operators.append("")  # w_{i\cdot}
                    factors.append(self.hole())
                    continue
                self.advance()
                operators.append(token.text)
            elif kind == v.PERIOD and self.multiplies():
                self.advance()
                if self.token.kind == v.PRODUCT and self.token.glued and self.token.text in ("*", "/"):
                    self.advance()  # .* and ./ of MATLAB
                    operators.append("\\odot" if self.tokens[self.at - 1].text == "*" else "\\oslash")
                else:
                    operators.append(".")
            elif kind == v.COLON and self.script and self.tokens[self.at + 1].kind in _ITEM_ENDS:
                operators.append("")  # W_{i:}
                factors.append(self.hole())
                continue
            else:
                break
            factors.append(self.factor())
        if len(factors) == 1:
            return factors[0]
        for factor in factors:
            if isinstance(factor, Terms) and len(factor.terms) > 1:
                raise self.invisible(factor)
        return Factors(self.span_from(start), tuple(factors), tuple(operators))

    def multiplies(self) -> bool:
        """Whether the full stop here is a product: a factor follows, and not a new sentence."""
        following = self.tokens[self.at + 1]
        if following.kind == v.PRODUCT:
            return following.glued and following.text in ("*", "/")
        if following.kind not in self.readers:
            return False
        apart = not self.token.glued and not following.glued  # x . y, while a sentence ends with b.
        return apart or following.glued or bool(self.script) or not self.relation_follows()

    def relation_follows(self) -> bool:
        """Whether a relation stands between here and the next separator, so that a new formula begins."""
        for token in self.tokens[self.at + 1 : self.at + 200]:
            if token.kind == v.RELATION:
                return True
            if token.kind in _ITEM_ENDS:
                return False
        return False

    def dots(self) -> Tree:
        """Dots for the members of a sum or a product; between factors only ``\\cdots`` says that they multiply."""
        token = self.token
        before = self.tokens[self.at - 1].kind if self.at else v.END
        after = self.tokens[self.at + 1].kind
        joined = before in _JOINS or after in _JOINS
        if not joined and not (token.text == "\\cdots" and after in self.readers and before not in _ITEM_ENDS):
            raise self.unreadable()
        self.advance()
        return Ellipsis_(token.span, token.text)

    def hole(self) -> Tree:
        token = self.advance()
        return Hole(token.span, token.text)

    def scope(self) -> Tree | None:
        """What a sum or a derivative applies to: the product that follows, which may carry a minus."""
        start = self.at
        sign = self.sign() if self.token.kind == v.SIGN and self.token.text == "-" else 1
        if not self.starts_factor():
            self.at = start
            return None
        body = self.product()
        self.checked(body, sign)
        return Terms(self.span_from(start), (body,), (sign,)) if sign < 0 else body

    def starts_factor(self) -> bool:
        kind = self.token.kind
        return kind in self.readers or (kind == v.BAR and self.bars_left() > 1 and self.token.text not in self.bars)

    def factor(self, first: bool = False) -> Tree:
        """A primary with its scripts.  After a product sign it may carry a sign of its own."""
        start = self.at
        token = self.token
        kind = token.kind
        if kind == v.SIGN and not first:
            sign = self.sign()
            inner = self.factor()
            return Terms(self.span_from(start), (inner,), (sign,)) if sign < 0 else inner
        reader = self.readers.get(kind)
        if reader is None:
            reader = self.unusual(first)
        tree = self.entered(reader)
        kind = self.tokens[self.at].kind
        if kind == v.SUB or kind == v.SUP or kind == v.PRIME:
            tree = scripts.scripted(self, tree, start)
        elif kind == v.EXCLAMATION:
            raise ParseError(
                "outside",
                self.token.span,
                f"the factorial {self.shown(self.span_from(start))}!",
                "define it as a function",
            )
        return tree

    def entered(self, reader: Reader) -> Tree:
        """What ``reader`` reads here, one level deeper; every recursion of the reader passes through here."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise too_deep(self.token.span)
        tree = reader(self)
        self.depth -= 1
        return tree

    def unusual(self, first: bool) -> Reader:
        """The reader of a factor that begins in an unusual way, or the error that there is none."""
        kind = self.token.kind
        if kind == v.BAR:
            return self.readers[v.DELIMITER]
        if kind in (v.SUB, v.SUP) and first:
            return lambda parser: Hole(parser.token.span)
        if kind in (v.PRODUCT, v.COLON) and (self.script or self.is_alone()):
            return Parser.hole
        if kind == v.TEXT and self.script:
            return scripts.words_as_name
        if kind in (v.PRODUCT, v.RELATION, v.SUB, v.SUP):
            raise self.expected("a number, a letter or a bracket", "write what stands before the operator")
        if kind in (v.ENDER, v.CLOSE, v.RIGHT):
            raise self.expected("a number, a letter or a bracket", "fill the gap, or take the empty brackets away")
        raise self.expected("a number, a letter or a bracket", "write the missing part of the formula")

    def is_alone(self) -> bool:
        """``f(\\cdot)``: nothing but brackets or commas around."""
        before = self.tokens[self.at - 1].kind if self.at else v.END
        return before in (v.DELIMITER, v.LEFT, v.COMMA) and self.tokens[self.at + 1].kind in (v.ENDER, v.RIGHT, v.COMMA)

    # ------------------------------------------------------------------------------------- bars

    def opens_bar(self) -> bool:
        """Whether the bar here, after an operand, opens a group (``2|x|``) instead of closing one."""
        return self.token.text not in self.bars and self.bars_left() > 1

    def bars_left(self) -> int:
        """How many bars, this one among them, follow within the brackets around this place."""
        if not self.marks:
            self.marks = _count_bars(self.tokens)
        return self.marks.get(self.at, 0)

    # ------------------------------------------------------------------------ arguments in braces

    def argument(self, of: str) -> Tree:
        """``{…}`` or a single token after a command."""
        if self.token.kind == v.OPEN:
            start = self.at
            end = self.partner[start]
            if end == start + 1:
                self.advance()
                self.advance()
                raise ParseError("syntax", self.span_from(start), f"an empty argument of {of}", "fill the braces")
            self.advance()
            return self.inside(end)
        token = self.token
        if token.kind == v.NUMBER:
            return self.digit()
        if token.kind == v.LETTER:  # one letter, whatever stands beside it (``\\frac N2``)
            self.advance()
            return Name(token.span, token.text, style=token.style)
        if token.kind not in self.readers:
            raise self.expected(f"an argument of {of}", f"write {of}{{…}}")
        return self.entered(self.readers[token.kind])

    def digit(self) -> Tree:
        """The first digit of the number here, which leaves the others (``\\frac12``)."""
        token = self.token
        first = token._replace(text=token.text[0], end=min(token.start + 1, token.end))
        if len(token.text) == 1:
            self.advance()
        else:
            self.tokens[self.at] = token._replace(text=token.text[1:], start=first.end, glued=True)
        return Number(first.span, Fraction(int(first.text)), first.text)

    def inside(self, end: int) -> Tree:
        """What stands up to the place ``end``, of which the closing token is read as well."""
        bars, self.bars = self.bars, []
        tree = self.condition()
        if self.token.kind == v.OVER:
            tree = self.over(tree)
        if self.at != end:
            raise self.expected("the end of the group", "join the parts by an operator")
        self.bars = bars
        self.at = end + 1
        return tree

    def over(self, numerator: Tree) -> Tree:
        self.advance()
        denominator = self.terms()
        return Fraction_((numerator.span[0], denominator.span[1]), numerator, denominator)


_JOINS = frozenset({v.SIGN, v.PRODUCT})
_RELATING = frozenset({v.RELATION, v.COLON, v.IMPLIES})
_ITEM_ENDS = frozenset(
    {v.COMMA, v.SEMICOLON, v.CLOSE, v.ENDER, v.RIGHT, v.END, v.QUAD, v.ROW, v.AMP, v.COLUMN, v.PERIOD, v.FINISH}
)


def _count_bars(tokens: list[Token]) -> dict[int, int]:
    """For every ``|``: how many follow on its level, itself counted."""
    left: dict[int, int] = {}
    counts = [{"|": 0, "||": 0}]
    for place in range(len(tokens) - 1, -1, -1):
        kind = tokens[place].kind
        if kind in (v.CLOSE, v.ENDER, v.RIGHT, v.FINISH):
            counts.append({"|": 0, "||": 0})
        elif kind in (v.OPEN, v.DELIMITER, v.LEFT, v.BEGIN):
            if len(counts) > 1:
                counts.pop()
            else:
                counts[0] = {"|": 0, "||": 0}
        elif kind in (v.RELATION, v.COMMA, v.ROW, v.COLUMN, v.QUAD):
            counts[-1] = {"|": 0, "||": 0}
        elif kind == v.BAR:
            text = tokens[place].text
            counts[-1][text] += 1
            left[place] = counts[-1][text]
    return left


def _unknown(token: Token) -> ParseError:
    from difflib import get_close_matches

    name = token.text
    if name in v.NOT_MATHS:
        return ParseError(
            "syntax",
            token.span,
            f"the command {name}, which is not maths",
            "it is read as text and never run; take it out",
        )
    if not name.startswith("\\"):
        return ParseError("syntax", token.span, f"the character {name}", "write it as a LaTeX command")
    known = [*v.COMMANDS, *v.FONTS, *v.TEXTS, "\\begin", "\\left", "\\right"]
    close = get_close_matches(name, sorted(known), 1, 0.75)
    defined = f"define it in the document: \\newcommand{{{name}}}{{…}}"
    hint = f"did you mean {close[0]}? Otherwise {defined}" if close else defined
    return ParseError("syntax", token.span, f"the unknown command {name}", hint)
