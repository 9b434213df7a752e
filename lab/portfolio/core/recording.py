"""Append to a project's histories; every service that changes a part calls one of these.

Office rule: the first value is valid from the day the thing begins (a plan, target or team from the
approval), later values from the action, a completion from its entered date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select

from lab import clock
from lab.extensions import db
from lab.portfolio.models.history import (
    LightOverride,
    MilestoneCompletion,
    MilestonePlan,
    TargetRevision,
    TeamMembership,
)
from lab.portfolio.models.project import Milestone, Project, Target, TeamMember


def record_beginning(project: Project) -> None:
    """Record the initial plan, targets and team of a project, which has been flushed."""
    day = beginning(project)
    for milestone in project.milestones:
        record_plan(milestone, day)
    for code, stages in by_indicator(project.targets).items():
        record_target(project, code, stages, day)
    for member in project.team:
        _membership(project, member.person_id, member.role, member.duty, day)


def beginning(project: Project) -> date:
    """Return the first day of a project: its approval, or its report's date."""
    if project.approved_at is not None:
        return clock.beijing(project.approved_at).date()
    return project.status_as_of or clock.today()


def record_override(project: Project) -> None:
    """Record the manual light, or its removal, from today."""
    row = LightOverride(
        project_id=project.id,
        color=project.light_override,
        reason=project.light_reason,
        valid_from=clock.today(),
    )
    db.session.add(row)


# -- milestones --------------------------------------------------------------------------------


def record_plan(milestone: Milestone, day: date | None = None) -> None:
    """Record name, due date and progress of a milestone from `day` (today when None)."""
    row = MilestonePlan(
        project_id=milestone.project_id,
        milestone_id=milestone.id,
        name=milestone.name,
        due_on=milestone.due_on,
        progress=milestone.progress,
        valid_from=day or clock.today(),
    )
    db.session.add(row)


def record_completion(milestone: Milestone) -> None:
    """Record that a milestone was completed on its date, or reopened today.

    A completion date also rewrites earlier records: open before that date, done from then on.
    """
    done = milestone.done_on
    if done is None:
        _completion(milestone, None, clock.today())
        return
    recorded = dict(
        db.session.execute(
            select(MilestoneCompletion.valid_from, MilestoneCompletion.done_on)
            .where(MilestoneCompletion.milestone_id == milestone.id)
            .order_by(MilestoneCompletion.id)
        ).all()
    )
    for day in sorted({done, *recorded}):
        holds = done if day >= done else None
        if day not in recorded or recorded[day] != holds:
            _completion(milestone, holds, day)


def _completion(milestone: Milestone, done: date | None, day: date) -> None:
    row = MilestoneCompletion(
        project_id=milestone.project_id,
        milestone_id=milestone.id,
        done_on=done,
        valid_from=day,
    )
    db.session.add(row)


# -- targets -----------------------------------------------------------------------------------


def by_indicator(targets: Iterable[Target]) -> dict[str, list[Target]]:
    """Group the stages by indicator, in order of due date."""
    grouped: dict[str, list[Target]] = {}
    for target in sorted(targets, key=lambda t: (t.indicator, t.due_on)):
        grouped.setdefault(target.indicator, []).append(target)
    return grouped


def record_target(
    project: Project, code: str, stages: Sequence[Target], day: date | None = None
) -> None:
    """Record the stages of an indicator's target from `day` (today when None); none: dropped."""
    common = {
        "project_id": project.id,
        "indicator": code,
        "revision": _next_revision(project.id, code),
        "valid_from": day or clock.today(),
    }
    if not stages:
        db.session.add(TargetRevision(**common, dropped=True))
    for stage in stages:
        row = TargetRevision(
            **common,
            base=stage.base,
            target=stage.target,
            starts_on=stage.starts_on,
            due_on=stage.due_on,
        )
        db.session.add(row)
    db.session.flush()


def _next_revision(project_id: int, code: str) -> int:
    newest = select(func.max(TargetRevision.revision)).where(
        TargetRevision.project_id == project_id, TargetRevision.indicator == code
    )
    return (db.session.scalar(newest) or 0) + 1


# -- team --------------------------------------------------------------------------------------


def record_team(project: Project, before: Mapping[int, tuple[str, str]]) -> None:
    """Record who joined, left or changed role or duty today.

    `before`: person id to (role, duty).
    """
    now = roles_of(project.team)
    for person_id in sorted(before.keys() - now.keys()):
        _membership(project, person_id, None, "", clock.today())
    for person_id, (role, duty) in sorted(now.items()):
        if before.get(person_id) != (role, duty):
            _membership(project, person_id, role, duty, clock.today())


def roles_of(team: Iterable[TeamMember]) -> dict[int, tuple[str, str]]:
    """Return (role, duty) by person id."""
    return {member.person_id: (member.role, member.duty) for member in team}


def _membership(project: Project, person_id: int, role: str | None, duty: str, day: date) -> None:
    row = TeamMembership(
        project_id=project.id, person_id=person_id, role=role, duty=duty, valid_from=day
    )
    db.session.add(row)
