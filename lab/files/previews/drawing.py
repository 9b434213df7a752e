"""Draw the pictures of a file in confined processes, and store them."""

from __future__ import annotations

import io
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.files.inspection import kinds
from lab.files.inspection.active import MAX_SHOWN_PAGES
from lab.files.models import FilePreviewPage, StoredFile
from lab.files.storing import storage
from lab.files.storing.serving import log_damage
from lab.files.storing.storage import DAMAGE_LABELS, PREVIEWS, FileDamaged
from lab.files.storing.uploads import EXAMINER
from lab.jobs.sandbox import ChildStopped, run_confined

SECONDS, MEMORY_MB = 90, 800
PAGE_SECONDS, PAGES_SECONDS = 15, 120  # of one page, and of all, when they are drawn one by one
PAGED = "pdf"  # the form of files whose pages can be drawn one by one
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


@dataclass(frozen=True)
class Drawn:
    """The pictures as they lie on the disk, of a file of `total` pages."""

    total: int
    pages: list[FilePreviewPage]


@dataclass(frozen=True)
class _Answer:
    """What confined processes drew: pages of the file, and its pictures with their bytes."""

    total: int
    pages: Sequence[Mapping[str, Any]]
    body: bytes


def draw(file: StoredFile) -> Drawn:
    """Draw a file and store its pictures. Raises PreviewImpossible when there are none."""
    path = storage.folder() / file.storage_name
    try:
        storage.open_verified(path, file.sha256).close()
        answer = _drawn_at_once_or_by_page(file, path)
    except ChildStopped as stopped:
        raise PreviewImpossible(REASONS.get(stopped.reason, UNREADABLE)) from stopped
    except FileDamaged as damaged:
        number = log_damage(file.key, damaged)
        raise PreviewImpossible(
            f"原文件{DAMAGE_LABELS[damaged.reason]}，请把事件编号 {number} 告诉系统管理员。"
        ) from damaged
    if not answer.pages:
        raise PreviewImpossible(UNREADABLE)
    return Drawn(answer.total, _store_pictures(answer.pages, io.BytesIO(answer.body)))


def _drawn_at_once_or_by_page(file: StoredFile, path: Path) -> _Answer:
    try:
        return _ask(file, path, SECONDS)
    except ChildStopped:
        if kinds.form_of(file.name) != PAGED:
            raise
        return _drawn_by_page(file, path)


def _drawn_by_page(file: StoredFile, path: Path) -> _Answer:
    """Draw each page in a process of its own: one that crashes or is too slow takes no other.

    Raises ChildStopped when no page can be drawn.
    """
    until, number, last = time.monotonic() + PAGES_SECONDS, 1, MAX_SHOWN_PAGES
    answers: list[_Answer] = []
    stopped: ChildStopped | None = None
    while number <= last and time.monotonic() < until:
        try:
            answers.append(_ask(file, path, PAGE_SECONDS, [number]))
            last = min(MAX_SHOWN_PAGES, answers[-1].total)
        except ChildStopped as error:
            stopped = error
        number += 1
    if not answers:
        raise stopped or ChildStopped("time")
    pages = [page for answer in answers for page in answer.pages]
    return _Answer(answers[0].total, pages, b"".join(answer.body for answer in answers))


def _ask(file: StoredFile, path: Path, seconds: int, pages: Iterable[int] = ()) -> _Answer:
    order = {"act": kinds.PREVIEW, "form": kinds.form_of(file.name), "pages": [*pages]}
    answer, body = run_confined(EXAMINER, order, path, seconds=seconds, memory_mb=MEMORY_MB)
    if answer["problem"]:
        raise PreviewImpossible(UNREADABLE)
    return _Answer(answer["total"], answer["pages"], body)


def _store_pictures(pages: Sequence[Mapping[str, Any]], body: io.BytesIO) -> list[FilePreviewPage]:
    stored_pages: list[FilePreviewPage] = []
    try:
        for page in pages:
            written = storage.store_file(io.BytesIO(body.read(page["size"])), PREVIEWS)
            stored_pages.append(
                FilePreviewPage(
                    page=page["page"],
                    piece=page["piece"],
                    kind=page["kind"],
                    width=page["width"],
                    height=page["height"],
                    storage_name=written.storage_name,
                    sha256=written.sha256,
                )
            )
    except OSError:
        discard_pictures(stored_pages)
        raise
    return stored_pages


def discard_pictures(pages: Sequence[FilePreviewPage]) -> None:
    """Delete stored pictures that no row will name."""
    for page in pages:
        storage.delete_file(page.storage_name, PREVIEWS)
