"""``checker derive`` at the command line, and what it says of questions that make no sense."""

import io
import sys

import pytest

import checker
from checker.cli import main
from checker.derivation import BadQuestion

LET = r"X \in \mathbb{R}^{n \times d}; w \in \mathbb{R}^d; y \in \mathbb{R}^n"
LOSS = r"\frac12 \|X w - y\|^2"
DOCUMENT = r"""# A layer

Let $X \in \mathbb{R}^{n \times d}$, $w \in \mathbb{R}^{d}$ and $y \in \mathbb{R}^{n}$. Assume $\sum_i y_i = 0$.

$$r = X w - y$$

## The loss

Let $L = \frac12 \|r\|^2$.

$$\frac{\partial L}{\partial w} = X^\top (X w + y)$$
"""


@pytest.fixture
def run(capsys, monkeypatch):
    def call(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        try:
            status = main(arguments)
        except SystemExit as exit_:
            status = exit_.code
        return (status, *capsys.readouterr())

    return call


def test_an_expression(run):
    status, out, err = run("derive", LOSS, "--by", "w", "--let", LET)
    assert (status, err) == (0, "")
    assert out.startswith("\\frac{\\partial L}{\\partial w} = X^\\top (X w - y)\n")
    assert "every one proved." in out


def test_declarations_may_be_given_one_by_one(run):
    parts = [x for part in LET.split(";") for x in ("--let", part)]
    assert run("derive", LOSS, "--by", "w", *parts)[0] == 0


@pytest.mark.parametrize("format_", ["markdown", "latex"])
def test_a_page_goes_through_check(run, format_):
    status, page, _ = run("derive", LOSS, "--by", "w", "--let", LET, "--format", format_, "--layout", "numerator")
    assert status == 0
    status, out, _ = run("check", "--strict", "-q", "-", stdin=page)
    assert status == 0
    assert "proved           5" in out


def test_numpy(run):
    status, out, _ = run("derive", LOSS, "--by", "w", "--let", LET, "--format", "numpy")
    assert status == 0
    assert "d_w = X.T @ (X @ w - y)" in out


def test_no_numpy_code(run):
    status, out, err = run(
        "derive", "E", "--by", "A", "--let", r"A \in \mathbb{R}^n; E is a function of A", "--format", "numpy"
    )
    assert (status, out) == (1, "")
    assert "unknown function" in err


def test_a_document(run, tmp_path):
    path = tmp_path / "layer.md"
    path.write_text(DOCUMENT)
    status, out, err = run("derive", str(path), "--of", "L", "--by", "w", "--format", "markdown")
    assert (status, err) == (0, "")
    assert "= X^\\top r\n" in out
    status, out, _ = run("check", "--strict", "-", stdin=out)
    assert status == 0
    assert run("derive", "-", "--of", "L", "--by", "w", stdin=DOCUMENT)[0] == 0


def test_the_second_derivative_of_a_document(run, tmp_path):
    path = tmp_path / "layer.md"
    path.write_text(DOCUMENT)
    status, out, _ = run("derive", str(path), "--of", "L", "--by", "w", "--second")
    assert status == 0
    assert "\\partial w^\\top} = X^\\top X\n" in out


@pytest.mark.parametrize(
    ("name", "of", "by", "result"),
    [
        ("softmax_cross_entropy", "E", "W^{(2)}", r"(y^{(2)} - t) (y^{(1)})^\top"),
        ("matrix_product", "E", "W", r"D^\top B"),
    ],
)
def test_the_documents_of_the_project(run, name, of, by, result):
    status, out, _ = run("derive", name, "--of", of, "--by", by)
    assert status == 0
    assert out.split("\n")[0].endswith(result)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((LOSS, "--by", "v", "--let", LET), "--by: nothing is called v; the names here are X, w, y, L"),
        ((LOSS, "--by", "n", "--let", LET), "--by: n is an integer"),
        ((LOSS, "--by", "L", "--let", LET), "L by itself"),
        (("X w + ", "--by", "w", "--let", LET), "in: Let $L = X w +$."),
        (("X^\\top w", "--by", "w", "--let", LET), "does not multiply"),
        (("", "--by", "w"), "there is no expression"),
        (("$x^2$", "--by", "x"), "without dollar signs"),
        (("x^2", "--by", "x", "--by", "x", "--by", "x"), "here are 3"),
        (("x^2", "--by", "x", "--let", "x \\in \\mathbb{R} --> b"), "contains '-->'"),
        (("x^2", "--by", "x", "--let", "X \\in"), "this set is not understood"),
        (("nowhere.md", "--of", "L", "--by", "w"), "there is no such file"),
        (("x^2", "--of", "L", "--by", "x", "--let", "a"), "--let is for an expression"),
        ((LOSS, "--by", "w"), "nothing says what shape X, w and y have; write --let 'X \\in"),
        (("x^\\top A x", "--by", "x", "--let", "x \\in \\mathbb{R}^n"), "nothing says what shape A has"),
        (("x + y = 2", "--by", "x"), "contains '='"),
        (("two_layer_network", "--by", "x"), "is a document; say with --of"),
    ],
)
def test_bad_questions(run, arguments, says):
    status, out, err = run("derive", *arguments)
    assert (status, out) == (2, "")
    assert says in err
    assert "internal error" not in err


def test_a_file_without_of(run, tmp_path, monkeypatch):
    (tmp_path / "layer.md").write_text(DOCUMENT)
    monkeypatch.chdir(tmp_path)
    status, _, err = run("derive", "layer.md", "--by", "w")
    assert status == 2
    assert "say with --of" in err


@pytest.mark.parametrize(
    ("of", "says"), [("M", "nothing is called M"), ("X", "X has no definition; defined here: r, L")]
)
def test_a_document_without_the_quantity(run, tmp_path, of, says):
    path = tmp_path / "layer.md"
    path.write_text(DOCUMENT)
    status, _, err = run("derive", str(path), "--of", of, "--by", "w")
    assert status == 2
    assert says in err


def test_nested_too_deeply(run):
    status, _, err = run("derive", "(" * 5000 + "x" + ")" * 5000, "--by", "x")
    assert status == 2
    assert "deep" in err


def test_a_function_of_the_entries_of_a_square_matrix_is_said_to_be_one(run):
    """exp of a square matrix could be the matrix exponential."""
    status, out, _ = run("derive", r"\sum_{i,j} e^{X_{ij}}", "--by", "X", "--let", r"X \in \mathbb{R}^{n \times n}")
    assert status == 0
    assert out.startswith("\\frac{\\partial L}{\\partial X} = \\exp(X)\n")
    assert "Here $\\exp$ is applied elementwise." in out


def test_an_expression_of_a_function_of_which_nothing_is_said(run):
    status, out, _ = run("derive", "3 f(x)", "--by", "x")
    assert status == 0
    assert out.startswith("\\frac{\\partial L}{\\partial x} = 3 \\frac{\\partial f}{\\partial x}\n")


def test_a_result_that_is_not_proved(run):
    status, _, err = run("derive", LOSS, "--by", "w", "--let", LET, "--timeout", "1e-9")
    assert status == 1
    assert "the result is not proved" in err


def test_from_python():
    found = checker.derive(LOSS, "w", let=LET, numpy=True)
    assert found.result == (r"\frac{\partial L}{\partial w}", r"X^\top (X w - y)")
    assert found.code.startswith("import numpy as np\n")
    with pytest.raises(BadQuestion, match="nothing is called v"):
        checker.derive(LOSS, "v", let=LET)
    with pytest.raises(ValueError, match="no upside layout"):
        checker.derive(LOSS, "w", let=LET, layout="upside")


def test_a_file_from_python(tmp_path):
    path = tmp_path / "layer.md"
    path.write_text(DOCUMENT)
    assert checker.derive_file(path, "L", "w").result[1] == r"X^\top r"


LAYERS = r"""Let $W^{(k)} \in \mathbb{R}^{n \times n}$, $y \in \mathbb{R}^n$, and let $\varphi$ be applied elementwise.
Let $z^{(k)} = W^{(k)} a^{(k-1)}$ and $a^{(k)} = \varphi(z^{(k)})$ for $k = 1, \dots, L$, with $a^{(0)} \in \mathbb{R}^n$.
Let $E = \frac12 \|a^{(L)} - y\|^2$.
"""


@pytest.mark.parametrize(
    ("by", "result"),
    [
        ("W^{(k)}", r"\frac{\partial E}{\partial z^{(k)}_l} a^{(k-1)}_u"),
        ("z", r"\frac{\partial E}{\partial a^{(k)}_l} \varphi'(z^{(k)}_l)"),
    ],
)
def test_a_recursion_goes_back_one_layer(run, tmp_path, by, result):
    path = tmp_path / "layers.md"
    path.write_text(LAYERS)
    status, out, _ = run("derive", str(path), "--of", "E", "--by", by)
    assert status == 0
    assert out.split("\n")[0].endswith(f"= {result}")


def test_a_definition_with_letters_in_another_order(run):
    let = r"A \in \mathbb{R}^{n \times m}; B \in \mathbb{R}^{m \times n}; let S_{ji} = A_{ij}^2"
    status, out, _ = run("derive", r"\operatorname{tr}(B^\top S)", "--by", "A", "--let", let)
    assert status == 0
    assert out.startswith("\\frac{\\partial L}{\\partial A} = 2 A \\odot B^\\top\n")
    assert "left out" not in out
