"""Reminders of reviewers: at most one per reviewer, round and Beijing day."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import select

from lab import clock
from lab.calls.models.call import Call
from lab.extensions import db
from lab.inbox.models.notices import Notice
from lab.web.links import About


def about_reminder(call: Call) -> About:
    """Return what the reminders of a round are about, and no other notice is."""
    return About.of(call, "reminder")


def reminded_today(call: Call) -> frozenset[int]:
    """Return the ids of this round's reviewers who were reminded today, in one SELECT."""
    about = about_reminder(call)
    start = clock.from_beijing(datetime.combine(clock.today(), time.min))
    return frozenset(
        db.session.scalars(
            select(Notice.person_id).where(
                Notice.about_kind == about.kind, Notice.about_key == about.key, Notice.at >= start
            )
        )
    )
