"""The identity of this node: the random number in its instance folder, and its machine."""

from __future__ import annotations

import secrets
import socket
from pathlib import Path

from lab.filesystem import write_once
from lab.nodes.rules import HOST_LENGTH, Node

FILE = "instance-number.txt"
BOOT = Path("/proc/sys/kernel/random/boot_id")


def this_node(instance: Path) -> Node:
    """Return the node of the instance folder; generates the number when there is none yet."""
    return Node(_number(instance), socket.gethostname()[:HOST_LENGTH], _boot())


def _boot() -> str:
    try:
        return BOOT.read_text(encoding="ascii").strip()[:36]
    except OSError:
        return ""


def _number(instance: Path) -> str:
    path = instance / FILE
    if not path.exists():
        write_once(path, secrets.token_hex(16))
    return path.read_text(encoding="ascii").strip()
