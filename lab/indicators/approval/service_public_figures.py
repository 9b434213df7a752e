"""Figures from public reports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from lab import audit
from lab.catalogue.indicators import INDICATORS
from lab.extensions import db
from lab.indicators.core import entry_periods
from lab.indicators.models import Entry
from lab.indicators.rules.lifecycle import EntryStatus
from lab.indicators.rules.validation import Context, check_report
from lab.portfolio.models.project import Project
from lab.rejected import Rejected


def enter_public_figure(
    project: Project,
    indicator: str,
    period_end: date,
    *,
    source_label: str,
    value: Decimal | None = None,
    value_text: str = "",
    forecast: bool = False,
    note: str = "",
    is_demo: bool = False,
) -> Entry:
    """Enter a figure from a public report; return its entry.

    It counts as approved at once; nobody in the portal confirms it. Raises Rejected without a
    source, without a figure or wording, or when the figure is impossible; KeyError for an unknown
    indicator.
    """
    if not source_label or (value is None and not value_text):
        raise Rejected("公开数据须有来源和数值。")
    _reject_impossible(project, indicator, period_end, value)
    entry = Entry(
        project_id=project.id,
        indicator=INDICATORS[indicator].code,
        period_end=period_end,
        value=value,
        value_text=value_text,
        forecast=forecast,
        note=note,
        source_label=source_label,
        is_demo=is_demo,
    )
    # Not a step of the lifecycle: the figure was never handed in, only published.
    entry.restore(EntryStatus.APPROVED)
    db.session.add(entry)
    db.session.flush()
    entry_periods.bump_versions(project.id, [period_end])
    audit.record("indicator.enter_published", entry, detail={"indicator": indicator})
    return entry


def _reject_impossible(
    project: Project, code: str, period_end: date, value: Decimal | None
) -> None:
    """Apply the same rules to published figures as to a team's."""
    stored_values = dict(
        db.session.execute(
            select(Entry.indicator, Entry.value).where(
                Entry.project_id == project.id,
                Entry.period_end == period_end,
                Entry.source_label != "",
            )
        ).all()
    )
    for finding in check_report({**stored_values, code: value}, Context()):
        if finding.blocks and finding.concerns({code}):
            raise Rejected(finding.message)
