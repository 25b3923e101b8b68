"""The clauses of a formula: what stands between commas, ``\\quad``, rows, words and arrows."""

from __future__ import annotations

from dataclasses import dataclass

from checker.language import vocabulary as v
from checker.language.parser.core import Parser
from checker.language.surface import Group, Name, Number, ParseError, Relation, Span, Tree
from checker.language.tokens import Token


@dataclass
class Link:
    """What stood between two clauses: the strongest separator, and the words."""

    text: str
    words: list[str]
    span: Span


@dataclass
class Clause:
    """Operands and the relations between them; ``leads`` when it begins with a relation."""

    link: Link
    operands: list[Tree]
    operators: list[str]
    span: Span
    leads: bool = False
    quantified: bool = False

    @property
    def bare(self) -> bool:
        return not self.operators and not self.quantified


def whole(clause: Clause) -> Tree:
    if not clause.operators:
        return clause.operands[0]
    return Relation(clause.span, tuple(clause.operands), tuple(clause.operators))


STRENGTH = {",": 1, ";": 2, "\\quad": 3, "\\\\": 4}
_SEPARATING = {
    v.COMMA: ",",
    v.SEMICOLON: ";",
    v.PERIOD: ",",
    v.COLON: ",",
    v.QUAD: "\\quad",
    v.COLUMN: "\\quad",
    v.ROW: "\\\\",
    v.AMP: "\\quad",
}


def read_clauses(parser: Parser) -> tuple[list[Clause], list[Link]]:
    """The clauses in order, and the remarks in words that introduce none."""
    clauses: list[Clause] = []
    remarks: list[Link] = []
    while True:
        link = _link(parser, bool(clauses))
        if parser.token.kind == v.END:
            if link.words:
                remarks.append(link)
            return clauses, remarks
        if link.words and not _introduces(link.words[-1]):
            remarks.append(link)
            link = Link(link.text, [], link.span)
        clause = _clause(parser, link)
        if clauses and _is_remark(clause, clauses[-1]):
            tree = clause.operands[0]
            remark = tree.name if isinstance(tree, Name) else parser.shown(clause.span)
            remarks.append(Link("", [remark], clause.span))
            continue
        clauses.append(clause)
        if parser.token.kind == v.TEXT and clause.bare and parser.tokens[parser.at + 1].kind == v.RELATION:
            raise parser.unreadable()


def _link(parser: Parser, after_clause: bool) -> Link:
    """Pass over separators, words and arrows.  Words right between two operands belong to the formula: refused."""
    start = parser.at
    text, strength = "", 0
    words: list[str] = []
    loose: Token | None = None
    while True:
        token = parser.token
        separator = _SEPARATING.get(token.kind)
        if separator is not None:
            if STRENGTH[separator] > strength:
                text, strength = separator, STRENGTH[separator]
        elif token.kind == v.TEXT:
            if token.text.lower().strip(" ,.:;()") in v.OTHERWISE:
                raise _loose_case(token)
            following = parser.tokens[parser.at + 1]
            if following.kind == v.RELATION and not token.text.startswith("(") and (strength or not after_clause):
                raise parser.unreadable()  # words as the side of an equation
            words.append(token.text.strip(" ,.:;()").lower() if _introduces(token.text) else token.text)
            if _introduces(token.text):
                text, strength = words[-1], 5
            elif not token.text.startswith("("):
                loose = token
        elif token.kind == v.IMPLIES:
            text, strength = token.text, 6
        else:
            break
        parser.advance()
    if after_clause and loose is not None and not strength and parser.starts_factor():
        parser.at = parser.tokens.index(loose, start)
        raise parser.unreadable()
    return Link(text, words, parser.span_from(start) if parser.at > start else (parser.token.start,) * 2)


def _loose_case(token: Token) -> ParseError:
    return ParseError(
        "words",
        token.span,
        f"a case “{token.text}” outside of cases",
        "write \\begin{cases} value & \\text{if } condition \\\\ value & \\text{otherwise} \\end{cases}",
    )


_INTRODUCING = (
    "if", "when", "whenever", "for", "for all", "for each", "for every", "for any", "for some", "where", "with", "and",
    "or", "provided", "unless", "such that", "s.t", "given", "as", "since", "because", "let", "by", "at", "in which",
    "so", "thus", "hence", "then", "therefore", "that is", "i.e", "but", "while",
)  # fmt: skip
_CONDITIONAL = (
    "if", "when", "whenever", "for", "for all", "for each", "for every", "for any", "for some", "provided", "unless",
    "given", "such that", "s.t",
)  # fmt: skip
_LAST_WORDS = ("if", "for", "when", "all", "each", "every", "any")


def _introduces(words: str) -> bool:
    """Whether the words join a formula to what follows (others are remarks)."""
    plain = words.lower().strip(" ,.:;()")
    return plain in _INTRODUCING or plain.rsplit(" ", 1)[-1] in (*_LAST_WORDS, "where", "and")


def is_conditional(words: list[str]) -> bool:
    return words[-1] in _CONDITIONAL or words[-1].rsplit(" ", 1)[-1] in _LAST_WORDS


def _clause(parser: Parser, link: Link) -> Clause:
    start = parser.at
    quantified = False
    while parser.token.kind == v.QUANTIFIER:
        link.words.append(parser.advance().text)
        quantified = True
    conditional = quantified or bool(link.words and is_conditional(link.words))
    operators: list[str] = []
    operands: list[Tree] = []
    leads = _relates(parser, conditional)
    if leads:
        operators.append(parser.related())
    while True:
        if operators and _at_end(parser):
            if parser.token.kind == v.TEXT and not parser.token.text.startswith("("):
                raise parser.unreadable()
            break  # the chain ends with its relation
        operands.append(parser.item())
        if _evaluated(parser):
            raise _bar(parser)
        if not _relates(parser, conditional):
            break
        operators.append(parser.related())
        if _relates(parser, conditional) and parser.token.text == operators[-1]:
            parser.advance()  # the relation repeated at the beginning of a new row
    if not _at_end(parser) and parser.token.kind != v.LOGIC:
        raise _stray(parser, operands)
    clause = Clause(link, operands, operators, parser.span_from(start), leads, quantified)
    if parser.token.kind == v.LOGIC:
        _with_logic(parser, clause, start)
    return clause


def _with_logic(parser: Parser, clause: Clause, start: int) -> None:
    """``i = j \\wedge k = l``: one condition."""
    trees = [whole(clause)]
    operators: list[str] = []
    while parser.joins():
        operators.append(parser.advance().text.lower())
        trees.append(parser.relation())
    clause.operands = [parser.joined(trees, operators, start)]
    clause.operators = []
    clause.span = parser.span_from(start)


def _relates(parser: Parser, conditional: bool) -> bool:
    kind = parser.token.kind
    if kind == v.COLON:
        following = parser.tokens[parser.at + 1].kind
        return not conditional and following not in _ENDING and following not in (v.END, v.TEXT)
    return kind == v.RELATION or (kind == v.BAR and parser.is_given())


_ENDING = frozenset({*_SEPARATING, v.TEXT, v.IMPLIES, v.END, v.QUANTIFIER})


def _at_end(parser: Parser) -> bool:
    return parser.token.kind in _ENDING


def _evaluated(parser: Parser) -> bool:
    return parser.token.kind == v.BAR and parser.tokens[parser.at + 1].kind in (v.SUB, v.SUP)


def _bar(parser: Parser) -> ParseError:
    return ParseError(
        "outside",
        parser.token.span,
        "a bar that says where to evaluate",
        "write the value into the formula: f(0) for f(x) at x = 0",
    )


def _stray(parser: Parser, operands: list[Tree]) -> ParseError:
    token = parser.token
    shown = parser.shown(token.span) or token.text
    if token.kind in (v.ENDER, v.CLOSE, v.RIGHT):
        return ParseError("syntax", token.span, f"{shown} that closes nothing", "take it away, or open it before")
    if token.kind == v.OVER:
        return ParseError("syntax", token.span, "\\over outside braces", "write \\frac{…}{…}")
    return parser.expected("a relation, an operator or the end", "join the parts by an operator")


def _is_remark(clause: Clause, before: Clause) -> bool:
    """A lone upright word after an equation (``\\quad \\text{constant}``) explains it, ``(3)`` is its number."""
    if not clause.bare or len(clause.operands) != 1 or clause.link.text != "\\quad" or not before.operators:
        return False
    match clause.operands[0]:
        case Name(name=name, upright=True):
            return len(name) > 1
        case Group(kind="(", items=(Number() | Name(),)):
            return True
        case _:
            return False
