"""Relations of a person to a project, for guards and buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from lab.extensions import db
from lab.policy import LEADING, OFFICE, Actor, Resource
from lab.portfolio.models.project import Project, TeamMember
from lab.portfolio.rules.team import TeamRole
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.conflicts import conflicted_condition
from lab.web.request.guards import LoadedResource

TEAM_RELATIONS = {TeamRole.LEADER: "team_leader", TeamRole.MEMBER: "team_member"}


def team_role(person_id: int, project_id: int) -> str | None:
    """Return leader, member, or None for a person outside the team."""
    return db.session.scalar(
        select(TeamMember.role).where(
            TeamMember.project_id == project_id, TeamMember.person_id == person_id
        )
    )


def project_resource(actor: Actor, project: Project) -> Resource:
    """Return the project as a policy resource; a team sees its project once announced."""
    relations = set()
    role = team_role(actor.id, project.id)
    if role is not None and project.announced_at is not None:
        relations = {"announced", TEAM_RELATIONS[TeamRole(role)]}
    if project.charter_signed_at is not None:
        relations.add("charter_signed")
    return Resource("project", project.status, frozenset(relations))


def load_project(actor: Actor, key: str) -> LoadedResource | None:
    """Load the project of an address, None for none or one the actor may not know of yet."""
    project = db.session.scalar(
        select(Project)
        .where(Project.key == key, ~withheld_condition(actor))
        .options(joinedload(Project.unit), joinedload(Project.call))
    )
    if project is None:
        return None
    return LoadedResource(project, project_resource(actor, project), "project.view")


def load_below(
    actor: Actor, key: str, view_action: str, find: Callable[[Project], Any]
) -> LoadedResource | None:
    """Load what an address names below a project, with the project's relations.

    `find` returns what belongs to the project, None for nothing.
    """
    loaded = load_project(actor, key)
    if loaded is None:
        return None
    obj = find(loaded.obj)
    return None if obj is None else LoadedResource(obj, loaded.resource, view_action)


def withheld_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the condition for projects whose approval is withheld from the actor.

    It is not public yet, and the actor takes part in a proposal of its call. See
    docs/decisions/0023.
    """
    own = select(Proposal.call_id).where(conflicted_condition(actor))
    return and_(
        Project.announced_at.is_(None), Project.proposal_id.is_not(None), Project.call_id.in_(own)
    )


def visible_condition(actor: Actor) -> ColumnElement[bool]:
    """Return the condition under which a project is in this person's lists."""
    if actor.roles & {OFFICE, LEADING}:
        return ~withheld_condition(actor)
    mine = select(TeamMember.project_id).where(TeamMember.person_id == actor.id)
    return Project.announced_at.is_not(None) & Project.id.in_(mine)
