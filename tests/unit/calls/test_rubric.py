"""Presets of criteria, levels and bands."""

from __future__ import annotations

from decimal import Decimal

import pytest

from lab.calls.rules.rubric import (
    BANDS,
    DIMENSIONS,
    Scale,
    band_ends,
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
    ("scale", "ranges"),
    [
        (Scale(), ["90–100", "80–89", "70–79", "60–69", "0–59"]),
        (
            Scale(0, 10, Decimal("0.5")),
            ["9–10", "8–8.5", "7–7.5", "6–6.5", "0–5.5"],
        ),
        (Scale(1, 5), ["5–5", "", "4–4", "", "1–3"]),
    ],
)
def test_the_form_shows_the_scores_of_each_band(scale: Scale, ranges: list[str]) -> None:
    ends = [band_ends(band, scale) for band in BANDS]
    assert ["–".join(pair) if pair else "" for pair in ends] == ranges


def test_a_stored_rubric_names_each_level_with_its_scores() -> None:
    rows = describe_levels(("甲", "乙", "丙", "丁", "戊"), Scale(1, 5))
    assert rows[0] == {"label": "优", "lo": "5", "hi": "5", "text": "甲"}
    assert rows[1] == {"label": "良", "lo": None, "hi": None, "text": "乙"}
    assert rows[4] == {"label": "不及格", "lo": "1", "hi": "3", "text": "戊"}


@pytest.mark.parametrize("bad", [(0, 10, 3), (5, 5, 1), (0, 100, 0)])
def test_a_scale_that_its_step_does_not_divide_is_no_scale(bad: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError):
        Scale(*bad)
