"""Answers about rendered documents: how far one is, and its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, jsonify

from lab.files.documents import service
from lab.files.documents.kinds import DocumentKind, FileKind, FileRow, Result, Row, Source
from lab.files.documents.storage import send
from lab.files.rules.lifecycle import RenderStatus
from lab.jobs.service import is_running

RENDERING, DONE = "rendering", "done"


def state_answer(kind: DocumentKind[Row, Source, Result], row: Row | None, url: str) -> Response:
    """Answer the waiting page at `url`: queued, rendering, done or failed, and what to say."""
    if row is None:
        return jsonify(state=RenderStatus.FAILED, text=kind.waiting_messages.missing, url=url)
    texts: Mapping[str, str] = {
        RenderStatus.QUEUED: kind.waiting_messages.queued,
        RenderStatus.READY: kind.waiting_messages.ready,
        RenderStatus.FAILED: kind.waiting_messages.failed.format(row.failure),
    }
    return jsonify(state=_progress(kind, row), text=texts[row.status], url=url)


def _progress(kind: DocumentKind[Row, Source, Result], row: Row) -> str:
    if row.status == RenderStatus.READY:
        return DONE
    if row.status == RenderStatus.QUEUED and is_running(kind.job, {kind.argument: kind.key(row)}):
        return RENDERING
    return row.status


def download(
    kind: FileKind[FileRow, Source], row: FileRow, name: str, detail: Mapping[str, Any]
) -> Response:
    """Send the file as an attachment called `name`, noted in the audit log with `detail`."""
    service.note_download(kind, row, detail)
    return send(row, name)
