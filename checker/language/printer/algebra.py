"""Numbers, sums, products, powers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sympy
from sympy import Add, Integer, KroneckerDelta, Mul, Pow, Rational, Symbol

from checker.language.printer.names import braced
from checker.language.printer.writing import ATOM, OPEN, PRODUCT, SCRIPTED, SUM, Printer, Written, fitted, juxtaposed


def rational(p: Printer, term: Rational) -> Written:
    numerator, denominator = int(term.p), int(term.q)
    if denominator == 1:
        return str(numerator), ATOM if numerator >= 0 else SUM
    text = f"\\frac{{{abs(numerator)}}}{{{denominator}}}"
    return (text, PRODUCT) if numerator > 0 else (f"-{text}", SUM)


def constant(text: str, level: int = ATOM) -> Callable[[Printer, Any], Written]:
    return lambda p, term: (text, level)


def sum_(p: Printer, term: Add) -> Written:
    text = ""
    parts = term.args
    if _is_integral(term) or _is_negative(parts[0]):
        parts = sorted(parts, key=_is_number)  # i + k - 1 and x - 1, but 1 - x
    for part in parts:
        written, _ = p.written(part)
        if written.startswith("-"):
            text += f" - {written[1:]}" if text else written
        else:
            text += f" + {written}" if text else written
    return text, SUM


def _is_integral(term: Any) -> bool:
    """Whether a term is integer arithmetic to the eye (SymPy's own answer may take longer than the proof)."""
    if isinstance(term, Add | Mul | KroneckerDelta):
        return all(_is_integral(part) for part in term.args)
    if isinstance(term, Pow):
        return isinstance(term.args[1], Integer) and term.args[1] >= 0 and _is_integral(term.args[0])
    return isinstance(term, Integer) or (isinstance(term, Symbol) and bool(term.is_integer))


def _is_number(term: Any) -> bool:
    return isinstance(term, Rational)


def _is_negative(term: Any) -> bool:
    return isinstance(term, Rational) and term.p < 0


def product(p: Printer, term: Mul) -> Written:
    sign, above, below, coefficient = _split(term.args)
    written = [p.written(factor) for factor in above]
    opened = [place for place, (_, level) in enumerate(written) if level == OPEN]
    last = written.pop(opened[-1])[0] if opened else None
    text = _quotient(p, written, below, coefficient, last is not None)
    if last is not None:
        text = juxtaposed([text, last] if text else [last])
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


def _quotient(p: Printer, above: list[Written], below: list[Any], coefficient: Any, followed: bool) -> str:
    """Coefficient and factors as one product or fraction; empty for a 1 that something follows."""
    numerator, denominator = int(coefficient.p), int(coefficient.q)
    if not below:
        parts = [] if coefficient == 1 and (above or followed) else [p.text(coefficient)]
        return juxtaposed(parts + [fitted(factor, PRODUCT) for factor in above])
    over = [str(numerator)] if numerator != 1 or not above else []
    under = [str(denominator)] if denominator != 1 else []
    over += [fitted(factor, PRODUCT if len(above) + len(over) > 1 else SUM) for factor in above]
    under += [p.at(factor, PRODUCT if len(below) + len(under) > 1 else SUM) for factor in below]
    return f"\\frac{{{juxtaposed(over)}}}{{{juxtaposed(under)}}}"


def power(p: Printer, term: Pow) -> Written:
    base, exponent = term.base, term.exp
    if _is_negative(exponent):
        return f"\\frac{{1}}{{{p.text(_power_of(base, -exponent))}}}", PRODUCT
    if exponent == Rational(1, 2):
        return f"\\sqrt{{{p.text(base)}}}", ATOM
    if base == sympy.E:
        return exponential(p, exponent)
    return f"{p.at(base, ATOM)}^{braced(_exponent(p, exponent))}", SCRIPTED


def _exponent(p: Printer, exponent: Any) -> str:
    """Fractions in an exponent stand on one line."""
    if isinstance(exponent, Rational) and exponent.q != 1:
        return f"{exponent.p}/{exponent.q}"
    return p.text(exponent)


def exponential(p: Printer, exponent: Any) -> Written:
    """``e^{x}``, or ``\\exp(x)`` where e is a name."""
    if p.knows("e"):
        return f"\\exp{p.arguments([exponent])}", ATOM
    return f"e^{{{p.text(exponent)}}}", SCRIPTED
