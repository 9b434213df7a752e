"""Overdue and open periods: ended, at work, never submitted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.indicators.models import Entry, EntryEvent, ProgressReport
from lab.indicators.rules import months
from lab.indicators.rules.lifecycle import EntryStatus
from lab.portfolio.core.history import spans_at_work, states_on, targets_on
from lab.portfolio.models.project import Project
from lab.portfolio.rules.lifecycle import REPORTING


def open_months(project_ids: Sequence[int], day: date) -> dict[int, tuple[date, ...]]:
    """Return the ends of the unsubmitted periods of each project at work on `day`, oldest first.

    Periods count from the start of the work; one without a single day at work is not due. Submitted
    means received by the end of `day`, even if it is still pending or was returned since: figures,
    or the narrative alone for a project without targets.
    """
    at_work = [
        key for key, state in states_on(project_ids, day).items() if state.status in REPORTING
    ]
    rows = db.session.execute(
        select(Project.id, Project.started_on).where(
            Project.id.in_(at_work), Project.started_on.is_not(None)
        )
    ).all()
    if not rows:
        return {}
    ids, until = [row.id for row in rows], clock.end_of_day(day)
    ends = months.periods_between(min(row.started_on for row in rows), months.last_ended(day))
    active_months = months_at_work(ids, ends)
    figures, narratives = figures_received(ids, until), narratives_received(ids, until)
    measured = {project_id for project_id, _ in targets_on(ids, day)}
    open_by_project: dict[int, tuple[date, ...]] = {}
    for row in rows:
        due_ends = {end for end in active_months.get(row.id, set()) if end >= row.started_on}
        received = figures[row.id] if row.id in measured else figures[row.id] | narratives[row.id]
        open_by_project[row.id] = tuple(sorted(due_ends - received))
    return open_by_project


def months_at_work(project_ids: Sequence[int], ends: Sequence[date]) -> dict[int, set[date]]:
    """Return those of these periods in which each project was at work on some day."""
    active_spans = spans_at_work(project_ids, [(end.replace(day=1), end) for end in ends])
    return {key: {end for _, end in spans} for key, spans in active_spans.items()}


def received_months(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    """Return the periods with figures or a narrative submitted by then."""
    figures = figures_received(project_ids, until)
    narratives = narratives_received(project_ids, until)
    return {key: figures[key] | narratives[key] for key in project_ids}


def figures_received(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    """Return the periods with figures submitted by then."""
    rows = db.session.execute(
        select(Entry.project_id, Entry.period_end)
        .join(EntryEvent, EntryEvent.entry_id == Entry.id)
        .where(
            Entry.project_id.in_(project_ids),
            EntryEvent.status == EntryStatus.SUBMITTED,
            EntryEvent.at <= until,
        )
        .distinct()
    )
    return _by_project(rows)


def narratives_received(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    """Return the periods with a narrative submitted by then."""
    rows = db.session.execute(
        select(ProgressReport.project_id, ProgressReport.period_end).where(
            ProgressReport.project_id.in_(project_ids), ProgressReport.first_submitted_at <= until
        )
    )
    return _by_project(rows)


def _by_project(rows: Iterable[Any]) -> Mapping[int, set[date]]:
    grouped: dict[int, set[date]] = defaultdict(set)
    for row in rows:
        grouped[row.project_id].add(row.period_end)
    return grouped
