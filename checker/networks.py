"""The computation that a document defines, as a graph: what depends on what, how strongly, and with which numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Basic, Expr, Indexed, Symbol

from checker.calculus.context import Context, Definition, Range
from checker.calculus.graph import mentions_derivative, names_in
from checker.calculus.ring import Budget, Outside
from checker.calculus.session import open_session
from checker.calculus.sums import Unsummable
from checker.calculus.terms import Partial, element, index, name_of
from checker.calculus.writing import term_of
from checker.judge.forward import forward
from checker.language.printer import latex
from checker.language.reading import LAYOUTS, Fault, Reading, ReadStatement
from checker.results import Kind, Link, Network, Quantity

FEWEST, MOST = 3, 40  # quantities in a picture
LONGEST = 36  # characters of a local derivative that is shown
LETTERS = "klpqrsuvmnij"
WEIGHTS = frozenset(("W", "w", "b", "theta", "Theta", "beta"))
DATA = frozenset(("X", "x", "Y", "y", "t"))
WORK = 40_000

Key = tuple[str, tuple[Expr, ...]]  # a name with its labels: ("W", (k - 1,))


@dataclass(frozen=True)
class Node:
    """A name with its labels, and what defines it."""

    key: Key
    definition: Definition | None = None


def networks_of(reading: Reading, places: Mapping[int, int]) -> tuple[Network, ...]:
    """One network for every set of definitions that hold together somewhere in the document.

    ``places`` gives the line of a statement by its position.
    """
    above, below = derivatives_in(reading)
    drawn: set[tuple[Key, Definition]] = set()
    made = []
    for context in distinct_contexts(reading):
        nodes, pairs = news(*graph_of(context), drawn)
        drawn |= {(node.key, node.definition) for node in nodes if node.definition is not None}
        if FEWEST <= len(nodes) <= MOST and len(pairs) > 1:
            made.append(network(nodes, pairs, context, line_of(reading, nodes, context, places), above, below))
    return tuple(made)


def news(
    nodes: Sequence[Node], pairs: Sequence[tuple[Key, Key]], drawn: set[tuple[Key, Definition]]
) -> tuple[list[Node], list[tuple[Key, Key]]]:
    """The connected parts of a graph in which something is not drawn yet."""
    part = {node.key: {node.key} for node in nodes}
    for a, b in pairs:
        if part[a] is not part[b]:
            part[a] |= part[b]
            for key in part[b]:
                part[key] = part[a]
    new = {n.key for n in nodes if n.definition is not None and (n.key, n.definition) not in drawn}
    kept = [node for node in nodes if not new.isdisjoint(part[node.key])]
    keys = {node.key for node in kept}
    return kept, [(a, b) for a, b in pairs if a in keys]


def line_of(reading: Reading, nodes: Sequence[Node], context: Context, places: Mapping[int, int]) -> int:
    """The line of the first of the definitions that hold here."""
    holds = next(k for k, s in enumerate(reading.statements) if s.context is context)
    names = {node.key[0] for node in nodes if node.definition is not None}
    lines = {s.defined: places[k] for k, s in enumerate(reading.statements[: holds + 1]) if s.defined in names}
    return min(lines.values(), default=places[holds])


def distinct_contexts(reading: Reading) -> list[Context]:
    """The contexts of claims, each unless a later one has the same definitions and perhaps more."""
    kept: list[Context] = []
    for statement in reversed(reading.statements):
        context = statement.context
        claims = statement.kind == Kind.CLAIM.value and statement.sides
        if claims and len(context.definitions) and not any(covers(other, context) for other in kept):
            kept.append(context)
    return kept[::-1]


def covers(later: Context, earlier: Context) -> bool:
    same = all(later.definitions.get(name) == found for name, found in earlier.definitions.items())
    if not same:
        return False
    mentioned = {n for ds in earlier.definitions.values() for d in ds for n in names_in(d.body)}
    return not any(n in later.definitions for n in mentioned - set(earlier.definitions))


def derivatives_in(reading: Reading) -> tuple[frozenset[str], frozenset[str]]:
    """The names that some side differentiates, and those it differentiates by."""
    above: set[str] = set()
    below: set[str] = set()
    for partial in (p for s in reading.statements for p in partials(s)):
        above |= names_in(partial.expression)
        below.update(name_of(v) for v in partial.variables)
    return frozenset(above), frozenset(below)


def partials(statement: ReadStatement) -> Iterator[Partial]:
    for side in statement.sides:
        term = side.terms.get(LAYOUTS[0]) or next(iter(side.terms.values()))
        if not isinstance(term, Fault):
            yield from (p for p in term.atoms(Partial) if isinstance(p, Partial))


# ---------------------------------------------------------------------------------------- graph


def network(
    nodes: Sequence[Node],
    pairs: Sequence[tuple[Key, Key]],
    context: Context,
    line: int,
    above: frozenset[str],
    below: frozenset[str],
) -> Network:
    position = {node.key: k for k, node in enumerate(nodes)}
    used = {source for source, _ in pairs}
    ends = [n for n in nodes if n.key not in used]
    result = result_of(ends, context, above)
    labelled = any(labels for _, labels in position)
    plain = list(dict.fromkeys(name for name, _ in position))
    numbers = None if labelled else forward(plain, result.key[0] if result is not None else None, context)
    adjusted = frozenset(map(letter_of, below))
    quantities = []
    for node in nodes:
        name = node.key[0]
        quantities.append(
            Quantity(
                latex(element(name, *node.key[1]), context),
                role_of(node, node == result, adjusted, context),
                definition_text(node, context),
                shape_of(name, context),
                None if numbers is None else numbers.values.get(name),
                None if numbers is None else numbers.gradients.get(name),
            )
        )
    of = {node.key: node for node in nodes}
    links = tuple(Link(position[a], position[b], local_derivative(a, of[b], context)) for a, b in pairs)
    if numbers is None:
        return Network(line, tuple(quantities), links)
    return Network(line, tuple(quantities), links, numbers.sizes, numbers.functions)


def graph_of(context: Context) -> tuple[list[Node], list[tuple[Key, Key]]]:
    """Nodes in the order they are met, sources first, and the pairs (used, user)."""
    backward = {name for name, ds in context.definitions.items() if any(mentions_derivative(d.body) for d in ds)}
    backward |= {n for n, ds in context.definitions.items() if any(names_in(d.body) & backward for d in ds)}
    nodes: dict[Key, Node] = {}
    user: Key
    pairs: dict[tuple[Key, Key], None] = {}
    for name, definitions in context.definitions.items():
        if name in backward or is_size(name, context):
            continue
        for definition in definitions:
            user = key_of(name, definition.pattern, context)
            for used in keys_in(definition.body, context):
                nodes.setdefault(used, Node(used))
                if used != user and (user, used) not in pairs:
                    pairs[used, user] = None
            nodes[user] = Node(user, definition)
    for name, arguments in context.depends.items():
        if name not in context.definitions:
            user = (name, ())
            sources = [key for argument in arguments for key in named(argument, nodes)]
            nodes.update((key, nodes.get(key, Node(key))) for key in (*sources, user))
            pairs.update(((source, user), None) for source in sources)
    touched = {key for pair in pairs for key in pair}
    return [node for key, node in nodes.items() if key in touched], list(pairs)


def named(name: str, nodes: Mapping[Key, Node]) -> list[Key]:
    """The nodes that are entries of a tensor, whatever their labels."""
    return [key for key in nodes if key[0] == name] or [(name, ())]


def is_size(name: str, context: Context) -> bool:
    variable = context.variables.get(name)
    return variable is not None and variable.integer


def key_of(name: str, slots: Sequence[Expr], context: Context) -> Key:
    variable = context.variables.get(name)
    return name, tuple(slots[: variable.labels]) if variable is not None else ()


def keys_in(body: Expr, context: Context) -> list[Key]:
    """The names in a body with their labels; index letters and sizes are none."""
    found: dict[Key, None] = {}
    seen: set[Basic] = set()
    stack: list[Basic] = [body]
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if isinstance(node, Indexed):
            if not is_size(name_of(node), context):
                found[key_of(name_of(node), node.indices, context)] = None
            stack.extend(node.indices)
        elif isinstance(node, Symbol):
            if not node.is_integer:
                found[node.name, ()] = None
        else:
            stack.extend(node.args)
    return sorted(found, key=lambda key: (key[0], str(key[1])))


def result_of(ends: Sequence[Node], context: Context, above: frozenset[str]) -> Node | None:
    """The scalar that everything leads to: the one the document differentiates, or the only one."""
    scalars = [n for n in ends if not n.key[1] and not shape_of(n.key[0], context)]
    differentiated = [n for n in scalars if n.key[0] in above]
    for found in (differentiated, scalars):
        if len(found) == 1:
            return found[0]
    return differentiated[-1] if differentiated else None


def letter_of(name: str) -> str:
    """W_Q and W_K, b_1 and b_2 are of a kind."""
    return re.split(r"[_^]", name, maxsplit=1)[0]


def role_of(node: Node, is_result: bool, adjusted: frozenset[str], context: Context) -> str:
    """A given quantity is a parameter where the document differentiates by it, or by one of the same letter.

    The usual letters for weights, and for data, go before that: the drawing looks as one expects; nothing rests on it.
    """
    if is_result:
        return "result"
    if node.definition is not None or node.key[0] in context.depends or node.key[0] in context.definitions:
        return "quantity"
    letter = letter_of(node.key[0]).lstrip("\\")
    if letter in WEIGHTS or letter in DATA:
        return "parameter" if letter in WEIGHTS else "input"
    return "parameter" if letter_of(node.key[0]) in adjusted else "input"


def shape_of(name: str, context: Context) -> tuple[str, ...]:
    variable = context.variables.get(name)
    slots = variable.slots[variable.labels :] if variable is not None else ()
    return tuple("\\mathbb{Z}" if slot.upper.is_infinite else latex(slot.upper) for slot in slots)


def definition_text(node: Node, context: Context) -> str | None:
    if node.definition is None:
        arguments = context.depends.get(node.key[0])
        return f"{latex(element(node.key[0]), context)}({', '.join(arguments)})" if arguments else None
    left = latex(element(node.key[0], *node.definition.pattern), context)
    return f"{left} = {latex(node.definition.body, context)}"


# ----------------------------------------------------------------------------- local derivatives


def local_derivative(source: Key, target: Node, context: Context) -> str | None:
    """∂target/∂source with everything else held fixed, as LaTeX; None where it is long or has no form."""
    definition = target.definition
    if definition is None:
        return None
    taken = {str(s) for s in definition.body.free_symbols} | {str(p) for p in definition.pattern}
    slots = context.variables[source[0]].slots if source[0] in context.variables else ()
    fresh = letters(len(slots) - len(source[1]), taken | set(names_in(definition.body)))
    entry = element(source[0], *source[1], *fresh)
    bare = Context(context.variables, {}, context.functions, {}, ())
    ranges = {**ranges_of(target, context), **dict(zip(fresh, slots[len(source[1]) :], strict=True))}
    try:
        session = open_session(bare, ranges, work=WORK)
        form = session.form(Partial(definition.body, entry), {})
        text = latex(term_of(form, frozenset(taken | {str(f) for f in fresh})), bare)
    except (Outside, Unsummable, Budget, ZeroDivisionError, RecursionError, TypeError):
        return None
    return text if len(text) <= LONGEST else None


def ranges_of(target: Node, context: Context) -> dict[Symbol, Range]:
    variable = context.variables.get(target.key[0])
    pattern = target.definition.pattern if target.definition is not None else ()
    slots = variable.slots if variable is not None else ()
    return {p: slot for p, slot in zip(pattern, slots, strict=False) if isinstance(p, Symbol)}


def letters(count: int, taken: Iterable[str]) -> list[Symbol]:
    free = [letter for letter in LETTERS if letter not in set(taken)]
    return [index(letter) for letter in free[:count]]
