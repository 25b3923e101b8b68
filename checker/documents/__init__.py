"""Markdown and LaTeX files to documents: claims, declarations, headings, each with its place.  No mathematics here."""

from checker.documents.model import (
    Claim,
    Declaration,
    Document,
    Expectation,
    Formula,
    Heading,
    Item,
    LineMap,
    Macro,
    Problem,
    Prose,
    Words,
)
from checker.documents.reader import DocumentError, read_file, read_text

__all__ = [
    "Claim",
    "Declaration",
    "Document",
    "DocumentError",
    "Expectation",
    "Formula",
    "Heading",
    "Item",
    "LineMap",
    "Macro",
    "Problem",
    "Prose",
    "Words",
    "read_file",
    "read_text",
]
