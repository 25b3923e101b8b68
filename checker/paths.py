"""From the arguments of a command to the documents they mean."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

DOCUMENTS = "derivations"
SUFFIXES = (".md", ".tex")
STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Found:
    """The files to read, in order and each once, and one line for each argument that is none."""

    paths: tuple[str, ...]
    problems: tuple[str, ...] = ()


def find(arguments: Sequence[str], documents: str = DOCUMENTS) -> Found:
    """A file, a directory (searched for .md and .tex), ``-``, or the name of a document in ``documents``."""
    paths: list[str] = []
    problems: list[str] = []
    for argument in arguments or (documents,):
        found = list(meant(argument, documents))
        paths += found
        if not found:
            problems.append(problem(argument, documents))
    return Found(tuple(dict.fromkeys(paths)), tuple(problems))


def meant(argument: str, documents: str) -> Iterable[str]:
    if argument == STANDARD_INPUT:
        return (argument,)
    if os.path.isdir(argument):
        return documents_in(argument)
    if os.path.exists(argument):
        return (argument,)
    return [path for path in documents_in(documents) if plain(argument) in names(path, documents)]


def documents_in(directory: str) -> Iterator[str]:
    """All .md and .tex files below, hidden ones apart, in an order that does not depend on the system."""
    for folder, folders, files in os.walk(directory):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        yield from (os.path.join(folder, f) for f in sorted(files) if f.endswith(SUFFIXES) and not f.startswith("."))


def names(path: str, documents: str) -> tuple[str, ...]:
    """What a document may be called: by its file name or its place below ``documents``, with its suffix or not."""
    below = os.path.relpath(path, documents)
    return tuple(
        plain(name) for whole in (below, os.path.basename(path)) for name in (whole, os.path.splitext(whole)[0])
    )


def plain(name: str) -> str:
    return name.lower().replace("-", "_")


def problem(argument: str, documents: str) -> str:
    if os.path.isdir(argument):
        return f"{argument}: there is no .md or .tex file in this directory"
    if argument == documents:
        return f"{argument}: there is no such directory here; say which file or directory to check"
    known = {
        plain(name): name for path in documents_in(documents) for name in (os.path.splitext(os.path.basename(path))[0],)
    }
    close = [known[name] for name in get_close_matches(plain(os.path.splitext(argument)[0]), known, n=3)]
    advice = f"; did you mean {' or '.join(close)}?" if close else f", and no document of this name in {documents}/"
    return f"{argument}: there is no such file{advice}"
