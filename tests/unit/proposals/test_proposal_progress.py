"""Where a proposal stands, how it may be taken back, what the office counts: the rules alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lab import clock
from lab.proposals.rules.overview import (
    NOT_BEGUN,
    UNFINISHED,
    CallTotals,
    UnitRow,
    chart_option,
    days,
)
from lab.proposals.rules.progress import (
    format_remaining,
    format_time_left,
    is_overdue,
    next_step_for,
)
from lab.proposals.rules.withdrawal import OWN, REQUEST, withdrawal_way

OPENS = clock.from_beijing(datetime(2022, 6, 1, 9))
CLOSES = clock.from_beijing(datetime(2022, 6, 30, 17))
NOW = clock.from_beijing(datetime(2022, 6, 20, 10))
DUE = date(2022, 6, 25)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("status", "facts", "text", "turn", "until"),
    [
        ("draft", {}, "填写并提交", "您", CLOSES),
        ("draft", {"accepting": False}, "不在征集时间内，不能提交", "", None),
        ("draft", {"awaiting_partner": True}, "确认联合申报", "联合单位", CLOSES),
        ("returned", {}, "补正后重新提交", "您", DUE),
        ("returned", {"accepting": False}, "补正后重新提交", "您", DUE),
        ("returned", {"withdrawing": True}, "答复撤回申请", "实施办公室", None),
        ("submitted", {}, "等待形式审查", "实施办公室", None),
        ("submitted", {"withdrawing": True}, "答复撤回申请", "实施办公室", None),
        ("accepted", {}, "等待开启评审", "实施办公室", None),
        ("accepted", {"withdrawing": True}, "答复撤回申请", "实施办公室", None),
        ("reviewing", {}, "评委评审", "评委", None),
        ("reviewed", {}, "汇总排序，审定立项名单", "领导小组", None),
        ("approved", {}, "已立项，签订任务书后实施", "", None),
        ("refused", {"withdrawing": True}, "不予受理，理由见申报书页面", "", None),
        ("withdrawn", {}, "已撤回，截止前可以重新申报", "", None),
        ("withdrawn", {"accepting": False}, "已撤回，不再办理", "", None),
    ],
)
def test_each_state_names_next_step_deadline_and_turn(
    status: str, facts: dict[str, Any], text: str, turn: str, until: object
) -> None:
    found = next_step_for(status, facts.pop("accepting", True), CLOSES, DUE, now=NOW, **facts)
    assert (found.text, found.turn_label(True), found.until) == (text, turn, until)
    assert not found.late


def test_only_those_who_write_are_spoken_to_as_you() -> None:
    found = next_step_for("draft", True, CLOSES, None)
    assert (found.turn_label(True), found.turn_label(False)) == ("您", "申报人")


def test_a_return_is_overdue_after_its_day_in_beijing() -> None:
    end = clock.from_beijing(datetime(2022, 6, 26))
    assert not next_step_for("returned", True, CLOSES, DUE, now=end - SECOND).late
    assert next_step_for("returned", True, CLOSES, DUE, now=end).late
    assert not is_overdue(CLOSES, CLOSES - SECOND) and is_overdue(CLOSES, CLOSES)


@pytest.mark.parametrize(
    ("until", "now", "words"),
    [
        (None, NOW, ""),
        (DUE, NOW, "还有5天"),
        (DUE, clock.from_beijing(datetime(2022, 6, 24, 23, 59, 59)), "明天到期"),
        (DUE, clock.from_beijing(datetime(2022, 6, 25)), "今天到期"),
        (DUE, clock.from_beijing(datetime(2022, 6, 25, 23, 59, 59)), "今天到期"),
        (DUE, clock.from_beijing(datetime(2022, 6, 26)), "逾期1天"),
        (DUE, clock.from_beijing(datetime(2022, 6, 28, 8)), "逾期3天"),
        (CLOSES, CLOSES - SECOND, "今天到期"),
        (CLOSES, CLOSES, "已过截止时间"),
        (CLOSES, CLOSES + timedelta(hours=7), "逾期1天"),
    ],
)
def test_how_long_is_left_is_said_in_beijing_days(until: Any, now: datetime, words: str) -> None:
    assert format_time_left(until, now) == words


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=3, hours=4, minutes=59), "3天4小时"),
        (timedelta(days=2), "2天"),
        (timedelta(hours=5, minutes=20), "5小时20分"),
        (timedelta(hours=5), "5小时"),
        (timedelta(minutes=12, seconds=59), "12分"),
        (SECOND, "不到1分"),
        (timedelta(0), ""),
        (-SECOND, ""),
    ],
)
def test_the_time_left_is_exact_to_the_minute(left: timedelta, words: str) -> None:
    assert format_remaining(CLOSES, CLOSES - left) == words


# -- taking back -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Facts:
    """A call, or with a call a proposal, as the rules read it."""

    status: str
    opens_at: datetime | None = OPENS
    closes_at: datetime | None = CLOSES
    call: Any = None


@pytest.mark.parametrize(
    ("status", "moment", "expected"),
    [
        ("submitted", CLOSES - SECOND, OWN),
        ("submitted", CLOSES, REQUEST),
        ("returned", CLOSES - SECOND, OWN),
        ("returned", CLOSES + SECOND, REQUEST),
        ("accepted", CLOSES - SECOND, REQUEST),
        ("accepted", CLOSES, REQUEST),
        *((state, CLOSES - SECOND, "") for state in ("draft", "reviewing", "refused", "withdrawn")),
        *((state, CLOSES, "") for state in ("draft", "reviewed", "approved", "declined")),
    ],
)
def test_withdrawal_needs_a_request_from_the_deadline_on(
    status: str, moment: datetime, expected: str
) -> None:
    proposal = Facts(status, call=Facts("open"))
    assert withdrawal_way(proposal, CLOSES, moment) == expected


def test_a_call_closed_by_hand_has_no_time_before_the_deadline() -> None:
    assert withdrawal_way(Facts("submitted", call=Facts("closed")), NOW, NOW) == REQUEST


# -- what the office counts --------------------------------------------------------------------


def unit(**changes: Any) -> UnitRow:
    return UnitRow(**{"id": 1, "key": "k", "name": "甲", "side": "邮政", "people": 2, **changes})


@pytest.mark.parametrize(
    ("figures", "reminder_kind"),
    [
        ({}, NOT_BEGUN),
        ({"people": 0}, ""),
        ({"drafts": 1}, UNFINISHED),
        ({"drafts": 1, "submitted": 2}, UNFINISHED),
        ({"submitted": 1}, ""),
        ({"returned": 1}, ""),
        ({"partner": 1}, ""),
        ({"drafts": 1, "accepting": False}, ""),
    ],
)
def test_a_unit_is_reminded_of_no_or_unfinished_drafts(
    figures: dict[str, int], reminder_kind: str
) -> None:
    assert unit(**figures).reminder_kind == reminder_kind


def test_days_carry_a_running_total_and_the_chart_all_days() -> None:
    rows = days([("2022-06-28", 2), ("2022-06-30", 3)])
    assert [(row.day.day, row.number, row.total) for row in rows] == [(28, 2, 2), (30, 3, 5)]
    option: Any = chart_option(rows, date(2022, 6, 27), date(2022, 6, 30))
    assert option["xAxis"]["data"] == ["6月27日", "6月28日", "6月29日", "6月30日"]
    assert option["series"][0]["data"] == [0, 2, 0, 3]
    assert chart_option((), date(2022, 6, 1), date(2022, 6, 2)) is None
    long: Any = chart_option(rows, date(2022, 1, 1), date(2022, 6, 30))
    assert len(long["xAxis"]["data"]) == 62 and long["series"][0]["data"][-1] == 3


def test_everything_but_drafts_was_received() -> None:
    found = CallTotals(3, 1, {"draft": 3, "submitted": 2, "withdrawn": 1})
    assert (found.received, found.of("submitted", "refused")) == (3, 2)
