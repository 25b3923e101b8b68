"""Parsed formulas to runs of equations: chains that go on over blocks, and what in them is not judged."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from checker.documents.model import Formula
from checker.language.limits import compares
from checker.language.reservations import reserves
from checker.language.sentences import Condition
from checker.language.sides import Part
from checker.language.statements import EQUALITIES, UPDATES, why_not
from checker.language.surface import (
    Asides,
    Call,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    ParsedFormula,
    Root,
    Row,
    Scripted,
    Terms,
    Tree,
)
from checker.language.walk import descend


@dataclass(frozen=True)
class Run:
    """A maximal run of equations; ``why_not`` where it is only listed, ``message`` where part of it was left out."""

    parts: tuple[Part, ...]
    conditions: tuple[Condition, ...]
    why_not: str | None = None
    message: str | None = None


@dataclass
class _Chain:
    """One chain before it is cut into runs."""

    rows: list[tuple[Row, Formula]]
    conditions: list[Condition] = field(default_factory=list)
    link: str = ""


def runs_of(parsed: Sequence[tuple[Formula, ParsedFormula]], limits: Sequence[Condition] = ()) -> list[Run]:
    """``limits`` are the conditions that the sentence puts on all of it."""
    chains: list[_Chain] = []
    for formula, found in parsed:
        own = _chains(formula, found)
        if chains and own and _goes_on(chains[-1], own[0]):
            chains[-1] = _joined(chains[-1], own[0])
            own = own[1:]
        chains += own
    for one in chains:
        one.conditions += limits
    return [run for chain in chains for run in _cut(chain)]


def _chains(formula: Formula, found: ParsedFormula) -> list[_Chain]:
    chains = [
        _Chain([(row, formula) for row in rows], link=found.links[n] if n < len(found.links) else "")
        for n, rows in enumerate(found.chains)
    ]
    for aside in found.asides:
        owners = [c for c in chains if c.rows[-1][0].span[1] <= aside.span[0]]
        for owner in owners[-1:] or chains[:1]:
            owner.conditions += _conditions(formula, aside)
    return chains


def _conditions(formula: Formula, aside: Asides) -> list[Condition]:
    integers = any("all integers" in w.lower() for w in aside.words)
    words = " ".join(aside.words).lower()
    return [
        Condition(tree, formula, integers, words if reserves(words, compares(tree)) else "") for tree in aside.trees
    ]


def _goes_on(before: _Chain, after: _Chain) -> bool:
    return after.rows[0][0].tree is None or before.rows[-1][0].tree is None


def _joined(before: _Chain, after: _Chain) -> _Chain:
    rows = list(before.rows)
    following = list(after.rows)
    if rows[-1][0].tree is None:
        relation = rows.pop()[0].relation
        head, formula = following[0]
        if head.tree is not None:
            following[0] = (Row(relation, head.tree, head.span), formula)
    return _Chain(rows + following, before.conditions + after.conditions, before.link)


def _cut(chain: _Chain) -> list[Run]:
    """Split at relations that are not judged."""
    parts = [Part(row.relation, row.tree, formula) for row, formula in chain.rows if row.tree is not None]
    conditions = tuple(chain.conditions)
    if not parts:
        return []
    if chain.link in ("\\Rightarrow", "\\implies", "\\iff", "\\Leftrightarrow"):
        return [
            Run(
                tuple(parts),
                conditions,
                why_not="this follows from what stands before it and need not hold by itself: not judged",
            )
        ]
    rounded = _rounded(parts)
    if rounded:
        return [Run(tuple(parts), conditions, why_not="worked numbers with a rounded value are not judged")]
    groups: list[list[Part]] = [[parts[0]]]
    refused: list[str] = []
    for part in parts[1:]:
        if part.relation in EQUALITIES or part.relation in UPDATES:
            groups[-1].append(part)
        else:
            refused.append(why_not(part.relation))
            groups.append([part])
    judged = [g for g in groups if len(g) > 1]
    if not judged:
        if not refused:
            return []
        return [Run(tuple(parts), conditions, why_not=refused[0])]
    message = f"in part: {refused[0]}" if refused else None
    return [Run(tuple(g), conditions, message=message) for g in judged]


# ------------------------------------------------------------------------------------- worked numbers


def _rounded(parts: Sequence[Part]) -> bool:
    """Whether a decimal stands for the rounded value of the number before it."""
    for before, after in itertools.pairwise(parts):
        digits = _decimals(after.tree)
        if digits is None or digits < 2 or not _is_numeric(before.tree):
            continue
        left, right = _value(before.tree), _value(after.tree)
        if left is None or (left != right and right is not None and abs(left - right) <= Fraction(1, 10**digits)):
            return True
    return False


def _decimals(tree: Tree) -> int | None:
    match tree:
        case Number() if "." in tree.text:
            return len(tree.text.split(".")[1])
        case Terms(terms=(inner,)):
            return _decimals(inner)
        case _:
            return None


def _is_numeric(tree: Tree) -> bool:
    nodes = list(descend(tree))
    allowed = (Number, Terms, Factors, Fraction_, Group, Scripted, Call, Root)
    if not any(isinstance(n, Number) for n in nodes):
        return False
    return all(
        isinstance(n, allowed) or (isinstance(n, Name) and n.name in ("e", "\\pi", "exp", "log", "ln")) for n in nodes
    )


_LARGEST_EXPONENT = 64


def _value(tree: Tree) -> Fraction | None:
    """The exact value of a small arithmetic expression."""
    match tree:
        case Number():
            return tree.value
        case Group(kind="(" | "[" | "{", items=(inner,)):
            return _value(inner)
        case Terms():
            values = [_value(t) for t in tree.terms]
            if any(v is None for v in values):
                return None
            return sum((s * v for s, v in zip(tree.signs, values, strict=True) if v is not None), Fraction(0))
        case Factors() if all(op in ("", "\\cdot", "\\times", "*", ".") for op in tree.operators):
            product = Fraction(1)
            for factor in tree.factors:
                value = _value(factor)
                if value is None:
                    return None
                product *= value
            return product
        case Fraction_():
            above, below = _value(tree.numerator), _value(tree.denominator)
            return above / below if above is not None and below else None
        case Scripted(superscripts=(Number(value=exponent),), subscripts=()) if exponent.denominator == 1:
            base = _value(tree.base)
            return base ** int(exponent) if base is not None and 0 <= exponent <= _LARGEST_EXPONENT else None
        case _:
            return None
