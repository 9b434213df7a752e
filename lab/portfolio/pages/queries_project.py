"""Queries for one project's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.catalogue.projects import SCENARIO_TYPES
from lab.extensions import db
from lab.identity.models.account import SIDE_LABELS, Person, Unit
from lab.portfolio.core import history
from lab.portfolio.core.status_evaluation import light_inputs
from lab.portfolio.core.supplements import newest_supplement
from lab.portfolio.core.target_progress import TargetProgress
from lab.portfolio.models.project import Milestone, Project, TeamMember
from lab.portfolio.rules.lifecycle import LANDED, PROJECT
from lab.portfolio.rules.project_texts import PROJECT_TEXTS
from lab.portfolio.rules.status_light import Light, evaluate_light
from lab.workflow import State


@dataclass(frozen=True)
class MilestoneRow:
    """A milestone; `days_late` is 0 unless it is open and overdue."""

    key: str
    name: str
    due_on: date
    progress: int
    done_on: date | None
    note: str
    days_late: int


@dataclass(frozen=True)
class MemberRow:
    """A team member."""

    person_id: int
    name: str
    unit: str
    role: str
    duty: str


@dataclass(frozen=True)
class AccountPart:
    """One part of the account: the report's or the team's text, and its supplement."""

    label: str
    text: str
    supplement: str


@dataclass(frozen=True)
class ProjectPage:
    """Everything a project's page shows about the project itself.

    `published_state` on `published_on` is the state in a public report; `state` is valid since
    `state_since`.
    """

    id: int
    key: str
    version: int
    number: str | None
    name: str
    call: str
    call_stated: str  # what the public report that names the project states of its call, or ""
    unit: str | None
    joint_unit: str | None
    side: str | None
    scenario_type: str | None
    place: str
    state: State
    state_since: date | None
    published_state: State | None
    published_on: date | None
    status_reason: str | None
    status_at: datetime | None
    status_as_of: date | None
    starts_on: date | None
    ends_on: date | None
    approved_at: datetime | None
    charter_signed_at: datetime | None
    started_on: date | None
    landed_note: str | None
    accepted_note: str | None
    parts: tuple[AccountPart, ...]
    supplemented_by: str
    supplemented_at: datetime | None
    light: Light
    overridden: bool
    target_progress: tuple[TargetProgress, ...]
    milestones: tuple[MilestoneRow, ...]
    team: tuple[MemberRow, ...]
    source_label: str
    is_demo: bool
    published: bool  # known only from a public report


def project_page(project: Project, cutoff: date | None = None) -> ProjectPage:
    """Return the page of one project, its light as of the end of `cutoff` (today when None)."""
    inputs = light_inputs([project.id], cutoff)[project.id]
    day = cutoff or clock.today()
    state_on_day = history.states_on([project.id], day)[project.id]
    stated = history.published_states([project.id]).get(project.id)
    added = newest_supplement(project.id) if project.source_label else None
    return ProjectPage(
        id=project.id,
        key=project.key,
        version=project.version,
        number=project.number,
        name=project.name,
        call=project.call.title,
        call_stated=_published_summary(project.call, stated.since) if stated else "",
        unit=project.unit.name if project.unit else None,
        joint_unit=_unit_name(project.joint_unit_id),
        side=SIDE_LABELS.get(project.side or ""),
        scenario_type=SCENARIO_TYPES.get(project.scenario_type or ""),
        place=project.place,
        state=PROJECT.state(state_on_day.status),
        state_since=state_on_day.since,
        published_state=PROJECT.state(stated.status) if stated else None,
        published_on=stated.since if stated else None,
        status_reason=project.status_reason,
        status_at=project.status_at,
        status_as_of=project.status_as_of,
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        approved_at=project.approved_at,
        charter_signed_at=project.charter_signed_at,
        started_on=project.started_on,
        landed_note=project.landed_note,
        accepted_note=project.accepted_note,
        parts=tuple(
            AccountPart(label, getattr(project, name), getattr(added, name) if added else "")
            for name, label in PROJECT_TEXTS.items()
        ),
        supplemented_by=added.written_by.name if added else "",
        supplemented_at=added.written_at if added else None,
        light=evaluate_light(inputs.facts),
        overridden=project.light_override is not None,
        target_progress=inputs.target_progress,
        milestones=milestone_rows(project.id),
        team=team_rows(project.id),
        source_label=project.source_label,
        is_demo=project.is_demo,
        published=bool(project.source_label),
    )


def milestone_rows(project_id: int) -> tuple[MilestoneRow, ...]:
    """Return a project's milestones in order."""
    today = clock.today()
    rows = db.session.scalars(
        select(Milestone).where(Milestone.project_id == project_id).order_by(Milestone.position)
    )
    return tuple(
        MilestoneRow(
            key=item.key,
            name=item.name,
            due_on=item.due_on,
            progress=item.progress,
            done_on=item.done_on,
            note=item.note,
            days_late=0 if item.done_on else max((today - item.due_on).days, 0),
        )
        for item in rows
    )


def team_rows(project_id: int) -> tuple[MemberRow, ...]:
    """Return a project's team, the leader first."""
    rows = db.session.execute(
        select(
            TeamMember.person_id,
            Person.name,
            Unit.name.label("unit"),
            TeamMember.role,
            TeamMember.duty,
        )
        .join(Person, Person.id == TeamMember.person_id)
        .outerjoin(Unit, Unit.id == Person.unit_id)
        .where(TeamMember.project_id == project_id)
        .order_by(TeamMember.role, TeamMember.id)  # leader stands before member
    )
    return tuple(
        MemberRow(row.person_id, row.name, row.unit or "", row.role, row.duty) for row in rows
    )


def _published_summary(call: Call, day: date) -> str:
    """Summarise what a public report says about the call of a published project.

    Such as 近20个申报，立项12个，已落地4个（截至2022年12月31日，来源：公开报道）.
    """
    if not call.source_label or call.approved_stated is None:
        return ""
    ids = db.session.scalars(
        select(Project.id).where(Project.call_id == call.id, Project.source_label != "")
    )
    states = history.published_states(list(ids)).values()
    landed = sum(state.status in LANDED for state in states)
    counts = f"{call.received_text}申报，立项{call.approved_stated}个，已落地{landed}个"
    return f"{counts}（截至{clock.cn_date(day)}，{call.source_label}）"


def _unit_name(unit_id: int | None) -> str | None:
    if unit_id is None:
        return None
    return db.session.scalar(select(Unit.name).where(Unit.id == unit_id))
