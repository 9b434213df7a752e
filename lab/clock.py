"""The one clock of the portal: stored times are UTC, office dates are Beijing dates.

Everything that needs "now" asks `now()`, so that tests can stop the clock with `freeze`.
Working days follow the published Chinese calendar (statutory holidays and 调休) for the years
that the calendar covers, Monday to Friday elsewhere; the office's own table overrides both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType

import chinese_calendar

# Fixed offset: China has had no summer time since 1991, and a bare machine has no zone files.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
# How far the clocks of two machines may be apart without anything being taken for wrong.
SKEW = timedelta(seconds=8)
NO_OVERRIDES: Mapping[date, bool] = MappingProxyType({})


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def is_recent(moment: datetime, at: datetime, span: timedelta) -> bool:
    """Whether `moment` lies less than `span` before `at`.

    One further ahead than `SKEW` was written before the clock was set back: it says nothing about
    how long ago that was, and does not count as recent.
    """
    return -SKEW <= at - moment < span


@contextmanager
def freeze(moment: datetime) -> Iterator[None]:
    """Stop the clock at `moment` inside the block, in every thread; for tests.

    Raises ValueError when `moment` is naive.
    """
    global _source
    fixed, before = to_utc(moment), _source
    _source = lambda: fixed  # noqa: E731
    try:
        yield
    finally:
        _source = before


def to_utc(moment: datetime) -> datetime:
    """An aware moment in UTC. Raises ValueError when `moment` is naive."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone cannot be placed")
    return moment.astimezone(UTC)


def beijing(moment: datetime) -> datetime:
    """The same moment on Beijing's clock. Raises ValueError when `moment` is naive."""
    return to_utc(moment).astimezone(BEIJING)


def from_beijing(naive: datetime) -> datetime:
    """Beijing wall-clock time, as typed in a form, in UTC.

    Raises ValueError when `naive` already carries a zone.
    """
    if naive.tzinfo is not None:
        raise ValueError("expected a Beijing time without a zone")
    return naive.replace(tzinfo=BEIJING).astimezone(UTC)


def today() -> date:
    """Today's date in Beijing."""
    return beijing(now()).date()


def end_of_day(day: date) -> datetime:
    """The last microsecond of a Beijing day, in UTC (office rule: due means end of day)."""
    return datetime.combine(day, time.max, BEIJING).astimezone(UTC)


def cn_date(day: date) -> str:
    """2022年7月1日. An aware datetime is read as its Beijing date; a naive one is refused."""
    if isinstance(day, datetime):
        day = beijing(day).date()
    return f"{day.year}年{day.month}月{day.day}日"


def cn_datetime(moment: datetime) -> str:
    """2022年7月1日 09:05, Beijing time. Raises ValueError when `moment` is naive."""
    local = beijing(moment)
    return f"{cn_date(local.date())} {local:%H:%M}"


def is_working_day(day: date, overrides: Mapping[date, bool] = NO_OVERRIDES) -> bool:
    """Whether offices work on this Beijing day; `overrides` is the office's own table."""
    if day in overrides:
        return overrides[day]
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the published calendar does not cover this year
        return day.weekday() < 5


def add_working_days(day: date, count: int, overrides: Mapping[date, bool] = NO_OVERRIDES) -> date:
    """The `count`-th working day after `day` (count ≥ 0; 0 gives `day` itself).

    Raises ValueError when `count` is negative or when `overrides` leave no working day within
    four years.
    """
    if count < 0:
        raise ValueError("count of working days must not be negative")
    limit = day + timedelta(days=1461 + 3 * count)
    while count:
        day += timedelta(days=1)
        if day > limit:
            raise ValueError("the calendar has no working day left")
        count -= is_working_day(day, overrides)
    return day
