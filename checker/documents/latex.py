"""LaTeX to pieces.  Commands in prose are stripped to their words; nothing is expanded and no file is opened."""

from __future__ import annotations

import re

from checker.documents.exercises import BOLD, ENVIRONMENTS, LOWEST, title_of
from checker.documents.formulas import MATH_ENVIRONMENTS, names
from checker.documents.macros import DEFINITION, group_end, read_definition
from checker.documents.model import Heading
from checker.documents.pieces import Break, Scan
from checker.documents.scanner import Runs, Scanner

_TOKEN = re.compile(r"\n|[%\\$~{}]|``|''|---?")
_DOLLAR = re.compile(r"\\.|%[^\n]*|\$\$?", re.DOTALL)
_ESCAPED = re.compile(r"%[^\n]*|\\.", re.DOTALL)
_COMMENT = re.compile(r"%+([^\n]*)(?:\n[ \t]*)?")
_COMMENT_INSIDE = re.compile(r"\\.|%[^\n]*", re.DOTALL)
_COMMAND = re.compile(r"\\([A-Za-z@]+)\*?")
_BODY = re.compile(r"(?:^|(?<=\n))[^%\n]*?\\begin\s*\{document\}")
_BODY_END = re.compile(r"\\end\s*\{document\}")
_PREAMBLE_TOKEN = re.compile(r"%[^\n]*|\\title\b|" + DEFINITION.pattern)
_VERBATIM_ENVIRONMENT = re.compile(
    r"\\begin\s*\{((?:verbatim|Verbatim|lstlisting|minted|comment|filecontents|tikzpicture|alltt)\*?)\}"
)
_VERB = re.compile(r"\\(?:verb|lstinline)\*?([^\sA-Za-z*{])[^\n]*?\1")
_ARGUMENT = re.compile(r"[ \t]*(?:\n[ \t]*)?\{")
_OPTION = re.compile(r"[ \t]*\[[^\[\]\n]*\]")
_GROUP = re.compile(r"\s*\{([^{}\n]*)\}")
_SPACE = re.compile(r"[ \t]*")
_LEVELS = {
    "part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "subparagraph": 5,
}  # fmt: skip
# Their argument is no prose.
_WORDLESS = names(
    "label ref eqref cref Cref autoref pageref cite citep citet parencite textcite bibliography bibliographystyle "
    "usepackage documentclass vspace hspace vskip hskip includegraphics pagestyle thispagestyle setcounter "
    "setlength addtolength hypersetup index href"
)
_WITH_ARGUMENT = names("tabular tabularx longtable minipage multicols wrapfigure array thebibliography")
_BREAKING = names("par bigskip medskip smallskip newpage clearpage pagebreak maketitle hline toprule midrule")


def scan_latex(text: str) -> Scan:
    return _Latex(text).read()


class _Latex(Scanner):
    paragraph_end = re.compile(r"\n(?=[ \t]*(?:\n|\Z|\\(?:part|chapter|(?:sub)*section|(?:sub)?paragraph)\b))")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.title = ""
        self.dead_environments: set[str] = set()

    def read(self) -> Scan:
        self.position = 1 if self.text.startswith("\ufeff") else 0
        body = _BODY.search(self.text)
        if body:
            self._preamble(body.end())
            self.position = body.end()
            closing = _BODY_END.search(self.text, self.position)
            self.end = closing.start() if closing else self.end
        while self.position < self.end:
            self._paragraph()
        self.flush()
        return Scan(tuple(self.pieces), tuple(self.macros), self.title)

    def _preamble(self, end: int) -> None:
        """Only macros and the title.  A definition that cannot be read is none of ours until it is used."""
        while match := _PREAMBLE_TOKEN.search(self.text, self.position, end):
            self.position = match.end()
            self.new_paragraph()
            self.limit = min(self.limit, end)
            if match[0] == "\\title":
                self._title(match.end())
            elif found := read_definition(self.text, match.start(), self.limit):
                self.macros.append(found.macro)
                self.position = found.end
        self.limit = -1

    def new_paragraph(self) -> None:
        super().new_paragraph()
        self.limit = min(self.limit, self.end)

    def _paragraph(self) -> None:
        self.new_paragraph()
        while self.position < self.limit:
            token = _TOKEN.search(self.text, self.position, self.limit)
            end = token.start() if token else self.limit
            if self.position < end:
                self.run.append((self.position, self.text[self.position : end]))
            self.position = end
            if token:
                self._token(token)
            if self.position > self.limit:  # a comment or a verbatim block may reach over blank lines
                self.new_paragraph()
        self.emit(Break())
        self.position = max(self.position, self.limit) + 1

    def _token(self, token: re.Match[str]) -> None:
        match token[0][0]:
            case "\n":
                self._space(self._after_spaces(token.end()))
            case "%":
                self._comment()
            case "\\":
                self._backslash()
            case "$":
                opener = "$$" if self.text.startswith("$$", self.position) else "$"
                self._dollars(opener)
            case "~":
                self._space(token.end())
            case "-":
                self.run.append((token.start(), token[0]))
                self.position = token.end()
            case _:  # braces, quotation marks
                self.position = token.end()

    def _space(self, end: int) -> None:
        self.run.append((self.position, " "))
        self.position = end

    def _after_spaces(self, position: int) -> int:
        match = _SPACE.match(self.text, position, self.limit)
        return match.end() if match else position

    def _comment(self) -> None:
        match = _COMMENT.match(self.text, self.position, self.limit)
        assert match is not None
        if match[1].strip():
            self.comment(match.start(), [(match.start(1), match[1])])
        self.position = match.end()

    # Formulas

    def _dollars(self, opener: str) -> None:
        if opener == "$":
            self._single_dollar()
        else:
            self.delimited("$$", "$$", _DOLLAR, display=True)

    def _single_dollar(self) -> None:
        here = self.position
        for match in _DOLLAR.finditer(self.text, here + 1, self.limit):
            if match[0] == "$":
                self.emit_formula(here + 1, match.start(), display=False)
                self.position = match.end()
                return
            if match[0] == "$$":
                break
        self.position = here + 1
        self.unclosed(here, "$", "$", display=False)

    def emit_formula(self, start: int, end: int, display: bool, environment: str | None = None) -> None:
        """A formula, and after it the comments that stand inside it."""
        super().emit_formula(start, end, display, environment)
        if "%" not in self.text[start:end]:
            return
        for match in _COMMENT_INSIDE.finditer(self.text, start, end):
            if match[0][0] == "%":
                begin = match.start() + len(match[0]) - len(match[0].lstrip("%"))
                self.comment(match.start(), [(begin, self.text[begin : match.end()])])

    def formula_runs(self, start: int, end: int) -> Runs:
        """Comments are spaces here, so that offsets stay."""
        text = self.text[start:end]
        if "%" in text:
            text = _COMMENT_INSIDE.sub(lambda m: " " * len(m[0]) if m[0][0] == "%" else m[0], text)
        return [(start, text)]

    # Commands

    def _backslash(self) -> None:
        following = self.text[self.position + 1 : self.position + 2]
        if following == "(":
            self.delimited("\\(", "\\)", _ESCAPED, display=False)
        elif following == "[":
            self.delimited("\\[", "\\]", _ESCAPED, display=True)
        elif following.isalpha() and following.isascii():
            self._command()
        elif following in "\\,;:! \n":
            self._space(self.position + 2)
        else:
            self.run.append((self.position + 1, following))
            self.position += 2

    def _command(self) -> None:
        text = self.text
        if (verbatim := _VERBATIM_ENVIRONMENT.match(text, self.position)) is not None:
            self._verbatim(verbatim)
            return
        if (verb := _VERB.match(text, self.position, self.limit)) is not None:
            self.position = verb.end()
            return
        if self.environment():
            return
        if DEFINITION.match(text, self.position, self.limit):
            self.definition()
            return
        match = _COMMAND.match(text, self.position, self.limit)
        assert match is not None
        self._named(match[1], match.end())

    def _named(self, name: str, end: int) -> None:
        start, self.position = self.position, end
        if name in ("begin", "end"):
            self._other_environment(begins=name == "begin")
        elif name == "textbf" and (bold := BOLD.match(self.text, start, self.limit)) and self._begins_line(start):
            self.emit(Heading(LOWEST, title_of(bold), start))
            self.position = bold.end()
        elif name == "item":
            self._skip_option()
            self.emit(Break(hard=True))
        elif name in _LEVELS:
            self._skip_option()
            self.emit(Heading(_LEVELS[name], self._take_argument(), start))
        elif name == "title":
            self._title(end)
        elif name in _WORDLESS:
            self._skip_option()
            self._take_argument()
        elif name in _BREAKING:
            self.emit(Break())
        else:
            self._skip_option()
            self.position = self._after_spaces(self.position)

    def _begins_line(self, position: int) -> bool:
        before = self.text[self.text.rfind("\n", 0, position) + 1 : position]
        return before.strip() in ("", "\\noindent", "\\item")

    def _title(self, position: int) -> None:
        self.position = position
        self.title = self._take_argument() or self.title

    def _skip_option(self) -> None:
        option = _OPTION.match(self.text, self.position, self.limit)
        self.position = option.end() if option else self.position

    def _take_argument(self) -> str:
        """The next group, as words; it is passed over."""
        opening = _ARGUMENT.match(self.text, self.position, self.limit)
        end = group_end(self.text, opening.end(), self.limit) if opening and "}" not in self.dead else None
        if opening is None or end is None:
            if opening:
                self.dead.add("}")
            return ""
        self.position = end + 1
        return _words(self.text[opening.end() : end])

    def _other_environment(self, begins: bool) -> None:
        """``\\begin{theorem}[…]``, ``\\end{itemize}`` …: a new paragraph."""
        group = _GROUP.match(self.text, self.position, self.limit)
        self.position = group.end() if group else self.position
        if group and group[1].strip("*") in MATH_ENVIRONMENTS:
            name = group[1]
            self.problem(group.start(), f"\\end{{{name}}} closes nothing; write \\begin{{{name}}} before the formula")
        self._skip_option()
        if group and group[1].strip("*") in _WITH_ARGUMENT:
            self._take_argument()
        self.emit(Break(hard=True))
        if begins and group and group[1].strip("*").lower() in ENVIRONMENTS:
            self.emit(Heading(LOWEST, group[1].strip("*").capitalize(), group.start()))

    def _verbatim(self, opening: re.Match[str]) -> None:
        self.emit(Break(hard=True))
        closer = f"\\end{{{opening[1]}}}"
        end = -1 if closer in self.dead_environments else self.text.find(closer, opening.end(), self.end)
        if end < 0:
            self.dead_environments.add(closer)
            self.problem(opening.start(), f"\\begin{{{opening[1]}}} is never closed; write {closer} after it")
            self.position = opening.end()
        else:
            self.position = end + len(closer)


_STRIPPED = re.compile(r"\\[A-Za-z]+\*?|\\(.)|[{}$]")


def _words(text: str) -> str:
    return " ".join(_STRIPPED.sub(lambda m: m[1] or " ", text).replace("~", " ").split())
