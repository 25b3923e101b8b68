"""Every rule of the normal form: proved, confirmed twice numerically; its wrong twin neither.  And the page about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sympy import Expr

from benchmarks.thirdway import truth
from checker.calculus.context import Claim
from checker.calculus.graph import Dependencies
from checker.judge.decide import Options, prove
from checker.judge.evaluate import EvaluationOptions, evaluate_claim
from tests.calculus.rules import RULES, Rule

PAGE = Path(__file__).parents[2] / "docs" / "soundness.md"
rows = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)


def claim(rule: Rule, right: Expr) -> Claim:
    return Claim(rule.left, right, rule.indices)


def is_proved(rule: Rule, right: Expr) -> bool:
    return prove(claim(rule, right), rule.context, Options(), Dependencies(rule.context)).proved


def outcome(rule: Rule, right: Expr) -> str:
    return evaluate_claim(claim(rule, right), rule.context, EvaluationOptions(minimise=False)).outcome


@rows
def test_a_rule_is_applied_and_holds(rule: Rule) -> None:
    assert is_proved(rule, rule.right)
    assert outcome(rule, rule.right) == "agree"
    assert truth(claim(rule, rule.right), rule.context).value is True


@rows
def test_its_wrong_twin_is_refused(rule: Rule) -> None:
    assert not is_proved(rule, rule.wrong)
    assert outcome(rule, rule.wrong) == "differ"
    assert truth(claim(rule, rule.wrong), rule.context).value is False


def test_names_are_unique() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_page_lists_the_rules_of_the_table_and_no_others() -> None:
    listed = re.findall(r"^\| \*([^*]+)\* \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [rule.name for rule in RULES]
