"""Current team members of projects."""

from __future__ import annotations

from sqlalchemy import select

from lab.extensions import db
from lab.portfolio.models.project import Project, TeamMember


def team_ids(project: Project, role: str = "") -> list[int]:
    """Return the ids of a project's team, all or those with one role."""
    query = select(TeamMember.person_id).where(TeamMember.project_id == project.id)
    if role:
        query = query.where(TeamMember.role == role)
    return list(db.session.scalars(query))
