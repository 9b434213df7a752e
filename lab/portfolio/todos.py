"""What waits for the leader of a project, and for the office that starts it."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from lab.extensions import db
from lab.feature import Todo, TodoSource
from lab.policy import OFFICE, STAFF, Actor
from lab.portfolio.models.project import Project, TeamMember
from lab.portfolio.rules.lifecycle import ProjectStatus
from lab.portfolio.rules.team import TeamRole


def _charters(actor: Actor) -> list[Todo]:
    rows = db.session.execute(
        select(Project.key, Project.name)
        .join(TeamMember, TeamMember.project_id == Project.id)
        .where(
            TeamMember.person_id == actor.id,
            TeamMember.role == TeamRole.LEADER,
            Project.status == ProjectStatus.AWAITING_CHARTER,
            Project.announced_at.is_not(None),
            Project.charter_signed_at.is_(None),
        )
        .order_by(Project.id)
    )
    return [Todo("签署任务书", row.name, url_for("portfolio.show", key=row.key)) for row in rows]


def _starts(_actor: Actor) -> list[Todo]:
    signed = db.session.execute(
        select(Project.key, Project.name)
        .where(
            Project.status == ProjectStatus.AWAITING_CHARTER, Project.charter_signed_at.is_not(None)
        )
        .order_by(Project.id)
    )
    return [
        Todo("办理开始实施", row.name, url_for("portfolio.show", key=row.key)) for row in signed
    ]


TODOS = (
    TodoSource(_starts, OFFICE, 190),
    TodoSource(_charters, STAFF, 220),
)
