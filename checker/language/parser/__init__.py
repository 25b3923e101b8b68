"""Formula text to surface tree: ``parse`` for a formula with its relations, ``parse_expression`` for one expression."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from checker.documents.model import Macro
from checker.language import vocabulary as v
from checker.language.arrange import arrange
from checker.language.parser import derivatives, functions, groups, statements
from checker.language.parser.core import Parser, Reader
from checker.language.parser.dots import read_dots
from checker.language.primes import with_primed_letters
from checker.language.surface import ParsedFormula, Tree
from checker.language.tokens import tokenise

# What a factor may begin with, and what reads it.
READERS: dict[str, Reader] = {
    v.LETTER: functions.letter,
    v.NUMBER: functions.number,
    v.WORD: functions.word,
    v.FUNCTION: functions.function,
    v.BIG: functions.big,
    v.OPEN: groups.braces,
    v.DELIMITER: groups.delimited,
    v.LEFT: groups.left_right,
    v.FRACTION: derivatives.fraction,
    v.PARTIAL: derivatives.partial,
    v.NABLA: derivatives.nabla,
    v.ROOT: groups.root,
    v.ACCENT: groups.accent,
    v.BEGIN: groups.environment,
    v.NORM: groups.norm,
    v.BOX: groups.labelled_brace,
    v.BRACE_BELOW: groups.labelled_brace,
    v.BRACE_ABOVE: groups.labelled_brace,
    v.STACKED: functions.stacked,
    v.ELLIPSIS: Parser.dots,
}

_NO_MACROS: Mapping[str, Macro] = MappingProxyType({})


def parse(text: str, macros: Mapping[str, Macro] = _NO_MACROS) -> ParsedFormula:
    """Read a formula: chains of relations, side by side or in rows, with the conditions beside them.

    Raises ``ParseError``, whose span is in ``text``.  A formula is its text, so the same text is read once.
    """
    return _parsed(text, tuple(macros.items()))


@lru_cache(maxsize=4096)
def _parsed(text: str, macros: tuple[tuple[str, Macro], ...]) -> ParsedFormula:
    parser = _parser(text, dict(macros))
    found = statements.formula(parser)
    if any(token.kind == v.ELLIPSIS for token in parser.tokens):
        found = read_dots(found)
    return with_primed_letters(found) if "'" in text or "prime" in text else found


def parse_expression(text: str, macros: Mapping[str, Macro] = _NO_MACROS) -> Tree:
    """Read a single expression or condition.  Raises ``ParseError``."""
    parser = _parser(text, macros)
    tree = parser.condition()
    while parser.token.kind in (v.PERIOD, v.COMMA, v.SEMICOLON, v.QUAD):
        parser.advance()
    if parser.token.kind != v.END:
        raise parser.expected("the end of the expression", "write one expression only")
    return tree


def _parser(text: str, macros: Mapping[str, Macro]) -> Parser:
    return Parser(text, arrange(tokenise(text, macros)), READERS)


__all__ = ["parse", "parse_expression"]
