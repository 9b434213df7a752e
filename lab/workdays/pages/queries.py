"""Reads for the pages of a year, of one day and of a year's import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import extract, func, select
from sqlalchemy.orm import joinedload

from lab import clock
from lab.clock import PUBLISHED_UNTIL
from lab.extensions import db
from lab.workdays import queries
from lab.workdays.models import CalendarDay, CalendarYear
from lab.workdays.rules import (
    FIRST_YEAR,
    LAST_YEAR,
    DayEntry,
    ParsedRow,
    entries_fingerprint,
    entries_of,
    is_unchanged,
)


@dataclass(frozen=True)
class DayRow:
    """A day that differs from the plain week; `key` is "" for one of the published calendar."""

    day: date
    working: bool
    name: str
    source: str
    key: str = ""
    entered_by: str = ""
    entered_at: datetime | None = None


class Basis(StrEnum):
    """What the calendar of a year is based on."""

    PUBLISHED = "published"  # the State Council's notice, which the portal knows
    COMPLETE = "complete"  # the office's own days, declared to be all of the notice
    PARTIAL = "partial"  # some days of the office's own
    LAW = "law"  # statutory holidays alone


@dataclass(frozen=True)
class YearPage:
    """A year as the office sees it."""

    year: int
    basis: Basis
    source: str
    completed_by: str
    completed_at: datetime | None
    rows: tuple[DayRow, ...]
    years: tuple[int, ...]
    fingerprint: str
    """Sent back when the year is marked complete, or unmarked: that applies to the days shown."""

    @property
    def own(self) -> int:
        """The number of days the office entered."""
        return sum(bool(row.key) for row in self.rows)

    @property
    def can_complete(self) -> bool:
        """Whether the year waits to be declared complete."""
        return self.basis == Basis.PARTIAL

    @property
    def can_reopen(self) -> bool:
        """Whether the year's completeness could be withdrawn."""
        return self.basis == Basis.COMPLETE


def year_page(year: int) -> YearPage:
    """Return the days of a year: the office's own, and the published or statutory ones below."""
    fingerprint = queries.year_fingerprint(year)  # before the days, as in `import_page`
    own = {row.day: row for row in _own_rows(year)}
    basis = Basis.PUBLISHED if year <= PUBLISHED_UNTIL else Basis.LAW
    complete_year = db.session.get(
        CalendarYear, year, options=[joinedload(CalendarYear.completed_by)]
    )
    if complete_year:
        basis = Basis.COMPLETE
    elif basis == Basis.LAW and own:
        basis = Basis.PARTIAL
    beneath = {row.day: row for row in _underlying_rows(year)}
    return YearPage(
        year=year,
        basis=basis,
        source=complete_year.source if complete_year else "",
        completed_by=complete_year.completed_by.name
        if complete_year and complete_year.completed_by
        else "",
        completed_at=complete_year.completed_at if complete_year else None,
        rows=tuple(day for _, day in sorted({**beneath, **own}.items())),
        years=_years(year),
        fingerprint=fingerprint,
    )


def _own_rows(year: int) -> list[DayRow]:
    rows = db.session.scalars(
        select(CalendarDay)
        .where(queries.in_year(year))
        .options(joinedload(CalendarDay.entered_by))
        .order_by(CalendarDay.day)
    )
    return [
        DayRow(
            row.day,
            row.working,
            row.name,
            row.source,
            row.key,
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
    """Return the years offered: those entered, and from last year to next year."""
    today = clock.today().year
    parts = extract("year", CalendarDay.day)
    first, last = db.session.execute(select(func.min(parts), func.max(parts))).one()
    low = min(int(first or today - 1), today - 1, shown)
    high = max(int(last or today + 1), today + 1, shown)
    return tuple(range(max(low, FIRST_YEAR), min(high, LAST_YEAR) + 1))


@dataclass(frozen=True)
class DayPage:
    """One day of the calendar, `row`, or none while it is entered; `year` is the page before."""

    year: int
    row: CalendarDay | None


def day_page(row: CalendarDay) -> DayPage:
    """Build the page of a stored day."""
    return DayPage(row.day.year, row)


def new_day_page(year: int) -> DayPage:
    """Build the page on which a day is entered, come from the page of `year`."""
    return DayPage(year, None)


@dataclass(frozen=True)
class ImportPage:
    """The lines read for a year.

    `entries` are the days they stand for, `own` the number of days that the year has already,
    `replaced` those of them that the import changes or removes. Both fingerprints are sent back:
    nothing newer than `year_fingerprint` is replaced, nothing but the entries reviewed is stored.
    `complete_source` is the source of a year that is complete, "" while it is not; a published
    year cannot be declared complete.
    """

    year: int
    rows: tuple[ParsedRow, ...]
    entries: Sequence[DayEntry]
    own: int
    replaced: tuple[DayRow, ...]
    year_fingerprint: str
    entries_fingerprint: str
    complete_source: str
    can_complete: bool

    @property
    def faulty(self) -> int:
        """How many lines cannot be read."""
        return sum(bool(row.problem) for row in self.rows)


def complete_source(year: int) -> str:
    """Return the source of a year that is complete, "" while it is not."""
    row = db.session.get(CalendarYear, year)
    return row.source if row else ""


def import_page(year: int, rows: tuple[ParsedRow, ...], source: str) -> ImportPage:
    """Return the page of a year's import; `source` is the one given for the lines."""
    # Before the days: one stored between the two reads is not shown, and so has to be refused.
    year_fingerprint = queries.year_fingerprint(year)
    entries, own = entries_of(rows), _own_rows(year)
    by_day = {entry.day: entry for entry in entries}
    return ImportPage(
        year=year,
        rows=rows,
        entries=entries,
        own=len(own),
        replaced=tuple(r for r in own if not is_unchanged(r, by_day.get(r.day), source)),
        year_fingerprint=year_fingerprint,
        entries_fingerprint=entries_fingerprint(entries, source),
        complete_source=complete_source(year),
        can_complete=year > PUBLISHED_UNTIL,
    )
