"""When and where a reviewer was reminded: at most once per reviewer, round and Beijing day."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.inbox.models.notices import Notice


def reminder_address(call: Call) -> str:
    """The address that the reminders of a round carry, and no other notice does."""
    return f"/reviews?round={call.key}"


def reminded_today(call: Call) -> frozenset[int]:
    """Ids of the reviewers of this round who were reminded today, in one SELECT."""
    start = clock.from_beijing(datetime.combine(clock.today(), time.min))
    return frozenset(
        db.session.scalars(
            select(Notice.person_id).where(
                Notice.address == reminder_address(call), Notice.at >= start
            )
        )
    )
