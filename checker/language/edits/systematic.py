"""The same slip made throughout a side: all labels one too high, one name for another everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from checker.language import names
from checker.language.edits.letters import same_shape
from checker.language.edits.site import MATHEMATICAL, Edit, Paper, glued, letter_tokens
from checker.language.edits.sums import index_letters
from checker.language.surface import BigOperator, Name, Number, Scripted, Terms, Tree
from checker.language.walk import descend

MOST_OCCURRENCES = 4
LETTERS = ("k", "l", "s", "r", "p", "q", "m", "j", "i")


def systematic(paper: Paper) -> Iterator[tuple[Edit, ...]]:
    yield from relabelled(paper)
    yield from renamed_throughout(paper)
    yield from rebound(paper)
    yield from repeated(paper)


def relabelled(paper: Paper) -> Iterator[tuple[Edit, ...]]:
    """All numbered labels of one name, or of all names, moved by one."""
    places: dict[str, list[Number]] = {}
    for site in paper.sites:
        tree = site.tree
        if isinstance(tree, Scripted) and names.is_label(tree):
            for part in tree.superscripts:
                if isinstance(part, Number) and part.value.denominator == 1:
                    places.setdefault(paper.source(tree.base), []).append(part)
    groups = [*places.items(), ("", [p for found in places.values() for p in found])]
    for name, parts in groups:
        if len(parts) < 2:
            continue
        for step in (-1, 1):
            if all(part.value + step >= 0 for part in parts):
                what = f"of ${name}$ " if name else ""
                said = f"all labels {what}are {'one too high' if step < 0 else 'one too low'}"
                yield tuple(Edit("label", *part.span, str(int(part.value) + step), said, 3) for part in parts)


def renamed_throughout(paper: Paper) -> Iterator[tuple[Edit, ...]]:
    """One name for another of the same shape, at every place that is no derivative."""
    places: dict[str, list[Tree]] = {}
    for site in paper.sites:
        target = site.tree
        spelled = names.spell(target)
        if site.zone in MATHEMATICAL and spelled in paper.table.entries and not paper.is_function(target):
            places.setdefault(spelled, []).append(target)
    for spelled, targets in places.items():
        if len(targets) > 1:
            for other in same_shape(paper, spelled):
                said = f"${spelled}$ should be ${other}$ throughout"
                yield tuple(Edit("argument", *t.span, other, said, 4) for t in targets)


def rebound(paper: Paper) -> Iterator[tuple[Edit, ...]]:
    """A summation letter that is taken: another one, at some of its places."""
    for site in paper.sites:
        tree = site.tree
        if not isinstance(tree, BigOperator) or len(tree.lower) != 1:
            continue
        letter = next(letter_tokens(tree.lower[0]), None) or _lower_letter(tree)
        if letter is None or letter.name not in paper.free:
            continue
        fresh = next(x for x in LETTERS if x not in paper.letters)
        tokens = [t for t in index_letters(tree.body) if t.name == letter.name]
        if not tokens or len(tokens) > MOST_OCCURRENCES:
            continue
        said = f"the letter {letter.name} of the sum is an index of the left side as well: sum over {fresh}"
        for mask in range(1, 2 ** len(tokens)):
            moved = [letter, *(t for n, t in enumerate(tokens) if mask >> n & 1)]
            yield tuple(Edit("index", *t.span, fresh, said, 3) for t in moved)


def _lower_letter(tree: BigOperator) -> Name | None:
    return next((n for n in descend(tree.lower[0]) if isinstance(n, Name)), None)


def repeated(paper: Paper) -> Iterator[tuple[Edit, ...]]:
    """A term that stands once and is needed again with its labels moved by one."""
    terms = paper.tree.terms if isinstance(paper.tree, Terms) else (paper.tree,)
    for term in terms:
        labels = [
            part
            for node in descend(term)
            if isinstance(node, Scripted) and names.is_label(node)
            for part in node.superscripts
            if isinstance(part, Number) and part.value.denominator == 1
        ]
        for step in (-1, 1):
            if labels and all(part.value + step >= 0 for part in labels):
                text = _moved(paper, term, labels, step)
                said = f"the term ${text}$ is missing"
                end = paper.tree.span[1]
                yield (Edit("missing-term", end, end, f" + {text}", said, 5),)


def _moved(paper: Paper, term: Tree, labels: list[Number], step: int) -> str:
    text, at = "", term.span[0]
    for part in sorted(labels, key=lambda p: p.span):
        text = glued(text, paper.text[at : part.span[0]], str(int(part.value) + step))
        at = part.span[1]
    return glued(text, paper.text[at : term.span[1]])
