"""Mails of a restored database: waiting ones may have been sent meanwhile."""

from __future__ import annotations

from sqlalchemy import select

from lab import clock
from lab.db import transition
from lab.extensions import db
from lab.inbox.models.letters import TEXT, LetterRecipient
from lab.inbox.rules.mail_lifecycle import UNSETTLED, MailStatus


def mark_waiting_uncertain(reason: str) -> int:
    """Leave every unsettled mail to the office instead of sending it; return how many.

    A mail sent twice cannot be recalled, and a trial restore must not write to anybody.
    """
    unsettled = LetterRecipient.status.in_(UNSETTLED)
    rows = db.session.scalars(select(LetterRecipient).where(unsettled)).all()
    for row in rows:
        if row.status == MailStatus.WAITING:
            transition(row, "take", claimed_at=clock.now())
        row.phase = TEXT
        transition(row, "doubt", last_error=reason)
    return len(rows)
