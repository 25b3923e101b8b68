"""From index terms back to matrices: what is proposed is checked by lowering it again, and wrong twins are refused."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sympy import Integer, Rational

from checker.calculus.context import Context, Range, Variable
from checker.calculus.notation import Notation
from checker.calculus.notation.lowering import Lowering
from checker.calculus.notation.trees import (
    TREES,
    Chain,
    Diagonal,
    Hadamard,
    Named,
    Ones,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    Tree,
    chain,
    children,
    cost,
    hadamard,
    shape,
    transpose,
)
from checker.calculus.session import open_session
from checker.calculus.terms import Determinant, Inverse, delta, divide, element, index, power, size, sum_over
from checker.derivation import products
from checker.language.printer import notation as printer
from checker.language.printer.notation import matrix_latex

i, j, k, l, p, q = (index(x) for x in "ijklpq")
m, n = size("m"), size("n")


def full(extent):
    return Range(Integer(1), extent)


VARIABLES = {
    "A": (m, n),
    "B": (m, n),
    "C": (n, n),
    "D": (n, n),
    "u": (m,),
    "v": (n,),
    "w": (n,),
    "T": (n, n, n),
}
CONTEXT = Context(
    variables={x: Variable(x, tuple(Range(Integer(1), s) for s in sizes)) for x, sizes in VARIABLES.items()}
)


def at(name, *indices):
    return element(name, *indices)


def total(body, *letters):
    for letter, extent in reversed(letters):
        body = sum_over(body, letter, Integer(1), extent)
    return body


def notation(letters):
    extents = {k: m, l: n, p: n, q: n}
    session = open_session(CONTEXT, {x: Range(Integer(1), extents[x]) for x in letters})
    return Notation(session, (), frozenset("klpq") | frozenset(VARIABLES))


def form_of(term, letters):
    found = notation(letters)
    return found, found.session.form(term, {})


# term, its free indices, the matrix
TABLE = {
    "name": (at("A", k, l), (k, l), "A"),
    "transpose": (at("C", q, p), (p, q), r"C^\top"),
    "product": (total(at("A", k, i) * at("C", i, l), (i, n)), (k, l), "A C"),
    "product-transposed": (total(at("A", i, p) * at("B", i, q), (i, m)), (p, q), r"A^\top B"),
    "three": (total(at("A", k, i) * at("C", i, j) * at("D", l, j), (i, n), (j, n)), (k, l), r"A C D^\top"),
    "vector": (total(at("A", k, i) * at("v", i), (i, n)), (k,), "A v"),
    "row-sums": (total(at("A", k, i), (i, n)), (k,), r"A \mathbf{1}"),
    "column-sums": (total(at("A", i, l), (i, m)), (l,), r"A^\top \mathbf{1}"),
    "outer": (at("u", k) * at("v", l), (k, l), r"u v^\top"),
    "same-in-a-row": (at("u", k), (k, l), r"u \mathbf{1}^\top"),
    "same-in-a-column": (at("v", l), (k, l), r"\mathbf{1} v^\top"),
    "all-ones": (at("c"), (k, l), r"c \mathbf{1} \mathbf{1}^\top"),
    "hadamard": (at("A", k, l) * at("B", k, l), (k, l), r"A \odot B"),
    "rows-scaled": (at("u", k) * at("A", k, l), (k, l), r"\operatorname{diag}(u) A"),
    "columns-scaled": (at("A", k, l) * at("v", l), (k, l), r"A \operatorname{diag}(v)"),
    "diagonal-inside": (
        total(at("A", k, i) * at("v", i) * at("C", i, l), (i, n)),
        (k, l),
        r"A \operatorname{diag}(v) C",
    ),
    "identity": (delta(p, q), (p, q), "I"),
    "diagonal-matrix": (delta(p, q) * at("v", p), (p, q), r"\operatorname{diag}(v)"),
    "diagonal-of": (at("C", p, p), (p,), r"\operatorname{diag}(C)"),
    "trace": (total(at("C", i, i), (i, n)), (), r"\operatorname{tr}(C)"),
    "trace-of-product": (
        total(at("A", i, j) * at("B", i, j), (i, m), (j, n)),
        (),
        r"\operatorname{tr}(A^\top B)",
    ),
    "trace-of-three": (
        total(at("C", i, j) * at("D", j, p) * at("C", p, i), (i, n), (j, n), (p, n)),
        (),
        r"\operatorname{tr}(C C D)",
    ),
    "inner": (total(at("v", i) * at("w", i), (i, n)), (), r"v^\top w"),
    "form": (total(at("u", i) * at("A", i, j) * at("v", j), (i, m), (j, n)), (), r"u^\top A v"),
    "norm": (total(at("v", i) ** 2, (i, n)), (), r"\|v\|^2"),
    "frobenius": (total(at("A", i, j) ** 2, (i, m), (j, n)), (), r"\|A\|^2"),
    "number-of-rows": (total(at("c"), (i, m)), (), "c m"),
    "quotient": (divide(at("v", p), at("w", p)), (p,), r"v \oslash w"),
    "root": (power(at("v", p), Rational(1, 2)), (p,), r"\sqrt{v}"),
    "inverse": (Inverse(i, j, n, at("C", i, j), p, q), (p, q), "C^{-1}"),
    "inverse-transposed": (Inverse(i, j, n, at("C", i, j), q, p), (p, q), r"C^{-\top}"),
    "determinant": (Determinant(i, j, n, at("C", i, j)), (), r"\det(C)"),
    "left-factor": (
        total(at("A", k, i) * at("C", i, l), (i, n)) + total(at("A", k, i) * at("D", i, l), (i, n)),
        (k, l),
        "A (C + D)",
    ),
    "right-factor": (
        total(at("C", p, i) * at("v", i), (i, n)) - total(at("D", p, i) * at("v", i), (i, n)),
        (p,),
        "(C - D) v",
    ),
    "entry-factor": (at("v", p) - at("v", p) ** 2, (p,), r"v \odot (1 - v)"),
    "three-meet-but-two-in-a-pair": (
        total(at("C", p, i) * at("C", i, q) * at("D", i, p), (i, n)),
        (p, q),
        r"(C \odot D^\top) C",
    ),
}
NO_MATRIX = {
    "three-slots": (total(at("T", p, q, i), (i, n)), (p, q)),
    "three-meet": (
        total(
            at("C", p, i) * at("D", i, j) * at("C", p, j) * at("D", i, q) * at("C", j, q),
            (i, n),
            (j, n),
        ),
        (p, q),
    ),
    "shifted": (at("v", p + 1), (p,)),
    "fixed": (at("A", Integer(1), l), (l,)),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_shortest_form(name):
    term, letters, expected = TABLE[name]
    found, form = form_of(term, letters)
    tree = found.tree(form, letters)
    assert tree is not None
    assert matrix_latex(tree, CONTEXT) == expected


@pytest.mark.parametrize("name", TABLE)
def test_the_order_of_the_factors_makes_no_difference(name):
    term, letters, expected = TABLE[name]
    found, form = form_of(term, letters)
    turned = dict(reversed(list(form.items())))
    assert matrix_latex(found.tree(turned, letters), CONTEXT) == expected


def mutants(tree: Tree):
    """The tree with one slip in it."""
    yield Sum(((Fraction(-1), tree),))
    yield Sum(((Fraction(2), tree),))
    match tree:
        case Transpose():
            yield tree.inner
        case Named(axes=(_, _)):
            yield Transpose(tree)
        case Chain() | Hadamard():
            for position in range(len(tree.factors)):
                yield replace(tree, factors=tree.factors[:position] + tree.factors[position + 1 :])
                for inner in mutants(tree.factors[position]):
                    yield replace(tree, factors=(*tree.factors[:position], inner, *tree.factors[position + 1 :]))
            if len(set(tree.factors)) > 1 and isinstance(tree, Chain):
                yield replace(tree, factors=tree.factors[::-1])
        case Diagonal() | Trace() | SquaredNorm():
            yield tree.inner
            for inner in mutants(tree.inner):
                yield replace(tree, inner=inner)


def is_equal_anyway(tree):
    """Whether a mutant inside may stand for the same: -u in a square, a transposed A in a trace or on a diagonal."""
    return isinstance(tree, SquaredNorm | Trace | Diagonal)


@pytest.mark.parametrize("name", TABLE)
def test_wrong_twins_are_refused(name):
    term, letters, _ = TABLE[name]
    found, form = form_of(term, letters)
    tree = found.tree(form, letters)
    assert found.holds(tree, form, letters)
    twins = list(mutants(tree))
    assert len(twins) >= 2
    for twin in twins[:2] if is_equal_anyway(tree) else twins:
        assert not found.holds(twin, form, letters), twin


@pytest.mark.parametrize("name", NO_MATRIX)
def test_what_has_no_matrix_form(name):
    term, letters = NO_MATRIX[name]
    found, form = form_of(term, letters)
    assert found.tree(form, letters) is None


def test_a_shape_that_does_not_fit_is_no_form():
    """C u does not multiply."""
    found, form = form_of(total(at("C", p, i) * at("v", i), (i, n)), (p,))
    axis = {"m": (0, (1, ()), (0, ((("n", "m"), 1),))), "n": (0, (1, ()), (0, ((("n", "n"), 1),)))}
    misfit = Chain((Named("C", (), (axis["n"],) * 2), Named("u", (), (axis["m"],))))
    assert not found.holds(misfit, form, (p,))


def test_every_tree_has_a_row_everywhere():
    from checker.calculus.notation import lowering

    concrete = set(TREES)
    assert concrete == set(Tree.__subclasses__())
    assert concrete == set(lowering._ROWS)
    assert concrete == set(printer._ROWS)
    assert concrete - set(products._ROWS) <= {t for t in TREES if t.__name__ == "Gradient"}


def test_constructors():
    axis = (0, (1, ()), (0, ((("n", "n"), 1),)))
    c, d, v = Named("C", (), (axis, axis)), Named("D", (), (axis, axis)), Named("v", (), (axis,))
    assert transpose(transpose(c)) == c
    assert transpose(chain(c, d)) == chain(transpose(d), transpose(c))
    assert hadamard(c, d) == hadamard(d, c)
    assert hadamard(c, Ones((axis, axis))) == c
    assert chain(Diagonal(v), v) == hadamard(v, v)
    assert shape(chain(transpose(v), c)) == (None, axis)
    assert cost(c) < cost(transpose(c)) < cost(chain(c, c))
    assert children(chain(c, d)) == (c, d)


def test_a_name_that_nothing_declares_is_refused():
    axis = (0, (1, ()), (0, ((("n", "n"), 1),)))
    array = Lowering(CONTEXT, frozenset()).array(Named("Z", (), (axis,)))
    assert array.is_scalar
