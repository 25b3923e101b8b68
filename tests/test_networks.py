"""The network that definitions make: what is in it, the local derivatives, the numbers."""

from fractions import Fraction

import pytest

from checker.check import Settings, check_text

TIED = r"""
Let $x \in \mathbb{R}$, $w \in \mathbb{R}$, $t \in \mathbb{R}$. Let $z = x w$, $y = z^2$ and $l = \frac{1}{2}(y - t)^2$.

$$\frac{\partial l}{\partial w} = (y - t) \cdot 2 z x$$
"""
LAYER = r"""
Let $W \in \mathbb{R}^{n \times m}$, $x \in \mathbb{R}^m$ and $b \in \mathbb{R}^n$. Let $z = W x + b$, $a = \phi(z)$ where $\phi$ is applied elementwise, and $L = \sum_i a_i^2$.

$$\frac{\partial L}{\partial b_i} = 2 a_i \phi'(z_i)$$
"""


def networks(text):
    return check_text(text, "x.md", Settings(networks=True)).networks


def named(network):
    return {q.latex: q for q in network.quantities}


def links(network):
    names = [q.latex for q in network.quantities]
    return {(names[link.source], names[link.target]): link.derivative for link in network.links}


def test_only_when_asked_for():
    assert check_text(TIED, "x.md").networks == ()


def test_scalars():
    (network,) = networks(TIED)
    assert {n: q.role for n, q in named(network).items()} == {
        "x": "input", "w": "parameter", "t": "input", "z": "quantity", "y": "quantity", "l": "result",
    }  # fmt: skip
    assert links(network) == {
        ("x", "z"): "w", ("w", "z"): "x", ("z", "y"): "2 z", ("y", "l"): "-t + y", ("t", "l"): "t - y",
    }  # fmt: skip


def test_the_forward_pass_and_the_gradients_agree_with_the_definitions():
    found = named(networks(TIED)[0])
    value = {n: Fraction(q.value) for n, q in found.items()}
    assert value["z"] == value["x"] * value["w"]
    assert value["y"] == value["z"] ** 2
    assert value["l"] == (value["y"] - value["t"]) ** 2 / 2
    assert Fraction(found["w"].gradient) == (value["y"] - value["t"]) * 2 * value["z"] * value["x"]
    assert Fraction(found["t"].gradient) == value["t"] - value["y"]


def test_tensors():
    (network,) = networks(LAYER)
    found = named(network)
    assert found["W"].shape == ("n", "m")
    assert len(found["W"].value) == network.sizes["n"]
    assert len(found["W"].value[0]) == network.sizes["m"]
    assert found["L"].role == "result"
    assert found["b"].role == "parameter"
    assert links(network)["x", "z"].startswith("W_")
    assert links(network)["a", "L"].startswith("2 a_")
    assert "\\phi" in network.functions
    z = [
        sum(float(Fraction(w)) * float(Fraction(x)) for w, x in zip(row, found["x"].value, strict=True))
        for row in found["W"].value
    ]
    for got, row, b in zip(found["z"].value, z, found["b"].value, strict=True):
        assert float(Fraction(got)) == pytest.approx(row + float(Fraction(b)), rel=1e-3)


def test_the_same_again():
    assert networks(LAYER) == networks(LAYER)


@pytest.mark.parametrize(
    "text",
    [
        "$$x = x$$",
        "Let $x \\in \\mathbb{R}$. Let $y = 2 x$.\n\n$$y = 2 x$$",
        "",
        "Let $x \\in$",
    ],
)
def test_too_little_to_draw(text):
    assert networks(text) == ()


def test_gradients_by_name_are_no_part_of_the_computation():
    text = TIED + "\nDefine $\\delta = \\frac{\\partial l}{\\partial z}$.\n\n$$\\delta = (y - t) \\cdot 2 z$$"
    assert "\\delta" not in named(networks(text)[0])


def test_an_unknown_function_of_a_quantity():
    text = r"""
Let $D \in \mathbb{R}^{m \times n}$, $W \in \mathbb{R}^{n \times p}$. Let $A = D W$, and let $E$ be a scalar function of $A$.

$$\frac{\partial E}{\partial W} = D^\top \frac{\partial E}{\partial A}$$
"""
    (network,) = networks(text)
    assert ("A", "E") in links(network)
    assert named(network)["E"].role == "result"


def test_redeclared_names_make_a_second_network():
    text = (
        "# A\n" + TIED + "\n# B\n\nLet $v \\in \\mathbb{R}$ and $w = v^2$." + TIED.replace("$w \\in \\mathbb{R}$, ", "")
    )
    found = networks(text)
    assert len(found) == 2
    assert ("v", "w") in links(found[1])


def test_a_layer_of_many_is_drawn_once_and_without_numbers():
    text = r"""
Let $W^{(k)} \in \mathbb{R}^{n \times n}$, $d^{(k)} \in \mathbb{R}^n$ and $a^{(k)} \in \mathbb{R}^n$ for $k = 1, \dots, L$. Let $d^{(k)} = W^{(k)} a^{(k-1)}$ and $a^{(k)} = h(d^{(k)})$ where $h$ is applied elementwise.

$$d^{(k)}_i = \sum_j W^{(k)}_{ij} a^{(k-1)}_j$$
"""
    (network,) = networks(text)
    assert ("a^{(k-1)}", "d^{(k)}") in links(network)
    assert all(q.value is None for q in network.quantities)
