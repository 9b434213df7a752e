"""That the histories of projects agree with what their rows say now."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from lab.db.history import latest_by_key, rows_until
from lab.extensions import db
from lab.portfolio.core import history
from lab.portfolio.models.history import TeamMembership
from lab.portfolio.models.project import Project


def all_projects() -> list[Project]:
    return list(db.session.scalars(select(Project)))


def assert_present_is_today(day: date) -> None:
    """What the rows say now is what the histories say of `day`."""
    projects = all_projects()
    ids = [project.id for project in projects]
    states, targets = history.states_on(ids, day), history.targets_on(ids, day)
    overrides, milestones = history.overrides_on(ids, day), history.milestones_on(ids, day)
    for project in projects:
        assert states[project.id].status == project.status
        assert (project.id in overrides) == (project.light_override is not None)
        stands = {m.id: (m.name, m.due_on, m.done_on, m.progress) for m in project.milestones}
        told = milestones.get(project.id, ())
        assert {m.id: (m.name, m.due_on, m.done_on, m.progress) for m in told} == stands
        held = {(t.indicator, t.due_on): t.target for t in project.targets}
        mine = {code: on for (owner, code), on in targets.items() if owner == project.id}
        assert {(c, due): v for c, on in mine.items() for due, v in on.stages} == held
        team = {m.person_id: (m.role, m.duty) for m in project.team}
        assert team_on(project.id, day) == team


def team_on(project_id: int, day: date) -> dict[int, tuple[str, str]]:
    """Return (role, duty) by person id of a project's team on that day."""
    query = select(TeamMembership).where(TeamMembership.project_id == project_id)
    memberships = latest_by_key(
        db.session.scalars(rows_until(query, TeamMembership, day)), lambda row: row.person_id
    )
    return {key: (row.role, row.duty) for key, row in memberships.items() if row.role is not None}
