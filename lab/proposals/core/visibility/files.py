"""Which attachments of a proposal a reader may read, and how their list looks to that reader."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from lab.extensions import db
from lab.policy import Actor
from lab.proposals.core.content.attachment_history import AttachmentSlot, FileRow, attachment_slots
from lab.proposals.core.visibility.contents import Sight, sight_of
from lab.proposals.core.visibility.relations import WRITER_RELATIONS, relations
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalVersion


def may_read_file(actor: Actor, proposal: Proposal, row: ProposalFile) -> bool:
    """Return whether the actor may read an attachment: bytes, pictures, and its existence.

    Writers read every file that was ever attached, the partner unit's confirmer the current ones,
    everybody who sees the proposal the submitted ones.
    """
    seen, own = sight_of(actor, proposal), relations(actor, proposal)
    if seen is Sight.NOTHING:
        return False
    if own & WRITER_RELATIONS or (seen is Sight.WORKING and row.removed_at is None):
        return True
    return any(row.file.key in keys for keys in _files_of_versions(proposal.id))


def files_for(actor: Actor, proposal: Proposal) -> tuple[AttachmentSlot, ...]:
    """Return the list of attachments with its history, as far as this reader may read it."""
    if relations(actor, proposal) & WRITER_RELATIONS:
        return attachment_slots(proposal.id)
    versions = _files_of_versions(proposal.id)
    submitted_keys, newest = frozenset[str]().union(*versions), frozenset[str](*versions[-1:])
    visible_slots = []
    for slot in attachment_slots(proposal.id):
        files = [row for row in slot.files if row.key in submitted_keys]
        if files:
            shown = (_as_submitted(row, at, newest) for at, row in enumerate(files, 1))
            visible_slots.append(AttachmentSlot(tuple(shown)))
    return tuple(visible_slots)


def _as_submitted(row: FileRow, version: int, newest: frozenset[str]) -> FileRow:
    if row.key in newest:  # taken off since, which nobody has handed in yet
        return replace(row, version=version, removed_at=None, removed_by="")
    return replace(row, version=version)


def removed_at_for(actor: Actor, proposal: Proposal, row: ProposalFile) -> datetime | None:
    """Return when the attachment was removed, None while it is part of what this reader reads."""
    if row.removed_at is None or sight_of(actor, proposal) is Sight.WORKING:
        return row.removed_at
    versions = _files_of_versions(proposal.id)
    return None if versions and row.file.key in versions[-1] else row.removed_at


def _files_of_versions(proposal_id: int) -> list[frozenset[str]]:
    """Return the keys of each submitted version's attachments, oldest first."""
    texts = db.session.scalars(
        select(ProposalVersion.content)
        .where(ProposalVersion.proposal_id == proposal_id)
        .order_by(ProposalVersion.number)
    )
    return [frozenset(file["key"] for file in text.parsed()["files"]) for text in texts]
