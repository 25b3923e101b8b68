"""Slips in numbers: a factor that is a number or a size, left out, turned over, or another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from checker.language.edits.site import (
    ARGUMENT,
    EXPONENT,
    VALUE,
    Edit,
    Paper,
    Site,
    glued,
    parent,
)
from checker.language.surface import (
    Cases,
    Factors,
    Fraction_,
    Name,
    Number,
    Scripted,
    Terms,
    Tree,
)

HALF = Fraction(1, 2)


def numbers(paper: Paper, site: Site) -> Iterator[Edit]:
    """A number or a fraction that stands as a factor: left out, turned over, or another one."""
    tree = site.tree
    if site.zone not in (VALUE, ARGUMENT, EXPONENT) or _is_power(site):
        return
    if isinstance(tree, Fraction_) and (paper.rank(tree) == 0 or isinstance(tree.denominator, Number)):
        yield from _halves(paper, tree)
    elif isinstance(tree, Number) and not isinstance(parent(site), Fraction_):
        yield from _other_numbers(paper, site, tree, "factor" if isinstance(parent(site), Factors) else "other")
        if tree.value == 1 and isinstance(parent(site), Terms):
            for other in paper.others:
                if other.startswith("\\delta_"):
                    yield Edit("missing-factor", *tree.span, other, f"$1$ should be ${other}$", 3)
    elif isinstance(tree, Name) and is_size(paper, tree):
        for text in (f"({tree.name} - 1)", f"({tree.name} + 1)"):
            yield Edit("factor", *tree.span, text, f"${tree.name}$ should be ${text[1:-1]}$", 3)
        for other in (n for n, e in paper.table.entries.items() if e.kind == "size" and n != tree.name):
            yield Edit("factor", *tree.span, other, f"${tree.name}$ should be ${other}$", 3)
    if isinstance(tree, (Factors, Name, Scripted, Fraction_)) and isinstance(parent(site), (Terms, type(None))):
        rank = 2 if site.zone == VALUE else 4
        yield from (_multiplied(paper, tree, number, rank) for number in (Fraction(2), HALF))


def _multiplied(paper: Paper, tree: Tree, number: Fraction, rank: int) -> Edit:
    """A term times 2 or 1/2; its own number, if it has one, takes that in."""
    factor = Coefficient(number)
    said = f"${paper.shown(tree)}$ is off by the factor ${factor.latex}$"
    front = tree.factors[0] if isinstance(tree, Factors) else tree
    old = coefficient(front) if isinstance(front, (Number, Fraction_)) else None
    new = None if old is None else factor.times(old)
    if new is not None:
        return Edit("factor", *front.span, new.latex or ("" if front is not tree else "1"), said, rank)
    if isinstance(front, Fraction_):
        part = front.numerator if number == 2 else front.denominator
        return Edit("factor", *part.span, times_number(paper, part, 2), said, rank)
    return Edit("factor", tree.span[0], tree.span[0], f"{factor.latex} ", said, rank)


def times_number(paper: Paper, tree: Tree, number: int) -> str:
    """``2 x``, ``2 (x + y)``, ``6`` for 3."""
    if isinstance(tree, Number) and tree.value.denominator == 1:
        return str(tree.value * number)
    source = paper.source(tree)
    return f"{number} ({source})" if isinstance(tree, Terms) else f"{number} {source}"


def is_size(paper: Paper, tree: Name) -> bool:
    entry = paper.table.entries.get(tree.name)
    return entry is not None and entry.kind == "size"


def _is_power(site: Site) -> bool:
    above = parent(site)
    return site.zone == EXPONENT and isinstance(above, Scripted)


def _halves(paper: Paper, tree: Fraction_) -> Iterator[Edit]:
    above, below = paper.source(tree.numerator), paper.source(tree.denominator)
    if isinstance(tree.numerator, Number):
        said = f"the factor ${paper.shown(tree)}$ is wrong"
        yield Edit("factor", *tree.span, f"\\frac{{{below}}}{{{above}}}" if above != "1" else f"({below})", said, 3)
    for part in (tree.numerator, tree.denominator):
        if not isinstance(part, Number):
            source = paper.source(part)
            said = f"the {'denominator' if part is tree.denominator else 'numerator'} is off by the factor 2"
            bracket = f"({source})" if isinstance(part, Terms) else source
            yield Edit("factor", *part.span, f"2 {bracket}", said, 3)


def _other_numbers(paper: Paper, site: Site, tree: Number, slip: str) -> Iterator[Edit]:
    if tree.value.denominator != 1:
        return
    value = int(tree.value)
    half = value // 2 if value % 2 == 0 else value
    for other in dict.fromkeys((value + 1, value - 1, 2 * value, half, 1, 2, value * value, 0)):
        if other != value and other >= 0:
            yield Edit(slip, *tree.span, str(other), f"${tree.text}$ should be ${other}$", 3 if slip == "factor" else 5)


@dataclass(frozen=True)
class Coefficient:
    """``number · size^exponent``."""

    number: Fraction
    size: str = ""
    exponent: Fraction = Fraction(0)

    @property
    def latex(self) -> str:
        """``2``, ``-``, ``\\frac{1}{N}``; nothing for 1."""
        sign = "-" if self.number < 0 else ""
        above, below = str(abs(self.number.numerator)), str(self.number.denominator)
        size = self.size if abs(self.exponent) == 1 else f"\\sqrt{{{self.size}}}"
        if self.exponent > 0:
            above = size if above == "1" else f"{above} {size}"
        elif self.exponent < 0:
            below = size if below == "1" else f"{below} {size}"
        if below != "1":
            return f"{sign}\\frac{{{above}}}{{{below}}}"
        return sign + ("" if above == "1" else above)

    def times(self, other: Coefficient) -> Coefficient | None:
        if self.exponent and other.exponent and self.size != other.size:
            return None
        exponent = self.exponent + other.exponent
        size = (self.size or other.size) if exponent else ""
        return Coefficient(self.number * other.number, size, exponent) if abs(exponent) in (0, HALF, 1) else None


def coefficient(tree: Tree) -> Coefficient | None:
    match tree:
        case Number():
            return Coefficient(tree.value)
        case Fraction_(numerator=Number(value=above), denominator=Number(value=below)) if below:
            return Coefficient(above / below)
        case Fraction_(numerator=Number(value=above), denominator=Name(name=name)):
            return Coefficient(above, name, Fraction(-1))
        case _:
            return None


def _slip_of(factor: Coefficient) -> str:
    if factor == Coefficient(Fraction(-1)):
        return "sign"
    return "mean" if factor.number == 1 and factor.exponent == -1 else "factor"


def scaled(paper: Paper, factor: Coefficient, said: str) -> Edit:
    """The whole side times a factor that the comparison of values suggests."""
    tree = paper.tree
    slip = _slip_of(factor)
    start = tree.span[0]
    if isinstance(tree, Terms) and len(tree.terms) == 1:
        factor = factor.times(Coefficient(Fraction(-1))) or factor
        tree = tree.terms[0]
    if isinstance(tree, Factors) and (old := coefficient(tree.factors[0])) is not None:
        new = factor.times(old)
        if new is not None:
            rest = paper.text[tree.factors[1].span[0] : tree.span[1]]
            return Edit(slip, start, tree.span[1], glued(new.latex, " " if new.latex else "", rest), said, 2)
    front = tree.factors[0] if isinstance(tree, Factors) else tree
    if isinstance(front, Fraction_) and not factor.exponent and factor.number.denominator == 1 and factor.number > 0:
        text = times_number(paper, front.numerator, int(factor.number))
        return Edit(slip, *front.numerator.span, text, said, 2)
    source = paper.source(tree)
    bracket = f"\\left( {source} \\right)" if isinstance(tree, (Cases, Terms)) else source
    gap = "" if factor.latex in ("", "-") else " "
    return Edit(slip, start, tree.span[1], glued(factor.latex, gap, bracket), said, 2)
