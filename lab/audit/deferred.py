"""Lines that wait for the chain: who signed in and out while the audit key did not fit.

They stand in a file of the instance folder, on the disk before the act is committed, and are
appended to the chain by the first commit after it goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.filesystem import locked, sync


def append_lines(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Append lines (JSON objects). On the disk when this returns; raises OSError otherwise."""
    text = "".join(json.dumps(line, ensure_ascii=True) + "\n" for line in lines)
    new = not path.exists()
    with locked(path) as handle:
        os.write(handle, text.encode())
        os.fsync(handle)
    if new:
        sync(path.parent)


def pending_lines(path: Path) -> tuple[list[dict[str, Any]], int]:
    """The lines that wait and how many bytes they take; a line torn by a power cut is left out."""
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
    """Take the first `size` bytes away: their lines stand in the chain now."""
    with locked(path) as handle:
        rest = os.pread(handle, os.fstat(handle).st_size, 0)[size:]
        os.ftruncate(handle, 0)
        os.write(handle, rest)
        os.fsync(handle)
