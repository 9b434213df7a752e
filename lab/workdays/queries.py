"""Queries of the office's calendar.

Every count of working days with a database goes through here.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, CompoundSelect, Date, cast, null, select

from lab import clock
from lab.canonical import fingerprint
from lab.clock import OfficeCalendar, WorkingDay
from lab.extensions import db
from lab.workdays.models import CalendarDay, CalendarYear
from lab.workdays.rules import provisional_note

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
    """Return a hash that changes with every change of the year's own days or completeness."""
    # Keys are never reused; SQLite reuses row ids.
    stored = select(CalendarDay.key, CalendarDay.version).where(in_year(year))
    days = db.session.execute(stored.order_by(CalendarDay.key))
    completed = select(CalendarYear.source, CalendarYear.completed_at)
    years = db.session.execute(completed.where(CalendarYear.year == year))
    return fingerprint([tuple(row) for row in (*days, *years)])


def in_year(year: int) -> ColumnElement[bool]:
    """Return the condition for the office's own days of a year."""
    return CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
