"""Months as reporting periods: a period is named by its last day. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from lab.clock import NO_TABLE, OfficeCalendar, add_working_days

YEARS = range(2000, 2100)  # no project reports for others
REPORT_WORKING_DAYS = 5  # office rule: a month is reported within five working days of its end


def month_end(day: date) -> date:
    """The last day of the month that `day` lies in."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def previous_period(end: date) -> date:
    """The period before."""
    return end.replace(day=1) - timedelta(days=1)


def last_ended(day: date) -> date:
    """The newest period that has ended by the end of `day`."""
    end = month_end(day)
    return end if end == day else previous_period(end)


def periods_back(end: date, count: int) -> tuple[date, ...]:
    """`count` periods up to and including `end`, oldest first."""
    ends = [end]
    while len(ends) < count:
        ends.append(previous_period(ends[-1]))
    return tuple(reversed(ends[:count]))


def periods_between(first: date, last: date) -> tuple[date, ...]:
    """Every period from the one that holds `first` to `last`, oldest first."""
    ends, end = [], last
    while end >= first:
        ends.append(end)
        end = previous_period(end)
    return tuple(reversed(ends))


def report_due_on(end: date, calendar: OfficeCalendar = NO_TABLE) -> date:
    """The day by which a period must be reported, by the office's table of working days."""
    return add_working_days(end, REPORT_WORKING_DAYS, calendar)


def month_code(end: date) -> str:
    """2022-09, as addresses carry it."""
    return f"{end:%Y-%m}"


def format_month(end: date) -> str:
    """2022年9月, as sentences name it."""
    return f"{end.year}年{end.month}月"


def parse_month(text: str) -> date | None:
    """The period of an address (2022-09), None when it is not one."""
    year, _, month = text.partition("-")
    if len(text) != 7 or not (year.isdecimal() and month.isdecimal() and text.isascii()):
        return None
    if int(year) not in YEARS or int(month) not in range(1, 13):
        return None
    return month_end(date(int(year), int(month), 1))
