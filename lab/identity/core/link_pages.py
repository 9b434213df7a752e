"""What the pages share that a link in a mail opens."""

from __future__ import annotations

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from lab.web.request.headers import without_referrer


def link_token() -> str:
    """The token of the link that was opened, "" for none."""
    return request.values.get("t", "")[:100]


def expired_page(status: int = 422) -> Response:
    """The page for a link that is over; it tells its address to nobody."""
    return without_referrer(
        make_response(render_template("identity/passwords/link_over.html"), status)
    )
