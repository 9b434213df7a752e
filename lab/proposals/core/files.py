"""The current attachments of a proposal."""

from __future__ import annotations

from lab.proposals.models.proposal import Proposal, ProposalFile


def active_files(proposal: Proposal) -> list[ProposalFile]:
    """Return the current attachments in upload order.

    A replacement takes the position of the replaced one.
    """
    position_of: dict[int, int] = {}
    for row in proposal.files:
        position_of[row.id] = position_of.get(row.replaces_id or 0, row.id)
    return sorted(
        (row for row in proposal.files if row.removed_at is None), key=lambda r: position_of[r.id]
    )
