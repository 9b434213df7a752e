"""Writes of passwords. Hashing is deliberately slow and never inside a transaction."""

from __future__ import annotations

from flask import current_app
from sqlalchemy import select, update

from lab import audit, clock
from lab.db import reading
from lab.extensions import db
from lab.identity.core import links, sessions, slips
from lab.identity.core.attempts.password_confirmation import confirm_password
from lab.identity.models.account import PasswordHistory, Person
from lab.identity.models.resets import PasswordReset
from lab.identity.rules import passwords
from lab.rejected import Rejected


def _reject_weak(name: str, new: str) -> None:
    profile = current_app.config["SETTINGS"].password_profile
    if problem := passwords.password_problem(profile, new, name):
        raise Rejected(problem, "new_password")


def reject_unfit(person_id: int, new: str) -> None:
    """Reject (field "new_password") a password that breaks the profile or is one of the last five.

    Compares hashes: call it while no transaction of the request is open.
    """
    with reading() as session:
        person = session.get_one(Person, person_id)
        earlier = session.scalars(
            select(PasswordHistory.password_hash)
            .where(PasswordHistory.person_id == person_id)
            .order_by(PasswordHistory.id.desc())
            .limit(passwords.HISTORY_LENGTH - 1)
        )
        used = [person.password_hash, *earlier]
    _reject_weak(person.sign_in_name, new)
    if any(passwords.password_matches(hashed, new) for hashed in used):
        raise Rejected("新密码不能与最近五次用过的相同。", "new_password")


def change_password(person_id: int, old: str, new: str) -> None:
    """Change one's own password; ends every session of the person and starts a new one.

    The old password counts like one of a sign-in. Raises Rejected with the field at fault.
    """
    if not confirm_password(person_id, old):
        raise Rejected("原密码不对。", "password")
    reject_unfit(person_id, new)
    hashed = passwords.hash_password(new)
    fresh = db.session.get_one(Person, person_id)
    set_hash(fresh, hashed, must_change=False)
    mark_resets_seen(person_id)
    audit.record("identity.password", fresh)
    sessions.end_all(person_id)
    sessions.start(fresh)


def set_hash(person: Person, hashed: str, *, must_change: bool) -> None:
    """Store a new hash and move the old one to the history; links and slips become void."""
    if person.password_hash:
        db.session.add(PasswordHistory(person_id=person.id, password_hash=person.password_hash))
    person.password_hash = hashed
    person.password_at = clock.now()
    person.must_change = must_change
    links.void_links(person.id)
    slips.void_slips([person.id])


def mark_resets_seen(person_id: int) -> None:
    """Mark resets as seen by the owner; part of the action that showed them."""
    db.session.execute(
        update(PasswordReset)
        .where(PasswordReset.person_id == person_id, PasswordReset.seen_at.is_(None))
        .values(seen_at=clock.now())
    )


def prepare_password(sign_in_name: str, password: str) -> str:
    """Check and hash a first password; call it before any transaction.

    Raises Rejected (field "new_password") when it is too weak.
    """
    db.session.rollback()  # hashing must not hold the write lock
    _reject_weak(sign_in_name, password)
    return passwords.hash_password(password)
