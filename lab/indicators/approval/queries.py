"""Pending figures: what a leader confirms and the office approves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lab.catalogue.indicators import INDICATORS, Indicator
from lab.extensions import db
from lab.identity.models.account import Person
from lab.indicators.core.text import entry_text
from lab.indicators.models import Entry
from lab.indicators.rules.lifecycle import ENTRY, WAITING, EntryStatus
from lab.portfolio.models.project import Project, TeamMember
from lab.workflow import State


@dataclass(frozen=True)
class WaitingRow:
    """One pending figure, beside the one it follows or replaces."""

    key: str
    version: int
    spec: Indicator
    period_end: date
    old: str
    new: str
    change: str
    unavailable_reason: str
    note: str
    correction_reason: str
    entered_by_id: int | None
    confirmed_by_id: int | None
    entered_by: str
    state: State


@dataclass(frozen=True)
class WaitingProject:
    """A project with the number of its figures in one state."""

    id: int
    key: str
    number: str | None
    name: str
    count: int
    oldest: date


@dataclass(frozen=True)
class WaitingMonth:
    """A project's period, how many of its figures are in one state, and since when submitted."""

    key: str
    name: str
    end: date
    count: int
    since: datetime | None


@dataclass(frozen=True)
class ReturnedRow:
    """A returned figure.

    `corrects` is the key of the approved figure it was to replace, "" for a first report, which is
    corrected in the grid of its period.
    """

    spec: Indicator
    period_end: date
    text: str
    reason: str
    corrects: str


def returned_rows(project_id: int) -> tuple[ReturnedRow, ...]:
    """Return a project's returned figures, oldest period first."""
    old = aliased(Entry)
    rows = db.session.execute(
        select(Entry, old.key)
        .outerjoin(old, old.id == Entry.corrects_id)
        .where(Entry.project_id == project_id, Entry.status == EntryStatus.RETURNED)
        .order_by(Entry.period_end, Entry.indicator)
    )
    return tuple(
        ReturnedRow(
            INDICATORS[entry.indicator],
            entry.period_end,
            entry_text(entry),
            entry.return_reason or "",
            key or "",
        )
        for entry, key in rows
    )


def waiting_rows(project_id: int) -> tuple[WaitingRow, ...]:
    """Return a project's pending figures, oldest period first, each beside its predecessor."""
    person = aliased(Person)
    rows = db.session.execute(
        select(Entry, person.name)
        .outerjoin(person, person.id == Entry.entered_by_id)
        .where(Entry.project_id == project_id, Entry.status.in_(WAITING))
        .order_by(Entry.period_end, Entry.indicator)
    ).all()
    approved = _approved(project_id, [row.Entry.indicator for row in rows])
    return tuple(_row(row.Entry, row.name or "", approved) for row in rows)


def waiting_projects(state: str, person_id: int | None = None) -> tuple[WaitingProject, ...]:
    """Return projects with figures in `state`, oldest period first.

    `state` is submitted, confirmed or returned; with `person_id` only those of this person's teams.
    """
    query = (
        select(
            Project.id,
            Project.key,
            Project.number,
            Project.name,
            func.count(Entry.id).label("count"),
            func.min(Entry.period_end).label("oldest"),
        )
        .join(Entry, Entry.project_id == Project.id)
        .where(Entry.status == state)
        .group_by(Project.id, Project.key, Project.number, Project.name)
        .order_by(func.min(Entry.period_end), Project.id)
    )
    if person_id is not None:
        own_projects = select(TeamMember.project_id).where(TeamMember.person_id == person_id)
        query = query.where(Project.id.in_(own_projects))
    return tuple(WaitingProject(**row._mapping) for row in db.session.execute(query))


def waiting_months(state: str, projects: Any = None) -> tuple[WaitingMonth, ...]:
    """Return periods with figures in `state` (submitted, confirmed), longest pending first.

    With `projects` (a query of ids) only those.
    """
    since = func.min(Entry.submitted_at)
    query = (
        select(
            Project.key,
            Project.name,
            Entry.period_end.label("end"),
            func.count(Entry.id).label("count"),
            since.label("since"),
        )
        .join(Entry, Entry.project_id == Project.id)
        .where(Entry.status == state)
        .group_by(Project.id, Project.key, Project.name, Entry.period_end)
        .order_by(since, Project.id, Entry.period_end)
    )
    if projects is not None:
        query = query.where(Project.id.in_(projects))
    return tuple(WaitingMonth(**row._mapping) for row in db.session.execute(query))


def counts_by_state(project_id: int) -> dict[str, int]:
    """Return the number of a project's figures per state."""
    rows = db.session.execute(
        select(Entry.status, func.count(Entry.id))
        .where(Entry.project_id == project_id)
        .group_by(Entry.status)
    )
    return {status: count for status, count in rows}


def _approved(project_id: int, codes: Sequence[str]) -> dict[str, list[Entry]]:
    entries_by_code: dict[str, list[Entry]] = {}
    query = (
        select(Entry)
        .where(
            Entry.project_id == project_id,
            Entry.indicator.in_(codes),
            Entry.status == EntryStatus.APPROVED,
        )
        .order_by(Entry.period_end)
    )
    for entry in db.session.scalars(query):
        entries_by_code.setdefault(entry.indicator, []).append(entry)
    return entries_by_code


def _row(entry: Entry, entered_by: str, approved: dict[str, list[Entry]]) -> WaitingRow:
    earlier = [
        old
        for old in approved.get(entry.indicator, [])
        if old.period_end < entry.period_end or old.id == entry.corrects_id
    ]
    old = next((item for item in earlier if item.id == entry.corrects_id), None)
    old = old or (earlier[-1] if earlier else None)
    return WaitingRow(
        key=entry.key,
        version=entry.version,
        spec=INDICATORS[entry.indicator],
        period_end=entry.period_end,
        old=entry_text(old) if old else "—",
        new=entry_text(entry),
        change=_change_text(entry, old),
        unavailable_reason=entry.unavailable_reason,
        note=entry.note,
        correction_reason=entry.correction_reason,
        entered_by_id=entry.entered_by_id,
        confirmed_by_id=entry.confirmed_by_id,
        entered_by=entered_by,
        state=ENTRY.state(entry.status),
    )


def _change_text(entry: Entry, old: Any) -> str:
    if old is None or old.value is None or entry.value is None:
        return "—"
    difference = (entry.value - old.value).normalize()
    return "不变" if not difference else f"{difference:+f}"
