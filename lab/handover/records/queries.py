"""Reads of the handovers that were carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from lab.extensions import db
from lab.handover.kinds import HANDED_OVER, WITHDRAWN
from lab.handover.models import Handover, HandoverItem

RECENT = 20


@dataclass(frozen=True)
class RecordRow:
    """One handover in a list."""

    key: str
    at: datetime
    giver: str
    by: str
    count: int
    reason: str


def newest_number(giver_id: int) -> int:
    """Return the number of the person's last handover, 0 for none."""
    query = select(func.max(Handover.number)).where(Handover.giver_id == giver_id)
    return db.session.scalar(query) or 0


def newest_record(giver_id: int) -> Handover | None:
    """Return the person's last handover, None before the first."""
    query = select(Handover).where(Handover.giver_id == giver_id)
    newest: Handover | None = db.session.scalar(query.order_by(Handover.number.desc()).limit(1))
    return newest


def record_rows(giver_id: int | None = None) -> list[RecordRow]:
    """Return the latest handovers, of everybody or of one person, newest first, at most RECENT."""
    count = (
        select(func.count(HandoverItem.id))
        .where(HandoverItem.handover_id == Handover.id)
        .correlate(Handover)
        .scalar_subquery()
    )
    query = select(Handover, count.label("count")).options(
        joinedload(Handover.giver), joinedload(Handover.by)
    )
    if giver_id is not None:
        query = query.where(Handover.giver_id == giver_id)
    rows = db.session.execute(query.order_by(Handover.id.desc()).limit(RECENT))
    return [
        RecordRow(row.key, row.at, row.giver.name, row.by.name, items, row.reason)
        for row, items in rows
    ]


@dataclass(frozen=True)
class RecordedItem:
    """One thing of a record; `again` leads to the page that gives it out anew."""

    kind: str
    name: str
    receiver: str
    key: str
    again: str


@dataclass(frozen=True)
class RecordPage:
    """Who handed over what from whom to whom, when and why."""

    giver: str
    giver_key: str
    unit: str
    by: str
    at: datetime
    reason: str
    items: Sequence[RecordedItem]


def record_page(record: Handover) -> RecordPage:
    """Return the page of a record."""
    labels = {kind.code: kind.label for kind in HANDED_OVER.extensions()}
    withdrawn = {kind.code: kind for kind in WITHDRAWN.extensions()}
    labels |= {code: kind.label for code, kind in withdrawn.items()}
    return RecordPage(
        giver=record.giver.name,
        giver_key=record.giver.key,
        unit=record.giver.unit_name,
        by=record.by.name,
        at=record.at,
        reason=record.reason,
        items=[
            RecordedItem(
                labels.get(item.kind, item.kind),
                item.name,
                item.receiver,
                item.object_key,
                withdrawn[item.kind].next_step if item.kind in withdrawn else "",
            )
            for item in record.items
        ],
    )
