"""Copy files so that a power cut leaves the whole copy or none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from lab.backup.rules.manifest import CHUNK_SIZE, File, describe
from lab.filesystem import sync
from lab.nodes import identity

PART = ".part"
# What start-up or a running portal makes by itself, and what is copied in its own way.
COPIED_SEPARATELY = ("lab.db", "queue.db")
TEMPORARY = (identity.FILE,)


def instance_files(instance: Path) -> Iterator[str]:
    """Iterate over the paths, inside the instance folder, that a backup copies as they are.

    Uploads, documents, pictures, the heads of the audit chain, and in a demonstration its keys.
    """
    for folder, folders, names in os.walk(instance):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = Path(folder).relative_to(instance)
        for name in sorted(names):
            if not _is_excluded(name, top=inside == Path(".")):
                yield str(inside / name)


def _is_excluded(name: str, *, top: bool) -> bool:
    """Return whether a file is left out: half written, hidden, or recreated by the next start."""
    own = top and (name.startswith(COPIED_SEPARATELY) or name in TEMPORARY)
    return own or name.startswith(".") or name.endswith(PART)


def copy(source: Path, target: Path) -> File:
    """Copy a file and sync it; creates folders, which `sync_folders` syncs.

    Raises OSError; FileNotFoundError when the source is gone.
    """
    with source.open("rb") as reading:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            while chunk := reading.read(CHUNK_SIZE):
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    return describe(target)


def write(target: Path, data: bytes) -> None:
    """Write a new file and sync it to disk."""
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def sync_folders(root: Path) -> None:
    """Sync every folder below `root` to disk, then `root` itself."""
    for folder, _folders, _names in os.walk(root, topdown=False):
        sync(Path(folder))
