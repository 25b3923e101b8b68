"""What a path, a directory or a name on the command line means."""

import pytest

from checker.paths import find


@pytest.fixture
def here(tmp_path, monkeypatch):
    for name in (
        "derivations/matrix_product.md", "derivations/sub/logistic-unit.tex", "derivations/sub/same.md",
        "derivations/same.tex", "derivations/.hidden/x.md", "derivations/notes.txt", "other.txt", "empty/readme.rst",
        "matrix_product/inside.md",
    ):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        ([], ["derivations/matrix_product.md", "derivations/same.tex", "derivations/sub/logistic-unit.tex",
              "derivations/sub/same.md"]),
        (["derivations/sub"], ["derivations/sub/logistic-unit.tex", "derivations/sub/same.md"]),
        (["other.txt"], ["other.txt"]),
        (["matrix_product.md"], ["derivations/matrix_product.md"]),
        (["Matrix-Product.md"], ["derivations/matrix_product.md"]),
        (["logistic_unit"], ["derivations/sub/logistic-unit.tex"]),
        (["sub/same"], ["derivations/sub/same.md"]),
        (["same"], ["derivations/same.tex", "derivations/sub/same.md"]),
        (["same.tex", "same"], ["derivations/same.tex", "derivations/sub/same.md"]),
        (["-"], ["-"]),
        (["matrix_product"], ["matrix_product/inside.md"]),
    ],
)  # fmt: skip
def test_what_is_found(here, arguments, paths):
    found = find(arguments)
    assert (list(found.paths), found.problems) == (paths, ())


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("matrx_product.md", "matrx_product.md: there is no such file; did you mean matrix_product?"),
        ("logistic_unti", "logistic_unti: there is no such file; did you mean logistic-unit?"),
        ("zzz", "zzz: there is no such file, and no document of this name in derivations/"),
        ("empty", "empty: there is no .md or .tex file in this directory"),
        ("notes", "notes: there is no such file; did you mean"),
        ("", ": there is no such file"),
        ("a\0b", "a\0b: there is no such file"),
    ],
)
def test_what_is_not_found(here, argument, problem):
    found = find([argument, "other.txt"])
    assert found.paths == ("other.txt",)
    if argument == "notes":
        assert found.problems[0].startswith("notes: there is no such file")
    else:
        assert found.problems[0].startswith(problem)


def test_no_derivations_here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert find([]).problems == ("derivations: there is no such directory here; say which file or directory to check",)
