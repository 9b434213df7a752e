"""The token of a page that carries a post on: it outlives the session in which the page was drawn.

A new password or another tab begins a new session, and the token of forms goes with the old one.
"""

from __future__ import annotations

from flask import current_app, request
from itsdangerous import BadData, URLSafeTimedSerializer

TOKEN_FIELD = "resume_token"
TOKEN_SECONDS = 12 * 3600  # as long as a session lasts at most


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="resume")


def resume_token(address: str) -> str:
    """Return a token for a page of ours that sends fields to this path, whatever the session."""
    return str(_serializer().dumps(address.partition("?")[0]))


def is_resumed() -> bool:
    """Return whether the post carries the token of a page that sends fields to this address.

    Ask only for a post from the own origin: the token belongs to no person.
    """
    try:
        path = _serializer().loads(request.form.get(TOKEN_FIELD, ""), max_age=TOKEN_SECONDS)
    except BadData:
        return False
    return bool(path == request.args.get("resume", request.path).partition("?")[0])
