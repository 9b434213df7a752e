"""What the portal asks of the file system: names and bytes on the disk, one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]  # of the project: templates, migrations, static files


def sync(path: Path) -> None:
    """Have a file's bytes, or a folder's names, reach the disk. Raises OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_once(path: Path, text: str) -> None:
    """Write a small ASCII file, readable by its owner only, unless it is there already.

    It appears complete or not at all, on the disk when this returns; of several processes that
    start at the same moment the first one's text counts. Raises OSError.
    """
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        draft.write(text)
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, path)
    sync(path.parent)


@contextmanager
def locked(path: Path) -> Iterator[int]:
    """A file open for reading and appending, made if need be; others that lock it wait meanwhile.

    The system lets go when the holder dies. Raises OSError.
    """
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def alone(path: Path) -> Iterator[bool]:
    """Whether nobody else holds the lock at `path`; nobody gets it inside the block then.

    Waits for nobody. The system lets go when the holder dies. Raises OSError.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _is_free(handle)
    finally:
        os.close(handle)


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
