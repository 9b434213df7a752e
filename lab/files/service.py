"""Every write of stored files: keep an upload's row, forget one that nothing names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import delete, select
from werkzeug.datastructures import FileStorage

from lab.db import reading
from lab.extensions import db
from lab.files import kinds, storage
from lab.files.holding import purging
from lab.files.models import FilePreviewPage, StoredFile
from lab.files.receiving import Received, receive
from lab.files.storage import FILES, PREVIEWS, folder

A_DAY = 24 * 3600
BATCH = 500
# folder -> the columns whose rows name its files
_owners: dict[str, list[Any]] = {
    FILES: [StoredFile.storage_name],
    PREVIEWS: [FilePreviewPage.storage_name],
}


def store(upload: FileStorage | Received, person_id: int) -> StoredFile:
    """The row of an upload, which lies on the disk before the row is committed.

    One that was not received yet is checked first (see `receive`, which must not be done while
    a transaction is open where it can be helped). Raises Refused (field "files").
    """
    received = upload if isinstance(upload, Received) else receive(upload)
    row = StoredFile(
        name=received.name,
        extension=kinds.extension_of(received.name),
        size=received.kept.size,
        sha256=received.kept.sha256,
        storage_name=received.kept.storage_name,
        uploaded_by_id=person_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def forget(file_ids: Collection[int]) -> None:
    """Delete the rows of files that nothing names any more, their pictures' rows included; what
    lies on the disk goes with the next `sweep`."""
    db.session.flush()
    db.session.execute(delete(StoredFile).where(StoredFile.id.in_(file_ids)))


def path_of(file: StoredFile) -> Path:
    return folder() / file.storage_name


# -- what a crash left behind ------------------------------------------------------------------


def name_owner(where: str, column: Any) -> None:
    """Register a column that names files of a folder: what no column names is taken off."""
    columns = _owners.setdefault(where, [])
    if column not in columns:
        columns.append(column)


def sweep(older_than: float = A_DAY) -> int:
    """Take files and pictures off the disk that no row names, and what was never finished;
    returns how many.

    Nothing while a backup copies. What is younger than `older_than` seconds may belong to a
    transaction still under way.
    """
    with purging(Path(current_app.config["INSTANCE"])) as free:
        owners = _owners if free else {}
        return sum(_sweep(where, columns, older_than) for where, columns in owners.items())


def _sweep(where: str, columns: Iterable[Any], older_than: float) -> int:
    names, removed = sorted(storage.older_than(older_than, where)), 0
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        for name in set(batch) - _named(columns, batch):
            storage.drop(name, where)
            removed += 1
    return removed


def _named(columns: Iterable[Any], names: Iterable[str]) -> set[str]:
    listed = list(names)
    with reading() as session:
        return {
            name
            for column in columns
            for name in session.scalars(select(column).where(column.in_(listed)))
        }
