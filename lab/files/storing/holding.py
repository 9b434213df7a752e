"""Keeps purges off the disk while a backup copies: what a row named then must still lie there."""

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
    """No file is purged inside the block, by whichever process; waits for a running purge.

    The system lets go when the holder dies.
    """
    handle = os.open(instance / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


@contextmanager
def purge_allowed(instance: Path) -> Iterator[bool]:
    """Whether files may be purged now; False while somebody holds purges off."""
    with alone(instance / LOCK) as free:
        yield free
