"""Tables of imported proposal workbooks, and of the proposals created from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.calls.models.call import Call
from lab.db import (
    HasId,
    HasKey,
    JsonText,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    in_state,
    status_check,
    unless_in,
)
from lab.extensions import Model
from lab.files.models import StoredFile
from lab.identity.models.account import Person
from lab.proposals.rules.bulk_import.lifecycle import CHECKED, IMPORT, ImportStatus
from lab.workflow import StateMachine

ONCE_IMPORTED = in_state(ImportStatus.IMPORTED)


class ProposalImport(HasKey, Versioned, Stateful, Model):
    """A proposal workbook: the file, its cells, and the result of the dry run.

    `cells` is JSON {columns: [field], rows: [[row number, [text]]], places: [column of the
    worksheet], notes: [[row, field, sentence, whether unreadable]]}, `reading` JSON {hidden: [row
    number], remarks: [sentence]}, `result` JSON [{row, title, unit, errors: [[field, sentence]],
    warnings: [[field, sentence]], cells: {field: [place, text]} of those}]. `failure` is one
    sentence on why nothing can be imported. A file is imported once per call. `plan` is JSON of the
    ColumnPlan by which a workbook of any form is read, `upload_key` names the upload where it was
    made; both are blank for the template. `as_drafts`: drafts, which their owners complete.
    """

    __tablename__ = "proposal_import"
    machine: ClassVar[StateMachine] = IMPORT
    __table_args__ = (
        status_check(IMPORT),
        evidence_check("checked", CHECKED, "checked_at"),
        evidence_check("imported", (ImportStatus.IMPORTED,), "imported_by_id", "imported_at"),
        evidence_check("abandoned", (ImportStatus.ABANDONED,), "closed_at"),
        CheckConstraint(f"{unless_in(ImportStatus.FAILED)} OR failure <> ''", name="failure_said"),
        Index(
            "ix_proposal_import_once",
            "call_id",
            "sha256",
            unique=True,
            sqlite_where=ONCE_IMPORTED,
            postgresql_where=ONCE_IMPORTED,
        ),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    call: Mapped[Call] = relationship()
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    file: Mapped[StoredFile] = relationship()
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    faulty_count: Mapped[int] = mapped_column(Integer, default=0)
    warned_count: Mapped[int] = mapped_column(Integer, default=0)
    # Nothing was read yet, or could be, while `cells` is None.
    cells: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None, deferred=True
    )
    reading: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None
    )
    result: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(
        JsonText(), default=list, deferred=True
    )
    failure: Mapped[str] = mapped_column(String(400), default="")
    upload_key: Mapped[str] = mapped_column(String(12), default="")
    plan: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None
    )
    as_drafts: Mapped[bool] = mapped_column(Boolean, default=False)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imported_by: Mapped[Person | None] = relationship(foreign_keys=[imported_by_id])
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportedProposal(HasId, Model):
    """The workbook row a proposal was created from, and when its mail arrived.

    Only a draft may have no day of arrival.
    """

    __tablename__ = "imported_proposal"

    import_id: Mapped[int] = mapped_column(ForeignKey("proposal_import.id"), index=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), unique=True
    )
    row: Mapped[int] = mapped_column(Integer)
    received_on: Mapped[date | None] = mapped_column(Date)
