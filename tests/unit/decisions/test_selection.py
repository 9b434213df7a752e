"""Which marks need a reason, and when public notice ends."""

from __future__ import annotations

from datetime import date

import pytest

from lab.clock import OfficeCalendar
from lab.decisions.rules.selection import (
    Choice,
    default_mark,
    deviations,
    missing_reasons,
    notice_end,
    unmarked,
)
from lab.reviews.scoring.ranking import Zone


def choice(rank: int | None, zone: Zone, mark: str | None, reason: str = "") -> Choice:
    key = f"{zone}{rank or ''}"
    return Choice(key, key, rank, zone, mark, reason)


@pytest.mark.parametrize(
    ("rank", "zone", "mark", "code"),
    [
        (1, "in", "proposed", None),
        (1, "in", "reserve", "in_not_proposed"),
        (1, "in", "rejected", "in_not_proposed"),
        (1, "in", None, None),
        (2, "tied", "proposed", "not_in_proposed"),
        (2, "tied", "reserve", None),
        (2, "tied", "rejected", None),
        (3, "out", "proposed", "not_in_proposed"),
        (3, "out", "reserve", None),
        (3, "out", "rejected", None),
        (1, "short", "proposed", "not_in_proposed"),
        (1, "short", "rejected", None),
        (None, "unranked", "proposed", "not_in_proposed"),
        (None, "unranked", "reserve", None),
    ],
)
def test_a_mark_against_the_ranking_is_found(
    rank: int | None, zone: Zone, mark: str | None, code: str | None
) -> None:
    found = deviations([choice(rank, zone, mark)], 12)
    assert [item.code for item in found] == ([] if code is None else [code])


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (choice(1, "in", "reserve"), "第1名，已入围，标为备选须说明理由。"),
        (choice(2, "tied", "proposed"), "第2名，在名额线上并列，拟立项须说明取舍理由。"),
        (choice(3, "out", "proposed"), "第3名，未入围，拟立项须说明理由。"),
        (choice(4, "short", "proposed"), "第4名，评审数不足，拟立项须说明理由。"),
        (choice(None, "unranked", "proposed"), "暂无名次，拟立项须说明理由。"),
    ],
)
def test_a_deviation_reads_as_a_sentence(given: Choice, sentence: str) -> None:
    assert [item.message for item in deviations([given], 12)] == [sentence]


def test_passing_over_a_better_rank_needs_a_reason() -> None:
    list_ = [
        choice(13, "out", "rejected"),
        choice(14, "out", "reserve"),
        choice(15, "out", "rejected"),
    ]
    [found] = deviations(list_, 12)
    assert (found.key, found.code) == ("out13", "reserve_below")
    assert found.message == "第13名标为不立项，而第14名列为备选，须说明理由。"
    equal = [choice(13, "out", "rejected"), choice(13, "out", "reserve")]
    assert deviations(equal, 12) == []


@pytest.mark.parametrize(("places", "codes"), [(2, []), (1, ["over_places"])])
def test_more_proposed_than_places_needs_an_explanation(places: int, codes: list[str]) -> None:
    list_ = [choice(1, "in", "proposed"), choice(2, "in", "proposed")]
    assert [item.code for item in deviations(list_, places)] == codes


def test_a_reason_settles_its_own_departure_only() -> None:
    list_ = [
        choice(1, "in", "rejected", "与在办项目重复"),
        choice(2, "out", "proposed", "  "),
        choice(3, "out", "proposed", "补足示范街区"),
    ]
    assert [item.key for item in missing_reasons(list_, 1)] == ["out2", None]
    assert [item.key for item in missing_reasons(list_, 1, "领导小组同意增加名额")] == ["out2"]


def test_the_list_waits_for_every_mark() -> None:
    list_ = [choice(1, "in", "proposed"), choice(2, "tied", None)]
    assert [item.key for item in unmarked(list_)] == ["tied2"]
    with pytest.raises(ValueError, match="unknown mark"):
        deviations([choice(1, "in", "maybe")], 1)


def test_marks_that_follow_the_ranking_need_no_reason() -> None:
    zones: list[Zone] = ["in", "tied", "out", "short", "unranked"]
    assert [default_mark(zone) for zone in zones] == ["proposed", None, "rejected", None, None]
    assert deviations([choice(1, zone, default_mark(zone)) for zone in zones], 12) == []


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2022, 7, 4), date(2022, 7, 11)),
        (date(2022, 9, 28), date(2022, 10, 10)),  # the holiday and its exchanged weekend
        (date(2027, 3, 1), date(2027, 3, 8)),
    ],
)
def test_public_notice_runs_five_working_days(start: date, end: date) -> None:
    assert notice_end(start) == end


def test_the_office_may_change_the_days_and_the_calendar() -> None:
    assert notice_end(date(2022, 7, 4), 7) == date(2022, 7, 13)
    assert notice_end(date(2022, 7, 4), 5, OfficeCalendar({date(2022, 7, 5): False})) == date(
        2022, 7, 12
    )
    with pytest.raises(ValueError, match="at least one"):
        notice_end(date(2022, 7, 4), 0)
