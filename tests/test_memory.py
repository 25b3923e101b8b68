"""Judgements that are remembered: only for the same question, and never from a file that is not sound."""

import json
from dataclasses import replace

import pytest
from sympy import Symbol

from checker.calculus.context import Context, Definition, Hypothesis, Range, Variable
from checker.calculus.terms import element, index, indicator, scalar, size
from checker.check import Judging, Settings, check_text, understand
from checker.documents import read_text
from checker.limits import Door
from checker.memory import Memory, data_of, judgement_of, rules
from checker.results import Counterexample, Judgement, Verdict
from tests.render.sample import GOOD

DOCUMENT = r"""
Let $x \in \mathbb{R}^n$, $u \in \mathbb{R}$ and $v \in \mathbb{R}$. Let $z = 2 x$ and $w = u v$.

$$ \frac{\partial z_i}{\partial x_j} = 2 \delta_{ij} $$

$$ \frac{\partial w}{\partial u} = v = 2 v $$

Assume $v > 0$.

$$ |v| = v $$
"""


def judged(text, memory, **settings):
    settings = Settings(**settings)
    opened = understand(lambda: read_text(text, "x.md"))
    judging = Judging(*opened, settings, Door(), memory)
    found = [judging.statement(k) for k in range(len(judging.reading.statements))]
    memory.forget_contexts()
    return replace(judging.header(), statements=tuple(found))


def timeless(report):
    def line(each):
        return each if each.judgement is None else replace(each, judgement=replace(each.judgement, seconds=0.0))

    return replace(report, statements=tuple(replace(s, lines=tuple(map(line, s.lines))) for s in report.statements))


def verdicts(report):
    return [line.judgement.verdict.value for line in report.judged()]


def test_nothing_is_judged_twice():
    memory = Memory()
    first = judged(DOCUMENT, memory)
    asked = memory.misses
    again = judged(DOCUMENT, memory)
    assert memory.misses == asked > 0
    assert again == first
    assert timeless(again) == timeless(check_text(DOCUMENT, "x.md"))


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("z = 2 x", "z = 3 x", ["wrong", "proved", "wrong", "proved"]),
        ("w = u v", "w = u^2 v", ["proved", "wrong", "wrong", "proved"]),
        ("Assume $v > 0$.", "Assume $u > 0$.", ["proved", "proved", "wrong", "wrong"]),
        ("Assume $v > 0$.", "", ["proved", "proved", "wrong", "wrong"]),
        ("= 2 \\delta_{ij}", "= \\delta_{ij}", ["wrong", "proved", "wrong", "proved"]),
        ("= v = 2 v", "= v = v", ["proved", "proved", "proved", "proved"]),
        ("$v > 0$", "$v = 2 v$", None),
    ],
)
def test_an_edit_has_the_verdicts_of_a_fresh_run(old, new, expected):
    memory = Memory()
    judged(DOCUMENT, memory)
    text = DOCUMENT.replace(old, new)
    assert text != DOCUMENT
    found = judged(text, memory)
    assert timeless(found) == timeless(check_text(text, "x.md"))
    assert expected is None or verdicts(found) == expected
    assert timeless(judged(DOCUMENT, memory)) == timeless(check_text(DOCUMENT, "x.md"))


def test_only_what_hangs_together_is_judged_again():
    memory = Memory()
    judged(DOCUMENT, memory)
    asked = memory.misses
    judged(DOCUMENT.replace("z = 2 x", "z = 3 x"), memory)
    assert 1 <= memory.misses - asked <= 3  # the claim about z, and its diagnosis


def test_lines_that_only_move_are_not_judged_again():
    memory = Memory()
    found = judged(DOCUMENT, memory)
    asked = memory.misses
    moved = judged("\n\n" + DOCUMENT, memory)
    assert verdicts(moved) == verdicts(found)
    assert memory.misses - asked <= 1  # a diagnosis says where


def test_five_hundred_claims():
    lines = "\n\n".join(
        f"$$ \\frac{{\\partial z_i}}{{\\partial x_j}} = {k} \\delta_{{ij}} - {k - 2} \\delta_{{ij}} $$"
        for k in range(100)
    )
    text = "Let $x \\in \\mathbb{R}^n$ and $z = 2 x$.\n\n" + lines
    memory = Memory()
    judged(text, memory)
    asked = memory.misses
    found = judged(text.replace("= 50 \\delta", "= 51 \\delta"), memory)
    assert verdicts(found).count("wrong") == 1
    assert memory.misses - asked <= 2


# -------------------------------------------------------------------------------------------- keys

LETTER, N = index("i"), size("n")
VECTOR = Variable("x", (Range(index("i") * 0 + 1, N),))


def key(terms, context=None, indices=None, settings="s"):
    return Memory().key_of(terms, indices or {}, context or Context(), settings)


@pytest.mark.parametrize(
    "one, other",
    [
        (key([index("i")]), key([scalar("i")])),
        (key([index("n")]), key([size("n")])),
        (key([Symbol("x")]), key([scalar("x")])),
        (key([scalar("x"), scalar("y")]), key([scalar("y"), scalar("x")])),
        (key([scalar("x")], settings="a"), key([scalar("x")], settings="b")),
        (key([LETTER], indices={LETTER: Range(N, N)}), key([LETTER], indices={LETTER: Range(N, N + 1)})),
        (key([scalar("x")]), key([scalar("x")], Context({"x": Variable("x")}))),
        (key([element("x", LETTER)], Context({"x": VECTOR})), key([element("x", LETTER)], Context({"x": replace(VECTOR, integer=True)}))),
        (key([scalar("x")]), key([scalar("x")], Context(hypotheses=(Hypothesis("x > 0", relation=scalar("x") > 0),)))),
        (key([scalar("x")]), key([scalar("x")], Context(hypotheses=(Hypothesis("k > 0", relation=index("k") > 0),)))),
        (key([scalar("y")], Context(definitions={"y": (Definition("y", (), scalar("x")),)})),
         key([scalar("y")], Context(definitions={"y": (Definition("y", (), 2 * scalar("x")),)}))),
        (key([scalar("x")]), key([scalar("x")], Context(definitions={"y": (Definition("y", (), scalar("x")),)}))),
        (key([scalar("E")], Context(depends={"E": ("A",)})), key([scalar("E")], Context(depends={"E": ("B",)}))),
        (key([index("y")]), key([index("y")], Context({"y": Variable("y", integer=True, values=Range(N * 0 + 1, N))}))),
    ],
)  # fmt: skip
def test_different_questions_have_different_keys(one, other):
    assert one != other


def test_far_away_things_do_not_change_the_key():
    far = Context({"q": Variable("q")}, {"q": (Definition("q", (), scalar("r")),)})
    assert key([scalar("x")]) == key([scalar("x")], far)
    tied = Context(far.variables, {**far.definitions, "r": (Definition("r", (), scalar("x")),)})
    other = Context(far.variables, {"q": (Definition("q", (), 2 * scalar("r")),), "r": tied.definitions["r"]})
    assert key([scalar("x")], tied) != key([scalar("x")], other)


def test_a_condition_is_part_of_the_key():
    one, other = (indicator(scalar("x") > k) for k in (0, 1))
    assert key([one]) != key([other])


# -------------------------------------------------------------------------------------------- files


def test_judgements_there_and_back():
    for line in GOOD.judged():
        data = json.loads(json.dumps(data_of(line.judgement)))
        assert judgement_of(data) == line.judgement
    example = Counterexample({"n": 1}, {"i": 1}, {"x": ["1"]}, "1", "2", (["1"], ["2"]))
    full = Judgement(
        Verdict.WRONG,
        "value",
        ("a",),
        ("b",),
        "numerator",
        True,
        example,
        "sign",
        "x",
        "m",
        3,
        ({"n": 1},),
        0.5,
        (1, 2, 3),
        "t",
    )
    assert judgement_of(json.loads(json.dumps(data_of(full)))) == full


def test_kept_from_one_run_to_the_next(tmp_path):
    file = tmp_path / "deep" / "kept.json"
    memory = Memory(file)
    first = judged(DOCUMENT, memory)
    memory.save()
    later = Memory(file)
    assert judged(DOCUMENT, later) == first
    assert later.misses == 0
    assert [p.name for p in file.parent.iterdir()] == ["kept.json"]


def spoilt(text):
    head, _, body = text.partition("\n")
    stamp = json.loads(head)
    yield "empty", ""
    yield "binary", "\0\1\2" * 100
    yield "cut off", text[: len(text) // 2]
    yield "one letter", text.replace('"wrong"', '"proved"', 1)
    yield "no head", body
    yield "other rules", json.dumps({**stamp, "rules": "0" * 64}) + "\n" + body
    yield "a list", json.dumps({"rules": rules(), "sum": __import__("hashlib").sha256(b"[]").hexdigest()}) + "\n[]"
    yield "deep", "[" * 100_000
    yield "not a head", "3\n" + body


@pytest.mark.parametrize("number", range(9))
def test_a_file_that_is_not_sound_is_not_believed_and_made_anew(tmp_path, number):
    file = tmp_path / "kept.json"
    memory = Memory(file)
    judged(DOCUMENT, memory)
    memory.save()
    sound = file.read_text()
    _, text = list(spoilt(sound))[number]
    file.write_text(text)
    later = Memory(file)
    assert later.kept == {}
    assert verdicts(judged(DOCUMENT, later)) == ["proved", "proved", "wrong", "proved"]
    later.save()
    assert Memory(file).kept


def test_rows_that_are_no_judgements_are_not_believed():
    memory = Memory()
    judged(DOCUMENT, memory)
    for row in (
        [{}],
        [{"verdict": "proved"}],
        [None],
        [],
        [3],
        "proved",
        [{**data_of(Judgement(Verdict.PROVED)), "more": 1}],
    ):
        memory.kept = dict.fromkeys(memory.kept, row)
        assert verdicts(judged(DOCUMENT, memory)) == ["proved", "proved", "wrong", "proved"]


def test_a_file_that_cannot_be_written_is_no_reason_to_stop(tmp_path):
    (tmp_path / "file").write_text("")
    memory = Memory(tmp_path / "file" / "kept.json")
    judged(DOCUMENT, memory)
    memory.save()


@pytest.mark.parametrize(
    "judgement",
    [
        Judgement(Verdict.UNDECIDED, "budget"),
        Judgement(Verdict.TESTED, "budget"),
        Judgement(Verdict.UNDECIDED, "disagreement"),
        Judgement(Verdict.UNDECIDED, "outside", message="internal error, please report it: KeyError"),
    ],
)
def test_what_another_run_may_answer_otherwise_is_not_kept(judgement):
    memory = Memory()
    asked = []

    def judge(terms, indices, context):
        asked.append(terms)
        return [judgement]

    chain = memory.chain(judge, "s")
    for _ in range(2):
        assert chain([scalar("x"), scalar("y")], {}, Context()) == [judgement]
    assert len(asked) == 2
