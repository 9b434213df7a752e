"""The job that reads an upload: the first rows of each worksheet, for the person to look at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from lab import audit
from lab.db import reading, transition
from lab.extensions import db
from lab.files.models import StoredFile
from lab.files.rules.sheet import Sheet
from lab.files.storing import service as files
from lab.files.storing import storage
from lab.files.storing.serving import log_damage
from lab.files.workbooks.reading import open_workbook
from lab.importing.models import ImportUpload
from lab.importing.rules.lifecycle import UploadStatus
from lab.rejected import Rejected
from lab.web.fields.files import extension_of
from lab.web.typed.text import displayable

JOB = "importing.read"
ROWS, COLUMNS, LETTERS, SHEETS = 40, 60, 80, 12  # of a worksheet, of a cell, of a workbook


def read_upload(arguments: Mapping[str, Any]) -> None:
    """Run the job: file → first rows → row. Safe to run again after a crash."""
    with reading():
        upload = _find(arguments, lock=False)
        if upload is None or upload.status != UploadStatus.READING:
            return
        layout, failure = _layout(upload)
        db.session.rollback()
    upload = _find(arguments)
    if upload is None or upload.status != UploadStatus.READING:
        return
    if failure:
        transition(upload, "fail", failure=failure[:400])
    else:
        transition(upload, "read", layout=layout)
    audit.record("upload.read", upload, detail={"sheets": len(layout["sheets"])})
    db.session.commit()


def record_read_failure(arguments: Mapping[str, Any], message: str) -> None:
    """Show the failure on the upload's page after the last attempt."""
    upload = _find(arguments)
    if upload is not None and upload.status == UploadStatus.READING:
        transition(upload, "fail", failure=message[:400])
        audit.record("upload.read", upload, result="failed")
        db.session.commit()


def _find(arguments: Mapping[str, Any], *, lock: bool = True) -> ImportUpload | None:
    query = select(ImportUpload).where(ImportUpload.key == arguments["upload"])
    return db.session.scalar(query.with_for_update() if lock else query)


def stored_bytes(file: StoredFile) -> bytes:
    """Return an uploaded file; raises Rejected when it is missing or altered."""
    try:
        with storage.open_verified(files.path_of(file), file.sha256) as source:
            data: bytes = source.read()
            return data
    except storage.FileDamaged as damaged:
        number = log_damage(file.key, damaged)
        label = storage.DAMAGE_LABELS[damaged.reason]
        raise Rejected(f"文件{label}，请重新上传（事件编号 {number}）。") from None


def _layout(upload: ImportUpload) -> tuple[dict[str, Any], str]:
    """Return the layout and "", or an empty one and why there is none."""
    try:
        sheets = _sheets(stored_bytes(upload.file), extension_of(upload.file.name))
    except Rejected as error:
        return {"sheets": []}, error.message
    if not any(sheet["height"] for sheet in sheets):
        return {"sheets": []}, "文件中没有内容。请检查是否选对了文件。"
    return {"sheets": sheets}, ""


def _sheets(data: bytes, extension: str) -> list[dict[str, Any]]:
    opened = open_workbook(data, extension=extension)
    if opened.sheet is not None:
        return [_shown(opened.sheet)]
    visible = [listed.name for listed in opened.listed if not listed.hidden][:SHEETS]
    shown, rejections = [], []
    for name in visible:
        try:
            sheet = open_workbook(data, name, extension=extension).sheet
        except Rejected as error:  # one odd worksheet does not take the others
            rejections.append(error)
        else:
            shown += [_shown(sheet)] if sheet is not None else []
    if rejections and not shown:
        raise rejections[0]
    return shown


def _shown(sheet: Sheet) -> dict[str, Any]:
    rows = [[displayable(text)[:LETTERS] for text in row[:COLUMNS]] for row in sheet.rows[:ROWS]]
    return {"name": sheet.name, "height": len(sheet.rows), "rows": rows}
