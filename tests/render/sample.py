"""A report made by hand, with every verdict and every kind of statement in it."""

from __future__ import annotations

from checker.results import (
    Counterexample,
    DocumentReport,
    Judgement,
    Kind,
    Line,
    Report,
    Statement,
    SymbolRow,
    Verdict,
)

HEAD = r"\frac{\partial A_{ij}}{\partial W_{kl}}"
POINT = Counterexample(
    {"m": 1, "n": 2}, {"k": 1, "l": 2}, {"D": [["1", "2"], ["-1/3", "4"]], "x": ["1", "0"], "t": "3"}, "-1/2", "1/2"
)

PROVED = Statement(
    "matrix-product-1",
    Kind.CLAIM,
    12,
    (
        Line(12, 4, HEAD),
        Line(13, 6, r"\sum_q D_{iq} \delta_{qk} \delta_{jl}", Judgement(Verdict.PROVED, points=12, seconds=0.0041234)),
        Line(
            14,
            6,
            r"D_{ik} \delta_{jl}",
            Judgement(Verdict.PROVED, rests_on=(r"\sum_j t_j = 1",), conditions=(r"x \neq 0",)),
            expected="proved",
        ),
    ),
)
WRONG_AS_STATED = Statement(
    "2.4",
    Kind.CLAIM,
    20,
    (
        Line(20, 3, r"\frac{\partial E}{\partial x}"),
        Line(
            21,
            5,
            r"t W \frac{e^{-Wx}}{1 + e^{-Wx}}",
            Judgement(
                Verdict.WRONG,
                "value",
                counterexample=POINT,
                mistake="the sign is wrong",
                suggestion=r"-t W \frac{e^{-Wx}}{1 + e^{-Wx}}",
                message="the two sides differ",
                points=3,
                tried=({"m": 1, "n": 2},),
            ),
            expected="wrong",
        ),
        Line(22, 5, "t W (1 - y)", Judgement(Verdict.CARRIED), expected="carried"),
        Line(23, 5, "-t W (1 - y)", Judgement(Verdict.PROVED, rejoins=True), expected="proved"),
    ),
)
UNEXPECTED = Statement(
    "derivations/sample.md:30",
    Kind.CLAIM,
    30,
    (
        Line(30, 3, "a | b"),
        Line(
            30,
            9,
            "c_1",
            Judgement(Verdict.WRONG, "shape", message="30:9: c is a vector, a is a matrix"),
            expected="proved",
        ),
    ),
)
UNREADABLE = Statement(
    "u",
    Kind.CLAIM,
    40,
    (
        Line(40, 1, r"\frac{\partial}{o_k}"),
        Line(
            40,
            22,
            "1",
            Judgement(Verdict.UNREADABLE, "syntax", message=r"40:1: 100% of \frac, as <o_k>; write \partial o_k"),
        ),
    ),
)
OTHERS = (
    Statement("d", Kind.DECLARATION, 3, (), "Let D be a matrix"),
    Statement("z", Kind.DEFINITION, 5, (Line(5, 1, "z"), Line(5, 5, "W x", definition=True))),
    Statement("g", Kind.UPDATE, 6, (Line(6, 1, "w"), Line(6, 5, r"w - \eta g")), "an update is not judged"),
    Statement("s", Kind.SKIPPED, 7, (Line(7, 1, r"a \approx b"),), "an approximation is not judged"),
    Statement(
        "k",
        Kind.CLAIM,
        50,
        (Line(50, 1, "a"), Line(50, 5, "b", Judgement(Verdict.TESTED, points=40)), Line(50, 9, "c", Judgement(
            Verdict.UNDECIDED, "budget", message="10 s were not enough"
        ))),
    ),
)  # fmt: skip

SYMBOLS = (
    SymbolRow("D", "D", "tensor", ("m", "n"), "declared", 3),
    SymbolRow("t", "t", "scalar", (), "inferred", 20),
)
GOOD = DocumentReport(
    "derivations/good.md", "All is well", "denominator", SYMBOLS, (PROVED, WRONG_AS_STATED, *OTHERS[:4])
)
BAD = DocumentReport("derivations/sample.md", "A sample", None, (), (UNEXPECTED, UNREADABLE, OTHERS[4]))
BROKEN = DocumentReport("no,such:file.md", "", None, (), (), error="there is no such file")
REPORT = Report((GOOD, BAD), ())
EVERYTHING = Report((GOOD, BAD, BROKEN), ("no,such:file.md: there is no such file",))


def document_with(latex: str, **changes) -> DocumentReport:
    """A document whose only line is ``latex = 0``, proved."""
    statement = Statement("x", Kind.CLAIM, 1, (Line(1, 1, latex), Line(1, 9, "0", Judgement(Verdict.PROVED))))
    return DocumentReport("x.md", "X", None, (), (statement,), **changes)
