"""Table of password resets by others than the owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import HasId, UtcDateTime
from lab.extensions import Model
from lab.identity.models.account import Person


class PasswordReset(HasId, Model):
    """One reset: when, requested and released by whom (names and roles as of then).

    `release_key` names the request, "" for a reset by one person. Its first password is generated
    only when `slip_for_id` (None: the operator of the server's shell) opens the slip, once; only
    its hash is stored. `seen_at`: when the owner has read who reset it and has set a password.
    """

    __tablename__ = "password_reset"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    asked_by: Mapped[str] = mapped_column(String(120))
    released_by: Mapped[str] = mapped_column(String(120), default="")
    release_key: Mapped[str] = mapped_column(String(12), default="", index=True)
    slip_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    slip_taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
