"""Load the years and days of the calendar that an address names."""

from __future__ import annotations

from sqlalchemy import select

from lab.extensions import db
from lab.policy import Actor, Resource
from lab.web.request.guards import LoadedResource
from lab.workdays.models import CalendarDay
from lab.workdays.rules import is_known_year


def load_year(_actor: Actor, year: int) -> LoadedResource | None:
    """Load the year itself, None for one outside all calendars."""
    known = is_known_year(year)
    return LoadedResource(year, Resource("none"), "workdays.list") if known else None


def load_day(_actor: Actor, key: str) -> LoadedResource | None:
    """Load the day with this key."""
    row = db.session.scalar(select(CalendarDay).where(CalendarDay.key == key))
    return LoadedResource(row, Resource("none"), "workdays.list") if row else None
