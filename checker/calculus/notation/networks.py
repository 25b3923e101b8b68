"""From normal forms to matrix notation.

A monomial is a network: its atoms are vectors (one index) and matrices (two), its bound indices join them.
An index that joins two matrices is a matrix product, with a vector on it ``A diag(v) B``; one that ends a single
matrix is ``A v`` or a sum of rows; several atoms on the same indices are multiplied entry by entry.  Indices
are taken away one by one; of the orders in which that can be done, the one with the shortest result counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, permutations

from checker.calculus import affine as af
from checker.calculus.affine import Affine, Variable
from checker.calculus.context import Property
from checker.calculus.forms import Atom, Form, Monomial, Range, is_integer, level, thaw, variables, variables_in
from checker.calculus.notation.factoring import factored
from checker.calculus.notation.rewriting import everywhere
from checker.calculus.notation.roots import joined
from checker.calculus.notation.trees import (
    Absolute,
    Apply,
    Determinant,
    Diagonal,
    Gradient,
    Hadamard,
    Identity,
    Inverse,
    Named,
    NoMatrixForm,
    Ones,
    Opaque,
    Positive,
    Scaled,
    SquaredNorm,
    Sum,
    Term,
    Trace,
    Transpose,
    Tree,
    Vanishing,
    chain,
    cost,
    hadamard,
    plus,
    power,
    rank,
    scaled,
    shape,
    transpose,
)
from checker.calculus.prover import Prover

Pair = tuple[Variable, ...]  # the open indices of a tree: none, (row) or (row, column)
MOST_ORDERS = 24
MOST_REPEATED = 4  # x ⊙ x ⊙ x ⊙ x is written out
MOST_MONOMIALS = 40


@dataclass(frozen=True)
class Reader:
    """Reads normal forms of one session as matrices; an index is open where ``session.ranges`` knows it."""

    session: Prover

    def term(self, form: Form, at: Pair) -> Term:
        """The array whose entry at ``at`` is the form, as (coefficient, tree), factored."""
        if not form:
            return Fraction(1), Opaque(("num", 0))
        if len(form) > MOST_MONOMIALS:
            raise NoMatrixForm(f"a sum of {len(form)} terms")
        form = joined(form)
        terms = []
        for monomial, coefficient in sorted(form.items()):
            terms.append((Fraction(coefficient), self._monomial(monomial, at)))
        return factored(terms)

    def tree(self, form: Form, at: Pair) -> Tree:
        coefficient, tree = self.term(form, at)
        return _with_coefficient(coefficient, tree)

    # -------------------------------------------------------------------------------- monomials

    def _monomial(self, monomial: Monomial, at: Pair) -> Tree:
        factors, bound = self._opened(monomial)
        nodes = [self._factor(atom, exponent, at) for atom, exponent in factors]
        found: list[Tree] = []
        problem = "its indices join in no product of matrices"
        for order in islice(permutations([v for v, _ in bound]), MOST_ORDERS):
            network = Network(dict(bound), at, {v: self.session.ranges[v] for v in at})
            for tree, indices in nodes:
                network.put(tree, indices)
            try:
                for variable in order:
                    network.take_away(variable)
                found.append(everywhere(network.result(), self._untransposed))
            except NoMatrixForm as refusal:
                problem = str(refusal)
        if not found:
            raise NoMatrixForm(problem)
        return min(found, key=rank)

    def _untransposed(self, tree: Tree) -> Tree:
        """Xᵀ is X where X is said to be symmetric, or is the inverse of what is its own transpose, such as Aᵀ A."""
        match tree:
            case Transpose(inner=Named() as inner) if (inner.name, Property.SYMMETRIC) in self.session.properties:
                return inner
            case Transpose(inner=Inverse() as inner):
                turned = everywhere(transpose(inner.inner), self._untransposed)
                return inner if plus([(Fraction(1), turned)]) == plus([(Fraction(1), inner.inner)]) else tree
            case _:
                return tree

    def _opened(self, monomial: Monomial) -> tuple[list[tuple[Atom, Fraction]], list[tuple[Variable, Range]]]:
        """The factors with all sums opened, and the indices these bind."""
        factors: list[tuple[Atom, Fraction]] = []
        bound: list[tuple[Variable, Range]] = []
        waiting = list(monomial)
        while waiting:
            atom, exponent = waiting.pop(0)
            if atom[0] == "sum" and exponent == 1:
                inner, new = self._body(atom)
                waiting += inner
                bound += new
            else:
                factors.append((atom, Fraction(exponent)))
        return factors, bound

    def _body(self, atom: Atom) -> tuple[Monomial, list[tuple[Variable, Range]]]:
        """A sum's monomial over fresh indices."""
        fresh = [self.session.fresh(range_) for range_ in atom[1]]
        own = level(atom)
        values = {("b", own, k): af.variable(v) for k, v in enumerate(fresh)}
        form = self.session.substitute({atom[2]: 1}, values)
        if len(form) != 1 or next(iter(form.values())) != 1:
            raise NoMatrixForm("a sum whose terms do not stay together")
        return next(iter(form)), list(zip(fresh, atom[1], strict=True))

    # ----------------------------------------------------------------------------------- factors

    def open_in(self, atoms: Iterable[Atom]) -> set[Variable]:
        return {v for a in atoms for v in variables(a) if v[0] in ("i", "f") and v in self.session.ranges}

    def _factor(self, atom: Atom, exponent: Fraction, at: Pair) -> tuple[Tree, Pair]:
        free = self.open_in([atom])
        if len(free) > 2:
            raise NoMatrixForm("a factor with three indices")
        best: tuple[Tree, Pair] | None = None
        for pair in _orientations(free, at):
            tree = self._raised(atom, exponent, pair)
            if best is None or rank(tree) < rank(best[0]):
                best = tree, pair
        assert best is not None
        return best

    def _raised(self, atom: Atom, exponent: Fraction, pair: Pair) -> Tree:
        if atom[0] == "ex":
            return Apply("exp", 0, self.tree({atom[1]: exponent}, pair))
        base = self._atom(atom, pair)
        if exponent == 1:
            return base
        if is_integer(exponent) and 1 < exponent <= MOST_REPEATED and pair:
            return hadamard(*[base] * int(exponent))
        return power(base, exponent)

    def _atom(self, atom: Atom, pair: Pair) -> Tree:
        row = _ATOMS.get(atom[0])
        if row is not None:
            return row(self, atom, pair)
        if pair:
            raise NoMatrixForm("an entry that no word of matrix notation stands for")
        return Opaque(atom)


def _with_coefficient(coefficient: Fraction, tree: Tree) -> Tree:
    if coefficient == 1:
        return tree
    return Sum(((coefficient, tree),))


def _orientations(free: set[Variable], at: Pair) -> Iterator[Pair]:
    """The indices as (row, column), the result's own row first; then the other way round."""
    ordered = tuple(sorted(free, key=lambda v: (at.index(v) if v in at else len(at) / 2, v)))
    yield ordered
    if len(ordered) == 2:
        yield ordered[::-1]


# ------------------------------------------------------------------------------------------- atoms


def _element(r: Reader, atom: Atom, pair: Pair) -> Tree:
    _, name, slots = atom
    return _array(r, name, slots, pair)


def _array(r: Reader, name: str, slots: tuple[Affine, ...], pair: Pair) -> Tree:
    """A tensor whose last slots hold the open indices; the slots before stand above it as labels."""
    if not pair and not slots:
        return Named(name, (), ())
    variable = r.session.graph.context.variables.get(name)
    labels = variable.labels if variable is not None else 0
    inner = slots[labels:]
    if variable is None or any(set(pair) & variables_in(a) for a in slots[:labels]):
        raise NoMatrixForm("an index in a label")
    if not pair:
        if inner:
            return Opaque(("el", name, slots))
        return Named(name, slots[:labels], ())
    singles = [af.single(a) for a in inner]
    if any(v not in pair for v in singles):
        raise NoMatrixForm(f"an element of {name} at fixed or shifted indices")
    axes = tuple(r.session.ranges[v] for v in singles if v is not None)
    if len(axes) > 2:
        raise NoMatrixForm(f"{name} has three indices")
    env = dict(zip(variable.parameters, slots, strict=False))
    declared = [r.session.range_of(s.lower, s.upper, env) for s in variable.slots[labels:]]
    if list(axes) != declared:
        raise NoMatrixForm(f"an index that does not run over all of {name}")
    whole = Named(name, slots[:labels], axes)
    if len(pair) == 1 and len(axes) == 2:
        return Diagonal(whole)
    return whole if tuple(singles) == pair else Transpose(whole)


def _function(r: Reader, atom: Atom, pair: Pair) -> Tree:
    _, name, orders, arguments = atom
    if len(arguments) != 1:
        raise NoMatrixForm(f"{name} takes several arguments")
    return Apply(name, orders[0], r.tree(thaw(arguments[0]), pair))


def _polynomial(r: Reader, atom: Atom, pair: Pair) -> Tree:
    return r.tree(thaw(atom[1]), pair)


def _sum(r: Reader, atom: Atom, pair: Pair) -> Tree:
    return r.tree({((atom, 1),): 1}, pair)


def _delta(r: Reader, atom: Atom, pair: Pair) -> Tree:
    if len(pair) == 2 and atom[1] == af.primitive(af.subtract(af.variable(pair[0]), af.variable(pair[1]))):
        first, second = (r.session.ranges[v] for v in pair)
        if first == second:
            return Identity(first)
    raise NoMatrixForm("a delta that is no identity matrix")


def _matrix_of(r: Reader, order: Affine, frozen: tuple[object, ...], atom: Atom) -> Tree:
    range_ = (0, af.ONE, order)
    row, column = r.session.fresh(range_), r.session.fresh(range_)
    own = level(atom)
    values = {("b", own, 0): af.variable(row), ("b", own, 1): af.variable(column)}
    return r.tree(r.session.substitute(thaw(frozen), values), (row, column))  # type: ignore[arg-type]


def _inverse(r: Reader, atom: Atom, pair: Pair) -> Tree:
    _, order, frozen, first, second = atom
    at = (af.single(first), af.single(second))
    whole = Inverse(_matrix_of(r, order, frozen, atom))
    if len(pair) == 1 and at == (*pair, *pair):
        return Diagonal(whole)
    if at == pair:
        return whole
    if at == pair[::-1] and len(pair) == 2:
        return Transpose(whole)
    raise NoMatrixForm("an element of an inverse at fixed indices")


def _determinant(r: Reader, atom: Atom, pair: Pair) -> Tree:
    if pair:
        raise NoMatrixForm("determinants of several matrices")
    return Determinant(_matrix_of(r, atom[1], atom[2], atom))


def _derivative(r: Reader, atom: Atom, pair: Pair) -> Tree:
    _, name, slots, by = atom
    if slots or len(by) != 1:
        raise NoMatrixForm("a derivative of an array, or a second one")
    inner = _array(r, by[0][0], by[0][1], pair)
    if isinstance(inner, Transpose) and isinstance(inner.inner, Named):
        return Transpose(Gradient(name, inner.inner))
    if isinstance(inner, Named):
        return Gradient(name, inner)
    raise NoMatrixForm("a derivative by some elements only")


_ATOMS: Mapping[str, Callable[[Reader, Atom, Pair], Tree]] = {
    "el": _element,
    "fn": _function,
    "poly": _polynomial,
    "sum": _sum,
    "dl": _delta,
    "inv": _inverse,
    "det": _determinant,
    "d": _derivative,
    "abs": lambda r, atom, pair: Absolute(r.tree(thaw(atom[1]), pair)),
    "gt": lambda r, atom, pair: Positive(r.tree(thaw(atom[1]), pair)),
    "eq": lambda r, atom, pair: Vanishing(r.tree(thaw(atom[1]), pair)),
}


# ---------------------------------------------------------------------------------------- networks


@dataclass
class Network:
    """Trees on indices; at most one on each set of indices."""

    bound: dict[Variable, Range]
    at: Pair
    extents: Mapping[Variable, Range]
    nodes: dict[Pair, Tree] = field(default_factory=dict)

    def put(self, tree: Tree, indices: Pair) -> None:
        """Add a factor; with one that is there already it is multiplied entry by entry."""
        if len(indices) == 2 and indices[::-1] in self.nodes:
            tree, indices = transpose(tree), indices[::-1]
        there = self.nodes.get(indices)
        self.nodes[indices] = tree if there is None else hadamard(there, tree)

    def take_away(self, index: Variable) -> None:
        """Sum over a bound index."""
        if index not in self.bound:
            return
        matrices = [(k, t) for k, t in self.nodes.items() if len(k) == 2 and index in k]
        vector = self.nodes.get((index,))
        if len(matrices) > 2:
            raise NoMatrixForm("three matrices meet in one index")
        if len(matrices) == 1 and self._is_closed_pair(matrices[0][0]):
            self._take_pair(*matrices[0])
            return
        for key, _ in matrices:
            del self.nodes[key]
        self.nodes.pop((index,), None)
        range_ = self.bound.pop(index)
        if not matrices:
            self.put(total(vector if vector is not None else Ones((range_,))), ())
        elif len(matrices) == 1:
            ((key, matrix),) = matrices
            other, left = _ending(key, matrix, index)
            self.put(chain(left, vector if vector is not None else Ones((range_,))), (other,))
        else:
            (first, a), (second, b) = matrices
            outer, left = _ending(first, a, index)
            inner, right = _ending(second, b, index)
            middle = [] if vector is None else [Diagonal(vector)]
            self._put_shorter(left, middle, right, (outer, inner))

    def _put_shorter(self, left: Tree, middle: Sequence[Tree], right: Tree, at: Pair) -> None:
        product = chain(left, *middle, transpose(right))
        if at[::-1] in self.nodes or (cost(transpose(product)), at[::-1]) < (cost(product), at):
            self.put(transpose(product), at[::-1])
        else:
            self.put(product, at)

    def _is_closed_pair(self, key: Pair) -> bool:
        """Both indices are summed over, and nothing but this matrix is on them."""
        return all(v in self.bound for v in key) and not any(
            set(key) & set(other) for other in self.nodes if other != key
        )

    def _take_pair(self, key: Pair, matrix: Tree) -> None:
        del self.nodes[key]
        for v in key:
            self.bound.pop(v)
        self.put(total(matrix), ())

    def result(self) -> Tree:
        """What is left, as one array over ``at``."""
        number = self.nodes.get(())
        numbers = [] if number is None else [number]
        if not self.at:
            return scaled(numbers[:-1], numbers[-1]) if numbers else Ones(())
        if len(self.at) == 1:
            return scaled(numbers, self.nodes.get(self.at, Ones((self.extents[self.at[0]],))))
        return scaled(numbers, self._matrix())

    def _matrix(self) -> Tree:
        row, column = self.at
        u, v = self.nodes.get((row,)), self.nodes.get((column,))
        matrix = self.nodes.get(self.at)
        if matrix is None and self.at[::-1] in self.nodes:
            matrix = transpose(self.nodes[self.at[::-1]])
        if isinstance(matrix, Identity):
            vectors = [x for x in (u, v) if x is not None]
            return Diagonal(hadamard(*vectors)) if vectors else matrix
        if matrix is not None:
            before = [] if u is None else [Diagonal(u)]
            after = [] if v is None else [Diagonal(v)]
            return chain(*before, matrix, *after)
        if u is None and v is None:
            return Ones((self.extents[row], self.extents[column]))
        left = Ones((self.extents[row],)) if u is None else u
        right = Ones((self.extents[column],)) if v is None else v
        return chain(left, transpose(right))


def _ending(key: Pair, matrix: Tree, index: Variable) -> tuple[Variable, Tree]:
    """The other index of a matrix, and the matrix turned so that ``index`` counts its columns."""
    return (key[0], matrix) if key[1] == index else (key[1], transpose(matrix))


def total(tree: Tree) -> Tree:
    """The sum of all entries."""
    if isinstance(tree, Diagonal):
        return Trace(tree.inner)
    if isinstance(tree, Hadamard):
        return _inner_product(tree.factors)
    if isinstance(tree, Scaled):
        return scaled(tree.numbers, total(tree.inner))
    if isinstance(tree, Ones) and len(tree.axes) == 1:
        return _extent(tree.axes[0])
    row, column = shape(tree)
    if column is None:
        assert row is not None
        return chain(Transpose(Ones((row,))), tree)
    if row is None:
        return chain(tree, Ones((column,)))
    return chain(Transpose(Ones((row,))), tree, Ones((column,)))


def _extent(range_: Range) -> Tree:
    """The number of indices in a range that starts at 1."""
    if range_[0] != 0 or range_[1] != af.ONE:
        raise NoMatrixForm("the length of a range that does not start at 1")
    upper = range_[2]
    variable = af.single(upper)
    if variable is not None:
        return Opaque(("ix", variable))
    raise NoMatrixForm("the length of a range")


def _inner_product(factors: tuple[Tree, ...]) -> Tree:
    """u ⊙ v summed up: uᵀ v, ‖u‖², or of matrices tr(Uᵀ V), whichever split is shortest."""
    found: list[Tree] = []
    for cut in range(1, 2 ** (min(len(factors), 6) - 1)):
        left = [f for k, f in enumerate(factors) if cut >> k & 1]
        right = [f for k, f in enumerate(factors) if not cut >> k & 1]
        a, b = hadamard(*left), hadamard(*right)
        if a == b:
            found.append(SquaredNorm(a))
        elif shape(a)[1] is None:
            found.append(chain(transpose(a), b))
            found.append(chain(transpose(b), a))
        else:
            found += [Trace(p) for p in _products(a, b)]
    return min(found, key=cost)  # of several as short, the first: uᵀ v, tr(Aᵀ B)


def _products(a: Tree, b: Tree) -> list[Tree]:
    return [
        chain(transpose(a), b), chain(transpose(b), a), chain(a, transpose(b)), chain(b, transpose(a)),
    ]  # fmt: skip
