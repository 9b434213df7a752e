"""Queries of the revisions of a notice."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from lab.calls.core.read_models import RevisionRow
from lab.calls.models.call import Call
from lab.calls.models.notice import CallRevision
from lab.calls.notice.notice_diff import NoticeDiff, diff_notice
from lab.extensions import db


@dataclass(frozen=True)
class RevisionPage:
    """One revision: text, difference from the one before, added and removed attachments.

    `difference` is None for the first revision and for one with the same text.
    """

    number: int
    row: RevisionRow
    notice_text: str
    files: tuple[str, ...]
    difference: NoticeDiff | None
    added: tuple[str, ...]
    removed: tuple[str, ...]
    newest: bool


def revisions(call_id: int) -> tuple[RevisionRow, ...]:
    """Return the revisions of a notice, newest first."""
    rows = db.session.execute(
        select(CallRevision.number, CallRevision.at, CallRevision.summary)
        .where(CallRevision.call_id == call_id)
        .order_by(CallRevision.number.desc())
    )
    return tuple(RevisionRow(*row) for row in rows)


def find_revision(call_key: str, number: int) -> tuple[Call, CallRevision] | None:
    """Return the call and this revision of its notice, None when there is none."""
    pair = db.session.execute(
        select(Call, CallRevision)
        .join(CallRevision, CallRevision.call_id == Call.id)
        .where(Call.key == call_key, CallRevision.number == number)
    ).one_or_none()
    return (pair[0], pair[1]) if pair else None


def revision_page(row: CallRevision) -> RevisionPage:
    """Compare a revision with the one before."""
    neighbours = {
        other.number: other
        for other in db.session.scalars(
            select(CallRevision).where(
                CallRevision.call_id == row.call_id,
                CallRevision.number.in_((row.number - 1, row.number + 1)),
            )
        )
    }
    before = neighbours.get(row.number - 1)
    files = _names(row)
    previous_files = _names(before) if before else files
    changed = before is not None and before.notice_text != row.notice_text
    return RevisionPage(
        number=row.number,
        row=RevisionRow(row.number, row.at, row.summary),
        notice_text=row.notice_text,
        files=files,
        difference=diff_notice(before.notice_text, row.notice_text) if before and changed else None,
        added=tuple(name for name in files if name not in previous_files),
        removed=tuple(name for name in previous_files if name not in files),
        newest=row.number + 1 not in neighbours,
    )


def _names(row: CallRevision) -> tuple[str, ...]:
    return tuple(row.files)
