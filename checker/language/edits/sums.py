"""Slips in sums: signs, terms too many, sums over an index."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.language import names
from checker.language.edits.site import (
    ARGUMENT,
    EXPONENT,
    MATHEMATICAL,
    VALUE,
    Edit,
    Paper,
    Site,
    bound_letters,
    glued,
    letter_tokens,
    parent,
    shortened,
)
from checker.language.surface import (
    BigOperator,
    Cases,
    Factors,
    Fraction_,
    Group,
    Name,
    Number,
    Relation,
    Scripted,
    Terms,
    Tree,
)
from checker.language.walk import descend

MOST_ADDED = 16
MINUS = ("-", "−", "–")


def ordinal(n: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    return words[n] if n < len(words) else f"{n + 1}th"


# ------------------------------------------------------------------------------------------- signs


def signs(paper: Paper, site: Site) -> Iterator[Edit]:
    """The sign of one term, of all terms, or of a quantity that has none."""
    power = parent(site)
    for edit in _signs(paper, site):
        if site.zone == EXPONENT and isinstance(power, Scripted):
            start, end = power.span
            text = glued(paper.text[start : edit.start], edit.text, paper.text[edit.end : end])
            yield replace(edit, said=f"${paper.shown(power)}$ should be ${shortened(text)}$")
        else:
            yield edit


def _signs(paper: Paper, site: Site) -> Iterator[Edit]:
    if site.zone not in MATHEMATICAL:
        return
    slip = "sign" if site.zone == VALUE else "argument"
    rank = 4 if site.zone == ARGUMENT else 0
    tree = site.tree
    if isinstance(tree, Terms):
        for n in range(len(tree.terms)):
            yield replace(_flipped(paper, site, tree, n, slip), rank=rank)
        if len(tree.terms) > 1:
            yield replace(_all_flipped(paper, tree, slip), rank=rank)
    elif _is_whole(site) and not isinstance(tree, Cases) and not (site.parents and isinstance(tree, Group)):
        yield Edit(slip, tree.span[0], tree.span[0], "-", _whole_sign(paper, tree, site), rank)


def _whole_sign(paper: Paper, tree: Tree, site: Site) -> str:
    if not site.parents:
        return "the sign of the whole side is wrong"
    return f"the sign of ${paper.shown(tree)}$ is wrong"


def _is_whole(site: Site) -> bool:
    """Whether a quantity stands by itself: the side, a branch, an exponent, an argument."""
    above = parent(site)
    if above is None or isinstance(above, Cases):
        return True
    if site.zone == EXPONENT:
        return isinstance(above, Scripted)
    return site.zone == ARGUMENT and not isinstance(above, (Terms, Factors, Fraction_, Scripted))


def _flipped(paper: Paper, site: Site, tree: Terms, n: int, slip: str) -> Edit:
    term = tree.terms[n]
    start = tree.terms[n - 1].span[1] if n else tree.span[0]
    gap = paper.text[start : term.span[0]]
    single = len(tree.terms) == 1
    if single and not site.parents:
        said = "the sign of the whole side is wrong"
    elif single or site.zone != VALUE:
        said = f"the sign of ${paper.shown(term)}$ is wrong"
    else:
        said = f"the sign of the {ordinal(n)} term, ${paper.shown(term)}$, is wrong"
    at = max((gap.rfind(c) for c in (*MINUS, "+")), default=-1)
    if at < 0:
        return Edit(slip, term.span[0], term.span[0], "-", said, 0)
    turned = "-" if tree.signs[n] > 0 else ("+" if n else "")
    end = start + at + 1 if n else term.span[0]
    return Edit(slip, start + at, end, turned, said, 0)


def _all_flipped(paper: Paper, tree: Terms, slip: str) -> Edit:
    pieces = sorted(zip(tree.signs, tree.terms, strict=True), key=lambda p: p[0] > 0)
    turned = [(-sign, paper.source(term)) for sign, term in pieces]
    first, *rest = turned
    text = ("-" if first[0] < 0 else "") + first[1]
    for sign, source in rest:
        text = glued(text, f" {'+' if sign > 0 else '-'} ", source)
    said = f"the sign of ${paper.shown(tree)}$ is wrong"
    if len(tree.terms) == 2 and sum(tree.signs) == 0:
        said = f"the difference ${paper.shown(tree)}$ is the wrong way round"
    return Edit(slip, *tree.span, text, said, 0)


# ------------------------------------------------------------------------------------------- terms


def terms_too_many(paper: Paper, site: Site) -> Iterator[Edit]:
    tree = site.tree
    if site.zone not in MATHEMATICAL or not isinstance(tree, Terms) or len(tree.terms) < 2:
        return
    for n, term in enumerate(tree.terms):
        if n:
            start, end = tree.terms[n - 1].span[1], term.span[1]
        elif tree.signs[1] < 0:
            start, end = tree.span[0], tree.terms[0].span[1]
        else:
            start, end = tree.span[0], tree.terms[1].span[0]
        yield Edit("extra-term", start, end, "", f"the {ordinal(n)} term, ${paper.shown(term)}$, is too many", 3)


def terms_missing(paper: Paper, site: Site) -> Iterator[Edit]:
    """A name of the document added to a side that is a vector or a matrix."""
    if site.parents or paper.rank(site.tree) == 0:
        return
    end = site.tree.span[1]
    present = [paper.source(t) for t in (site.tree.terms if isinstance(site.tree, Terms) else (site.tree,))]
    for other in (x for x in paper.others[:MOST_ADDED] if x not in present):
        for sign in ("+", "-"):
            yield Edit("missing-term", end, end, f" {sign} {other}", f"the term ${sign} {other}$ is missing", 5)


def one_minus(paper: Paper, site: Site) -> Iterator[Edit]:
    """``a`` for ``1 - a`` and the other way round."""
    tree = site.tree
    if site.zone not in MATHEMATICAL:
        return
    match tree:
        case Group(kind="(" | "[" | "{", items=(Terms(terms=(Number(value=one), other), signs=(1, -1)),)) if one == 1:
            said = f"$1 - {paper.shown(other)}$ should be ${paper.shown(other)}$"
            yield Edit("one-minus", *tree.span, paper.source(other), said, 4)
        case Factors():
            yield from _complements(paper, tree)
        case Name() | Scripted() if paper.rank(tree) == 0 and not paper.is_function(tree):
            if isinstance(tree, Scripted) and not isinstance(tree.base, Name):
                return
            source = paper.source(tree)
            said = f"${paper.shown(tree)}$ should be $1 - {paper.shown(tree)}$"
            yield Edit("one-minus", *tree.span, f"(1 - {source})", said, 5)


def _complements(paper: Paper, tree: Factors) -> Iterator[Edit]:
    """``\\sigma(x) \\sigma(x)`` for ``\\sigma(x) (1 - \\sigma(x))``."""
    for unit in paper.units(tree):
        start, end = unit[0].span[0], unit[-1].span[1]
        source = paper.text[start:end]
        if len(unit) == 2 and paper.rank(unit[1]) == 0:
            yield Edit("one-minus", start, end, f"(1 - {source})", f"${source}$ should be $1 - {source}$", 3)


# ------------------------------------------------------------------------------------------- sums


def sums_too_many(paper: Paper, site: Site) -> Iterator[Edit]:
    tree = site.tree
    if not isinstance(tree, BigOperator) or tree.operator not in ("sum", "prod"):
        return
    said = f"the sum over {', '.join(bound_letters(tree))} should have collapsed"
    body = tree.body
    yield Edit("extra-sum", tree.span[0], body.span[0], "", said, 3)
    for letter in bound_letters(tree):
        for other in (*paper.free, *site.bound):
            if other != letter:
                text = renamed(paper, body, letter, other)
                yield Edit("extra-sum", *tree.span, text, said, 3)


def renamed(paper: Paper, tree: Tree, letter: str, other: str) -> str:
    """The source of a tree with one letter for another, everywhere."""
    found = sorted(
        {n.span for n in descend(tree) if isinstance(n, Name) and n.name == letter and not n.upright}, reverse=True
    )
    text = paper.source(tree)
    for start, end in found:
        text = glued(text[: start - tree.span[0]], other, text[end - tree.span[0] :])
    return text


def sums_missing(paper: Paper, site: Site) -> Iterator[Edit]:
    """A sum around a term of the side: over a letter that is free there, with or without a range."""
    tree = site.tree
    if site.zone != VALUE or isinstance(tree, (Terms, Group)):
        return
    if site.parents and not isinstance(site.parents[-1], (Terms, Cases)) and not _lone_term(site):
        return
    present = {t.name for t in index_letters(tree)}
    for letter in dict.fromkeys((*(x for x in paper.letters if x in present), *paper.letters)):
        if letter in site.bound or letter not in present:
            continue
        said = f"the sum over {letter} is missing"
        yield Edit("missing-sum", tree.span[0], tree.span[0], f"{_sum_over(paper, letter)} ", said, 4)
    start = tree.span[0]
    for letter in paper.free:
        if letter not in present or letter in site.bound:
            continue
        for other in paper.letters:
            if other not in paper.free and other not in site.bound:
                text = f"\\sum_{{{other}}} {renamed(paper, tree, letter, other)}"
                yield Edit("missing-sum", start, tree.span[1], text, f"the sum over {other} is missing", 6)
                break


def _sum_over(paper: Paper, letter: str) -> str:
    """With its bounds, unless the side has sums without."""
    bare = any(isinstance(node, BigOperator) and node.upper is None for node in descend(paper.tree))
    if letter not in paper.extents or bare:
        return f"\\sum_{{{letter}}}"
    lower, upper = paper.extents[letter]
    return f"\\sum_{{{letter}={lower}}}^{{{upper}}}"


def _lone_term(site: Site) -> bool:
    return len(site.parents) == 1 and isinstance(site.parents[0], Terms)


def index_letters(tree: Tree) -> Iterator[Name]:
    for node in descend(tree):
        if isinstance(node, Scripted):
            for part in (*node.subscripts, *(node.superscripts if names.is_label(node) else ())):
                yield from letter_tokens(part)


# ------------------------------------------------------------------------------------------- ranges


def ranges(paper: Paper, site: Site) -> Iterator[Edit]:
    """Bounds that are off by one, taken from a letter, or the wrong way round; conditions below the sum."""
    tree = site.tree
    if not isinstance(tree, BigOperator):
        return
    below = tree.lower[0] if len(tree.lower) == 1 else None
    low = below.operands[1] if isinstance(below, Relation) and below.operators == ("=",) else None
    if low is not None and tree.upper is not None:
        yield from _turned(paper, tree, low, tree.upper)
    for bound in (low, tree.upper):
        if bound is not None:
            yield from _moved(paper, bound)
    if isinstance(below, Relation) and below.operators == ("=",) and tree.upper is not None:
        yield from _excepting(paper, tree, below)


def _moved(paper: Paper, bound: Tree) -> Iterator[Edit]:
    source = paper.source(bound)
    options = [*_neighbours(bound, source), *(x for x in paper.free if x != source), "1"]
    for text in dict.fromkeys(options):
        if text != source:
            said = f"the bound ${source}$ of the sum should be ${text}$"
            yield Edit("range", *bound.span, text, said, 4)


def _neighbours(bound: Tree, source: str) -> list[str]:
    match bound:
        case Number() if bound.value.denominator == 1:
            return [str(bound.value + 1), str(bound.value - 1)]
        case Terms(terms=(first, Number(value=one)), signs=(1, _)) if one == 1:
            return [source[: first.span[1] - bound.span[0]]]
        case _:
            return [f"{source} - 1", f"{source} + 1"]


def _turned(paper: Paper, tree: BigOperator, low: Tree, high: Tree) -> Iterator[Edit]:
    """1..j for j..n: the end that is a letter becomes the other end."""
    letter = paper.source(high)
    for name, entry in paper.table.entries.items():
        if entry.kind == "size" and name != letter:
            between = paper.text[low.span[1] : high.span[0]]
            said = f"the sum should run from ${letter}$ to ${name}$"
            yield Edit("range", low.span[0], high.span[1], f"{letter}{between}{name}", said, 5)


def _excepting(paper: Paper, tree: BigOperator, below: Relation) -> Iterator[Edit]:
    letter = paper.source(below.operands[0])
    for other in paper.free:
        if other != letter:
            said = f"the sum should leave out ${letter} = {other}$"
            start = paper.text.rfind("\\", 0, below.span[0])
            text = f"\\sum_{{{letter} \\ne {other}}} "
            if start >= tree.span[0] and paper.text[start:].startswith("\\sum"):
                yield Edit("range", start, tree.body.span[0], text, said, 6)


def bound_renamed(paper: Paper, site: Site) -> Iterator[Edit]:
    """The sum runs over another letter than its body has."""
    tree = site.tree
    if not isinstance(tree, BigOperator):
        return
    present = dict.fromkeys(t.name for t in index_letters(tree.body))
    for below in tree.lower:
        target = below.operands[0] if isinstance(below, Relation) else below
        if not isinstance(target, Name):
            continue
        for other in present:
            if other not in bound_letters(tree):
                said = f"the sum should run over {other}, not over {target.name}"
                yield Edit("index", *target.span, other, said, 2)
