"""When the daily backup is due and which are kept. Pure.

Rules of the lab: one a day after two in the morning, Beijing time; seven are kept.
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
    """The name of a backup's folder: its kind and the moment in Beijing, daily-20220701-020000."""
    return f"{kind}-{clock.beijing(moment):{_STAMP}}"


def moment_of(name: str) -> datetime | None:
    """When the backup of this name was begun, in UTC; None for any other name."""
    match = _NAME.fullmatch(name)
    if not match:
        return None
    try:
        moment = datetime.strptime(match[1], _STAMP).replace(tzinfo=clock.BEIJING)
    except ValueError:
        return None
    return moment.astimezone(UTC)


def last_due(now: datetime) -> datetime:
    """The latest moment at or before `now` at which a daily backup fell due."""
    today = clock.beijing(now)
    due = datetime.combine(today.date(), DUE_TIME, clock.BEIJING)
    return due if due <= today else due - timedelta(days=1)


def is_due(now: datetime, newest: datetime | None, failed_at: datetime | None) -> bool:
    """Whether a daily backup is to be begun; after a failure not before an hour has passed.

    A moment in the future, left by a clock that was set back, counts as none.
    """
    if failed_at is not None and timedelta(0) <= now - failed_at < RETRY:
        return False
    return newest is None or newest > now or newest < last_due(now)


def surplus(names: Iterable[str]) -> list[str]:
    """The daily backups beyond the newest seven, oldest first; those made by hand stay."""
    daily = sorted(name for name in names if name.startswith(f"{DAILY}-") and moment_of(name))
    return daily[:-RETAINED_COUNT]
