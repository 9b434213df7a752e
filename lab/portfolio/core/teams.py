"""Current team members of projects."""

from __future__ import annotations

from sqlalchemy import select

from lab.extensions import db
from lab.portfolio.models.project import Project, TeamMember
from lab.portfolio.rules.team import TeamRole


def team_ids(project: Project, role: TeamRole | None = None) -> list[int]:
    """Return the ids of a project's team, all or those with one role."""
    query = select(TeamMember.person_id).where(TeamMember.project_id == project.id)
    if role is not None:
        query = query.where(TeamMember.role == role)
    return list(db.session.scalars(query))
