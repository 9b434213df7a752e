"""Lights of stored projects on a day, for lists, pages and reports of a past cut-off."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.portfolio import sources
from lab.portfolio.lights import Color, Facts, Light, Milestone, Override, light
from lab.portfolio.models import Milestone as StoredMilestone
from lab.portfolio.models import Project
from lab.portfolio.sources import Standing


@dataclass(frozen=True)
class Inputs:
    """What a project's light is judged by, with the standing of each target."""

    facts: Facts
    standings: tuple[Standing, ...]


def light_inputs(project_ids: Sequence[int], cutoff: date | None = None) -> dict[int, Inputs]:
    """Inputs by project id, as of the end of `cutoff` (today when None).

    A milestone done after the cut-off counts as open; figures and reports are those of periods
    that had ended. The state and a light set by hand are the present ones. A constant number of
    queries, however many projects.
    """
    day = cutoff or clock.today()
    milestones = _milestones(project_ids, day)
    standings = sources.standings(project_ids, day)
    reports = sources.reports(project_ids, day)
    issues = sources.issues(project_ids, day)
    rows = db.session.execute(
        select(Project.id, Project.status, Project.light_override, Project.light_reason).where(
            Project.id.in_(project_ids)
        )
    )
    return {
        row.id: Inputs(
            Facts(
                today=day,
                state=row.status,
                milestones=milestones.get(row.id, ()),
                measures=tuple(item.measure for item in standings.get(row.id, ())),
                report=reports.get(row.id),
                issues=issues.get(row.id, ()),
                override=_override(row.light_override, row.light_reason),
            ),
            standings.get(row.id, ()),
        )
        for row in rows
    }


def lights(project_ids: Sequence[int], cutoff: date | None = None) -> dict[int, Light]:
    """The light of each project as of the end of `cutoff` (today when None), by project id."""
    return lights_of(light_inputs(project_ids, cutoff))


def lights_of(inputs: Mapping[int, Inputs]) -> dict[int, Light]:
    """The lights that follow from inputs already read."""
    return {project_id: light(item.facts) for project_id, item in inputs.items()}


def _override(color: Color | None, reason: str) -> Override | None:
    return None if color is None else Override(color, reason)


def _milestones(project_ids: Sequence[int], day: date) -> dict[int, tuple[Milestone, ...]]:
    rows = db.session.execute(
        select(
            StoredMilestone.project_id,
            StoredMilestone.name,
            StoredMilestone.due_on,
            StoredMilestone.done_on,
            StoredMilestone.progress,
        )
        .where(StoredMilestone.project_id.in_(project_ids))
        .order_by(StoredMilestone.due_on, StoredMilestone.position)
    )
    found: dict[int, list[Milestone]] = defaultdict(list)
    for row in rows:
        done = row.done_on if row.done_on is not None and row.done_on <= day else None
        found[row.project_id].append(Milestone(row.name, row.due_on, done, row.progress))
    return {project_id: tuple(items) for project_id, items in found.items()}
