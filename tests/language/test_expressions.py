"""Surface trees by topic: what is written on the left is read as the shape on the right."""

import pytest

from tests.language.shapes import expression

DERIVATIVES = [
    (r"\frac{\partial A_{ij}}{\partial W_{kl}}", r"∂(A_{<i · j>} ; W_{<k · l>})"),
    (r"\frac{\partial^2 f}{\partial x_i \partial x_j}", r"∂(f ; x_{i}, x_{j})"),
    (r"\frac{\partial^2}{\partial x^2} f", r"∂→(f ; x, x)"),
    (r"\frac{\partial^3 f}{\partial x^2 \partial y}", r"∂(f ; x, x, y)"),
    (r"\frac{\partial^2 f}{\partial w^{(2)} \partial w^{(1)}}", r"∂(f ; w^(){2}, w^(){1})"),
    (r"\frac{\partial f}{\partial w^2}", r"∂(f ; w^{2})"),
    (r"\frac{d^2 y}{dx^2}", r"d(y ; x, x)"),
    (r"\frac{d^2 f}{dx\,dy}", r"d(f ; x, y)"),
    (r"\frac{\mathrm{d}}{\mathrm{d}x} x^2", r"d→(x^{2} ; x)"),
    (r"\frac{\mathrm d f}{\mathrm d x}", r"d(f ; x)"),
    (r"\frac{{\rm d} f}{{\rm d} x}", r"d(f ; x)"),
    (r"\dfrac{dl}{dd_c^{(L)}}", r"d(l ; d_{c}^(){L})"),
    (r"\frac{dl}{d(a_L)_c}", r"d(l ; (a_{L})_{c})"),
    (r"\frac{d}{dx} X^\top", r"d→(X^{\top} ; x)"),
    (
        r"\frac{d}{n} + \frac{1}{d} + \frac{D}{d} + \frac{d_k}{d_v} + \frac{d - 1}{d x}",
        r"<+(d / n) +(1 / d) +(D / d) +(d_{k} / d_{v}) +(<+d -1> / <d · x>)>",
    ),
    (r"\frac{\delta L}{\delta w}", r"δ(L ; w)"),
    (r"\frac{\delta_{ij}}{\delta_k}", r"(\delta_{<i · j>} / \delta_{k})"),
    (r"\frac{-\partial L}{\partial x}", r"<-∂(L ; x)>"),
    (r"\frac\partial{\partial x} y", r"∂→(y ; x)"),
    (r"\frac{\partial (wx+b)}{\partial w}", r"∂((<+<w · x> +b>) ; w)"),
    (r"\frac{\partial \log z}{\partial z}", r"∂('log'!(z) ; z)"),
    (r"\frac{\partial}{\partial x} a b + c", r"<+∂→(<a · b> ; x) +c>"),
    (r"\frac{\partial f}{\partial x}^\top", r"∂(f ; x)^{\top}"),
    (r"\frac{\partial C}{\partial A_{out}[r, 0]}", r"∂(C ; <A_{<o · u · t>} · [r, 0]>)"),
    (r"\partial E/\partial w", r"∂(E ; w)"),
    (r"\partial E/\partial y \cdot \partial y/\partial w", r"<∂(E ; y) \cdot ∂(y ; w)>"),
    (r"\partial E / \partial w_{ij} x_j", r"<∂(E ; w_{<i · j>}) · x_{j}>"),
    (r"\partial/\partial x f", r"∂→(f ; x)"),
    (r"dE/dw", r"d(E ; w)"),
    (r"d/dx x^2", r"d→(x^{2} ; x)"),
    (r"\partial_x f + g", r"<+∂→(f ; x) +g>"),
    (r"\partial_{x_i} g(x)", r"∂→(<g · (x)> ; x_{i})"),
    (r"\partial^2_{xy} f", r"∂→(f ; x, y)"),
    (r"\partial_x \partial_y f", r"∂→(∂→(f ; y) ; x)"),
    (r"\nabla_W L", r"∇→(L ; W)"),
    (r"\nabla f", r"∇→(f ; )"),
    (r"\nabla^2_{x} f", r"∇→(f ; x, x)"),
    (r"\nabla_{\theta} J(\theta)", r"∇→(<J · (\theta)> ; \theta)"),
    (r"∂L/∂w", r"∂(L ; w)"),
]

SUMS_AND_PRODUCTS_OVER_AN_INDEX = [
    (r"\sum_k w_k x_k + b", r"<+sum[k ; –](<w_{k} · x_{k}>) +b>"),
    (r"\sum_{i=1}^{n} x_i - c", r"<+sum[i = 1 ; n](x_{i}) -c>"),
    (r"\sum^{n}_{i=1} x_i", r"sum[i = 1 ; n](x_{i})"),
    (r"\sum_{i,j} A_{ij} \cdot B_{ij}", r"sum[i, j ; –](<A_{<i · j>} \cdot B_{<i · j>}>)"),
    (r"\sum_{k \ne i} x_k", r"sum[k \ne i ; –](x_{k})"),
    (r"\sum_i x_i \sum_j y_j", r"sum[i ; –](<x_{i} · sum[j ; –](y_{j})>)"),
    (r"\sum x", r"sum[ ; –](x)"),
    (r"\sum\limits_{k,l} y_{kl}", r"sum[k, l ; –](y_{<k · l>})"),
    (r"\sum_{\substack{i=1 \\ i \ne j}}^n a_i", r"sum[i = 1, i \ne j ; n](a_{i})"),
    (r"\sum_{i: y_i = 1} x_i", r"sum[i, y_{i} = 1 ; –](x_{i})"),
    (r"\sum_{i \in S} a_i", r"sum[i \in S ; –](a_{i})"),
    (r"\sum_{c} -1(y=c) \ln p_c", r"sum[c ; –](<-<1 · (y = c) · 'ln'!(p_{c})>>)"),
    (r"\sum_{s=-\infty}^{\infty} x_s w_{t-s}", r"sum[s = <-\infty> ; \infty](<x_{s} · w_{<+t -s>}>)"),
    (r"Σ_{i=1}^{n} x_i + Σ_i", r"<+sum[i = 1 ; n](x_{i}) +\Sigma_{i}>"),
    (r"\prod_{i} a_i", r"prod[i ; –](a_{i})"),
    (r"\max_k x_k + \arg\max_k z_k", r"<+max[k ; –](x_{k}) +argmax[k ; –](z_{k})>"),
    (r"\underset{k}{\max} x_k", r"max[k ; –](x_{k})"),
    (r"\operatorname*{arg\,max}_k z_k", r"argmax[k ; –](z_{k})"),
    (r"\mathbb{E}_{x \sim p}[f(x)]", r"E[x \sim p ; –]([<f · (x)>])"),
    (r"\lim_{h\to 0} \frac{h}{x}", r"lim[h \to 0 ; –]((h / x))"),
]

SCRIPTS = [
    (r"x^{10^{10^{10}}}", r"x^{10^{10^{10}}}"),
    (r"x_{n,c,i+k-1}", r"x_{n, c, <+i +k -1>}"),
    (r"W_{h[i,j]}^{(k)}", r"W_{<h · [i, j]>}^(){k}"),
    (r"h_{[p]}", r"h_{[p]}"),
    (r"A_{out}[r, 0]", r"<A_{<o · u · t>} · [r, 0]>"),
    (
        r"W_{i,:} + V_{:c} + w_{i\cdot} + X_{\cdot j} + x_{1:n}",
        r"<+W_{i, □:} +V_{<□: · c>} +w_{<i · □\cdot>} +X_{<□\cdot · j>} +x_{1 : n}>",
    ),
    (r"{}_{i}x", r"<□_{i} · x>"),
    (
        r"x^\top + x^T + x^{\mathsf T} + x^{\intercal} + X^{-1} + X^{-\top}",
        r"<+x^{\top} +x^{T} +x^{T} +x^{\top} +X^{<-1>} +X^{<-\top>}>",
    ),
    (
        r"a^{[l]} + a^{[l-1] T} + E^{(l)T} + E^{(l)^T} + W^{(2)-1} + W^{l\top}",
        r"<+a^[]{l} +<a^[]{<+l -1>}>^{T} +<E^(){l}>^{T} +<E^(){l}>^{T} +<W^(){2}>^{<-1>} +<W^{l}>^{\top}>",
    ),
    (r"a^{\langle t\rangle}", r"a^⟨⟩{t}"),
    (r"e^{(x-\mu)^2/2} + e^{-(a+b)(c+d)}", r"<+e^{<(<+x -\mu>)^{2} / 2>} +e^{<-<(<+a +b>) · (<+c +d>)>>}>"),
    (r"2^{(n)} + x^{(n)}", r"<+2^{(n)} +x^(){n}>"),
    (r"w_{t-s}^{(k,l)}", r"w_{<+t -s>}^(){k, l}"),
    (r"x^* + x^{+} + S^n_{++}", r"<+x^{□*} +x^{□+} +S_{□++}^{n}>"),
    (r"f'(x) + f^{\prime}(x) + x'_i + \sigma'(z)^2", r"<+<f' · (x)> +<f' · (x)> +x'_{i} +<\sigma' · (z)^{2}>>"),
    (r"{x_i}^2", r"<x_{i}>^{2}"),
    (r"z^{(l+1)}_i + z_i^{(l+1)}", r"<+z_{i}^(){<+l +1>} +z_{i}^(){<+l +1>}>"),
    (r"\mathbf{1}_{y=c}", r"\mathbf{1}_{y = c}"),
    (r"w_{y_i} + W_{h_{\ell-1},h_\ell}", r"<+w_{y_{i}} +W_{h_{<+\ell -1>}, h_{\ell}}>"),
    (r"m_{iy_i}", r"m_{<i · y_{i}>}"),
]

NAMES_AND_FONTS = [
    (
        r"\hat{y}_i + \bar z + \widehat{W} + \overline{C}^\top + \dot{x}",
        r"<+\hat{y}_{i} +\bar{z} +\widehat{W} +\overline{C}^{\top} +\dot{x}>",
    ),
    (r"\hat{\mathbf{y}} + \mathbf{\hat{y}}", r"<+\hat{y} +\hat{y}>"),
    (r"\overline{w_{ij}^2}", r"\overline{w}_{<i · j>}^{2}"),
    (r"\mathbf{W}_1 + \mathbf W x + \boldsymbol{\theta} + \bm{x} + \vec{x}", r"<+W_{1} +<W · x> +\theta +x +x>"),
    (
        r"\mathcal{L} + \mathbb{R} + \mathbb{w} + \mathbf{1} + \mathbf{0} + \mathbb{1} + \vec 0",
        r"<+\mathcal{L} +\mathbb{R} +w +\mathbf{1} +\mathbf{0} +\mathbb{1} +\mathbf{0}>",
    ),
    (r"\mathbf{W^{(l)}} + \mathbf{x_i}^\top", r"<+W^(){l} +<x_{i}>^{\top}>"),
    (r"\mathit{net}_j + {net}_j + net_j", r"<+'net'_{j} +'net'_{j} +<n · e · t_{j}>>"),
    (r"w11 + w_{11}", r"<+w11 +w_{11}>"),
    (r"L_{\text{total}} + W_{\text{in}} + W_{\mathrm{h}} + W_{xh}", r"<+L_{'total'} +W_{'in'} +W_{h} +W_{<x · h>}>"),
    (
        r"α + β_i + φ + ϕ + x² + Wᵀ + x₁₂ + A⁻¹ + ½ + √x + x̂ + ŷ + ℝ + 𝓛",
        r"<+\alpha +\beta_{i} +\varphi +\phi +x^{2} +W^{\top} +x_{12} +A^{<-1>} +(1 / 2) +root[–](x)"
        r" +\hat{x} +\hat{y} +\mathbb{R} +\mathcal{L}>",
    ),
    (r"\varphi + \phi + \ell + \infty", r"<+\varphi +\phi +\ell +\infty>"),
    (r"\R + \RR", r"<+\mathbb{R} +\mathbb{R}>"),
]

FUNCTIONS = [
    (r"\log x + \ln p_i", r"<+'log'!(x) +'ln'!(p_{i})>"),
    (
        r"\exp[z] + \max\{0,x\} + \tanh^2z_1 + \sin x_{ij}",
        r"<+'exp'(z) +'max'(0, x) +'tanh'^{2}!(z_{1}) +'sin'!(x_{<i · j>})>",
    ),
    (r"\log\det M", r"'log'!('det'!(M))"),
    (r"\log \sigma(W x) + \log x (1-x)", r"<+'log'!(<\sigma · (<W · x>)>) +'log'!(<x · (<+1 -x>)>)>"),
    (r"\log p_i \log q_i", r"<'log'!(p_{i}) · 'log'!(q_{i})>"),
    (r"\log x y \cdot z", r"<'log'!(<x · y>) \cdot z>"),
    (r"-t \log \frac{1}{1+e^{-W x}}", r"<-<t · 'log'!((1 / <+1 +e^{<-<W · x>>}>))>>"),
    (
        r"\operatorname{softmax}(z)_j + \text{softmax}(o)_j + \mathrm{softmax}(\mathbf{o})_j",
        r"<+'softmax'(z)_{j} +'softmax'(o)_{j} +'softmax'(o)_{j}>",
    ),
    (
        r"log(p_k) + exp(-x) + max(0,x) + tr(A B) + sqrt(x) + 3xexp(x)",
        r"<+'log'(p_{k}) +'exp'(<-x>) +'max'(0, x) +'tr'(<A · B>) +root[–](x) +<3 · x · 'exp'(x)>>",
    ),
    (r"log x + tanh^2(z)", r"<+'log'!(x) +'tanh'^{2}(z)>"),
    (
        r"\operatorname{tr} A B + \mathrm{tr}(A) + \textrm{Tr}(A) + \det A",
        r"<+'tr'!(<A · B>) +'tr'(A) +'Tr'(A) +'det'!(A)>",
    ),
    (
        r"\sin^{-1} x + \log_2 x + \exp -x + \sin(x)^2",
        r"<+'sin'^{<-1>}!(x) +'log'_{2}!(x) +'exp'!(<-x>) +'sin'(x)^{2}>",
    ),
    (r"\log (x)(y)", r"<'log'(x) · (y)>"),
    (r"\operatorname{ReLU}'(x) + \text{out}_j (1 - \text{out}_j)", r"<+'ReLU''(x) +'out'_{j}(<+1 -'out'_{j}>)>"),
    (r"\ln (a_L)_c", r"'ln'(a_{L})_{c}"),
    (r"\sqrt[3]{x} + \sqrt x y + \sqrt{x}", r"<+root[3](x) +<root[–](x) · y> +root[–](x)>"),
    (r"x_{\max} + \tanh", r"<+x_{'max'} +'tanh'>"),
    (r"\exp{-x}", r"'exp'(<-x>)"),
    (r"rms(x)_i", r"'rms'(x)_{i}"),
]

PRODUCTS = [
    (
        r"A @ B + A * B + x \bullet y + A \oslash B + A \otimes B + A \odot B + A \circ B",
        r"<+<A @ B> +<A * B> +<x \bullet y> +<A \oslash B> +<A \otimes B> +<A \odot B> +<A \circ B>>",
    ),
    (r"a . b + x_{il}.x_{ij} + a .* b", r"<+<a . b> +<x_{<i · l>} . x_{<i · j>}> +<a \odot b>>"),
    (r"(a)(b) + 2x + x/y z", r"<+<(a) · (b)> +<2 · x> +<x / y · z>>"),
    (r"a \cdot -b", r"<a \cdot <-b>>"),
    (r"\frac12 x + \frac1n + \frac{1}2 + \frac34", r"<+<(1 / 2) · x> +(1 / n) +(1 / 2) +(3 / 4)>"),
    (r"{a \over b} + 1", r"<+(a / b) +1>"),
    (r"0.5 y + .5 z + 1{,}000", r"<+<0.5 · y> +<0.5 · z> +1000>"),
    (r"a - -b", r"<+a +b>"),
]

BRACKETS = [
    (r"|A| + \|x\|_F^2 + \lVert x \rVert_2 + \left| x \right| + ||x||", r"<+|A| +‖x‖_{F}^{2} +‖x‖_{2} +|x| +‖x‖>"),
    (r"|x||y| + 2|x| y + ||x| - |y|| + |a|b|c|", r"<+<|x| · |y|> +<2 · |x| · y> +|<+|x| -|y|>| +<|a| · b · |c|>>"),
    (r"p(y|x) + p(y \mid x, z) + |p(y|x)|", r"<+<p · (y \mid x)> +<p · (y \mid x, z)> +|<p · (y \mid x)>|>"),
    (r"\langle a, b \rangle + \lceil x \rceil + \lfloor x/2 \rfloor", r"<+⟨a, b⟩ +⌈x⌉ +⌊<x / 2>⌋>"),
    (r"[0, 1) + (0, 1] + [0, 1]", r"<+[0, 1) +(0, 1] +[0, 1]>"),
    (r"\bigl( a + b \bigr) \Big[ c \Big]", r"<(<+a +b>) · [c]>"),
    (r"\norm{x} + \abs{x}", r"<+‖x‖ +|x|>"),
    (r"f(\cdot) + f()", r"<+<f · (□\cdot)> +<f · ()>>"),
    (r"\underbrace{a b}_{=c} + \overbrace{x}^{n} + \boxed{x} + \color{red}{y}", r"<+<a · b> +x +x +y>"),
    (
        r"1\{i=l\} + 1(y=c) + \mathbb{1}[i \ge j] + \mathbb 1\{y = c\}",
        r"<+<1 · {i = l}> +<1 · (y = c)> +<\mathbb{1} · [i \ge j]> +<\mathbb{1} · {y = c}>>",
    ),
    (
        r"[i = j] + \mathbb{I}(y = c) + 1_{i=j} + 1(k==i)",
        r"<+[i = j] +<\mathbb{I} · (y = c)> +1_{i = j} +<1 · (k = i)>>",
    ),
    (r"\mathbb{1}[i = j \text{ and } k \ne l]", r"<\mathbb{1} · [and(i = j, k \ne l)]>"),
]

CASES_AND_MATRICES = [
    (r"\begin{cases} 1 & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}", r"cases{1 if i = j; 0 if –}"),
    (r"\begin{cases} 1, & i = j, \\ 0, & \text{otherwise.} \end{cases}", r"cases{1 if i = j; 0 if –}"),
    (
        r"\begin{cases} x & \text{if $x > 0$} \\ -x & \text{for } x < 0 \text{ and } y = 1 \\ 0 & else \end{cases}",
        r"cases{x if x > 0; <-x> if and(x < 0, y = 1); 0 if –}",
    ),
    (
        r"\begin{cases} 1 & n = l, s = t \text{ and } z \ge 0 \\ 0 & \text{otherwise} \end{cases}",
        r"cases{1 if and(n = l, s = t, z \ge 0); 0 if –}",
    ),
    (r"\left\{ \begin{array}{ll} 1 & i = j \\ 0 & i \ne j \end{array} \right.", r"cases{1 if i = j; 0 if i \ne j}"),
    (r"\begin{bmatrix} a & b \\ c & d \end{bmatrix}^\top", r"bmatrix[a, b; c, d]^{\top}"),
    (r"\left[ \begin{array}{cc} 1 & 0 \\ 0 & 1 \end{array} \right]", r"[array[1, 0; 0, 1]]"),
]

TOPICS = [
    DERIVATIVES,
    SUMS_AND_PRODUCTS_OVER_AN_INDEX,
    SCRIPTS,
    NAMES_AND_FONTS,
    FUNCTIONS,
    PRODUCTS,
    BRACKETS,
    CASES_AND_MATRICES,
]


@pytest.mark.parametrize("text, expected", [row for topic in TOPICS for row in topic])
def test_expression(text, expected):
    assert expression(text) == expected
