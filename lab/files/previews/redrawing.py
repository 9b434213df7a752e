"""Pictures that are lost or altered are made again from the stored file, like everything else that
is made from something kept."""

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
from lab.files.previews import service
from lab.files.previews.service import Shown
from lab.files.rules.lifecycle import RenderStatus
from lab.files.storing import storage
from lab.files.storing.serving import note_damage
from lab.files.storing.storage import DAMAGE, PREVIEWS, UNREADABLE, Damaged

A_MOMENT = 0.2  # seconds: a page that only reads does not wait for writers
log = logging.getLogger("lab.files")


def shown(file: StoredFile) -> Shown:
    """The pictures of a file as its page shows them, after each was compared with its SHA-256.

    With a damaged one all are made again, and the page waits for them; where that cannot be, the
    others stay.
    """
    row = service.find(file)
    if row is None:
        return service.of_file(file)
    broken = _first_damaged(row)
    if broken is None:
        return service.as_shown(row)
    page, damaged = broken
    number = note_damage(file.key, damaged)
    if reason := obstacle(file, damaged):
        failure = (
            f"有预览图片{DAMAGE[damaged.reason]}，{reason}，请把事件编号{number}告诉系统管理员。"
        )
        return replace(service.as_shown(row), failure=failure)
    ordered = draw_again(page)
    failure = f"预览图片{DAMAGE[damaged.reason]}，"
    if ordered:
        return Shown(RenderStatus.QUEUED, 0, f"{failure}正在由原文件重新生成。", ())
    return Shown(DAMAGED.code, 0, f"{failure}现在不能重新生成，请稍后再看。", ())


def _first_damaged(row: FilePreview) -> tuple[FilePreviewPage, Damaged] | None:
    folder = storage.folder(PREVIEWS)
    for page in row.pages:
        try:
            storage.open_whole(folder / page.storage_name, page.sha256).close()
        except Damaged as damaged:
            return page, damaged
    return None


def obstacle(file: StoredFile, damaged: Damaged) -> str:
    """Why no new pictures would come of it, as words: the original is damaged itself, or the
    picture only cannot be read now and may be in a moment. "" where they would."""
    if damaged.reason == UNREADABLE:
        return "暂时不重新生成"
    why = storage.verify(storage.folder() / file.storage_name, file.sha256)
    return f"原文件{DAMAGE[why]}，不能重新生成" if why else ""


def draw_again(page: FilePreviewPage) -> bool:
    """Order all pictures of a file again, of which `page` is damaged, in a transaction of its own;
    the damaged ones go with the next `service.purge_expired`. Whether they are on order now.
    """
    try:
        with writing(A_MOMENT) as session:
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
