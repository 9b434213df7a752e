"""The history of a decision: who did what when, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lab.decisions.models import DecisionAction
from lab.decisions.rules.lifecycle import DECISION
from lab.extensions import db
from lab.identity.models.account import Person
from lab.workflow import State

ACTION_LABELS = {
    "submit": "提请审定",
    "send_back": "退回重议",
    "approve": "审定同意",
    "publish": "公布结果",
}
LOST_NOTE = "当时的意见没有留存。"


@dataclass(frozen=True)
class ActionRow:
    """One action in the history: what was done, the state after it, by whom, the reason given."""

    label: str
    state: State
    reason: str
    by: str
    at: datetime


def actions_of(decision_id: int) -> tuple[ActionRow, ...]:
    """Return every action on a decision, oldest first."""
    rows = db.session.execute(
        select(DecisionAction, Person.name)
        .outerjoin(Person, Person.id == DecisionAction.by_id)
        .where(DecisionAction.decision_id == decision_id)
        .order_by(DecisionAction.at, DecisionAction.id)
    )
    return tuple(
        ActionRow(
            label=ACTION_LABELS[row.action],
            state=DECISION.state(row.status),
            reason=LOST_NOTE if row.reason is None else row.reason,
            by=name or "",
            at=row.at,
        )
        for row, name in rows
    )
