"""What waits for the office in its calendar."""

from __future__ import annotations

from flask import url_for

from lab import clock
from lab.feature import Todo, TodoSource
from lab.policy import OFFICE, Actor
from lab.workdays.queries import office_calendar
from lab.workdays.rules import entry_deadline, year_to_ask_for


def _calendar(_actor: Actor) -> list[Todo]:
    """Remind from 1 November until next year's holidays are known."""
    year = year_to_ask_for(clock.today(), office_calendar())
    if year is None:
        return []
    address = url_for("workdays.year", year=year)
    return [Todo(f"录入{year}年放假和调休安排", "工作日历", address, entry_deadline(year))]


TODOS = (TodoSource(_calendar, OFFICE, 150),)
