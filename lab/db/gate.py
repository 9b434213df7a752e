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
        self._places: int | None = None
        self._clock = clock
        self._free = threading.Condition()
        self._inside = 0
        self._moved = 0.0
        self._stuck = False

    def limit(self, capacity: int | None) -> None:
        """Let so many wait from now on; None for any number."""
        with self._free:
            self._places = capacity

    def enter(self, timeout: float = STALL_SECONDS) -> None:
        """Take a place. Raises WritersBusy when those inside have not moved for `wait` seconds."""
        with self._free:
            while self._places is not None and self._inside >= self._places:
                left = min(timeout, STALL_SECONDS) - (self._clock() - self._moved)
                if self._stuck or left <= 0:
                    raise WritersBusy("writers wait already")
                self._free.wait(left)
            self._inside += 1
            if self._inside == self._places:
                self._moved = self._clock()

    def leave(self, *, made_progress: bool | None) -> None:
        """Give the place back. `made_progress`: the lock was had, so that waiting is of use; None
        where one who was in a hurry did not wait long enough to tell."""
        with self._free:
            self._inside -= 1
            if made_progress is not None:
                self._stuck = not made_progress
            if made_progress:
                self._moved = self._clock()
            self._free.notify()


WRITER_LIMIT = WriterLimit()  # of this process; the web server sets the limit in its workers
