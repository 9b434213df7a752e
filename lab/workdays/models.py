"""Tables of the office's calendar: single days, and the years entered completely."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import HasKey, UtcDateTime, Versioned
from lab.extensions import Model
from lab.identity.models.account import Person


class CalendarDay(HasKey, Versioned, Model):
    """A day on which offices work or not, overriding the published calendar.

    `source` is the title of the notice that says so.
    """

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(Date, unique=True)
    working: Mapped[bool] = mapped_column(Boolean)
    name: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(120))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by: Mapped[Person | None] = relationship()
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class CalendarYear(Model):
    """A year that the office has entered completely by the notice in `source`."""

    __tablename__ = "calendar_year"
    __table_args__ = (CheckConstraint("year BETWEEN 2004 AND 2099", name="year_known"),)

    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(120))
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    completed_by: Mapped[Person | None] = relationship()
    completed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
