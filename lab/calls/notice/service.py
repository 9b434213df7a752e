"""Writes of a notice: its files, and the revisions of which applicants are notified.

An action that changes the text writes its own audit line and calls `publish_change`.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import g
from sqlalchemy import func, select
from werkzeug.datastructures import FileStorage

from lab import audit
from lab.calls.core.editing import SUMMARY_LIMIT, require_state
from lab.calls.core.extension_points import applicants_with_open_drafts
from lab.calls.models.call import Call, CallFile
from lab.calls.models.notice import CallRevision
from lab.calls.rules.lifecycle import EDITABLE, CallStatus
from lab.extensions import db
from lab.files.storing.service import store_upload
from lab.files.storing.uploads import ReceivedUpload
from lab.inbox.notices.service import notify, role_holder_ids
from lab.policy import APPLICANT
from lab.rejected import Rejected
from lab.web.links import About

FIRST_SUMMARY = "发布"
MAX_FILES = 20


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


def add_files(call: Call, uploads: Sequence[FileStorage | ReceivedUpload]) -> None:
    """Attach files to the notice, at most 20 in all. Raises Rejected (field "files")."""
    require_state(call, *EDITABLE)
    if len(call.files) + len(uploads) > MAX_FILES:
        raise Rejected(f"附件最多{MAX_FILES}个，现有{len(call.files)}个。", "files")
    for upload in uploads:
        call.files.append(CallFile(file=store_upload(upload, g.person.id)))
    db.session.flush()
    names = "、".join(row.file.name for row in call.files[len(call.files) - len(uploads) :])
    publish_change(call, f"新增附件：{names}"[:SUMMARY_LIMIT])
    audit.record("call.add_files", call, detail={"count": len(uploads)})


def remove_file(call: Call, attached: CallFile) -> None:
    """Remove a file from the notice; the stored file is kept."""
    require_state(call, *EDITABLE)
    audit.record("call.remove_file", call, detail={"file": attached.file.key})
    name = attached.file.name
    call.files.remove(attached)
    db.session.flush()
    publish_change(call, f"移除附件：{name}"[:SUMMARY_LIMIT])
