"""Binds the inbox, and the count beside its link on every page, to the app."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, url_for
from sqlalchemy.exc import SQLAlchemyError

from lab.db import reading
from lab.identity.account_mail import JOB
from lab.inbox import account_mail, mail_sweep, mailing, queries, views, views_letters
from lab.inbox.letter_texts import signed
from lab.jobs import service as jobs
from lab.jobs.models import MAIL
from lab.jobs.queue import every_minute
from lab.web.guards import actor, can


def _count(person_id: int) -> int:
    # A session of its own: error pages ask too, when the request's own one is no longer usable.
    try:
        with reading() as session:
            return queries.unread(person_id, session)
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
    app.register_blueprint(views.bp)
    app.register_blueprint(views_letters.bp)
    jobs.handler(mailing.JOB, mailing.deliver, mailing.left, MAIL)
    jobs.handler(JOB, account_mail.deliver, account_mail.left, MAIL)
    every_minute(mail_sweep.sweep, MAIL)
    app.context_processor(_bell)
    app.jinja_env.globals["signed"] = signed
