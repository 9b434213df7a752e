"""Answers to the questions of calls: who is writing, how many proposals were received."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from lab.calls.models.call import Call
from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import NUMBERED, PASSED_CHECK, WRITING


def applicants_with_open_drafts(call: Call, unit_id: int | None) -> set[int]:
    """Return owners and leaders of a call's drafts, and of its returned proposals."""
    query = select(Proposal.owner_id, Proposal.leader_id).where(
        Proposal.call_id == call.id, Proposal.status.in_(WRITING)
    )
    if unit_id is not None:
        query = query.where(Proposal.unit_id == unit_id)
    return {person for row in db.session.execute(query) for person in row if person}


def submission_counts(call_ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return call id -> (submitted at least once, passed the formality check)."""
    passed = func.count().filter(Proposal.status.in_(PASSED_CHECK))
    rows = db.session.execute(
        select(Proposal.call_id, func.count(), passed)
        .where(Proposal.call_id.in_(call_ids), Proposal.status.in_(NUMBERED))
        .group_by(Proposal.call_id)
    )
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}
