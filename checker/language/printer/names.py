"""Names, indices and labels as LaTeX."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sympy import Indexed, Symbol

from checker.calculus.terms import indices_of, name_of
from checker.language.printer.writing import ATOM, SCRIPTED, Printer, Written

_GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho "
    "sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "ell".split()
)
_PLAIN_SUBSCRIPT = re.compile(r"([A-Za-z]+)_([A-Za-z0-9]+)")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_NUMBERED = re.compile(r"([A-Za-z])([0-9]+)")


def spelled(name: str) -> str:
    """A name as LaTeX.  Most are LaTeX already; words, ``sigma`` and ``w_out`` (from Python callers) are not."""
    if name in _GREEK:
        return f"\\{name}"
    if _LETTERS.fullmatch(name):
        return f"\\mathrm{{{name}}}"
    if match := _PLAIN_SUBSCRIPT.fullmatch(name):
        return f"{spelled(match[1])}_{braced(match[2])}"
    return name


def braced(text: str) -> str:
    single = len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text) is not None
    return text if single else f"{{{text}}}"


def _own_scripts(name: str) -> tuple[bool, bool]:
    """Whether the spelling carries a subscript, a superscript (or prime), outside of braces."""
    depth, below, above = 0, False, False
    for character in name:
        depth += {"{": 1, "}": -1}.get(character, 0)
        below = below or (character == "_" and depth == 0)
        above = above or (character in "^'" and depth == 0)
    return below, above


def _scripted(name: str, below: str, above: str) -> Written:
    """A name with its indices below and its labels above."""
    text = spelled(name)
    has_below, has_above = _own_scripts(text)
    if (below and has_below) or (above and has_above) or text.endswith(")"):
        text, has_below, has_above = f"({text})", False, False
    text += f"^{{({above})}}" if above else ""
    text += f"_{braced(below)}" if below else ""
    return text, SCRIPTED if above or has_above else ATOM


def joined(indices: Sequence[str]) -> str:
    """Indices of one subscript: juxtaposed where that is clear, otherwise with commas."""
    clear = all((len(i) == 1 and i.isalpha()) or re.fullmatch(r"\\[A-Za-z]+", i) for i in indices)
    if len(indices) < 2 or not clear:
        return ",".join(indices)
    text = indices[0]
    for index in indices[1:]:
        text += " " + index if text[-1].isalpha() and "\\" in text.split(" ")[-1] and index[0].isalpha() else index
    return text


def symbol(p: Printer, term: Symbol) -> Written:
    name = str(term.name)
    if term.is_integer and (match := _NUMBERED.fullmatch(name)):
        return f"{match[1]}_{braced(match[2])}", ATOM
    text = spelled(name)
    return text, SCRIPTED if _own_scripts(text)[1] else ATOM


def indexed(p: Printer, term: Indexed) -> Written:
    return element_text(p, name_of(term), indices_of(term))


def element_text(p: Printer, name: str, indices: Sequence[Any]) -> Written:
    variable = p.context.variables.get(name)
    labels = variable.labels if variable is not None else 0
    texts = [p.index(index) for index in indices]
    return _scripted(name, joined(texts[labels:]), ",".join(texts[:labels]))


def function_name(name: str) -> str:
    return f"\\operatorname{{{name}}}" if _LETTERS.fullmatch(name) and name not in _GREEK else spelled(name)
