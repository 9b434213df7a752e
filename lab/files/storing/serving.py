"""Serve stored files: completely compared with their SHA-256 before the first byte is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Response

from lab.errors import error_page, event_number
from lab.files.inspection.active import pictures_only_note
from lab.files.inspection.kinds import KINDS
from lab.files.models import FilePreviewPage, StoredFile
from lab.files.storing import storage
from lab.files.storing.storage import FILES, FileDamaged
from lab.web.downloads import send_picture, send_private

log = logging.getLogger("lab.files")
GONE_STATUS = 410
REDRAW_NOTE = "系统会由原文件重新生成，请稍后刷新页面再看。"
RESTORE_HINT = "请把事件编号告诉系统管理员，可从备份中恢复。"


class FileUnavailable(Exception):
    """A stored file cannot be served; `message` is shown on a page with an event number."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def unavailable_error(name: str, why: str, advice: str = RESTORE_HINT) -> FileUnavailable:
    """Return the error for a file called `name`, "" for a picture.

    `why` is a key of `storage.DAMAGE_LABELS`.
    """
    called = f"文件“{name}”" if name else "预览图片"
    return FileUnavailable(f"{called}{storage.DAMAGE_LABELS[why]}，不能提供。{advice}")


def send_checked(
    where: str,
    storage_name: str,
    sha256: str,
    name: str,
    mimetype: str,
    *,
    advice: str = RESTORE_HINT,
) -> Response:
    """Send a stored file as an attachment called `name`.

    Raises FileUnavailable unless it matches `sha256`.
    """
    try:
        handle = storage.open_verified(storage.folder(where) / storage_name, sha256)
    except FileDamaged as damaged:
        raise unavailable_error(name, damaged.reason, advice) from damaged
    return send_private(handle, name, mimetype)


def send_stored(file: StoredFile, mime: str = "") -> Response:
    """Send an uploaded file as an attachment.

    Raises FileUnavailable, also for a pictures-only or purged one.
    """
    if file.purged_at is not None:
        raise FileUnavailable(f"文件“{file.name}”是被替换或移除的旧附件，已按规定清除。")
    if file.active_codes:
        raise FileUnavailable(f"{pictures_only_note(file.active_codes)}如需内容，请与上传人联系。")
    return send_checked(FILES, file.storage_name, file.sha256, file.name, mime or mimetype(file))


def send_stored_picture(page: FilePreviewPage, order: Callable[[FileDamaged], bool]) -> Response:
    """Send a picture drawn by the portal.

    Raises FileUnavailable when it is damaged; `order` requests a new one and returns whether it is
    queued.
    """
    path = storage.folder(storage.PREVIEWS) / page.storage_name
    try:
        return send_picture(storage.open_verified(path, page.sha256), f"image/{page.kind}")
    except FileDamaged as damaged:
        advice = REDRAW_NOTE if order(damaged) else RESTORE_HINT
        raise unavailable_error("", damaged.reason, advice) from damaged


def mimetype(file: StoredFile) -> str:
    """Return the MIME type under which an uploaded file is served."""
    kind = KINDS.get(file.extension)
    return kind.mimetype if kind else "application/octet-stream"


def log_damage(key: str, damaged: FileDamaged) -> str:
    """Log a damaged file that is shown inside another page; return the event number."""
    number = event_number()
    log.error("stored file damaged", extra={"event": number, "file": key}, exc_info=damaged)
    return number


def unavailable_page(error: FileUnavailable) -> Response:
    """Return the page of the error."""
    return error_page(
        GONE_STATUS, error.message, cause=error.__cause__
    )  # without one nothing is amiss
