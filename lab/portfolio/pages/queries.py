"""The project list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from lab.calls.models.call import Call
from lab.catalogue.provenance import Provenance, provenance_of
from lab.clock import cn_date
from lab.extensions import db
from lab.identity.models.account import Unit
from lab.policy import Actor
from lab.portfolio.access import visible_condition
from lab.portfolio.core import history
from lab.portfolio.core.history import StateOn, earliest_day
from lab.portfolio.core.status_evaluation import (
    LightInputs,
    light_inputs,
    lights_from,
)
from lab.portfolio.core.target_progress import TargetProgress
from lab.portfolio.models.project import Project
from lab.portfolio.rules.lifecycle import PROJECT
from lab.portfolio.rules.status_light import Light
from lab.workflow import State


@dataclass(frozen=True)
class Filters:
    """Filters of the list; None and "" mean no filter."""

    call_id: int | None = None
    state: str = ""
    light: str = ""


@dataclass(frozen=True)
class ListRow:
    """A project in the list. `unit` and `next_due` are None when unknown.

    `published_state` is what a public report said on `published_on`; `state` is the known state on
    the day of the list.
    """

    id: int
    key: str
    number: str | None
    name: str
    short_name: str
    call_id: int
    call: str
    unit: str | None
    side: str | None
    state: State
    light: Light
    next_milestone: str | None
    next_due: date | None
    target_progress: tuple[TargetProgress, ...]
    source_label: str
    is_demo: bool
    provenance: Provenance
    published_state: State | None
    published_on: date | None

    @property
    def reached(self) -> int:
        """The number of fully met targets."""
        return sum(item.reached for item in self.target_progress)

    @property
    def weakest(self) -> TargetProgress | None:
        """The target furthest from being met, None without approved figures."""
        measured = [s for s in self.target_progress if s.completion is not None]
        return min(measured, key=lambda s: s.completion or 0, default=None)


@dataclass(frozen=True)
class Portfolio:
    """Projects as listed, and `all_rows` before filtering by state and light."""

    rows: tuple[ListRow, ...]
    all_rows: tuple[ListRow, ...]


def call_choices(actor: Actor) -> list[tuple[str, str]]:
    """Return (key, title) of the calls with projects in this person's list, newest first."""
    calls = db.session.execute(
        select(Call.id, Call.title, Call.year, Call.batch)
        .join(Project, Project.call_id == Call.id)
        .where(visible_condition(actor))
        .distinct()
        .order_by(Call.year.desc(), Call.batch.desc())
    )
    return [(str(row.id), row.title) for row in calls]


def project_list(actor: Actor, filters: Filters, cutoff: date | None = None) -> Portfolio:
    """Return this person's list as of the end of `cutoff` (today when None)."""
    all_rows = list_rows(actor, cutoff, filters.call_id)
    filtered = [
        row
        for row in all_rows
        if filters.state in ("", row.state.code) and filters.light in ("", row.light.color)
    ]
    return Portfolio(tuple(filtered), all_rows)


def reason_too_early(actor: Actor, day: date, call_id: int | None = None) -> str:
    """Return why nothing can be shown for this day, "" where something can.

    Nothing was known about this person's projects yet.
    """
    first = earliest_day(_visible_ids(actor, call_id))
    if first is None or day >= first:
        return ""
    return f"最早的记录是{cn_date(first)}，请选择这一天或以后的日期。"


def list_rows(
    actor: Actor, cutoff: date | None = None, call_id: int | None = None
) -> tuple[ListRow, ...]:
    """Return every project of this person's list by number, those without one last."""
    return list_rows_of(_visible_ids(actor, call_id), cutoff)


def _visible_ids(actor: Actor, call_id: int | None) -> list[int]:
    query = select(Project.id).where(visible_condition(actor))
    if call_id is not None:
        query = query.where(Project.call_id == call_id)
    return list(db.session.scalars(query))


def list_rows_of(project_ids: Sequence[int], cutoff: date | None = None) -> tuple[ListRow, ...]:
    """Return those of these projects that existed on `cutoff` (today when None), as of its end.

    Checks no permission.
    """
    inputs = light_inputs(project_ids, cutoff)
    lights = lights_from(inputs)
    published = history.published_states(list(inputs))
    project_rows = db.session.execute(
        select(
            Project.id,
            Project.key,
            Project.number,
            Project.name,
            Project.short_name,
            Project.side,
            Project.source_label,
            Project.is_demo,
            Project.call_id,
            Call.title.label("call"),
            Unit.name.label("unit"),
        )
        .join(Call, Call.id == Project.call_id)
        .outerjoin(Unit, Unit.id == Project.unit_id)
        .where(Project.id.in_(inputs))
        .order_by(Project.number.is_(None), Project.number, Project.id)
    )
    return tuple(
        _list_row(row, inputs[row.id], lights[row.id], published.get(row.id))
        for row in project_rows
    )


def _list_row(row: Any, inputs: LightInputs, light: Light, published: StateOn | None) -> ListRow:
    upcoming = next((m for m in inputs.facts.milestones if m.done is None), None)
    return ListRow(
        id=row.id,
        key=row.key,
        number=row.number,
        name=row.name,
        short_name=row.short_name,
        call_id=row.call_id,
        call=row.call,
        unit=row.unit,
        side=row.side,
        state=PROJECT.state(inputs.facts.state),
        light=light,
        next_milestone=upcoming.name if upcoming else None,
        next_due=upcoming.due if upcoming else None,
        target_progress=inputs.target_progress,
        source_label=row.source_label,
        is_demo=row.is_demo,
        provenance=provenance_of(row.source_label, row.is_demo),
        published_state=PROJECT.state(published.status) if published else None,
        published_on=published.since if published else None,
    )
