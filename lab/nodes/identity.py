"""Who this node is: the random number that its instance folder holds, and its machine."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import tempfile
from pathlib import Path

from lab.nodes.rules import HOST_LENGTH, Node

FILE = "instance-number.txt"
BOOT = Path("/proc/sys/kernel/random/boot_id")


def this_node(instance: Path) -> Node:
    """The node that works on the instance folder; makes the number when there is none yet."""
    return Node(_number(instance), socket.gethostname()[:HOST_LENGTH], _boot())


def _boot() -> str:
    try:
        return BOOT.read_text(encoding="ascii").strip()[:36]
    except OSError:
        return ""


def _number(instance: Path) -> str:
    path = instance / FILE
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    """The file appears complete or not at all: several processes start at the same moment."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
        draft.write(secrets.token_hex(16))
        draft.flush()
        os.fsync(draft.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first: its number counts
            os.link(draft.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
