"""Asking for the own password once more before an act that cannot be taken back."""

from __future__ import annotations

from flask import request
from sqlalchemy import select

from lab import audit
from lab.db import reading, writing
from lab.extensions import db
from lab.identity import attempts, passwords
from lab.identity.models import Person


def confirm_password(person_id: int, password: str) -> bool:
    """Whether this is the person's password. Counts, locks and costs the same as a sign-in.

    Takes back what the request has written so far: call it before the first write. A failure
    leaves an audit line; a success leaves none, the act that follows has its own.
    """
    db.session.rollback()  # neither counting nor hashing may wait for a lock held by ourselves
    address = request.remote_addr or ""
    with reading() as session:
        asked = select(Person.sign_in_name, Person.password_hash).where(Person.id == person_id)
        name, stored = session.execute(asked).one()
    free = attempts.take(name, address)
    right = passwords.matches(stored, password)
    if not (free and right):
        audit.record_apart(
            "identity.confirm", result="failed", object_type="Person", object_key=name[:64]
        )
        return False
    # At once: the password was right, whatever becomes of the act.
    with writing() as session:
        attempts.forgive(session, name, address)
    return True
