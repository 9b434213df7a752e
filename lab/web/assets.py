"""Addresses of static files: each carries the content hash, so that it can be cached for a year."""

from __future__ import annotations

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import Flask, current_app, has_request_context, request, url_for


@lru_cache(maxsize=512)
def _digest(path: str, changed: int, size: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def content_hash(path: Path | str) -> str:
    """Return 12 hex digits of the file's SHA-256, "" when there is no such file."""
    try:
        state = os.stat(path)
    except OSError:
        return ""
    return _digest(str(path), state.st_mtime_ns, state.st_size)


def static_url(path: str) -> str:
    """Return the address of a file below static/, with its hash when the file exists."""
    version = content_hash(f"{current_app.static_folder}/{path}")
    return f"{_address(path)}?v={version}" if version else _address(path)


def is_named_by_content() -> bool:
    """Tell whether this request for a static file names the hash of what is served."""
    named = request.args.get("v", "")
    path = (request.view_args or {}).get("filename", "")
    return bool(named) and named == content_hash(f"{current_app.static_folder}/{path}")


def _address(path: str) -> str:
    """Return the cached address: a page asks a dozen times, so it is built once per script root."""
    cache: dict[tuple[str, str], str] = current_app.extensions.setdefault("static_addresses", {})
    cache_key = (request.script_root if has_request_context() else "", path)
    if cache_key not in cache:
        cache[cache_key] = url_for("static", filename=path)
    return cache[cache_key]


def init(app: Flask) -> None:
    """Register `static_url` for the templates."""
    app.jinja_env.globals["static_url"] = static_url
