"""What stands in a declaring sentence and is no declaration: equations that are asserted of what was declared.

*Given* $A$ *and* $B$: $$\\frac{\\partial C}{\\partial A} = B$$ declares nothing; it must be judged, not believed.
"""

from __future__ import annotations

import re

from checker.documents.model import Declaration, Formula, Words
from checker.language.desk import Desk
from checker.language.sentences import Piece, Saying
from checker.language.surface import Derivative, Number
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
    return introduced or any(isinstance(node, Derivative) for node in descend(left))


def _is_required(item: Declaration, formula: Formula) -> bool:
    before = item.parts[: item.parts.index(formula)] if formula in item.parts else ()
    return any(isinstance(part, Words) and _REQUIRED.search(part.text) for part in before)


def goes_on(piece: Piece) -> bool:
    """Whether a definition is followed by more lines that claim something (*let* $a = b = 0$ does not)."""
    if len(piece.rows) < 3 or any(row.tree is None for row in piece.rows):
        return False
    equal = all(row.relation in _EQUALITIES for row in piece.rows[1:])
    return equal and not any(isinstance(row.tree, Number) for row in piece.rows[2:])
