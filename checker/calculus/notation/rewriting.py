"""Small rewritings of trees that make them shorter: norms, transposed inverses, one power for two."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import combinations

from checker.calculus.notation.signs import with_signs
from checker.calculus.notation.trees import (
    Absolute,
    Apply,
    Chain,
    Hadamard,
    Ones,
    Power,
    Scaled,
    Softmax,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    Tree,
    chain,
    children,
    cost,
    hadamard,
    is_number,
    plus,
    scaled,
    shape,
    transpose,
    with_inner,
)

Rewrite = Callable[[Tree], Tree]


def everywhere(tree: Tree, rewrite: Rewrite) -> Tree:
    """The tree with every part rewritten, the inner ones first."""
    match tree:
        case Chain():
            return rewrite(chain(*(everywhere(f, rewrite) for f in tree.factors)))
        case Hadamard():
            return rewrite(hadamard(*(everywhere(f, rewrite) for f in tree.factors)))
        case Sum():
            coefficient, inner = plus((c, everywhere(t, rewrite)) for c, t in tree.terms)
            return rewrite(inner if coefficient == 1 else Sum(((coefficient, inner),)))
        case Scaled():
            return rewrite(scaled((everywhere(n, rewrite) for n in tree.numbers), everywhere(tree.inner, rewrite)))
        case _:
            return rewrite(with_inner(tree, lambda inner: everywhere(inner, rewrite)))


def simplified(tree: Tree, defined: frozenset[str] = frozenset()) -> Tree:
    """A tree as it is written; ``defined`` names come before given ones in a difference."""
    for rewrite in REWRITES:
        tree = everywhere(tree, rewrite)
    return with_signs(tree, defined)


def _norm(tree: Tree) -> Tree:
    """uᵀ u is ‖u‖²."""
    if isinstance(tree, Chain) and is_number(tree):
        half, odd = divmod(len(tree.factors), 2)
        left, right = chain(*tree.factors[:half]), chain(*tree.factors[half:])
        if not odd and transpose(left) == right and shape(right)[1] is None:
            return SquaredNorm(right)
    return tree


def _coefficients_out(tree: Tree) -> Tree:
    """A (c B) is c A B; u ⊙ (c v) likewise."""
    if not isinstance(tree, (Chain, Hadamard, Scaled, Transpose)):
        return tree
    parts = tree.factors if isinstance(tree, (Chain, Hadamard)) else (tree.inner,)
    if isinstance(tree, Scaled):
        parts = (*tree.numbers, tree.inner)
    coefficient = Fraction(1)
    plain: list[Tree] = []
    for part in parts:
        if isinstance(part, Sum) and len(part.terms) == 1:
            coefficient *= part.terms[0][0]
            plain.append(part.terms[0][1])
        else:
            plain.append(part)
    if coefficient == 1:
        return tree
    match tree:
        case Chain():
            inner = chain(*plain)
        case Hadamard():
            inner = hadamard(*plain)
        case Scaled():
            inner = scaled(plain[:-1], plain[-1])
        case _:
            inner = transpose(plain[0])
    return Sum(((coefficient, inner),))


def _powers_joined(tree: Tree) -> Tree:
    """A denominator for each base only."""
    if not isinstance(tree, Hadamard):
        return tree
    bases: dict[Tree, Fraction] = {}
    for factor in tree.factors:
        base, exponent = (factor.inner, factor.exponent) if isinstance(factor, Power) else (factor, Fraction(1))
        bases[base] = bases.get(base, Fraction(0)) + exponent
    if len(bases) == len(tree.factors) or not any(isinstance(f, Power) for f in tree.factors):
        return tree
    kept: list[Tree] = []
    for base, exponent in bases.items():
        if exponent.denominator == 1 and 0 < exponent <= 4 and not is_number(base):
            kept += [base] * int(exponent)
        elif exponent:
            kept.append(base if exponent == 1 else Power(base, exponent))
    row, column = shape(tree)
    return hadamard(*kept) if kept else Ones(tuple(a for a in (row, column) if a is not None))


def _sign(tree: Tree) -> Tree:
    """|u| / u is sign(u)."""
    if isinstance(tree, Hadamard):
        for absolute in (f for f in tree.factors if isinstance(f, Absolute)):
            below = Power(absolute.inner, Fraction(-1))
            if below in tree.factors:
                rest = [f for f in tree.factors if f not in (absolute, below)]
                return hadamard(Apply("sign", 0, absolute.inner), *rest)
    return tree


def _softmax(tree: Tree) -> Tree:
    """e^u / 1ᵀ e^u is softmax(u)."""
    match tree:
        case Scaled(numbers=numbers, inner=Apply(function="exp", order=0) as exponential):
            row, column = shape(exponential)
            if row is None or column is not None:
                return tree
            total = Power(chain(Transpose(Ones((row,))), exponential), Fraction(-1))
            if total in numbers:
                k = numbers.index(total)
                return scaled(numbers[:k] + numbers[k + 1 :], Softmax(exponential.inner))
    return tree


def _transpose_outside(tree: Tree) -> Tree:
    """Aᵀ + Bᵀ is (A + B)ᵀ where that is shorter."""
    if isinstance(tree, (Sum, Hadamard)) and not is_number(tree) and len(children(tree)) > 1:
        turned = Transpose(transpose(tree))
        return turned if cost(turned) < cost(tree) else tree
    return tree


def _square_completed(tree: Tree) -> Tree:
    """‖u‖² ± 2 uᵀ v + ‖v‖² is ‖u ± v‖²."""
    if not isinstance(tree, Sum) or not is_number(tree):
        return tree
    squares = [(c, t.inner) for c, t in tree.terms if isinstance(t, SquaredNorm)]
    for (a, u), (b, v) in combinations(squares, 2):
        for c, t in tree.terms:
            if a == b and abs(c) == 2 * abs(a) and t in _inner_products(u, v):
                used = (SquaredNorm(u), SquaredNorm(v), t)
                _, whole = plus([(Fraction(1), u), (c / (2 * a), v)])
                rest = [(d, other) for d, other in tree.terms if other not in used]
                coefficient, inner = plus([(a, SquaredNorm(whole)), *rest])
                return _square_completed(inner if coefficient == 1 else Sum(((coefficient, inner),)))
    return tree


def _inner_products(u: Tree, v: Tree) -> list[Tree]:
    pairs = [(transpose(u), v), (transpose(v), u), (u, transpose(v)), (v, transpose(u))]
    if shape(u)[1] is None:
        return [chain(a, b) for a, b in pairs[:2]]
    return [Trace(turned) for a, b in pairs for turned in _rotations(chain(a, b))]


def _rotations(tree: Tree) -> list[Tree]:
    """The products that have the same trace: A B C, B C A, C A B."""
    if not isinstance(tree, Chain):
        return [tree]
    return [Chain(tree.factors[k:] + tree.factors[:k]) for k in range(len(tree.factors))]


REWRITES: tuple[Rewrite, ...] = (
    _coefficients_out,
    _powers_joined,
    _softmax,
    _sign,
    _norm,
    _square_completed,
    _transpose_outside,
)
