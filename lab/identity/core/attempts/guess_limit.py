"""Count guesses at secrets other than passwords, in the same table."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from lab import clock
from lab.db import writing
from lab.identity.core.attempts import rows
from lab.identity.models.account import SignInFailure

MAX_GUESSES, WINDOW = 5, timedelta(minutes=15)


def count_guess(subject: str, allowed: int = MAX_GUESSES, memory: timedelta = WINDOW) -> bool:
    """Count one guess; return False beyond `allowed` within `memory`.

    In a transaction of its own: call it while no other transaction of the request is open.
    """
    subject = subject[:120]
    with writing() as session:
        rows.lock_subjects(session, subject)
        rows.clamp_to_now(session, subject)
        now = clock.now()
        if rows.counted_attempts(session, subject, now, memory).count >= allowed:
            return False
        session.add(SignInFailure(subject=subject, at=now))
        return True


def clear_guesses(session: Session, subject: str) -> None:
    """Clear earlier guesses after a right answer."""
    rows.delete_attempts(session, SignInFailure.subject == subject[:120])
