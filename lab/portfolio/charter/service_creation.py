"""How projects enter the portfolio: by approval, or from a public report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select

from lab import audit, clock
from lab.calls.models.call import Call
from lab.decisions.models import Decision
from lab.decisions.rules.office_marks import Mark
from lab.extensions import db
from lab.inbox.notices.service import notify
from lab.numbering import formats as numbering
from lab.numbering.sequences import allocate
from lab.portfolio.core.recording import record_beginning
from lab.portfolio.models.project import Milestone, Project, Target, TeamMember
from lab.portfolio.rules.team import TeamRole
from lab.proposals.models.proposal import Proposal
from lab.web.links import About


def create_projects(decision: Decision) -> list[Project]:
    """Create the project of each 拟立项 proposal, numbered in list order.

    Part of the approving request, whose audit line covers it. Proposals that have a project already
    are skipped, so that approval takes effect once.
    """
    proposals = [item.proposal for item in decision.items if item.mark == Mark.PROPOSED]
    existing_ids = set(
        db.session.scalars(
            select(Project.proposal_id).where(Project.proposal_id.in_([p.id for p in proposals]))
        )
    )
    at = decision.decided_at or clock.now()
    created = [_from_proposal(decision.call, p, at) for p in proposals if p.id not in existing_ids]
    db.session.add_all(created)
    db.session.flush()
    for project in created:
        record_beginning(project)
    return created


def announce_projects(decision: Decision) -> list[Project]:
    """Open the projects of a published decision to their teams. Part of the publishing request."""
    projects = list(
        db.session.scalars(
            select(Project)
            .where(Project.call_id == decision.call_id, Project.announced_at.is_(None))
            .order_by(Project.id)
        )
    )
    for project in projects:
        project.announced_at = decision.published_at or clock.now()
        notify(
            [member.person_id for member in project.team],
            f"项目“{project.name}”已立项，请组长签署任务书。",
            About.of(project),
        )
    return projects


def enter_public_project(
    call: Call,
    *,
    name: str,
    status: str,
    status_as_of: date,
    source_label: str,
    short_name: str = "",
    scenario_type: str | None = None,
    is_demo: bool = False,
    **texts: str,
) -> Project:
    """Enter a project known from a public report, in the reported state.

    What the report does not say stays empty: number, unit, dates, team, targets. `texts`: place,
    background, mode, practice, outcome. Raises KeyError for an unknown state.
    """
    Project.machine.state(status)
    project = Project(
        call_id=call.id,
        name=name,
        short_name=short_name,
        scenario_type=scenario_type,
        status_as_of=status_as_of,
        source_label=source_label,
        is_demo=is_demo,
        announced_at=clock.now(),
        **texts,
    )
    # Not a step of the lifecycle: the report tells only where the project stands.
    project.restore(status)
    db.session.add(project)
    db.session.flush()
    audit.record("project.enter_known", project, detail={"status": status})
    return project


def _number(call: Call) -> str:
    order = allocate("project", f"{call.year}-{call.batch:02d}")
    return numbering.project_number(call.year, call.batch, order)


def _from_proposal(call: Call, proposal: Proposal, at: datetime) -> Project:
    project = Project(
        number=_number(call),
        call_id=call.id,
        proposal_id=proposal.id,
        name=proposal.title,
        unit_id=proposal.unit_id,
        joint_unit_id=proposal.joint_unit_id,
        side=proposal.side,
        scenario_type=proposal.scenario_type,
        place=proposal.place,
        background=proposal.background,
        mode=proposal.mode,
        practice=proposal.plan,
        starts_on=proposal.starts_on,
        ends_on=proposal.ends_on,
        approved_at=at,
        status_at=at,
        is_demo=proposal.is_demo,
        source_label=proposal.source_label,
        team=_team(proposal),
        milestones=_milestones((m.name, m.due_on) for m in proposal.milestones),
        targets=[
            Target(
                indicator=t.indicator,
                base=t.base,
                target=t.target,
                starts_on=proposal.starts_on,
                due_on=t.due_on,
            )
            for t in proposal.targets
        ],
    )
    project.begin()
    return project


def _team(proposal: Proposal) -> list[TeamMember]:
    """Return those of the proposed team who can sign in: the team works in the portal."""
    leader = proposal.leader_id or proposal.owner_id
    team = [TeamMember(person_id=leader, role=TeamRole.LEADER, duty=proposal.leader_duty)]
    team += [
        TeamMember(person_id=p.person_id, role=TeamRole.MEMBER, duty=p.duty)
        for p in proposal.people
        if p.person_id is not None and p.person_id != leader
    ]
    return team


def _milestones(planned: Iterable[tuple[str, date]]) -> list[Milestone]:
    ordered = sorted(planned, key=lambda item: item[1])
    return [
        Milestone(position=position, name=name, due_on=due, progress=0)
        for position, (name, due) in enumerate(ordered, start=1)
    ]
