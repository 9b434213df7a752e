"""The version of a period's figures: one counter for all entries, which only rises."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Select, select

from lab.db import upsert
from lab.extensions import db
from lab.indicators.models import EntryPeriod


def find_period(project_id: int, period_end: date) -> EntryPeriod | None:
    """Return the period's row, None while nobody has written."""
    return db.session.scalar(_period_query(project_id, period_end))


def version_of(project_id: int, period_end: date) -> int:
    """Return the period's version, 0 before the first change."""
    row = find_period(project_id, period_end)
    return row.version if row else 0


def lock_period_row(project_id: int, period_end: date) -> EntryPeriod:
    """Return the period's row, created if needed, locked until the transaction ends.

    Lock it before any entry of the period, so that two writers never deadlock. The office's lock
    on a period is another matter (see `lab.indicators.locking`).
    """
    values = {"project_id": project_id, "period_end": period_end}
    statement = upsert(db.session(), EntryPeriod).values(**values)
    db.session.execute(statement.on_conflict_do_nothing())
    query = _period_query(project_id, period_end).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def lock_period_rows(project_id: int, ends: Iterable[date]) -> list[EntryPeriod]:
    """Lock the rows of several periods of a project, always in the same order."""
    return [lock_period_row(project_id, end) for end in sorted(set(ends))]


def bump_versions(project_id: int, ends: Iterable[date]) -> None:
    """Bump the versions of these periods."""
    for row in lock_period_rows(project_id, ends):
        row.version += 1


def _period_query(project_id: int, period_end: date) -> Select[EntryPeriod]:
    return select(EntryPeriod).where(
        EntryPeriod.project_id == project_id, EntryPeriod.period_end == period_end
    )
