"""Bitemporal histories: the day from which a row is valid, and when it was recorded.

Rows are only added. The row valid on a day is the one with the greatest (valid_from, id) among
those with valid_from up to that day, so a later row for the same day corrects an earlier one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Date, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from lab import clock
from lab.db.state import one_of
from lab.db.types import UtcDateTime

# act: written by the action itself; published: stated by a public report; log: taken from the
# audit log; assumed: no record says so, the first or last value known was taken.
ORIGINS = ("act", "published", "log", "assumed")


Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


class HasHistory:
    """Columns of a history row. `valid_from` is a Beijing date, `recorded_at` a UTC time."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=clock.now)
    origin: Mapped[str] = mapped_column(String(10), default="act")


def origin_check() -> Any:
    """Return a CHECK that `origin` is a known one."""
    return one_of("origin", ORIGINS)


def rows_until(query: Any, table: Any, day: date) -> Any:
    """Filter the rows that may be valid on `day`, ordered so that later ones win."""
    return query.where(table.valid_from <= day).order_by(table.valid_from, table.id)


def latest_by_key(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, Row]:
    """Return the winning row of each key; `rows` in the order of `rows_until`."""
    return {key(row): row for row in rows}
