"""Block purges while a backup copies: files that a row named must still be on disk."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab.filesystem import alone

LOCK = ".purge.lock"


@contextmanager
def block_purges(instance: Path) -> Iterator[None]:
    """Block purges by any process inside the block; waits for a running purge.

    The system releases the lock when the holder dies.
    """
    handle = os.open(instance / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextmanager
def purge_allowed(instance: Path) -> Iterator[bool]:
    """Yield whether files may be purged now; False while purges are blocked."""
    with alone(instance / LOCK) as free:
        yield free
