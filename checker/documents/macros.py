"""The author's own commands: ``\\newcommand``, ``\\def``, ``\\let``, ``\\DeclareMathOperator``.

Read here, expanded by the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from checker.documents.model import Macro

DEFINITION = re.compile(
    r"\\(newcommand|renewcommand|providecommand|DeclareRobustCommand|DeclareMathOperator|g?def|let)(\*?)(?![A-Za-z])"
)
_NAME = r"(\\[A-Za-z@]+|\\[^A-Za-z\s])"
_BRACED_NAME = re.compile(rf"\s*(?:\{{\s*{_NAME}\s*\}}|{_NAME})")
_ARITY = re.compile(r"\s*\[\s*(\d)\s*\]")
_DEFAULT = re.compile(r"\s*\[([^\[\]\n]*)\]")
_PARAMETERS = re.compile(r"\s*((?:#\d)*)\s*(?=\{)")
_LET = re.compile(rf"\s*{_NAME}\s*=?\s*(\\[A-Za-z@]+|\\[^A-Za-z\s]|[^\s\\{{}}])")
_OPEN = re.compile(r"\s*\{")
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


@dataclass(frozen=True)
class Definition:
    macro: Macro
    start: int
    end: int


def group_end(text: str, start: int, limit: int) -> int | None:
    """The place of the brace that closes the one before ``start``."""
    depth = 1
    for match in _BRACES.finditer(text, start, limit):
        if match[0] == "{":
            depth += 1
        elif match[0] == "}":
            depth -= 1
            if depth == 0:
                return match.start()
    return None


def read_definition(text: str, start: int, limit: int) -> Definition | None:
    """The definition that stands at ``start``, or None when it is not one or its braces do not close."""
    head = DEFINITION.match(text, start, limit)
    if head is None:
        return None
    match head[1]:
        case "let":
            return _let(text, head, limit)
        case "def" | "gdef":
            return _def(text, head, limit)
        case "DeclareMathOperator":
            return _operator(text, head, limit)
        case _:
            return _command(text, head, limit)


def _let(text: str, head: re.Match[str], limit: int) -> Definition | None:
    match = _LET.match(text, head.end(), limit)
    return match and Definition(Macro(match[1], 0, match[2]), head.start(), match.end())


def _def(text: str, head: re.Match[str], limit: int) -> Definition | None:
    name = _BRACED_NAME.match(text, head.end(), limit)
    if name is None:
        return None
    parameters = _PARAMETERS.match(text, name.end(), limit)
    if parameters is None:
        return None
    return _body(text, head, _name(name), len(parameters[1]) // 2, None, parameters.end(), limit)


def _command(text: str, head: re.Match[str], limit: int) -> Definition | None:
    name = _BRACED_NAME.match(text, head.end(), limit)
    if name is None:
        return None
    position, arity, default = name.end(), 0, None
    if match := _ARITY.match(text, position, limit):
        position, arity = match.end(), int(match[1])
        if match := _DEFAULT.match(text, position, limit):
            position, default = match.end(), match[1]
    return _body(text, head, _name(name), arity, default, position, limit)


def _operator(text: str, head: re.Match[str], limit: int) -> Definition | None:
    name = _BRACED_NAME.match(text, head.end(), limit)
    plain = name and _body(text, head, _name(name), 0, None, name.end(), limit)
    if plain is None:
        return None
    body = f"\\operatorname{head[2]}{{{plain.macro.body}}}"
    return Definition(Macro(plain.macro.name, 0, body), plain.start, plain.end)


def _name(match: re.Match[str]) -> str:
    return match[1] or match[2]


def _body(
    text: str, head: re.Match[str], name: str, arity: int, default: str | None, position: int, limit: int
) -> Definition | None:
    opening = _OPEN.match(text, position, limit)
    end = group_end(text, opening.end(), limit) if opening else None
    if opening is None or end is None:
        return None
    return Definition(Macro(name, arity, text[opening.end() : end], default), head.start(), end + 1)


def take_definitions(text: str) -> tuple[tuple[Macro, ...], str]:
    """The definitions inside a formula, and the formula with spaces in their place (so offsets stay)."""
    macros: list[Macro] = []
    kept: list[str] = []
    position = 0
    while head := DEFINITION.search(text, position):
        definition = read_definition(text, head.start(), len(text))
        if definition is None:
            break
        macros.append(definition.macro)
        kept += [text[position : head.start()], " " * (definition.end - definition.start)]
        position = definition.end
    return tuple(macros), "".join(kept) + text[position:]
