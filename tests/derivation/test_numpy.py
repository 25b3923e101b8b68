"""The generated code, run here (and only here), against finite differences."""

import inspect

import numpy as np
import pytest

from checker.derivation import answered, of_expression
from tests.derivation.gradients import GRADIENTS

SIZES = {"n": 3, "m": 4, "d": 2, "p": 5, "q": 6, "r": 2, "k": 5, "N": 4}
NO_CODE = {"unknown-function", "elementwise-unknown", "three-layers", "stride", "neighbours"}
JACOBIANS = {"open-index"}
STEP = 1e-6


def generated(expression, by, let, layout=None):
    """The function, and values for its arguments that meet the declarations."""
    question = of_expression(expression, list(by), let, layout)
    found = answered(question, code=True)
    assert found.proved
    assert found.code is not None, found.code_problem
    scope = {}
    exec(compile(found.code, "generated", "exec"), scope)  # noqa: S102  # our own code, to be tried out
    function = scope["value_and_gradient"]
    return function, values(question, inspect.signature(function).parameters)


def values(question, parameters):
    random = np.random.default_rng(1)
    names = {"_lambda": "\\lambda", "lambda_": "\\lambda"}
    found = {}
    for parameter in parameters:
        name = names.get(parameter, parameter)
        variable = question.context.variables.get(name)
        shape = (
            [int(s.upper.subs({x: SIZES[str(x)] for x in s.upper.free_symbols})) for s in variable.slots]
            if variable
            else []
        )
        found[parameter] = random.uniform(0.3, 1.2, shape)
    said = " ".join(question.sentences)
    for name, value in found.items():
        if f"Let ${name}$ be symmetric" in said or f"${name}$ is symmetric" in said:
            found[name] = value + value.T
        if "invertible" in said or "\\det X" in said:
            square = "S" if "S" in found else "X"
            found[square] = found[square] + 3 * np.eye(3)
        if f"\\sum_{{i=1}}^n {name}_i = 1" in said:
            found[name] = value / value.sum()
    return found


def differences(function, arguments, by):
    """∂ value / ∂ by, by central differences, with the axes of the value first."""
    base = arguments[by]
    value = np.asarray(function(**arguments)[0])
    result = np.zeros((*value.shape, *base.shape))
    for place in np.ndindex(base.shape):
        sides = []
        for sign in (1, -1):
            moved = base.copy()
            moved[place] += sign * STEP
            sides.append(np.asarray(function(**{**arguments, by: moved})[0]))
        result[(..., *place)] = (sides[0] - sides[1]) / (2 * STEP)
    return result


@pytest.mark.parametrize("name", [n for n in GRADIENTS if n not in NO_CODE | JACOBIANS])
def test_gradients(name):
    expression, by, let, _ = GRADIENTS[name]
    function, arguments = generated(expression, [by], let)
    value, gradient = function(**arguments)
    assert np.ndim(value) == 0
    assert np.shape(gradient) == np.shape(arguments[by])
    assert np.allclose(gradient, differences(function, arguments, by), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["ridge", "two-layer", "logdet", "attention-queries"])
def test_a_wrong_gradient_is_told(name):
    expression, by, let, _ = GRADIENTS[name]
    function, arguments = generated(expression, [by], let)
    gradient = function(**arguments)[1]
    assert not np.allclose(1.01 * gradient, differences(function, arguments, by), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("layout", ["denominator", "numerator"])
@pytest.mark.parametrize(
    ("expression", "let"),
    [
        (r"A x", r"A \in \mathbb{R}^{m \times n}; x \in \mathbb{R}^n"),
        (r"\tanh(A x)", r"A \in \mathbb{R}^{m \times n}; x \in \mathbb{R}^n"),
        (r"\operatorname{softmax}(x)", r"x \in \mathbb{R}^n"),
        (r"\|x\|^2 x", r"x \in \mathbb{R}^n"),
    ],
)
def test_jacobians(expression, let, layout):
    function, arguments = generated(expression, ["x"], let, layout)
    expected = differences(function, arguments, "x")
    found = function(**arguments)[1]
    assert np.allclose(found, expected if layout == "numerator" else expected.T, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("expression", "let"),
    [
        (r"x^\top A x", r"A \in \mathbb{R}^{n \times n}; x \in \mathbb{R}^n"),
        (r"\log \sum_{i=1}^n e^{x_i}", r"x \in \mathbb{R}^n"),
        (r"\|x\|^4", r"x \in \mathbb{R}^n"),
        (r"\sum_{i,j,k} T_{ijk} x_i x_j x_k", r"T \in \mathbb{R}^{n \times n \times n}; x \in \mathbb{R}^n"),
    ],
)
def test_hessians(expression, let):
    function, arguments = generated(expression, ["x", "x"], let)
    gradient, _ = generated(expression, ["x"], let)
    slope = differences(lambda **a: (gradient(**a)[1],), arguments, "x")
    assert np.allclose(function(**arguments)[1], slope, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    ("expression", "by", "let", "says"),
    [
        ("F", "A", r"A \in \mathbb{R}^{m \times n}; E is a function of A; F = E", "unknown function"),
        (r"\sum_i \phi(x_i)", "x", r"x \in \mathbb{R}^n; \phi is applied elementwise", "unknown function"),
    ],
)
def test_what_has_no_numpy_form_says_why(expression, by, let, says):
    found = answered(of_expression(expression, [by], let, None), code=True)
    assert found.proved
    assert found.code is None
    assert says in found.code_problem


def test_names_become_identifiers():
    let = r"\hat{y}, y \in \mathbb{R}^n; \lambda \in \mathbb{R}"
    function, _ = generated(r"\lambda \|\hat{y} - y\|^2", [r"\hat{y}"], let)
    assert all(p.isidentifier() for p in inspect.signature(function).parameters)
