"""Trees of matrix notation as LaTeX that the language reads back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from checker.calculus.context import Context
from checker.calculus.notation.trees import (
    Absolute,
    Apply,
    Chain,
    Determinant,
    Diagonal,
    Gradient,
    Hadamard,
    Identity,
    Inverse,
    Named,
    Ones,
    Opaque,
    Positive,
    Power,
    Scaled,
    Softmax,
    SquaredNorm,
    Sum,
    Trace,
    Transpose,
    Tree,
    Vanishing,
    is_number,
    shape,
)
from checker.calculus.writing import range_of, term_of
from checker.language.printer import latex
from checker.language.printer.names import element_text, function_name
from checker.language.printer.nodes import spelled_function
from checker.language.printer.writing import ATOM, PRODUCT, SCRIPTED, SUM, Printer, Written, bracketed, fitted

_HADAMARD = PRODUCT - 1  # between a sum and a product: products stand beside ⊙ without parentheses


def matrix_latex(tree: Tree, context: Context, taken: frozenset[str] = frozenset(), nabla: bool = True) -> str:
    """LaTeX of a tree.  Raises ``TypeError`` for what is no tree.

    A gradient is written with ∇; without ``nabla`` as a quotient, which is the same in denominator layout.
    """
    return Writer(context, taken, nabla).text(tree)


class Writer:
    def __init__(self, context: Context, taken: frozenset[str], nabla: bool = True) -> None:
        self.context = context
        self.taken = taken
        self.nabla = nabla
        self.names = Printer(context, frozenset(), {})

    def text(self, tree: Tree) -> str:
        return self.written(tree)[0]

    def written(self, tree: Tree) -> Written:
        row = _ROWS.get(type(tree))
        if row is None:
            raise TypeError(f"no LaTeX for the tree {type(tree).__name__}")
        return row(self, tree)

    def at(self, tree: Tree, level: int) -> str:
        return fitted(self.written(tree), level)

    def raised(self, tree: Tree, exponent: str) -> Written:
        text, level = self.written(tree)
        base = text if level == ATOM else bracketed(text)
        return f"{base}^{exponent}", SCRIPTED


def _named(w: Writer, tree: Named) -> Written:
    labels = [range_of((0, a, a))[0] for a in tree.labels]
    printer = Printer(w.context, frozenset(), _index_rows())
    return element_text(printer, tree.name, labels)


def _index_rows() -> Mapping[type, Callable[[Printer, Any], Written]]:
    from checker.language.printer import _ROWS as rows

    return rows


def _gradient(w: Writer, tree: Gradient) -> Written:
    function, variable = w.text(Named(tree.function, (), ())), w.text(tree.variable)
    if not w.nabla or is_number(tree.variable):
        return f"\\frac{{\\partial {function}}}{{\\partial {variable}}}", PRODUCT
    return f"\\nabla_{{{variable}}} {function}", PRODUCT


def _ones(w: Writer, tree: Ones) -> Written:
    if not tree.axes:
        return "1", ATOM
    return ("\\mathbf{1}", ATOM) if len(tree.axes) == 1 else ("\\mathbf{1} \\mathbf{1}^\\top", PRODUCT)


def _opaque(w: Writer, tree: Opaque) -> Written:
    if tree.atom[0] == "num":
        return str(tree.atom[1]), ATOM
    text = latex(term_of({((tree.atom, 1),): 1}, w.taken), w.context)
    return (text, ATOM) if tree.atom[0] in ("ix", "pi", "el") else (text, SUM)


def _transpose(w: Writer, tree: Transpose) -> Written:
    if isinstance(tree.inner, Inverse):
        return w.raised(tree.inner.inner, "{-\\top}")
    return w.raised(tree.inner, "\\top")


def _product(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        text += (" \\cdot " if part[0].isdigit() else " ") + part if text else part
    return text


def _chain(w: Writer, tree: Chain) -> Written:
    return _product([w.at(f, PRODUCT) for f in tree.factors]), PRODUCT


def _hadamard(w: Writer, tree: Hadamard) -> Written:
    if is_number(tree):
        return _fraction(w, tree.factors, None)
    above = [f for f in tree.factors if not _is_divisor(f)]
    below = [f for f in tree.factors if _is_divisor(f)]
    text = " \\odot ".join(w.at(f, SCRIPTED) for f in above) if above else "1"
    for factor in below:
        assert isinstance(factor, Power)
        text += f" \\oslash {_power_text(w, factor.inner, -factor.exponent)}"
    return text, _HADAMARD


def _is_divisor(tree: Tree) -> bool:
    return isinstance(tree, Power) and tree.exponent < 0


def _power_text(w: Writer, inner: Tree, exponent: Fraction) -> str:
    """A positive power of every entry, as it stands beside ⊙."""
    if exponent == 1:
        return w.at(inner, SCRIPTED)
    return fitted(_power(w, Power(inner, exponent)), SCRIPTED)


def _fraction(w: Writer, numbers: Sequence[Tree], inner: str | None) -> Written:
    """Numbers and at most one array behind them; negative powers below a bar."""
    above = [n for n in numbers if not _is_divisor(n)]
    below = sorted((n for n in numbers if _is_divisor(n)), key=_no_size)
    over = _above(w, above) if below else _product([_front(w, n, inner is not None) for n in above])
    if not below:
        return _product([t for t in (over, inner) if t]), PRODUCT
    under = _product([_divisor(w, n, len(below)) for n in below])
    front = f"\\frac{{{over or '1'}}}{{{under}}}"
    return (f"{front} {inner}" if inner else front), PRODUCT


def _no_size(tree: Tree) -> bool:
    """For the order below a bar: sizes come first."""
    return not (isinstance(tree, Power) and isinstance(tree.inner, Opaque))


def _above(w: Writer, numbers: Sequence[Tree]) -> str:
    """What stands above a bar: a single sum needs no parentheses there."""
    return w.text(numbers[0]) if len(numbers) == 1 else _product([w.at(n, PRODUCT) for n in numbers])


def _front(w: Writer, tree: Tree, followed: bool) -> str:
    """A number before what it multiplies: (1ᵀ t) s."""
    return w.at(tree, SCRIPTED if followed and isinstance(tree, Chain) else PRODUCT)


def _divisor(w: Writer, tree: Tree, count: int) -> str:
    assert isinstance(tree, Power)
    exponent = -tree.exponent
    whole = tree.inner if exponent == 1 else Power(tree.inner, exponent)
    return w.at(whole, PRODUCT if count > 1 else SUM)


def _scaled(w: Writer, tree: Scaled) -> Written:
    return _fraction(w, tree.numbers, w.at(tree.inner, PRODUCT))


def _sum(w: Writer, tree: Sum) -> Written:
    if len(tree.terms) == 1:
        return _multiple(w, *tree.terms[0])
    text = ""
    for coefficient, term in tree.terms:
        part, _ = _literal(coefficient, term) or _multiple(w, coefficient, term)
        if part.startswith("-"):
            text += f" - {part[1:]}" if text else part
        else:
            text += f" + {part}" if text else part
    return text, SUM


def _literal(coefficient: Fraction, tree: Tree) -> Written | None:
    """A number in a sum stands for an array of that number."""
    return (_rational(coefficient), SUM) if isinstance(tree, Ones) else None


def _rational(value: Fraction) -> str:
    sign, size = "-" if value < 0 else "", abs(value)
    if size.denominator == 1:
        return f"{sign}{size.numerator}"
    return f"{sign}\\frac{{{size.numerator}}}{{{size.denominator}}}"


def _multiple(w: Writer, coefficient: Fraction, tree: Tree) -> Written:
    sign, size = "-" if coefficient < 0 else "", abs(coefficient)
    if isinstance(tree, Ones) and not tree.axes:
        return _rational(coefficient), ATOM if not sign and size.denominator == 1 else SUM
    if size == 1:
        text, level = w.written(tree)
        return (f"-{text if level > SUM else bracketed(text)}", SUM) if sign else (text, level)
    joined = _joined_fraction(w, size, tree)
    if joined is not None:
        return f"{sign}{joined}", SUM if sign else PRODUCT
    text, level = w.written(tree)
    body = text if level >= PRODUCT or (level == _HADAMARD and level > SUM) else bracketed(text)
    gap = " \\cdot " if body[0].isdigit() else " "
    return f"{sign}{_rational(size)}{gap}{body}", SUM if sign else min(level, PRODUCT) if level > SUM else PRODUCT


def _joined_fraction(w: Writer, size: Fraction, tree: Tree) -> str | None:
    """2/n rather than 2 · 1/n."""
    numbers: tuple[Tree, ...] = ()
    inner: Tree | None = None
    if isinstance(tree, Scaled):
        numbers, inner = tree.numbers, tree.inner
    elif is_number(tree) and isinstance(tree, (Hadamard, Power)):
        numbers = tree.factors if isinstance(tree, Hadamard) else (tree,)
    below = sorted((n for n in numbers if _is_divisor(n)), key=_no_size)
    if not below:
        return None
    above = [n for n in numbers if not _is_divisor(n)]
    digits = [str(size.numerator)] if size.numerator != 1 or not above else []
    under = [str(size.denominator)] if size.denominator != 1 else []
    over_text = _product([*digits, *(w.at(n, PRODUCT) for n in above)]) if digits else _above(w, above)
    under_text = _product([*under, *(_divisor(w, n, len(below) + len(under)) for n in below)])
    front = f"\\frac{{{over_text}}}{{{under_text}}}"
    return front if inner is None else f"{front} {w.at(inner, PRODUCT)}"


def _apply(w: Writer, tree: Apply) -> Written:
    name = spelled_function(tree.function) or function_name(tree.function)
    primes = "'" * tree.order
    if tree.function == "exp" and not tree.order and is_number(tree.inner):
        return f"e^{{{w.text(tree.inner)}}}", ATOM
    return f"{name}{primes}{bracketed(w.text(tree.inner))}", ATOM


def _power(w: Writer, tree: Power) -> Written:
    inner, exponent = tree.inner, tree.exponent
    if exponent < 0:
        if is_number(inner):
            return _fraction(w, [tree], None)
        return f"1 \\oslash {_power_text(w, inner, -exponent)}", _HADAMARD
    if exponent == Fraction(1, 2):
        if isinstance(inner, SquaredNorm):
            return f"\\|{w.text(inner.inner)}\\|", ATOM
        return f"\\sqrt{{{w.text(inner)}}}", ATOM
    if isinstance(inner, SquaredNorm) and (2 * exponent).denominator == 1:
        return f"\\|{w.text(inner.inner)}\\|^{{{2 * exponent}}}", SCRIPTED
    if not is_number(inner) and exponent.denominator == 1 and exponent <= 4:
        return " \\odot ".join([w.at(inner, SCRIPTED)] * int(exponent)), _HADAMARD
    return w.raised(inner, f"{{{exponent}}}" if is_number(inner) else f"{{\\odot {exponent}}}")


def _around(before: str, after: str) -> Callable[[Writer, Any], Written]:
    return lambda w, tree: (f"{before}{w.text(tree.inner)}{after}", ATOM)


def _word(word: str) -> Callable[[Writer, Any], Written]:
    return lambda w, tree: (f"{word}{bracketed(w.text(tree.inner))}", ATOM)


def _inverse(w: Writer, tree: Inverse) -> Written:
    return w.raised(tree.inner, "{-1}")


_ROWS: Mapping[type[Tree], Callable[[Writer, Any], Written]] = {
    Named: _named,
    Gradient: _gradient,
    Ones: _ones,
    Identity: lambda w, tree: ("I", ATOM),
    Opaque: _opaque,
    Transpose: _transpose,
    Chain: _chain,
    Hadamard: _hadamard,
    Scaled: _scaled,
    Sum: _sum,
    Apply: _apply,
    Power: _power,
    Absolute: _around("|", "|"),
    Positive: lambda w, tree: (f"\\mathbf{{1}}[{w.text(tree.inner)} > 0]", ATOM),
    Vanishing: lambda w, tree: (f"\\mathbf{{1}}[{w.text(tree.inner)} = 0]", ATOM),
    Diagonal: _word("\\operatorname{diag}"),
    Softmax: _word("\\operatorname{softmax}"),
    Trace: _word("\\operatorname{tr}"),
    Inverse: _inverse,
    Determinant: _word("\\det"),
    SquaredNorm: _around("\\|", "\\|^2"),
}

__all__ = ["matrix_latex", "shape"]
