"""The attachments that stand in a proposal now."""

from __future__ import annotations

from lab.proposals.models.proposal import Proposal, ProposalFile


def active_files(proposal: Proposal) -> list[ProposalFile]:
    """The attachments that were not removed, in the order of upload; one that replaces another
    stands in its place."""
    position_of: dict[int, int] = {}
    for row in proposal.files:
        position_of[row.id] = position_of.get(row.replaces_id or 0, row.id)
    return sorted(
        (row for row in proposal.files if row.removed_at is None), key=lambda r: position_of[r.id]
    )
