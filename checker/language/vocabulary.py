"""What the commands and characters of mathematical LaTeX are: tables, and nothing else.

A row gives the kind of token (how the parser treats it) and its canonical text.
"""

from __future__ import annotations

import re
from typing import Final

# ------------------------------------------------------------------------------ kinds of tokens

LETTER: Final = "letter"  # a name of one symbol: x, \alpha, \mathbb{R}
NUMBER: Final = "number"
WORD: Final = "word"  # an upright name of several letters: \mathrm{ReLU}
TEXT: Final = "text"  # words: \text{if }
FUNCTION: Final = "function"  # \log, \tanh, \operatorname{tr}
BIG: Final = "big"  # \sum, \prod
OPEN: Final = "{"
CLOSE: Final = "}"
DELIMITER: Final = "opening delimiter"
ENDER: Final = "closing delimiter"
BAR: Final = "bar"  # | or \|
LEFT: Final = "left"  # \left with its delimiter
RIGHT: Final = "right"
SUB: Final = "_"
SUP: Final = "^"
PRIME: Final = "'"
SIGN: Final = "sign"
PRODUCT: Final = "product"
RELATION: Final = "relation"
COLON: Final = ":"
IMPLIES: Final = "implies"
LOGIC: Final = "logic"
QUANTIFIER: Final = "quantifier"
COMMA: Final = ","
SEMICOLON: Final = ";"
PERIOD: Final = "."
QUAD: Final = "quad"
AMP: Final = "&"
ROW: Final = "row"
COLUMN: Final = "column"
ELLIPSIS: Final = "ellipsis"
FRACTION: Final = "fraction"
ROOT: Final = "root"
OVER: Final = "over"
ACCENT: Final = "accent"
PARTIAL: Final = "partial"
NABLA: Final = "nabla"
BEGIN: Final = "begin"
FINISH: Final = "end of environment"
SUBSTACK: Final = "substack"
NORM: Final = "norm"  # \norm{x}, \abs{x}
FONT: Final = "font"  # \mathbf{…}
SWITCH: Final = "switch"  # {\bf …}
BOX: Final = "box"
BRACE_BELOW: Final = "underbrace"
BRACE_ABOVE: Final = "overbrace"
STACKED: Final = "stacked"  # \overset, \stackrel, \underset
NOT: Final = "not"
EXCLAMATION: Final = "!"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"
END: Final = "end"

# ------------------------------------------------------------------------------------- commands

_GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi varpi "
    "rho varrho sigma varsigma tau upsilon phi varphi chi psi omega digamma Gamma Delta Theta Lambda Xi Pi Sigma "
    "Upsilon Phi Psi Omega"
)
_SYMBOLS = "infty ell hbar imath jmath emptyset varnothing top bot dagger ddagger aleph wp Re Im complement"
_FUNCTIONS = (
    "log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan arccot det dim ker deg "
    "hom gcd Pr max min sup inf lim limsup liminf tr Tr trace diag rank sign sgn softmax relu ReLU sigmoid erf argmax "
    "argmin Var Cov"
)
_BIG = {
    "sum": "sum", "prod": "prod", "coprod": "coprod", "int": "int", "iint": "iint", "iiint": "iiint", "oint": "oint",
    "bigcup": "bigcup", "bigcap": "bigcap", "bigoplus": "bigoplus", "bigotimes": "bigotimes", "bigodot": "bigodot",
    "bigvee": "bigvee", "bigwedge": "bigwedge",
}  # fmt: skip
_RELATIONS = {
    "=": "=", "le": "\\le", "leq": "\\le", "leqslant": "\\le", "leqq": "\\le", "ge": "\\ge", "geq": "\\ge",
    "geqslant": "\\ge", "geqq": "\\ge", "lt": "<", "gt": ">", "ne": "\\ne", "neq": "\\ne", "in": "\\in",
    "notin": "\\notin", "ni": "\\ni", "approx": "\\approx", "approxeq": "\\approx", "simeq": "\\simeq",
    "cong": "\\cong", "propto": "\\propto", "varpropto": "\\propto", "sim": "\\sim", "equiv": "\\equiv",
    "to": "\\to", "rightarrow": "\\to", "longrightarrow": "\\to", "mapsto": "\\mapsto", "longmapsto": "\\mapsto",
    "leftarrow": "\\leftarrow", "gets": "\\leftarrow", "longleftarrow": "\\leftarrow", "triangleq": ":=",
    "coloneqq": ":=", "coloneq": ":=", "vcentcolon": ":", "defeq": ":=", "eqdef": ":=", "eqqcolon": "=:",
    "doteq": "\\doteq", "ll": "\\ll", "gg": "\\gg", "prec": "\\prec", "succ": "\\succ", "preceq": "\\preceq",
    "succeq": "\\succeq", "subset": "\\subset", "subseteq": "\\subseteq", "supset": "\\supset",
    "supseteq": "\\supseteq", "perp": "\\perp", "parallel": "\\parallel", "mid": "\\mid", "asymp": "\\asymp",
    "lesssim": "\\lesssim", "gtrsim": "\\gtrsim", "hookrightarrow": "\\hookrightarrow", "leftrightarrow":
    "\\leftrightarrow", "vdash": "\\vdash", "models": "\\models", "middle": "\\mid",
}  # fmt: skip
_IMPLIES = (
    "Rightarrow Longrightarrow implies Leftarrow Longleftarrow impliedby Leftrightarrow Longleftrightarrow iff "
    "therefore because leadsto rightsquigarrow"
)
_PRODUCTS = {
    "cdot": "\\cdot", "times": "\\times", "odot": "\\odot", "circ": "\\circ", "otimes": "\\otimes",
    "oslash": "\\oslash", "bullet": "\\bullet", "ast": "*", "star": "\\star", "div": "/", "cdotp": "\\cdot",
    "boxdot": "\\odot", "setminus": "\\setminus", "backslash": "\\setminus", "cup": "\\cup", "cap": "\\cap",
}  # fmt: skip
_LOGIC = {"land": "and", "wedge": "and", "lor": "or", "vee": "or", "neg": "not", "lnot": "not"}
_DOTS = "dots cdots ldots vdots ddots dotsc dotsb dotsm dotsi dotso hdots iddots"
_ACCENTS = (
    "hat bar tilde dot ddot dddot check breve acute grave mathring widehat widetilde overline widebar overrightarrow "
    "overleftarrow"
)
_DROPPED = (  # layout and sizes: they leave no trace
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits big Big bigg Bigg bigl bigr bigm Bigl Bigr "
    "Bigm biggl biggr biggm Biggl Biggr Biggm nonumber notag small tiny large Large normalsize footnotesize scriptsize "
    "strut mathstrut allowbreak nobreak noindent thinspace medspace thickspace negthinspace mathrel mathbin mathop "
    "mathord mathopen mathclose mathpunct mathinner relax hline nolinebreak linebreak smash mathsurround hfill "
    "centering null protect unskip ignorespaces par hskip displaylimits space nobreakspace"
)
_QUADS = "quad qquad enspace enskip"
_QED = "blacksquare qed square Box qedhere"

COMMANDS: Final[dict[str, tuple[str, str]]] = {
    **{f"\\{name}": (LETTER, f"\\{name}") for name in f"{_GREEK} {_SYMBOLS}".split()},
    **{f"\\{name}": (FUNCTION, name) for name in _FUNCTIONS.split()},
    **{f"\\{name}": (BIG, text) for name, text in _BIG.items()},
    **{f"\\{name}": (RELATION, text) for name, text in _RELATIONS.items()},
    **{f"\\{name}": (IMPLIES, f"\\{name}") for name in _IMPLIES.split()},
    **{f"\\{name}": (PRODUCT, text) for name, text in _PRODUCTS.items()},
    **{f"\\{name}": (LOGIC, text) for name, text in _LOGIC.items()},
    **{f"\\{name}": (ELLIPSIS, f"\\{name}") for name in _DOTS.split()},
    **{f"\\{name}": (ACCENT, f"\\{name}") for name in _ACCENTS.split()},
    **{f"\\{name}": (QUAD, "\\quad") for name in _QUADS.split()},
    **{f"\\{name}": (QUAD, "\\quad") for name in _QED.split()},
    "\\eset": (LETTER, "\\emptyset"),
    "\\intercal": (LETTER, "\\top"),
    "\\mathring": (ACCENT, "\\mathring"),
    "\\R": (LETTER, "\\mathbb{R}"),
    "\\RR": (LETTER, "\\mathbb{R}"),
    "\\reals": (LETTER, "\\mathbb{R}"),
    "\\Reals": (LETTER, "\\mathbb{R}"),
    "\\N": (LETTER, "\\mathbb{N}"),
    "\\Z": (LETTER, "\\mathbb{Z}"),
    "\\prime": (PRIME, "'"),
    "\\arg": (FUNCTION, "arg"),
    "\\forall": (QUANTIFIER, "for all"),
    "\\exists": (QUANTIFIER, "there is"),
    "\\pm": (REFUSED, "write two formulas, one with + and one with -"),
    "\\mp": (REFUSED, "write two formulas, one with - and one with +"),
    "\\frac": (FRACTION, "\\frac"),
    "\\dfrac": (FRACTION, "\\frac"),
    "\\tfrac": (FRACTION, "\\frac"),
    "\\cfrac": (FRACTION, "\\frac"),
    "\\nicefrac": (FRACTION, "\\frac"),
    "\\sfrac": (FRACTION, "\\frac"),
    "\\over": (OVER, "\\over"),
    "\\sqrt": (ROOT, "\\sqrt"),
    "\\partial": (PARTIAL, "\\partial"),
    "\\nabla": (NABLA, "\\nabla"),
    "\\grad": (NABLA, "\\nabla"),
    "\\substack": (SUBSTACK, "\\substack"),
    "\\norm": (NORM, "||"),
    "\\abs": (NORM, "|"),
    "\\boxed": (BOX, "\\boxed"),
    "\\fbox": (BOX, "\\fbox"),
    "\\ensuremath": (BOX, "\\ensuremath"),
    "\\underbrace": (BRACE_BELOW, "\\underbrace"),
    "\\overbrace": (BRACE_ABOVE, "\\overbrace"),
    "\\overset": (STACKED, "\\overset"),
    "\\stackrel": (STACKED, "\\overset"),
    "\\underset": (STACKED, "\\underset"),
    "\\not": (NOT, "\\not"),
    "\\newline": (ROW, "\\\\"),
    "\\cr": (ROW, "\\\\"),
    "\\lbrace": (DELIMITER, "{"),
    "\\rbrace": (ENDER, "{"),
    "\\lbrack": (DELIMITER, "["),
    "\\rbrack": (ENDER, "["),
    "\\langle": (DELIMITER, "<"),
    "\\rangle": (ENDER, "<"),
    "\\lceil": (DELIMITER, "ceil"),
    "\\rceil": (ENDER, "ceil"),
    "\\lfloor": (DELIMITER, "floor"),
    "\\rfloor": (ENDER, "floor"),
    "\\llbracket": (DELIMITER, "["),
    "\\rrbracket": (ENDER, "["),
    "\\lvert": (DELIMITER, "|"),
    "\\rvert": (ENDER, "|"),
    "\\lVert": (DELIMITER, "||"),
    "\\rVert": (ENDER, "||"),
    "\\vert": (BAR, "|"),
    "\\|": (BAR, "||"),
    "\\Vert": (BAR, "||"),
    "\\{": (DELIMITER, "{"),
    "\\}": (ENDER, "{"),
    "\\_": (SUB, "_"),  # Markdown escapes that reach the formula
    "\\*": (PRODUCT, "*"),
    "\\^": (SUP, "^"),
}

SIZES: Final = frozenset(f"\\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "m", "r"))
DROPPED: Final = frozenset(
    [f"\\{name}" for name in _DROPPED.split()] + ["\\,", "\\;", "\\:", "\\!", "\\ ", "\\>", "\\/", "\\@", "\\-", "\\\n"]
)

# ---------------------------------------------------------------------------------------- fonts

BOLD, ROMAN, SANS, ITALIC, BLACKBOARD, CALLIGRAPHIC = "bold", "roman", "sans", "italic", "blackboard", "calligraphic"

FONTS: Final[dict[str, str]] = {
    "\\mathbf": BOLD, "\\boldsymbol": BOLD, "\\bm": BOLD, "\\pmb": BOLD, "\\bold": BOLD, "\\symbf": BOLD,
    "\\mathbfit": BOLD, "\\mathbit": BOLD, "\\vec": "arrow", "\\underline": "underlined",
    "\\mathrm": ROMAN, "\\mathup": ROMAN, "\\operatorname": ROMAN, "\\operatorname*": ROMAN, "\\operatornamewithlimits":
    ROMAN, "\\mathsf": SANS, "\\mathtt": "typewriter", "\\mathit": ITALIC, "\\mathnormal": ITALIC,
    "\\mathbb": BLACKBOARD, "\\mathds": BLACKBOARD, "\\mathbbm": BLACKBOARD, "\\Bbb": BLACKBOARD,
    "\\mathcal": CALLIGRAPHIC, "\\mathscr": "script", "\\mathfrak": "fraktur",
}  # fmt: skip
SWITCHES: Final[dict[str, str]] = {
    "\\bf": BOLD, "\\rm": ROMAN, "\\sf": SANS, "\\it": ITALIC, "\\tt": "typewriter", "\\cal": CALLIGRAPHIC,
    "\\bfseries": BOLD,
}  # fmt: skip
# Styles under which several letters in one group are one name.
UPRIGHT: Final = frozenset({ROMAN, SANS, "typewriter", ITALIC})
# Styles that make another symbol of a letter, and its canonical spelling.
SPELLED: Final = {CALLIGRAPHIC: "\\mathcal", "script": "\\mathscr", "fraktur": "\\mathfrak", BLACKBOARD: "\\mathbb"}

TEXTS: Final = frozenset(
    "\\text \\mbox \\hbox \\textrm \\textbf \\textit \\textsf \\texttt \\textnormal \\textsc \\textup \\intertext "
    "\\shortintertext \\emph".split()
)
# Commands dropped together with so many braced arguments.
DISCARDED: Final[dict[str, int]] = {
    "\\tag": 1, "\\tag*": 1, "\\label": 1, "\\hspace": 1, "\\hspace*": 1, "\\vspace": 1, "\\vspace*": 1, "\\mspace": 1,
    "\\phantom": 1, "\\hphantom": 1, "\\vphantom": 1, "\\color": 1, "\\textcolor": 1, "\\colorbox": 1, "\\require": 1,
    "\\class": 1, "\\cssId": 1, "\\style": 1, "\\setlength": 2, "\\setcounter": 2, "\\textsize": 1, "\\rule": 2,
}  # fmt: skip
REFERENCES: Final = frozenset({"\\eqref", "\\ref", "\\cite", "\\citep", "\\autoref", "\\footnote"})

NOT_MATHS: Final = frozenset(
    "\\input \\include \\write \\read \\openin \\openout \\usepackage \\documentclass \\catcode \\csname \\immediate "
    "\\includegraphics \\href \\url \\verb \\special \\directlua \\ShellEscape \\loop \\expandafter \\endinput \\let "
    "\\htmlClass \\html \\unicode \\noexpand \\edef \\gdef \\xdef".split()
)
REFUSALS: Final[dict[str, str]] = {
    "\\cancel": "write the formula without the cancelled part, on the next line of the chain",
    "\\bcancel": "write the formula without the cancelled part, on the next line of the chain",
    "\\xcancel": "write the formula without the cancelled part, on the next line of the chain",
    "\\cancelto": "write the value itself, on the next line of the chain",
    "\\sout": "write the formula without the part struck out",
    "\\binom": "binomial coefficients are not part of the notation that is checked",
    "\\dbinom": "binomial coefficients are not part of the notation that is checked",
    "\\tbinom": "binomial coefficients are not part of the notation that is checked",
    "\\choose": "binomial coefficients are not part of the notation that is checked",
    "\\bmod": "remainders are not part of the notation that is checked",
    "\\mod": "remainders are not part of the notation that is checked",
    "\\pmod": "remainders are not part of the notation that is checked",
    "\\oplus": "write + for a sum, or define the operation as a function",
    "\\ominus": "write - for a difference, or define the operation as a function",
    "\\uplus": "define the operation as a function",
    "\\xrightarrow": "write \\to for convergence or a map, = for an equation",
    "\\xleftarrow": "write \\leftarrow for an update",
    "\\dd": "write d or \\mathrm{d}, or define the macro in the document",
    "\\pdv": "write \\frac{\\partial f}{\\partial x}, or define the macro in the document",
    "\\dv": "write \\frac{df}{dx}, or define the macro in the document",
    "\\overbracket": "write \\overbrace",
    "\\triangle": "write \\Delta for a difference",
}

# ---------------------------------------------------------------------------------- environments

ALIGNED: Final = frozenset(
    "aligned align align* split gathered gather gather* alignedat alignat alignat* eqnarray eqnarray* flalign flalign* "
    "multline multline* multlined equation equation* displaymath math subequations".split()
)
CASES: Final = frozenset("cases cases* dcases dcases* rcases".split())
MATRICES: Final = frozenset(
    "matrix bmatrix pmatrix vmatrix Vmatrix Bmatrix smallmatrix array bmatrix* pmatrix* matrix* psmallmatrix "
    "bsmallmatrix".split()
)
ENVIRONMENTS: Final = ALIGNED | CASES | MATRICES
WITH_ARGUMENT: Final = frozenset({"array", "alignedat", "alignat", "alignat*"})

# ---------------------------------------------------------------------------------- single letters

# Function words that authors spell without a backslash; the second set only before a parenthesis.
BARE_WORDS: Final = frozenset(
    "log exp sin cos tan cot sec csc sinh cosh tanh coth sech csch arcsin arccos arctan arccot arcsec arccsc arsinh "
    "arcosh artanh arcsinh arccosh arctanh argmax argmin max min det diag softmax Softmax logsoftmax softplus sigmoid "
    "relu ReLU gelu GELU silu swish logsumexp sign sgn trace rank erf erfc".split()
)
# losses that go by their capitals, with an argument or without
ACRONYMS: Final = frozenset("BCE MSE RMSE MAE NLL SSE RSS ELBO".split())
CALLED_WORDS: Final = (
    BARE_WORDS
    | frozenset(
        "ln lg tr Tr vec sqrt abs norm rms mean var Var std Cov cov prod sum Diag Det LSE sigm logit lse lgamma gamma "
        "digamma asin acos atan arsech arcsch arcoth arcsech asinh acosh atanh erfinv Tanh Exp Log onehot transpose "
        "inv CE KL".split()
    )
    | ACRONYMS
)
LIMIT_FUNCTIONS: Final = frozenset("max min sup inf lim limsup liminf argmax argmin".split())

# Words in \text{…} that join or explain, and so are no names where a formula is expected.
CONNECTIVES: Final = frozenset(
    "if otherwise else elsewhere and or for all each every any when whenever where with while since because then thus "
    "so hence let such that is are be as by from to of in on at iff therefore we have but not unless provided given "
    "using note also similarly likewise both either neither the a an this these it".split()
)

# Words for the last of several cases.
OTHERWISE: Final = frozenset("otherwise|else|elsewhere|in all other cases|sonst|sinon|иначе|其他|否则|khác".split("|"))

_RELATION_CHARACTERS = {
    "≤": "\\le", "⩽": "\\le", "≥": "\\ge", "⩾": "\\ge", "≠": "\\ne", "∈": "\\in", "∉": "\\notin", "≈": "\\approx",
    "≡": "\\equiv", "∝": "\\propto", "∼": "\\sim", "≜": ":=", "≔": ":=", "→": "\\to", "↦": "\\mapsto",
    "←": "\\leftarrow", "≪": "\\ll", "≫": "\\gg", "⊂": "\\subset", "⊆": "\\subseteq", "∣": "\\mid", "≃": "\\simeq",
    "=": "=", "<": "<", ">": ">",
}  # fmt: skip
_PRODUCT_CHARACTERS = {
    "*": "*", "@": "@", "/": "/", "·": "\\cdot", "⋅": "\\cdot", "×": "\\times", "∗": "*", "⊙": "\\odot", "∘": "\\circ",
    "⊗": "\\otimes", "⊘": "\\oslash", "•": "\\bullet", "∙": "\\bullet", "÷": "/", "∕": "/", "⋆": "\\star",
}  # fmt: skip
_GREEK_CHARACTERS = dict(
    zip(
        "αβγδϵεζηθϑικλμνξπϖρϱσςτυϕφχψωΓΔΘΛΞΠΣΥΦΨΩµ∆Ω",
        (
            "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho "
            "varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon "
            "Phi Psi Omega mu Delta Omega"
        ).split(),
        strict=True,
    )
)

CHARACTERS: Final[dict[str, tuple[str, str]]] = {
    "{": (OPEN, "{"), "}": (CLOSE, "}"), "_": (SUB, "_"), "^": (SUP, "^"), "&": (AMP, "&"), ",": (COMMA, ","),
    "，": (COMMA, ","), "、": (COMMA, ","), ";": (SEMICOLON, ";"), "；": (SEMICOLON, ";"), ".": (PERIOD, "."),
    "。": (PERIOD, "."), ":": (COLON, ":"), "：": (COLON, ":"), "+": (SIGN, "+"), "-": (SIGN, "-"), "−": (SIGN, "-"),
    "–": (SIGN, "-"), "(": (DELIMITER, "("), ")": (ENDER, "("), "（": (DELIMITER, "("), "）": (ENDER, "("),
    "[": (DELIMITER, "["), "]": (ENDER, "["), "⟨": (DELIMITER, "<"), "⟩": (ENDER, "<"), "⌈": (DELIMITER, "ceil"),
    "⌉": (ENDER, "ceil"), "⌊": (DELIMITER, "floor"), "⌋": (ENDER, "floor"), "|": (BAR, "|"), "‖": (BAR, "||"),
    "∥": (BAR, "||"), "!": (EXCLAMATION, "!"), "′": (PRIME, "'"), "″": (PRIME, "''"), "’": (PRIME, "'"),
    "∂": (PARTIAL, "\\partial"), "∇": (NABLA, "\\nabla"), "∑": (BIG, "sum"), "∏": (BIG, "prod"), "∫": (BIG, "int"),
    "√": (ROOT, "\\sqrt"), "∞": (LETTER, "\\infty"), "ℓ": (LETTER, "\\ell"), "⊤": (LETTER, "\\top"),
    "ℝ": (LETTER, "\\mathbb{R}"), "ℕ": (LETTER, "\\mathbb{N}"), "ℤ": (LETTER, "\\mathbb{Z}"),
    "ℒ": (LETTER, "\\mathcal{L}"), "𝟙": (LETTER, "\\mathbb{1}"), "𝔼": (LETTER, "\\mathbb{E}"),
    "†": (LETTER, "\\dagger"),
    "∅": (LETTER, "\\emptyset"), "…": (ELLIPSIS, "\\dots"), "⋯": (ELLIPSIS, "\\cdots"), "⋮": (ELLIPSIS, "\\vdots"),
    "⇒": (IMPLIES, "\\Rightarrow"), "⇔": (IMPLIES, "\\iff"), "⟹": (IMPLIES, "\\implies"), "⟺": (IMPLIES, "\\iff"),
    "∴": (IMPLIES, "\\therefore"), "∀": (QUANTIFIER, "for all"), "∃": (QUANTIFIER, "there is"), "∧": (LOGIC, "and"),
    "∨": (LOGIC, "or"), "¬": (LOGIC, "not"), "±": (REFUSED, "write two formulas, one with + and one with -"),
    "∓": (REFUSED, "write two formulas, one with - and one with +"), "■": (QUAD, "\\quad"), "□": (QUAD, "\\quad"),
    **{character: (RELATION, text) for character, text in _RELATION_CHARACTERS.items()},
    **{character: (PRODUCT, text) for character, text in _PRODUCT_CHARACTERS.items()},
    **{character: (LETTER, f"\\{name}") for character, name in _GREEK_CHARACTERS.items()},
}  # fmt: skip

# Characters written out: a raised or lowered run becomes one script.
RAISED: Final = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᵀ⁽⁾ˡᵏʲ", (*"0123456789+-ni", "\\top ", *"()lkj"), strict=True))
LOWERED: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₚₜᵣₛₓₐₑ₍₎", "0123456789+-ijklmnptrsxae()", strict=True))
FRACTIONS: Final = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅛": (1, 8)}
COMBINING: Final = {
    "\u0302": "\\hat", "\u0304": "\\bar", "\u0303": "\\tilde", "\u0307": "\\dot", "\u0308": "\\ddot",
    "\u030c": "\\check", "\u0305": "\\overline", "\u20d7": "\\vec",
}  # fmt: skip


# ------------------------------------------------------------------------------- usual macros of authors

_BOLD_MACRO = re.compile(
    r"\\(?:V|v|M|m|b|bf|bm|bs|vec|vect|mat)([A-Za-z]|alpha|beta|gamma|delta|epsilon|zeta|eta|theta|"
    r"kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|psi|omega|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega)"
)
_NO_VECTORS = frozenset("RENZCQPTI")  # \\bR is a set, \\bE an expectation, \\mT a transpose


def bold_letter(command: str) -> str | None:
    """``\\vx``, ``\\mW``, ``\\bfw``, ``\\Vtheta`` that another file defines: the usual short names of bold letters."""
    found = _BOLD_MACRO.fullmatch(command)
    if found is None or found[1] in _NO_VECTORS:
        return None
    return found[1] if len(found[1]) == 1 else f"\\{found[1]}"
