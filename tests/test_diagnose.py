"""What is wrong with a wrong line: the slip, its place, and what the line should say."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from checker import check_text
from checker.diagnose import SLIPS
from checker.results import Judgement, Line, Verdict

SQUARES = (
    r"Let $X \in \mathbb{R}^{m \times n}$, $w \in \mathbb{R}^n$, $y \in \mathbb{R}^m$, $f = \frac{1}{2} \|X w - y\|^2$."
)
MEAN = (
    r"Let $X \in \mathbb{R}^{N \times d}$, $w \in \mathbb{R}^d$, $y \in \mathbb{R}^N$, "
    r"$f = \frac{1}{2 N} \sum_{i=1}^{N} (\sum_{j=1}^{d} X_{ij} w_j - y_i)^2$, $r = X w - y$."
)
PRODUCT = (
    r"Let $A \in \mathbb{R}^{m \times n}$, $B \in \mathbb{R}^{n \times p}$, $C = A B$, "
    r"let $F$ be a scalar function of $C$, and let $G_{ij} = \frac{\partial F}{\partial C_{ij}}$."
)
LAYER = (
    r"Here $\varphi$ is applied elementwise. Let $W \in \mathbb{R}^{h \times d}$, $x \in \mathbb{R}^{d}$, $z = W x$, "
    r"$a = \varphi(z)$, let $F$ be a scalar function of $a$, and let $g_i = \frac{\partial F}{\partial a_i}$."
)
SOFTMAX = r"Let $z \in \mathbb{R}^{n}$ and $s_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}$."
LOSS = rf"{SOFTMAX} Let $t \in \mathbb{{R}}^{{n}}$ and $E = -\sum_{{i=1}}^{{n}} t_i \log s_i$."
SIGMOID = r"Let $q(x) = \frac{1}{1 + e^{-x}}$."
TRACE = r"Let $A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^{n}$, $v \in \mathbb{R}^n$."
DEEP = (
    r"Let $x^{(0)} \in \mathbb{R}^{n}$, $W \in \mathbb{R}^{n \times n}$, $x^{(1)} = W x^{(0)}$, $x^{(2)} = W x^{(1)}$, "
    r"let $L$ be a scalar function of $x^{(2)}$, and let $g = \frac{\partial L}{\partial x^{(2)}}$."
)
SCALARS = r"Let $h = (u - c)^2 v$."
SEQUENCE = r"Let $x \in \mathbb{R}^{n}$, $w \in \mathbb{R}^{n}$ and $p = \sum_{i=1}^{n} w_i x_i$."

# what is said, the head, the wrong side, the slip, the corrected side
ONE_SLIP = [
    (SQUARES, r"\frac{\partial f}{\partial w}", r"X^\top (X w + y)", "sign", r"X^\top (X w - y)"),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"X^\top (y - X w)", "sign", r"X^\top (X w - y)"),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"-X^\top (X w - y)", "sign", None),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"2 X^\top (X w - y)", "factor", r"X^\top (X w - y)"),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"\frac{1}{2} X^\top (X w - y)", "factor", r"X^\top (X w - y)"),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"X (X w - y)", "transpose", r"X^\top (X w - y)"),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"(X w - y) X^\top", "order", r"X^\top (X w - y)"),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"X^\top X w", "missing-term", None),
    (SQUARES, r"\frac{\partial f}{\partial w}", r"X^\top X w - X^\top y + w", "extra-term", r"X^\top X w - X^\top y"),
    (MEAN, r"\frac{\partial f}{\partial w}", r"X^\top r", "mean", r"\frac{1}{N} X^\top r"),
    (MEAN, r"\frac{\partial f}{\partial w_j}", r"\frac{1}{N} \sum_{i=1}^{N} r_i X_{ji}", "index", r"\frac{1}{N} \sum_{i=1}^{N} r_i X_{ij}"),
    (MEAN, r"\frac{\partial f}{\partial w_j}", r"\frac{1}{N} r_i X_{ij}", "missing-sum", None),
    (PRODUCT, r"\frac{\partial F}{\partial A}", r"B^\top G", "order", r"G B^\top"),
    (PRODUCT, r"\frac{\partial F}{\partial A}", r"G B", "transpose", r"G B^\top"),
    (PRODUCT, r"\frac{\partial F}{\partial B_{kl}}", r"A^\top G", "index-missing", r"(A^\top G)_{kl}"),
    (PRODUCT, r"\frac{\partial F}{\partial B_{kl}}", r"\sum_i A_{ik} G_{ij}", "index", r"\sum_i A_{ik} G_{il}"),
    (PRODUCT, r"\frac{\partial C_{ij}}{\partial A_{kl}}", r"\delta_{ik} B_{jl}", "index", r"\delta_{ik} B_{lj}"),
    (PRODUCT, r"\frac{\partial C_{ij}}{\partial A_{kl}}", r"B_{lj}", "missing-factor", None),
    (LAYER, r"\frac{\partial F}{\partial z}", r"g \odot \varphi(z)", "derivative", r"g \odot \varphi'(z)"),
    (LAYER, r"\frac{\partial F}{\partial z_i}", r"g_i", "missing-factor", r"g_i \varphi'(z_i)"),
    (LAYER, r"\frac{\partial F}{\partial W_{ij}}", r"g_i \varphi'(z_i) x_i", "index", r"g_i \varphi'(z_i) x_j"),
    (LAYER, r"\frac{\partial F}{\partial W}", r"(g \odot \varphi'(z)) x", "transpose", r"(g \odot \varphi'(z)) x^\top"),
    (LAYER, r"\frac{\partial F}{\partial x}", r"W (g \odot \varphi'(z))", "transpose", r"W^\top (g \odot \varphi'(z))"),
    (LAYER, r"\frac{\partial F}{\partial W_{ij}}", r"\sum_{i=1}^{h} g_i \varphi'(z_i) x_j", "extra-sum", r"g_i \varphi'(z_i) x_j"),
    (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", r"s_i (\delta_{ij} + s_j)", "sign", r"s_i (\delta_{ij} - s_j)"),
    (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", r"s_i (1 - s_j)", "missing-factor", None),
    (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", r"s_i \delta_{ij}", "missing-term", r"s_i \delta_{ij} - s_i s_j"),
    (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", r"s_i (\delta_{ij} - s_i)", "index", None),
    (SIGMOID, r"q'(x)", r"q(x) q(x)", "one-minus", None),
    (SIGMOID, r"q'(x)", r"\frac{e^{x}}{(1 + e^{-x})^2}", "argument", r"\frac{e^{-x}}{(1 + e^{-x})^2}"),
    (SIGMOID, r"q'(x)", r"\frac{e^{-x}}{1 + e^{-x}}", "power", None),
    (SIGMOID, r"q'(x)", r"\frac{e^{-x}}{(1 + e^{-x})^3}", "power", r"\frac{e^{-x}}{(1 + e^{-x})^2}"),
    (SIGMOID, r"\frac{d}{dx} \sin(x)", r"\sin(x)", "derivative", r"\cos(x)"),
    (SIGMOID, r"\frac{d}{dx} \log |x|", r"\frac{1}{|x|}", "absolute", r"\frac{1}{(x)}"),
    (TRACE, r"\frac{\partial}{\partial x} (x^\top A x)", r"(A + A) x", "transpose", None),
    (TRACE, r"\frac{\partial}{\partial A} \operatorname{tr}(A^\top A)", r"2 A^\top", "transpose", r"2 A"),
    (TRACE, r"\frac{\partial}{\partial A} (v^\top A x)", r"x v^\top", "transpose", None),
    (DEEP, r"\frac{\partial L}{\partial x^{(0)}}", r"W W g", "transpose", None),
    (DEEP, r"\frac{\partial L}{\partial W}", r"g (x^{(2)})^\top + W^\top g (x^{(0)})^\top", "label", r"g (x^{(1)})^\top + W^\top g (x^{(0)})^\top"),
    (DEEP, r"\frac{\partial L}{\partial W}", r"g (x^{(2)})^\top + W^\top g (x^{(1)})^\top", "label", r"g (x^{(1)})^\top + W^\top g (x^{(0)})^\top"),
    (SCALARS, r"\frac{\partial h}{\partial u}", r"2 (u - c) c", "argument", r"2 (u - c) v"),
    (SCALARS, r"\frac{\partial h}{\partial u}", r"2 (u - c)^2 v", "power", r"2 (u - c) v"),
    (SCALARS, r"\frac{\partial h}{\partial u}", r"2 (u - c) u v", "extra-factor", r"2 (u - c) v"),
    (SEQUENCE, r"p", r"\sum_{i=2}^{n} w_i x_i", "range", r"\sum_{i=1}^{n} w_i x_i"),
    (SEQUENCE, r"\frac{\partial}{\partial x_j} \max(x_j, w_j)", r"\begin{cases} 0 & \text{if } x_j > w_j \\ 1 & \text{otherwise} \end{cases}", "branches", None),
]  # fmt: skip


def wrong_lines(said: str, *sides: str) -> list[Line]:
    text = f"# A page\n\n{said}\n\n$$\n{' = '.join(sides)}\n$$\n"
    statement = check_text(text, "page.md").statements[-1]
    return [line for line in statement.lines if line.judgement is not None]


def judged(said: str, *sides: str) -> Judgement:
    judgement = wrong_lines(said, *sides)[-1].judgement
    assert judgement is not None
    return judgement


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


@pytest.mark.parametrize(("said", "head", "side", "slip", "suggestion"), ONE_SLIP, ids=[f"{r[3]}-{n}" for n, r in enumerate(ONE_SLIP)])  # fmt: skip
def test_one_slip(said, head, side, slip, suggestion):
    found = judged(said, head, side)
    assert found.verdict is Verdict.WRONG
    assert found.mistake == slip
    assert found.message
    if suggestion is not None:
        assert squeezed(found.suggestion) == squeezed(suggestion)
    assert judged(said, head, found.suggestion).verdict is Verdict.PROVED


@pytest.mark.parametrize(("said", "head", "side", "slip", "suggestion"), ONE_SLIP[:12])
def test_the_place_is_in_the_line(said, head, side, slip, suggestion):
    line = wrong_lines(said, head, side)[-1]
    assert line.judgement is not None
    assert line.judgement.place is not None
    at, column, length = line.judgement.place
    assert at == line.line
    assert line.column <= column < column + length <= line.column + len(line.latex) + 1


# ------------------------------------------------------------------------------------- derived sides

BATCH = (
    r"Let $U \in \mathbb{R}^{B \times p}$, $K \in \mathbb{R}^{p \times q}$, $c \in \mathbb{R}^{q}$, "
    r"$V = U K + \mathbf{1} c^\top$, $H = \tanh(V)$, let $J$ be a scalar function of $H$, "
    r"and let $\Gamma = \frac{\partial J}{\partial H}$."
)
GATE = (
    r"Let $f, b, o, r, s \in \mathbb{R}^{n}$, $u = f \odot b + r \odot s$, $h = o \odot \tanh(u)$, "
    r"let $L$ be a scalar function of $h$ and $g = \frac{\partial L}{\partial h}$."
)
LOGISTIC = (
    r"Let $X \in \mathbb{R}^{n \times d}$, $v \in \mathbb{R}^{d}$, $y \in \mathbb{R}^{n}$, $p = \sigma(X v)$, where "
    r"$\sigma(u) = \frac{1}{1 + e^{-u}}$ is applied elementwise, and "
    r"$J = -\sum_{i=1}^{n} (y_i \log p_i + (1 - y_i) \log(1 - p_i))$."
)
ATTENTION = (
    r"Let $Q \in \mathbb{R}^{n \times d}$, $K \in \mathbb{R}^{m \times d}$, $S = \frac{1}{\sqrt{d}} Q K^\top$, let $E$ be a "
    r"scalar function of $S$, and $R = \frac{\partial E}{\partial S}$."
)
INVERSE = r"Let $A \in \mathbb{R}^{n \times n}$ be invertible, $a, b \in \mathbb{R}^{n}$."

DERIVED = [
    (BATCH, r"\frac{\partial J}{\partial K}", r"K", "other", r"U^\top (\Gamma - H \odot H \odot \Gamma)"),
    (BATCH, r"\frac{\partial J}{\partial c}", r"\Gamma \odot (1 - H \odot H)", "shape", r"(\Gamma \odot (1 - H \odot H))^\top \mathbf{1}"),
    (BATCH, r"\frac{\partial J}{\partial K}", r"U^\top \Gamma", "missing-term", r"U^\top (\Gamma - H \odot H \odot \Gamma)"),
    (GATE, r"\frac{\partial L}{\partial o}", r"g \odot u", "other", r"g \odot \tanh(u)"),
    (LOGISTIC, r"\frac{\partial^2 J}{\partial v \partial v^\top}", r"X^\top X", None, r"X^\top \operatorname{diag}(p \odot (1 - p)) X"),
    (LOGISTIC, r"\frac{\partial^2 J}{\partial v \partial v^\top}", r"X^\top \operatorname{diag}(p \odot p) X", "one-minus", r"X^\top \operatorname{diag}(p \odot (1 - p)) X"),
    (ATTENTION, r"\frac{\partial E}{\partial K}", r"R^\top S", "shape", r"\frac{1}{\sqrt{d}} R^\top Q"),
    (INVERSE, r"\frac{\partial}{\partial A} (a^\top A^{-1} b)", r"-A^{\top} a b^\top A^{-\top}", "power", r"-A^{-\top} a b^\top A^{-\top}"),
    (SQUARES, r"\frac{\partial f}{\partial w_i}", r"w_i^3", "other", None),
    (SIGMOID, r"q'(x)", r"x^2 q(x)^3", "other", None),
]  # fmt: skip


@pytest.mark.parametrize(("said", "head", "side", "slip", "suggestion"), DERIVED)
def test_a_side_that_is_derived_keeps_the_notation_and_the_names(said, head, side, slip, suggestion):
    found = judged(said, head, side)
    assert found.verdict is Verdict.WRONG
    assert slip in (None, found.mistake)
    if suggestion is not None:
        assert squeezed(found.suggestion) == squeezed(suggestion)
    assert judged(said, head, found.suggestion).verdict is Verdict.PROVED


def test_an_array_without_a_matrix_form_is_given_by_its_entries():
    said = r"Let $A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^{n}$ and $u_i = \prod_{j=1}^{n} (A_{ij} + x_j)$."
    found = judged(said, r"\frac{\partial}{\partial x} \sum_{i=1}^{n} u_i", r"A x")
    assert found.verdict is Verdict.WRONG
    assert found.suggestion is None or "entry" in found.message


def test_what_a_derivative_is_taken_by_is_not_said_to_be_one_hot():
    said = r"Let $x \in \mathbb{R}^{n}$ with $\|x\| > 0$ and $\rho = \|x\|$."
    found = judged(said, r"\frac{\partial \rho}{\partial x}", r"x")
    assert (found.mistake, found.assume) == ("missing-factor", None)


# ------------------------------------------------------------------------------- how it is written

WRITTEN = [
    (MEAN, r"\frac{\partial f}{\partial w_j}", r"\frac{2}{N} \sum_{i=1}^{N} r_i X_{ij}", r"\frac{1}{N} \sum_{i=1}^{N} r_i X_{ij}"),
    (MEAN, r"\frac{\partial f}{\partial w_j}", r"\frac{1}{2 N} \sum_{i=1}^{N} r_i X_{ij}", r"\frac{1}{N} \sum_{i=1}^{N} r_i X_{ij}"),
    (SQUARES, r"2 \frac{\partial f}{\partial w}", r"X^\top (X w - y)", r"2 X^\top (X w - y)"),
    (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", r"s_i \delta_{ij} - s_i^2", r"s_i \delta_{ij} - s_i s_j"),
    (r"Let $u(x) = \arctan(3 x)$.", r"u'(x)", r"\frac{1}{1 + 9 x^2}", r"\frac{3}{1 + 9 x^2}"),
    (r"Let $u(x) = \arctan(3 x)$.", r"u'(x)", r"\frac{3}{1 + 3 x^2}", r"\frac{3}{1 + 9 x^2}"),
    (r"Let $h(t) = e^{-t^2 / 2}$.", r"h''(t)", r"(t - 1) e^{-t^2 / 2}", r"(t^2 - 1) e^{-t^2 / 2}"),
    (r"Let $D, H \in \mathbb{R}^{n \times p}$, $q > 0$, $Y = \frac{1}{q} D \odot H$, let $L$ be a scalar function of $Y$ and $G = \frac{\partial L}{\partial Y}$.", r"\frac{\partial L}{\partial H}", r"D \odot G", r"\frac{1}{q} D \odot G"),
    (r"Let $W \in \mathbb{R}^{k \times d}$, $x \in \mathbb{R}^{d}$, $h = W x$, $r = W^\top h$, $L = \frac{1}{2} \|r - x\|^2$.", r"\frac{\partial L}{\partial W}", r"W (r - x) x^\top", r"W (r - x) x^\top + h (r - x)^\top"),
    (r"Let $s \in \mathbb{R}^{p}$, $K \in \mathbb{R}^{p \times p}$, $g = s + \rho(K s)$ where $\rho$ is applied elementwise, let $L$ be a scalar function of $g$ and $e = \frac{\partial L}{\partial g}$.", r"\frac{\partial L}{\partial s}", r"e + K^\top e", r"e + K^\top (e \odot \rho'(K s))"),
    (r"Let $y$ be a function of $u$ and $u$ a function of $x$.", r"\frac{dy}{dx}", r"\frac{dy}{du}", r"\frac{du}{dx} \frac{dy}{du}"),
    (SQUARES, r"2 \frac{\partial f}{\partial w}", r"2 (X w - y)", r"2 X^\top (X w - y)"),
    (LAYER, r"\frac{\partial F}{\partial W}", r"x (g \odot \varphi'(z))^\top", r"(g \odot \varphi'(z)) x^\top"),
    (LAYER, r"\frac{\partial F}{\partial z}", r"2 g \odot z \odot \varphi'(z)", None),
    (LAYER, r"\frac{\partial F}{\partial z}", r"z g \odot \varphi'(z)", r"g \odot \varphi'(z)"),
    (MEAN, r"\sum_j \frac{\partial f}{\partial w_j} w_j", r"\frac{1}{N} r_i X_{ij} w_j", None),
    (SCALARS, r"\frac{\partial h}{\partial v}", r"\frac{1}{v} h + h - h", None),
    (r"Let $u = \frac{a}{c} + d$.", r"\frac{\partial u}{\partial c}", r"-\frac{1}{c^2}", r"-\frac{a}{c^2}"),
    (r"Let $x \in \mathbb{R}^{n}$, $a \in \mathbb{R}^n$. We use numerator layout.", r"\frac{\partial}{\partial x} (a^\top x)", "a", r"a^\top"),
    (r"Let $x \in \mathbb{R}^{n}$, $A \in \mathbb{R}^{n \times n}$. We use numerator layout.", r"\frac{\partial}{\partial x} (x^\top A^\top A x)", r"2 A^\top A x", r"2 x^\top A^\top A"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "head", "side", "suggestion"), WRITTEN)
def test_a_correction_is_written_as_one_would(said, head, side, suggestion):
    found = judged(said, head, side)
    if suggestion is None:
        assert found.suggestion is None or judged(said, head, found.suggestion).verdict is Verdict.PROVED
        return
    assert found.verdict is Verdict.WRONG
    assert squeezed(found.suggestion) == squeezed(suggestion)
    assert judged(said, head, found.suggestion).verdict is Verdict.PROVED


LAYERS = (
    r"Let $x \in \mathbb{R}^{d}$, $W_1 \in \mathbb{R}^{h \times d}$, $W_2 \in \mathbb{R}^{c \times h}$, $z_1 = W_1 x$, "
    r"$a_1 = \sigma(z_1)$ where $\sigma$ is applied elementwise, $z_2 = W_2 a_1$, let $L$ be a scalar function of $z_2$, "
    r"$\delta_2 = \frac{\partial L}{\partial z_2}$, $\delta_1 = \frac{\partial L}{\partial z_1}$."
)
NAMED = [
    (r"\delta_1", r"(W_1^\top \delta_2) \odot \sigma'(z_1)", "label", r"(W_2^\top \delta_2) \odot \sigma'(z_1)"),
    (r"\frac{\partial L}{\partial W_2}", r"\delta_2 z_1^\top", None, r"\delta_2 a_1^\top"),
    (r"\frac{\partial L}{\partial W_1}", r"\delta_1^\top x", "transpose", r"\delta_1 x^\top"),
    (r"\delta_1", r"(W_2 \delta_2) \odot \sigma'(z_1)", "transpose", r"(W_2^\top \delta_2) \odot \sigma'(z_1)"),
]


@pytest.mark.parametrize(("head", "side", "slip", "suggestion"), NAMED)
@pytest.mark.parametrize("mark", [r"^\top", "^T", r"^{\mathsf{T}}"])
def test_names_with_a_subscript_and_the_authors_own_mark_of_a_transpose(head, side, slip, suggestion, mark):
    said = f"{LAYERS} Let $u = z_1^\\top z_1$.".replace(r"^\top", mark)
    found = judged(said, head, side.replace(r"^\top", mark))
    assert slip in (None, found.mistake)
    assert squeezed(found.suggestion) == squeezed(suggestion.replace(r"^\top", mark))
    assert judged(said, head, found.suggestion).verdict is Verdict.PROVED


def test_the_sign_of_a_term_and_of_an_exponent():
    said = r"Let $p = \log(1 + e^{v})$, $q = \log(1 + e^{-v})$ and $l = a p + b q$."
    head, right = r"\frac{\partial l}{\partial v}", r"a \frac{1}{1 + e^{v}} e^{v} - b \frac{1}{1 + e^{-v}} e^{-v}"
    found = judged(said, head, right.replace("-v}} e", "v}} e").replace(" - b", " + b"))
    assert "$e^{v}$ should be $e^{-v}$" in found.message
    assert squeezed(found.suggestion) == squeezed(right)
    assert judged(said, head, right).verdict is Verdict.PROVED


def test_a_sum_that_the_author_takes_to_be_one_is_a_hypothesis_and_has_a_correction():
    *_, last = wrong_lines(LOSS, r"\frac{\partial E}{\partial z_j}", r"s_j \sum_{i=1}^{n} t_i - t_j", r"s_j - t_j")
    found = last.judgement
    assert (found.mistake, found.assume) == ("hypothesis", r"\sum_i t_i = 1")
    assert squeezed(found.suggestion) == squeezed(r"s_j \sum_{i=1}^{n} t_i - t_j")


def test_a_norm_and_its_square():
    said = r"Let $q \in \mathbb{R}^{n}$."
    assert judged(said, r"\|q\|", r"q^\top q").suggestion == r"\sqrt{q^\top q}"
    assert judged(said, r"\|q\|^2", r"\sqrt{q^\top q}").suggestion == r"q^\top q"


def test_a_sign_and_a_number_are_two_slips_of_a_term():
    said = r"Let $X \in \mathbb{R}^{m \times n}$, $w \in \mathbb{R}^n$, $y \in \mathbb{R}^m$ and $f = \frac{1}{2} \|X w - y\|^2$."
    found = judged(said, r"\frac{\partial f}{\partial w}", r"X^\top X w + 2 X^\top y")
    assert squeezed(found.suggestion) == squeezed(r"X^\top X w - X^\top y")


# ---------------------------------------------------------------------------------- the left side


def test_where_all_lines_agree_the_left_side_may_be_meant_otherwise():
    said = f"{SQUARES} Let $r = X w - y$ and $f = \\frac{{1}}{{2}} \\|r\\|^2$."
    first, second = wrong_lines(
        said.replace(r", $f = \frac{1}{2} \|X w - y\|^2$", ""), r"\frac{\partial f}{\partial w}", "r", "X w - y"
    )
    assert second.judgement.verdict is Verdict.CARRIED
    assert first.judgement.suggestion == r"X^\top r"
    assert r"the left side is meant to be $\frac{\partial f}{\partial r}$" in first.judgement.message


def test_where_a_small_change_is_enough_nothing_is_said_of_the_left_side():
    found = judged(SQUARES, r"\frac{\partial f}{\partial w}", r"X^\top (X w + y)")
    assert "left side" not in found.message


# ------------------------------------------------------------------------------------------ shapes

RIDGE = (
    r"Let $P \in \mathbb{R}^{N \times M}$, $w \in \mathbb{R}^{M}$, $t \in \mathbb{R}^{N}$, $\lambda > 0$, "
    r"$Q = \frac{1}{2} \|P w - t\|^2 + \frac{\lambda}{2} \|w\|^2$."
)


def test_a_misfit_of_declared_shapes_is_wrong_whatever_stands_beside_it():
    found = judged(RIDGE, r"\frac{\partial Q}{\partial w}", r"P (P w - t) + \lambda w")
    assert (found.verdict, found.reason, found.mistake) == (Verdict.WRONG, "shape", "transpose")
    assert found.suggestion == r"P^\top (P w - t) + \lambda w"


def test_a_misfit_that_a_guess_takes_part_in_is_nobodys_fault():
    found = judged(r"Let $P \in \mathbb{R}^{N \times M}$. Let $u = P v$.", r"P^\top u", r"P^\top P P v")
    assert (found.verdict, found.reason) == (Verdict.UNREADABLE, "ambiguous-shape")


# -------------------------------------------------------------------------------------- hypotheses

QUADRATIC = r"Let $A \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^{n}$ and $f = x^\top A x$."
UNSTATED = [
    (LOSS, r"\frac{\partial E}{\partial z_j}", r"s_j - t_j", r"\sum_i t_i = 1"),
    (QUADRATIC, r"\frac{\partial f}{\partial x_i}", r"2 (A x)_i", r"A = A^\top"),
    (r"Let $x \in \mathbb{R}^{n}$, $c \in \mathbb{R}$ and $v = \sum_{i=1}^{n} (x_i - c)^2$.", "v", r"\sum_{i=1}^{n} x_i^2 + n c^2", r"\sum_i x_i = 0"),
    (r"Let $Q \in \mathbb{R}^{n \times n}$, $x \in \mathbb{R}^{n}$ and $u = Q x$.", r"u^\top u", r"x^\top x", r"Q \text{ is orthogonal}"),
    (r"Let $t \in \mathbb{R}^{n}$ and $u = \sum_{i=1}^{n} t_i^2$.", "u", "1", r"t \text{ is one-hot}"),
    (r"Let $u = \max(a, 0)$.", "u", "a", r"a > 0"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "head", "side", "assume"), UNSTATED, ids=[row[3] for row in UNSTATED])
def test_a_hypothesis_that_is_not_stated(said, head, side, assume):
    found = judged(said, head, side)
    assert found.verdict is Verdict.WRONG
    assert (found.mistake, found.assume) == ("hypothesis", assume)


@pytest.mark.parametrize(("said", "head", "side", "assume"), UNSTATED[:2], ids=[row[3] for row in UNSTATED[:2]])
def test_with_the_hypothesis_it_is_proved_and_rests_on_it(said, head, side, assume):
    found = judged(f"{said} Assume ${assume}$.", head, side)
    assert found.verdict is Verdict.PROVED
    assert found.rests_on


# ------------------------------------------------------------------------------------------ chains


def test_the_second_slip_of_a_chain_is_found():
    first, second, third = wrong_lines(
        SQUARES,
        r"\frac{\partial f}{\partial w}",
        r"X^\top (X w + y)",
        r"X^\top X w + X^\top y",
        r"X^\top X w + 2 X^\top y",
    )
    assert (first.judgement.verdict, first.judgement.mistake) == (Verdict.WRONG, "sign")
    assert second.judgement.verdict is Verdict.CARRIED
    assert second.judgement.mistake is None
    assert (third.judgement.verdict, third.judgement.mistake) == (Verdict.WRONG, "factor")
    assert "line before" in third.judgement.message
    assert judged(SQUARES, r"\frac{\partial f}{\partial w}", third.judgement.suggestion).verdict is Verdict.PROVED


def test_a_slip_after_true_lines_is_measured_against_the_head():
    *true, last = wrong_lines(
        SQUARES,
        r"\frac{\partial f}{\partial w}",
        r"X^\top (X w - y)",
        r"X^\top X w - X^\top y",
        r"X^\top X w + X^\top y",
    )
    assert [line.judgement.verdict for line in true] == [Verdict.PROVED] * 2
    assert (last.judgement.mistake, last.judgement.suggestion) == ("sign", r"X^\top X w - X^\top y")


def test_a_line_that_rejoins_has_no_diagnosis():
    first, second = wrong_lines(SQUARES, r"\frac{\partial f}{\partial w}", r"X^\top (X w + y)", r"X^\top (X w - y)")
    assert first.judgement.mistake == "sign"
    assert second.judgement.verdict is Verdict.PROVED
    assert second.judgement.rejoins
    assert second.judgement.mistake is None


# ---------------------------------------------------------------------------------------- negative

HOPELESS = [
    (SQUARES, r"\frac{\partial f}{\partial w_i}", r"\sin(w_i) e^{w_i}"),
    (SOFTMAX, r"\frac{\partial s_i}{\partial z_j}", r"\log(1 + z_i^2) \cos(z_j) + \frac{1}{1 + z_i} \tanh(z_i)"),
    (PRODUCT, r"F", r"\operatorname{tr}(A B B^\top A^\top)"),
    (QUADRATIC, r"f", r"\|x\| \operatorname{tr}(A) + \log \det(A)"),
]


@pytest.mark.parametrize(("said", "head", "side"), HOPELESS)
def test_a_suggestion_is_proved_or_not_made(said, head, side):
    found = judged(said, head, side)
    assert found.verdict is Verdict.WRONG
    assert found.mistake == "other"
    if found.suggestion is not None:
        assert judged(said, head, found.suggestion).verdict in (Verdict.PROVED, Verdict.TESTED)


@pytest.mark.parametrize(("said", "head", "side"), HOPELESS)
def test_a_hopeless_line_takes_no_longer_than_it_may(said, head, side):
    start = time.process_time()
    judged(said, head, side)
    assert time.process_time() - start < 4


@pytest.mark.parametrize(("said", "head", "side"), [(r[0], r[1], r[4]) for r in ONE_SLIP[:12] if r[4]])
def test_a_true_line_has_no_diagnosis(said, head, side):
    found = judged(said, head, side)
    assert found.verdict is Verdict.PROVED
    assert (found.mistake, found.suggestion, found.place, found.assume) == (None, None, None, None)


def test_what_is_tried_leaves_no_trace_in_the_document():
    text = f"{SQUARES}\n\n$$\n\\frac{{\\partial f}}{{\\partial w}} = X (X w - y)\n$$\n\n$$\nX w = X w\n$$\n"
    first, second = check_text(text), check_text(text.replace("X (X w - y)", "X^\\top (X w - y)"))
    assert first.symbols == second.symbols
    assert first.statements[-1].lines[-1].judgement.verdict is Verdict.PROVED


# -------------------------------------------------------------------------------------- the closed list

PAGE = Path(__file__).parent.parent / "docs" / "slips.md"
SECTION = re.compile(r"^## (?P<name>[a-z-]+)\n\n(?P<words>[^\n]+)\.\n\n```markdown\n(?P<example>.*?)```\n", re.M | re.S)
EXAMPLES = {found["name"]: found for found in SECTION.finditer(PAGE.read_text(encoding="utf-8"))}


def test_the_page_and_the_code_have_the_same_list():
    assert {name: found["words"] for name, found in EXAMPLES.items()} == dict(SLIPS)


@pytest.mark.parametrize("name", sorted(SLIPS))
def test_the_example_of_a_slip_is_called_by_its_name(name):
    report = check_text(EXAMPLES[name]["example"], "example.md")
    mistakes = [line.judgement.mistake for line in report.judged() if line.judgement.verdict is Verdict.WRONG]
    assert mistakes == [name]
