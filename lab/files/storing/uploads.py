"""Receive an upload: check, write to disk, examine in a confined process.

Takes up to seconds and reads no database; no transaction may be open meanwhile.
`lab.files.storing.service.store_upload` writes the row afterwards.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app
from werkzeug.datastructures import FileStorage

from lab.errors import NO_ROOM
from lab.extensions import db
from lab.files.inspection import active, kinds
from lab.files.inspection.examiner import problem_from
from lab.files.inspection.problems import Problem, problem_message
from lab.files.storing import storage
from lab.jobs.sandbox import ChildStopped, run_confined
from lab.rejected import Rejected
from lab.web.typed.text import TextError, clean_text, normalise

SECONDS, MEMORY_MB = 20, 600
EXAMINER = "lab.files.inspection.examiner"
DISK_FULL_MESSAGE = "服务器存储空间不足，文件“{}”没有保存。请稍后再试，或与系统管理员联系。"


@dataclass(frozen=True)
class ReceivedUpload:
    """An upload that passed every check and is on disk, without a row yet.

    `active` as in `models.StoredFile`; None when it was not examined. `note`: what its owner is
    told, "" for an ordinary file.
    """

    name: str
    stored: storage.StoredContent
    active: str | None = None
    note: str = ""

    @property
    def active_codes(self) -> tuple[str, ...]:
        """Codes of its active content: with any, it is shown as pictures only."""
        return tuple(self.active.split(",")) if self.active else ()


def receive_all(
    uploads: Sequence[FileStorage], *, pictures_shown: bool = True
) -> tuple[list[ReceivedUpload], list[str]]:
    """Receive uploads while no transaction is open.

    Return those received and why others were rejected. Rolls back what the request has written, so
    call it before the first write and check the state again afterwards. `pictures_shown` as in
    `receive`.
    """
    received, messages = [], []
    db.session.rollback()
    for upload in uploads:
        try:
            received.append(receive(upload, pictures_shown=pictures_shown))
        except Rejected as error:
            messages.append(error.message)
    return received, messages


def receive(upload: FileStorage, *, pictures_shown: bool = True) -> ReceivedUpload:
    """Check and store one upload.

    Raises Rejected (field "files") with a message naming the file, also when the disk is full.
    `pictures_shown`: whether its page has pictures, so that a pictures-only file can be accepted.
    """
    sent_name = clean_name(upload.filename or "")
    size = upload.stream.seek(0, os.SEEK_END)
    head = _head(upload.stream)
    name = kinds.proper_name(sent_name, head)
    limit = current_app.config["UPLOAD_LIMIT"]
    if message := kinds.rejection_message(name, size, limit, head):
        raise Rejected(message, "files")
    stored = _stored(upload.stream, name)
    problem, active_codes = examine_file(storage.folder() / stored.storage_name, name)
    if message := _rejection(name, problem, active_codes, pictures_shown=pictures_shown):
        storage.delete_file(stored.storage_name)
        raise Rejected(message, "files")
    note = kinds.renamed_note(sent_name, head)
    return ReceivedUpload(name, stored, ",".join(active_codes), note)


def _stored(stream: IO[bytes], name: str) -> storage.StoredContent:
    stream.seek(0)
    try:
        return storage.store_file(stream)
    except OSError as error:
        if error.errno not in {*NO_ROOM, errno.EFBIG}:
            raise
        raise Rejected(DISK_FULL_MESSAGE.format(name), "files") from error


def _rejection(
    name: str, problem: Problem | None, active_codes: Sequence[str], *, pictures_shown: bool
) -> str:
    if problem is not None:
        return problem_message(problem, name)
    return (
        active.no_pictures_message(name, active_codes)
        if active_codes and not pictures_shown
        else ""
    )


def discard_upload(received: ReceivedUpload) -> None:
    """Delete an upload that is not needed after all."""
    storage.delete_file(received.stored.storage_name)


def clean_name(file_name: str) -> str:
    """Return the name without folders, in composed form.

    Raises Rejected for one that cannot be displayed.
    """
    name = normalise(kinds.base_name(file_name))
    if not name:
        raise Rejected("文件没有名称，请改名后再传。", "files")
    if len(name) > kinds.NAME_LIMIT:
        start = f"{name[:20]}…"
        raise Rejected(
            f"文件“{start}”的名称有{len(name)}个字符，最多{kinds.NAME_LIMIT}个，请改短后再传。",
            "files",
        )
    try:
        return clean_text(name)
    except TextError as error:
        raise Rejected(f"文件的名称{error}", "files") from error


def _head(stream: IO[bytes]) -> bytes:
    stream.seek(0)
    return stream.read(kinds.EDGE)


def examine_file(path: Path, name: str) -> tuple[Problem | None, tuple[str, ...]]:
    """Return the problem inside (None for none) and the codes of active content."""
    order = {"act": kinds.EXAMINE, "form": kinds.form_of(name)}
    try:
        answer, _ = run_confined(EXAMINER, order, path, seconds=SECONDS, memory_mb=MEMORY_MB)
    except ChildStopped as stopped:
        return Problem(stopped.reason), ()
    return problem_from(answer), tuple(answer["active"])
