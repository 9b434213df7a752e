"""Addresses of static files: each carries the hash of the content, so it may be kept a year."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, url_for


@lru_cache(maxsize=512)
def _digest(path: Path, changed: int, size: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def content_hash(path: Path) -> str:
    """Return 12 hex digits of the file's SHA-256, "" when there is no such file."""
    try:
        state = path.stat()
    except OSError:
        return ""
    return _digest(path, state.st_mtime_ns, state.st_size)


def static_url(path: str) -> str:
    """Return the address of a file below static/, with its hash when the file exists."""
    version = content_hash(Path(current_app.static_folder or "") / path)
    return url_for("static", filename=path, v=version or None)


def init(app: Flask) -> None:
    """Make `static_url` known to the templates of `app`."""
    app.jinja_env.globals["static_url"] = static_url
