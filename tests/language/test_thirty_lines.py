"""Thirty lines as people really write them: each is read rightly, or refused with what to write instead."""

import pytest

from checker.documents.model import Macro
from checker.language.parser import parse
from checker.language.surface import ParseError
from tests.language.shapes import chains

READ = {
    "square brackets call a function, three formulas side by side": (
        r"\frac{\partial \cos[z]}{\partial z} = -\sin[z] \quad\quad \frac{\partial \exp[z]}{\partial z} = \exp[z]"
        r" \quad\quad \frac{\partial \sin[z]}{\partial z} = \cos[z].",
        [
            "∂('cos'(z) ; z) | = <-'sin'(z)>",
            "∂('exp'(z) ; z) | = 'exp'(z)",
            "∂('sin'(z) ; z) | = 'cos'(z)",
        ],
    ),
    "the sum stops at the plus": (
        r"z_i^{(l+1)} = \sum_{j=1}^{s_{l}} W^{(l)}_{ij} a_j^{(l)} + b^{(l)}_i,",
        ["z_{i}^(){<+l +1>} | = <+sum[j = 1 ; s_{l}](<W_{<i · j>}^(){l} · a_{j}^(){l}>) +b_{i}^(){l}>"],
    ),
    "a bare superscript": (
        r"\frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j",
        [r"∂(C ; w_{<j · k>}^{l}) | = <a_{k}^{<+l -1>} · \delta_{j}^{l}>"],
    ),
    "a chain that begins with its relation": (
        r"= -y_i(1-a_i) - \sum_{k\neq i} y_k \frac{1}{a_k}(-a_ka_i)",
        [
            r"– | = <-<y_{i} · (<+1 -a_{i}>)>"
            r" -sum[k \ne i ; –](<y_{k} · (1 / a_{k}) · (<-<a_{k} · a_{i}>>)>)>",
        ],
    ),
    "tanh squared without parentheses": (
        r"& \delta_2 = (1 - \tanh^2z_1) \circ \delta_3W_2^T \\",
        [r"\delta_{2} | = <(<+1 -'tanh'^{2}!(z_{1})>) \circ \delta_{3} · W_{2}^{T}>"],
    ),
    "a derivative by a subscript": (
        r"\partial_{o_j} l(\mathbf{y}, \hat{\mathbf{y}}) = \frac{\exp(o_j)}{\sum_{k=1}^q \exp(o_k)} - y_j"
        r" = \mathrm{softmax}(\mathbf{o})_j - y_j.",
        [
            r"∂→(<l · (y, \hat{y})> ; o_{j}) | = <+('exp'(o_{j}) / sum[k = 1 ; q]('exp'(o_{k}))) -y_{j}>"
            r" | = <+'softmax'(o)_{j} -y_{j}>",
        ],
    ),
    "a full stop as product, exp without backslash": (
        r"= \frac{1}{1 + \exp(-x)}.\frac{exp(-x)}{1 + \exp(-x)}\\",
        ["– | = <(1 / <+1 +'exp'(<-x>)>) . ('exp'(<-x>) / <+1 +'exp'(<-x>)>)>"],
    ),
    "an indicator": (
        r"= \sum\limits_{k,l}\frac{d \mathcal{L}}{d y_{kl}}1\{i=l\}",
        [r"– | = sum[k, l ; –](<d(\mathcal{L} ; y_{<k · l>}) · 1 · {i = l}>)"],
    ),
    "fractional powers and long products": (
        r"&=&\frac{d\mathcal{L}}{dy_{ij}}\gamma_j(\sigma_j^2+\epsilon)^{-1/2}"
        r"-\frac{1}{N}\sum_{k}\frac{d\mathcal{L}}{dy_{kj}}\gamma_j"
        r"\left((h_{kj}-\mu_j)(\sigma_j^2+\epsilon)^{-3/2}\right)\\",
        [
            r"– | = <+<d(\mathcal{L} ; y_{<i · j>}) · \gamma_{j} · (<+\sigma_{j}^{2} +\epsilon>)^{<-<1 / 2>>}>"
            r" -<(1 / N) · sum[k ; –](<d(\mathcal{L} ; y_{<k · j>}) · \gamma_{j}"
            r" · (<(<+h_{<k · j>} -\mu_{j}>) · (<+\sigma_{j}^{2} +\epsilon>)^{<-<3 / 2>>}>)>)>>",
        ],
    ),
    "bracket indices, underbraces, a tag": (
        r"\frac {\partial J^{(t)}} {\partial W_{h[i,j]}^{(k)}} &= \sum_{p=1}^{D_h} \underbrace{\frac {\partial J^{(t)}}"
        r" {\partial h_{[p]}^{(k)}}}_{\gamma_{t[p]}^{(k)}} \times \underbrace{\frac {\partial h_{[p]}^{(k)}}"
        r" {\partial W_{h[i,j]}^{(k)}} }_{\text{See Eq. 5.1}}  \tag{5.0}",
        [
            r"∂(J^(){t} ; W_{<h · [i, j]>}^(){k}) | = sum[p = 1 ; D_{h}]"
            r"(<∂(J^(){t} ; h_{[p]}^(){k}) \times ∂(h_{[p]}^(){k} ; W_{<h · [i, j]>}^(){k})>)",
        ],
    ),
    "a differential under a trace": (
        r"& = & \textrm{Tr}(\overline{C}^{\top} \cdot \textrm{d}C)",
        [r"– | = 'Tr'(<\overline{C}^{\top} \cdot d · C>)"],
    ),
    "a gradient as a name, label and transpose in one superscript": (
        r"dW^{[l]} := \frac{\partial J }{\partial W^{[l]}} = \frac{1}{m} dZ^{[l]} A^{[l-1] T} \tag{4}",
        ["<d · W^[]{l}> | := ∂(J ; W^[]{l}) | = <(1 / m) · d · Z^[]{l} · <A^[]{<+l -1>}>^{T}>"],
    ),
    "label and transpose in parentheses": (
        r"\frac{\partial J}{\partial \mathbf{W}^{(l)}} &=&  \mathbf{A}^{(l-1)}\mathbf{E}^{(l)T}\newline",
        ["∂(J ; W^(){l}) | = <A^(){<+l -1>} · <E^(){l}>^{T}>"],
    ),
    "a subscript of row and class": (
        r"\dfrac{\partial m_{iy_i}}{\partial s_{ij}} = m_{iy_i}\delta_{iy_i} - m_{iy_i}m_{ij}\delta_{ij}",
        [
            r"∂(m_{<i · y_{i}>} ; s_{<i · j>}) | = <+<m_{<i · y_{i}>} · \delta_{<i · y_{i}>}>"
            r" -<m_{<i · y_{i}>} · m_{<i · j>} · \delta_{<i · j>}>>",
        ],
    ),
    "digits glued to a letter are its name": (
        r"w11^{+} = w11 - \eta * \frac{\partial E_{total}}{\partial w11}",
        [r"w11^{□+} | = <+w11 -<\eta * ∂(E_{<t · o · t · a · l>} ; w11)>>"],
    ),
    "code-like elements": (
        r"\frac{\partial C}{\partial A_{out}[r, 0]} = 2(A_{out}[r, 0] - T[r, 0])",
        ["∂(C ; <A_{<o · u · t>} · [r, 0]>) | = <2 · (<+<A_{<o · u · t>} · [r, 0]> -<T · [r, 0]>>)>"],
    ),
    "elements and matrices in one chain": (
        r"& = \delta_{ik} \delta_{jl} A_{ji} =A_{lk} = (A^T)_{kl}=A^T",
        [r"– | = <\delta_{<i · k>} · \delta_{<j · l>} · A_{<j · i>}> | = A_{<l · k>} | = (A^{T})_{<k · l>} | = A^{T}"],
    ),
    "an operator before a fraction": (
        r"&= -y_i \frac{1}{\hat{y}_i} \frac{\partial}{\partial \theta_k} \frac{e^{\theta_i}}{ e^{\theta_m}} \\",
        [r"– | = <-<y_{i} · (1 / \hat{y}_{i}) · ∂→((e^{\theta_{i}} / e^{\theta_{m}}) ; \theta_{k})>>"],
    ),
    "a bar over an indexed name": (
        r"\overline{w_{ij}^2} &= \overline{y_i} h_j\\",
        [r"\overline{w}_{<i · j>}^{2} | = <\overline{y}_{i} · h_{j}>"],
    ),
    "an accumulation typeset by hand": (
        r"\overline{u} \ \ {\small +}{=} \ \ \overline{v} \cdot \exp(u).",
        [r"\overline{u} | += <\overline{v} \cdot 'exp'(u)>"],
    ),
    "a function in words with two arguments": (
        r"""\frac{\partial J}{\partial \mathbf{W}^{(1)}}
= \textrm{prod}\left(\frac{\partial J}{\partial \mathbf{z}},
  \frac{\partial \mathbf{z}}{\partial \mathbf{W}^{(1)}}\right)
= \frac{\partial J}{\partial \mathbf{z}} \mathbf{x}^\top + \lambda \mathbf{W}^{(1)}.""",
        [
            r"∂(J ; W^(){1}) | = 'prod'(∂(J ; z), ∂(z ; W^(){1}))"
            r" | = <+<∂(J ; z) · x^{\top}> +<\lambda · W^(){1}>>",
        ],
    ),
    "escaped underscores": (
        r"\mathbf{w} = \mathbf{w} + \eta(y\_i - z\_i)\mathbf{x}\_i",
        [r"w | = <+w +<\eta · (<+y_{i} -z_{i}>) · x_{i}>>"],
    ),
    "a Greek letter as a character": (
        r"=\frac{-x_{il}.x_{ij}}{N.(rms(x)_i)^3}.γ_{l}",
        [r"– | = <(<-<x_{<i · l>} . x_{<i · j>}>> / <N . ('rms'(x)_{i})^{3}>) . \gamma_{l}>"],
    ),
}
MACROS = {
    "\\dx": Macro("\\dx", 1, "\\,\\mathrm{d}#1"),
    "\\Attn": Macro("\\Attn", 0, "\\operatorname{Attn}"),
    "\\matr": Macro("\\matr", 1, "\\mathbf{#1}"),
    "\\vecr": Macro("\\vecr", 1, "\\mathbf{#1}"),
    "\\lossFunction": Macro("\\lossFunction", 0, "L"),
    "\\inputMatrix": Macro("\\inputMatrix", 0, "\\mathbf{X}"),
    "\\outputMatrix": Macro("\\outputMatrix", 0, "\\mathbf{Y}"),
}
EXPANDED = {
    "a differential by a macro": (
        r"\dx{f(x)} = f'(x) \dx{x}",
        ["<d · f · (x)> | = <f' · (x) · d · x>"],
    ),
    "a derivative applied to a direction": (
        r"""d_Q \Attn(\theta) \cdot \tilde{Q}
&= \sum_{i=1}^{n} e_i [d \sigma(p_i) \cdot K\tilde{Q}^t e_i]^t V.""",
        [
            r"<d_{Q} · 'Attn'(\theta) \cdot \tilde{Q}>"
            r" | = sum[i = 1 ; n](<e_{i} · [<d · \sigma · (p_{i}) \cdot K · \tilde{Q}^{t} · e_{i}>]^{t} · V>)",
        ],
    ),
    "a size written in words": (
        r"\mathbf{1}_{\text{rows}(\matr{X}),1} \frac{\partial L}{\partial \vecr{z}}",
        [r"<\mathbf{1}_{'rows'(X), 1} · ∂(L ; z)>"],
    ),
    "every symbol is a macro": (
        r"\frac{\partial \lossFunction}{\partial \inputMatrix} = \frac{\partial \lossFunction}{\partial \outputMatrix}"
        r" \frac{\partial \outputMatrix}{\partial \inputMatrix}",
        ["∂(L ; X) | = <∂(L ; Y) · ∂(Y ; X)>"],
    ),
}
REFUSED = {
    "a sum sign for a whole sum": (
        r"\frac{\partial \mathbb{\hat{y_i}}}{\partial \theta_j}"
        r" = \frac{\partial \frac{\exp(\theta_i)}{\sum_K}}{\partial \theta_j}",
        "syntax",
        "write what \\sum_K ranges over",
    ),
    "a sum over paths, in words": (
        r"""\frac{\partial u^{(n)}}{\partial u^{(j)}} =
\sum_{\substack{\text{path}(u^{(\pi_1)}, \ldots, u^{(\pi_t)}  ),\\ \text{from } \pi_1=j \text{ to }\pi_t = n}}
\prod_{k=2}^t \frac{\partial u^{(\pi_k)}}{\partial u^{(\pi_{k-1})}}.""",
        "words",
        "write the condition as a formula",
    ),
    "the lower ∂ forgotten": (
        r"\dfrac{\partial L}{\partial o_k} = \dfrac{\partial}{o_k}(-log(p_k))"
        r" = - \dfrac{1}{p_k}\dfrac{\partial}{o_k}(p_k)",
        "syntax",
        r"write \frac{\partial}{\partial o_k}",
    ),
}


def test_thirty_in_all():
    assert len(READ) + len(EXPANDED) + len(REFUSED) == 30


@pytest.mark.parametrize("text, expected", READ.values(), ids=READ.keys())
def test_read(text, expected):
    assert chains(parse(text)) == expected


@pytest.mark.parametrize("text, expected", EXPANDED.values(), ids=EXPANDED.keys())
def test_read_with_the_authors_macros(text, expected):
    assert chains(parse(text, MACROS)) == expected


@pytest.mark.parametrize("text", [row[0] for row in EXPANDED.values()], ids=EXPANDED.keys())
def test_without_its_macros_the_command_is_unknown(text):
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert caught.value.found.startswith("the unknown command \\")
    assert "\\newcommand" in caught.value.advice


@pytest.mark.parametrize("text, reason, advice", REFUSED.values(), ids=REFUSED.keys())
def test_refused(text, reason, advice):
    with pytest.raises(ParseError) as caught:
        parse(text)
    assert (caught.value.reason, caught.value.advice) == (reason, advice)
