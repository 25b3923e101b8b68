"""Differentials with an upright d: ``\\mathrm{d}(X Y) = \\mathrm{d}X\\, Y + X\\, \\mathrm{d}Y``.

``\\mathrm{d}v`` is a quantity of its own with the shape of v, for every variable v that a statement gives a
differential and that is made of no other one.  The differential of anything else is the sum over these variables
of its derivative times ``\\mathrm{d}v``.  A statement then holds for all values of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sympy import Expr

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.language.entries import named
from checker.language.environment import Environment
from checker.language.faults import outside, unreadable
from checker.language.quotients import makers
from checker.language.surface import Derivative, Factors, Group, Name, Scripted, Tree
from checker.language.symbols import Table
from checker.language.walk import descend


def is_sign(tree: Tree) -> bool:
    """An upright d."""
    return isinstance(tree, Name) and tree.name == "d" and tree.style == "roman"


def lower_differential(env: Environment, operand: Tree) -> Array:
    """The differential of ``operand``; raises ``Misread`` where its variables are not clear."""
    variables = [Name(operand.span, name) for name in _variables(env.table, env.sides)]
    value = env.lower(env, operand)
    if value.any_shape and value.adopt is None:
        return arrays.anything_zero()
    if value.any_shape or not variables:
        raise unreadable("ambiguous-shape", operand, "nothing tells the shape of what stands behind this d")
    _refuse_unmoved(env.table, operand, {v.name for v in variables})
    pairs = [(_point(env, v), _change(env, v)) for v in variables]
    for variable in variables if _name_of(operand) not in {v.name for v in variables} else ():
        env.lower(env, Derivative(operand.span, operand, (variable,)))  # settles what unknown quantities depend on

    def entry(at: arrays.Indices) -> Expr:
        along = [_along(env, value.entry(at), point, change) for point, change in pairs]
        return along[0] if len(along) == 1 else terms.add(*along)

    return Array(value.rows, value.columns, entry, solid=value.solid)


def _refuse_unmoved(table: Table, operand: Tree, variables: set[str]) -> None:
    """``\\mathrm{d}f = \\mathrm{d}(x^\\top x)``: what is made of no variable of the statement may have others."""
    written = {name for name in _names(operand) & table.entries.keys() if table.entries[name].kind == "tensor"}
    behind = written.union(*(_behind(table, name) for name in written))
    if written and not behind & variables:
        raise unreadable(
            "unknown-symbol", operand, "no letter in what stands behind this d has a differential in this statement"
        )


def _along(env: Environment, term: Expr, point: Array, change: Array) -> Expr:
    letters = env.work.letters.several(len(point.slots))
    body = terms.multiply(terms.Partial(term, point.entry(letters)), change.entry(letters))
    for letter, extent in zip(reversed(letters), reversed(point.slots), strict=True):
        body = matrices.sum_range(env.work, body, letter, extent)
    return body


def _point(env: Environment, variable: Name) -> Array:
    value = env.lower(env, variable)
    if value.any_shape:
        raise unreadable("ambiguous-shape", variable, f"nothing tells the shape of {variable.name}")
    return value


def _change(env: Environment, variable: Name) -> Array:
    """dv, a name with the slots of v."""
    entry = env.table.entries[variable.name]
    if entry.kind != "tensor" or entry.family or entry.name != variable.name:
        raise outside(variable, f"a differential of {variable.name}, which is no single quantity")
    name = f"\\mathrm{{d}}{variable.name}"
    change = replace(entry, name=name, text=None, integer=False)
    if env.table.entries.get(name) != change:
        env.table.put(change)
    return named(env, change, variable, (), ())


# ----------------------------------------------------------------------------------------- variables


def _variables(table: Table, sides: Iterable[Tree]) -> list[str]:
    """The names with a differential that are made of no other name with one."""
    found = sorted({name for side in sides for name in differentiated(side)} & table.entries.keys())
    return [name for name in found if not (_behind(table, name) & set(found))]


def differentiated(tree: Tree) -> Iterator[str]:
    """The names that stand right behind an upright d."""
    for node in descend(tree):
        if isinstance(node, Factors):
            for at, sign in enumerate(node.factors[:-1]):
                if is_sign(sign) and node.operators[at] == "" and not _is_before_product(node, at):
                    name = _name_of(node.factors[at + 1])
                    yield from () if name is None else (name,)


def _is_before_product(node: Factors, at: int) -> bool:
    """``\\dx{a^T x}``: the d and more than one factor come from one macro call."""
    return all(f.span == node.factors[at].span for f in node.factors[at + 1 : at + 3]) and len(node.factors) > at + 2


def _name_of(tree: Tree) -> str | None:
    match tree:
        case Name(name=name):
            return name
        case Scripted(base=base):
            return _name_of(base)
        case Group(kind="(", items=(inner,)):
            return _name_of(inner)
        case _:
            return None


def _behind(table: Table, name: str) -> set[str]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        more = makers(table, waiting.pop()) - seen
        waiting += sorted(more)
        seen |= more
    return seen


def unclear(table: Table, sides: Iterable[Tree]) -> str | None:
    """A name with a differential of which nothing is said: what it depends on is open, and no line is a slip for it."""
    names = sorted({name for side in sides for name in differentiated(side)})
    for name in names:
        entry = table.entries.get(name)
        if entry is None or (entry.origin == "inferred" and name not in table.definitions):
            return f'nothing says what {name} is, and what its differential depends on; write "Let ${name} = …$"'
    return None


def held_fixed(table: Table, sides: Sequence[Tree]) -> tuple[str, ...]:
    """What is read as constant since it has no differential here: ``\\mathrm{d}a = 0``, conditions of the statement."""
    variables = set(_variables(table, sides))
    if not variables:
        return ()
    written = {name for side in sides for operand in _operands(side) for name in _names(operand)} & table.entries.keys()
    leaves: set[str] = set()
    waiting = sorted(written - variables)
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        more = makers(table, name)
        if not more:
            leaves.add(name)
        waiting += sorted(more - seen - variables)
        seen |= more
    quantities = [n for n in sorted(leaves) if (e := table.entries.get(n)) is not None and e.kind == "tensor"]
    return tuple(f"\\mathrm{{d}}{name} = 0" for name in quantities)


def _operands(tree: Tree) -> Iterator[Tree]:
    """What stands behind every upright d, as far as it can be meant."""
    for node in descend(tree):
        if isinstance(node, Factors):
            for at, factor in enumerate(node.factors[:-1]):
                if is_sign(factor):
                    same_call = [f for f in node.factors[at + 1 :] if f.span == factor.span]
                    argument = [f for f in node.factors[at + 2 : at + 3] if isinstance(f, Group)]
                    yield from same_call or (node.factors[at + 1], *argument)


def _names(tree: Tree) -> set[str]:
    return {node.name for node in descend(tree) if isinstance(node, Name)}
