"""Reads for the start page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from lab import clock
from lab.calls.core.read_models import CallRow
from lab.calls.pages.queries import open_calls
from lab.feature import Todo
from lab.home.queries import todos
from lab.policy import APPLICANT, LEADING, OFFICE, Actor
from lab.portfolio.pages import queries as portfolio
from lab.portfolio.pages.batch_counts import BatchCount, batch_counts
from lab.portfolio.pages.queries import ListRow

AHEAD = 8


@dataclass(frozen=True)
class HomePage:
    """The start page as a person's roles make it.

    `overview`: the reader sees all projects, counted in `batches` and, with a red or yellow light,
    listed in `troubled`. `calls` take an applicant's submissions now. `staff`: takes part in
    business, as administrators do not.
    """

    todos: Sequence[Todo]
    overview: bool
    batches: Sequence[BatchCount]
    day: date
    read_at: datetime
    troubled: Sequence[ListRow]
    calls: Sequence[CallRow]
    staff: bool


def home_page(person: Actor) -> HomePage:
    """Return the start page of a person."""
    overview = bool(person.roles & {OFFICE, LEADING})
    rows = portfolio.list_rows(person) if overview else ()
    return HomePage(
        todos=todos(person),
        overview=overview,
        batches=batch_counts(rows) if overview else (),
        day=clock.today(),
        read_at=clock.now(),
        troubled=[row for row in rows if row.light.is_troubled][:AHEAD],
        calls=open_calls(person.unit_id) if APPLICANT in person.roles else (),
        staff=person.is_staff,
    )
