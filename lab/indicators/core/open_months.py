"""The months that a project still owes: ended, at work, and never handed in."""

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
    """The ends of the months owed by each project at work on `day`, oldest first.

    A month counts from the start of the work; one in which the project was on no day at work is
    not asked for. Handed in is what had arrived by the end of `day`, however long it waits for
    the leader or the office, and even when it was sent back since: figures, or the words alone of
    a project without targets.
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
    """Those of these months in which each project was at work on some day."""
    active_spans = spans_at_work(project_ids, [(end.replace(day=1), end) for end in ends])
    return {key: {end for _, end in spans} for key, spans in active_spans.items()}


def received_months(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    """The months of which figures or words had been handed in by then."""
    figures, words = figures_received(project_ids, until), narratives_received(project_ids, until)
    return {key: figures[key] | words[key] for key in project_ids}


def figures_received(project_ids: Sequence[int], until: datetime) -> Mapping[int, set[date]]:
    """The months of which figures had been handed in by then."""
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
    """The months of which the words had been handed in by then."""
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
