"""Sentences that declare: what the symbol table holds afterwards, and what is refused."""

import pytest

from checker.calculus.context import Context, Property
from tests.language.readings import faults, messages, only, reading, statements, terms


def context(text: str) -> Context:
    """What is known after a text."""
    return only(f"{text}\n\n$$ 0 = 0 $$").context


def slots(text: str) -> dict[str, list[str]]:
    variables = context(text).variables
    return {n: [f"{r.lower}..{r.upper}" for r in v.slots] for n, v in variables.items()}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let $X \\in \\mathbb{R}^{m \\times n}$.", {"X": ["1..m", "1..n"]}),
        ("Let $A, B \\in \\mathbb{R}^{n \\times n}$.", {"A": ["1..n", "1..n"], "B": ["1..n", "1..n"]}),
        ("Let $u$ and $v \\in \\mathbb{R}^{784}$.", {"u": ["1..784"], "v": ["1..784"]}),
        ("Let $x \\in \\mathbb{R}^{2L}$.", {"x": ["1..2*L"]}),
        ("Let $X \\in \\mathbb{R}^{N \\times C \\times (T+K-1)}$.", {"X": ["1..N", "1..C", "1..K + T - 1"]}),
        ("Let $A$ be an $m \\times n$ matrix.", {"A": ["1..m", "1..n"]}),
        ("Let $x$ be a vector in $\\mathbb{R}^n$.", {"x": ["1..n"]}),
        ("Let $x$ be a vector of length $n$.", {"x": ["1..n"]}),
        (
            "Let $W_z \\in \\mathbb{R}^{n \\times m}$ and $b_z \\in \\mathbb{R}^{n}$.",
            {"W_z": ["1..n", "1..m"], "b_z": ["1..n"]},
        ),
        ("Let $w_{13} \\in \\mathbb{R}$ and $t \\in \\mathbb{R}$.", {}),
        ("Let $x^{(1)} \\in \\mathbb{R}^{d}$.", {"x^{(1)}": ["1..d"]}),
        ("Let $x_t \\in \\mathbb{R}^{d}$ for $t = 1, \\dots, T$.", {"x": ["1..T", "1..d"]}),
        ("Let $x_i \\in \\mathbb{R}$ for $i = 1, \\dots, n$.", {"x": ["1..n"]}),
        ("Let $u_t$ be a sequence over all integers $t$.", {"u": ["-oo..oo"]}),
        (
            "Let $k = 1, \\dots, K$ number the channels, and let $w_t^{(k)}$ be a sequence over all integers $t$.",
            {"w": ["1..K", "-oo..oo"]},
        ),
        (
            "Let $W^{(k)} \\in \\mathbb{R}^{n_k \\times n_{k-1}}$ for $k = 1, \\dots, L$.",
            {"n": ["0..L"], "W": ["1..L", "1..n[k]", "1..n[k - 1]"]},
        ),
        (
            "Let $w^l \\in \\mathbb{R}^{n_l}$ for $l = 1, \\dots, L$.",
            {"n": ["1..L"], "w": ["1..L", "1..n[l]"]},
        ),
        ("Let $y_i \\in \\{1, \\dots, K\\}$ for $i = 1, \\dots, N$.", {"y": ["1..N"]}),
        ("Let $e(y) \\in \\mathbb{R}^{K}$.", {"e(y)": ["1..K"]}),
        ("<!-- checker: let X \\in \\mathbb{R}^{m \\times n} -->", {"X": ["1..m", "1..n"]}),
    ],
)
def test_shapes(text, expected):
    assert slots(text) == expected


def test_a_word_that_is_no_declaration_is_passed_over():
    text = "Let $E \\in \\mathbb{R}^{N \\times V}$ hold one token per row, let $W \\in \\mathbb{R}^{V \\times d}$ be the table."
    assert faults(text) == []
    assert sorted(slots(text)) == ["E", "W"]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (
            "Let $A \\in \\mathbb{R}^{m \\times n}$, $x \\in \\mathbb{R}^n$ and $y = A x$.",
            "y",
            ["y[j]", "Sum(A[j, i]*x[i], (i, 1, n))"],
        ),
        ("Let $x \\in \\mathbb{R}^n$ and $y_i = 2 x_i$.", "y", ["y[i]", "2*x[i]"]),
        ("Let $x \\in \\mathbb{R}^n$ and $d_i = x_i^2$ for $i = 1, \\dots, n$.", "d", ["d[i]", "x[i]**2"]),
        ("Let $x_1 \\in \\mathbb{R}$, $w_{13} \\in \\mathbb{R}$ and $z_3 = x_1 w_{13}$.", "z_3", ["z_3", "w_{13}*x_1"]),
        ("Let $\\sigma(u) = \\frac{1}{1 + e^{-u}}$.", "\\sigma", ["\\sigma(u)", "1/(1 + exp(-u))"]),
        ("Let $y \\in \\mathbb{R}^K$ and $e(y)_c = y_c$.", "e(y)", ["e(y)[c]", "y[c]"]),
        (
            "Let $h_t \\in \\mathbb{R}$ for $t = 0, \\dots, T$. Let $h_{t+1} = 2 h_t$ for $t = 0, \\dots, T - 1$.",
            "h",
            ["h[t]", "2*h[t - 1]"],
        ),
    ],
)
def test_definitions(text, name, expected):
    (definition,) = statements(text, "definition")
    assert definition.defined == name
    assert terms(definition) == expected
    assert definition.fault is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Let $W \\in \\mathbb{R}^{K \\times 784}$, $x \\in \\mathbb{R}^{784}$ and $z = W^\\top x$.", "wrong/shape"),
        ("Let $x \\in \\mathbb{R}^n$, $y \\in \\mathbb{R}^m$ and $y = 2 x$.", "wrong/shape"),
        ("Let $A \\in \\mathbb{R}^{m \\times n}$ and $c_i = A_{ij}$.", "wrong/index"),
        ("Let $v = v^2$.", "unreadable/unknown-symbol"),
        ("Let $r = s + 1$ and $s = r - 1$.", "unreadable/unknown-symbol"),
        ("Let $x \\in \\mathbb{R}^n$ and $x \\in \\mathbb{R}^m$.", "unreadable/syntax"),
        ("Let $y = 1$ and $y = 2$.", "unreadable/syntax"),
        ("Let $\\sigma(u) = u$ and $\\sigma(u) = 2 u$.", "unreadable/syntax"),
        ("Let $X \\in \\mathcal{X}$.", "undecided/outside"),
        ("Let $m \\in \\mathbb{R}$ and $x \\in \\mathbb{R}^m$.", "unreadable/ambiguous-shape"),
        ("Let $A \\in \\mathbb{R}^{m \\times n}$. Assume $A$ is symmetric.", "wrong/shape"),
    ],
)
def test_what_is_refused(text, reason):
    assert faults(text) == [reason]


def test_a_recursion_in_time_is_no_circle():
    text = (
        "Let $W \\in \\mathbb{R}^{n \\times n}$, $U \\in \\mathbb{R}^{n \\times d}$ and $x_t \\in \\mathbb{R}^{d}$ for $t = 1, \\dots, T$. "
        "Let $h_t = \\tanh(W h_{t-1} + U x_t)$ for $t = 1, \\dots, T$."
    )
    assert faults(text) == []
    assert slots(text)["h"] == ["0..T", "1..n"]


def test_layers_that_define_each_other_in_turn_are_no_circle():
    text = (
        "Let $W^{(k)} \\in \\mathbb{R}^{n \\times n}$ for $k = 1, \\dots, L$, and let $a_k \\in \\mathbb{R}^{n}$ for $k = 0, \\dots, L$. "
        "Let $d^{(k)} = W^{(k)} a_{k-1}$ for $k = 1, \\dots, L$. Let $a_k = h(d^{(k)})$ for $k = 1, \\dots, L$, "
        "where $h$ is applied elementwise."
    )
    assert faults(text) == []
    assert faults(text.replace("a_{k-1}$", "a_{k}$")) == ["unreadable/unknown-symbol"]


def test_a_definition_of_part_of_a_label_has_a_condition():
    text = (
        "Let $a_k \\in \\mathbb{R}^{n}$ and $d_k \\in \\mathbb{R}^{n}$ for $k = 0, \\dots, L$. "
        "Let $a_k = 2 d_k$ for $k = 1, \\dots, L$. Let $a_0 = d_0$."
    )
    first, second = context(text).definitions["a"]
    assert (str(first.pattern), str(first.condition)) == ("(k, i)", "k >= 1")
    assert str(second.pattern) == "(0, i)"


def test_a_letter_with_few_values_makes_several_names():
    text = (
        "Let $z^{(1)} \\in \\mathbb{R}^{3}$ and $z^{(2)} \\in \\mathbb{R}^{4}$. Let $E$ be a scalar function of $z^{(1)}$ and $z^{(2)}$. "
        "Let $\\delta_j^{(r)} = \\frac{\\partial E}{\\partial z_j^{(r)}}$ for $r = 1, 2$."
    )
    assert faults(text) == []
    assert slots(text)["\\delta^{(2)}"] == ["1..4"]


# ------------------------------------------------------------------------------------------- words


def test_unknown_functions():
    known = context(
        "Let $A \\in \\mathbb{R}^{m}$ and $b \\in \\mathbb{R}^{n}$. Let $E$ be a scalar function of $A$ and $b$."
    )
    assert known.depends == {"E": ("A", "b")}
    several = context(
        "Let $Q, R \\in \\mathbb{R}^n$. Let $M$ be a scalar function of $Q$, let $N$ be a scalar function of $R$."
    )
    assert several.depends == {"M": ("Q",), "N": ("R",)}


@pytest.mark.parametrize(
    "said",
    [
        "Let $y$ be a function of $u$ and $u$ a function of $x$.",
        "Let $y$ be a function of $u$, $u$ a function of $x$.",
        "Let $y$ be a function of $u$ and $u$ of $x$.",
        "Let $y$ be a function of $u$ and let $u$ be a function of $x$.",
    ],
)
def test_functions_of_functions_in_one_sentence(said):
    assert context(said).depends == {"y": ("u",), "u": ("x",)}


def test_a_function_of_one_layer_depends_on_that_layer_only():
    known = context(
        "Let $L \\ge 1$ be an integer. Let $x^{(r)} \\in \\mathbb{R}^n$ for $r = 0, \\dots, L$. Let $F$ be a scalar function of $x^{(L)}$."
    )
    assert known.depends == {"F": ("x^{(L)}",)}
    (definition,) = known.definitions["x^{(L)}"]
    assert str(definition.body) == "x[L, i]"


def test_elementwise_functions_are_unknown_unless_they_have_a_meaning():
    assert context("Here $\\varphi$ is applied elementwise.").functions == {}
    assert list(context("Here $\\operatorname{sigmoid}$ is applied elementwise.").functions) == ["sigmoid"]
    assert terms(only("Here $\\varphi$ is applied elementwise.\n\n$$ 0 = \\varphi(t) $$"))[1] == "\\varphi(t)"


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        ("Assume $x_i > 0$.", "x[i] > 0"),
        ("Assume $x_i \\ne 0$ for all $i$.", "Ne(x[i], 0)"),
        ("Assume $x > 0$.", "x[i] > 0"),
        ("Suppose $t < -1$.", "t < -1"),
        ("Assume $\\|x\\| > 0$.", "sqrt(Sum(x[i]**2, (i, 1, n))) > 0"),
        ("Assume $x \\ne y$.", "Ne(Sum((x[i] - y[i])**2, (i, 1, n)), 0)"),
        ("Assume $n \\ge 2$.", "n >= 2"),
    ],
)
def test_relations_that_are_assumed(sentence, relation):
    known = context(f"Let $x, y \\in \\mathbb{{R}}^n$ and $t \\in \\mathbb{{R}}$. {sentence}")
    assert [str(h.relation) for h in known.hypotheses] == [relation]


def test_chains_and_equations_that_are_assumed():
    known = context("Let $p, t \\in \\mathbb{R}^n$. Assume $0 < p_i < 1$ and $\\sum_j t_j = 1$.")
    assert [str(h.relation) for h in known.hypotheses[:2]] == ["0 < p[i]", "p[i] < 1"]
    assert str(known.hypotheses[2].equation) == "(Sum(t[j], (j, 1, n)), 1)"


@pytest.mark.parametrize(
    ("sentence", "properties"),
    [
        ("Assume $A$ is symmetric.", [Property.SYMMETRIC]),
        ("Assume $A$ is symmetric and positive definite.", [Property.SYMMETRIC, Property.POSITIVE_DEFINITE]),
        ("Assume $A = A^\\top$.", [Property.SYMMETRIC]),
        ("Assume $A^\\top = -A$.", [Property.ANTISYMMETRIC]),
        ("Assume $A^\\top A = I$.", [Property.ORTHOGONAL]),
        ("Assume $A^\\top A$ is invertible.", [Property.INVERTIBLE]),
        ("Assume $A$ is lower triangular, $A$ is invertible.", [Property.LOWER_TRIANGULAR, Property.INVERTIBLE]),
        ("Assume $t_i > 0$ and $t$ is one-hot.", [Property.ONE_HOT]),
    ],
)
def test_properties_that_are_assumed(sentence, properties):
    known = context(f"Let $A \\in \\mathbb{{R}}^{{n \\times n}}$ and $t \\in \\mathbb{{R}}^n$. {sentence}")
    assert [h.property for h in known.hypotheses if h.property is not None] == properties


def test_integers():
    assert terms(
        only(
            "Let $X \\in \\mathbb{R}^{n \\times n}$. Let $k \\ge 1$ be an integer.\n\n$$ 0 = \\operatorname{tr}(X^k) $$"
        )
    )[1] == ("Sum(MatrixPower(i, j, n, X[i, j], k, l, l), (l, 1, n))")
    claim = only(
        "Let $a \\in \\mathbb{R}^K$. Let $y$ be an integer with $1 \\le y \\le K$.\n\n$$ a_y = \\sum_c \\mathbb{1}(y = c) a_c $$"
    )
    assert terms(claim) == ["a[y]", "Sum(KroneckerDelta(c, y)*a[c], (c, 1, K))"]
    assert {str(k): str(v.upper) for k, v in claim.indices.items()} == {"y": "K"}


def test_class_indices_of_samples():
    text = "Let $P \\in \\mathbb{R}^{N \\times K}$. Let $y_i$ be an integer with $1 \\le y_i \\le K$ for $i = 1, \\dots, N$."
    assert terms(only(f"{text}\n\n$$ 0 = \\sum_i P_{{i,y_i}} $$"))[1] == "Sum(P[i, y[i]], (i, 1, N))"
    assert context(text).variables["y"].integer


# ------------------------------------------------------------------------------------------- scope


def test_declaring_anew_under_a_later_heading_drops_what_was_said():
    text = (
        "# One\n\nLet $x \\in \\mathbb{R}^n$ and $f = x^\\top x$. Assume $x_i > 0$.\n\n"
        "# Two\n\nLet $x \\in \\mathbb{R}^m$.\n\n$$ 0 = f $$"
    )
    claim = only(text)
    assert claim.context.hypotheses == ()
    assert terms(claim)[1] == "unreadable/unknown-symbol"
    assert "declared anew" in messages(text)


def test_what_does_not_mention_the_name_stays():
    text = "# One\n\nLet $x \\in \\mathbb{R}^n$ and $y \\in \\mathbb{R}^n$. Assume $y_i > 0$.\n\n# Two\n\nLet $x \\in \\mathbb{R}^m$.\n\n$$ 0 = y_i $$"
    assert len(only(text).context.hypotheses) == 1


def test_a_definition_replaced_under_a_later_heading():
    text = "# One\n\nLet $v \\in \\mathbb{R}$ and $w = 2 v$. Let $z = w^2$.\n\n# Two\n\nLet $w = 3 v$. Let $z = w$.\n\n$$ 0 = z $$"
    assert faults(text) == []
    assert str(only(text).context.definitions["z"][0].body) == "w"


@pytest.mark.parametrize(
    ("sentence", "layout"),
    [
        ("Derivatives by a vector are rows (numerator layout).", "numerator"),
        ("We use the denominator layout.", "denominator"),
        ("We use rows.", None),
        ("<!-- checker: layout numerator -->", "numerator"),
    ],
)
def test_the_layout_is_declared_in_words(sentence, layout):
    assert reading(f"{sentence}\n\nLet $x \\in \\mathbb{{R}}^n$.").layout == layout
