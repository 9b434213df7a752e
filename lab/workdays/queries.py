"""Queries of the office's calendar.

Every count of working days with a database goes through here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Boolean, CompoundSelect, Date, cast, extract, func, null, select
from sqlalchemy.orm import joinedload

from lab import clock
from lab.clock import PUBLISHED_UNTIL, OfficeCalendar, WorkingDay
from lab.extensions import db
from lab.workdays.models import CalendarDay, CalendarYear
from lab.workdays.rules import FIRST_YEAR, LAST_YEAR, provisional_note

CACHED = "office_calendar"


def office_calendar() -> OfficeCalendar:
    """Return the office's calendar, loaded once per transaction."""
    session = db.session()
    cached: tuple[Any, OfficeCalendar] | None = session.info.get(CACHED)
    if cached and cached[0] is session.get_transaction():
        return cached[1]
    table = _read()
    session.info[CACHED] = (session.get_transaction(), table)
    return table


def _read() -> OfficeCalendar:
    rows = db.session.execute(_days_and_years()).all()
    return OfficeCalendar(
        {row.day: row.working for row in rows if row.day is not None},
        frozenset(row.year for row in rows if row.day is None),
    )


@cache  # made on first use, and once: every page with a due date asks it
def _days_and_years() -> CompoundSelect[date, bool, int]:
    """Return the query for days and complete years; a year has no `working`."""
    days = select(CalendarDay.day, CalendarDay.working, CalendarDay.id.label("year"))
    years = select(cast(null(), Date), cast(null(), Boolean), CalendarYear.year)
    return days.union_all(years)


def clear_cache() -> None:
    """Clear the cached calendar; called by its writes."""
    db.session().info.pop(CACHED, None)


def count_working_days(start: date, days: int) -> WorkingDay:
    """Return the `days`-th working day after `start`, and whether it may still change."""
    return clock.count_working_days(start, days, office_calendar())


def is_provisional(start: date | None, end: date | None) -> bool:
    """Return whether a day `end` counted from `start` depends on a year that is not settled."""
    if start is None or end is None:
        return False
    return clock.is_provisional(start, end, office_calendar())


def due_note(due: date | datetime | None) -> str:
    """Return the note after a stored date or time counted in working days.

    "" when its year is settled. A template filter.
    """
    day = clock.beijing(due).date() if isinstance(due, datetime) else due
    return provisional_note(day is not None and not office_calendar().is_settled(day.year))


def year_fingerprint(year: int) -> str:
    """Return a value that changes with every change of the year's own days."""
    row = db.session.execute(
        select(
            func.count(CalendarDay.id), func.max(CalendarDay.id), func.sum(CalendarDay.version)
        ).where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
    ).one()
    return ".".join(str(part or 0) for part in row)


# -- the page of a year ------------------------------------------------------------------------


@dataclass(frozen=True)
class DayRow:
    """A day that differs from the plain week; `key` is "" for one of the published calendar."""

    day: date
    working: bool
    name: str
    source: str
    key: str = ""
    version: int = 0
    entered_by: str = ""
    entered_at: datetime | None = None


@dataclass(frozen=True)
class YearPage:
    """A year as the office sees it; `basis` is published, complete, partial or law."""

    year: int
    basis: str
    source: str
    completed_by: str
    completed_at: datetime | None
    rows: tuple[DayRow, ...]
    years: tuple[int, ...]

    @property
    def own(self) -> int:
        """The number of days the office entered."""
        return sum(bool(row.key) for row in self.rows)


def year_page(year: int) -> YearPage:
    """Return the days of a year: the office's own, and the published or statutory ones below."""
    own = {row.day: row for row in _own_rows(year)}
    basis, source = ("published", "已随系统公布") if year <= PUBLISHED_UNTIL else ("law", "")
    complete_year = db.session.get(
        CalendarYear, year, options=[joinedload(CalendarYear.completed_by)]
    )
    if complete_year:
        basis = "complete"
    elif basis == "law" and own:
        basis = "partial"
    beneath = {row.day: row for row in _underlying_rows(year)}
    return YearPage(
        year=year,
        basis=basis,
        source=complete_year.source if complete_year else source,
        completed_by=complete_year.completed_by.name
        if complete_year and complete_year.completed_by
        else "",
        completed_at=complete_year.completed_at if complete_year else None,
        rows=tuple(day for _, day in sorted({**beneath, **own}.items())),
        years=_years(year),
    )


def _own_rows(year: int) -> list[DayRow]:
    rows = db.session.scalars(
        select(CalendarDay)
        .where(CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31)))
        .options(joinedload(CalendarDay.entered_by))
    )
    return [
        DayRow(
            row.day,
            row.working,
            row.name,
            row.source,
            row.key,
            row.version,
            row.entered_by.name if row.entered_by else "",
            row.entered_at,
        )
        for row in rows
    ]


def _underlying_rows(year: int) -> list[DayRow]:
    """Return what holds without the office's calendar and differs from Monday to Friday."""
    published = year <= PUBLISHED_UNTIL
    source = "国务院办公厅通知（已随系统公布）" if published else "《全国年节及纪念日放假办法》"
    rows, day = [], date(year, 1, 1)
    names = clock.published_names(year) if published else clock.statutory_days(year)
    while day.year == year:
        works = clock.is_working_day(day)
        if day in names or works != (day.weekday() < 5):
            rows.append(DayRow(day, works, names.get(day, "放假"), source))
        day += timedelta(days=1)
    return rows


def _years(shown: int) -> tuple[int, ...]:
    """Return the years offered: those entered, and from last year to the year after next."""
    today = clock.today().year
    parts = extract("year", CalendarDay.day)
    first, last = db.session.execute(select(func.min(parts), func.max(parts))).one()
    low = min(int(first or today - 1), today - 1, shown)
    high = max(int(last or today + 1), today + 1, shown)
    return tuple(range(max(low, FIRST_YEAR), min(high, LAST_YEAR) + 1))
