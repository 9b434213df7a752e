"""Rules of the official score that tables of figures do not show."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from lab.reviews.scoring.api import (
    Criterion,
    RoundRules,
    ScoreError,
    ScoreInput,
    official_score,
    sheet_total,
    utility,
)

FOUR = tuple(
    Criterion(key, weight, label=label)
    for key, weight, label in (
        ("importance", 30, "重要性"),
        ("complexity", 20, "复杂程度"),
        ("demonstration", 25, "示范性"),
        ("replicability", 25, "可复制性"),
    )
)
ONE = (Criterion("total", 100, label="总体"),)


def sheets(*rows: tuple[Any, ...], criteria: tuple[Criterion, ...] = ONE) -> tuple[ScoreInput, ...]:
    keys = [criterion.key for criterion in criteria]
    return tuple(
        ScoreInput(f"R{index}", "submitted", dict(zip(keys, row, strict=True)))
        for index, row in enumerate(rows, 1)
    )


@pytest.mark.parametrize("value", [-1, 101, Decimal("0.5"), Decimal("-0.5"), Decimal("100.5")])
def test_an_invalid_score_is_refused_in_plain_chinese(value: Any) -> None:
    with pytest.raises(ScoreError) as caught:
        official_score(RoundRules(FOUR, 1), sheets((value, 1, 1, 1), criteria=FOUR))
    assert caught.value.message == "重要性须在0至100之间，最小单位1。"


def test_half_points_pass_on_the_ten_point_scale() -> None:
    ten = Criterion("c", 1, 0, 10, Decimal("0.5"), label="重要性")
    assert utility(ten, Decimal("9.5")) == 95
    with pytest.raises(ScoreError, match=r"最小单位0\.5"):
        utility(ten, Decimal("9.7"))


def test_floats_are_refused_where_decimals_pass() -> None:
    rules = RoundRules(ONE, 1)
    assert official_score(rules, sheets((80,))).score == 80
    with pytest.raises(TypeError, match="floats"):
        official_score(rules, sheets((80.0,)))


@pytest.mark.parametrize(
    "changes",
    [
        {"weight": -1},
        {"lo": 10, "hi": 10},
        {"step": 0},
        {"step": 3},
        {"step": Decimal("NaN")},
        {"direction": "up"},
    ],
)
def test_impossible_criteria_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"weight|scale|step|direction|finite"):
        Criterion(**{"key": "c", "weight": 1, **changes})


@pytest.mark.parametrize(
    ("criteria", "places", "least"),
    [
        ((*ONE, *ONE), 1, 3),
        ((Criterion("a", 0),), 1, 3),
        ((Criterion("a", 1, direction="info"),), 1, 3),
        ((), 1, 3),
        (ONE, 0, 3),
        (ONE, 1, 0),
    ],
)
def test_impossible_rules_are_refused(criteria: Any, places: int, least: int) -> None:
    with pytest.raises(ValueError, match=r"key|weights|begin"):
        RoundRules(criteria, places, minimum_sheets=least)


@pytest.mark.parametrize(
    ("weights", "scores", "published"),
    [
        ((1, 7), (1, 0), "12.50"),
        ((1, 799), (1, 0), "0.13"),  # 0.125 rounds up
        ((1, 800), (1, 0), "0.12"),
        ((1, 2), (1, 0), "33.33"),
        ((2, 1), (1, 0), "66.67"),
        ((199, 1), (1, 0), "99.50"),
    ],
)
def test_the_published_score_rounds_half_up(
    weights: tuple[int, int], scores: tuple[int, int], published: str
) -> None:
    criteria = tuple(Criterion(k, w, 0, 1) for k, w in zip("ab", weights, strict=True))
    result = official_score(RoundRules(criteria, 1), sheets(scores, criteria=criteria))
    assert str(result.score) == published
    assert result.exact == Fraction(100 * weights[0], sum(weights))


def test_two_valid_sheets_of_one_reviewer_are_refused() -> None:
    first, second = (
        ScoreInput("R1", "submitted", {"total": 80}),
        ScoreInput("R1", "submitted", {"total": 90}),
    )
    with pytest.raises(ValueError, match="two valid sheets"):
        official_score(RoundRules(ONE, 1), (first, second))
    assert (
        official_score(
            RoundRules(ONE, 1), (first, ScoreInput("R1", "returned", {"total": 90}))
        ).score
        == 80
    )


def test_the_mean_of_the_filled_totals_is_the_official_score() -> None:
    free = tuple(Criterion(c.key, c.weight, required=False) for c in FOUR)
    rows = [(90, None, 80, 70), (85, 70, None, 60), (60, 95, 75, None), (71, 33, 50, 64)]
    result = official_score(RoundRules(free, 1), sheets(*rows, criteria=free))
    assert sum(total.exact for total in result.totals) / len(rows) == result.exact


def test_blanks_and_unscored_criteria_are_explained() -> None:
    free = tuple(Criterion(c.key, c.weight, required=False, label=c.label) for c in FOUR)
    blank = official_score(
        RoundRules(free, 1), sheets((9, None, 8, 8), (9, 5, 8, 8), criteria=free)
    )
    assert blank.messages == ("1份评审未对“复杂程度”打分，该指标按其余评委平均计算。",)
    nobody = official_score(RoundRules(free, 1), sheets((9, None, 8, 8), criteria=free))
    assert nobody.messages == ("无人对“复杂程度”打分，暂不排名。",)
    assert nobody.means[0].answers == 1


@pytest.mark.parametrize(
    ("low", "flags"), [(71, ()), (70, ()), (69, ("分歧较大",)), (0, ("分歧较大",))]
)
def test_a_spread_above_twenty_points_is_flagged(low: int, flags: tuple[str, ...]) -> None:
    assert official_score(RoundRules(ONE, 1), sheets((low,), (90,), (80,))).flags == flags


def test_the_spread_counts_dropped_sheets_too() -> None:
    result = official_score(
        RoundRules(ONE, 1, trim=True), sheets((10,), (80,), (80,), (80,), (99,))
    )
    assert (result.score, result.spread, result.flags) == (80, 89, ("分歧较大",))
    assert [total.dropped for total in result.totals] == [True, False, False, False, True]


def test_a_sheet_has_a_total_of_its_own_once_complete() -> None:
    rules = RoundRules(FOUR, 1)
    assert sheet_total(rules, sheets((90, 80, 85, 88), criteria=FOUR)[0]) == Fraction(345, 4)
    assert sheet_total(rules, sheets((90, None, 85, 88), criteria=FOUR)[0]) is None


def test_integer_sums_agree_with_fractions() -> None:
    random = Random(2022)
    for _ in range(200):
        criteria = tuple(Criterion(k, random.randint(1, 40), required=False) for k in "abcd")
        rows = [[random.choice([None, *range(101)]) for _ in "abcd"] for _ in range(4)]
        rows.append([random.randint(0, 100) for _ in "abcd"])
        result = official_score(
            RoundRules(criteria, 1), sheets(*map(tuple, rows), criteria=criteria)
        )
        whole = sum(int(c.weight) for c in criteria)
        valid = [
            row
            for row in rows
            if 2 * sum(int(c.weight) for c, x in zip(criteria, row, strict=True) if x is not None)
            >= whole
        ]
        expected = Fraction(0)
        for index, criterion in enumerate(criteria):
            answers = [row[index] for row in valid if row[index] is not None]
            expected += Fraction(int(criterion.weight), whole) * Fraction(
                sum(answers), len(answers)
            )
        assert (result.valid, result.exact) == (len(valid), expected)
