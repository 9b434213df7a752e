"""Pictures of PDFs and pictures, drawn by the worker in a confined process."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.files.documents import service as documents
from lab.files.documents.kinds import DocumentKind, WaitingMessages
from lab.files.inspection import kinds
from lab.files.models import FilePreview, StoredFile
from lab.files.previews.drawing import Drawn, discard_pictures, draw
from lab.jobs import service as jobs

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
    render=draw,
    evidence=_evidence,
    discard=lambda drawn: discard_pictures(drawn.pages),
    give_up=_give_up,
    waiting_messages=WaitingMessages(
        ready="预览已生成。",
        queued="正在生成预览，请稍候。",
        failed="无法预览：{}",
        missing="还没有预览。",
    ),
)
