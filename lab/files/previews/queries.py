"""The preview of a file: its state and its pictures."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from lab.extensions import db
from lab.files.documents.read_model import ShownDocument
from lab.files.inspection.active import MAX_SHOWN_PAGES
from lab.files.models import FilePreview, FilePreviewPage, StoredFile


@dataclass(frozen=True)
class PreviewPage:
    """One displayed picture: page and piece of it from 1, size in pixels."""

    number: int
    width: int
    height: int
    piece: int = 1


@dataclass(frozen=True)
class ShownPage:
    """A page with its pictures: several for a long one, none where it could not be drawn."""

    number: int
    pictures: tuple[PreviewPage, ...]


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

    @cached_property
    def shown(self) -> tuple[ShownPage, ...]:
        """Every page that is to be shown, also those without a picture."""
        drawn = {
            number: tuple(pictures)
            for number, pictures in groupby(self.pages, key=lambda page: page.number)
        }
        numbers = range(1, min(self.total, MAX_SHOWN_PAGES) + 1)
        return tuple(ShownPage(number, drawn.get(number, ())) for number in numbers)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of the pages that could not be drawn."""
        return tuple(page.number for page in self.shown if not page.pictures)


def statuses_by_key(keys: Collection[str]) -> dict[str, PreviewStatus]:
    """Return the previews of the files with these keys, in two queries."""
    rows = db.session.execute(
        select(StoredFile.key, FilePreview)
        .join(FilePreview, FilePreview.file_id == StoredFile.id)
        .where(StoredFile.key.in_(keys))
        .options(selectinload(FilePreview.pages))
    )
    return {key: status_from(row) for key, row in rows}


def status_of(file: StoredFile) -> PreviewStatus:
    """Return a file's preview as its page shows it."""
    row = find_preview(file)
    return status_from(row) if row is not None else PreviewStatus("", 0, "", ())


def find_preview(file: StoredFile) -> FilePreview | None:
    """Return the row of a file's preview, None when none was requested."""
    return db.session.scalar(select(FilePreview).where(FilePreview.file_id == file.id))


def status_from(row: FilePreview) -> PreviewStatus:
    """Return a preview as its page shows it."""
    pages = tuple(PreviewPage(page.page, page.width, page.height, page.piece) for page in row.pages)
    return PreviewStatus(row.status, row.total or 0, row.failure, pages)


def find_page(file: StoredFile, number: int, piece: int = 1) -> FilePreviewPage | None:
    """Return the picture of a page and a piece of it (from 1), None when there is none."""
    return db.session.scalar(
        select(FilePreviewPage)
        .join(FilePreview, FilePreview.id == FilePreviewPage.preview_id)
        .where(
            FilePreview.file_id == file.id,
            FilePreviewPage.page == number,
            FilePreviewPage.piece == piece,
        )
    )
