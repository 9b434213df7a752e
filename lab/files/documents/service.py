"""Every write of rendered documents: order, render, note a failure or a download, retry.

The row is the queue: it is written with its cause, and the job fills it. Done twice, the second
time does no harm; what a crash left on the disk without a row goes with the next
`lab.files.storing.service.purge_expired`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from lab import audit
from lab.db import lock_row, reading, transition, writing
from lab.extensions import db
from lab.feature import JobKind
from lab.files.documents.kinds import DocumentKind, FileKind, FileRow, Result, Row, Source
from lab.files.documents.storage import damage
from lab.files.models import RenderedFile
from lab.files.rules.lifecycle import RenderStatus
from lab.jobs import service as jobs
from lab.rejected import Rejected

Arguments = Mapping[str, Any]
FAILURE_LIMIT = 300  # characters of the column
NOT_READY = "文件还没有生成，请稍后再下载。"


def job_kind(kind: DocumentKind[Row, Source, Result]) -> JobKind:
    """Return the job that renders documents of this kind, for its feature."""
    return JobKind(kind.job, partial(render, kind), partial(note_failure, kind))


# -- ordering ----------------------------------------------------------------------------------


def order(
    kind: DocumentKind[Row, Source, Result],
    row: Row,
    asked_by: int | None = None,
    session: Session | None = None,
) -> None:
    """Store a new row and queue its rendering, in the present transaction.

    Whoever is asked by a person for one more asks `jobs.require_room` first.
    """
    session = session if session is not None else db.session()
    row.begin()
    session.add(row)
    session.flush()
    _enqueue(kind, row, asked_by, session)


def order_again(
    kind: DocumentKind[Row, Source, Result],
    row: Row,
    asked_by: int | None = None,
    session: Session | None = None,
) -> None:
    """Queue a finished or failed row again, in the present transaction."""
    transition(row, "retry")
    row.failure = ""
    kind.give_up(row)
    _enqueue(kind, row, asked_by, session if session is not None else db.session())


def _enqueue(
    kind: DocumentKind[Row, Source, Result], row: Row, asked_by: int | None, session: Session
) -> None:
    arguments = {kind.argument: kind.key(row)}
    job = jobs.enqueue(kind.job, arguments, session=session, asked_by=asked_by)
    if isinstance(row, RenderedFile):
        row.job_id = job.id


def retry(kind: FileKind[FileRow, Source], row: FileRow, asked_by: int) -> str:
    """Queue again what failed, or whose file is missing or altered.

    Returns the SHA-256 of a lost file, else "". It is rendered from the same source. Raises
    Rejected when the person has too many open jobs, when there is no need, or when the source was
    altered; TransitionRejected while it is being rendered.
    """
    jobs.require_room(asked_by)
    lock_row(row)
    lost = row.status == RenderStatus.READY and bool(damage(row))
    if not lost and row.status in kind.rejection_messages:
        raise Rejected(kind.rejection_messages[row.status])
    kind.check_source(row)
    order_again(kind, row, asked_by)
    return (row.file_hash or "") if lost else ""


def note_download(kind: FileKind[FileRow, Source], row: FileRow, detail: Mapping[str, Any]) -> None:
    """Note who takes the file. Raises Rejected while there is none."""
    if row.status != RenderStatus.READY:
        raise Rejected(NOT_READY)
    audit.record(kind.audit_downloaded, row, detail=detail)


# -- the job -----------------------------------------------------------------------------------


def render(kind: DocumentKind[Row, Source, Result], arguments: Arguments) -> None:
    """Run the job: source → files → row.

    Run again after a crash it ends the same way.
    """
    with reading() as session:
        row = session.scalar(_waiting(kind, arguments))
        if row is None:
            return
        source = kind.source(row)
    result = kind.render(source)
    if not _finish(kind, arguments, result):  # another worker was quicker, or the row is gone
        kind.discard(result)


def _waiting(kind: DocumentKind[Row, Source, Result], arguments: Arguments) -> Select[Row]:
    return kind.rows(arguments[kind.argument]).where(kind.model.status == RenderStatus.QUEUED)


def _finish(kind: DocumentKind[Row, Source, Result], arguments: Arguments, result: Result) -> bool:
    with writing() as session:
        row = session.scalar(_waiting(kind, arguments).with_for_update(of=kind.model))
        if row is None:
            return False
        transition(row, "finish", **kind.evidence(result))
        if kind.audit_rendered:
            detail = kind.detail(result)
            audit.record(kind.audit_rendered, row, detail=detail, session=session)
    return True


def note_failure(
    kind: DocumentKind[Row, Source, Result], arguments: Arguments, message: str
) -> None:
    """Record why there is no document, after the last try."""
    with writing() as session:
        row = session.scalar(_waiting(kind, arguments).with_for_update(of=kind.model))
        if row is None:
            return
        transition(row, "fail", failure=message[:FAILURE_LIMIT])
        if kind.audit_failed:
            audit.record(kind.audit_failed, row, result="failed", session=session)
