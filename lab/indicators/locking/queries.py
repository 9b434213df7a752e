"""The periods of a project with figures, and whether they are locked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lab.extensions import db
from lab.identity.models.account import Person
from lab.indicators.models import Entry, PeriodLock
from lab.indicators.rules import months
from lab.indicators.rules.lifecycle import BLOCKS_LOCKING, EntryStatus


@dataclass(frozen=True)
class PeriodState:
    """A period with figures: how many are approved and pending, and its newest lock.

    `locker` and `reopener` are the names of who locked and reopened it, `reason` is why it was
    reopened.
    """

    end: date
    code: str
    approved_count: int
    pending_count: int
    locked: bool
    locked_at: datetime | None
    locker: str
    reopened_at: datetime | None
    reopener: str
    reason: str


def is_locked(project_id: int, end: date) -> bool:
    """Return whether the office has locked the period."""
    return active_lock(project_id, end) is not None


def period_states(project_id: int, limit: int = 24) -> tuple[PeriodState, ...]:
    """Return the periods with figures, newest first."""
    rows = db.session.execute(
        select(Entry.period_end, Entry.status, func.count(Entry.id).label("count"))
        .where(Entry.project_id == project_id, Entry.source_label == "")
        .group_by(Entry.period_end, Entry.status)
    )
    counts: dict[date, dict[str, int]] = {}
    for row in rows:
        counts.setdefault(row.period_end, {})[row.status] = row[2]
    locker, reopener = aliased(Person), aliased(Person)
    locks = db.session.execute(
        select(PeriodLock, locker.name, reopener.name)
        .outerjoin(locker, locker.id == PeriodLock.locked_by_id)
        .outerjoin(reopener, reopener.id == PeriodLock.reopened_by_id)
        .where(PeriodLock.project_id == project_id)
        .order_by(PeriodLock.id)
    )
    newest = {
        lock.period_end: (lock, locked_by or "", reopened_by or "")
        for lock, locked_by, reopened_by in locks
    }
    return tuple(
        _state(end, counts[end], *newest.get(end, (None, "", "")))
        for end in sorted(counts, reverse=True)[:limit]
    )


def _state(
    end: date, counts: dict[str, int], lock: PeriodLock | None, locker: str, reopener: str
) -> PeriodState:
    return PeriodState(
        end=end,
        code=months.month_code(end),
        approved_count=counts.get(EntryStatus.APPROVED, 0),
        pending_count=sum(counts.get(status, 0) for status in BLOCKS_LOCKING),
        locked=lock is not None and lock.reopened_at is None,
        locked_at=lock.locked_at if lock else None,
        locker=locker,
        reopened_at=lock.reopened_at if lock else None,
        reopener=reopener,
        reason=lock.reopen_reason if lock else "",
    )


def active_lock(project_id: int, end: date) -> PeriodLock | None:
    """Return the lock in force, None for an open period."""
    return db.session.scalar(
        select(PeriodLock).where(
            PeriodLock.project_id == project_id,
            PeriodLock.period_end == end,
            PeriodLock.reopened_at.is_(None),
        )
    )


def count_entries(project_id: int, end: date) -> dict[str, int]:
    """Return how many figures of the period are in each state, without published ones."""
    rows = db.session.execute(
        select(Entry.status, func.count(Entry.id))
        .where(
            Entry.project_id == project_id,
            Entry.period_end == end,
            Entry.source_label == "",  # nobody here vouches for what was published
        )
        .group_by(Entry.status)
    )
    return {status: count for status, count in rows}
