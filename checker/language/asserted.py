"""What stands in a declaring sentence and is no declaration: equations that are asserted of what was declared.

*Given* $A$ *and* $B$: $$\\frac{\\partial C}{\\partial A} = B$$ declares nothing; it must be judged, not believed.
"""

from __future__ import annotations

import re

from checker.documents.model import Declaration, Formula, Words
from checker.language.desk import Desk
from checker.language.names import slot_parts, spell
from checker.language.sentences import Piece, Saying
from checker.language.surface import Call, Derivative, Name, Number, Relation, Scripted, Tree
from checker.language.targets import target_of
from checker.language.walk import descend

_PREPOSITIONS = frozenset({"given", "with", "where", "here", "consider"})
_REQUIRED = re.compile(
    r"\b(such that|so that|satisf\w+|subject to|constrain\w+|condition\w*|assum\w+|suppos\w+)\b", re.IGNORECASE
)
_EQUALITIES = frozenset({"=", ":=", "\\equiv"})


def is_asserted(desk: Desk, saying: Saying, item: Declaration) -> bool:
    """Whether an equation in a declaring sentence is a claim.

    Its left side is no name that it could define, the sentence does not suppose it, and it is a display after a
    preposition (*Given* … *:*) or speaks of a derivative.
    """
    if saying.kind != "definition" or saying.supposed or item.comment:
        return False
    piece = saying.pieces[0]
    left, right = piece.rows[0].tree, piece.rows[1].tree
    if left is None or right is None or any(row.tree is None for row in piece.rows):
        return False
    if target_of(desk, left, right, saying.conditions) is not None or _is_required(item, piece.formula):
        return False
    introduced = piece.formula.display and item.opening in _PREPOSITIONS
    return introduced or any(_differentiates(node) for node in descend(left))


def _differentiates(node: Tree) -> bool:
    match node:
        case Derivative():
            return True
        case Scripted():
            return node.primes > 0
        case Call():
            return node.scripts is not None and node.scripts.primes > 0
        case _:
            return False


def is_kronecker(desk: Desk, saying: Saying) -> bool:
    """*where* $\\delta_{ij} = 1$ *if* $i = j$ *and* 0 *otherwise*: what two indices on a δ mean anyway."""
    if saying.kind not in ("definition", "relation") or "\\delta" in desk.table.entries:
        return False
    left, right = saying.pieces[0].rows[0].tree, saying.pieces[0].rows[1].tree
    if not isinstance(left, Scripted) or not isinstance(left.base, Name) or left.base.name != "\\delta":
        return False
    value = right.value if isinstance(right, Number) else None
    conditions = [c.tree for c in saying.conditions]
    parts = slot_parts(left.subscripts, 2)
    if left.superscripts or len(parts) != 2 or value not in (0, 1) or len(conditions) > 1:
        return False
    expected = "=" if value == 1 else "\\ne"
    return (not conditions and value == 0) or any(_compares(c, parts, expected) for c in conditions)


def _compares(condition: Tree, parts: tuple[Tree, ...], operator: str) -> bool:
    match condition:
        case Relation(operands=(left, right), operators=(found,)):
            return found == operator and {spell(left), spell(right)} == {spell(p) for p in parts}
        case _:
            return False


def _is_required(item: Declaration, formula: Formula) -> bool:
    before = item.parts[: item.parts.index(formula)] if formula in item.parts else ()
    return any(isinstance(part, Words) and _REQUIRED.search(part.text) for part in before)


def goes_on(piece: Piece) -> bool:
    """Whether a definition is followed by more lines that claim something (*let* $a = b = 0$ does not)."""
    if len(piece.rows) < 3 or any(row.tree is None for row in piece.rows):
        return False
    equal = all(row.relation in _EQUALITIES for row in piece.rows[1:])
    return equal and not any(isinstance(row.tree, Number) for row in piece.rows[2:])
