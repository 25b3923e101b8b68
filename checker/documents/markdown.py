"""Markdown to pieces: blocks by the line, formulas and comments by the character.

A scanner of our own and not markdown-it-py: that gives line numbers but no offsets for inline tokens, lets
Markdown's inline rules eat into formulas (``_``, ``*``, ``<``, ``\\``) before anything can look at them, and is
slower.  What matters here is small: where paragraphs begin and end, what is code, and what prefixes a
line carries.  Read so: headings, front matter, block quotes, lists, tables, fences, indented code and
HTML blocks as in CommonMark; inside a formula a line is never taken for a list, a heading underline or a rule.
"""

from __future__ import annotations

import re

from checker.documents.macros import DEFINITION
from checker.documents.model import Formula, Heading
from checker.documents.pieces import Break, Scan, Stretch
from checker.documents.scanner import Runs, Scanner

_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\n(?:(.*?)\n)?(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title\s*[:=]\s*(.*?)\s*$", re.MULTILINE)

# Blocks
_LINE = re.compile(r"[^\n]*\n?")
_SPACES = re.compile(r"[ \t]*")
_BLANK = re.compile(r"[ \t]*(?:\n|\Z)")
_QUOTE = re.compile(r"[ \t]{0,3}>[ ]?")
_NOT_QUOTED = re.compile(r"\n(?![ \t]*>)")
_MARKER = re.compile(r"(?:[-*+]|(\d{1,9})[.)])(?=[ \t\n]|\Z)([ \t]*)")
_RULE = re.compile(r"(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|:{3,}[^\n]*)(?:\n|\Z)")
_HEADING = re.compile(r"(#{1,6})(?=[ \t\n]|\Z)([^\n]*)\n?")
_UNDERLINE = re.compile(r"(=+|-+)[ \t]*(?:\n|\Z)")
_FENCE = re.compile(r"(`{3,}(?=[^`\n]*(?:\n|\Z))|~{3,})[ \t]*([^\n]*)\n?")
_DIRECTIVE_OPTIONS = re.compile(r"(?:[ \t>]*:[\w-]+:[^\n]*\n)+")
_HTML_VERBATIM = re.compile(r"<(script|pre|style|textarea)(?=[\s>])([^>\n]*)>", re.IGNORECASE)
_HTML_BLOCK = re.compile(
    r"</?(?:address|article|aside|blockquote|body|center|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer"
    r"|form|frame|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|nav|ol|optgroup|option|p|param|search"
    r"|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>])",
    re.IGNORECASE,
)

# Inside a paragraph
_TOKEN = re.compile(r"\n|\$|\\|`+|<|[*_]+|\]\(|!\[|\|")
_DOLLAR = re.compile(r"\\.|\$\$?", re.DOTALL)
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_TWICE_ESCAPED = re.compile(r"\\\\[)\]]")
_ESCAPED_BRACKET = re.compile(r"\\\[[^\n\\\]=$]{0,80}\]")  # \[note] in prose
_TICK_DOLLAR = re.compile(r"`\$")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]*>")
_LINK = re.compile(r"\]\([^()\s]*(?:\([^()\n]*\)[^()\s]*)*(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)")
_COMMENT_EDGE = re.compile(r"-->|<!--")
_LETTER = re.compile(r"[^\W\d_]")
_ASIDES = re.compile(
    r"<!--.*?(?:-->|\Z)|\$\$[^$]*(?:\$\$|\Z)|\$[^$]*(?:\$|\Z)|\{[^{}]*\}|</?[A-Za-z][^<>]*>", re.DOTALL
)
_ITEM_BELOW = re.compile(r"[ \t>]*(?:[-*+]|\d+[.)])[ \t]")
_LOOK_AHEAD = 200

# Inside a formula: what Markdown itself makes of it.  Text and row breaks stay.
_ESCAPE = re.compile(
    r"\\(?:text\w*|mathrm|mathit|mathsf|mathtt|operatorname\*?|mbox|label|tag|ref)\s*\{[^{}]*\}"
    r"|(?P<rows>\\\\\\\\)|\\\\|\\(?P<plain>[_*])|&(?P<entity>lt|gt|amp);"
)
_ENTITIES = {"lt": "<", "gt": ">", "amp": "&"}
_MARKUP = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|<[^<>]*>|\{#[^{}]*\}$")


def scan_markdown(text: str) -> Scan:
    return _Markdown(text).read()


class _Markdown(Scanner):
    paragraph_end = re.compile(r"\n(?=[ \t>]*(?:\n|\Z|#{1,6}[ \t]|`{3,}[^`\n]*(?:\n|\Z)|~{3,}))")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.title = ""
        self.quotes = 0  # block quotes around the present line
        self.indents: list[int] = []  # columns at which the contents of the open list items begin
        self.line_has_words = False  # on the present line, before this place
        self.in_table = False
        self.comments_end = True  # may a "-->" still come?
        self.unclosed_tags: set[str] = set()
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
        content, quotes = self._after_quotes(self.position, limit=None)
        if quotes != self.quotes:
            self.quotes = quotes
            self.indents.clear()
            self.emit(Break())
        content, column = self._indentation(content, 0)
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
            self.emit(Heading(len(match[1]), _plain(match[2].rstrip().rstrip("#")), content))
            self.position = match.end()
        elif match := _RULE.match(text, content):
            self.emit(Break())
            self.position = match.end()
        elif match := _HTML_VERBATIM.match(text, content):
            self._verbatim(match)
        elif _HTML_BLOCK.match(text, content):
            self._html_block()
        else:
            self._paragraph()

    def _list_item(self, marker: re.Match[str], column: int) -> None:
        self.emit(Break(item=True))
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
        elif quote := _QUOTE.match(self.text, self.position):
            self.quotes, self.position = self.quotes + 1, quote.end()
            self._leaf()
        else:
            self._leaf()

    def _after_quotes(self, position: int, limit: int | None) -> tuple[int, int]:
        quotes = 0
        while quotes != limit and (match := _QUOTE.match(self.text, position)):
            position, quotes = match.end(), quotes + 1
        return position, quotes

    def _indentation(self, position: int, column: int) -> tuple[int, int]:
        match = _SPACES.match(self.text, position)
        assert match is not None
        for character in match[0]:
            column += 4 - column % 4 if character == "\t" else 1
        return match.end(), column

    def _skip_line(self, position: int) -> None:
        end = self.text.find("\n", position)
        self.position = self.end if end < 0 else end + 1

    def _fence(self, opening: re.Match[str]) -> None:
        """A code block, or a formula if it is marked ``math``."""
        self.emit(Break())
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

    def _verbatim(self, tag: re.Match[str]) -> None:
        """``<pre>``, ``<script>`` …: passed over to their end, but for MathJax's ``<script type="math/tex">``."""
        name = tag[1].lower()
        end = -1
        if name not in self.unclosed_tags:
            match = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(self.text, tag.end())
            end = match.start() if match else -1
        if end < 0:
            self.unclosed_tags.add(name)
            self.problem(tag.start(), f"{tag[0]} is never closed; write </{name}> after it")
            self.position = tag.end()
            return
        if name == "script" and "math/tex" in tag[2]:
            self.emit_formula(tag.end(), end, display="mode=display" in tag[2].replace(" ", ""))
        else:
            self.emit(Break())
        self.position = self.text.index(">", end) + 1

    def _html_block(self) -> None:
        """Up to the next blank line; only comments are read."""
        self.emit(Break())
        self.new_paragraph()
        while self.position < self.limit:
            found = self.text.find("<!--", self.position, self.limit)
            if found < 0:
                break
            self.position = found
            self._comment()
        self._leave_paragraph()

    # Paragraphs

    def _paragraph(self) -> None:
        """Prose, formulas and comments up to the paragraph's end, which may be a line that begins another block."""
        self.new_paragraph()
        begin, first_piece = self.position, len(self.pieces)
        self.in_table = self.text.startswith("|", begin)
        self.line_has_words = False
        while self.position < self.limit:
            token = _TOKEN.search(self.text, self.position, self.limit)
            if token is None:
                self._prose(self.position, self.limit)
                self.position = self.limit
            else:
                self._prose(self.position, token.start())
                self.position = token.start()
                if token[0] == "\n":
                    if self._ends_at_newline(begin, first_piece):
                        return
                else:
                    self._inline(token)
            if self.position > self.limit:  # a comment may reach over blank lines
                self.new_paragraph()
        self._leave_paragraph()

    def _leave_paragraph(self) -> None:
        """Past the newline that ends the paragraph, to the line that ended it."""
        self.flush()
        if self.position < self.end and self.text[self.position] == "\n":
            self.position += 1

    def _prose(self, start: int, end: int) -> None:
        if start < end:
            words = self.text[start:end]
            self.run.append((start, words))
            self.line_has_words = self.line_has_words or bool(_LETTER.search(words))

    def _ends_at_newline(self, begin: int, first_piece: int) -> bool:
        """At a newline: does the next line begin another block?  If not, its prefix is passed over."""
        text = self.text
        content, quotes = self._after_quotes(self.position + 1, limit=None)
        content, column = self._indentation(content, 0)
        base = self.indents[-1] if self.indents else 0
        underline = _UNDERLINE.match(text, content) if quotes == self.quotes and column - base < 4 else None
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
            self.emit(Break())
        return False

    def _interrupts(self, content: int, indent: int) -> bool:
        text = self.text
        if indent >= 4:
            return False
        if _RULE.match(text, content) or _HTML_BLOCK.match(text, content) or _HTML_VERBATIM.match(text, content):
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
        title = _plain(self.text[begin : self.position])
        del self.pieces[first_piece:]
        self.run = []
        self.emit(Heading(1 if underline[1][0] == "=" else 2, title, begin))
        self.position = underline.end()
        return True

    # Inside a paragraph

    def _inline(self, token: re.Match[str]) -> None:
        match token[0][0]:
            case "$":
                self._dollar()
            case "\\":
                self._backslash()
            case "`":
                self._code(token)
            case "<":
                self._angle()
            case "*" | "_":
                self._emphasis(token)
            case "]":
                link = _LINK.match(self.text, self.position, self.limit)
                self.position = link.end() if link else self._literal(token.end())
            case "!":
                self.position = token.end()
            case _:
                self._pipe()

    def _literal(self, end: int) -> int:
        self._prose(self.position, end)
        return end

    def _pipe(self) -> None:
        if self.in_table:
            self.emit(Break())
            self.position += 1
        else:
            self.position = self._literal(self.position + 1)

    def _emphasis(self, token: re.Match[str]) -> None:
        inside_word = (
            token[0][0] == "_"
            and self.text[token.start() - 1 : token.start()].isalnum()
            and self.text[token.end() : token.end() + 1].isalnum()
        )
        self.position = self._literal(token.end()) if inside_word else token.end()

    def _code(self, token: re.Match[str]) -> None:
        """A code span is passed over; a lone run of backticks is prose."""
        if token[0] not in self.dead:
            for match in re.compile("`+").finditer(self.text, token.end(), self.limit):
                if match[0] == token[0]:
                    self.position = match.end()
                    return
            self.dead.add(token[0])
        self.position = self._literal(token.end())

    def _angle(self) -> None:
        if self.text.startswith("<!--", self.position):
            self._comment()
            return
        if (verbatim := _HTML_VERBATIM.match(self.text, self.position)) is not None:
            self._verbatim(verbatim)
            return
        tag = _TAG.match(self.text, self.position, self.limit)
        self.position = tag.end() if tag else self._literal(self.position + 1)

    def _comment(self) -> None:
        start = self.position
        end = None
        if self.comments_end:
            end = _COMMENT_EDGE.search(self.text, start + 4)
            self.comments_end = end is not None
        if end is None or end[0] == "<!--":
            self.problem(start, "this comment is never closed; write --> at its end")
            self.position = min(self.limit, end.start() if end else self.limit)
            return
        self.comment(start, self._without_prefixes(start + 4, end.start()))
        self.position = end.end()

    def _backslash(self) -> None:
        text, here = self.text, self.position
        following = text[here + 1 : here + 3]
        if following in ("\\(", "\\["):
            closer = "\\\\)" if following == "\\(" else "\\\\]"
            self.delimited("\\" + following, closer, _TWICE_ESCAPED, display=following == "\\[")
        elif following[:1] == "[" and _ESCAPED_BRACKET.match(text, here, self.limit):
            self.position = self._literal(here + 2)
        elif following[:1] in ("(", "["):
            closer = "\\)" if following[0] == "(" else "\\]"
            self.delimited("\\" + following[0], closer, _ESCAPED, display=following[0] == "[")
        elif following[:1].isalpha():
            self._command()
        elif following[:1] == "\n":
            self.position += 1
        else:
            self.position += 1
            self.position = self._literal(min(self.limit, self.position + 1))

    def _command(self) -> None:
        if self.environment():
            return
        if DEFINITION.match(self.text, self.position, self.limit):
            self.definition()
        else:
            self.position = self._literal(self.position + 1)

    def _dollar(self) -> None:
        text, here = self.text, self.position
        if text.startswith("$$", here):
            self._double_dollar()
        elif text.startswith("$`", here):
            self.delimited("$`", "`$", _TICK_DOLLAR, display=False)
        else:
            self._single_dollar()

    def _single_dollar(self) -> None:
        """``$…$``; ``$5 and $6`` is money."""
        text, here = self.text, self.position
        money = text[here + 1 : here + 2].isdigit()
        for match in _DOLLAR.finditer(text, here + 1, self.limit):
            if match[0][0] == "\\":
                continue
            if match[0] == "$" and not (money and self._is_money(match)):
                self.emit_formula(here + 1, match.start(), display=False)
                self.position = match.end()
                return
            break
        if money:
            self.position = self._literal(here + 1)
            return
        self.position = here + 1
        self.unclosed(here, "$", "$", display=False)

    def _is_money(self, closing: re.Match[str]) -> bool:
        """Is a dollar that might close a formula begun by a digit rather that of a second sum?"""
        before, after = self.text[closing.start() - 1], self.text[closing.end() : closing.end() + 1]
        return after.isdigit() or before in " \n`("

    def _double_dollar(self) -> None:
        here = self.position
        self.position += 2
        end = self.find(_DOLLAR, "$$")
        if end is None:
            self.unclosed(here, "$$", "$$", display=True)
            return
        self.emit_formula(here + 2, end, display=not self._stands_in_text(here, end))
        self.position = end + 2

    def _stands_in_text(self, start: int, end: int) -> bool:
        """kramdown's inline ``$$x$$``: in a table, or on one line with words after it, or with words before it that
        end in no colon while the paragraph goes on."""
        text = self.text
        if self.in_table:
            return True
        if text.find("\n", start, end) >= 0:
            return False
        rest = _ASIDES.sub("", text[end + 2 : min(self.limit, end + 2 + _LOOK_AHEAD)])
        line, _, below = rest.partition("\n")
        if _LETTER.search(line):
            return True
        if not self.line_has_words or text[max(0, start - 20) : start].rstrip().endswith(":"):
            return False
        return bool(_LETTER.search(below)) and not _ITEM_BELOW.match(below)

    # Formulas

    def _without_prefixes(self, start: int, end: int) -> Runs:
        """The text between two places, without the block quote marks and list indents of its later lines."""
        if not self.quotes and not self.indents:
            return [(start, self.text[start:end])]
        runs: Runs = []
        while start < end:
            newline = self.text.find("\n", start, end)
            if newline < 0:
                break
            runs.append((start, self.text[start : newline + 1]))
            start, _ = self._after_quotes(newline + 1, limit=self.quotes)
            start = min(end, self._after_indent(start))
        runs.append((start, self.text[start:end]))
        return runs

    def _after_indent(self, position: int) -> int:
        width = self.indents[-1] if self.indents else 0
        while width > 0 and position < self.end and self.text[position] in " \t":
            position, width = position + 1, width - 1
        return position

    def formula_runs(self, start: int, end: int) -> Runs:
        runs: Runs = []
        for place, text in self._without_prefixes(start, end):
            runs += _unescaped(place, text, self.in_table)
        return runs


def _unescaped(place: int, text: str, in_table: bool) -> Runs:
    runs: Runs = []
    position = 0
    for match in _ESCAPE.finditer(text) if "\\" in text or "&" in text else ():
        if match["rows"]:
            runs.append((place + position, text[position : match.start() + 2]))
        elif match["plain"]:
            runs.append((place + position, text[position : match.start()]))
            runs.append((place + match.start() + 1, match["plain"]))
        elif match["entity"]:
            runs.append((place + position, text[position : match.start()]))
            runs.append((place + match.start(), _ENTITIES[match["entity"]]))
        else:
            continue
        position = match.end()
    runs.append((place + position, text[position:]))
    return _unescaped_pipes(runs) if in_table else runs


def _unescaped_pipes(runs: Runs) -> Runs:
    """In a table ``\\|`` stands for ``|``."""
    kept: Runs = []
    for place, text in runs:
        position = 0
        while (found := text.find("\\|", position)) >= 0:
            kept.append((place + position, text[position:found]))
            position = found + 1
        kept.append((place + position, text[position:]))
    return kept


def _plain(text: str) -> str:
    return " ".join(_MARKUP.sub("", " ".join(text.split())).split())
