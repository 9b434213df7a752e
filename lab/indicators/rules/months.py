"""Months as reporting periods, identified by their last day. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from lab.clock import NO_TABLE, OfficeCalendar, add_working_days

YEARS = range(2000, 2100)  # no project reports for others
REPORT_WORKING_DAYS = 5  # office rule: a month is reported within five working days of its end


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def previous_period(end: date) -> date:
    """Return the period before."""
    return end.replace(day=1) - timedelta(days=1)


def last_ended(day: date) -> date:
    """Return the newest period that has ended by the end of `day`."""
    end = month_end(day)
    return end if end == day else previous_period(end)


def periods_back(end: date, count: int) -> tuple[date, ...]:
    """Return `count` periods up to and including `end`, oldest first."""
    ends = [end]
    while len(ends) < count:
        ends.append(previous_period(ends[-1]))
    return tuple(reversed(ends[:count]))


def periods_between(first: date, last: date) -> tuple[date, ...]:
    """Return every period from the one of `first` to the one of `last`, oldest first."""
    ends, end = [], last
    while end >= first:
        ends.append(end)
        end = previous_period(end)
    return tuple(reversed(ends))


def report_due_on(end: date, calendar: OfficeCalendar = NO_TABLE) -> date:
    """Return the day by which a period must be reported, by the office's working days."""
    return add_working_days(end, REPORT_WORKING_DAYS, calendar)


def month_code(end: date) -> str:
    """Format as in addresses: 2022-09."""
    return f"{end:%Y-%m}"


def format_month(end: date) -> str:
    """Format as in sentences: 2022年9月."""
    return f"{end.year}年{end.month}月"


def parse_month(text: str) -> date | None:
    """Return the period of an address (2022-09), None for anything else."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year.isdecimal() and month.isdecimal() and text.isascii()):
        return None
    if int(year) not in YEARS or int(month) not in range(1, 13):
        return None
    return month_end(date(int(year), int(month), 1))
