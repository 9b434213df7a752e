"""A proposal's next step as text."""

from __future__ import annotations

from datetime import datetime

from lab import clock
from lab.calls.rules.timing import is_within_deadline
from lab.proposals.core.content import content
from lab.proposals.core.editing import due_on
from lab.proposals.models.proposal import Proposal
from lab.proposals.rules.joint import confirmation
from lab.proposals.rules.lifecycle import WITHDRAWABLE, ProposalStatus
from lab.proposals.rules.progress import NextStep, next_step_for
from lab.proposals.withdrawal import queries as withdrawal_queries


def next_step(proposal: Proposal, deadline: datetime | None) -> NextStep:
    """Return the proposal's next step, its due time and whose turn it is.

    `deadline`: as returned by `core.deadlines.submission_deadline`.
    """
    now = clock.now()
    return next_step_for(
        proposal.status,
        is_within_deadline(proposal.call, deadline, now),
        deadline,
        due_on(proposal),
        now=now,
        withdrawing=proposal.status in WITHDRAWABLE
        and withdrawal_queries.pending_request(proposal.id) is not None,
        awaiting_partner=proposal.status == ProposalStatus.DRAFT
        and confirmation.is_asked(content.partner_of(proposal), proposal.confirmations),
    )
