"""How many threads of a web process may wait for the database's write lock at once.

Whoever waits holds a thread. Without a limit, one writer that does not end takes all threads, and
pages that only read are not answered either.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import TimeoutError as PoolTimeout

STALL_SECONDS = 2.0  # seconds without any progress, after which nobody else begins to wait


class WritersBusy(PoolTimeout):
    """Too many wait already, and none of them gets on."""


class WriterLimit:
    """Lets `places` threads through; further ones wait as long as those before them get on."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity: int | None = None
        self._clock = clock
        self._available = threading.Condition()
        self._inside = 0
        self._last_progress = 0.0
        self._is_stalled = False

    def set_capacity(self, capacity: int | None) -> None:
        """Let so many wait from now on; None for any number."""
        with self._available:
            self._capacity = capacity

    def acquire(self, timeout: float = STALL_SECONDS) -> None:
        """Take a place. Raises WritersBusy when those inside have not moved for `wait` seconds."""
        with self._available:
            while self._capacity is not None and self._inside >= self._capacity:
                left = min(timeout, STALL_SECONDS) - (self._clock() - self._last_progress)
                if self._is_stalled or left <= 0:
                    raise WritersBusy("writers wait already")
                self._available.wait(left)
            self._inside += 1
            if self._inside == self._capacity:
                self._last_progress = self._clock()

    def release(self, *, made_progress: bool | None) -> None:
        """Give the place back. `made_progress`: the lock was had, so that waiting is of use; None
        where one who was in a hurry did not wait long enough to tell."""
        with self._available:
            self._inside -= 1
            if made_progress is not None:
                self._is_stalled = not made_progress
            if made_progress:
                self._last_progress = self._clock()
            self._available.notify()


WRITER_LIMIT = WriterLimit()  # of this process; the web server sets the limit in its workers
