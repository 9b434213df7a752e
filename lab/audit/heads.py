"""Heads of the chain noted outside the database, so that a database cut short, rolled back or
written anew does not look sound."""

from __future__ import annotations

import os
import re
from pathlib import Path

HEAD_LINE = re.compile(r"([1-9][0-9]{0,17}) ([0-9a-f]{64})")


def append_head(path: Path, seq: int, mac: str) -> None:
    """Note the head outside the database: one short line per commit, appended atomically."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{seq} {mac}\n".encode())
    finally:
        os.close(handle)


def read_heads(path: Path) -> dict[int, str]:
    """The noted heads {seq: code}.

    The first note of a number counts: a chain that was rolled back and then written on carries
    other codes at numbers already noted. A line torn by a power cut says nothing.
    """
    heads: dict[int, str] = {}
    if not path.exists():
        return heads
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        if found := HEAD_LINE.fullmatch(line):
            heads.setdefault(int(found[1]), found[2])
    return heads
