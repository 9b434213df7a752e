"""Tables of imports of units and people, and of the roles requested by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import (
    HasId,
    HasKey,
    JsonText,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    in_state,
    one_of,
    status_check,
    unless_in,
)
from lab.enrolment.rules.lifecycle import CHECKED, PEOPLE_IMPORT
from lab.enrolment.rules.request_lifecycle import DECIDED, ROLE_REQUEST, RequestStatus
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.importing.batches.models import ImportBatch, batch_checks
from lab.policy import BUSINESS_ROLES
from lab.workflow import StateMachine

UNITS, PEOPLE, BOTH = "units", "people", "both"


class PeopleImport(ImportBatch, Model):
    """A workbook of units and people.

    `content` says which of the two the workbook holds. `cells` is JSON {units: table, people:
    table} (see `importing.rules.worksheets`). The counts are of what is new, and of rows that name
    something that exists.
    """

    __tablename__ = "people_import"
    machine: ClassVar[StateMachine] = PEOPLE_IMPORT
    __table_args__ = (
        *batch_checks(PEOPLE_IMPORT, CHECKED),
        one_of("content", (UNITS, PEOPLE, BOTH)),
    )

    content: Mapped[str] = mapped_column(String(8))
    remarks: Mapped[Sequence[str]] = mapped_column(JsonText(), default=list)
    unit_count: Mapped[int] = mapped_column(Integer, default=0)
    person_count: Mapped[int] = mapped_column(Integer, default=0)
    existing_count: Mapped[int] = mapped_column(Integer, default=0)
    role_count: Mapped[int] = mapped_column(Integer, default=0)


class ImportedPerson(HasId, Model):
    """The workbook row an account was created from."""

    __tablename__ = "imported_person"

    import_id: Mapped[int] = mapped_column(ForeignKey("people_import.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    row: Mapped[int] = mapped_column(Integer)


_PENDING = in_state(RequestStatus.PENDING)


class RoleRequest(HasKey, Versioned, Stateful, Model):
    """A business role that a workbook names for a person: asked for, then granted or refused.

    Nothing of it is active before it is granted. The second person is neither who asked nor who
    gets the role.
    """

    __tablename__ = "role_request"
    machine: ClassVar[StateMachine] = ROLE_REQUEST
    __table_args__ = (
        status_check(ROLE_REQUEST),
        one_of("role", BUSINESS_ROLES),
        CheckConstraint("person_kind = 'staff'", name="staff_only"),
        ForeignKeyConstraint(["person_id", "person_kind"], ["person.id", "person.kind"]),
        evidence_check("decided", DECIDED, "decided_by_id", "decided_at"),
        CheckConstraint(f"{unless_in(RequestStatus.REFUSED)} OR answer <> ''", name="answer_given"),
        CheckConstraint("decided_by_id <> asked_by_id", name="second_person"),
        CheckConstraint("decided_by_id <> person_id", name="not_the_concerned"),
        Index(
            "uq_role_request_pending",
            *("person_id", "role"),
            unique=True,
            sqlite_where=_PENDING,
            postgresql_where=_PENDING,
        ),
        Index("ix_role_request_status", "status", "id"),
    )

    person_id: Mapped[int] = mapped_column(Integer)
    person_kind: Mapped[str] = mapped_column(String(10), default="staff")
    person: Mapped[Person] = relationship(
        primaryjoin="RoleRequest.person_id == Person.id", foreign_keys=[person_id], viewonly=True
    )
    role: Mapped[str] = mapped_column(String(12))
    import_id: Mapped[int] = mapped_column(ForeignKey("people_import.id"), index=True)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(Text, default="")
