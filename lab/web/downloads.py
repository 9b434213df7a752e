"""Deliver files: uploads only as attachments, pictures drawn by the portal also inline.

The browser never executes them.
"""

from __future__ import annotations

import io
import os
import re
from typing import IO

from flask import Response, send_file

from lab.web.request.headers import FILE_POLICY

_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u202a-\u202e\u2066-\u2069\ud800-\udfff]')
NAME_LIMIT = 120


def safe_name(name: str) -> str:
    """Return `name` without path separators and control characters, at most 120 characters.

    The extension is kept when the name has to be cut; an empty name becomes 下载.
    """
    clean = _UNSAFE.sub("_", name).strip(" .") or "下载"
    stem, point, extension = clean.rpartition(".")
    if len(clean) <= NAME_LIMIT or not point or len(extension) > 10:
        return clean[:NAME_LIMIT]
    return f"{stem[: NAME_LIMIT - len(extension) - 1]}.{extension}"


def send_private(source: IO[bytes] | bytes, name: str, mimetype: str) -> Response:
    """Return an open file or bytes as an attachment called `name` (Chinese names as in RFC 5987).

    A file is read from its current position, and closed after sending.
    """
    body = io.BytesIO(source) if isinstance(source, bytes) else source
    response = send_file(
        body,
        mimetype=mimetype,
        as_attachment=True,
        download_name=safe_name(name),
        conditional=False,
        etag=False,
    )
    if not isinstance(source, bytes):
        response.content_length = os.fstat(source.fileno()).st_size
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def send_picture(source: IO[bytes], mimetype: str) -> Response:
    """Return a picture drawn by the portal for inline display; closed after sending."""
    response = send_file(source, mimetype=mimetype, conditional=False, etag=False)
    response.content_length = os.fstat(source.fileno()).st_size
    response.headers["Content-Security-Policy"] = FILE_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
