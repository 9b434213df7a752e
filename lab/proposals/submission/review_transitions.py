"""Move the proposals of a call into review, out of it, and to the result."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.db import transition
from lab.extensions import db
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.lifecycle import ProposalStatus
from lab.proposals.withdrawal import queries as withdrawal_queries
from lab.rejected import Rejected


def enter_review(call: Call) -> int:
    """Move every accepted proposal of the call into review; return how many. No audit line.

    Raises Rejected while a withdrawal request is pending.
    """
    if waiting := withdrawal_queries.pending_request_count(call.id):
        raise Rejected(f"有{waiting}份申报书的撤回申请还没有答复，请先答复，再开启评审。")
    return _transition_all(call, ProposalStatus.ACCEPTED, "open_review")


def leave_review(call: Call) -> int:
    """Move every proposal under review out of it; return how many. No audit line."""
    return _transition_all(call, ProposalStatus.REVIEWING, "close_review")


def _transition_all(call: Call, status: str, action: str) -> int:
    proposals: Iterable[Proposal] = db.session.scalars(
        select(Proposal)
        .where(Proposal.call_id == call.id, Proposal.status == status)
        .order_by(Proposal.id)
        .with_for_update()
    ).all()
    return len([transition(proposal, action) for proposal in proposals])


def announce_result(proposal: Proposal, mark: str) -> None:
    """Write the result of a reviewed proposal: mark approve, reserve or decline. No audit line.

    Raises TransitionRejected for another mark or state.
    """
    transition(proposal, mark, closed_at=clock.now())
