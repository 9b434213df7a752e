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
from lab.workdays.rules import MAX_DAYS, DayEntry


def _find_day(day: date) -> CalendarDay | None:
    row: CalendarDay | None = db.session.scalar(select(CalendarDay).where(CalendarDay.day == day))
    return row


def _facts(row: CalendarDay) -> dict[str, object]:
    return {"day": row.day.isoformat(), "working": row.working}


def _write(row: CalendarDay, entry: DayEntry, source: str, person_id: int) -> None:
    row.day, row.working, row.name = entry.day, entry.working, entry.name
    row.source, row.entered_by_id, row.entered_at = source, person_id, clock.now()


def add_day(entry: DayEntry, *, source: str, person_id: int) -> CalendarDay:
    """Enter a day. Raises Rejected (field "day") when it exists already."""
    if _find_day(entry.day) is not None:
        raise Rejected(f"{cn_date(entry.day)}已经录入，请在列表中修改。", "day")
    row = CalendarDay()
    _write(row, entry, source, person_id)
    db.session.add(row)
    db.session.flush()
    audit.record("workdays.add", row, detail=_facts(row))
    queries.clear_cache()
    return row


def edit_day(
    row: CalendarDay, version: int | None, entry: DayEntry, *, source: str, person_id: int
) -> None:
    """Change a day.

    Raises EditConflict when it changed since `version`, Rejected (field "day") when another row
    holds the new day.
    """
    expect_version(row, version)
    other = _find_day(entry.day)
    if other is not None and other.id != row.id:
        raise Rejected(f"{cn_date(entry.day)}已经录入，请在列表中修改。", "day")
    _write(row, entry, source, person_id)
    db.session.flush()
    audit.record("workdays.edit", row, detail=_facts(row))
    queries.clear_cache()


def remove_day(row: CalendarDay, version: int | None) -> None:
    """Take a day out of the table: the published calendar holds for it again.

    A year without a day is not complete any more. Raises EditConflict.
    """
    expect_version(row, version)
    year = row.day.year
    audit.record(
        "workdays.remove", detail=_facts(row), object_type="CalendarDay", object_key=row.key
    )
    db.session.delete(row)
    db.session.flush()
    queries.clear_cache()
    if not _has_days(year) and db.session.get(CalendarYear, year) is not None:
        reopen_year(year)


def import_year(
    year: int,
    entries: Sequence[DayEntry],
    *,
    source: str,
    complete: bool,
    person_id: int,
    seen: str | None = None,
) -> int:
    """Replace a year's stored days by exactly these; return how many there are.

    `complete`: the notice was entered in full. `seen`: the year's state as reviewed, from
    `queries.year_fingerprint`. Raises Rejected (field "pasted") without days or with more than
    `MAX_DAYS`, and when the year has changed since.
    """
    lock_counter("calendar", str(year))
    if seen is not None and seen != queries.year_fingerprint(year):
        raise Rejected("核对之后，本年已有其他人录入或修改。请查看后重新核对。", "pasted")
    if not entries or len(entries) > MAX_DAYS:
        raise Rejected(f"一年应有1至{MAX_DAYS}天，现有{len(entries)}天，请核对。", "pasted")
    removed = _replace_days(year, entries, source, person_id)
    detail = {"year": year, "days": len(entries), "removed": removed}
    audit.record("workdays.import", object_type="CalendarYear", object_key=str(year), detail=detail)
    queries.clear_cache()
    if complete and year > PUBLISHED_UNTIL:
        _complete(year, source, person_id)
    elif db.session.get(CalendarYear, year) is not None:
        reopen_year(year)
    return len(entries)


def _replace_days(year: int, entries: Sequence[DayEntry], source: str, person_id: int) -> int:
    """Store exactly these days; return how many others were removed."""
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    stored = {row.day: row for row in db.session.scalars(select(CalendarDay).where(within))}
    for entry in entries:
        row = stored.pop(entry.day, None)
        if row is None:
            row = CalendarDay()
            db.session.add(row)
        elif (row.working, row.name, row.source) == (entry.working, entry.name, source):
            continue
        _write(row, entry, source, person_id)
    for row in stored.values():
        db.session.delete(row)
    db.session.flush()
    return len(stored)


def complete_year(year: int, *, source: str, person_id: int) -> None:
    """Declare that every day of a year's notice is entered.

    Raises Rejected for a published year and for one without a single day.
    """
    if year <= PUBLISHED_UNTIL:
        raise Rejected(f"{year}年的安排已随系统公布，不用再标明。")
    if not _has_days(year):
        raise Rejected(f"{year}年还没有录入任何一天，请先录入或导入。")
    _complete(year, source, person_id)


def _has_days(year: int) -> bool:
    within = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return db.session.scalar(select(CalendarDay.id).where(within).limit(1)) is not None


def _complete(year: int, source: str, person_id: int) -> None:
    row = db.session.get(CalendarYear, year)
    if row is None:
        row = CalendarYear(year=year)
        db.session.add(row)
    row.source, row.completed_by_id, row.completed_at = source, person_id, clock.now()
    db.session.flush()
    audit.record("workdays.complete", object_type="CalendarYear", object_key=str(year))
    queries.clear_cache()


def reopen_year(year: int) -> None:
    """Withdraw a year's completeness. Raises Rejected when it is not complete."""
    row = db.session.get(CalendarYear, year)
    if row is None:
        raise Rejected(f"{year}年没有标明录全。")
    db.session.delete(row)
    db.session.flush()
    audit.record("workdays.reopen", object_type="CalendarYear", object_key=str(year))
    queries.clear_cache()
