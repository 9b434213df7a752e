"""What waits for applicants and partners of proposals, and for the office that checks them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy import and_, func, select

from lab import clock
from lab.calls.models.call import Call
from lab.db.tallies import StateTally, of_kind
from lab.extensions import db
from lab.feature import Todo, TodoSource
from lab.policy import APPLICANT, OFFICE, STAFF, Actor
from lab.proposals.core.visibility.relations import has_relation, participant_ids
from lab.proposals.models.joint import JointConfirmation
from lab.proposals.models.proposal import Proposal
from lab.proposals.pages.queries import due_on_column, rows_awaiting
from lab.proposals.rules.form.schema import UNNAMED
from lab.proposals.rules.joint.lifecycle import ConfirmationStatus
from lab.proposals.rules.lifecycle import BEFORE_CHECK, ProposalStatus
from lab.proposals.withdrawal.queries import waiting_requests
from lab.workdays import queries as workdays


def _proposals(actor: Actor) -> list[Todo]:
    """Return the same rows as the top of the person's own list."""
    return [
        Todo(
            "补正申报书" if row.state.code == ProposalStatus.RETURNED else "完成并提交申报书",
            row.title if row.has_title else f"{row.call}（未命名草稿）",
            url_for("proposals.show", key=row.key),
            _day(row.next.until),
            workdays.due_note(row.next.until) if row.state.code == ProposalStatus.RETURNED else "",
        )
        for row in rows_awaiting(actor)
    ]


def _day(until: datetime | date | None) -> date | None:
    return clock.beijing(until).date() if isinstance(until, datetime) else until


def _joint(actor: Actor) -> list[Todo]:
    """Return joint applications that await this person's answer for the partner unit."""
    rows = db.session.execute(
        select(
            *(Proposal.key, Proposal.title, Proposal.status, Call.closes_at),
            due_on_column().label("due_on"),
        )
        .join(Call, Call.id == Proposal.call_id)
        .join(JointConfirmation, JointConfirmation.proposal_id == Proposal.id)
        .where(
            JointConfirmation.status == ConfirmationStatus.ASKED,
            JointConfirmation.unit_id == Proposal.joint_unit_id,
            JointConfirmation.person_id.is_not_distinct_from(Proposal.partner_id),
            has_relation(actor, "partner"),
            Proposal.status.in_(BEFORE_CHECK),
        )
        .order_by(JointConfirmation.asked_at)
    )
    return [
        Todo(
            "确认联合申报",
            row.title or UNNAMED,
            url_for("proposals.joint", key=row.key),
            _answer_due(row),
        )
        for row in rows
    ]


def _answer_due(row: Any) -> date | None:
    """By when the lead unit must hand in: the last day of a return, else the call's end.

    None for what was submitted already.
    """
    if row.status == ProposalStatus.SUBMITTED:
        return None
    return _day(row.due_on if row.status == ProposalStatus.RETURNED else row.closes_at)


def _checks(actor: Actor) -> list[Todo]:
    """Return how many proposals of each call wait for a check, without those of the clerk."""
    own = select(func.count()).where(
        Proposal.call_id == Call.id,
        Proposal.status == ProposalStatus.SUBMITTED,
        Proposal.id.in_(participant_ids(actor)),
    )
    waiting = StateTally.number - own.correlate(Call).scalar_subquery()
    rows = db.session.execute(
        select(Call.title, waiting.label("count"))
        .join(
            StateTally,
            and_(
                StateTally.scope_id == Call.id,
                of_kind(Proposal),
                StateTally.status == ProposalStatus.SUBMITTED,
            ),
        )
        .where(waiting > 0)
        .order_by(Call.id)
    )
    return [
        Todo(f"形式审查{row.count}份申报书", row.title, url_for("checks.index")) for row in rows
    ]


def _withdrawals(actor: Actor) -> list[Todo]:
    return [
        Todo("答复撤回申请", f"{number}《{title}》", url_for("proposals.decide_page", key=key))
        for key, number, title in waiting_requests(actor)
    ]


TODOS = (
    TodoSource(_proposals, APPLICANT, 100),
    TodoSource(_checks, OFFICE, 120),
    TodoSource(_withdrawals, OFFICE, 130),
    TodoSource(_joint, STAFF, 210),
)
