"""Every write to a project after its creation. Creation lives in lab.portfolio.creation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lab import audit, clock
from lab.clock import cn_date
from lab.db import bump, expect_version, move
from lab.errors import Refused
from lab.extensions import db
from lab.inbox.service import holders, notify
from lab.portfolio.creation import (
    announce_projects,
    create_projects,
    enter_known,
    set_targets,
)
from lab.portfolio.lights import LABELS
from lab.portfolio.models import Milestone, Project, TeamMember

__all__ = [
    "MemberInput",
    "MilestoneInput",
    "accept",
    "announce_projects",
    "apply_acceptance",
    "clear_light",
    "close",
    "create_projects",
    "edit_milestones",
    "edit_team",
    "edit_texts",
    "enter_known",
    "land",
    "pause",
    "resume",
    "set_light",
    "set_targets",
    "sign_charter",
    "start",
    "terminate",
    "trial",
]


@dataclass(frozen=True)
class MilestoneInput:
    """What a team reports about a milestone: progress 0–100, the day it was done, a note."""

    key: str
    progress: int
    done_on: date | None
    note: str = ""


@dataclass(frozen=True)
class MemberInput:
    """A person of the team with what they do in it."""

    person_id: int
    duty: str = ""


# -- the lifecycle -----------------------------------------------------------------------------


def sign_charter(project: Project, person_id: int) -> None:
    """The team's leader signs the charter. Raises Refused when it is signed already."""
    if project.charter_signed_at is not None:
        raise Refused("任务书已经签署。")
    project.charter_signed_at, project.charter_signed_by_id = clock.now(), person_id
    audit.record("project.sign_charter", project)
    notify(holders("office"), f"“{project.name}”任务书已签署，可以开始实施。", _address(project))


def start(project: Project, day: date) -> None:
    """Begin the work on a day that is not in the future. Raises Refused, TransitionRefused."""
    if day > clock.today():
        raise Refused(f"开始日期{cn_date(day)}晚于今天。", "started_on")
    if project.approved_at is not None and day < clock.beijing(project.approved_at).date():
        raise Refused("开始日期早于立项日期。", "started_on")
    _change(project, "start", started_on=day)


def pause(project: Project, reason: str) -> None:
    """Stop the work for the time being."""
    _change(project, "pause", status_reason=reason)


def resume(project: Project) -> None:
    """Go on after a pause."""
    _change(project, "resume", status_reason=None)


def trial(project: Project) -> None:
    """Enter the trial run."""
    _change(project, "trial")


def land(project: Project, note: str) -> None:
    """Recognise that the project has landed; the note says by what."""
    _change(project, "land", landed_note=note)


def apply_acceptance(project: Project) -> None:
    """The team asks for acceptance."""
    _change(project, "apply_acceptance")
    notify(holders("office"), f"“{project.name}”申请验收，请办理。", _address(project))


def accept(project: Project, note: str) -> None:
    """Accept the project; the note is the verdict in words."""
    _change(project, "accept", accepted_note=note)


def close(project: Project) -> None:
    """Close the project: nothing is left to do."""
    _change(project, "close")


def terminate(project: Project, reason: str) -> None:
    """The leading group ends a project before its time."""
    _change(project, "terminate", status_reason=reason)


def _change(project: Project, act: str, **evidence: Any) -> None:
    old = move(project, act, status_at=clock.now(), status_as_of=None, **evidence)
    audit.record(f"project.{act}", project, detail={"from": old, "to": project.status})
    label = project.machine.state(project.status).label
    _tell_team(project, f"项目“{project.name}”的状态变为“{label}”。")


# -- light, milestones, team, texts --------------------------------------------------------------


def set_light(project: Project, color: str, reason: str) -> None:
    """Set the light by hand, with the reason that is printed beside it. Raises Refused."""
    if not reason.strip():
        raise Refused("请填写理由。", "reason")
    before = project.light_override
    project.light_override, project.light_reason = color, reason.strip()
    audit.record("project.light", project, detail={"from": before, "to": color})
    _tell_team(project, f"项目“{project.name}”人工设为{LABELS[color]}：{reason.strip()}")


def clear_light(project: Project) -> None:
    """Take back the light set by hand. Raises Refused when there is none."""
    if project.light_override is None:
        raise Refused("此项目没有人工灯色。")
    before, project.light_override, project.light_reason = project.light_override, None, ""
    audit.record("project.light", project, detail={"from": before, "to": None})


def edit_milestones(project: Project, version: int, rows: Sequence[MilestoneInput]) -> None:
    """Write how milestones stand. A milestone that is done stands at 100 %.

    Raises Clash when the form is stale, Refused (field "done_on-<key>") for a future day.
    """
    expect_version(project, version)
    stored = {milestone.key: milestone for milestone in project.milestones}
    for row in rows:
        if row.key not in stored:
            raise Refused("里程碑已变化，请刷新后再填。")
        _write_milestone(stored[row.key], row)
    bump(project)
    done = sum(1 for milestone in project.milestones if milestone.done_on)
    audit.record("project.milestones", project, detail={"done": done, "of": len(stored)})


def _write_milestone(milestone: Milestone, row: MilestoneInput) -> None:
    if row.done_on is not None and row.done_on > clock.today():
        raise Refused(f"完成日期{cn_date(row.done_on)}晚于今天。", f"done_on-{row.key}")
    if row.done_on is None and row.progress >= 100:
        raise Refused("进度为100%时请填写完成日期。", f"done_on-{row.key}")
    milestone.progress = 100 if row.done_on else row.progress
    milestone.done_on, milestone.note = row.done_on, row.note


def edit_team(
    project: Project, version: int, leader: MemberInput, members: Sequence[MemberInput]
) -> None:
    """Give the project this team. Raises Clash, Refused when somebody stands there twice."""
    expect_version(project, version)
    ids = [leader.person_id, *(member.person_id for member in members)]
    if len(ids) != len(set(ids)):
        raise Refused("同一人在项目组中只能出现一次。")
    before = {member.person_id for member in project.team}
    project.team.clear()
    db.session.flush()  # the old leader goes before the new one comes: one leader at a time
    project.team.append(TeamMember(person_id=leader.person_id, role="leader", duty=leader.duty))
    project.team += [
        TeamMember(person_id=member.person_id, role="member", duty=member.duty)
        for member in members
    ]
    bump(project)
    audit.record("project.team", project, detail={"before": sorted(before), "after": sorted(ids)})
    if project.announced_at is not None:
        new = set(ids) - before
        notify(new, f"您已加入项目“{project.name}”的项目组。", _address(project))


def edit_texts(
    project: Project, version: int, *, background: str, mode: str, practice: str, outcome: str
) -> None:
    """Write the four parts of the project's account. Raises Clash when the form is stale."""
    expect_version(project, version)
    project.background, project.mode = background, mode
    project.practice, project.outcome = practice, outcome
    audit.record("project.texts", project, detail={"outcome_length": len(outcome)})


def _address(project: Project) -> str:
    return f"/projects/{project.key}"


def _tell_team(project: Project, text: str) -> None:
    if project.announced_at is not None:
        notify([member.person_id for member in project.team], text, _address(project))
