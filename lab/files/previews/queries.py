"""The preview of a file: its state and its pictures."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lab.extensions import db
from lab.files.documents.read_model import ShownDocument
from lab.files.models import FilePreview, FilePreviewPage, StoredFile


@dataclass(frozen=True)
class PreviewPage:
    """One displayed picture: page from 1, size in pixels."""

    number: int
    width: int
    height: int


@dataclass(frozen=True)
class PreviewStatus(ShownDocument):
    """The state of a file's preview.

    `state`: queued, ready, failed, or "" when none was requested; "damaged" for a ready one that
    cannot be redrawn now. `total` pages in the original; `failure`: the problem as text.
    """

    state: str
    total: int
    failure: str
    pages: tuple[PreviewPage, ...]


def status_of(file: StoredFile) -> PreviewStatus:
    """Return a file's preview as its page shows it."""
    row = find_preview(file)
    return status_from(row) if row is not None else PreviewStatus("", 0, "", ())


def find_preview(file: StoredFile) -> FilePreview | None:
    """Return the row of a file's preview, None when none was requested."""
    return db.session.scalar(select(FilePreview).where(FilePreview.file_id == file.id))


def status_from(row: FilePreview) -> PreviewStatus:
    pages = tuple(PreviewPage(page.page, page.width, page.height) for page in row.pages)
    return PreviewStatus(row.status, row.total or 0, row.failure, pages)


def find_page(file: StoredFile, number: int) -> FilePreviewPage | None:
    """Return the picture of a page (from 1), None when there is none."""
    return db.session.scalar(
        select(FilePreviewPage)
        .join(FilePreview, FilePreview.id == FilePreviewPage.preview_id)
        .where(FilePreview.file_id == file.id, FilePreviewPage.page == number)
    )
