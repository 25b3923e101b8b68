"""What the left side of an equation defines, if anything: a name with slots, or a function."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Integer

from checker.language import names
from checker.language.conditions_said import letters_of
from checker.language.desk import Desk, gathered
from checker.language.differentials import is_sign
from checker.language.sentences import Condition
from checker.language.surface import Call, Factors, Group, Name, Number, Scripted, Tree
from checker.language.symbols import Entry
from checker.language.walk import descend


@dataclass(frozen=True)
class Target:
    """What a left side defines: a name with index slots, or a function with parameters."""

    name: str
    above: tuple[Tree, ...] = ()
    below: tuple[Tree, ...] = ()
    parameters: tuple[Tree, ...] | None = None


# ------------------------------------------------------------------------------- what is defined


_NUMBERS = frozenset({"e", "\\pi"})


def target_of(desk: Desk, tree: Tree, right: Tree | None, conditions: Sequence[Condition]) -> Target | None:
    """The target of a left side, or None where it is no name."""
    match tree:
        case Name():
            return None if tree.name in ("\\mathbf{1}", "\\mathbf{0}") else Target(tree.name)
        case Scripted(base=Name() as base) if tree.primes and not _may_be_primed(desk, base):
            return None  # f' of a quantity f is no name of its own
        case Scripted(base=Name() as base):
            return _scripted_target(desk, tree, base, right, conditions)
        case Scripted(base=Group(kind="(", items=(inner,)), superscripts=()) if isinstance(inner, Scripted):
            return _grouped_target(desk, tree, inner)
        case Factors(factors=(head, _), operators=("",)) if is_sign(head):
            return None
        case Factors(factors=(head, Group(kind="(" | "[") as group), operators=("",)):
            return _applied_target(desk, tree, head, group)
        case Factors(factors=(Name() as head, Scripted(base=Group() as group) as scripted), operators=("",)):
            return _element_of_applied(desk, tree, head, group, scripted)
        case Call(scripts=None):
            parameters = tree.arguments if all(isinstance(a, Name) for a in tree.arguments) else None
            return None if parameters is None else Target(tree.function.name, parameters=parameters)
        case _:
            return None


def _may_be_primed(desk: Desk, base: Name) -> bool:
    """``c'`` beside an array c is another array; ``f'`` of a number f may be its derivative."""
    entry = desk.table.entries.get(base.name)
    return entry is None or (entry.kind == "tensor" and bool(entry.slots) and base.name not in desk.table.definitions)


def _element_of_applied(desk: Desk, tree: Factors, head: Name, group: Group, scripted: Scripted) -> Target | None:
    """``e(y)_c``: an element of what the name e(y) means; not of a function's value, and no power."""
    spelled = names.spell(Factors(tree.span, (head, group), ("",)))
    known = desk.table.entries.get(head.name) is not None or head.name in desk.table.elementwise
    if spelled is None or not scripted.subscripts or scripted.superscripts:
        return None
    return Target(spelled, (), scripted.subscripts) if spelled in desk.table.entries or not known else None


def _grouped_target(desk: Desk, tree: Scripted, inner: Scripted) -> Target | None:
    """``(a_L)_i``: an element of a labelled name."""
    if not isinstance(inner.base, Name):
        return None
    whole = _scripted_target(desk, inner, inner.base, None, ())
    if whole is None or whole.parameters is not None:
        return None
    return Target(whole.name, whole.above, (*whole.below, *tree.subscripts))


def _applied_target(desk: Desk, tree: Factors, head: Tree, group: Group) -> Target | None:
    spelled = names.spell(tree)
    if spelled is not None and spelled in desk.table.entries:
        return Target(spelled)
    name = names.spell(head)
    if isinstance(head, Scripted) and head.primes:
        return None
    if group.kind == "[" and len(group.items) > 1 and name is not None:
        return Target(name, (), group.items)
    if name is None or not all(isinstance(i, (Name, Scripted)) for i in group.items):
        return None
    entry = desk.table.entries.get(name)
    if entry is not None and entry.origin == "declared" and name not in desk.table.definitions and not entry.slots:
        return Target(name, parameters=group.items)
    return None if entry is not None and entry.origin != "inferred" else Target(name, parameters=group.items)


def _scripted_target(
    desk: Desk, tree: Scripted, base: Name, right: Tree | None, conditions: Sequence[Condition]
) -> Target | None:
    root = base.name + "'" * tree.primes
    spelled = names.spell(tree)
    entries = desk.table.entries
    if spelled is not None and spelled in entries:
        return Target(spelled)
    if root in _NUMBERS and root not in entries and tree.superscripts:
        return None  # e^{(x)}
    above: tuple[Tree, ...] = ()
    if right is not None and _is_new_square(desk, tree, root, right):
        root = names.squared(root)
    elif tree.superscripts:
        labelled = _is_label_of(desk, tree, root) or _is_bare_label(desk, tree, right, conditions)
        if not names.is_label(tree) and (names.is_transpose(tree.superscripts) or not labelled):
            return None
        label = names.spell_parts(tree.superscripts)
        if root in desk.survey.families or labelled:
            above = tuple(tree.superscripts)
        elif label is not None:
            root = names.with_scripts(root, "", label, tree.brackets)
        else:
            return None
    if not tree.subscripts:
        return Target(root, above)
    if _are_slots(desk, tree, root, right, conditions):
        return Target(root, above, tree.subscripts)
    below = names.spell_parts(tree.subscripts)
    if below is None:
        return None
    return Target(spelled if spelled is not None and root.endswith("^2") else names.with_scripts(root, below), above)


def _is_new_square(desk: Desk, tree: Scripted, root: str, right: Tree) -> bool:
    """``\\sigma^2 = …`` where nothing is said of \\sigma: a name of its own, of which \\sigma is the root."""
    if not names.is_square(tree) or root in desk.survey.families or root in _NUMBERS:
        return False
    below = names.spell_parts(tree.subscripts)
    spelled = {root} if below is None else {root, names.with_scripts(root, below)}
    inside = {n.name for n in descend(right) if isinstance(n, Name)}
    return root not in inside and not any(_is_known_here(desk, name) for name in spelled)


def _is_known_here(desk: Desk, name: str) -> bool:
    """Whether a name is declared, or stands under this heading without a declaration."""
    entry = desk.table.entries.get(name)
    if entry is not None and (entry.origin != "inferred" or entry.heading == desk.table.heading):
        return True
    key = (name, desk.inference.epochs.get(name, 0))
    met = desk.inference.found.get(key) or desk.inference.known.get(key)
    return met is not None and met.heading == desk.table.heading


def _is_label_of(desk: Desk, tree: Scripted, root: str) -> bool:
    entry = desk.table.entries.get(root)
    return entry is not None and entry.above > 0 and bool(tree.superscripts)


def _is_bare_label(desk: Desk, tree: Scripted, right: Tree | None, conditions: Sequence[Condition]) -> bool:
    """``\\delta^l = …``: the letter is given a range, or labels a known name on the right side."""
    if names.is_label(tree):
        return False
    letters = {x for part in tree.superscripts for x in names.letters_in(part)}
    if not letters:
        return False
    if letters <= set(letters_of(conditions)):
        return True
    labels: set[str] = set()
    for node in descend(right) if right is not None else ():
        if isinstance(node, Scripted) and isinstance(node.base, Name) and not names.is_label(node):
            entry = desk.table.entries.get(node.base.name)
            if entry is not None and entry.above:
                labels |= {x for part in node.superscripts for x in names.letters_in(part)}
    return letters <= labels


def _are_slots(desk: Desk, tree: Scripted, root: str, right: Tree | None, conditions: Sequence[Condition]) -> bool:
    """Whether the subscripts of a left side are index slots rather than part of the name."""
    entry = desk.table.entries.get(root)
    if entry is not None and entry.slots:
        return not _beside(entry, tree)
    if any(names.is_concrete(p) for p in tree.subscripts):
        return root in desk.survey.stepped and all(isinstance(p, Number) for p in tree.subscripts)
    letters = [x for part in tree.subscripts for x in names.letters_in(part)]
    stated = set(letters_of(conditions))
    inside = gathered([right], desk.table)[1] if right is not None else frozenset()
    return bool(letters) and all(
        x in stated or x in inside or x in desk.survey.index_letters or _is_index(desk, x) for x in letters
    )


def _beside(entry: Entry, tree: Scripted) -> bool:
    """``\\theta_0`` beside a vector \\theta whose indices begin with 1: a name of its own."""
    (part, *more), (extent, *others) = names.slot_parts(tree.subscripts, None), entry.slots or ()
    if more or others or entry.family or not isinstance(part, Number) or not isinstance(extent.lower, Integer):
        return False
    return bool(part.value < int(extent.lower))


def _is_index(desk: Desk, letter: str) -> bool:
    entry = desk.table.entries.get(letter)
    return entry is not None and entry.kind == "index"
