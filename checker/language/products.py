"""Products: matrix products, elementwise ones, and names that are applied to what follows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from checker.calculus import arrays, matrices
from checker.calculus.arrays import Array
from checker.calculus.shapes import ONE, ShapeError
from checker.language import names
from checker.language.applied import quantity_of, refuse_lone_name, unknown_function
from checker.language.broadcast import misfit, stretched
from checker.language.calls import applied, function_name, special_function
from checker.language.chain_rule import chained, contracted
from checker.language.conditions import is_condition, lower_indicator
from checker.language.differentials import is_sign, lower_differential
from checker.language.elements import scripted_value
from checker.language.entries import named
from checker.language.environment import Environment
from checker.language.faults import misshapen, outside, unreadable
from checker.language.powers import raised
from checker.language.surface import Factors, Group, Name, Number, Scripted, Tree

_LOOSE = {"\\odot", "\\circ", "\\oslash", "\\otimes"}  # bind less than a matrix product
_ENTRYWISE = {"\\odot", "\\circ", "\\oslash"}
_TIGHT = {"", ".", "\\cdot", "\\times", "*", "@", "\\bullet", "/"}
_EITHER = {".", "\\cdot", "\\times", "*"}  # a matrix product where the shapes fit, else element by element
_DOTS = {"\\cdot", "."}  # between two columns the inner product
_FUNCTION_LETTERS = frozenset(
    {"f", "g", "h", "\\sigma", "\\phi", "\\varphi", "\\psi", "\\Phi", "\\Psi", "\\rho", "\\mathcal{L}", "F", "G", "H"}
)


def lower_factors(env: Environment, tree: Factors) -> Array:
    with env.by_entries(any(operator in _ENTRYWISE for operator in tree.operators)):
        values, operators, trees = _units(env, tree)
    result, trail = _run(env, values, operators, trees, 0)
    while trail < len(operators):
        operator = operators[trail]
        right, end = _run(env, values, operators, trees, trail + 1)
        result = _loose(env, result, operator, right, tree)
        trail = end
    return result


def _run(
    env: Environment, values: Sequence[Array], operators: Sequence[str], trees: Sequence[Tree], start: int
) -> tuple[Array, int]:
    """The product from ``start`` up to the next loose operator, and the place of that operator."""
    result = values[start]
    at = start
    while at < len(operators) and operators[at] not in _LOOSE:
        result = _tight(env, result, operators[at], values[at + 1], trees[at], trees[at + 1])
        at += 1
    return result, at


def _tight(env: Environment, left: Array, operator: str, right: Array, before: Tree, after: Tree) -> Array:
    work = env.work
    if operator not in _TIGHT:
        raise outside(after, f"the product sign {operator}")
    try:
        if operator == "/":
            return quotient(env, left, right)
        if operator == "\\times" and matrices.in_space(work, left) and matrices.in_space(work, right):
            return matrices.cross(left, right)
        if operator in _DOTS and _are_two_columns(env, left, right, before, after):
            return matrices.inner(work, left, right)
        if operator in _EITHER and _only_elementwise(env, left, right):
            return matrices.hadamard(work, left, right)
        return matrices.product(work, left, right)
    except ShapeError as error:
        if left.solid or right.solid:
            raise unreadable("ambiguous-shape", _between(before, after), f"{error}; {_MANY_INDICES}") from error
        advice = _product_advice(env, left, right, str(error))
        raise misshapen(_between(before, after), advice, local=True) from error


_MANY_INDICES = "nothing says over which of so many indices the product sums; write it with \\sum and indices"


def _between(before: Tree, after: Tree) -> Tree:
    return Group((before.span[0], after.span[1]), "(", ())


def _are_two_columns(env: Environment, left: Array, right: Array, before: Tree, after: Tree) -> bool:
    """``w \\cdot x``: two names of columns of one length have an inner product."""
    if not all(isinstance(t, (Name, Scripted)) for t in (before, after)) or left.any_shape or right.any_shape:
        return False
    slots = (left.rows, right.rows)
    return (
        not left.columns
        and not right.columns
        and len(left.rows) == len(right.rows) == 1
        and not any(env.sizes.resolve(r) == ONE for rows in slots for r in rows)
        and arrays.could_be_same(env.work, left.rows, right.rows)
    )


def _only_elementwise(env: Environment, left: Array, right: Array) -> bool:
    """Whether two arrays have one shape and no matrix product."""
    work = env.work
    if left.any_shape or right.any_shape or arrays.is_number(work, left) or arrays.is_number(work, right):
        return False
    if left.solid or right.solid:
        return True
    if len(left.columns) == len(right.rows) and arrays.could_be_same(work, left.columns, right.rows):
        return False
    return len(left.rows) == len(right.rows) and len(left.columns) == len(right.columns)


def _product_advice(env: Environment, left: Array, right: Array, message: str) -> str:
    def fits(a: Array, b: Array) -> bool:
        return not (a.solid or b.solid) and arrays.could_be_same(env.work, a.columns, b.rows)

    turned_left = None if left.solid else matrices.transposed(env.work, left)
    turned_right = None if right.solid else matrices.transposed(env.work, right)
    if turned_right is not None and fits(left, turned_right):
        return f"{message}; it does with the second factor transposed"
    if turned_left is not None and fits(turned_left, right):
        return f"{message}; it does with the first factor transposed"
    if fits(right, left):
        return f"{message}; it does in the other order"
    return message


def _loose(env: Environment, left: Array, operator: str, right: Array, tree: Tree) -> Array:
    if env.table.broadcasting and operator != "\\otimes":
        left, right = stretched(env, [left, right]) or (left, right)
    try:
        if operator == "\\otimes":
            return matrices.kronecker(left, right)
        if operator == "\\oslash":
            return matrices.quotient(env.work, left, right)
        return matrices.hadamard(env.work, left, right)
    except ShapeError as error:
        raise misfit(env, [left, right], tree, str(error)) from error


def quotient(env: Environment, left: Array, right: Array) -> Array:
    work = env.work
    if arrays.is_number(work, right) or right.any_shape:
        return matrices.divided(left, right)
    shape = arrays.describe(work, right)
    raise ShapeError(f"cannot divide by {shape}; write \\oslash for elementwise division, or name the index")


# ------------------------------------------------------------------------------------ applications


def _units(env: Environment, tree: Factors) -> tuple[list[Array], list[str], list[Tree]]:
    """The factors as values, a name and its argument taken together."""
    values: list[Array] = []
    operators: list[str] = []
    trees: list[Tree] = []
    at = 0
    while at < len(tree.factors):
        factor = tree.factors[at]
        if _is_differential(env, tree, at):
            operand, width = _differentiated(env, tree, at)
            values.append(lower_differential(env, operand))
            trees.append(operand)
            if at + width < len(tree.factors):
                operators.append(tree.operators[at + width - 1])
            at += width
            continue
        _refuse_differential(env, tree, at)
        _refuse_two_numbers(tree, at)
        following = tree.factors[at + 1] if at + 1 < len(tree.factors) and _may_apply(env, tree, at) else None
        value = None if following is None else _application(env, factor, following)
        width = 2
        if value is None:
            value, width = _chain_or_factor(env, tree, at)
        values.append(value)
        trees.append(factor)
        if at + width < len(tree.factors):
            operators.append(tree.operators[at + width - 1])
        at += width
    return values, operators, trees


def _chain_or_factor(env: Environment, tree: Factors, at: int) -> tuple[Array, int]:
    """The factor at a place, or the derivatives from there on that make one chain; and how many factors that is."""
    run = chained(tree, at)
    value = contracted(env, run) if run else None
    return (env.lower(env, tree.factors[at]), 1) if value is None else (value, len(run))


def _may_apply(env: Environment, tree: Factors, at: int) -> bool:
    """Whether what follows may be an argument: it follows at once, or after a dot (``\\sigma.(W x)``)."""
    head, operator = tree.factors[at], tree.operators[at]
    if operator != ".":
        return operator == ""
    letter = head.base if isinstance(head, Scripted) else head
    known = function_name(env, head) is not None
    return known or (isinstance(letter, Name) and letter.name in _FUNCTION_LETTERS - env.table.entries.keys())


def _refuse_two_numbers(tree: Factors, at: int) -> None:
    pair = tree.factors[at : at + 2]
    if len(pair) == 2 and tree.operators[at] == "" and all(isinstance(x, Number) for x in pair):
        raise unreadable("syntax", tree, "two numbers side by side; write \\cdot between them, or a comma")


def _is_differential(env: Environment, tree: Factors, at: int) -> bool:
    if at + 1 >= len(tree.factors) or tree.operators[at] or not is_sign(tree.factors[at]) or "d" in env.bound:
        return False
    entry = env.table.entries.get("d")
    return entry is None or entry.origin == "inferred"


def _differentiated(env: Environment, tree: Factors, at: int) -> tuple[Tree, int]:
    """What an upright d stands before, and how many factors that is with the d.

    All that the same macro call put there (``\\dx{a^T x}``), a function with its argument, else one factor.
    """
    call = tree.factors[at].span
    end = at + 1
    while end < len(tree.factors) and tree.factors[end].span == call and tree.operators[end - 1] == "":
        end += 1
    if end <= at + 2:
        end = at + 2
        following = tree.factors[at + 2] if at + 2 < len(tree.factors) and tree.operators[at + 1] == "" else None
        if following is not None and _application(env, tree.factors[at + 1], following) is not None:
            end = at + 3
    factors = tree.factors[at + 1 : end]
    if len(factors) == 1:
        return factors[0], 2
    return Factors((factors[0].span[0], factors[-1].span[1]), factors, tree.operators[at + 1 : end - 1]), end - at


def _refuse_differential(env: Environment, tree: Factors, at: int) -> None:
    """``dW`` and ``\\mathrm{d}C``: neither a product nor a name that can be looked up."""
    factor = tree.factors[at]
    if not isinstance(factor, Name) or factor.name != "d" or at + 1 >= len(tree.factors) or tree.operators[at]:
        return
    if "d" in env.bound or ("d" in env.table.entries and env.table.entries["d"].origin != "inferred"):
        return
    following = tree.factors[at + 1]
    if isinstance(following, (Name, Scripted)) and (factor.style or following.span[0] == factor.span[1]):
        raise unreadable(
            "unknown-symbol",
            tree,
            "a differential, or a gradient named after its variable; "
            "write it as a derivative or give it a letter of its own",
        )


def _application(env: Environment, head: Tree, following: Tree) -> Array | None:
    """The value of ``head`` applied to ``following``; None where they are two factors."""
    group, scripts = _argument(following)
    if group is None:
        return None
    tree = Factors((head.span[0], group.span[1]), (head, group), ("",))
    value = _applied_head(env, head, group, tree, alone=scripts is None)
    if value is None:
        return None
    return value if scripts is None else scripted_value(env, value, scripts)


def _argument(tree: Tree) -> tuple[Group | None, Scripted | None]:
    match tree:
        case Group(kind="(" | "[" | "{"):
            return tree, None
        case Scripted(base=Group(kind="(" | "[" | "{") as group):
            return group, tree
        case _:
            return None, None


def _applied_head(env: Environment, head: Tree, group: Group, tree: Factors, alone: bool) -> Array | None:
    """``alone``: no script follows, as in the product ``g (h)^\\top``."""
    spelled = names.spell(tree)
    if spelled is not None and spelled in env.table.entries:
        return named(env, env.table.entries[spelled], tree, (), ())
    if _is_indicator(head, group):
        return lower_indicator(env, group.items[0] if len(group.items) == 1 else group)
    found = function_name(env, head)
    if found is not None:
        return _function(env, found, group, tree)
    if _is_quantity(env, head, group):
        return env.lower(env, head)
    if group.kind == "[" and len(group.items) > 1 and isinstance(head, (Name, Scripted)):
        return scripted_value(env, env.lower(env, head), Scripted(tree.span, head, group.items))  # S[i, k]
    quantity = quantity_of(env, head, group) if alone else None
    if quantity is not None:
        return quantity
    if _looks_like_function(env, head, group):
        applied_to = [env.lower(env, item) for item in group.items]
        return unknown_function(env, head, applied_to) or _refuse_unknown(env, head, tree)
    if alone and isinstance(head, (Name, Scripted)):
        refuse_lone_name(env, head, group, tree)
    return None


def _is_indicator(head: Tree, group: Group) -> bool:
    one = isinstance(head, Name) and head.name in ("\\mathbf{1}", "\\mathbb{1}", "\\mathbb{I}", "I", "\\chi")
    return (one or (isinstance(head, Number) and head.value == 1)) and any(is_condition(i) for i in group.items)


def _function(env: Environment, found: tuple[str, int, tuple[Tree, ...]], group: Group, tree: Tree) -> Array:
    name, primes, above = found
    if names.is_inverse(above):
        raise outside(tree, f"the inverse function of {name}")
    arguments = [env.lower(env, item) for item in group.items]
    value = applied(env, special_function(name), arguments, primes, tree)
    return raised(env, value, Scripted(tree.span, tree, (), above)) if above else value


def _is_quantity(env: Environment, head: Tree, group: Group) -> bool:
    """``E(A)`` where E was said to be a function of A, or defined as ``E(A) = …``."""
    name = names.spell(head)
    if name is None:
        return False
    arguments = env.table.arguments.get(name) or env.table.depends.get(name)
    return arguments is not None and tuple(names.spell(i) for i in group.items) == arguments


def _looks_like_function(env: Environment, head: Tree, group: Group) -> bool:
    """A letter before parentheses is a factor, unless it looks like a function that nothing declares."""
    name = names.spell(head)
    if not isinstance(head, (Name, Scripted)) or name is None:
        return False
    primes = head.primes if isinstance(head, Scripted) else 0
    bare = head.base.name if isinstance(head, Scripted) and isinstance(head.base, Name) else name
    entry = env.table.entries.get(name) or env.table.entries.get(bare)
    said = bare in env.bound or (entry is not None and entry.origin != "inferred")
    if said and (not primes or name in env.table.entries):
        return False
    upright = isinstance(head, Name) and head.upright
    return bool(primes or upright or len(group.items) > 1 or bare in _FUNCTION_LETTERS)


def _refuse_unknown(env: Environment, head: Tree, tree: Tree) -> NoReturn:
    name = str(names.spell(head))
    primes = head.primes if isinstance(head, Scripted) else 0
    bare = head.base.name if isinstance(head, Scripted) and isinstance(head.base, Name) else name
    entry = env.table.entries.get(name) or env.table.entries.get(bare)
    if primes and name not in env.table.entries and entry is not None and entry.origin != "inferred":
        raise unreadable(
            "unknown-symbol",
            tree,
            f"{bare} is a quantity, not a function of its own; write the derivative as ∂{bare}/∂x",
        )
    raise unreadable(
        "unknown-symbol",
        tree,
        f"nothing says what the function {bare} is; "
        f'write "Let ${bare}(x) = …$" or "Let ${bare}$ be applied elementwise"',
    )
