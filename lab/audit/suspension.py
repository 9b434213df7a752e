"""Read-only mode while the audit key does not fit the chain.

Appending with another key would leave a chain that nobody can verify. So nothing is written until
the right key is back, or somebody begins a new segment on purpose. Signing in and out keeps
working; its lines wait in a file (`lab.audit.deferred`).
"""

from __future__ import annotations

import logging
from typing import Any

from flask import Flask, current_app, g, make_response, render_template, request, session
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from lab.audit import key_check
from lab.db import reading
from lab.errors import error_page, wants_json
from lab.extensions import db
from lab.feature.status import DANGER, OK, StatusLine
from lab.rejected import Rejected
from lab.web.request.resume_pages import waiting_post

COMMAND = "flask --app app audit begin-chain"
_STATE_MESSAGE = "审计密钥与审计日志对不上，门户现在只能查看，不能保存和办理。"
_REMEDY_MESSAGE = (
    f"核对设置 LAB_AUDIT_KEY；确实更换了密钥的，在服务器上执行 {COMMAND} 启用新的审计链。"
)
MESSAGE = f"{_STATE_MESSAGE}请系统管理员{_REMEDY_MESSAGE}"
# Rows of sign-ins, of answers that are kept for their browser and of the portal's own pulse: they
# are written in this state, too.
EXEMPT_TABLES = frozenset(
    {"auth_session", "sign_in_failure", "kept_page", "heartbeat", "audit_event"}
)
STATE = "audit_suspended"
KEY, TITLE = "audit_key", "审计密钥"
log = logging.getLogger("lab.audit")


class AuditSuspended(Rejected):
    """Writing is suspended: the present key did not sign the newest row of the chain."""

    def __init__(self) -> None:
        super().__init__(MESSAGE)


def key_fits(row: Any) -> bool:
    """Return whether the present key signed the row, and remember the answer for the pages."""
    right = row is None or key_check.is_signed_with_present_key(row)
    previous = current_app.extensions.get(STATE)
    current_app.extensions[STATE] = not right
    if not right and not previous:
        log.error("the audit key does not fit the chain: nothing is written")
    if right and previous:
        log.warning("the audit chain goes on")
    return right


def is_suspended() -> bool:
    """Return whether this process knows that the key does not fit; checks once, at its start."""
    if STATE not in current_app.extensions:
        check_key()
    return bool(current_app.extensions.get(STATE))


def check_key() -> None:
    """Check the newest row with the present key.

    Concludes nothing when the database is unreachable.
    """
    try:
        with reading() as reader:
            key_fits(key_check.newest_row(reader))
    except SQLAlchemyError:
        return


def recheck_suspended() -> bool:
    """Check again while suspended: the process with the right key may have begun a new chain."""
    if is_suspended():
        check_key()
    return bool(current_app.extensions.get(STATE))


def _recheck_on_request() -> None:
    if request.endpoint != "static":
        recheck_suspended()


def _page(error: AuditSuspended) -> Response:
    """Keep the input on the page and offer a button that sends it again."""
    db.session.rollback()
    session.pop("_flashes", None)  # what it would have announced did not happen
    if wants_json() or g.get("person") is None:
        return error_page(503, error.message)
    page = render_template("errors/suspended.html", page=waiting_post())
    return make_response(page, 503)


def check() -> StatusLine:
    """Report red while nothing can be written.

    Each request has already checked (`_recheck_on_request`).
    """
    if current_app.extensions.get(STATE):
        return StatusLine(KEY, TITLE, DANGER, _STATE_MESSAGE, f"请{_REMEDY_MESSAGE}")
    return StatusLine(KEY, TITLE, OK, "与审计日志相符。")


def init(app: Flask) -> None:
    """Show the message on every page and answer writes with it."""
    app.before_request(_recheck_on_request)
    app.register_error_handler(AuditSuspended, _page)
    app.context_processor(
        lambda: {"suspended": MESSAGE if current_app.extensions.get(STATE) else ""}
    )
