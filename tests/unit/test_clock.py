"""Times and working days that users see."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from lab import clock
from lab.indicators.rules import months


def test_the_clock_is_frozen_only_inside_the_block() -> None:
    moment = datetime(2022, 6, 30, 16, 0, tzinfo=UTC)
    with clock.freeze(moment):
        assert clock.now() == moment
        assert clock.today() == date(2022, 7, 1)
        with clock.freeze(moment - timedelta(seconds=1)):
            assert clock.today() == date(2022, 6, 30)
        assert clock.now() == moment
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_the_clock_goes_on_after_a_failure_inside_the_block() -> None:
    with pytest.raises(KeyError), clock.freeze(datetime(2022, 1, 1, tzinfo=UTC)):
        raise KeyError
    assert clock.now().year > 2022


def test_now_is_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)


def test_a_form_time_is_read_as_beijing_time() -> None:
    utc = clock.from_beijing(datetime(2022, 7, 1, 9, 5))
    assert utc == datetime(2022, 7, 1, 1, 5, tzinfo=UTC)
    assert clock.cn_datetime(utc) == "2022年7月1日 09:05"
    assert clock.beijing(utc).hour == 9


def test_times_without_a_zone_and_double_zones_are_refused() -> None:
    for call in (clock.beijing, clock.to_utc, clock.cn_datetime, clock.cn_date):
        with pytest.raises(ValueError, match="zone"):
            call(datetime(2022, 7, 1))
    with pytest.raises(ValueError, match="zone"):
        clock.from_beijing(datetime(2022, 7, 1, tzinfo=UTC))
    with pytest.raises(ValueError, match="zone"), clock.freeze(datetime(2022, 7, 1)):
        pass


def test_a_due_day_ends_at_midnight_in_beijing() -> None:
    end = clock.end_of_day(date(2022, 7, 1))
    assert end == datetime(2022, 7, 1, 15, 59, 59, 999999, tzinfo=UTC)
    assert clock.beijing(end + timedelta(microseconds=1)).date() == date(2022, 7, 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2022, 7, 1), "2022年7月1日"),
        (date(2022, 12, 31), "2022年12月31日"),
        (datetime(2022, 12, 31, 16, 0, tzinfo=UTC), "2023年1月1日"),
    ],
)
def test_dates_read_without_leading_zeros(value: date, text: str) -> None:
    assert clock.cn_date(value) == text


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2022, 9, 30), True),
        (date(2022, 10, 3), False),  # Monday inside the National Day holiday
        (date(2022, 10, 8), True),  # Saturday worked in exchange
        (date(2022, 10, 15), False),
        (date(2027, 1, 1), False),  # beyond the published calendar: a statutory day
        (date(2027, 2, 5), False),  # New Year's Eve of the lunar year
        (date(2027, 2, 8), False),  # third day of the Spring Festival
        (date(2027, 4, 5), False),  # Tomb-Sweeping Day
        (date(2027, 6, 9), False),  # Dragon Boat Festival
        (date(2027, 9, 15), False),  # Mid-Autumn Festival
        (date(2028, 5, 2), False),
        (date(2028, 10, 2), False),
        (date(2027, 5, 3), True),  # Monday after it: days in exchange are not guessed
        (date(2027, 10, 4), True),  # Monday
        (date(2027, 10, 9), False),  # Saturday
        (date(2100, 1, 1), True),  # beyond the tables of the lunar calendar
        (date(2003, 6, 2), True),
    ],
)
def test_working_days_use_the_calendar_then_weekdays(day: date, works: bool) -> None:
    assert clock.is_working_day(day) is works


def test_the_office_table_overrides_the_calendar() -> None:
    days = {date(2022, 10, 8): False, date(2027, 10, 4): False, date(2022, 10, 15): True}
    for day, works in days.items():
        assert clock.is_working_day(day, clock.OfficeCalendar(days)) is works


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2022, 7, 1), 0, date(2022, 7, 1)),
        (date(2022, 7, 1), 1, date(2022, 7, 4)),
        (date(2022, 7, 4), 5, date(2022, 7, 11)),
        (date(2022, 9, 28), 5, date(2022, 10, 10)),  # 29, 30, then 8 (Sat), 9 (Sun), 10
        (date(2026, 12, 30), 2, date(2027, 1, 4)),  # New Year's Day is none in any year
    ],
)
def test_working_days_are_counted_from_the_day_after(day: date, count: int, expected: date) -> None:
    assert clock.add_working_days(day, count) == expected


def test_counting_respects_the_office_table() -> None:
    closed = clock.OfficeCalendar({date(2022, 7, 4): False})
    assert clock.add_working_days(date(2022, 7, 1), 1, closed) == date(2022, 7, 5)


def test_counting_backwards_or_for_ever_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        clock.add_working_days(date(2022, 7, 1), -1)
    never = clock.OfficeCalendar({date(2022, 1, 1) + timedelta(days=n): False for n in range(2500)})
    with pytest.raises(ValueError, match="no working day"):
        clock.add_working_days(date(2022, 7, 1), 1, never)


@pytest.mark.parametrize(
    ("start", "count", "day", "provisional"),
    [
        (date(2026, 12, 21), 5, date(2026, 12, 28), False),
        (date(2026, 12, 24), 5, date(2026, 12, 31), False),  # the last day of a published year
        (date(2026, 12, 25), 5, date(2027, 1, 4), True),
        (date(2026, 12, 31), 5, date(2027, 1, 8), True),
        (date(2031, 3, 3), 0, date(2031, 3, 3), False),  # nothing was counted
    ],
)
def test_a_day_that_rests_on_an_unpublished_year_says_so(
    start: date, count: int, day: date, provisional: bool
) -> None:
    assert clock.count_working_days(start, count) == clock.WorkingDay(day, provisional)


def test_a_year_that_the_office_completed_is_settled() -> None:
    some = clock.OfficeCalendar({date(2027, 1, 4): False})
    assert clock.count_working_days(date(2026, 12, 31), 5, some).provisional
    done = clock.OfficeCalendar({date(2027, 1, 4): False}, frozenset({2027}))
    settled = clock.WorkingDay(date(2027, 1, 11), False)
    assert clock.count_working_days(date(2026, 12, 31), 5, done) == settled


@pytest.mark.parametrize(
    ("end", "due"),
    [
        (date(2026, 12, 31), date(2027, 1, 8)),
        (date(2027, 1, 31), date(2027, 2, 9)),  # the eve and the third day of the festival
        (date(2022, 9, 30), date(2022, 10, 12)),
    ],
)
def test_a_month_is_due_five_working_days_after_its_end(end: date, due: date) -> None:
    assert months.report_due_on(end) == due
