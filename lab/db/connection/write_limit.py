"""Limit how many threads of a web process wait for the database's write lock at once.

A waiting request occupies a thread. Without a limit, one writer that hangs would occupy all
threads, and read-only pages would not be answered either.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from sqlalchemy.exc import TimeoutError as PoolTimeout

STALL_SECONDS = 2.0  # seconds without any progress, after which nobody else begins to wait


class WritersBusy(PoolTimeout):
    """Too many requests wait already, and none of them makes progress."""


class WriterLimit:
    """Admit `capacity` threads; further ones wait as long as those inside make progress."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity: int | None = None
        self._clock = clock
        self._available = threading.Condition()
        self._inside = 0
        self._last_progress = 0.0
        self._is_stalled = False

    def set_capacity(self, capacity: int | None) -> None:
        """Set the capacity from now on; None for no limit."""
        with self._available:
            self._capacity = capacity

    def acquire(self, timeout: float = STALL_SECONDS) -> None:
        """Acquire a slot.

        Raises WritersBusy when those inside made no progress for `timeout` seconds.
        """
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
        """Release the slot.

        `made_progress`: the lock was obtained, so waiting is worthwhile; None when a short timeout
        was too short to tell.
        """
        with self._available:
            self._inside -= 1
            if made_progress is not None:
                self._is_stalled = not made_progress
            if made_progress:
                self._last_progress = self._clock()
            self._available.notify()


WRITER_LIMIT = WriterLimit()  # of this process; the web server sets the limit in its workers
