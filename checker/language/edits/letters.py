"""Slips in letters: indices, labels, names, functions, conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from checker.calculus.functions import elementary, standard
from checker.language import names
from checker.language.edits.site import (
    ARGUMENT,
    CONDITION,
    INDEX,
    LABEL,
    MATHEMATICAL,
    RANGE,
    VALUE,
    Edit,
    Paper,
    Site,
    glued,
    letter_tokens,
    parent,
    shortened,
)
from checker.language.surface import (
    Call,
    Cases,
    Factors,
    Group,
    Name,
    Number,
    Relation,
    Scripted,
    Terms,
    Tree,
)

DERIVATIVES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sin": ("cos",),
        "cos": ("sin",),
        "sinh": ("cosh",),
        "cosh": ("sinh",),
        "tan": ("sec^2", "cot"),
        "cot": ("csc^2", "tan"),
        "sec": ("tan", "csc"),
        "csc": ("cot", "sec"),
        "exp": ("log",),
        "log": ("exp",),
    }
)
TURNED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "<": (">", "\\le"),
        ">": ("<", "\\ge"),
        "\\le": ("\\ge", "<"),
        "\\ge": ("\\le", ">"),
        "=": ("\\ne",),
        "\\ne": ("=",),
    }
)


# ----------------------------------------------------------------------------------------- indices


def indices(paper: Paper, site: Site) -> Iterator[Edit]:
    """Swapped indices, an index for another one, an index off by one."""
    tree = site.tree
    if isinstance(tree, Scripted) and not paper.is_name(tree):
        yield from _swapped(paper, tree)
    if site.zone != INDEX or not isinstance(parent(site), Scripted):
        return
    for token in letter_tokens(tree):
        for other in dict.fromkeys((*paper.free, *site.bound, *paper.letters)):
            if other != token.name:
                said = f"the index {token.name} should be {other}"
                yield Edit("index", *token.span, other, said, 1)
    yield from _shifted(paper, tree)


def _swapped(paper: Paper, tree: Scripted) -> Iterator[Edit]:
    parts = [*tree.subscripts, *(tree.superscripts if names.is_label(tree) else ())]
    tokens = [t for part in parts for t in letter_tokens(part)]
    for n, first in enumerate(tokens):
        for second in tokens[n + 1 :]:
            if first.name != second.name:
                start, end = first.span[0], second.span[1]
                between = paper.text[first.span[1] : second.span[0]]
                text = glued(second.name, between, first.name)
                said = f"the indices {first.name} and {second.name} of ${paper.shown(tree)}$ are swapped"
                if start < end:
                    yield Edit("index", start, end, text, said, 1)


def _shifted(paper: Paper, tree: Tree) -> Iterator[Edit]:
    source = paper.source(tree)
    options: tuple[str, ...]
    match tree:
        case Name():
            others = [x for x in dict.fromkeys((*paper.free, *paper.letters)) if x != source]
            options = (f"{source}-1", f"{source}+1", *(f"{source}+{x}-1" for x in others[:4]))
            options += tuple(f"{source}-{x}" for x in others[:4])
        case Number() if tree.value.denominator == 1:
            options = tuple(str(v) for v in (tree.value + 1, tree.value - 1))
        case Terms(terms=(Name() as first, Number(text=number)), signs=(1, sign)):
            turned = "+" if sign < 0 else "-"
            options = (paper.source(first), f"{paper.source(first)}{turned}{number}")
        case Terms(terms=(Name() as first, Name() as second), signs=(1, sign)):
            turned = "+" if sign < 0 else "-"
            options = (f"{paper.source(first)}{turned}{paper.source(second)}",)
            options += (f"{paper.source(second)}-{paper.source(first)}",) if sign < 0 else ()
        case _:
            return
    for text in options:
        braced = text if len(text) == 1 or _is_braced(paper, tree) else f"{{{text}}}"
        yield Edit("index", *tree.span, braced, f"the index {source} should be {text}", 3)


def _is_braced(paper: Paper, tree: Tree) -> bool:
    """Whether a script stands between braces or commas already."""
    before = paper.text[: tree.span[0]].rstrip()[-1:]
    return before in ("{", ",")


def free_indices(paper: Paper) -> Iterator[Edit]:
    """``W g`` for ``(W g)_i``: the side is no number, but the head is."""
    tree = paper.tree
    if not paper.free or paper.rank(tree) == 0:
        return
    source = paper.source(tree)
    simple = isinstance(tree, (Name, Group))
    base = source if simple else f"({source})"
    for letters in (*_choices(paper.free, 1), *_choices(paper.free, 2)):
        text = f"{base}_{{{''.join(_gap(letters))}}}"
        said = f"the left side is an element, so the right side must be one: the index {', '.join(letters)} is missing"
        yield Edit("index-missing", *tree.span, text, said, 0)


def _gap(letters: tuple[str, ...]) -> Iterator[str]:
    for n, letter in enumerate(letters):
        yield f" {letter}" if n and letters[n - 1].startswith("\\") else letter


def _choices(free: tuple[str, ...], rank: int) -> list[tuple[str, ...]]:
    if rank == 1:
        return [(x,) for x in free]
    return [(x, y) for x in free for y in free if x != y] if rank == 2 else []


# ------------------------------------------------------------------------------------------ labels


def labels(paper: Paper, site: Site) -> Iterator[Edit]:
    """A layer label off by one, or another one of the document."""
    tree = site.tree
    if site.zone != LABEL or not isinstance(parent(site), Scripted):
        return
    source = paper.source(tree)
    options: tuple[str, ...]
    match tree:
        case Number() if tree.value.denominator == 1:
            value = int(tree.value)
            options = tuple(str(v) for v in (value - 1, value + 1, value + 2, value - 2) if v >= 0)
        case Name():
            options = (f"{source}-1", f"{source}+1")
        case Terms(terms=(Name() as first, Number(text=number)), signs=(1, sign)):
            turned = "+" if sign < 0 else "-"
            options = (paper.source(first), f"{paper.source(first)}{turned}{number}")
        case _:
            return
    for text in options:
        said = f"the label {source} of ${paper.shown(site.parents[-1])}$ should be {text}"
        yield Edit("label", *tree.span, text, said, 2)


# ------------------------------------------------------------------------------------------- names


def names_of_same_shape(paper: Paper, site: Site) -> Iterator[Edit]:
    """A name for another one with as many indices: ``q_k`` for ``a_k``."""
    tree = site.tree
    if site.zone not in (*MATHEMATICAL, "derivative") or paper.is_function(tree):
        return
    target = tree.base if isinstance(tree, Scripted) and not paper.is_name(tree) else tree
    if not isinstance(target, (Name, Scripted)) or (isinstance(target, Name) and target.upright):
        return
    stem = paper.stem(target)
    spelled, source = stem or (names.spell(target), paper.source(target))
    if spelled not in paper.table.entries or paper.table.entries[spelled].kind != "tensor":
        return
    start = target.span[0]
    for name in same_shape(paper, spelled):
        label = isinstance(tree, Scripted) and _same_stem(spelled, name)
        said = f"${shortened(source)}$ should be ${name}$"
        yield Edit("label" if label else "argument", start, start + len(source), name, said, 4)


def same_shape(paper: Paper, spelled: str) -> list[str]:
    """The other names with as many indices, the latest first."""
    own = paper.table.entries[spelled]
    return [
        name
        for name, entry in reversed(paper.table.entries.items())
        if name != spelled and entry.kind == "tensor" and entry.inner == own.inner and entry.family == own.family
    ]


def _same_stem(left: str, right: str) -> bool:
    return left.split("_")[0].split("^")[0] == right.split("_")[0].split("^")[0]


def numbers_for_names(paper: Paper, site: Site) -> Iterator[Edit]:
    """``\\log x`` for ``\\log 2``, ``e^{-1}`` for ``e^{-x}``: a number and a variable confused."""
    tree = site.tree
    if site.zone not in MATHEMATICAL:
        return
    scalars = [n for n, e in paper.table.entries.items() if e.kind == "tensor" and e.inner == 0 and e.family == 0]
    if isinstance(tree, Number) and site.zone != VALUE:
        for name in reversed(scalars):
            yield Edit("argument", *tree.span, name, f"${tree.text}$ should be ${name}$", 4)
    elif isinstance(tree, Name) and paper.rank(tree) == 0 and site.zone != VALUE and tree.name in paper.table.entries:
        for number in ("1", "2"):
            yield Edit("argument", *tree.span, number, f"${paper.shown(tree)}$ should be ${number}$", 5)


# --------------------------------------------------------------------------------------- functions


def functions(paper: Paper, site: Site) -> Iterator[Edit]:
    """``\\varphi`` for ``\\varphi'`` and the other way round, ``\\sin`` for ``\\cos``."""
    tree = site.tree
    if isinstance(tree, Call):
        yield from _called(paper, tree)
        return
    if not isinstance(tree, (Name, Scripted)) or not paper.is_function(tree) or not _is_applied(paper, site):
        return
    source = paper.source(tree)
    if isinstance(tree, Scripted) and tree.primes:
        bare = source.replace("^{\\prime}", "").replace("^\\prime", "").replace("'", "", 1)
        yield Edit("derivative", *tree.span, bare, f"the derivative ${source}$ should be ${bare}$", 1)
        yield Edit("derivative", *tree.span, f"{source}'", f"${source}'$ belongs where ${source}$ is written", 5)
    else:
        yield Edit("derivative", *tree.span, f"{source}'", f"${source}'$ belongs where ${source}$ is written", 1)
    yield from _without_function(paper, site)


def _is_applied(paper: Paper, site: Site) -> bool:
    above = parent(site)
    if not isinstance(above, Factors):
        return False
    return any(unit[0] is site.tree and len(unit) > 1 for unit in paper.units(above))


def _without_function(paper: Paper, site: Site) -> Iterator[Edit]:
    """``\\sigma(o)`` for ``o``: a function that has been applied already."""
    above = parent(site)
    assert isinstance(above, Factors), above
    unit = next(u for u in paper.units(above) if u[0] is site.tree)
    group = unit[1]
    if isinstance(group, Group) and len(group.items) == 1:
        inner = paper.source(group.items[0])
        text = f"({inner})" if isinstance(group.items[0], (Terms, Factors)) else inner
        said = f"${paper.text[unit[0].span[0] : group.span[1]]}$ should be ${inner}$"
        yield Edit("extra-factor", unit[0].span[0], group.span[1], text, said, 4)


def _called(paper: Paper, tree: Call) -> Iterator[Edit]:
    name = tree.function.name
    start, end = tree.function.span
    written = paper.text[start:end]
    for other in DERIVATIVES.get(name, ()):
        text = f"\\{other}"
        yield Edit("derivative", start, end, text, f"${written}$ should be ${text}$", 2)
    if len(tree.arguments) == 1 and (elementary(name) is not None or standard(name) is not None):
        primed = tree.scripts is not None and tree.scripts.primes
        if primed and tree.scripts is not None:
            first, last = tree.scripts.span
            said = f"the derivative ${paper.text[first:last]}$ should be ${written}$"
            yield Edit("derivative", first, last, written, said, 1)
        elif tree.scripts is None and not tree.bare:
            yield Edit("derivative", end, end, "'", f"${written}'$ belongs where ${written}$ is written", 2)


# -------------------------------------------------------------------------------------- conditions


def conditions(paper: Paper, site: Site) -> Iterator[Edit]:
    """Branches swapped, a relation the wrong way round."""
    tree = site.tree
    if isinstance(tree, Cases) and len(tree.rows) == 2:
        (first, _), (second, _) = tree.rows
        between = paper.text[first.span[1] : second.span[0]]
        text = glued(paper.source(second), between, paper.source(first))
        yield Edit("branches", first.span[0], second.span[1], text, "the two branches are swapped", 2)
    if isinstance(tree, Relation) and site.zone in (CONDITION, RANGE) and len(tree.operators) == 1:
        yield from _turned(paper, tree)


def _turned(paper: Paper, tree: Relation) -> Iterator[Edit]:
    first, second = tree.operands
    operator = tree.operators[0]
    for other in TURNED.get(operator, ()):
        start, end = first.span[1], second.span[0]
        said = f"the condition ${paper.shown(tree)}$ should have ${other}$"
        yield Edit("branches", start, end, f" {other} ", said, 3)


def absolutes(paper: Paper, site: Site) -> Iterator[Edit]:
    """``x`` for ``|x|``."""
    tree = site.tree
    quantity = isinstance(tree, (Name, Scripted)) and not paper.is_function(tree) and paper.rank(tree) == 0
    if quantity and site.zone in (VALUE, ARGUMENT) and not isinstance(parent(site), Scripted):
        source = paper.source(tree)
        yield Edit("absolute", *tree.span, f"|{source}|", f"the absolute value of ${source}$ is missing", 6)
    if isinstance(tree, Group) and tree.kind == "|" and len(tree.items) == 1:
        inner = paper.source(tree.items[0])
        yield Edit("absolute", *tree.span, f"({inner})", f"the absolute value of ${inner}$ is too many", 5)
