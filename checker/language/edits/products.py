"""Slips in products: order, transposes, numbers, powers, factors too many or too few."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, permutations, product

from checker.language import names
from checker.language.edits.site import (
    ARGUMENT,
    CONDITION,
    EXPONENT,
    MATHEMATICAL,
    VALUE,
    Edit,
    Paper,
    Site,
    glued,
    is_exponential,
    parent,
    shortened,
)
from checker.language.surface import (
    BigOperator,
    Call,
    Cases,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    Root,
    Scripted,
    Terms,
    Tree,
)

MOST_REORDERED = 4
HALF = Fraction(1, 2)


# -------------------------------------------------------------------------------------- transposes


def transposes(paper: Paper, site: Site) -> Iterator[Edit]:
    if site.zone not in MATHEMATICAL or site.zone == EXPONENT or not may_be_transposed(paper, site.tree):
        return
    text, missing = transposed(paper, site.tree)
    stem = paper.stem(site.tree)
    what = paper.shown(site.tree if missing else _bare(site.tree)) if stem is None or missing else stem[1]
    said = f"the transpose of ${what}$ is missing" if missing else f"${what}$ should not be transposed"
    yield Edit("transpose", *site.tree.span, text, said, 1)


def may_be_transposed(paper: Paper, tree: Tree) -> bool:
    if isinstance(tree, (Terms, Number, Cases)) or paper.is_function(tree):
        return False
    if isinstance(tree, Scripted) and tree.subscripts and not paper.is_name(tree):
        return False
    return paper.rank(tree) in (1, 2)


def _bare(tree: Tree) -> Tree:
    return tree.base if isinstance(tree, Scripted) else tree


def transposed(paper: Paper, tree: Tree) -> tuple[str, bool]:
    """The source of the transpose, and whether a mark was added (not taken away)."""
    source = paper.source(tree)
    if isinstance(tree, Scripted):
        stem = paper.stem(tree)
        base = paper.source(tree.base) if stem is None else stem[1]
        if names.is_transpose(tree.superscripts):
            inner = tree.base
            plain = isinstance(inner, Group) and len(inner.items) == 1 and _simple(inner.items[0])
            return (paper.source(inner.items[0]) if plain and isinstance(inner, Group) else base), False
        if names.is_inverse_transpose(tree.superscripts):
            return f"{base}^{{-1}}", False
        if names.is_inverse(tree.superscripts):
            return f"{base}^{{-\\top}}", True
        return (f"{source}^\\top" if paper.is_name(tree) and not tree.superscripts else f"({source})^\\top"), True
    if isinstance(tree, (Name, Group)):
        return f"{source}^\\top", True
    turned = _turned_product(paper, tree) if isinstance(tree, Factors) else None
    return turned or f"({source})^\\top", True


def _turned_product(paper: Paper, tree: Factors) -> str | None:
    """The transposes in the other order, behind a number."""
    units = paper.units(tree)
    number = [units[0]] if coefficient(units[0][0]) is not None else []
    arrays = units[len(number) :]
    plain = all(o == "" for o in tree.operators) and all(len(u) == 1 and paper.rank(u[0]) > 0 for u in arrays)
    if not plain:
        return None
    return glued(*_spaced([_unit(paper, u) for u in number] + [transposed(paper, u[0])[0] for u in reversed(arrays)]))


def _simple(tree: Tree) -> bool:
    return isinstance(tree, (Name, Scripted))


# ------------------------------------------------------------------------------------------- order


def orders(paper: Paper, site: Site) -> Iterator[Edit]:
    """Matrix factors in another order; with transposes if nothing else fits."""
    tree = site.tree
    if not isinstance(tree, Factors) or site.zone not in MATHEMATICAL:
        return
    units = paper.units(tree)
    open_ = [n for n, unit in enumerate(units) if paper.rank(unit[-1]) > 0]
    for a, b in pairwise(open_):
        yield _reordered(paper, tree, units, {a: b, b: a}, f"{_pair(paper, units, a, b)} stand in the wrong order", 1)
    if 2 < len(open_) <= MOST_REORDERED:
        for order in permutations(open_):
            moves = dict(zip(open_, order, strict=True))
            if any(a != b for a, b in moves.items()):
                yield _reordered(paper, tree, units, moves, "the factors stand in the wrong order", 4)


def _pair(paper: Paper, units: list[tuple[Tree, ...]], a: int, b: int) -> str:
    return f"${_unit(paper, units[a])}$ and ${_unit(paper, units[b])}$"


def _unit(paper: Paper, unit: tuple[Tree, ...]) -> str:
    return paper.text[unit[0].span[0] : unit[-1].span[1]]


def _reordered(
    paper: Paper, tree: Factors, units: list[tuple[Tree, ...]], moves: dict[int, int], said: str, rank: int
) -> Edit:
    first, last = min(moves), max(moves)
    text = ""
    for n in range(first, last + 1):
        if n > first:
            text += paper.text[units[n - 1][-1].span[1] : units[n][0].span[0]]
        text = glued(text, _unit(paper, units[moves.get(n, n)]))
    return Edit("order", units[first][0].span[0], units[last][-1].span[1], text, said, rank)


def rearranged(paper: Paper, site: Site) -> Iterator[Edit]:
    """Every order of two or three matrix factors with every choice of transposes."""
    tree = site.tree
    if not isinstance(tree, Factors) or site.zone not in MATHEMATICAL:
        return
    units = paper.units(tree)
    open_ = [n for n, unit in enumerate(units) if paper.rank(unit[-1]) in (1, 2)]
    if not 2 <= len(open_) <= 3 or open_ != list(range(open_[0], open_[0] + len(open_))):
        return
    start, end = units[open_[0]][0].span[0], units[open_[-1]][-1].span[1]
    for order in permutations(open_):
        for turned in product((False, True), repeat=len(order)):
            if sum(turned) + (list(order) != open_) < 2:
                continue
            pieces = [_turned(paper, units[n], turn) for n, turn in zip(order, turned, strict=True)]
            swapped = list(order) != open_
            said = f"the factors do not stand as they should: ${(text := glued(*_spaced(pieces)))}$"
            slip = "order" if swapped and not any(turned) else "transpose"
            yield Edit(slip, start, end, text, said, 5 + sum(turned) + 2 * swapped)


def _turned(paper: Paper, unit: tuple[Tree, ...], turn: bool) -> str:
    if not turn:
        return _unit(paper, unit)
    return transposed(paper, unit[0])[0] if len(unit) == 1 else f"({_unit(paper, unit)})^\\top"


def _spaced(pieces: list[str]) -> list[str]:
    return [p if n == 0 else f" {p}" for n, p in enumerate(pieces)]


# ----------------------------------------------------------------------------------------- numbers


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


# ----------------------------------------------------------------------------------------- factors


def factors_too_many(paper: Paper, site: Site) -> Iterator[Edit]:
    tree = site.tree
    if isinstance(tree, Fraction_) and site.zone in MATHEMATICAL:
        yield from _without_parts(paper, tree)
    if not isinstance(tree, Factors) or site.zone not in (*MATHEMATICAL, CONDITION):
        return
    units = paper.units(tree)
    if len(units) < 2:
        return
    for n, unit in enumerate(units):
        start, end = _with_its_sign(paper, units, n)
        what = _unit(paper, unit)
        slip = "factor" if _numeric(unit[0]) else "extra-factor"
        rank = 1 if slip == "factor" else 2
        yield Edit(slip, start, end, " " if n else "", f"the factor ${what}$ is too many", rank)


def _with_its_sign(paper: Paper, units: list[tuple[Tree, ...]], n: int) -> tuple[int, int]:
    """A factor and the sign before it; the one behind it, where there is none before."""
    start, end = units[n][0].span[0], units[n][-1].span[1]
    if n == 0:
        return start, units[1][0].span[0]
    before = units[n - 1][-1].span[1]
    if n + 1 < len(units) and not paper.text[before:start].strip():
        return start, units[n + 1][0].span[0]
    return before, end


def _numeric(tree: Tree) -> bool:
    match tree:
        case Number():
            return True
        case Fraction_():
            return isinstance(tree.numerator, Number) and isinstance(tree.denominator, (Number, Name))
        case _:
            return False


def _without_parts(paper: Paper, tree: Fraction_) -> Iterator[Edit]:
    above, below = paper.source(tree.numerator), paper.source(tree.denominator)
    bracket = f"({above})" if isinstance(tree.numerator, Terms) else above
    slip = "factor" if isinstance(tree.denominator, Number) else "extra-factor"
    yield Edit(slip, *tree.span, bracket, f"the denominator ${below}$ is too many", 3)
    if above != "1" and not isinstance(tree.numerator, Number):
        said = f"the numerator ${above}$ should be 1"
        yield Edit("extra-factor", *tree.numerator.span, "1", said, 4)


def factors_missing(paper: Paper, site: Site) -> Iterator[Edit]:
    """A factor put to a product, a term, the side, or below a fraction."""
    tree = site.tree
    if site.zone not in MATHEMATICAL or (isinstance(tree, (Terms, Cases, Number)) and site.parents):
        return
    above = parent(site)
    if isinstance(tree, Fraction_):
        yield from _in_denominator(paper, tree)
    if not _stands_alone(above):
        return
    for n, other in enumerate(paper.others):
        said = f"the factor ${other}$ is missing"
        rank = 4 if n < 12 else 6
        source = paper.source(tree)
        if isinstance(tree, (Terms, BigOperator)):
            bracket = f"({source})" if isinstance(tree, Terms) else source
            yield Edit("missing-factor", *tree.span, glued(other, " ", bracket), said, rank)
        elif paper.rank(tree) == 0:
            yield Edit("missing-factor", tree.span[1], tree.span[1], f" {other}", said, rank)
        else:
            yield Edit("missing-factor", tree.span[1], tree.span[1], f" {other}", said, rank)
            start = _behind_number(tree)
            yield Edit("missing-factor", start, start, f"{other} ", said, rank)
            yield Edit("missing-factor", tree.span[1], tree.span[1], f" \\odot {other}", said, rank + 1)


def _behind_number(tree: Tree) -> int:
    """Where the matrices of a product begin: behind its number."""
    numbered = isinstance(tree, Factors) and coefficient(tree.factors[0]) is not None and tree.operators[0] == ""
    return tree.factors[1].span[0] if isinstance(tree, Factors) and numbered else tree.span[0]


def _stands_alone(above: Tree | None) -> bool:
    return above is None or isinstance(above, (Terms, Group, BigOperator, Cases, Fraction_))


def _in_denominator(paper: Paper, tree: Fraction_) -> Iterator[Edit]:
    part = tree.denominator
    source = paper.source(part)
    bracket = f"({source})" if isinstance(part, Terms) else source
    for other in paper.others[:12]:
        said = f"the factor ${other}$ is missing in the denominator"
        text = other if source == "1" else glued(bracket, " ", other)
        yield Edit("missing-factor", *part.span, text, said, 5)


# ------------------------------------------------------------------------------------------ powers


def powers(paper: Paper, site: Site) -> Iterator[Edit]:
    tree = site.tree
    if site.zone not in MATHEMATICAL or paper.is_function(tree):
        return
    if not site.parents and not isinstance(tree, (Name, Number, Root)):
        source = paper.source(tree)
        yield Edit("power", *tree.span, f"\\sqrt{{{source}}}", "the root of the whole side is missing", 4)
        yield Edit("power", *tree.span, f"({source})^2", "the whole side should be squared", 4)
    if isinstance(tree, Root):
        inner = paper.source(tree.radicand)
        bracket = f"({inner})" if isinstance(tree.radicand, (Terms, Factors)) else inner
        yield Edit("power", *tree.span, bracket, f"${paper.shown(tree)}$ should be ${inner}$", 4)
        return
    if isinstance(tree, Fraction_):
        for part in (tree.numerator, tree.denominator):
            if isinstance(part, (Terms, Factors)):
                source = paper.source(part)
                said = f"${shortened(source)}$ should be squared"
                yield Edit("power", *part.span, f"({source})^2", said, 3)
                said = f"the root of ${shortened(source)}$ is missing"
                yield Edit("power", *part.span, f"\\sqrt{{{source}}}", said, 4)
        return
    if isinstance(tree, Call) and tree.scripts is None and len(tree.arguments) == 1:
        end = tree.function.span[1]
        squared = f"{paper.text[tree.span[0] : end]}^2{paper.text[end : tree.span[1]]}"
        yield Edit("power", *tree.span, squared, f"${paper.shown(tree)}$ should be squared", 3)
    if isinstance(tree, Scripted) and len(tree.superscripts) == 1 and not names.is_label(tree):
        yield from _exponents(paper, tree)
        yield from _apart(paper, tree)
    elif isinstance(tree, (Name, Scripted, Group)) and _may_have_power(paper, site):
        source = paper.source(tree)
        for exponent in ("2", "3", "{-1}", *_exponents_about(paper)):
            said = f"${paper.shown(tree)}$ should be ${paper.shown(tree)}^{exponent}$"
            slip = "power"
            if exponent == "2" and isinstance(parent(site), Factors):
                slip, said = "missing-factor", f"the factor ${paper.shown(tree)}$ is missing"
            yield Edit(slip, *tree.span, f"{source}^{exponent}", said, 3 if exponent == "2" else 4)
        yield Edit("power", *tree.span, f"\\sqrt{{{source}}}", f"the root of ${source}$ is missing", 5)


def _may_have_power(paper: Paper, site: Site) -> bool:
    tree = site.tree
    if isinstance(tree, Name) and tree.name in ("e", "\\pi", "\\mathbf{1}", "\\mathbb{1}"):
        return False
    if isinstance(tree, Group) and tree.kind not in ("(", "[", "|", "||"):
        return False
    if isinstance(tree, Scripted) and tree.superscripts and not names.is_label(tree):
        return False
    return not isinstance(parent(site), Scripted)


def _exponents_about(paper: Paper) -> tuple[str, ...]:
    """Exponents that stand elsewhere on the side."""
    found = []
    for site in paper.sites:
        if isinstance(site.tree, Scripted) and site.tree.superscripts and not paper.is_name(site.tree):
            parts = site.tree.superscripts
            if names.is_label(site.tree) or len(parts) != 1 or names.is_transpose(parts):
                continue
            text = f"{{{paper.source(parts[0])}}}"
            if not isinstance(parts[0], Number) and text not in ("{-1}", "{-\\top}"):
                found.append(text)
    return tuple(dict.fromkeys(found))[:3]


def _exponents(paper: Paper, tree: Scripted) -> Iterator[Edit]:
    (part,) = tree.superscripts
    if names.is_transpose((part,)) or names.is_inverse_transpose((part,)) or is_exponential(tree):
        return
    source = paper.source(part)
    without = _without_superscript(paper, tree)
    if without is not None:
        yield Edit("power", *tree.span, without, f"the exponent ${source}$ is too many", 3)
    for text in _other_exponents(part, source):
        yield Edit("power", *part.span, text, f"the exponent ${source}$ should be ${text}$", 3)


def _apart(paper: Paper, tree: Scripted) -> Iterator[Edit]:
    """``s_i s_j`` for ``s_i^2``."""
    (part,) = tree.superscripts
    if not isinstance(part, Number) or part.value != 2 or len(tree.subscripts) != 1:
        return
    (letter,) = tree.subscripts
    once = _without_superscript(paper, tree)
    if once is None or not isinstance(letter, Name):
        return
    base = paper.source(tree.base)
    for other in paper.free:
        if other != letter.name:
            text = f"{once} {base}_{other}" if len(other) == 1 else f"{once} {base}_{{{other}}}"
            yield Edit("index", *tree.span, text, f"${paper.shown(tree)}$ should be ${text}$", 3)


def _other_exponents(part: Tree, source: str) -> Iterator[str]:
    match part:
        case Number() if part.value.denominator == 1:
            value = int(part.value)
            yield from (f"{{{v}}}" if v < 0 or v > 9 else str(v) for v in (value + 1, value - 1) if v not in (0, 1))
            yield f"{{-{value}}}"
        case Terms(terms=(first, Number()), signs=(1, _)):
            yield source[: first.span[1] - part.span[0]]
        case Terms(terms=(Number() as inner,), signs=(-1,)):
            value = int(inner.value)
            yield from (f"-{value + 1}", *((f"-{value - 1}", str(value)) if value > 1 else ()))
        case Name() | Scripted():
            yield f"{{{source} - 1}}"
            yield f"{{{source} + 1}}"
        case _:
            return


def _without_superscript(paper: Paper, tree: Scripted) -> str | None:
    """``x_i^2`` without its exponent."""
    (part,) = tree.superscripts
    start = paper.text.rfind("^", tree.base.span[1], part.span[0])
    if start < 0:
        return None
    end = part.span[1]
    while end < tree.span[1] and paper.text[end] in " }":
        end += 1
    return (paper.text[tree.span[0] : start] + paper.text[end : tree.span[1]]).strip()


def doubled(paper: Paper, site: Site) -> Iterator[Edit]:
    """``2 A B`` for ``A B + B A`` and for ``A B + (A B)^\\top``: true only where the two agree."""
    tree = site.tree
    if not isinstance(tree, Factors) or site.zone != VALUE:
        return
    units = paper.units(tree)
    if not isinstance(units[0][0], Number) or units[0][0].value != 2 or len(units) < 2:
        return
    rest = units[1:]
    once = paper.text[rest[0][0].span[0] : rest[-1][-1].span[1]]
    if len(rest) == 2:
        text = _one_of_each(site, once, glued(_unit(paper, rest[1]), " ", _unit(paper, rest[0])))
        yield Edit("order", *tree.span, text, "the two orders are not the same: one of each is needed", 3)
    for n, unit in enumerate(rest):
        if paper.rank(unit[-1]) == 2:
            turned = [_turned(paper, u, k == n) for k, u in enumerate(rest)]
            text = _one_of_each(site, once, glued(*_spaced(turned)))
            what = _unit(paper, unit)
            said = f"${what}$ and its transpose are the same only if ${what}$ is symmetric: one of each is needed"
            yield Edit("transpose", *tree.span, text, said, 4)


def _one_of_each(site: Site, first: str, second: str) -> str:
    return f"({first} + {second})" if site.parents else f"{first} + {second}"
