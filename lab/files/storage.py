"""Where files lie: random names outside the web root, written whole and synced or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

FILES, PREVIEWS = "files", "previews"
STEP = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A file on the disk: its random name, SHA-256 (64 hex) and size in bytes."""

    storage_name: str
    sha256: str
    size: int


def folder(name: str = FILES) -> Path:
    """One of the two folders; made on first use, not reachable by any address."""
    path = Path(current_app.config["INSTANCE"]) / name
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def keep(source: IO[bytes], where: str = FILES) -> Kept:
    """Write and sync the file, then its folder: else a power cut leaves a row without a file.

    Raises OSError when the disk is full; nothing is left behind then.
    """
    storage_name, digest, size = secrets.token_hex(24), hashlib.sha256(), 0
    target = folder(where) / storage_name
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            while chunk := source.read(STEP):
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        _sync_folder(target.parent)
    except OSError:
        target.unlink(missing_ok=True)
        raise
    return Kept(storage_name, digest.hexdigest(), size)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def drop(storage_name: str, where: str = FILES) -> None:
    """Take a file off the disk; one that is gone already is no fault."""
    (folder(where) / storage_name).unlink(missing_ok=True)


def older_than(seconds: float, where: str = FILES) -> Iterator[str]:
    """Names of the files that have not been touched for so long, by the clock of the disk."""
    limit = time.time() - seconds
    for entry in os.scandir(folder(where)):
        if entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < limit:
            yield entry.name
