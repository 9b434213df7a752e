"""Reads for late entry by a one-time code."""

from __future__ import annotations

from sqlalchemy import or_, select

from lab.calls.models.call import Call
from lab.extensions import db
from lab.identity.models.account import Person
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.form.schema import UNNAMED_TITLE
from lab.proposals.rules.lifecycle import ProposalStatus


def own_drafts(call: Call, person: Person) -> list[tuple[str, str]]:
    """Return (key, title) of the drafts for which the person may redeem a code."""
    rows = db.session.execute(
        select(Proposal.key, Proposal.title)
        .where(
            Proposal.call_id == call.id,
            Proposal.status == ProposalStatus.DRAFT,
            Proposal.unit_id == person.unit_id,
            or_(Proposal.owner_id == person.id, Proposal.leader_id == person.id),
        )
        .order_by(Proposal.id)
    )
    return [(row.key, f"草稿：{row.title or UNNAMED_TITLE}") for row in rows]
