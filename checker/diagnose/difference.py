"""Where a side differs from another text for it: one part for another, a factor or a term too many or too few."""

from __future__ import annotations

from collections.abc import Sequence

from checker.language.edits import Edit, Paper
from checker.language.edits.site import shortened
from checker.language.names import is_transpose
from checker.language.statements import same_tree
from checker.language.surface import Factors, Group, Name, Number, Scripted, Terms, Tree
from checker.language.walk import children

LONGEST = 60
PASSED_OVER = ("span", "style", "text")


def difference(paper: Paper, text: str, tree: Tree) -> Edit | None:
    """The small change that makes ``paper.tree`` into ``tree``, whose source is ``text``; None where none does."""
    ours, theirs = differing(paper.tree, tree)
    new = text[theirs.span[0] : theirs.span[1]]
    if len(new) > LONGEST or same_tree(ours, theirs):
        return None
    slip, said = (
        _complement(paper, ours, new)
        or _inserted(ours, theirs, text)
        or _removed(paper, ours, theirs)
        or _exchanged(paper, ours, theirs, new)
    )
    return Edit(slip, *ours.span, new, said, 0) if said and (ours is not paper.tree or slip != "other") else None


def differing(ours: Tree, theirs: Tree) -> tuple[Tree, Tree]:
    """The smallest parts outside of which two trees are the same."""
    while _shell(ours) == _shell(theirs):
        pairs = list(zip(children(ours), _in_the_order_of(ours, theirs), strict=False))
        unequal = [(a, b) for a, b in pairs if not same_tree(a, b)]
        if len(unequal) != 1 or (isinstance(ours, Scripted) and unequal[0][0] in ours.superscripts):
            break
        ours, theirs = unequal[0]
    return ours, theirs


def _in_the_order_of(ours: Tree, theirs: Tree) -> Sequence[Tree]:
    """The parts of the second tree; of a sum, the same terms at the same places as in the first."""
    if not isinstance(ours, Terms) or not isinstance(theirs, Terms):
        return children(theirs)
    rest = list(zip(theirs.signs, theirs.terms, strict=True))
    found: list[Tree | None] = []
    for pair in zip(ours.signs, ours.terms, strict=True):
        k = next((k for k, other in enumerate(rest) if pair[0] == other[0] and same_tree(pair[1], other[1])), None)
        found.append(None if k is None else rest.pop(k)[1])
    alike = [s for (s, _), f in zip(zip(ours.signs, ours.terms, strict=True), found, strict=True) if f is None]
    if alike != [s for s, _ in rest]:
        return theirs.terms
    left = iter(t for _, t in rest)
    return [f if f is not None else next(left) for f in found]


def _shell(tree: Tree) -> tuple[object, ...]:
    """What a node is, its parts aside."""
    parts = children(tree)
    values = (getattr(tree, f) for f in tree.__dataclass_fields__ if f not in PASSED_OVER)
    plain = tuple(v for v in values if not isinstance(v, Tree) and not (isinstance(v, tuple) and _holds_trees(v)))
    return type(tree), len(parts), sorted(tree.signs) if isinstance(tree, Terms) else plain


def _holds_trees(values: tuple[object, ...]) -> bool:
    return any(isinstance(v, Tree) or (isinstance(v, tuple) and _holds_trees(v)) for v in values)


# ------------------------------------------------------------------------------- more of it, or less


def _inserted(ours: Tree, theirs: Tree, text: str) -> tuple[str, str] | None:
    rest = _behind(ours, theirs)
    if rest is not None:
        return "missing-factor", f"the factor ${shortened(text[rest : theirs.span[1]])}$ is missing"
    found = _one_more(ours, theirs)
    if found is None:
        return None
    kind, n = found
    theirs = _bare(theirs)
    part = children(theirs)[n]
    source = shortened(text[part.span[0] : part.span[1]])
    if kind == "factor":
        return "missing-factor", f"the factor ${source}$ is missing"
    assert isinstance(theirs, Terms), theirs
    sign = "+" if theirs.signs[n] > 0 else "-"
    return "missing-term", f"the term ${sign} {source}$ is missing"


def _behind(ours: Tree, theirs: Tree) -> int | None:
    """Where the rest of a product begins that starts with what was written."""
    if not isinstance(theirs, Factors):
        return None
    few = ours.factors if isinstance(ours, Factors) else (ours,)
    starts = len(few) < len(theirs.factors) and all(map(same_tree, few, theirs.factors))
    return theirs.factors[len(few)].span[0] if starts else None


def _removed(paper: Paper, ours: Tree, theirs: Tree) -> tuple[str, str] | None:
    found = _one_more(theirs, ours)
    if found is None:
        return None
    kind, n = found
    return f"extra-{kind}", f"the {kind} ${paper.shown(children(_bare(ours))[n])}$ is too many"


def _one_more(few: Tree, many: Tree) -> tuple[str, int] | None:
    """Whether the second tree is the first with one factor or term more, and which."""
    few, many = _bare(few), _bare(many)
    kind = "factor" if isinstance(many, Factors) else "term"
    if not isinstance(many, (Factors, Terms)):
        return None
    rest = children(few) if type(few) is type(many) else (few,)
    if isinstance(many, Terms) and not isinstance(few, Terms) and any(s < 0 for s in many.signs[:1]):
        return None
    n = _extra(rest, children(many))
    if n is None or (isinstance(few, Terms) and isinstance(many, Terms) and _without(many.signs, n) != few.signs):
        return None
    return kind, n


def _extra(few: Sequence[Tree], many: Sequence[Tree]) -> int | None:
    if len(many) != len(few) + 1:
        return None
    n = next((k for k, (a, b) in enumerate(zip(few, many, strict=False)) if not same_tree(a, b)), len(few))
    return n if all(same_tree(a, b) for a, b in zip(few[n:], many[n + 1 :], strict=True)) else None


def _without(values: Sequence[int], n: int) -> tuple[int, ...]:
    return (*values[:n], *values[n + 1 :])


# ---------------------------------------------------------------------------- one part for another


def _exchanged(paper: Paper, ours: Tree, theirs: Tree, new: str) -> tuple[str, str]:
    said = f"${paper.shown(ours)}$ should be ${shortened(new)}$"
    if _same_factors(ours, theirs):
        return "order", f"the factors stand in the wrong order: ${shortened(new)}$"
    if (isinstance(ours, Number) or is_size(paper, ours)) and (isinstance(theirs, Number) or is_size(paper, theirs)):
        return "factor", said
    if isinstance(ours, (Name, Scripted)) and isinstance(theirs, (Name, Scripted)):
        return ("power" if same_tree(_base(ours), _base(theirs)) else "argument"), said
    return "other", said


def _complement(paper: Paper, ours: Tree, new: str) -> tuple[str, str] | None:
    """``a`` for ``1 - a``."""
    shown = paper.shown(ours)
    found = "".join(new.split()) == "".join(f"(1-{paper.source(ours)})".split())
    return ("one-minus", f"${shown}$ should be $1 - {shown}$") if found else None


def _same_factors(ours: Tree, theirs: Tree) -> bool:
    if not isinstance(ours, Factors) or not isinstance(theirs, Factors) or len(ours.factors) != len(theirs.factors):
        return False
    rest = list(theirs.factors)
    for factor in ours.factors:
        k = next((k for k, other in enumerate(rest) if same_tree(_unturned(factor), _unturned(other))), None)
        if k is None:
            return False
        del rest[k]
    return True


def is_size(paper: Paper, tree: Tree) -> bool:
    entry = paper.table.entries.get(tree.name) if isinstance(tree, Name) else None
    return entry is not None and entry.kind == "size"


def _base(tree: Tree) -> Tree:
    return _bare(tree.base if isinstance(tree, Scripted) and not tree.subscripts else tree)


def _unturned(tree: Tree) -> Tree:
    return _bare(tree.base) if isinstance(tree, Scripted) and is_transpose(tree.superscripts) else tree


def _bare(tree: Tree) -> Tree:
    """What stands in parentheses."""
    return tree.items[0] if isinstance(tree, Group) and tree.kind == "(" and len(tree.items) == 1 else tree
