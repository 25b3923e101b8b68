"""Matrix notation as data: the trees that index terms are turned into, and what they cost to write.

A tree has a shape ``(row, column)``, each the range of an index or None: a number is ``(None, None)``, a
column ``(r, None)``, a row ``(None, c)``, a matrix ``(r, c)``.  Trees are made by the functions at the end, which
flatten, sort and drop ones, so that the same value written the same way is the same data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from checker.calculus.affine import Affine
from checker.calculus.forms import Atom, Range

Shape = tuple[Range | None, Range | None]
NUMBER: Shape = (None, None)


class NoMatrixForm(Exception):
    """The term has no matrix notation that is known here; the message says what stands in the way."""


@dataclass(frozen=True)
class Tree:
    """Base of the nodes."""


@dataclass(frozen=True)
class Named(Tree):
    """A tensor by its name; ``labels`` are the indices that stand above it, ``axes`` its ranges (at most two)."""

    name: str
    labels: tuple[Affine, ...]
    axes: tuple[Range, ...]


@dataclass(frozen=True)
class Gradient(Tree):
    """∇ of an unknown function by a name; the shape is that of the name."""

    function: str
    variable: Named


@dataclass(frozen=True)
class Ones(Tree):
    """All entries 1: a column, or a matrix."""

    axes: tuple[Range, ...]


@dataclass(frozen=True)
class Identity(Tree):
    axis: Range


@dataclass(frozen=True)
class Opaque(Tree):
    """A number without free indices, kept in index notation."""

    atom: Atom


@dataclass(frozen=True)
class Transpose(Tree):
    inner: Tree


@dataclass(frozen=True)
class Chain(Tree):
    """A matrix product of two factors or more."""

    factors: tuple[Tree, ...]


@dataclass(frozen=True)
class Hadamard(Tree):
    """A product entry by entry; of numbers, the ordinary product."""

    factors: tuple[Tree, ...]


@dataclass(frozen=True)
class Scaled(Tree):
    """An array times numbers."""

    numbers: tuple[Tree, ...]
    inner: Tree


@dataclass(frozen=True)
class Sum(Tree):
    """Terms, each with its coefficient; one term where it is just a multiple."""

    terms: tuple[tuple[Fraction, Tree], ...]


@dataclass(frozen=True)
class Apply(Tree):
    """A function of every entry, differentiated ``order`` times."""

    function: str
    order: int
    inner: Tree


@dataclass(frozen=True)
class Power(Tree):
    """A power of every entry; the exponent is not 1."""

    inner: Tree
    exponent: Fraction


@dataclass(frozen=True)
class Absolute(Tree):
    inner: Tree


@dataclass(frozen=True)
class Positive(Tree):
    """1 where the entry is > 0, otherwise 0."""

    inner: Tree


@dataclass(frozen=True)
class Vanishing(Tree):
    """1 where the entry is 0, otherwise 0."""

    inner: Tree


@dataclass(frozen=True)
class Diagonal(Tree):
    """diag: the matrix of a column, or the column of a matrix."""

    inner: Tree


@dataclass(frozen=True)
class Softmax(Tree):
    """Of a column: e^u divided by the sum of its entries."""

    inner: Tree


@dataclass(frozen=True)
class Trace(Tree):
    inner: Tree


@dataclass(frozen=True)
class Inverse(Tree):
    inner: Tree


@dataclass(frozen=True)
class Determinant(Tree):
    inner: Tree


@dataclass(frozen=True)
class SquaredNorm(Tree):
    """The sum of the squares of all entries."""

    inner: Tree


Term = tuple[Fraction, Tree]
TREES: tuple[type[Tree], ...] = (
    Named, Gradient, Ones, Identity, Opaque, Transpose, Chain, Hadamard, Scaled, Sum, Apply, Power, Absolute,
    Positive, Vanishing, Diagonal, Softmax, Trace, Inverse, Determinant, SquaredNorm,
)  # fmt: skip


# --------------------------------------------------------------------------------------- shapes


def shape(tree: Tree) -> Shape:
    match tree:
        case Named() | Ones():
            first, second = (*tree.axes, None, None)[:2]
            return first, second
        case Gradient():
            return shape(tree.variable)
        case Identity():
            return tree.axis, tree.axis
        case Transpose():
            row, column = shape(tree.inner)
            return column, row
        case Chain():
            return shape(tree.factors[0])[0], shape(tree.factors[-1])[1]
        case Hadamard():
            return shape(tree.factors[0])
        case Sum():
            return shape(tree.terms[0][1])
        case Diagonal():
            row, column = shape(tree.inner)
            return (row, row) if column is None else (row, None)
        case Opaque() | Trace() | Determinant() | SquaredNorm():
            return NUMBER
        case Softmax() | Scaled() | Apply() | Power() | Absolute() | Positive() | Vanishing() | Inverse():
            return shape(tree.inner)
        case _:
            raise TypeError(f"no shape for {type(tree).__name__}")


def is_number(tree: Tree) -> bool:
    return shape(tree) == NUMBER


def children(tree: Tree) -> tuple[Tree, ...]:
    match tree:
        case Chain() | Hadamard():
            return tree.factors
        case Sum():
            return tuple(t for _, t in tree.terms)
        case Scaled():
            return (*tree.numbers, tree.inner)
        case Named() | Gradient() | Ones() | Identity() | Opaque():
            return ()
        case _:
            return (tree.inner,)  # type: ignore[attr-defined]  # every other node holds one tree


def with_inner(tree: Tree, change: Callable[[Tree], Tree]) -> Tree:
    """A node that holds one tree, with that tree changed; a leaf as it is."""
    inner = getattr(tree, "inner", None)
    return tree if inner is None else replace(tree, inner=change(inner))  # type: ignore[call-arg]


_OWN_COST = {Opaque: 12, Ones: 3, Identity: 7, Transpose: 1, Sum: 0, Diagonal: 3, Trace: 3, SquaredNorm: 2, Gradient: 4}


def cost(tree: Tree) -> int:
    """How long a tree is to write and to read."""
    own = _OWN_COST.get(type(tree), 2)
    if isinstance(tree, Sum):
        own += sum(1 + (abs(c) != 1) - 2 * isinstance(t, Ones) for c, t in tree.terms)
    elif isinstance(tree, Hadamard):
        own = len(tree.factors)
    elif isinstance(tree, (Chain, Scaled)):
        own = 1
    return own + sum(cost(child) for child in children(tree))


def rank(tree: Tree) -> tuple[int, str]:
    """For choices between trees: the cheaper first, then any fixed order."""
    return cost(tree), repr(tree)


# --------------------------------------------------------------------------------- constructors


def transpose(tree: Tree) -> Tree:
    match tree:
        case Transpose():
            return tree.inner
        case Chain():
            return Chain(tuple(transpose(f) for f in reversed(tree.factors)))
        case Hadamard() if not is_number(tree):
            return hadamard(*(transpose(f) for f in tree.factors))
        case Scaled():
            return scaled(tree.numbers, transpose(tree.inner))
        case Sum() if not is_number(tree):
            return Sum(tuple((c, transpose(t)) for c, t in tree.terms))
        case Ones(axes=(row, column)):
            return Ones((column, row))
        case Identity():
            return tree
        case Diagonal() if shape(tree)[1] is not None:
            return tree
        case _:
            return tree if is_number(tree) else Transpose(tree)


def chain(*factors: Tree) -> Tree:
    """The matrix product; numbers are taken out in front, identities dropped, a row times a column is a number."""
    numbers: list[Tree] = []
    flat: list[Tree] = []
    for factor in factors:
        inner = factor
        if isinstance(inner, Scaled):
            numbers += inner.numbers
            inner = inner.inner
        flat += inner.factors if isinstance(inner, Chain) else [inner]
    kept = [f for f in flat if not isinstance(f, Identity)] or flat[:1]
    kept = _diagonals_joined(kept)
    if shape(kept[-1])[1] is None:
        kept = _column(kept)
    return scaled(tuple(numbers), kept[0] if len(kept) == 1 else Chain(tuple(kept)))


def _diagonals_joined(factors: list[Tree]) -> list[Tree]:
    """diag(u) v is u ⊙ v, and diag(u) diag(v) is diag(u ⊙ v)."""
    found: list[Tree] = []
    for factor in reversed(factors):
        if found and isinstance(factor, Diagonal) and shape(factor)[1] is not None:
            after = found[-1]
            if isinstance(after, Diagonal):
                found[-1] = Diagonal(hadamard(factor.inner, after.inner))
                continue
            if shape(after)[1] is None and shape(after)[0] is not None:
                found[-1] = hadamard(factor.inner, after)
                continue
        found.append(factor)
    return found[::-1]


def _column(factors: list[Tree]) -> list[Tree]:
    """A diag(u) B v is A (u ⊙ (B v))."""
    for k in range(len(factors) - 1, -1, -1):
        factor = factors[k]
        if isinstance(factor, Diagonal) and shape(factor)[1] is not None and k + 1 < len(factors):
            return _column([*factors[:k], hadamard(factor.inner, chain(*factors[k + 1 :]))])
    return factors


def hadamard(*factors: Tree) -> Tree:
    numbers: list[Tree] = []
    flat: list[Tree] = []
    for factor in factors:
        inner = factor
        if isinstance(inner, Scaled):
            numbers += inner.numbers
            inner = inner.inner
        flat += inner.factors if isinstance(inner, Hadamard) else [inner]
    kept = sorted((f for f in flat if not isinstance(f, Ones)), key=rank) or flat[:1]
    return scaled(tuple(numbers), kept[0] if len(kept) == 1 else Hadamard(tuple(kept)))


def scaled(numbers: Iterable[Tree], inner: Tree) -> Tree:
    found = list(numbers)
    if isinstance(inner, Scaled):
        found += inner.numbers
        inner = inner.inner
    if not found:
        return inner
    flat = [f for n in found for f in (n.factors if isinstance(n, Hadamard) else (n,))]
    if is_number(inner):
        return hadamard(*flat, inner)
    return Scaled(tuple(sorted(flat, key=rank)), inner)


def power(inner: Tree, exponent: Fraction) -> Tree:
    if exponent == 1:
        return inner
    return Power(inner, exponent)


def exponents(factors: Iterable[Tree]) -> dict[Tree, Fraction]:
    """How often each base is a factor."""
    found: dict[Tree, Fraction] = {}
    for factor in factors:
        base, exponent = (factor.inner, factor.exponent) if isinstance(factor, Power) else (factor, Fraction(1))
        found[base] = found.get(base, Fraction(0)) + exponent
    return found


def plus(terms: Iterable[Term]) -> Term:
    """A sum as (coefficient, tree): like terms joined, the common factor in front, signs the same way round."""
    joined: dict[Tree, Fraction] = {}
    for coefficient, tree in terms:
        if isinstance(tree, Sum):
            parts = [(coefficient * c, t) for c, t in tree.terms]
        else:
            parts = [(coefficient, tree)]
        for c, t in parts:
            joined[t] = joined.get(t, Fraction(0)) + c
    kept = [(c, t) for t, c in joined.items() if c]
    if len(kept) < 2:
        return kept[0] if kept else (Fraction(0), Opaque(("num", 0)))
    content = abs(_content([c for c, _ in kept]))
    if min(kept, key=lambda p: _place(p[1]))[0] < 0:
        content = -content
    ordered = sorted(((c / content, t) for c, t in kept), key=lambda p: (p[0] < 0, *_place(p[1])))
    return content, Sum(tuple(ordered))


def _place(tree: Tree) -> tuple[bool, int, bool, str]:
    """1 - x, what is long before what is short, A + Aᵀ."""
    turned = isinstance(tree, Transpose)
    return (not isinstance(tree, (Ones, Identity)), turned - cost(tree), turned, repr(tree))


def _content(values: list[Fraction]) -> Fraction:
    from math import gcd, lcm

    numerators, denominators = [abs(v.numerator) for v in values], [v.denominator for v in values]
    return Fraction(gcd(*numerators), lcm(*denominators))
