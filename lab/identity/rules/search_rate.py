"""How often one person may have people searched. Pure.

Nobody types so fast: what asks more often is a program that collects names. Counted in each
process; what it spares is the processor and the directory, so several processes may each count.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from threading import Lock

MOST_A_MINUTE = 240  # the script asks at most once in 150 ms, and only where typing pauses


class SearchRate:
    """Counts the searches of each person within the present minute."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._counts: Counter[int] = Counter()

    def allows(self, person_id: int, now: datetime) -> bool:
        """Count a search; return whether it is one of the first MOST_A_MINUTE of its minute."""
        minute = int(now.timestamp()) // 60
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._counts.clear()
            self._counts[person_id] += 1
            return self._counts[person_id] <= MOST_A_MINUTE
