"""Queries of calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, or_, select

from lab import clock
from lab.calls.core.deadlines import extension_deadline, extensions, unit_extension
from lab.calls.core.queries import batch_label, eligibility_lines, is_published_only
from lab.calls.core.read_models import CallPage, CallRow, CriterionView, FileView, Level
from lab.calls.models.call import DIRECTION_LABELS, Call, CallFile, Criterion
from lab.calls.notice.queries import revisions
from lab.calls.rules.lifecycle import BEFORE_REVIEW, CALL, PUBLIC, CallStatus
from lab.calls.rules.round_rules import publish_problems, weight_sum
from lab.calls.rules.timing import (
    effective_deadline,
    effective_state,
    is_within_deadline,
)
from lab.extensions import db
from lab.files.models import StoredFile
from lab.web.pages.pagination import Page, paginate

UNSTATED_TEXT, UNSET_TEXT = "未载明", "未定"


def _row(call: Call) -> CallRow:
    public = is_published_only(call)
    return CallRow(
        key=call.key,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        state=CALL.state(effective_state(call, clock.now())),
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        places=None if public else call.places,
        unknown=UNSTATED_TEXT if public else UNSET_TEXT,
        source_label=call.source_label,
    )


def list_calls(args: Mapping[str, str], *, drafts: bool) -> Page:
    """Return a page of CallRow, newest batch first; drafts for the office only."""
    query = select(Call)
    if not drafts:
        query = query.where(Call.status.in_(PUBLIC))
    if args.get("state") in CALL.codes:
        query = query.where(Call.status == args["state"])
    if text := args.get("q", "").strip()[:80]:
        query = query.where(Call.title.contains(text, autoescape=True))
    keys = (Call.year.desc(), Call.batch.desc())
    page = paginate(query, keys, args, session=db.session(), size=30, count=True)
    return page.map(_row)


def open_calls(unit_id: int | None = None) -> tuple[CallRow, ...]:
    """Return the calls that accept submissions of this unit now, with its own deadline.

    The earliest deadline first.
    """
    now, more = clock.now(), extension_deadline(Call.id, unit_id)
    candidates = db.session.execute(
        select(Call, more).where(
            Call.status.in_(BEFORE_REVIEW),
            Call.opens_at <= now,
            or_(Call.closes_at > now, more > now),
        )
    )
    rows = [
        replace(_row(call), closes_at=until, state=CALL.state(CallStatus.OPEN))
        for call, extended in candidates
        if is_within_deadline(call, until := effective_deadline(call, extended), now)
    ]
    return tuple(sorted(rows, key=lambda row: (row.closes_at, row.key)))


# A call known only from a public report has no settings to take over.
_WITH_SETTINGS = or_(Call.source_label == "", Call.opens_at.is_not(None))


def earlier_calls() -> list[tuple[str, str]]:
    """Return (key, batch and title) of the calls whose settings can be copied, newest first."""
    rows = db.session.execute(
        select(Call.key, Call.year, Call.batch, Call.title)
        .where(_WITH_SETTINGS)
        .order_by(Call.year.desc(), Call.batch.desc())
        .limit(50)
    )
    return [(row.key, f"{batch_label(row.year, row.batch)}：{row.title}") for row in rows]


def earlier_call(key: str) -> Call | None:
    """Return the call with this key if its settings can be copied."""
    call: Call | None = db.session.scalar(select(Call).where(Call.key == key, _WITH_SETTINGS))
    return call


def next_batch(year: int) -> int:
    """Return the first unused batch number of the year."""
    last = db.session.scalar(select(func.max(Call.batch)).where(Call.year == year))
    return int(last or 0) + 1


def _levels(rubric: Sequence[Mapping[str, Any]]) -> tuple[Level, ...]:
    levels = []
    for row in rubric:
        ends = [row["lo"], row["hi"]] if row["lo"] is not None else ["—"]
        scores = "–".join(dict.fromkeys(str(end) for end in ends))
        levels.append(Level(row["label"], scores, row["text"]))
    return tuple(levels)


def criterion_view(criterion: Criterion, *, stated: bool = True) -> CriterionView:
    """Return a criterion as shown; `stated` False where weights were never published."""
    return CriterionView(
        key=criterion.key,
        name=criterion.name,
        weight=criterion.weight if stated else None,
        direction=criterion.direction,
        direction_label=DIRECTION_LABELS[criterion.direction],
        required=criterion.required,
        lo=criterion.lo,
        hi=criterion.hi,
        step=criterion.step,
        levels=_levels(criterion.rubric),
    )


def _files(call_id: int) -> tuple[FileView, ...]:
    rows = db.session.execute(
        select(StoredFile.key, StoredFile.name, StoredFile.size)
        .join(CallFile, CallFile.file_id == StoredFile.id)
        .where(CallFile.call_id == call_id)
        .order_by(CallFile.id)
    )
    return tuple(FileView(row.key, row.name, row.size) for row in rows)


def call_page(call: Call, unit_id: int | None = None, *, office: bool = False) -> CallPage:
    """Return everything the page of a call shows, in five SELECTs.

    Extensions of single units are shown to the office, and to the reader's own unit `unit_id`.
    """
    public, now = is_published_only(call), clock.now()
    until = effective_deadline(call, unit_extension(call.id, unit_id))
    total = weight_sum(call.criteria)
    stated = not public or total > 0
    return CallPage(
        key=call.key,
        version=call.version,
        batch_label=batch_label(call.year, call.batch),
        title=call.title,
        state=CALL.state(effective_state(call, now)),
        notice_text=call.notice_text,
        opens_at=call.opens_at,
        closes_at=call.closes_at,
        places=None if public else call.places,
        minimum_sheets=call.minimum_sheets if stated else None,
        trim=call.trim if stated else None,
        criteria=tuple(criterion_view(c, stated=stated) for c in call.criteria),
        weight_total=total,
        files=_files(call.id),
        fingerprint=call.rules_fingerprint or "",
        accepts=is_within_deadline(call, until, now),
        missing=publish_problems(call, call.criteria, now)
        if call.status == CallStatus.DRAFT
        else (),
        unknown=UNSTATED_TEXT if public else UNSET_TEXT,
        source_label=call.source_label,
        received_text=call.received_text,
        approved_stated=call.approved_stated,
        month_text=call.month_text,
        applicants=() if public else eligibility_lines(call),
        extensions=extensions(call.id, unit_id, office=office),
        revisions=revisions(call.id),
        own_deadline=until if until != call.closes_at else None,
    )
