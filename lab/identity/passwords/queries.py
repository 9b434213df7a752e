"""Queries of password resets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from lab import clock
from lab.extensions import db
from lab.identity.models.account import Person
from lab.identity.models.resets import PasswordReset
from lab.identity.rules.privileges import contact_for


@dataclass(frozen=True)
class ResetNote:
    """When and by whom a password was reset; `released_by` is "" for a reset by one person."""

    at: datetime
    asked_by: str
    released_by: str

    @property
    def people(self) -> str:
        """Who did it: 申请人甲，同意人乙."""
        return reset_author(self.asked_by, self.released_by)

    def text_for(self, roles: Iterable[str]) -> str:
        """Return what an owner with these roles is told at the next sign-in."""
        return (
            f"您的密码已于{clock.cn_datetime(self.at)}重置：{self.people}。"
            f"如非您本人要求，请立即联系{contact_for(roles)}。"
        )


def reset_author(asked_by: str, released_by: str = "") -> str:
    """Describe who reset a password; one person alone when nobody released it."""
    return f"申请人{asked_by}，同意人{released_by}" if released_by else f"申请人{asked_by}"


def _note(row: PasswordReset | None) -> ResetNote | None:
    return ResetNote(row.at, row.asked_by, row.released_by) if row else None


def last_reset(person_id: int) -> ResetNote | None:
    """Return the newest reset of a person's password by others, None when there is none."""
    query = select(PasswordReset).where(PasswordReset.person_id == person_id)
    return _note(db.session.scalars(query.order_by(PasswordReset.id.desc()).limit(1)).first())


def unseen_resets(person: Person) -> tuple[str, ...]:
    """Return sentences about resets that the owner has not been shown, oldest first."""
    query = select(PasswordReset).where(
        PasswordReset.person_id == person.id, PasswordReset.seen_at.is_(None)
    )
    rows = db.session.scalars(query.order_by(PasswordReset.id)).all()
    roles = person.roles if rows else frozenset()
    notes = (ResetNote(row.at, row.asked_by, row.released_by) for row in rows)
    return tuple(note.text_for(roles) for note in notes)


def slip_is_unread(release_key: str, person_id: int) -> bool:
    """Return whether the first password of this reset is still to be shown to this person."""
    query = (
        select(PasswordReset.slip_taken_at, Person.password_hash)
        .join(Person, Person.id == PasswordReset.person_id)
        .where(PasswordReset.release_key == release_key, PasswordReset.slip_for_id == person_id)
    )
    row = db.session.execute(query).first()
    return row is not None and row.slip_taken_at is None and not row.password_hash
