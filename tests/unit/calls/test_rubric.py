"""Presets of criteria, levels and bands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lab.calls.rules.rubric import (
    BANDS,
    DIMENSIONS,
    Scale,
    band_of,
    band_range,
    default_criteria,
    describe_levels,
)


@pytest.mark.parametrize(
    ("preset", "weights"), [("default", [30, 20, 25, 25]), ("equal", [25, 25, 25, 25])]
)
def test_the_presets_can_be_locked_as_they_are(preset: str, weights: list[int]) -> None:
    criteria = default_criteria(preset)
    assert [c.weight for c in criteria] == weights
    assert [c.key for c in criteria] == [
        "importance",
        "complexity",
        "demonstration",
        "replicability",
    ]
    assert sum(c.weight for c in criteria) == 100


def test_the_ten_point_preset_has_half_points() -> None:
    assert {c.scale for c in default_criteria(scale="ten")} == {Scale(0, 10, Decimal("0.5"))}
    with pytest.raises(KeyError):
        default_criteria(scale="five")


def test_every_dimension_describes_its_five_levels_differently() -> None:
    texts = [text for dimension in DIMENSIONS for text in dimension.levels]
    assert len(set(texts)) == len(DIMENSIONS) * len(BANDS) == 20
    assert all(text.endswith("。") for text in texts)


@pytest.mark.parametrize(
    ("score", "lo", "hi", "label"),
    [
        (100, 0, 100, "优"),
        (90, 0, 100, "优"),
        (Decimal("89.99"), 0, 100, "良"),
        (80, 0, 100, "良"),
        (79, 0, 100, "中"),
        (70, 0, 100, "中"),
        (69, 0, 100, "及格"),
        (60, 0, 100, "及格"),
        (59, 0, 100, "不及格"),
        (0, 0, 100, "不及格"),
        (9, 0, 10, "优"),
        (Decimal("8.5"), 0, 10, "良"),
        (4, 1, 5, "中"),
        (1, 1, 5, "不及格"),
    ],
)
def test_a_score_falls_into_its_band_on_any_scale(score: Any, lo: int, hi: int, label: str) -> None:
    assert band_of(score, lo, hi).label == label


@pytest.mark.parametrize("score", [-1, 101])
def test_a_score_outside_the_scale_has_no_band(score: int) -> None:
    with pytest.raises(ValueError, match="0至100"):
        band_of(score)


@pytest.mark.parametrize(
    ("scale", "ranges"),
    [
        (Scale(), ["90–100", "80–89", "70–79", "60–69", "0–59"]),
        (
            Scale(0, 10, Decimal("0.5")),
            ["9–10", "8–8.5", "7–7.5", "6–6.5", "0–5.5"],
        ),
        (Scale(1, 5), ["5", "—", "4", "—", "1–3"]),
    ],
)
def test_the_form_shows_the_scores_of_each_band(scale: Scale, ranges: list[str]) -> None:
    assert [band_range(band, scale) for band in BANDS] == ranges


def test_a_stored_rubric_names_each_level_with_its_scores() -> None:
    rows = describe_levels(("甲", "乙", "丙", "丁", "戊"), Scale(1, 5))
    assert rows[0] == {"label": "优", "lo": "5", "hi": "5", "text": "甲"}
    assert rows[1] == {"label": "良", "lo": None, "hi": None, "text": "乙"}
    assert rows[4] == {"label": "不及格", "lo": "1", "hi": "3", "text": "戊"}


@pytest.mark.parametrize("bad", [(0, 10, 3), (5, 5, 1), (0, 100, 0)])
def test_a_scale_that_its_step_does_not_divide_is_no_scale(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        Scale(*bad)
