"""Terms back to LaTeX, in the style of an author: ``latex(term)`` and ``latex(term, context)``.

One function per node type; a node without a row in the table is refused by name.  Every function
returns the text and its *level*, which says where it needs parentheses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import (
    Abs,
    Add,
    Expr,
    Indexed,
    Integer,
    KroneckerDelta,
    Max,
    Min,
    Mul,
    Piecewise,
    Pow,
    Product,
    Rational,
    Sum,
    Symbol,
)
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, BooleanFalse, BooleanTrue, Not, Or

from checker.calculus.context import Context
from checker.calculus.functions import ELEMENTARY
from checker.calculus.terms import (
    Determinant,
    FunctionDerivative,
    Inverse,
    MatrixNode,
    MatrixPower,
    Maximum,
    Partial,
    indices_of,
    name_of,
)

# How tightly a text holds together.  OPEN takes in whatever is multiplied from the right (a sum sign
# does); SCRIPTED has a superscript already.
SUM, OPEN, PRODUCT, SCRIPTED, ATOM = range(5)
Written = tuple[str, int]


def latex(term: Any, context: Context | None = None) -> str:
    """LaTeX of a term or of a condition.  With a context, layer labels stand in superscripts.

    Raises ``TypeError`` for what is no node of the term language.
    """
    return _Printer(context or Context(), _names_in(term)).text(term)


def _names_in(term: Any) -> frozenset[str]:
    return frozenset(str(s) for s in term.free_symbols) if hasattr(term, "free_symbols") else frozenset()


@dataclass(frozen=True)
class _Printer:
    context: Context
    names: frozenset[str]

    def text(self, term: Any) -> str:
        return self.written(term)[0]

    def written(self, term: Any) -> Written:
        for kind in type(term).__mro__:
            row = _ROWS.get(kind)
            if row is not None:
                return row(self, term)
        raise TypeError(f"no LaTeX for the node {type(term).__name__}")

    def at(self, term: Any, level: int) -> str:
        """The text of ``term``, in parentheses where it holds together less tightly than ``level``."""
        return fitted(self.written(term), level)

    def index(self, term: Any) -> str:
        """An index expression as it stands in a script: ``i+k-1``."""
        close = self.text(term).replace(" + ", "+").replace(" - ", "-")
        return re.sub(r"(?<=[0-9]) (?=[A-Za-z])", "", close)

    def knows(self, name: str) -> bool:
        """Whether the name means something else in this term or document."""
        return name in self.names or name in self.context.variables or name in self.context.definitions

    def arguments(self, terms: Iterable[Any]) -> str:
        return bracketed(", ".join(self.text(term) for term in terms))


def fitted(written: Written, level: int) -> str:
    text, own = written
    return text if own >= level else bracketed(text)


def bracketed(text: str, kind: str = "()") -> str:
    """In parentheses, which grow with what is inside where that is tall."""
    tall = any(mark in text for mark in ("\\frac", "\\sum", "\\prod", "\\begin", "\\sqrt"))
    return f"\\left{kind[0]} {text} \\right{kind[1]}" if tall else f"{kind[0]}{text}{kind[1]}"


# ----------------------------------------------------------------------------------------- names

_GREEK = frozenset(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho "
    "sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
    "ell".split()
)
_PLAIN_SUBSCRIPT = re.compile(r"([A-Za-z]+)_([A-Za-z0-9]+)")
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_NUMBERED = re.compile(r"([A-Za-z])([0-9]+)")


def spelled(name: str) -> str:
    """A name as LaTeX.  Most are LaTeX already; words, ``sigma`` and ``w_out`` (from Python callers) are not."""
    if name in _GREEK:
        return f"\\{name}"
    if _LETTERS.fullmatch(name):
        return f"\\mathrm{{{name}}}"
    if match := _PLAIN_SUBSCRIPT.fullmatch(name):
        return f"{spelled(match[1])}_{braced(match[2])}"
    return name


def braced(text: str) -> str:
    single = len(text) == 1 or re.fullmatch(r"\\[A-Za-z]+", text) is not None
    return text if single else f"{{{text}}}"


def _own_scripts(name: str) -> tuple[bool, bool]:
    """Whether the spelling carries a subscript, a superscript (or prime), outside of braces."""
    depth, below, above = 0, False, False
    for character in name:
        depth += {"{": 1, "}": -1}.get(character, 0)
        below = below or (character == "_" and depth == 0)
        above = above or (character in "^'" and depth == 0)
    return below, above


def _scripted(name: str, below: str, above: str) -> Written:
    """A name with its indices below and its labels above."""
    text = spelled(name)
    has_below, has_above = _own_scripts(text)
    if (below and has_below) or (above and has_above) or text.endswith(")"):
        text, has_below, has_above = f"({text})", False, False
    text += f"^{{({above})}}" if above else ""
    text += f"_{braced(below)}" if below else ""
    return text, SCRIPTED if above or has_above else ATOM


def joined(indices: Sequence[str]) -> str:
    """Indices of one subscript: juxtaposed where that is clear, otherwise with commas."""
    clear = all((len(i) == 1 and i.isalpha()) or re.fullmatch(r"\\[A-Za-z]+", i) for i in indices)
    if len(indices) < 2 or not clear:
        return ",".join(indices)
    text = indices[0]
    for index in indices[1:]:
        text += " " + index if text[-1].isalpha() and "\\" in text.split(" ")[-1] and index[0].isalpha() else index
    return text


def _symbol(p: _Printer, term: Symbol) -> Written:
    name = str(term.name)
    if term.is_integer and (match := _NUMBERED.fullmatch(name)):
        return f"{match[1]}_{braced(match[2])}", ATOM
    text = spelled(name)
    return text, SCRIPTED if _own_scripts(text)[1] else ATOM


def _indexed(p: _Printer, term: Indexed) -> Written:
    return _element(p, name_of(term), indices_of(term))


def _element(p: _Printer, name: str, indices: Sequence[Any]) -> Written:
    variable = p.context.variables.get(name)
    labels = variable.labels if variable is not None else 0
    texts = [p.index(index) for index in indices]
    return _scripted(name, joined(texts[labels:]), ",".join(texts[:labels]))


# --------------------------------------------------------------------------------------- algebra


def _rational(p: _Printer, term: Rational) -> Written:
    numerator, denominator = int(term.p), int(term.q)
    if denominator == 1:
        return str(numerator), ATOM if numerator >= 0 else SUM
    text = f"\\frac{{{abs(numerator)}}}{{{denominator}}}"
    return (text, PRODUCT) if numerator > 0 else (f"-{text}", SUM)


def _constant(text: str, level: int = ATOM) -> Callable[[_Printer, Any], Written]:
    return lambda p, term: (text, level)


def _sum(p: _Printer, term: Add) -> Written:
    text = ""
    parts = sorted(term.args, key=_is_number) if term.is_integer else term.args  # i + k - 1, but 1 - x
    for part in parts:
        written, _ = p.written(part)
        if written.startswith("-"):
            text += f" - {written[1:]}" if text else written
        else:
            text += f" + {written}" if text else written
    return text, SUM


def _is_number(term: Any) -> bool:
    return isinstance(term, Rational)


def _is_negative(term: Any) -> bool:
    return isinstance(term, Rational) and term.p < 0


def _product(p: _Printer, term: Mul) -> Written:
    sign, above, below, coefficient = _split(term.args)
    written = [p.written(factor) for factor in above]
    opened = [place for place, (_, level) in enumerate(written) if level == OPEN]
    last = written.pop(opened[-1])[0] if opened else None
    text = _quotient(p, written, below, coefficient, last is not None)
    if last is not None:
        text = _juxtaposed([text, last] if text else [last])
    if sign < 0:
        return f"-{text}", SUM
    return text, PRODUCT if last is None else OPEN


def _split(factors: Sequence[Any]) -> tuple[int, list[Any], list[Any], Rational]:
    """The sign, the factors above and below a fraction bar, and the numerical coefficient."""
    coefficient: Any = Integer(1)
    above: list[Any] = []
    below: list[Any] = []
    for factor in factors:
        if isinstance(factor, Mul):
            sign, more_above, more_below, number = _split(factor.args)
            coefficient = coefficient * number * sign
            above += more_above
            below += more_below
        elif isinstance(factor, Rational):
            coefficient = coefficient * factor
        elif isinstance(factor, Pow) and _is_negative(factor.exp):
            below.append(_power_of(factor.base, -factor.exp))
        else:
            above.append(factor)
    sign = -1 if coefficient.p < 0 else 1
    return sign, above, below, coefficient * sign


def _power_of(base: Any, exponent: Any) -> Any:
    return base if exponent == 1 else Pow(base, exponent, evaluate=False)


def _quotient(p: _Printer, above: list[Written], below: list[Any], coefficient: Any, followed: bool) -> str:
    """Coefficient and factors as one product or fraction; empty for a 1 that something follows."""
    numerator, denominator = int(coefficient.p), int(coefficient.q)
    if not below:
        parts = [] if coefficient == 1 and (above or followed) else [p.text(coefficient)]
        return _juxtaposed(parts + [fitted(factor, PRODUCT) for factor in above])
    over = [str(numerator)] if numerator != 1 or not above else []
    under = [str(denominator)] if denominator != 1 else []
    over += [fitted(factor, PRODUCT if len(above) + len(over) > 1 else SUM) for factor in above]
    under += [p.at(factor, PRODUCT if len(below) + len(under) > 1 else SUM) for factor in below]
    return f"\\frac{{{_juxtaposed(over)}}}{{{_juxtaposed(under)}}}"


def _juxtaposed(parts: Sequence[str]) -> str:
    text = ""
    for part in parts:
        if text:
            text += " \\cdot " if part[0].isdigit() else " "
        text += part
    return text


def _power(p: _Printer, term: Pow) -> Written:
    base, exponent = term.base, term.exp
    if _is_negative(exponent):
        return f"\\frac{{1}}{{{p.text(_power_of(base, -exponent))}}}", PRODUCT
    if exponent == Rational(1, 2):
        return f"\\sqrt{{{p.text(base)}}}", ATOM
    if base == sympy.E:
        return _exponential(p, exponent)
    return f"{p.at(base, ATOM)}^{braced(_exponent(p, exponent))}", SCRIPTED


def _exponent(p: _Printer, exponent: Any) -> str:
    """Fractions in an exponent stand on one line."""
    if isinstance(exponent, Rational) and exponent.q != 1:
        return f"{exponent.p}/{exponent.q}"
    return p.text(exponent)


# ------------------------------------------------------------------------- binders, deltas, cases


def _binder(sign: str) -> Callable[[_Printer, Any], Written]:
    def write(p: _Printer, term: Any) -> Written:
        text = ""
        for bound, lower, upper in term.limits:
            text = f"{sign}_{{{p.text(bound)}={p.index(lower)}}}^{{{p.index(upper)}}} " + text
        return text + p.at(term.function, OPEN), OPEN

    return write


def _delta(p: _Printer, term: KroneckerDelta) -> Written:
    return f"\\delta_{braced(joined([p.index(i) for i in term.args[:2]]))}", ATOM


def _cases(p: _Printer, term: Piecewise) -> Written:
    rows = [(pair.args[0], pair.args[1]) for pair in term.args]
    if len(rows) == 2 and rows[0][0] == 1 and rows[1][0] == 0 and rows[1][1] == True:  # noqa: E712  # SymPy's true
        return f"\\mathbb{{1}}{bracketed(p.text(rows[0][1]), '[]')}", ATOM
    lines = [
        f"{p.text(value)} & " + ("\\text{otherwise}" if condition == True else f"\\text{{if }} {p.text(condition)}")  # noqa: E712
        for value, condition in rows
    ]
    return "\\begin{cases} " + " \\\\ ".join(lines) + " \\end{cases}", SUM


# ------------------------------------------------------------------------------------- functions

_FUNCTION_NAMES: Mapping[str, str] = {
    **{name: f"\\{name}" for name in "log sin cos tan sec csc cot sinh cosh tanh coth".split()},
    "asin": "\\arcsin",
    "acos": "\\arccos",
    "atan": "\\arctan",
    "asec": "\\operatorname{arcsec}",
    "acsc": "\\operatorname{arccsc}",
    "acot": "\\operatorname{arccot}",
    "asinh": "\\operatorname{arsinh}",
    "acosh": "\\operatorname{arcosh}",
    "atanh": "\\operatorname{artanh}",
    "asech": "\\operatorname{arsech}",
    "acsch": "\\operatorname{arcsch}",
    "acoth": "\\operatorname{arcoth}",
    "atan2": "\\operatorname{arctan2}",
    "gamma": "\\Gamma",
}


def _elementary(name: str) -> Callable[[_Printer, Any], Written]:
    written = _FUNCTION_NAMES.get(name, f"\\operatorname{{{name}}}")
    return lambda p, term: (written + p.arguments(term.args), ATOM)


def _exp(p: _Printer, term: Any) -> Written:
    return _exponential(p, term.args[0])


def _exponential(p: _Printer, exponent: Any) -> Written:
    """``e^{x}``, or ``\\exp(x)`` where e is a name."""
    if p.knows("e"):
        return f"\\exp{p.arguments([exponent])}", ATOM
    return f"e^{{{p.text(exponent)}}}", SCRIPTED


def _polygamma(p: _Printer, term: Any) -> Written:
    order, argument = term.args
    name = "\\operatorname{digamma}" if order == 0 else f"\\psi^{{({p.text(order)})}}"
    return name + p.arguments([argument]), ATOM


def _floor(p: _Printer, term: Any) -> Written:
    return f"\\lfloor {p.text(term.args[0])} \\rfloor", ATOM


def _absolute(p: _Printer, term: Abs) -> Written:
    text = p.text(term.args[0])
    return (f"\\left| {text} \\right|" if "|" in text or "\\frac" in text else f"|{text}|"), ATOM


def _extreme(name: str) -> Callable[[_Printer, Any], Written]:
    return lambda p, term: (f"\\{name}{p.arguments(sorted(term.args, key=sympy.default_sort_key))}", ATOM)


def _function_name(name: str) -> str:
    return f"\\operatorname{{{name}}}" if _LETTERS.fullmatch(name) and name not in _GREEK else spelled(name)


def _applied(p: _Printer, term: AppliedUndef) -> Written:
    return _function_name(str(term.func)) + p.arguments(term.args), ATOM


def _function_derivative(p: _Printer, term: FunctionDerivative) -> Written:
    """``f'(u)``; for several arguments, ``\\partial_{1,2} f(u, v)`` names the slots."""
    name, arguments = _function_name(term.function), p.arguments(term.arguments)
    if len(term.orders) == 1:
        order = term.orders[0]
        return name + ("'" * order if order < 4 else f"^{{({order})}}") + arguments, ATOM
    slots = [str(slot) for slot, order in enumerate(term.orders, 1) for _ in range(order)]
    return f"\\partial_{braced(','.join(slots))} {name}{arguments}", OPEN


def _partial(p: _Printer, term: Partial) -> Written:
    """``\\frac{\\partial E}{\\partial A_{ij}}``; what is no name stands after the fraction."""
    order = len(term.variables)
    sign = "\\partial" if order == 1 else f"\\partial^{braced(str(order))}"
    below = " ".join(f"\\partial {p.text(v)}" for v in term.variables)
    if isinstance(term.expression, Symbol | Indexed | AppliedUndef):
        return f"\\frac{{{sign} {p.text(term.expression)}}}{{{below}}}", PRODUCT
    text, level = p.written(term.expression)
    operand = bracketed(text) if level in (SUM, PRODUCT) else text
    return f"\\frac{{{sign}}}{{{below}}} {operand}", OPEN


# -------------------------------------------------------------------------------------- matrices


def _matrix(p: _Printer, row: Symbol, column: Symbol, body: Any) -> Written | None:
    """The matrix with the entries ``body`` by name: ``X``, ``X^\\top``, ``A B``, sums and multiples of these."""
    match body:
        case Indexed():
            return _named_matrix(p, row, column, body)
        case KroneckerDelta() if {*body.args[:2]} == {row, column} and not p.knows("I"):
            return "I", ATOM
        case Add():
            parts = [_matrix(p, row, column, part) for part in body.args]
            known = [part[0] for part in parts if part is not None]
            text = " + ".join(known).replace("+ -", "- ")
            return (text, SUM) if len(known) == len(parts) else None
        case Mul():
            return _matrix_multiple(p, row, column, body)
        case Sum():
            return _matrix_product(p, row, column, body)
        case _:
            return None


def _named_matrix(p: _Printer, row: Symbol, column: Symbol, body: Indexed) -> Written | None:
    *rest, first, second = (None, None, *indices_of(body))
    if any(i is not None and {row, column} & i.free_symbols for i in rest):
        return None
    text, level = _element(p, name_of(body), [i for i in rest if i is not None])
    if (first, second) == (row, column):
        return text, level
    return (f"{text if level == ATOM else f'({text})'}^\\top", SCRIPTED) if (first, second) == (column, row) else None


def _matrix_multiple(p: _Printer, row: Symbol, column: Symbol, body: Mul) -> Written | None:
    """A scalar times a matrix."""
    dependent = [f for f in body.args if {row, column} & f.free_symbols]
    if len(dependent) != 1:
        return None
    inner = _matrix(p, row, column, dependent[0])
    if inner is None:
        return None
    scalars = Mul(*(f for f in body.args if f is not dependent[0]), evaluate=False)
    text = inner[0] if inner[1] >= PRODUCT else bracketed(inner[0])
    if scalars == -1:
        return f"-{text}", SUM
    return f"{p.at(scalars, PRODUCT)} {text}", PRODUCT


def _matrix_product(p: _Printer, row: Symbol, column: Symbol, body: Sum) -> Written | None:
    """``\\sum_q A_{iq} B_{qj}`` is ``A B``."""
    if len(body.limits) != 1 or not isinstance(body.function, Mul):
        return None
    bound = body.limits[0][0]
    left = [f for f in body.function.args if row in f.free_symbols]
    right = [f for f in body.function.args if column in f.free_symbols]
    if len(left) != 1 or len(right) != 1 or left == right or len(body.function.args) != 2:
        return None
    first, second = _matrix(p, row, bound, left[0]), _matrix(p, bound, column, right[0])
    if first is None or second is None:
        return None
    texts = [text if level >= PRODUCT else bracketed(text) for text, level in (first, second)]
    return " ".join(texts), PRODUCT


def _whole(p: _Printer, node: MatrixNode) -> Written:
    named = _matrix(p, node.row, node.column, node.body)
    if named is not None:
        return named
    entry = bracketed(p.text(node.body), "[]")
    return f"{entry}_{{{p.text(node.row)},{p.text(node.column)}=1}}^{{{p.text(node.order)}}}", SCRIPTED


def _raised(p: _Printer, node: MatrixNode, exponent: str, position: Sequence[Any]) -> Written:
    text, level = _whole(p, node)
    if exponent == "-1" and text.endswith("^\\top"):
        text, exponent, level = text.removesuffix("^\\top"), "-\\top", ATOM
    base = text if level == ATOM else bracketed(text)
    return f"({base}^{braced(exponent)})_{braced(joined([p.index(i) for i in position]))}", ATOM


def _inverse(p: _Printer, term: Inverse) -> Written:
    return _raised(p, term, "-1", term.position)


def _matrix_power(p: _Printer, term: MatrixPower) -> Written:
    return _raised(p, term, p.text(term.exponent), term.position)


def _determinant(p: _Printer, term: Determinant) -> Written:
    return f"\\det{bracketed(_whole(p, term)[0])}", ATOM


# ------------------------------------------------------------------------------------ conditions

_RELATIONS = {"==": "=", "!=": "\\ne", "<": "<", "<=": "\\le", ">": ">", ">=": "\\ge"}


def _relation(p: _Printer, term: Relational) -> Written:
    left, right = term.args
    return f"{p.text(left)} {_RELATIONS[term.rel_op]} {p.text(right)}", SUM


def _joined_by(word: str) -> Callable[[_Printer, Any], Written]:
    def write(p: _Printer, term: Any) -> Written:
        parts = sorted(term.args, key=sympy.default_sort_key)
        nested = [f"({p.text(part)})" if isinstance(part, And | Or) else p.text(part) for part in parts]
        return f" \\text{{ {word} }} ".join(nested), SUM

    return write


def _not(p: _Printer, term: Not) -> Written:
    return f"\\neg ({p.text(term.args[0])})", ATOM


_ROWS: dict[type, Callable[[_Printer, Any], Written]] = {
    Rational: _rational,
    Symbol: _symbol,
    Indexed: _indexed,
    Add: _sum,
    Mul: _product,
    Pow: _power,
    Sum: _binder("\\sum"),
    Product: _binder("\\prod"),
    Maximum: _binder("\\max"),
    KroneckerDelta: _delta,
    Piecewise: _cases,
    AppliedUndef: _applied,
    FunctionDerivative: _function_derivative,
    Partial: _partial,
    Inverse: _inverse,
    Determinant: _determinant,
    MatrixPower: _matrix_power,
    Abs: _absolute,
    Max: _extreme("max"),
    Min: _extreme("min"),
    **{kind: _elementary(name) for name, kind in ELEMENTARY.items()},
    sympy.exp: _exp,
    sympy.floor: _floor,
    sympy.polygamma: _polygamma,
    type(sympy.oo): _constant("\\infty"),
    type(-sympy.oo): _constant("-\\infty", SUM),
    type(sympy.pi): _constant("\\pi"),
    type(sympy.E): _constant("e"),
    Relational: _relation,
    And: _joined_by("and"),
    Or: _joined_by("or"),
    Not: _not,
    BooleanTrue: _constant("\\text{true}"),
    BooleanFalse: _constant("\\text{false}"),
}
assert Expr not in _ROWS  # an unknown node is refused, never printed by chance
