"""The portal's clock: stored times are UTC, office dates are Beijing dates.

Whatever needs the current time calls `now()`, so that tests can stop the clock with `freeze`.
Working days follow the office's own calendar first, then the published Chinese calendar (statutory
holidays and 调休). Years that neither covers count Monday to Friday without the statutory holidays
of 《全国年节及纪念日放假办法》 as revised in 2024; make-up working days are announced yearly by the
State Council and never guessed, so such a date may still change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType

import chinese_calendar
import chinese_calendar.constants
from holidays.countries.china import China

# Fixed offset: China has had no summer time since 1991, and a bare machine has no zone files.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")
# How far the clocks of two machines may be apart without anything being taken for wrong.
SKEW = timedelta(seconds=8)
# The published calendar names every holiday up to the last day of this year.
PUBLISHED_UNTIL: int = max(chinese_calendar.constants.holidays).year


def _system_now() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_now


def now() -> datetime:
    """Return the current time, aware, in UTC."""
    return _source()


def is_recent(moment: datetime, at: datetime, span: timedelta) -> bool:
    """Return whether `moment` lies less than `span` before `at`.

    A moment further ahead than `SKEW` was written before the clock was set back. It says nothing
    about its age and does not count as recent.
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
    """Convert an aware datetime to UTC. Raises ValueError when it is naive."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a time without a zone cannot be placed")
    return moment.astimezone(UTC)


def beijing(moment: datetime) -> datetime:
    """Convert an aware datetime to Beijing time. Raises ValueError when it is naive."""
    return to_utc(moment).astimezone(BEIJING)


def from_beijing(naive: datetime) -> datetime:
    """Convert Beijing wall-clock time, as typed into a form, to UTC.

    Raises ValueError when `naive` already carries a zone.
    """
    if naive.tzinfo is not None:
        raise ValueError("expected a Beijing time without a zone")
    return naive.replace(tzinfo=BEIJING).astimezone(UTC)


def today() -> date:
    """Return today's date in Beijing."""
    return beijing(now()).date()


def end_of_day(day: date) -> datetime:
    """Return the last microsecond of a Beijing day, in UTC (office rule: due means end of day)."""
    return datetime.combine(day, time.max, BEIJING).astimezone(UTC)


def cn_date(day: date) -> str:
    """Format as 2022年7月1日.

    An aware datetime uses its Beijing date. Raises ValueError for a naive one.
    """
    if isinstance(day, datetime):
        day = beijing(day).date()
    return f"{day.year}年{day.month}月{day.day}日"


def cn_weekday(day: date) -> str:
    """Format as 周五."""
    return "周" + "一二三四五六日"[day.weekday()]


def cn_datetime(moment: datetime) -> str:
    """Format as 2022年7月1日 09:05, Beijing time. Raises ValueError when `moment` is naive."""
    local = beijing(moment)
    return f"{cn_date(local.date())} {local:%H:%M}"


@dataclass(frozen=True, eq=False)
class OfficeCalendar:
    """The office's own calendar: day -> whether offices work, and the years entered completely."""

    days: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    complete_years: frozenset[int] = frozenset()

    def is_settled(self, year: int) -> bool:
        """Return whether the working days of a year are published or completely entered."""
        return year <= PUBLISHED_UNTIL or year in self.complete_years


NO_TABLE = OfficeCalendar()


@dataclass(frozen=True)
class WorkingDay:
    """A date counted in working days.

    `provisional` when the count crosses a year that is not settled.
    """

    day: date
    provisional: bool


@lru_cache(maxsize=64)
def statutory_days(year: int) -> Mapping[date, str]:
    """Return the statutory holidays of a year with their names, without 补假 and 调休.

    Source: 《全国年节及纪念日放假办法》 as revised in 2024. Empty from 2100 on, for which no lunar
    dates are tabled.
    """
    if year >= 2100:
        return MappingProxyType({})
    holidays = China(years=year, observed=False, expand=False, language="zh_CN")  # type: ignore[no-untyped-call]
    return MappingProxyType({day: str(holidays[day]) for day in sorted(holidays)})


@lru_cache(maxsize=64)
def published_names(year: int) -> Mapping[date, str]:
    """Return the names of the published holidays and make-up working days of a year."""
    named = chinese_calendar.constants
    names = {day: named.Holiday(name).chinese for day, name in named.holidays.items()}
    for day, name in named.workdays.items():
        names[day] = f"{named.Holiday(name).chinese}调休上班"
    return MappingProxyType({day: names[day] for day in sorted(names) if day.year == year})


def is_working_day(day: date, calendar: OfficeCalendar = NO_TABLE) -> bool:
    """Return whether offices work on this Beijing day."""
    return calendar.days[day] if day in calendar.days else _works_by_law(day)


@lru_cache(maxsize=4096)  # lists ask about the same few days for every row
def latest_working_day(day: date, calendar: OfficeCalendar = NO_TABLE) -> date:
    """Return `day` when it is a working day, else the last one before it.

    Raises ValueError when `calendar` leaves none within four years.
    """
    for back in range(1462):
        if is_working_day(day - timedelta(days=back), calendar):
            return day - timedelta(days=back)
    raise ValueError("the calendar has no working day before")


def _works_by_law(day: date) -> bool:
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the published calendar does not cover this year
        return day.weekday() < 5 and day not in statutory_days(day.year)


def add_working_days(day: date, count: int, calendar: OfficeCalendar = NO_TABLE) -> date:
    """Return the `count`-th working day after `day` (count ≥ 0; 0 gives `day` itself).

    Raises ValueError when `count` is negative, or when `calendar` leaves no working day within four
    years.
    """
    if count < 0:
        raise ValueError("count of working days must not be negative")
    limit = day + timedelta(days=1461 + 3 * count)
    while count:
        day += timedelta(days=1)
        if day > limit:
            raise ValueError("the calendar has no working day left")
        count -= is_working_day(day, calendar)
    return day


def is_provisional(start: date, end: date, calendar: OfficeCalendar = NO_TABLE) -> bool:
    """Return whether counting from the day after `start` to `end` crosses an unsettled year."""
    first = start + timedelta(days=1)
    years = range(first.year, end.year + 1) if end >= first else ()
    return any(not calendar.is_settled(year) for year in years)


def count_working_days(day: date, count: int, calendar: OfficeCalendar = NO_TABLE) -> WorkingDay:
    """Return the date of `add_working_days`, and whether it may still change. Raises ValueError."""
    last = add_working_days(day, count, calendar)
    return WorkingDay(last, is_provisional(day, last, calendar))
