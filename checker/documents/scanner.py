"""What the Markdown and the LaTeX reader share: the row of pieces, delimiters, environments, macros, comments.

Every search for a closing delimiter stops at ``limit``, the end of the paragraph, which is looked up
once per paragraph; after a failed search reading goes on behind the opener or at the limit.  So the
whole is linear in the length of the file, whatever stands in it.
"""

from __future__ import annotations

import re

from checker.documents.formulas import MATH_ENVIRONMENTS
from checker.documents.macros import read_definition, take_definitions
from checker.documents.model import Formula, Macro, Problem
from checker.documents.notes import KEYWORD
from checker.documents.pieces import Note, Piece, Stretch

Runs = list[tuple[int, str]]

BEGIN = re.compile(r"\\begin\s*\{([A-Za-z]+)(\*?)\}")
_ARGUMENTS = {
    "alignat": re.compile(r"\s*\{[^{}\n]*\}"),
    "alignedat": re.compile(r"(?:\[[tbc]\])?\s*\{[^{}\n]*\}"),
    "aligned": re.compile(r"\[[tbc]\]"),
    "gathered": re.compile(r"\[[tbc]\]"),
}
_WIDEST_PREFIX = 80
_EDGE = re.compile(r"\\(begin|end)\s*\{([^{}\n]*)\}|\\.|%[^\n]*", re.DOTALL)


class Scanner:
    """``position`` is where reading goes on; ``run`` collects the prose since the last piece."""

    paragraph_end: re.Pattern[str]

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text)
        self.position = 0
        self.limit = -1
        self.pieces: list[Piece] = []
        self.macros: list[Macro] = []
        self.run: Runs = []
        self.dead: set[str] = set()  # closing delimiters that do not come again before the limit

    # Pieces

    def flush(self) -> None:
        if any(text for _, text in self.run):
            self.pieces.append(Stretch.of(self.run))
        self.run = []

    def emit(self, piece: Piece) -> None:
        self.flush()
        self.pieces.append(piece)

    def problem(self, start: int, message: str) -> None:
        self.emit(Problem(start, "syntax", message))

    def comment(self, start: int, runs: Runs) -> None:
        """Keeps a comment that is one of ours and passes over the others."""
        body = Stretch.of(runs)
        if KEYWORD.match(body.text):
            self.emit(Note(body, start, self._own_line(start)))

    def _own_line(self, place: int) -> bool:
        before = self.text[max(0, place - _WIDEST_PREFIX) : place]
        tail = before.rpartition("\n")[2]
        return not tail.strip(" \t>") and len(tail) < _WIDEST_PREFIX

    # Places

    def new_paragraph(self) -> None:
        """Looks up the limit, unless the one last found is still ahead."""
        if self.position <= self.limit:
            return
        match = self.paragraph_end.search(self.text, self.position)
        self.limit = match.start() if match else self.end
        self.dead.clear()

    def find(self, tokens: re.Pattern[str], closer: str) -> int | None:
        """The place of the next token that is ``closer``, from ``position`` up to the limit."""
        if closer in self.dead:
            return None
        for match in tokens.finditer(self.text, self.position, self.limit):
            if match[0] == closer:
                return match.start()
        self.dead.add(closer)
        return None

    # Formulas

    def formula_runs(self, start: int, end: int) -> Runs:
        """The text between two places, without what the file format adds to it."""
        return [(start, self.text[start:end])]

    def emit_formula(self, start: int, end: int, display: bool, environment: str | None = None) -> None:
        runs = self.formula_runs(start, end)
        if "\\" in self.text[start:end]:
            runs = self._without_definitions(runs)
        formula = Stretch.of(runs)
        if formula.text.strip():
            trimmed = formula.trimmed()
            self.emit(Formula(trimmed.text, trimmed.offsets(), display, environment))

    def _without_definitions(self, runs: Runs) -> Runs:
        macros, text = take_definitions("".join(run for _, run in runs))
        if not macros:
            return runs
        self.macros += macros
        kept: Runs = []
        length = 0
        for place, run in runs:
            kept.append((place, text[length : length + len(run)]))
            length += len(run)
        return kept

    def delimited(self, opener: str, closer: str, tokens: re.Pattern[str], display: bool) -> None:
        """A formula whose opener stands at ``position``."""
        start = self.position
        self.position += len(opener)
        inside = self.position
        end = self.find(tokens, closer)
        if end is None:
            self.unclosed(start, opener, closer, display)
            return
        self.emit_formula(inside, end, display)
        self.position = end + len(closer)

    def unclosed(self, start: int, opener: str, closer: str, display: bool) -> None:
        """Reading goes on behind an inline opener, and on the next line for a display."""
        self.problem(
            start,
            f"the formula that {opener} opens here is not closed before the end of its paragraph; "
            f"write {closer} after it (a formula cannot contain a blank line)",
        )
        if display:
            line_end = self.text.find("\n", start, self.limit)
            self.position = self.limit if line_end < 0 else line_end

    def environment(self) -> bool:
        """Reads a maths environment that begins at ``position``; False when none does."""
        begin = BEGIN.match(self.text, self.position, self.limit)
        if begin is None or begin[1] not in MATH_ENVIRONMENTS:
            return False
        full = begin[1] + begin[2]
        argument = _ARGUMENTS[begin[1]].match(self.text, begin.end(), self.limit) if begin[1] in _ARGUMENTS else None
        inside = argument.end() if argument else begin.end()
        open_names = [full]
        for match in _EDGE.finditer(self.text, inside, self.limit):
            if match[1] == "begin":
                open_names.append(match[2])
            elif match[1] == "end" and match[2] == open_names[-1]:
                open_names.pop()
                if not open_names:
                    self.emit_formula(inside, match.start(), begin[1] != "math", begin[1])
                    self.position = match.end()
                    return True
            elif match[1] == "end":
                self._mismatched(full, open_names[-1], match)
                return True
        self.unclosed(self.position, f"\\begin{{{full}}}", f"\\end{{{open_names[-1]}}}", display=True)
        self.position = self.limit
        return True

    def _mismatched(self, full: str, innermost: str, found: re.Match[str]) -> None:
        self.problem(
            self.position,
            f"\\begin{{{innermost}}} is closed by \\end{{{found[2]}}}; write \\end{{{innermost}}}",
        )
        closer = f"\\end{{{full}}}"
        outer = -1 if closer in self.dead else self.text.find(closer, found.start(), self.limit)
        if outer < 0:
            self.dead.add(closer)
        if outer >= 0:
            self.position = outer + len(closer)
        else:
            self.position = found.end() if innermost == full else self.limit

    # Macros

    def definition(self) -> None:
        """A macro definition that begins at ``position``."""
        found = read_definition(self.text, self.position, self.limit)
        if found is None:
            self.problem(
                self.position,
                "this macro definition cannot be read; write \\newcommand{\\name}[arguments]{body} in one paragraph",
            )
            self.position = self.limit
            return
        self.macros.append(found.macro)
        self.position = found.end
