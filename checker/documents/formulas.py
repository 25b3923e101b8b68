"""What can be seen of a formula without reading it: its relations, how it begins and how it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Without their star.  ``math`` is inline, all others are displays.
MATH_ENVIRONMENTS = names(
    "equation align aligned gather gathered multline split flalign eqnarray alignat alignedat displaymath math"
)
_OPAQUE_ENVIRONMENTS = names("cases dcases rcases matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix")
_RELATIONS = names(
    "le leq leqslant ge geq geqslant ne neq approx simeq sim cong equiv propto leftarrow gets to rightarrow mapsto "
    "longmapsto Rightarrow Leftrightarrow implies iff in ni subset subseteq triangleq coloneqq doteq ll gg lt gt "
    "succ succeq prec preceq"
)
_UNICODE_RELATIONS = "≈≤≥≠≡∈∝←→↦⇒⇔≔≜∼"
# The groups of these commands belong to the line they stand in.
_TRANSPARENT = names("boxed fbox stackrel overset underset mathrel color textcolor bbox displaystyle")
_TOKEN = re.compile(
    r"\\(?P<edge>begin|end)\s*\{(?P<environment>[^{}]*)\}|\\(?P<command>[A-Za-z]+)|\\."
    rf"|(?P<brace>[{{}}])|(?P<relation>[=<>{_UNICODE_RELATIONS}])|(?P<script>[_^])|(?P<space>\s+)|[^\\]",
    re.DOTALL,
)


@dataclass(frozen=True)
class Relations:
    equals: bool
    any: bool


def top_relations(text: str) -> Relations:
    """Which relations stand at the top level of ``text``: not in scripts, arguments, cases or matrices."""
    opaque: list[bool] = []  # for each open group or environment: is it, or one around it, opaque?
    equals = found = False
    argument = False  # does a group that opens here belong to the command or script before it?
    for match in _TOKEN.finditer(text):
        inside = bool(opaque) and opaque[-1]
        match match.lastgroup:
            case "environment":
                if match["edge"] == "begin":
                    opaque.append(inside or match["environment"].strip("*") in _OPAQUE_ENVIRONMENTS)
                elif opaque:
                    opaque.pop()
                argument = False
            case "command":
                found = found or (not inside and match["command"] in _RELATIONS)
                argument = match["command"] not in _TRANSPARENT
            case "brace":
                if match[0] == "{":
                    opaque.append(inside or argument)
                elif opaque:
                    argument = opaque.pop()  # \frac{…}{…}: the next group too
            case "relation":
                if not inside:
                    found, equals = True, equals or match[0] == "="
                argument = False
            case "script":
                argument = True
            case "space":
                pass
            case _:
                argument = False
    return Relations(equals, found)


_LEAD = re.compile(
    r"(?:\s|&|\{\}|~|\\q?quad(?![A-Za-z])|\\[,;:!> ]|\\(?:displaystyle|nonumber|notag|hskip|hfill)(?![A-Za-z])"
    r"|\\(?:h?phantom|hspace\*?|label)\s*\{[^{}]*\}|\\begin\s*\{[^{}]*\}(?:\[[tbc]\])?)*"
)
_TRAIL = re.compile(
    r"(?:\s|&|\{\}|~|\\\\|\\q?quad(?![A-Za-z])|\\[,;:!> ]|\\(?:nonumber|notag|qedhere)(?![A-Za-z])"
    r"|\\(?:tag\*?|label)\s*\{[^{}]*\}|\\end\s*\{[^{}]*\})+\Z"
)
_LONGEST_TRAIL = 300


def continues_chain(text: str) -> bool:
    """Does the formula begin with ``=`` (or ``&=``, ``{}=``, ``\\quad =``)?"""
    lead = _LEAD.match(text)
    return text.startswith("=", lead.end() if lead else 0)


def _ending(text: str) -> str:
    tail = text[-_LONGEST_TRAIL:]
    trail = _TRAIL.search(tail)
    return tail[: trail.start()] if trail else tail


def leaves_chain_open(text: str) -> bool:
    """Does the formula end with ``=``?"""
    return _ending(text).endswith("=")


_NULL_DELIMITER = re.compile(r"(?:\\(?:right|left|[bB]igg?[rlm]?)\s*|\.\.)\.\Z")


def ends_sentence(text: str) -> bool:
    """Does the formula carry the sentence's final period (``\\right.`` and ``...`` are none)?"""
    ending = _ending(text)
    return ending.endswith((".", "。")) and not _NULL_DELIMITER.search(ending)


def asks_for_more(text: str) -> bool:
    """Does the formula end with a comma or a semicolon?"""
    return _ending(text).endswith((",", ";"))
