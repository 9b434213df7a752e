"""Where finished reports lie: outside the web root, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import current_app


@dataclass(frozen=True)
class Kept:
    """A stored file: its name in the folder, SHA-256 (64 hex) and size in bytes."""

    name: str
    sha256: str
    size: int


def folder() -> Path:
    """The folder of reports in the instance; made on first use."""
    path = Path(current_app.config["INSTANCE"]) / "reports"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def keep(document: bytes) -> Kept:
    """Write a document durably under a random name."""
    name = f"{secrets.token_hex(20)}.pdf"
    target, half = folder() / name, folder() / f"{name}.part"
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(document)
        out.flush()
        os.fsync(out.fileno())
    half.replace(target)
    return Kept(name, hashlib.sha256(document).hexdigest(), len(document))


def path_of(name: str) -> Path:
    return folder() / name
