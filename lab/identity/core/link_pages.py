"""Shared parts of the pages that a mailed link opens."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from lab.web.request.headers import without_referrer


def link_token() -> str:
    """Return the token of the opened link, "" for none."""
    return request.values.get("t", "")[:100]


def expired_page(status: int = 422) -> Response:
    """Return the page for an expired link, without leaking its address as referrer."""
    return without_referrer(
        make_response(render_template("identity/passwords/link_over.html"), status)
    )
