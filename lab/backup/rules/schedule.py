"""When the daily backup is due and which ones are retained. Pure.

Rules of the lab: one a day after two in the morning, Beijing time; seven are retained.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from lab import clock

DUE_TIME = time(2, 0)
RETAINED_COUNT = 7
RETRY = timedelta(hours=1)
LATE_AFTER, OVERDUE_AFTER = timedelta(hours=26), timedelta(hours=50)
DAILY, BY_HAND = "daily", "backup"
_NAME = re.compile(r"(?:daily|backup)-(\d{8}-\d{6})")
_STAMP = "%Y%m%d-%H%M%S"


def name_of(kind: str, moment: datetime) -> str:
    """Return the folder name of a backup: kind and Beijing time, daily-20220701-020000."""
    return f"{kind}-{clock.beijing(moment):{_STAMP}}"


def moment_of(name: str) -> datetime | None:
    """Return when the backup with this name began, in UTC; None for any other name."""
    match = _NAME.fullmatch(name)
    if not match:
        return None
    try:
        moment = datetime.strptime(match[1], _STAMP).replace(tzinfo=clock.BEIJING)
    except ValueError:
        return None
    return moment.astimezone(UTC)


def last_due(now: datetime) -> datetime:
    """Return the latest time at or before `now` at which a daily backup was due."""
    today = clock.beijing(now)
    due = datetime.combine(today.date(), DUE_TIME, clock.BEIJING)
    return due if due <= today else due - timedelta(days=1)


def is_due(now: datetime, newest: datetime | None, failed_at: datetime | None) -> bool:
    """Return whether to start a daily backup; after a failure, not before an hour has passed.

    A time in the future, left by a clock that was set back, counts as none.
    """
    if failed_at is not None and timedelta(0) <= now - failed_at < RETRY:
        return False
    return newest is None or newest > now or newest < last_due(now)


def surplus(names: Iterable[str]) -> list[str]:
    """Return the daily backups beyond the newest seven, oldest first.

    Manual ones are never deleted.
    """
    daily = sorted(name for name in names if name.startswith(f"{DAILY}-") and moment_of(name))
    return daily[:-RETAINED_COUNT]
