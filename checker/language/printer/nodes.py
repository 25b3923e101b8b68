"""Binders, deltas, cases, functions, derivatives, conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy
from sympy import Abs, Indexed, KroneckerDelta, Piecewise, Symbol
from sympy.core.function import AppliedUndef
from sympy.core.relational import Relational
from sympy.logic.boolalg import And, Not, Or

from checker.calculus.terms import FunctionDerivative, Partial
from checker.language.printer.algebra import exponential
from checker.language.printer.names import braced, function_name, joined
from checker.language.printer.writing import ATOM, OPEN, PRODUCT, SUM, Printer, Written, bracketed


def binder(sign: str) -> Callable[[Printer, Any], Written]:
    def write(p: Printer, term: Any) -> Written:
        text = ""
        for bound, lower, upper in term.limits:
            text = f"{sign}_{{{p.text(bound)}={p.index(lower)}}}^{{{p.index(upper)}}} " + text
        return text + p.at(term.function, OPEN), OPEN

    return write


def delta(p: Printer, term: KroneckerDelta) -> Written:
    return f"\\delta_{braced(joined([p.index(i) for i in term.args[:2]]))}", ATOM


def cases(p: Printer, term: Piecewise) -> Written:
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


def spelled_function(name: str) -> str | None:
    """An elementary function as it stands before a parenthesis; None for any other."""
    return "\\exp" if name == "exp" else _FUNCTION_NAMES.get(name)


def elementary(name: str) -> Callable[[Printer, Any], Written]:
    written = _FUNCTION_NAMES.get(name, f"\\operatorname{{{name}}}")
    return lambda p, term: (written + p.arguments(term.args), ATOM)


def any_function(p: Printer, term: Any) -> Written:
    """A function of SymPy that has no row of its own."""
    return elementary(type(term).__name__)(p, term)


def exp(p: Printer, term: Any) -> Written:
    return exponential(p, term.args[0])


def polygamma(p: Printer, term: Any) -> Written:
    order, argument = term.args
    name = "\\operatorname{digamma}" if order == 0 else f"\\psi^{{({p.text(order)})}}"
    return name + p.arguments([argument]), ATOM


def floor(p: Printer, term: Any) -> Written:
    return f"\\lfloor {p.text(term.args[0])} \\rfloor", ATOM


def absolute(p: Printer, term: Abs) -> Written:
    text = p.text(term.args[0])
    return (f"\\left| {text} \\right|" if "|" in text or "\\frac" in text else f"|{text}|"), ATOM


def extreme(name: str) -> Callable[[Printer, Any], Written]:
    return lambda p, term: (f"\\{name}{p.arguments(sorted(term.args, key=sympy.default_sort_key))}", ATOM)


def applied(p: Printer, term: AppliedUndef) -> Written:
    return function_name(str(term.func)) + p.arguments(term.args), ATOM


def function_derivative(p: Printer, term: FunctionDerivative) -> Written:
    """``f'(u)``; for several arguments, ``\\partial_{1,2} f(u, v)`` names the slots."""
    name, arguments = function_name(term.function), p.arguments(term.arguments)
    if len(term.orders) == 1:
        order = term.orders[0]
        return name + ("'" * order if order < 4 else f"^{{({order})}}") + arguments, ATOM
    slots = [str(slot) for slot, order in enumerate(term.orders, 1) for _ in range(order)]
    return f"\\partial_{braced(','.join(slots))} {name}{arguments}", OPEN


def partial(p: Printer, term: Partial) -> Written:
    """``\\frac{\\partial E}{\\partial A_{ij}}``; what is no name stands after the fraction."""
    order = len(term.variables)
    sign = "\\partial" if order == 1 else f"\\partial^{braced(str(order))}"
    below = " ".join(f"\\partial {p.text(v)}" for v in term.variables)
    if isinstance(term.expression, Symbol | Indexed | AppliedUndef):
        return f"\\frac{{{sign} {p.text(term.expression)}}}{{{below}}}", PRODUCT
    text, level = p.written(term.expression)
    operand = bracketed(text) if level in (SUM, PRODUCT) else text
    return f"\\frac{{{sign}}}{{{below}}} {operand}", OPEN


# ------------------------------------------------------------------------------------ conditions

_RELATIONS = {"==": "=", "!=": "\\ne", "<": "<", "<=": "\\le", ">": ">", ">=": "\\ge"}


def relation(p: Printer, term: Relational) -> Written:
    left, right = term.args
    return f"{p.text(left)} {_RELATIONS[term.rel_op]} {p.text(right)}", SUM


def joined_by(word: str) -> Callable[[Printer, Any], Written]:
    def write(p: Printer, term: Any) -> Written:
        parts = sorted(term.args, key=sympy.default_sort_key)
        nested = [f"({p.text(part)})" if isinstance(part, And | Or) else p.text(part) for part in parts]
        return f" \\text{{ {word} }} ".join(nested), SUM

    return write


def not_(p: Printer, term: Not) -> Written:
    return f"\\neg ({p.text(term.args[0])})", ATOM
