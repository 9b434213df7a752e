"""Reads for the lists and pages of imports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import select

from lab.extensions import db
from lab.files.models import StoredFile
from lab.identity.models.account import Person
from lab.importing.batches.models import ImportBatch
from lab.importing.rules.batch_lifecycle import ImportStatus

LISTED = 50
Batch = TypeVar("Batch", bound=ImportBatch)


def listed_batches(model: type[Batch], *conditions: Any) -> Iterable[tuple[Batch, str, str]]:
    """Return (import, name of its file, who uploaded it), newest first, at most LISTED.

    `conditions` are columns' conditions on `model` that all hold; one query.
    """
    rows = db.session.execute(
        select(model, StoredFile.name, Person.name)
        .join(StoredFile, StoredFile.id == model.file_id)
        .join(Person, Person.id == model.made_by_id)
        .where(*conditions)
        .order_by(model.id.desc())
        .limit(LISTED)
    )
    return [(batch, name, who) for batch, name, who in rows]


def steps_key(batch: ImportBatch) -> str:
    """Return the upload whose columns may be matched anew, "" where there is none."""
    again = batch.status == ImportStatus.FAILED or batch.status == ImportStatus.READY
    return batch.upload_key if again else ""
