"""Putting an author's LaTeX, and any text, into a LaTeX or Markdown page without breaking it.

A formula is typeset only if every command in it is known here or is the author's own and its braces,
environments and delimiters pair up; otherwise it is shown as source.  So nothing in a document
(``\\input``, ``\\write``, an unclosed brace) is ever run by the LaTeX that compiles a report.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
ENVIRONMENT = re.compile(r"\\(begin|end)\{([A-Za-z]*)\}")

ENVIRONMENTS = frozenset(
    "matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix cases aligned split gathered".split()
)
# What pdflatex with amsmath and amssymb, and MathJax on GitHub, both know.
COMMANDS = frozenset(
    r"""
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    ell hbar imath jmath partial nabla infty emptyset varnothing aleph Re Im prime top bot dagger ddagger star ast
    frac dfrac tfrac cfrac sqrt binom over sum prod int iint oint coprod lim limsup liminf max min sup inf arg det dim
    exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth ker deg gcd Pr hom
    cdot times div pm mp odot oplus otimes ominus oslash circ bullet wedge vee cap cup setminus cdots dots ldots vdots
    ddots dotsc dotsb dotsm
    le leq ge geq ne neq lt gt ll gg leqslant geqslant equiv approx sim simeq cong propto in notin ni subset subseteq
    supset supseteq mid nmid parallel perp prec succ preceq succeq to mapsto rightarrow leftarrow leftrightarrow
    Rightarrow Leftarrow Leftrightarrow longrightarrow longmapsto implies impliedby iff gets uparrow downarrow
    forall exists nexists neg lnot land lor therefore because colon
    left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm
    langle rangle lvert rvert lVert rVert vert Vert lbrace rbrace lbrack rbrack lceil rceil lfloor rfloor backslash
    hat widehat tilde widetilde bar overline underline vec dot ddot check breve acute grave mathring
    overrightarrow overleftarrow overbrace underbrace underset overset stackrel
    mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak boldsymbol pmb operatorname text textbf textit textrm
    texttt textsf mbox bm rm bf it
    quad qquad enspace thinspace medspace thickspace negthinspace phantom hphantom vphantom
    displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits substack begin end
    intercal complement triangle triangleq square blacksquare lozenge checkmark doteq coloneqq boxed cancel
    bigcup bigcap bigoplus bigotimes bigodot hspace not nonumber notag
    """.split()
)
PUNCTUATION = frozenset(" ,;:!.|{}\\_%&#$/>-'\n")
DROPPED = re.compile(r"\\(?:nonumber|notag)\b|\\(?:label|tag\*?)\s*\{[^{}]*\}|(?<!\\)%[^\n]*\n?")
MATHS_IN_TEXT = re.compile(r"\\(?:text(?:bf|it|rm|tt|sf)?|mbox)\s*\{[^{}]*(?<!\\)[_^]")
# What is written differently where packages are few.
PREAMBLE = (
    r"\providecommand{\bm}[1]{\boldsymbol{#1}}",
    r"\providecommand{\coloneqq}{\mathrel{:=}}",
    r"\providecommand{\cancel}[1]{#1}",
    r"\providecommand{\lt}{<}",
    r"\providecommand{\gt}{>}",
)

UNICODE_MATHS = {
    **{chr(0x3B1 + k): f"\\{name}" for k, name in enumerate(
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi o pi rho varsigma sigma tau "
        "upsilon varphi chi psi omega".split()) if name != "o"},
    "Γ": r"\Gamma", "Δ": r"\Delta", "Θ": r"\Theta", "Λ": r"\Lambda", "Ξ": r"\Xi", "Π": r"\Pi", "Σ": r"\Sigma",
    "Φ": r"\Phi", "Ψ": r"\Psi", "Ω": r"\Omega", "∂": r"\partial", "∇": r"\nabla", "∞": r"\infty", "∑": r"\sum",
    "∏": r"\prod", "√": r"\surd", "∫": r"\int", "·": r"\cdot", "×": r"\times", "⊙": r"\odot", "⊗": r"\otimes",
    "⊕": r"\oplus", "⊘": r"\oslash", "∘": r"\circ", "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "≈": r"\approx",
    "≡": r"\equiv", "∈": r"\in", "∉": r"\notin", "→": r"\to", "←": r"\leftarrow", "↦": r"\mapsto", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}", "ℓ": r"\ell", "−": "-",
    "±": r"\pm", "…": r"\dots", "⋯": r"\cdots", "′": "'", "″": "''", "ᵀ": r"^{\top}", "⊤": r"\top", "∝": r"\propto",
    "∼": r"\sim", "∧": r"\wedge", "∨": r"\vee", "¬": r"\neg", "∀": r"\forall", "∃": r"\exists", "⟨": r"\langle",
    "⟩": r"\rangle", "‖": r"\Vert", "ϕ": r"\phi", "ϵ": r"\epsilon",
}  # fmt: skip
UNICODE_TEXT = {
    "–": "--", "—": "---", "‘": "`", "’": "'", "“": "``", "”": "''", "\xa0": "~", "ß": r"\ss{}", "ø": r"\o{}",
    "Ø": r"\O{}", "æ": r"\ae{}", "Æ": r"\AE{}", "œ": r"\oe{}", "ł": r"\l{}", "Ł": r"\L{}",
    "å": r"\aa{}", "Å": r"\AA{}", "✓": r"\ensuremath{\checkmark}", "§": r"\S{}",
}  # fmt: skip
ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"', "\u030c": "v", "\u0327": "c",
           "\u0304": "=", "\u0306": "u", "\u030b": "H", "\u0328": "k", "\u0307": "."}  # fmt: skip
SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\ensuremath{<}",
    ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}",
    '"': "''",
}


def maths(source: str, own: Iterable[str] = ()) -> str | None:
    """The formula made fit to stand in ``$…$`` on one line, or None if it must be shown as source.

    ``own`` are the author's macros, with their backslash.
    """
    clean = " ".join(replaced(without_alignment(DROPPED.sub(" ", source))).split())
    loose = re.search(r"(?<!\\)[$#]", clean)  # outside of maths, or a macro's parameter
    fit = clean.isascii() and not loose and balanced(clean) and scripted_once(clean) and known(clean, frozenset(own))
    return clean if fit and clean else None


def replaced(source: str) -> str:
    return "".join(f"{UNICODE_MATHS[c]} " if c in UNICODE_MATHS else c for c in source)


def without_alignment(source: str) -> str:
    """``&`` and ``\\\\`` taken out where no environment gives them a meaning."""
    depth = 0
    pieces = []
    for piece in re.split(
        r"(\\begin\{[A-Za-z]*\}|\\end\{[A-Za-z]*\}|\\\\(?:\[[^\]]*\])?|\\.|&)", source, flags=re.DOTALL
    ):
        depth += piece.startswith("\\begin") - piece.startswith("\\end")
        loose = depth == 0 and (piece == "&" or piece.startswith("\\\\"))
        pieces.append(" " if loose else piece)
    return "".join(pieces)


def known(source: str, own: frozenset[str]) -> bool:
    return all(
        name in COMMANDS or name in PUNCTUATION or f"\\{name}" in own for name in COMMAND.findall(source)
    ) and all(name in ENVIRONMENTS for _, name in ENVIRONMENT.findall(source))


def balanced(source: str) -> bool:
    """Braces, environments and ``\\left … \\right`` pair up, in order."""
    stack: list[str] = []
    for opened, closed in delimiters(source):
        if opened:
            stack.append(opened)
        elif not stack or stack.pop() != closed:
            return False
    return not stack and not re.search(r"\\(?:left|right)\s*$", source) and not MATHS_IN_TEXT.search(source)


def delimiters(source: str) -> Iterable[tuple[str, str]]:
    """(opened, "") or ("", closed) for everything that must pair up."""
    for match in re.finditer(r"\\(begin|end)\{([A-Za-z]*)\}|\\(left|right)(?![A-Za-z])|\\.|[{}]", source, re.DOTALL):
        kind, environment, side = match.groups()
        if kind:
            yield (environment, "") if kind == "begin" else ("", environment)
        elif side:
            yield ("left", "") if side == "left" else ("", "left")
        elif match.group() in "{}":
            yield ("{", "") if match.group() == "{" else ("", "{")


TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[^\s]", re.DOTALL)


def scripted_once(source: str) -> bool:
    """No ``x^a^b``, ``x_a_b`` or ``x^a'``, which TeX refuses, and no script without its argument."""
    seen: list[set[str]] = [set()]
    argument = False
    for token in TOKEN.findall(source):
        if token in "^_'" and not argument:
            if ("^" if token == "'" else token) in seen[-1]:
                return False
            seen[-1].add(token)
            argument = token != "'"
            continue
        if argument and token in ("^", "_", "'", "}", "&"):
            return False
        if token == "{":
            if not argument:
                seen[-1] = set()
            seen.append(set())
        elif token == "}":
            seen.pop()
            seen = seen or [set()]
        elif not argument:
            seen[-1] = set()
        argument = False
    return not argument


MacroRow = tuple[str, int, str, str | None]  # name with its backslash, arity, body, default


def usable(macros: Iterable[MacroRow]) -> list[MacroRow]:
    """Those of the author's macros that stand for maths, each after the ones it uses; none that uses itself."""
    waiting = [m for m in macros if re.fullmatch(r"\\[A-Za-z]+", m[0]) and m[0][1:] not in COMMANDS and fit_body(m)]
    chosen: list[MacroRow] = []
    while True:
        names = frozenset(name for name, _, _, _ in chosen)
        ready = [m for m in waiting if m[0] not in names and known(m[2], names)]
        if not ready:
            return chosen
        chosen += ready[:1]


def fit_body(macro: MacroRow) -> bool:
    _, arity, body, default = macro
    parts = [body] if default is None else [body, default]
    numbered = all(1 <= int(n) <= arity for n in re.findall(r"#(\d)", body))
    return numbered and all(balanced(part) and part.isascii() and "$" not in part for part in parts)


def macro_definitions(macros: Iterable[MacroRow]) -> list[str]:
    lines = []
    for name, arity, body, default in usable(macros):
        count = f"[{arity}]" if arity else ""
        optional = f"[{default}]" if default is not None else ""
        lines.append(f"\\providecommand{{{name}}}{count}{optional}{{{body}}}")
    return lines


def spelt_out(source: str, macros: Iterable[MacroRow]) -> str:
    """The author's macros without arguments replaced by what they stand for."""
    for name, arity, body, default in reversed(usable(macros)):
        if arity == 0 and default is None:
            source = re.sub(re.escape(name) + r"(?![A-Za-z])", "{" + body.replace("\\", r"\\") + "}", source)
    return source


@cache
def character(c: str) -> str:
    if c in SPECIAL:
        return SPECIAL[c]
    if c.isascii():
        return c
    if c in UNICODE_TEXT:
        return UNICODE_TEXT[c]
    if c in UNICODE_MATHS:
        return f"\\ensuremath{{{'{}' if UNICODE_MATHS[c].startswith('^') else ''}{UNICODE_MATHS[c]}}}"
    parts = unicodedata.normalize("NFD", c)
    if len(parts) == 2 and parts[0].isascii() and parts[1] in ACCENTS:
        return f"\\{ACCENTS[parts[1]]}{{{parts[0]}}}"
    return f"\\texttt{{U+{ord(c):04X}}}"


def text(words: str) -> str:
    """Plain words as LaTeX."""
    return "".join(map(character, words))


def code(source: str) -> str:
    """Source in typewriter letters; a row may break after a space."""
    return f"\\texttt{{{text(source)}}}"
