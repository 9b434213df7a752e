"""Writes of the office's calendar: single days, a whole year, completeness of a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from lab import audit, clock
from lab.clock import PUBLISHED_UNTIL, cn_date
from lab.db import expect_version
from lab.extensions import db
from lab.numbering.sequences import lock_counter
from lab.rejected import Rejected
from lab.workdays import queries
from lab.workdays.models import CalendarDay, CalendarYear
from lab.workdays.rules import MAX_DAYS, DayEntry, is_unchanged

LOGGED_DAYS, LOGGED_SOURCES = 20, 5  # a line of the log holds small facts


def _reject_taken(day: date, row: CalendarDay | None = None) -> None:
    """Raise Rejected (field "day") when another row than `row` holds the day."""
    other = db.session.scalar(select(CalendarDay).where(CalendarDay.day == day))
    if other is not None and other is not row:
        raise Rejected(f"{cn_date(day)}已经录入，请在列表中修改。", "day")


def _facts(row: CalendarDay) -> dict[str, object]:
    return {
        "day": row.day.isoformat(),
        "working": row.working,
        "name": row.name,
        "source": row.source,
    }


def _write(row: CalendarDay, entry: DayEntry, source: str, person_id: int) -> None:
    row.day, row.working, row.name = entry.day, entry.working, entry.name
    row.source, row.entered_by_id, row.entered_at = source, person_id, clock.now()


def add_day(entry: DayEntry, *, source: str, person_id: int) -> CalendarDay:
    """Enter a day. Raises Rejected (field "day") when it exists already."""
    _lock(entry.day.year)
    _reject_taken(entry.day)
    row = _add(entry, source, person_id)
    db.session.flush()
    audit.record("workdays.add", row, detail=_facts(row))
    queries.clear_cache()
    return row


def edit_day(
    row: CalendarDay, version: int | None, entry: DayEntry, *, source: str, person_id: int
) -> None:
    """Change a day.

    A year that it leaves without a day is not complete any more. Raises EditConflict when it
    changed since `version`, Rejected (field "day") when another row holds the new day.
    """
    former = row.day
    _lock(former.year, entry.day.year)
    expect_version(row, version)
    _reject_taken(entry.day, row)
    _write(row, entry, source, person_id)
    db.session.flush()
    moved = {"former_day": former.isoformat()} if former != row.day else {}
    audit.record("workdays.edit", row, detail={**_facts(row), **moved})
    queries.clear_cache()
    _reopen_if_empty(former.year)


def remove_day(row: CalendarDay, version: int | None) -> None:
    """Take a day out of the table: the published calendar holds for it again.

    A year without a day is not complete any more. Raises EditConflict.
    """
    year = row.day.year
    _lock(year)
    expect_version(row, version)
    audit.record(
        "workdays.remove", detail=_facts(row), object_type="CalendarDay", object_key=row.key
    )
    db.session.delete(row)
    db.session.flush()
    queries.clear_cache()
    _reopen_if_empty(year)


def _lock(*years: int) -> None:
    """Block other writes to these years until the transaction ends."""
    for year in sorted(set(years)):
        lock_counter("calendar", str(year))


def _reopen_if_empty(year: int) -> None:
    if not _has_days(year):
        _reopen(year)


def import_year(
    year: int,
    entries: Sequence[DayEntry],
    *,
    source: str,
    complete: bool,
    person_id: int,
    shown: str | None = None,
) -> int:
    """Replace a year's stored days by exactly these; return how many there are.

    `complete`: the notice was entered in full; a year that was complete takes the new source, or is
    reopened without it. `shown`: `queries.year_fingerprint` of the year as it was shown, None
    where nobody looked at it. Raises Rejected (field "pasted") without days or with more than
    `MAX_DAYS`, and when the year has changed since.
    """
    _lock(year)
    _require_shown(year, shown, "pasted")
    require_importable(entries)
    replaced = _replace_days(year, entries, source, person_id)
    detail = {"year": year, "days": len(entries), **replaced}
    audit.record("workdays.import", object_type="CalendarYear", object_key=str(year), detail=detail)
    queries.clear_cache()
    if complete and year > PUBLISHED_UNTIL:
        _complete(year, source, person_id)
    else:
        _reopen(year)
    return len(entries)


def require_importable(entries: Sequence[DayEntry]) -> None:
    """Raise Rejected (field "pasted") without days or with more than `MAX_DAYS`."""
    if not entries or len(entries) > MAX_DAYS:
        raise Rejected(f"一年应有1至{MAX_DAYS}天，现有{len(entries)}天，请核对。", "pasted")


def _replace_days(
    year: int, entries: Sequence[DayEntry], source: str, person_id: int
) -> dict[str, object]:
    """Store exactly these days; return facts of the rows changed or removed, as they were."""
    query = select(CalendarDay).where(queries.in_year(year))
    stored = {row.day: row for row in db.session.scalars(query.order_by(CalendarDay.day))}
    by_day = {entry.day: entry for entry in entries}
    replaced = [r for r in stored.values() if not is_unchanged(r, by_day.get(r.day), source)]
    facts = _former_facts(replaced)
    for row in replaced:
        if entry := by_day.get(row.day):
            _write(row, entry, source, person_id)
        else:
            db.session.delete(row)
    for entry in entries:
        if entry.day not in stored:
            _add(entry, source, person_id)
    db.session.flush()
    return facts


def _former_facts(rows: Sequence[CalendarDay]) -> dict[str, object]:
    """Describe what an import changes or removes, for the log; empty without rows."""
    if not rows:
        return {}
    days = [f"{cn_date(r.day)}{'上班' if r.working else '放假'}，{r.name}" for r in rows]
    more = [f"等{len(days)}天"] if len(days) > LOGGED_DAYS else []
    sources = sorted({row.source for row in rows})
    return {"replaced": days[:LOGGED_DAYS] + more, "former_source": sources[:LOGGED_SOURCES]}


def _add(entry: DayEntry, source: str, person_id: int) -> CalendarDay:
    row = CalendarDay()
    _write(row, entry, source, person_id)
    db.session.add(row)
    return row


def complete_year(year: int, *, source: str, person_id: int, shown: str | None = None) -> None:
    """Declare that every day of a year's notice is entered.

    Raises Rejected for a published year, for one without a single day, for one that is complete
    already, whose source would be lost, and for one that is not as it was `shown` (see
    `import_year`).
    """
    _lock(year)
    if year <= PUBLISHED_UNTIL:
        raise Rejected(f"{year}年的安排已随系统公布，不用再标明。")
    if not _has_days(year):
        raise Rejected(f"{year}年还没有录入任何一天，请先录入或导入。")
    if db.session.get(CalendarYear, year) is not None:
        raise Rejected(f"{year}年已标明录全。要改依据，请先取消标记。")
    _require_shown(year, shown)
    _complete(year, source, person_id)


def _require_shown(year: int, shown: str | None, field: str | None = None) -> None:
    if shown is not None and shown != queries.year_fingerprint(year):
        message = f"{year}年的安排与您看到的不同，可能有其他人录入或修改。请看清后再办理。"
        raise Rejected(message, field)


def _has_days(year: int) -> bool:
    first = select(CalendarDay.id).where(queries.in_year(year)).limit(1)
    return db.session.scalar(first) is not None


def _complete(year: int, source: str, person_id: int) -> None:
    row = db.session.get(CalendarYear, year)
    if row is None:
        row = CalendarYear(year=year)
        db.session.add(row)
    former = {"former_source": row.source} if row.source not in (None, source) else {}
    row.source, row.completed_by_id, row.completed_at = source, person_id, clock.now()
    db.session.flush()
    detail = {"year": year, "source": source, **former}
    audit.record(
        "workdays.complete", object_type="CalendarYear", object_key=str(year), detail=detail
    )
    queries.clear_cache()


def reopen_year(year: int, *, shown: str | None = None) -> None:
    """Withdraw a year's completeness.

    Raises Rejected when it is not complete, or not as it was `shown` (see `import_year`).
    """
    _lock(year)
    _require_shown(year, shown)
    if not _reopen(year):
        raise Rejected(f"{year}年没有标明录全。")


def _reopen(year: int) -> bool:
    row = db.session.get(CalendarYear, year, populate_existing=True)
    if row is None:
        return False
    db.session.delete(row)
    db.session.flush()
    audit.record("workdays.reopen", object_type="CalendarYear", object_key=str(year))
    queries.clear_cache()
    return True
