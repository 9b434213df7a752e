"""Actions on single attachments: upload one, or replace another.

The text of a step is not touched: the proposal's version rises, the step's does not, so that its
writer can still save a step that is open elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby

from sqlalchemy import exists, literal, select
from sqlalchemy.exc import IntegrityError

from lab import audit, clock
from lab.db import bump_version, reading
from lab.extensions import db
from lab.files.inspection.kinds import PREVIEWED
from lab.files.models import FilePreview, StoredFile
from lab.files.previews import service as previews
from lab.files.storing.service import mark_purged, path_of
from lab.files.storing.serving import log_damage
from lab.files.storing.storage import DAMAGE_LABELS, FileDamaged, open_verified
from lab.files.storing.uploads import ReceivedUpload, discard_upload
from lab.proposals.attachments import service_changes
from lab.proposals.core import files as core_files
from lab.proposals.core.editing import editable_fields, lock
from lab.proposals.core.notifications import notify_of_files
from lab.proposals.models.proposal import Proposal, ProposalFile, ProposalVersion
from lab.proposals.rules import corrections
from lab.proposals.rules.form.schema import REPLACED_RETENTION_DAYS
from lab.proposals.rules.lifecycle import WRITING
from lab.rejected import Rejected

GONE_MESSAGE = "此附件已被替换或移除，请刷新页面后再看。"
ENDED_MESSAGE = "申报书现在不能修改，文件没有保存。请刷新页面后再看。"
PREVIEW_BATCH = 20  # older files a minute that get pictures
PURGE_BATCH = 200  # replaced files a minute


def find_upload(proposal: Proposal, upload_key: str) -> ProposalFile | None:
    """Return what was stored for this upload when it was sent before, None otherwise."""
    return db.session.scalar(
        select(ProposalFile).where(
            ProposalFile.proposal_id == proposal.id, ProposalFile.upload_key == upload_key
        )
    )


def attach(
    proposal: Proposal,
    received: ReceivedUpload,
    person_id: int,
    *,
    upload_key: str | None = None,
    replaces: str = "",
) -> ProposalFile:
    """Attach one received file, replacing the attachment with the key `replaces` if given.

    A repeated upload (same key) returns what was stored the first time. Raises Rejected.
    """
    lock(proposal)
    if upload_key and (stored := find_upload(proposal, upload_key)):
        discard_upload(received)
        return stored
    if proposal.status not in WRITING:
        discard_upload(received)
        raise Rejected(ENDED_MESSAGE, "files")
    if "files" not in editable_fields(proposal):
        discard_upload(received)
        raise Rejected(corrections.rejection_message(("files",)), "files")
    old = service_changes.find_active(proposal, replaces) if replaces else None
    if replaces and old is None:
        discard_upload(received)
        raise Rejected(GONE_MESSAGE, "files")
    row = service_changes.add_file(
        proposal, received, person_id, upload_key=upload_key or None, instead_of=old
    )
    proposal.saved_at = clock.now()
    bump_version(proposal)
    db.session.flush()
    notify_of_files(proposal)
    audit_action = "proposal.replace_file" if old else "proposal.attach"
    detail = {"file": row.file.key, "sha256": row.file.sha256[:16]}
    audit.record(audit_action, proposal, detail=detail | ({"old": old.file.key} if old else {}))
    return row


def require_intact(proposal: Proposal) -> None:
    """Compare every attachment with its SHA-256 before submission.

    Reading them takes up to a second, so the transaction is released first: call it before the
    first write. Raises Rejected naming those that are missing or altered.
    """
    files = [
        (row.file.key, row.file.name, path_of(row.file), row.file.sha256)
        for row in core_files.active_files(proposal)
    ]
    db.session.rollback()
    lost = []
    for key, name, path, sha256 in files:
        try:
            open_verified(path, sha256).close()
        except FileDamaged as damaged:
            lost.append(
                f"“{name}”{DAMAGE_LABELS[damaged.reason]}（事件编号 {log_damage(key, damaged)}）"
            )
    if lost:
        raise Rejected(f"附件{'，'.join(lost)}。请移除后重新上传，再提交。")


def order_missing_previews() -> None:
    """Request previews of attachments stored before previews existed."""
    bare = (
        select(StoredFile)
        .join(ProposalFile, ProposalFile.file_id == StoredFile.id)
        .where(
            StoredFile.purged_at.is_(None),
            StoredFile.extension.in_(PREVIEWED),
            ~exists().where(FilePreview.file_id == StoredFile.id),
        )
        .order_by(StoredFile.id)
        .limit(PREVIEW_BATCH)
    )
    with reading() as session:
        if session.scalar(bare) is None:
            return
    try:
        for file in db.session.scalars(bare).all():
            previews.order_pictures(file)
        db.session.commit()
    except IntegrityError:  # another worker was quicker
        db.session.rollback()


# -- replaced files that were never handed in --------------------------------------------------


def purge_replaced() -> None:
    """Purge files that were replaced or removed a week ago, unless a submitted version names them.

    Their record stays.
    """
    try:
        for proposal_id, rows in groupby(_expired_files(), key=lambda row: row.proposal_id):
            _purge(proposal_id, [row.file for row in rows])
        db.session.commit()
    finally:
        db.session.remove()


def _expired_files() -> list[ProposalFile]:
    is_in_version = exists().where(
        ProposalVersion.proposal_id == ProposalFile.proposal_id,
        ProposalVersion.content.contains(literal('"key":"') + StoredFile.key + literal('"')),
    )
    until = clock.now() - timedelta(days=REPLACED_RETENTION_DAYS)
    with reading() as session:
        query = (
            select(ProposalFile)
            .join(StoredFile, StoredFile.id == ProposalFile.file_id)
            .where(ProposalFile.removed_at < until, StoredFile.purged_at.is_(None), ~is_in_version)
            .order_by(ProposalFile.proposal_id, ProposalFile.id)
            .limit(PURGE_BATCH)
        )
        files = list(session.scalars(query))
        session.expunge_all()
    return files


def _purge(proposal_id: int, files: Sequence[StoredFile]) -> None:
    mark_purged([file.id for file in files])
    proposal = db.session.get_one(Proposal, proposal_id)
    audit.record("proposal.purge_files", proposal, detail={"files": [file.key for file in files]})
