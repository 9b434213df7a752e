"""What the inbox brings: pages, mails, and the count beside its link on every page."""

from __future__ import annotations

from typing import Any

from flask import g, url_for
from sqlalchemy.exc import SQLAlchemyError

from lab.db import reading
from lab.editing.presence import SHARED_FORMS, SharedForm
from lab.feature import Feature, JobKind, Link, MinuteTask, NavItem
from lab.identity.core.account_mail import JOB
from lab.inbox.audit_labels import AUDIT_LABELS
from lab.inbox.blueprint import bp
from lab.inbox.letters import views as letters_views
from lab.inbox.mail import account_mail, delivery, due_mails
from lab.inbox.notices import queries as notices_queries
from lab.inbox.notices import views as notices_views
from lab.inbox.rules.letter_wording import DUE_DAY, SENT_ON, split_closing, split_signature
from lab.inbox.todos import TODOS
from lab.web.request.guards import actor, can


def _count(person_id: int) -> int:
    # A session of its own: error pages ask too, when the request's own one is no longer usable.
    try:
        with reading() as session:
            return notices_queries.unread(person_id, session)
    except SQLAlchemyError:
        return 0


def _unread_badge() -> dict[str, Any]:
    """Return the inbox address and the number of unread notices for the frame, queried once."""
    if not can("inbox.view"):
        return {}
    if "inbox_count" not in g:
        g.inbox_count = _count(actor().id)
    return {"inbox_count": g.inbox_count, "inbox_url": url_for("inbox.index")}


FEATURE = Feature(
    "inbox",
    blueprints=(bp, letters_views.bp),
    pages=(notices_views,),
    navigation=(
        NavItem("工作台", "通知", "inbox.index", "inbox.view", 110),
        NavItem("工作台", "发件箱", "letters.index", "letter.list", 120),
    ),
    links={"Letter": Link("letters.show")},
    todos=TODOS,
    audit_labels=AUDIT_LABELS,
    jobs=(
        JobKind(delivery.JOB, delivery.deliver, delivery.ignore_failure, "mail"),
        JobKind(JOB, account_mail.deliver, account_mail.give_up, "mail"),
    ),
    every_minute=(MinuteTask(due_mails.run_due_deliveries, "mail"),),
    context_processors=(_unread_badge,),
    template_globals={
        "signed": split_signature,
        "closing": split_closing,
        "letter_marks": (DUE_DAY, SENT_ON),
    },
    extensions=(SHARED_FORMS.extended_by(SharedForm("letters.save")),),
)
