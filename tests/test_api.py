"""Claims given as SymPy expressions, without a document."""

import pytest
from sympy import (
    Derivative,
    Eq,
    Function,
    Gt,
    IndexedBase,
    Integer,
    KroneckerDelta,
    MatrixSymbol,
    Ne,
    Sum,
    exp,
    log,
    symbols,
)

import checker
from checker import Verdict
from checker.calculus.context import Hypothesis, Matrix, Property
from checker.calculus.terms import index, size

A, B, D, W, t, x = map(IndexedBase, "A B D W t x".split())
i, j, k, l, q, m, n, p, u, v = symbols("i j k l q m n p u v")  # the letters of the sheets
PRODUCT = Sum(D[i, q] * W[q, j], (q, 1, n))
SHAPES = {"D": ("m", "n"), "W": ("n", "p"), "A": ("m", "p"), "x": ("n",), "t": ("n",)}


@pytest.mark.parametrize(
    ("left", "right", "twin"),
    [
        (Derivative(PRODUCT, W[k, l]), D[i, k] * KroneckerDelta(j, l), D[i, k] * KroneckerDelta(j, k)),
        (Derivative(PRODUCT, D[k, l]), KroneckerDelta(i, k) * W[l, j], KroneckerDelta(i, l) * W[l, j]),
        ((u + v) ** 2, u**2 + 2 * u * v + v**2, u**2 + v**2),
        (Derivative(exp(2 * u), u), 2 * exp(2 * u), exp(2 * u)),
        (Derivative(u**3, (u, 2)), 6 * u, 6 * u**2),
        (Sum(1, (i, 1, n)), n, n + 1),
        (Sum(x[i] * KroneckerDelta(i, k), (i, 1, n)), x[k], x[1]),
    ],
)
def test_a_claim_and_its_wrong_twin(left, right, twin):
    assert checker.prove(left, right, shapes=SHAPES).verdict is Verdict.PROVED
    judgement = checker.prove(left, twin, shapes=SHAPES)
    assert (judgement.verdict, judgement.reason) == (Verdict.WRONG, "value")
    assert judgement.counterexample is not None


def test_numbers_are_taken_as_they_are():
    assert checker.prove(u - u, 0).verdict is Verdict.PROVED
    assert checker.prove(1, 2).verdict is Verdict.WRONG


def test_a_hypothesis_is_needed_and_named():
    whole = Sum(t[i], (i, 1, n))
    assert checker.prove(whole, 1, shapes=SHAPES).verdict is Verdict.WRONG
    judgement = checker.prove(whole, 1, shapes=SHAPES, assume=[Eq(whole, 1)])
    assert judgement.verdict is Verdict.PROVED
    assert judgement.rests_on == ("Eq(Sum(t[i], (i, 1, n)), 1)",)


def test_relations_and_properties_may_be_assumed():
    assert checker.prove(log(u * v), log(u) + log(v), assume=[Gt(u, 0), Gt(v, 0)]).verdict is Verdict.PROVED
    assert checker.prove(u / u, 1, assume=[Ne(u, 0)]).verdict is Verdict.PROVED
    row, column = index("i"), index("j")
    symmetric = Hypothesis(
        "A = Aᵀ", property=Property.SYMMETRIC, matrix=Matrix(row, column, size("n"), size("n"), A[row, column])
    )
    square = {"A": ("n", "n")}
    assert checker.prove(A[i, j], A[j, i], shapes=square).verdict is Verdict.WRONG
    assert checker.prove(A[i, j], A[j, i], shapes=square, assume=[symmetric]).verdict is Verdict.PROVED


def test_definitions_and_unknown_functions():
    f = Function("f")
    assert checker.prove(A[i, j], PRODUCT, shapes=SHAPES, define={A[i, j]: PRODUCT}).verdict is Verdict.PROVED
    assert checker.prove(f(u + 1), u**2 + 2 * u + 1, define={f(v): v**2}).verdict is Verdict.PROVED
    assert checker.prove(v, u + 1, define={v: u + 1}).verdict is Verdict.PROVED
    assert checker.prove(v, u + 2, define={v: u + 1}).verdict is Verdict.WRONG


def test_shapes_from_indexed_bases_with_sympy_sizes_and_integers():
    y = IndexedBase("y", shape=(n,))
    assert checker.prove(Sum(y[i] * KroneckerDelta(i, k), (i, 1, n)), y[k]).verdict is Verdict.PROVED
    assert (
        checker.prove(Sum(2 * x[i], (i, 1, 2)), 2 * Sum(x[i], (i, 1, 2)), shapes={"x": (2,)}).verdict is Verdict.PROVED
    )
    assert (
        checker.prove(Sum(x[i] * KroneckerDelta(i, k), (i, 1, n)), x[k], shapes={"x": (n,)}).verdict is Verdict.PROVED
    )


def test_free_indices_that_stand_in_no_slot():
    total = Sum(KroneckerDelta(i, k), (i, 1, n))
    assert checker.prove(total, 1, indices={"k": "n"}).verdict is Verdict.PROVED


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: checker.prove("x", u), "'x' is a str"),
        (lambda: checker.prove(0.5, u), "0.5 is a float"),
        (lambda: checker.prove(MatrixSymbol("M", n, n), u), "matrix expression"),
        (lambda: checker.prove(u, v, assume=[u + 1]), "no assumption"),
        (lambda: checker.prove(u, v, define={u + 1: v}), "cannot be defined"),
    ],
)
def test_what_is_no_claim_is_refused(call, message):
    with pytest.raises(TypeError, match=message):
        call()


def test_differentiate():
    assert checker.differentiate(u**3, u) == 3 * checker.differentiate(u**2 * 0 + u, u) * symbols("u", real=True) ** 2
    derivative = checker.differentiate(PRODUCT, W[k, l], shapes=SHAPES)
    assert checker.prove(derivative, D[i, k] * KroneckerDelta(j, l), shapes=SHAPES).verdict is Verdict.PROVED


def test_the_derivative_does_not_capture_bound_names():
    softmax = exp(x[i]) / Sum(exp(x[i]), (i, 1, n))
    derivative = checker.differentiate(softmax, x[i], shapes=SHAPES)
    assert checker.prove(derivative, softmax * (1 - softmax), shapes=SHAPES).verdict is Verdict.PROVED
    assert derivative != Integer(0)


def test_a_directory_and_a_name_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = checker.check_files(["nowhere"])
    assert (report.documents, len(report.problems)) == ((), 1)
    assert checker.check_file("nowhere.md").error


def test_what_the_package_offers():
    assert set(checker.__all__) <= set(dir(checker))
    for name in checker.__all__:
        assert getattr(checker, name) is not None
    with pytest.raises(AttributeError):
        _ = checker.no_such_thing
