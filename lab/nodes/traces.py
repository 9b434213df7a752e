"""What a node leaves in the folder that nodes share, so that others can tell it from a copy."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from lab.nodes.rules import RUNNING_SECONDS, Node

FOLDER = ".nodes"  # hidden: no backup takes it along


def write_mark(instance: Path, node: Node, at: datetime) -> None:
    """Write when the node was seen last, by the database's clock. Raises OSError."""
    path = _path(instance, node)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(at.isoformat(), encoding="ascii")
    draft.replace(path)


def matches_mark(instance: Path, node: Node, at: datetime) -> bool:
    """Whether the folder holds the trace of a node that the database saw last `at` this moment.

    In a copy of the folder the trace stands still while the database's time goes on; a network
    folder may show it a minute late.
    """
    try:
        left = datetime.fromisoformat(_path(instance, node).read_text(encoding="ascii"))
        return abs((at - left).total_seconds()) < RUNNING_SECONDS
    except (OSError, ValueError, TypeError):
        return False


def _path(instance: Path, node: Node) -> Path:
    return instance / FOLDER / hashlib.sha256(node.host.encode()).hexdigest()[:16]
