"""One left side with many right ones: each pair is read as if it were the only one."""

import pytest
from sympy import Expr

from checker.language.again import Again, Equation, again
from checker.language.reading import Fault
from checker.language.statements import lower_equation
from tests.language.readings import only

SQUARES = r"Let $X \in \mathbb{R}^{m \times n}$, $w \in \mathbb{R}^n$, $y \in \mathbb{R}^m$, $f = \|X w - y\|^2$."
LAYER = r"Let $W \in \mathbb{R}^{h \times d}$, $x \in \mathbb{R}^{d}$ and $u \in \mathbb{R}^{h}$."
SUMS = r"Let $a \in \mathbb{R}^{n}$, $b \in \mathbb{R}^{n}$ and $t = 1, \dots, n$."

# what is said, the left side, right sides, the first of which stands in the document
READ = [
    (SQUARES, r"\frac{\partial f}{\partial w}", [r"2 X^\top (X w - y)", r"2 X (X w - y)", "0", r"X^\top y", r"2 w"]),
    (SQUARES, r"\frac{\partial f}{\partial w_j}", [r"\sum_i X_{ij} y_i", r"X_{ij} y_i", r"\sum_i X_{ji} y_i", "0"]),
    (LAYER, r"W x", [r"u", r"x_i u", r"W^\top u", r"x", r"\sum_i u_i W x", r"W x + y"]),
    (SUMS, r"\sum_{s \le t} a_s b_t", [r"b_t \sum_{s \le t} a_s", r"b_t \sum_{s < t} a_s", r"a_t b_s", r"\sum_t b_t"]),
    (SUMS, r"\sum_i a_i b_i", [r"a^\top b", r"a b^\top", r"a_i b_i", r"b^\top a", "1"]),
]


def rereader(said: str, left: str, right: str) -> Again:
    found = again(only(f"{said}\n\n$$ {left} = {right} $$"))
    assert found is not None
    return found


def read(reader: Again, right: str) -> Equation | None:
    left = reader.parts[0]
    part = reader.part(right, reader.parts[1])
    assert part is not None
    return reader.read(left, part, "denominator")


@pytest.mark.parametrize(("said", "left", "rights"), READ)
def test_what_was_read_before_changes_nothing(said, left, rights):
    reader = rereader(said, left, rights[0])
    for right in [*rights, *reversed(rights)]:
        assert read(reader, right) == read(rereader(said, left, rights[0]), right)


@pytest.mark.parametrize(("said", "left", "rights"), READ)
def test_the_same_as_reading_both_sides(said, left, rights):
    """But for the letters of slots, of which there are as many."""
    reader = rereader(said, left, rights[0])
    for right in rights:
        found, part = read(reader, right), reader.part(right, reader.parts[1])
        if found is None:
            continue
        chain = type(reader.origin.chain)((reader.parts[0], part), reader.origin.chain.conditions, None, ())
        whole = lower_equation(reader.origin.desk.copy(), chain, "denominator")
        assert isinstance(found.left, Fault) == isinstance(whole.left, Fault)
        assert isinstance(found.right, Fault) == isinstance(whole.right, Fault)
        assert (len(found.rows), len(found.columns)) == (len(whole.rows), len(whole.columns))
        assert sorted(map(str, found.indices.values())) == sorted(map(str, whole.indices.values()))


def test_a_slot_is_not_named_by_a_letter_of_a_later_right_side():
    reader = rereader(LAYER, "W x", "u")
    before = read(reader, "u")
    assert before is not None
    (taken,) = before.indices
    after = read(reader, f"x_{taken} u")
    assert after is not None
    written, slot = after.indices
    assert written == taken != slot
    assert isinstance(after.left, Expr)
    assert after.left.has(slot)


def test_a_letter_declared_further_down_is_not_known_here():
    statement = f"{LAYER}\n\n$$ W x = 2 W x $$\n\nLet $k$ be an integer."
    reader = again(only(statement))
    assert reader is not None
    assert read(reader, "W x") is not None
