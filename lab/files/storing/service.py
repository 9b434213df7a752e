"""Writes of stored files: store an upload's row, delete one that nothing names."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import Select, delete, select, update
from werkzeug.datastructures import FileStorage

from lab import audit, clock
from lab.db import reading, writing
from lab.extensions import db
from lab.feature import ExtensionPoint
from lab.files.inspection import kinds
from lab.files.inspection.active import TABLE
from lab.files.models import FilePreview, FilePreviewPage, StoredFile
from lab.files.storing import storage
from lab.files.storing.purge_lock import purge_allowed
from lab.files.storing.storage import FILES, PREVIEWS, folder
from lab.files.storing.uploads import ReceivedUpload, examine_file, receive

DAY_SECONDS = 24 * 3600
EXAMINE_BATCH = 20  # files a minute, at most
BATCH = 500


@dataclass(frozen=True)
class FileNames:
    """A select of names that files of a folder may have: what none selects is taken off."""

    folder: str
    names: Select[Any]


FILE_NAMES: ExtensionPoint[FileNames] = ExtensionPoint("names of files")
OWN_NAMES = (
    FileNames(FILES, select(StoredFile.storage_name).where(StoredFile.purged_at.is_(None))),
    FileNames(PREVIEWS, select(FilePreviewPage.storage_name)),
)


def store_upload(upload: FileStorage | ReceivedUpload, person_id: int) -> StoredFile:
    """Store the row of an upload, which is on disk before the row is committed.

    One that was not received yet is received first (see `receive`; avoid that while a transaction
    is open). Raises Rejected (field "files").
    """
    received = upload if isinstance(upload, ReceivedUpload) else receive(upload)
    row = StoredFile(
        name=received.name,
        extension=kinds.extension_of(received.name),
        size=received.stored.size,
        sha256=received.stored.sha256,
        storage_name=received.stored.storage_name,
        active=received.active,
        uploaded_by_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def mark_for_deletion(file_ids: Collection[int]) -> None:
    """Delete the rows of files that nothing names any more, with their previews' rows.

    The next `purge_expired` deletes the data on disk.
    """
    db.session.flush()
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(file_ids)))


def path_of(file: StoredFile) -> Path:
    return folder() / file.storage_name


def mark_purged(file_ids: Collection[int]) -> None:
    """Mark files as purged, keeping their rows.

    The next `purge_expired` deletes bytes and pictures.
    """
    db.session.execute(delete(FilePreview).where(FilePreview.file_id.in_(file_ids)))
    db.session.execute(
        update(StoredFile)
        .where(StoredFile.id.in_(file_ids), StoredFile.purged_at.is_(None))
        .values(purged_at=clock.now())
    )


# -- files from before they were looked at -----------------------------------------------------


def examine_unchecked(seconds: float = 20) -> None:
    """Examine, for this many seconds, files stored before active content was recorded.

    Afterwards those with any are no longer served.
    """
    until = time.monotonic() + seconds
    with reading() as session:
        waiting = session.scalars(
            select(StoredFile)
            .where(StoredFile.active.is_(None), StoredFile.purged_at.is_(None))
            .order_by(StoredFile.id)
            .limit(EXAMINE_BATCH)
        ).all()
        session.expunge_all()
    active_by_id: dict[int, tuple[str, ...]] = {}
    for file in waiting:
        if time.monotonic() > until:
            break
        active_by_id[file.id] = _examine(file)
    if active_by_id:
        _record_active({file.id: file.key for file in waiting}, active_by_id)


def _examine(file: StoredFile) -> tuple[str, ...]:
    if file.extension not in ("pdf", "docx", "xlsx") or not path_of(file).is_file():
        return ()
    problem, active = examine_file(path_of(file), file.name)
    return (problem.code,) if problem is not None and problem.code in TABLE else active


def _record_active(keys: Mapping[int, str], active_by_id: Mapping[int, tuple[str, ...]]) -> None:
    with writing() as session:
        for file_id, codes in active_by_id.items():
            session.execute(
                update(StoredFile)
                .where(StoredFile.id == file_id, StoredFile.active.is_(None))
                .values(active=",".join(codes))
            )
        withheld = {keys[file_id]: codes for file_id, codes in active_by_id.items() if codes}
        detail = {"count": len(active_by_id), "withheld": withheld}
        audit.record("file.examine", detail=detail, session=session)


# -- what a crash left behind ------------------------------------------------------------------


def purge_expired(older_than: float = DAY_SECONDS) -> int:
    """Delete files and pictures that no row names, and unfinished ones; return how many.

    Does nothing while a backup copies. Files younger than `older_than` seconds may belong to an
    open transaction.
    """
    with purge_allowed(Path(current_app.config["INSTANCE"])) as free:
        folders = _names_by_folder() if free else {}
        return sum(
            _purge_folder(where, query_list, older_than) for where, query_list in folders.items()
        )


def _names_by_folder() -> dict[str, list[Any]]:
    folders: dict[str, list[Any]] = {}
    for owner in (*OWN_NAMES, *FILE_NAMES.extensions()):
        folders.setdefault(owner.folder, []).append(owner.names)
    return folders


def delete_lost_previews() -> int:
    """Delete previews of which a picture is missing on disk, so that they are redrawn.

    Return how many.
    """
    with reading() as session:
        query = select(FilePreviewPage.preview_id, FilePreviewPage.storage_name)
        preview_rows = session.execute(query).all()
    # Looked at after the rows, which come after their files: none is taken for lost while made.
    present = set(os.listdir(folder(PREVIEWS)))
    lost = {preview for preview, name in preview_rows if name not in present}
    if lost:
        with writing() as session:
            session.execute(delete(FilePreview).where(FilePreview.id.in_(sorted(lost)[:BATCH])))
    return len(lost)


def _purge_folder(where: str, owners: Collection[Any], older_than: float) -> int:
    names, removed = sorted(storage.names_older_than(older_than, where)), 0
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        for name in set(batch) - _referenced(owners, batch):
            storage.delete_file(name, where)
            removed += 1
    return removed


def _referenced(selects: Iterable[Any], names: Iterable[str]) -> set[str]:
    name_list = list(names)
    with reading() as session:
        return {
            name
            for query in selects
            for name in session.scalars(query.where(query.selected_columns[0].in_(name_list)))
        }
