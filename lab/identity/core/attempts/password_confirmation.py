"""Ask for the user's password again before an irreversible action."""

from __future__ import annotations

from flask import request
from sqlalchemy import select

from lab.db import reading
from lab.extensions import db
from lab.identity.core.attempts import attempts
from lab.identity.models.account import Person
from lab.rejected import Rejected

WRONG_PASSWORD = "登录密码不对，没有办理。"


def confirm_password(person_id: int, password: str) -> bool:
    """Return whether this is the person's password.

    Counts, locks and costs the same as a sign-in. Takes back what the request has written so far:
    call it before the first write. A failure leaves an audit line; a success leaves none, the
    action that follows has its own. Raises TooManyAttempts (a Rejected of the field "password")
    when the address has to wait.
    """
    db.session.rollback()  # neither counting nor hashing may wait for a lock held by ourselves
    with reading() as session:
        query = select(Person.sign_in_name, Person.password_hash).where(Person.id == person_id)
        name, stored = session.execute(query).one()
    address = request.remote_addr or ""
    return attempts.password_is_right(name, address, stored, password, "identity.confirm")


def require_password(person_id: int, password: str, message: str = WRONG_PASSWORD) -> None:
    """Raise Rejected (field "password") unless `confirm_password` accepts the password."""
    if not confirm_password(person_id, password):
        raise Rejected(message, "password")
