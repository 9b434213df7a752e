"""Pictures of PDFs and pictures, drawn by the worker in a confined process."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.files.documents import service as documents
from lab.files.documents.kinds import DocumentKind, WaitingMessages
from lab.files.inspection import kinds
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.storing import storage
from lab.files.storing.serving import log_damage
from lab.files.storing.storage import DAMAGE_LABELS, PREVIEWS, FileDamaged
from lab.files.storing.uploads import EXAMINER
from lab.jobs import service as jobs
from lab.jobs.sandbox import ChildStopped, run_confined

SECONDS, MEMORY_MB = 90, 800
REASONS: Mapping[str, str] = {
    "time": "页面过于复杂，生成图片超过规定时间。",
    "memory": "页面过于复杂，生成图片超出内存上限。",
}
UNREADABLE = "内容无法转成图片。"


class PreviewImpossible(Exception):
    """No preview can be made; retrying would not help."""

    final = True

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# -- writes ------------------------------------------------------------------------------------


def order_pictures(file: StoredFile, asked_by: int | None = None) -> None:
    """Request a preview of a file that can be shown; part of the caller's transaction.

    A file is never rejected for its preview: while the requester has too many open jobs, it is left
    to the clean-up that finds files without previews.
    """
    if not kinds.is_previewed(file.name):
        return
    if asked_by is not None and not jobs.has_room(asked_by):
        return
    documents.order(PICTURES, FilePreview(file_id=file.id), asked_by)


# -- the job -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """The pictures as they lie on the disk, of a file of `total` pages."""

    total: int
    pages: list[FilePreviewPage]


def _draw(file: StoredFile) -> Drawn:
    order_data = {"act": kinds.PREVIEW, "extension": file.extension}
    path = storage.folder() / file.storage_name
    try:
        storage.open_verified(path, file.sha256).close()
        answer, body = run_confined(
            EXAMINER, order_data, path, seconds=SECONDS, memory_mb=MEMORY_MB
        )
    except ChildStopped as stopped:
        raise PreviewImpossible(REASONS.get(stopped.reason, UNREADABLE)) from stopped
    except FileDamaged as damaged:
        number = log_damage(file.key, damaged)
        raise PreviewImpossible(
            f"原文件{DAMAGE_LABELS[damaged.reason]}，请把事件编号 {number} 告诉系统管理员。"
        ) from damaged
    if answer["fault"]:
        raise PreviewImpossible(UNREADABLE)
    return Drawn(answer["total"], _store_pictures(answer["pages"], io.BytesIO(body)))


def _store_pictures(pages: Sequence[Mapping[str, Any]], body: io.BytesIO) -> list[FilePreviewPage]:
    stored_pages: list[FilePreviewPage] = []
    try:
        for number, page in enumerate(pages, start=1):
            written = storage.store_file(io.BytesIO(body.read(page["size"])), PREVIEWS)
            stored_pages.append(
                FilePreviewPage(
                    page=number,
                    kind=page["kind"],
                    width=page["width"],
                    height=page["height"],
                    storage_name=written.storage_name,
                    sha256=written.sha256,
                )
            )
    except OSError:
        _discard_pictures(stored_pages)
        raise
    return stored_pages


def _discard_pictures(pages: Sequence[FilePreviewPage]) -> None:
    for page in pages:
        storage.delete_file(page.storage_name, PREVIEWS)


def _evidence(drawn: Drawn) -> Mapping[str, Any]:
    return {"pages": drawn.pages, "total": drawn.total, "made_at": clock.now()}


def _give_up(row: FilePreview) -> None:
    """The files go with the next `storing.service.purge_expired`: a reader may be at them."""
    row.pages.clear()
    row.total = row.made_at = None


PICTURES: DocumentKind[FilePreview, StoredFile, Drawn] = DocumentKind(
    model=FilePreview,
    job="file.preview",
    argument="file",
    rows=lambda key: select(FilePreview).where(FilePreview.file.has(key=key)),
    key=lambda row: row.file.key,
    source=lambda row: row.file,
    render=_draw,
    evidence=_evidence,
    discard=lambda drawn: _discard_pictures(drawn.pages),
    give_up=_give_up,
    waiting_messages=WaitingMessages(
        ready="预览已生成。",
        queued="正在生成预览，请稍候。",
        failed="无法预览：{}",
        missing="还没有预览。",
    ),
)
