"""Documents made for measuring: of any length, and of any size of matrices."""

from __future__ import annotations

from collections.abc import Iterator

OPENING = r"""# Generated

Let $D \in \mathbb{R}^{m \times n}$, $W \in \mathbb{R}^{n \times p}$ and $x \in \mathbb{R}^{n}$.
"""

TEMPLATES = (
    r"\frac{\partial}{\partial x_j} \sum_{i=1}^{n} @ x_i^2 = 2 \cdot @ x_j",
    r"\sum_{q=1}^{n} @ D_{iq} \delta_{qk} = @ D_{ik}",
    r"\frac{\partial}{\partial W_{kl}} \sum_{q=1}^{n} @ D_{iq} W_{qj} = @ D_{ik} \delta_{jl}",
    r"(@ D W)^\top = @ W^\top D^\top",
)

NETWORK = r"""# A network of given sizes

Let $x \in \mathbb{R}^{<in>}$, $V \in \mathbb{R}^{<in> \times <hidden>}$, $b \in \mathbb{R}^{<hidden>}$,
$W \in \mathbb{R}^{<hidden> \times <out>}$ and $y \in \mathbb{R}^{<out>}$.
Let $\varphi$ be applied elementwise.
Let $z = V^\top x + b$, $h = \varphi(z)$, $o = W^\top h$ and $L = \frac{1}{2} \sum_{k=1}^{<out>} (o_k - y_k)^2$.

$$ \frac{\partial L}{\partial o} = o - y $$

$$
\frac{\partial L}{\partial W_{ij}}
= \sum_{k=1}^{<out>} \frac{\partial L}{\partial o_k} \frac{\partial o_k}{\partial W_{ij}}
= h_i (o_j - y_j)
$$

$$ \frac{\partial L}{\partial W} = h (o - y)^\top $$

$$ \frac{\partial L}{\partial h} = W (o - y) $$

$$ \frac{\partial L}{\partial z} = W (o - y) \odot \varphi'(z) $$

$$ \frac{\partial L}{\partial V} = x (W (o - y) \odot \varphi'(z))^\top $$

$$ \frac{\partial L}{\partial b_i} = \varphi'(z_i) \sum_{k=1}^{<out>} W_{ik} (o_k - y_k) $$

$$ \frac{\partial L}{\partial b_i} = \varphi'(z_i) \sum_{k=1}^{<out>} W_{ik} (y_k - o_k) $$
"""


def long_document(claims: int) -> str:
    """So many claims; every fifth is about a name that was defined for it."""
    return OPENING + "".join(statements(claims))


def statements(claims: int) -> Iterator[str]:
    for number in range(1, claims + 1):
        if number % 5 == 0:
            yield f"\nLet $u^{{({number})}} = {number} D x$.\n"
            yield f"\n$$ u_i^{{({number})}} = {number} \\sum_{{j=1}}^{{n}} x_j D_{{ij}} $$\n"
        else:
            yield f"\n$$ {TEMPLATES[number % 5 - 1].replace('@', str(number))} $$\n"


def network(inside: str, hidden: str, outside: str) -> str:
    return NETWORK.replace("<in>", inside).replace("<hidden>", hidden).replace("<out>", outside)


# ---------------------------------------------------------------------------------- deep networks

LAYER = r"""
Let $W^{(<k>)} \in \mathbb{R}^{n_{<k>} \times n_{<before>}}$ and $b^{(<k>)} \in \mathbb{R}^{n_{<k>}}$.
Define $z^{(<k>)} = W^{(<k>)} a^{(<before>)} + b^{(<k>)}$ and $a^{(<k>)} = \varphi(z^{(<k>)})$.
"""

LAYERS = r"""# Layers, each defined on its own

Let $a^{(0)} \in \mathbb{R}^{n_0}$ and $t \in \mathbb{R}^{n_{<last>}}$. Let $\varphi$ be applied elementwise.
<layers>
Define $E = \frac{1}{2} \sum_{i=1}^{n_{<last>}} (a_i^{(<last>)} - t_i)^2$.

$$
\frac{\partial E}{\partial W^{(1)}}
= \left( \varphi'(z^{(1)}) \odot (W^{(2)})^\top \frac{\partial E}{\partial z^{(2)}} \right) (a^{(0)})^\top
$$

$$
\frac{\partial E}{\partial W^{(1)}}
= \left( (W^{(2)})^\top \frac{\partial E}{\partial z^{(2)}} \right) (a^{(0)})^\top
$$
"""


def layers(number: int) -> str:
    """A network of so many layers, and the derivative by the first layer's weights: once right, once wrong."""
    written = (LAYER.replace("<k>", str(k)).replace("<before>", str(k - 1)) for k in range(1, number + 1))
    return LAYERS.replace("<layers>", "".join(written)).replace("<last>", str(number))


ATTENTION = r"""# Scaled and masked attention, backwards

Let $Q \in \mathbb{R}^{m \times d}$, $K \in \mathbb{R}^{n \times d}$, $V \in \mathbb{R}^{n \times p}$
and $M \in \mathbb{R}^{m \times n}$.
Let $A = \frac{1}{\sqrt{d}} Q K^\top + M$,
let $P_{ij} = \frac{e^{A_{ij}}}{\sum_{l=1}^{n} e^{A_{il}}}$ and let $O = P V$.
Let $F$ be a scalar function of $O$, and let $G = \frac{\partial F}{\partial O}$.
Let $D = G V^\top$ and $S_{ij} = P_{ij} \left( D_{ij} - \sum_{k=1}^{n} P_{ik} D_{ik} \right)$.

$$ \frac{\partial F}{\partial V} = P^\top G $$

$$ \frac{\partial F}{\partial P} = G V^\top $$

$$ \frac{\partial F}{\partial A} = S $$

$$ \frac{\partial F}{\partial Q} = \frac{1}{\sqrt{d}} S K $$

$$ \frac{\partial F}{\partial K} = \frac{1}{\sqrt{d}} S^\top Q $$
"""
