"""``dV = P^\\top dO``: after ``dO = \\partial L/\\partial O``, dV is the gradient of L by V, and this is a claim.

Hand-written backward passes name every gradient after its variable.  What one of them means, the others mean as well.
"""

from __future__ import annotations

from sympy import Indexed, Symbol

from checker.calculus import terms
from checker.calculus.context import Definition
from checker.language.definitions import define
from checker.language.desk import Desk
from checker.language.faults import Misread
from checker.language.sides import Chain
from checker.language.surface import Derivative, Name, Scripted, Tree
from checker.language.symbols import Table
from checker.language.targets import Target


def gradient_named(desk: Desk, chain: Chain) -> bool:
    """Give a new name ``dV`` its meaning, where the document uses such names; whether it was given one."""
    head = chain.parts[0].tree
    if isinstance(head, Scripted) and not head.superscripts and not head.primes:
        head = head.base  # dS_{ij}
    if not isinstance(head, Name) or chain.conditions:
        return False
    variable = _variable(desk.table, head.name)
    loss = _loss(desk.table)
    if variable is None or loss is None or _is_gradient(chain.parts[1].tree):
        return False
    meaning = Derivative(head.span, Name(head.span, loss), (Name(head.span, variable),))
    start = chain.parts[0].ends[0]
    latex = f"{head.name} = \\frac{{\\partial {loss}}}{{\\partial {variable}}}"
    try:
        define(desk, Target(head.name), head, meaning, (), start, latex)
    except Misread:
        return False
    return True


def _is_gradient(tree: Tree) -> bool:
    """``dV = \\partial L/\\partial V`` says itself what dV is."""
    return isinstance(tree, Derivative)


def _variable(table: Table, name: str) -> str | None:
    """V of a new name ``dV``, where V is known."""
    variable = name[1:]
    if name[:1] != "d" or not variable or name in table.entries or name in table.definitions:
        return None
    entry = table.entries.get(variable)
    return variable if entry is not None and entry.kind == "tensor" and not entry.family else None


def _loss(table: Table) -> str | None:
    """The quantity whose gradients are named after their variables: L where ``dO = \\partial L/\\partial O``.

    The one of this section, or the only one.
    """
    named = {name: _of(known, name) for name, known in table.definitions.items() if name[:1] == "d" and len(name) > 1}
    here = {loss for name, loss in named.items() if loss and table.defined_under.get(name) == table.heading}
    found = here or {loss for loss in named.values() if loss}
    return next(iter(found)) if len(found) == 1 else None


def _of(definitions: tuple[Definition, ...], name: str) -> str | None:
    """L, if a name dO is defined as the derivative of L by O."""
    if len(definitions) != 1 or not isinstance(definitions[0].body, terms.Partial):
        return None
    expression, variables = definitions[0].body.expression, definitions[0].body.variables
    if not isinstance(expression, Symbol) or len(variables) != 1 or not isinstance(variables[0], Symbol | Indexed):
        return None
    return str(expression.name) if terms.name_of(variables[0]) == name[1:] else None
