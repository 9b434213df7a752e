"""Projects that a person leads, and those in whose team the person is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, func, select

from lab.extensions import db
from lab.handover.kinds import KeptLine
from lab.handover.rules import HeldItem
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.portfolio.models.project import Milestone, Project, TeamMember
from lab.portfolio.rules.lifecycle import LIVE, PROJECT
from lab.portfolio.rules.team import TeamRole


def _live(role: TeamRole) -> tuple[ColumnElement[bool], ...]:
    """Projects whose team has work: announced, not ended."""
    return (
        TeamMember.role == role,
        Project.status.in_(LIVE),
        Project.announced_at.is_not(None),
    )


def led_counts(_reader: Actor, people: Any) -> Any:
    """Return how many projects each of the people leads."""
    person = TeamMember.person_id
    return (
        select(person.label("person_id"), func.count(Project.id).label("total"))
        .join(Project, Project.id == TeamMember.project_id)
        .where(person.in_(people), *_live(TeamRole.LEADER))
        .group_by(person)
    )


def led_projects(_reader: Actor, person_id: int) -> list[HeldItem]:
    """Return the projects that this person leads: three queries, or one for none."""
    rows = db.session.execute(
        select(
            *(Project.id, Project.key, Project.number, Project.name, Project.status),
            *(Project.unit_id, Project.joint_unit_id),
        )
        .join(TeamMember, TeamMember.project_id == Project.id)
        .where(TeamMember.person_id == person_id, *_live(TeamRole.LEADER))
        .order_by(Project.id)
    ).all()
    ids = [row.id for row in rows]
    teams, open_milestones = (_teams(ids), _open_milestones(ids)) if ids else ({}, {})
    return [
        HeldItem(
            key=row.key,
            name=f"{row.number or ''}《{row.name}》",
            state=PROJECT.state(row.status).label,
            status=row.status,
            note=f"未完成的里程碑{open_milestones.get(row.id, 0)}个",
            unit_ids=frozenset({row.unit_id, row.joint_unit_id} - {None}),
            people_ids=frozenset(teams.get(row.id, ())),
        )
        for row in rows
    ]


def _teams(ids: list[int]) -> dict[int, set[int]]:
    teams: dict[int, set[int]] = {}
    query = select(TeamMember.project_id, TeamMember.person_id)
    for project_id, person_id in db.session.execute(query.where(TeamMember.project_id.in_(ids))):
        teams.setdefault(project_id, set()).add(person_id)
    return teams


def _open_milestones(ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(
        select(Milestone.project_id, func.count(Milestone.id))
        .where(Milestone.project_id.in_(ids), Milestone.done_on.is_(None))
        .group_by(Milestone.project_id)
    )
    return {row[0]: row[1] for row in rows}


def joined_projects(_reader: Actor, person: Person) -> list[KeptLine]:
    """Return in how many projects this person is a member, not the leader."""
    count = db.session.scalar(
        select(func.count(Project.id))
        .join(TeamMember, TeamMember.project_id == Project.id)
        .where(TeamMember.person_id == person.id, *_live(TeamRole.MEMBER))
    )
    return [KeptLine("担任组员的项目", count)] if count else []
