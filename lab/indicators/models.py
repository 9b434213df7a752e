"""Tables of indicator entries. Values in hundredths of the indicator's unit."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from lab import clock
from lab.db import (
    HasId,
    HasKey,
    HasProvenance,
    Hundredths,
    Stateful,
    UtcDateTime,
    Versioned,
    evidence_check,
    in_state,
    status_check,
    unless_in,
)
from lab.editing.models import INVALID_INPUT, InvalidInput
from lab.extensions import Model
from lab.identity.models.account import Person
from lab.indicators.rules.lifecycle import (
    ENTRY,
    EVER_APPROVED,
    EVER_CONFIRMED,
    EVER_ENTERED,
    EntryStatus,
)
from lab.portfolio.models.project import Project
from lab.workflow import StateMachine


class Entry(HasKey, Versioned, HasProvenance, Stateful, Model):
    """One value: project, indicator, end of period, revision.

    Without a value there is a text for a figure known only in words, or the reason why none is
    available; NULL is never zero. A correction is a new revision that references the old one.
    """

    __tablename__ = "entry"
    machine: ClassVar[StateMachine] = ENTRY
    published_columns: ClassVar[frozenset[str]] = frozenset(
        {
            *("project_id", "indicator", "period_end", "revision", "value", "value_text"),
            *("forecast", "unavailable_reason", "note", "status", "corrects_id"),
            *("source_label", "is_demo"),
        }
    )
    __table_args__ = (
        status_check(ENTRY),
        CheckConstraint(
            f"{unless_in(*EVER_APPROVED)} OR source_label <> '' OR "
            "(confirmed_by_id IS NOT NULL AND approved_by_id IS NOT NULL "
            "AND approved_by_id <> entered_by_id)",
            name="approved_by_another",
        ),
        evidence_check("entered", EVER_ENTERED, "entered_by_id", or_source=True),
        evidence_check(
            "confirmed", EVER_CONFIRMED, "confirmed_by_id", "confirmed_at", or_source=True
        ),
        evidence_check("approved", EVER_APPROVED, "approved_at", or_source=True),
        evidence_check("returned", (EntryStatus.RETURNED,), "return_reason"),
        CheckConstraint(
            "corrects_id IS NULL OR correction_reason <> ''", name="correction_has_reason"
        ),
        CheckConstraint("value IS NULL OR value >= 0", name="value_not_negative"),
        UniqueConstraint("project_id", "indicator", "period_end", "revision"),
        Index(
            "uq_entry_one_approved",
            "project_id",
            "indicator",
            "period_end",
            unique=True,
            sqlite_where=in_state(EntryStatus.APPROVED),
            postgresql_where=in_state(EntryStatus.APPROVED),
        ),
        Index("ix_entry_period", "project_id", "period_end"),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    project: Mapped[Project] = relationship()
    indicator: Mapped[str] = mapped_column(String(3))
    period_end: Mapped[date] = mapped_column(Date)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    value: Mapped[Decimal | None] = mapped_column(Hundredths)
    value_text: Mapped[str] = mapped_column(String(40), default="")
    forecast: Mapped[bool] = mapped_column(Boolean, default=False)
    unavailable_reason: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(300), default="")
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_by: Mapped[Person | None] = relationship(foreign_keys=[entered_by_id])
    entered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str | None] = mapped_column(Text)
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    correction_reason: Mapped[str] = mapped_column(String(300), default="")
    events: WriteOnlyMapped[EntryEvent] = relationship(
        cascade="save-update, merge", passive_deletes="all"
    )

    def record_state(self, _valid_from: date | None, _why: str) -> None:
        """Record when the entry reached each state; drafts are not recorded."""
        if self.status == EntryStatus.DRAFT:
            return
        times = {
            EntryStatus.SUBMITTED.value: self.submitted_at,
            EntryStatus.CONFIRMED.value: self.confirmed_at,
            EntryStatus.APPROVED.value: self.approved_at,
        }
        self.events.add(EntryEvent(status=self.status, at=times.get(self.status) or clock.now()))


class EntryEvent(HasId, Model):
    """When an entry reached a state; append-only."""

    __tablename__ = "entry_event"

    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    status: Mapped[str] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    origin: Mapped[str] = mapped_column(String(10), default="act")


class EntryPeriod(HasId, Model):
    """A month of a project as its grid shows it: one version for all its entries.

    `version` rises with every change to an entry of the month and never falls, whatever is
    deleted. `invalid_input` is {field: what was typed} of cells that could not be read.
    """

    __tablename__ = "entry_period"
    __table_args__ = (UniqueConstraint("project_id", "period_end"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    period_end: Mapped[date] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer, default=0)
    invalid_input: Mapped[InvalidInput] = mapped_column("leftovers", INVALID_INPUT, default=dict)


class ProgressReport(HasKey, Versioned, Model):
    """The narrative of a month: what was done, what hinders, what is asked, what comes next.

    Handed in by the team, it reaches leaders once the team's leader has confirmed it; one that was
    sent back keeps when it had first arrived. `invalid_input` is {field: what was typed} of texts
    that did not pass the check.
    """

    __tablename__ = "progress_report"
    __table_args__ = (UniqueConstraint("project_id", "period_end"),)

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    period_end: Mapped[date] = mapped_column(Date)
    done: Mapped[str] = mapped_column(Text, default="")
    problems: Mapped[str] = mapped_column(Text, default="")
    asks: Mapped[str] = mapped_column(Text, default="")
    next_plan: Mapped[str] = mapped_column(Text, default="")
    invalid_input: Mapped[InvalidInput] = mapped_column("leftovers", INVALID_INPUT, default=dict)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    first_submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    return_reason: Mapped[str] = mapped_column(Text, default="")


class PeriodLock(HasId, Model):
    """A period that the office locked for a project, and when and why it was reopened."""

    __tablename__ = "period_lock"
    __table_args__ = (
        Index(
            "uq_period_lock_in_force",
            "project_id",
            "period_end",
            unique=True,
            sqlite_where=text("reopened_at IS NULL"),
            postgresql_where=text("reopened_at IS NULL"),
        ),
    )

    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    period_end: Mapped[date] = mapped_column(Date)
    locked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reopened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reopened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reopen_reason: Mapped[str] = mapped_column(Text, default="")
