"""Approved figures that replaced others, as footnoted in pages and documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from lab import clock
from lab.catalogue.indicators import INDICATORS
from lab.extensions import db
from lab.indicators.models import Entry
from lab.indicators.rules.lifecycle import EntryStatus


@dataclass(frozen=True)
class CorrectedFigure:
    """A figure that replaced an approved one, and when it was approved itself."""

    project_id: int
    indicator: str
    period_end: date
    approved_at: datetime | None

    def after(self, cutoff: date) -> bool:
        """Return whether it was approved only after that day."""
        return self.approved_at is not None and self.approved_at > clock.end_of_day(cutoff)


def corrected_figures(project_ids: Sequence[int], cutoff: date) -> list[CorrectedFigure]:
    """Return the corrected figures of periods ended by `cutoff`.

    By project, indicator and period.
    """
    rows = db.session.execute(
        select(Entry.project_id, Entry.indicator, Entry.period_end, Entry.approved_at)
        .where(
            Entry.project_id.in_(project_ids),
            Entry.status == EntryStatus.APPROVED,
            Entry.corrects_id.is_not(None),
            Entry.period_end <= cutoff,
        )
        .order_by(Entry.project_id, Entry.indicator, Entry.period_end)
    )
    return [CorrectedFigure(*row) for row in rows]


def correction_text(item: CorrectedFigure, project: str, cutoff: date) -> str:
    """Format the footnote of a correction made after the cut-off.

    “甲项目”2022年7月“开立个人钱包数”数据于2022年11月15日更正（数据截止日之后）.
    """
    month = f"{item.period_end.year}年{item.period_end.month}月"
    when = f"于{clock.cn_date(item.approved_at)}" if item.approved_at else ""
    late = "（数据截止日之后）" if item.after(cutoff) else ""
    return f"“{project}”{month}“{INDICATORS[item.indicator].name}”数据{when}更正{late}"
