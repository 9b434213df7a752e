"""The months that a project still owes: ended, at work, and never handed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.indicators import months
from lab.indicators.models import Entry, EntryEvent, ProgressReport
from lab.portfolio.history import states_on, worked_in
from lab.portfolio.lifecycle import IN_PROGRESS
from lab.portfolio.models import Project


def open_months(project_ids: Sequence[int], day: date) -> dict[int, tuple[date, ...]]:
    """The ends of the months owed by each project at work on `day`, oldest first.

    A month counts from the start of the work; one in which the project was on no day at work is
    not asked for. Handed in is what had arrived by the end of `day`, however long it waits for
    the leader or the office, and even when it was sent back since.
    """
    at_work = [
        key for key, state in states_on(project_ids, day).items() if state.status in IN_PROGRESS
    ]
    rows = db.session.execute(
        select(Project.id, Project.started_on).where(
            Project.id.in_(at_work), Project.started_on.is_not(None)
        )
    ).all()
    if not rows:
        return {}
    last = months.last_ended(day)
    ends = months.between(min(row.started_on for row in rows), last)
    worked = worked_months([row.id for row in rows], ends)
    arrived = arrived_months([row.id for row in rows], clock.end_of_day(day))
    found: dict[int, tuple[date, ...]] = {}
    for row in rows:
        wanted = {end for end in worked.get(row.id, set()) if end >= row.started_on}
        found[row.id] = tuple(sorted(wanted - arrived.get(row.id, set())))
    return found


def worked_months(project_ids: Sequence[int], ends: Sequence[date]) -> dict[int, set[date]]:
    """Those of these months in which each project was at work on some day."""
    found = worked_in(project_ids, [(end.replace(day=1), end) for end in ends])
    return {key: {end for _, end in spans} for key, spans in found.items()}


def arrived_months(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    """The months of which figures or words had been handed in by then."""
    found: dict[int, set[date]] = defaultdict(set)
    figures = (
        select(Entry.project_id, Entry.period_end)
        .join(EntryEvent, EntryEvent.entry_id == Entry.id)
        .where(
            Entry.project_id.in_(project_ids),
            EntryEvent.status == "submitted",
            EntryEvent.at <= until,
        )
        .distinct()
    )
    texts = select(ProgressReport.project_id, ProgressReport.period_end).where(
        ProgressReport.project_id.in_(project_ids), ProgressReport.first_submitted_at <= until
    )
    for query in (figures, texts):
        for row in db.session.execute(query):
            found[row.project_id].add(row.period_end)
    return found
