"""What a reviewer reads under the scores."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lab.reviews.scoring.explanation import (
    all_scores_equal,
    formula_text,
    notes_needed,
    rules_text,
)
from lab.reviews.scoring.inputs import Criterion, Direction, RoundRules

NAMES = (("a", 30, "重要性"), ("b", 20, "复杂程度"), ("c", 25, "示范性"), ("d", 25, "可复制性"))


def criteria(hi: int = 100, step: Any = 1, second: Direction = "benefit") -> tuple[Criterion, ...]:
    return tuple(
        Criterion(key, weight, 0, hi, step, second if key == "b" else "benefit", label=label)
        for key, weight, label in NAMES
    )


def test_the_formula_names_each_criterion_and_its_share() -> None:
    text = "总分＝重要性×30%＋复杂程度×20%＋示范性×25%＋可复制性×25%"
    assert formula_text(criteria()) == text
    note = "（各项先按其分值范围折算为100分）"
    assert formula_text(criteria(10, Decimal("0.5"))) == text + note
    assert formula_text(criteria(second="cost")) == text + note


def test_shares_are_of_the_counted_weights() -> None:
    assert formula_text(criteria(second="info")) == (
        "总分＝重要性×37.5%＋示范性×31.25%＋可复制性×31.25%"
    )


def test_results_say_how_they_were_made() -> None:
    plain = "各指标先取评委平均，再按权重相加，满分100分。回避和弃评的评委不计入。"
    assert rules_text(RoundRules(criteria(), 1)) == plain
    assert rules_text(RoundRules(criteria(second="cost"), 1, trim=True)) == (
        plain + "本轮规定：有效评分达到5份及以上时，去掉一个最高分和一个最低分。"
        "复杂程度：越低得分越高。"
    )


@pytest.mark.parametrize(("score", "keys"), [(60, ()), (59, ("a",)), (None, ())])
def test_a_score_below_sixty_needs_a_reason(score: int | None, keys: tuple[str, ...]) -> None:
    assert notes_needed(criteria(), {"a": score, "b": 60, "c": 100, "d": 60}) == keys


def test_equal_scores_everywhere_ask_for_a_second_look() -> None:
    assert all_scores_equal(criteria(), dict.fromkeys("abcd", 80))
    assert not all_scores_equal(criteria(), {"a": 80, "b": 80, "c": 80, "d": 81})
    assert not all_scores_equal(criteria(), {"a": 80, "b": 80, "c": 80})
