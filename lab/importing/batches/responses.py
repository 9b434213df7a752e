"""Responses of the pages of every kind of import."""

from __future__ import annotations

from flask import Response, jsonify

from lab.files.storing.serving import send_stored
from lab.importing.batches.models import ImportBatch
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.web.fields.files import extension_of
from lab.web.spreadsheets.writing import MIME, OTHER_MIME


def check_state(batch: ImportBatch, address: str, done: str = "") -> Response:
    """Answer a page that waits for the dry run; `address` is that of the result.

    JSON {state: "running" or "done", text, url}, as `static/js/poll.js` reads it; `done` is what
    the page says when the run has ended.
    """
    running = batch.status == ImportStatus.CHECKING
    return jsonify(
        state="running" if running else "done",
        text="正在逐格核对，请稍候。" if running else done,
        url=address,
    )


def original_file(batch: ImportBatch) -> Response:
    """Return the workbook as it was sent; whoever asks for it records the download.

    Raises FileUnavailable when the stored file is missing or altered.
    """
    file = batch.file
    return send_stored(file, MIME.get(extension_of(file.name), OTHER_MIME))
