"""The acts on single attachments: upload one, also in place of another.

The text of a step is not touched: the proposal's version rises, the step's does not, so that a
step that is open elsewhere can still be saved by its writer.
"""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError

from lab import audit, clock
from lab.db import bump, reading
from lab.errors import Refused
from lab.extensions import db
from lab.files import previews
from lab.files.kinds import PREVIEWED
from lab.files.models import FilePreview, StoredFile
from lab.files.receiving import Received, discard
from lab.files.service import path_of
from lab.files.serving import note_damage
from lab.files.storage import DAMAGE, Damaged, open_whole
from lab.proposals import attachments, reopening
from lab.proposals.drafts import lock, open_fields
from lab.proposals.models import Proposal, ProposalFile

GONE = "此附件已被替换或移除，请刷新页面后再看。"
ENDED = "申报书现在不能修改，文件没有保存。请刷新页面后再看。"
CAUGHT_UP = 20  # older files a minute that get pictures


def already(proposal: Proposal, upload_key: str) -> ProposalFile | None:
    """What was stored of this upload when it was sent before."""
    return db.session.scalar(
        select(ProposalFile).where(
            ProposalFile.proposal_id == proposal.id, ProposalFile.upload_key == upload_key
        )
    )


def attach(
    proposal: Proposal,
    received: Received,
    person_id: int,
    *,
    upload_key: str | None = None,
    replaces: str = "",
) -> ProposalFile:
    """Attach one received file, in place of the attachment with the key `replaces` if given.

    An upload sent again, by its key, gives what was stored the first time. Raises Refused.
    """
    lock(proposal)
    if upload_key and (stored := already(proposal, upload_key)):
        discard(received)
        return stored
    if not proposal.machine.can(proposal.status, "submit"):
        discard(received)
        raise Refused(ENDED, "files")
    if "files" not in open_fields(proposal):
        discard(received)
        raise Refused(reopening.refusal(("files",)), "files")
    old = attachments.find_active(proposal, replaces) if replaces else None
    if replaces and old is None:
        discard(received)
        raise Refused(GONE, "files")
    row = attachments.add(
        proposal, received, person_id, upload_key=upload_key or None, instead_of=old
    )
    proposal.saved_at = clock.now()
    bump(proposal)
    db.session.flush()
    act = "proposal.replace_file" if old else "proposal.attach"
    detail = {"file": row.file.key, "sha256": row.file.sha256[:16]}
    audit.record(act, proposal, detail=detail | ({"old": old.file.key} if old else {}))
    return row


def expect_whole(proposal: Proposal) -> None:
    """Compare every attachment with its SHA-256 before it is handed in.

    Reading them takes up to a second, so the transaction is given back first: call it before the
    first write. Raises Refused naming those that are missing or altered.
    """
    files = [
        (row.file.key, row.file.name, path_of(row.file), row.file.sha256)
        for row in attachments.active_files(proposal)
    ]
    db.session.rollback()
    lost = []
    for key, name, path, sha256 in files:
        try:
            open_whole(path, sha256).close()
        except Damaged as damaged:
            lost.append(f"“{name}”{DAMAGE[damaged.why]}（事件编号 {note_damage(key, damaged)}）")
    if lost:
        raise Refused(f"附件{'，'.join(lost)}。请移除后重新上传，再提交。")


def sweep() -> None:
    """Order pictures of attachments that were stored before pictures were made."""
    bare = (
        select(StoredFile)
        .join(ProposalFile, ProposalFile.file_id == StoredFile.id)
        .where(
            StoredFile.extension.in_(PREVIEWED),
            ~exists().where(FilePreview.file_id == StoredFile.id),
        )
        .order_by(StoredFile.id)
        .limit(CAUGHT_UP)
    )
    with reading() as session:
        if session.scalar(bare) is None:
            return
    try:
        for file in db.session.scalars(bare).all():
            previews.order(file)
        db.session.commit()
    except IntegrityError:  # another worker was quicker
        db.session.rollback()
