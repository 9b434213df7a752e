"""The frozen versions of a proposal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from lab.canonical import canonical_json, fingerprint
from lab.extensions import db
from lab.proposals.core.content import content
from lab.proposals.models.proposal import Proposal, ProposalVersion
from lab.proposals.rules.similarity import title_key


def latest_version(proposal_id: int) -> int:
    """Return the number of the newest submitted version, 0 before the first submission."""
    newest = select(func.max(ProposalVersion.number)).where(
        ProposalVersion.proposal_id == proposal_id
    )
    return db.session.scalar(newest) or 0


def freeze_version(proposal: Proposal, person_id: int, now: datetime) -> ProposalVersion:
    """Store the current content as the next version; part of a submission."""
    row = frozen_version(content.load_content(proposal), person_id, now)
    row.proposal_id, row.number = proposal.id, latest_version(proposal.id) + 1
    db.session.add(row)
    db.session.flush()
    return row


def frozen_version(proposal: Proposal, person_id: int, now: datetime) -> ProposalVersion:
    """Return the current content, frozen with its fingerprint, not yet added to the versions.

    The proposal keeps the name it is submitted under, as names are compared. Issues no queries when
    everything the content needs has been loaded.
    """
    shown = content.reviewer_content(proposal)
    proposal.title_key = title_key(proposal.title)
    return ProposalVersion(
        content=canonical_json(shown),
        private=canonical_json(content.private_content(proposal)),
        fingerprint=fingerprint(shown),
        submitted_by_id=person_id,
        submitted_at=now,
    )
