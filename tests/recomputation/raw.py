"""Rows of the tables as plain tuples: what the independent rules are given, and nothing else.

Read by SQL text, so that neither models nor queries of the portal come between. Days are dates,
moments aware UTC times, values and targets integers in hundredths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session


class Call(NamedTuple):
    id: int
    year: int
    batch: int
    title: str
    source_label: str
    is_demo: bool
    received_text: str
    approved_stated: int | None


class Proposal(NamedTuple):
    call_id: int
    number: str | None
    first_submitted_at: datetime | None
    is_demo: bool


class Project(NamedTuple):
    id: int
    call_id: int
    name: str
    source_label: str
    is_demo: bool
    starts_on: date | None
    ends_on: date | None
    started_on: date | None
    approved_at: datetime | None
    status_as_of: date | None


class State(NamedTuple):
    id: int
    valid_from: date
    project_id: int
    status: str
    origin: str


class Override(NamedTuple):
    id: int
    valid_from: date
    project_id: int
    color: str | None
    reason: str


class Plan(NamedTuple):
    id: int
    valid_from: date
    project_id: int
    milestone_id: int
    name: str
    due_on: date
    progress: int


class Completion(NamedTuple):
    id: int
    valid_from: date
    project_id: int
    milestone_id: int
    done_on: date | None


class Stage(NamedTuple):
    id: int
    valid_from: date
    project_id: int
    indicator: str
    revision: int
    dropped: bool
    base: int | None
    target: int | None
    starts_on: date | None
    due_on: date | None


class Entry(NamedTuple):
    id: int
    project_id: int
    indicator: str
    period_end: date
    status: str
    value: int | None
    value_text: str
    forecast: bool
    corrects_id: int | None
    source_label: str
    is_demo: bool


class Event(NamedTuple):
    id: int
    entry_id: int
    status: str
    at: datetime


class Scenario(NamedTuple):
    id: int
    key: str
    project_id: int
    name: str
    began_on: date
    source_label: str
    is_demo: bool


class Merchant(NamedTuple):
    id: int
    scenario_id: int
    same_as_id: int | None
    name: str
    began_on: date
    is_demo: bool


class Outlets(NamedTuple):
    id: int
    valid_from: date
    merchant_id: int
    outlets: int


class Step(NamedTuple):
    id: int
    merchant_id: int
    step: str
    on: date
    ended_on: date | None


@dataclass(frozen=True)
class Rows:
    """Everything stored that a figure can come from."""

    calls: tuple[Call, ...]
    proposals: tuple[Proposal, ...]
    projects: tuple[Project, ...]
    states: tuple[State, ...]
    overrides: tuple[Override, ...]
    plans: tuple[Plan, ...]
    completions: tuple[Completion, ...]
    stages: tuple[Stage, ...]
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]
    scenarios: tuple[Scenario, ...]
    merchants: tuple[Merchant, ...]
    outlets: tuple[Outlets, ...]
    steps: tuple[Step, ...]


TABLES: dict[str, tuple[str, type[Any]]] = {
    "calls": ("call", Call),
    "proposals": ("proposal", Proposal),
    "projects": ("project", Project),
    "states": ("project_state", State),
    "overrides": ("light_override", Override),
    "plans": ("milestone_plan", Plan),
    "completions": ("milestone_completion", Completion),
    "stages": ("target_revision", Stage),
    "entries": ("entry", Entry),
    "events": ("entry_event", Event),
    "scenarios": ("scenario", Scenario),
    "merchants": ("merchant", Merchant),
    "outlets": ("merchant_count", Outlets),
    "steps": ("onboarding_step", Step),
}
DAYS = {
    "valid_from", "due_on", "done_on", "starts_on", "ends_on", "started_on", "status_as_of",
    "period_end", "began_on", "on", "ended_on",
}  # fmt: skip
MOMENTS = {"at", "approved_at", "first_submitted_at"}
SWITCHES = {"is_demo", "dropped", "forecast"}


def read(session: Session) -> Rows:
    """Every row of the tables named above, in the order of their ids."""
    return Rows(**{name: _table(session, *where) for name, where in TABLES.items()})


def _table(session: Session, table: str, kind: type[Any]) -> tuple[Any, ...]:
    columns = ", ".join(f'"{name}"' for name in kind._fields)
    order = "id"
    found = session.execute(text(f'SELECT {columns} FROM "{table}" ORDER BY {order}'))
    readers = [_reader(name) for name in kind._fields]
    return tuple(
        kind(*(read(cell) for read, cell in zip(readers, row, strict=True))) for row in found
    )


def _reader(column: str) -> Callable[[Any], Any]:
    if column in DAYS:
        return _day
    if column in MOMENTS:
        return _moment
    if column in SWITCHES:
        return bool
    return lambda cell: cell


def _day(cell: Any) -> date | None:
    """SQLite gives text, PostgreSQL a date."""
    return date.fromisoformat(cell) if isinstance(cell, str) else cell


def _moment(cell: Any) -> datetime | None:
    """SQLite gives text without a zone, PostgreSQL a time in any zone; both mean UTC."""
    found = datetime.fromisoformat(cell) if isinstance(cell, str) else cell
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
