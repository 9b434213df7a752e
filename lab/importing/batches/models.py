"""What the tables of all imports have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from lab import clock
from lab.db import (
    HasKey,
    JsonText,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    status_check,
    unless_in,
)
from lab.files.models import StoredFile
from lab.identity.models.account import Person
from lab.importing.rules.batch_lifecycle import ImportStatus
from lab.workflow import StateGroup, StateMachine


class ImportBatch(HasKey, Versioned, Stateful):
    """A workbook on its way in: the file, the result of its dry run, who confirmed it.

    `plan` is JSON of the ColumnPlan by which a workbook of any form is read, `upload_key` names the
    upload where it was made; both are blank for the template. `cells` is JSON of the rows as they
    were read, None while nothing was, `result` of the checked ones. `failure` says in one sentence
    why nothing can be imported.
    """

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    upload_key: Mapped[str] = mapped_column(String(12), default="")
    plan: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None
    )
    cells: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText(blank=True), nullable=False, default=lambda: None, deferred=True
    )
    result: Mapped[Sequence[Mapping[str, Any]]] = mapped_column(
        JsonText(), default=list, deferred=True
    )
    failure: Mapped[str] = mapped_column(String(400), default="")
    row_count: Mapped[int] = mapped_column(Integer, default=0)
    faulty_count: Mapped[int] = mapped_column(Integer, default=0)
    warned_count: Mapped[int] = mapped_column(Integer, default=0)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    imported_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @declared_attr
    @classmethod
    def file(cls) -> Mapped[StoredFile]:
        """Return the workbook as it was sent."""
        return relationship(StoredFile)

    @declared_attr
    @classmethod
    def made_by(cls) -> Mapped[Person]:
        """Return who uploaded it."""
        return relationship(Person, foreign_keys=f"{cls.__name__}.made_by_id")

    @declared_attr
    @classmethod
    def imported_by(cls) -> Mapped[Person | None]:
        """Return who confirmed it."""
        return relationship(Person, foreign_keys=f"{cls.__name__}.imported_by_id")


def batch_checks(machine: StateMachine, checked: StateGroup) -> tuple[CheckConstraint, ...]:
    """Return what ties each state to its evidence; `checked` are the states after the dry run."""
    return (
        status_check(machine),
        evidence_check("checked", checked, "checked_at"),
        evidence_check("imported", (ImportStatus.IMPORTED,), "imported_by_id", "imported_at"),
        evidence_check("abandoned", (ImportStatus.ABANDONED,), "closed_at"),
        CheckConstraint(f"{unless_in(ImportStatus.FAILED)} OR failure <> ''", name="failure_said"),
    )
