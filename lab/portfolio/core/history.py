"""What was valid for projects on a day, by everything recorded until now.

Past states, manual lights, plans and targets are read here and nowhere else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from lab.db.history import latest_by_key, rows_until
from lab.extensions import db
from lab.portfolio.models.history import (
    LightOverride,
    MilestoneCompletion,
    MilestonePlan,
    ProjectState,
    TargetRevision,
)
from lab.portfolio.rules.lifecycle import ENDED, REPORTING
from lab.portfolio.rules.status_light import Milestone, Override


@dataclass(frozen=True)
class StateOn:
    """A project's state on a day, the day it was entered, and its origin (see lab.db.history)."""

    status: str
    since: date
    origin: str


@dataclass(frozen=True)
class TargetOn:
    """A project's target for an indicator: base, start, stages of (due date, value) by date."""

    base: Decimal
    starts_on: date | None
    stages: tuple[tuple[date, Decimal], ...]

    @property
    def due_on(self) -> date:
        """The day by which the last stage is due."""
        return self.stages[-1][0]

    @property
    def target(self) -> Decimal:
        """The value of the last stage."""
        return self.stages[-1][1]


@dataclass(frozen=True)
class MilestoneOn:
    """A milestone on a day: `done_on` None while open, progress 0–100 percent."""

    id: int
    project_id: int
    name: str
    due_on: date
    done_on: date | None
    progress: int


def states_on(project_ids: Sequence[int], day: date) -> dict[int, StateOn]:
    """Return the state of each project on `day`; projects that did not exist yet are absent."""
    return {key: StateOn(r.status, r.valid_from, r.origin) for key, r in _states(project_ids, day)}


def _states(project_ids: Sequence[int], day: date) -> Any:
    query = select(
        ProjectState.project_id, ProjectState.status, ProjectState.valid_from, ProjectState.origin
    ).where(ProjectState.project_id.in_(project_ids))
    rows = db.session.execute(rows_until(query, ProjectState, day))
    return latest_by_key(rows, lambda row: row.project_id).items()


def spans_at_work(
    project_ids: Sequence[int], spans: Sequence[tuple[date, date]]
) -> dict[int, set[tuple[date, date]]]:
    """Return those of these spans (first, last) in which each project was at work on some day."""
    if not spans:
        return {}
    rows = db.session.execute(
        rows_until(
            select(ProjectState.project_id, ProjectState.status, ProjectState.valid_from).where(
                ProjectState.project_id.in_(project_ids)
            ),
            ProjectState,
            max(last for _, last in spans),
        )
    )
    states_by_project: dict[int, list[tuple[date, bool]]] = defaultdict(list)
    for row in rows:
        states_by_project[row.project_id].append((row.valid_from, row.status in REPORTING))
    return {
        key: {span for span in spans if _at_work(steps, *span)}
        for key, steps in states_by_project.items()
    }


def _at_work(steps: list[tuple[date, bool]], first: date, last: date) -> bool:
    """Return whether the state on some day of the span was one of work.

    Of several states on one day the last counts.
    """
    was_at_work = dict(steps)
    days = sorted(was_at_work)
    before = [day for day in days if day <= first]
    inside = [day for day in days if first < day <= last]
    return any(was_at_work[day] for day in [*before[-1:], *inside])


def published_states(project_ids: Sequence[int]) -> dict[int, StateOn]:
    """Return each project's state in a public report, with the report's date."""
    rows = db.session.execute(
        select(ProjectState.project_id, ProjectState.status, ProjectState.valid_from)
        .where(ProjectState.project_id.in_(project_ids), ProjectState.origin == "published")
        .order_by(ProjectState.id)
    )
    return {r.project_id: StateOn(r.status, r.valid_from, "published") for r in rows}


def ended_on(project_ids: Sequence[int], day: date) -> dict[int, date]:
    """Return the day on which each project that had ended by `day` was closed or terminated."""
    return {
        key: state.since
        for key, state in states_on(project_ids, day).items()
        if state.status in ENDED
    }


def earliest_day(project_ids: Sequence[int]) -> date | None:
    """Return the first day of which anything is known about these projects.

    None without projects.
    """
    first: date | None = db.session.scalar(
        select(func.min(ProjectState.valid_from)).where(ProjectState.project_id.in_(project_ids))
    )
    return first


def first_days(project_ids: Sequence[int]) -> dict[int, date]:
    """Return the first day of each project."""
    rows = db.session.execute(
        select(ProjectState.project_id, func.min(ProjectState.valid_from).label("first"))
        .where(ProjectState.project_id.in_(project_ids))
        .group_by(ProjectState.project_id)
    )
    return {row.project_id: row.first for row in rows}


def overrides_on(project_ids: Sequence[int], day: date) -> dict[int, Override]:
    """Return the manual light of each project that had one."""
    query = select(LightOverride.project_id, LightOverride.color, LightOverride.reason).where(
        LightOverride.project_id.in_(project_ids)
    )
    overrides = latest_by_key(
        db.session.execute(rows_until(query, LightOverride, day)), lambda row: row.project_id
    )
    return {
        key: Override(row.color, row.reason)
        for key, row in overrides.items()
        if row.color is not None
    }


def milestones_on(project_ids: Sequence[int], day: date) -> dict[int, tuple[MilestoneOn, ...]]:
    """Return each project's milestones as of that day, by due date."""
    plans = _newest_of(MilestonePlan, project_ids, day, "name", "due_on", "progress")
    done = _newest_of(MilestoneCompletion, project_ids, day, "done_on")
    by_project: dict[int, list[MilestoneOn]] = defaultdict(list)
    for key, row in plans.items():
        done_on = done[key].done_on if key in done else None
        by_project[row.project_id].append(
            MilestoneOn(
                id=key,
                project_id=row.project_id,
                name=row.name,
                due_on=row.due_on,
                done_on=done_on,
                progress=100 if done_on else row.progress,
            )
        )
    return {
        project_id: tuple(sorted(items, key=lambda item: (item.due_on, item.id)))
        for project_id, items in by_project.items()
    }


def _newest_of(table: Any, project_ids: Sequence[int], day: date, *columns: str) -> dict[int, Any]:
    query = select(
        table.project_id, table.milestone_id, *(getattr(table, name) for name in columns)
    ).where(table.project_id.in_(project_ids))
    return latest_by_key(
        db.session.execute(rows_until(query, table, day)), lambda row: row.milestone_id
    )


def light_milestones(milestones: Sequence[MilestoneOn]) -> tuple[Milestone, ...]:
    """Return milestones as input of the status light."""
    return tuple(Milestone(m.name, m.due_on, m.done_on, m.progress) for m in milestones)


def targets_on(project_ids: Sequence[int], day: date) -> dict[tuple[int, str], TargetOn]:
    """Return the target of each (project, indicator) that had one."""
    query = select(TargetRevision).where(TargetRevision.project_id.in_(project_ids))
    rows = list(db.session.scalars(rows_until(query, TargetRevision, day)))
    winning = {
        key: row.revision
        for key, row in latest_by_key(rows, lambda r: (r.project_id, r.indicator)).items()
    }
    stages: dict[tuple[int, str], list[TargetRevision]] = defaultdict(list)
    for row in rows:
        key = (row.project_id, row.indicator)
        if winning[key] == row.revision and not row.dropped:
            stages[key].append(row)
    return {key: _target(stages[key]) for key in sorted(stages)}


def _target(rows: list[TargetRevision]) -> TargetOn:
    staged = sorted(
        (row.due_on, row.target) for row in rows if row.due_on and row.target is not None
    )
    return TargetOn(rows[0].base or Decimal(0), rows[0].starts_on, tuple(staged))
