"""Matrix words against NumPy: every word's entries, evaluated at small sizes, and its shape."""

import math

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Indexed, Integer, Sum

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.context import Range
from checker.calculus.functions import ARITIES, ELEMENTARY, SPELLINGS, STANDARD, call, elementary, standard
from checker.calculus.shapes import Letters, ShapeError, Sizes, UnknownSize, Workspace, least, upto
from checker.calculus.terms import FunctionDerivative

SHAPES = {"A": (2, 3), "B": (3, 2), "S": (3, 3), "x": (3,), "y": (3,), "z": (2,)}
RANDOM = np.random.default_rng(5)
VALUES = {name: RANDOM.uniform(0.5, 1.5, shape) for name, shape in SHAPES.items()}


def workspace() -> Workspace:
    return Workspace(Letters(), Sizes())


def tensor(name: str) -> Array:
    ranges = tuple(upto(Integer(n)) for n in SHAPES[name])
    return Array(ranges[:1], ranges[1:], lambda at: terms.element(name, *at))


def value(term: sympy.Expr) -> float:
    """A term at the sample values, with sums written out."""
    if isinstance(term, Indexed):
        return float(VALUES[str(term.base.label)][tuple(int(i) - 1 for i in term.indices)])
    if isinstance(term, Sum):
        letter, low, high = term.args[1]
        return sum(value(term.args[0].xreplace({letter: Integer(k)})) for k in range(int(low), int(high) + 1))
    if isinstance(term, terms.Maximum):
        letter, low, high = term.limits[0]
        return max(value(term.function.xreplace({letter: Integer(k)})) for k in range(int(low), int(high) + 1))
    if isinstance(term, terms.Inverse):
        inverse = np.linalg.inv(matrix_of(term))
        return float(inverse[int(term.position[0]) - 1, int(term.position[1]) - 1])
    if isinstance(term, terms.Determinant):
        return float(np.linalg.det(matrix_of(term)))
    if isinstance(term, terms.MatrixPower):
        power = np.linalg.matrix_power(matrix_of(term), int(term.exponent))
        return float(power[int(term.position[0]) - 1, int(term.position[1]) - 1])
    if term.args:
        return float(term.func(*(sympy.Float(value(a)) for a in term.args)))
    return float(term)


def matrix_of(node: terms.MatrixNode) -> np.ndarray:
    order = int(node.order)
    entry = node.body
    return np.array(
        [
            [value(entry.xreplace({node.row: Integer(i), node.column: Integer(j)})) for j in range(1, order + 1)]
            for i in range(1, order + 1)
        ]
    )


def evaluated(array: Array) -> np.ndarray:
    sizes = [int(r.upper) for r in array.slots]
    found = [value(array.entry(tuple(Integer(i + 1) for i in at))) for at in np.ndindex(*sizes)]
    return np.array(found).reshape(sizes)


A, B, S, X, Y, Z = (VALUES[n] for n in "ABSxyz")

WORDS = {
    "product": (lambda w, t: matrices.product(w, t["A"], t["B"]), A @ B),
    "matrix-vector": (lambda w, t: matrices.product(w, t["A"], t["x"]), A @ X),
    "row-matrix": (lambda w, t: matrices.product(w, matrices.transposed(w, t["z"]), t["A"]), Z @ A),
    "inner product": (lambda w, t: matrices.product(w, matrices.transposed(w, t["x"]), t["y"]), X @ Y),
    "outer product": (lambda w, t: matrices.product(w, t["x"], matrices.transposed(w, t["z"])), np.outer(X, Z)),
    "hadamard": (lambda w, t: matrices.hadamard(w, t["x"], t["y"]), X * Y),
    "quotient": (lambda w, t: matrices.quotient(w, t["x"], t["y"]), X / Y),
    "sum": (lambda w, t: matrices.plus(w, [t["x"], t["y"]], (1, -1)), X - Y),
    "one minus": (lambda w, t: matrices.plus(w, [arrays.number(Integer(1), True), t["x"]], (1, -1)), 1 - X),
    "transpose": (lambda w, t: matrices.transposed(w, t["A"]), A.T),
    "trace": (lambda w, t: matrices.trace(w, t["S"]), np.trace(S)),
    "diagonal matrix": (lambda w, t: matrices.diagonal(w, t["x"]), np.diag(X)),
    "diagonal of a matrix": (lambda w, t: matrices.diagonal(w, t["S"]), np.diag(S)),
    "inverse": (lambda w, t: matrices.inverse(w, t["S"]), np.linalg.inv(S)),
    "determinant": (lambda w, t: matrices.determinant(w, t["S"]), np.linalg.det(S)),
    "square": (lambda w, t: matrices.matrix_power(w, t["S"], Integer(2)), S @ S),
    "negative power": (lambda w, t: matrices.matrix_power(w, t["S"], Integer(-1)), np.linalg.inv(S)),
    "high power": (lambda w, t: matrices.matrix_power(w, t["S"], Integer(13)), np.linalg.matrix_power(S, 13)),
    "squared norm": (lambda w, t: matrices.squared_norm(w, t["A"]), np.sum(A**2)),
    "norm": (lambda w, t: matrices.euclidean_norm(w, t["x"]), np.linalg.norm(X)),
    "1-norm": (lambda w, t: matrices.sum_norm(w, t["x"]), np.sum(np.abs(X))),
    "3-norm": (lambda w, t: matrices.power_norm(w, t["x"], Integer(3)), np.sum(X**3) ** (1 / 3)),
    "largest": (lambda w, t: matrices.largest(w, t["x"]), np.max(X)),
    "total": (lambda w, t: matrices.total(w, t["A"]), np.sum(A)),
    "mean": (lambda w, t: matrices.mean(w, t["A"]), np.mean(A)),
    "Frobenius inner product": (
        lambda w, t: matrices.inner(w, t["A"], matrices.transposed(w, t["B"])),
        np.sum(A * B.T),
    ),
    "softmax": (lambda w, t: matrices.softmax(w, t["x"]), np.exp(X) / np.sum(np.exp(X))),
    "softmax of rows": (
        lambda w, t: matrices.softmax_rows(w, t["A"]),
        np.exp(A) / np.sum(np.exp(A), axis=1, keepdims=True),
    ),
    "log-softmax": (lambda w, t: matrices.log_softmax(w, t["x"]), X - math.log(np.sum(np.exp(X)))),
    "logsumexp": (lambda w, t: matrices.log_sum_exp(w, t["x"]), math.log(np.sum(np.exp(X)))),
}


@pytest.mark.parametrize("word", WORDS)
def test_a_word_means_what_it_means_in_numpy(word):
    build, expected = WORDS[word]
    found = evaluated(build(workspace(), {name: tensor(name) for name in SHAPES}))
    assert found.squeeze().shape == np.asarray(expected).squeeze().shape
    assert np.allclose(found.squeeze(), np.asarray(expected).squeeze())


@pytest.mark.parametrize("word", [w for w in WORDS if w not in ("product", "square", "high power")])
def test_a_word_of_a_transposed_matrix_is_another_value(word):
    build, expected = WORDS[word]
    turned = {name: tensor(name) for name in SHAPES}
    turned["S"] = matrices.transposed(workspace(), turned["S"])
    found = evaluated(build(workspace(), turned)).squeeze()
    symmetric = {"trace", "determinant", "diagonal of a matrix"}
    uses_s = word in symmetric | {"inverse", "negative power"}
    assert np.allclose(found, np.asarray(expected).squeeze()) == (not uses_s or word in symmetric)


def test_kronecker_products_multiply_vectorised_matrices():
    w = workspace()
    left = matrices.kronecker(tensor("A"), tensor("S"))
    found = evaluated(matrices.product(w, left, matrices.vectorised(tensor("S"))))
    expected = (S @ S @ A.T).T  # vec(S X A^T), slots (column, row)
    assert np.allclose(found, expected)
    assert not np.allclose(found, (S @ S.T @ A.T).T)


@pytest.mark.parametrize(
    "build",
    [
        lambda w, t: matrices.product(w, t["A"], t["z"]),
        lambda w, t: matrices.product(w, t["x"], t["y"]),
        lambda w, t: matrices.plus(w, [t["A"], t["S"]], (1, 1)),
        lambda w, t: matrices.plus(w, [t["S"], arrays.number(terms.scalar("t"))], (1, 1)),
        lambda w, t: matrices.hadamard(w, t["x"], matrices.transposed(w, t["x"])),
        lambda w, t: matrices.trace(w, t["A"]),
        lambda w, t: matrices.inverse(w, t["A"]),
        lambda w, t: matrices.determinant(w, t["A"]),
        lambda w, t: matrices.softmax(w, t["S"]),
        lambda w, t: matrices.largest(w, t["S"]),
    ],
)
def test_what_does_not_fit_is_refused_with_its_shape(build):
    with pytest.raises(ShapeError, match=r"[23]"):
        build(workspace(), {name: tensor(name) for name in SHAPES})


def test_a_vector_of_ones_takes_its_length_from_its_surroundings():
    w = workspace()
    found = matrices.product(w, matrices.transposed(w, matrices.ones(w)), tensor("x"))
    assert np.allclose(evaluated(found), np.sum(X))
    alone = matrices.product(w, matrices.transposed(w, matrices.ones(w)), matrices.ones(w))
    with pytest.raises(UnknownSize):
        alone.entry(())


def test_bound_letters_are_all_different():
    w = Workspace(Letters({"i", "k"}), Sizes())
    nested = matrices.softmax(w, matrices.product(w, tensor("S"), matrices.softmax(w, tensor("x"))))
    bound = [node.args[1][0] for node in sympy.preorder_traversal(nested.entry((Integer(1),))) if isinstance(node, Sum)]
    assert not {str(b) for b in bound} & {"i", "k"}
    assert np.allclose(evaluated(nested), softmax(S @ softmax(X)))


def softmax(x: np.ndarray) -> np.ndarray:
    return np.exp(x) / np.sum(np.exp(x))


# ------------------------------------------------------------------------------------------- sizes


def test_holes_are_filled_once_and_for_all():
    sizes = Sizes()
    n, m = terms.size("n"), terms.size("m")
    first, second = sizes.hole(), sizes.hole()
    assert sizes.unify(first, second)
    assert sizes.unify(second, upto(n))
    assert sizes.resolve(first) == upto(n)
    assert not sizes.unify(first, upto(m))


def test_lower_bounds_of_sizes():
    n, m = terms.size("n"), terms.size("m")
    assert least(n + m - 1, {}) == 1
    assert least(n - m, {}) is None
    assert least(n - 2, {n: 3}) == 1
    assert least(terms.index("i") + 0, {}) is None
    assert Sizes().positive(n)
    assert not Sizes().positive(n - 1)
    assert Sizes().nonnegative(n - 1)


# --------------------------------------------------------------------------------------- functions


def test_every_elementary_function_is_left_unevaluated():
    for name, function in ELEMENTARY.items():
        arguments = [Integer(1)] * ARITIES.get(name, 1)
        assert isinstance(call(name, *arguments), function)


def test_every_spelling_leads_to_an_elementary_function():
    for spelling in SPELLINGS:
        assert elementary(spelling) in ELEMENTARY
    assert elementary("sigma") is None


REFERENCE = {
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "logistic": lambda x: 1 / (1 + math.exp(-x)),
    "expit": lambda x: 1 / (1 + math.exp(-x)),
    "softplus": lambda x: math.log(1 + math.exp(x)),
    "relu": lambda x: max(x, 0.0),
    "elu": lambda x: x if x > 0 else math.exp(x) - 1,
    "silu": lambda x: x / (1 + math.exp(-x)),
    "swish": lambda x: x / (1 + math.exp(-x)),
    "gelu": lambda x: x * 0.5 * (1 + math.erf(x / math.sqrt(2))),
    "erfc": math.erfc,
    "logit": lambda x: math.log(x / (1 - x)),
    "log1p": math.log1p,
    "expm1": math.expm1,
    "softsign": lambda x: x / (1 + abs(x)),
    "mish": lambda x: x * math.tanh(math.log(1 + math.exp(x))),
    "log1pexp": lambda x: math.log1p(math.exp(x)),
    "logsigmoid": lambda x: -math.log1p(math.exp(-x)),
    "relu6": lambda x: min(max(x, 0), 6),
    "hardtanh": lambda x: min(max(x, -1), 1),
    "hardsigmoid": lambda x: min(max(x / 6 + 0.5, 0), 1),
    "hardswish": lambda x: x * min(max(x / 6 + 0.5, 0), 1),
    "tanhshrink": lambda x: x - math.tanh(x),
    "logexpm1": lambda x: math.log(math.expm1(x)),
    "log1mexp": lambda x: math.log(-math.expm1(x)),
    "log1psq": lambda x: math.log1p(x * x),
    "xlogx": lambda x: x * math.log(x),
    "exp2": lambda x: 2**x,
    "exp10": lambda x: 10**x,
    "log2": math.log2,
    "log10": math.log10,
    "cbrt": lambda x: x ** (1 / 3),
    "rsqrt": lambda x: x**-0.5,
    "deg2rad": math.radians,
    "rad2deg": math.degrees,
    "sinpi": lambda x: math.sin(math.pi * x),
    "cospi": lambda x: math.cos(math.pi * x),
    "tanpi": lambda x: math.tan(math.pi * x),
    "sind": lambda x: math.sin(math.radians(x)),
    "cosd": lambda x: math.cos(math.radians(x)),
    "tand": lambda x: math.tan(math.radians(x)),
    "secd": lambda x: 1 / math.cos(math.radians(x)),
    "cscd": lambda x: 1 / math.sin(math.radians(x)),
    "cotd": lambda x: 1 / math.tan(math.radians(x)),
    "asind": lambda x: math.degrees(math.asin(x)),
    "acosd": lambda x: math.degrees(math.acos(x)),
    "atand": lambda x: math.degrees(math.atan(x)),
    "asecd": lambda x: math.degrees(math.acos(1 / x)),
    "acscd": lambda x: math.degrees(math.asin(1 / x)),
    "acotd": lambda x: math.degrees(math.atan(1 / x)),
    "erfcx": lambda x: math.exp(x * x) * math.erfc(x),
    "erfcinv": lambda x: float(mpmath.erfinv(1 - x)),
    "dawson": lambda x: float(mpmath.sqrt(mpmath.pi) / 2 * mpmath.exp(-x * x) * mpmath.erfi(x)),
    "lgamma": math.lgamma,
    "loggamma": math.lgamma,
    "gammaln": math.lgamma,
    "trigamma": lambda x: float(mpmath.psi(1, x)),
    "hypot": math.hypot,
    "beta": lambda x, y: float(mpmath.beta(x, y)),
    "logbeta": lambda x, y: float(mpmath.log(mpmath.beta(x, y))),
    "logaddexp": lambda x, y: math.log(math.exp(x) + math.exp(y)),
    "xlogy": lambda x, y: x * math.log(y),
    "xlog1py": lambda x, y: x * math.log1p(y),
    "ldexp": lambda x, y: x * 2**y,
}


# where they are defined; everything else is tried at the points of both signs
POINTS = {
    **dict.fromkeys(("logit", "asind", "acosd", "erfcinv"), (0.3, 0.7)),
    **dict.fromkeys(("lgamma", "loggamma", "gammaln", "trigamma", "logexpm1", "xlogx"), (0.4, 1.3)),
    **dict.fromkeys(("log2", "log10", "cbrt", "rsqrt"), (0.4, 1.3)),
    **dict.fromkeys(("asecd", "acscd"), (-1.7, 1.3)),
    "log1mexp": (-0.7, -1.3),
}


@pytest.mark.parametrize("name", sorted(STANDARD))
def test_a_standard_function_has_its_usual_value(name):
    definition = standard(name)
    for point in POINTS.get(name, (-0.7, 0.4, 1.3)):
        arguments = (point, 0.6)[: len(definition.parameters)]
        point = abs(point) if name in ("beta", "logbeta") else point
        values = dict(zip(definition.parameters, (point, *arguments[1:]), strict=True))
        body = definition.body.replace(FunctionDerivative, lambda *a: sympy.polygamma(1, a[2]))
        found = body.xreplace({p: sympy.Float(x, 30) for p, x in values.items()}).doit().evalf()
        assert float(found) == pytest.approx(REFERENCE[name](*values.values()), rel=1e-11)


def test_a_range_of_one_element_is_a_number():
    w = workspace()
    single = Array(
        (Range(Integer(1), Integer(1)),), (Range(Integer(1), Integer(1)),), lambda at: terms.element("q", *at)
    )
    assert arrays.is_number(w, single)
    assert str(arrays.scalar_term(single)) == "q[1, 1]"
