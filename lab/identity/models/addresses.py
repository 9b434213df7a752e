"""Tables of recorded e-mail addresses and of the links sent to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from lab import clock
from lab.db import HasId, UtcDateTime, one_of
from lab.extensions import Model
from lab.identity.models.account import Person

PASSWORD, ADDRESS = "password", "address"


class AddressChange(HasId, Model):
    """One change of a person's e-mail address; the newest one shows the origin of the address.

    `email` is the new address, "" when removed. `changed_by_id` is None at the server's shell.
    `seen_at`: when the owner was told of somebody else's change.
    """

    __tablename__ = "address_change"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(120))
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    changed_by: Mapped[Person | None] = relationship(foreign_keys=[changed_by_id])
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AccountLink(HasId, Model):
    """A one-time link sent to a person's address. Only its SHA-256 is stored."""

    __tablename__ = "account_link"
    __table_args__ = (
        one_of("purpose", (PASSWORD, ADDRESS)),
        Index("ix_account_link_person", "person_id", "purpose"),
    )

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
