"""Queries of attachments: the current list, and the history of each slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.files.inspection.kinds import is_previewed, label_of
from lab.files.models import StoredFile
from lab.files.previews.notes import PreviewNote, note_of
from lab.files.previews.queries import statuses_by_key
from lab.identity.models.account import Person
from lab.proposals.models.proposal import ProposalFile


@dataclass(frozen=True)
class FileRow:
    """One uploaded file: `size` in bytes, who uploaded it and, if so, who removed it.

    `version` counts the files of one slot from 1. `active_codes`: codes of its active content, so
    that it is shown as pictures only; `purged`: only the record is left.
    """

    key: str
    name: str
    size: int
    sha256: str
    at: datetime
    by: str
    removed_at: datetime | None
    removed_by: str
    version: int
    active_codes: tuple[str, ...] = ()
    purged: bool = False

    @property
    def label(self) -> str:
        """What users call a file of this kind."""
        return label_of(self.name)

    @property
    def previewed(self) -> bool:
        """Whether it is shown as pictures."""
        return is_previewed(self.name)


@dataclass(frozen=True)
class AttachmentSlot:
    """One slot of the list with every file it has held, oldest first."""

    files: tuple[FileRow, ...]

    @property
    def newest(self) -> FileRow:
        return self.files[-1]

    @property
    def removed(self) -> bool:
        """Whether the newest file was removed without a replacement."""
        return self.newest.removed_at is not None

    @property
    def has_history(self) -> bool:
        return len(self.files) > 1 or self.removed


def attachment_slots(proposal_id: int) -> tuple[AttachmentSlot, ...]:
    """Return every slot of the proposal's list in upload order, removed ones included.

    For those who write the proposal; others use `visibility.files.files_for`.
    """
    rows = db.session.execute(_places(), {"proposal_id": proposal_id}).all()
    first: dict[int, int] = {}  # id of a row -> id of the first row of its place
    slots: dict[int, list[FileRow]] = {}
    for row, file, by, removed_by in rows:
        first[row.id] = first.get(row.replaces_id or 0, row.id)
        files = slots.setdefault(first[row.id], [])
        files.append(_row(row, file, by, removed_by or "", len(files) + 1))
    return tuple(AttachmentSlot(tuple(files)) for files in slots.values())


def preview_notes(slots: Sequence[AttachmentSlot]) -> dict[str, PreviewNote]:
    """Return, by key, what its uploader is told of each current attachment's pictures."""
    rows = [slot.newest for slot in slots if not slot.removed]
    statuses = statuses_by_key([row.key for row in rows])
    return {
        row.key: note_of(row.name, statuses.get(row.key), withheld=bool(row.active_codes))
        for row in rows
    }


@cache
def _places() -> Executable:
    uploader, remover = aliased(Person), aliased(Person)
    return (
        select(ProposalFile, StoredFile, uploader.name, remover.name)
        .join(StoredFile, StoredFile.id == ProposalFile.file_id)
        .join(uploader, uploader.id == StoredFile.uploaded_by_id)
        .outerjoin(remover, remover.id == ProposalFile.removed_by_id)
        .where(ProposalFile.proposal_id == bindparam("proposal_id"))
        .order_by(ProposalFile.id)
    )


def _row(row: ProposalFile, file: StoredFile, by: str, removed_by: str, version: int) -> FileRow:
    return FileRow(
        key=file.key,
        name=file.name,
        size=file.size,
        sha256=file.sha256,
        at=file.uploaded_at,
        by=by,
        removed_at=row.removed_at,
        removed_by=removed_by,
        version=version,
        active_codes=file.active_codes,
        purged=file.purged_at is not None,
    )
