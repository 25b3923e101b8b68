"""Slips in exponents: powers and roots."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language import names
from checker.language.edits.site import (
    MATHEMATICAL,
    Edit,
    Paper,
    Site,
    is_exponential,
    parent,
    shortened,
)
from checker.language.surface import (
    Call,
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
