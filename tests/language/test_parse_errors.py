"""What cannot be read is refused for the right reason, at the right place, with what to write instead."""

import pytest

from checker.language.parser import parse, parse_expression
from checker.language.surface import ParseError

# text, reason, the text at the error's place, part of what was found, part of the advice
TABLE = [
    (r"x^{a", "syntax", "{", "{ is never closed", "add the missing }"),
    (r"x} = y", "syntax", "}", "} closes nothing", "take it away"),
    (r"\left( x = 3", "syntax", r"\left(", r"\left is never closed", r"add the missing \right"),
    (r"x \right) = 3", "syntax", r"\right)", r"\right closes nothing", r"add the \left"),
    (r"\left( x \right]", "syntax", r"\left( x \right]", r"\left( closed by \right]", "matching bracket"),
    (r"\left x", "syntax", r"\left", r"\leftx", "write a delimiter"),
    (r"f(x = 3", "syntax", "(", "( that is not closed", "add the missing )"),
    (r"f(x)) = 3", "syntax", ")", ") that closes nothing", "take it away"),
    (r"f(x] + 1", "syntax", "(", "( that is not closed before ]", "add the missing )"),
    (r"\begin{cases} 1 & x", "syntax", r"\begin{cases}", r"\begin{cases} is never closed", r"add the missing \end"),
    (r"\begin{casse} 1 \end{casse}", "syntax", r"\begin{casse}", "unknown environment casse", "did you mean cases?"),
    (r"{ \begin{aligned} a \end{cases} }", "syntax", r"\end{cases}", "still open", r"close \begin{aligned} first"),
    (r"\alpah x", "syntax", r"\alpah", r"the unknown command \alpah", r"did you mean \alpha?"),
    (r"\foo x", "syntax", r"\foo", r"the unknown command \foo", r"\newcommand{\foo}{…}"),
    (r"\input{/etc/passwd}", "syntax", r"\input", "which is not maths", "never run"),
    (r"x = \write18{ls}", "syntax", r"\write", "which is not maths", "never run"),
    (r"$x$", "syntax", "$", "the character $", "LaTeX command"),
    (r"\frac{}{x}", "syntax", "{}", r"an empty argument of \frac", "fill the braces"),
    (r"\frac{x}", "syntax", "", r"an argument of \frac was expected", r"write \frac{…}"),
    (r"x^a^b", "syntax", "x^a", "a second superscript after x^a", "^{…}"),
    (r"x_i_j", "syntax", "x_i", "a second subscript after x_i", "_{…}"),
    (r"\sum_i^n_k x", "syntax", r"\sum_i^n", "a second subscript", "_{…}"),
    (r"x^10", "syntax", "10", "of which only ^1 is a script in print", "write ^{10}"),
    (r"w_12 x", "syntax", "12", "of which only _1 is a script in print", "write _{12}"),
    (r"x & y = 3", "syntax", "&", "an alignment mark &", "take the & away"),
    (r"\frac{a & b}{c}", "syntax", "&", "an alignment mark & inside braces", "take the & away"),
    (r"a + ", "syntax", "", "the end of the formula", "write the missing part"),
    (r"a \cdot = b", "syntax", "=", "= where a number", "write what stands before"),
    (r"(a + ) b", "syntax", ")", ") where a number", "fill the gap"),
    (r"{a+b}c", "syntax", "a+b", "the braces around a+b", "write parentheses"),
    (r"c - {a+b}", "syntax", "a+b", "the braces around a+b", "write parentheses"),
    (r"{a+b}^2", "syntax", "a+b", "the braces around a+b", "write parentheses"),
    (r"{AB}^T", "syntax", "AB", "the braces around AB", "write parentheses"),
    (
        r"\frac{\partial}{o_k} L",
        "syntax",
        r"\frac{\partial}{o_k}",
        "without its lower",
        r"\frac{\partial}{\partial o_k}",
    ),
    (r"\frac{\partial a}{b}", "syntax", r"\frac{\partial a}{b}", "without its lower", r"\frac{\partial a}{\partial b}"),
    (r"\frac{f}{\partial x}", "syntax", r"\frac{f}{\partial x}", "without its upper", r"\frac{\partial f}{\partial x}"),
    (
        r"\frac{\partial^2 f}{\partial x}",
        "syntax",
        r"\frac{\partial^2 f}{\partial x}",
        "of order 2 above",
        "orders equal",
    ),
    (r"\frac{\partial f}{\partial x + y}", "syntax", "x + y", "a derivative by the sum", "give the sum a name"),
    (
        r"\frac{\partial}{\partial x} \cdot f",
        "syntax",
        r"\frac{\partial}{\partial x} \cdot",
        "followed by",
        "right after",
    ),
    (r"\frac{d}{dx} [u] v", "syntax", r"\frac{d}{dx} [u] v", "or of [u] alone", "one pair of brackets"),
    (r"\frac{d}{dx} (u) \cdot v", "syntax", r"\frac{d}{dx} (u) \cdot v", "or of (u) alone", "one pair of brackets"),
    (r"\partial_x (u) v", "syntax", r"\partial_x (u) v", "or of (u) alone", "one pair of brackets"),
    (r"\partial f = 2", "syntax", r"\partial f", "no part of a derivative", r"\frac{\partial …}"),
    (r"\sum_{i=1}^n = x", "syntax", r"\sum_{i=1}^n", "with nothing after it", "write what"),
    (r"a \over b", "syntax", r"\over", r"\over outside braces", r"\frac"),
    (r"\begin{bmatrix} a & b \\ c \end{bmatrix}", "syntax", None, "not equally long", "the same entries"),
    (r"\begin{bmatrix} a & \\ c & d \end{bmatrix}", "syntax", r"\\", "an entry of the matrix", "write 0"),
    (r"\begin{cases} 1 \\ 0 & x \end{cases}", "syntax", "1", "without a condition", r"\text{otherwise}"),
    (r"a_1 \dots a_n", "ellipsis", r"\dots", "an ellipsis", r"\sum or \prod"),
    (r"a = b ...", "ellipsis", "...", "an ellipsis", r"\sum or \prod"),
    (r"x = \text{mean of squares}", "words", r"\text{mean of squares}", "words inside", "outside the formula"),
    (r"\text{number of errors} = 5", "words", r"\text{number of errors}", "words inside", "outside the formula"),
    (r"x = a \text{ taken over } b", "words", r"\text{ taken over }", "words inside", "outside the formula"),
    (r"x = \frac{\text{sum of } a}{b}", "words", r"\text{sum of }", "words inside", "outside the formula"),
    (r"y = x \text{ if } x > 0 \text{ else } 0", "words", r"\text{ else }", "outside of cases", r"\begin{cases}"),
    (r"y = 1 \text{ if } a, 0 \text{ otherwise}", "words", r"\text{ otherwise}", "outside of cases", r"\begin{cases}"),
    (r"x \text{ plus one is } y", "words", r"\text{ plus one is }", "words inside", "outside the formula"),
    (r"\sum_{\text{all paths from } i} x", "words", r"\text{all paths from }", "in words", "as a formula"),
    (
        r"\begin{cases} 1 & \text{sometimes} \\ 0 & \text{otherwise} \end{cases}",
        "words",
        r"\text{sometimes}",
        "in words",
        r"\text{if }",
    ),
    (r"x \pm y", "outside", r"\pm", r"\pm", "two formulas"),
    (r"n!", "outside", "!", "the factorial n!", "as a function"),
    (r"\binom{n}{k}", "outside", r"\binom", r"\binom", "not part of the notation"),
    (r"\cancel{x} + 1", "outside", r"\cancel", r"\cancel", "without the cancelled part"),
    (r"\nabla \cdot F", "outside", r"\nabla", "divergence or curl", "sum over indices"),
    (r"\frac{\partial^k f}{\partial x^k}", "outside", None, "unknown order", "from 1 to 9"),
    (r"f(x)|_{x=0} = 1", "outside", "|", "where to evaluate", "f(0)"),
    (r"\left. f \right|_{x=0}", "outside", r"\left.", r"\left.", "instead of evaluating"),
    (r"\overline{AB}", "outside", r"\overline{AB}", r"\overline over AB", "name the whole first"),
]


@pytest.mark.parametrize("text, reason, place, found, advice", TABLE, ids=[row[0] for row in TABLE])
def test_refused(text, reason, place, found, advice):
    with pytest.raises(ParseError) as caught:
        parse(text)
    error = caught.value
    assert error.reason == reason
    assert found in error.found
    assert advice in error.advice
    if place is not None:
        assert text[error.span[0] : error.span[1]] == place
    assert str(error) == f"{error.found}: {error.advice}"


# Close to what is refused, and right.
TWINS = [
    r"x^{a}",
    r"\left( x \right) = 3",
    r"x^{10} + w_{12} x + x^1 0",
    r"{a+b} = {c}",
    r"(a+b) c - (a + b)^2 + (AB)^T",
    r"\frac{\partial}{\partial o_k} L + \frac{\partial a}{\partial b}",
    r"\frac{\partial^2 f}{\partial x^2}",
    r"\sum_{i=1}^n x",
    r"\frac{d}{dx} [u v] + v \frac{d}{dx} [u]",
    r"\frac{d}{dx} (x + 1)^2 v + \frac{d}{dx} [x > 0] x + \frac{d}{dx} |x| y",
    r"x = a \quad \text{taken over all rows}",
    r"\text{loss} = 5",
    r"f(0) = 1",
    r"i = 1, \dots, n",
    r"f(x_1, \dots, x_n)",
    r"\sum_{i \ne j} x",
    r"x \alpha y",
]


@pytest.mark.parametrize("text", TWINS)
def test_its_right_twin_is_read(text):
    assert parse(text).chains


def test_an_expression_is_one_expression():
    with pytest.raises(ParseError, match="the end of the expression"):
        parse_expression("x, y")
    assert parse_expression("x,") == parse_expression("x.")
