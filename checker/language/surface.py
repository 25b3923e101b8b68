"""The surface tree: a formula as written, before anything is known of its names.

The parser decides only what the notation alone decides.  Whether ``a(1-a)`` is a product, ``x^2`` a power or a
label, ``W_{ij}`` an element or a name, is for the elaborator, which knows the symbols.

Every node carries ``span``: (start, end) in the text of its formula.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

Span = tuple[int, int]


@dataclass(frozen=True)
class Tree:
    span: Span


@dataclass(frozen=True)
class Number(Tree):
    value: Fraction
    text: str  # "0.5" as written


@dataclass(frozen=True)
class Name(Tree):
    """A letter or a named symbol in canonical spelling.

    ``W``, ``\\alpha``, ``\\mathcal{L}``, ``\\hat{y}`` (accents belong to the name), ``\\infty``, ``\\ell``.
    Font commands that only style (``\\mathbf{x}``, ``\\boldsymbol``, ``\\bm``, ``\\vec``) are dropped from
    ``name`` and kept in ``style``; ``\\mathbf{1}``/``\\mathbb{1}``/``\\mathbf{0}`` are Names ``\\mathbf{1}``
    etc.  Several upright letters (``\\text{softmax}``, ``\\mathrm{ReLU}``, ``\\operatorname{tr}``, ``\\log``)
    have ``upright`` set and ``name`` without the command: ``softmax``, ``tr``, ``log``.  Greek letters keep
    their backslash; variants (``\\varphi``/``\\phi``) stay distinct.  ``w11`` (digits glued to a letter) is one
    name.  Names of several plain letters (``net_j``) are Factors of single letters with adjoining spans, unless
    in braces with a subscript (``{net}_j``).
    """

    name: str
    upright: bool = False
    style: str | None = None  # "bold", "blackboard", "calligraphic" …


@dataclass(frozen=True)
class Scripted(Tree):
    """``base`` with subscripts, superscripts and primes, each group as written.

    ``subscripts``/``superscripts``: comma-separated parts of the group (``W_{n,c,i+k-1}`` has three, ``W_{ij}``
    one: a juxtaposition).  ``brackets`` says how a superscript was enclosed inside its braces: ``"("`` for
    ``^{(l)}``, ``"["`` for ``^{[l]}``, ``"<"`` for ``^{\\langle t\\rangle}``, ``""`` otherwise (``e^{(x)}`` has
    ``"("`` as well: it is a label only where a label can stand).  ``^{[l] T}`` / ``^{(l)T}`` / ``^{l\\top}``
    give a nested Scripted: label inside, transpose outside.  ``x^*``, ``W_{i,:}``, ``w_{i\\cdot}`` have a Hole
    for the mark; words in a script are a Name.
    """

    base: Tree
    subscripts: tuple[Tree, ...] = ()
    superscripts: tuple[Tree, ...] = ()
    brackets: str = ""
    primes: int = 0


@dataclass(frozen=True)
class Group(Tree):
    """Delimited: ``(…)``, ``[…]``, ``\\{…\\}``, ``|…|``, ``\\|…\\|``, ``\\langle…\\rangle``; ``items`` are its
    comma-separated parts.

    ``kind``: ``"("``, ``"["``, ``"{"``, ``"|"``, ``"||"``, ``"<"``, ``"ceil"``, ``"floor"``; ``"[)"`` and
    ``"(]"`` for half-open intervals; ``","`` for a comma list without brackets (at the top of a formula only).
    ``(i \\ne j)`` and ``[i = j]`` hold a Relation. Scripts on an application hang on its bracket: ``f(x)^2`` is
    Factors(f, Scripted(Group, 2)), which is (f(x))^2.
    """

    kind: str
    items: tuple[Tree, ...]


@dataclass(frozen=True)
class Factors(Tree):
    """A product in the order written.  ``operators[i]`` stands between factor i and i + 1: ``""``
    (juxtaposition), ``"."``, ``"\\cdot"``, ``"\\times"``, ``"*"``, ``"\\odot"``, ``"\\circ"``, ``"\\otimes"``,
    ``"\\oslash"``, ``"@"``, ``"\\bullet"``, ``"/"`` …

    ``f(x)`` is ``Factors(Name f, Group)`` with operator ``""``; ``\\bigl`` etc. leave no trace.
    """

    factors: tuple[Tree, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Terms(Tree):
    """A sum.  ``signs[i]`` is ``+1`` or ``-1`` (``\\pm`` is refused); a single negated term is one Terms."""

    terms: tuple[Tree, ...]
    signs: tuple[int, ...]


@dataclass(frozen=True)
class Fraction_(Tree):
    """``\\frac{a}{b}`` (and ``\\dfrac``, ``\\tfrac``, ``a \\over b``)."""

    numerator: Tree
    denominator: Tree


@dataclass(frozen=True)
class Root(Tree):
    radicand: Tree
    degree: Tree | None = None


@dataclass(frozen=True)
class Derivative(Tree):
    """``\\frac{\\partial Y}{\\partial X}``, ``\\frac{\\partial}{\\partial X} Y``, ``\\frac{dY}{dx}``,
    ``\\partial_x Y``, ``\\nabla_W L``, ``\\nabla f``, ``\\partial E/\\partial w``.

    ``operand`` is None for an operator that is applied to nothing.  ``variables`` are the tensors or elements
    below, repeated for higher orders (``\\partial x^2`` gives x twice); empty for a bare ``\\nabla f``, a Hole for a
    bare ``\\nabla^2 f``.
    ``symbol``: ``"partial"``, ``"d"``, ``"delta"``, ``"nabla"``.  The scope of an operator is the product that
    follows, up to the next ``+``, ``-`` or relation; a product that begins with a plain bracket
    (``\\frac{d}{dx} [u] v``) is refused, since the bracket may be meant to end it.  ``prefix``: the operator
    stood before its operand.
    """

    operand: Tree | None
    variables: tuple[Tree, ...]
    symbol: str = "partial"
    prefix: bool = False


@dataclass(frozen=True)
class BigOperator(Tree):
    """``\\sum``, ``\\prod``, ``\\max_{k}``, ``\\min_k``, ``\\arg\\max``, ``\\int``, ``\\lim``, ``\\mathbb{E}``:
    over ``lower`` up to ``upper``.

    ``lower`` holds the comma-separated parts below, each an index or a relation (``i=1``, ``k \\ne i``,
    ``i,j``).  The scope of ``body`` is the product that follows, up to ``+``, ``-`` or a relation.
    """

    operator: str  # "sum", "prod", "max", "min", …
    lower: tuple[Tree, ...]
    upper: Tree | None
    body: Tree


@dataclass(frozen=True)
class Call(Tree):
    """A function the notation itself makes one: ``\\log x``, ``\\exp(x)``, ``\\tanh^2 z``, ``\\max(a, b)``,
    ``\\operatorname{tr}(X)``, ``\\det A``, ``\\sin x_{ij}``, and multi-letter upright names followed by ``(``
    or ``[``.

    ``scripts`` carries ``\\tanh^2``'s or ``\\log_2``'s scripts, ``\\sigma'``'s primes (base is the function's
    Name). Without parentheses (``bare``) the argument is what is juxtaposed, up to an operator, another
    function, a fraction or an opening parenthesis that is not first (``\\log \\det M``,
    ``\\log \\sum_k e^{x_k}``, ``\\cos x_{ij}``). One exception, which only the symbol table can settle: a
    parenthesis right after a name is taken along as the last factor, since ``\\log \\sigma(x)`` is common; when
    that name is no function (``\\log x (1 - x)``), the parenthesis multiplies the call.  An upright name with a
    subscript and a parenthesis is a Call too (``\\text{out}_j (1 - \\text{out}_j)``): a product, when the name
    is a variable.
    """

    function: Name
    arguments: tuple[Tree, ...]
    scripts: Scripted | None = None
    bare: bool = False


@dataclass(frozen=True)
class Cases(Tree):
    """``\\begin{cases} value & condition \\\\ … \\end{cases}``; a condition None is *otherwise*."""

    rows: tuple[tuple[Tree, Tree | None], ...]


@dataclass(frozen=True)
class MatrixLiteral(Tree):
    rows: tuple[tuple[Tree, ...], ...]
    environment: str = "bmatrix"


@dataclass(frozen=True)
class Relation(Tree):
    """``a = b``, ``a \\le b < c``, ``i \\in 1..n``: operators between operands, as written in canonical form:

    ``=``, ``:=``, ``\\ne``, ``<``, ``\\le``, ``>``, ``\\ge``, ``\\in``, ``\\approx``, ``\\propto``, ``\\sim``,
    ``\\to``, ``\\mapsto``, ``\\leftarrow``, ``+=``, ``-=``, ``\\equiv``, ``\\Rightarrow``, ``\\iff`` …
    """

    operands: tuple[Tree, ...]
    operators: tuple[str, ...]


@dataclass(frozen=True)
class Logic(Tree):
    """Conditions joined by *and*/*or* (``\\text{ and }``, ``\\wedge``, a comma in a condition)."""

    operator: str  # "and", "or", "not"
    operands: tuple[Tree, ...]


@dataclass(frozen=True)
class Text(Tree):
    """Words inside maths: ``\\text{if }``, ``\\mbox{…}``."""

    words: str


@dataclass(frozen=True)
class Ellipsis_(Tree):
    """``\\dots``, ``\\cdots``, ``\\ldots``, ``\\vdots``, ``...``; ``mark`` is the one that was written."""

    mark: str = ""


@dataclass(frozen=True)
class Dotted(Tree):
    """A vector or matrix that was written with dots: ``cells`` for every value of the letters that run.

    ``row`` runs from ``rows[0]`` to ``rows[1]`` down, ``column`` from ``columns[0]`` to ``columns[1]`` across.  Where
    no letter runs, ``cells`` has all rows, or all entries of a row.  ``listed``: ``(x_1, \\dots, x_n)``, which has no
    rows and columns of its own.
    """

    cells: tuple[tuple[Tree, ...], ...]
    row: str = ""
    rows: tuple[Tree, ...] = ()
    column: str = ""
    columns: tuple[Tree, ...] = ()
    listed: bool = False


@dataclass(frozen=True)
class Hole(Tree):
    """An empty group (``{}_{i}``), a ``\\cdot`` or ``:`` used as a place holder in an index slot."""

    mark: str = ""


@dataclass(frozen=True)
class Row:
    """One side of a chain, with the relation that leads to it (None for the head)."""

    relation: str | None
    tree: Tree | None  # None: the chain starts with its relation, or ends with it
    span: Span

    # ``= x`` is (Row(None, None), Row("=", x)); ``a =`` is (Row(None, a), Row("=", None)).  Comma lists are Groups:
    # ``x, y \\in R`` has the head Group(",", (x, y)); ``i = 1, \\dots, n`` has the side Group(",", (1, Ellipsis_, n)).
    # ``f: A \\to B`` has the rows f, ":" A, "\\to" B;  ``0 < p < 1`` has the rows 0, "<" p, "<" 1.


@dataclass(frozen=True)
class Asides:
    """What stood beside a formula after ``\\quad``, ``,`` or ``\\text{for}``: conditions and ranges.

    ``trees`` are relations such as ``i \\ne j`` or ``t = 1, \\dots, T``; ``words`` the text between.
    """

    trees: tuple[Tree, ...]
    words: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class ParsedFormula:
    """One formula: one chain, or several that stood side by side (separated by ``,``, ``\\quad``, ``;`` or rows).

    ``links[i]`` is what stood before chain i: ``""``, ``","``, ``";"``, ``"\\quad"``, ``"\\\\"`` (a new row),
    ``"and"`` and other words in lower case (``"where"``), or ``"\\Rightarrow"`` and its kin (the chain follows
    from the one before, so it need not hold by itself).
    """

    chains: tuple[tuple[Row, ...], ...]
    asides: tuple[Asides, ...] = ()
    links: tuple[str, ...] = ()


class ParseError(Exception):
    """The formula could not be read.  ``reason`` is ``syntax``, ``ellipsis``, ``words`` or ``outside``.

    ``span`` is where; ``found`` what stood there; ``advice`` what to write instead.
    """

    def __init__(self, reason: str, span: Span, found: str, advice: str) -> None:
        super().__init__(f"{found}: {advice}")
        self.reason, self.span, self.found, self.advice = reason, span, found, advice
