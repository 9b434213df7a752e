"""Queries of withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, func, not_, select
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.identity.models.account import Person
from lab.policy import Actor
from lab.proposals.core.visibility.relations import is_participant
from lab.proposals.core.visibility.titles import shown_title
from lab.proposals.models.proposal import Proposal
from lab.proposals.models.withdrawal import ProposalWithdrawal
from lab.proposals.rules.lifecycle import WITHDRAWABLE, ProposalStatus
from lab.proposals.rules.withdrawal import KINDS, WITHDRAWAL, WithdrawalStatus
from lab.workflow import State


@dataclass(frozen=True)
class WithdrawalRow:
    """One withdrawal as shown, with the key of the draft created from it or None."""

    kind: str
    label: str
    state: State
    reason: str
    asked_by: str
    asked_at: datetime
    answer: str
    decided_by: str | None
    decided_at: datetime | None
    reused_key: str | None

    @property
    def is_open(self) -> bool:
        """Whether the office has not answered yet."""
        return self.state.code == WithdrawalStatus.ASKED

    @property
    def is_dropped(self) -> bool:
        """Whether the applicants took their request back."""
        return self.state.code == WithdrawalStatus.DROPPED


def withdrawals(proposal_id: int) -> tuple[WithdrawalRow, ...]:
    """Return the withdrawals of a proposal, newest first."""
    rows = db.session.execute(_withdrawals(), {"proposal_id": proposal_id})
    return tuple(
        WithdrawalRow(
            kind=row.kind,
            label=KINDS[row.kind],
            state=WITHDRAWAL.state(row.status),
            reason=row.reason,
            asked_by=asked_by,
            asked_at=row.asked_at,
            answer=row.answer,
            decided_by=decided_by,
            decided_at=row.decided_at,
            reused_key=taken_up,
        )
        for row, asked_by, decided_by, taken_up in rows
    )


@cache
def _withdrawals() -> Executable:
    asker, decider, new = aliased(Person), aliased(Person), aliased(Proposal)
    return (
        select(
            ProposalWithdrawal,
            asker.name.label("asked_by"),
            decider.name.label("decided_by"),
            new.key.label("taken_up"),
        )
        .join(asker, asker.id == ProposalWithdrawal.asked_by_id)
        .outerjoin(decider, decider.id == ProposalWithdrawal.decided_by_id)
        .outerjoin(new, new.id == ProposalWithdrawal.taken_up_id)
        .where(ProposalWithdrawal.proposal_id == bindparam("proposal_id"))
        .order_by(ProposalWithdrawal.id.desc())
    )


def pending_request(proposal_id: int) -> ProposalWithdrawal | None:
    """Return the request that awaits the office's answer, None when there is none."""
    return db.session.scalar(
        select(ProposalWithdrawal).where(
            ProposalWithdrawal.proposal_id == proposal_id,
            ProposalWithdrawal.status == WithdrawalStatus.ASKED,
        )
    )


def newest_withdrawal(proposal_id: int) -> ProposalWithdrawal | None:
    """Return the last withdrawal of a proposal, None when there is none."""
    return db.session.scalar(
        select(ProposalWithdrawal)
        .where(ProposalWithdrawal.proposal_id == proposal_id)
        .order_by(ProposalWithdrawal.id.desc())
        .limit(1)
    )


def pending_request_count(call_id: int) -> int:
    """Return how many accepted proposals of a call have a pending request."""
    number = (
        select(func.count())
        .select_from(ProposalWithdrawal)
        .join(Proposal, Proposal.id == ProposalWithdrawal.proposal_id)
    )
    return (
        db.session.scalar(
            number.where(
                Proposal.call_id == call_id,
                Proposal.status == ProposalStatus.ACCEPTED,
                ProposalWithdrawal.status == WithdrawalStatus.ASKED,
            )
        )
        or 0
    )


def waiting_requests(actor: Actor) -> list[tuple[str, str, str]]:
    """Return (key, number, title) of the proposals with a pending request, oldest first.

    For this member of the office, who takes no part in them.
    """
    rows = db.session.execute(
        select(Proposal.key, Proposal.number, shown_title(actor).label("title"))
        .join(ProposalWithdrawal, ProposalWithdrawal.proposal_id == Proposal.id)
        .where(
            ProposalWithdrawal.status == WithdrawalStatus.ASKED,
            # Joined to nothing, so that the planner begins with the few requests.
            Proposal.status.concat("").in_(WITHDRAWABLE),
            not_(is_participant(actor)),
        )
        .order_by(ProposalWithdrawal.id)
    )
    return [(row.key, row.number or "", row.title) for row in rows]
