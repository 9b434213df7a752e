"""Writes of a project's state and light."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lab import audit, clock
from lab.clock import cn_date
from lab.db import transition
from lab.extensions import db
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import OFFICE
from lab.portfolio.core.recording import record_override
from lab.portfolio.models.history import ProjectState
from lab.portfolio.models.project import Project
from lab.portfolio.rules.status_light import LABELS
from lab.rejected import Rejected
from lab.web.links import About

# -- the lifecycle -----------------------------------------------------------------------------


def sign_charter(project: Project, person_id: int) -> None:
    """Sign the charter as the team's leader. Raises Rejected when it is signed already."""
    if project.charter_signed_at is not None:
        raise Rejected("任务书已经签署。")
    project.charter_signed_at, project.charter_signed_by_id = clock.now(), person_id
    audit.record("project.sign_charter", project)
    notify(
        role_holder_ids(OFFICE),
        f"“{project.name}”任务书已签署，可以开始实施。",
        About.of(project),
    )


@dataclass(frozen=True)
class EffectiveFrom:
    """The day a state is valid from, when not today, and why."""

    day: date
    reason: str


def start_project(project: Project, day: date, reason: str = "") -> None:
    """Begin the work on a day that is not in the future; an earlier one needs a reason.

    Raises Rejected (field "started_on"), TransitionRejected.
    """
    if day > clock.today():
        raise Rejected(f"开始日期{cn_date(day)}晚于今天。", "started_on")
    if project.approved_at is not None and day < clock.beijing(project.approved_at).date():
        raise Rejected("开始日期早于立项日期。", "started_on")
    _transition(project, "start", EffectiveFrom(day, reason), started_on=day)


def pause_project(project: Project, reason: str, since: EffectiveFrom | None = None) -> None:
    """Pause the work."""
    _transition(project, "pause", since, status_reason=reason)


def resume_project(project: Project, since: EffectiveFrom | None = None) -> None:
    """Resume after a pause."""
    _transition(project, "resume", since, status_reason=None)


def start_trial(project: Project, since: EffectiveFrom | None = None) -> None:
    """Start the trial run."""
    _transition(project, "trial", since)


def mark_landed(project: Project, note: str, since: EffectiveFrom | None = None) -> None:
    """Recognise the project as landed; the note gives the grounds."""
    _transition(project, "land", since, landed_note=note)


def request_acceptance(project: Project) -> None:
    """Request acceptance as the team."""
    _transition(project, "apply_acceptance", None)
    notify(role_holder_ids(OFFICE), f"“{project.name}”申请验收，请办理。", About.of(project))


def accept_project(project: Project, note: str, since: EffectiveFrom | None = None) -> None:
    """Accept the project; the note is the verdict."""
    _transition(project, "accept", since, accepted_note=note)


def close_project(project: Project) -> None:
    """Close the project: nothing is left to do."""
    _transition(project, "close", None)


def terminate_project(project: Project, reason: str, since: EffectiveFrom | None = None) -> None:
    """Terminate a project early, by the leading group."""
    _transition(project, "terminate", since, status_reason=reason)


def _transition(
    project: Project, action: str, since: EffectiveFrom | None, **evidence: Any
) -> None:
    """Transition the project; the state is valid from today unless `since` gives an earlier day.

    Raises Rejected (fields "since" and "why") for a future day, one before the present state began,
    and an earlier day without a reason.
    """
    day = since.day if since else clock.today()
    if since is not None:
        _check_since(project, since)
    old = transition(
        project,
        action,
        valid_from=day,
        why=since.reason if since else "",
        status_at=clock.now(),
        **evidence,
    )
    detail = {"from": old, "to": project.status, "since": day.isoformat()}
    audit.record(f"project.{action}", project, detail=detail)
    label = project.machine.state(project.status).label
    _notify_team(project, f"项目“{project.name}”的状态变为“{label}”。")


def _check_since(project: Project, since: EffectiveFrom) -> None:
    if since.day > clock.today():
        raise Rejected(f"生效日期{cn_date(since.day)}晚于今天。", "since")
    present = db.session.scalar(
        project.states.select()
        .order_by(ProjectState.valid_from.desc(), ProjectState.id.desc())
        .limit(1)
    )
    if present is not None and since.day < present.valid_from:
        began = cn_date(present.valid_from)
        raise Rejected(f"生效日期早于现状态的开始日{began}。", "since")
    if since.day < clock.today() and not since.reason.strip():
        raise Rejected("生效日期早于今天，请写明原因。", "why")


# -- light -------------------------------------------------------------------------------------


def set_light(project: Project, color: str, reason: str) -> None:
    """Set the light manually, with the reason printed beside it. Raises Rejected."""
    if not reason.strip():
        raise Rejected("请填写理由。", "reason")
    before = project.light_override
    project.light_override, project.light_reason = color, reason.strip()
    record_override(project)
    audit.record("project.light", project, detail={"from": before, "to": color})
    _notify_team(project, f"项目“{project.name}”人工设为{LABELS[color]}：{reason.strip()}")


def clear_light(project: Project) -> None:
    """Remove the manual light. Raises Rejected when there is none."""
    if project.light_override is None:
        raise Rejected("此项目没有人工灯色。")
    before, project.light_override, project.light_reason = project.light_override, None, ""
    record_override(project)
    audit.record("project.light", project, detail={"from": before, "to": None})


def _notify_team(project: Project, text: str) -> None:
    if project.announced_at is not None:
        notify([member.person_id for member in project.team], text, About.of(project))
