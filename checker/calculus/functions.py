"""The functions that need no definition: SymPy's elementary ones, and those that open to them.

``ELEMENTARY`` is walked by every interpreter of terms (derivative, evaluator, printer).  ``STANDARD``
are functions with a fixed meaning in the field; a document that uses one without defining it gets the
row's definition into its context, so nothing downstream needs to know them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sympy
from sympy import Expr, Integer

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
    "erfi": sympy.erfi,
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


def ceiling(x: Expr) -> Expr:
    """⌈x⌉ = -⌊-x⌋."""
    return terms.negate(call("floor", terms.negate(x)))


def _square(x: Expr) -> Expr:
    return terms.power(x, _TWO)


def _root(x: Expr) -> Expr:
    return terms.power(x, _HALF)


def _clamped(x: Expr, low: int, high: int) -> Expr:
    above = sympy.Max(x, Integer(low), evaluate=False)
    return sympy.Min(above, Integer(high), evaluate=False)


def _sixth(x: Expr) -> Expr:
    """The hard sigmoid: x/6 + 1/2 between 0 and 1."""
    return terms.divide(_clamped(terms.add(x, Integer(3)), 0, 6), Integer(6))


def _log_gamma(x: Expr) -> Expr:
    return call("log", call("gamma", x))


def _beta(a: Expr, b: Expr) -> Expr:
    return terms.divide(terms.multiply(call("gamma", a), call("gamma", b)), call("gamma", terms.add(a, b)))


def _log_beta(a: Expr, b: Expr) -> Expr:
    return terms.add(_log_gamma(a), _log_gamma(b), terms.negate(_log_gamma(terms.add(a, b))))


def _erfcx(x: Expr) -> Expr:
    return terms.multiply(call("exp", _square(x)), _erfc(x))


def _dawson(x: Expr) -> Expr:
    """√π/2 · e^(-x²) · erfi x."""
    below = call("exp", terms.negate(_square(x)))
    return terms.multiply(_HALF, _root(sympy.pi), below, call("erfi", x))


def _of_degrees(name: str) -> Callable[[Expr], Expr]:
    return lambda x: call(name, terms.divide(terms.multiply(sympy.pi, x), Integer(180)))


def _in_degrees(name: str) -> Callable[[Expr], Expr]:
    return lambda x: terms.multiply(terms.divide(Integer(180), sympy.pi), call(name, x))


def _times_pi(name: str) -> Callable[[Expr], Expr]:
    return lambda x: call(name, terms.multiply(sympy.pi, x))


# name as written -> body
_OF_ONE: Mapping[str, Callable[[Expr], Expr]] = {
    "sigmoid": _sigmoid,
    "logistic": _sigmoid,
    "expit": _sigmoid,
    "softplus": _softplus,
    "log1pexp": _softplus,
    "logsigmoid": lambda x: terms.negate(_softplus(terms.negate(x))),
    "relu": _positive_part,
    "relu6": lambda x: _clamped(x, 0, 6),
    "hardtanh": lambda x: _clamped(x, -1, 1),
    "hardsigmoid": _sixth,
    "hardswish": lambda x: terms.multiply(x, _sixth(x)),
    "elu": _elu,
    "silu": lambda x: terms.multiply(x, _sigmoid(x)),
    "swish": lambda x: terms.multiply(x, _sigmoid(x)),
    "gelu": lambda x: terms.multiply(x, _normal_distribution(x)),
    "mish": lambda x: terms.multiply(x, call("tanh", _softplus(x))),
    "softsign": lambda x: terms.divide(x, terms.add(_ONE, sympy.Abs(x, evaluate=False))),
    "tanhshrink": lambda x: terms.add(x, terms.negate(call("tanh", x))),
    "logit": _logit,
    "log1p": lambda x: call("log", terms.add(_ONE, x)),
    "expm1": lambda x: terms.add(call("exp", x), Integer(-1)),
    "logexpm1": lambda x: call("log", terms.add(call("exp", x), Integer(-1))),
    "log1mexp": lambda x: call("log", terms.add(_ONE, terms.negate(call("exp", x)))),
    "log1psq": lambda x: call("log", terms.add(_ONE, _square(x))),
    "xlogx": lambda x: terms.multiply(x, call("log", x)),
    "exp2": lambda x: terms.power(_TWO, x),
    "exp10": lambda x: terms.power(Integer(10), x),
    "log2": lambda x: terms.divide(call("log", x), call("log", _TWO)),
    "log10": lambda x: terms.divide(call("log", x), call("log", Integer(10))),
    "cbrt": lambda x: terms.power(x, terms.number("1/3")),
    "rsqrt": lambda x: terms.power(x, terms.number("-1/2")),
    "deg2rad": lambda x: terms.divide(terms.multiply(sympy.pi, x), Integer(180)),
    "rad2deg": lambda x: terms.divide(terms.multiply(Integer(180), x), sympy.pi),
    **{f"{name}pi": _times_pi(name) for name in ("sin", "cos", "tan")},
    **{f"{name}d": _of_degrees(name) for name in ("sin", "cos", "tan", "sec", "csc", "cot")},
    **{f"{name}d": _in_degrees(name) for name in ("asin", "acos", "atan", "asec", "acsc", "acot")},
    "erfc": _erfc,
    "erfcx": _erfcx,
    "erfcinv": lambda x: call("erfinv", terms.add(_ONE, terms.negate(x))),
    "dawson": _dawson,
    "lgamma": _log_gamma,
    "loggamma": _log_gamma,
    "gammaln": _log_gamma,
    "trigamma": lambda x: terms.function_derivative("digamma", (1,), x),
}
_OF_TWO: Mapping[str, Callable[[Expr, Expr], Expr]] = {
    "hypot": lambda x, y: _root(terms.add(_square(x), _square(y))),
    "beta": _beta,
    "logbeta": _log_beta,
    "logaddexp": lambda x, y: call("log", terms.add(call("exp", x), call("exp", y))),
    "xlogy": lambda x, y: terms.multiply(x, call("log", y)),
    "xlog1py": lambda x, y: terms.multiply(x, call("log", terms.add(_ONE, y))),
    "ldexp": lambda x, y: terms.multiply(x, terms.power(_TWO, y)),
}


def standard(name: str) -> FunctionDefinition | None:
    """The fixed meaning of a function that the document itself does not define, or None.

    Capital letters make no difference: ReLU, relu and RELU are one function, kept under the name written.
    """
    first, second = terms.scalar("x"), terms.scalar("y")
    of_one, of_two = _OF_ONE.get(name.lower()), _OF_TWO.get(name.lower())
    if of_one is not None:
        return FunctionDefinition(name, (first,), of_one(first))
    return None if of_two is None else FunctionDefinition(name, (first, second), of_two(first, second))


STANDARD = frozenset(_OF_ONE) | frozenset(_OF_TWO)
