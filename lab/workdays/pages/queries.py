"""Reads for the pages of one day and of a year's import."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lab.workdays import queries
from lab.workdays.models import CalendarDay
from lab.workdays.rules import DayEntry, ParsedRow, entries_of


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

    `entries` are the days they stand for, `own` the number of days that the year has already;
    `seen` is the year's fingerprint, sent back so that nothing newer is replaced.
    """

    year: int
    rows: tuple[ParsedRow, ...]
    entries: Sequence[DayEntry]
    own: int
    seen: str

    @property
    def faulty(self) -> int:
        """How many lines cannot be read."""
        return sum(bool(row.problem) for row in self.rows)


def import_page(year: int, rows: tuple[ParsedRow, ...]) -> ImportPage:
    """Return the page of a year's import."""
    own, seen = queries.year_page(year).own, queries.year_fingerprint(year)
    return ImportPage(year, rows, entries_of(rows), own, seen)
