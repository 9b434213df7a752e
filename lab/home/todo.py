"""What waits for a person, read from the state of things: nothing is kept, so nothing is stale."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy import func, not_, select

from lab import clock
from lab.calls.models.call import Call
from lab.decisions.models import Decision
from lab.decisions.queries import open_to
from lab.extensions import db
from lab.inbox.letters import queries as letters
from lab.indicators.approval.queries import WaitingMonth, waiting_months, waiting_projects
from lab.indicators.core.open_months import open_months
from lab.indicators.figures.narratives import pending_narratives
from lab.indicators.rules import months
from lab.policy import APPLICANT, LEADING, OFFICE, REVIEWER, Actor
from lab.portfolio.models.project import Project, TeamMember
from lab.portfolio.rules.lifecycle import REPORTING
from lab.proposals.core.visibility.relations import takes_part
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages.queries import waiting_for
from lab.proposals.withdrawal.queries import waiting_requests
from lab.releases.queries import waiting_for as waiting_for_release
from lab.reviews.rules.lifecycle import OWED
from lab.reviews.sheets.queries import own_rounds
from lab.workdays.queries import calendar, due_note
from lab.workdays.rules import asked_by, year_to_ask_for


@dataclass(frozen=True)
class Todo:
    """One matter: what to do, about what, where, and by when if there is a day.

    `note` stands behind the day: that it may still change.
    """

    act: str
    about: str
    url: str
    due: date | None = None
    note: str = ""

    @property
    def late(self) -> bool:
        """Whether its last day is over."""
        return self.due is not None and self.due < clock.today()


def todos(actor: Actor) -> list[Todo]:
    """Everything that waits for this person, the dated ones first."""
    makers: list[tuple[str, Callable[[Actor], list[Todo]]]] = [
        (APPLICANT, _proposals),
        (REVIEWER, _sheets),
        (OFFICE, _checks),
        (OFFICE, _withdrawals),
        (OFFICE, _letters),
        (OFFICE, _calendar),
        (OFFICE, _rounds),
        (OFFICE, _lists),
        (OFFICE, _figures),
        (LEADING, _approvals),
    ]
    found = [todo for role, make in makers if role in actor.roles for todo in make(actor)]
    if actor.is_staff:
        found += _team(actor)
    found += _releases(actor)
    return sorted(found, key=lambda todo: (todo.due is None, todo.due or date.max))


# -- whoever may release what another asked for ------------------------------------------------


def _releases(actor: Actor) -> list[Todo]:
    return [
        Todo(
            f"复核{row.label}",
            row.about,
            url_for("releases.show", key=row.key),
            _day(row.due_at),
            due_note(row.due_at),
        )
        for row in waiting_for_release(actor)
    ]


# -- applicants and teams ----------------------------------------------------------------------


def _proposals(actor: Actor) -> list[Todo]:
    """The same rows as at the top of the person's own list."""
    return [
        Todo(
            "补正申报书" if row.state.code == "returned" else "完成并提交申报书",
            row.title if row.titled else f"{row.call}（未命名草稿）",
            url_for("proposals.show", key=row.key),
            _day(row.next.until),
            due_note(row.next.until) if row.state.code == "returned" else "",
        )
        for row in waiting_for(actor)
    ]


def _day(until: datetime | date | None) -> date | None:
    return clock.beijing(until).date() if isinstance(until, datetime) else until


def _team(actor: Actor) -> list[Todo]:
    return _joint(actor) + _charters(actor) + _months(actor) + _to_confirm(actor)


def _joint(actor: Actor) -> list[Todo]:
    """Joint applications that wait for this person's answer for the partner unit."""
    rows = db.session.execute(
        select(Proposal.key, Proposal.title, Call.closes_at)
        .join(Call, Call.id == Proposal.call_id)
        .join(JointConfirmation, JointConfirmation.proposal_id == Proposal.id)
        .where(
            JointConfirmation.status == "asked",
            JointConfirmation.person_id == actor.id,
            JointConfirmation.unit_id == Proposal.joint_unit_id,
            Proposal.partner_id == actor.id,
            Proposal.status.in_(("draft", "returned")),
        )
        .order_by(JointConfirmation.asked_at)
    )
    return [
        Todo(
            "确认联合申报",
            row.title or "未命名申报书",
            url_for("proposals.joint", key=row.key),
            row.closes_at and clock.beijing(row.closes_at).date(),
        )
        for row in rows
    ]


def _charters(actor: Actor) -> list[Todo]:
    rows = db.session.execute(
        select(Project.key, Project.name)
        .join(TeamMember, TeamMember.project_id == Project.id)
        .where(
            TeamMember.person_id == actor.id,
            TeamMember.role == "leader",
            Project.status == "awaiting_charter",
            Project.announced_at.is_not(None),
            Project.charter_signed_at.is_(None),
        )
    )
    return [Todo("签署任务书", row.name, url_for("portfolio.show", key=row.key)) for row in rows]


def _months(actor: Actor) -> list[Todo]:
    """Every month that a project at work has not handed in, each with its own last day, and the
    figures that were sent back."""
    mine = db.session.execute(
        select(Project.id, Project.key, Project.name)
        .join(TeamMember, TeamMember.project_id == Project.id)
        .where(TeamMember.person_id == actor.id, Project.status.in_(REPORTING))
    ).all()
    owed = open_months([row.id for row in mine], clock.today())
    asked = [
        Todo(
            f"填报{_month(end)}数据",
            row.name,
            url_for("indicators.month", key=row.key, period=months.code(end)),
            (due := months.due_on(end, calendar())),
            due_note(due),
        )
        for row in mine
        for end in owed.get(row.id, ())
    ]
    returned = [
        Todo(
            f"修改退回的{row.count}项指标（{_month(row.oldest)}）",
            row.name,
            url_for("indicators.history_page", key=row.key),
        )
        for row in waiting_projects("returned", actor.id)
    ]
    return asked + returned


def _to_confirm(actor: Actor) -> list[Todo]:
    """What the team handed in and its leader has not confirmed: figures and words."""
    led = select(TeamMember.project_id).where(
        TeamMember.person_id == actor.id, TeamMember.role == "leader"
    )
    texts = [
        Todo(
            f"确认{_month(row.end)}月报",
            _since(row.name, row.since),
            url_for("indicators.narrative", key=row.key, period=months.code(row.end)),
        )
        for row in pending_narratives(led)
    ]
    return _waiting_figures("确认", waiting_months("submitted", led)) + texts


def _waiting_figures(act: str, rows: Sequence[WaitingMonth]) -> list[Todo]:
    return [
        Todo(
            f"{act}{_month(row.end)}{row.count}项指标",
            _since(row.name, row.since),
            url_for("indicators.check", key=row.key),
        )
        for row in rows
    ]


def _month(end: date) -> str:
    return f"{end.year}年{end.month}月"


def _since(name: str, moment: datetime | None) -> str:
    """No rule names a last day for what was handed in: the line says since when it waits."""
    return f"{name}（{clock.cn_date(clock.beijing(moment).date())}提交）" if moment else name


# -- reviewers ---------------------------------------------------------------------------------


def _sheets(actor: Actor) -> list[Todo]:
    """Counted over what the reviewer may see: an entry of the own unit is not even a number."""
    owed = [
        (row.title, sum(sheet.state.code in OWED for sheet in row.sheets))
        for row in own_rounds(actor.id)
        if row.open
    ]
    return [
        Todo(f"评审{count}份申报书", title, url_for("reviews.own"))
        for title, count in owed
        if count
    ]


# -- the office --------------------------------------------------------------------------------


def _checks(actor: Actor) -> list[Todo]:
    rows = db.session.execute(
        select(Call.title, func.count(Proposal.id).label("count"))
        .join(Proposal, Proposal.call_id == Call.id)
        .where(Proposal.status == "submitted", not_(takes_part(actor)))
        .group_by(Call.title)
    )
    return [
        Todo(f"形式审查{row.count}份申报书", row.title, url_for("checks.index")) for row in rows
    ]


def _withdrawals(actor: Actor) -> list[Todo]:
    return [
        Todo("答复撤回申请", f"{number}《{title}》", url_for("proposals.decide_page", key=key))
        for key, number, title in waiting_requests(actor)
    ]


def _letters(actor: Actor) -> list[Todo]:
    unsent, troubled = letters.outbox_counts(actor)
    todos = []
    if unsent:
        todos.append(Todo(f"发送{unsent}件函件", "待发送函件", url_for("letters.index")))
    if troubled:
        address = url_for("letters.index", status="all", mail="troubled")
        todos.append(Todo(f"处理{troubled}件函件的邮件", "邮件没有送达或结果不明", address))
    return todos


def _calendar(_actor: Actor) -> list[Todo]:
    """From 1 November until next year's holidays are known."""
    year = year_to_ask_for(clock.today(), calendar())
    if year is None:
        return []
    address = url_for("workdays.year", year=year)
    return [Todo(f"录入{year}年放假和调休安排", "工作日历", address, asked_by(year))]


def _rounds(_actor: Actor) -> list[Todo]:
    rows = db.session.execute(
        select(Call.key, Call.title, Call.status)
        .outerjoin(Decision, Decision.call_id == Call.id)
        .where(
            Call.source_label == "",
            (Call.status == "closed") | ((Call.status == "reviewing") & Decision.id.is_(None)),
        )
        .order_by(Call.id)
    )
    acts = {"closed": "分配评委并开启评审", "reviewing": "推进评审"}
    return [
        Todo(acts[row.status], row.title, url_for("reviews.show_round", key=row.key))
        for row in rows
    ]


def _lists(actor: Actor) -> list[Todo]:
    acts = {"draft": "拟定立项名单", "sent_back": "修改退回的名单", "approved": "公布立项结果"}
    rows = db.session.execute(
        select(Decision.key, Decision.status, Call.title)
        .join(Call, Call.id == Decision.call_id)
        .where(Decision.status.in_(acts), open_to(actor))
    )
    return [
        Todo(acts[row.status], row.title, url_for("decisions.show", key=row.key)) for row in rows
    ]


def _figures(_actor: Actor) -> list[Todo]:
    signed = db.session.execute(
        select(Project.key, Project.name).where(
            Project.status == "awaiting_charter", Project.charter_signed_at.is_not(None)
        )
    )
    starts = [
        Todo("办理开始实施", row.name, url_for("portfolio.show", key=row.key)) for row in signed
    ]
    return _waiting_figures("核定", waiting_months("confirmed")) + starts


# -- the leading group -------------------------------------------------------------------------


def _approvals(actor: Actor) -> list[Todo]:
    rows = db.session.execute(
        select(Decision.key, Call.title)
        .join(Call, Call.id == Decision.call_id)
        .where(Decision.status == "submitted", open_to(actor))
    )
    return [Todo("审定立项名单", row.title, url_for("decisions.show", key=row.key)) for row in rows]
