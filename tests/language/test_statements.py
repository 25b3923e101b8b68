"""Chains as statements: claims, definitions, updates, what is not judged; layouts; inferred shapes."""

import pytest

from tests.language.readings import faults, messages, only, ranges, reading, statements, terms

VECTORS = "Let $x, y \\in \\mathbb{R}^n$, $z \\in \\mathbb{R}^m$ and $t \\in \\mathbb{R}$.\n\n"


def kinds(text: str) -> list[str]:
    return [s.kind for s in reading(f"{VECTORS}{text}").statements if s.kind not in ("declaration",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$$ s = x^\\top y $$", ["definition"]),
        ("$$ s = x^\\top y $$\n\n$$ s = y^\\top x $$", ["definition", "claim"]),
        ("$$ x^\\top y = y^\\top x $$", ["claim"]),
        ("$$ q_i = x_i + y_i $$", ["definition"]),
        ("$$ x_i = \\sum_j \\delta_{ij} x_j $$", ["claim"]),
        ("$$ x_1 = 0 $$", ["claim"]),
        ("Let $\\varphi$ be applied elementwise.\n\n$$ \\varphi(x)_i = \\varphi(x_i) $$", ["claim"]),
        ("$$ t' = 3 $$", ["claim"]),
        ("$$ g(u) = u^2 $$", ["definition"]),
        ("$$ t = t - 0.1 y_1 $$", ["update"]),
        ("$$ t \\leftarrow t + 1 $$", ["update"]),
        ("$$ s = 1 $$\n\n$$ s := 2 $$", ["definition", "update"]),
        ("$$ t \\approx 3 $$", ["skipped"]),
        ("$$ t \\le 3 $$", ["skipped"]),
        ("$$ t \\propto x_1 $$", ["skipped"]),
        ("$$ s = 0.5 (0.75 - 0.01)^2 = 0.274 $$", ["skipped"]),
        ("$$ x^\\top y = y^\\top x \\le 3 $$", ["claim"]),
        ("Assume $t > 0$.", ["hypothesis"]),
        ("Let $s = 2 t$.", ["definition"]),
        ("$$ s = x^\\top y, \\qquad r = s^2 $$", ["definition", "definition"]),
    ],
)
def test_kinds(text, expected):
    assert kinds(text) == expected


def test_a_chain_goes_on_in_the_next_block():
    claim = only(f"{VECTORS}$$ x^\\top y $$\n\n$$ = y^\\top x $$\n\n$$ = \\sum_i x_i y_i $$")
    assert len(claim.sides) == 3
    assert all(not t.startswith("un") for t in terms(claim))


def test_what_is_left_out_of_a_chain_is_said():
    claim = only(f"{VECTORS}$$ x^\\top y = y^\\top x \\le 3 $$")
    assert "inequality" in str(claim.message)
    assert len(claim.sides) == 2


def test_the_first_line_of_a_chain_defines_and_the_others_claim():
    claim = only(f"{VECTORS}$$ s = x^\\top y = y^\\top x $$")
    assert [side.definition for side in claim.sides] == [False, True, False]
    assert claim.defined == "s"


def test_ids_and_expectations():
    text = f"{VECTORS}$$ x^\\top y = y^\\top x $$\n<!-- id: one -->\n<!-- expect: proved -->\n"
    claim = only(text)
    assert (claim.id, claim.expectations) == ("one", (("proved", None),))
    blocks = statements(f"{VECTORS}$$ t x_i = x_i t, \\qquad t y_i = y_i t $$")
    assert [s.id for s in blocks] == ["text.md:3", "text.md:3.b"]


def test_places_are_in_the_file():
    text = f"{VECTORS}$$ x^\\top y = y^\\top x $$"
    claim = only(text)
    assert [text[side.start : side.end] for side in claim.sides] == ["x^\\top y", "y^\\top x"]


def test_a_fault_costs_only_its_side():
    claim = only(f"{VECTORS}$$ x^\\top y = x^\\top z = y^\\top x $$")
    assert terms(claim) == ["Sum(x[i]*y[i], (i, 1, n))", "wrong/shape", "Sum(x[j]*y[j], (j, 1, n))"]
    bad_index = only(f"{VECTORS}$$ x_i y_i = x_i z_i = y_i x_i $$")
    assert terms(bad_index) == ["x[i]*y[i]", "wrong/index", "x[i]*y[i]"]


def test_a_line_that_misfits_the_head_but_fits_the_line_before_keeps_that_step():
    text = "Derivatives by a vector are rows (numerator layout). Let $x \\in \\mathbb{R}^n$ and $w = x \\odot x$.\n\n"
    claim = only(f"{text}$$ \\frac{{\\partial w}}{{\\partial x}} = 2 x = x + x $$")
    assert terms(claim, "numerator")[1:] == ["wrong/shape", "wrong/shape"]
    step = claim.sides[2].step["numerator"]
    assert (str(step.left), str(step.right)) == ("2*x[p]", "x[p] + x[p]")
    assert claim.sides[1].step == {}


def test_conditions_beside_a_formula():
    claim = only(f"{VECTORS}$$ x_i - x_i = 0 \\quad \\text{{for }} i = 1, \\dots, n $$")
    assert ranges(claim) == {"i": "1..n"}
    narrowed = only(
        "Let $L \\ge 2$ be an integer and $a_k \\in \\mathbb{R}$ for $k = 0, \\dots, L$.\n\n"
        "$$ a_k - a_k = 0 \\quad \\text{for } k < L $$"
    )
    assert ranges(narrowed) == {"k": "0..L - 1"}
    guarded = only(f"{VECTORS}$$ \\delta_{{ij}} x_i y_j = 0 \\quad i \\ne j $$")
    assert "Ne(i, j)" in terms(guarded)[0]


def test_a_letter_bound_and_free_in_one_product_is_read_by_scope_and_noted():
    claim = only(f"{VECTORS}$$ x_i \\sum_i z_i = x_i \\sum_j z_j $$")
    assert terms(claim)[0] == "x[i]*Sum(z[i], (i, 1, m))"
    assert "bound in a sum and free beside it" in str(claim.message)


# ------------------------------------------------------------------------------------------- layouts


def test_a_claim_in_one_layout_only():
    text = "Let $x \\in \\mathbb{R}^n$, $a \\in \\mathbb{R}^n$ and $f = a^\\top x$.\n\n$$ \\frac{\\partial f}{\\partial x} = a $$"
    claim = only(text)
    assert terms(claim) == ["Partial(f, x[i])", "a[i]"]
    assert terms(claim, "numerator")[1] == "wrong/shape"
    row = only(text.replace("= a $$", "= a^\\top $$"))
    assert terms(row)[1] == "wrong/shape"
    assert terms(row, "numerator")[1].startswith("a[")


def test_a_side_without_derivatives_by_vectors_is_the_same_in_both_layouts():
    claim = only(f"{VECTORS}$$ x^\\top y = y^\\top x $$")
    assert terms(claim) == terms(claim, "numerator")


def test_a_name_for_a_gradient_is_a_column_in_one_layout_and_a_row_in_the_other():
    text = (
        "Let $A \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^n$ and $y = A x$. Let $J$ be a scalar function of $y$, "
        "and let $g = \\frac{\\partial J}{\\partial y}$.\n\n"
    )
    column = only(f"{text}$$ \\frac{{\\partial J}}{{\\partial x}} = A^\\top g $$")
    assert terms(column)[1].startswith("Sum(")
    assert terms(column, "numerator")[1] == "wrong/shape"
    row = only(f"{text}$$ \\frac{{\\partial J}}{{\\partial x}} = g A $$")
    assert terms(row)[1] == "wrong/shape"
    assert terms(row, "numerator")[1].startswith("Sum(")


def test_a_name_for_a_jacobian_is_turned_in_the_other_layout():
    text = (
        "Let $A \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^n$ and $y = A x$. Let $J = \\frac{\\partial y}{\\partial x}$.\n\n"
        "$$ J = A $$"
    )
    claim = only(text)
    assert terms(claim)[1] == "wrong/shape"
    head, right = terms(claim, "numerator")
    assert head[2:5].split(", ") == list(reversed(right[2:].strip("[]").split(", "))) or head.startswith("J[")


# ----------------------------------------------------------------------------------------- inference


def inferred(text: str) -> dict[str, tuple[str, ...]]:
    return {s.name: s.shape for s in reading(text).symbols if s.kind in ("tensor", "scalar", "size")}


def test_slots_of_undeclared_names_come_from_indices_and_sums():
    text = "$$ z_i = \\sum_{j=1}^{n} W_{ij} x_j + b_i $$"
    assert faults(text) == []
    found = inferred(text)
    assert found["x"] == ("n",)
    assert found["W"][1] == "n"
    assert found["W"][0] == found["b"][0] == found["z"][0]


def test_a_name_that_nothing_constrains_is_a_number():
    found = inferred("$$ (a + b)^2 = a^2 + 2 a b + b^2 $$")
    assert found == {"a": (), "b": ()}


def test_a_name_takes_the_shape_of_what_it_is_added_to():
    text = "Let $A \\in \\mathbb{R}^{m \\times n}$ and $x \\in \\mathbb{R}^n$.\n\n$$ A x + c = c + A x $$"
    assert faults(text) == []
    assert inferred(text)["c"] == ("m",)


def test_a_later_line_tells_the_shape_for_an_earlier_one():
    text = "Let $x \\in \\mathbb{R}^n$.\n\n$$ W x - W x = 0 $$\n\n$$ \\sum_j W_{ij} x_j = \\sum_k W_{ik} x_k $$"
    assert faults(text) == []
    assert len(inferred(text)["W"]) == 2


def test_products_tell_shapes():
    text = "Let $A \\in \\mathbb{R}^{m \\times n}$ and $y \\in \\mathbb{R}^m$.\n\n$$ y = A u $$"
    assert inferred(text)["u"] == ("n",)


def test_a_transposed_name_whose_shape_nothing_settles_is_an_error_that_says_what_to_write():
    text = "$$ \\frac{1}{u^\\top} = 1 $$"
    assert faults(text) == ["unreadable/ambiguous-shape"]
    assert "Let $u \\in \\mathbb{R}^{n}$" in messages(text)


def test_a_name_with_two_numbers_of_indices_is_an_error():
    assert faults("$$ a_i + a_{ij} = a_{ij} + a_i $$") == ["unreadable/ambiguous-shape"]


def test_letter_pairs_are_names_unless_they_are_indices():
    assert "W_{xh}" in inferred("$$ W_{xh} + 1 = 1 + W_{xh} $$")
    assert "E_{total}" in inferred("$$ E_{total} + 1 = 1 + E_{total} $$") or "E_{\\text{total}}" in inferred(
        "$$ E_{\\text{total}} + 1 = 1 + E_{\\text{total}} $$"
    )
    assert inferred("$$ W_{ij} + 1 = 1 + W_{ij} $$")["W"] != ()


def test_a_layer_superscript_that_nothing_declares_is_not_guessed():
    assert faults("$$ \\frac{\\partial C}{\\partial w^l_{jk}} = a_k \\delta_j $$") == ["unreadable/ambiguous-shape"]


def test_symbols_are_listed():
    text = "Let $X \\in \\mathbb{R}^{m \\times n}$ and $\\sigma(u) = u^2$. Let $k = 1, \\dots, K$.\n\n$$ s = \\operatorname{tr}(X^\\top X) $$"
    found = {s.name: (s.kind, s.shape, s.origin) for s in reading(text).symbols}
    assert found["X"] == ("tensor", ("m", "n"), "declared")
    assert found["m"][0] == "size"
    assert found["k"][0] == "index"
    assert found["s"] == ("scalar", (), "defined")
    assert found["\\sigma"][0] == "function"


def test_reading_twice_gives_the_same():
    text = f"{VECTORS}$$ s = x^\\top y = \\operatorname{{tr}}(y x^\\top) $$"
    assert reading(text) == reading(text)
