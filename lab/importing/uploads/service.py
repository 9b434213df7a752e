"""Writes of uploads: accept a workbook of any form, queue its reading."""

from __future__ import annotations

import os

from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from lab import audit
from lab.extensions import db
from lab.files.models import StoredFile
from lab.files.storing import service as files
from lab.files.storing import storage
from lab.files.storing.uploads import ReceivedUpload
from lab.importing.models import ImportUpload
from lab.importing.rules.lifecycle import UploadStatus
from lab.importing.uploads import service_reading
from lab.jobs import service as jobs


def begin_upload(
    target: str, subject_key: str, upload: FileStorage, person_id: int
) -> ImportUpload:
    """Store a workbook and queue its reading.

    `target` is the code of an ImportTarget; `subject_key` names what its import belongs to (the
    call of proposals), "" where it belongs to nothing.
    Raises Rejected when the person has too many open jobs.
    """
    return begin_with_file(target, subject_key, store_workbook(upload, person_id), person_id)


def store_workbook(upload: FileStorage, person_id: int) -> StoredFile:
    """Store a workbook as it was sent; what is inside is looked at by a job, in its own process.

    Raises Rejected when the person has too many open jobs.
    """
    jobs.require_room(person_id, "files")
    name = os.path.basename((upload.filename or "").replace("\\", "/"))[-200:]
    upload.stream.seek(0)
    return files.store_upload(ReceivedUpload(name, storage.store_file(upload.stream)), person_id)


def begin_with_file(
    target: str, subject_key: str, file: StoredFile, person_id: int
) -> ImportUpload:
    """Queue the reading of a workbook that is stored already."""
    upload = ImportUpload(target=target, subject_key=subject_key, file=file, made_by_id=person_id)
    upload.begin()
    db.session.add(upload)
    db.session.flush()
    jobs.enqueue(service_reading.JOB, {"upload": upload.key}, asked_by=person_id)
    audit.record("upload.create", upload, detail={"import_target": target})
    return upload


def find_begun(
    target: str, subject_key: str, file: StoredFile, person_id: int
) -> ImportUpload | None:
    """Return the person's newest upload of this file that can still be matched, None without."""
    return db.session.scalars(
        select(ImportUpload)
        .where(
            ImportUpload.target == target,
            ImportUpload.subject_key == subject_key,
            ImportUpload.file_id == file.id,
            ImportUpload.made_by_id == person_id,
            ImportUpload.status != UploadStatus.FAILED,
        )
        .order_by(ImportUpload.id.desc())
        .limit(1)
    ).first()
