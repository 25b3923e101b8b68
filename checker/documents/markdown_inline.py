"""The inside of Markdown paragraphs: formulas, comments, code spans, emphasis, links, tags."""

from __future__ import annotations

import re

from checker.documents.formulas import top_relations
from checker.documents.lone import stands_alone
from checker.documents.macros import DEFINITION
from checker.documents.markdown_text import unescaped
from checker.documents.pieces import Break
from checker.documents.scanner import Runs, Scanner

_SPACES = re.compile(r"[ \t]*")
QUOTE = re.compile(r"[ \t]{0,3}>[ ]?")
HTML_VERBATIM = re.compile(r"<(script|pre|style|textarea)(?=[\s>])([^>\n]*)>", re.IGNORECASE)

TOKEN = re.compile(r"\n|\$|\\|`+|<|[*_]+|\]\(|!\[|\|")
_DOLLAR = re.compile(r"\\.|\$\$?", re.DOTALL)
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_TWICE_ESCAPED = re.compile(r"\\\\[)\]]")
_ESCAPED_BRACKET = re.compile(r"\\\[[^\n\\\]=<>$]{0,80}\\?\]")  # \[note] and \[1\] in prose
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


class InlineScanner(Scanner):
    """Knows the prefixes of the present line, and reads what stands behind them."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.quotes = 0  # block quotes around the present line
        self.indents: list[int] = []  # columns at which the contents of the open list items begin
        self.line_has_words = False  # on the present line, before this place
        self.in_table = False
        self.comments_end = True  # may a "-->" still come?
        self.unclosed_tags: set[str] = set()

    def prose(self, start: int, end: int) -> None:
        if start < end:
            words = self.text[start:end]
            self.run.append((start, words))
            self.line_has_words = self.line_has_words or bool(_LETTER.search(words))

    def inline(self, token: re.Match[str]) -> None:
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
        self.prose(self.position, end)
        return end

    def _pipe(self) -> None:
        if self.in_table:
            self.emit(Break(hard=True))
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
            self.html_comment()
            return
        if (verbatim := HTML_VERBATIM.match(self.text, self.position)) is not None:
            self.verbatim(verbatim)
            return
        tag = _TAG.match(self.text, self.position, self.limit)
        self.position = tag.end() if tag else self._literal(self.position + 1)

    def html_comment(self) -> None:
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
        end in no colon, while it has no relation or the paragraph goes on."""
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
        if not top_relations(text[start + 2 : end]).any:
            return True
        return bool(_LETTER.search(below)) and not _ITEM_BELOW.match(below)

    def verbatim(self, tag: re.Match[str]) -> None:
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
            self.emit(Break(hard=True))
        self.position = self.text.index(">", end) + 1

    # Prefixes

    def after_quotes(self, position: int, limit: int | None) -> tuple[int, int]:
        quotes = 0
        while quotes != limit and (match := QUOTE.match(self.text, position)):
            position, quotes = match.end(), quotes + 1
        return position, quotes

    def indentation(self, position: int, column: int) -> tuple[int, int]:
        match = _SPACES.match(self.text, position)
        assert match is not None
        for character in match[0]:
            column += 4 - column % 4 if character == "\t" else 1
        return match.end(), column

    # Formulas

    def emit_formula(self, start: int, end: int, display: bool, environment: str | None = None) -> None:
        alone = not display and not self.in_table and environment is None and stands_alone(self.text, start, end)
        super().emit_formula(start, end, display or alone, environment)

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
            start, _ = self.after_quotes(newline + 1, limit=self.quotes)
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
            runs += unescaped(place, text, self.in_table)
        return runs
