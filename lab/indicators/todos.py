"""What waits for teams that report figures, for their leaders and for the office."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask import url_for
from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.feature import Todo, TodoSource
from lab.indicators.approval.queries import WaitingMonth, waiting_months, waiting_projects
from lab.indicators.core.open_months import open_months
from lab.indicators.figures.narratives import pending_narratives
from lab.indicators.rules import months
from lab.indicators.rules.lifecycle import EntryStatus
from lab.policy import OFFICE, STAFF, Actor
from lab.portfolio.models.project import Project, TeamMember
from lab.portfolio.rules.lifecycle import REPORTING
from lab.portfolio.rules.team import TeamRole
from lab.workdays.queries import due_note, office_calendar


def _months(actor: Actor) -> list[Todo]:
    """Return the periods that projects at work have not submitted, and the returned figures.

    Each period with its deadline.
    """
    own_projects = db.session.execute(
        select(Project.id, Project.key, Project.name)
        .join(TeamMember, TeamMember.project_id == Project.id)
        .where(TeamMember.person_id == actor.id, Project.status.in_(REPORTING))
        .order_by(Project.id)
    ).all()
    unsubmitted = open_months([row.id for row in own_projects], clock.today())
    asked = [
        Todo(
            f"填报{_month(end)}数据",
            row.name,
            url_for("indicators.month", key=row.key, period=months.month_code(end)),
            (due := months.report_due_on(end, office_calendar())),
            due_note(due),
        )
        for row in own_projects
        for end in unsubmitted.get(row.id, ())
    ]
    returned = [
        Todo(
            f"修改退回的{row.count}项指标（{_month(row.oldest)}）",
            row.name,
            url_for("indicators.history_page", key=row.key),
        )
        for row in waiting_projects(EntryStatus.RETURNED, actor.id)
    ]
    return asked + returned


def _to_confirm(actor: Actor) -> list[Todo]:
    """Return submitted figures and narratives that the leader has not confirmed."""
    led = select(TeamMember.project_id).where(
        TeamMember.person_id == actor.id, TeamMember.role == TeamRole.LEADER
    )
    texts = [
        Todo(
            f"确认{_month(row.end)}月报",
            _since(row.name, row.since),
            url_for("indicators.narrative", key=row.key, period=months.month_code(row.end)),
        )
        for row in pending_narratives(led)
    ]
    return _waiting_figures("确认", waiting_months(EntryStatus.SUBMITTED, led)) + texts


def _to_approve(_actor: Actor) -> list[Todo]:
    return _waiting_figures("核定", waiting_months(EntryStatus.CONFIRMED))


def _waiting_figures(task: str, rows: Sequence[WaitingMonth]) -> list[Todo]:
    return [
        Todo(
            f"{task}{_month(row.end)}{row.count}项指标",
            _since(row.name, row.since),
            url_for("indicators.check", key=row.key),
        )
        for row in rows
    ]


def _month(end: date) -> str:
    return f"{end.year}年{end.month}月"


def _since(name: str, moment: datetime | None) -> str:
    """Return since when the item waits: no rule sets a deadline for submitted figures."""
    return f"{name}（{clock.cn_date(clock.beijing(moment).date())}提交）" if moment else name


TODOS = (
    TodoSource(_to_approve, OFFICE, 180),
    TodoSource(_months, STAFF, 230),
    TodoSource(_to_confirm, STAFF, 240),
)
