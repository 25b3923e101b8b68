"""Functions: elementwise ones, and the words of linear algebra."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import sympy
from sympy import Expr

from checker.calculus import arrays, functions, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.shapes import ShapeError, Workspace
from checker.language import names
from checker.language.entries import pick
from checker.language.environment import Environment
from checker.language.faults import misshapen, outside, unreadable
from checker.language.powers import raised, raised_elements
from checker.language.surface import Call, Factors, Group, Name, Scripted, Tree
from checker.language.symbols import own_function

Word = Callable[[Workspace, Array], Array]

# words of linear algebra that take one argument
WORDS: Mapping[str, Word] = {
    "tr": matrices.trace,
    "Tr": matrices.trace,
    "trace": matrices.trace,
    "Trace": matrices.trace,
    "det": matrices.determinant,
    "Det": matrices.determinant,
    "diag": matrices.diagonal,
    "Diag": matrices.diagonal,
    "vec": lambda w, a: matrices.vectorised(a),
    "sum": matrices.total,
    "Sum": matrices.total,
    "mean": matrices.mean,
    "softmax": matrices.softmax,
    "Softmax": matrices.softmax,
    "logsumexp": matrices.log_sum_exp,
    "LSE": matrices.log_sum_exp,
    "lse": matrices.log_sum_exp,
    "LogSumExp": matrices.log_sum_exp,
    "logsoftmax": matrices.log_softmax,
    "log\\_softmax": matrices.log_softmax,
    "LogSoftmax": matrices.log_softmax,
}

# elementary functions that mean something else of a square matrix
_MATRIX_FUNCTIONS = frozenset({"exp", "log", "sin", "cos", "tan", "sinh", "cosh", "sqrt"})


def lower_call(env: Environment, tree: Call) -> Array:
    scripts = tree.scripts
    name = tree.function.name
    if scripts is not None:
        spelled = names.spell(Scripted(tree.span, tree.function, scripts.subscripts))
        if spelled is not None and scripts.subscripts and spelled in env.table.elementwise:
            name, scripts = (
                spelled,
                Scripted(scripts.span, scripts.base, (), scripts.superscripts, primes=scripts.primes),
            )
    applied_to = env.table.arguments.get(name)
    if applied_to is not None and tuple(names.spell(a) for a in tree.arguments) == applied_to and scripts is None:
        return env.lower(env, tree.function)
    variable = _variable_before(env, tree)
    if variable is not None:
        head, bracket = variable
        return matrices.product(env.work, env.lower(env, head), env.lower(env, bracket))
    factor = _trailing_factor(env, tree)
    if factor is not None:
        return matrices.product(env.work, lower_call(env, factor[0]), env.lower(env, factor[1]))
    with env.by_entries(WORDS.get(name) is matrices.diagonal):
        arguments = [env.lower(env, a) for a in tree.arguments]
    value = applied(
        env, name, arguments, scripts.primes if scripts is not None else 0, tree, _base_of(env, name, scripts)
    )
    return _scripts_of_value(env, name, value, scripts, tree)


def _variable_before(env: Environment, tree: Call) -> tuple[Tree, Group] | None:
    """``\\text{out}_j (1 - \\text{out}_j)`` of a variable: a product, not a call."""
    if tree.bare or tree.function.name in env.table.elementwise or tree.function.name not in env.table.entries:
        return None
    scripts = tree.scripts
    head = tree.function if scripts is None else replace(scripts, base=tree.function)
    return head, Group((head.span[1], tree.span[1]), "(", tree.arguments)


def _trailing_factor(env: Environment, tree: Call) -> tuple[Call, Tree] | None:
    """``\\log x (1 - x)``: the parenthesis is a factor of its own unless the name before it is a function."""
    if not tree.bare or len(tree.arguments) != 1 or not isinstance(tree.arguments[0], Factors):
        return None
    *rest, before, last = tree.arguments[0].factors
    *operators, between = tree.arguments[0].operators
    group = last.base if isinstance(last, Scripted) else last
    if between or not isinstance(group, Group) or not isinstance(before, (Name, Scripted)):
        return None
    spelled = names.spell(Factors(tree.span, (before, group), ("",)))
    if function_name(env, before) is not None or spelled in env.table.entries:
        return None
    argument = before if not rest else Factors(tree.span, (*rest, before), tuple(operators))
    return replace(tree, arguments=(argument,)), last


def _base_of(env: Environment, name: str, scripts: Scripted | None) -> Array | None:
    """``\\log_2``: the base of the logarithm."""
    if scripts is None or not scripts.subscripts or functions.elementary(name) != "log":
        return None
    return env.lower(env, scripts.subscripts[0])


def _scripts_of_value(env: Environment, name: str, value: Array, scripts: Scripted | None, tree: Tree) -> Array:
    if scripts is None:
        return value
    if names.is_inverse(scripts.superscripts) and not arrays.is_square(env.work, value):
        raise outside(tree, f"{name}^{{-1}}: write the inverse function by its name, or 1/{name}(…)")
    if scripts.subscripts and functions.elementary(name) != "log" and name not in ("max", "min"):
        value = pick(env, value, scripts.subscripts, tree)
    if scripts.superscripts:
        whole = Scripted(tree.span, tree, (), scripts.superscripts)
        value = raised_elements(env, value, whole) if _is_elementwise(env, name) else raised(env, value, whole)
    return value


def _is_elementwise(env: Environment, name: str) -> bool:
    if name in env.table.elementwise:
        return name not in WORDS or name in env.table.functions
    return name not in WORDS and (functions.elementary(name) is not None or functions.standard(name) is not None)


def applied(
    env: Environment,
    name: str,
    arguments: Sequence[Array],
    primes: int,
    tree: Tree,
    base: Array | None = None,
) -> Array:
    """A function by name, applied to values."""
    try:
        return _applied(env, name, list(arguments), primes, tree, base)
    except ShapeError as error:
        raise misshapen(tree, str(error)) from error


def _applied(env: Environment, name: str, arguments: list[Array], primes: int, tree: Tree, base: Array | None) -> Array:
    if name in env.table.elementwise and (name not in WORDS or name in env.table.functions):
        return _document_function(env, name, arguments, primes, tree)
    if primes == 0:
        if name in WORDS:
            return _word(env, name, arguments, tree)
        if name in ("max", "min"):
            return _extremum(env, name, arguments, tree)
        if name == "sqrt":
            return arrays.elementwise(lambda x: terms.power(x, terms.number("1/2")), _single(arguments, name, tree))
    known = functions.elementary(name)
    if known is not None:
        return _elementary(env, known, arguments, primes, tree, base)
    definition = functions.standard(name)
    if definition is not None:
        env.table.define_function(definition, -1)
        return _document_function(env, name, arguments, primes, tree)
    raise unreadable(
        "unknown-symbol",
        tree,
        f'nothing says what the function {name} is; write "Let ${name}(x) = …$" or "${name}$ is applied elementwise"',
    )


def _single(arguments: Sequence[Array], name: str, tree: Tree) -> Array:
    if len(arguments) != 1:
        raise unreadable("syntax", tree, f"{name} takes one argument, not {len(arguments)}")
    return arguments[0]


def _word(env: Environment, name: str, arguments: Sequence[Array], tree: Tree) -> Array:
    argument = _single(arguments, name, tree)
    if name.lower() == "softmax" and env.table.row_softmax and argument.rows and argument.columns:
        return matrices.softmax_rows(env.work, argument)
    return WORDS[name](env.work, argument)


def _document_function(env: Environment, name: str, arguments: Sequence[Array], primes: int, tree: Tree) -> Array:
    definition = env.table.functions.get(name)
    arity = len(definition.parameters) if definition is not None else len(arguments)
    if len(arguments) != arity:
        raise unreadable("syntax", tree, f"{name} takes {arity} arguments, not {len(arguments)}")
    if primes and len(arguments) != 1:
        raise unreadable("syntax", tree, f"{name}' is only clear for a function of one argument; write ∂{name}/∂x")
    known = functions.elementary(name) if definition is None else None

    def value(*at: Expr) -> Expr:
        if primes:
            return terms.function_derivative(known or own_function(name), (primes,), *at)
        return functions.call(known, *at) if known is not None else terms.apply(own_function(name), *at)

    return arrays.combine(env.work, value, arguments, f"{name} cannot be applied to")


def _elementary(
    env: Environment, known: str, arguments: Sequence[Array], primes: int, tree: Tree, base: Array | None
) -> Array:
    arity = functions.ARITIES.get(known, 1)
    if len(arguments) != arity:
        raise unreadable("syntax", tree, f"{known} takes {arity} argument{'s' * (arity > 1)}, not {len(arguments)}")
    if known in _MATRIX_FUNCTIONS:
        _refuse_matrix(env, known, arguments[0], tree)
    if primes:
        return arrays.elementwise(lambda x: terms.function_derivative(known, (primes,), x), arguments[0])
    value = arrays.combine(env.work, lambda *at: functions.call(known, *at), arguments, f"{known} cannot be applied to")
    if base is not None:
        return matrices.divided(value, arrays.elementwise(lambda x: functions.call("log", x), base))
    return value


def _refuse_matrix(env: Environment, known: str, argument: Array, tree: Tree) -> None:
    if arrays.is_square(env.work, argument) and not arrays.is_number(env.work, argument):
        raise unreadable(
            "ambiguous-shape",
            tree,
            f'{known} of a square matrix; write "Here $\\{known}$ is applied elementwise" if that is meant',
        )


def _extremum(env: Environment, name: str, arguments: Sequence[Array], tree: Tree) -> Array:
    if len(arguments) == 1:
        if name == "max":
            return matrices.largest(env.work, arguments[0])
        return matrices.negated(matrices.largest(env.work, matrices.negated(arguments[0])))
    node = sympy.Max if name == "max" else sympy.Min

    def pair(a: Array, b: Array) -> Array:
        return arrays.combine(env.work, lambda x, y: node(x, y, evaluate=False), [a, b], f"{name} cannot compare")

    return reduce(pair, arguments)


def function_name(env: Environment, tree: Tree) -> tuple[str, int, tuple[Tree, ...]] | None:
    """``(name, primes, superscripts)`` where a tree before an argument names a function."""
    match tree:
        case Name() if _is_function(env, tree.name):
            return tree.name, 0, ()
        case Scripted(base=Name() as base):
            spelled = names.spell(Scripted(tree.span, base, tree.subscripts)) if tree.subscripts else base.name
            if spelled is not None and _is_function(env, spelled) and not names.is_label(tree):
                return spelled, tree.primes, tree.superscripts
            labelled = names.spell(tree)
            if labelled is not None and labelled in env.table.elementwise:
                return labelled, 0, ()
    return None


def _is_function(env: Environment, name: str) -> bool:
    if name in env.table.elementwise:
        return True
    if name in env.table.entries or name in env.bound:
        return False
    return name in WORDS or name in ("max", "min", "\\Gamma", "sqrt") or env.is_function(name)


def special_function(name: str) -> str:
    """``\\Gamma`` is the gamma function where it is applied and nothing declares it."""
    return "gamma" if name == "\\Gamma" else name
