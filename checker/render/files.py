"""The files of ``checker report``: one of each format for each document and the index, always the same bytes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from checker.render import html, latex, markdown
from checker.render.svg import svg
from checker.results import DocumentReport

FORMATS = ("md", "tex")  # unless others are asked for


def pages(documents: Sequence[DocumentReport], formats: Sequence[str] = FORMATS) -> dict[str, str]:
    """File name -> content."""
    shown = [as_shown(document) for document in documents]
    named = list(zip(shown, file_names([d.path for d in shown]), strict=True))
    made: dict[str, str] = {}
    for suffix in formats:
        made[f"index.{suffix}"] = INDEX[suffix](named)
        for document, name in named:
            made.update(FILES[suffix](document, name))
    return made


def markdown_files(document: DocumentReport, name: str) -> Iterator[tuple[str, str]]:
    """The page, and a drawing of every network beside it."""
    drawings = [f"{name}.network-{k}.svg" for k, _ in enumerate(document.networks, start=1)]
    yield f"{name}.md", markdown.render(document, drawings)
    for drawing, network in zip(drawings, document.networks, strict=True):
        yield drawing, svg(network, "network", document.macros, standalone=True)


def latex_files(document: DocumentReport, name: str) -> Iterator[tuple[str, str]]:
    yield f"{name}.tex", latex.render(document)


def html_files(document: DocumentReport, name: str) -> Iterator[tuple[str, str]]:
    yield f"{name}.html", html.render(document)


INDEX = {"md": markdown.index, "tex": latex.index, "html": html.index}
FILES = {"md": markdown_files, "tex": latex_files, "html": html_files}


def as_shown(document: DocumentReport) -> DocumentReport:
    """The document with its path as a report may show it: relative, or only the file name."""
    path = document.path
    if os.path.isabs(path):
        path = os.path.relpath(path)
    if path.startswith(".."):
        path = os.path.basename(path)
    shown = Path(path).as_posix()
    named = f"{document.path}:"
    statements = tuple(
        replace(s, id=f"{shown}:{s.id.removeprefix(named)}") if s.id.startswith(named) else s
        for s in document.statements
    )
    return replace(document, path=shown, statements=statements)


def file_names(paths: Sequence[str]) -> list[str]:
    """A name for each report: the document's, with its folder or suffix only where two would be the same."""
    attempts = ([Path(p).stem for p in paths], [Path(p).name.replace(".", "-") for p in paths])
    taken = [Counter([*names, "index"]) for names in attempts]
    names = [a if taken[0][a] == 1 else b for a, b in zip(*attempts, strict=True)]
    repeated = Counter([*names, "index"])
    return [n if repeated[n] == 1 else p.replace("/", "-").replace(".", "-") for n, p in zip(names, paths, strict=True)]


def write(made: Mapping[str, str], directory: str) -> None:
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        (folder / name).write_bytes(content.encode())


def differences(made: Mapping[str, str], directory: str) -> list[str]:
    """One line for every file that is missing, differs or should not be there."""
    folder = Path(directory)
    found = []
    for name, content in sorted(made.items()):
        file = folder / name
        if not file.is_file():
            found.append(f"{file.as_posix()}: missing; write it with `checker report`")
        elif file.read_bytes() != content.encode():
            found.append(f"{file.as_posix()}: differs from what `checker report` writes now")
    suffixes = {Path(name).suffix for name in made}
    there = {p.name for p in folder.glob("*") if p.suffix in suffixes} if folder.is_dir() else set()
    return found + [f"{(folder / name).as_posix()}: no document has this report" for name in sorted(there - set(made))]
