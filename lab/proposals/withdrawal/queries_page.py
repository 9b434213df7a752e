"""Reads for the pages around a withdrawal."""

from __future__ import annotations

from dataclasses import dataclass

from lab.proposals.core.visibility import contents
from lab.proposals.models.proposal import Proposal
from lab.proposals.withdrawal.queries import WithdrawalRow, withdrawals


@dataclass(frozen=True)
class WithdrawalPage:
    """A proposal that is to be withdrawn; `asked` is the request that the page answers."""

    proposal: Proposal
    name: str
    asked: WithdrawalRow | None = None


def withdrawal_page(proposal: Proposal) -> WithdrawalPage:
    """Return the page on which a withdrawal is asked for or made."""
    return WithdrawalPage(proposal, contents.official_title(proposal))


def answer_page(proposal: Proposal) -> WithdrawalPage:
    """Return the page on which the office answers the request that is open."""
    pending = next((row for row in withdrawals(proposal.id) if row.is_open), None)
    return WithdrawalPage(proposal, contents.official_title(proposal), asked=pending)
