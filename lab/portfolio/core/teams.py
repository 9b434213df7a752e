"""Who works on a project now."""

from __future__ import annotations

from sqlalchemy import select

from lab.extensions import db
from lab.portfolio.models.project import Project, TeamMember


def team_ids(project: Project, role: str = "") -> list[int]:
    """The people of a project's team, all or those of one role."""
    query = select(TeamMember.person_id).where(TeamMember.project_id == project.id)
    if role:
        query = query.where(TeamMember.role == role)
    return list(db.session.scalars(query))
