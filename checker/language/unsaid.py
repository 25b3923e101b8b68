"""What no sentence says: which variables a quantity depends on, what a function is, how large an array is.

``\\partial L / \\partial W`` of an L that nothing defines is not 0.  Where the document differentiates such an L, it is
read as some function: of the variables that it is differentiated by, those left out that the others are computed from.
What then holds, holds for every such function.  What does not hold may only be misread: a line that rests on
something unsaid is never called wrong, and its verdict says what to declare.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sympy import Basic, Expr, Indexed, Integer, Mul, Pow, Symbol
from sympy.core.function import AppliedUndef

from checker.calculus import terms
from checker.calculus.arrays import Array
from checker.calculus.shapes import UnknownSize
from checker.language import names
from checker.language.environment import Environment, Ranks
from checker.language.faults import unreadable
from checker.language.folding import folded
from checker.language.last_layer import last_of_layers, slices_at_the_end
from checker.language.quotients import Unsaid, makers
from checker.language.surface import Derivative, Name, Number, Scripted
from checker.language.symbols import Table, names_in
from checker.language.walk import descend

# ------------------------------------------------------------------------------------- dependence


def note_derivative(env: Environment, tree: Derivative, value: Array, by: Sequence[Array]) -> None:
    """Take note of what is differentiated by what, and settle what it depends on where nothing says it."""
    unsaid = env.inference.unsaid
    claims_nothing = any(isinstance(side, Number) and side.value == 0 for side in env.sides)
    term = _generic(value)
    variables = [terms.name_of(v) for v in map(_generic, by) if isinstance(v, (Symbol, Indexed))]
    if isinstance(term, (Symbol, Indexed)):
        name = terms.name_of(term)
        if _is_open(env.table, name) and not claims_nothing:
            unsaid.by.setdefault(name, set()).update(v for v in variables if v != name)
    _go_through(env, tree, term, variables)
    if not unsaid.complete:
        return
    if not claims_nothing:
        _refuse_strangers(env, tree, term, variables)
    mentioned = names_in(term) if term is not None else _names_written(env, tree)
    for name in behind(env.table, mentioned):
        if claims_nothing and name not in env.table.granted:
            continue  # that it does not depend is what is claimed; but f(x) was written
        if name not in variables and unsaid.by.get(name) and _is_open(env.table, name):
            _settle(env, tree, name)
    if claims_nothing:
        return
    if term is not None and not isinstance(term, (Symbol, Indexed)):
        _refuse_unrelated(env, tree, mentioned, variables)


def _refuse_unrelated(env: Environment, tree: Derivative, mentioned: frozenset[str], variables: Sequence[str]) -> None:
    """``\\partial (c u) / \\partial w`` where nothing says what u is made of: it is not 0 for that."""
    known = frozenset(behind(env.table, mentioned))
    if not variables or any(v in known for v in variables):
        return
    for name in sorted(mentioned):
        if _is_unexplained(env.table, name):
            raise unreadable(
                "unknown-symbol",
                tree,
                f"nothing says what {name} is, or whether it depends on {variables[0]}; "
                f'write "Let ${name} = …$" or "Let ${name}$ be a function of ${variables[0]}$"',
            )


def _refuse_strangers(env: Environment, tree: Derivative, term: Expr | None, variables: Sequence[str]) -> None:
    """``\\partial t_d / \\partial W_{fg}`` where t is defined without W, and nothing declares W."""
    if not isinstance(term, (Symbol, Indexed)):
        return
    name = terms.name_of(term)
    made_of = frozenset(behind(env.table, {name}))
    made_of |= {x for made in made_of for x in env.table.granted.get(made, ())}  # f(x): of x, as it is written
    for variable in variables:
        entry = env.table.entries.get(variable)
        if name not in env.table.definitions or variable in made_of or variable in env.table.depends:
            continue
        if entry is not None and entry.origin == "inferred":
            raise unreadable(
                "unknown-symbol",
                tree,
                f"by its definition {name} does not depend on {variable}, of which nothing is said; "
                f"if {variable} is another name for something in it, write that name",
            )


def _go_through(env: Environment, tree: Derivative, term: Expr | None, variables: Sequence[str]) -> None:
    """``\\partial a / \\partial z`` of ``a = \\sigma(w x + b)`` and ``z = w x + b``: a is read as a function of z."""
    if not isinstance(term, (Symbol, Indexed)):
        return
    name, table = terms.name_of(term), env.table
    if name not in table.definitions:
        return
    made_of = frozenset(behind(table, {name}))
    for variable in variables:
        if variable in made_of or variable not in table.definitions or not _share_inputs(table, made_of, variable):
            continue
        if not _lead_through(table, made_of, name, variable):
            raise unreadable(
                "unknown-symbol",
                tree,
                f"{name} and {variable} are made of the same things, but the definition of {name} does not go through "
                f'{variable}; write "Let ${name} = …$" in terms of ${variable}$',
            )


def _lead_through(table: Table, made_of: frozenset[str], name: str, variable: str) -> bool:
    """Whether a name depends on what a variable is made of through the variable alone; its definition then says so."""
    if len(table.definitions[variable]) != 1:
        return False
    (meaning,) = table.definitions[variable]
    bodies = {n: [folded(d.body, meaning) for d in table.definitions[n]] for n in made_of & table.definitions.keys()}
    changed = {n: found for n, found in bodies.items() if any(body is not None for body in found)}
    if not changed:
        return False
    trial = table.copy()
    for n, found in sorted(changed.items()):
        trial.redefine(n, found)
    inputs = frozenset(behind(trial, {variable})) - {variable}
    if inputs & frozenset(_beside(trial, name, variable)):
        return False
    for n, found in sorted(changed.items()):
        table.redefine(n, found)
    return True


def _beside(table: Table, name: str, variable: str) -> Iterator[str]:
    """What a name is made of in other ways than through a variable."""
    waiting, seen = [name], {name, variable}
    while waiting:
        more = makers(table, waiting.pop()) - seen
        yield from more
        waiting += sorted(more)
        seen |= more


def _share_inputs(table: Table, made_of: frozenset[str], variable: str) -> bool:
    """Whether two quantities, none of them made of the other, depend on something in common."""
    others = frozenset(behind(table, {variable}))
    return any(x in others and x not in table.definitions for x in made_of) and not made_of & {variable}


def _generic(value: Array) -> Expr | None:
    """Some entry of an array; None while a size in it is open."""
    try:
        return value.entry(tuple(terms.index(f"u_{n}") for n in range(len(value.slots))))
    except UnknownSize:
        return None


def _names_written(env: Environment, tree: Derivative) -> frozenset[str]:
    """The names in what is differentiated, as they are written."""
    nodes = descend(tree.operand) if tree.operand is not None else ()
    spelled = {names.spell(node) for node in nodes if isinstance(node, (Name, Scripted))}
    return frozenset(name for name in spelled if name is not None and name in env.table.entries)


def _is_open(table: Table, name: str) -> bool:
    """Whether a name is a quantity of which nothing says how it comes about."""
    entry = table.entries.get(name)
    if entry is None or entry.kind != "tensor" or entry.integer:
        return False
    return name not in table.definitions and name not in table.depends and name not in table.lost


def behind(table: Table, mentioned: Iterable[str]) -> Iterator[str]:
    """Names, and those that they are made of, and so on."""
    waiting = sorted(mentioned)
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        yield name
        more = makers(table, name) - seen
        waiting += sorted(more)
        seen |= more


def _settle(env: Environment, tree: Derivative, name: str) -> None:
    table, unsaid = env.table, env.inference.unsaid
    if name in unsaid.made_of:
        raise unreadable(
            "unknown-symbol", tree, f"{name} is differentiated here and defined only further down; define it first"
        )
    layers = last_of_layers(table, unsaid.by[name])
    if layers:
        ends = slices_at_the_end(env, layers)
        if ends is not None:
            table.depend(name, ends)
            table.granted[name] = ends
            return
    last = _last(table, unsaid, name)
    known = [table.entries.get(x) or env.inference.entry(table, x, None, tree) for x in (name, *last)]
    if not last or any(e.family or e.kind != "tensor" for e in known):
        raise unreadable(
            "unknown-symbol",
            tree,
            f'nothing says what {name} depends on; write "Let ${name} = …$" or "Let ${name}$ be a function of $…$"',
        )
    if any(e.slots is None for e in known):
        return
    table.depend(name, tuple(last))
    table.granted[name] = tuple(last)


def _last(table: Table, unsaid: Unsaid, name: str) -> list[str]:
    """The variables of a quantity from which none of its other variables is computed."""
    variables = unsaid.by[name]
    behind = {x: _ancestors(table, unsaid, x, name) for x in variables}
    return sorted(x for x in variables if not any(x in behind[z] for z in variables if z != x))


def _ancestors(table: Table, unsaid: Unsaid, start: str, without: str) -> frozenset[str]:
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        more = makers(table, name) | unsaid.made_of.get(name, frozenset()) | unsaid.by.get(name, set())
        waiting += sorted(more - seen - {without})
        seen |= more
    return frozenset(seen)


# ------------------------------------------------------------------------------------------ doubts


def doubt(table: Table, head: Basic | None, term: Basic) -> str | None:
    """Why a line may only seem wrong: something that it mentions was read without being told."""
    mentioned = names_in(term) | (names_in(head) if head is not None else frozenset())
    underlying = sorted(behind(table, mentioned))
    for name in underlying:
        if name in table.granted and not _is_chain_rule(table, name, head, term) and not _is_upstream(table, name):
            by = ", ".join(table.granted[name])
            return (
                f"nothing says what {name} is; read as any function of {by}, it does not make this line true. "
                f'Write "Let ${name} = …$", or "Let ${name}$ be a function of $…$"'
            )
    twofold = next((n for n in underlying if _is_element_apart(table, n, underlying)), None)
    if twofold is not None:
        root = twofold.partition("_")[0]
        return (
            f"{twofold} is read as a name of its own here, beside the elements of {root}; "
            f'write "Let ${root} \\in \\mathbb{{R}}^{{n}}$" if it is one of them'
        )
    for side, other in ((_root(head), term), (term, head)):
        squared = side is not head and side is not term
        if isinstance(side, (Symbol, Indexed)) and _is_unexplained(table, terms.name_of(side), squared):
            name = terms.name_of(side)
            if other is not None and name in names_in(other):
                continue
            return (
                f'nothing says what {name} is, so this equation may define it; write "Let ${name} = …$", '
                f'or "Let ${name} \\in \\mathbb{{R}}^{{…}}$" if it is meant for every {name}'
            )
    stranger = _brought_in(table, head, term)
    if stranger is not None:
        return (
            f"nothing says what {stranger} is, and the left side does not mention it; "
            f'write "Let ${stranger} = …$", or "Let ${stranger} \\in \\mathbb{{R}}^{{…}}$" if it may be any {stranger}'
        )
    if isinstance(head, Mul) and all(isinstance(f, Symbol) and _is_unexplained(table, str(f.name)) for f in head.args):
        letters = ", ".join(sorted(str(f) for f in head.args))
        return (
            f"nothing says what {letters} are; if the left side is one name, write it as \\text{{…}}, "
            f'otherwise "Let ${letters} \\in \\mathbb{{R}}$"'
        )
    used = _functions(term) | (_functions(head) if head is not None else frozenset())
    used |= {f for n in underlying for d in table.definitions.get(n, ()) for f in _functions(d.body)}
    for name in sorted(used & table.granted_functions.keys()):
        return (
            f"nothing says what the function {name} is, and this line does not hold for every function; "
            f'write "Let ${name}(x) = …$"'
        )
    return None


def unsure_shape(table: Table, ranks: Ranks, head: Basic | None, term: Basic) -> str | None:
    """Why a line may only seem wrong: whether a name is a number, a vector or a matrix is a guess."""
    if not ranks.unsure:
        return None
    mentioned = names_in(term) | (names_in(head) if head is not None else frozenset())
    for name in sorted(behind(table, mentioned)):
        entry = table.entries.get(name)
        if name in ranks.unsure and entry is not None and entry.origin == "inferred":
            what = ("a number", "a vector", "a matrix")[ranks.chosen.get(name, 0)]
            return (
                f"nothing says which shape {name} has; read as {what}, it does not make this line true. "
                f'Write "Let ${name} \\in \\mathbb{{R}}^{{…}}$"'
            )
    return None


def _is_element_apart(table: Table, name: str, underlying: Sequence[str]) -> bool:
    """``a_1`` beside ``a_i`` where nothing declares a."""
    root, _, place = name.partition("_")
    entry = table.entries.get(root)
    if not place.strip("{}").isdigit() or entry is None or not entry.slots or entry.origin == "declared":
        return False
    if name in table.entries and (table.entries[name].origin == "declared" or name in table.definitions):
        return False
    return root in underlying and len(entry.slots) <= len(place.strip("{}"))


def _root(side: Basic | None) -> Basic | None:
    """``\\sigma^2`` as σ: an equation for a power of a name may define the name."""
    return side.base if isinstance(side, Pow) and isinstance(side.exp, Integer) else side


def _is_upstream(table: Table, name: str) -> bool:
    """``dO = \\partial L/\\partial O`` stands in the document: L is a function of O, and what gets there is given."""
    (first, *others) = table.granted[name]
    bodies = (d.body for definitions in table.definitions.values() for d in definitions)
    partials = (b for b in bodies if isinstance(b, terms.Partial) and names_in(b.expression) == {name})
    return not others and any(len(b.variables) == 1 and terms.name_of(b.variables[0]) == first for b in partials)


def _is_chain_rule(table: Table, name: str, head: Basic | None, term: Basic) -> bool:
    """Whether both sides are about derivatives of a quantity that depends on one thing that is defined."""
    (first, *others) = table.granted[name]
    if others or first not in table.definitions or head is None:
        return False
    return all(_differentiates(side, name) for side in (head, term))


def _differentiates(term: Basic, name: str) -> bool:
    partials = term.atoms(terms.Partial)
    return any(isinstance(p.args[0], (Symbol, Indexed)) and terms.name_of(p.args[0]) == name for p in partials)


def _brought_in(table: Table, head: Basic | None, term: Basic) -> str | None:
    """A name of which nothing is said, in a line whose head has nothing to do with it."""
    if head is None:
        return None
    known = frozenset(behind(table, names_in(head)))
    strangers = (n for n in sorted(names_in(term) - known) if _is_unexplained(table, n))
    return next(strangers, None)


def _is_unexplained(table: Table, name: str, squared: bool = False) -> bool:
    """``squared``: an equation for σ², which defines it as likely as not, even if something else is made of σ."""
    entry = table.entries.get(name)
    if entry is None or entry.origin != "inferred" or (name in table.mentioned and not squared):
        return False
    return _is_open(table, name)


def _functions(term: Basic) -> frozenset[str]:
    applied = {str(f.func.__name__) for f in term.atoms(AppliedUndef)}
    return frozenset(applied | {f.function for f in term.atoms(terms.FunctionDerivative)})
