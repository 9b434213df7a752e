"""Pictures of PDFs and pictures, made by the worker in a confined process.

The row is the queue: it is written with the file's; the job fills it. Done twice, the second
time does no harm; after a crash the sweep of jobs does it again, and `service.purge_expired` takes
off the pictures that no row names.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lab import clock
from lab.db import reading, transition, writing
from lab.extensions import db
from lab.files.inspection import kinds
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.storing import storage
from lab.files.storing.receiving import EXAMINER
from lab.files.storing.serving import note_damage
from lab.files.storing.storage import DAMAGE, PREVIEWS, Damaged
from lab.jobs import service as jobs
from lab.jobs.sandbox import Stopped, run_confined

JOB = "file.preview"
SECONDS, MEMORY_MB = 90, 800
REASONS: Mapping[str, str] = {
    "time": "页面过于复杂，生成图片超过规定时间。",
    "memory": "页面过于复杂，生成图片超出内存上限。",
}
UNREADABLE = "内容无法转成图片。"


class NoPreview(Exception):
    """No pictures can be made; trying again would not help."""

    final = True

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Page:
    """One picture to show: page from 1, size in pixels."""

    number: int
    width: int
    height: int


@dataclass(frozen=True)
class Shown:
    """What is known of a file's pictures. `state`: queued, ready, failed, or "" for none asked;
    "damaged" for ready ones that cannot be ordered again now. `total` pages in the original;
    `failure`: what is wrong, as words."""

    state: str
    total: int
    failure: str
    pages: tuple[Page, ...]


# -- reads -------------------------------------------------------------------------------------


def of_file(file: StoredFile) -> Shown:
    """The pictures of a file as its page shows them."""
    row = find(file)
    return as_shown(row) if row is not None else Shown("", 0, "", ())


def find(file: StoredFile) -> FilePreview | None:
    """The row of a file's pictures, None when none were asked for."""
    return db.session.scalar(select(FilePreview).where(FilePreview.file_id == file.id))


def as_shown(row: FilePreview) -> Shown:
    pages = tuple(Page(page.page, page.width, page.height) for page in row.pages)
    return Shown(row.status, row.total or 0, row.failure, pages)


def picture(file: StoredFile, number: int) -> FilePreviewPage | None:
    """The picture of a page (from 1), None when there is none."""
    return db.session.scalar(
        select(FilePreviewPage)
        .join(FilePreview, FilePreview.id == FilePreviewPage.preview_id)
        .where(FilePreview.file_id == file.id, FilePreviewPage.page == number)
    )


# -- writes ------------------------------------------------------------------------------------


def order(file: StoredFile, asked_by: int | None = None) -> None:
    """Have pictures made of a file that can be shown; part of the caller's transaction.

    Nobody's file is refused for the sake of its pictures: while the person who asks has too many
    open jobs, they are left to the sweep of files without pictures.
    """
    if not kinds.is_previewed(file.name):
        return
    if asked_by is not None and not jobs.has_room(asked_by):
        return
    order_in(db.session(), file, asked_by)


def order_in(session: Session, file: StoredFile, asked_by: int | None = None) -> None:
    """The same, whatever is open, for a file that has no pictures and none on order."""
    row = FilePreview(file_id=file.id)
    row.begin()
    session.add(row)
    jobs.enqueue(JOB, {"file": file.key}, session=session, asked_by=asked_by)


def make(arguments: Mapping[str, Any]) -> None:
    """The job. Raises NoPreview when no pictures can be made."""
    with reading() as session:
        file = session.scalar(_waiting(arguments))
    if file is None:
        return
    total, pages = _drawn(file)
    try:
        written = _write(arguments, total, pages)
    except BaseException:
        _drop(pages)
        raise
    if not written:  # somebody else was quicker, or the file is gone
        _drop(pages)


def _waiting(arguments: Mapping[str, Any]) -> Any:
    return (
        select(StoredFile)
        .join(FilePreview, FilePreview.file_id == StoredFile.id)
        .where(StoredFile.key == arguments["file"], FilePreview.status == "queued")
    )


def _drawn(file: StoredFile) -> tuple[int, list[FilePreviewPage]]:
    asked = {"act": kinds.PREVIEW, "extension": file.extension}
    path = storage.folder() / file.storage_name
    try:
        storage.open_whole(path, file.sha256).close()
        answer, body = run_confined(EXAMINER, asked, path, seconds=SECONDS, memory_mb=MEMORY_MB)
    except Stopped as stopped:
        raise NoPreview(REASONS.get(stopped.why, UNREADABLE)) from stopped
    except Damaged as damaged:
        number = note_damage(file.key, damaged)
        raise NoPreview(
            f"原文件{DAMAGE[damaged.why]}，请把事件编号 {number} 告诉系统管理员。"
        ) from damaged
    if answer["fault"]:
        raise NoPreview(UNREADABLE)
    return answer["total"], _store_pictures(answer["pages"], io.BytesIO(body))


def _store_pictures(pages: Sequence[Mapping[str, Any]], body: io.BytesIO) -> list[FilePreviewPage]:
    kept: list[FilePreviewPage] = []
    try:
        for number, page in enumerate(pages, start=1):
            written = storage.store_file(io.BytesIO(body.read(page["size"])), PREVIEWS)
            kept.append(
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
        _drop(kept)
        raise
    return kept


def _drop(pages: Sequence[FilePreviewPage]) -> None:
    for page in pages:
        storage.drop(page.storage_name, PREVIEWS)


def _locked(session: Any, arguments: Mapping[str, Any]) -> FilePreview | None:
    found: FilePreview | None = session.scalar(
        select(FilePreview)
        .join(StoredFile, StoredFile.id == FilePreview.file_id)
        .where(StoredFile.key == arguments["file"], FilePreview.status == "queued")
        .with_for_update(of=FilePreview)
    )
    return found


def _write(arguments: Mapping[str, Any], total: int, pages: list[FilePreviewPage]) -> bool:
    with writing() as session:
        row = _locked(session, arguments)
        if row is None:
            return False
        row.pages[:] = pages
        transition(row, "finish", total=total, made_at=clock.now())
    return True


def note_failure(arguments: Mapping[str, Any], sentence: str) -> None:
    """After the last try: keep why there are no pictures."""
    with writing() as session:
        row = _locked(session, arguments)
        if row is not None:
            transition(row, "fail", failure=sentence[:300])
