"""Redraw lost or altered previews from the stored file."""

from __future__ import annotations

import logging
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lab.audit.suspension import AuditSuspended
from lab.db import writing
from lab.files.documents import service as documents
from lab.files.documents.storage import DAMAGED
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.previews import queries, service
from lab.files.previews.queries import PreviewStatus
from lab.files.rules.lifecycle import RenderStatus
from lab.files.storing import storage
from lab.files.storing.serving import log_damage
from lab.files.storing.storage import DAMAGE_LABELS, PREVIEWS, UNREADABLE, FileDamaged

LOCK_TIMEOUT = 0.2  # seconds: a page that only reads does not wait for writers
log = logging.getLogger("lab.files")


def checked_status(file: StoredFile) -> PreviewStatus:
    """Return a file's preview after comparing each picture with its SHA-256.

    If one is damaged, all are redrawn and the page waits for them; where that is impossible, the
    others stay.
    """
    row = queries.find_preview(file)
    if row is None:
        return queries.status_of(file)
    broken = _first_damaged(row)
    if broken is None:
        return queries.status_from(row)
    page, damaged = broken
    number = log_damage(file.key, damaged)
    if reason := reason_not_to_redraw(file, damaged):
        failure = (
            f"有预览图片{DAMAGE_LABELS[damaged.reason]}，{reason}，"
            f"请把事件编号{number}告诉系统管理员。"
        )
        return replace(queries.status_from(row), failure=failure)
    ordered = redraw(page)
    failure = f"预览图片{DAMAGE_LABELS[damaged.reason]}，"
    if ordered:
        return PreviewStatus(RenderStatus.QUEUED, 0, f"{failure}正在由原文件重新生成。", ())
    return PreviewStatus(DAMAGED.code, 0, f"{failure}现在不能重新生成，请稍后再看。", ())


def _first_damaged(row: FilePreview) -> tuple[FilePreviewPage, FileDamaged] | None:
    folder = storage.folder(PREVIEWS)
    for page in row.pages:
        try:
            storage.open_verified(folder / page.storage_name, page.sha256).close()
        except FileDamaged as damaged:
            return page, damaged
    return None


def reason_not_to_redraw(file: StoredFile, damaged: FileDamaged) -> str:
    """Return why redrawing would fail, "" when it would work.

    The original is damaged, or the picture is only unreadable for the moment.
    """
    if damaged.reason == UNREADABLE:
        return "暂时不重新生成"
    why = storage.find_damage(storage.folder() / file.storage_name, file.sha256)
    return f"原文件{DAMAGE_LABELS[why]}，不能重新生成" if why else ""


def redraw(page: FilePreviewPage) -> bool:
    """Request all pictures of a file again, of which `page` is damaged, in a separate transaction.

    The next `storing.service.purge_expired` deletes the damaged ones. Returns whether they are
    queued now.
    """
    try:
        with writing(LOCK_TIMEOUT) as session:
            preview = session.scalar(
                select(FilePreview)
                .join(FilePreviewPage, FilePreviewPage.preview_id == FilePreview.id)
                .where(FilePreviewPage.storage_name == page.storage_name)
                .with_for_update(of=FilePreview)
            )
            if preview is None:  # somebody else was quicker
                return True
            documents.order_again(service.PICTURES, preview, session=session)
    except (AuditSuspended, SQLAlchemyError) as error:
        log.warning("pictures could not be ordered again", exc_info=error)
        return False
    return True
