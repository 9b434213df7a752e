"""Approved figures for totals, lights, pages and reports; nothing else is read here.

Drafts, pending and returned entries never leave their own pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from lab import clock
from lab.catalogue.provenance import Provenance
from lab.extensions import db
from lab.indicators.models import Entry
from lab.indicators.rules.findings import format_value
from lab.indicators.rules.lifecycle import EntryStatus


@dataclass(frozen=True)
class ApprovedValue:
    """One approved figure. Without `value` it is known only in words (`value_text`).

    `corrected`: it replaced an earlier approved figure of the same period.
    """

    project_id: int
    indicator: str
    period_end: date
    value: Decimal | None
    value_text: str
    forecast: bool
    corrected: bool
    source_label: str
    is_demo: bool

    @property
    def shown(self) -> str:
        """The figure as pages print it."""
        return self.value_text if self.value is None else format_value(self.indicator, self.value)


def all_approved(
    project_ids: Sequence[int],
    cutoff: date | None = None,
    *,
    since: date | None = None,
    codes: Sequence[str] | None = None,
    provenance: Provenance | None = None,
) -> list[ApprovedValue]:
    """Return every approved figure of these projects, oldest first.

    For periods ended by `cutoff` (today when None). Entries that only explain a missing figure are
    left out.
    """
    query: Any = select(
        Entry.project_id,
        Entry.indicator,
        Entry.period_end,
        Entry.value,
        Entry.value_text,
        Entry.forecast,
        Entry.revision,
        Entry.source_label,
        Entry.is_demo,
    ).where(
        Entry.status == EntryStatus.APPROVED,
        Entry.project_id.in_(project_ids),
        Entry.period_end <= (cutoff or clock.today()),
        Entry.value.is_not(None) | (Entry.value_text != ""),
    )
    query = _narrowed(query, since, codes, provenance).order_by(Entry.period_end, Entry.id)
    return [_approved(row) for row in db.session.execute(query)]


def _narrowed(
    query: Any, since: date | None, codes: Sequence[str] | None, provenance: Provenance | None
) -> Any:
    if since is not None:
        query = query.where(Entry.period_end >= since)
    if codes is not None:
        query = query.where(Entry.indicator.in_(codes))
    if provenance == "fact":
        query = query.where(Entry.source_label != "")
    elif provenance is not None:
        query = query.where(Entry.source_label == "", Entry.is_demo.is_(provenance == "demo"))
    return query


def _approved(row: Any) -> ApprovedValue:
    return ApprovedValue(
        project_id=row.project_id,
        indicator=row.indicator,
        period_end=row.period_end,
        value=row.value,
        value_text=row.value_text,
        forecast=row.forecast,
        corrected=row.revision > 1,
        source_label=row.source_label,
        is_demo=row.is_demo,
    )
