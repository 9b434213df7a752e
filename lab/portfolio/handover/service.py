"""Hand over the lead of projects; part of a handover, which says who may receive it."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab import audit
from lab.db import bump_version
from lab.extensions import db
from lab.handover.kinds import NO_LONGER_HELD, Facts
from lab.handover.rules import Receiver
from lab.identity.models.account import Person
from lab.inbox.notices.service import notify
from lab.portfolio.core import recording
from lab.portfolio.models.project import Project, TeamMember
from lab.portfolio.rules.lifecycle import LIVE
from lab.portfolio.rules.team import TeamRole
from lab.rejected import Rejected
from lab.web.links import About


def hand_over_projects(giver: Person, receivers: Mapping[str, Receiver], facts: Facts) -> None:
    """Make each receiver the leader of a project, by its key; the giver leaves the team.

    Valid from today in the project's history: reports as of earlier days keep the former leader.
    Raises Rejected for a project that the giver no longer leads.
    """
    projects = _locked(receivers)
    before = {project.id: recording.roles_of(project.team) for project in projects}
    duties = {project.id: _remove_leader(project, giver.id) for project in projects}
    db.session.flush()  # the old leader goes before the new one comes: one leader at a time
    for project in projects:
        receiver = receivers[project.key]
        _set_leader(project, receiver.id, duties[project.id])
        bump_version(project)
        recording.record_team(project, before[project.id])
        audit.record("project.hand_over", project, detail={**facts, "to": receiver.name})
        text = f"项目“{project.name}”已由{giver.name}交接给您，您是组长。"
        notify([receiver.id], text, About.of(project))


def _locked(receivers: Mapping[str, Receiver]) -> list[Project]:
    projects = list(
        db.session.scalars(
            select(Project)
            .where(Project.key.in_(sorted(receivers)), Project.status.in_(LIVE))
            .order_by(Project.id)
            .options(selectinload(Project.team))
            .with_for_update(of=Project)
            .execution_options(populate_existing=True)
        )
    )
    if len(projects) != len(receivers):
        raise Rejected(NO_LONGER_HELD)
    return projects


def _remove_leader(project: Project, person_id: int) -> str:
    """Take the leader out of the team and return the leader's duty."""
    for member in project.team:
        if member.person_id == person_id and member.role == TeamRole.LEADER:
            project.team.remove(member)
            return member.duty
    raise Rejected(NO_LONGER_HELD)


def _set_leader(project: Project, person_id: int, duty: str) -> None:
    """Let a member rise, keeping the own duty, or take somebody new in with the leader's duty."""
    for member in project.team:
        if member.person_id == person_id:
            member.role = TeamRole.LEADER
            return
    project.team.insert(0, TeamMember(person_id=person_id, role=TeamRole.LEADER, duty=duty))
