"""Missing factors and terms that are products of several quantities of the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr

from checker.diagnose.monomials import Monomial, Row, latex, monomials
from checker.language.again import Again, Equation
from checker.language.edits import Edit, Paper
from checker.language.edits.site import glued, shortened
from checker.language.reading import Fault
from checker.language.sides import Part
from checker.language.surface import Factors, Fraction_, Group, Terms, Tree
from checker.language.walk import descend

MOST_ATOMS = 44
MOST_FOUND = 6
LONGEST_ATOM = 70


@dataclass(frozen=True)
class Atoms:
    """Quantities with their terms, all with the same free indices as the equation."""

    texts: tuple[str, ...]
    terms: tuple[Expr, ...]


def atoms_of(paper: Paper, again: Again, left: Part, right: Part, layout: str, equation: Equation) -> Atoms:
    """Everything that may be a factor: what is on the side, what may be missing, the sizes."""
    texts: dict[str, Expr] = {}
    for text in dict.fromkeys((*written(paper), *paper.others)):
        if len(texts) >= MOST_ATOMS:
            break
        part = again.part(text, right)
        found = None if part is None else again.read(left, part, layout)
        if found is None or isinstance(found.right, Fault) or found.left != equation.left:
            continue
        if dict(found.indices) == dict(equation.indices) and found.right not in texts.values():
            texts[text] = found.right
    return Atoms(tuple(texts), tuple(texts.values()))


def written(paper: Paper) -> Iterator[str]:
    """The factors of the side, from the outside in; sums in brackets among them."""
    for node in descend(paper.tree):
        if isinstance(node, Factors):
            for unit in paper.units(node):
                source = paper.text[unit[0].span[0] : unit[-1].span[1]]
                if len(source) <= LONGEST_ATOM and not isinstance(unit[0], Fraction_):
                    yield source
        elif isinstance(node, Group) and node.kind == "(" and len(node.items) == 1:
            yield paper.source(node)


def top_terms(tree: Tree) -> list[tuple[int, Tree]]:
    """The terms of a side with their signs."""
    if isinstance(tree, Terms):
        return list(zip(tree.signs, tree.terms, strict=True))
    return [(1, tree)]


def composed(
    paper: Paper, atoms: Atoms, left: Row, right: Row, rows: Sequence[Row], term_rows: Sequence[Row]
) -> Iterator[Edit]:
    """Edits that put a factor to a term or add a term, from the values of all quantities at the same points."""
    terms = top_terms(paper.tree)
    for (sign, tree), values in zip(terms, term_rows, strict=True):
        needed = [ratio(a, b, t, sign) for a, b, t in zip(left, right, values, strict=True)]
        for found in limited(monomials(needed, rows)):
            yield from times(paper, tree, found, atoms.texts)
    missing = [None if a is None or b is None else a - b for a, b in zip(left, right, strict=True)]
    for found in limited(monomials(missing, rows)):
        yield plus(paper, found, atoms.texts)


def limited(found: Iterator[Monomial]) -> list[Monomial]:
    chosen = []
    for monomial in found:
        chosen.append(monomial)
        if len(chosen) >= MOST_FOUND:
            break
    return sorted(chosen, key=lambda m: (len(m.atoms), sum(e < 0 for _, e in m.atoms), abs(m.coefficient) != 1))


def ratio(left: float | None, right: float | None, term: float | None, sign: int) -> float | None:
    """What the term must be multiplied by for the equation to hold."""
    if left is None or right is None or term is None or abs(term) < 1e-12:
        return None
    return (left - right + sign * term) / (sign * term)


def times(paper: Paper, tree: Tree, found: Monomial, texts: Sequence[str]) -> Iterator[Edit]:
    sign, factor = latex(found, texts)
    if not factor:
        return
    source = paper.source(tree)
    bracket = f"({source})" if isinstance(tree, Terms) and len(tree.terms) > 1 else source
    slip = "missing-factor" if found.atoms else "factor"
    said = f"the factor ${sign}{factor}$ is missing in ${shortened(source)}$"
    front = bool(sign) or factor.startswith("\\frac") or not found.atoms
    text = glued(sign, factor, " ", bracket) if front else glued(bracket, " ", factor)
    if sign:
        text = f"({text})" if isinstance(paper.tree, Terms) else text
    yield Edit(slip, *tree.span, text, said, 4)


def plus(paper: Paper, found: Monomial, texts: Sequence[str]) -> Edit:
    sign, product = latex(found, texts)
    end = paper.tree.span[1]
    text = f" {sign or '+'} {product or '1'}"
    if paper.source(paper.tree).strip() == "0":
        return Edit("missing-term", *paper.tree.span, f"{sign}{product or '1'}", f"${sign}{product}$ is missing", 4)
    return Edit("missing-term", end, end, text, f"the term ${text.strip()}$ is missing", 4)
