"""The top of a formula: chains, rows, lists, conditions beside it, words."""

import pytest

from checker.language.parser import parse
from checker.language.surface import Row
from tests.language.shapes import asides, chains

# text, chains, asides
TABLE = [
    (r"a = b = c", ["a | = b | = c"], []),
    (r"0 < p_{ij} < 1", ["0 | < p_{<i · j>} | < 1"], []),
    (r"-1 < t < 1", ["<-1> | < t | < 1"], []),
    (r"X \in \mathbb{R}^{m \times n}", [r"X | \in \mathbb{R}^{<m \times n>}"], []),
    (r"f: \mathbb{R}^n \to \mathbb{R}^m", [r"f | : \mathbb{R}^{n} | \to \mathbb{R}^{m}"], []),
    (r"A", ["A"], []),
    (r"A, B", ["«A, B»"], []),
    (r"", [], []),
    (r"= x", ["– | = x"], []),
    (r"a =", ["a | = –"], []),
    # lists
    (r"x, y \in \mathbb{R}", [r"«x, y» | \in \mathbb{R}"], []),
    (r"x, y \text{ and } z \in \mathbb{R}", [r"«x, y, z» | \in \mathbb{R}"], []),
    (r"i = 1, \dots, n", ["i | = «1, …, n»"], []),
    (r"i, j = 1, \dots, n", ["«i, j» | = «1, …, n»"], []),
    (r"a_1, \dots, a_n \in \R", [r"«a_{1}, …, a_{n}» | \in \mathbb{R}"], []),
    (r"k = 0, 1, 2, \dots", ["k | = «0, 1, 2, …»"], []),
    (r"i = 1, \dots, m, j = 1, \dots, n", ["i | = «1, …, m»", "j | = «1, …, n»"], []),
    (r"x = 1, y = 2", ["x | = 1", "y | = 2"], []),
    (r"X \in \mathbb{R}^{m}, b \in \RR^{n}", [r"X | \in \mathbb{R}^{m}", r"b | \in \mathbb{R}^{n}"], []),
    (r"x \in [0, 1) , y \in (0, 1]", [r"x | \in [0, 1)", r"y | \in (0, 1]"], []),
    # rows
    (r"a &= b + c \\ &\quad + d \\ &= e", ["a | = <+b +c +d> | = e"], []),
    (r"a &= b \\ c &= d", ["a | = b", "c | = d"], []),
    (r"a &= b & c &= d \\ e &= f & g &= h", ["a | = b", "c | = d", "e | = f", "g | = h"], []),
    (r"a = b \\ -c = d", ["a | = b", "<-c> | = d"], []),
    (r"a = b \\ - c", ["a | = <+b -c>"], []),
    (r"a &= b \\ &- c = d", ["a | = <+b -c> | = d"], []),
    (r"a = \\ b", ["a | = b"], []),
    (r"a = \\ = b", ["a | = b"], []),
    (r"x^* \\ y = z", ["x^{□*}", "y | = z"], []),
    (r"\begin{aligned}[t] a &= b \\[4pt] &= c \end{aligned}", ["a | = b | = c"], []),
    (r"\begin{array}{rcl} a & = & b \\ & = & c \end{array}", ["a | = b | = c"], []),
    (r"a &= \left( b \right. \\ & \left. + c \right)", ["a | = (<+b +c>)"], []),
    (r"a = (b \\ & + c)", ["a | = (<+b +c>)"], []),
    (r"x = y \newline z = w", ["x | = y", "z | = w"], []),
    (r"\boxed{a = b + c}", ["a | = <+b +c>"], []),
    # side by side
    (r"A = D W, \quad B = C", ["A | = <D · W>", "B | = C"], []),
    (r"x = y. \quad z = w.", ["x | = y", "z | = w"], []),
    (r"x = y \text{ and } z = w", ["x | = y", "z | = w"], []),
    (r"y = W x \text{ where } W = A", ["y | = <W · x>", "W | = A"], ["where"]),
    (r"x^2 = 4 \implies x = 2", ["x^{2} | = 4", "x | = 2"], []),
    # conditions beside
    (r"x_i = y_i \quad \text{for all } i", ["x_{i} | = y_{i}"], ["for all; i"]),
    (r"x_i = y_i, \qquad \forall i, j", ["x_{i} | = y_{i}"], ["for all; i; j"]),
    (r"x_i = y_i \quad \text{for } i = 1, \dots, n", ["x_{i} | = y_{i}"], ["for; i = «1, …, n»"]),
    (r"x_i = y_i, \quad i = 1, \dots, n", ["x_{i} | = y_{i}"], ["i = «1, …, n»"]),
    (r"x_i = y_i \text{ for all } i, z_i = w_i", ["x_{i} | = y_{i}", "z_{i} | = w_{i}"], ["for all; i"]),
    (r"\delta_{ij} = 0 \quad (i \ne j)", [r"\delta_{<i · j>} | = 0"], [r"i \ne j"]),
    (r"\delta_{ij} = 1 \quad i = j", [r"\delta_{<i · j>} | = 1"], ["i = j"]),
    (r"k = 1, \quad i = j", ["k | = 1", "i | = j"], []),
    (r"\forall i \ne j: A_{ij} = 0", ["A_{<i · j>} | = 0"], [r"for all; i \ne j"]),
    (r"\text{if } i = j, \text{ then } A_{ij} = 1", ["A_{<i · j>} | = 1"], ["if; i = j", "then"]),
    (
        r"f = 1 \text{ if } n = l, s = t \text{ and } z \ge 0",
        ["f | = 1"],
        ["if; n = l", "s = t", r"and; z \ge 0"],
    ),
    (r"y = f(x), x > 0", ["y | = <f · (x)>"], ["x > 0"]),
    (r"a = b \quad -1 \le t \le 1", ["a | = b"], [r"<-1> \le t \le 1"]),
    # remarks
    (r"a = b \text{ by the chain rule}", ["a | = b"], ["by the chain rule"]),
    (r"a = b \quad \text{constant}", ["a | = b"], ["constant"]),
    (r"a = b \quad \text{(softmax)} \quad (3)", ["a | = b"], ["(softmax)", "(3)"]),
    (r"A &= B \quad \text{(def)} \\ &= C & \text{by (3)}", ["A | = B | = C"], ["(def)", "by (3)"]),
    (r"x = a \text{ (by rule 3) } = b", ["x | = a | = b"], ["(by rule 3)"]),
    # relations
    (r"a := b \triangleq c \coloneqq d \equiv e", [r"a | := b | := c | := d | \equiv e"], []),
    (
        r"a \stackrel{\text{def}}{=} b \overset{!}{=} 0 \stackrel{(1)}{=} c",
        [r"a | := b | \overset{!}{=} 0 | = c"],
        [],
    ),
    (r"w \leftarrow w - \eta g", [r"w | \leftarrow <+w -<\eta · g>>"], []),
    (r"a \mathrel{+}= b", ["a | += b"], []),
    (r"a += b", ["a | += b"], []),
    (r"x \not= y \ne z \not\in S", [r"x | \ne y | \ne z | \notin S"], []),
    (r"a <= b \leqslant c != d", [r"a | \le b | \le c | \ne d"], []),
    (r"x^{+} = y", ["x^{□+} | = y"], []),
    (r"i = j \wedge k = l", ["and(i = j, k = l)"], []),
    (r"a = b \tag{3} \label{eq:x} \nonumber", ["a | = b"], []),
    (r"\text{loss} = 0.5", ["'loss' | = 0.5"], []),
]


@pytest.mark.parametrize("text, expected, beside", TABLE, ids=[row[0] for row in TABLE])
def test_formula(text, expected, beside):
    formula = parse(text)
    assert (chains(formula), asides(formula)) == (expected, beside)


def test_links_say_what_stood_between():
    assert parse(r"a = b, \quad c = d \implies e = f \\ g = h").links == ("", "\\quad", "\\implies", "\\\\")
    assert parse("a = b").links == ("",)
    assert parse(r"y = W x \text{ where } W = A").links == ("", "where")


def test_a_chain_without_its_head_or_its_end():
    (chain,) = parse("= x").chains
    assert chain[0] == Row(None, None, (0, 0))
    (chain,) = parse("a =").chains
    assert (chain[1].relation, chain[1].tree, chain[1].span) == ("=", None, (3, 3))
