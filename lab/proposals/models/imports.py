"""Tables of imported proposal workbooks, and of the proposals created from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab.calls.models.call import Call
from lab.db import HasId, JsonText, in_state
from lab.extensions import Model
from lab.importing.batches.models import ImportBatch, batch_checks
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.proposals.rules.bulk_import.lifecycle import CHECKED, IMPORT
from lab.workflow import StateMachine

ONCE_IMPORTED = in_state(ImportStatus.IMPORTED)


class ProposalImport(ImportBatch, Model):
    """A workbook of proposals.

    `cells` is JSON {columns: [field], rows: [[row number, [text]]], places: [column of the
    worksheet], notes: [[row, field, sentence, whether unreadable]]}, `reading` JSON {hidden: [row
    number], remarks: [sentence]}, `result` JSON [{row, title, unit, errors: [[field, sentence]],
    warnings: [[field, sentence]], cells: {field: [place, text]} of those}]. A file is imported
    once per call. `as_drafts`: drafts, which their owners complete.
    """

    __tablename__ = "proposal_import"
    machine: ClassVar[StateMachine] = IMPORT
    __table_args__ = (
        *batch_checks(IMPORT, CHECKED),
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
    reading: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None
    )
    as_drafts: Mapped[bool] = mapped_column(Boolean, default=False)


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
