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
