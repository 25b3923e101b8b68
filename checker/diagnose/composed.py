"""Missing factors and terms that are products of several quantities of the document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sympy import Expr

from checker.diagnose.monomials import Monomial, Row, latex, monomials
from checker.language.again import Again, Equation
from checker.language.edits import Edit, Paper
from checker.language.edits.numbers import Coefficient, coefficient
from checker.language.edits.site import bound_letters, glued, shortened
from checker.language.reading import Fault
from checker.language.sides import Part
from checker.language.surface import BigOperator, Factors, Fraction_, Group, Name, Number, Scripted, Terms, Tree
from checker.language.walk import descend

MOST_ATOMS = 60
MOST_FOUND = 6
LONGEST_ATOM = 70
TURNED = 5  # the rank of a factor with a sign: two common slips are likelier


GroupRow = tuple[Group, Row, Row, int]  # a bracket, its values, those of its term, the sign of the term


@dataclass(frozen=True)
class Atoms:
    """Quantities with their terms, all with the same free indices as the equation."""

    texts: tuple[str, ...]
    terms: tuple[Expr, ...]
    of_array: bool = False  # they are numbers, the side is an array


def atoms_of(paper: Paper, again: Again, left: Part, right: Part, layout: str, equation: Equation) -> Atoms:
    """Everything that may be a factor: what is on the side, what may be missing, the sizes; of an array, numbers."""
    is_array = bool(equation.rows or equation.columns)
    texts: dict[str, Expr] = {}
    for text in dict.fromkeys((*written(paper), *paper.others)):
        if len(texts) >= MOST_ATOMS:
            break
        part = again.part(text, right)
        if part is None:
            continue
        found = number_of(again, part, layout) if is_array else like_of(again, left, part, layout, equation)
        if found is not None and found not in texts.values():
            texts[text] = found
    return Atoms(tuple(texts), tuple(texts.values()), is_array)


def like_of(again: Again, left: Part, part: Part, layout: str, equation: Equation) -> Expr | None:
    """The term of a quantity with the free indices of the equation."""
    found = again.read(left, part, layout)
    if found is None or isinstance(found.right, Fault) or found.left != equation.left:
        return None
    return found.right if dict(found.indices) == dict(equation.indices) else None


def number_of(again: Again, part: Part, layout: str) -> Expr | None:
    """The term of a number, which may be a factor of an array."""
    found = again.read(part, part, layout)
    return None if found is None or isinstance(found.left, Fault) or found.indices else found.left


def written(paper: Paper) -> Iterator[str]:
    """The factors of the side from the outside in, its letters and numbers, and its sums with a factor more."""
    for node in descend(paper.tree):
        if isinstance(node, Factors):
            for unit in paper.units(node):
                source = paper.text[unit[0].span[0] : unit[-1].span[1]]
                if len(source) <= LONGEST_ATOM and not isinstance(unit[0], Fraction_):
                    yield source
        elif (
            (isinstance(node, Group) and node.kind == "(" and len(node.items) == 1 and not is_letter(node.items[0]))
            or isinstance(node, Name)
            or (isinstance(node, Number) and node.value > 2)
        ):
            yield paper.source(node)
    for node in descend(paper.tree):
        if isinstance(node, BigOperator) and node.operator == "sum":
            yield paper.source(node)
            bound = bound_letters(node)
            inside = (x for x in paper.others if any(f"{letter}" in scripts(x) for letter in bound))
            yield from (f"{paper.source(node)} {other}" for other in inside)


def is_letter(node: Tree) -> bool:
    return isinstance(node, (Name, Scripted, Number))


def scripts(text: str) -> str:
    """What stands in the last subscript of a text."""
    return text.rpartition("_")[2].strip("{} ")


def groups(paper: Paper) -> list[Group]:
    """Sums in brackets that are a factor of a term of the side."""
    found = []
    for _, term in top_terms(paper.tree):
        for factor in term.factors if isinstance(term, Factors) else (term,):
            inner = factor.items[0] if isinstance(factor, Group) and len(factor.items) == 1 else None
            if isinstance(factor, Group) and isinstance(inner, Terms):
                found.append(factor)
    return found


def top_terms(tree: Tree) -> list[tuple[int, Tree]]:
    """The terms of a side with their signs."""
    if isinstance(tree, Terms):
        return list(zip(tree.signs, tree.terms, strict=True))
    return [(1, tree)]


def composed(
    paper: Paper,
    atoms: Atoms,
    left: Row,
    right: Row,
    rows: Sequence[Row],
    term_rows: Sequence[Row],
    group_rows: Sequence[GroupRow] = (),
) -> Iterator[Edit]:
    """Edits that put a factor to a term or add a term, from the values of all quantities at the same points."""
    terms = top_terms(paper.tree)
    if len(terms) > 1:
        needed = [ratio(a, b, b, 1) for a, b in zip(left, right, strict=True)]
        for found in limited(monomials(needed, rows)):
            yield from times(paper, paper.tree, found, atoms.texts)
    for (sign, tree), values in zip(terms, term_rows, strict=True):
        needed = [ratio(a, b, t, sign) for a, b, t in zip(left, right, values, strict=True)]
        for found in limited(monomials(needed, rows)):
            yield from times(paper, tree, found, atoms.texts)
    if atoms.of_array:
        return
    for group, values, term_values, sign in group_rows:
        inside = [grown(*row, sign) for row in zip(left, right, term_values, values, strict=True)]
        for found in limited(monomials(inside, rows)):
            yield from plus(paper, found, atoms.texts, group.items[0])
    missing = [None if a is None or b is None else a - b for a, b in zip(left, right, strict=True)]
    for found in limited(monomials(missing, rows)):
        yield from plus(paper, found, atoms.texts, paper.tree)


def grown(left: float | None, right: float | None, term: float | None, group: float | None, sign: int) -> float | None:
    """What must be added inside a bracket of a term."""
    factor = ratio(left, right, term, sign)
    return None if factor is None or group is None else group * (factor - 1)


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


def rank_of(found: Monomial) -> int:
    return 5 if any(exponent < 0 for _, exponent in found.atoms) else 4


def times(paper: Paper, tree: Tree, found: Monomial, texts: Sequence[str]) -> Iterator[Edit]:
    sign, factor = latex(found, texts)
    if not factor or (sign and not found.atoms):
        return  # a sign and a number are two slips of their own
    source = paper.source(tree)
    bracket = f"({source})" if isinstance(tree, Terms) and len(tree.terms) > 1 else source
    slip = "missing-factor" if found.atoms else "factor"
    said = f"the factor ${sign}{factor}$ is missing in ${shortened(source)}$"
    front = paper.rank(tree) > 0 or factor.startswith("\\frac") or not found.atoms
    own = None if found.atoms else with_number(paper, tree, found)
    above = None if sign or factor.startswith("\\frac") else unit_numerator(tree)
    if own is not None:
        yield Edit(slip, *own, said, rank_of(found))
    elif above is not None:
        yield Edit(slip, *above.span, factor, said, rank_of(found))
    else:
        text = glued(factor, " ", bracket) if front else glued(bracket, " ", factor)
        place = turned(paper, tree, text) if sign else (*tree.span, text)
        yield Edit(slip, *place, said, max(rank_of(found), TURNED if sign else 0))


def with_number(paper: Paper, tree: Tree, found: Monomial) -> tuple[int, int, str] | None:
    """A number taken in by the number that stands in front."""
    front = tree.factors[0] if isinstance(tree, Factors) else tree
    old = coefficient(front) if isinstance(front, (Number, Fraction_)) else None
    new = None if old is None else Coefficient(found.coefficient).times(old)
    return None if new is None else (*front.span, new.latex or "1")


def turned(paper: Paper, tree: Tree, text: str) -> tuple[int, int, str]:
    """A term with the other sign and another text."""
    whole = paper.tree
    if not isinstance(whole, Terms) or tree not in whole.terms:
        return *tree.span, f"-{text}"
    n = whole.terms.index(tree)
    if n == 0:
        return whole.span[0], tree.span[1], text if whole.signs[0] < 0 else f"-{text}"
    return whole.terms[n - 1].span[1], tree.span[1], f" {'+' if whole.signs[n] < 0 else '-'} {text}"


def unit_numerator(tree: Tree) -> Number | None:
    """A 1 in whose place a factor may stand: the term itself, or above the bar of a fraction in front."""
    front = tree.factors[0] if isinstance(tree, Factors) else tree
    if isinstance(front, Fraction_) and isinstance(front.denominator, Number):
        return None
    above = front.numerator if isinstance(front, Fraction_) else front
    return above if isinstance(above, Number) and above.value == 1 else None


def plus(paper: Paper, found: Monomial, texts: Sequence[str], tree: Tree) -> Iterator[Edit]:
    sign, product = latex(found, texts)
    end = tree.span[1]
    text = f" {sign or '+'} {product or '1'}"
    said = f"the term ${text.strip()}$ is missing"
    if (-1 if sign else 1, product or "1") in [(-s, paper.source(t)) for s, t in top_terms(tree)]:
        return  # it would cancel a term that stands there
    if isinstance(tree, Number) and tree.value == 0:
        yield Edit("missing-term", *tree.span, f"{sign}{product or '1'}", said, rank_of(found))
    else:
        yield Edit("missing-term", end, end, text, said, rank_of(found))
