"""Tables of identity.

The three administrators exclude each other and every business role by construction: a person has
exactly one `kind`, and only kind 'staff' can have business roles.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from lab import clock
from lab.db import HasId, HasKey, HasProvenance, UtcDateTime, Versioned, one_of
from lab.extensions import Model
from lab.identity.models.name_keys import PersonNameKey, UnitNameKey
from lab.identity.rules.name_keys import search_keys, unit_keys
from lab.identity.rules.sides import SIDE_NAMES
from lab.policy import ADMIN_ROLES, BUSINESS_ROLES, STAFF

SIDES = tuple(SIDE_NAMES)
SIDE_LABELS = {**SIDE_NAMES, "joint": "联合"}
KINDS = (STAFF, *ADMIN_ROLES)


class Unit(HasKey, Versioned, HasProvenance, Model):
    """A unit of one of the two sides; the two root units have no parent."""

    __tablename__ = "unit"
    __table_args__ = (one_of("side", SIDES), UniqueConstraint("name"))

    name: Mapped[str] = mapped_column(String(60))
    side: Mapped[str] = mapped_column(String(4))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    parent: Mapped[Unit | None] = relationship(remote_side="Unit.id")
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    name_keys: Mapped[list[UnitNameKey]] = relationship(cascade="all, delete-orphan")

    @validates("name")
    def _write_name_keys(self, _column: str, name: str) -> str:
        """Write what the unit is found by in the transaction that writes the name."""
        keys = unit_keys(name)
        kept = [row for row in self.name_keys if row.key in keys]
        added = keys - {row.key for row in kept}
        self.name_keys = [*kept, *(UnitNameKey(key=key) for key in sorted(added))]
        return name


class Person(HasKey, Versioned, HasProvenance, Model):
    """A person with an account.

    `first_password_by_id`: who knew the newest first password of this account, None where that was
    the operator of the server's shell.
    """

    __tablename__ = "person"
    __table_args__ = (
        one_of("kind", KINDS),
        UniqueConstraint("sign_in_name"),
        UniqueConstraint("id", "kind"),
        Index("ix_person_name", "name"),
        CheckConstraint("kind <> 'staff' OR unit_id IS NOT NULL", name="staff_has_unit"),
    )

    sign_in_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10), default=STAFF)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    unit: Mapped[Unit | None] = relationship()
    duty: Mapped[str] = mapped_column(String(40), default="")
    phone: Mapped[str] = mapped_column(String(30), default="")
    email: Mapped[str] = mapped_column(String(120), default="")
    mail_wanted: Mapped[bool] = mapped_column(Boolean, default=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    password_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    must_change: Mapped[bool] = mapped_column(Boolean, default=True)
    first_password_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    grants: Mapped[list[RoleGrant]] = relationship(
        cascade="all, delete-orphan", foreign_keys="RoleGrant.person_id", overlaps="person"
    )
    name_keys: Mapped[list[PersonNameKey]] = relationship(cascade="all, delete-orphan")

    @validates("name")
    def _write_name_keys(self, _column: str, name: str) -> str:
        """Write what the person is found by in the transaction that writes the name."""
        keys = search_keys(name)
        kept = [row for row in self.name_keys if row.key in keys]
        added = keys - {row.key for row in kept}
        self.name_keys = [*kept, *(PersonNameKey(key=key) for key in sorted(added))]
        return name

    @property
    def unit_name(self) -> str:
        return self.unit.name if self.unit else ""

    @property
    def roles(self) -> frozenset[str]:
        """Roles held everywhere: business roles, or the administrator role."""
        if self.kind != STAFF:
            return frozenset({self.kind})
        return frozenset(grant.role for grant in self.grants)


class RoleGrant(HasId, Model):
    """One business role of one person. The composite key restricts roles to staff."""

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role", BUSINESS_ROLES),
        CheckConstraint("person_kind = 'staff'", name="staff_only"),
        ForeignKeyConstraint(["person_id", "person_kind"], ["person.id", "person.kind"]),
        UniqueConstraint("person_id", "role"),
    )

    person_id: Mapped[int] = mapped_column(Integer)
    person_kind: Mapped[str] = mapped_column(String(10), default=STAFF)
    role: Mapped[str] = mapped_column(String(12))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class PasswordHistory(HasId, Model):
    """Hashes of earlier passwords, so that the last five are not reused."""

    __tablename__ = "password_history"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)


class AuthSession(HasId, Model):
    """One sign-in. The cookie holds a random token; only its SHA-256 is stored."""

    __tablename__ = "auth_session"

    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person: Mapped[Person] = relationship()
    address: Mapped[str] = mapped_column(String(64), default="")
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInFailure(HasId, Model):
    """An attempt at a password (or another secret) that failed, or that is `running`.

    Counted per subject (a name, an address, a pair of both) across all processes.
    """

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("ix_sign_in_failure_subject", "subject", "at"),
        Index("ix_sign_in_failure_at", "at"),
    )

    subject: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    running: Mapped[bool] = mapped_column(Boolean, default=False)
