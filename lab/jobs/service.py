"""Write, claim and finish jobs. The row is authoritative; Huey only wakes a worker."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, event, func, or_, select, text, update
from sqlalchemy.orm import Session

from lab import clock
from lab.audit import suspension
from lab.db import reading, writing
from lab.extensions import db
from lab.feature import registry
from lab.jobs.models import LANES, UNFINISHED, Job, JobState
from lab.rejected import Rejected

log = logging.getLogger("lab.jobs")
LEASE = timedelta(minutes=5)  # a job running longer was left by a killed worker …
CLOCK_TOLERANCE = timedelta(minutes=1)  # … unless the settings let one PDF take as long as that
LONGEST_WAIT = timedelta(minutes=10)  # before a job is due; what is further ahead is a wrong clock
MAX_ATTEMPTS = 3
MAX_OPEN = 20  # jobs that one person may have waiting or running
TOO_MANY_MESSAGE = f"您已有{MAX_OPEN}项文件正在生成或核对，请等完成一些后再试。"
ADVISORY_LOCK = 0x6A6F6273  # of PostgreSQL's advisory locks: "jobs"
WAKE_KEY = "jobs_to_wake"


def on_wake(app: Flask, wake: Callable[[str], None], *lanes: str) -> None:
    """Register what the app calls about a new job of these lanes after its commit.

    All lanes when none is given; an earlier registration is replaced.
    """
    app.extensions.setdefault(WAKE_KEY, {}).update(dict.fromkeys(lanes or LANES, wake))


def enqueue(
    kind: str,
    arguments: Mapping[str, Any],
    *,
    wait: timedelta = timedelta(0),
    session: Session | None = None,
    asked_by: int | None = None,
) -> Job:
    """Add a job to the present transaction: it exists exactly if its cause does.

    It is due after `wait` (at most ten minutes); one that waits is found by the run of every
    minute. `asked_by` is the person who asked for it, whose open jobs are bounded (see
    `require_room`). Raises KeyError when no feature brings this kind.
    """
    lane = registry().jobs[kind].lane
    if wait > LONGEST_WAIT:
        raise ValueError("a job that waits this long would be taken for one of a wrong clock")
    session = session if session is not None else db.session()
    due_at = clock.now() + wait
    job = Job(kind=kind, lane=lane, arguments=arguments, due_at=due_at, asked_by_id=asked_by)
    session.add(job)
    session.flush()
    if not wait:
        session.info.setdefault(WAKE_KEY, []).append((lane, job.key))
    return job


def has_room(person_id: int) -> bool:
    """Return whether the person may request another job.

    Parallel requests of one person wait here.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.execute(
            text("SELECT pg_advisory_xact_lock(:n, :p)"), {"n": ADVISORY_LOCK, "p": person_id}
        )
    mine = (Job.asked_by_id == person_id) & Job.state.in_(UNFINISHED)
    number = db.session.scalar(select(func.count()).select_from(Job).where(mine))
    return (number or 0) < MAX_OPEN


def require_room(person_id: int, field: str | None = None) -> None:
    """Raise Rejected when the person has too many open jobs; call it before storing anything."""
    if not has_room(person_id):
        raise Rejected(TOO_MANY_MESSAGE, field)


def is_running(kind: str, arguments: Mapping[str, Any]) -> bool:
    """Return whether a worker is at the job of this kind with these arguments now."""
    running = (Job.kind == kind) & (Job.state == JobState.RUNNING) & (Job.arguments == arguments)
    return db.session.scalar(select(Job.id).where(running).limit(1)) is not None


def redact_arguments(kind: str, arguments: Mapping[str, Any]) -> None:
    """Redact the stored arguments of a running job, except its `what`.

    Part of the current transaction; the handler must tolerate being run again without them.
    """
    db.session.execute(
        update(Job)
        .where(Job.kind == kind, Job.state == JobState.RUNNING, Job.arguments == arguments)
        .values(arguments={"what": arguments.get("what", "")})
        .execution_options(synchronize_session=False)
    )


@event.listens_for(Session, "after_commit")
def _wake_workers(session: Session) -> None:
    for lane, key in session.info.pop(WAKE_KEY, []):
        try:
            current_app.extensions[WAKE_KEY][lane](key)
        except Exception:
            log.exception("could not wake a worker; the next run of due jobs will find it")


@event.listens_for(Session, "after_rollback")
def _discard_pending(session: Session) -> None:
    session.info.pop(WAKE_KEY, None)


def lease() -> timedelta:
    """Return how long a claim is valid: longer than the longest job that the settings allow."""
    longest = timedelta(seconds=current_app.config["SETTINGS"].render_seconds)
    return max(LEASE, longest + CLOCK_TOLERANCE)


def _claimable(now: datetime) -> ColumnElement[bool]:
    """Return the condition for claimable jobs.

    Queued and due, allowing for a slightly slow clock, or with an expired claim.
    """
    due = (Job.state == JobState.QUEUED) & (Job.due_at <= now + clock.SKEW)
    return or_(due, (Job.state == JobState.RUNNING) & (Job.claimed_at < now - lease()))


def _claim(key: str) -> Job | None:
    now = clock.now()
    with writing() as session:
        done = session.execute(
            update(Job)
            .where(Job.key == key, _claimable(now))
            .values(state=JobState.RUNNING, claimed_at=now, attempts=Job.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount != 1:
            return None
        job: Job = session.scalars(select(Job).where(Job.key == key)).one()
        session.expunge(job)
        return job


def run_job(key: str) -> bool:
    """Claim and run one job; return False when another worker has it or it is done.

    None is claimed while the audit key does not fit: its writes would be rejected.

    A failed job is tried up to three times, then recorded as failed for good.
    """
    job = None if suspension.recheck_suspended() else _claim(key)
    if job is None:
        return False
    arguments = job.arguments
    try:
        if job.attempts > MAX_ATTEMPTS:
            raise RuntimeError("left unfinished too often")
        registry().jobs[job.kind].run(arguments)
    except Exception as error:
        db.session.remove()
        log.exception("job failed", extra={"job": key, "attempt": job.attempts})
        _record_failure(job, arguments, error)
    else:
        db.session.remove()
        _finish(job, JobState.DONE, "")
    finally:
        db.session.remove()
    return True


def _record_failure(job: Job, arguments: Mapping[str, Any], error: Exception) -> None:
    message = getattr(error, "message", "") or "处理失败，请稍后再试。"
    if job.attempts < MAX_ATTEMPTS and not getattr(error, "final", False):
        retry = clock.now() + timedelta(seconds=10 * job.attempts)
        _finish(job, JobState.QUEUED, message, due_at=retry)
        return
    try:
        if job.kind in registry().jobs:
            registry().jobs[job.kind].failed(arguments, message)
    except Exception:  # the claim runs out and the next worker notes it
        log.exception("could not note a failed job", extra={"job": job.key})
    else:
        db.session.remove()
        _finish(job, JobState.FAILED, message)


def _finish(job: Job, state: str, failure: str, **extra: Any) -> None:
    """Store the end of this attempt, unless another worker has taken the job over meanwhile."""
    ended = None if state == JobState.QUEUED else clock.now()
    with writing() as session:
        session.execute(
            update(Job)
            .where(Job.key == job.key, Job.state == JobState.RUNNING, Job.attempts == job.attempts)
            .values(state=state, failure=failure[:300], finished_at=ended, **extra)
            .execution_options(synchronize_session=False)
        )


def due_keys(*lanes: str) -> list[str]:
    """Return the keys of jobs that wait or were left by a killed worker, oldest first, at most 100.

    Only of these lanes, if any are given.
    """
    with reading() as session:
        return list(
            session.scalars(
                select(Job.key)
                .where(Job.lane.in_(lanes or LANES), _claimable(clock.now()))
                .order_by(Job.id)
                .limit(100)
            )
        )


def clamp_to_now() -> None:
    """Reset claims and due times that a clock set back has left in the future to now.

    Otherwise a killed worker's job, or a waiting one, would be left alone until the clock has
    caught up. A claim is never removed: its worker may be busy.
    """
    now = clock.now()
    claimed = (Job.state == JobState.RUNNING) & (Job.claimed_at > now + clock.SKEW)
    waiting = (Job.state == JobState.QUEUED) & (Job.due_at > now + LONGEST_WAIT + clock.SKEW)
    with reading() as session:
        if session.scalar(select(Job.id).where(or_(claimed, waiting)).limit(1)) is None:
            return
    with writing() as session:
        for wrong, column in ((claimed, Job.claimed_at), (waiting, Job.due_at)):
            session.execute(
                update(Job)
                .where(wrong)
                .values({column: now})
                .execution_options(synchronize_session=False)
            )
    log.warning("the clock was set back: jobs count from now")


def run_due(*lanes: str) -> int:
    """Run everything that is due on these lanes (none given: all).

    Return how many jobs were run.
    """
    if suspension.recheck_suspended():
        return 0
    return sum(run_job(key) for key in due_keys(*lanes))
