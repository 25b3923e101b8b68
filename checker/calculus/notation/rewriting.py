"""Small rewritings of trees that make them shorter: norms, transposed inverses, one power for two."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations

from checker.calculus.notation.factoring import factored
from checker.calculus.notation.signs import with_signs
from checker.calculus.notation.trees import (
    Absolute,
    Apply,
    Chain,
    Diagonal,
    Hadamard,
    Ones,
    Positive,
    Power,
    Scaled,
    Softmax,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    Tree,
    Vanishing,
    chain,
    children,
    cost,
    exponents,
    hadamard,
    is_number,
    plus,
    power,
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
    if isinstance(tree, Scaled):
        return scaled((power(base, e) for base, e in exponents(tree.numbers).items() if e), tree.inner)
    if not isinstance(tree, Hadamard):
        return tree
    bases = exponents(tree.factors)
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


def _steps_joined(tree: Tree) -> Tree:
    """1 - [u > 0] - [u = 0] is [-u > 0]."""
    if not isinstance(tree, Sum):
        return tree
    have = {t: c for c, t in tree.terms}
    for coefficient, step in tree.terms:
        if isinstance(step, Positive) and have.get(Vanishing(step.inner)) == coefficient:
            one = next((t for c, t in tree.terms if isinstance(t, Ones) and c == -coefficient), None)
            if one is not None:
                scale, inner = plus([(Fraction(-1), step.inner)])
                turned = Positive(inner if scale == 1 else Sum(((scale, inner),)))
                used = (one, step, Vanishing(step.inner))
                factor, whole = plus([(-coefficient, turned), *((c, t) for c, t in tree.terms if t not in used)])
                return whole if factor == 1 else Sum(((factor, whole),))
    return tree


def _sign(tree: Tree) -> Tree:
    """|u| / u is sign(u)."""
    if isinstance(tree, Hadamard):
        for absolute in (f for f in tree.factors if isinstance(f, Absolute)):
            below = Power(absolute.inner, Fraction(-1))
            if below in tree.factors:
                rest = [f for f in tree.factors if f not in (absolute, below)]
                return hadamard(Apply("sign", 0, absolute.inner), *rest)
    return tree


def _exponentials_joined(tree: Tree) -> Tree:
    """e^u ⊙ e^v is e^{u + v}, and (e^u)ᵀ e^v its sum."""
    match tree:
        case Hadamard(factors=factors) if len(powers := [f for f in factors if _is_exponential(f)]) > 1:
            return hadamard(_exponential_of_sum(powers), *(f for f in factors if not _is_exponential(f)))
        case Scaled(numbers=numbers, inner=inner) if len(powers := [f for f in numbers if _is_exponential(f)]) > 1:
            others = [f for f in numbers if not _is_exponential(f)]
            return scaled((_exponential_of_sum(powers), *others), inner)
        case Chain(factors=(Transpose(inner=left), right)) if _is_exponential(left) and _is_exponential(right):
            row, column = shape(right)
            if row is not None and column is None:
                return chain(Transpose(Ones((row,))), _exponential_of_sum([left, right]))
    return tree


def _is_exponential(tree: Tree) -> bool:
    return isinstance(tree, Apply) and tree.function == "exp" and tree.order == 0


def _exponential_of_sum(powers: Sequence[Tree]) -> Tree:
    coefficient, inner = factored([(Fraction(1), p.inner) for p in powers if isinstance(p, Apply)])
    return Apply("exp", 0, inner if coefficient == 1 else Sum(((coefficient, inner),)))


def _softmax(tree: Tree) -> Tree:
    """e^u / 1ᵀ e^u is softmax(u), as a factor of a product as well; a square below the bar is good for two."""
    match tree:
        case Scaled(numbers=numbers, inner=inner):
            pass
        case Hadamard(factors=numbers) if is_number(tree):
            inner = Ones(())
        case _:
            return tree
    for k, number in enumerate(numbers):
        if isinstance(number, Power) and number.exponent.denominator == 1 and number.exponent < 0:
            exponential = _summed_exponential(number.inner)
            if exponential is None:
                continue
            others, count = (*numbers[:k], *numbers[k + 1 :]), int(-number.exponent)
            product, used = _exchanged(scaled(others, inner), exponential, Softmax(exponential.inner), count)
            if used:
                return _softmax(scaled((Power(number.inner, Fraction(used - count)),) * (used < count), product))
    return tree


def _summed_exponential(tree: Tree) -> Apply | None:
    """The e^u of 1ᵀ e^u."""
    match tree:
        case Chain(factors=(Transpose(inner=Ones()), Apply(function="exp", order=0) as exponential)):
            return exponential
        case _:
            return None


def _exchanged(tree: Tree, old: Tree, new: Tree, count: int) -> tuple[Tree, int]:
    """A product with the first few of a factor exchanged; and how many they were."""
    if tree == old:
        return new, 1
    match tree:
        case Chain(factors=factors) | Hadamard(factors=factors):
            parts, used = _each_exchanged(factors, old, new, count)
            return (chain(*parts) if isinstance(tree, Chain) else hadamard(*parts)), used
        case Scaled(numbers=numbers, inner=inner):
            parts, used = _each_exchanged((*numbers, inner), old, new, count)
            return scaled(parts[:-1], parts[-1]), used
        case Transpose(inner=inner) | Diagonal(inner=inner):
            part, used = _exchanged(inner, old, new, count)
            return replace(tree, inner=part), used
        case _:
            return tree, 0


def _each_exchanged(factors: Sequence[Tree], old: Tree, new: Tree, count: int) -> tuple[list[Tree], int]:
    parts: list[Tree] = []
    left = count
    for factor in factors:
        part, used = _exchanged(factor, old, new, left) if left else (factor, 0)
        parts.append(part)
        left -= used
    return parts, count - left


def _transpose_outside(tree: Tree) -> Tree:
    """Aᵀ + Bᵀ is (A + B)ᵀ where that is shorter; of rows, where it is no longer."""
    turned = _turned(tree, shape(tree)[0] is None)
    return tree if turned is tree else with_inner(turned, lambda inner: everywhere(inner, _turned))


def _turned(tree: Tree, allowance: int = 0) -> Tree:
    if isinstance(tree, (Sum, Hadamard)) and not is_number(tree) and len(children(tree)) > 1:
        turned = Transpose(transpose(tree))
        return turned if cost(turned) < cost(tree) + allowance else tree
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
    _steps_joined,
    _coefficients_out,
    _powers_joined,
    _exponentials_joined,
    _softmax,
    _sign,
    _norm,
    _square_completed,
    _coefficients_out,
    _transpose_outside,
)
