"""The doors: kinds of files, files that cannot be read, the line map."""

import os

import pytest

from checker.documents import Document, DocumentError, LineMap, read_file, read_text


@pytest.mark.parametrize("name", ["a.md", "a.markdown", "a.MD", "a.qmd", "a.Rmd"])
def test_markdown_by_suffix(name):
    assert read_text("# One\n\\section{Two}", name).title == "One"


@pytest.mark.parametrize("name", ["a.tex", "a.TEX", "a.ltx", "dir.md/a.latex"])
def test_latex_by_suffix(name):
    assert read_text("# One\n\\section{Two}", name).title == "Two"


@pytest.mark.parametrize(
    "text, title",
    [
        ("# One", "One"),
        ("\\section{Two}", "Two"),
        ("\\documentclass{a}\n\\begin{document}\\section{Two}\\end{document}", "Two"),
    ],
)
@pytest.mark.parametrize("name", ["-", "a", "a.txt", ""])
def test_by_content(name, text, title):
    assert read_text(text, name).title == title


def test_kind_overrules_the_suffix():
    assert read_text("\\section{Two}", "a.md", "latex").title == "Two"
    assert read_text("# One", "a.tex", "markdown").title == "One"


@pytest.mark.parametrize("text", ["", "\n", "   ", "\n\n\n", "\ufeff", "\r\n"])
@pytest.mark.parametrize("kind", ["markdown", "latex"])
def test_empty_documents(text, kind):
    assert read_text(text, "-", kind) == Document("-", text, "", ())


def test_a_file(tmp_path):
    path = tmp_path / "one.md"
    path.write_text("# Eins\n\n$$ä = ö$$\n", encoding="utf-8")
    document = read_file(path)
    assert (document.path, document.title, len(document.items)) == (str(path), "Eins", 2)


def error(path):
    with pytest.raises(DocumentError) as caught:
        read_file(path)
    assert caught.value.path == str(path)
    assert str(path) in str(caught.value)
    return caught.value.message


def test_a_missing_file(tmp_path):
    assert error(tmp_path / "none.md") == "there is no such file"


def test_a_directory(tmp_path):
    assert "directory" in error(tmp_path)


def test_a_file_below_a_file(tmp_path):
    (tmp_path / "one.md").write_text("text")
    assert "cannot be read" in error(tmp_path / "one.md" / "two.md")


def test_a_name_that_no_file_can_have():
    assert "cannot be read" in error("a\0b")


def test_a_binary_file(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0")
    assert "binary" in error(path)


def test_invalid_utf_8(tmp_path):
    path = tmp_path / "a.md"
    path.write_bytes("größe\n".encode() + "größe\n".encode("latin-1"))
    message = error(path)
    assert "line 2, byte 10" in message
    assert "0xf6" in message
    assert "UTF-8" in message


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_without_permission(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("text")
    path.chmod(0)
    assert "cannot be read" in error(path)


def test_line_map():
    text = "one\ntwo\r\n\nfour"
    lines = LineMap.of(text)
    assert [lines.place(text.index(word)) for word in ("one", "two", "four")] == [(1, 1), (2, 1), (4, 1)]
    assert lines.place(len(text)) == (4, 5)
    assert LineMap.of("").place(0) == (1, 1)
