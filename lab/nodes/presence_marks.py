"""A node's mark in the shared folder, by which others can tell the folder from a copy."""

from __future__ import annotations

import hashlib
import os
from datetime import datetime
from pathlib import Path

from lab.nodes.rules import RUNNING_SECONDS, Node

FOLDER = ".nodes"  # hidden: no backup takes it along


def write_mark(instance: Path, node: Node, at: datetime) -> None:
    """Write when the node was last seen, by the database's clock. Raises OSError."""
    path = _path(instance, node)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(at.isoformat(), encoding="ascii")
    draft.replace(path)


def matches_mark(instance: Path, node: Node, at: datetime) -> bool:
    """Return whether the folder holds the mark of a node that the database last saw `at`.

    In a copy of the folder the mark stands still while the database's time goes on; a network
    folder may show it up to a minute late.
    """
    try:
        left = datetime.fromisoformat(_path(instance, node).read_text(encoding="ascii"))
        return abs((at - left).total_seconds()) < RUNNING_SECONDS
    except (OSError, ValueError, TypeError):
        return False


def _path(instance: Path, node: Node) -> Path:
    return instance / FOLDER / hashlib.sha256(node.host.encode()).hexdigest()[:16]
