"""Two slips in one side: which edits are tried together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checker.language.edits import Edit, Paper
from checker.language.surface import Terms, Tree

PAIRED = 28  # edits that are tried two at a time
FEW_SIGNS = 4
BESIDE_A_SIGN = ("argument", "factor", "extra-factor", "transpose", "derivative")


def pairs(edits: Sequence[Edit]) -> Iterator[tuple[Edit, ...]]:
    """Two edits at different places, both common."""
    common = [e for e in edits if e.rank <= 4][:PAIRED]
    sums = sorted(
        ((a.rank + b.rank, m, n) for m, a in enumerate(common) for n, b in enumerate(common) if m < n),
    )
    for _, m, n in sums:
        first, second = sorted((common[m], common[n]), key=lambda e: e.start)
        if first.end <= second.start and first.start < second.start:
            yield first, second


def with_a_sign(paper: Paper, edits: Sequence[Edit]) -> Iterator[tuple[Edit, ...]]:
    """The sign of a term of the side and another common slip at another place."""
    signs = [e for e in edits if e.slip == "sign" and stands_between_terms(paper.tree, e)]
    others = [e for e in edits if e.slip in BESIDE_A_SIGN and e.rank <= 2]
    for sign in signs[:FEW_SIGNS]:
        for other in others:
            first, second = sorted((sign, other), key=lambda e: (e.start, e.end))
            if first.end <= second.start and (first.start < second.start or first.end < second.end):
                yield first, second


def stands_between_terms(tree: Tree, edit: Edit) -> bool:
    if not isinstance(tree, Terms):
        return edit.start == tree.span[0]
    starts = (tree.span[0], *(term.span[1] for term in tree.terms))
    return any(a <= edit.start <= term.span[0] for a, term in zip(starts, tree.terms, strict=False))
