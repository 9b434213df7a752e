"""The attachments of a proposal: add, replace, detach.

The caller holds the proposal's row lock (see `core.editing.lock`) and writes the audit line.
"""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import FileStorage

from lab import clock
from lab.extensions import db
from lab.files.previews import service as previews
from lab.files.storing.service import store_upload
from lab.files.storing.uploads import ReceivedUpload, discard_upload, receive
from lab.proposals.core.files import active_files
from lab.proposals.models.proposal import Proposal, ProposalFile
from lab.proposals.rules.form.schema import (
    MAX_FILES,
    MAX_FILES_BYTES,
    MAX_STORED_BYTES,
    REPLACED_RETENTION_DAYS,
)
from lab.rejected import Rejected
from lab.web.filters import format_size


def find_active(proposal: Proposal, key: str) -> ProposalFile | None:
    """Return the current attachment with this key, None when there is none."""
    return next((row for row in active_files(proposal) if row.file.key == key), None)


def add_file(
    proposal: Proposal,
    received: ReceivedUpload,
    person_id: int,
    *,
    upload_key: str | None = None,
    instead_of: ProposalFile | None = None,
) -> ProposalFile:
    """Attach a received file, replacing another one if given, and request its preview.

    Raises Rejected (field "files") when there are too many or too large ones, or the same file
    exists; the received file is then deleted.
    """
    others = [row for row in active_files(proposal) if row is not instead_of]
    if message := _rejection(others, received, instead_of) or _over_quota(proposal, received):
        discard_upload(received)
        raise Rejected(message, "files")
    row = ProposalFile(
        file=store_upload(received, person_id),
        upload_key=upload_key,
        replaces_id=instead_of.id if instead_of else None,
    )
    if instead_of is not None:
        detach(instead_of, person_id)
    proposal.files.append(row)
    previews.order_pictures(row.file, person_id)
    db.session.flush()
    return row


def _rejection(
    others: Sequence[ProposalFile], received: ReceivedUpload, instead_of: ProposalFile | None
) -> str:
    name, stored = received.name, received.stored
    for row in (*others, *([instead_of] if instead_of else [])):
        if row.file.sha256 == stored.sha256:
            return f"文件“{name}”与已上传的“{row.file.name}”内容相同，没有重复保存。"
    if len(others) >= MAX_FILES:
        return f"附件最多{MAX_FILES}个，“{name}”没有保存。"
    used = sum(row.file.size for row in others)
    if used + stored.size > MAX_FILES_BYTES:
        max_bytes, now, size = (format_size(n) for n in (MAX_FILES_BYTES, used, stored.size))
        return f"附件合计最多{max_bytes}，现有{now}，“{name}”有{size}，没有保存。"
    return ""


def _over_quota(proposal: Proposal, received: ReceivedUpload) -> str:
    """Return why a file exceeds what a proposal may store, replaced and removed files included.

    "" when it fits.
    """
    stored_rows = [row for row in proposal.files if row.file.purged_at is None]
    used = sum(row.file.size for row in stored_rows)
    if used + received.stored.size <= MAX_STORED_BYTES:
        return ""
    old = sum(row.file.size for row in stored_rows if row.removed_at is not None)
    max_bytes, now, before, size = (
        format_size(n) for n in (MAX_STORED_BYTES, used, old, received.stored.size)
    )
    return (
        f"本申报书的附件已用{now}，其中被替换或移除的旧附件{before}，合计最多{max_bytes}，"
        f"“{received.name}”有{size}，没有保存。没有提交过的旧附件在{REPLACED_RETENTION_DAYS}天后清除。"
    )


def add_files(
    proposal: Proposal, uploads: Sequence[FileStorage | ReceivedUpload], person_id: int
) -> tuple[str, ...]:
    """Attach what can be attached; return the messages about the rest."""
    messages = []
    for upload in uploads:
        try:
            received = upload if isinstance(upload, ReceivedUpload) else receive(upload)
            add_file(proposal, received, person_id)
        except Rejected as error:
            messages.append(error.message)
    return tuple(messages)


def detach(row: ProposalFile, person_id: int) -> None:
    """Detach an attachment; its record stays."""
    row.removed_at, row.removed_by_id = clock.now(), person_id or None
