"""Withdraw the unfinished sheets of a reviewer who leaves; part of a handover."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import select

from lab import audit
from lab.calls.models.call import Call
from lab.db import bump_version, transition
from lab.extensions import db
from lab.handover.kinds import Facts, Withdrawn
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.proposals.models.proposal import Proposal
from lab.reviews.handover.queries import is_withdrawable
from lab.reviews.models import ScoreSheet

REASON = "评委离岗，实施办公室撤回"


def withdraw_sheets(clerk: Person, giver: Person, facts: Facts) -> list[Withdrawn]:
    """Withdraw what this reviewer owes, unseen, in every round that has not ended.

    As where an assignment is cancelled, what was typed stays out of everybody's reach: no page of
    the office shows an unfinished sheet, and another reviewer begins with an empty one. Returns the
    calls whose assignment has gaps now; how many sheets is not in the record, which colleagues read
    who must keep out of a proposal.
    """
    reader = Actor(clerk.id, clerk.roles, clerk.unit_id)
    calls = _locked_calls(reader, giver.id)
    owed = db.session.execute(
        select(ScoreSheet, Proposal.call_id)
        .join(Proposal, Proposal.id == ScoreSheet.proposal_id)
        .join(Call, Call.id == Proposal.call_id)
        .where(ScoreSheet.reviewer_id == giver.id, *is_withdrawable(reader))
        .order_by(ScoreSheet.id)
        .execution_options(populate_existing=True)
    ).all()
    for sheet, _ in owed:
        transition(sheet, "cancel", closed_reason=REASON)
    counts = Counter(call_id for _, call_id in owed)
    for call in calls:
        bump_version(call)  # the assignment's page that somebody has open is stale
        detail = {**facts, "removed": counts[call.id]}
        audit.record("round.withdraw_sheets", call, detail=detail)
    return [Withdrawn(call.key, f"{call.title}：未完成的评审") for call in calls]


def _locked_calls(reader: Actor, reviewer_id: int) -> list[Call]:
    """Return the calls in question, so that nobody submits a sheet or ends the round meanwhile."""
    owed = (
        select(Proposal.call_id)
        .join(ScoreSheet, ScoreSheet.proposal_id == Proposal.id)
        .join(Call, Call.id == Proposal.call_id)
        .where(ScoreSheet.reviewer_id == reviewer_id, *is_withdrawable(reader))
    )
    return list(
        db.session.scalars(
            select(Call)
            .where(Call.id.in_(owed))
            .order_by(Call.id)
            .with_for_update(of=Call)
            .execution_options(populate_existing=True)
        )
    )
