"""The files of ``checker report``: one of each format for each document and the index, always the same bytes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from checker.render import html, latex, markdown
from checker.results import DocumentReport

RENDERERS = {"md": markdown, "tex": latex, "html": html}
FORMATS = ("md", "tex")  # unless others are asked for


def pages(documents: Sequence[DocumentReport], formats: Sequence[str] = FORMATS) -> dict[str, str]:
    """File name -> content."""
    shown = [as_shown(document) for document in documents]
    named = list(zip(shown, file_names([d.path for d in shown]), strict=True))
    made = {}
    for suffix in formats:
        renderer = RENDERERS[suffix]
        made[f"index.{suffix}"] = renderer.index(named)
        made.update((f"{name}.{suffix}", renderer.render(document)) for document, name in named)
    return made


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
