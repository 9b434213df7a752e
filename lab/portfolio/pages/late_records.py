"""What was valid for projects on a past day but recorded only later."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.db.history import latest_by_key
from lab.extensions import db
from lab.portfolio.models.history import MilestoneCompletion, ProjectState
from lab.portfolio.models.project import Milestone
from lab.portfolio.rules.lifecycle import PROJECT


@dataclass(frozen=True)
class LateRecord:
    """A fact valid on a day but recorded later."""

    project_id: int
    description: str
    valid_from: date
    recorded_at: datetime


def later_recorded(project_ids: Sequence[int], day: date) -> tuple[LateRecord, ...]:
    """Return what was valid on `day` but recorded later, by project and date.

    States and milestone completions of these projects, where they differ from what was known at the
    end of that day.
    """
    states = db.session.execute(
        select(
            ProjectState.id,
            ProjectState.project_id,
            ProjectState.status,
            ProjectState.valid_from,
            ProjectState.recorded_at,
            ProjectState.origin,
        ).where(ProjectState.project_id.in_(project_ids), ProjectState.valid_from <= day)
    )
    done = db.session.execute(
        select(
            MilestoneCompletion.id,
            MilestoneCompletion.project_id,
            MilestoneCompletion.milestone_id,
            MilestoneCompletion.done_on,
            MilestoneCompletion.valid_from,
            MilestoneCompletion.recorded_at,
            MilestoneCompletion.origin,
            Milestone.name,
        )
        .join(Milestone, Milestone.id == MilestoneCompletion.milestone_id)
        .where(
            MilestoneCompletion.project_id.in_(project_ids), MilestoneCompletion.valid_from <= day
        )
    )
    records = [
        LateRecord(
            r.project_id, f"状态“{PROJECT.state(r.status).label}”", r.valid_from, r.recorded_at
        )
        for r in _changed(states.all(), day, lambda r: r.project_id, lambda r: r.status)
    ]
    for r in _changed(done.all(), day, lambda r: r.milestone_id, lambda r: r.done_on):
        what = f"里程碑“{r.name}”{'已完成' if r.done_on else '未完成'}"
        records.append(LateRecord(r.project_id, what, r.valid_from, r.recorded_at))
    return tuple(
        sorted(records, key=lambda r: (r.project_id, r.valid_from, r.recorded_at, r.description))
    )


def _changed(
    rows: Sequence[Any],
    day: date,
    key: Callable[[Any], Hashable],
    value: Callable[[Any], Any],
) -> list[Any]:
    """Return the rows valid on the day that a later action recorded and that differ."""
    end = clock.end_of_day(day)
    ordered = sorted(rows, key=lambda r: (r.valid_from, r.id))
    now = latest_by_key(ordered, key)
    then = latest_by_key([row for row in ordered if row.recorded_at <= end], key)
    return [
        row
        for at, row in now.items()
        if row.origin == "act"
        and row.recorded_at > end
        and value(row) != (value(then[at]) if at in then else None)
    ]


def late_notes(projects: Mapping[int, str], day: date) -> tuple[tuple[int, str], ...]:
    """Return (id, sentence) for each project with facts valid on `day` but recorded later.

    `projects` maps ids to names.
    """
    records_late = later_recorded(list(projects), day)
    return tuple(
        (project_id, _sentence(projects[project_id], list(records)))
        for project_id, records in groupby(records_late, key=lambda r: r.project_id)
    )


def _sentence(project: str, late: Sequence[LateRecord]) -> str:
    text = "；".join(f"{item.description}（自{clock.cn_date(item.valid_from)}起）" for item in late)
    moments = sorted(item.recorded_at for item in late)
    days = "、".join(dict.fromkeys(map(clock.cn_date, moments)))
    return f"“{project}”在截止日之后补登记（{days}）：{text}"
