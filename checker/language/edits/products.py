"""Slips in products: order, transposes, factors too many or too few."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise, permutations, product

from checker.language import names
from checker.language.edits.numbers import coefficient
from checker.language.edits.site import (
    CONDITION,
    EXPONENT,
    MATHEMATICAL,
    VALUE,
    Edit,
    Paper,
    Site,
    glued,
    parent,
)
from checker.language.surface import (
    BigOperator,
    Cases,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    Scripted,
    Terms,
    Tree,
)

MOST_REORDERED = 4


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
