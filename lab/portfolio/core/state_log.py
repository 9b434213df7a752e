"""The history of a project's state, and which parts of it nobody recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import select, union_all

from lab import clock
from lab.extensions import db
from lab.portfolio.models.history import (
    LightOverride,
    MilestoneCompletion,
    MilestonePlan,
    ProjectState,
    TargetRevision,
    TeamMembership,
)
from lab.portfolio.rules.lifecycle import PROJECT

TABLES = (
    *(ProjectState, LightOverride, MilestonePlan),
    *(MilestoneCompletion, TargetRevision, TeamMembership),
)
ORIGINS: Mapping[str, str] = MappingProxyType(
    {"published": "公开报道", "log": "按审计日志补记", "assumed": "没有记录，按已知的值推定"}
)


@dataclass(frozen=True)
class StateEntry:
    """A state with the day it is valid from; `note` says why it was entered late, or its source.

    `published`: a public report gives the state for that day, not its beginning.
    """

    label: str
    tone: str
    since: date
    recorded_at: datetime
    note: str
    published: bool


def state_log(project_id: int) -> tuple[StateEntry, ...]:
    """Return every state of a project, newest first."""
    rows = db.session.scalars(
        select(ProjectState)
        .where(ProjectState.project_id == project_id)
        .order_by(ProjectState.valid_from.desc(), ProjectState.id.desc())
    )
    return tuple(_entry(row) for row in rows)


def _entry(row: ProjectState) -> StateEntry:
    state = PROJECT.state(row.status)
    note = f"补记原因：{row.reason}" if row.reason else ORIGINS.get(row.origin, "")
    return StateEntry(
        state.label, state.tone, row.valid_from, row.recorded_at, note, row.origin == "published"
    )


def assumed_note(projects: Mapping[int, str], day: date) -> str:
    """Return that parts of these projects' (id to name) past are only assumed on that day.

    "" when everything is on record, and for today.
    """
    unsure = _with_assumed_history(list(projects), day) if day < clock.today() else []
    if not unsure:
        return ""
    first = f"“{projects[unsure[0]]}”"
    which = first if len(unsure) == 1 else f"{first}等{len(unsure)}个项目"
    return f"{which}在系统升级前的部分历史没有记录，按已知的值推定"


def _with_assumed_history(project_ids: Sequence[int], day: date) -> list[int]:
    parts = (
        select(table.project_id).where(
            table.project_id.in_(project_ids), table.origin == "assumed", table.valid_from <= day
        )
        for table in TABLES
    )
    return sorted(set(db.session.scalars(union_all(*parts))))
