"""Binds the inbox, and the count beside its link on every page, to the app."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, url_for
from sqlalchemy.exc import SQLAlchemyError

from lab.db import reading
from lab.identity.core.account_mail import JOB
from lab.inbox.letters import views as letters_views
from lab.inbox.mail import account_mail, delivery, due_mails
from lab.inbox.notices import queries as notices_queries
from lab.inbox.notices import views as notices_views
from lab.inbox.rules.letter_wording import signed
from lab.jobs import service as jobs
from lab.jobs.models import MAIL
from lab.jobs.queue import every_minute
from lab.web.request.guards import actor, can


def _count(person_id: int) -> int:
    # A session of its own: error pages ask too, when the request's own one is no longer usable.
    try:
        with reading() as session:
            return notices_queries.unread(person_id, session)
    except SQLAlchemyError:
        return 0


def _bell() -> dict[str, Any]:
    """What the frame shows of the inbox: address and number of unread notices, asked once."""
    if not can("inbox.view"):
        return {}
    if "inbox_count" not in g:
        g.inbox_count = _count(actor().id)
    return {"inbox_count": g.inbox_count, "inbox_url": url_for("inbox.index")}


def init(app: Flask) -> None:
    """Register the pages, the count and the queue of mails."""
    app.register_blueprint(notices_views.bp)
    app.register_blueprint(letters_views.bp)
    jobs.handler(delivery.JOB, delivery.deliver, delivery.left, MAIL)
    jobs.handler(JOB, account_mail.deliver, account_mail.left, MAIL)
    every_minute(due_mails.run_due_deliveries, MAIL)
    app.context_processor(_bell)
    app.jinja_env.globals["signed"] = signed
