"""Derivatives as written, lowered to ``Partial``, in either layout.

Denominator layout gives ∂E/∂x the shape of x.  Numerator layout gives derivatives *by a vector* the
transposed shape; a derivative by a matrix has the matrix's own shape in both.  A derivative by a number has
the shape of what is differentiated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Expr, Indexed, Integer, Symbol

from checker.calculus import arrays, matrices, terms
from checker.calculus.arrays import Array
from checker.calculus.shapes import ShapeError
from checker.language import names
from checker.language.differentials import is_sign
from checker.language.environment import Environment
from checker.language.faults import Misread, misshapen, outside, unreadable
from checker.language.surface import Derivative, Factors, Group, Hole, Name, Scripted, Tree
from checker.language.unsaid import note_derivative
from checker.language.walk import descend

MINUS = Integer(-1)


def lower_derivative(env: Environment, tree: Derivative) -> Array:
    if tree.operand is None:
        raise unreadable("syntax", tree, "this derivative is applied to nothing; write what is differentiated")
    transposed = _transposed_gradient(env, tree)
    if transposed is not None:
        return transposed
    variables = tree.variables or _only_argument(env, tree)
    if any(isinstance(v, Hole) for v in variables):
        variables = _only_argument(env, tree) * 2
        _refuse_laplacian(env, tree, variables[0])
    value = env.lower(env, _at_its_parameters(env, tree.operand, variables))
    if tree.symbol == "nabla" and not arrays.is_number(env.work, value):
        product = _gradient_first(env, tree, tree.operand)
        if product is not None:
            return env.lower(env, product)
    roots = [root for root in (_squared(env, v) for v in variables) if root is not None]
    if roots and tree.symbol != "nabla":
        variables = tuple(v for v in variables if _squared(env, v) is None)
        note_derivative(env, tree, value, roots)
        value = _by_squares(value, roots)
        if not variables:
            return value
    by = [_variable(env, v) for v in variables]
    note_derivative(env, tree, value, by)
    if tree.symbol == "nabla":
        return _gradient(env, tree, value, by)
    tensors = [v for v in by if not v.is_scalar]
    if not tensors:
        return _entrywise(value, by)
    if len(tensors) == 1:
        numbers = [v for v in by if v.is_scalar]
        return _by_array(env, tree, _entrywise(value, numbers) if numbers else value, tensors[0])
    if len(by) == 2:
        return _second(env, tree, value, by)
    raise outside(tree, "a third derivative by whole arrays; name the indices")


def _at_its_parameters(env: Environment, operand: Tree, variables: Sequence[Tree]) -> Tree:
    """``\\partial f / \\partial x`` after ``f(x, y) = …`` is of f(x, y)."""
    if not isinstance(operand, Name) or operand.name in env.bound or operand.name in env.table.entries:
        return operand
    definition = env.table.functions.get(operand.name)
    if definition is None:
        return operand
    parameters = tuple(Name(operand.span, str(p)) for p in definition.parameters)
    if not any(isinstance(v, Name) and v.name in {p.name for p in parameters} for v in variables):
        return operand
    return Factors(operand.span, (operand, Group(operand.span, "(", parameters)), ("",))


def _transposed_gradient(env: Environment, tree: Derivative) -> Array | None:
    """``\\nabla_x f^\\top`` of a number f: what is transposed is the gradient."""
    operand = tree.operand
    if tree.symbol != "nabla" or not isinstance(operand, Scripted) or operand.subscripts:
        return None
    if not names.is_transpose(operand.superscripts) or names.is_label(operand):
        return None
    base = env.lower(env, operand.base)
    if base.any_shape or not arrays.is_number(env.work, base):
        return None
    gradient = lower_derivative(env, replace(tree, operand=operand.base))
    return matrices.transposed(env.work, gradient)


def _only_argument(env: Environment, tree: Derivative) -> tuple[Tree, ...]:
    """``\\nabla f`` where f was said to be a function of one thing."""
    operand = tree.operand
    match operand:
        case Factors(factors=(_, Group(items=(Name() as given,)))) if given.name not in env.bound:
            return (given,)
        case Factors(factors=(head, Group())):
            operand = head
    name = names.spell(operand) if operand is not None else None
    arguments = env.table.arguments.get(name or "") or env.table.depends.get(name or "")
    if arguments is None or len(arguments) != 1:
        raise unreadable("syntax", tree, "this gradient does not say by what; write \\nabla_x f")
    return (Name(tree.span, arguments[0]),)


def _refuse_laplacian(env: Environment, tree: Derivative, variable: Tree) -> None:
    """``\\nabla^2 f`` is the Hessian, unless it is equated with a number and its variable is none."""
    if arrays.is_number(env.work, env.lower(env, variable)):
        return
    others = [side for side in env.sides if not any(node is tree for node in descend(side))]
    if any(arrays.is_number(env.work, value) for value in (_lowered(env, side) for side in others) if value):
        raise outside(
            tree,
            "\\nabla^2, which may be the Laplacian here; "
            "write \\sum_i \\frac{\\partial^2 f}{\\partial x_i^2} for that, \\nabla^2_x for the Hessian",
        )


def _lowered(env: Environment, side: Tree) -> Array | None:
    try:
        return env.lower(env, side)
    except (Misread, ShapeError):
        return None


def _gradient_first(env: Environment, tree: Derivative, operand: Tree) -> Tree | None:
    """``\\nabla_y L \\, x^\\top``: only a number has a gradient, so it is of the longest part that is one."""
    if not isinstance(operand, Factors):
        return None
    for length in range(len(operand.factors) - 1, 0, -1):
        if is_sign(operand.factors[length - 1]):
            continue  # a d belongs to what follows it
        rest, operators = operand.factors[length:], operand.operators[length - 1 :]
        part = operand.factors[0]
        if length > 1:
            part = Factors(
                (part.span[0], operand.factors[length - 1].span[1]),
                operand.factors[:length],
                operand.operators[: length - 1],
            )
        if not _is_number(env, part):
            continue
        gradient = replace(tree, span=(tree.span[0], part.span[1]), operand=part)
        return Factors(tree.span, (gradient, *rest), operators)
    return None


def _is_number(env: Environment, part: Tree) -> bool:
    """False as well where the part ends before the argument of a function."""
    try:
        return arrays.is_number(env.work, env.lower(env, part))
    except Misread:
        return False


# ----------------------------------------------------------------------------------------- variables


def _squared(env: Environment, tree: Tree) -> Array | None:
    """The number \\sigma of ``\\partial \\sigma^2``, where \\sigma^2 is no name of its own."""
    while isinstance(tree, Group) and tree.kind in ("(", "{") and len(tree.items) == 1:
        tree = tree.items[0]
    if not isinstance(tree, Scripted) or not isinstance(tree.base, Name) or not names.is_square(tree):
        return None
    spelled = names.spell(tree)
    entry = env.table.entries.get(tree.base.name)
    if {spelled, names.squared(tree.base.name)} & env.table.entries.keys() or (entry is not None and entry.above):
        return None
    root = _variable(env, replace(tree, superscripts=()))
    return arrays.as_number(env.work, root) if arrays.is_number(env.work, root) else None


def _by_squares(value: Array, roots: Sequence[Array]) -> Array:
    """∂f/∂(s²) = ∂f/∂s / 2s, one after the other."""
    for root in roots:
        value = _halved(value, root.entry(()))
    return value


def _halved(value: Array, root: Expr) -> Array:
    return arrays.elementwise(
        lambda x: terms.multiply(terms.Partial(x, root), terms.power(terms.multiply(terms.number("2"), root), MINUS)),
        value,
    )


def _variable(env: Environment, tree: Tree) -> Array:
    if not is_variable(tree):
        raise unreadable(
            "syntax",
            tree,
            'one can only differentiate by a name or an element; give the expression a name first ("Let $u = …$")',
        )
    value = env.lower(env, tree)
    name = _base(tree)
    entry = env.table.entries.get(name) if name is not None else None
    if entry is not None and entry.kind != "tensor":
        raise outside(tree, f"{name} is an integer; there is no derivative by it")
    if value.any_shape and value.adopt is not None:
        return arrays.number(value.entry(()))  # a name of which nothing is known yet
    return Array(value.rows, value.columns, lambda at: _checked(value.entry(at), tree), solid=value.solid)


def _base(tree: Tree) -> str | None:
    match tree:
        case Name():
            return tree.name
        case _:
            return names.spell(tree)


def _checked(term: Expr, tree: Tree) -> Expr:
    if isinstance(term, (Symbol, Indexed)):
        return term
    raise unreadable("syntax", tree, "one can only differentiate by a name or an element")


def is_variable(tree: Tree) -> bool:
    match tree:
        case Name():
            return True
        case Scripted():
            return is_variable(tree.base)
        case Group(kind="(" | "[" | "{", items=(inner,)):
            return is_variable(inner)
        case Factors(factors=(head, Group(kind="[")), operators=("",)):
            return is_variable(head)
        case _:
            return names.spell(tree) is not None


# ------------------------------------------------------------------------------------------- shapes


def _entrywise(value: Array, by: Sequence[Array]) -> Array:
    """The derivative of every element by numbers."""
    return Array(
        value.rows,
        value.columns,
        lambda at: terms.Partial(value.entry(at), *(v.entry(()) for v in by)),
        solid=value.solid,
    )


def _by_array(env: Environment, tree: Tree, value: Array, by: Array) -> Array:
    value = arrays.as_number(env.work, value) if arrays.is_number(env.work, value) else value
    if value.is_scalar:
        return _number_by_array(env, value, by)
    if len(value.slots) == len(by.slots) == 1:
        return _vector_by_vector(env, value, by)
    cut = len(value.slots)
    return Array(
        value.slots + by.slots,
        (),
        lambda at: terms.Partial(value.entry(at[:cut]), by.entry(at[cut:])),
        solid=True,
    )


def _number_by_array(env: Environment, value: Array, by: Array) -> Array:
    gradient = Array(by.rows, by.columns, lambda at: terms.Partial(value.entry(()), by.entry(at)), solid=by.solid)
    if len(by.slots) == 1 and by.rows:
        env.layout_matters = True
        if env.layout == "numerator":
            return matrices.transposed(env.work, gradient)
    return gradient


def _vector_by_vector(env: Environment, value: Array, by: Array) -> Array:
    """The Jacobian; (element of value, element of by) in numerator layout, its transpose otherwise."""
    jacobian = Array(value.slots, by.slots, lambda at: terms.Partial(value.entry(at[:1]), by.entry(at[1:])))
    if bool(value.rows) != bool(by.rows):  # one of them is written as a row: the layout is said
        return jacobian if value.rows else matrices.transposed(env.work, jacobian)
    env.layout_matters = True
    return jacobian if env.layout == "numerator" else matrices.transposed(env.work, jacobian)


def _second(env: Environment, tree: Tree, value: Array, by: Sequence[Array]) -> Array:
    """The Hessian of a number by two vectors."""
    if not arrays.is_number(env.work, value) or any(len(v.slots) != 1 for v in by):
        raise outside(tree, "a second derivative of or by whole matrices; name the indices")
    number = arrays.as_number(env.work, value)
    first, second = by
    return Array(
        first.slots,
        second.slots,
        lambda at: terms.Partial(number.entry(()), first.entry(at[:1]), second.entry(at[1:])),
    )


def _gradient(env: Environment, tree: Tree, value: Array, by: Sequence[Array]) -> Array:
    if not arrays.is_number(env.work, value):
        raise misshapen(tree, "the gradient is of a number; write ∂y/∂x for the derivative of a vector")
    number = arrays.as_number(env.work, value)
    if len(by) == 2:
        return _second(env, tree, number, by)
    if len(by) > 2:
        raise outside(tree, "a gradient of higher order; name the indices")
    variable = by[0]
    return Array(
        variable.rows,
        variable.columns,
        lambda at: terms.Partial(number.entry(()), variable.entry(at)),
        solid=variable.solid,
    )
