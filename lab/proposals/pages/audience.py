"""Answers to the questions of calls: who is writing, how many proposals were received."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from lab.calls.models.call import Call
from lab.extensions import db
from lab.proposals.core.counts import numbers_of_calls
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
    return {
        call_id: (sum(by_state[code] for code in NUMBERED), sum(by_state[c] for c in PASSED_CHECK))
        for call_id, by_state in numbers_of_calls(call_ids).items()
        if any(by_state[code] for code in NUMBERED)
    }
