"""To-dos of the office until a result is public, and of the leading group."""

from __future__ import annotations

from flask import url_for
from sqlalchemy import select

from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import CallStatus
from lab.decisions.models import Decision
from lab.decisions.pages.queries import readable_by
from lab.decisions.rules.lifecycle import DecisionStatus
from lab.extensions import db
from lab.feature import Todo, TodoSource
from lab.policy import LEADING, OFFICE, Actor


def _rounds(_actor: Actor) -> list[Todo]:
    """Rounds of review that the office has to open or move on, until a decision is drafted."""
    rows = db.session.execute(
        select(Call.key, Call.title, Call.status)
        .outerjoin(Decision, Decision.call_id == Call.id)
        .where(
            Call.source_label == "",
            (Call.status == CallStatus.CLOSED)
            | ((Call.status == CallStatus.REVIEWING) & Decision.id.is_(None)),
        )
        .order_by(Call.id)
    )
    tasks = {CallStatus.CLOSED: "分配评委并开启评审", CallStatus.REVIEWING: "推进评审"}
    return [
        Todo(tasks[row.status], row.title, url_for("reviews.show_round", key=row.key))
        for row in rows
    ]


def _decisions_of_office(actor: Actor) -> list[Todo]:
    tasks = {
        DecisionStatus.DRAFT: "拟定立项名单",
        DecisionStatus.SENT_BACK: "修改退回的名单",
        DecisionStatus.APPROVED: "公布立项结果",
    }
    rows = db.session.execute(
        select(Decision.key, Decision.status, Call.title)
        .join(Call, Call.id == Decision.call_id)
        .where(Decision.status.in_(tasks), readable_by(actor))
        .order_by(Decision.id)
    )
    return [
        Todo(tasks[row.status], row.title, url_for("decisions.show", key=row.key)) for row in rows
    ]


def _approvals(actor: Actor) -> list[Todo]:
    rows = db.session.execute(
        select(Decision.key, Call.title)
        .join(Call, Call.id == Decision.call_id)
        .where(Decision.status == DecisionStatus.SUBMITTED, readable_by(actor))
        .order_by(Decision.id)
    )
    return [Todo("审定立项名单", row.title, url_for("decisions.show", key=row.key)) for row in rows]


TODOS = (
    TodoSource(_rounds, OFFICE, 160),
    TodoSource(_decisions_of_office, OFFICE, 170),
    TodoSource(_approvals, LEADING, 200),
)
