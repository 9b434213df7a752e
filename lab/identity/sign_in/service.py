"""Sign-in and sign-out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import current_app, g, request
from sqlalchemy import select

from lab import audit, clock
from lab.audit import suspension
from lab.db import reading
from lab.extensions import db
from lab.identity.core import sessions
from lab.identity.core.attempts import attempts
from lab.identity.models.account import Person
from lab.identity.rules import passwords


def sign_in(name: str, password: str) -> bool:
    """Try a sign-in. Unknown, disabled, paused and wrong look and take the same.

    Raises TooManyAttempts when the address has to wait, see `rules.throttle`.
    """
    db.session.rollback()  # neither counting nor hashing may wait for a lock held by ourselves
    name, address = name.strip().lower(), request.remote_addr or ""
    with reading() as session:
        row = session.execute(
            select(Person.id, Person.password_hash, Person.disabled_at, Person.is_demo).where(
                Person.sign_in_name == name
            )
        ).first()
    stored = row.password_hash if row and _is_open(row) else ""
    right = attempts.password_is_right(name, address, stored, password, "identity.sign_in")
    if not (right and row):
        return False
    person = db.session.get_one(Person, row.id)
    if (
        _is_password_expired(person) and not suspension.recheck_suspended()
    ):  # then it could not be changed
        person.must_change = True
    sessions.start(person)
    audit.record("identity.sign_in", person)
    return True


def _is_open(row: Any) -> bool:
    """Return whether the account is neither disabled nor, in production, a demonstration one."""
    invented = row.is_demo and current_app.config["SETTINGS"].production
    return row.disabled_at is None and not invented


def _is_password_expired(person: Person) -> bool:
    if current_app.config["SETTINGS"].password_profile != "dengbao" or person.password_at is None:
        return False
    return clock.now() - person.password_at > timedelta(days=passwords.DAYS_VALID)


def sign_out() -> None:
    """End the current session."""
    audit.record("identity.sign_out", g.get("person"))
    sessions.end()
