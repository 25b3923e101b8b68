"""Where sentences end, and which sentence a display belongs to."""

import pytest

from tests.documents.reading import markdown, outline


@pytest.mark.parametrize(
    "text, count",
    [
        ("One. Two. Three.", 3),
        ("One! Two? Three", 3),
        ("Of $x$. And $y$.", 2),
        ("Of 0.5 and 3.14 metres.", 1),
        ("See e.g. Smith, i.e. Jones, cf. Doe, w.r.t. the rest.", 1),
        ("By Eq. 5 and Eqs. 6 and Fig. 7 and Sec. 8.", 1),
        ("By Eq. $5$ it is so.", 1),
        ("As before, etc. Now more.", 2),
        ("Apples, etc. and pears.", 1),
        ("Wait... no", 1),
        ("It is $a.b$ and $0.5$ here.", 1),
        ("It is $a = b.$ Then it is over.", 2),
        ("(See above.) Now more.", 2),
        ('He said "so." Now more.', 2),
        ("One.\n\nTwo", 2),
        ("One\n\nTwo", 2),
        ("one line\nand another", 1),
        ("sloppy end. then it goes on", 2),
        ("approx. five", 1),
        ("第一。第二。", 2),
        ("First: one; two, three - four.", 1),
    ],
)
def test_sentences(text, count):
    document = markdown(text)
    assert len(document.items) == count, outline(document)


def test_sentences_know_their_place():
    text = "One. Two $x$.  Three\n\nFour"
    starts = [item.start for item in markdown(text).items]
    assert starts == [text.index(word) for word in ("One", "Two", "Three", "Four")]


INTRODUCED = [
    # one sentence: the display is declared by the words before it
    "Let\n$$A = B$$\n",
    "Let\n\n$$A = B$$\n",
    "Let $A$ be the matrix\n$$A = B$$\n",
    "Let $A$ be the matrix\n\n$$A = B$$\n",
    "Define the loss by:\n\n$$A = B$$\n",
    "text. Where\n$$A = B.$$\nThen more",
    "Let $A$, with\n\n$$A = B,$$\nbe given.",
]


@pytest.mark.parametrize("text", INTRODUCED)
def test_a_display_belongs_to_the_sentence_that_introduces_it(text):
    read = outline(markdown(text))
    assert not any(line.startswith("claim") for line in read), read
    assert sum("$$A = B" in line for line in read) == 1


STANDING_ALONE = [
    "Let $A$ be a matrix.\n$$A = B$$\n",
    "Let $A$ be a matrix.\n\n$$A = B$$\n",
    "Let $A = C$\n\n$$A = B$$\n",
    "Let $A$ be\n# Heading\n$$A = B$$\n",
    "Let\n$$X = Y.$$\n$$A = B$$\n",
    "Let\n$$X = Y$$\n\n$$A = B$$\n",
]


@pytest.mark.parametrize("text", STANDING_ALONE)
def test_a_display_behind_a_finished_sentence_stands_alone(text):
    assert "claim: A = B" in outline(markdown(text))


def test_a_sentence_goes_on_behind_a_display():
    assert outline(markdown("Let\n$$A = B$$\nand $c = d$.")) == ["let: $$A = B$$ and $c = d$."]
    assert outline(markdown("Let\n$$A = B$$\n\nand $c = d$.")) == ["let: $$A = B$$and $c = d$."]
    assert outline(markdown("Let\n$$A = B,$$\n$$C = D.$$\nMore")) == ["let: $$A = B,$$$$C = D.$$", "prose: More"]


def test_a_capital_begins_a_sentence_behind_a_display():
    assert outline(markdown("Let\n$$A = B$$\nNow $c = d$.")) == ["let: $$A = B$$", "prose: Now $c = d$."]


def test_a_period_behind_a_display_ends_the_sentence():
    assert outline(markdown("Let\n$$A = B$$.\nand $c$")) == ["let: $$A = B$$.", "prose: and $c$"]
