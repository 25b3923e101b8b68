"""A formula's text as tokens: commands, letters, numbers, each with its place and its kind.

Own macros are expanded on the way; the tokens of an expansion take the span of the macro call.
Text inside ``\\text{…}`` becomes words, its ``$…$`` become tokens again.  Nothing is decided here
about mathematics beyond the tables of :mod:`checker.language.vocabulary`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import NamedTuple

from checker.documents.macros import DEFINITION, read_definition
from checker.documents.model import Macro
from checker.language import macros as own
from checker.language import remarks
from checker.language import vocabulary as v
from checker.language.surface import ParseError, Span

LETTER_MACRO = "\\letter"  # the body of a macro that stands for a letter of its own name
MAX_TOKENS = 20_000
MAX_DIGITS = 300
MAX_DEPTH = 50


class Token(NamedTuple):
    """``glued``: nothing, not even a space, stood between it and the token before."""

    kind: str
    text: str
    start: int
    end: int
    glued: bool = False
    style: str | None = None

    @property
    def span(self) -> Span:
        return self.start, self.end


def too_deep(span: Span) -> ParseError:
    return ParseError(
        "syntax",
        span,
        f"a formula nested more than {MAX_DEPTH} deep",
        "give the inner part a name and write the formula in two steps",
    )


_TOKEN = re.compile(
    r"""(?P<space>[\s~\u200b\u00a0]+|%[^\n]*)
      | (?P<letter>[A-Za-z])
      | (?P<command>\\(?:(?:operatorname|tag|hspace|vspace)\*|[A-Za-z]+|\\\*?|[\s\S]|$))
      | (?P<number>[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]+)?)
      | (?P<prime>'+)
      | (?P<dots>\.\.\.?)
      | (?P<other>[\s\S])""",
    re.VERBOSE,
)
_ROW_ARGUMENT = re.compile(r"\s*\[\s*-?[0-9.]+\s*(?:pt|em|ex|mm|cm|in|mu|px|\\[a-z]+)\s*\]")
_DELIMITER_AFTER = re.compile(r"\s*(\\[A-Za-z]+|\\[^A-Za-z]|[^\s])")
_ENVIRONMENT_AFTER = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")
_OPTION = re.compile(r"\s*\[[^\]\n]{0,40}\]")
_DECIMAL = re.compile(r"\.[0-9]+")
_ONE_WORD = re.compile(r"[^\W\d_][\w-]*")
_TEXT_MATHS = re.compile(r"\$([^$]*)\$")


# The number of an equation, typed behind it: ``a = b ~~~ (3)``.
_NUMBERED = re.compile(r"~\s*~[~\s]*\(\d{1,3}(?:\.\d{1,3})*[a-z]?\)[~\s]*(?=\\\\|\\newline|\\end|\Z)")


def tokenise(text: str, macros: Mapping[str, Macro]) -> list[Token]:
    """The tokens of ``text``, with an ``END`` token last.  Raises ``ParseError``."""
    text = _NUMBERED.sub(lambda match: " " * len(match[0]), text)
    scanner = _Scanner(macros)
    scanner.scan(text, 0, None, 0)
    scanner.tokens.append(Token(v.END, "", len(text), len(text)))
    return scanner.tokens


class _Scanner:
    def __init__(self, macros: Mapping[str, Macro]) -> None:
        self.tokens: list[Token] = []
        self.macros = macros
        self.budget = own.Budget()
        self.glued = False
        self.sized: int | None = None  # where the ``\\big`` begins that stands before the next token

    def scan(self, text: str, origin: int, span: Span | None, depth: int) -> None:
        """Read ``text``, which starts at ``origin`` in the formula, or came from the macro call at ``span``."""
        position, length, emit = 0, len(text), self.emit
        while position < length:
            match = _TOKEN.match(text, position)
            assert match is not None  # the last alternative takes any character
            kind, end = match.lastgroup, match.end()
            if kind == "letter":
                emit(v.LETTER, match[0], span or (origin + position, origin + end))
            elif kind == "space":
                self.glued = False
            elif kind == "command":
                end = self.command(text, match, origin, span, depth)
            elif kind == "number":
                self.number(match[0], span or (origin + position, origin + end))
            elif kind == "prime":
                emit(v.PRIME, match[0], span or (origin + position, origin + end))
            elif kind == "dots":
                emit(v.ELLIPSIS, "\\dots", span or (origin + position, origin + end))
            else:
                end = self.character(text, position, origin, span, depth)
            position = end

    def emit(self, kind: str, text: str, span: Span, style: str | None = None) -> None:
        start = span[0] if self.sized is None else min(self.sized, span[0])
        self.tokens.append(Token(kind, text, start, span[1], self.glued, style))
        self.glued = True
        self.sized = None
        if len(self.tokens) > MAX_TOKENS:
            raise ParseError(
                "syntax", span, f"a formula of more than {MAX_TOKENS} symbols", "split it into several formulas"
            )

    def number(self, digits: str, span: Span) -> None:
        if len(digits) > MAX_DIGITS:
            raise ParseError(
                "syntax", span, f"a number of {len(digits)} digits", f"write numbers of at most {MAX_DIGITS} digits"
            )
        self.emit(v.NUMBER, digits.replace("{,}", ""), span)

    # -------------------------------------------------------------------------------- commands

    def command(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        """Read the command at ``match``; returns where to go on."""
        name = match[0]
        end = match.end()
        here = span or (origin + match.start(), origin + end)
        if name in self.macros:
            return self.expand(text, match, origin, span, depth)
        row = v.COMMANDS.get(name)
        if row is not None:
            self.emit(row[0], row[1], here)
            return end
        if name in v.DROPPED:
            self.glued = False
            self.sized = here[0] if name in v.SIZES else self.sized
            return end
        if name in v.FONTS:
            self.emit(v.FONT, v.FONTS[name], here, name)
            return end
        handler = _HANDLERS.get(name)
        if handler is not None:
            return handler(self, text, match, origin, span, depth)
        if name in v.TEXTS:
            return self.words(text, match, origin, span, depth)
        if name in v.DISCARDED or name in v.REFERENCES:
            return self.discard(text, match, origin, span)
        if name in v.SWITCHES:
            self.emit(v.SWITCH, v.SWITCHES[name], here)
            return end
        if name in v.REFUSALS:
            self.emit(v.REFUSED, v.REFUSALS[name], here)
            return end
        if DEFINITION.match(text, match.start()):
            definition = read_definition(text, match.start(), len(text))
            if definition is not None:
                self.macros = {**self.macros, definition.macro.name: definition.macro}
                return definition.end
        self.emit(v.UNKNOWN, name, here)
        return end

    def expand(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        macro = self.macros[match[0]]
        if macro.body == LETTER_MACRO:
            bold = v.bold_letter(match[0])
            place = span or (origin + match.start(), origin + match.end())
            self.emit(v.LETTER, bold or match[0], place, v.BOLD if bold else None)
            return match.end()
        arguments, end = own.arguments(macro, text, match.end(), span or (origin + match.start(), origin + match.end()))
        here = span or (origin + match.start(), origin + end)
        body = own.body(macro, arguments)
        self.budget.spend(macro, len(body), depth, here)
        self.scan(body, 0, here, depth + 1)
        return end

    def discard(self, text: str, match: re.Match[str], origin: int, span: Span | None) -> int:
        """Pass over a layout command with its arguments; horizontal space separates formulas."""
        name, position = match[0], match.end()
        here = span or (origin + match.start(), origin + match.end())
        for _ in range(v.DISCARDED.get(name, 1)):
            _, position = own.braced(text, position, here)
        if name.startswith("\\hspace"):
            self.emit(v.QUAD, "\\quad", here)
        elif name in v.REFERENCES:
            self.emit(v.TEXT, "see", here)
        self.glued = False
        return position

    def words(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        """``\\text{…}``: one word is a name, a joining word or several are text, ``$…$`` inside is maths."""
        command = match[0]
        here = span or (origin + match.start(), origin + match.end())
        inner, end = own.braced(text, match.end(), here)
        start = end - len(inner) - 1
        style = v.BOLD if command == "\\textbf" else v.ROMAN
        if "$" in inner and remarks.is_remark(inner):
            self.emit(v.TEXT, remarks.words_of(inner), span or (origin + match.start(), origin + end))
            return end
        position = 0
        for maths in _TEXT_MATHS.finditer(inner):
            self.phrase(inner[position : maths.start()], style, span or (origin + match.start(), origin + end))
            self.scan(maths[1], origin + start + maths.start(1), span, depth)
            position = maths.end()
        self.phrase(inner[position:], style, span or (origin + match.start(), origin + end))
        return end

    def phrase(self, words: str, style: str, span: Span) -> None:
        phrase = " ".join(words.replace("~", " ").replace("\\ ", " ").replace("\\_", "_").split())
        if not phrase:
            self.glued = False
        elif len(phrase) == 1 and phrase.isalpha():
            self.emit(v.LETTER, phrase, span, style)
        elif _ONE_WORD.fullmatch(phrase) and phrase.lower() not in v.CONNECTIVES:
            self.emit(v.FUNCTION if phrase in v.BARE_WORDS or phrase in ("tr", "Tr") else v.WORD, phrase, span, style)
        else:
            self.emit(v.TEXT, phrase, span)

    def environment(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        here = span or (origin + match.start(), origin + match.end())
        name = _ENVIRONMENT_AFTER.match(text, match.end())
        if name is None:
            raise ParseError("syntax", here, f"{match[0]} without a name", f"write {match[0]}{{cases}} or the like")
        end = name.end()
        here = span or (origin + match.start(), origin + end)
        if name[1] not in v.ENVIRONMENTS:
            from difflib import get_close_matches

            close = get_close_matches(name[1], sorted(v.ENVIRONMENTS), 1)
            hint = f"did you mean {close[0]}?" if close else "use aligned, cases or a matrix environment"
            raise ParseError("syntax", here, f"the unknown environment {name[1]}", hint)
        if match[0] == "\\begin":
            if option := _OPTION.match(text, end):
                end = option.end()
            if name[1] in v.WITH_ARGUMENT:
                _, end = own.braced(text, end, here)
            self.emit(v.BEGIN, name[1], here)
        else:
            self.emit(v.FINISH, name[1], here)
        return end

    def sided(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        """``\\left`` or ``\\right`` with its delimiter, as one token."""
        after = _DELIMITER_AFTER.match(text, match.end())
        here = span or (origin + match.start(), origin + match.end())
        kind = v.LEFT if match[0] == "\\left" else v.RIGHT
        if after is None:
            raise ParseError("syntax", here, f"{match[0]} without a delimiter", f"write {match[0]}( or the like")
        symbol = {"<": "\\langle", ">": "\\rangle"}.get(after[1], after[1])
        row = v.COMMANDS.get(symbol) or v.CHARACTERS.get(symbol)
        if symbol in (".", "/"):
            row = (v.DELIMITER, symbol)
        if row is None or row[0] not in (v.DELIMITER, v.ENDER, v.BAR):
            raise ParseError(
                "syntax", here, f"{match[0]}{after[1]}", f"write a delimiter after {match[0]}, such as ( or ["
            )
        reversed_ = "reversed " if row[0] == (v.ENDER if kind == v.LEFT else v.DELIMITER) and symbol != "." else ""
        self.emit(kind, reversed_ + row[1], span or (origin + match.start(), origin + after.end()))
        return after.end()

    def framed(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        """``\\bbox[yellow, 5px]{…}``: its options are passed over."""
        self.emit(*v.COMMANDS["\\boxed"], span or (origin + match.start(), origin + match.end()))
        option = _OPTION.match(text, match.end())
        return option.end() if option else match.end()

    def row(self, text: str, match: re.Match[str], origin: int, span: Span | None, depth: int) -> int:
        argument = _ROW_ARGUMENT.match(text, match.end())
        self.emit(v.ROW, "\\\\", span or (origin + match.start(), origin + match.end()))
        return argument.end() if argument else match.end()

    # ------------------------------------------------------------------------------ characters

    def character(self, text: str, position: int, origin: int, span: Span | None, depth: int) -> int:
        symbol, end = text[position], position + 1
        here = span or (origin + position, origin + end)
        if symbol == "." and not self.after_operand() and (decimal := _DECIMAL.match(text, position)):
            self.number(f"0{decimal[0]}", span or (origin + position, origin + decimal.end()))
            return decimal.end()
        row = v.CHARACTERS.get(symbol)
        if row is not None:
            self.emit(row[0], row[1], here)
            return end
        if symbol in v.RAISED:
            return self.run(text, position, origin, span, v.RAISED, v.SUP, depth)
        if symbol in v.LOWERED:
            return self.run(text, position, origin, span, v.LOWERED, v.SUB, depth)
        if symbol in v.FRACTIONS:
            above, below = v.FRACTIONS[symbol]
            self.scan(f"\\frac{{{above}}}{{{below}}}", 0, here, depth)
            return end
        return self.letter(text, position, origin, span)

    def after_operand(self) -> bool:
        return bool(self.tokens) and self.tokens[-1].kind in _OPERAND_ENDS

    def run(
        self, text: str, position: int, origin: int, span: Span | None, table: Mapping[str, str], kind: str, depth: int
    ) -> int:
        """A run of raised or lowered characters (``⁻¹``, ``₁₂``) as one script."""
        end = position
        while end < len(text) and text[end] in table:
            end += 1
        here = span or (origin + position, origin + end)
        self.emit(kind, kind, here)
        self.emit(v.OPEN, "{", here)
        self.scan("".join(table[c] for c in text[position:end]), 0, here, depth)
        self.emit(v.CLOSE, "}", here)
        return end

    def letter(self, text: str, position: int, origin: int, span: Span | None) -> int:
        """A letter outside ASCII: styled (𝐱), accented (x̂, ŷ) or of another alphabet."""
        symbol, end = text[position], position + 1
        here = span or (origin + position, origin + end)
        if symbol in v.COMBINING and self.tokens and self.tokens[-1].kind == v.LETTER:
            base = self.tokens.pop()
            self.glued = base.glued
            self.emit(v.LETTER, f"{v.COMBINING[symbol]}{{{base.text}}}", span or (base.start, origin + end), base.style)
            return end
        decomposed = unicodedata.normalize("NFKD", symbol)
        if len(decomposed) == 2 and decomposed[1] in v.COMBINING:
            self.emit(v.LETTER, f"{v.COMBINING[decomposed[1]]}{{{decomposed[0]}}}", here)
        elif len(decomposed) == 1 and decomposed in v.CHARACTERS:
            kind, name = v.CHARACTERS[decomposed]
            self.emit(kind, name, here, v.BOLD if "BOLD" in unicodedata.name(symbol, "") else None)
        elif len(decomposed) == 1 and decomposed.isalpha():
            self.emit(v.LETTER, *_styled(decomposed, unicodedata.name(symbol, ""), here))
        elif symbol.isalpha():
            self.emit(v.LETTER, symbol, here)
        else:
            self.emit(v.UNKNOWN, symbol, here)
        return end


def _styled(letter: str, name: str, span: Span) -> tuple[str, Span, str | None]:
    """A letter of the mathematical alphabets: its canonical spelling, span and style."""
    if "SCRIPT" in name:
        return f"\\mathcal{{{letter}}}", span, None
    if "DOUBLE-STRUCK" in name:
        return f"\\mathbb{{{letter}}}", span, None
    if "FRAKTUR" in name:
        return f"\\mathfrak{{{letter}}}", span, None
    return letter, span, v.BOLD if "BOLD" in name else None


def is_known_command(name: str) -> bool:
    """Whether a command means something without the document saying what."""
    tables = (v.COMMANDS, v.DROPPED, v.FONTS, v.TEXTS, v.DISCARDED, v.REFERENCES, v.SWITCHES, v.REFUSALS, v.NOT_MATHS)
    return any(name in table for table in tables) or name in _HANDLERS or DEFINITION.match(name) is not None


_OPERAND_ENDS = frozenset({v.LETTER, v.NUMBER, v.CLOSE, v.ENDER, v.WORD, v.RIGHT, v.PRIME, v.BAR})

_Handler = Callable[["_Scanner", str, "re.Match[str]", int, "Span | None", int], int]
_HANDLERS: dict[str, _Handler] = {
    "\\begin": _Scanner.environment,
    "\\end": _Scanner.environment,
    "\\left": _Scanner.sided,
    "\\right": _Scanner.sided,
    "\\\\": _Scanner.row,
    "\\\\*": _Scanner.row,
    "\\bbox": _Scanner.framed,
}
