"""Write the parts of a project: milestones, team, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lab import audit, clock
from lab.clock import cn_date
from lab.db import bump_version, expect_version
from lab.extensions import db
from lab.inbox.notices.service import notify
from lab.portfolio.core import recording
from lab.portfolio.models.project import Milestone, Project, TeamMember
from lab.portfolio.rules.team import TeamRole
from lab.rejected import Rejected
from lab.web.links import About


@dataclass(frozen=True)
class MilestoneInput:
    """A milestone's reported progress 0–100, the day it was done, a note."""

    key: str
    progress: int
    done_on: date | None
    note: str = ""


@dataclass(frozen=True)
class MemberInput:
    """A team member and their duty."""

    person_id: int
    duty: str = ""


def edit_milestones(project: Project, version: int, rows: Sequence[MilestoneInput]) -> None:
    """Write how milestones stand. A milestone that is done stands at 100 %.

    Raises EditConflict when the form is stale, Rejected (field "done_on-<key>") for a future day.
    """
    expect_version(project, version)
    stored = {milestone.key: milestone for milestone in project.milestones}
    for row in rows:
        if row.key not in stored:
            raise Rejected("里程碑已变化，请刷新后再填。")
        _write_milestone(stored[row.key], row)
    bump_version(project)
    done = sum(1 for milestone in project.milestones if milestone.done_on)
    audit.record("project.milestones", project, detail={"done": done, "of": len(stored)})


def _write_milestone(milestone: Milestone, row: MilestoneInput) -> None:
    if row.done_on is not None and row.done_on > clock.today():
        raise Rejected(f"完成日期{cn_date(row.done_on)}晚于今天。", f"done_on-{row.key}")
    if row.done_on is None and row.progress >= 100:
        raise Rejected("进度为100%时请填写完成日期。", f"done_on-{row.key}")
    progress, done = milestone.progress, milestone.done_on
    milestone.progress = 100 if row.done_on else row.progress
    milestone.done_on, milestone.note = row.done_on, row.note
    if milestone.progress != progress and milestone.done_on is None:
        recording.record_plan(milestone)
    if milestone.done_on != done:
        recording.record_completion(milestone)


def edit_team(
    project: Project, version: int, leader: MemberInput, members: Sequence[MemberInput]
) -> None:
    """Give the project this team.

    Raises EditConflict, Rejected when somebody stands there twice.
    """
    expect_version(project, version)
    ids = [leader.person_id, *(member.person_id for member in members)]
    if len(ids) != len(set(ids)):
        raise Rejected("同一人在项目组中只能出现一次。")
    before = recording.roles_of(project.team)
    project.team.clear()
    db.session.flush()  # the old leader goes before the new one comes: one leader at a time
    project.team.append(
        TeamMember(person_id=leader.person_id, role=TeamRole.LEADER, duty=leader.duty)
    )
    project.team += [
        TeamMember(person_id=member.person_id, role=TeamRole.MEMBER, duty=member.duty)
        for member in members
    ]
    bump_version(project)
    recording.record_team(project, before)
    audit.record("project.team", project, detail={"before": sorted(before), "after": sorted(ids)})
    if project.announced_at is not None:
        new = set(ids) - before.keys()
        notify(new, f"您已加入项目“{project.name}”的项目组。", About.of(project))


def edit_texts(
    project: Project, version: int, *, background: str, mode: str, practice: str, outcome: str
) -> None:
    """Write the four parts of the project's account.

    Raises EditConflict when the form is stale, Rejected for a published project: what the portal
    knows beyond the report is a supplement.
    """
    if project.source_label:
        raise Rejected("公开报道的内容不能修改，请写在本系统补充中。")
    expect_version(project, version)
    project.background, project.mode = background, mode
    project.practice, project.outcome = practice, outcome
    audit.record("project.texts", project, detail={"outcome_length": len(outcome)})
