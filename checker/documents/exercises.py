"""Where an exercise begins without a heading: ``**Problem 2.** Let …``, ``\\begin{exercise}``.

Real sheets use their letters anew from exercise to exercise, whether or not these stand under headings.
"""

from __future__ import annotations

import re

LOWEST = 7  # below all headings

_NAMES = (
    r"problem|exercise|question|task|assignment|homework|"
    r"aufgabe|übung|frage|exercice|problème|ejercicio|problema|pregunta|esercizio|exercício|questão|"
    r"задача|упражнение|вопрос|zadanie|bài(?:\s+tập)?|câu|opgave|övning|"
    r"问题|問題|练习|練習|习题|習題|例题|例題|题目|문제"
)
_NUMBER = r"(?:\d+|[ivx]+|[A-Za-z])(?:\.\d+)*[a-z]?"

# in bold, with whatever else stands there; or plain, with a number and a stop
RUN_IN = re.compile(
    rf"(?P<mark>\*\*|__)[ \t]*(?P<title>(?:{_NAMES})(?![^\W\d_])[^\n]{{0,120}}?)(?P=mark)[ \t]*[.:]?"
    rf"|(?P<plain>(?:{_NAMES})[ \t]*\(?{_NUMBER}\)?[.:)](?=\s))",
    re.IGNORECASE,
)
BOLD = re.compile(rf"\\textbf\s*\{{\s*(?P<title>(?:{_NAMES})(?![^\W\d_])[^{{}}\n]{{0,120}})\}}", re.IGNORECASE)
ENVIRONMENTS = frozenset({"exercise", "problem", "question", "task", "aufgabe", "exercice", "exo", "prob", "ex"})


def title_of(match: re.Match[str]) -> str:
    """The words that begin the exercise."""
    found = match.groupdict()
    return (found.get("title") or found.get("plain") or "").strip().rstrip(".:")
