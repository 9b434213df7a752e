"""Stored attempts at passwords and other secrets: read, lock and delete them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from lab import clock
from lab.db import reading, writing
from lab.identity.models.account import SignInFailure
from lab.identity.rules import throttle


def lock_subjects(session: Session, *subjects: str) -> None:
    """Lock these subjects, always in the same order. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        for subject in subjects:
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": subject})


def counted_attempts(
    session: Session, subject: str, now: datetime, memory: timedelta
) -> throttle.Attempts:
    """Return a subject's attempts that count at `now`."""
    rows = session.execute(
        select(SignInFailure.at, SignInFailure.running).where(SignInFailure.subject == subject)
    )
    return throttle.counted_attempts([(row.at, row.running) for row in rows], now, memory)


def clamp_to_now(session: Session, *subjects: str) -> None:
    """Reset attempts that a clock set back has left in the future to now."""
    now = clock.now()
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.subject.in_(subjects), SignInFailure.at > now)
        .values(at=now)
        .execution_options(synchronize_session=False)
    )


def delete_attempts(session: Session, *which: Any) -> None:
    """Delete the attempts that meet all conditions."""
    session.execute(
        delete(SignInFailure).where(*which).execution_options(synchronize_session=False)
    )


def _failed(subject: str) -> tuple[Any, Any]:
    return (SignInFailure.subject == subject, SignInFailure.running.is_(False))


def delete_failed(session: Session, subject: str) -> None:
    """Delete the failed attempts of a subject; running ones keep counting."""
    delete_attempts(session, *_failed(subject))


def delete_oldest_failed(session: Session, subject: str) -> None:
    """Delete the oldest failed attempt of a subject, if any."""
    oldest = session.scalar(select(func.min(SignInFailure.id)).where(*_failed(subject)))
    if oldest is not None:
        delete_attempts(session, SignInFailure.id == oldest)


def delete_all_but_newest(session: Session, subject: str, number: int) -> None:
    """Delete a subject's failed attempts but the newest `number`."""
    newest = select(SignInFailure.id).where(*_failed(subject))
    newest_ids = newest.order_by(SignInFailure.at.desc(), SignInFailure.id.desc()).limit(number)
    delete_attempts(session, *_failed(subject), SignInFailure.id.not_in(newest_ids))


def purge_expired() -> None:
    """Delete attempts that no longer count; run every minute."""
    old = SignInFailure.at < clock.now() - throttle.DAY
    with reading() as session:
        if session.scalar(select(SignInFailure.id).where(old).limit(1)) is None:
            return
    with writing() as session:
        free = select(SignInFailure.id).where(old).with_for_update(skip_locked=True)
        delete_attempts(session, SignInFailure.id.in_(list(session.scalars(free.limit(500)))))
