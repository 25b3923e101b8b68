"""``J(\\theta)``, ``f(x)`` where nothing says what J and f are: a quantity that depends on θ, or an unknown function.

A name that is only ever applied to the same names is a quantity, written with what it depends on.  Anything else is a
function of which nothing is known, where it is applied to numbers; see :mod:`checker.language.unsaid`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sympy import Expr

from checker.calculus import arrays, terms
from checker.calculus.arrays import Array
from checker.language import names
from checker.language.environment import Environment
from checker.language.faults import unreadable
from checker.language.surface import Group, Name, Scripted, Tree
from checker.language.unsaid import behind

# names of operators that say what they are and are no functions of numbers
_OPERATORS = frozenset({"d", "D", "E", "P", "p", "Pr", "Var", "Cov", "KL", "N", "O", "\\Delta", "\\nabla"})

_ACTIVATIONS = frozenset({"\\sigma", "\\phi", "\\varphi", "\\rho"})

# … whose value at a vector may well be a vector
_OFTEN_VECTORS = frozenset(
    {"f", "g", "h", "\\sigma", "\\phi", "\\varphi", "\\psi", "\\rho", "\\Phi", "\\Psi", "G", "H"}
)


def quantity_of(env: Environment, head: Tree, group: Group) -> Array | None:
    """``J(\\theta)`` as the quantity J; None where it cannot be one."""
    name = names.spell(head)
    if name is None or group.kind != "(" or name in _OPERATORS or not all(_is_whole(env, i) for i in group.items):
        return None
    arguments = [str(names.spell(item)) for item in group.items]
    if name in env.table.definitions or name in env.table.depends:
        made_of = frozenset(behind(env.table, {name})) - {name}
        return env.lower(env, head) if made_of.issuperset(arguments) else None
    if name in env.table.entries and env.table.entries[name].origin != "inferred":
        return None
    if len(env.applied.get(name, ())) != 1 or (name in _OFTEN_VECTORS and not _are_numbers(env, group.items)):
        return None
    env.inference.unsaid.by.setdefault(name, set()).update(arguments)
    env.table.granted.setdefault(name, tuple(arguments))
    return env.lower(env, head)


def _are_numbers(env: Environment, items: Sequence[Tree]) -> bool:
    values = [env.lower(env, item) for item in items]
    return all(v.any_shape or arrays.is_number(env.work, v) for v in values)


def _is_whole(env: Environment, item: Tree) -> bool:
    """A name without an index."""
    match item:
        case Name():
            return item.name not in env.letters and item.name not in env.bound
        case Scripted():
            letters = [x for part in (*item.subscripts, *item.superscripts) for x in names.letters_in(part)]
            return names.spell(item) is not None and not letters and not item.primes
        case _:
            return False


def unknown_function(env: Environment, head: Tree, arguments: Sequence[Array]) -> Array | None:
    """``f(x_i)``, ``\\sigma'(z)`` as any function of numbers; None where it cannot be one."""
    name, primes = _name_of(head)
    if name is None or name in _OPERATORS or _is_quantity(env, name) or (primes and len(arguments) != 1):
        return None
    if name in env.table.shapeless:
        return None
    if len(arguments) == 1 and _is_activation(env, name):
        env.table.granted_functions[name] = env.table.heading
        return arrays.elementwise(partial(_at, name, primes), arguments[0])
    if not all(a.any_shape or arrays.is_number(env.work, a) for a in arguments):
        return None
    env.table.granted_functions[name] = env.table.heading

    def value(*at: Expr) -> Expr:
        return terms.function_derivative(name, (primes,), *at) if primes else terms.apply(name, *at)

    numbers = [arrays.number(a.entry(())) if a.any_shape else arrays.as_number(env.work, a) for a in arguments]
    return arrays.combine(env.work, value, numbers, f"{name} cannot be applied to")


def _at(name: str, primes: int, term: Expr) -> Expr:
    return terms.function_derivative(name, (primes,), term) if primes else terms.apply(name, term)


def _is_activation(env: Environment, name: str) -> bool:
    """Whether a function that nothing declares is applied to every entry: the text speaks of activations or the like,
    and the function has the letter of one, or a derivative of its own."""
    inside = env.applied.get(name, frozenset())
    return env.activations and (name in _ACTIVATIONS or ("'",) in inside)


def _name_of(head: Tree) -> tuple[str | None, int]:
    match head:
        case Name():
            return head.name, 0
        case Scripted(base=Name() as base, subscripts=(), superscripts=()):
            return base.name, head.primes
        case _:
            return names.spell(head), 0


def _is_quantity(env: Environment, name: str) -> bool:
    met = {known for known, _ in (*env.inference.known, *env.inference.found)}
    return name in env.bound or name in env.table.entries or name in met or name in env.letters


def refuse_lone_name(env: Environment, head: Tree, group: Group, tree: Tree) -> None:
    """``J(\\theta)`` is no product: nobody puts a single factor in parentheses."""
    (item, *others) = group.items
    name = names.spell(head)
    if others or group.kind != "(" or name is None or not isinstance(item, Name) or name in env.bound:
        return
    if name in env.letters or item.name in env.letters:
        return
    raise unreadable(
        "unknown-symbol",
        tree,
        f"{name}({item.name}) may be {name} at {item.name} or a product; "
        f'write "Let ${name}$ be a function of ${item.name}$", or ${name} \\cdot {item.name}$',
    )
