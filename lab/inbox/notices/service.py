"""Send and read notices."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update

from lab import audit, clock
from lab.extensions import db
from lab.identity.models.account import Person, RoleGrant
from lab.inbox.core.notices import new_notice
from lab.inbox.models.notices import Notice
from lab.web.links import About


def notify(person_ids: Iterable[int | None], text: str, about: About | None = None) -> None:
    """Put a notice before each person once; part of the transaction of its cause.

    The notice leads to the page of what it is about. Raises KeyError for a kind without a page.
    """
    for person_id in sorted({p for p in person_ids if p}):
        db.session.add(new_notice(person_id, text, about))


def people_with_unread(person_ids: Iterable[int], text: str) -> set[int]:
    """Return those of the people (ids) who have not read a notice with this text yet."""
    unread = select(Notice.person_id).where(
        Notice.person_id.in_(list(person_ids)), Notice.text == text, Notice.read_at.is_(None)
    )
    return set(db.session.scalars(unread))


def role_holder_ids(role: str) -> list[int]:
    """Return the ids of all enabled people with a business role."""
    return list(
        db.session.scalars(
            select(RoleGrant.person_id)
            .join(Person, Person.id == RoleGrant.person_id)
            .where(RoleGrant.role == role, Person.disabled_at.is_(None))
        )
    )


def mark_all_read(person_id: int) -> None:
    """Mark every notice of a person as read."""
    db.session.execute(
        update(Notice)
        .where(Notice.person_id == person_id, Notice.read_at.is_(None))
        .values(read_at=clock.now())
    )
    audit.record("inbox.read", object_type="Notice")
