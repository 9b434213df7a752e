"""What comes next for a proposal, in words."""

from __future__ import annotations

from datetime import datetime

from lab import clock
from lab.calls.rules.timing import accepts_until
from lab.proposals import (
    content,
    joint,
    queries_withdrawal,
)
from lab.proposals.core.editing import due_on
from lab.proposals.lifecycle import PROPOSAL
from lab.proposals.models import Proposal
from lab.proposals.progress import Next, what_next
from lab.proposals.withdrawal import ASK_STATES


def next_step(proposal: Proposal, until: datetime | None) -> Next:
    """What comes next for the proposal, by when and whose turn it is; `until`: its deadline, as
    `deadlines.taken_until` has it."""
    now = clock.now()
    return what_next(
        proposal.status,
        accepts_until(proposal.call, until, now),
        until,
        due_on(proposal) if proposal.status == "returned" else None,
        now=now,
        withdrawing=proposal.status in ASK_STATES
        and queries_withdrawal.asked(proposal.id) is not None,
        partner_owes=proposal.status == PROPOSAL.initial
        and joint.is_asked(content.partner_of(proposal), proposal.confirmations),
    )
