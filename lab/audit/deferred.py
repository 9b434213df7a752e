"""Deferred lines: who signed in and out while the audit key did not fit.

They are on disk, in a file of the instance folder, before the action is committed, and the first
commit after recovery appends them to the chain.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.filesystem import locked, sync


def append_lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Append lines (JSON objects), durably. Raises OSError."""
    text = "".join(json.dumps(line, ensure_ascii=True) + "\n" for line in lines)
    new = not path.exists()
    with locked(path) as handle:
        os.write(handle, text.encode())
        os.fsync(handle)
    if new:
        sync(path.parent)


def pending_lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the waiting lines and their size in bytes; a line torn by a power cut is skipped."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return [], 0
    end = data.rfind(b"\n") + 1
    lines = []
    for line in data[:end].splitlines():
        try:
            lines.append(json.loads(line))
        except ValueError:
            continue
    return lines, end


def remove_leading(path: Path, size: int) -> None:
    """Remove the first `size` bytes: their lines are in the chain now."""
    with locked(path) as handle:
        rest = os.pread(handle, os.fstat(handle).st_size, 0)[size:]
        os.ftruncate(handle, 0)
        os.write(handle, rest)
        os.fsync(handle)
