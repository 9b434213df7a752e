"""Tables around a published call: extensions, late-entry codes, revisions of the notice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db import CanonicalJson, HasId, HasKey, UtcDateTime
from lab.extensions import Model


class CallExtension(HasId, Model):
    """An extension for all units, or for one (`unit_id`), with its reason."""

    __tablename__ = "call_extension"
    __table_args__ = (
        CheckConstraint("new_closes_at > old_closes_at", name="later"),
        CheckConstraint("reason <> ''", name="reason_given"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    old_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    new_closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class CallLateCode(HasKey, Model):
    """A code that lets a unit submit one proposal after the deadline.

    Only its SHA-256 is stored; it is redeemed once, or revoked.
    """

    __tablename__ = "call_late_code"
    __table_args__ = (
        CheckConstraint("reason <> ''", name="reason_given"),
        CheckConstraint("(used_at IS NULL) = (used_by_id IS NULL)", name="used_evidence"),
        CheckConstraint("revoked_at IS NULL OR used_at IS NULL", name="used_or_revoked"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    reason: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class CallRevision(HasId, Model):
    """The notice as it was published (number 1) or changed (2 and up). `files` is a list of
    the names of the attachments."""

    __tablename__ = "call_revision"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("number >= 1", name="number_from_one"),
        CheckConstraint("summary <> ''", name="summary_given"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int] = mapped_column(Integer)
    notice_text: Mapped[str] = mapped_column(Text)
    files: Mapped[Sequence[str]] = mapped_column(CanonicalJson(), default=list)
    summary: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
