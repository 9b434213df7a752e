"""Queries of a call's reminders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import Person, Unit
from lab.proposals.models.reminders import REMINDER_KINDS, CallReminder
from lab.proposals.rules.overview import ReminderInfo
from lab.web.pages.pagination import Page, paginate

HISTORY_PAGE_SIZE = 20


@dataclass(frozen=True)
class ReminderRow:
    """One line of the reminder history."""

    unit: str
    kind: str
    notified: int
    by: str
    at: datetime


def reminded_today(call: Call, day: date | None = None) -> dict[int, ReminderInfo]:
    """Return the reminders of a Beijing day (default today) by unit id."""
    rows = db.session.execute(
        select(CallReminder.unit_id, CallReminder.at, Person.name, CallReminder.notified)
        .join(Person, Person.id == CallReminder.by_id)
        .where(CallReminder.call_id == call.id, CallReminder.day == (day or clock.today()))
    )
    return {row[0]: ReminderInfo(*row[1:]) for row in rows}


def reminders(call: Call, args: Mapping[str, str] | None = None) -> Page:
    """Return a page of the history as ReminderRow, newest first."""
    columns: tuple[Any, ...] = (
        *(Unit.name, CallReminder.kind, CallReminder.notified),
        *(Person.name, CallReminder.at),
    )
    query = (
        select(*columns)
        .join(Unit, Unit.id == CallReminder.unit_id)
        .join(Person, Person.id == CallReminder.by_id)
        .where(CallReminder.call_id == call.id)
    )
    page = paginate(
        query, (CallReminder.id.desc(),), args or {}, session=db.session(), size=HISTORY_PAGE_SIZE
    )
    return page.map(lambda row: ReminderRow(row[0], REMINDER_KINDS[row[1]], *row[2:5]))
