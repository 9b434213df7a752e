"""Tables of uploads whose columns are matched, and of what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import (
    HasId,
    HasKey,
    JsonText,
    Stateful,
    UtcDateTime,
    Versioned,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.files.models import StoredFile
from lab.identity.models.account import Person
from lab.importing.rules.lifecycle import UPLOAD, UploadStatus
from lab.workflow import StateMachine


class ImportUpload(HasKey, Versioned, Stateful, Model):
    """A workbook of any form on its way into an import.

    `target` is the code of the import, `subject_key` the key of what it is for (a call). `layout`
    is JSON {sheets: [{name, height, rows: the first rows as texts}]}, `plan` that of a ColumnPlan,
    None until a row of headings is chosen.
    """

    __tablename__ = "import_upload"
    machine: ClassVar[StateMachine] = UPLOAD
    __table_args__ = (
        status_check(UPLOAD),
        CheckConstraint(f"{unless_in(UploadStatus.FAILED)} OR failure <> ''", name="failure_said"),
        CheckConstraint(f"{unless_in(UploadStatus.MAPPING)} OR layout <> ''", name="layout_known"),
    )

    target: Mapped[str] = mapped_column(String(20))
    subject_key: Mapped[str] = mapped_column(String(12), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile] = relationship()
    layout: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None, deferred=True
    )
    plan: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None
    )
    failure: Mapped[str] = mapped_column(String(400), default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[Person] = relationship()
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class ImportMapping(HasId, Model):
    """Which field the people of a unit chose for a heading; `field` "" for not imported.

    `heading` is the key of the heading (see `rules.headings.heading_key`).
    """

    __tablename__ = "import_mapping"
    __table_args__ = (UniqueConstraint("target", "unit_id", "heading"),)

    target: Mapped[str] = mapped_column(String(20))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    heading: Mapped[str] = mapped_column(String(60))
    field: Mapped[str] = mapped_column(String(40))
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
