"""The doors of the room: a text or a file to a ``Document``."""

from __future__ import annotations

import re
from pathlib import Path, PurePath

from checker.documents.exercises import LOWEST
from checker.documents.latex import scan_latex
from checker.documents.markdown import scan_markdown
from checker.documents.model import Document, Heading, Item
from checker.documents.pieces import Scan
from checker.documents.roles import items_of
from checker.documents.sentences import split_sentences

KINDS = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown", ".mdx": "markdown",
    ".rmd": "markdown", ".qmd": "markdown", ".tex": "latex", ".ltx": "latex", ".latex": "latex",
}  # fmt: skip
_LATEX_SIGN = re.compile(
    r"^[^%\n]*\\(?:documentclass|begin\s*\{document\}|(?:sub)*section\s*\*?\{|usepackage)", re.MULTILINE
)


class DocumentError(Exception):
    """A file that cannot be read at all; ``message`` says why."""

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path, self.message = path, message


def read_text(text: str, path: str, kind: str | None = None) -> Document:
    """The document that ``text`` is.  ``kind`` is ``markdown`` or ``latex``; by default the suffix of ``path``
    says it, or else the text.  Never fails: what cannot be read becomes ``Problem`` items."""
    _, found = scan(text.replace("\r", " "), path, kind)
    items = items_of(split_sentences(found.pieces))
    return Document(path, text, _title(items) if not found.title else found.title, items, found.macros)


def scan(text: str, path: str, kind: str | None = None) -> tuple[str, Scan]:
    """What kind of file it is, and its pieces."""
    kind = kind or _kind(text, path)
    return kind, scan_latex(text) if kind == "latex" else scan_markdown(text)


def _kind(text: str, path: str) -> str:
    by_suffix = KINDS.get(PurePath(path).suffix.lower())
    return by_suffix or ("latex" if _LATEX_SIGN.search(text) else "markdown")


def _title(items: tuple[Item, ...]) -> str:
    return next((item.text for item in items if isinstance(item, Heading) and item.level < LOWEST), "")


def read_file(path: str | Path) -> Document:
    """Raises ``DocumentError`` for a file that is missing, a directory, binary, not UTF-8 or not readable."""
    name = str(path)
    try:
        data = Path(path).read_bytes()
    except FileNotFoundError:
        raise DocumentError(name, "there is no such file") from None
    except IsADirectoryError:
        raise DocumentError(name, "this is a directory; name a file in it") from None
    except (OSError, ValueError) as error:
        raise DocumentError(name, f"the file cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if b"\0" in data:
        raise DocumentError(name, "this is a binary file; a document is Markdown or LaTeX in UTF-8")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DocumentError(
            name,
            f"line {line}, byte {error.start}: 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8",
        ) from None
    return read_text(text, name)
