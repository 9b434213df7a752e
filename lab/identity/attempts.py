"""Counting tries at a password: five of a name, twenty of an address, then a rest.

Every place that asks for a password, or for another secret, counts here, so that none of them is a
way round the lock.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from lab import clock
from lab.db import writing
from lab.identity.models import SignInFailure

FAILURES_PER_NAME, FAILURES_PER_ADDRESS = 5, 20
LOCK = timedelta(minutes=15)


def _subjects(name: str, address: str) -> tuple[str, str]:
    return f"name:{name}"[:80], f"address:{address}"[:80]


def _reserve(session: Session, subject: str, allowed: int) -> bool:
    """Count an attempt before it is tried, so that parallel ones cannot slip past the limit."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": subject})
    since = clock.now() - LOCK
    count = session.scalar(
        select(func.count())
        .select_from(SignInFailure)
        .where(SignInFailure.subject == subject, SignInFailure.at > since)
    )
    if (count or 0) >= allowed:
        return False
    session.add(SignInFailure(subject=subject, at=clock.now()))
    return True


def take(name: str, address: str) -> bool:
    """Count one attempt, in a transaction of its own; False when the name or address is locked.

    Call it while no other transaction of the request is open.
    """
    by_name, by_address = _subjects(name, address)
    with writing() as session:
        free = _reserve(session, by_address, FAILURES_PER_ADDRESS)
        return free and _reserve(session, by_name, FAILURES_PER_NAME)


def take_guess(subject: str) -> bool:
    """Count one guess at something other than a password; False after five within 15 minutes.

    In a transaction of its own: call it while no other transaction of the request is open.
    """
    with writing() as session:
        return _reserve(session, subject[:80], FAILURES_PER_NAME)


def forgive_guesses(session: Session, subject: str) -> None:
    """A right answer takes back the guesses before it."""
    session.execute(delete(SignInFailure).where(SignInFailure.subject == subject[:80]))


def forgive(session: Session, name: str, address: str) -> None:
    """A right password takes back the name's failures and this attempt's of the address."""
    by_name, by_address = _subjects(name, address)
    session.execute(delete(SignInFailure).where(SignInFailure.subject == by_name))
    newest = session.scalar(
        select(func.max(SignInFailure.id)).where(SignInFailure.subject == by_address)
    )
    if newest:
        session.execute(delete(SignInFailure).where(SignInFailure.id == newest))
