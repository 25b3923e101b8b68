"""The functions that need no definition: SymPy's elementary ones, and those that open to them.

``ELEMENTARY`` is walked by every interpreter of terms (derivative, evaluator, printer).  ``STANDARD``
are functions with a fixed meaning in the field; a document that uses one without defining it gets the
row's definition into its context, so nothing downstream needs to know them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy
from sympy import Expr, Integer, Symbol

from checker.calculus import terms
from checker.calculus.context import FunctionDefinition

# name as written (without backslash) -> the SymPy function; all are scalar functions
ELEMENTARY: Mapping[str, type[Expr]] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "sec": sympy.sec,
    "csc": sympy.csc,
    "cot": sympy.cot,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "sech": sympy.sech,
    "csch": sympy.csch,
    "coth": sympy.coth,
    "asin": sympy.asin,
    "acos": sympy.acos,
    "atan": sympy.atan,
    "asec": sympy.asec,
    "acsc": sympy.acsc,
    "acot": sympy.acot,
    "asinh": sympy.asinh,
    "acosh": sympy.acosh,
    "atanh": sympy.atanh,
    "asech": sympy.asech,
    "acsch": sympy.acsch,
    "acoth": sympy.acoth,
    "atan2": sympy.atan2,
    "erf": sympy.erf,
    "erfinv": sympy.erfinv,
    "gamma": sympy.gamma,
    "digamma": sympy.digamma,
    "sign": sympy.sign,
    "floor": sympy.floor,
}

ARITIES: Mapping[str, int] = {"atan2": 2}  # every other elementary function takes one argument

# other spellings of the same functions
SPELLINGS: Mapping[str, str] = {
    "ln": "log",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arcsec": "asec",
    "arccsc": "acsc",
    "arccot": "acot",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "arsech": "asech",
    "arcsch": "acsch",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arcsech": "asech",
    "arccsch": "acsch",
    "arccoth": "acoth",
    "arcoth": "acoth",
    "arctan2": "atan2",
    "sgn": "sign",
    "tg": "tan",
    "ctg": "cot",
    "th": "tanh",
    "sh": "sinh",
    "ch": "cosh",
}


def elementary(name: str) -> str | None:
    """The canonical name of an elementary function as spelled, or None."""
    known = SPELLINGS.get(name, name)
    return known if known in ELEMENTARY else None


def call(name: str, *arguments: Expr) -> Expr:
    """An elementary function applied, without evaluating anything."""
    return ELEMENTARY[name](*arguments, evaluate=False)


# ------------------------------------------------------------------------- functions that open to them

_ONE, _HALF, _TWO = Integer(1), terms.number("1/2"), Integer(2)


def _sigmoid(x: Expr) -> Expr:
    return terms.divide(_ONE, terms.add(_ONE, call("exp", terms.negate(x))))


def _softplus(x: Expr) -> Expr:
    return call("log", terms.add(_ONE, call("exp", x)))


def _positive_part(x: Expr) -> Expr:
    return sympy.Max(x, Integer(0), evaluate=False)


def _elu(x: Expr) -> Expr:
    return terms.cases((x, sympy.Gt(x, 0, evaluate=False)), otherwise=terms.add(call("exp", x), Integer(-1)))


def _normal_distribution(x: Expr) -> Expr:
    inner = terms.divide(x, terms.power(_TWO, _HALF))
    return terms.multiply(_HALF, terms.add(_ONE, call("erf", inner)))


def _erfc(x: Expr) -> Expr:
    return terms.add(_ONE, terms.negate(call("erf", x)))


def _logit(x: Expr) -> Expr:
    return call("log", terms.divide(x, terms.add(_ONE, terms.negate(x))))


# name as written -> body
STANDARD: Mapping[str, Callable[[Expr], Expr]] = {
    "sigmoid": _sigmoid,
    "logistic": _sigmoid,
    "expit": _sigmoid,
    "softplus": _softplus,
    "relu": _positive_part,
    "elu": _elu,
    "silu": lambda x: terms.multiply(x, _sigmoid(x)),
    "swish": lambda x: terms.multiply(x, _sigmoid(x)),
    "gelu": lambda x: terms.multiply(x, _normal_distribution(x)),
    "erfc": _erfc,
    "logit": _logit,
    "log1p": lambda x: call("log", terms.add(_ONE, x)),
    "expm1": lambda x: terms.add(call("exp", x), Integer(-1)),
    "softsign": lambda x: terms.divide(x, terms.add(_ONE, sympy.Abs(x, evaluate=False))),
    "mish": lambda x: terms.multiply(x, call("tanh", _softplus(x))),
}


def standard(name: str) -> FunctionDefinition | None:
    """The fixed meaning of a function that the document itself does not define, or None.

    Capital letters make no difference: ReLU, relu and RELU are one function, kept under the name written.
    """
    body = STANDARD.get(name.lower())
    if body is None:
        return None
    parameter: Symbol = terms.scalar("x")
    return FunctionDefinition(name, (parameter,), body(parameter))
