"""Table of activation slips."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import HasId, UtcDateTime
from lab.extensions import Model
from lab.identity.models.account import Person

_OPEN = text("used_at IS NULL AND void_at IS NULL")


class ActivationSlip(HasId, Model):
    """One slip with which the owner of a new account sets the first password.

    Only a digest of the code is stored. An account has one open slip at most. `void_at`: another
    slip took its place, or a password was set in another way.
    """

    __tablename__ = "activation_slip"
    __table_args__ = (
        CheckConstraint("used_at IS NULL OR void_at IS NULL", name="used_or_void"),
        CheckConstraint("expires_at > issued_at", name="valid_for_a_time"),
        Index(
            "uq_activation_slip_open",
            "person_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    issued_by: Mapped[Person] = relationship(foreign_keys=[issued_by_id])
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    void_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
