"""The Markdown and LaTeX reports of a document, and the index of several."""

import re
from dataclasses import replace

import pytest

from checker.render import latex, markdown
from checker.render.files import differences, file_names, pages, write
from checker.results import DocumentReport
from tests.render import sample


def test_a_markdown_report_shows_lines_verdicts_and_evidence():
    page = markdown.render(sample.GOOD)
    for row in (
        "# All is well",
        "Source: `derivations/good.md`. Denominator layout. "
        "5 lines judged: 3 proved, 1 wrong, 1 carried, 1 definition, 1 skipped.",
        "## matrix-product-1",
        r"| 14 | $`= D_{ik} \delta_{jl}`$ | ✓ proved | rests on $`\sum_j t_j = 1`$; where $`x \neq 0`$ |",
        r"| 21 | $`= t W \frac{e^{-Wx}}{1 + e^{-Wx}}`$ | ✗ wrong, as expected |  |",
        r"- should be: $`-t W \frac{e^{-Wx}}{1 + e^{-Wx}}`$",
        "- counterexample at m = 1, n = 2; k = 1, l = 2",
        r"  | $`D`$ | $`\begin{pmatrix} 1 & 2 \cr -1/3 & 4 \end{pmatrix}`$ |",
        r"  | $`x`$ | $`\left( 1, 0 \right)`$ |",
        "  | left side | $`-1/2`$ |",
        "| 5 | $`= W x`$ | definition |  |",
        r"| $`D`$ | tensor | $`m \times n`$ | declared | 3 |",
    ):
        assert row in page.splitlines(), row


def test_what_is_not_as_expected_stands_out():
    page = markdown.render(sample.BAD)
    assert "| 30 | $`= c_1`$ | **✗ wrong, expected proved** |  |" in page.splitlines()
    assert "**1 not as expected.**" in page


@pytest.mark.parametrize(
    ("latex_source", "cell"),
    [
        ("p(a | b)", r"$`p(a \vert b)`$"),
        (r"\|x\|^2", r"$`\Vert x\Vert ^2`$"),
        (r"\left| x \right|", r"$`\left\vert x \right\vert`$"),
        (r"\frac{a|b", r"`\frac{a\|b`"),
        ("a ` b", "``a ` b``"),
    ],
)
def test_a_bar_does_not_end_a_table_cell(latex_source, cell):
    rows = markdown.render(sample.document_with(latex_source)).splitlines()
    assert f"| 1 | {cell} |  |  |" in rows


def test_definitions_without_an_id_are_listed_together():
    statement = replace(sample.OTHERS[1], id=f"{sample.GOOD.path}:5")
    document = replace(sample.GOOD, statements=(statement,))
    assert "| 5 | $`z`$ | $`W x`$ |" in markdown.render(document).splitlines()
    assert "## z" not in markdown.render(document)
    assert "subsection*{Definitions}" in latex.render(document)


def test_every_table_row_has_as_many_cells_as_its_head():
    for document in (sample.GOOD, sample.BAD, sample.document_with(r"\|x\| + |y| \mid z")):
        width = None
        for row in markdown.render(document).splitlines():
            if not row.strip().startswith("|"):
                width = None
                continue
            cells = len(re.sub(r"\\\|", "", row).split("|"))
            width = width or cells
            assert cells == width, row


def test_words_do_not_become_markup():
    assert markdown.escaped("a*b_c <i> [x](y) `z` #1 | $5 ~ &amp;") == (
        r"a\*b\_c \<i\> \[x\]\(y\) \`z\` \#1 \| \$5 \~ \&amp;".replace(r"\(", "(").replace(r"\)", ")")
    )


def test_a_latex_report_uses_only_the_packages_allowed():
    page = latex.render(sample.GOOD)
    packages = [
        name for group in re.findall(r"\\usepackage(?:\[[^\]]*\])?\{([^}]*)\}", page) for name in group.split(",")
    ]
    assert packages == ["amsmath", "amssymb", "booktabs", "xcolor", "hyperref"]


def test_a_latex_report_shows_lines_verdicts_and_evidence():
    page = latex.render(sample.GOOD)
    for row in (
        r"\section*{All is well}",
        r"\statement{2.4}{line 20}",
        r"\side{wrong}{$\times$ wrong}{21}{$\displaystyle = t W \frac{e^{-Wx}}{1 + e^{-Wx}}$}",
        r"\fact{rests on}{$\displaystyle \sum_j t_j = 1$}",
        r"left side & $\displaystyle -1/2$ \\",
    ):
        assert row in page.splitlines(), row


def test_a_formula_that_latex_would_run_is_shown_as_source():
    page = latex.render(sample.document_with(r"\input{/etc/passwd}"))
    assert r"\texttt{\textbackslash{}input\{/etc/passwd\}}" in page
    assert r"\input{" not in page
    assert r"`\input{/etc/passwd}`" in markdown.render(sample.document_with(r"\input{/etc/passwd}"))


def test_braces_of_a_page_pair_up():
    for document in (sample.GOOD, sample.BAD, sample.BROKEN, sample.document_with("{{{")):
        page = re.sub(r"\\[{}\\%]", "", latex.render(document))
        page = re.sub(r"%.*", "", page)
        assert page.count("{") == page.count("}")


def test_macros_of_the_author_are_provided():
    document = sample.document_with(r"\R", macros=(("\\R", 0, r"\mathbb{R}", None),))
    page = latex.render(document)
    assert r"\providecommand{\R}{\mathbb{R}}" in page
    assert r"$\displaystyle \R$" in page
    assert r"$`{\mathbb{R}}`$" in markdown.render(document)


def test_the_index_counts_by_verdict():
    page = markdown.index([(sample.GOOD, "good"), (sample.BAD, "sample")])
    assert "| [All is well](good.md) | 3 |  | 1 | 1 |  |  | 1 | 1 | yes |" in page.splitlines()
    assert "| **all** | 3 | 1 | 2 | 1 | 1 | 1 | 1 | 1 | **no** |" in page.splitlines()


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["d/a.md", "d/b.tex"], ["a", "b"]),
        (["d/a.md", "d/a.tex"], ["a-md", "a-tex"]),
        (["d/a.md", "d/e/a.md"], ["d-a-md", "d-e-a-md"]),
        (["d/index.md"], ["index-md"]),
    ],
)
def test_no_two_reports_share_a_name(paths, names):
    assert file_names(paths) == names


def test_reports_have_no_absolute_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    inside = DocumentReport(str(tmp_path / "d" / "x.md"), "", None, (), ())
    outside = DocumentReport("/somewhere/else/y.md", "", None, (), ())
    made = pages([inside, outside])
    assert "Source: `d/x.md`." in made["x.md"]
    assert "Source: `y.md`." in made["y.md"]


def test_differences_name_what_is_missing_stale_or_changed(tmp_path):
    made = pages([sample.GOOD])
    folder = str(tmp_path / "out")
    assert len(differences(made, folder)) == 4
    write(made, folder)
    assert differences(made, folder) == []
    (tmp_path / "out" / "good.md").write_text("changed")
    (tmp_path / "out" / "old.tex").write_text("stale")
    assert [line.rpartition("/")[2] for line in differences(made, folder)] == [
        "good.md: differs from what `checker report` writes now",
        "old.tex: no document has this report",
    ]
