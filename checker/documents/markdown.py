"""Markdown to pieces: blocks by the line, formulas and comments by the character.

A scanner of our own and not markdown-it-py: that gives line numbers but no offsets for inline tokens, lets
Markdown's inline rules eat into formulas (``_``, ``*``, ``<``, ``\\``) before anything can look at them, and is
slower.  What matters here is small: where paragraphs begin and end, what is code, and what prefixes a
line carries.  Read so: headings, front matter, block quotes, lists, tables, fences, indented code and
HTML blocks as in CommonMark; inside a formula a line is never taken for a list, a heading underline or a rule.
"""

from __future__ import annotations

import re

from checker.documents.cases import cases_in
from checker.documents.exercises import LOWEST, RUN_IN, title_of
from checker.documents.markdown_inline import HTML_VERBATIM, TOKEN, InlineScanner
from checker.documents.markdown_text import plain
from checker.documents.model import Formula, Heading
from checker.documents.pieces import Break, Scan, Stretch

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(?:(.*?)\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title\s*[:=]\s*(.*?)\s*$", re.MULTILINE)

# Blocks
_BLANK = re.compile(r"[ \t]*(?:\n|\Z)")
_NOT_QUOTED = re.compile(r"\n(?![ \t]*>)")
_MARKER = re.compile(r"(?:[-*+]|(\d{1,9})[.)])(?=[ \t\n]|\Z)([ \t]*)")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|:{3,}[^\n]*)(?:\n|\Z)")
_HEADING = re.compile(r"(#{1,6})(?=[ \t\n]|\Z)([^\n]*)\n?")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(r"(`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})[ \t]*([^\n]*)\n?")
_DIRECTIVE_OPTIONS = re.compile(r"(?:[ \t>]*:[\w-]+:[^\n]*\n)+")
_HTML_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer"
    r"|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|param|search"
    r"|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>])",
    re.IGNORECASE,
)
_HTML_FORMULA = re.compile(r"\$\$?[^$\n]*\\[A-Za-z]+[^$\n]*\$|\\\\?[(\[]")


def scan_markdown(text: str) -> Scan:
    return _Markdown(text).read()


class _Markdown(InlineScanner):
    paragraph_end = re.compile(r"\n(?=[ \t>]*(?:\n|\Z|#{1,6}[ \t]|`{3,}[^`\n]*(?:\n|\Z)|~{3,}))")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.title = ""
        self.quote_end = -1
        self.open_fences: set[tuple[str, int]] = set()  # a fence and the place up to which nothing closes it

    def read(self) -> Scan:
        self._front_matter()
        while self.position < self.end:
            self._block()
        self.flush()
        return Scan(tuple(self.pieces), tuple(self.macros), self.title)

    def _front_matter(self) -> None:
        self.position = 1 if self.text.startswith("\ufeff") else 0
        match = _FRONT_MATTER.match(self.text, self.position)
        if match:
            title = _TITLE.search(match[2] or "")
            self.title = title[1].strip("\"'") if title else ""
            self.position = match.end()

    # Blocks

    def _block(self) -> None:
        """One line that begins a block, and what belongs to it."""
        text = self.text
        content, quotes = self.after_quotes(self.position, limit=None)
        if quotes != self.quotes:
            self.quotes = quotes
            self.indents.clear()
            self.emit(Break())
        content, column = self.indentation(content, 0)
        if _BLANK.match(text, content):
            self.emit(Break())
            self._skip_line(content)
            return
        while self.indents and column < self.indents[-1]:
            self.indents.pop()
        base = self.indents[-1] if self.indents else 0
        if column - base >= 4:
            self.emit(Break())
            self._skip_line(content)
            return
        self.position = content
        if not _RULE.match(text, content) and (marker := _MARKER.match(text, content)):
            self._list_item(marker, column)
        else:
            self._leaf()

    def _leaf(self) -> None:
        text, content = self.text, self.position
        if match := _FENCE.match(text, content):
            self._fence(match)
        elif match := _HEADING.match(text, content):
            level, cases = len(match[1]), cases_in(text, *match.span(2))
            self.emit(Heading(level, plain(match[2].rstrip().rstrip("#")), content, cases))
            self.position = match.end()
        elif match := RUN_IN.match(text, content):
            self.emit(Heading(LOWEST, plain(title_of(match)), content))
            self.position = match.end()
        elif match := _RULE.match(text, content):
            self.emit(Break(hard=True))
            self.position = match.end()
        elif match := HTML_VERBATIM.match(text, content):
            self.verbatim(match)
        elif _HTML_BLOCK.match(text, content):
            self._html_block()
        else:
            self._paragraph()

    def _list_item(self, marker: re.Match[str], column: int) -> None:
        self.emit(Break(hard=True))
        width = marker.start(2) - marker.start()
        spaces = marker.end() - marker.start(2)
        self.indents.append(column + width + (spaces if 1 <= spaces <= 4 else 1))
        self.position = marker.end()
        if _BLANK.match(self.text, self.position):
            self._skip_line(self.position)
            return
        nested = _MARKER.match(self.text, self.position)
        if nested and not _RULE.match(self.text, self.position):
            self._list_item(nested, column + width + spaces) if len(self.indents) < 20 else self._paragraph()
        elif self.after_quotes(self.position, limit=1)[1]:
            self.position, _ = self.after_quotes(self.position, limit=1)
            self.quotes += 1
            self._leaf()
        else:
            self._leaf()

    def _skip_line(self, position: int) -> None:
        end = self.text.find("\n", position)
        self.position = self.end if end < 0 else end + 1

    def _fence(self, opening: re.Match[str]) -> None:
        """A code block, or a formula if it is marked ``math``."""
        self.emit(Break(hard=True))
        mark = opening[1]
        close = re.compile(rf"^[ \t>]*{mark[0]}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        last = self._quote_end(opening.end() - 1) if self.quotes else self.end
        searched = (mark, last) in self.open_fences
        closing = None if searched else close.search(self.text, opening.end(), last)
        is_math = opening[2].split(maxsplit=1)[:1] in (["math"], ["{math}"])
        if closing is None:
            self.open_fences.add((mark, last))
            self._unclosed_fence(opening, is_math, last)
        elif is_math:
            options = _DIRECTIVE_OPTIONS.match(self.text, opening.end(), closing.start())
            self.emit_formula(options.end() if options else opening.end(), closing.start(), display=True)
            self._skip_line(closing.end())
        else:
            self._skip_line(closing.end())

    def _quote_end(self, position: int) -> int:
        """The newline before the first line without a block quote mark."""
        if self.quote_end < position:
            match = _NOT_QUOTED.search(self.text, position)
            self.quote_end = match.start() if match else self.end
        return self.quote_end

    def _unclosed_fence(self, opening: re.Match[str], is_math: bool, last: int) -> None:
        self.problem(opening.start(), f"the code block that opens here is never closed; write {opening[1]} below it")
        if is_math:
            self.position = opening.end()
            self.new_paragraph()
            self.position = self.limit
        else:
            self.position = last

    def _html_block(self) -> None:
        """Up to the next blank line: a paragraph of its own where formulas stand in it, else only comments are read."""
        self.emit(Break(hard=True))
        self.new_paragraph()
        if _HTML_FORMULA.search(self.text, self.position, self.limit):
            self._paragraph()
            return
        while self.position < self.limit:
            found = self.text.find("<!--", self.position, self.limit)
            self.position = found if found >= 0 else self.limit
            if found >= 0:
                self.html_comment()
        self._leave_paragraph()

    # Paragraphs

    def _paragraph(self) -> None:
        """Prose, formulas and comments up to the paragraph's end, which may be a line that begins another block."""
        self.new_paragraph()
        begin, first_piece = self.position, len(self.pieces)
        self.in_table = self.text.startswith("|", begin)
        self.line_has_words = False
        while self.position < self.limit:
            token = TOKEN.search(self.text, self.position, self.limit)
            if token is None:
                self.prose(self.position, self.limit)
                self.position = self.limit
            else:
                self.prose(self.position, token.start())
                self.position = token.start()
                if token[0] == "\n":
                    if self._ends_at_newline(begin, first_piece):
                        return
                else:
                    self.inline(token)
            if self.position > self.limit:  # a comment may reach over blank lines
                self.new_paragraph()
        self._leave_paragraph()

    def _leave_paragraph(self) -> None:
        """Past the newline that ends the paragraph, to the line that ended it."""
        self.flush()
        if self.position < self.end and self.text[self.position] == "\n":
            self.position += 1

    def _ends_at_newline(self, begin: int, first_piece: int) -> bool:
        """At a newline: does the next line begin another block?  If not, its prefix is passed over."""
        text = self.text
        content, quotes = self.after_quotes(self.position + 1, limit=None)
        content, column = self.indentation(content, 0)
        base = self.indents[-1] if self.indents else 0
        underline = _UNDERLINE.match(text, content) if quotes == self.quotes and 0 <= column - base < 4 else None
        if underline and self._underlined(begin, first_piece, underline):
            return True
        if quotes > self.quotes or self._interrupts(content, column - base):
            self.flush()
            self.position += 1
            return True
        self.run.append((self.position, " "))
        self.position = content
        self.line_has_words = False
        if self.in_table or text.startswith("|", content):
            self.in_table = text.startswith("|", content)
            self.emit(Break(hard=True))
        return False

    def _interrupts(self, content: int, indent: int) -> bool:
        text = self.text
        if indent >= 4:
            return False
        if _RULE.match(text, content) or _HTML_BLOCK.match(text, content) or HTML_VERBATIM.match(text, content):
            return True
        marker = _MARKER.match(text, content)
        if marker is None or _BLANK.match(text, marker.end()):
            return False
        return bool(self.indents) or marker[1] in (None, "1")

    def _underlined(self, begin: int, first_piece: int, underline: re.Match[str]) -> bool:
        """Makes a heading of the paragraph so far, unless a display formula or a comment stands in it."""
        for piece in self.pieces[first_piece:]:
            if not isinstance(piece, Stretch) and not (isinstance(piece, Formula) and not piece.display):
                return False
        title = plain(self.text[begin : self.position])
        del self.pieces[first_piece:]
        self.run = []
        self.emit(Heading(1 if underline[1][0] == "=" else 2, title, begin))
        self.position = underline.end()
        return True
