"""Reads for the pages of one attachment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lab.files.models import StoredFile
from lab.files.previews.preview_page import FilePage, file_page
from lab.policy import Actor
from lab.proposals.access import Attached
from lab.proposals.core.content.attachment_history import AttachmentSlot
from lab.proposals.core.visibility import contents
from lab.proposals.core.visibility.contents import working_title
from lab.proposals.core.visibility.files import files_for, removed_at_for
from lab.proposals.models.proposal import Proposal


@dataclass(frozen=True)
class AttachmentPage:
    """An attachment as one reader sees it.

    `removed_at`: when it was replaced or removed, none while it is attached; `slot` holds its other
    versions, for those who may see how it came about.
    """

    proposal: Proposal
    name: str
    preview: FilePage
    removed_at: datetime | None
    slot: AttachmentSlot | None


def attachment_page(attached: Attached, reader: Actor) -> AttachmentPage:
    """Return the page of an attachment for a reader who may see it."""
    proposal = attached.proposal
    return AttachmentPage(
        proposal=proposal,
        name=contents.title_for(reader, proposal),
        preview=file_page(attached.file),
        removed_at=removed_at_for(reader, proposal, attached.row),
        slot=_slot(attached, reader),
    )


def _slot(attached: Attached, reader: Actor) -> AttachmentSlot | None:
    if not contents.may_read_private(reader, attached.proposal):
        return None
    for slot in files_for(reader, attached.proposal):
        if any(row.key == attached.key for row in slot.files):
            return slot
    return None


@dataclass(frozen=True)
class ReplacePage:
    """A proposal and the file that another is to replace."""

    proposal: Proposal
    name: str
    file: StoredFile


def replace_page(attached: Attached) -> ReplacePage:
    """Return the page on which an attachment is replaced."""
    return ReplacePage(attached.proposal, working_title(attached.proposal), attached.file)
