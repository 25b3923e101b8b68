"""What a declaring sentence does to the symbol table: one function per kind of saying."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from checker.calculus.context import Definition, Hypothesis, Property
from checker.calculus.functions import elementary, standard
from checker.calculus.shapes import INTEGERS
from checker.language import names
from checker.language.declared_functions import one_of_many
from checker.language.declared_integers import bounded_integer, take_integer, take_range
from checker.language.declared_shapes import (
    bounds_of,
    declared_entry,
    dimensions_of,
    enter,
    expanded,
    heads_of,
    is_fixed,
    name_of,
    range_of,
    set_of,
    take_shape,
    take_sized,
)
from checker.language.definitions import Outcome, define
from checker.language.desk import Desk
from checker.language.faults import outside, unreadable
from checker.language.hypotheses import suppose_property, suppose_relation
from checker.language.own_entries import take_entries
from checker.language.sentences import Piece, Saying
from checker.language.surface import (
    Call,
    Factors,
    Group,
    Hole,
    Name,
    Scripted,
    Tree,
)
from checker.language.survey import finite_values
from checker.language.symbols import Entry
from checker.language.targets import target_of


def take_in(desk: Desk, saying: Saying, start: int) -> Outcome:
    """Do what is said; raises ``Misread`` or ``Redeclared`` where it cannot be done."""
    if saying.problem is not None:
        raise saying.problem
    return APPLY[saying.kind](desk, saying, start)


def _signature(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``f: \\mathbb{R} \\to \\mathbb{R}``: an unknown function of numbers; from ``\\mathbb{R}^n``, of a vector."""
    piece = saying.pieces[0]
    trees = [row.tree for row in piece.rows]
    plain = [isinstance(t, Name) and t.name in ("\\mathbb{R}", "\\R") for t in trees[1:]]
    if len(plain) == 2 and all(plain):
        return _elementwise(desk, Saying("elementwise", (Piece(piece.formula, piece.rows[:1]),)), start)
    if len(trees) == 3 and isinstance(trees[0], Name) and trees[0].name not in desk.table.definitions:
        _of_vector(desk, trees[0], trees[1], trees[2], start)
    return None


def _of_vector(desk: Desk, head: Name, source: Tree | None, target: Tree | None, start: int) -> None:
    """A function of a vector (or matrix): a quantity that depends on the one name that the document puts in it.

    Where it stands before different things, or before none, no line about it is judged.
    """
    name, inside = head.name, desk.survey.applied.get(head.name, frozenset())
    if not _is_space(source) or not _is_space(target):
        return
    ((argument,),) = inside if len(inside) == 1 and all(len(x) == 1 and x[0] for x in inside) else ((None,),)
    known = desk.table.entries.get(argument) if argument is not None else None
    desk.table.forget_function(name)
    if argument is None or (known is not None and known.kind != "tensor"):
        desk.table.lost[name] = (desk.table.heading, start)
        desk.table.shapeless.add(name)
        return
    if known is None or known.origin == "inferred":
        enter(desk, declared_entry(desk, Name(head.span, argument), _powers(source), (), start))
    enter(desk, declared_entry(desk, head, _powers(target), (), start))
    desk.table.depend(name, (argument,))
    desk.table.arguments[name] = (argument,)
    desk.table.signatures.add(name)


def _is_space(tree: Tree | None) -> bool:
    base = tree.base if isinstance(tree, Scripted) else tree
    return isinstance(base, Name) and base.name in ("\\mathbb{R}", "\\R")


def _powers(tree: Tree | None) -> tuple[Tree, ...]:
    return dimensions_of(tree.superscripts) if isinstance(tree, Scripted) else ()


# --------------------------------------------------------------------------------- words about names


def _real(desk: Desk, saying: Saying, start: int) -> Outcome:
    said: list[Hypothesis] = []
    for piece in saying.pieces:
        if not piece.is_bare:
            continue
        for head in heads_of(piece):
            enter(desk, declared_entry(desk, head, (), saying.conditions, start))
            if saying.kind == "positive":
                said += bounds_of(desk, head, "R+", (), piece, saying.conditions)
    return said or None


def _sequence(desk: Desk, saying: Saying, start: int) -> Outcome:
    """``u_t`` *is a sequence over all integers* t: its letters run over all integers, its labels where they say."""
    for piece in saying.pieces:
        for head in heads_of(piece):
            enter(desk, _sequence_entry(desk, head, start))
    return None


def _run_on(desk: Desk, letter: str) -> None:
    """A letter that had a range before (t = 1, …, T) runs over all integers from here on."""
    entry = desk.table.entries.get(letter)
    if entry is not None and entry.kind == "index":
        desk.table.put(replace(entry, values=INTEGERS))


def _sequence_entry(desk: Desk, head: Tree, start: int) -> Entry:
    if not isinstance(head, Scripted) or not isinstance(head.base, Name):
        name = names.spell(head)
        if name is None:
            raise unreadable("syntax", head, "a name such as u_t is expected here")
        return Entry(name, slots=(INTEGERS,), family=1, start=start, heading=desk.table.heading)
    labels = tuple(head.superscripts) if names.is_label(head) else ()
    below = names.slot_parts(head.subscripts, None) or (Hole(head.span),)
    slots = [range_of(desk, str(names.spell(x)), {}) or desk.sizes.hole() for x in labels]
    slots += [INTEGERS] * len(below)
    for letter in (str(names.spell(x)) for x in below):
        _run_on(desk, letter)
    return Entry(
        head.base.name,
        slots=tuple(slots),
        family=len(slots),
        above=len(labels),
        labels=len(labels),
        start=start + head.span[0],
        heading=desk.table.heading,
    )


def _function(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*E is a scalar function of A and B*, *U is a function of X*."""
    written = [tree for piece in saying.arguments for tree in heads_of(piece)]
    arguments = tuple(_argument(desk, tree) for tree in written)
    for piece in saying.pieces:
        for head in heads_of(piece):
            many = one_of_many(desk, head, written, start)
            if many is not None:
                enter(desk, many.entry)
                desk.table.depend(many.entry.name, arguments, many.aligned)
                continue
            name = _function_head(head, piece)
            known = desk.table.entries.get(name)
            if name in desk.table.definitions and known is not None and known.heading == desk.table.heading:
                raise unreadable("syntax", head, f"{name} is defined already; it cannot be an unknown function as well")
            if known is None or known.kind != "tensor" or known.origin == "inferred" or _outdated(desk, known, name):
                enter(desk, Entry(name, start=start + head.span[0], heading=desk.table.heading))
            desk.table.depend(name, arguments)
    return None


def _outdated(desk: Desk, known: Entry, name: str) -> bool:
    return known.heading < desk.table.heading and (name in desk.table.definitions or name in desk.table.depends)


def _function_head(head: Tree, piece: Piece) -> str:
    if isinstance(head, Factors) and len(head.factors) == 2 and isinstance(head.factors[1], Group):
        return name_of(head.factors[0], piece)
    return name_of(head, piece)


def _argument(desk: Desk, tree: Tree) -> str:
    """The name in ``A``, ``A_{ij}``, ``a_t^{(l)}``."""
    spelled = names.spell(tree)
    if spelled is not None and spelled in desk.table.entries:
        return spelled
    if isinstance(tree, Scripted) and isinstance(tree.base, Name):
        if tree.base.name in desk.table.entries:
            return _slice(desk, tree, desk.table.entries[tree.base.name]) or tree.base.name
        label = names.spell_parts(tree.superscripts)
        labelled = names.with_scripts(tree.base.name, "", label or "", tree.brackets)
        if labelled in desk.table.entries:
            return labelled
    if spelled is None:
        raise unreadable("syntax", tree, 'the name of a variable is expected after "function of"')
    desk.inference.entry(desk.table, spelled, None, tree)
    return spelled


def _slice(desk: Desk, tree: Scripted, entry: Entry) -> str | None:
    """``x^{(L)}`` and ``x_1`` as what a function depends on: a name of its own, defined as that part of x.

    None where a letter in the scripts runs, so that all of x is meant.
    """
    letters = [x for part in (*tree.superscripts, *tree.subscripts) for x in names.letters_in(part)]
    if entry.slots is None or any(not is_fixed(desk, x) for x in letters):
        return None
    env = desk.environment([tree], desk.main_layout)
    part = env.lower(env, tree)
    name = names.spell(tree) or f"{entry.name}({', '.join(letters)})"
    pattern = env.work.letters.several(len(part.slots))
    slots = tuple(desk.sizes.resolve(r) for r in part.slots)
    desk.table.put_slice(Entry(name, slots=slots, origin="inferred", heading=desk.table.heading))
    if name not in desk.table.definitions:
        desk.table.define(Definition(name, pattern, part.entry(pattern)), name)
    return name


def _elementwise(desk: Desk, saying: Saying, start: int) -> Outcome:
    """*φ is applied elementwise*: a function of numbers, unknown unless it has a definition or a fixed meaning."""
    for piece in saying.pieces:
        if not piece.is_bare:
            continue
        for head in heads_of(piece):
            name = _function_name(head, piece)
            known = desk.table.entries.get(name)
            if known is not None and known.heading == desk.table.heading and known.origin != "inferred":
                raise unreadable("syntax", head, f"{name} is a quantity; a function needs another letter")
            if known is not None:
                desk.table.drop(name)
            older = 0 <= desk.table.elementwise.get(name, desk.table.heading) < desk.table.heading
            if older and elementary(name) is None:
                desk.table.functions.pop(name, None)
            desk.table.elementwise[name] = desk.table.heading
            meaning = standard(name)
            if meaning is not None and name not in desk.table.functions:
                desk.table.define_function(meaning, desk.table.heading)
    return None


def _function_name(head: Tree, piece: Piece) -> str:
    if isinstance(head, Factors) and isinstance(head.factors[0], Name):
        return head.factors[0].name
    if isinstance(head, Call):
        return head.function.name
    return name_of(head, piece)


def _rowwise(desk: Desk, saying: Saying, start: int) -> Outcome:
    desk.table.row_softmax = True
    return None


# ------------------------------------------------------------------------ definitions and assumptions


def _definition(desk: Desk, saying: Saying, start: int) -> Outcome:
    piece = saying.pieces[0]
    left, right = piece.rows[0].tree, piece.rows[1].tree
    if left is None or right is None:
        raise unreadable("syntax", Tree(piece.span), "one side of this definition is missing")
    if take_entries(desk, left, right, start + left.span[0]) is not None:
        return None
    outcome: Outcome = None
    for value, head in expanded(left, saying.conditions):
        body = right if not value else expanded(right, saying.conditions)[_place(value, saying)][1]
        conditions = () if value else saying.conditions
        target = target_of(desk, head, body, conditions)
        if target is None:
            return suppose_relation(desk, piece, saying.conditions)
        outcome = define(desk, target, head, body, conditions, start + left.span[0], piece.latex)
    return outcome


def _place(value: str, saying: Saying) -> int:
    for condition in saying.conditions:
        found = finite_values(condition.tree)
        if found is not None:
            return [v.text for v in found[1]].index(value)
    return 0


def _relation(desk: Desk, saying: Saying, start: int) -> Outcome:
    piece = saying.pieces[0]
    if all(row.relation in ("<", "\\le", ">", "\\ge") for row in piece.rows[1:]):
        bounded = bounded_integer(desk, saying)
        if bounded:
            return None
    if not saying.supposed and any(
        row.relation not in ("<", "\\le", ">", "\\ge", "\\ne", "=") for row in piece.rows[1:]
    ):
        raise outside(Tree(piece.span), f"a declaration with {piece.rows[1].relation}")
    said: list[Hypothesis] = []
    for tree in heads_of(piece):  # \alpha, \beta > 0
        rows = (replace(piece.rows[0], tree=tree, span=tree.span), *piece.rows[1:])
        said += suppose_relation(desk, piece if tree is piece.head else replace(piece, rows=rows), saying.conditions)
    if saying.case:
        desk.table.cases += said
    elif not saying.supposed:
        desk.table.let(said)
    return said


def _property(desk: Desk, saying: Saying, start: int) -> Outcome:
    said: list[Hypothesis] = []
    for piece in _of_that_kind(saying):
        for head in heads_of(piece):
            row = replace(piece.rows[0], tree=head, span=head.span)
            said += suppose_property(desk, Piece(piece.formula, (row,)), saying.properties, saying.conditions)
    return said


def _of_that_kind(saying: Saying) -> tuple[Piece, ...]:
    """Of arrays declared in one breath those that can have the property: no vectors where there are matrices."""
    wanted = 1 if Property.ONE_HOT in saying.properties else 2
    fitting = tuple(p for p in saying.pieces if _rank(p) == wanted)
    return fitting if fitting and all(_rank(p) is not None for p in saying.pieces) else saying.pieces


def _rank(piece: Piece) -> int | None:
    """How many dimensions ``X \\in \\mathbb{R}^{m \\times n}`` gives; None for other formulas."""
    if piece.is_bare or piece.rows[1].relation != "\\in":
        return None
    which, dimensions = set_of(piece.rows[1].tree)
    return len(dimensions) if which in ("R", "R+") else None


def _array(desk: Desk, saying: Saying, start: int) -> Outcome:
    for piece in saying.pieces:
        for head in heads_of(piece):
            name = names.spell(head)
            if name is not None:
                desk.table.said_arrays[name] = desk.table.heading
    return None


APPLY: Mapping[str, Callable[[Desk, Saying, int], Outcome]] = {
    "shape": take_shape,
    "sized": take_sized,
    "signature": _signature,
    "integer": take_integer,
    "positive integer": take_integer,
    "range": take_range,
    "real": _real,
    "positive": _real,
    "sequence": _sequence,
    "function": _function,
    "elementwise": _elementwise,
    "rowwise": _rowwise,
    "array": _array,
    "definition": _definition,
    "relation": _relation,
    "property": _property,
}
