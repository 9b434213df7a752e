"""Storage of files: random names outside the web root, complete and synced or not there.

A file is written under a name ending in `.part`, synced, renamed, and the folder synced; otherwise
a power cut could leave a row without a file. Reads are compared with the SHA-256 in the row.
"""

from __future__ import annotations

import hashlib
import io
import os
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from flask import current_app

from lab.filesystem import sync

FILES, PREVIEWS, DOCUMENTS = "files", "previews", "reports"
PARTIAL_SUFFIX = ".part"
STEP = 1 << 20
MISSING, ALTERED, UNREADABLE = "missing", "altered", "unreadable"
DAMAGE_LABELS = {
    MISSING: "在服务器上找不到",
    ALTERED: "与保存时的内容不一致",
    UNREADABLE: "在服务器上无法读取",
}
MAX_REMEMBERED = 4096
_whole: set[tuple[str, str, int, int, int]] = set()  # files that `find_damage_cached` found whole
_synced: set[Path] = set()  # folders whose own names this process knows to be on the disk


@dataclass(frozen=True)
class StoredContent:
    """A stored file: random name, SHA-256 (64 hex digits) and size in bytes."""

    storage_name: str
    sha256: str
    size: int


class FileDamaged(Exception):
    """A stored file differs from its row. `reason`: MISSING, ALTERED or UNREADABLE."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.parent.name}/{path.name}: {reason}")
        self.reason = reason


# -- writing -----------------------------------------------------------------------------------


def folder(name: str = FILES) -> Path:
    """Return one of the folders, created on first use; no address reaches it."""
    path = Path(current_app.config["INSTANCE"]) / name
    if path not in _synced or not path.is_dir():
        path.mkdir(mode=0o700, exist_ok=True)
        # Another process may have made it and not got to syncing: its name, and the instance's.
        sync(path.parent)
        sync(path.parent.parent)
        _synced.add(path)
    return path


def store_file(source: IO[bytes], where: str = FILES, *, suffix: str = "") -> StoredContent:
    """Store a file durably under a random name ending in `suffix`.

    Raises OSError when the disk is full, leaving nothing behind.
    """
    storage_name = secrets.token_hex(24) + suffix
    target = folder(where) / storage_name
    partial_path = target.with_name(storage_name + PARTIAL_SUFFIX)
    try:
        content = _write(partial_path, source, storage_name)
        partial_path.rename(target)
        sync(target.parent)
    except BaseException:
        partial_path.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        raise
    return content


def _write(partial_path: Path, source: IO[bytes], storage_name: str) -> StoredContent:
    digest, size = hashlib.sha256(), 0
    handle = os.open(partial_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        while chunk := source.read(STEP):
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
        out.flush()
        os.fsync(out.fileno())
    return StoredContent(storage_name, digest.hexdigest(), size)


# -- reading -----------------------------------------------------------------------------------


def open_verified(path: Path, sha256: str | None) -> IO[bytes]:
    """Open the file for reading from its beginning, after comparing all of it with `sha256`.

    That is None for a file from before it was kept: nothing is known of it but that it can be read.
    Unbuffered, and read in pieces whatever its size. Raises FileDamaged.
    """
    try:
        # No link is followed: a name in the folder stands for a file in it.
        handle = _opened(os.open(path, os.O_RDONLY | os.O_NOFOLLOW))
    except FileNotFoundError as error:
        raise FileDamaged(path, MISSING) from error
    except OSError as error:
        raise FileDamaged(path, UNREADABLE) from error
    try:
        same = sha256 in (None, hashlib.file_digest(handle, "sha256").hexdigest())
        handle.seek(0)
    except OSError as error:
        handle.close()
        raise FileDamaged(path, UNREADABLE) from error
    if not same:
        handle.close()
        raise FileDamaged(path, ALTERED)
    return handle


def _opened(number: int) -> io.FileIO:
    try:
        return os.fdopen(number, "rb", buffering=0)
    except OSError:  # a folder lies there; the number would stay open
        os.close(number)
        raise


def find_damage(path: Path, sha256: str) -> str:
    """Return the damage of a stored file: MISSING, ALTERED, UNREADABLE, or "" for none."""
    try:
        open_verified(path, sha256).close()
    except FileDamaged as damaged:
        return damaged.reason
    return ""


def find_damage_cached(path: Path, sha256: str) -> str:
    """Find damage like `find_damage`, for lists, reading an intact file only once.

    It is not read again by this process until its timestamps change; damage by the disk itself is
    found by `find_damage` only.
    """
    try:
        stat = path.lstat()
    except OSError:
        return find_damage(path, sha256)
    stamp = (str(path), sha256, stat.st_ino, stat.st_size, stat.st_ctime_ns)
    if stamp in _whole:
        return ""
    if not (why := find_damage(path, sha256)):
        if len(_whole) >= MAX_REMEMBERED:
            _whole.clear()
        _whole.add(stamp)
    return why


# -- taking off --------------------------------------------------------------------------------


def delete_file(storage_name: str, where: str = FILES) -> None:
    """Delete a file; one that is already gone is fine."""
    (folder(where) / storage_name).unlink(missing_ok=True)


def names_older_than(seconds: float, where: str = FILES) -> Iterator[str]:
    """Iterate over names of files and links not touched for so many seconds.

    By the disk's clock, including unfinished ones (`.part`).
    """
    limit = time.time() - seconds
    with os.scandir(folder(where)) as entries:
        yield from (entry.name for entry in entries if _is_older(entry, limit))


def _is_older(entry: os.DirEntry[str], limit: float) -> bool:
    try:
        # A link put in the place of a file is never read (see `open_verified`), and taken off
        # alike.
        one = entry.is_file(follow_symlinks=False) or entry.is_symlink()
        return one and entry.stat(follow_symlinks=False).st_mtime < limit
    except FileNotFoundError:  # finished, or taken off by another process, since it was listed
        return False
