"""Sheets of a reviewer who leaves, as far as the reader may know of the assignment.

Of a proposal that the reader must keep out of nobody is told who reviews it: it is in no count.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, select

from lab.calls.models.call import Call
from lab.calls.rules.lifecycle import ASSIGNABLE
from lab.extensions import db
from lab.handover.kinds import KeptLine
from lab.handover.rules import HeldItem
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal
from lab.reviews.core.conflicts import conflicted_condition
from lab.reviews.models import ScoreSheet
from lab.reviews.rules.lifecycle import OWED, SHEET, SheetStatus


def is_withdrawable(reader: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions on sheet, proposal and call: unfinished, and the round not ended."""
    return (ScoreSheet.status.in_(OWED), *_in_round(reader))


def _in_round(reader: Actor) -> tuple[ColumnElement[bool], ...]:
    return (
        Call.status.in_(ASSIGNABLE),
        Call.review_closed_at.is_(None),
        not_(conflicted_condition(reader)),
    )


def _sheets(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
    )


def sheet_counts(reader: Actor, people: Any) -> Any:
    """Return how many sheets each of the people owes."""
    person = ScoreSheet.reviewer_id
    return (
        _sheets(person.label("person_id"), func.count(ScoreSheet.id).label("total"))
        .where(person.in_(people), *is_withdrawable(reader))
        .group_by(person)
    )


def unfinished_sheets(reader: Actor, person_id: int) -> list[HeldItem]:
    """Return the sheets that this person owes, by the proposal's name, in one query."""
    rows = db.session.execute(
        _sheets(ScoreSheet.key, ScoreSheet.status, Proposal.number, Proposal.title)
        .where(ScoreSheet.reviewer_id == person_id, *is_withdrawable(reader))
        .order_by(Proposal.number)
    )
    return [
        HeldItem(
            key=row.key,
            name=f"{row.number}《{row.title}》",
            state=SHEET.state(row.status).label,
            status=row.status,
        )
        for row in rows
    ]


def submitted_sheets(reader: Actor, person: Person) -> list[KeptLine]:
    """Return how many sheets this person has submitted in rounds under way."""
    count = db.session.scalar(
        _sheets(func.count(ScoreSheet.id)).where(
            ScoreSheet.reviewer_id == person.id,
            ScoreSheet.status == SheetStatus.SUBMITTED,
            *_in_round(reader),
        )
    )
    return [KeptLine("已提交的评分表", count)] if count else []
