"""Lock a period for good, and reopen it.

A period accepts late figures until the office locks it; approved figures can be corrected
throughout. Each lock and each reopening stays on record.
"""

from __future__ import annotations

from datetime import date

from lab import audit, clock
from lab.extensions import db
from lab.indicators.core import entry_periods
from lab.indicators.locking.queries import active_lock, count_entries
from lab.indicators.models import PeriodLock
from lab.indicators.rules import months
from lab.indicators.rules.lifecycle import BLOCKS_LOCKING, EntryStatus
from lab.portfolio.models.project import Project
from lab.rejected import Rejected


def lock_period(project: Project, end: date, person_id: int) -> None:
    """Lock a period.

    Raises Rejected while figures are pending, when none is approved, or when it is locked already.
    """
    entry_periods.lock_period_row(project.id, end)
    if active_lock(project.id, end) is not None:
        raise Rejected("本期已经锁定。")
    counts = count_entries(project.id, end)
    if pending_count := sum(counts.get(status, 0) for status in BLOCKS_LOCKING):
        raise Rejected(f"本期还有{pending_count}项数据待办理，办理完后才能锁定。")
    if not counts.get(EntryStatus.APPROVED):
        raise Rejected("本期没有核定的数据，不能锁定。")
    now = clock.now()
    db.session.add(
        PeriodLock(project_id=project.id, period_end=end, locked_at=now, locked_by_id=person_id)
    )
    entry_periods.bump_versions(project.id, [end])
    audit.record("indicator.lock", project, detail={"period": months.month_code(end)})


def reopen_period(project: Project, end: date, reason: str, person_id: int) -> None:
    """Reopen a period. Raises Rejected (field "reason") without a reason, or when it is open."""
    if not reason.strip():
        raise Rejected("请填写重新开放的理由。", "reason")
    entry_periods.lock_period_row(project.id, end)
    lock = active_lock(project.id, end)
    if lock is None:
        raise Rejected("本期没有锁定。")
    lock.reopened_at, lock.reopened_by_id = clock.now(), person_id
    lock.reopen_reason = reason.strip()
    entry_periods.bump_versions(project.id, [end])
    audit.record("indicator.reopen", project, detail={"period": months.month_code(end)})
