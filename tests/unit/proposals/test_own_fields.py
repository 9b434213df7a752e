"""Headings of the office's own tables find the days of a proposal, single or together."""

from __future__ import annotations

import pytest

from lab.importing.rules.headings import suggest
from lab.proposals.bulk_import.own_fields import own_fields


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("实施起止", "duration"),
        ("实施起止（年月）", "duration"),
        ("起止日期", "duration"),
        ("起止时间", "duration"),
        ("项目起止时间", "duration"),
        ("实施期限", "duration"),
        ("项目周期", "duration"),
        ("计划开始日期", "starts_on"),
        ("开始时间", "starts_on"),
        ("起始日期", "starts_on"),
        ("起始时间", "starts_on"),
        ("计划结束日期", "ends_on"),
        ("截止时间", "ends_on"),
        ("终止时间", "ends_on"),
        ("完成日期", "ends_on"),
        ("实施地点", "place"),
        ("实施方案", "plan"),
        ("备注", ""),
    ],
)
def test_headings_of_days_are_told_apart(heading: str, field: str) -> None:
    assert suggest({1: heading}, own_fields(), {})[1].field == field


def test_the_period_is_offered_behind_the_two_days() -> None:
    labels = [field.label for field in own_fields()]
    at = labels.index("实施起止（两个日期）")
    assert labels[at - 2 : at] == ["计划开始日期", "计划结束日期"]
