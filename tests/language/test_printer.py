"""Terms as LaTeX: goldens, every node, and back through the reader."""

import pytest
import sympy
from sympy import And, Eq, Function, Ge, Gt, Ne, Not, Or, oo, pi

from checker.calculus.context import Context, Range, Variable
from checker.calculus.functions import ARITIES, ELEMENTARY
from checker.calculus.terms import (
    NODES,
    Determinant,
    Inverse,
    MatrixPower,
    Partial,
    add,
    apply,
    cases,
    delta,
    divide,
    element,
    function_derivative,
    index,
    indicator,
    maximum_over,
    multiply,
    negate,
    number,
    power,
    product_over,
    scalar,
    size,
    sum_over,
)
from checker.language.parser import parse_expression
from checker.language.printer import latex
from tests.language.shapes import expression

i, j, k, l, q = map(index, "ijklq")
m, n = size("m"), size("n")
x, y = scalar("x"), scalar("y")
one, two = number(1), number(2)
RANGE = Range(one, n)
CONTEXT = Context(
    variables={
        "d": Variable("d", (RANGE, RANGE), labels=1),
        "W": Variable("W", (RANGE, RANGE, RANGE), labels=1),
        "w": Variable("w", (RANGE, RANGE, RANGE), labels=2),
    }
)


def at(name, *indices):
    return element(name, *indices)


GOLDENS = [
    # names
    (x, "x"),
    (scalar("\\alpha"), "\\alpha"),
    (scalar("sigma"), "\\sigma"),
    (scalar("loss"), "\\mathrm{loss}"),
    (scalar("w_{13}"), "w_{13}"),
    (index("i1"), "i_1"),
    (at("x", i), "x_i"),
    (at("W", i, j), "W_{ij}"),
    (at("W", index("\\ell"), k), "W_{\\ell k}"),
    (at("x", one), "x_1"),
    (at("W", i, two), "W_{i,2}"),
    (at("X", l, add(i, k, number(-1))), "X_{l,i+k-1}"),
    (at("X", l, i + k - 1), "X_{l,i+k-1}"),
    (at("x^{(1)}", i), "x^{(1)}_i"),
    (at("W_{xh}", i, j), "(W_{xh})_{ij}"),
    (at("\\bar{z}", i), "\\bar{z}_i"),
    # algebra
    (number("-2/3"), "-\\frac{2}{3}"),
    (add(x, negate(y), one), "x - y + 1"),
    (add(one, negate(x)), "1 - x"),
    (add(number(-1), x), "x - 1"),
    (add(x, negate(add(x, one))), "x - (x + 1)"),
    (multiply(number("1/2"), x), "\\frac{1}{2} x"),
    (multiply(two, x, add(one, negate(x))), "2 x (1 - x)"),
    (multiply(number(3), power(two, x)), "3 \\cdot 2^x"),
    (negate(divide(x, y)), "-\\frac{x}{y}"),
    (divide(add(x, one), multiply(two, x)), "\\frac{x + 1}{2 x}"),
    (divide(one, add(x, one)), "\\frac{1}{x + 1}"),
    (power(add(x, y), two), "(x + y)^2"),
    (power(at("x", i), two), "x_i^2"),
    (power(at("x^{(1)}", i), two), "(x^{(1)}_i)^2"),
    (power(power(x, two), y), "(x^2)^y"),
    (power(x, number("1/2")), "\\sqrt{x}"),
    (power(x, number("-1/2")), "\\frac{1}{\\sqrt{x}}"),
    (power(x, number("3/2")), "x^{3/2}"),
    (power(number(-2), x), "(-2)^x"),
    (multiply(pi, x), "\\pi x"),
    (power(number(10), power(number(10), number(10))), "10^{10^{10}}"),
    # binders
    (sum_over(multiply(at("D", i, q), at("W", q, j)), q, one, n), "\\sum_{q=1}^{n} D_{iq} W_{qj}"),
    (sum_over(at("x", i), i, -oo, oo), "\\sum_{i=-\\infty}^{\\infty} x_i"),
    (sum_over(sum_over(at("A", i, j), j, one, n), i, one, m), "\\sum_{i=1}^{m} \\sum_{j=1}^{n} A_{ij}"),
    (sum_over(add(at("x", i), y), i, one, n), "\\sum_{i=1}^{n} (x_i + y)"),
    (add(sum_over(at("x", i), i, one, n), y), "\\sum_{i=1}^{n} x_i + y"),
    (multiply(sum_over(at("x", i), i, one, n), y), "y \\sum_{i=1}^{n} x_i"),
    (power(sum_over(at("x", i), i, one, n), two), "\\left( \\sum_{i=1}^{n} x_i \\right)^2"),
    (
        multiply(sum_over(at("x", i), i, one, n), sum_over(at("y", i), i, one, n)),
        "\\left( \\sum_{i=1}^{n} x_i \\right) \\sum_{i=1}^{n} y_i",
    ),
    (
        divide(sympy.exp(at("z", i)), sum_over(sympy.exp(at("z", k)), k, one, n)),
        "\\frac{e^{z_i}}{\\sum_{k=1}^{n} e^{z_k}}",
    ),
    (
        multiply(number("-1"), sum_over(multiply(at("t", j), sympy.log(at("y", j))), j, one, n)),
        "-\\sum_{j=1}^{n} t_j \\log(y_j)",
    ),
    (product_over(at("x", i), i, one, n), "\\prod_{i=1}^{n} x_i"),
    (maximum_over(at("x", i), i, one, n), "\\max_{i=1}^{n} x_i"),
    (sum_over(at("x", i), i, one, n - 1), "\\sum_{i=1}^{n-1} x_i"),
    # deltas, cases
    (delta(i, j), "\\delta_{ij}"),
    (delta(i, 2 * j - 1), "\\delta_{i,2j-1}"),
    (indicator(Ge(i, j)), "\\mathbb{1}[i \\ge j]"),
    (indicator(And(Eq(i, j), Ne(k, l))), "\\mathbb{1}[i = j \\text{ and } k \\ne l]"),
    (
        cases((x, Gt(x, 0)), otherwise=negate(x)),
        "\\begin{cases} x & \\text{if } x > 0 \\\\ -x & \\text{otherwise} \\end{cases}",
    ),
    # functions
    (apply("f", x, y), "f(x, y)"),
    (apply("\\varphi", at("z", i)), "\\varphi(z_i)"),
    (apply("softplus", x), "\\operatorname{softplus}(x)"),
    (apply("f", divide(x, y)), "f\\left( \\frac{x}{y} \\right)"),
    (function_derivative("\\varphi", (1,), at("z", i)), "\\varphi'(z_i)"),
    (function_derivative("f", (2,), x), "f''(x)"),
    (function_derivative("f", (1, 1), x, y), "\\partial_{1,2} f(x, y)"),
    (sympy.log(x, evaluate=False), "\\log(x)"),
    (power(sympy.log(x), two), "\\log(x)^2"),
    (power(sympy.exp(x), two), "(e^{x})^2"),
    (sympy.exp(scalar("e")), "\\exp(e)"),
    (sympy.asin(x), "\\arcsin(x)"),
    (sympy.Abs(x, evaluate=False), "|x|"),
    (sympy.Max(x, 0, evaluate=False), "\\max(0, x)"),
    (sympy.Min(x, y, evaluate=False), "\\min(x, y)"),
    # derivatives
    (Partial(scalar("E"), at("A", i, j)), "\\frac{\\partial E}{\\partial A_{ij}}"),
    (Partial(scalar("E"), at("A", i), at("A", j)), "\\frac{\\partial^2 E}{\\partial A_i \\partial A_j}"),
    (Partial(power(x, two), x), "\\frac{\\partial}{\\partial x} x^2"),
    (Partial(add(x, y), x), "\\frac{\\partial}{\\partial x} (x + y)"),
    (multiply(Partial(power(x, two), x), y), "y \\frac{\\partial}{\\partial x} x^2"),
    # matrices
    (Inverse(i, j, n, at("X", i, j), k, l), "(X^{-1})_{kl}"),
    (Inverse(i, j, n, at("X", j, i), k, l), "(X^{-\\top})_{kl}"),
    (
        Inverse(i, j, n, sum_over(multiply(at("A", i, q), at("B", q, j)), q, one, n), k, l),
        "((A B)^{-1})_{kl}",
    ),
    (
        Determinant(i, j, n, add(at("X", i, j), multiply(scalar("\\lambda"), delta(i, j)))),
        "\\det(X + \\lambda I)",
    ),
    (Determinant(i, j, n, power(at("X", i, j), two)), "\\det([X_{ij}^2]_{i,j=1}^{n})"),
    (MatrixPower(i, j, n, at("X", i, j), k, i, l), "(X^k)_{il}"),
    # conditions
    (Ne(x, 0), "x \\ne 0"),
    (Or(Eq(i, j), Gt(x, 0)), "i = j \\text{ or } x > 0"),
    (Not(Or(Eq(i, j), Gt(x, 0)), evaluate=False), "\\neg (i = j \\text{ or } x > 0)"),
]
IN_CONTEXT = [
    (at("d", k, i), "d^{(k)}_i"),
    (at("W", k + 1, i, j), "W^{(k+1)}_{ij}"),
    (at("w", k, l, i), "w^{(k,l)}_i"),
    (power(at("d", k, i), two), "(d^{(k)}_i)^2"),
    (Inverse(i, j, n, at("W", k, i, j), q, l), "((W^{(k)})^{-1})_{ql}"),
    (Partial(scalar("E"), at("W", k, i, j)), "\\frac{\\partial E}{\\partial W^{(k)}_{ij}}"),
]


@pytest.mark.parametrize("term, expected", GOLDENS, ids=[row[1] for row in GOLDENS])
def test_golden(term, expected):
    assert latex(term) == expected


@pytest.mark.parametrize("term, expected", IN_CONTEXT, ids=[row[1] for row in IN_CONTEXT])
def test_labels_stand_above(term, expected):
    assert latex(term, CONTEXT) == expected


@pytest.mark.parametrize("text", [row[1] for row in [*GOLDENS, *IN_CONTEXT]])
def test_what_is_printed_can_be_read(text):
    parse_expression(text)


def test_every_node_is_printed():
    shown = {type(part) for term, _ in GOLDENS for part in sympy.preorder_traversal(term)}
    missing = [node for node in NODES if not any(issubclass(kind, node) for kind in shown)]
    assert missing == []


@pytest.mark.parametrize("name", ELEMENTARY)
def test_every_elementary_function_is_printed(name):
    arguments = [scalar(letter) for letter in "uv"[: ARITIES.get(name, 1)]]
    text = latex(ELEMENTARY[name](*arguments))
    assert "u" in text
    parse_expression(text)


def test_what_is_no_node_is_refused_by_name():
    with pytest.raises(TypeError, match="no LaTeX for the node Integral"):
        latex(sympy.Integral(x, x))


def test_names_with_another_meaning():
    identity = Determinant(i, j, n, add(at("X", i, j), delta(i, j)))
    assert latex(identity) == "\\det(X + I)"
    assert "+ I" not in latex(identity, Context(variables={"I": Variable("I", (RANGE,))}))
    assert latex(sympy.exp(x), Context(variables={"e": Variable("e")})) == "\\exp(x)"


# What is printed reads back with the same structure.
ROUND_TRIPS = [
    (multiply(x, add(y, one)), "<x · (<+y +1>)>"),
    (divide(x, multiply(two, y)), "(x / <2 · y>)"),
    (negate(sum_over(at("x", i), i, one, n)), "<-sum[i = 1 ; n](x_{i})>"),
    (add(sum_over(at("x", i), i, one, n), y), "<+sum[i = 1 ; n](x_{i}) +y>"),
    (sum_over(add(at("x", i), y), i, one, n), "sum[i = 1 ; n]((<+x_{i} +y>))"),
    (multiply(sum_over(at("x", i), i, one, n), y), "<y · sum[i = 1 ; n](x_{i})>"),
    (power(at("W", k, i, j), two), "(W_{<i · j>}^(){k})^{2}"),
    (Partial(add(x, y), x), "∂→((<+x +y>) ; x)"),
    (add(Partial(power(x, two), x), y), "<+∂→(x^{2} ; x) +y>"),
    (power(divide(x, y), two), "((x / y))^{2}"),
    (sympy.exp(negate(x)), "e^{<-x>}"),
    (function_derivative("\\varphi", (2,), x), "<\\varphi'' · (x)>"),
    (power(function_derivative("\\varphi", (1,), x), two), "<\\varphi' · (x)^{2}>"),
    (Inverse(i, j, n, at("X", i, j), k, l), "(X^{<-1>})_{<k · l>}"),
    (Determinant(i, j, n, at("X", i, j)), "'det'(X)"),
    (Function("h")(x, y), "<h · (x, y)>"),
    (indicator(Ge(i, j)), r"<\mathbb{1} · [i \ge j]>"),
    (at("X", l, i + k - 1), "X_{l, <+i +k -1>}"),
    (multiply(number("1/2"), power(x, two)), "<(1 / 2) · x^{2}>"),
    (multiply(two, number(3)), "6"),
    (multiply(x, power(two, y)), r"<x \cdot 2^{y}>"),
]


@pytest.mark.parametrize("term, expected", ROUND_TRIPS, ids=[latex(row[0], CONTEXT) for row in ROUND_TRIPS])
def test_round_trip(term, expected):
    assert expression(latex(term, CONTEXT)) == expected
