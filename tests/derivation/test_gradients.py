"""Gradients of the field: the form they are printed in, every line of their derivations proved, in both layouts."""

import re
from dataclasses import replace

import pytest

import checker
from checker.derivation import Derivation, Step, answered, of_expression, proved
from checker.derivation.pages import latex, markdown, text
from checker.results import Verdict
from tests.derivation.gradients import GRADIENTS

INDEX_ONLY = {"cubic", "stride", "neighbours"}


def derived(name: str, layout: str | None = None) -> Derivation:
    expression, by, let, _ = GRADIENTS[name]
    return answered(of_expression(expression, [by], let, layout))


@pytest.mark.parametrize("name", GRADIENTS)
def test_the_shortest_form_proved(name):
    found = derived(name)
    assert found.result[1] == GRADIENTS[name][3]
    assert found.proved
    assert found.unproved == ()
    assert found.notation == ("index" if name in INDEX_ONLY else "matrix")


@pytest.mark.parametrize("name", ["ridge", "softmax-layer", "two-layer", "inverse", "attention-scores", "cubic"])
@pytest.mark.parametrize("layout", ["denominator", "numerator"])
@pytest.mark.parametrize("page", [(markdown, "page.md"), (latex, "page.tex")], ids=["markdown", "latex"])
def test_the_page_is_a_document_that_the_checker_proves(name, layout, page):
    write, path = page
    found = derived(name, layout)
    report = checker.check_text(write(found), path)
    lines = list(report.judged())
    assert report.error is None
    assert report.layout in (layout, None)
    assert len(lines) == sum(len(step.lines) for step in found.steps)
    assert {line.judgement.verdict for line in lines} == {Verdict.PROVED}


@pytest.mark.parametrize("name", ["ridge", "two-layer", "attention-scores"])
def test_a_wrong_result_is_not_proved(name):
    found = derived(name)
    *steps, last = found.steps
    for wrong in (f"-({last.lines[-1]})", f"2 ({last.lines[-1]})"):
        broken = replace(last, lines=(wrong,))
        judged = proved(replace(found, steps=(*steps, broken), result=(last.head, wrong)), 10.0)
        assert not judged.proved
        assert wrong in judged.unproved


def test_a_wrong_line_is_left_out_and_named():
    found = derived("ridge")
    first, *rest = found.steps
    broken = Step(first.about, first.head, ("0", *first.lines), ("a slip", *first.reasons))
    judged = proved(replace(found, steps=(broken, *rest)), 10.0)
    assert judged.proved
    assert judged.unproved == ("0",)
    assert judged.steps[0].lines == first.lines
    assert "1 left out" in text(judged)


def test_what_the_result_rests_on_is_said():
    assert derived("softmax").rests_on == (r"\sum_{i=1}^n t_i = 1",)
    assert derived("softmax-no-hypothesis").rests_on == ()
    assert derived("norm").conditions


@pytest.mark.parametrize(
    ("expression", "by", "let", "denominator", "numerator"),
    [
        (r"a^\top x", "x", r"a, x \in \mathbb{R}^n", "a", r"a^\top"),
        (r"A x", "x", r"A \in \mathbb{R}^{m \times n}; x \in \mathbb{R}^n", r"A^\top", "A"),
        (
            r"\|A x - b\|^2",
            "x",
            r"A \in \mathbb{R}^{m \times n}; x \in \mathbb{R}^n; b \in \mathbb{R}^m",
            r"2 A^\top (A x - b)",
            r"2 (A x - b)^\top A",
        ),
        (r"\tanh(x)", "x", r"x \in \mathbb{R}^n", *[r"\operatorname{diag}(1 - \tanh(x) \odot \tanh(x))"] * 2),
        (
            r"\tanh(A x)",
            "x",
            r"A \in \mathbb{R}^{m \times n}; x \in \mathbb{R}^n",
            r"A^\top \operatorname{diag}(1 - \tanh(A x) \odot \tanh(A x))",
            r"\operatorname{diag}(1 - \tanh(A x) \odot \tanh(A x)) A",
        ),
        (r"\operatorname{tr}(A X)", "X", r"A, X \in \mathbb{R}^{n \times n}", r"A^\top", r"A^\top"),
    ],
)
def test_layouts(expression, by, let, denominator, numerator):
    for layout, expected in (("denominator", denominator), ("numerator", numerator)):
        found = checker.derive(expression, by, let=let, layout=layout)
        assert (found.result[1], found.proved, found.layout) == (expected, True, layout)


@pytest.mark.parametrize(
    ("expression", "by", "let", "left", "right"),
    [
        (
            r"x^\top A x",
            ("x", "x"),
            r"A \in \mathbb{R}^{n \times n}; x \in \mathbb{R}^n",
            r"\frac{\partial^2 L}{\partial x \, \partial x^\top}",
            r"A + A^\top",
        ),
        (
            r"\frac12 \|X w - y\|^2",
            ("w", "w"),
            r"X \in \mathbb{R}^{n \times d}; w \in \mathbb{R}^d; y \in \mathbb{R}^n",
            r"\frac{\partial^2 L}{\partial w \, \partial w^\top}",
            r"X^\top X",
        ),
        (
            r"x^\top A y",
            ("x", "y"),
            r"A \in \mathbb{R}^{m \times n}; x \in \mathbb{R}^m; y \in \mathbb{R}^n",
            r"\frac{\partial^2 L}{\partial x \, \partial y^\top}",
            "A",
        ),
        (
            r"\sum_{i=1}^n e^{x_i}",
            ("x", "x"),
            r"x \in \mathbb{R}^n",
            r"\frac{\partial^2 L}{\partial x \, \partial x^\top}",
            r"\operatorname{diag}(\exp(x))",
        ),
        (
            r"\log \sum_{i=1}^n e^{x_i}",
            ("x", "x"),
            r"x \in \mathbb{R}^n",
            r"\frac{\partial^2 L}{\partial x \, \partial x^\top}",
            r"\operatorname{diag}(\operatorname{softmax}(x)) - \operatorname{softmax}(x) \operatorname{softmax}(x)^\top",
        ),
        ("a x^3", ("x", "x"), r"a, x \in \mathbb{R}", r"\frac{\partial^2 L}{\partial x^2}", "6 a x"),
        (
            r"\operatorname{tr}(X^\top A X)",
            ("X", "X"),
            r"A \in \mathbb{R}^{n \times n}; X \in \mathbb{R}^{n \times m}",
            r"\frac{\partial^2 L}{\partial X_{kl} \partial X_{uv}}",
            r"\delta_{lv} A_{ku} + \delta_{lv} A_{uk}",
        ),
    ],
)
def test_second_derivatives(expression, by, let, left, right):
    found = checker.derive(expression, by, let=let)
    assert found.result == (left, right)
    assert found.proved


def test_a_logistic_hessian_keeps_the_name():
    let = r"X \in \mathbb{R}^{n \times d}; w \in \mathbb{R}^d; y \in \mathbb{R}^n; p = \operatorname{sigmoid}(X w)"
    loss = r"-\sum_{i=1}^n (y_i \log p_i + (1 - y_i) \log(1 - p_i))"
    found = checker.derive(loss, ("w", "w"), let=let)
    assert found.result[1] == r"X^\top \operatorname{diag}(p \odot (1 - p)) X"
    assert found.proved


def test_the_steps_are_those_of_a_hand_derivation():
    found = derived("two-layer")
    assert [step.head for step in found.steps] == [
        r"\frac{\partial L}{\partial o_k}",
        r"\frac{\partial L}{\partial h_k}",
        r"\frac{\partial L}{\partial z_k}",
        r"\frac{\partial L}{\partial W_{kl}}",
        r"\frac{\partial L}{\partial W}",
    ]
    assert found.steps[1].lines == (
        r"\sum_{i=1}^{n} \frac{\partial L}{\partial o_i} \frac{\partial o_i}{\partial h_k}",
        r"\sum_{i=1}^{n} \frac{\partial L}{\partial o_i} \sum_{j=1}^{q} V_{ij} \delta_{jk}",
        r"\sum_{i=1}^{n} \frac{\partial L}{\partial o_i} V_{ik}",
        r"\sum_{i=1}^{n} V_{ik} (o_i - y_i)",
        r"(V^\top (o - y))_k",
    )


def test_a_skip_connection_adds_both_ways():
    let = r"x, y \in \mathbb{R}^n; W, V \in \mathbb{R}^{n \times n}; h = x + \tanh(W x); o = h + V h"
    found = checker.derive(r"\frac12 \|o - y\|^2", "x", let=let)
    assert found.proved
    assert found.unproved == ()


def test_the_same_answer_every_time():
    assert text(derived("attention-queries")) == text(derived("attention-queries"))


def test_every_line_has_its_reason():
    for step in derived("two-layer").steps:
        assert len(step.lines) == len(step.reasons)
        assert re.fullmatch(r"[^.]+: .+\.", step.why)
