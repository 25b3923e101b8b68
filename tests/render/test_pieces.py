"""Wrapped formulas and drawn matrices."""

import pytest

from checker.render.pictures import packed, pictures
from checker.render.wrap import wrap

SOURCES = (
    r"-t \frac{1}{\sigma(Wx)} \frac{\partial \sigma(Wx)}{\partial x} + \sum_{i=1}^{n} x_{i}",
    "x" * 300,
    "x " * 300,
    r"{" * 200,
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    "",
    "∂E/∂W_kl = Σ_ij B_ij D_ik δ_jl",
)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("width", [5, 12, 20, 40, 99])
def test_wrapping_loses_nothing_and_fits(source, width):
    rows = wrap(source, width)
    assert "".join("".join(rows).split()) == "".join(source.split())
    assert all(len(row) <= width for row in rows)


def test_a_row_ends_outside_braces_before_an_operator():
    assert wrap(r"\frac{a}{b} + \frac{c}{d} - \frac{e}{f}", 30) == [r"\frac{a}{b} + \frac{c}{d}", r"- \frac{e}{f}"]


def test_a_command_is_broken_only_if_it_is_wider_than_a_row():
    assert wrap(r"a \operatorname{softmax}(z)", 14) == ["a", r"\operatorname{", "softmax}(z)"]
    assert wrap(r"\operatorname{s}", 8) == [r"\operato", "rname{s}"]


def test_pictures_stand_side_by_side_as_far_as_they_fit():
    values = {"D": [["1", "2"], ["-1/3", "4"]], "x": ["1", "2"], "t": "3"}
    drawn = [p for name, value in values.items() for p in pictures(name, value)]
    assert packed(drawn, 60) == ["D = ⎡   1 2⎤   x = (1, 2)   t = 3", "    ⎣-1/3 4⎦"]
    assert packed(drawn, 14) == ["D = ⎡   1 2⎤", "    ⎣-1/3 4⎦", "x = (1, 2)", "t = 3"]


def test_a_matrix_of_three_rows_has_a_middle():
    assert packed(pictures("A", [["1"], ["20"], ["3"]]), 60) == ["    ⎡ 1⎤", "A = ⎢20⎥", "    ⎣ 3⎦"]


def test_higher_tensors_are_drawn_slice_by_slice():
    assert packed(pictures("w", [[["1", "2"]], [["3", "4"]]]), 60) == ["w[1] = [1 2]   w[2] = [3 4]"]


def test_ragged_and_empty_values_are_said_flat():
    assert packed(pictures("w", [["1", "2"], ["3"]]), 60) == ["w = ((1, 2), (3))"]
    assert packed(pictures("w", []), 60) == ["w = ()"]
    assert packed(pictures("w", {"0": "1"}), 60) == ["w = {0 = 1}"]


def test_a_matrix_that_is_too_wide_stands_below_its_name():
    rows = [["1", "2"], ["3", "4"]]
    assert list(pictures("right, in full", rows, True, 40)) == [["right, in full = ⎡1 2⎤", "                 ⎣3 4⎦"]]
    assert list(pictures("right, in full", rows, True, 20)) == [
        ["right, in full =", "  ⎡1 2⎤         ", "  ⎣3 4⎦         "]
    ]
