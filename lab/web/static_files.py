"""Static files, compressed for browsers that take it: on a slow line the first page waits for them.

Only files that are the same for everybody are compressed. A page holds secrets of its reader beside
text that others chose, and its compressed size would tell of the secrets.
"""

from __future__ import annotations

import gzip
import os
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from flask import Flask, Response, current_app, request, send_file
from werkzeug.security import safe_join

from lab.web.assets import content_hash

TEXTS = (".css", ".js", ".svg")
ENCODING = "gzip"


@lru_cache(maxsize=512)
def _compressed(path: str, changed: int, size: int) -> bytes:
    return gzip.compress(Path(path).read_bytes(), mtime=0)


def _is_taken() -> bool:
    """Return whether to compress; a requested range counts the bytes of the file as stored."""
    return request.accept_encodings.quality(ENCODING) > 0 and not request.range


def _send_compressed(path: str) -> Response:
    state = os.stat(path)
    response = send_file(
        BytesIO(_compressed(path, state.st_mtime_ns, state.st_size)),
        download_name=Path(path).name,
        etag=f"{content_hash(path)}-{ENCODING}",  # not that of the file as it is stored
        last_modified=state.st_mtime,
    )
    response.content_encoding = ENCODING
    response.headers["Accept-Ranges"] = "none"
    return response


def send_static(filename: str) -> Response:
    """Return the file of this name below static/, compressed where its kind and the browser allow.

    Raises NotFound without such a file.
    """
    path = safe_join(str(current_app.static_folder), filename)
    if path is None or not filename.endswith(TEXTS) or not os.path.isfile(path):
        return current_app.send_static_file(filename)
    sent = _send_compressed(path) if _is_taken() else current_app.send_static_file(filename)
    sent.vary.add("Accept-Encoding")
    return sent


def init(app: Flask) -> None:
    """Answer for static files in place of Flask's own view."""
    app.view_functions["static"] = send_static
