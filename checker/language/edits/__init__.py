"""What a wrong side may have been meant to say: one small change of its LaTeX at a time.

Notation only: whether a changed side is right is not known here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from checker.language.edits import letters, numbers, powers, products, sums
from checker.language.edits.site import Edit, Paper, Site, applied, sites

Generator = Callable[[Paper, Site], Iterator[Edit]]

# Each looks at one place of the formula.
GENERATORS: tuple[Generator, ...] = (
    sums.signs,
    products.transposes,
    letters.indices,
    letters.functions,
    products.orders,
    numbers.numbers,
    products.factors_too_many,
    sums.terms_too_many,
    powers.powers,
    letters.labels,
    sums.bound_renamed,
    sums.one_minus,
    sums.terms_missing,
    letters.conditions,
    letters.names_of_same_shape,
    letters.numbers_for_names,
    sums.sums_too_many,
    sums.sums_missing,
    sums.ranges,
    products.doubled,
    products.factors_missing,
    products.rearranged,
    letters.absolutes,
)


def candidates(paper: Paper) -> list[Edit]:
    """All single edits, the commonest slips and the smallest changes first; no two give the same text."""
    paper.sites = list(sites(paper, paper.tree))
    found = [edit for site in paper.sites for generator in GENERATORS for edit in generator(paper, site)]
    found += letters.free_indices(paper)
    found.sort(key=lambda e: (e.rank, abs(len(e.text) - (e.end - e.start)), e.start))
    unique: dict[str, Edit] = {}
    original = "".join(applied(paper, ()).split())
    for edit in found:
        unique.setdefault("".join(applied(paper, (edit,)).split()), edit)
    unique.pop(original, None)
    return list(unique.values())


def transposes(paper: Paper) -> list[str]:
    """The whole side transposed."""
    found = [products.transposed(paper, paper.tree)[0], f"({paper.source(paper.tree)})^\\top"]
    return list(dict.fromkeys(found))


__all__ = ["Edit", "Paper", "applied", "candidates", "transposes"]
