"""Every notation as index notation: what a formula is lowered to, and its wrong twin."""

import pytest

from tests.language.readings import faults, messages, only, ranges, terms

SHAPES = (
    "Let $A \\in \\mathbb{R}^{m \\times n}$, $B \\in \\mathbb{R}^{n \\times p}$, $S \\in \\mathbb{R}^{n \\times n}$, "
    "$x \\in \\mathbb{R}^{n}$, $y \\in \\mathbb{R}^{n}$, $z \\in \\mathbb{R}^{m}$, $t \\in \\mathbb{R}$ and "
    "$r \\in \\mathbb{R}^{1 \\times m}$. Here $\\varphi$ is applied elementwise.\n\n"
)


def right(formula: str, layout: str = "denominator") -> str:
    """The term of a right side whose left side is a new name's element or number."""
    return terms(only(f"{SHAPES}$$ 0 = {formula} $$"), layout)[1]


@pytest.mark.parametrize(
    ("formula", "term"),
    [
        ("A x", "Sum(A[j, i]*x[i], (i, 1, n))"),
        ("A B", "Sum(A[j, i]*B[i, k], (i, 1, n))"),
        ("x^\\top y", "Sum(x[i]*y[i], (i, 1, n))"),
        ("x y^\\top", "x[i]*y[j]"),
        ("x^\\top S y", "Sum(y[j]*Sum(S[i, j]*x[i], (i, 1, n)), (j, 1, n))"),
        ("A^\\top", "A[j, i]"),
        ("A^\\top z", "Sum(A[i, j]*z[i], (i, 1, m))"),
        ("r A", "Sum(A[i, j]*r[1, i], (i, 1, m))"),
        ("t x", "t*x[i]"),
        ("x \\odot y", "x[i]*y[i]"),
        ("S x \\odot y", "y[j]*Sum(S[j, i]*x[i], (i, 1, n))"),
        ("x \\cdot (1 - x)", "(1 - x[i])*x[i]"),
        ("x \\oslash y", "x[i]/y[i]"),
        ("\\frac{x}{t}", "x[i]/t"),
        ("1 - x", "1 - x[i]"),
        ("\\operatorname{tr}(S)", "Sum(S[i, i], (i, 1, n))"),
        ("\\operatorname{diag}(x)", "KroneckerDelta(i, j)*x[i]"),
        ("\\operatorname{diag}(S)", "S[i, i]"),
        ("\\det S", "Determinant(i, j, n, S[i, j])"),
        ("|S|", "Determinant(i, j, n, S[i, j])"),
        ("S^{-1}", "Inverse(i, j, n, S[i, j], k, l)"),
        ("S^{-\\top}", "Inverse(i, j, n, S[i, j], l, k)"),
        ("S^2", "Sum(S[i, k]*S[j, i], (i, 1, n))"),
        ("\\|x\\|^2", "Sum(x[i]**2, (i, 1, n))"),
        ("\\|x\\|", "sqrt(Sum(x[i]**2, (i, 1, n)))"),
        ("\\|A\\|_F^2", "Sum(Sum(A[i, j]**2, (j, 1, n)), (i, 1, m))"),
        ("\\|x\\|_1", "Sum(Abs(x[i]), (i, 1, n))"),
        ("\\|x\\|_\\infty", "Maximum(Abs(x[i]), (i, 1, n))"),
        ("\\langle x, y \\rangle", "Sum(x[i]*y[i], (i, 1, n))"),
        ("\\mathbf{1}^\\top x", "Sum(1*x[i], (i, 1, n))"),
        ("A \\mathbf{1}", "Sum(A[j, i]*1, (i, 1, n))"),
        ("S + t I", "t*KroneckerDelta(i, j) + S[i, j]"),
        ("\\operatorname{softmax}(x)", "exp(x[j])/Sum(exp(x[i]), (i, 1, n))"),
        ("\\operatorname{softmax}(x)_k", "exp(x[k])/Sum(exp(x[i]), (i, 1, n))"),
        ("\\operatorname{logsumexp}(x)", "log(Sum(exp(x[i]), (i, 1, n)))"),
        ("\\varphi(x)", "varphi(x[i])"),
        ("\\varphi'(A x)", "FunctionDerivative(varphi, (1,), Sum(A[j, i]*x[i], (i, 1, n)))"),
        ("\\max(0, x)", "Max(0, x[i])"),
        ("|t|", "Abs(t)"),
        ("\\max_k x_k", "Maximum(x[k], (k, 1, n))"),
        ("\\min_k x_k", "-Maximum(-x[k], (k, 1, n))"),
        ("(A B)_{ij}", "Sum(A[i, k]*B[k, j], (k, 1, n))"),
        ("[x - y]_k", "x[k] - y[k]"),
        ("(S^\\top)_{ij}", "S[j, i]"),
        ("S^\\top_{ij}", "S[j, i]"),
        ("S_{ij}^2", "S[i, j]**2"),
        ("x_i A_{2i,:} x", "Sum((A[2*i, j]*x[i])*x[j], (j, 1, n))"),
        ("A_{:,j}", "A[i, j]"),
        ("S_{i,:}^\\top", "S[i, j]"),
        ("\\varphi(S)_{ij}", "varphi(S[i, j])"),
        ("\\operatorname{vec}(S)", "S[j, i]"),
        ("x \\otimes y", "x[i]*y[j]"),
        ("S[i, j]", "S[i, j]"),
        ("\\mathbb{1}[i \\ge j] S_{ij}", "Piecewise((1, i >= j), (0, True))*S[i, j]"),
        ("\\mathbb{1}[x_i > 0]", "Piecewise((1, x[i] > 0), (0, True))"),
        ("[i = j] x_i y_j", "(KroneckerDelta(i, j)*x[i])*y[j]"),
        ("\\delta_{ij} x_i y_j", "(KroneckerDelta(i, j)*x[i])*y[j]"),
        ("\\sum_i x_i", "Sum(x[i], (i, 1, n))"),
        ("\\sum_{i,j} A_{ij}", "Sum(Sum(A[i, j], (j, 1, n)), (i, 1, m))"),
        ("\\sum_{k \\ne i} x_k y_i", "Sum(Piecewise((x[k]*y[i], Ne(k, i)), (0, True)), (k, 1, n))"),
        ("y_i \\sum_{s \\le i} x_s", "y[i]*Sum(x[s], (s, 1, i))"),
        ("y_i \\sum_{s < i} x_s", "y[i]*Sum(x[s], (s, 1, i - 1))"),
        ("\\sum_{i < j} x_i y_j", "Sum(Sum(x[i]*y[j], (i, 1, j - 1)), (j, 1, n))"),
        ("\\prod_{i=1}^{n} x_i", "Product(x[i], (i, 1, n))"),
        ("e^{-t}", "exp(-t)"),
        ("\\log_2 t", "log(t)/log(2)"),
        ("\\ln t", "log(t)"),
        ("\\tanh^2 t", "tanh(t)**2"),
        ("\\log t (1 - t)", "(1 - t)*log(t)"),
        (
            "\\begin{cases} t & \\text{if } t > 0 \\\\ 0 & \\text{otherwise} \\end{cases}",
            "Piecewise((t, t > 0), (0, True))",
        ),
        ("0.5 t", "t/2"),
        ("\\pi t", "pi*t"),
        ("\\operatorname{ReLU}(t)", "ReLU(t)"),
    ],
)
def test_a_notation_is_lowered_to_index_notation(formula, term):
    found = right(formula)
    assert found.replace("\\varphi", "varphi") == term


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("A y + z + x", "shape"),
        ("B A", "shape"),
        ("x y", "shape"),
        ("A + S", "shape"),
        ("S + t", "shape"),
        ("x^\\top z", "shape"),
        ("x \\odot z", "shape"),
        ("\\operatorname{tr}(A)", "shape"),
        ("\\det A", "shape"),
        ("A^{-1}", "shape"),
        ("x^2", "shape"),
        ("\\frac{1}{x}", "shape"),
        ("|x|", "shape"),
        ("\\operatorname{softmax}(S)", "shape"),
        ("x_{ij}", "shape"),
        ("x_{n+1}", "index"),
        ("x_0", "index"),
        ("\\sum_{i=1}^{n+1} x_i", "index"),
        ("\\sum_{i=0}^{n} x_i", "index"),
        ("\\sum_{i=1}^{m} x_i", "index"),
        ("(A B)_{i}", "index"),
        ("x_i z_i", "index"),
    ],
)
def test_what_cannot_fit_is_wrong_and_says_why(formula, reason):
    assert right(formula) == f"wrong/{reason}"


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        ("\\exp(S)", "unreadable/ambiguous-shape"),
        ("e^{S}", "undecided/outside"),
        ("\\|A\\|_2", "undecided/outside"),
        ("\\int_0^1 t \\, dt", "undecided/outside"),
        ("\\arg\\max_k x_k", "undecided/outside"),
        ("f(x)", "unreadable/unknown-symbol"),
        ("\\operatorname{frob}(t)", "unreadable/unknown-symbol"),
        ("\\sigma'(x)", "unreadable/unknown-symbol"),
        ("\\sum_i 1", "unreadable/ambiguous-shape"),
        ("x_{2i}", "unreadable/ambiguous-shape"),
        ("\\mathbf{1}^\\top \\mathbf{1}", "unreadable/ambiguous-shape"),
        ("\\frac{\\partial t}{\\partial (2 x)}", "unreadable/syntax"),
    ],
)
def test_what_has_no_meaning_is_not_guessed(formula, verdict):
    assert right(formula) == verdict


def test_a_product_that_misfits_says_which_change_would_fit():
    text = f"{SHAPES}$$ 0 = x y $$"
    assert "a column of n does not multiply a column of n" in messages(text)
    assert "second factor transposed" in messages(text)


@pytest.mark.parametrize(
    ("formula", "denominator", "numerator"),
    [
        ("\\frac{\\partial t}{\\partial x}", "Partial(t, x[i])", "Partial(t, x[j])"),
        ("\\nabla_x t", "Partial(t, x[i])", "Partial(t, x[i])"),
        ("\\frac{\\partial t}{\\partial A}", "Partial(t, A[i, j])", "Partial(t, A[i, j])"),
        ("\\frac{\\partial A}{\\partial t}", "Partial(A[i, j], t)", "Partial(A[i, j], t)"),
        ("\\frac{\\partial z}{\\partial x}", "Partial(z[j], x[i])", "Partial(z[k], x[l])"),
        ("\\frac{\\partial z_i}{\\partial x_j}", "Partial(z[i], x[j])", "Partial(z[i], x[j])"),
        ("\\frac{\\partial^2 t}{\\partial x_i \\partial x_j}", "Partial(t, x[i], x[j])", "Partial(t, x[i], x[j])"),
        ("\\frac{\\partial^2 t}{\\partial x \\partial x^\\top}", "Partial(t, x[i], x[j])", "Partial(t, x[i], x[j])"),
        ("\\frac{\\partial z_i}{\\partial A}", "Partial(z[i], A[j, k])", "Partial(z[i], A[j, k])"),
    ],
)
def test_derivatives_in_both_layouts(formula, denominator, numerator):
    assert right(formula) == denominator
    assert right(formula, "numerator") == numerator


def test_chain_rules_multiply_in_the_order_of_their_layout():
    text = f"{SHAPES}$$ \\frac{{\\partial t}}{{\\partial x}} = {{}} $$"
    forward = "\\frac{\\partial t}{\\partial z} \\frac{\\partial z}{\\partial x}"
    backward = "\\frac{\\partial z}{\\partial x} \\frac{\\partial t}{\\partial z}"
    one = only(text.replace("{}", forward))
    other = only(text.replace("{}", backward))
    assert (terms(one)[1], terms(one, "numerator")[1][:4]) == ("wrong/shape", "Sum(")
    assert (terms(other)[1][:4], terms(other, "numerator")[1]) == ("Sum(", "wrong/shape")


def test_an_element_equated_with_a_whole_vector_says_how_to_name_the_element():
    text = f"{SHAPES}$$ \\frac{{\\partial t}}{{\\partial x_i}} = S x $$"
    assert terms(only(text))[1] == "wrong/shape"
    assert "(S x)_{i}" in messages(text)


def test_free_indices_have_the_ranges_of_their_slots():
    statement = only(f"{SHAPES}$$ A_{{ij}} B_{{jk}} = \\delta_{{il}} A_{{ij}} B_{{jk}} $$")
    assert ranges(statement) == {"i": "1..m", "j": "1..n", "k": "1..p", "l": "1..m"}


def test_a_shifted_index_stays_in_its_range():
    statement = only(f"{SHAPES}$$ x_{{i+1}} - x_i = y_i $$")
    assert ranges(statement) == {"i": "1..n - 1"}


def test_a_convolution_fits_its_padded_input_and_one_element_more_does_not():
    text = (
        "Let $u \\in \\mathbb{R}^{T+K-1}$, $w \\in \\mathbb{R}^{K}$ and $v \\in \\mathbb{R}^{T}$.\n\n"
        "$$ v_i = \\sum_{k=1}^{K} u_{i+k-1} w_k $$"
    )
    assert faults(text) == []
    assert faults(text.replace("u_{i+k-1}", "u_{i+k}")) == ["wrong/index"]


def test_products_of_more_matrices_grow_linearly():
    chain = " ".join(["S"] * 40)
    assert len(right(f"{chain} x")) < 3000


def test_bound_letters_are_never_captured():
    found = right("(\\sum_k x_k S)_{jk}")
    assert found.startswith("unreadable")
    assert right("\\sum_k x_k \\sum_k y_k") == "Sum(x[k]*Sum(y[i], (i, 1, n)), (k, 1, n))"


def test_the_summation_convention_sums_what_occurs_twice():
    text = f"We use the summation convention.\n\n{SHAPES}"
    assert terms(only(f"{text}$$ 0 = A_{{ij}} x_j $$"))[1] == "Sum(A[i, j]*x[j], (j, 1, n))"
    assert terms(only(f"{text}$$ 0 = S_{{ii}} $$"))[1] == "Sum(S[i, i], (i, 1, n))"
    assert terms(only(f"{text}$$ 0 = x_i (x_i + y_i) $$"))[1] == "Sum((x[i] + y[i])*x[i], (i, 1, n))"
    assert terms(only(f"{text}$$ 0 = S_{{ij}} x_j y_j $$"))[1] == "wrong/index"
