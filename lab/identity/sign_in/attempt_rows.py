"""The stored tries at passwords and other secrets: reading, holding and forgetting them."""

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
    """Let one at a time count for these; always in the same order. SQLite has one writer anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        for subject in subjects:
            session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:s))"), {"s": subject})


def counted_attempts(
    session: Session, subject: str, now: datetime, memory: timedelta
) -> throttle.Attempts:
    """Return what counts of a subject's tries at `now`."""
    rows = session.execute(
        select(SignInFailure.at, SignInFailure.running).where(SignInFailure.subject == subject)
    )
    return throttle.counted_attempts([(row.at, row.running) for row in rows], now, memory)


def clamp_to_now(session: Session, *subjects: str) -> None:
    """After the clock was set back, count from now what would lie in the future."""
    now = clock.now()
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.subject.in_(subjects), SignInFailure.at > now)
        .values(at=now)
        .execution_options(synchronize_session=False)
    )


def delete_attempts(session: Session, *which: Any) -> None:
    """Delete the tries that meet all conditions."""
    session.execute(
        delete(SignInFailure).where(*which).execution_options(synchronize_session=False)
    )


def _failed(subject: str) -> tuple[Any, Any]:
    return (SignInFailure.subject == subject, SignInFailure.running.is_(False))


def delete_failed(session: Session, subject: str) -> None:
    """Delete the failed tries of a subject; running ones go on counting."""
    delete_attempts(session, *_failed(subject))


def delete_oldest_failed(session: Session, subject: str) -> None:
    """Delete the oldest failed try of a subject, if there is one."""
    oldest = session.scalar(select(func.min(SignInFailure.id)).where(*_failed(subject)))
    if oldest is not None:
        delete_attempts(session, SignInFailure.id == oldest)


def delete_all_but_newest(session: Session, subject: str, number: int) -> None:
    """Delete the failed tries of a subject but the newest `number`."""
    newest = select(SignInFailure.id).where(*_failed(subject))
    newest_ids = newest.order_by(SignInFailure.at.desc(), SignInFailure.id.desc()).limit(number)
    delete_attempts(session, *_failed(subject), SignInFailure.id.not_in(newest_ids))


def purge_expired() -> None:
    """Delete what has stopped counting; for the minute's task."""
    old = SignInFailure.at < clock.now() - throttle.DAY
    with reading() as session:
        if session.scalar(select(SignInFailure.id).where(old).limit(1)) is None:
            return
    with writing() as session:
        free = select(SignInFailure.id).where(old).with_for_update(skip_locked=True)
        delete_attempts(session, SignInFailure.id.in_(list(session.scalars(free.limit(500)))))
