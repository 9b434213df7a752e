"""Security headers of every response, errors included.

Everything a page needs comes from the portal itself; scripts and styles are files or carry the
request's nonce; browsers and proxies never store pages.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

from lab.web import assets
from lab.web.request import answered

FILE_POLICY = "default-src 'none'; sandbox"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
}
A_YEAR = 365 * 24 * 3600


def csp_nonce() -> str:
    """Return this request's nonce (128 random bits), generated on first use."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def page_policy(nonce: str) -> str:
    """Return the Content-Security-Policy of a page."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def without_referrer(response: Response) -> Response:
    """Set a no-referrer policy: the address of this response contains a secret."""
    g.without_referrer = True
    return response


def cache_rule() -> str:
    """Return the Cache-Control of this request's response."""
    if request.endpoint != "static":
        return "no-store"
    # The address of a static file carries its hash, so a changed file has another address. While
    # machines are updated one by one, the page may come from one release and the file from another:
    # kept a year, the wrong content would stay wrong.
    if assets.is_named_by_content():
        return f"public, max-age={A_YEAR}, immutable"
    return "no-cache"


def apply(response: Response) -> Response:
    """Set the headers; a policy already set by a download stays."""
    response.headers.setdefault("Content-Security-Policy", page_policy(csp_nonce()))
    response.headers["Cache-Control"] = cache_rule() if response.status_code < 400 else "no-store"
    response.headers.update(FIXED)
    if g.get("without_referrer"):
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


def init(app: Flask) -> None:
    """Set the headers on every response."""
    app.after_request(apply)
    app.after_request(answered.take_away)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
