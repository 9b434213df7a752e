"""Revisions of a notice: the first publication and each change, of which applicants are notified.

The actions that change a notice write the audit line and call these functions.
"""

from __future__ import annotations

from flask import g
from sqlalchemy import func, select

from lab.calls.core.extension_points import applicants_with_open_drafts
from lab.calls.models.call import Call
from lab.calls.models.notice import CallRevision
from lab.calls.rules.lifecycle import CallStatus
from lab.extensions import db
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import APPLICANT
from lab.web.links import About

FIRST_SUMMARY = "发布"


def save_revision(call: Call, summary: str) -> int:
    """Save the current notice as the next revision and return its number."""
    last = select(func.max(CallRevision.number)).where(CallRevision.call_id == call.id)
    number = int(db.session.scalar(last) or 0) + 1
    person = g.get("person")
    db.session.add(
        CallRevision(
            call_id=call.id,
            number=number,
            notice_text=call.notice_text,
            files=[row.file.name for row in call.files],
            summary=summary,
            by_id=person.id if person else None,
        )
    )
    db.session.flush()
    return number


def publish_change(call: Call, summary: str) -> int | None:
    """Save a changed notice and notify all applicants; None for a draft, which has no revisions."""
    if call.status == CallStatus.DRAFT:
        return None
    number = save_revision(call, summary)
    notify(
        {*role_holder_ids(APPLICANT), *applicants_with_open_drafts(call)},
        f"征集批次“{call.title}”的通知有修改（第{number}版）：{summary}",
        About.of(call, "revision", number),
    )
    return number
