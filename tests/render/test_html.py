"""HTML reports: whole, self-contained, inert, and every verdict in words."""

import re
from html.parser import HTMLParser

import pytest

from checker.check import Settings, check_text
from checker.render import html
from checker.render.files import pages
from checker.results import Kind, Line, Piece, Statement
from tests.render.sample import BAD, BROKEN, GOOD, document_with

EMPTY = {"meta", "br", "hr", "input", "wbr", "link", "img"}
DOCUMENT = r"""# A sample

Let $x \in \mathbb{R}^n$. Then $z_i = 3 x_i$.

- In a list:

  $$ \sum_i z_i = 3 \sum_i x_i $$
  <!-- id: sum -->

**$$ x_i = 1 x_i $$**

> Hence $x_i + x_i = 2 x_i$, and

$$
\begin{aligned}
\frac{\partial z_i}{\partial x_j} &= 3 \delta_{ij} \\
&= 2 \delta_{ij} \quad \text{for } i = 1, \dots, n
\end{aligned}
$$
<!-- expect: proved wrong -->

$$ \unknown{x} = 3 $$
"""


class Reader(HTMLParser):
    """Elements that open and close in order, their attributes, and the ids."""

    def __init__(self, page):
        super().__init__()
        self.stack, self.tags, self.ids, self.faults = [], [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for name, value in attributes if name == "id"]
        if (
            self.stack
            and self.stack[-1] == "p"
            and tag in ("section", "div", "ul", "ol", "p", "table", "details", "h2")
        ):
            self.faults.append(f"{tag} in p")
        if tag not in EMPTY:
            self.stack.append(tag)

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}>")


def report(text, path="x.md"):
    return check_text(text, path, Settings(prose=True))


@pytest.fixture(scope="module")
def page():
    return html.render(report(DOCUMENT))


@pytest.mark.parametrize("document", [GOOD, BAD, BROKEN, document_with(r"\text{<script>}")])
def test_well_formed(document):
    for text in (html.render(document), html.index([(document, "a")])):
        reader = Reader(text)
        assert reader.faults == []
        assert reader.stack == []
        assert len(reader.ids) == len(set(reader.ids))


def test_well_formed_with_prose(page):
    reader = Reader(page)
    assert reader.faults == []
    assert len(reader.ids) == len(set(reader.ids))


def test_self_contained(page):
    tags = Reader(page).tags
    assert not {"script", "link", "img", "iframe", "object", "embed", "form", "base"} & {tag for tag, _ in tags}
    assert all(a.get("href", "#").startswith("#") or a["href"] == "index.html" for _, a in tags)
    assert not any(name.startswith("on") or name in ("src", "style") for _, a in tags for name in a)
    assert "url(" not in page
    assert "@import" not in page


def test_landmarks_and_names(page):
    tags = Reader(page).tags
    names = [tag for tag, _ in tags]
    assert names.count("main") == names.count("h1") == 1
    assert {"header", "nav", "footer", "fieldset", "legend"} <= set(names)
    assert ("html", {"lang": "en"}) in tags
    assert all("aria-label" in a or "aria-labelledby" in a for tag, a in tags if tag in ("section", "nav"))
    skip = next(a for tag, a in tags if a.get("class") == "skip")
    assert skip["href"].removeprefix("#") in Reader(page).ids


def test_every_line_has_its_verdict_in_words(page):
    document = report(DOCUMENT)
    said = re.findall(r'class="verdict (\w+)"><span class="mark" aria-hidden="true">.</span>(\w+)', page)
    body = page[page.index("<main") :]
    for verdict in ("proved", "wrong", "unreadable"):
        judged = sum(line.judgement.verdict.value == verdict for line in document.judged())
        shown = re.findall(rf'class="verdict {verdict}"><span class="mark" aria-hidden="true">.</span>{verdict}', body)
        assert len(shown) == judged > 0
    assert said


def test_prose_conditions_and_source_are_there(page):
    text = re.sub("<[^>]*>", "", page[page.index("<main") :])
    assert "In a list:" in text
    assert "for i=1" in text.replace("\xa0", " ") or "fori=1" in text.replace(" ", "")
    assert r"\unknown{x} = 3" in text
    assert "= \\unknown" not in text


def test_the_filter_names_what_is_there(page):
    ids = [a["id"] for tag, a in Reader(page).tags if tag == "input"]
    assert ids == ["show-all", "show-unexpected", "show-proved", "show-wrong", "show-unreadable", "show-definition"] or ids == [
        "show-all", "show-proved", "show-wrong", "show-unreadable", "show-definition"]  # fmt: skip
    assert all(f"#{name}:checked" in page for name in ids[1:])


WILD = r"""# <script>alert(1)</script> "T"

<script>alert("prose")</script>

<img src=x onerror=alert(1)> [link](javascript:alert(1)) `<script>`

Let $\text{<script>} \in \mathbb{R}$ and $x \in \mathbb{R}$.

$$ \text{<script>alert(1)</script>} = x $$

$$ x = \href{javascript:alert(1)}{x} $$
<!-- id: "><script>alert(1)</script> -->
"""


@pytest.mark.parametrize("path", ["x.md", 'a"><script>alert(1)</script>.md', "x.tex"])
def test_a_wild_document_is_inert(path):
    document = report(WILD, path)
    for page in (html.render(document), html.index([(document, 'a"><script>')])):
        tags = Reader(page).tags
        assert not {"script", "img", "a "} & {tag for tag, _ in tags}
        assert all(not a.get("href", "").startswith("javascript") for _, a in tags)
        assert not any(name.startswith("on") for _, a in tags for name in a)


def test_pieces_that_no_document_makes_are_not_passed_on():
    from dataclasses import replace

    document = replace(GOOD, prose=(Piece("open", "script"), Piece("text", "<b>"), Piece("close", "script")))
    assert "<script" not in html.render(document)
    assert "&lt;b&gt;" in html.render(document)


def test_a_statement_that_stands_nowhere_is_not_lost():
    document = document_with("x")
    assert "Statements" in html.render(document)
    orphan = Statement("o", Kind.CLAIM, 99, (Line(99, 1, "a"), *GOOD.statements[1].lines[1:2]))
    from dataclasses import replace

    shown = html.render(replace(document, prose=(Piece("open", "p"), Piece("close", "p")), statements=(orphan,)))
    assert 'id="c-o"' in shown


def test_files():
    made = pages([GOOD, BAD], ("html",))
    assert sorted(made) == ["good.html", "index.html", "sample.html"]
    assert 'href="good.html"' in made["index.html"]


def test_absolute_paths_are_not_shown():
    document = report("$$ x = 1 $$\n\n$$ x = 1 $$", "/somewhere/else/x.md")
    assert all("/somewhere" not in page for page in pages([document], ("md", "tex", "html")).values())


def test_same_bytes_again():
    assert html.render(report(DOCUMENT)) == html.render(report(DOCUMENT))


def test_what_is_wrong_is_marked_in_the_source():
    from dataclasses import replace

    from checker.render.html_lines import marked_source

    (line,) = [line for line in BAD.judged() if line.latex == "c_1"]
    wrong = replace(line, latex="2 <a\n+ b>", line=30, column=9)

    def marked(*place):
        return marked_source(wrong, replace(wrong.judgement, place=place))

    assert marked(30, 9, 1) == "<mark>2</mark> &lt;a\n+ b&gt;"
    assert marked(31, 3, 2) == "2 &lt;a\n+ <mark>b&gt;</mark>"
    for outside in ((29, 1, 1), (30, 1, 1), (31, 3, 9), (40, 1, 1), (30, 9, 0)):
        assert marked(*outside) is None


def test_formulas_in_words():
    from checker.render.html_lines import message

    assert message(GOOD, "the factor $2$ & more") == "the factor <math><mn>2</mn></math> &amp; more"
    assert message(GOOD, "it costs $5") == "it costs $5"


def test_normal_forms_fold_out():
    text = "Let $x, y \\in \\mathbb{R}$.\n\n$$(x + y)^2 = x^2 + 2 x y + y^2 = x^2 + y^2$$\n"
    page = html.render(check_text(text, "t.md", Settings(prose=True)))
    assert page.count("normal form, names as they stand:") == 2  # of the head, and of the wrong line
    assert page.count("the same normal form as the head") == 1
    assert "normal form" not in html.render(check_text(text, "t.md"))
